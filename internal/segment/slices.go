// SPDX-License-Identifier: Apache-2.0

package segment

import (
	"context"
	"fmt"
	"time"

	"dangol/internal/platform/warehouse"
	"dangol/internal/platform/warehouse/condition"
)

// Tables holds rows of warehouse tables in memory, by key; it is where slices
// come from as long as there is no image.
type Tables struct {
	zone   *time.Location
	tables map[string]*heldTable
}

type heldTable struct {
	columns map[string]int
	types   []string
	key     int
	rows    map[int64][][]condition.Value
}

// NewTables makes an empty holder; zone is where local time is.
func NewTables(zone *time.Location) *Tables {
	return &Tables{zone: zone, tables: map[string]*heldTable{}}
}

// Add makes room for a table.
func (t *Tables) Add(name, key string, columns []warehouse.Column) {
	h := &heldTable{columns: map[string]int{}, rows: map[int64][][]condition.Value{}}
	for i, c := range columns {
		h.columns[c.Name] = i
		h.types = append(h.types, c.Type)
	}
	h.key = h.columns[key]
	t.tables[name] = h
}

// Put adds a row as Load emits it.
func (t *Tables) Put(name string, row ...any) error {
	h := t.tables[name]
	if h == nil || len(row) != len(h.types) {
		return fmt.Errorf("row of %d values does not fit table %s", len(row), name)
	}
	values := make([]condition.Value, len(row))
	for i, v := range row {
		values[i] = condition.Of(h.types[i], v, t.zone)
	}
	key := values[h.key]
	if key.Kind == condition.Whole {
		h.rows[key.Int] = append(h.rows[key.Int], values)
	}
	return nil
}

// load reads the rows of some keys from the system of record.
func (t *Tables) load(ctx context.Context, table warehouse.Table, ids []int64) error {
	columns := append([]warehouse.Column(nil), table.Columns...)
	if table.Extra != nil {
		extra, err := table.Extra(ctx)
		if err != nil {
			return err
		}
		columns = append(columns, extra...)
	}
	t.Add(table.Name, table.Key, columns)
	return table.Load(ctx, ids, func(row ...any) error { return t.Put(table.Name, row...) })
}

// keys lists the different values of a column among the rows held.
func (t *Tables) keys(name, column string) []int64 {
	h := t.tables[name]
	set := map[int64]struct{}{}
	for _, rows := range h.rows {
		for _, row := range rows {
			if v := row[h.columns[column]]; v.Kind == condition.Whole {
				set[v.Int] = struct{}{}
			}
		}
	}
	list := make([]int64, 0, len(set))
	for id := range set {
		list = append(list, id)
	}
	return list
}

// Slice is what the tables know of one customer, as the program reads it; ok
// is false when there is no such customer.
func (t *Tables) Slice(p *Program, customerID int64) (Slice, bool) {
	s := &heldSlice{tables: t, program: p, rows: make([][][]condition.Value, len(p.Reads))}
	for i, r := range p.Reads {
		if h := t.tables[r.Table]; h != nil {
			s.rows[i] = h.rows[customerID]
		}
	}
	return s, len(s.rows[0]) > 0
}

type heldSlice struct {
	tables  *Tables
	program *Program
	rows    [][][]condition.Value
}

// Rows counts the customer's rows of a Read.
func (s *heldSlice) Rows(read int) int { return len(s.rows[read]) }

// Value is one column of one of those rows.
func (s *heldSlice) Value(read, row, column int) condition.Value {
	r := &s.program.Reads[read]
	c := r.Columns[column]
	h := s.tables.tables[r.Table]
	if c.Via == "" {
		return h.value(s.rows[read][row], c.Name)
	}
	via := h.value(s.rows[read][row], c.Via)
	other := s.tables.tables[c.Table]
	if via.Kind != condition.Whole || other == nil || len(other.rows[via.Int]) == 0 {
		return condition.Value{}
	}
	return other.value(other.rows[via.Int][0], c.Name)
}

func (h *heldTable) value(row []condition.Value, name string) condition.Value {
	i, ok := h.columns[name]
	if !ok {
		return condition.Value{}
	}
	return row[i]
}
