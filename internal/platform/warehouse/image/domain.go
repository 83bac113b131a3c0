// SPDX-License-Identifier: Apache-2.0

package image

import (
	"math"
	"time"

	"dangol/internal/platform/warehouse"
)

// Dim is something to group by: a column of the rows, of a table they name by
// key (Via, Lookup), or of the subject (Table is one of Subjects or Profile).
type Dim struct {
	Table, Column string
	Via, Lookup   string
	// Unit derives years, months and so on from a day or time.
	Unit warehouse.Unit
	// Scale divides whole numbers, such as months into years (12).
	Scale int64
	// Bands are closed ranges that stand for their places 0, 1, …
	Bands [][2]int64
}

// Missing is the key of a cell whose dimension has no value.
const Missing = missing

const (
	// mostCodes bounds the values of one dimension, mostCells their product.
	mostCodes = 1 << 20
	mostCells = 1 << 21
)

// domain numbers the values of a dimension: code 0 is missing.
type domain struct {
	size   int
	value  func(code int) int64
	perDay bool // values are µs and looked up by their day
	low    int64
	table  []uint32
	fn     func(x int64) uint32
	texts  []string
}

func (d *domain) code(x int64) uint32 {
	if x == missing {
		return 0
	}
	if d.fn != nil {
		return d.fn(x)
	}
	if d.perDay {
		x = floorDiv(x, microsPerDay)
	}
	if i := uint64(x - d.low); i < uint64(len(d.table)) { //nolint:gosec // below becomes huge
		return d.table[i]
	}
	return 0
}

// bounds are the least and the greatest value of a column.
func (s *Snapshot) bounds(table, column int) (low, high int64) {
	low, high = math.MaxInt64, math.MinInt64
	for _, u := range s.all() {
		v := &u.tables[table].columns[column]
		low, high = min(low, v.low), max(high, v.high)
	}
	return low, high
}

// domainOf numbers the values of a dimension.
func (s *Snapshot) domainOf(table int, d *Dim) (*domain, int, error) {
	if d.Lookup != "" {
		return s.domainOfLookup(table, d)
	}
	c, err := s.wholeColumn(table, d.Column)
	if err != nil {
		return nil, 0, err
	}
	kind := s.spec[table].Columns[c].Type
	if kind == warehouse.Varchar {
		texts := s.texts[table][c]
		out := &domain{size: len(texts) + 1, texts: texts, table: make([]uint32, len(texts)), value: func(code int) int64 { return int64(code - 1) }}
		for i := range out.table {
			out.table[i] = uint32(i + 1) //nolint:gosec // at most mostTexts
		}
		return out, c, nil
	}
	low, high := s.bounds(table, c)
	out, err := numberDomain(d, kind == warehouse.Timestamp, low, high)
	return out, c, err
}

// numberDomain numbers what whole values low…high come to.
func numberDomain(d *Dim, isTime bool, low, high int64) (*domain, error) {
	if low > high {
		return &domain{size: 1, fn: func(int64) uint32 { return 0 }, value: func(int) int64 { return missing }}, nil
	}
	if d.Unit == warehouse.UnitHour {
		return &domain{size: 25, value: func(code int) int64 { return int64(code - 1) }, fn: func(x int64) uint32 {
			return uint32(floorDiv(x, microsPerDay/24)-24*floorDiv(x, microsPerDay)) + 1 //nolint:gosec // 1…24
		}}, nil
	}
	bucket := d.bucket()
	out := &domain{perDay: isTime}
	if isTime {
		low, high = floorDiv(low, microsPerDay), floorDiv(high, microsPerDay)
		if d.Unit == warehouse.UnitNone {
			return nil, unsupported("moments are not grouped by")
		}
	}
	if uint64(high)-uint64(low) >= widestTable {
		return nil, unsupported("%s has too wide a range to group by", d.Column)
	}
	out.low, out.table = low, make([]uint32, high-low+1)
	least, most := int64(math.MaxInt64), int64(math.MinInt64)
	for i := range out.table {
		if b := bucket(low + int64(i)); b != missing {
			least, most = min(least, b), max(most, b)
		}
	}
	step := int64(1)
	if d.Unit == warehouse.UnitWeek {
		step = 7
	}
	out.value = func(code int) int64 { return least + int64(code-1)*step }
	if least > most {
		out.size = 1
		return out, nil
	}
	out.size = int((most-least)/step) + 2
	if out.size > mostCodes {
		return nil, unsupported("%s has too many different values to group by", d.Column)
	}
	for i := range out.table {
		if b := bucket(low + int64(i)); b != missing {
			out.table[i] = uint32((b-least)/step) + 1 //nolint:gosec // below size
		}
	}
	return out, nil
}

