// SPDX-License-Identifier: Apache-2.0

package image

import (
	"context"

	"dangol/internal/platform/warehouse"
)

// Series is one column of a batch. Whole numbers and µs come as Whole, days,
// booleans and small numbers as Short; texts as Bytes cut by Offsets. It is
// valid during the call only.
type Series struct {
	Whole   []int64
	Short   []int32
	Decimal []float64
	Offsets []int32
	Bytes   []byte
	// Valid has a bit for each value that is there, from bit First on; nil: all are.
	Valid []byte
	First int
}

// Has says whether the value at a place is there.
func (s *Series) Has(i int) bool { return s.has(i) }

// Number is the whole number, day or moment at a place.
func (s *Series) Number(i int) int64 {
	if len(s.Short) > 0 {
		return int64(s.Short[i])
	}
	return s.Whole[i]
}

func (s *Series) has(i int) bool {
	if s.Valid == nil {
		return true
	}
	i += s.First
	return s.Valid[i>>3]>>(i&7)&1 != 0
}

// Same is the one value that all rows of a table have in a column.
type Same struct {
	IsSame, IsMissing bool
	Whole             int64
	Decimal           float64
	Text              string
}

// Which chooses rows by the key of a table: a range, a list, or those without.
type Which struct {
	From, To int64
	IDs      []int64
	IsNull   bool
	All      bool
}

// Bucket counts the rows whose keys lie in a range.
type Bucket struct{ From, To, Rows int64 }

// Reading reads the warehouse.
type Reading interface {
	// Position is what the rows read include, if nothing changes meanwhile.
	Position() warehouse.Position
	// Read streams the key and the columns of rows, in any order.
	Read(ctx context.Context, table, key string, columns []warehouse.Column, which Which, emit func(rows int, columns []Series) error) error
	// Same finds the columns that have one value in all rows, as currencies and
	// whatever a company does not keep do; they need not be read.
	Same(ctx context.Context, table string, columns []warehouse.Column) ([]Same, error)
	// Buckets counts rows by ranges of the key, at most n ranges between from and to.
	Buckets(ctx context.Context, table, key string, from, to int64, n int) ([]Bucket, error)
	// Bounds are the least and the greatest key; ok is false without rows.
	Bounds(ctx context.Context, table, key string) (from, to int64, ok bool, err error)
}

// Source is the warehouse that the image is made of.
type Source interface {
	Reading
	// Hold keeps the warehouse as it is while fn reads it.
	Hold(ctx context.Context, fn func(Reading) error) error
	// Column says whether a table has a column at this moment, and its type.
	Column(table, column string) (kind string, ok bool)
}
