// SPDX-License-Identifier: Apache-2.0

package dispatch

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"dangol/internal/consent"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
)

// store keeps dispatches and triggers in the system of record; Find methods return fault.NotFound.
type store struct{ db *database.DB }

const (
	columns = `d.id, d.once, d.fingerprint, d.kind, d.origin, COALESCE(d.template_id, 0), COALESCE(d.version_id, 0), COALESCE(t.name, ''),
	COALESCE(v.number, 0), COALESCE(c.id, 0), COALESCE(c.full_name, ''), d.record_id, d.address, d.subject, d.given, d.content, d.state, d.reason,
	d.attempts, d.due_at, d.lease, d.message_id, d.code, d.reply, d.basis, d.created_at, d.handed_over_at, d.read_at
	FROM dispatches d LEFT JOIN templates t ON t.id = d.template_id LEFT JOIN template_versions v ON v.id = d.version_id
	LEFT JOIN record_links k ON k.record_id = d.record_id LEFT JOIN customers c ON c.id = k.customer_id`
	// addressLongest is how much of a server's words the ledger keeps.
	replyLongest = 500
)

func scan(rows *sql.Rows) (Dispatch, error) {
	var d Dispatch
	var due, created int64
	var handed, read *int64
	err := rows.Scan(&d.ID, &d.Key, &d.fingerprint, &d.Kind, &d.Origin, &d.TemplateID, &d.versionID, &d.Template, &d.Number, &d.CustomerID,
		&d.CustomerName, &d.recordID, &d.Address, &d.Subject, &d.given, &d.content, &d.State, &d.Reason, &d.Attempts, &due, &d.lease, &d.messageID,
		&d.Code, &d.Reply, &d.Basis, &created, &handed, &read)
	d.DueAt, d.CreatedAt, d.HandedOverAt, d.ReadAt = moment(due), moment(created), maybe(handed), maybe(read)
	return d, err
}

func moment(micro int64) time.Time { return time.UnixMicro(micro).UTC() }

func maybe(micro *int64) *time.Time {
	if micro == nil {
		return nil
	}
	at := moment(*micro)
	return &at
}

// seen limits dispatches to those of customers whom the person may see.
func seen(ctx context.Context) (string, []any) {
	scope, args := auth.ScopeSQL(ctx, "c")
	return "(c.id IS NULL OR (" + scope + "))", args
}

func (s *store) one(ctx context.Context, where string, args ...any) (Dispatch, error) {
	scope, all := seen(ctx)
	list, err := database.List(ctx, s.db, scan, "SELECT "+columns+" WHERE "+scope+" AND "+where, append(all, args...)...)
	if err != nil {
		return Dispatch{}, fmt.Errorf("find dispatch: %w", err)
	}
	if len(list) == 0 {
		return Dispatch{}, fault.New(fault.NotFound, "mail.no_dispatch", "There is no such mail.")
	}
	return list[0], nil
}

func (s *store) find(ctx context.Context, id int64) (Dispatch, error) {
	return s.one(ctx, "d.id = ?", id)
}

func (s *store) findKey(ctx context.Context, key string) (Dispatch, error) {
	return s.one(ctx, "d.once = ?", key)
}

// insert writes a dispatch; false says that its key is there already.
func (s *store) insert(ctx context.Context, d *Dispatch) (bool, error) {
	id, err := s.db.NextID(ctx, "dispatches")
	if err != nil {
		return false, err
	}
	var random [8]byte
	if _, err := rand.Read(random[:]); err != nil {
		return false, fmt.Errorf("make message id: %w", err)
	}
	d.ID, d.CreatedAt = id, database.Time(ctx)
	d.messageID = fmt.Sprintf("d%d.%s", id, hex.EncodeToString(random[:]))
	result, err := s.db.Exec(ctx, `INSERT INTO dispatches (id, once, fingerprint, kind, priority, origin, template_id, version_id, record_id, address,
		subject, given, content, state, due_at, message_id, person_id, created_at, thread, mail_id)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'planned', ?, ?, ?, ?, ?, ?)
		ON CONFLICT (once) DO NOTHING`, id, d.Key, d.fingerprint, string(d.Kind), priorities[d.Kind], d.Origin, orNil(d.TemplateID), orNil(d.versionID),
		d.recordID, d.Address, d.Subject, d.given, d.content, d.DueAt.UnixMicro(), d.messageID, auth.From(ctx).ID, d.CreatedAt.UnixMicro(),
		d.thread, orNil(d.mailID))
	if err != nil {
		return false, fmt.Errorf("write dispatch: %w", err)
	}
	n, err := result.RowsAffected()
	return n == 1, err
}

func orNil(n int64) any {
	if n == 0 {
		return nil
	}
	return n
}

