// SPDX-License-Identifier: Apache-2.0

package image

import (
	"context"
	"slices"

	"dangol/internal/platform/warehouse"
)

// Role says how the rows of a table belong to subjects.
type Role uint8

// Roles of tables.
const (
	Subjects Role = iota + 1 // one row for each subject that counts
	Profile                  // at most one row for a subject
	Events                   // any number of rows for a subject
	Lookup                   // rows that columns of events name by key
)

// Table is what the image keeps of a warehouse table.
type Table struct {
	Name string
	Role Role
	// Key holds the subject, or the key of a look-up.
	Key string
	// Time is what the rows of a subject are sorted by, then Group.
	Time, Group string
	Columns     []warehouse.Column
}

// Spec is everything the image keeps; the table of subjects comes first.
type Spec []Table

const (
	// mostColumns bounds a table: ten thousand attributes are not all kept;
	// questions about the rest go to the warehouse.
	mostColumns = 500
	// mostTexts is how many different texts a column may hold; names and the
	// like are left to the warehouse.
	mostTexts = 1 << 16
)

// SpecOf finds what the cubes can be asked for. has tells the type of a column
// that exists at this moment.
func SpecOf(ctx context.Context, cubes []warehouse.Cube, has func(table, column string) (string, bool)) Spec {
	var spec Spec
	joined := map[string]bool{}
	for _, c := range cubes {
		if c.Customer == "" || c.IsCustomers || c.Profile {
			continue
		}
		for _, j := range c.Joins {
			joined[j.Cube] = true
		}
	}
	for _, c := range cubes {
		t := Table{Name: c.Table, Key: c.Customer}
		switch {
		case c.IsCustomers:
			t.Role, t.Key = Subjects, c.Key
		case c.Profile:
			t.Role = Profile
		case c.Customer != "":
			t.Role, t.Time = Events, c.Time
			if len(c.Events) > 0 {
				t.Group = c.Events[0].CountBy
			}
		case joined[c.Name]:
			t.Role, t.Key = Lookup, c.Key
		default:
			continue
		}
		if kind, ok := has(t.Name, t.Key); !ok || kind != warehouse.BigInt {
			continue
		}
		for _, name := range columnsOf(ctx, &c) {
			kind, ok := has(t.Name, name)
			if ok && name != t.Key && isKept(kind) && len(t.Columns) < mostColumns {
				t.Columns = append(t.Columns, warehouse.Column{Name: name, Type: kind})
			}
		}
		if t.Role == Subjects {
			spec = append(Spec{t}, spec...)
		} else {
			spec = append(spec, t)
		}
	}
	return spec
}

func isKept(kind string) bool {
	switch kind {
	case warehouse.BigInt, warehouse.Integer, warehouse.Double, warehouse.Varchar, warehouse.Date, warehouse.Timestamp, warehouse.Boolean:
		return true
	}
	return false
}

// columnsOf lists the columns that questions about a cube read.
func columnsOf(ctx context.Context, c *warehouse.Cube) []string {
	var list []string
	add := func(names ...string) {
		for _, name := range names {
			if name != "" && !slices.Contains(list, name) {
				list = append(list, name)
			}
		}
	}
	when := func(conditions []warehouse.Condition) {
		for _, w := range conditions {
			add(w.Column)
		}
	}
	add(c.Time)
	dimensions := c.Dimensions
	if c.Extra != nil {
		dimensions = append(slices.Clone(dimensions), c.Extra(ctx)...)
	}
	for i := range dimensions {
		d := &dimensions[i]
		add(d.Column, d.Month, d.MonthDay)
	}
	for i := range c.Measures {
		m := &c.Measures[i]
		add(m.Column, m.Flag, m.Currency)
		when(m.Where)
	}
	for i := range c.Events {
		e := &c.Events[i]
		add(e.CountBy, e.CountFlag, e.Currency)
		when(e.Base)
		when(e.Counted)
		for _, s := range e.Sums {
			add(s.Column)
		}
	}
	for _, j := range c.Joins {
		add(j.Column)
	}
	return list
}

func (s Spec) table(name string) int {
	return slices.IndexFunc(s, func(t Table) bool { return t.Name == name })
}

func (t *Table) column(name string) int {
	return slices.IndexFunc(t.Columns, func(c warehouse.Column) bool { return c.Name == name })
}
