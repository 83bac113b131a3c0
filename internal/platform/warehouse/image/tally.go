// SPDX-License-Identifier: Apache-2.0

package image

import "slices"

// tally is what one worker has added up: by grouping, measure and cell.
type tally struct {
	g      *grouper
	rows   [][]int64
	values [][][]int64
	last   [][][]uint32 // subject counted last in a cell
	bits   [][][]uint64
	number uint32 // of the subject at hand
	cells  []uint32
}

func newTally(g *grouper) *tally {
	t := &tally{g: g}
	for k := range g.sets {
		size := g.sets[k].size
		t.rows = append(t.rows, make([]int64, size))
		values, last, bits := make([][]int64, len(g.measures)), make([][]uint32, len(g.measures)), make([][]uint64, len(g.measures))
		for m := range g.measures {
			values[m] = make([]int64, size)
			switch g.measures[m].kind {
			case CountSubjects:
				last[m] = make([]uint32, size)
			case LeastOf, MostOf:
				for i := range values[m] {
					values[m][i] = missing
				}
			case CountValues:
				bits[m] = make([]uint64, (int64(size)*g.measures[m].span+63)/64)
			}
		}
		t.values, t.last, t.bits = append(t.values, values), append(t.last, last), append(t.bits, bits)
	}
	return t
}

func (t *tally) merge(o *tally) {
	for k := range t.rows {
		for i, n := range o.rows[k] {
			t.rows[k][i] += n
		}
		for m := range t.values[k] {
			to, from := t.values[k][m], o.values[k][m]
			switch t.g.measures[m].kind {
			case LeastOf, MostOf:
				for i, x := range from {
					to[i] = t.extreme(m, to[i], x)
				}
			case CountValues:
				for i, word := range o.bits[k][m] {
					t.bits[k][m][i] |= word
				}
			default:
				for i, x := range from {
					to[i] += x
				}
			}
		}
	}
}

func (t *tally) extreme(m int, a, b int64) int64 {
	switch {
	case a == missing:
		return b
	case b == missing:
		return a
	case t.g.measures[m].kind == LeastOf:
		return min(a, b)
	}
	return max(a, b)
}

func (t *tally) value(k, m, cell int) int64 {
	if t.g.measures[m].kind != CountValues {
		return t.values[k][m][cell]
	}
	span := t.g.measures[m].span
	var n int64
	from := int64(cell) * span
	for i := from; i < from+span; i++ {
		n += int64(t.bits[k][m][i>>6] >> (i & 63) & 1) //nolint:gosec // a bit
	}
	return n
}

// take adds up a chunk.
func (t *tally) take(f *frame) error {
	g := t.g
	subjects := g.subjectsOf(f)
	p := &f.u.tables[g.table]
	if len(subjects) == 0 || p.rows == 0 {
		return nil
	}
	parts := p.stretches(subjects)
	mask := f.mask(p.rows)
	fill(mask, parts, 1)
	g.where.apply(f, p, parts, mask)
	own := make([][]byte, len(g.measures))
	for m := range g.measures {
		if w := g.measures[m].where; w != nil {
			own[m] = f.mask(p.rows)
			for _, s := range parts {
				copy(own[m][s.from:s.to], mask[s.from:s.to])
			}
			w.apply(f, p, parts, own[m])
		}
	}
	begin := t.number
	for k := range g.sets {
		t.number = begin
		t.takeSet(f, k, p, parts, subjects, mask, own)
	}
	for _, m := range own {
		if m != nil {
			f.give(m)
		}
	}
	f.give(mask)
	return nil
}

func (g *grouper) subjectsOf(f *frame) []int32 {
	if g.who != nil || g.table == 0 {
		list := f.subjects(Want{})
		if g.who != nil && len(list) > 0 {
			list = g.who.keep(f, list)
		}
		return list
	}
	list := make([]int32, 0, f.u.subjects)
	for i := range f.u.subjects {
		if !f.u.isDead(i) {
			list = append(list, int32(i)) //nolint:gosec // a place in a chunk
		}
	}
	return list
}

// places computes for each subject, and for each row, their parts of the cell.
func (t *tally) places(f *frame, set *grouping, p *part, parts []stretch, subjects []int32) (bySubject, byRow []uint32) {
	bySubject = make([]uint32, f.u.subjects)
	if set.hasRows {
		t.cells = slices.Grow(t.cells[:0], p.rows)[:p.rows]
		byRow = t.cells
		for _, s := range parts {
			clear(byRow[s.from:s.to])
		}
	}
	for i, dim := range set.dims {
		d := &t.g.dims[dim]
		stride := set.strides[i]
		if d.isRow {
			d.domain.add(f, &p.columns[d.column], parts, byRow, stride)
			continue
		}
		of := &f.u.tables[d.table]
		v := &of.columns[d.column]
		for _, subject := range subjects {
			if from, to := of.span(int(subject)); from < to {
				bySubject[subject] += d.domain.code(v.at(from)) * stride
			}
		}
	}
	return bySubject, byRow
}

