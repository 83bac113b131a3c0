// SPDX-License-Identifier: Apache-2.0

package campaign

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
)

const recipientColumns = `r.id, r.campaign_id, k.customer_id, r.record_id, COALESCE(c.full_name, ''), r.address, r.arm, r.state, r.reason, r.attempts,
	r.retry_at, r.handed_over_at, r.code, r.reply, r.basis, COALESCE(r.basis_id, 0), r.rules, r.clicked_at, r.unsubscribed_at, r.variant,
	r.opened_at, r.machine_opened_at, r.read_at`

func scanRecipient(rows *sql.Rows) (Recipient, error) {
	var r Recipient
	var retry int64
	var handed, clicked, unsubscribed, opened, machine, read *int64
	err := rows.Scan(&r.ID, &r.CampaignID, &r.CustomerID, &r.RecordID, &r.Name, &r.Address, &r.Arm, &r.State, &r.Reason, &r.Attempts,
		&retry, &handed, &r.Code, &r.Reply, &r.Basis, &r.BasisID, &r.Rules, &clicked, &unsubscribed, &r.Variant,
		&opened, &machine, &read)
	r.OpenedAt, r.MachineOpenAt, r.ReadAt = moment(opened), moment(machine), moment(read)
	r.HandedOverAt, r.ClickedAt, r.UnsubscribedAt = moment(handed), moment(clicked), moment(unsubscribed)
	if r.State == StepPlanned && retry < heldUntil {
		r.RetryAt = moment(&retry)
	}
	return r, err
}

// listRecipients lists recipients whose customers the person may see.
func (s *store) listRecipients(ctx context.Context, campaignID int64, f RecipientFilter) ([]Recipient, string, error) {
	scope, args := auth.ScopeSQL(ctx, "c")
	args = append(args, campaignID)
	where := ""
	for _, pair := range [][2]string{{"r.state", string(f.State)}, {"r.arm", f.Arm}, {"r.reason", f.Reason}} {
		if pair[1] != "" {
			where, args = where+" AND "+pair[0]+" = ?", append(args, pair[1])
		}
	}
	if f.Cursor != "" {
		id, err := strconv.ParseInt(f.Cursor, 10, 64)
		if err != nil {
			return nil, "", fault.New(fault.Invalid, "campaign.bad_cursor", "The cursor is not one that this list gave; start from the first page.")
		}
		where, args = where+" AND r.id > ?", append(args, id)
	}
	list, err := database.List(ctx, s.db, scanRecipient, "SELECT "+recipientColumns+` FROM recipients r
		JOIN record_links k ON k.record_id = r.record_id JOIN customers c ON c.id = k.customer_id
		WHERE `+scope+` AND r.campaign_id = ?`+where+` ORDER BY r.id LIMIT ?`, append(args, f.Limit+1)...)
	if err != nil {
		return nil, "", fmt.Errorf("list recipients: %w", err)
	}
	if len(list) <= f.Limit {
		return list, "", nil
	}
	return list[:f.Limit], strconv.FormatInt(list[f.Limit-1].ID, 10), nil
}

// addressee is what the public pages need of a recipient.
type addressee struct {
	id, campaignID, recordID, customerID    int64
	address                                 string
	handedOverAt, clickedAt, unsubscribedAt *int64
	trappedAt                               *int64
}

func (s *store) addressee(ctx context.Context, recipientID int64) (addressee, error) {
	var a addressee
	err := s.db.Scan(ctx, []any{
		&a.id, &a.campaignID, &a.recordID, &a.customerID, &a.address, &a.handedOverAt, &a.clickedAt, &a.unsubscribedAt,
		&a.trappedAt,
	}, `SELECT r.id, r.campaign_id,
		r.record_id, COALESCE(k.customer_id, 0), r.address, r.handed_over_at, r.clicked_at, r.unsubscribed_at, r.trapped_at FROM recipients r
		LEFT JOIN record_links k ON k.record_id = r.record_id WHERE r.id = ?`, recipientID)
	return a, err
}

// addressOfRecord is where a record's customer is reached now, "" when they are gone.
func (s *store) addressOfRecord(ctx context.Context, recordID int64) (string, int64, error) {
	found, err := s.currents(ctx, []int64{recordID})
	return found[recordID].address, found[recordID].customerID, err
}

func (s *store) senderCode(ctx context.Context, senderID int64) (string, error) {
	var code string
	err := s.db.Scan(ctx, []any{&code}, `SELECT code FROM senders WHERE id = ?`, senderID)
	return code, err
}

func (s *store) linkURL(ctx context.Context, linkID, campaignID int64) (string, error) {
	var url string
	err := s.db.Scan(ctx, []any{&url}, `SELECT url FROM links WHERE id = ? AND campaign_id = ?`, linkID, campaignID)
	return url, err
}

// insertClick notes a click; it answers whether it is the recipient's first.
func (s *store) insertClick(ctx context.Context, a addressee, linkID int64, isMachine bool) error {
	id, err := s.db.NextID(ctx, "clicks")
	if err != nil {
		return err
	}
	now := database.Time(ctx).UnixMicro()
	_, err = s.db.Exec(ctx, `INSERT INTO clicks (id, campaign_id, recipient_id, link_id, at, is_machine) VALUES (?, ?, ?, ?, ?, ?)`,
		id, a.campaignID, a.id, linkID, now, isMachine)
	return err
}

