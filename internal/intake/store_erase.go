// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"dangol/internal/customer"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
)

// Eraser tells what intake keeps of a person: the files that they came in, their rows in lists of rejected cells, and
// the rows that dry runs of those files show. Nothing of the others is lost: each of their records keeps its row as it
// was given. While such a file is being imported or undone the person cannot be erased.
func (s *Service) Eraser() customer.Eraser {
	return customer.Eraser{Around: s.eraseAround, Count: s.countErased}
}

func (s *Service) eraseAround(ctx context.Context, e *customer.Erasure, rows func() error) error {
	if err := rows(); err != nil {
		return err
	}
	for _, r := range e.Records {
		if r.BatchID == 0 {
			continue
		}
		if err := s.store.eraseReject(ctx, r.BatchID, r.RowNumber); err != nil {
			return err
		}
	}
	for _, batch := range e.Batches {
		if err := s.eraseFile(ctx, batch); err != nil {
			return err
		}
		if err := s.eraseRejects(ctx, batch, wordsOf(e)); err != nil {
			return err
		}
	}
	return nil
}

// eraseRejects deletes rejected rows that name the person although they never became a record.
func (s *Service) eraseRejects(ctx context.Context, batch int64, words []string) error {
	rows, err := s.store.rejectsWith(ctx, batch, words)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if err := s.store.eraseReject(ctx, batch, row); err != nil {
			return err
		}
	}
	return nil
}

// wordsOf are what a rejected row would name the person by: national digits of telephones, mail addresses and keys.
func wordsOf(e *customer.Erasure) (words []string) {
	const shortest = 6 // a key such as "12" stands in every row
	for _, r := range e.Records {
		for _, f := range []customer.Field{customer.Mobile, customer.Phone} {
			words = append(words, strings.TrimPrefix(digitsOf(r.Values.Text[f]), "82"))
		}
		words = append(words, strings.ToLower(r.Values.Text[customer.Email]))
		for _, key := range r.Keys {
			words = append(words, strings.ToLower(key.Value))
		}
	}
	slices.Sort(words)
	return slices.DeleteFunc(slices.Compact(words), func(word string) bool { return len(word) < shortest })
}

func digitsOf(text string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
}

func (s *Service) countErased(ctx context.Context, e *customer.Erasure) (map[string]int64, error) {
	var files int64
	for _, batch := range e.Batches {
		file, _, err := s.store.fileOfBatch(ctx, batch)
		if err != nil {
			return nil, err
		}
		if file != 0 {
			files++
		}
	}
	return map[string]int64{"files": files}, nil
}

func (s *Service) eraseFile(ctx context.Context, batch int64) error {
	file, state, err := s.store.fileOfBatch(ctx, batch)
	if err != nil {
		return err
	}
	switch State(state) {
	case Trying, Running, Undoing:
		return fault.New(fault.Conflict, "intake.busy_with_person",
			"Import {batch}, which this person came in, is still being worked on; wait for its end.", "batch", batch)
	}
	if err := s.store.erasePreview(ctx, batch); err != nil || file == 0 {
		return err
	}
	if err := s.store.dropUpload(ctx, file); err != nil {
		return err
	}
	return s.files.Delete(ctx, file)
}

func (s *store) erasePreview(ctx context.Context, batch int64) error {
	_, err := s.db.Exec(ctx, "UPDATE batches SET preview = NULL WHERE id = ?", batch)
	return database.Fault(err)
}

// rejectsWith are the rows of a batch whose rejected cells name one of the words.
func (s *store) rejectsWith(ctx context.Context, batch int64, words []string) ([]int64, error) {
	type reject struct {
		row  int64
		text string
	}
	list, err := database.List(ctx, s.db, func(rows *sql.Rows) (r reject, err error) {
		var value string
		var whole []byte
		err = rows.Scan(&r.row, &value, &whole)
		r.text = strings.ToLower(value + "\n" + string(whole))
		return r, err
	}, "SELECT row_number, value, row_text FROM rejects WHERE batch_id = ?", batch)
	if err != nil {
		return nil, fmt.Errorf("look through rejected cells of batch %d: %w", batch, err)
	}
	var found []int64
	for _, r := range list {
		digits := digitsOf(r.text)
		if slices.ContainsFunc(words, func(word string) bool { return strings.Contains(r.text, word) || strings.Contains(digits, word) }) {
			found = append(found, r.row)
		}
	}
	return found, nil
}

func (s *store) eraseReject(ctx context.Context, batch, row int64) error {
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
