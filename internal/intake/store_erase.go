// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"context"
	"database/sql"
	"fmt"

	"dangol/internal/customer"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
)

// Erase deletes the files that a person whose data is destroyed came in, with their rows in lists of rejected cells.
// Nothing of the others is lost: each of their records keeps its row as it was given. While such a file is being
// imported or undone the person cannot be erased.
func (s *Service) Erase(ctx context.Context, e *customer.Erasure) error {
	seen := map[int64]bool{}
	for _, r := range e.Records {
		if r.BatchID == 0 {
			continue
		}
		if err := s.store.eraseRejects(ctx, r.BatchID, r.RowNumber); err != nil {
			return err
		}
		if seen[r.BatchID] {
			continue
		}
		seen[r.BatchID] = true
		file, state, err := s.store.fileOfBatch(ctx, r.BatchID)
		if err != nil {
			return err
		}
		switch State(state) {
		case Trying, Running, Undoing:
			return fault.New(fault.Conflict, "intake.busy_with_person",
				"Import {batch}, which this person came in, is still being worked on; wait for its end.", "batch", r.BatchID)
		}
		if file == 0 {
			continue
		}
		if err := s.store.dropUpload(ctx, file); err != nil {
			return err
		}
		if err := s.files.Delete(ctx, file); err != nil {
			return err
		}
	}
	return nil
}

func (s *store) eraseRejects(ctx context.Context, batch, row int64) error {
	if _, err := s.db.Exec(ctx, "DELETE FROM rejects WHERE batch_id = ? AND row_number = ?", batch, row); err != nil {
		return fmt.Errorf("erase rejected cells of batch %d: %w", batch, database.Fault(err))
	}
	return nil
}

// fileOfBatch answers 0 where the file is gone.
func (s *store) fileOfBatch(ctx context.Context, batch int64) (file int64, state string, err error) {
	type found struct {
		file  sql.NullInt64
		state string
	}
	list, err := database.List(ctx, s.db, func(rows *sql.Rows) (f found, err error) { return f, rows.Scan(&f.file, &f.state) },
		"SELECT file_id, state FROM batches WHERE id = ?", batch)
	if err != nil || len(list) == 0 {
		return 0, "", err
	}
	return list[0].file.Int64, list[0].state, nil
}
