// SPDX-License-Identifier: Apache-2.0

package journal

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
)

// Filter chooses entries; empty fields choose all. Cursor is the id of the last entry of the page before.
type Filter struct {
	Capability string
	Kind       string
	ActorID    int64
	Batch      int64
	From, To   time.Time
	Cursor     int64
	Limit      int
}

const (
	defaultPage = 50
	largestPage = 1000
)

func pageSize(limit int) int {
	if limit <= 0 {
		return defaultPage
	}
	return min(limit, largestPage)
}

// List returns entries, newest first; slices of bulk entries do not show by themselves.
func (j *Journal) List(ctx context.Context, f Filter) ([]Entry, error) {
	where, args := []string{"bulk_id IS NULL"}, []any{}
	add := func(cond string, arg any, use bool) {
		if use {
			where, args = append(where, cond), append(args, arg)
		}
	}
	add("capability = ?", f.Capability, f.Capability != "")
	add("kind = ?", f.Kind, f.Kind != "")
	add("actor_id = ?", f.ActorID, f.ActorID != 0)
	add("batch = ?", f.Batch, f.Batch != 0)
	add("at >= ?", f.From, !f.From.IsZero())
	add("at < ?", f.To, !f.To.IsZero())
	add("id < ?", f.Cursor, f.Cursor != 0)
	rows, err := database.List(ctx, j.db, scanEntry, "SELECT "+entryColumns+" FROM journal WHERE "+
		strings.Join(where, " AND ")+" ORDER BY id DESC LIMIT ?", append(args, pageSize(f.Limit))...)
	if err != nil {
		return nil, fmt.Errorf("list journal: %w", err)
	}
	return j.open(rows)
}

// Find returns one entry or fault.NotFound.
func (j *Journal) Find(ctx context.Context, id int64) (Entry, error) {
	rows, err := database.List(ctx, j.db, scanEntry, "SELECT "+entryColumns+" FROM journal WHERE id = ?", id)
	if err != nil {
		return Entry{}, fmt.Errorf("find journal entry %d: %w", id, err)
	}
	if len(rows) == 0 {
		return Entry{}, fault.New(fault.NotFound, "journal.no_entry", "There is no journal entry {id}.", "id", id)
	}
	entries, err := j.open(rows)
	if err != nil {
		return Entry{}, err
	}
	return entries[0], nil
}

func (j *Journal) listSlices(ctx context.Context, entryID int64) ([]entryRow, error) {
	rows, err := database.List(ctx, j.db, scanEntry, "SELECT "+entryColumns+" FROM journal WHERE id = ?", entryID)
	if err != nil {
		return nil, fmt.Errorf("find journal entry %d: %w", entryID, err)
	}
	more, err := database.List(ctx, j.db, scanEntry,
		"SELECT "+entryColumns+" FROM journal WHERE bulk_id = ? ORDER BY id", entryID)
	if err != nil {
		return nil, fmt.Errorf("list slices of journal entry %d: %w", entryID, err)
	}
	return append(rows, more...), nil
}

// Subject is what journal entries are about, and the capability that wrote them.
type Subject struct {
	Capability string
	Kind       string
	ID         int64
}

// ListBySubject returns what a capability did to one subject, newest first, rows of bulk entries included:
// those come as an entry of the row's kind with the row's before and after. cursor is the ID of the last
// entry of the page before, 0 for the first page; a page may be a little longer than limit, because
// entries of one bulk entry stay together.
func (j *Journal) ListBySubject(ctx context.Context, about Subject, cursor int64, limit int) ([]Entry, error) {
	limit = pageSize(limit)
	if cursor == 0 {
		cursor = 1<<63 - 1
	}
	rows, err := database.List(ctx, j.db, scanEntry, "SELECT "+entryColumns+` FROM journal WHERE id IN (
			SELECT id FROM (SELECT id FROM journal WHERE subject_id = ? AND subject_kind = ? AND capability = ? AND id < ?
				ORDER BY id DESC LIMIT ?) AS own
			UNION ALL
			SELECT id FROM (SELECT s.entry_id AS id FROM journal_subjects s JOIN journal e ON e.id = s.entry_id
				WHERE s.subject_id = ? AND e.subject_kind = ? AND e.capability = ? AND s.entry_id < ?
				ORDER BY s.entry_id DESC LIMIT ?) AS shared)
		ORDER BY id DESC LIMIT ?`, about.ID, about.Kind, about.Capability, cursor, limit,
		about.ID, about.Kind, about.Capability, cursor, limit, limit)
	if err != nil {
		return nil, fmt.Errorf("list journal of %s %d: %w", about.Kind, about.ID, err)
	}
	entries, err := j.open(rows)
	if err != nil {
		return nil, err
	}
	bulk, err := j.bulkBySubject(ctx, about, cursor)
	if err != nil {
		return nil, fmt.Errorf("list bulk journal of %s %d: %w", about.Kind, about.ID, err)
	}
	entries = append(entries, bulk...)
	slices.SortStableFunc(entries, func(a, b Entry) int { return int(b.ID - a.ID) })
	return cut(entries, limit), nil
}

// cut shortens to limit without parting the rows of one entry.
func cut(entries []Entry, limit int) []Entry {
	for limit < len(entries) && limit > 0 && entries[limit].ID == entries[limit-1].ID {
		limit++
	}
	return entries[:min(limit, len(entries))]
}

// bulkBySubject opens the subject's rows of all bulk entries before cursor.
func (j *Journal) bulkBySubject(ctx context.Context, about Subject, cursor int64) ([]Entry, error) {
	chunks, err := j.chunksWith(ctx, about.Capability, about.ID)
	if err != nil {
		return nil, err
	}
	var entries []Entry
	for _, place := range chunks {
		rows, err := database.List(ctx, j.db, scanEntry, "SELECT "+entryColumns+" FROM journal WHERE id = ?", place.entry)
		if err != nil {
			return nil, err
		}
		if len(rows) == 0 || rows[0].SubjectKind != about.Kind || rows[0].ID >= cursor {
			continue
		}
		body, err := j.chunkBody(ctx, place.id)
		if err != nil {
			return nil, err
		}
		changes, err := j.keys.unpackChunk(place.entry, body, about.ID)
		if err != nil {
			return nil, fmt.Errorf("chunk %d: %w", place.id, err)
		}
		for _, change := range changes {
			entries = append(entries, rows[0].of(change))
		}
	}
	return entries, nil
}

// of is the entry as one of its rows.
func (r entryRow) of(c Change) Entry {
	e := r.Entry
	e.SubjectIDs, e.RecordID, e.Before, e.After = []int64{c.CustomerID}, c.RecordID, c.Before, c.After
	e.IsErased, e.Rows, e.chunks = c.IsErased, 1, 0
	if c.Kind != "" {
		e.Kind = c.Kind
	}
	return e
}