func (s *store) list(ctx context.Context, f Filter) ([]Dispatch, string, error) {
	where, args := seen(ctx)
	if f.State != "" {
		where, args = where+" AND d.state = ?", append(args, f.State)
	}
	if f.Kind != "" {
		where, args = where+" AND d.kind = ?", append(args, f.Kind)
	}
	if f.TemplateID != 0 {
		where, args = where+" AND d.template_id = ?", append(args, f.TemplateID)
	}
	if f.Address != "" {
		where, args = where+" AND LOWER(d.address) = ?", append(args, strings.ToLower(f.Address))
	}
	if f.CustomerID != 0 {
		where, args = where+" AND c.id = ?", append(args, f.CustomerID)
	}
	if f.Key != "" {
		where, args = where+" AND d.once = ?", append(args, f.Key)
	}
	if f.Cursor != "" {
		id, err := strconv.ParseInt(f.Cursor, 10, 64)
		if err != nil {
			return nil, "", fault.New(fault.Invalid, "mail.bad_cursor", "The cursor is not one that this list gave; start from the first page.")
		}
		where, args = where+" AND d.id < ?", append(args, id)
	}
	list, err := database.List(ctx, s.db, scan, "SELECT "+columns+" WHERE "+where+" ORDER BY d.id DESC LIMIT ?", append(args, f.Limit+1)...)
	if err != nil {
		return nil, "", fmt.Errorf("list dispatches: %w", err)
	}
	if len(list) <= f.Limit {
		return list, "", nil
	}
	return list[:f.Limit], strconv.FormatInt(list[f.Limit-1].ID, 10), nil
}

// person finds a record and the address of a customer whom the person may see.
func (s *store) person(ctx context.Context, customerID int64) (recordID int64, email string, err error) {
	scope, args := auth.ScopeSQL(ctx, "c")
	list, err := database.List(ctx, s.db, func(rows *sql.Rows) (r struct {
		id    int64
		email string
	}, err error,
	) {
		return r, rows.Scan(&r.id, &r.email)
	}, `SELECT MIN(k.record_id), COALESCE(c.email, '') FROM customers c JOIN record_links k ON k.customer_id = c.id
		WHERE c.id = ? AND c.hidden = 0 AND `+scope+` GROUP BY c.id, c.email`, append([]any{customerID}, args...)...)
	if err != nil {
		return 0, "", fmt.Errorf("find customer %d: %w", customerID, err)
	}
	if len(list) == 0 {
		return 0, "", fault.New(fault.NotFound, "customer.not_found", "There is no customer {id}.", "id", customerID)
	}
	return list[0].id, list[0].email, nil
}

// customerOf answers whom a record belongs to now, 0 for nobody.
func (s *store) customerOf(ctx context.Context, recordID int64) (int64, error) {
	list, err := database.List(ctx, s.db, func(rows *sql.Rows) (id int64, err error) { return id, rows.Scan(&id) },
		`SELECT customer_id FROM record_links WHERE record_id = ?`, recordID)
	if err != nil || len(list) == 0 {
		return 0, err
	}
	return list[0], nil
}

// recover looks after what a dead process held: what may have been taken is unknown.
func (s *store) recover(ctx context.Context, before, now time.Time) error {
	for _, step := range []struct{ to, from string }{{"planned", "leased"}, {"unknown", "handing"}} {
		if _, err := s.db.Exec(ctx, `UPDATE dispatches SET state = ?, settled_at = CASE WHEN ? = 'unknown' THEN ? ELSE settled_at END
			WHERE state = ? AND leased_at < ?`, step.to, step.to, now.UnixMicro(), step.from, before.UnixMicro()); err != nil {
			return fmt.Errorf("recover dispatches: %w", err)
		}
	}
	return nil
}

