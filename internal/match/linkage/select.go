// SPDX-License-Identifier: Apache-2.0

package linkage

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sort"

	"dangol/internal/match/weight"
)

// singlePairs is how many pairs that agree on one field are looked at.
const singlePairs = 40_000

// selectEqual samples pairs that agree exactly on one field, as random pairs
// would: a value held by n records gives n(n−1)/2 of them.
func selectEqual(t *Table, fields []*field, i int, linkOnly bool, random *rand.Rand) *selection {
	f := fields[i]
	starts := make([]uint64, len(f.values)+1) // cumulated pairs by code
	places := make([]uint32, len(f.values)+1)
	for code := range f.values {
		n := uint64(0)
		if code != missing {
			n = uint64(f.counts[code])
		}
		starts[code+1] = starts[code] + n*max(n, 1) - n
		places[code+1] = places[code] + uint32(n)
	}
	rows := make([]uint32, places[len(places)-1])
	next := slices.Clone(places)
	for _, slot := range f.slots {
		for row, code := range slot {
			if code != missing {
				rows[next[code]] = uint32(row)
				next[code]++
			}
		}
	}
	s := newSelection(fields, f.name, []int{i})
	s.all = float64(starts[len(starts)-1]) / 2
	if s.all < 1 {
		return nil
	}
	counts := map[counted]float64{}
	for range int(min(singlePairs, 2*s.all)) {
		at := random.Uint64N(starts[len(starts)-1])
		code := sort.Search(len(starts), func(k int) bool { return starts[k] > at }) - 1
		own := rows[places[code]:places[code+1]]
		a, b := own[random.IntN(len(own))], own[random.IntN(len(own))]
		if a == b || linkOnly && t.Source[a] == t.Source[b] {
			continue
		}
		counts[counted{patternOf(fields, a, b), sizeClass(len(own))}]++
	}
	s.take(counts, len(fields))
	return s
}

// chances turns what was learnt about non-matches within a selection into a
// condition of the model.
func chances(fields []*field, selections []*selection) []weight.Condition {
	var list []weight.Condition
	for _, s := range selections {
		if s.control < fewestControl || !s.isChance() {
			continue
		}
		c := weight.Condition{Name: s.label, Pairs: math.Round(s.control), P: make([][]float64, len(fields))}
		for i := range fields {
			if slices.Contains(s.uses, i) {
				c.On = append(c.On, weight.On{Comparison: i, Levels: sharing(fields[i], s.coarse[i])})
			} else {
				c.P[i] = slices.Clone(s.u[i])
			}
		}
		list = append(list, c)
	}
	return list
}

// sharing are the levels at which strangers may share what the field says, as
// a household shares one flat however each writes it.
func sharing(f *field, coarse bool) []uint8 {
	levels := agreeing(f, coarse)
	for l := uint8(2); !coarse && f.kind == Address && l <= f.measure.alike; l++ {
		levels = append(levels, l)
	}
	return levels
}

func agreeing(f *field, coarse bool) []uint8 {
	levels := []uint8{1}
	for l := uint8(2); coarse && l < f.measure.other(); l++ {
		levels = append(levels, l)
	}
	return levels
}

// firstLambda estimates the share of matches among all pairs from the rules,
// as Splink does from deterministic ones: a rule's matches, divided by the
// share of matches that agree on its columns. The middle one of the rules' answers is taken.
func firstLambda(model *weight.Model, fields []*field, selections []*selection, rows, total float64) (float64, []string) {
	var answers []float64
	least := 0.0
	for _, s := range selections {
		matches := s.lambda() * s.all
		if !s.teaches || s.matches < fewestMatches {
			continue
		}
		reach := 1.0
		for _, i := range s.uses {
			share := float64(fields[i].present) / rows
			agree := 0.0
			for _, l := range agreeing(fields[i], s.coarse[i]) {
				agree += model.Comparisons[i].Levels[l].M
			}
			reach *= share * share * agree
		}
		answers = append(answers, matches/max(reach, .02))
		least = max(least, matches)
	}
	if len(answers) == 0 {
		return min(.5, 1/max(total, 2)), []string{"no rule shows matches; λ is taken as one pair of all"}
	}
	slices.Sort(answers)
	matches := max(answers[len(answers)/2], least)
	return min(max(matches/total, 1e-12), .5), []string{fmt.Sprintf("the rules estimate %.0f matching pairs (between %.0f and %.0f)", matches, answers[0], answers[len(answers)-1])}
}

