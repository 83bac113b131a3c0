// SPDX-License-Identifier: Apache-2.0

package association

import (
	"slices"

	"dangol/internal/mining/statistics"
)

// Named is a rule by the names of its items: numbers differ between two
// collections of baskets.
type Named struct {
	Left  []string
	Right string
}

// Elsewhere is how a rule does in other baskets than those it was found in.
type Elsewhere struct {
	Count      int     `json:"count"`
	Left       int     `json:"left"` // baskets with the left side
	Support    float64 `json:"support"`
	Confidence float64 `json:"confidence"`
	Lift       float64 `json:"lift"`
	// P is the chance of such a difference of confidence where there is none
	// (two-sided, pooled), adjusted for all rules by Holm's method.
	P float64 `json:"p_adjusted"`
}

// Recount counts rules in other baskets; found are their measures where they
// were found.
func Recount(b *Baskets, rules []Named, found []Measures) []Elsewhere {
	number := make(map[string]int32, len(b.Names))
	for i, name := range b.Names {
		number[name] = int32(i) //nolint:gosec // an index of Names
	}
	holders := make([][]int32, len(b.Names))
	for basket := range b.Count() {
		for _, item := range b.Items[b.Start[basket]:b.Start[basket+1]] {
			holders[item] = append(holders[item], int32(basket)) //nolint:gosec // a count of baskets
		}
	}
	of := func(name string) []int32 {
		if at, known := number[name]; known {
			return holders[at]
		}
		return nil
	}
	out, chances := make([]Elsewhere, len(rules)), make([]float64, len(rules))
	for i, rule := range rules {
		left := of(rule.Left[0])
		for _, name := range rule.Left[1:] {
			left = shared(left, of(name))
		}
		right := of(rule.Right)
		e := &out[i]
		e.Left, e.Count = len(left), len(shared(left, right))
		if n := float64(b.Count()); n > 0 {
			e.Support = float64(e.Count) / n
			if e.Left > 0 && len(right) > 0 {
				e.Confidence = float64(e.Count) / float64(e.Left)
				e.Lift = e.Confidence * n / float64(len(right))
			}
		}
		there := found[i]
		chances[i] = statistics.TwoShares(there.Count, leftOf(there), e.Count, e.Left)
	}
	for i, p := range statistics.Holm(chances, len(chances)) {
		out[i].P = p
	}
	return out
}

func leftOf(m Measures) int {
	if m.Confidence == 0 {
		return 0
	}
	return int(float64(m.Count)/m.Confidence + 0.5)
}

// shared are the baskets in both lists, which ascend.
func shared(a, b []int32) []int32 {
	if len(a) > len(b) {
		a, b = b, a
	}
	var out []int32
	for _, x := range a {
		at, found := slices.BinarySearch(b, x)
		b = b[at:]
		if found {
			out = append(out, x)
		}
	}
	return out
}
