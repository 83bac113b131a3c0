// SPDX-License-Identifier: Apache-2.0

package campaign

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"dangol/internal/platform/database"
)

// leased is a recipient under way.
type leased struct {
	id, customerID, recordID int64 // customerID as planned
	address                  string
	attempts                 int64
	lease                    int64
	variant                  string
}

func scanLeased(rows *sql.Rows) (leased, error) {
	var l leased
	return l, rows.Scan(&l.id, &l.customerID, &l.recordID, &l.address, &l.attempts, &l.lease, &l.variant)
}

// lease takes up to limit due recipients for a run.
func (s *store) lease(ctx context.Context, campaignID, lease int64, limit int) ([]leased, error) {
	now := database.Time(ctx).UnixMicro()
	list, err := database.List(ctx, s.db, scanLeased, `UPDATE recipients SET state = 'leased', lease = ? WHERE id IN (
			SELECT id FROM recipients WHERE campaign_id = ? AND state = 'planned' AND retry_at <= ? ORDER BY retry_at, id LIMIT ?)
		RETURNING id, customer_id, record_id, address, attempts, lease, variant`, lease, campaignID, now, limit)
	if err != nil {
		return nil, fmt.Errorf("lease recipients: %w", err)
	}
	n := int64(len(list))
	return list, s.addToCounts(ctx, campaignID, map[countKey]int64{{Treatment, StepPlanned, ""}: -n, {Treatment, StepLeased, ""}: n})
}

// listLeased lists what runs hold, or have left behind.
func (s *store) listLeased(ctx context.Context, campaignID int64, limit int) ([]leased, error) {
	list, err := database.List(ctx, s.db, scanLeased, `SELECT id, customer_id, record_id, address, attempts, lease, variant FROM recipients
		WHERE campaign_id = ? AND state = 'leased' LIMIT ?`, campaignID, limit)
	if err != nil {
		return nil, fmt.Errorf("list leased recipients: %w", err)
	}
	return list, nil
}

// nextDue answers when the next planned recipient is due; ok is false when none is left.
func (s *store) nextDue(ctx context.Context, campaignID int64) (at time.Time, ok bool, err error) {
	var micro *int64
	err = s.db.Scan(ctx, []any{&micro}, `SELECT MIN(retry_at) FROM recipients WHERE campaign_id = ? AND state = 'planned'`, campaignID)
	if err != nil || micro == nil {
		return time.Time{}, false, err
	}
	return time.UnixMicro(*micro).UTC(), true, nil
}

// settled is what became of a leased recipient.
type settled struct {
	leased
	customer  int64 // whom it belongs to now
	step      Step
	reason    string
	retryAt   int64
	attempts  int64
	handedAt  int64
	settledAt int64
	code      int64
	reply     string
	basis     string
	basisID   int64
	rules     string
}

// settle writes outcomes. Only rows that this run still holds change.
func (s *store) settle(ctx context.Context, campaignID int64, list []settled) error {
	counts := map[countKey]int64{}
	groups := map[common][]*settled{}
	for i := range list {
		r := &list[i]
		counts[countKey{Treatment, StepLeased, ""}]--
		counts[countKey{Treatment, r.step, r.reason}]++
		groups[r.common()] = append(groups[r.common()], r)
	}
	for c, alike := range groups {
		if err := s.settleAlike(ctx, c, alike); err != nil {
			return fmt.Errorf("settle recipients: %w", err)
		}
	}
	return s.addToCounts(ctx, campaignID, counts)
}

// common is what many outcomes share; it stands in the statement once.
type common struct {
	step     Step
	reason   string
	code     int64
	attempts int64
	basis    string
	rules    string
	lease    int64
}

func (r *settled) common() common {
	return common{r.step, r.reason, r.code, r.attempts, r.basis, r.rules, r.lease}
}

