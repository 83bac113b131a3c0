// SPDX-License-Identifier: Apache-2.0

package consent

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
)

// store keeps the ledger in the system of record; every method joins the
// transaction of its ctx.
type store struct {
	db *database.DB
}

func args[T any](list []T, before ...any) []any {
	all := append(make([]any, 0, len(list)+len(before)), before...)
	for _, item := range list {
		all = append(all, item)
	}
	return all
}

// who is what the gate reads of a customer.
type who struct {
	customerID int64
	birthOn    string
	isHidden   bool
}

// people answers whom records belong to now.
func (s *store) people(ctx context.Context, records []int64) (map[int64]who, error) {
	found := make(map[int64]who, len(records))
	rows, err := s.db.Query(ctx, `SELECT k.record_id, c.id, COALESCE(c.birth_on, ''), c.hidden FROM record_links k
		JOIN customers c ON c.id = k.customer_id WHERE k.record_id IN (`+database.Marks(len(records))+`)`, args(records)...)
	if err != nil {
		return nil, fmt.Errorf("find people of records: %w", err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var record int64
		var w who
		if err := rows.Scan(&record, &w.customerID, &w.birthOn, &w.isHidden); err != nil {
			return nil, fmt.Errorf("find people of records: %w", err)
		}
		found[record] = w
	}
	return found, database.Fault(rows.Err())
}

const consentColumns = `e.id, e.record_id, k.customer_id, e.sender, e.purpose, e.channel, e.is_night, e.action, e.at, e.method,
	e.wording, e.wording_version, e.actor_id, e.actor, e.evidence, COALESCE(e.batch_id, 0), COALESCE(e.row_number, 0),
	COALESCE(e.campaign_id, 0), e.is_claimed`

func scanConsent(rows *sql.Rows) (Consent, error) {
	var c Consent
	var at int64
	var evidence *string
	err := rows.Scan(&c.ID, &c.RecordID, &c.CustomerID, &c.Sender, &c.Purpose, &c.Channel, &c.IsNight, &c.Action, &at, &c.Method,
		&c.Wording, &c.WordingVersion, &c.ActorID, &c.Actor, &evidence, &c.BatchID, &c.Row, &c.CampaignID, &c.IsClaimed)
	c.At = time.UnixMicro(at).UTC()
	if evidence != nil {
		c.Evidence = json.RawMessage(*evidence)
	}
	return c, err
}

// fromLedger leaves out grants of records that an undo withdrew; their
// refusals stay in force, which is the safe side.
const fromLedger = ` FROM record_links k JOIN consents e ON e.record_id = k.record_id LEFT JOIN records r ON r.id = k.record_id
	WHERE (e.action IN ('refuse', 'withdraw', 'confirm_withdraw') OR e.batch_id IS NULL OR r.withdrawn_at IS NULL
		OR EXISTS (SELECT 1 FROM records n WHERE n.replaces = r.id)) AND `

// ledger reads the entries of customers, oldest first.
func (s *store) ledger(ctx context.Context, customerIDs []int64) (map[int64][]Consent, error) {
	ledgers := make(map[int64][]Consent, len(customerIDs))
	for from := 0; from < len(customerIDs); from += askChunk {
		part := customerIDs[from:min(from+askChunk, len(customerIDs))]
		list, err := database.List(ctx, s.db, scanConsent, "SELECT "+consentColumns+fromLedger+
			"k.customer_id IN ("+database.Marks(len(part))+") ORDER BY e.at, e.id", args(part)...)
		if err != nil {
			return nil, fmt.Errorf("read ledger: %w", err)
		}
		for _, c := range list {
			ledgers[c.CustomerID] = append(ledgers[c.CustomerID], c)
		}
	}
	return ledgers, nil
}

// ledgerOfGate reads of customers' ledgers what decides about a sender's
// messages: it is read for every message, so wording and evidence stay out.
func (s *store) ledgerOfGate(ctx context.Context, sender string, customerIDs []int64) (map[int64][]Consent, error) {
	rows, err := s.db.Query(ctx, "SELECT k.customer_id, e.id, e.purpose, e.channel, e.is_night, e.action, e.at, e.is_claimed"+fromLedger+
		"k.customer_id IN ("+database.Marks(len(customerIDs))+") AND e.sender = ? ORDER BY e.at, e.id", append(args(customerIDs), sender)...)
	if err != nil {
		return nil, fmt.Errorf("read ledger: %w", err)
	}
	defer func() { _ = rows.Close() }()
	ledgers := make(map[int64][]Consent, len(customerIDs))
	for rows.Next() {
		c := Consent{Sender: sender}
		var at int64
		if err := rows.Scan(&c.CustomerID, &c.ID, &c.Purpose, &c.Channel, &c.IsNight, &c.Action, &at, &c.IsClaimed); err != nil {
			return nil, fmt.Errorf("read ledger: %w", err)
		}
		c.At = time.UnixMicro(at).UTC()
		ledgers[c.CustomerID] = append(ledgers[c.CustomerID], c)
	}
	return ledgers, database.Fault(rows.Err())
}

// ledgerOfRecord reads the ledger of whoever a record belongs to now.
func (s *store) ledgerOfRecord(ctx context.Context, recordID int64) ([]Consent, int64, error) {
	var customerID int64
	err := s.db.Scan(ctx, []any{&customerID}, `SELECT customer_id FROM record_links WHERE record_id = ?`, recordID)
	if fault.Is(err, fault.NotFound) {
		return nil, 0, nil // erased: the address is barred all the same
	}
	if err != nil {
		return nil, 0, fmt.Errorf("find customer of record %d: %w", recordID, err)
	}
	ledgers, err := s.ledger(ctx, []int64{customerID})
	return ledgers[customerID], customerID, err
}

func (s *store) ledgerOfRecords(ctx context.Context, records []int64) ([]Consent, error) {
	list, err := database.List(ctx, s.db, scanConsent, "SELECT "+consentColumns+fromLedger+
		"k.record_id IN ("+database.Marks(len(records))+") ORDER BY e.at, e.id", args(records)...)
	if err != nil {
		return nil, fmt.Errorf("read ledger: %w", err)
	}
	return list, nil
}

// recordOf answers the record that an expression attaches to: what staff typed
// of the customer, else the oldest record.
func (s *store) recordOf(ctx context.Context, customerID int64) (int64, error) {
	scope, values := auth.ScopeSQL(ctx, "c")
	var id int64
	err := s.db.Scan(ctx, []any{&id}, `SELECT k.record_id FROM record_links k JOIN customers c ON c.id = k.customer_id
		LEFT JOIN records r ON r.id = k.record_id LEFT JOIN sources f ON f.id = r.source_id
		WHERE c.id = ? AND c.hidden = 0 AND `+scope+`
		ORDER BY CASE WHEN r.withdrawn_at IS NULL THEN 0 ELSE 1 END, CASE WHEN f.kind = 'staff' THEN 0 ELSE 1 END, k.record_id LIMIT 1`,
		append([]any{customerID}, values...)...)
	if fault.Is(err, fault.NotFound) {
		return 0, noCustomer(customerID)
	}
	if err != nil {
		return 0, fmt.Errorf("find record of customer %d: %w", customerID, err)
	}
	return id, nil
}

func noCustomer(id int64) error {
	return fault.New(fault.NotFound, "customer.not_found", "Customer {id} does not exist.", "id", id)
}

// checkVisible returns fault.NotFound when the customer is outside the person's rows.
func (s *store) checkVisible(ctx context.Context, customerID int64) error {
	scope, values := auth.ScopeSQL(ctx, "c")
	var id int64
	err := s.db.Scan(ctx, []any{&id}, "SELECT c.id FROM customers c WHERE c.id = ? AND "+scope, append([]any{customerID}, values...)...)
	if fault.Is(err, fault.NotFound) {
		return noCustomer(customerID)
	}
	return err
}

func (s *store) insertConsents(ctx context.Context, list []Consent) error {
	columns := []string{
		"id", "record_id", "sender", "purpose", "channel", "is_night", "action", "at", "method", "wording", "wording_version",
		"actor_id", "actor", "evidence", "batch_id", "row_number", "campaign_id", "is_claimed", "created_at",
	}
	values := make([]any, 0, len(list)*len(columns))
	now := database.Time(ctx).UnixMicro()
	for _, c := range list {
		var evidence any
		if len(c.Evidence) > 0 {
			evidence = string(c.Evidence)
		}
		values = append(values, c.ID, c.RecordID, c.Sender, string(c.Purpose), string(c.Channel.Base()), flag(c.IsNight), string(c.Action),
			c.At.UnixMicro(), string(c.Method), c.Wording, c.WordingVersion, c.ActorID, c.Actor, evidence, orNil(c.BatchID), orNil(c.Row),
			orNil(c.CampaignID), flag(c.IsClaimed), now)
	}
	return s.db.InsertRows(ctx, "consents", columns, values, "")
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

func orNil(n int64) any {
	if n == 0 {
		return nil
	}
	return n
}

const suppressionColumns = `id, channel, address, sender, kind, at, note, COALESCE(record_id, 0), COALESCE(campaign_id, 0), ended_at`

func scanSuppression(rows *sql.Rows) (Suppression, error) {
	var b Suppression
	var at int64
	var ended *int64
	err := rows.Scan(&b.ID, &b.Channel, &b.Address, &b.Sender, &b.Kind, &at, &b.Note, &b.RecordID, &b.CampaignID, &ended)
	b.At = time.UnixMicro(at).UTC()
	if ended != nil {
		end := time.UnixMicro(*ended).UTC()
		b.EndedAt = &end
	}
	return b, err
}

// bars finds the live suppressions of addresses.
func (s *store) bars(ctx context.Context, channel Channel, addresses []string) (map[string][]Suppression, error) {
	list, err := database.List(ctx, s.db, scanSuppression, "SELECT "+suppressionColumns+` FROM suppressions
		WHERE channel = ? AND address IN (`+database.Marks(len(addresses))+`) AND ended_at IS NULL`, args(addresses, any(string(channel.Base())))...)
	if err != nil {
		return nil, fmt.Errorf("find suppressions: %w", err)
	}
	bars := make(map[string][]Suppression, len(list))
	for _, b := range list {
		bars[b.Address] = append(bars[b.Address], b)
	}
	return bars, nil
}

func (s *store) insertSuppression(ctx context.Context, b *Suppression) error {
	var err error
	if b.ID, err = s.db.NextID(ctx, "suppressions"); err != nil {
		return err
	}
	_, err = s.db.Exec(ctx, `INSERT INTO suppressions (id, channel, address, sender, kind, at, note, record_id, campaign_id, actor_id)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, b.ID, string(b.Channel.Base()), b.Address, b.Sender, string(b.Kind), b.At, b.Note,
		orNil(b.RecordID), orNil(b.CampaignID), auth.From(ctx).ID)
	if err != nil {
		return fmt.Errorf("insert suppression: %w", err)
	}
	return nil
}

func (s *store) countBounces(ctx context.Context, channel Channel, address string, since time.Time) (int64, error) {
	var count int64
	err := s.db.Scan(ctx, []any{&count}, `SELECT COUNT(*) FROM suppressions WHERE channel = ? AND address = ? AND kind = ? AND at >= ?`,
		string(channel), address, string(SoftBounce), since)
	return count, err
}

func (s *store) findSuppression(ctx context.Context, id int64) (Suppression, error) {
	list, err := database.List(ctx, s.db, scanSuppression, "SELECT "+suppressionColumns+" FROM suppressions WHERE id = ?", id)
	if err != nil {
		return Suppression{}, fmt.Errorf("find suppression %d: %w", id, err)
	}
	if len(list) == 0 {
		return Suppression{}, fault.New(fault.NotFound, "consent.no_suppression", "There is no suppression {id}.", "id", id)
	}
	return list[0], nil
}

func (s *store) endSuppression(ctx context.Context, id int64, at time.Time) error {
	_, err := s.db.Exec(ctx, `UPDATE suppressions SET ended_at = ? WHERE id = ? AND ended_at IS NULL`, at, id)
	return err
}

func (s *store) listSuppressions(ctx context.Context, address, cursor string, limit int) ([]Suppression, string, error) {
	where, values := "1=1", []any{}
	if address != "" {
		where, values = "address = ?", append(values, address)
	}
	if cursor != "" {
		id, err := strconv.ParseInt(cursor, 10, 64)
		if err != nil {
			return nil, "", fault.New(fault.Invalid, "consent.bad_cursor", "The cursor is not one that this list gave; start from the first page.")
		}
		where, values = where+" AND id < ?", append(values, id)
	}
	list, err := database.List(ctx, s.db, scanSuppression, "SELECT "+suppressionColumns+" FROM suppressions WHERE "+where+
		" ORDER BY id DESC LIMIT ?", append(values, limit+1)...)
	if err != nil {
		return nil, "", fmt.Errorf("list suppressions: %w", err)
	}
	if len(list) <= limit {
		return list, "", nil
	}
	return list[:limit], strconv.FormatInt(list[limit-1].ID, 10), nil
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
