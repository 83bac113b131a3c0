// SPDX-License-Identifier: Apache-2.0

package campaign

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"
)

// recover settles what a dead run has left: by its logbook where that can be
// believed, else as unknown.
func (s *Service) recover(ctx context.Context, c Campaign) error {
	books := map[int64]map[int64]logged{}
	believed := map[int64]bool{}
	for {
		left, err := s.store.listLeased(ctx, c.ID, planChunk)
		if err != nil {
			return err
		}
		if len(left) == 0 {
			break
		}
		list := make([]settled, 0, len(left))
		for _, l := range left {
			if _, read := believed[l.lease]; !read {
				entries, isBelieved, err := readLogbook(logPath(s.logbooks(), c.ID, l.lease))
				if err != nil {
					return err
				}
				books[l.lease], believed[l.lease] = entries, isBelieved
			}
			list = append(list, recovered(l, books[l.lease], believed[l.lease], s.db.Now(ctx)))
		}
		err = s.db.WithinBulk(ctx, func(ctx context.Context) error { return s.settle(ctx, &c, list) })
		if err != nil {
			return fmt.Errorf("recover campaign %d: %w", c.ID, err)
		}
	}
	for lease := range believed {
		if err := os.Remove(logPath(s.logbooks(), c.ID, lease)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("remove logbook: %w", err)
		}
	}
	return nil
}

// recovered is what the ledger has to say of a recipient that a dead run held.
func recovered(l leased, book map[int64]logged, isBelieved bool, now time.Time) settled {
	r := settled{leased: l, customer: l.customerID, step: StepUnknown, attempts: l.attempts, settledAt: now.UnixMicro(), reply: "the process died"}
	if !isBelieved {
		return r
	}
	entry, isLogged := book[l.id]
	if !isLogged {
		r.step, r.retryAt, r.settledAt, r.reply = StepPlanned, now.UnixMicro(), 0, ""
		return r
	}
	r.step, _ = entry.step()
	r.code = int64(entry.code)
	switch r.step {
	case StepPlanned:
		r.retryAt, r.settledAt, r.attempts = now.UnixMicro(), 0, l.attempts+1
	case StepHandedOver:
		r.handedAt = now.UnixMicro()
	}
	return r
}
