// SPDX-License-Identifier: Apache-2.0

package reckon

import (
	"cmp"
	"math"
	"slices"
)

// Member is a member of a dimension with its value now and before.
type Member struct {
	Key    any
	Now    float64
	Before float64
}

// Contribution is how much one member has to do with a difference.
type Contribution struct {
	Key    any     `json:"key"`
	Now    float64 `json:"now"`
	Before float64 `json:"before"`
	// Delta is the part of the difference that this member is.
	Delta float64 `json:"delta"`
	// Share is Delta as a share of the whole difference; below zero where it went the other way.
	Share float64 `json:"share"`
	// Surprise is how much of Delta the member would not have had if every
	// member had changed as the whole did.
	Surprise float64 `json:"surprise"`
}

// Contributions lists the members that contribute most to the difference of an
// additive measure, the largest first, at most n; concentration says how
// uneven the change is: 0 when all members changed alike, towards 1 when one
// member is the whole story.
func Contributions(members []Member, n int) (list []Contribution, concentration float64) {
	var now, before float64
	for _, m := range members {
		now += m.Now
		before += m.Before
	}
	delta := now - before
	growth := 0.0
	if before != 0 {
		growth = now / before
	}
	var moved, surprises float64
	for _, m := range members {
		c := Contribution{Key: m.Key, Now: m.Now, Before: m.Before, Delta: m.Now - m.Before}
		if delta != 0 {
			c.Share = c.Delta / delta
		}
		c.Surprise = m.Now - m.Before*growth
		moved += math.Abs(c.Delta)
		surprises += math.Abs(c.Surprise)
		list = append(list, c)
	}
	if moved > 0 {
		concentration = math.Min(1, surprises/(2*moved))
	}
	slices.SortStableFunc(list, func(a, b Contribution) int { return cmp.Compare(math.Abs(b.Delta), math.Abs(a.Delta)) })
	return list[:min(n, len(list))], concentration
}

// Unusual says how far the last value lies from what the values before make
// likely, in robust deviations (median absolute deviation × 1.4826, Rousseeuw
// and Croux 1993); ok is false while there is too little past to tell.
func Unusual(past []float64, last float64) (deviations float64, ok bool) {
	const enough = 6
	if len(past) < enough {
		return 0, false
	}
	middle := median(past)
	off := make([]float64, len(past))
	for i, v := range past {
		off[i] = math.Abs(v - middle)
	}
	spread := 1.4826 * median(off)
	if spread == 0 {
		if last == middle {
			return 0, true
		}
		return math.Copysign(math.MaxFloat32, last-middle), true
	}
	return (last - middle) / spread, true
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	half := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[half]
	}
	return (sorted[half-1] + sorted[half]) / 2
}
