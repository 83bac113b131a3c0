// SPDX-License-Identifier: Apache-2.0

package image

import (
	"slices"
	"unsafe"
)

// stretch is some rows after one another.
type stretch struct{ from, to int }

// frame is what one worker needs to answer a question about one chunk.
type frame struct {
	s *Snapshot
	u *unit
	// isKept says that the chunk is of the file, so that numbers of it last.
	isKept bool
	bytes  [][]byte
	ints   [][]int64
}

// mask lends bytes for n rows; give takes them back.
func (f *frame) mask(n int) []byte {
	n += 16 // unpacking writes whole words
	if k := len(f.bytes); k > 0 && cap(f.bytes[k-1]) >= n {
		m := f.bytes[k-1][:n]
		f.bytes = f.bytes[:k-1]
		return m
	}
	return make([]byte, n, n+n/4)
}

func (f *frame) give(m []byte) { f.bytes = append(f.bytes, m) }

// numbers lends room for n values; giveNumbers takes it back.
func (f *frame) numbers(n int) []int64 {
	if k := len(f.ints); k > 0 && cap(f.ints[k-1]) >= n {
		m := f.ints[k-1][:n]
		f.ints = f.ints[:k-1]
		return m
	}
	return make([]int64, n, n+n/4)
}

func (f *frame) giveNumbers(m []int64) { f.ints = append(f.ints, m) }

func fill(mask []byte, parts []stretch, value byte) {
	for _, p := range parts {
		part := mask[p.from:p.to]
		if value == 0 {
			clear(part)
			continue
		}
		for i := range part {
			part[i] = value
		}
	}
}

// apply keeps in the mask only rows whose value passes.
func (b *bound) apply(f *frame, v *vec, parts []stretch, mask []byte) {
	if v.bits == 0 {
		if !b.holds(v.constant()) {
			fill(mask, parts, 0)
		}
		return
	}
	flip := byte(0)
	if b.negate {
		flip = 1
	}
	isRanges := b.match == nil && !b.isTable
	if isRanges {
		switch b.zone(v) {
		case 1:
			if flip == 1 {
				fill(mask, parts, 0)
			}
			return
		case -1:
			if flip == 0 {
				fill(mask, parts, 0)
			}
			return
		}
	}
	switch {
	case v.bits <= 8:
		b.applyTable(v, parts, mask)
	case isRanges && len(b.ranges) == 1:
		applyRange(v, b.ranges[0], parts, mask, flip)
	case b.isTable && v.bits == 16:
		applyByValue(b, v, cast[uint16](v.data), parts, mask, flip)
	case b.isTable && v.bits == 32:
		applyByValue(b, v, cast[uint32](v.data), parts, mask, flip)
	default:
		b.applySlowly(f, v, parts, mask)
	}
}

// zone says whether all (1) or none (-1) of a chunk's values lie in the ranges.
func (b *bound) zone(v *vec) int {
	touches := false
	for _, r := range b.ranges {
		if r[0] <= v.low && v.high <= r[1] && !v.hasMissing {
			return 1
		}
		touches = touches || r[0] <= v.high && v.low <= r[1]
	}
	if !touches {
		return -1
	}
	return 0
}

func (b *bound) applyTable(v *vec, parts []stretch, mask []byte) {
	var table [256]byte
	for code := uint64(0); code <= v.most; code++ {
		if b.holds(v.value(code)) {
			table[code] = 1
		}
	}
	if v.bits < 8 {
		applyPacked(v, &table, parts, mask)
		return
	}
	for _, p := range parts {
		part := mask[p.from:p.to]
		for i, c := range v.data[p.from:p.to] {
			part[i] &= table[c]
		}
	}
}

// applyPacked judges all codes of a byte by one look-up.
func applyPacked(v *vec, table *[256]byte, parts []stretch, mask []byte) {
	width := uint(v.bits)
	per := 8 / int(width)
	codeMask := byte(1<<width - 1)
	var words [256]uint64
	for b := range words {
		for k := range per {
			words[b] |= uint64(table[byte(b)>>(uint(k)*width)&codeMask]) << (8 * k)
		}
	}
	one := func(row int) {
		mask[row] &= table[v.data[row/per]>>(uint(row%per)*width)&codeMask]
	}
	for _, p := range parts {
		row := p.from
		for ; row < p.to && row%per != 0; row++ {
			one(row)
		}
		for ; row+per <= p.to; row += per {
			word := words[v.data[row/per]]
			switch per {
			case 8:
				*(*uint64)(unsafe.Pointer(&mask[row])) &= word
			case 4:
				*(*uint32)(unsafe.Pointer(&mask[row])) &= uint32(word) //nolint:gosec // four codes
			default:
				*(*uint16)(unsafe.Pointer(&mask[row])) &= uint16(word) //nolint:gosec // two codes
			}
		}
		for ; row < p.to; row++ {
			one(row)
		}
	}
}

// applyRange compares codes with the codes of a range.
func applyRange(v *vec, r [2]int64, parts []stretch, mask []byte, flip byte) {
	low, high := max(r[0], v.low), min(r[1], v.high)
	if v.bits == wholeBits {
		codes := cast[int64](v.data)
		for _, p := range parts {
			part := mask[p.from:p.to]
			for i, x := range codes[p.from:p.to] {
				var in byte
				if x >= low && x <= high {
					in = 1
				}
				part[i] &= in ^ flip
			}
		}
		return
	}
	first := uint64(low-v.base+v.step-1) / uint64(v.step) //nolint:gosec // low is not below base
	last := uint64(high-v.base) / uint64(v.step)          //nolint:gosec // nor is high
	if first > last {                                     // between two values
		if flip == 0 {
			fill(mask, parts, 0)
		}
		return
	}
	if v.bits == 16 {
		applyCodes(cast[uint16](v.data), uint16(first), uint16(last-first), parts, mask, flip) //nolint:gosec // fits by width
		return
	}
	applyCodes(cast[uint32](v.data), uint32(first), uint32(last-first), parts, mask, flip) //nolint:gosec // fits by width
}

