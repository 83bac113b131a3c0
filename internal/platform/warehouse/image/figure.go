// SPDX-License-Identifier: Apache-2.0

package image

import (
	"context"
	"slices"
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
	out := &Columns{Values: make([][]int64, len(list))}
	total := 0
	for i := range results {
		total += len(results[i].Values[0])
	}
	for k := range list {
		out.Values[k] = make([]int64, 0, total)
		for i := range results {
			out.Values[k] = append(out.Values[k], results[i].Values[k]...)
		}
	}
	if q.Keys {
		for i := range results {
			out.Keys = append(out.Keys, results[i].Keys...)
		}
	}
	return out, nil
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
		return ones(mask[from:to]) == 0
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
		number := list[k].number(f, p, parts, chosen)
		for j, i := range subjects {
			from, to := p.span(int(i))
			values[j] = number(from, to)
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
		// The buffer is not given back: the answer reads it.
		values, buffer := f.numbers(p.rows), f.mask(p.rows)
		for _, s := range parts {
			v.decode(values, buffer, s.from, s.to)
		}
		f.give(buffer)
		return g.distinct(values, mask)
	case Mean:
		return func(from, to int) int64 {
			total, count := v.sumCount(mask, from, to)
			if count == 0 {
				return missing
			}
			return floorDiv(total, count)
		}
	}
	return func(from, to int) int64 { return v.extreme(mask, from, to, g.Aggregate == Last) }
}

func (g *figure) distinct(values []int64, mask []byte) func(from, to int) int64 {
	var seen []int64
	return func(from, to int) int64 {
		seen = seen[:0]
		isSorted := true
		for row := from; row < to; row++ {
			if mask[row] == 0 {
				continue
			}
			x := values[row]
			if x == missing {
				continue
			}
			if g.PerDay {
				x = floorDiv(x, microsPerDay)
			}
			if n := len(seen); n > 0 {
				if seen[n-1] == x {
					continue
				}
				isSorted = isSorted && seen[n-1] < x
			}
			seen = append(seen, x)
		}
		if !isSorted {
			slices.Sort(seen)
			seen = slices.Compact(seen)
		}
		return int64(len(seen))
	}
}

// Sorted returns the values in order, as a new list; it counts digits, which
// for a million numbers is several times faster than comparing them.
func Sorted(values []int64) []int64 {
	out := slices.Clone(values)
	const fewest = 1 << 12
	if len(out) < fewest {
		slices.Sort(out)
		return out
	}
	low := slices.Min(out)
	most := uint64(slices.Max(out)) - uint64(low)
	const digit = 11
	spare := make([]int64, len(out))
	for shift := 0; shift < 64 && most>>shift > 0; shift += digit {
		var counts [1 << digit]int
		for _, x := range out {
			counts[(uint64(x)-uint64(low))>>shift&(1<<digit-1)]++
		}
		at := 0
		for i, n := range counts {
			counts[i] = at
			at += n
		}
		for _, x := range out {
			d := (uint64(x) - uint64(low)) >> shift & (1<<digit - 1)
			spare[counts[d]] = x
			counts[d]++
		}
		out, spare = spare, out
	}
	return out
}

// Quantile is the quantile of type 7 (Hyndman and Fan 1996) of ordered values,
// computed as DuckDB's quantile_cont does.
func Quantile(sorted []int64, q float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	at := float64(len(sorted)-1) * q
	i := int(at)
	share := at - float64(i)
	low := float64(sorted[i])
	if share == 0 || i+1 >= len(sorted) {
		return low
	}
	high := float64(sorted[i+1])
	return low*(1-share) + high*share
}
