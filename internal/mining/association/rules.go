// SPDX-License-Identifier: Apache-2.0

package association

import (
	"math"
	"slices"

	"dangol/internal/mining/statistics"
)

// Rule says that baskets with all of Left tend to have Right.
type Rule struct {
	Left  []int32 `json:"-"`
	Right int32   `json:"-"`
	Measures
	// Redundant is true when a rule with fewer items on the left has the same
	// or a higher confidence.
	Redundant bool `json:"redundant"`
}

// Measures are figures of a rule; each is defined where it is computed.
type Measures struct {
	Count      int     `json:"count"`
	Support    float64 `json:"support"`
	Confidence float64 `json:"confidence"`
	// Low and High are the 95 % interval of the confidence (Wilson 1927).
	Low        float64 `json:"confidence_low"`
	High       float64 `json:"confidence_high"`
	Coverage   float64 `json:"coverage"`
	Lift       float64 `json:"lift"`
	Leverage   float64 `json:"leverage"`
	Conviction Ratio   `json:"conviction"`
	ChiSquared float64 `json:"chi_squared"`
	Cosine     float64 `json:"cosine"`
	Jaccard    float64 `json:"jaccard"`
	Kulczynski float64 `json:"kulczynski"`
	Phi        float64 `json:"phi"`
	OddsRatio  Ratio   `json:"odds_ratio"`
	Fisher     float64 `json:"fisher_p"`
}

// RuleOptions limit the rules.
type RuleOptions struct {
	// Confidence is the least share of baskets with Left that have Right.
	Confidence float64
	// MinLength is the least number of items of both sides together.
	MinLength int
	// MinLift is the least lift; 0 is no limit.
	MinLift float64
}

// Rules makes rules out of all frequent itemsets, best lift first. It needs
// sets of kind Frequent, because counts of all left sides are looked up.
func Rules(sets *Itemsets, options RuleOptions) []Rule {
	table := newLookup(sets)
	single := make([]int, len(sets.Names))
	for i := range sets.Len() {
		if items := sets.Set(i); len(items) == 1 {
			single[items[0]] = int(sets.Counts[i])
		}
	}
	var rules []Rule
	facts := statistics.NewFactorials(sets.Baskets)
	confidence := map[[2]int32]float64{} // by set and right item, for redundancy
	for i := range sets.Len() {
		items := sets.Set(i)
		if len(items) < options.MinLength {
			continue
		}
		key := table.key(items)
		for skip, right := range items {
			left := sets.Baskets
			if len(items) > 1 {
				set, found := table.without(items, key, skip)
				if !found { // cannot happen: every subset of a frequent set is frequent
					continue
				}
				left = int(sets.Counts[set])
			}
			count := int(sets.Counts[i])
			if float64(count) < options.Confidence*float64(left) {
				continue
			}
			m := measure(count, left, single[right], sets.Baskets, facts)
			if m.Lift < options.MinLift {
				continue
			}
			rules = append(rules, Rule{Left: slices.Delete(slices.Clone(items), skip, skip+1), Right: right, Measures: m})
			confidence[[2]int32{int32(i), right}] = m.Confidence //nolint:gosec // a count of sets
		}
	}
	markRedundant(rules, table, confidence)
	sortRules(rules)
	return rules
}

// markRedundant looks at all rules with a subset on the left (as arules'
// is.redundant does); left sides are short, so that all subsets can be tried.
func markRedundant(rules []Rule, table *lookup, confidence map[[2]int32]float64) {
	const longest = 20 // of the left sides of which all 2^n subsets are looked at
	for i := range rules {
		r := &rules[i]
		n := len(r.Left)
		if n == 0 || n > longest {
			continue
		}
		buffer := make([]int32, 0, n+1)
		for bits := range 1<<n - 1 {
			buffer = buffer[:0]
			for j, item := range r.Left {
				if bits>>j&1 == 1 {
					buffer = append(buffer, item)
				}
			}
			buffer = append(buffer, r.Right)
			slices.Sort(buffer)
			set, found := table.find(buffer)
			if !found {
				continue
			}
			if general, isRule := confidence[[2]int32{int32(set), r.Right}]; isRule && general >= r.Confidence { //nolint:gosec // a count of sets
				r.Redundant = true
				break
			}
		}
	}
}

func sortRules(rules []Rule) {
	slices.SortFunc(rules, func(a, b Rule) int {
		switch {
		case a.Lift != b.Lift:
			if a.Lift > b.Lift {
				return -1
			}
			return 1
		case a.Count != b.Count:
			return b.Count - a.Count
		case len(a.Left) != len(b.Left):
			return len(a.Left) - len(b.Left)
		case a.Right != b.Right:
			return int(a.Right - b.Right)
		}
		return slices.Compare(a.Left, b.Left)
	})
}

// measure computes all figures of a rule out of four counts: baskets with
// both, with the left side, with the right side, and all.
func measure(both, left, right, all int, facts *statistics.Factorials) Measures {
	n := float64(all)
	xy, x, y := float64(both)/n, float64(left)/n, float64(right)/n
	m := Measures{Count: both, Support: xy, Coverage: x, Confidence: float64(both) / float64(left)}
	m.Low, m.High = statistics.Wilson(both, left)
	m.Lift = xy / (x * y)
	m.Leverage = xy - x*y                              // Piatetsky-Shapiro 1991
	m.Conviction = Ratio((1 - y) / (1 - m.Confidence)) // Brin et al. 1997
	m.Cosine = xy / math.Sqrt(x*y)
	m.Jaccard = xy / (x + y - xy)
	m.Kulczynski = (xy/x + xy/y) / 2
	if spread := x * y * (1 - x) * (1 - y); spread > 0 {
		m.Phi = (xy - x*y) / math.Sqrt(spread)
	}
	m.ChiSquared = n * m.Phi * m.Phi
	m.OddsRatio = Ratio(float64(both) * float64(all-left-right+both) / (float64(left-both) * float64(right-both)))
	m.Fisher = facts.Fisher(both, left, right, all)
	return m
}

// Ratio is a number that may be infinite, which JSON writes as null.
type Ratio float64

// MarshalJSON writes a number or null.
func (r Ratio) MarshalJSON() ([]byte, error) { return marshalRatio(float64(r)) }