// bucket is what a whole number, or a day, comes to.
func (d *Dim) bucket() func(x int64) int64 {
	switch d.Unit {
	case warehouse.UnitYear, warehouse.UnitQuarter, warehouse.UnitMonth:
		per := map[warehouse.Unit]int64{warehouse.UnitYear: 12, warehouse.UnitQuarter: 3, warehouse.UnitMonth: 1}[d.Unit]
		return func(day int64) int64 {
			at := time.Unix(day*86_400, 0).UTC()
			return floorDiv(int64(at.Year())*12+int64(at.Month())-1, per)
		}
	case warehouse.UnitWeek: // its Monday: day 0 is a Thursday
		return func(day int64) int64 { return day - floorMod(day+3, 7) }
	case warehouse.UnitWeekday:
		return func(day int64) int64 { return floorMod(day+3, 7) + 1 }
	}
	if len(d.Bands) > 0 {
		return func(x int64) int64 {
			for i, b := range d.Bands {
				if x >= b[0] && x <= b[1] {
					return int64(i)
				}
			}
			return missing
		}
	}
	if d.Scale > 1 {
		return func(x int64) int64 { return floorDiv(x, d.Scale) }
	}
	return func(x int64) int64 { return x }
}

func floorMod(a, b int64) int64 { return a - b*floorDiv(a, b) }

// domainOfLookup numbers the values that a key leads to.
func (s *Snapshot) domainOfLookup(table int, d *Dim) (*domain, int, error) {
	via, err := s.wholeColumn(table, d.Via)
	if err != nil {
		return nil, 0, err
	}
	t := s.spec.table(d.Lookup)
	l := s.lookups[d.Lookup]
	if t < 0 || l == nil {
		return nil, 0, unsupported("the table %s is not kept", d.Lookup)
	}
	c, err := s.wholeColumn(t, d.Column)
	if err != nil {
		return nil, 0, err
	}
	low, high := int64(math.MaxInt64), int64(math.MinInt64)
	l.each(func(_ int64, row int) {
		if x := l.columns[c][row]; x != missing {
			low, high = min(low, x), max(high, x)
		}
	})
	var of *domain
	if s.spec[t].Columns[c].Type == warehouse.Varchar {
		texts := s.texts[t][c]
		of = &domain{size: len(texts) + 1, texts: texts, value: func(code int) int64 { return int64(code - 1) }}
		of.fn = func(x int64) uint32 { return uint32(x) + 1 } //nolint:gosec // a number of a text
	} else if of, err = numberDomain(d, s.spec[t].Columns[c].Type == warehouse.Timestamp, low, high); err != nil {
		return nil, 0, err
	}
	out := &domain{size: of.size, value: of.value, texts: of.texts}
	if uint64(l.high)-uint64(l.low) < widestTable {
		out.low = l.low
		if len(l.keys) > 0 {
			out.table = make([]uint32, l.high-l.low+1)
		}
		l.each(func(key int64, row int) { out.table[key-l.low] = of.code(l.columns[c][row]) })
		return out, via, nil
	}
	out.fn = func(x int64) uint32 {
		row, ok := l.keys[x]
		if !ok {
			return 0
		}
		return of.code(l.columns[c][row])
	}
	return out, via, nil
}

// add adds stride × code to the cells of rows.
func (d *domain) add(f *frame, v *vec, parts []stretch, cells []uint32, stride uint32) {
	switch {
	case v.bits == 0:
		if x := d.code(v.constant()) * stride; x != 0 {
			for _, p := range parts {
				part := cells[p.from:p.to]
				for i := range part {
					part[i] += x
				}
			}
		}
	case v.bits <= 8:
		var table [256]uint32
		for code := uint64(0); code <= v.most; code++ {
			table[code] = d.code(v.value(code)) * stride
		}
		buffer := f.mask(len(cells))
		for _, p := range parts {
			part := cells[p.from:p.to]
			for i, c := range v.bytes(buffer, p.from, p.to)[p.from:p.to] {
				part[i] += table[c]
			}
		}
		f.give(buffer)
	case v.bits == 16 && d.fn == nil && !d.perDay && !v.hasMissing:
		base, step := v.base-d.low, v.step
		for _, p := range parts {
			part := cells[p.from:p.to]
			for i, c := range cast[uint16](v.data)[p.from:p.to] {
				if j := uint64(base + step*int64(c)); j < uint64(len(d.table)) { //nolint:gosec // below becomes huge
					part[i] += d.table[j] * stride
				}
			}
		}
	default:
		for _, p := range parts {
			for i := p.from; i < p.to; i++ {
				cells[i] += d.code(v.at(i)) * stride
			}
		}
	}
}