// markOnce sets clicked_at or unsubscribed_at and its counter; it answers whether this was the first time.
func (s *store) markOnce(ctx context.Context, a addressee, column, counter string) (bool, error) {
	result, err := s.db.Exec(ctx, "UPDATE recipients SET "+column+" = ? WHERE id = ? AND "+column+" IS NULL", database.Time(ctx).UnixMicro(), a.id)
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	if err != nil || n == 0 {
		return false, err
	}
	return true, s.addToCounts(ctx, a.campaignID, map[countKey]int64{{counter, "", ""}: 1})
}

// clickedLately counts other links of a recipient clicked since a moment.
func (s *store) clickedLately(ctx context.Context, recipientID, linkID int64, since time.Time) (int64, error) {
	var n int64
	err := s.db.Scan(ctx, []any{&n}, `SELECT COUNT(DISTINCT link_id) FROM clicks WHERE recipient_id = ? AND link_id <> ? AND at >= ?`,
		recipientID, linkID, since.UnixMicro())
	return n, err
}

func (s *store) listLinks(ctx context.Context, campaignID int64) ([]Link, error) {
	scan := func(rows *sql.Rows) (Link, error) {
		var l Link
		return l, rows.Scan(&l.ID, &l.URL, &l.Clicks, &l.People, &l.Machine)
	}
	list, err := database.List(ctx, s.db, scan, `SELECT l.id, l.url, COUNT(CASE WHEN k.is_machine = 0 THEN 1 END),
		COUNT(DISTINCT CASE WHEN k.is_machine = 0 THEN k.recipient_id END), COUNT(CASE WHEN k.is_machine = 1 THEN 1 END)
		FROM links l LEFT JOIN clicks k ON k.link_id = l.id WHERE l.campaign_id = ? GROUP BY l.id, l.url, l.position ORDER BY l.position`, campaignID)
	if err != nil {
		return nil, fmt.Errorf("list links: %w", err)
	}
	return list, nil
}

// countSince counts the advertising messages handed over to customers since a moment, across campaigns.
func (s *store) countSince(ctx context.Context, customerIDs []int64, since time.Time) (map[int64]int, error) {
	args := make([]any, 0, len(customerIDs)+1)
	for _, id := range customerIDs {
		args = append(args, id)
	}
	rows, err := s.db.Query(ctx, `SELECT k.customer_id, COUNT(*) FROM record_links k JOIN recipients r ON r.record_id = k.record_id
		WHERE k.customer_id IN (`+database.Marks(len(customerIDs))+`) AND r.handed_over_at >= ?
		AND r.basis IN ('consent', 'transaction_exemption') GROUP BY k.customer_id`, append(args, since.UnixMicro())...)
	if err != nil {
		return nil, fmt.Errorf("count contacts: %w", err)
	}
	defer func() { _ = rows.Close() }()
	counts := map[int64]int{}
	for rows.Next() {
		var id int64
		var n int
		if err := rows.Scan(&id, &n); err != nil {
			return nil, fmt.Errorf("count contacts: %w", err)
		}
		counts[id] = n
	}
	return counts, database.Fault(rows.Err())
}

// Assigned is one person of a campaign for its result.
type Assigned struct {
	CustomerID int64 // whom the recipient belongs to now
	Arm        string
	Variant    string
	Groups     int64 // bit n: member of the n-th segment of Intent.Breakdown
}

// eachAssigned emits the recipients of both arms with whom they belong to now,
// for results by intention to treat.
func (s *store) eachAssigned(ctx context.Context, campaignID int64, emit func(a Assigned) error) error {
	rows, err := s.db.Query(ctx, `SELECT COALESCE(k.customer_id, r.customer_id), r.arm, r.variant, r.group_bits FROM recipients r
		LEFT JOIN record_links k ON k.record_id = r.record_id WHERE r.campaign_id = ? AND r.arm IN ('treatment', 'control') ORDER BY r.id`, campaignID)
	if err != nil {
		return fmt.Errorf("read arms: %w", err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var a Assigned
		if err := rows.Scan(&a.CustomerID, &a.Arm, &a.Variant, &a.Groups); err != nil {
			return fmt.Errorf("read arms: %w", err)
		}
		if err := emit(a); err != nil {
			return err
		}
	}
	return database.Fault(rows.Err())
}

// eachTouch emits the messages handed over in a window, of all campaigns, for attribution.
func (s *store) eachTouch(ctx context.Context, from, to time.Time, emit func(customerID, campaignID, at int64) error) error {
	rows, err := s.db.Query(ctx, `SELECT k.customer_id, r.campaign_id, r.handed_over_at FROM recipients r JOIN record_links k ON k.record_id = r.record_id
		WHERE r.handed_over_at >= ? AND r.handed_over_at < ?`, from.UnixMicro(), to.UnixMicro())
	if err != nil {
		return fmt.Errorf("read touches: %w", err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var customerID, campaignID, at int64
		if err := rows.Scan(&customerID, &campaignID, &at); err != nil {
			return fmt.Errorf("read touches: %w", err)
		}
		if err := emit(customerID, campaignID, at); err != nil {
			return err
		}
	}
	return database.Fault(rows.Err())
}