func applyCodes[T uint16 | uint32](codes []T, first, width T, parts []stretch, mask []byte, flip byte) {
	for _, p := range parts {
		part := mask[p.from:p.to]
		for i, c := range codes[p.from:p.to] {
			var in byte
			if c-first <= width {
				in = 1
			}
			part[i] &= in ^ flip
		}
	}
}

func applyByValue[T uint16 | uint32](b *bound, v *vec, codes []T, parts []stretch, mask []byte, flip byte) {
	base, step := v.base-b.low, v.step
	table := b.table
	for _, p := range parts {
		part := mask[p.from:p.to]
		for i, c := range codes[p.from:p.to] {
			var in byte
			if j := uint64(base + step*int64(c)); j < uint64(len(table)) && (c != 0 || !v.hasMissing) { //nolint:gosec // below becomes huge
				in = table[j]
			}
			part[i] &= in ^ flip
		}
	}
}

func (b *bound) applySlowly(f *frame, v *vec, parts []stretch, mask []byte) {
	for _, p := range parts {
		for i := p.from; i < p.to; i++ {
			if mask[i] != 0 && !b.holds(v.at(i)) {
				mask[i] = 0
			}
		}
	}
	_ = f
}

// rowNode is a compiled condition on rows: apply keeps what passes.
type rowNode interface {
	apply(f *frame, p *part, parts []stretch, mask []byte)
}

type (
	rowAnd  []rowNode
	rowOr   []rowNode
	rowNot  struct{ of rowNode }
	rowTest struct {
		column int
		bound  *bound
	}
	rowKey struct {
		table int
		bound *bound
	}
)

func (n rowAnd) apply(f *frame, p *part, parts []stretch, mask []byte) {
	for _, one := range n {
		one.apply(f, p, parts, mask)
	}
}

func (n rowOr) apply(f *frame, p *part, parts []stretch, mask []byte) {
	passed, trial := f.mask(p.rows), f.mask(p.rows)
	fill(passed, parts, 0)
	for _, one := range n {
		for _, s := range parts {
			copy(trial[s.from:s.to], mask[s.from:s.to])
		}
		one.apply(f, p, parts, trial)
		for _, s := range parts {
			to := passed[s.from:s.to]
			for i, x := range trial[s.from:s.to] {
				to[i] |= x
			}
		}
	}
	for _, s := range parts {
		copy(mask[s.from:s.to], passed[s.from:s.to])
	}
	f.give(trial)
	f.give(passed)
}

func (n rowNot) apply(f *frame, p *part, parts []stretch, mask []byte) {
	trial := f.mask(p.rows)
	for _, s := range parts {
		copy(trial[s.from:s.to], mask[s.from:s.to])
	}
	n.of.apply(f, p, parts, trial)
	for _, s := range parts {
		to := mask[s.from:s.to]
		for i, x := range trial[s.from:s.to] {
			to[i] &^= x
		}
	}
	f.give(trial)
}

func (n rowTest) apply(f *frame, p *part, parts []stretch, mask []byte) {
	n.bound.apply(f, &p.columns[n.column], parts, mask)
}

// apply of a key: every row of a subject has it.
func (n rowKey) apply(f *frame, p *part, _ []stretch, mask []byte) {
	for i := range f.u.subjects {
		from, to := p.span(i)
		if from < to && !n.bound.holds(f.u.keys.at(i)) {
			clear(mask[from:to])
		}
	}
}

// compileRow binds a condition on the rows of a table.
func (s *Snapshot) compileRow(table int, r *Row) (rowNode, error) {
	if r == nil {
		return rowAnd{}, nil
	}
	if r.Op == "" {
		return s.compileTest(table, r)
	}
	var list []rowNode
	for _, child := range r.Rows {
		one, err := s.compileRow(table, child)
		if err != nil {
			return nil, err
		}
		list = append(list, one)
	}
	switch r.Op {
	case "or":
		return rowOr(list), nil
	case "not":
		return rowNot{rowAnd(list)}, nil
	}
	// Narrow columns first: they are cheapest, and nothing else differs.
	slices.SortStableFunc(list, func(a, b rowNode) int { return costOf(a) - costOf(b) })
	return rowAnd(list), nil
}

func costOf(n rowNode) int {
	switch x := n.(type) {
	case rowTest:
		if x.bound.match != nil {
			return 2
		}
		return 0
	case rowKey:
		return 1
	}
	return 3
}

func (s *Snapshot) compileTest(table int, r *Row) (rowNode, error) {
	if r.Via == "" {
		b, c, err := s.bind(table, r.Column, r.Test)
		if err != nil {
			return nil, err
		}
		if c == keyColumn {
			return rowKey{table, b}, nil
		}
		return rowTest{c, b}, nil
	}
	via := s.spec[table].column(r.Via)
	if via < 0 {
		return nil, unsupported("column %s of %s is not kept", r.Via, s.spec[table].Name)
	}
	b, err := s.bindLookup(r)
	if err != nil {
		return nil, err
	}
	return rowTest{via, b}, nil
}
