// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"context"
	"errors"
	"fmt"

	"dangol/internal/customer"
	"dangol/internal/intake/reader"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
)

// writeFacts finds or makes the customers of the rows, then hands the rows to whoever keeps such facts.
func (r *runner) writeFacts(ctx context.Context, slice *rowSlice, counts *Counts, found *map[string]int64) error {
	if err := r.resolve(ctx, slice.facts); err != nil {
		return fmt.Errorf("find the customers of the rows: %w", err)
	}
	facts := make([]Fact, len(slice.facts))
	byRow := make(map[int64]*factRow, len(slice.facts))
	for i := range slice.facts {
		row := &slice.facts[i]
		if row.record != nil {
			row.fact.RecordID = row.record.ID
		}
		facts[i] = row.fact
		byRow[row.fact.Row] = row
	}
	written, err := r.loader.Write(ctx, facts)
	if err != nil {
		return err
	}
	counts.Created += written.Created
	counts.Updated += written.Updated
	counts.Unchanged += written.Unchanged
	counts.Rejected += written.Rejected
	counts.Findings += int64(len(written.Findings))
	codes := map[string]int64{}
	for _, f := range written.Findings {
		codes[f.Rule]++
	}
	*found = merged(*found, codes)
	r.rejectFacts(slice, written.Rejects, byRow)
	return r.logFacts(ctx, written.Records)
}

func (r *runner) rejectFacts(slice *rowSlice, rejects []FactReject, byRow map[int64]*factRow) {
	for _, reject := range rejects {
		row := byRow[reject.Row]
		if row == nil {
			continue
		}
		slice.rejects = append(slice.rejects, Reject{
			Row: reject.Row, Column: r.plan.headerOf(reject.Field), Value: shorten(reject.Value), Rule: reject.Rule,
			Code: reject.Rule, Message: reject.Message, Remedy: reject.Remedy, cells: row.given,
		})
	}
}

// logFacts notes the customers whose facts changed.
func (r *runner) logFacts(ctx context.Context, records []int64) error {
	if len(records) == 0 {
		return nil
	}
	owners, err := r.s.customers.OwnersOf(ctx, records)
	if err != nil {
		return err
	}
	changes := make([]journal.Change, len(records))
	for i, id := range records {
		changes[i] = journal.Change{CustomerID: owners[id], RecordID: id, Kind: string(r.batch.Kind) + ".imported"}
	}
	return r.s.journal.AppendChunks(ctx, r.batch.EntryID, changes)
}

// resolve gives every fact the record it hangs on: one that holds its key, of whatever source, else a
// record made of what the row says about the customer.
func (r *runner) resolve(ctx context.Context, rows []factRow) error {
	var open []*customer.Record
	first := map[string]*customer.Record{}
	for i := range rows {
		record := rows[i].record
		if record == nil {
			continue
		}
		id := customer.Identity(record)
		if known := r.records[id]; known != 0 {
			record.ID = known
			continue
		}
		if earlier := first[id]; earlier != nil {
			rows[i].record = earlier
			continue
		}
		first[id] = record
		open = append(open, record)
	}
	missing, err := r.s.customers.FindHolders(ctx, open)
	if err != nil {
		return err
	}
	if len(missing) > 0 {
		if _, err := r.ingest(ctx, missing); err != nil {
			return err
		}
	}
	// Only a committed record may be remembered for the next slices.
	database.AfterCommit(ctx, func() {
		if len(r.records) > recordCacheLimit {
			clear(r.records)
		}
		for id, record := range first {
			r.records[id] = record.ID
		}
	})
	return nil
}

// recordCacheLimit bounds the customers remembered while facts come in, about 100 bytes each.
const recordCacheLimit = 1_000_000

// explain turns what stopped a run into the message that stays with the batch.
func explain(err error) string {
	if f, ok := fault.As(err); ok {
		return f.Message
	}
	var bad *reader.RowError
	if errors.As(err, &bad) {
		return bad.Message
	}
	return "The import stopped because of an unexpected error: " + err.Error()
}
