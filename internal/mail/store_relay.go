// SPDX-License-Identifier: Apache-2.0

package mail

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
)

const relayColumns = `id, name, kind, address, account, secret, weight, connections, warm_from, warm_first, is_active, version`

func scanRelay(rows *sql.Rows) (Relay, error) {
	var r Relay
	err := rows.Scan(&r.ID, &r.Name, &r.Kind, &r.Address, &r.Account, &r.secret, &r.Weight, &r.Connections, &r.WarmFromOn, &r.WarmFirst,
		&r.IsActive, &r.Version)
	r.HasSecret = r.secret != ""
	return r, err
}

func (s *store) listRelays(ctx context.Context) ([]Relay, error) {
	list, err := database.List(ctx, s.db, scanRelay, "SELECT "+relayColumns+" FROM mail_relays ORDER BY weight DESC, id")
	if err != nil {
		return nil, fmt.Errorf("list relays: %w", err)
	}
	s.openRelays(list)
	return list, nil
}

func (s *store) findRelay(ctx context.Context, id int64) (Relay, error) {
	list, err := database.List(ctx, s.db, scanRelay, "SELECT "+relayColumns+" FROM mail_relays WHERE id = ?", id)
	if err != nil {
		return Relay{}, fmt.Errorf("find relay %d: %w", id, err)
	}
	if len(list) == 0 {
		return Relay{}, noRelay(id)
	}
	s.openRelays(list)
	return list[0], nil
}

func noRelay(id int64) error {
	return fault.New(fault.NotFound, "mail.no_relay", "There is no relay {id}.", "id", id)
}

func bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// saveRelay inserts a relay without id, or changes the version that was read.
func (s *store) saveRelay(ctx context.Context, r *Relay, version int64) error {
	isNew := r.ID == 0
	if isNew {
		var err error
		if r.ID, err = s.db.NextID(ctx, "mail_relays"); err != nil {
			return err
		}
	}
	secret, err := s.seal(relayLabel(r.ID), r.secret)
	if err != nil {
		return err
	}
	if secret == "" {
		secret = r.sealed
	}
	now := database.Time(ctx).UnixMicro()
	values := []any{
		r.Name, r.Kind, r.Address, r.Account, secret, int64(r.Weight), int64(r.Connections), r.WarmFromOn, r.WarmFirst, bit(r.IsActive), now,
	}
	if isNew {
		r.Version = 1
		_, err = s.db.Exec(ctx, `INSERT INTO mail_relays (name, kind, address, account, secret, weight, connections, warm_from, warm_first,
			is_active, updated_at, id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, append(values, r.ID)...)
		return err
	}
	r.Version = version + 1
	result, err := s.db.Exec(ctx, `UPDATE mail_relays SET name = ?, kind = ?, address = ?, account = ?, secret = ?, weight = ?, connections = ?,
		warm_from = ?, warm_first = ?, is_active = ?, updated_at = ?, version = version + 1 WHERE id = ? AND version = ?`,
		append(values, r.ID, version)...)
	if err != nil {
		return fmt.Errorf("update relay %d: %w", r.ID, err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, fault.New(fault.Conflict, "mail.relay_changed", "Somebody has changed the relay meanwhile; look at it again."))
	}
	return nil
}

func (s *store) deleteRelay(ctx context.Context, id int64) error {
	result, err := s.db.Exec(ctx, `DELETE FROM mail_relays WHERE id = ?`, id)
	if err != nil {
		return fmt.Errorf("delete relay %d: %w", id, err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, noRelay(id))
	}
	return nil
}

// addTallies adds what relays carried to a day.
func (s *store) addTallies(ctx context.Context, day string, tallies map[int64]RelayTally) error {
	for id, t := range tallies {
		_, err := s.db.Exec(ctx, `INSERT INTO mail_relay_days (relay_id, day, handed_over, deferred, refused, unknown, broken)
			VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (relay_id, day) DO UPDATE SET handed_over = mail_relay_days.handed_over + excluded.handed_over,
			deferred = mail_relay_days.deferred + excluded.deferred, refused = mail_relay_days.refused + excluded.refused,
			unknown = mail_relay_days.unknown + excluded.unknown, broken = mail_relay_days.broken + excluded.broken`,
			id, day, t.HandedOver, t.Deferred, t.Refused, t.Unknown, t.Broken)
		if err != nil {
			return fmt.Errorf("count relay %d: %w", id, err)
		}
	}
	return nil
}

// sentOn answers how many messages each relay carried on a day.
func (s *store) sentOn(ctx context.Context, day string) (map[int64]int64, error) {
	rows, err := s.db.Query(ctx, `SELECT relay_id, handed_over FROM mail_relay_days WHERE day = ?`, day)
	if err != nil {
		return nil, fmt.Errorf("count messages of relays: %w", err)
	}
	defer func() { _ = rows.Close() }()
	sent := map[int64]int64{}
	for rows.Next() {
		var id, n int64
		if err := rows.Scan(&id, &n); err != nil {
			return nil, err
		}
		sent[id] = n
	}
	return sent, database.Fault(rows.Err())
}

const dkimColumns = `id, domain, selector, algorithm, secret, is_active, created_at`

func scanDKIM(rows *sql.Rows) (DKIMKey, error) {
	var k DKIMKey
	var created int64
	err := rows.Scan(&k.ID, &k.Domain, &k.Selector, &k.Algorithm, &k.secret, &k.IsActive, &created)
	k.CreatedAt = moment(created)
	return k, err
}

func (s *store) listDKIM(ctx context.Context) ([]DKIMKey, error) {
	list, err := database.List(ctx, s.db, scanDKIM, "SELECT "+dkimColumns+" FROM dkim_keys ORDER BY domain, id")
	if err != nil {
		return nil, fmt.Errorf("list DKIM keys: %w", err)
	}
	for i := range list {
		k := &list[i]
		plain, err := s.unseal(dkimLabel(k.Domain, k.Selector), string(k.secret))
		if k.secret = []byte(plain); err != nil {
			k.IsLost, k.IsActive = true, false
		}
	}
	return list, nil
}

func (s *store) createDKIM(ctx context.Context, k *DKIMKey) error {
	var n int64
	if err := s.db.Scan(ctx, []any{&n}, `SELECT COUNT(*) FROM dkim_keys WHERE domain = ? AND selector = ?`, k.Domain, k.Selector); err != nil {
		return err
	}
	if n > 0 {
		return fault.New(fault.Conflict, "mail.dkim_exists", "{domain} has a key with the selector {selector} already; take another selector.",
			"domain", k.Domain, "selector", k.Selector)
	}
	var err error
	if k.ID, err = s.db.NextID(ctx, "dkim_keys"); err != nil {
		return err
	}
	secret, err := s.seal(dkimLabel(k.Domain, k.Selector), string(k.secret))
	if err != nil {
		return err
	}
	k.CreatedAt = database.Time(ctx)
	_, err = s.db.Exec(ctx, `INSERT INTO dkim_keys (id, domain, selector, algorithm, secret, is_active, created_at) VALUES (?, ?, ?, ?, ?, 0, ?)`,
		k.ID, k.Domain, k.Selector, k.Algorithm, []byte(secret), k.CreatedAt.UnixMicro())
	return err
}

func (s *store) switchDKIM(ctx context.Context, id int64, isActive bool) (int64, error) {
	result, err := s.db.Exec(ctx, `UPDATE dkim_keys SET is_active = ? WHERE id = ?`, bit(isActive), id)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

func (s *store) deleteDKIM(ctx context.Context, id int64) (int64, error) {
	result, err := s.db.Exec(ctx, `DELETE FROM dkim_keys WHERE id = ?`, id)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

func (s *store) setting(ctx context.Context, name string) (string, error) {
	var text string
	err := s.db.Scan(ctx, []any{&text}, `SELECT value FROM settings WHERE name = ?`, name)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return text, err
}

func (s *store) saveSetting(ctx context.Context, name, value string) error {
	_, err := s.db.Exec(ctx, `INSERT INTO settings (name, value, updated_at) VALUES (?, ?, ?)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at`, name, value, database.Time(ctx))
	return err
}
