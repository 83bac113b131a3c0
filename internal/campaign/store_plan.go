// SPDX-License-Identifier: Apache-2.0

package campaign

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"dangol/internal/platform/database"
)

// contact is how a customer is reached: the address of the golden row and a
// record that gave it.
type contact struct {
	customerID, recordID int64
	address              string
}

// contacts reads the e-mail addresses of customers. The record is the first
// that names the address, so that the ledger follows it when people are parted.
func (s *store) contacts(ctx context.Context, customerIDs []int64) ([]contact, error) {
	args := make([]any, 0, len(customerIDs))
	for _, id := range customerIDs {
		args = append(args, id)
	}
	rows, err := s.db.Query(ctx, `SELECT c.id, COALESCE(c.email, ''), k.record_id, COALESCE(r.normal, '') FROM customers c
		JOIN record_links k ON k.customer_id = c.id LEFT JOIN records r ON r.id = k.record_id AND r.withdrawn_at IS NULL
		WHERE c.hidden = 0 AND c.id IN (`+database.Marks(len(args))+`) ORDER BY c.id, k.record_id`, args...)
	if err != nil {
		return nil, fmt.Errorf("read contacts: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var list []contact
	isFound := false
	for rows.Next() {
		var c contact
		var normal string
		if err := rows.Scan(&c.customerID, &c.address, &c.recordID, &normal); err != nil {
			return nil, fmt.Errorf("read contacts: %w", err)
		}
		holds := c.address != "" && strings.Contains(normal, c.address)
		switch last := len(list) - 1; {
		case last < 0 || list[last].customerID != c.customerID:
			list, isFound = append(list, c), holds
		case holds && !isFound:
			list[last], isFound = c, true
		}
	}
	return list, database.Fault(rows.Err())
}

// plannedRow is a recipient as planning writes it.
type plannedRow struct {
	contact
	id     int64
	arm    string
	step   Step
	reason string
	basis  string
	basisID,
	retryAt int64
	rules  string
	groups int64
	runID  int64
}

// insertRecipients writes planned rows and gives them their ids.
func (s *store) insertRecipients(ctx context.Context, campaignID int64, rows []plannedRow) error {
	if len(rows) == 0 {
		return nil
	}
	ids, err := s.db.NextIDs(ctx, "recipients", len(rows))
	if err != nil {
		return err
	}
	columns := []string{"id", "campaign_id", "customer_id", "record_id", "address", "arm", "state", "reason", "retry_at", "basis", "basis_id", "rules", "group_bits", "run_id"}
	values := make([]any, 0, len(columns)*len(rows))
	counts := map[countKey]int64{}
	for i := range rows {
		r := &rows[i]
		r.id = ids[i]
		var basisID any
		if r.basisID != 0 {
			basisID = r.basisID
		}
		values = append(values, r.id, campaignID, r.customerID, r.recordID, r.address, r.arm, string(r.step), r.reason, r.retryAt, r.basis, basisID, r.rules, r.groups, r.runID)
		counts[countKey{r.arm, r.step, r.reason}]++
	}
	if err := s.db.InsertRows(ctx, "recipients", columns, values, ""); err != nil {
		return err
	}
	return s.addToCounts(ctx, campaignID, counts)
}

// moveToControl puts drawn recipients into the control group.
func (s *store) moveToControl(ctx context.Context, campaignID int64, ids []int64) error {
	args := []any{}
	for _, id := range ids {
		args = append(args, id)
	}
	_, err := s.db.Exec(ctx, `UPDATE recipients SET arm = 'control', state = 'control' WHERE id IN (`+database.Marks(len(ids))+`)`, args...)
	if err != nil {
		return fmt.Errorf("draw control group: %w", err)
	}
	n := int64(len(ids))
	return s.addToCounts(ctx, campaignID, map[countKey]int64{{Treatment, StepPlanned, ""}: -n, {Control, StepControl, ""}: n})
}

// deleteRecipients removes a slice of what an interrupted or dropped plan has
// left; it answers how many.
func (s *store) deleteRecipients(ctx context.Context, campaignID int64, limit int) (int, error) {
	result, err := s.db.Exec(ctx, `DELETE FROM recipients WHERE id IN (SELECT id FROM recipients WHERE campaign_id = ? LIMIT ?)`, campaignID, limit)
	if err != nil {
		return 0, fmt.Errorf("drop plan: %w", err)
	}
	if _, err := s.db.Exec(ctx, `DELETE FROM campaign_counts WHERE campaign_id = ?`, campaignID); err != nil {
		return 0, fmt.Errorf("drop plan: %w", err)
	}
	n, err := result.RowsAffected()
	return int(n), err
}

// links gives the ids of a campaign's links, making those that are missing.
func (s *store) links(ctx context.Context, campaignID int64, urls []string) ([]int64, error) {
	ids := make([]int64, len(urls))
	scan := func(rows *sql.Rows) (Link, error) {
		var l Link
		return l, rows.Scan(&l.ID, &l.URL)
	}
	err := s.db.Within(ctx, func(ctx context.Context) error {
		existing, err := database.List(ctx, s.db, scan, `SELECT id, url FROM links WHERE campaign_id = ? ORDER BY position`, campaignID)
		if err != nil {
			return err
		}
		known := map[string]int64{}
		for _, l := range existing {
			known[l.URL] = l.ID
		}
		for i, url := range urls {
			if known[url] == 0 {
				id, err := s.db.NextID(ctx, "links")
				if err != nil {
					return err
				}
				_, err = s.db.Exec(ctx, `INSERT INTO links (id, campaign_id, position, url) VALUES (?, ?, ?, ?)`, id, campaignID, len(known), url)
				if err != nil {
					return err
				}
				known[url] = id
			}
			ids[i] = known[url]
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("store links of campaign %d: %w", campaignID, err)
	}
	return ids, nil
}

// Link is an address in a campaign's mail.
type Link struct {
	ID      int64  `json:"id"`
	URL     string `json:"url"`
	Clicks  int64  `json:"clicks" doc:"Clicks, machines left out."`
	People  int64  `json:"people" doc:"Recipients who clicked."`
	Machine int64  `json:"machine" doc:"Clicks of scanners and previews."`
}
