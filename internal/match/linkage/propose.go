// SPDX-License-Identifier: Apache-2.0

package linkage

import (
	"math/bits"
	"math/rand/v2"
	"slices"

	"dangol/internal/platform/fault"
)

const (
	// costSample is how many of the records estimate what a rule costs.
	costSample = 60_000
	// trials are simulated duplicates that tell which rules together would
	// find most.
	trials = 16_384
	// slipRate is how often a field of a duplicate is taken to differ; it only
	// orders rules.
	slipRate = .25
	// leastGain is the share of simulated duplicates that one more rule must
	// find, for each pair a record that it costs, one at least.
	leastGain = 0.0002
	// mostKeys is how many keys are rules whatever they find.
	mostKeys = 4
	// ruleCost is what any rule costs besides its pairs, in pairs a record: one
	// broad rule is worth more than many narrow ones.
	ruleCost = 3
	// perRule is the most candidate pairs a record that one rule may cost.
	perRule = 24
)

// proposal is a rule that could be chosen.
type proposal struct {
	parts []int
	cost  float64 // pairs a record
}

// proposeRules chooses blocking rules by what they cost and what they would
// find in simulated duplicates: greedily the best gain for its pairs, together
// within the budget.
func proposeRules(t *Table, fields []*field, linkOnly bool, random *rand.Rand) ([]*Rule, error) {
	parts := partsOf(fields)
	if len(parts) == 0 {
		return nil, noRule()
	}
	estimate := newCostEstimate(t, fields, parts, linkOnly, random)
	var open []proposal
	for i, p := range parts {
		if cost := estimate.of(i); !p.form.isCoarse(fields[p.field].kind) || cost < perRule/8 {
			open = append(open, proposal{[]int{i}, cost})
		}
		for j := range i {
			if q := parts[j]; q.field != p.field && q.field != p.other && q.other != p.field && p.words == nil && q.words == nil {
				open = append(open, proposal{[]int{j, i}, estimate.of(j, i)})
			}
		}
	}
	hits := simulate(t, fields, parts, random)
	chosen, open := keysFirst(open, fields, parts)
	chosen = choose(chosen, open, hits, estimate.least)
	var rules []*Rule
	for _, c := range chosen {
		list := make([]*part, len(c.parts))
		for k, i := range c.parts {
			list[k] = parts[i]
		}
		rule := newRule(fields, list...)
		rule.Estimate = int64(c.cost * float64(t.Rows))
		rules = append(rules, rule)
	}
	if len(rules) == 0 {
		return nil, noRule()
	}
	return rules, nil
}

func noRule() error {
	return fault.New(fault.Invalid, "match.no_blocking_rule",
		"No column, alone or together with another, cuts the records into groups small enough to compare: every pair would have to be looked at. Add a column that tells records apart, such as a date, a telephone or a full name.")
}

func partsOf(fields []*field) []*part {
	var parts []*part
	for i, f := range fields {
		for _, form := range formsOf(f.kind) {
			parts = append(parts, newPart(fields, i, form))
		}
		if f.partner > i {
			parts = append(parts, anyOrder(fields, i, f.partner))
		}
	}
	return parts
}

// costEstimate counts pairs in a sample of records twice: pairs of a plain
// sample show the large blocks, and all records of a sample of keys the small
// ones; the truth is at least the larger of the two.
type costEstimate struct {
	rows     []int
	scale    float64 // pairs of all records for one of the sample
	total    float64
	sources  []uint8
	keys     [][]uint32 // a part, a sampled record: its first key
	words    []float64  // a part of rare words: its pairs a record
	linkOnly bool
	least    float64
}

func newCostEstimate(t *Table, fields []*field, parts []*part, linkOnly bool, random *rand.Rand) *costEstimate {
	e := &costEstimate{total: float64(t.Rows), linkOnly: linkOnly}
	if t.Rows <= costSample {
		for row := range t.Rows {
			e.rows = append(e.rows, row)
		}
	} else {
		step := t.Rows / costSample
		for row := random.IntN(step); row < t.Rows; row += step {
			e.rows = append(e.rows, row)
		}
	}
	n := float64(len(e.rows))
	e.scale = e.total * e.total / (n * n)
	e.least = e.scale / e.total
	for _, row := range e.rows {
		e.sources = append(e.sources, t.Source[row])
	}
	e.keys = make([][]uint32, len(parts))
	e.words = make([]float64, len(parts))
	for i, p := range parts {
		own := make([]uint32, len(e.rows))
		var scratch []uint32
		for k, row := range e.rows {
			if scratch = p.keysAt(fields, row, scratch[:0]); len(scratch) > 0 {
				own[k] = scratch[0]
			}
		}
		e.keys[i] = own
		if p.words != nil {
			e.words[i] = pairsByWords(p.words, fields[p.field].counts) / e.total
		}
	}
	return e
}