// lease takes what is due, the urgent ones first.
func (s *store) lease(ctx context.Context, lease int64, now time.Time, most int) ([]Dispatch, error) {
	lock := ""
	if s.db.IsPostgres() {
		lock = " FOR UPDATE SKIP LOCKED"
	}
	result, err := s.db.Exec(ctx, `UPDATE dispatches SET state = 'leased', lease = ?, leased_at = ? WHERE id IN (SELECT id FROM dispatches
		WHERE state = 'planned' AND due_at <= ? ORDER BY priority, due_at, id LIMIT ?`+lock+`)`, lease, now.UnixMicro(), now.UnixMicro(), most)
	if err != nil {
		return nil, fmt.Errorf("lease dispatches: %w", err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return nil, err
	}
	list, err := database.List(ctx, s.db, scan, "SELECT "+columns+" WHERE d.lease = ? AND d.state = 'leased' ORDER BY d.priority, d.due_at, d.id", lease)
	if err != nil {
		return nil, fmt.Errorf("read leased dispatches: %w", err)
	}
	return list, nil
}

// handing notes that the server may take the message from now on.
func (s *store) handing(ctx context.Context, d Dispatch) error {
	return s.move(ctx, d, "state = 'handing'", "state = 'leased'")
}

// giveBack plans a dispatch again.
func (s *store) giveBack(ctx context.Context, d Dispatch, due time.Time, why string) error {
	return s.move(ctx, d, "state = 'planned', due_at = ?, attempts = ?, reply = ?", "state IN ('leased', 'handing')",
		due.UnixMicro(), d.Attempts, cut(why))
}

func (s *store) settle(ctx context.Context, d *Dispatch, decision consent.Decision, now time.Time) error {
	var handed any
	if d.State == HandedOver {
		handed = now.UnixMicro()
	}
	return s.move(ctx, *d, `state = ?, reason = ?, attempts = ?, code = ?, reply = ?, basis = ?, basis_id = ?, rules = ?, handed_over_at = ?,
		settled_at = ?`, "state IN ('leased', 'handing')", string(d.State), d.Reason, d.Attempts, d.Code, cut(d.Reply), decision.Basis.Kind,
		decision.Basis.ID, decision.Rules, handed, now.UnixMicro())
}

// move changes a dispatch that is still held under its lease.
func (s *store) move(ctx context.Context, d Dispatch, set, from string, args ...any) error {
	result, err := s.db.Exec(ctx, "UPDATE dispatches SET "+set+" WHERE id = ? AND lease = ? AND "+from, append(args, d.ID, d.lease)...)
	if err != nil {
		return fmt.Errorf("move dispatch %d: %w", d.ID, err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return fault.New(fault.Conflict, "mail.lease_lost", "Another process has taken over the mail.")
}

func cut(text string) string {
	if len(text) > replyLongest {
		text = text[:replyLongest]
	}
	return string([]rune(text))
}

// decide settles by hand; false says that the dispatch has gone on.
func (s *store) decide(ctx context.Context, id int64, to State, from []State, now time.Time) (bool, error) {
	args := []any{string(to), now.UnixMicro(), now.UnixMicro(), id}
	for _, f := range from {
		args = append(args, string(f))
	}
	result, err := s.db.Exec(ctx, `UPDATE dispatches SET state = ?, due_at = ?, settled_at = ?, attempts = 0 WHERE id = ? AND state IN (`+
		database.Marks(len(from))+`)`, args...)
	if err != nil {
		return false, fmt.Errorf("decide dispatch %d: %w", id, err)
	}
	n, err := result.RowsAffected()
	return n == 1, err
}

// heard moves a dispatch after a notice; false says that nothing changed.
func (s *store) heard(ctx context.Context, id int64, to State, from []State, text string, now time.Time) (bool, error) {
	args := []any{string(to), text, cut(text), now.UnixMicro(), id}
	for _, f := range from {
		args = append(args, string(f))
	}
	result, err := s.db.Exec(ctx, `UPDATE dispatches SET state = ?, reply = CASE WHEN ? = '' THEN reply ELSE ? END, settled_at = ?
		WHERE id = ? AND state IN (`+database.Marks(len(from))+`)`, args...)
	if err != nil {
		return false, fmt.Errorf("note about dispatch %d: %w", id, err)
	}
	n, err := result.RowsAffected()
	return n == 1, err
}

func (s *store) markRead(ctx context.Context, id int64, now time.Time) error {
	_, err := s.db.Exec(ctx, `UPDATE dispatches SET read_at = ? WHERE id = ? AND read_at IS NULL`, now.UnixMicro(), id)
	return err
}

// countSince counts advertising mails handed over to customers since a moment.
func (s *store) countSince(ctx context.Context, customerIDs []int64, since time.Time) (map[int64]int, error) {
	counts := map[int64]int{}
	if len(customerIDs) == 0 {
		return counts, nil
	}
	args := make([]any, 0, len(customerIDs)+1)
	for _, id := range customerIDs {
		args = append(args, id)
	}
	list, err := database.List(ctx, s.db, func(rows *sql.Rows) (pair [2]int64, err error) { return pair, rows.Scan(&pair[0], &pair[1]) },
		`SELECT k.customer_id, COUNT(*) FROM record_links k JOIN dispatches d ON d.record_id = k.record_id
		WHERE k.customer_id IN (`+database.Marks(len(customerIDs))+`) AND d.handed_over_at >= ? AND d.basis IN ('consent', 'transaction_exemption')
		GROUP BY k.customer_id`, append(args, since.UnixMicro())...)
	if err != nil {
		return nil, fmt.Errorf("count contacts: %w", err)
	}
	for _, pair := range list {
		counts[pair[0]] = int(pair[1])
	}
	return counts, nil
}