// settleAlike writes outcomes that have much in common: five values a row are
// bound and not thirteen.
func (s *store) settleAlike(ctx context.Context, c common, list []*settled) error {
	values := make([]any, 0, 6*len(list))
	for _, r := range list {
		values = append(values, r.id, r.retryAt, number(r.handedAt), number(r.settledAt), r.reply, number(r.basisID))
	}
	return s.db.UpdateAlike(ctx, "recipients", []string{"BIGINT", "BIGINT", "BIGINT", "BIGINT", "TEXT", "BIGINT"},
		`state = ?, reason = ?, retry_at = v.c2, attempts = ?, handed_over_at = v.c3, settled_at = v.c4, code = ?, reply = v.c5, basis = ?,
		basis_id = v.c6, rules = ?, lease = NULL`, "recipients.lease = ?", values,
		string(c.step), c.reason, c.attempts, c.code, c.basis, c.rules, c.lease)
}

func number(n int64) any {
	if n == 0 {
		return nil
	}
	return n
}

// cancelPlanned cancels a slice of what was not sent; it answers how many.
func (s *store) cancelPlanned(ctx context.Context, campaignID int64, limit int) (int, error) {
	now := database.Time(ctx).UnixMicro()
	result, err := s.db.Exec(ctx, `UPDATE recipients SET state = 'cancelled', settled_at = ? WHERE id IN (
		SELECT id FROM recipients WHERE campaign_id = ? AND state = 'planned' LIMIT ?)`, now, campaignID, limit)
	if err != nil {
		return 0, fmt.Errorf("cancel recipients: %w", err)
	}
	n, err := result.RowsAffected()
	if err != nil {
		return 0, err
	}
	return int(n), s.addToCounts(ctx, campaignID, map[countKey]int64{{Treatment, StepPlanned, ""}: -n, {Treatment, StepCancelled, ""}: n})
}

// current is the address and identity of a customer at hand-over.
type current struct {
	customerID int64
	address    string
}

// currents answers who records belong to now and where they are reached.
func (s *store) currents(ctx context.Context, records []int64) (map[int64]current, error) {
	args := make([]any, 0, len(records))
	for _, id := range records {
		args = append(args, id)
	}
	rows, err := s.db.Query(ctx, `SELECT k.record_id, c.id, COALESCE(c.email, '') FROM record_links k JOIN customers c ON c.id = k.customer_id
		WHERE k.record_id IN (`+database.Marks(len(records))+`)`, args...)
	if err != nil {
		return nil, fmt.Errorf("read current addresses: %w", err)
	}
	defer func() { _ = rows.Close() }()
	found := make(map[int64]current, len(records))
	for rows.Next() {
		var record int64
		var c current
		if err := rows.Scan(&record, &c.customerID, &c.address); err != nil {
			return nil, fmt.Errorf("read current addresses: %w", err)
		}
		found[record] = c
	}
	return found, database.Fault(rows.Err())
}

// hasOtherSent reports whether a customer got, or is about to get, the campaign by
// another recipient row: after a merge two rows may be one person.
func (s *store) hasOtherSent(ctx context.Context, campaignID, customerID, recipientID int64) (bool, error) {
	var n int64
	err := s.db.Scan(ctx, []any{&n}, `SELECT COUNT(*) FROM recipients r JOIN record_links k ON k.record_id = r.record_id
		WHERE r.campaign_id = ? AND k.customer_id = ? AND r.id <> ? AND (r.state IN ('handed_over', 'delivered', 'unknown', 'control')
		OR (r.state IN ('planned', 'leased') AND r.id < ?))`, campaignID, customerID, recipientID, recipientID)
	return n > 0, err
}

// countLeased counts what a run still holds.
func (s *store) countLeased(ctx context.Context, campaignID, lease int64) (n int64, err error) {
	err = s.db.Scan(ctx, []any{&n}, `SELECT COUNT(*) FROM recipients WHERE campaign_id = ? AND state = 'leased' AND lease = ?`, campaignID, lease)
	return n, err
}
