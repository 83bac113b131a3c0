// SPDX-License-Identifier: Apache-2.0

package journal

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"dangol/internal/platform/database"
)

// Entry is one change of business data.
type Entry struct {
	// Seq is the position in the journal; 0 until the sequencer has numbered the entry.
	Seq int64
	ID  int64
	// At is the time of the transaction; set by Append.
	At time.Time
	// ActorID and Actor say who did it; when both are empty they come from Options.Actor.
	ActorID    int64
	Actor      string
	Capability string
	// Kind is "customer.updated", "campaign.sent"…
	Kind        string
	SubjectKind string
	// SubjectIDs are whose data changed; empty for bulk entries, see Journal.Subjects.
	SubjectIDs []int64
	// RecordID names the source record whose key seals Before and After. 0 seals with the key of the
	// installation, which erasing a person does not destroy: never use it for personal values.
	RecordID int64
	Before   json.RawMessage
	After    json.RawMessage
	// Batch is the import batch that caused the change, or 0.
	Batch int64
	// Rows is the number of row changes that a bulk entry (or the slice of it at hand) owns.
	Rows int
	// IsErased says that Before and After existed and their key is destroyed.
	IsErased bool

	row    int64 // id of the row in the table; differs from ID in later slices of bulk entries
	chunks int
}

// IsBulk reports whether the entry owns chunks of row changes.
func (e Entry) IsBulk() bool { return e.chunks > 0 || e.row != e.ID }

// Change is one row of bulk work. CustomerID is the subject (a customer as a rule), RecordID names the
// key that seals Before and After. Leave After empty where the source record itself says it all.
type Change struct {
	CustomerID int64
	RecordID   int64
	Kind       string
	Before     []byte
	After      []byte
	IsErased   bool
}

// Options tune a journal.
type Options struct {
	// Actor tells who acts in ctx, for entries that do not say.
	Actor func(ctx context.Context) (id int64, name string)
	// Poll is how often work of other processes is looked for; in process everything is woken at once.
	Poll time.Duration
}

const defaultPoll = time.Second

// Journal writes and reads the journal and the access log.
type Journal struct {
	db      *database.DB
	keys    *Keys
	opts    Options
	spool   *spool        // of the access log; nil writes it to the database at once
	unfiled chan struct{} // something was committed and awaits its number

	mu    sync.Mutex
	moved chan struct{} // closed and replaced when the head or a position moves
}

// New makes a journal over a migrated database and its key file.
func New(db *database.DB, keys *Keys, opts Options) *Journal {
	if opts.Poll == 0 {
		opts.Poll = defaultPoll
	}
	return &Journal{db: db, keys: keys, opts: opts, unfiled: make(chan struct{}, 1), moved: make(chan struct{})}
}

// Append writes an entry in the transaction of ctx, which must be open.
func (j *Journal) Append(ctx context.Context, e Entry) error {
	_, err := j.append(ctx, &e)
	return err
}

// AppendID is Append that returns the id of the entry, for undo.
func (j *Journal) AppendID(ctx context.Context, e Entry) (int64, error) { return j.append(ctx, &e) }

func (j *Journal) append(ctx context.Context, e *Entry) (int64, error) {
	if !j.db.InTransaction(ctx) {
		return 0, fmt.Errorf("journal %s: no transaction is open", e.Kind)
	}
	if e.Kind == "" || e.Capability == "" {
		return 0, fmt.Errorf("journal entry without kind or capability: %q %q", e.Kind, e.Capability)
	}
	if e.ActorID == 0 && e.Actor == "" && j.opts.Actor != nil {
		e.ActorID, e.Actor = j.opts.Actor(ctx)
	}
	id, err := j.db.NextID(ctx, "journal")
	if err != nil {
		return 0, fmt.Errorf("journal %s: %w", e.Kind, err)
	}
	e.ID, e.row, e.At = id, id, database.Time(ctx)
	body, err := j.sealEntry(e)
	if err != nil {
		return 0, fmt.Errorf("journal %s: %w", e.Kind, err)
	}
	if err := j.insert(ctx, e, body); err != nil {
		return 0, fmt.Errorf("journal %s: %w", e.Kind, err)
	}
	database.AfterCommit(ctx, j.wakeSequencer)
	return id, nil
}

func (j *Journal) wakeSequencer() {
	select {
	case j.unfiled <- struct{}{}:
	default:
	}
}

// notify wakes everyone who waits for the head or a position to move.
func (j *Journal) notify() {
	j.mu.Lock()
	close(j.moved)
	j.moved = make(chan struct{})
	j.mu.Unlock()
}

func (j *Journal) movement() <-chan struct{} {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.moved
}
