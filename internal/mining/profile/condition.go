// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"math"
	"slices"

	"dangol/internal/mining/frame"
)

// conditions are all single conditions that divide the people: levels of
// categories, and stretches between fifths of numbers.
func (h *half) conditions() []Condition {
	var out []Condition
	for place, c := range h.f.Columns {
		var list []Condition
		if c.Kind == frame.Category {
			list = levelConditions(c)
		} else {
			list = numberConditions(c)
		}
		for _, one := range list {
			one.place = place
			one.set = h.holds(&one)
			if n := count(one.set); n >= leastSize && n < h.n {
				out = append(out, one)
			}
		}
	}
	return out
}

func levelConditions(c *frame.Column) []Condition {
	counts := make([]int, len(c.Levels))
	for _, code := range c.Codes {
		if code >= 0 {
			counts[code]++
		}
	}
	order := make([]int, len(counts))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return counts[b] - counts[a] })
	var out []Condition
	for _, level := range order[:min(len(order), levelLimit)] {
		out = append(out, Condition{Column: c.Name, Level: c.Levels[level], Kind: string(c.Kind)})
	}
	return out
}

// numberConditions are x ≤ q, x > q and the stretches between neighbouring
// fifths; of numbers with few values every value.
func numberConditions(c *frame.Column) []Condition {
	var sorted []float64
	for _, x := range c.Numbers {
		if !math.IsNaN(x) {
			sorted = append(sorted, x)
		}
	}
	if len(sorted) == 0 {
		return nil
	}
	slices.Sort(sorted)
	distinct := slices.Compact(slices.Clone(sorted))
	var cuts []float64
	const few, parts = 6, 5
	if len(distinct) <= few {
		cuts = distinct[:len(distinct)-1]
	} else {
		for i := 1; i < parts; i++ {
			if q := sorted[i*len(sorted)/parts]; q < sorted[len(sorted)-1] && (len(cuts) == 0 || q > cuts[len(cuts)-1]) {
				cuts = append(cuts, q)
			}
		}
	}
	var out []Condition
	add := func(above, upTo *float64) {
		out = append(out, Condition{Column: c.Name, Kind: string(c.Kind), Above: above, UpTo: upTo})
	}
	for i := range cuts {
		add(nil, &cuts[i])
		add(&cuts[i], nil)
		for j := i + 1; j < len(cuts); j++ {
			add(&cuts[i], &cuts[j])
		}
	}
	return out
}

// holds is the set of people for whom a condition is true.
func (h *half) holds(c *Condition) []uint64 {
	out := make([]uint64, (h.n+63)/64)
	column := h.f.Find(c.Column)
	if c.Level != "" || column.Kind == frame.Category {
		code := int32(slices.Index(column.Levels, c.Level)) //nolint:gosec // a count of levels
		for i, x := range column.Codes {
			if x == code && x >= 0 {
				out[i/64] |= 1 << (i % 64)
			}
		}
		return out
	}
	for i, x := range column.Numbers {
		if (c.Above == nil || x > *c.Above) && (c.UpTo == nil || x <= *c.UpTo) && !math.IsNaN(x) {
			out[i/64] |= 1 << (i % 64)
		}
	}
	return out
}
