// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"context"
	"fmt"
	"time"

	"dangol/internal/customer"
	"dangol/internal/intake/reader"
	"dangol/internal/intake/recognise"
)

const (
	// largestSlice bounds the rows in one transaction, and so the memory of the writer.
	largestSlice  = 50_000
	aloneSlice    = 16_384 // at least, when nobody is there to wait
	smallestSlice = 512
	// alonePace is how long a slice may hold the one writer while nobody else is there: bigger slices
	// write each page of an index fewer times. sharedPace is for when people work, who would feel it.
	alonePace  = 1500 * time.Millisecond
	sharedPace = 60 * time.Millisecond
	// companyFor is how long people count as working after one of them asked for something.
	companyFor = 10 * time.Second
)

// pace decides how many rows the next slice has.
type pace struct {
	rows     int
	lastSeen func() time.Time // when a person last asked for something
}

func newPace(lastSeen func() time.Time) *pace { return &pace{rows: 4096, lastSeen: lastSeen} }

// learn adapts to how long the slice worked.
func (p *pace) learn(worked time.Duration, rows int) {
	target, least := alonePace, float64(aloneSlice)
	if p.lastSeen != nil && time.Since(p.lastSeen()) < companyFor {
		target, least = sharedPace, smallestSlice
	}
	if rows < p.rows/2 || worked <= 0 {
		return // the last slice of a file tells little
	}
	next := float64(rows) * float64(target) / float64(worked)
	// Never more than twice as much: what one slice costs says little about one ten times as big.
	p.rows = int(min(max(next, least), float64(2*p.rows), largestSlice))
}

// runner writes one batch.
type runner struct {
	s        *Service
	batch    *Batch
	plan     *plan
	loader   FactLoader
	records  map[string]int64 // customers of facts already met in this batch, by identity
	fence    func(ctx context.Context) error
	progress func(ctx context.Context, done, total int64)
	pace     *pace

	pending []*chunk
	rows    int
}

// run reads the file from where the batch stands and writes it slice by slice.
func (r *runner) run(ctx context.Context, file rowReader) error {
	p := &pipeline{plan: r.plan, file: file}
	err := p.run(ctx, func(c *chunk) error {
		r.pending = append(r.pending, c)
		r.rows += int(c.result.rows)
		if r.rows < r.pace.rows {
			return nil
		}
		return r.flush(ctx)
	})
	if err != nil {
		return err
	}
	return r.flush(ctx)
}

// flush writes the pending rows together with the position behind them: after a crash the batch goes on
// exactly there.
func (r *runner) flush(ctx context.Context) error {
	if len(r.pending) == 0 {
		return nil
	}
	slice := gather(r.pending)
	var began, ended time.Time
	var counts Counts
	var found map[string]int64
	err := r.s.db.WithinBulk(ctx, func(ctx context.Context) error {
		began = time.Now()
		var err error
		if counts, found, err = r.write(ctx, slice); err != nil {
			return err
		}
		next := *r.batch
		next.Counts.Add(counts)
		next.Position = slice.after
		next.FindingCounts = merged(next.FindingCounts, found)
		if err = r.s.store.saveProgress(ctx, &next); err != nil {
			return err
		}
		ended = time.Now()
		// Last, because on PostgreSQL the fence locks the job's row, and the lease is renewed by another connection.
		return r.fence(ctx)
	})
	if err != nil {
		return fmt.Errorf("write rows up to %d: %w", slice.after.Row, err)
	}
	r.batch.Counts.Add(counts)
	r.batch.Position = slice.after
	r.batch.FindingCounts = merged(r.batch.FindingCounts, found)
	r.pace.learn(ended.Sub(began), r.rows)
	r.pending, r.rows = r.pending[:0], 0
	r.progress(ctx, r.batch.Counts.Rows, max(r.batch.Total, r.batch.Counts.Rows))
	return nil
}

// rowSlice is what one transaction writes.
type rowSlice struct {
	chunkResult
	after reader.Position
}

func gather(chunks []*chunk) *rowSlice {
	s := &rowSlice{after: chunks[len(chunks)-1].after}
	for _, c := range chunks {
		s.rows += c.result.rows
		s.records = append(s.records, c.result.records...)
		s.facts = append(s.facts, c.result.facts...)
		s.rejects = append(s.rejects, c.result.rejects...)
		s.findings += c.result.findings
		s.codes = merged(s.codes, c.result.codes)
	}
	return s
}

func merged(into, from map[string]int64) map[string]int64 {
	if len(from) == 0 {
		return into
	}
	sum := make(map[string]int64, len(into)+len(from))
	for code, n := range into {
		sum[code] = n
	}
	for code, n := range from {
		sum[code] += n
	}
	return sum
}

func (r *runner) write(ctx context.Context, slice *rowSlice) (Counts, map[string]int64, error) {
	counts := Counts{Rows: slice.rows, Rejected: int64(len(slice.rejects)), Findings: slice.findings}
	found := slice.codes
	var err error
	if r.batch.Kind == recognise.Customers {
		err = r.writeCustomers(ctx, slice, &counts, &found)
	} else {
		err = r.writeFacts(ctx, slice, &counts, &found)
	}
	if err != nil {
		return counts, nil, err
	}
	return counts, found, r.s.store.insertRejects(ctx, r.batch.ID, slice.rejects)
}

func (r *runner) writeCustomers(ctx context.Context, slice *rowSlice, counts *Counts, found *map[string]int64) error {
	if len(slice.records) == 0 {
		return nil
	}
	result, err := r.ingest(ctx, slice.records)
	if err != nil {
		return err
	}
	if err := r.keepConsents(ctx, slice.records, result.Outcomes); err != nil {
		return fmt.Errorf("keep consents: %w", err)
	}
	for _, outcome := range result.Outcomes {
		switch outcome {
		case customer.Created:
			counts.Created++
		case customer.Updated:
			counts.Updated++
		case customer.Linked:
			counts.Linked++
		case customer.Unchanged:
			counts.Unchanged++
		}
	}
	counts.Findings += int64(result.Findings)
	for code, n := range result.Codes {
		*found = merged(*found, map[string]int64{code: int64(n)})
	}
	return nil
}

func (r *runner) ingest(ctx context.Context, records []*customer.Record) (customer.SliceResult, error) {
	for _, record := range records {
		record.SourceID = r.batch.SourceID
	}
	return r.s.customers.Ingest(ctx, &customer.Slice{
		SourceID: r.batch.SourceID, SchemeID: r.plan.primaryScheme(), BatchID: r.batch.ID, EntryID: r.batch.EntryID, PersonID: r.batch.PersonID, Records: records,
	})
}
