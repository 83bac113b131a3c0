// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"dangol/internal/platform/database"
)

// agentLongest keeps what a browser calls itself from filling the table.
const agentLongest = 200

type sessionRow struct {
	id, personID  int64
	lastUsedAt    time.Time
	expiresAt     time.Time
	unmaskUntil   time.Time
	unmaskPurpose string
}

func (s *Service) insertSession(ctx context.Context, session Session, visitor Visitor, at time.Time) error {
	agent := visitor.Agent
	if len(agent) > agentLongest {
		agent = agent[:agentLongest]
	}
	_, err := s.db.Exec(ctx, `INSERT INTO sessions (id, token_hash, person_id, created_at, last_used_at, expires_at, address, agent, unmask_until, unmask_purpose)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, '')`,
		session.ID, hashOf(session.Token), session.Person.ID, micros(at), micros(at), micros(session.ExpiresAt), visitor.Address, clean(agent))
	return err
}

// findSession answers ErrSignedOut when there is none.
func (s *Service) findSession(ctx context.Context, hash []byte) (sessionRow, error) {
	var row sessionRow
	var used, expires, unmask int64
	err := s.db.QueryRow(ctx, `SELECT id, person_id, last_used_at, expires_at, unmask_until, unmask_purpose FROM sessions WHERE token_hash = ?`, hash).
		Scan(&row.id, &row.personID, &used, &expires, &unmask, &row.unmaskPurpose)
	if errors.Is(err, sql.ErrNoRows) {
		return row, ErrSignedOut()
	}
	if err != nil {
		return row, fmt.Errorf("find the session: %w", err)
	}
	row.lastUsedAt, row.expiresAt, row.unmaskUntil = fromMicros(used), fromMicros(expires), fromMicros(unmask)
	return row, nil
}

func (s *Service) touchSession(ctx context.Context, id int64, at time.Time) error {
	return s.run(ctx, "extend the session", `UPDATE sessions SET last_used_at = ? WHERE id = ?`, micros(at), id)
}

func (s *Service) setUnmask(ctx context.Context, id int64, until time.Time, purpose string) error {
	return s.run(ctx, "set the time of clear values", `UPDATE sessions SET unmask_until = ?, unmask_purpose = ? WHERE id = ?`, micros(until), purpose, id)
}

func (s *Service) deleteSession(ctx context.Context, id int64) error {
	return s.run(ctx, "end the session", `DELETE FROM sessions WHERE id = ?`, id)
}

func (s *Service) deleteSessionsOf(ctx context.Context, personID, except int64) error {
	if err := s.run(ctx, "end sessions", `DELETE FROM sessions WHERE person_id = ? AND id <> ?`, personID, except); err != nil {
		return err
	}
	return s.run(ctx, "forget devices", `DELETE FROM devices WHERE person_id = ?`, personID)
}

func (s *Service) insertDevice(ctx context.Context, personID int64, device string, at time.Time) error {
	id, err := s.db.NextID(ctx, "devices")
	if err != nil {
		return err
	}
	return s.run(ctx, "remember the device", `INSERT INTO devices (id, person_id, device_hash, created_at) VALUES (?, ?, ?, ?)`,
		id, personID, hashOf(device), micros(at))
}

// findDevice answers 0 when the browser is not known to the person.
func (s *Service) findDevice(ctx context.Context, personID int64, device string) (int64, error) {
	var id int64
	err := s.db.QueryRow(ctx, `SELECT id FROM devices WHERE person_id = ? AND device_hash = ?`, personID, hashOf(device)).Scan(&id)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("find the device: %w", err)
	}
	return id, nil
}

func (s *Service) insertToken(ctx context.Context, token Token, hash []byte) error {
	scopes, err := json.Marshal(token.Scopes)
	if err != nil {
		return err
	}
	return s.run(ctx, "store the token", `INSERT INTO api_tokens (id, person_id, name, hint, token_hash, scopes, created_at, expires_at, last_used_at, revoked_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, 0)`, token.ID, token.PersonID, token.Name, token.Hint, hash, string(scopes), micros(token.CreatedAt), micros(token.ExpiresAt))
}

