// SPDX-License-Identifier: Apache-2.0

package image

import (
	"context"
	"math"
)

// CohortQuestion asks when subjects came for the first time, and when again.
type CohortQuestion struct {
	Table string
	Who   *Rule
	Where *Row
	// Period is a column of whole numbers that count periods, such as months.
	Period string
	// Scale makes longer periods of so many, such as quarters of 3 months.
	Scale   int64
	Workers int
}

// Cohorts is how many subjects of each first period came in each later one.
type Cohorts struct {
	First   int64 // the first period; row i of Back is First + i
	Back    [][]int64
	Periods int
}

// mostPeriods bounds the matrix.
const mostPeriods = 2_000

// Cohorts answers the question.
func (s *Snapshot) Cohorts(ctx context.Context, q *CohortQuestion) (*Cohorts, error) {
	t := s.spec.table(q.Table)
	if t < 0 || s.spec[t].Role != Events {
		return nil, unsupported("the table %s is not kept", q.Table)
	}
	var who node
	var err error
	if who, err = s.compile(q.Who); err != nil {
		return nil, err
	}
	where, err := s.compileRow(t, q.Where)
	if err != nil {
		return nil, err
	}
	column, err := s.wholeColumn(t, q.Period)
	if err != nil {
		return nil, err
	}
	scale := max(q.Scale, 1)
	low, high := s.bounds(t, column)
	if low > high {
		return &Cohorts{}, nil
	}
	low, high = floorDiv(low, scale), floorDiv(high, scale)
	if high-low >= mostPeriods {
		return nil, unsupported("%s has too many periods", q.Period)
	}
	n := int(high-low) + 1
	tallies := make([][]int64, workersOf(q.Workers))
	err = sweepWith(ctx, s, s.all(), q.Workers, func(worker int) func(*frame, int) error {
		counts := make([]int64, n*n)
		tallies[worker] = counts
		last := make([]uint32, n)
		number := uint32(0)
		return func(f *frame, _ int) error {
			subjects := f.subjects(Want{})
			if len(subjects) > 0 {
				subjects = who.keep(f, subjects)
			}
			p := &f.u.tables[t]
			parts := p.stretches(subjects)
			if len(parts) == 0 {
				return nil
			}
			mask, buffer, periods := f.mask(p.rows), f.mask(p.rows), f.numbers(p.rows)
			fill(mask, parts, 1)
			where.apply(f, p, parts, mask)
			for _, s := range parts {
				p.columns[column].decode(periods, buffer, s.from, s.to)
			}
			for _, i := range subjects {
				from, to := p.span(int(i))
				number++
				cohortOf(mask[from:to], periods[from:to], scale, low, counts, last, number, n)
			}
			f.giveNumbers(periods)
			f.give(buffer)
			f.give(mask)
			return nil
		}
	})
	if err != nil {
		return nil, err
	}
	out := &Cohorts{First: low, Periods: n}
	for row := range n {
		line := make([]int64, n-row)
		for _, counts := range tallies {
			if counts == nil {
				continue
			}
			for age := range line {
				line[age] += counts[row*n+age]
			}
		}
		out.Back = append(out.Back, line)
	}
	return out, nil
}

// cohortOf counts one subject once in each period he came in.
func cohortOf(mask []byte, periods []int64, scale, low int64, counts []int64, last []uint32, me uint32, n int) {
	first := int64(math.MaxInt64)
	for i, p := range periods {
		if mask[i] != 0 && p != missing {
			first = min(first, p)
		}
	}
	if first == math.MaxInt64 {
		return
	}
	begin := int(floorDiv(first, scale) - low)
	row := counts[begin*n:]
	for i, p := range periods {
		if mask[i] == 0 || p == missing {
			continue
		}
		if scale > 1 {
			p = floorDiv(p, scale)
		}
		age := int(p-low) - begin
		if last[age] != me {
			last[age] = me
			row[age]++
		}
	}
}