// withoutMatches takes the matches out of u: among a thousand records, random
// pairs hold enough of them to hide how rare agreement by chance is.
func withoutMatches(model *weight.Model) {
	for i := range model.Comparisons {
		levels := model.Comparisons[i].Levels
		total := 0.0
		for l := 1; l < len(levels); l++ {
			seen := levels[l].U
			levels[l].U = max((seen-model.Lambda*levels[l].M)/(1-model.Lambda), seen*leastShareOfU)
			total += levels[l].U
		}
		for l := 1; l < len(levels); l++ {
			levels[l].U /= total
		}
	}
}

// leastShareOfU bounds how much of a level's agreement may be put down to matches.
const leastShareOfU = 0.1

// causesFrom counts, in pairs taken for matches, whether fields differ
// together: who moved has another street, town and postal code at once.
func causesFrom(model *weight.Model, fields []*field, pairs []Pair, probability func(Pair) float64) []weight.Condition {
	n := len(fields)
	joint := make([][][]float64, n) // differing field, other field, level
	for i := range joint {
		joint[i] = make([][]float64, n)
		for j := range joint[i] {
			joint[i][j] = make([]float64, len(fields[j].measure.labels))
		}
	}
	seen := make([]float64, n)
	for _, pair := range pairs {
		p := probability(pair)
		if p < .5 {
			continue
		}
		for i, f := range fields {
			if l := levelAt(pair.Pattern, i); l == missing || l <= f.measure.alike {
				continue
			}
			seen[i] += p
			for j := range fields {
				joint[i][j][levelAt(pair.Pattern, j)] += p
			}
		}
	}
	var list []weight.Condition
	for i, f := range fields {
		if seen[i] < priorPairs || !isChangeable(f.kind) {
			continue
		}
		c := weight.Condition{Name: f.name + " differs", Pairs: math.Round(seen[i]), P: make([][]float64, n)}
		for l := f.measure.alike + 1; l <= f.measure.other(); l++ {
			c.On = append(c.On, weight.On{})
			c.On[0].Comparison, c.On[0].Levels = i, append(c.On[0].Levels, l)
		}
		c.On = c.On[:1]
		strongest := 0.0
		for j := range fields {
			if j == i || !isChangeable(fields[j].kind) {
				continue
			}
			own := model.Comparisons[j].Levels
			total := float64(priorPairs)
			for l := 1; l < len(own); l++ {
				total += joint[i][j][l]
			}
			c.P[j] = make([]float64, len(own))
			apart, usual := 0.0, 0.0
			for l := 1; l < len(own); l++ {
				c.P[j][l] = (joint[i][j][l] + priorPairs*own[l].M) / total
				if uint8(l) > fields[j].measure.alike {
					apart += c.P[j][l]
					usual += own[l].M
				}
			}
			strongest = max(strongest, apart/max(usual, .02))
		}
		if strongest > dependent {
			list = append(list, c)
		}
	}
	return list
}

// isChangeable: what one event in a life changes together. Who moves has
// another street, town and telephone, but neither another birth date nor
// another given name; two records that differ in those have no such excuse.
func isChangeable(kind Kind) bool {
	switch kind {
	case Address, Postal, Word, Phone, Email, Company, Text, Category, Number:
		return true
	}
	return false
}

// dependent is how many times likelier a second difference must be after a
// first for the two to have one cause.
const dependent = 1.8
