// SPDX-License-Identifier: Apache-2.0

package reckon

import (
	"cmp"
	"math"
	"slices"
)

// Point is a value at a step of a time axis; Value is a number or nil.
type Point struct {
	Step  int64
	Value any
}

// Running adds up: each point becomes the sum of all up to it. Points come in
// any order; the answer is in the order given.
func Running(points []Point) []any {
	out := make([]any, len(points))
	sum := 0.0
	isWhole := true
	for _, i := range inOrder(points) {
		v, ok := number(points[i].Value)
		if ok {
			sum += v
			_, whole := points[i].Value.(int64)
			isWhole = isWhole && whole
		}
		out[i] = kept(sum, isWhole)
	}
	return out
}

// Moving is the average of the window of n steps that ends at each point; a
// step without a row counts as nothing, a window that begins before first
// gives no value.
func Moving(points []Point, n, first int64) []any {
	out := make([]any, len(points))
	at := map[int64]float64{}
	for _, p := range points {
		if v, ok := number(p.Value); ok {
			at[p.Step] += v
		}
	}
	for i, p := range points {
		if p.Step-n+1 < first {
			continue
		}
		sum := 0.0
		for step := p.Step - n + 1; step <= p.Step; step++ {
			sum += at[step]
		}
		out[i] = sum / float64(n)
	}
	return out
}

// Steps is the change against the step before, as a share of it.
func Steps(points []Point) []any {
	out := make([]any, len(points))
	at := map[int64]float64{}
	for _, p := range points {
		if v, ok := number(p.Value); ok {
			at[p.Step] = v
		}
	}
	for i, p := range points {
		now, okNow := at[p.Step]
		before, okBefore := at[p.Step-1]
		if okNow && okBefore && before != 0 {
			out[i] = (now - before) / math.Abs(before)
		}
	}
	return out
}

// Ranks numbers values from the largest on; equal values share a place, and
// the next one counts on from there (1, 2, 2, 4). What is missing has none.
func Ranks(values []any) []any {
	order := make([]int, 0, len(values))
	for i, v := range values {
		if _, ok := number(v); ok {
			order = append(order, i)
		}
	}
	value := func(i int) float64 { v, _ := number(values[i]); return v }
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(value(b), value(a)) })
	out := make([]any, len(values))
	for place, i := range order {
		rank := int64(place + 1)
		if place > 0 && value(order[place-1]) == value(i) {
			rank = out[order[place-1]].(int64)
		}
		out[i] = rank
	}
	return out
}

func inOrder(points []Point) []int {
	order := make([]int, len(points))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(points[a].Step, points[b].Step) })
	return order
}

// kept gives whole numbers back as whole numbers, so that money stays minor units.
func kept(v float64, isWhole bool) any {
	if isWhole && math.Abs(v) < 1<<53 {
		return int64(v)
	}
	return v
}
