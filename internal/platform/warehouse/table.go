// SPDX-License-Identifier: Apache-2.0

package warehouse

import (
	"context"
	"fmt"
	"regexp"
)

// Column types of analytic tables.
const (
	BigInt    = "BIGINT"
	Integer   = "INTEGER"
	Double    = "DOUBLE"
	Varchar   = "VARCHAR"
	Date      = "DATE"
	Timestamp = "TIMESTAMP" // local time of the company's zone
	Boolean   = "BOOLEAN"
)

// Column is one column of an analytic table.
type Column struct {
	Name string
	Type string
}

// Entry is what a table needs to know of one journal entry.
type Entry struct {
	Seq         int64
	ID          int64
	Kind        string
	SubjectKind string
	SubjectIDs  []int64
	Batch       int64
	// Bulk says that the subjects are in chunks; Touched lists them.
	Bulk bool
	// Touched streams the distinct subject ids of a bulk entry.
	Touched func(ctx context.Context, emit func(subjectID int64) error) error
}

// Table is an analytic table that can be rebuilt from the system of record.
type Table struct {
	Name    string
	Columns []Column
	// Key names the column whose rows are replaced together, for example
	// "id" of customers or "customer_id" of order lines.
	Key string
	// Subject is the journal's subject kind that Key holds, for example "customer".
	Subject string
	// Follows lists the journal kinds that may change rows of this table;
	// a trailing ".*" follows all kinds of one capability.
	Follows []string
	// Subjects turns an entry into touched key values, or all; nil means the
	// subjects of entries (bulk or not) whose SubjectKind equals Subject.
	Subjects func(ctx context.Context, e Entry) (ids []int64, all bool, err error)
	// Load streams the current rows of the given key values (nil = all rows)
	// in the order of Columns followed by the columns of Extra. ids are sorted
	// and distinct. Values: int64, int, float64, string, bool, time.Time or nil.
	Load func(ctx context.Context, ids []int64, emit func(row ...any) error) error
	// Parts, when set, splits the loading of all rows into n or fewer pieces
	// that may run at the same time, each on a connection of its own.
	Parts func(ctx context.Context, n int) ([]Part, error)
	// Grows says that Load reads keys that follow one another as fast as it reads
	// all rows: then new keys are added and nothing else is read again.
	Grows bool
	// Extra lists columns known only at run time, such as custom attributes;
	// it is asked before each load, and the table is widened without restart.
	Extra func(ctx context.Context) ([]Column, error)
	// Cluster is the order in which compaction lays rows, for example
	// "customer_id, ordered_at"; empty keeps the order of loading.
	Cluster string
	// Aged names the TIMESTAMP column by which old rows move to the cold tier; empty keeps all rows together.
	Aged string
}

// Part streams a piece of a table.
type Part func(ctx context.Context, emit func(row ...any) error) error

var plainName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// Validate refuses a table whose names could not be used in SQL as they are.
func (t Table) Validate() error {
	if !plainName.MatchString(t.Name) {
		return fmt.Errorf("warehouse table %q: not a plain name", t.Name)
	}
	isKey := false
	for _, c := range t.Columns {
		if !plainName.MatchString(c.Name) {
			return fmt.Errorf("warehouse table %s: column %q is not a plain name", t.Name, c.Name)
		}
		isKey = isKey || c.Name == t.Key
	}
	if !isKey {
		return fmt.Errorf("warehouse table %s: key %q is not among its columns", t.Name, t.Key)
	}
	if t.Aged != "" && (t.Extra != nil || t.Grows) {
		return fmt.Errorf("warehouse table %s: rows that age need fixed columns and are replaced by key", t.Name)
	}
	if t.Load == nil {
		return fmt.Errorf("warehouse table %s: no Load", t.Name)
	}
	return nil
}

// FollowsKind says whether an entry of this kind may change the table.
func (t Table) FollowsKind(kind string) bool {
	for _, f := range t.Follows {
		if f == kind {
			return true
		}
		if n := len(f); n > 2 && f[n-2:] == ".*" && len(kind) >= n-1 && kind[:n-1] == f[:n-1] {
			return true
		}
	}
	return false
}
