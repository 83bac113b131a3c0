// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"context"
	"time"
)

// FactWriter takes in files that are not about customers themselves: transactions, products, campaigns,
// coupons. The order capability implements it.
type FactWriter interface {
	// Begin starts, or goes on with, the loading of a batch.
	Begin(ctx context.Context, batch FactBatch) (FactLoader, error)
	// Undo withdraws what the batch brought and restores what it had replaced. It may be called again
	// after a crash. progress is called inside each of its transactions with the records touched.
	Undo(ctx context.Context, batchID int64, progress func(ctx context.Context, recordIDs []int64) error) error
	// RecordsInUse returns those of the records that facts of other batches hang on.
	RecordsInUse(ctx context.Context, recordIDs []int64, exceptBatchID int64) ([]int64, error)
}

// FactLoader writes the facts of one batch, slice by slice, in the transactions of its caller.
type FactLoader interface {
	// Write takes in one slice; it runs inside a transaction.
	Write(ctx context.Context, facts []Fact) (FactCounts, error)
	// Finish ends a batch that is complete or given up.
	Finish(ctx context.Context) error
}

// FactBatch says which import the facts belong to.
type FactBatch struct {
	ID        int64
	SourceID  int64
	Kind      string // transactions, products, campaigns or coupons
	Currency  string // of amounts whose row names none; "" lets the writer decide
	Location  *time.Location
	IsResumed bool
}

// Fact is one row of such a file: values by field name, and whose it is.
type Fact struct {
	Row      int64
	RecordID int64  // 0 when the row names no customer
	Customer string // the customer's key as the file gives it
	Values   map[string]string
	Extra    string // JSON object of the columns that fill no field, "" for none
}

// FactReject is a row, or a value of it, that was not taken.
type FactReject struct {
	Row                                 int64
	Field, Value, Rule, Message, Remedy string
}

// FactFinding is something noticed about a value that was taken.
type FactFinding struct {
	Row                         int64
	Field, Value, Rule, Message string
}

// FactCounts says what became of the facts of a slice.
type FactCounts struct {
	Created, Updated, Unchanged, Rejected int64
	Rejects                               []FactReject
	Findings                              []FactFinding
	Records                               []int64 // records whose facts changed, for the journal
}
