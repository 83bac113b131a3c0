// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"time"

	"dangol/internal/intake/reader"
	"dangol/internal/intake/recognise"
	"dangol/internal/platform/fault"
)

// State is where a batch stands.
type State string

// The states of a batch.
const (
	Prepared  State = "prepared"  // file and mapping are there, nothing was written
	Trying    State = "trying"    // dry run is running
	Tried     State = "tried"     // dry run is done
	Running   State = "running"   // import is running or waits for its turn
	Done      State = "done"      // every row was taken or rejected
	Cancelled State = "cancelled" // stopped by a person; what was written stays until undone
	Failed    State = "failed"    // stopped by an error; can be run again or undone
	Undoing   State = "undoing"
	Undone    State = "undone"
)

// Counts is what became of the rows of a batch.
type Counts struct {
	Rows      int64 `json:"rows"`
	Created   int64 `json:"created"`
	Updated   int64 `json:"updated"`
	Linked    int64 `json:"linked"`
	Unchanged int64 `json:"unchanged"`
	Rejected  int64 `json:"rejected"`
	Findings  int64 `json:"findings"`
}

// Add adds other to c.
func (c *Counts) Add(other Counts) {
	c.Rows += other.Rows
	c.Created += other.Created
	c.Updated += other.Updated
	c.Linked += other.Linked
	c.Unchanged += other.Unchanged
	c.Rejected += other.Rejected
	c.Findings += other.Findings
}

// Options are the choices of a person for one batch.
type Options struct {
	Format    string   `json:"format,omitempty"`
	Encoding  string   `json:"encoding,omitempty"`
	Delimiter string   `json:"delimiter,omitempty"`
	HeaderRow int      `json:"header_row,omitempty" doc:"1-based row of the header; -1 when there is none"`
	Sheet     string   `json:"sheet,omitempty"`
	Password  string   `json:"password,omitempty" doc:"of a protected workbook; forgotten when the import is done"`
	Keys      []string `json:"keys,omitempty" doc:"headers of the columns that identify a customer, the strongest first"`
	Currency  string   `json:"currency,omitempty"`
}

func (o Options) reading() reader.Options {
	opts := reader.Options{Format: o.Format, Encoding: o.Encoding, HeaderRow: o.HeaderRow, Sheet: o.Sheet, Password: o.Password}
	if o.Delimiter != "" {
		opts.Delimiter = o.Delimiter[0]
	}
	return opts
}

// Batch is one import of one file.
type Batch struct {
	ID            int64
	SourceID      int64
	Source        string
	SourceLabel   string
	Person        string
	Kind          recognise.Kind
	State         State
	FileID        int64
	FileName      string
	Shape         reader.Shape
	Mapping       recognise.Mapping
	Options       Options
	Total         int64
	Position      reader.Position
	Counts        Counts
	FindingCounts map[string]int64
	Preview       *Preview
	CreatedAt     time.Time
	StartedAt     *time.Time
	FinishedAt    *time.Time
	UndoneAt      *time.Time
	PersonID      int64
	JobID         int64
	Error         string
	EntryID       int64
}

// Seconds is how long the batch ran, or has been running until now.
func (b *Batch) Seconds(now time.Time) float64 {
	if b.StartedAt == nil {
		return 0
	}
	if b.FinishedAt != nil {
		now = *b.FinishedAt
	}
	return now.Sub(*b.StartedAt).Seconds()
}

// Reject is a row that was not taken.
type Reject struct {
	Row     int64  `json:"row"`
	Column  string `json:"column"`
	Value   string `json:"value" doc:"masked where personal"`
	Rule    string `json:"rule"`
	Code    string `json:"code"`
	Message string `json:"message"`
	Remedy  string `json:"remedy,omitempty"`
	cells   []byte // JSON list of the cells as given, redacted
}

// PreviewRow is one row of a dry run.
type PreviewRow struct {
	Row      int64             `json:"row"`
	Outcome  string            `json:"outcome" enum:"created,updated,linked,unchanged,rejected"`
	Values   map[string]string `json:"values" doc:"normalised, masked where personal"`
	Findings []RowFinding      `json:"findings,omitempty"`
}

// RowFinding is a finding of one row.
type RowFinding struct {
	Column   string `json:"column"`
	Value    string `json:"value,omitempty"`
	Rule     string `json:"rule"`
	Code     string `json:"code"`
	Severity string `json:"severity"`
	Message  string `json:"message"`
	Remedy   string `json:"remedy,omitempty"`
}

// Preview is what a dry run found.
type Preview struct {
	Counts        Counts           `json:"counts"`
	FindingCounts map[string]int64 `json:"finding_counts"`
	// IsSampled says that only SampleRows of the rows were tried and the counts are projected from them.
	IsSampled  bool         `json:"is_sampled"`
	SampleRows int64        `json:"sample_rows"`
	Rows       []PreviewRow `json:"rows"`
	Rejects    []Reject     `json:"rejects"`
	Seconds    float64      `json:"seconds"`
}

func errNoBatch(id int64) error {
	return fault.New(fault.NotFound, "intake.no_batch", "There is no import {id}.", "id", id)
}

func errState(b *Batch, want string) error {
	return fault.New(fault.Conflict, "intake.wrong_state",
		"Import {id} is {state}; this can only be done when it is {want}.", "id", b.ID, "state", string(b.State), "want", want)
}
