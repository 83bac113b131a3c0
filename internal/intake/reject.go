// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strconv"

	"dangol/internal/intake/reader"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/journal"
)

// reasonColumns stand behind the original ones in a file of rejects.
var reasonColumns = []string{reasonPrefix + "row", reasonPrefix + "column", reasonPrefix + "rule", reasonPrefix + "reason", reasonPrefix + "remedy"}

// rejectPage is how many rejects are read at once.
const rejectPage = 1000

// ListRejects returns rejects behind a row number.
func (s *Service) ListRejects(ctx context.Context, id, after int64, limit int) ([]Reject, error) {
	b, err := s.Find(ctx, id)
	if err != nil {
		return nil, err
	}
	if b.State == Prepared || b.State == Trying || b.State == Tried {
		if b.Preview == nil || after > 0 {
			return nil, nil
		}
		return b.Preview.Rejects[:min(limit, len(b.Preview.Rejects))], nil
	}
	return s.store.listRejects(ctx, id, after, limit)
}

// WriteRejects writes the rejected rows in the shape of the file, with the reason behind each: mended, the
// file can be imported again. Rows hold personal data in clear, so who takes them is logged.
func (s *Service) WriteRejects(ctx context.Context, id int64, w io.Writer) error {
	b, err := s.Find(ctx, id)
	if err != nil {
		return err
	}
	person := auth.From(ctx)
	if err := s.journal.LogAccess(ctx, journal.AccessEntry{
		ActorID: person.ID, Actor: person.Name, IP: person.Address, Work: "intake.rejects", Purpose: "mend rejected rows",
		SubjectKind: "batch", SubjectIDs: []int64{id}, Count: int(b.Counts.Rejected),
	}); err != nil {
		return err
	}
	out, err := reader.NewWriter(w, reader.WriterOptions{})
	if err != nil {
		return err
	}
	headers := b.Shape.Headers()
	if err := out.Write(append(append([]string(nil), headers...), reasonColumns...)); err != nil {
		return err
	}
	for after := int64(0); ; {
		list, err := s.store.listRejects(ctx, id, after, rejectPage)
		if err != nil {
			return err
		}
		for i := range list {
			if err := out.Write(list[i].line(len(headers))); err != nil {
				return fmt.Errorf("write rejects: %w", err)
			}
			after = list[i].Row
		}
		if len(list) < rejectPage {
			return out.Flush()
		}
	}
}

// line is the reject as a row of the file of rejects.
func (r *Reject) line(columns int) []string {
	var cells []string
	_ = json.Unmarshal(r.cells, &cells) // what we wrote ourselves
	line := make([]string, columns, columns+len(reasonColumns))
	copy(line, cells)
	return append(line, strconv.FormatInt(r.Row, 10), r.Column, r.Rule, r.Message, r.Remedy)
}

// HeadersOf returns the headers of the file of a batch, for the page of a record.
func (s *Service) HeadersOf(ctx context.Context, batchID int64) ([]string, error) {
	if batchID == 0 {
		return nil, nil
	}
	b, err := s.store.find(ctx, batchID)
	if err != nil {
		return nil, err
	}
	return b.Shape.Headers(), nil
}
