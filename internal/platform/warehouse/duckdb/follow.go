// SPDX-License-Identifier: Apache-2.0

package duckdb

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"dangol/internal/platform/journal"
	"dangol/internal/platform/warehouse"
)

// Consumer is the name under which the warehouse reads the journal.
const Consumer = "warehouse"

const (
	// quiet is how long no entry must have come before bulk work is taken in:
	// a running import would be read again and again otherwise.
	quiet = 400 * time.Millisecond
	// patience is how long a running import may keep the warehouse waiting at
	// least; taking in bulk work may cost an eighth of the time, so that slow
	// loads come seldom, but never later than longestPatience.
	patience        = 20 * time.Second
	patienceFactor  = 8
	longestPatience = 10 * time.Minute
	// retryRebuild is the pause after a rebuild that failed.
	retryRebuild = 5 * time.Second
)

// Follow keeps the warehouse up to date until ctx ends: it rebuilds a stale
// one, then takes journal entries in as they are numbered.
func (w *Warehouse) Follow(ctx context.Context, j *journal.Journal) error {
	for w.Stale() != "" {
		slog.Info("warehouse: building", "reason", w.Stale())
		err := w.RebuildFrom(ctx, j, nil)
		if err == nil {
			break
		}
		if ctx.Err() != nil {
			return nil
		}
		slog.Error("warehouse: the rebuild failed and will be tried again", "error", err)
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(retryRebuild):
		}
	}
	if err := w.align(ctx, j); err != nil {
		return err
	}
	go w.tidy(ctx)
	var took time.Duration
	return j.Consume(ctx, Consumer, func(ctx context.Context, entries []journal.Entry) error {
		if !hasBulk(entries) {
			return w.Apply(ctx, w.translate(j, entries))
		}
		w.awaitQuiet(ctx, j, min(max(patience, took*patienceFactor), longestPatience))
		started := time.Now()
		err := w.Apply(ctx, w.translate(j, entries))
		took = time.Since(started)
		return err
	})
}

// RebuildFrom rebuilds as of the journal's head and moves the consumer there.
func (w *Warehouse) RebuildFrom(ctx context.Context, j *journal.Journal, progress Progress) error {
	if err := w.Rebuild(ctx, j.Head, progress); err != nil {
		return err
	}
	return w.align(ctx, j)
}

// CatchUp takes in everything numbered so far; for commands that run without
// a server.
func (w *Warehouse) CatchUp(ctx context.Context, j *journal.Journal) error {
	if w.Stale() != "" {
		return w.RebuildFrom(ctx, j, nil)
	}
	if err := w.align(ctx, j); err != nil {
		return err
	}
	_, err := j.ConsumeOnce(ctx, Consumer, func(ctx context.Context, entries []journal.Entry) error {
		return w.Apply(ctx, w.translate(j, entries))
	})
	return err
}

// align makes the consumer go on where this file ends: the file may be older
// than the system of record (restored) or newer (a crash between both commits).
func (w *Warehouse) align(ctx context.Context, j *journal.Journal) error {
	at, err := j.Position(ctx, Consumer)
	if err != nil {
		return fmt.Errorf("position of the warehouse: %w", err)
	}
	if seq := w.Position().Seq; seq != at {
		return j.SetPosition(ctx, Consumer, seq)
	}
	return nil
}

// Await returns when the warehouse includes the journal entry seq.
func (w *Warehouse) Await(ctx context.Context, j *journal.Journal, seq int64) error {
	if w.Position().Seq >= seq {
		return nil
	}
	return j.Wait(ctx, Consumer, seq)
}

func hasBulk(entries []journal.Entry) bool {
	for _, e := range entries {
		if e.IsBulk() {
			return true
		}
	}
	return false
}

// awaitQuiet waits for the end of a running import, within limits.
func (w *Warehouse) awaitQuiet(ctx context.Context, j *journal.Journal, most time.Duration) {
	until := time.Now().Add(most)
	last := int64(-1)
	for time.Now().Before(until) {
		head, err := j.Head(ctx)
		if err != nil || head == last {
			return
		}
		last = head
		select {
		case <-ctx.Done():
			return
		case <-time.After(quiet):
		}
	}
}

func (w *Warehouse) translate(j *journal.Journal, entries []journal.Entry) []warehouse.Entry {
	list := make([]warehouse.Entry, len(entries))
	for i, e := range entries {
		list[i] = warehouse.Entry{
			Seq: e.Seq, ID: e.ID, Kind: e.Kind, SubjectKind: e.SubjectKind, SubjectIDs: e.SubjectIDs, Batch: e.Batch,
			Bulk: e.IsBulk(),
		}
		if !e.IsBulk() {
			continue
		}
		list[i].Touched = func(ctx context.Context, emit func(subjectID int64) error) error {
			ids, err := j.Subjects(ctx, e)
			if err != nil {
				return err
			}
			for _, id := range ids {
				if err := emit(id); err != nil {
					return err
				}
			}
			return nil
		}
	}
	return list
}
