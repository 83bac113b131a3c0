// SPDX-License-Identifier: Apache-2.0

package linkage

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

const (
	// pairsPerRecord is the most candidate pairs a record may have, over all rules.
	pairsPerRecord = 60
	// pairsPerRule is the most that one rule may add; a coarser rule is joined
	// with another column instead.
	pairsPerRule = 25
	// largestBlock is where a value is so common that agreeing on it alone is
	// no reason to compare; the estimate counts such blocks as left out.
	largestBlock = 2000
	// mostRules bounds the work of telling whether an earlier rule had a pair.
	mostRules = 12
	// yearDigits and prefixLetters make coarse keys for joined rules.
	yearDigits    = 4
	prefixLetters = 4
)

// Rule is a blocking rule: records that share its key are compared.
type Rule struct {
	Label string `json:"rule"`
	// Pairs is the number of candidate pairs it alone makes.
	Pairs int64 `json:"pairs"`
	// Skipped counts the records in blocks too large to compare.
	Skipped int64 `json:"skipped_records"`
	uses    []int // evidence whose columns are in the key
	keys    []uint32
	rows    []uint32 // records sorted by key
	starts  []uint32 // where each block begins in rows; one more at the end
}

// key is a candidate for blocking: codes of a column or of a coarser form of it.
type key struct {
	label    string
	evidence int
	column   *Column
	isCoarse bool
}

func keysOf(all []*evidence) []key {
	var keys []key
	for i, e := range all {
		switch e.kind {
		case Name:
			keys = append(keys, key{e.name, i, e.column, false},
				key{e.name + " (first letters)", i, e.column.derive(e.name, func(v string) string { return prefix(v, prefixLetters) }), true})
		case Date:
			keys = append(keys, key{e.name, i, e.column, false},
				key{e.name + " (year)", i, e.column.derive(e.name, func(v string) string { return v[:min(yearDigits, len(v))] }), true})
		case Category:
			keys = append(keys, key{e.name, i, e.column, true})
		case Text:
			keys = append(keys, key{e.name, i, e.column, false},
				key{e.name + " (first word)", i, e.column.derive(e.name, longestWord), false})
		case Number:
			keys = append(keys, key{e.name, i, e.column, true})
		default:
			keys = append(keys, key{e.name, i, e.column, false})
		}
	}
	return keys
}

func prefix(value string, n int) string {
	runes := []rune(value)
	return string(runes[:min(n, len(runes))])
}

func longestWord(value string) string {
	longest := ""
	for _, word := range strings.Fields(value) {
		if len(word) > len(longest) {
			longest = word
		}
	}
	return longest
}

// ProposeRules chooses blocking rules by what they cost: the most selective
// columns alone, the common ones joined in twos, together within the budget.
func proposeRules(t *Table, all []*evidence, linkOnly bool) []*Rule {
	keys := keysOf(all)
	var single []*Rule
	var coarseKeys []key
	for _, k := range keys {
		rule := newRule(t, k.label, []int{k.evidence}, k.column.Codes, linkOnly)
		if !k.isCoarse && rule.Pairs <= pairsPerRule*int64(t.Rows) && rule.Skipped*4 < int64(t.Rows) {
			single = append(single, rule)
			continue
		}
		coarseKeys = append(coarseKeys, k)
	}
	for i := range coarseKeys {
		for j := i + 1; j < len(coarseKeys); j++ {
			a, b := coarseKeys[i], coarseKeys[j]
			if a.evidence == b.evidence || coveredBy(single, a, b) {
				continue
			}
			rule := newRule(t, a.label+" + "+b.label, []int{a.evidence, b.evidence}, joined(a.column.Codes, b.column.Codes), linkOnly)
			if rule.Pairs > 0 && rule.Pairs <= pairsPerRule*int64(t.Rows) {
				single = append(single, rule)
			}
		}
	}
	return withinBudget(single, int64(t.Rows))
}

// coveredBy: two coarse keys of columns that already block alone add little.
func coveredBy(chosen []*Rule, a, b key) bool {
	has := func(e int) bool {
		return slices.ContainsFunc(chosen, func(r *Rule) bool { return len(r.uses) == 1 && r.uses[0] == e })
	}
	return has(a.evidence) && has(b.evidence)
}

func withinBudget(rules []*Rule, rows int64) []*Rule {
	slices.SortStableFunc(rules, func(a, b *Rule) int { return cmp.Compare(a.Pairs, b.Pairs) })
	var chosen []*Rule
	total := int64(0)
	for _, rule := range rules {
		if rule.Pairs == 0 || len(chosen) == mostRules || total+rule.Pairs > pairsPerRecord*rows {
			continue
		}
		total += rule.Pairs
		chosen = append(chosen, rule)
	}
	return chosen
}

// joined makes one key of two; missing in either is missing in both.
func joined(a, b []uint32) []uint32 {
	ids := make(map[uint64]uint32)
	out := make([]uint32, len(a))
	for row := range a {
		if a[row] == missing || b[row] == missing {
			continue
		}
		both := uint64(a[row])<<32 | uint64(b[row])
		id, known := ids[both]
		if !known {
			id = uint32(len(ids) + 1)
			ids[both] = id
		}
		out[row] = id
	}
	return out
}

// newRule sorts the records by key (counting sort) and counts the pairs.
func newRule(t *Table, label string, uses []int, keys []uint32, linkOnly bool) *Rule {
	rule := &Rule{Label: label, uses: uses, keys: keys}
	most := slices.Max(append([]uint32{0}, keys...))
	counts := make([]uint32, most+2)
	for _, k := range keys {
		counts[k+1]++
	}
	for k := 1; k < len(counts); k++ {
		counts[k] += counts[k-1]
	}
	places := slices.Clone(counts)
	rule.rows = make([]uint32, len(keys))
	for row, k := range keys {
		rule.rows[places[k]] = uint32(row)
		places[k]++
	}
	for k := 1; k+1 < len(counts); k++ {
		size := int64(counts[k+1] - counts[k])
		switch {
		case size < 2:
			continue
		case size > largestBlock:
			rule.Skipped += size
			continue
		}
		pairs := size * (size - 1) / 2
		if linkOnly {
			pairs = crossPairs(t, rule.rows[counts[k]:counts[k+1]])
		}
		if pairs > 0 {
			rule.Pairs += pairs
			rule.starts = append(rule.starts, counts[k], counts[k+1])
		}
	}
	return rule
}

func crossPairs(t *Table, rows []uint32) int64 {
	first := int64(0)
	for _, row := range rows {
		if t.Source[row] == 0 {
			first++
		}
	}
	return first * (int64(len(rows)) - first)
}

// blocks yields every block of the rule.
func (r *Rule) blocks(yield func(rows []uint32) bool) {
	for i := 0; i < len(r.starts); i += 2 {
		if !yield(r.rows[r.starts[i]:r.starts[i+1]]) {
			return
		}
	}
}

// String names the rule with its cost.
func (r *Rule) String() string { return fmt.Sprintf("%s (%d pairs)", r.Label, r.Pairs) }
