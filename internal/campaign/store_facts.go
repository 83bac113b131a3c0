// SPDX-License-Identifier: Apache-2.0

package campaign

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"dangol/internal/platform/database"
)

const (
	// factPage is how many rows one read takes; reads are kept short so that the
	// write-ahead log can be taken in between.
	factPage = 20_000
	// factMarks is how many customers one statement names.
	factMarks = 500
)

const recipientFactSelect = `SELECT r.id, r.campaign_id, c.name, k.customer_id, r.record_id, r.arm, r.state, r.reason, COALESCE(c.planned_at, c.created_at),
	COALESCE(r.handed_over_at, 0), COALESCE(r.settled_at, 0), COALESCE(r.clicked_at, 0), COALESCE(r.unsubscribed_at, 0), c.channel
	FROM recipients r JOIN campaigns c ON c.id = r.campaign_id JOIN record_links k ON k.record_id = r.record_id WHERE `

// recipientFact is a row of the ledger as the warehouse needs it.
type recipientFact struct {
	id, campaignID, customerID, recordID    int64
	campaign, arm, state, reason, channel   string
	planned, handed, settled, clicked, left int64
}

// eachFact reads recipients: those of the customers ids, or all.
func (s *store) eachFact(ctx context.Context, ids []int64, emit func(f *recipientFact) error) error {
	read := func(where string, args ...any) (last int64, err error) {
		rows, err := s.db.Query(ctx, recipientFactSelect+where, args...)
		if err != nil {
			return 0, fmt.Errorf("load recipients for the warehouse: %w", err)
		}
		defer func() { _ = rows.Close() }()
		var f recipientFact
		for rows.Next() {
			if err := f.scan(rows); err != nil {
				return 0, fmt.Errorf("read recipient for the warehouse: %w", err)
			}
			last = f.id
			if err := emit(&f); err != nil {
				return 0, err
			}
		}
		return last, database.Fault(rows.Err())
	}
	if ids == nil {
		last := int64(0)
		for {
			next, err := read("r.id > ? ORDER BY r.id LIMIT ?", last, factPage)
			if err != nil || next == 0 {
				return err
			}
			last = next
		}
	}
	for part := range slices.Chunk(ids, factMarks) {
		args := make([]any, 0, len(part))
		for _, id := range part {
			args = append(args, id)
		}
		if _, err := read("k.customer_id IN ("+database.Marks(len(part))+")", args...); err != nil {
			return err
		}
	}
	return nil
}

func (f *recipientFact) scan(rows *sql.Rows) error {
	return rows.Scan(&f.id, &f.campaignID, &f.campaign, &f.customerID, &f.recordID, &f.arm, &f.state, &f.reason, &f.planned,
		&f.handed, &f.settled, &f.clicked, &f.left, &f.channel)
}

func flag(at int64) int64 {
	if at != 0 {
		return 1
	}
	return 0
}

// loadRecipientFacts streams rows of campaign_recipients.
func (s *store) loadRecipientFacts(ctx context.Context, ids []int64, emit func(row ...any) error) error {
	return s.eachFact(ctx, ids, func(f *recipientFact) error {
		return emit(f.id, f.campaignID, f.campaign, f.customerID, f.recordID, f.arm, f.state, f.reason, f.planned,
			flag(f.handed), flag(f.clicked), flag(f.left))
	})
}

// loadEventFacts streams rows of events. An event's id is its recipient's with
// two bits for the kind, so that it is the same at every load.
func (s *store) loadEventFacts(ctx context.Context, ids []int64, emit func(row ...any) error) error {
	return s.eachFact(ctx, ids, func(f *recipientFact) error {
		bounced := int64(0)
		if f.state == string(StepBounced) {
			bounced = f.settled
		}
		for i, e := range []struct {
			kind string
			at   int64
		}{{eventSent, f.handed}, {eventBounced, bounced}, {eventClicked, f.clicked}, {eventUnsubscribed, f.left}} {
			if e.at == 0 {
				continue
			}
			err := emit(4*f.id+int64(i), f.customerID, f.recordID, e.at, e.kind, nil, f.campaignID, f.campaign, f.channel)
			if err != nil {
				return err
			}
		}
		return nil
	})
}
