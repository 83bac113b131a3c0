// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	"dangol/internal/customer"
)

// ListRows returns rows of a batch by what became of them, or, after a dry run, what would.
func (s *Service) ListRows(ctx context.Context, id int64, outcome string, after int64, limit int) ([]PreviewRow, string, error) {
	b, err := s.Find(ctx, id)
	if err != nil {
		return nil, "", err
	}
	if b.State == Prepared || b.State == Trying || b.State == Tried {
		return previewed(b.Preview, outcome, after, limit)
	}
	if outcome == "rejected" {
		rejects, err := s.store.listRejects(ctx, id, after, limit)
		rows := make([]PreviewRow, len(rejects))
		for i, r := range rejects {
			rows[i] = rejectedRow(r)
		}
		return rows, nextRow(rows, limit), err
	}
	list, err := s.store.batchRows(ctx, id, outcome, after, limit)
	if err != nil {
		return nil, "", fmt.Errorf("list rows of import %d: %w", id, err)
	}
	rows := make([]PreviewRow, len(list))
	for i, r := range list {
		values, err := customer.ParseValues(r.normal)
		if err != nil {
			return nil, "", err
		}
		became := "linked"
		switch {
		case r.replaces:
			became = "updated"
		case r.reason == "new":
			became = "created"
		}
		rows[i] = recordSample(ctx, &customer.Record{RowNumber: r.number, Values: values, Findings: json.RawMessage(r.findings)}, became)
	}
	return rows, nextRow(rows, limit), nil
}

// previewed pages through what a dry run kept; the cursor is the number of rows shown.
func previewed(p *Preview, outcome string, after int64, limit int) ([]PreviewRow, string, error) {
	if p == nil {
		return nil, "", nil
	}
	var rows []PreviewRow
	for _, row := range p.Rows {
		if outcome == "" || row.Outcome == outcome {
			rows = append(rows, row)
		}
	}
	if outcome == "" || outcome == "rejected" {
		for _, r := range p.Rejects {
			rows = append(rows, rejectedRow(r))
		}
	}
	start := min(int(after), len(rows))
	end := min(start+limit, len(rows))
	next := ""
	if end < len(rows) {
		next = strconv.Itoa(end)
	}
	return rows[start:end], next, nil
}

func nextRow(rows []PreviewRow, limit int) string {
	if len(rows) < limit || len(rows) == 0 {
		return ""
	}
	return strconv.FormatInt(rows[len(rows)-1].Row, 10)
}