func (t *tally) takeSet(f *frame, k int, p *part, parts []stretch, subjects []int32, mask []byte, own [][]byte) {
	bySubject, byRow := t.places(f, &t.g.sets[k], p, parts, subjects)
	each := func(fn func(base uint32, from, to int)) {
		for _, i := range subjects {
			if from, to := p.span(int(i)); from < to {
				fn(bySubject[i], from, to)
			}
		}
	}
	addMask(t.rows[k], mask, byRow, each)
	for m := range t.g.measures {
		chosen := mask
		if own[m] != nil {
			chosen = own[m]
		}
		to := t.values[k][m]
		switch one := &t.g.measures[m]; one.kind {
		case CountRows:
			addMask(to, chosen, byRow, each)
		case SumOf:
			t.addSum(f, &p.columns[one.column], to, chosen, parts, byRow, each)
		case CountSubjects:
			t.countSubjects(f, t.last[k][m], to, p, chosen, bySubject, byRow, subjects)
		case LeastOf, MostOf:
			v := &p.columns[one.column]
			eachRow(chosen, byRow, each, func(cell uint32, row int) {
				if x := v.at(row); x != missing {
					to[cell] = t.extreme(m, to[cell], x)
				}
			})
		case CountValues:
			v, bits := &p.columns[one.column], t.bits[k][m]
			eachRow(chosen, byRow, each, func(cell uint32, row int) {
				if x := v.at(row); x != missing {
					i := int64(cell)*one.span + x - one.low
					bits[i>>6] |= 1 << (i & 63)
				}
			})
		}
	}
	t.number += uint32(f.u.subjects) //nolint:gosec // fewer than 2^32 subjects
}

func eachRow(mask []byte, byRow []uint32, each func(func(base uint32, from, to int)), fn func(cell uint32, row int)) {
	each(func(base uint32, from, to int) {
		for row := from; row < to; row++ {
			if mask[row] == 0 {
				continue
			}
			cell := base
			if byRow != nil {
				cell += byRow[row]
			}
			fn(cell, row)
		}
	})
}

func addMask(to []int64, mask []byte, byRow []uint32, each func(func(base uint32, from, to int))) {
	if byRow == nil {
		each(func(base uint32, from, end int) { to[base] += int64(ones(mask[from:end])) })
		return
	}
	each(func(base uint32, from, end int) {
		m := mask[from:end]
		for i, c := range byRow[from:end] {
			to[base+c] += int64(m[i])
		}
	})
}

func (t *tally) addSum(f *frame, v *vec, to []int64, mask []byte, parts []stretch, byRow []uint32, each func(func(base uint32, from, to int))) {
	if byRow == nil {
		each(func(base uint32, from, end int) { to[base] += v.sum(mask, from, end) })
		return
	}
	values := f.numbers(len(byRow))
	buffer := f.mask(len(byRow))
	for _, s := range parts {
		v.decode(values, buffer, s.from, s.to)
	}
	if v.hasMissing || v.bits == wholeBits || v.bits == 0 && v.constant() == missing {
		for _, s := range parts {
			for i := s.from; i < s.to; i++ {
				if values[i] == missing {
					values[i] = 0
				}
			}
		}
	}
	each(func(base uint32, from, end int) {
		m, x := mask[from:end], values[from:end]
		for i, c := range byRow[from:end] {
			to[base+c] += x[i] & -int64(m[i])
		}
	})
	f.give(buffer)
	f.giveNumbers(values)
}

// countSubjects counts each subject once in every cell: the cell remembers whom
// it met last. Rows without a subject count nobody.
func (t *tally) countSubjects(f *frame, last []uint32, to []int64, p *part, mask []byte, bySubject, byRow []uint32, subjects []int32) {
	hasNobody := f.u.first == missing
	for _, i := range subjects {
		from, end := p.span(int(i))
		if from == end || hasNobody && f.u.keys.at(int(i)) == missing {
			continue
		}
		me, base := t.number+uint32(i)+1, bySubject[i] //nolint:gosec // fewer than 2^32 subjects
		if byRow == nil {
			if slices.Contains(mask[from:end], 1) {
				to[base]++
			}
			continue
		}
		m := mask[from:end]
		for j, c := range byRow[from:end] {
			if m[j] != 0 && last[base+c] != me {
				last[base+c] = me
				to[base+c]++
			}
		}
	}
}
