// SPDX-License-Identifier: Apache-2.0

package consent

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
)

func scanNotice(rows *sql.Rows) (Notice, error) {
	var n Notice
	var at int64
	err := rows.Scan(&n.ConsentID, &n.Kind, &at, &n.Channel)
	n.At = time.UnixMicro(at).UTC()
	return n, err
}

// addNotices fills in what the persons were told.
func (s *store) addNotices(ctx context.Context, list []Consent) error {
	ids := make([]int64, 0, len(list))
	index := make(map[int64]int, len(list))
	for i, c := range list {
		ids = append(ids, c.ID)
		index[c.ID] = i
	}
	notices, err := database.List(ctx, s.db, scanNotice, `SELECT consent_id, kind, at, channel FROM consent_notices
		WHERE consent_id IN (`+database.Marks(len(ids))+`) ORDER BY at`, args(ids)...)
	if err != nil {
		return fmt.Errorf("list notices: %w", err)
	}
	for _, n := range notices {
		c := &list[index[n.ConsentID]]
		c.Notices = append(c.Notices, n)
	}
	return nil
}

// confirmations answers when the confirmation of consents was sent.
func (s *store) confirmations(ctx context.Context, ids []int64) (map[int64][]time.Time, error) {
	sent := map[int64][]time.Time{}
	for from := 0; from < len(ids); from += askChunk {
		part := ids[from:min(from+askChunk, len(ids))]
		list, err := database.List(ctx, s.db, scanNotice, `SELECT consent_id, kind, at, channel FROM consent_notices
			WHERE kind = 'biennial' AND consent_id IN (`+database.Marks(len(part))+`)`, args(part)...)
		if err != nil {
			return nil, fmt.Errorf("list confirmations: %w", err)
		}
		for _, n := range list {
			sent[n.ConsentID] = append(sent[n.ConsentID], n.At)
		}
	}
	return sent, nil
}

func (s *store) insertNotices(ctx context.Context, list []Notice, actorID int64) error {
	if len(list) == 0 {
		return nil
	}
	ids, err := s.db.NextIDs(ctx, "consent_notices", len(list))
	if err != nil {
		return err
	}
	columns := []string{"id", "consent_id", "kind", "at", "channel", "actor_id"}
	values := make([]any, 0, len(list)*len(columns))
	for i, n := range list {
		values = append(values, ids[i], n.ConsentID, string(n.Kind), n.At.UnixMicro(), string(n.Channel), actorID)
	}
	return s.db.InsertRows(ctx, "consent_notices", columns, values, "")
}

// inScope narrows to customers that the person may see.
func inScope(ctx context.Context) (string, []any) {
	scope, values := auth.ScopeSQL(ctx, "c")
	return " AND k.customer_id IN (SELECT c.id FROM customers c WHERE c.hidden = 0 AND " + scope + ")", values
}

// listWithoutResult lists expressions whose result was not told yet. What an
// import brought was told, or not, by the system it came from.
func (s *store) listWithoutResult(ctx context.Context, since time.Time, limit int) ([]Consent, error) {
	scope, values := inScope(ctx)
	list, err := database.List(ctx, s.db, scanConsent, "SELECT "+consentColumns+fromLedger+
		`e.at >= ? AND e.batch_id IS NULL AND e.purpose = 'ad'
		AND NOT EXISTS (SELECT 1 FROM consent_notices n WHERE n.consent_id = e.id AND n.kind = 'result')`+scope+` ORDER BY e.at LIMIT ?`,
		append(append([]any{since.UnixMicro()}, values...), limit)...)
	if err != nil {
		return nil, fmt.Errorf("list expressions without result notice: %w", err)
	}
	return list, nil
}

// listGrantsBefore lists usable grants up to a moment, newest first.
func (s *store) listGrantsBefore(ctx context.Context, until time.Time, limit int) ([]Consent, error) {
	scope, values := inScope(ctx)
	list, err := database.List(ctx, s.db, scanConsent, "SELECT "+consentColumns+fromLedger+
		`e.at < ? AND e.action = 'grant' AND e.is_claimed = 0 AND e.purpose = 'ad'`+scope+` ORDER BY e.at DESC LIMIT ?`,
		append(append([]any{until.UnixMicro()}, values...), limit)...)
	if err != nil {
		return nil, fmt.Errorf("list old grants: %w", err)
	}
	return list, nil
}

func (s *store) listParameters(ctx context.Context) ([]Parameter, error) {
	scan := func(rows *sql.Rows) (Parameter, error) {
		var p Parameter
		return p, rows.Scan(&p.Name, &p.Value, &p.ValidFrom, &p.ValidTo, &p.Source)
	}
	list, err := database.List(ctx, s.db, scan, `SELECT name, value, valid_from, valid_to, source FROM legal_parameters ORDER BY name, valid_from`)
	if err != nil {
		return nil, fmt.Errorf("list legal parameters: %w", err)
	}
	return list, nil
}

func (s *store) listSenders(ctx context.Context) ([]Sender, error) {
	scan := func(rows *sql.Rows) (Sender, error) {
		var f Sender
		return f, rows.Scan(&f.ID, &f.Code, &f.Name, &f.NameEn, &f.Email, &f.Phone, &f.Address, &f.AddressEn)
	}
	list, err := database.List(ctx, s.db, scan, `SELECT id, code, name, name_en, email, phone, address, address_en FROM senders ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("list senders: %w", err)
	}
	return list, nil
}

func (s *store) saveSender(ctx context.Context, f *Sender) error {
	id, err := s.db.NextID(ctx, "senders")
	if err != nil {
		return err
	}
	err = s.db.Scan(ctx, []any{&f.ID}, `INSERT INTO senders (id, code, name, name_en, email, phone, address, address_en, updated_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (code) DO UPDATE SET name = excluded.name, name_en = excluded.name_en,
		email = excluded.email, phone = excluded.phone, address = excluded.address, address_en = excluded.address_en,
		updated_at = excluded.updated_at RETURNING id`, id, f.Code, f.Name, f.NameEn, f.Email, f.Phone, f.Address, f.AddressEn, database.Time(ctx))
	if err != nil {
		return fmt.Errorf("save sender %s: %w", f.Code, err)
	}
	return nil
}

// addresses answers the golden e-mail address and mobile number of a customer.
func (s *store) addresses(ctx context.Context, customerID int64) (email, mobile string, err error) {
	err = s.db.Scan(ctx, []any{&email, &mobile}, `SELECT COALESCE(email, ''), COALESCE(mobile, '') FROM customers WHERE id = ?`, customerID)
	return email, mobile, err
}

// findConsent reads one entry, or fault.NotFound.
func (s *store) findConsent(ctx context.Context, id int64) (Consent, error) {
	list, err := database.List(ctx, s.db, scanConsent, "SELECT "+consentColumns+fromLedger+"e.id = ?", id)
	if err != nil {
		return Consent{}, fmt.Errorf("find consent %d: %w", id, err)
	}
	if len(list) == 0 {
		return Consent{}, fault.New(fault.NotFound, "consent.not_found", "There is no entry {id}.", "id", id)
	}
	return list[0], nil
}
