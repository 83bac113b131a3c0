// SPDX-License-Identifier: Apache-2.0

package journal

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"dangol/internal/platform/fault"
)

const (
	// consumeBatch is the most entries a consumer gets at once.
	consumeBatch = 500
	firstRetry   = 100 * time.Millisecond
	lastRetry    = 30 * time.Second
)

// Head returns the number of the last entry.
func (j *Journal) Head(ctx context.Context) (int64, error) {
	seq, _, err := j.headOf(ctx, "journal")
	return seq, err
}

// Position returns the number of the last entry that the consumer has finished.
func (j *Journal) Position(ctx context.Context, name string) (int64, error) {
	return j.position(ctx, name)
}

// SetPosition moves a consumer, for one that has loaded everything anew as of seq.
func (j *Journal) SetPosition(ctx context.Context, name string, seq int64) error {
	if err := j.setPosition(ctx, name, seq); err != nil {
		return err
	}
	j.notify()
	return nil
}

// Consume hands numbered entries to fn in order until ctx ends, and keeps the position under name. fn
// gets entries again after a crash or an error of its own, so it must be idempotent; after an error it
// is tried again with growing pauses. One goroutine per name.
func (j *Journal) Consume(ctx context.Context, name string, fn func(ctx context.Context, entries []Entry) error) error {
	pause := firstRetry
	for ctx.Err() == nil {
		moved := j.movement()
		_, err := j.ConsumeOnce(ctx, name, fn)
		var wait <-chan time.Time
		switch {
		case err == nil:
			pause = firstRetry
			wait = time.After(j.opts.Poll)
		case ctx.Err() != nil:
			return nil
		default:
			slog.Error("journal: consumer failed and will try again", "consumer", name, "pause", pause, "error", err)
			moved, wait = nil, time.After(pause)
			pause = min(pause*2, lastRetry)
		}
		select {
		case <-ctx.Done():
		case <-moved:
		case <-wait:
		}
	}
	return nil
}

// ConsumeOnce hands everything numbered so far to fn and returns the position reached.
func (j *Journal) ConsumeOnce(ctx context.Context, name string, fn func(ctx context.Context, entries []Entry) error) (int64, error) {
	at, err := j.position(ctx, name)
	if err != nil {
		return 0, fmt.Errorf("position of %s: %w", name, err)
	}
	for {
		rows, err := j.listNumbered(ctx, at, consumeBatch)
		if err != nil {
			return at, fmt.Errorf("read journal for %s: %w", name, err)
		}
		if len(rows) == 0 {
			return at, nil
		}
		entries, err := j.open(rows)
		if err != nil {
			return at, err
		}
		if err := guarded(ctx, entries, fn); err != nil {
			return at, fmt.Errorf("consumer %s after %d: %w", name, at, err)
		}
		at = rows[len(rows)-1].Seq
		if err := j.advance(ctx, name, at); err != nil {
			return at, fmt.Errorf("save position of %s: %w", name, err)
		}
		j.notify()
	}
}

// guarded turns a panic of a consumer into an error: one consumer must not stop the product.
func guarded(ctx context.Context, entries []Entry, fn func(context.Context, []Entry) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return fn(ctx, entries)
}

func (j *Journal) open(rows []entryRow) ([]Entry, error) {
	entries := make([]Entry, len(rows))
	for i := range rows {
		if err := j.openEntry(&rows[i].Entry, rows[i].body); err != nil {
			return nil, err
		}
		entries[i] = rows[i].Entry
	}
	return entries, nil
}

// Wait returns when the consumer has finished the entry seq, or with the error of ctx.
func (j *Journal) Wait(ctx context.Context, name string, seq int64) error {
	for {
		moved := j.movement()
		at, err := j.position(ctx, name)
		if err != nil {
			return err
		}
		if at >= seq {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-moved:
		case <-time.After(j.opts.Poll):
		}
	}
}

// Subjects returns whose data an entry (of bulk work: the slice at hand) touches, sorted.
func (j *Journal) Subjects(ctx context.Context, e Entry) ([]int64, error) {
	if e.chunks == 0 {
		return e.SubjectIDs, nil
	}
	var ids []int64
	err := j.eachChunk(ctx, e.row, func(c storedChunk) error {
		some, err := unpackIDs(c.subjects)
		ids = append(ids, some...)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("subjects of entry %d: %w", e.ID, err)
	}
	packed, _, _ := packIDs(ids)
	return unpackIDs(packed)
}

// Changes hands the row changes of the slice at hand to fn, chunk by chunk in the order written.
func (j *Journal) Changes(ctx context.Context, e Entry, fn func([]Change) error) error {
	return j.eachChunk(ctx, e.row, func(c storedChunk) error {
		changes, err := j.keys.unpackChunk(c.entry, c.body, 0)
		if err != nil {
			return fmt.Errorf("chunk %d: %w", c.id, err)
		}
		return fn(changes)
	})
}

// BulkChanges hands all row changes of a bulk entry with all its slices to fn, for undo.
func (j *Journal) BulkChanges(ctx context.Context, entryID int64, fn func([]Change) error) error {
	slices, err := j.listSlices(ctx, entryID)
	if err != nil {
		return err
	}
	if len(slices) == 0 {
		return fault.New(fault.NotFound, "journal.no_entry", "There is no journal entry {id}.", "id", entryID)
	}
	for _, s := range slices {
		if err := j.Changes(ctx, s.Entry, fn); err != nil {
			return err
		}
	}
	return nil
}

// chunkPage bounds the memory of reading a bulk entry.
const chunkPage = 16

func (j *Journal) eachChunk(ctx context.Context, row int64, fn func(storedChunk) error) error {
	var after int64
	for {
		page, err := j.listChunks(ctx, row, after, chunkPage)
		if err != nil {
			return err
		}
		for _, c := range page {
			if err := fn(c); err != nil {
				return err
			}
			after = c.id
		}
		if len(page) < chunkPage {
			return nil
		}
	}
}
