// SPDX-License-Identifier: Apache-2.0

package image

import (
	"context"
	"math/rand/v2"
	"slices"
	"sync"

	"dangol/internal/platform/warehouse"
)

// fake is a warehouse in memory. A missing value is missing, a text a string.
type fake struct {
	mu       sync.Mutex
	spec     Spec
	rows     map[string][][]any // key first, then the columns
	position warehouse.Position
	follower *Image
}

func testSpec() Spec {
	column := func(name, kind string) warehouse.Column { return warehouse.Column{Name: name, Type: kind} }
	return Spec{
		{Name: "people", Role: Subjects, Key: "id", Columns: []warehouse.Column{column("city", "VARCHAR"), column("born", "DATE"), column("rate", "DOUBLE")}},
		{Name: "deeds", Role: Events, Key: "person", Time: "at", Group: "basket", Columns: []warehouse.Column{
			column("at", "TIMESTAMP"), column("basket", "BIGINT"), column("thing", "BIGINT"), column("amount", "BIGINT"),
			column("kind", "VARCHAR"), column("weight", "INTEGER"), column("flag", "BOOLEAN"),
		}},
		{Name: "things", Role: Lookup, Key: "id", Columns: []warehouse.Column{column("sort", "VARCHAR")}},
	}
}

func (s *fake) Position() warehouse.Position { s.mu.Lock(); defer s.mu.Unlock(); return s.position }

func (s *fake) Column(table, column string) (string, bool) {
	t := s.spec.table(table)
	if t < 0 {
		return "", false
	}
	c := s.spec[t].column(column)
	if c < 0 {
		return "BIGINT", column == s.spec[t].Key
	}
	return s.spec[t].Columns[c].Type, true
}

func (s *fake) Hold(_ context.Context, fn func(Reading) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return fn(held{s})
}

func (s *fake) Read(ctx context.Context, table, key string, columns []warehouse.Column, which Which, emit func(int, []Series) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return held{s}.Read(ctx, table, key, columns, which, emit)
}

func (s *fake) Buckets(ctx context.Context, table, key string, from, to int64, n int) ([]Bucket, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return held{s}.Buckets(ctx, table, key, from, to, n)
}

func (s *fake) Bounds(ctx context.Context, table, key string) (from, to int64, ok bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return held{s}.Bounds(ctx, table, key)
}

func (s *fake) Same(ctx context.Context, table string, columns []warehouse.Column) ([]Same, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return held{s}.Same(ctx, table, columns)
}

// held reads while the lock is in other hands.
type held struct{ s *fake }

func (h held) Position() warehouse.Position { return h.s.position }

func (h held) Bounds(_ context.Context, table, _ string) (from, to int64, ok bool, err error) {
	s := h.s
	for _, row := range s.rows[table] {
		if k := row[0].(int64); k != missing {
			if !ok {
				from, to, ok = k, k, true
			}
			from, to = min(from, k), max(to, k)
		}
	}
	return from, to, ok, nil
}

func (h held) Same(_ context.Context, table string, columns []warehouse.Column) ([]Same, error) {
	list := make([]Same, len(columns))
	for i, c := range columns {
		rows, place := h.s.rows[table], h.s.place(table, c.Name)
		if len(rows) == 0 || slices.ContainsFunc(rows, func(row []any) bool { return row[place] != rows[0][place] }) {
			continue
		}
		list[i].IsSame = true
		switch x := rows[0][place].(type) {
		case string:
			list[i].Text = x
		case float64:
			list[i].Decimal = x
		case int64:
			list[i].Whole, list[i].IsMissing = x, x == missing
		}
	}
	return list, nil
}

// place is where a column lies in a row, behind the key.
func (s *fake) place(table, column string) int { return 1 + s.spec[s.spec.table(table)].column(column) }

func (h held) Buckets(_ context.Context, table, _ string, from, to int64, n int) ([]Bucket, error) {
	width := (to-from)/int64(n) + 1
	counts := map[int64]int64{}
	for _, row := range h.s.rows[table] {
		if k := row[0].(int64); k >= from && k <= to {
			counts[(k-from)/width]++
		}
	}
	var list []Bucket
	for i, rows := range counts {
		list = append(list, Bucket{From: from + i*width, To: min(from+i*width+width-1, to), Rows: rows})
	}
	return list, nil
}

