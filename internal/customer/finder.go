// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"context"
	"encoding/json"
	"time"
)

// Finder answers filters and sorts that no index of the system of record serves; segment implements it
// over the warehouse. All rules are the rule tree of segments.
type Finder interface {
	// FindIDs returns visible customers that answer the question, in its order. Row scope comes from
	// ctx. A question that cannot be understood is fault.Invalid.
	FindIDs(ctx context.Context, question Question) (Answer, error)
	// MatchIDs returns those of the ids that answer the rules now, judged by the system of record.
	MatchIDs(ctx context.Context, rules json.RawMessage, ids []int64) ([]int64, error)
}

// Question is what a list asks of a Finder.
type Question struct {
	Rules json.RawMessage // rule tree; nil is everybody
	Sort  string          // field or attr.<name>; "" is id
	Desc  bool
	// After is the last row of the page before; nil starts at the top. Rows without a value come last.
	After  *Anchor
	Offset int64 // rows to leave out, for jumps of the grid; used when After is nil
	Limit  int
	// CountTo stops counting at this many; 0 does not count.
	CountTo int64
}

// Anchor is a row's place in the order of a list.
type Anchor struct {
	Value any // nil for rows without a value
	ID    int64
}

// Answer is what a Finder found.
type Answer struct {
	IDs    []int64
	Values []any // of the sort field, parallel to IDs
	Total  int64
	Capped bool
	// Pending are customers changed after the data that was asked: they are judged by MatchIDs.
	Pending []int64
	// Seq and AsOf say up to which journal entry, and when, the answer is complete.
	Seq  int64
	AsOf time.Time
}
