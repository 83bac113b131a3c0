// SPDX-License-Identifier: Apache-2.0

package image

import (
	"slices"
	"sort"
)

// chunk is some neighbouring subjects with all their rows.
type chunk struct {
	subjects int
	first    int64 // least key
	last     int64 // greatest key
	keys     vec
	tables   []part
	data     []byte // in the file or in memory; columns are parts of it
}

// part is the rows of one table in a chunk.
type part struct {
	rows int
	// offsets say where the rows of each subject begin; nil when every subject
	// has exactly one row, or none has any.
	offsets []uint32
	columns []vec
}

// span is where the rows of a subject lie.
func (p *part) span(subject int) (from, to int) {
	if p.offsets != nil {
		return int(p.offsets[subject]), int(p.offsets[subject+1])
	}
	if p.rows == 0 {
		return 0, 0
	}
	return subject, subject + 1
}

// makeChunk encodes the subjects from…to.
func (g *gatherer) makeChunk(list []rowsOf, sorted []sorting, keys []int64, from, to int) *chunk {
	c := &chunk{subjects: to - from, first: keys[from], last: keys[to-1], tables: make([]part, len(list))}
	data, values := g.room[:0], g.row
	c.keys, data = encode(keys[from:to], data)
	for t := range list {
		p := &c.tables[t]
		p.columns = make([]vec, len(list[t].columns))
		if sorted[t].offsets == nil {
			for i := range p.columns {
				p.columns[i], data = encode(nil, data)
			}
			continue
		}
		begin, end := sorted[t].offsets[from], sorted[t].offsets[to]
		order := sorted[t].order[begin:end]
		p.rows = len(order)
		p.offsets = make([]uint32, c.subjects+1)
		isOne := true
		for i := range p.offsets {
			p.offsets[i] = sorted[t].offsets[from+i] - begin
			isOne = isOne && p.offsets[i] == uint32(i) //nolint:gosec // a chunk is small
		}
		if isOne || p.rows == 0 {
			p.offsets = nil
		}
		inOrder := isRun(order)
		for i, column := range list[t].columns {
			if same := list[t].same; same != nil && same[i] != nil && p.rows > 0 {
				p.columns[i] = constantVec(*same[i])
				continue
			}
			if inOrder { // the table lies in this order already
				p.columns[i], data = encode(column[order[0]:int(order[0])+len(order)], data)
				continue
			}
			values = values[:0]
			for _, row := range order {
				values = append(values, column[row])
			}
			p.columns[i], data = encode(values, data)
		}
	}
	g.room, g.row = data, values
	c.own(data)
	return c
}

// isRun says that row numbers follow one another.
func isRun(order []uint32) bool {
	if len(order) == 0 {
		return false
	}
	for i, row := range order {
		if row != order[0]+uint32(i) { //nolint:gosec // a chunk is small
			return false
		}
	}
	return true
}

// own takes the codes out of the room they were made in, lays the offsets
// behind them and points every column at its place.
func (c *chunk) own(room []byte) {
	size := len(room) + 8
	for t := range c.tables {
		size += 4*len(c.tables[t].offsets) + 8
	}
	data := append(make([]byte, 0, size), room...)
	for t := range c.tables {
		p := &c.tables[t]
		if p.offsets == nil {
			continue
		}
		for len(data)%8 != 0 {
			data = append(data, 0)
		}
		begin := len(data)
		data = append(data, make([]byte, 4*len(p.offsets))...)
		copy(cast[uint32](data[begin:]), p.offsets)
	}
	c.attach(data)
}

// attach finds the columns in the data of a chunk, in the order they were laid.
func (c *chunk) attach(data []byte) {
	at := 0
	take := func(size int) []byte {
		if size == 0 {
			return nil
		}
		at = (at + 7) &^ 7
		piece := data[at : at+size : at+size]
		at += size
		return piece
	}
	c.data = data
	c.keys.data = take(c.keys.size(c.subjects))
	for t := range c.tables {
		p := &c.tables[t]
		for i := range p.columns {
			p.columns[i].data = take(p.columns[i].size(p.rows))
		}
	}
	for t := range c.tables {
		p := &c.tables[t]
		if p.offsets != nil {
			p.offsets = cast[uint32](take(4 * (c.subjects + 1)))
		}
	}
}

// find is the place of a subject.
func (c *chunk) find(key int64) (int, bool) {
	if c.subjects == 0 || key < c.first || key > c.last {
		return 0, false
	}
	i := sort.Search(c.subjects, func(i int) bool { return c.keys.at(i) >= key })
	return i, i < c.subjects && c.keys.at(i) == key
}

// bare is the description of a chunk without its data.
func (c *chunk) bare() *chunk {
	out := &chunk{subjects: c.subjects, first: c.first, last: c.last, keys: c.keys, tables: make([]part, len(c.tables))}
	out.keys.data = nil
	for t := range c.tables {
		p := &out.tables[t]
		p.rows, p.columns = c.tables[t].rows, slices.Clone(c.tables[t].columns)
		if c.tables[t].offsets != nil {
			p.offsets = []uint32{}
		}
		for i := range p.columns {
			p.columns[i].data = nil
		}
	}
	return out
}