func (h held) Read(_ context.Context, table, _ string, columns []warehouse.Column, which Which, emit func(int, []Series) error) error {
	for batch := range slices.Chunk(h.s.rows[table], 7) {
		series := make([]Series, len(columns)+1)
		n := 0
		for _, row := range batch {
			key := row[0].(int64)
			switch {
			case which.All:
			case which.IsNull:
				if key != missing {
					continue
				}
			case which.IDs != nil:
				if _, ok := slices.BinarySearch(which.IDs, key); !ok {
					continue
				}
			case key < which.From || key > which.To || key == missing:
				continue
			}
			series[0].add(n, key, false)
			for i, c := range columns {
				series[i+1].add(n, row[h.s.place(table, c.Name)], c.Type == warehouse.Double)
			}
			n++
		}
		if n > 0 {
			if err := emit(n, series); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Series) add(n int, v any, isDecimal bool) {
	for len(s.Valid) <= n>>3 {
		s.Valid = append(s.Valid, 0)
	}
	if v != int64(missing) {
		s.Valid[n>>3] |= 1 << (n & 7)
	}
	switch x := v.(type) {
	case string:
		if s.Offsets == nil {
			s.Offsets = []int32{0}
		}
		s.Bytes = append(s.Bytes, x...)
		s.Offsets = append(s.Offsets, int32(len(s.Bytes)))
		return
	case float64:
		s.Decimal = append(s.Decimal, x)
		return
	case int64:
		if isDecimal {
			s.Decimal = append(s.Decimal, 0)
			return
		}
		s.Whole = append(s.Whole, x)
		if s.Offsets != nil || len(s.Whole) == n+1 && x == missing {
			if s.Offsets == nil {
				s.Offsets = make([]int32, n+1)
			}
			s.Offsets = append(s.Offsets, int32(len(s.Bytes)))
		}
	}
}

// change replaces the rows of some people and tells the image.
func (s *fake) change(r *rand.Rand, ids []int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, table := range []string{"people", "deeds"} {
		s.rows[table] = slices.DeleteFunc(s.rows[table], func(row []any) bool { return slices.Contains(ids, row[0].(int64)) })
	}
	for _, id := range ids {
		s.person(r, id)
	}
	s.position.Version++
	s.position.Seq++
	if s.follower != nil {
		s.follower.Changed(context.Background(), held{s}, s.position, []Change{{Table: "people", IDs: ids}, {Table: "deeds", IDs: ids}})
	}
}

var cities = []string{"서울", "부산", "", "Daegu", "광주"}

// person makes somebody with some deeds, or nobody.
func (s *fake) person(r *rand.Rand, id int64) {
	or := func(v any) any {
		if r.IntN(7) == 0 {
			return int64(missing)
		}
		return v
	}
	if id != missing && r.IntN(10) > 0 {
		s.rows["people"] = append(s.rows["people"], []any{id, or(cities[r.IntN(len(cities))]), or(int64(r.IntN(30_000) - 10_000)), or(float64(r.IntN(9)) / 4)})
	}
	n := r.IntN(9)
	if r.IntN(60) == 0 {
		n = 700
	}
	for range n {
		s.rows["deeds"] = append(s.rows["deeds"], []any{
			id, or((int64(r.IntN(800)) + 19_000) * microsPerDay / 4 * 4), or(id*10 + int64(r.IntN(4))), or(int64(r.IntN(12))),
			or((int64(r.IntN(400)) - 100) * 50), or([]string{"buy", "return", "call"}[r.IntN(3)]), or(int64(r.IntN(3))), or(int64(r.IntN(2))),
		})
	}
}

func newFake(r *rand.Rand, people int) *fake {
	s := &fake{spec: testSpec(), rows: map[string][][]any{}, position: warehouse.Position{Seq: 1, Version: 1}}
	for id := int64(1); id < 10; id++ {
		s.rows["things"] = append(s.rows["things"], []any{id, cities[int(id)%len(cities)]})
	}
	for id := int64(1); id <= int64(people); id++ {
		s.person(r, id)
	}
	s.person(r, missing)
	return s
}
