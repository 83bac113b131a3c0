// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"context"
	"fmt"
	"strings"

	"dangol/internal/customer"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/journal"
)

// undoSlice is how many records one transaction of an undo withdraws.
const undoSlice = 1000

// Undo takes a batch back here and now, without a job.
func (s *Service) Undo(ctx context.Context, id int64, progress func(ctx context.Context, done, total int64)) (*Batch, error) {
	if err := auth.Check(ctx, "customer:import"); err != nil {
		return nil, err
	}
	b, err := s.store.find(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := inState(b, Done, Failed, Cancelled, Undoing); err != nil {
		return nil, err
	}
	if progress == nil {
		progress = func(context.Context, int64, int64) {}
	}
	return b, s.undo(ctx, b, func(context.Context) error { return nil }, progress)
}

// undo withdraws what the batch brought. It may be called again after a crash: every step looks for what
// is left to do.
func (s *Service) undo(ctx context.Context, b *Batch, fence func(context.Context) error, progress func(context.Context, int64, int64)) error {
	entry, err := s.beginUndo(ctx, b)
	if err != nil {
		return err
	}
	if s.facts != nil && b.Kind != "customers" {
		if err := s.undoFacts(ctx, b, entry); err != nil {
			return err
		}
	}
	undone, err := s.store.undoneBatches(ctx)
	if err != nil {
		return err
	}
	u := customer.Undo{
		BatchID: b.ID, EntryID: entry, PersonID: auth.From(ctx).ID,
		WasUndone: func(batchID int64) bool { return undone[batchID] },
	}
	if s.facts != nil {
		u.InUse = s.facts.RecordsInUse
	}
	if err := s.db.WithinBulk(ctx, func(ctx context.Context) error { return s.customers.UndoMerges(ctx, b.ID) }); err != nil {
		return err
	}
	for done := int64(0); ; {
		if err := ctx.Err(); err != nil {
			return context.Cause(ctx)
		}
		n := 0
		err := s.db.WithinBulk(ctx, func(ctx context.Context) error {
			var err error
			if n, err = s.customers.UndoSlice(ctx, u, undoSlice); err != nil {
				return err
			}
			return fence(ctx) // last, see runner.flush
		})
		if err != nil {
			return fmt.Errorf("undo import %d: %w", b.ID, err)
		}
		if n == 0 {
			break
		}
		done += int64(n)
		progress(ctx, done, b.Counts.Rows)
	}
	return s.finishUndo(ctx, b)
}

func (s *Service) beginUndo(ctx context.Context, b *Batch) (entry int64, err error) {
	err = s.db.Within(ctx, func(ctx context.Context) error {
		b.State = Undoing
		if entry, err = s.journal.AppendBulk(ctx, journal.Entry{
			Capability: "intake", Kind: "intake.batch_undone", SubjectKind: "customer", Batch: b.ID,
		}, nil); err != nil {
			return err
		}
		return s.store.saveState(ctx, b)
	})
	return entry, err
}

func (s *Service) undoFacts(ctx context.Context, b *Batch, entry int64) error {
	return s.facts.Undo(ctx, b.ID, func(ctx context.Context, records []int64) error {
		owners, err := s.customers.OwnersOf(ctx, records)
		if err != nil {
			return err
		}
		changes := make([]journal.Change, len(records))
		for i, id := range records {
			changes[i] = journal.Change{CustomerID: owners[id], RecordID: id, Kind: string(b.Kind) + ".withdrawn"}
		}
		return s.journal.AppendChunks(ctx, entry, changes)
	})
}

func (s *Service) finishUndo(ctx context.Context, b *Batch) error {
	err := s.db.Within(ctx, func(ctx context.Context) error {
		at := database.Time(ctx)
		b.State, b.UndoneAt = Undone, &at
		return s.store.saveState(ctx, b)
	})
	if err == nil {
		s.customers.Touched(int(min(b.Counts.Rows, 1<<30)))
	}
	return err
}

// hasResidents reports whether resident numbers were met in the file.
func hasResidents(codes map[string]int64) bool {
	for code, n := range codes {
		if n > 0 && strings.Contains(code, "resident") {
			return true
		}
	}
	return false
}