const tokenColumns = `id, person_id, name, hint, scopes, created_at, expires_at, last_used_at, revoked_at`

func scanToken(scan func(...any) error) (Token, error) {
	var token Token
	var scopes string
	var created, expires, used, revoked int64
	if err := scan(&token.ID, &token.PersonID, &token.Name, &token.Hint, &scopes, &created, &expires, &used, &revoked); err != nil {
		return token, err
	}
	token.CreatedAt, token.ExpiresAt = fromMicros(created), fromMicros(expires)
	token.LastUsedAt, token.RevokedAt = fromMicros(used), fromMicros(revoked)
	return token, json.Unmarshal([]byte(scopes), &token.Scopes)
}

// findToken answers ErrSignedOut when there is none.
func (s *Service) findToken(ctx context.Context, hash []byte) (Token, error) {
	token, err := scanToken(s.db.QueryRow(ctx, `SELECT `+tokenColumns+` FROM api_tokens WHERE token_hash = ?`, hash).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return token, ErrSignedOut()
	}
	if err != nil {
		return token, fmt.Errorf("find the token: %w", err)
	}
	return token, nil
}

func (s *Service) listTokens(ctx context.Context, personID int64) ([]Token, error) {
	rows, err := s.db.Query(ctx, `SELECT `+tokenColumns+` FROM api_tokens WHERE person_id = ? AND revoked_at = 0 ORDER BY id DESC`, personID)
	tokens, err := database.Rows(rows, err, func(rows *sql.Rows) (Token, error) { return scanToken(rows.Scan) })
	if err != nil {
		return nil, fmt.Errorf("list tokens: %w", err)
	}
	return tokens, nil
}

func (s *Service) touchToken(ctx context.Context, id int64, at time.Time) error {
	return s.run(ctx, "note the use of the token", `UPDATE api_tokens SET last_used_at = ? WHERE id = ?`, micros(at), id)
}

func (s *Service) revokeToken(ctx context.Context, personID, id int64, at time.Time) (bool, error) {
	result, err := s.db.Exec(ctx, `UPDATE api_tokens SET revoked_at = ? WHERE id = ? AND person_id = ? AND revoked_at = 0`, micros(at), id, personID)
	if err != nil {
		return false, fmt.Errorf("revoke the token: %w", err)
	}
	count, err := result.RowsAffected()
	return count == 1, err
}

func (s *Service) revokeTokensOf(ctx context.Context, personID int64, at time.Time) error {
	return s.run(ctx, "revoke tokens", `UPDATE api_tokens SET revoked_at = ? WHERE person_id = ? AND revoked_at = 0`, micros(at), personID)
}

func (s *Service) deleteLapsed(ctx context.Context, at, idleSince, devicesBefore time.Time) error {
	return s.db.Within(ctx, func(ctx context.Context) error {
		if err := s.run(ctx, "purge sessions", `DELETE FROM sessions WHERE expires_at <= ? OR last_used_at <= ?`, micros(at), micros(idleSince)); err != nil {
			return err
		}
		return s.run(ctx, "purge devices", `DELETE FROM devices WHERE created_at <= ?`, micros(devicesBefore))
	})
}

func (s *Service) run(ctx context.Context, what, query string, args ...any) error {
	if _, err := s.db.Exec(ctx, query, args...); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// micros stores the zero time as 0.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func fromMicros(value int64) time.Time {
	if value == 0 {
		return time.Time{}
	}
	return time.UnixMicro(value).UTC()
}

// clean drops what PostgreSQL cannot store in text.
func clean(text string) string {
	out := make([]rune, 0, len(text))
	for _, r := range text {
		if r >= ' ' && r != '\uFFFD' {
			out = append(out, r)
		}
	}
	return string(out)
}
