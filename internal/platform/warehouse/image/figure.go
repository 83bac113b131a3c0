// SPDX-License-Identifier: Apache-2.0

package image

import (
	"bytes"
	"context"
	"slices"
	"sync"
)

// Figure is one number of a subject.
type Figure struct {
	Aggregate Aggregate
	Column    string
	// Where keeps rows for this figure alone.
	Where *Row
	// PerDay counts different days of a time column and not different moments.
	PerDay bool
}

// Figures asks for numbers of every subject that has rows.
type Figures struct {
	Table   string
	Who     *Rule
	Where   *Row
	Figures []Figure
	// Keys asks for the subjects themselves beside the numbers.
	Keys    bool
	Workers int
}

// Columns are the numbers of subjects, one list for each figure; Missing is none.
type Columns struct {
	Keys   []int64
	Values [][]int64
}

type figure struct {
	Figure
	column int
	where  rowNode
	// isOrdered says that the rows of a subject lie in the order of the column.
	isOrdered bool
}

// Measure computes figures of every subject with at least one row that passes.
func (s *Snapshot) Measure(ctx context.Context, q *Figures) (*Columns, error) {
	t := s.spec.table(q.Table)
	if t < 0 || s.spec[t].Role != Events {
		return nil, unsupported("the table %s is not kept", q.Table)
	}
	who, err := s.compile(q.Who)
	if err != nil {
		return nil, err
	}
	where, err := s.compileRow(t, q.Where)
	if err != nil {
		return nil, err
	}
	list := make([]figure, len(q.Figures))
	for i, f := range q.Figures {
		list[i] = figure{Figure: f, column: -1}
		if f.Aggregate != Count {
			if list[i].column, err = s.wholeColumn(t, f.Column); err != nil {
				return nil, err
			}
			list[i].isOrdered = f.Column == s.spec[t].Time
		}
		if f.Where != nil {
			if list[i].where, err = s.compileRow(t, f.Where); err != nil {
				return nil, err
			}
		}
	}
	units := s.all()
	results := make([]Columns, len(units))
	err = s.sweep(ctx, units, q.Workers, func(f *frame, i int) error {
		subjects := f.subjects(Want{})
		if len(subjects) > 0 {
			subjects = who.keep(f, subjects)
		}
		results[i] = measureChunk(f, &f.u.tables[t], where, list, subjects, q.Keys)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return joined(results, len(list), q.Keys), nil
}

// joined lays the answers of the chunks behind one another, each list by itself.
func joined(results []Columns, figures int, keys bool) *Columns {
	total := 0
	for i := range results {
		total += len(results[i].Values[0])
	}
	out := &Columns{Values: make([][]int64, figures)}
	var group sync.WaitGroup
	for k := range figures {
		group.Go(func() {
			list := make([]int64, 0, total)
			for i := range results {
				list = append(list, results[i].Values[k]...)
			}
			out.Values[k] = list
		})
	}
	if keys {
		out.Keys = make([]int64, 0, total)
		for i := range results {
			out.Keys = append(out.Keys, results[i].Keys...)
		}
	}
	group.Wait()
	return out
}

func measureChunk(f *frame, p *part, where rowNode, list []figure, subjects []int32, keys bool) Columns {
	out := Columns{Values: make([][]int64, len(list))}
	parts := p.stretches(subjects)
	if len(parts) == 0 {
		return out
	}
	mask := f.mask(p.rows)
	fill(mask, parts, 1)
	where.apply(f, p, parts, mask)
	subjects = slices.DeleteFunc(subjects, func(i int32) bool {
		from, to := p.span(int(i))
		return bytes.IndexByte(mask[from:to], 1) < 0
	})
	if keys {
		for _, i := range subjects {
			out.Keys = append(out.Keys, f.u.keys.at(int(i)))
		}
	}
	for k := range list {
		chosen := mask
		if list[k].where != nil {
			chosen = f.mask(p.rows)
			for _, s := range parts {
				copy(chosen[s.from:s.to], mask[s.from:s.to])
			}
			list[k].where.apply(f, p, parts, chosen)
		}
		values := make([]int64, len(subjects))
		if list[k].Aggregate != Sum || !p.columns[list[k].column].sums(p, subjects, chosen, values) {
			number := list[k].number(f, p, parts, chosen)
			for j, i := range subjects {
				from, to := p.span(int(i))
				values[j] = number(from, to)
			}
		}
		out.Values[k] = values
		if list[k].where != nil {
			f.give(chosen)
		}
	}
	f.give(mask)
	return out
}

// number returns how the rows from…to of a subject become a number.
func (g *figure) number(f *frame, p *part, parts []stretch, mask []byte) func(from, to int) int64 {
	var v *vec
	if g.column >= 0 {
		v = &p.columns[g.column]
	}
	switch g.Aggregate {
	case Count:
		return func(from, to int) int64 { return int64(ones(mask[from:to])) }
	case Sum:
		return func(from, to int) int64 { return v.sum(mask, from, to) }
	case Distinct:
		return g.distinct(f, v, p, parts, mask)
	case Mean:
		return func(from, to int) int64 {
			total, count := v.sumCount(mask, from, to)
			if count == 0 {
				return missing
			}
			return floorDiv(total, count)
		}
	}
	if g.isOrdered {
		return func(from, to int) int64 { return v.edge(mask, from, to, g.Aggregate == Last) }
	}
	return func(from, to int) int64 { return v.extreme(mask, from, to, g.Aggregate == Last) }
}

// sums adds up the rows of every subject at once, which is what most questions
// ask for; it is false when the codes cannot be added as they are.
func (v *vec) sums(p *part, subjects []int32, mask []byte, values []int64) bool {
	if p.offsets == nil || v.hasMissing {
		return false
	}
	switch v.bits {
	case 8:
		sumEach(v, v.data, p.offsets, subjects, mask, values)
	case 16:
		sumEach(v, cast[uint16](v.data), p.offsets, subjects, mask, values)
	case 32:
		sumEach(v, cast[uint32](v.data), p.offsets, subjects, mask, values)
	default:
		return false
	}
	return true
}

func sumEach[T uint8 | uint16 | uint32](v *vec, codes []T, offsets []uint32, subjects []int32, mask []byte, values []int64) {
	base, step := v.base, v.step
	for j, i := range subjects {
		from, to := offsets[i], offsets[i+1]
		part := codes[from:to]
		m := mask[from:to]
		m = m[:len(part)]
		var sum, n int64
		for k, c := range part {
			in := int64(m[k])
			sum += int64(c) & -in
			n += in
		}
		values[j] = base*n + step*sum
	}
}
