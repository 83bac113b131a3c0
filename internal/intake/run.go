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
	// largestSlice bounds the rows that are worked on at once, and so the memory of the writer.
	largestSlice  = 50_000
	aloneSlice    = 16_384 // at least, when nobody is there to wait
	smallestSlice = 256
	// alonePace is how long a slice may hold the one writer while nobody else is there: bigger slices
	// write each page of an index fewer times. sharedPace is for when people work, who would feel it.
	alonePace  = 1500 * time.Millisecond
	sharedPace = 30 * time.Millisecond
	// companyFor is how long people count as working after one of them asked for something.
	companyFor = 10 * time.Second

	// Slices of customers share a transaction while nobody is there: each page of an index is then written
	// once for a hundred thousand rows. The first person to wait ends it, after the slice at hand.
	chainedPace  = 500 * time.Millisecond
	chainedSlice = 4096 // at least
	chainRows    = 120_000
	chainTime    = 6 * time.Second
	// readAhead is how many chunks of rows wait for the writer.
	readAhead = 96
	// chainWait is how long an open transaction waits for the next slice to be read.
	chainWait = 50 * time.Millisecond
	// bulkCacheMB holds the pages that such a transaction touches: those that do not fit are written twice.
	bulkCacheMB = 320
	// roomRows is the size of an import from which on memory is given back when it ends.
	roomRows = 10_000
	// bulkGCPercent trades memory for time while a large file is read: what is alive is the rows on their
	// way, about 100 MB, and what dies are the rows written.
	bulkGCPercent = 200
)

// pace decides how many rows the next slice has.
type pace struct {
	rows     int
	chains   bool             // slices share transactions
	lastSeen func() time.Time // when a person last asked for something
}

func newPace(lastSeen func() time.Time) *pace { return &pace{rows: 4096, lastSeen: lastSeen} }

func (p *pace) isAlone() bool { return p.lastSeen == nil || time.Since(p.lastSeen()) >= companyFor }

// learn adapts to how long the slice worked.
func (p *pace) learn(worked time.Duration, rows int) {
	target, least := alonePace, float64(aloneSlice)
	switch {
	case !p.isAlone():
		target, least = sharedPace, smallestSlice
	case p.chains:
		target, least = chainedPace, chainedSlice
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
}

// run reads the file from where the batch stands and writes it slice by slice; reading goes on while a
// slice is written.
func (r *runner) run(ctx context.Context, file rowReader) error {
	r.pace.chains = r.loader == nil
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	ready := make(chan *chunk, readAhead)
	read := make(chan error, 1)
	go func() {
		defer close(ready)
		p := &pipeline{plan: r.plan, file: file}
		read <- p.run(ctx, func(c *chunk) error {
			select {
			case ready <- c:
				return nil
			case <-ctx.Done():
				return context.Cause(ctx)
			}
		})
	}()
	var err error
	for slice := r.gather(ready, nil); slice != nil; slice = r.gather(ready, nil) {
		if err = r.flush(ctx, slice, ready); err != nil {
			stop(err)
			break
		}
	}
	for range ready { // nobody reads the file after run has returned
	}
	if readErr := <-read; err == nil {
		err = readErr
	}
	return err
}

// gather returns the next slice: as many rows as the pace allows, or those there are when they end or are
// late; nil when there are none.
func (r *runner) gather(ready <-chan *chunk, late <-chan time.Time) *rowSlice {
	var chunks []*chunk
	for rows := 0; rows < r.pace.rows; {
		select {
		case c := <-ready:
			if c == nil {
				return joined(chunks)
			}
			chunks = append(chunks, c)
			rows += int(c.result.rows)
		case <-late:
			return joined(chunks)
		}
	}
	return joined(chunks)
}

// flush writes a slice, and those that may join it, together with the position behind them: after a crash
// the batch goes on exactly there.
func (r *runner) flush(ctx context.Context, first *rowSlice, ready <-chan *chunk) error {
	var next Batch
	var began time.Time
	err := r.s.db.WithinBulk(ctx, func(ctx context.Context) error {
		next = *r.batch
		began = time.Now()
		for slice := first; slice != nil; slice = r.another(ctx, next.Position.Row-r.batch.Position.Row, began, ready) {
			started := time.Now()
			counts, found, err := r.write(ctx, slice)
			if err != nil {
				return fmt.Errorf("write rows up to %d: %w", slice.after.Row, err)
			}
			next.Counts.Add(counts)
			next.Position = slice.after
			next.FindingCounts = merged(next.FindingCounts, found)
			if r.pace.isAlone() {
				r.pace.learn(time.Since(started), int(slice.rows))
			}
		}
		if err := r.s.store.saveProgress(ctx, &next); err != nil {
			return err
		}
		// Last, because on PostgreSQL the fence locks the job's row, and the lease is renewed by another connection.
		return r.fence(ctx)
	})
	if err != nil {
		return err
	}
	if rows := next.Position.Row - r.batch.Position.Row; !r.pace.isAlone() {
		// People wait for all of it: the INSERTs that ran on, and the sync.
		r.pace.learn(time.Since(began), rows)
	}
	r.batch.Counts, r.batch.Position, r.batch.FindingCounts = next.Counts, next.Position, next.FindingCounts
	r.progress(ctx, r.batch.Counts.Rows, max(r.batch.Total, r.batch.Counts.Rows))
	return nil
}

// another returns the slice that joins the open transaction, nil when it is time to end it.
func (r *runner) another(ctx context.Context, rows int, began time.Time, ready <-chan *chunk) *rowSlice {
	if !r.pace.chains || !r.pace.isAlone() || rows >= chainRows || time.Since(began) >= chainTime ||
		r.s.db.PeopleWait() || ctx.Err() != nil {
		return nil
	}
	late := time.NewTimer(chainWait)
	defer late.Stop()
	return r.gather(ready, late.C)
}

// rowSlice is a number of rows that are written together.
type rowSlice struct {
	chunkResult
	after reader.Position
}

func joined(chunks []*chunk) *rowSlice {
	if len(chunks) == 0 {
		return nil
	}
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
