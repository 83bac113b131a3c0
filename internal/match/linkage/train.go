// SPDX-License-Identifier: Apache-2.0

package linkage

import (
	"fmt"
	"math"
	"math/rand/v2"

	"dangol/internal/match/weight"
)

const (
	// randomPairs is how many pairs u is counted in; Splink's default too.
	randomPairs = 1_000_000
	// trainingPairs is how many pairs of one rule m is estimated from.
	trainingPairs = 400_000
	// levelBits packs the levels of a pair into one word.
	levelBits = 4
	// mostEvidence is what one word holds.
	mostEvidence = 64 / levelBits
)

// startM is where the estimation begins: most matches agree.
func startM(levels int) []float64 {
	m := make([]float64, levels)
	m[1] = .8
	for l := 2; l < levels; l++ {
		m[l] = .2 / float64(levels-2)
	}
	return m
}

// countU sets u: agreement exactly from the frequencies of values, the other
// levels from random pairs.
func countU(t *Table, all []*evidence, model *weight.Model, random *rand.Rand) {
	for i, e := range all {
		counts := make([]float64, len(e.labels))
		total := 0.0
		for range min(randomPairs, t.Rows*t.Rows) {
			a, b := random.IntN(t.Rows), random.IntN(t.Rows)
			if a == b {
				continue
			}
			if level := e.level(e.column.Codes[a], e.column.Codes[b]); level > 1 {
				counts[level]++
				total++
			}
		}
		exact := exactU(e.column)
		levels := model.Comparisons[i].Levels
		levels[1].U = exact
		for l := 2; l < len(levels); l++ {
			// half a pair where none was seen: rare is not impossible
			levels[l].U = (1 - exact) * (counts[l] + .5) / (total + .5*float64(len(levels)-2))
		}
	}
}

// exactU is the probability that two random present values are equal.
func exactU(c *Column) float64 {
	present := float64(c.Present())
	sum := 0.0
	for _, n := range c.Counts[1:] {
		sum += float64(n) * float64(n-1)
	}
	return min(max(sum/max(present*(present-1), 1), 1/(present*present+1)), 1-1e-9)
}

// trainM estimates m from the pairs of each rule in turn, with u fixed and the
// rule's own columns held, and averages by the number of matches seen.
func trainM(t *Table, all []*evidence, rules []*Rule, model *weight.Model, linkOnly bool) []string {
	var notes []string
	sums := make([][]float64, len(all))
	weights := make([]float64, len(all))
	for i := range all {
		sums[i] = make([]float64, len(all[i].labels))
	}
	for _, rule := range rules {
		classes, pairs := classesOf(t, all, rule, linkOnly)
		if pairs < 20 {
			continue
		}
		trial := copyModel(model)
		trial.Lambda = .2
		_, settled := trial.Estimate(classes, weight.Options{FixU: true, Hold: rule.uses, Iterations: 200, Tolerance: 1e-6})
		matches := trial.Lambda * pairs
		notes = append(notes, fmt.Sprintf("%s: %.0f of %.0f pairs match, settled %v", rule.Label, matches, pairs, settled))
		if matches < 5 {
			continue
		}
		for i := range all {
			if held(rule.uses, i) {
				continue
			}
			weights[i] += matches
			for l := 1; l < len(all[i].labels); l++ {
				sums[i][l] += matches * trial.Comparisons[i].Levels[l].M
			}
		}
	}
	for i := range all {
		levels := model.Comparisons[i].Levels
		if weights[i] == 0 {
			notes = append(notes, all[i].name+": could not be trained, keeps its start values")
			continue
		}
		for l := 1; l < len(levels); l++ {
			levels[l].M = max(sums[i][l]/weights[i], 1e-6)
		}
	}
	return notes
}

func held(uses []int, i int) bool {
	for _, u := range uses {
		if u == i {
			return true
		}
	}
	return false
}

func copyModel(m *weight.Model) *weight.Model {
	out := &weight.Model{Lambda: m.Lambda}
	for _, c := range m.Comparisons {
		out.Comparisons = append(out.Comparisons, weight.Comparison{Name: c.Name, Levels: append([]weight.Level(nil), c.Levels...)})
	}
	return out
}

// classesOf counts the patterns of a rule's pairs; of a large rule every k-th block.
func classesOf(t *Table, all []*evidence, rule *Rule, linkOnly bool) ([]weight.Class, float64) {
	counts := map[uint64]float64{}
	// every pair of the rule agrees on its columns, which says nothing here
	var ignored uint64
	for _, i := range rule.uses {
		ignored |= (1<<levelBits - 1) << (i * levelBits)
	}
	step := int(math.Ceil(float64(rule.Pairs) / trainingPairs))
	block := 0
	for rows := range rule.blocks {
		block++
		if block%max(step, 1) != 0 && step > 1 {
			continue
		}
		for i, a := range rows {
			for _, b := range rows[i+1:] {
				if linkOnly && t.Source[a] == t.Source[b] {
					continue
				}
				counts[patternOf(all, a, b)&^ignored]++
			}
		}
	}
	var classes []weight.Class
	total := 0.0
	for pattern, n := range counts {
		levels := make([]uint8, len(all))
		for i := range levels {
			levels[i] = uint8(pattern >> (i * levelBits) & (1<<levelBits - 1))
		}
		classes = append(classes, weight.Class{Levels: levels, Count: n})
		total += n
	}
	return classes, total
}

func patternOf(all []*evidence, a, b uint32) uint64 {
	var pattern uint64
	for i, e := range all {
		pattern |= uint64(e.level(e.column.Codes[a], e.column.Codes[b])) << (i * levelBits)
	}
	return pattern
}