// pairsByWords counts the pairs that the words of all texts make.
func pairsByWords(lists [][]uint32, counts []uint32) float64 {
	holders := map[uint32]float64{}
	for code, list := range lists {
		for _, word := range list {
			holders[word] += float64(counts[code])
		}
	}
	pairs := 0.0
	for _, n := range holders {
		pairs += n * (n - 1) / 2
	}
	return pairs
}

// of is the pairs a record that the parts together would cost.
func (e *costEstimate) of(parts ...int) float64 {
	if len(parts) == 1 && e.words[parts[0]] > 0 {
		return e.words[parts[0]]
	}
	entries := make([]uint64, 0, len(e.rows))
	for k := range e.rows {
		key := e.keys[parts[0]][k]
		for _, p := range parts[1:] {
			key = mixKeys(key, e.keys[p][k])
		}
		if key != 0 {
			entries = append(entries, uint64(key)<<32|uint64(k))
		}
	}
	sortByKey(entries)
	pairs := 0.0
	for from := 0; from < len(entries); {
		to := from + 1
		for to < len(entries) && entries[to]>>32 == entries[from]>>32 {
			to++
		}
		n := float64(to - from)
		if !e.linkOnly {
			pairs += n * (n - 1) / 2
		} else if n > 1 {
			first := 0.0
			for _, entry := range entries[from:to] {
				if e.sources[uint32(entry)] == e.sources[uint32(entries[from])] {
					first++
				}
			}
			pairs += first * (n - first)
		}
		from = to
	}
	return pairs * e.scale / e.total
}

// bitset has a bit a trial.
type bitset [trials / 64]uint64

func (b *bitset) set(i int) { b[i/64] |= 1 << (i % 64) }

// simulate makes duplicates of sampled records by slips, and tells for every
// part whether its key is still the same.
func simulate(t *Table, fields []*field, parts []*part, random *rand.Rand) []bitset {
	hits := make([]bitset, len(parts))
	intact := make([]bool, len(fields))
	luck := make([]float64, len(fields))
	var scratch []uint32
	for trial := range trials {
		row, other := random.IntN(t.Rows), random.IntN(t.Rows)
		for i, f := range fields {
			luck[i] = random.Float64()
			intact[i] = random.Float64() > slipRate
			if f.slots[0][row] == missing || f.slots[0][other] == missing {
				intact[i], luck[i] = false, 2
			}
		}
		for i, p := range parts {
			scratch = p.keysAt(fields, row, scratch[:0])
			left := survives[p.form]
			ok := len(scratch) > 0 && (intact[p.field] || luck[p.field] >= left[0] && luck[p.field] < left[1])
			if ok && p.other >= 0 {
				ok = intact[p.other]
			}
			if ok {
				hits[i].set(trial)
			}
		}
	}
	return hits
}

// keysFirst takes the rules of one key each, such as a member number: a key
// that two records share is the surest and cheapest of rules, and it finds whom
// slips in everything else have parted.
func keysFirst(open []proposal, fields []*field, parts []*part) (keys, others []proposal) {
	for _, c := range open {
		if p := parts[c.parts[0]]; len(c.parts) == 1 && fields[p.field].kind == Identifier && c.cost > 0 && c.cost <= 1 && len(keys) < mostKeys {
			keys = append(keys, c)
		} else {
			others = append(others, c)
		}
	}
	return keys, others
}

// choose adds rules to those that are chosen already.
func choose(chosen, open []proposal, hits []bitset, least float64) []proposal {
	var found bitset
	budget := float64(pairsPerRecord) * .75 // estimates err
	for _, c := range chosen {
		budget -= c.cost
		for i := range found {
			found[i] |= c.hits(hits, i)
		}
	}
	for len(chosen) < mostRules {
		best, bestValue := -1, 0.0
		for k, c := range open {
			if c.cost > perRule || c.cost > budget {
				continue
			}
			gain := c.gain(hits, &found)
			if gain < leastGain*trials*max(c.cost, 1) {
				continue
			}
			if value := gain / (c.cost + least + ruleCost); value > bestValue {
				best, bestValue = k, value
			}
		}
		if best < 0 {
			break
		}
		c := open[best]
		for i := range found {
			found[i] |= c.hits(hits, i)
		}
		budget -= c.cost
		chosen = append(chosen, c)
		open = slices.Delete(open, best, best+1)
	}
	return chosen
}

// hits has the trials, of the i-th word, that the rule finds.
func (c *proposal) hits(hits []bitset, i int) uint64 {
	all := ^uint64(0)
	for _, p := range c.parts {
		all &= hits[p][i]
	}
	return all
}

// gain is how many trials the rule finds that are not found yet.
func (c *proposal) gain(hits []bitset, found *bitset) float64 {
	n := 0
	for i := range found {
		n += bits.OnesCount64(c.hits(hits, i) &^ found[i])
	}
	return float64(n)
}
