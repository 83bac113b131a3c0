// SPDX-License-Identifier: Apache-2.0

package linkage

import (
	"math"
	"slices"

	"dangol/internal/match/weight"
)

const (
	// trialRounds are enough to see what kind of pairs a selection holds.
	trialRounds = 12
	// mostApart is how much less often, in shares, the pairs of a selection may
	// agree on a field than those of the other selections do.
	mostApart = .25
	// fewestJudged is how many matches a judgement needs.
	fewestJudged = 20
)

// suspect finds the selections whose likely matches are unlike those of the
// others: one person agrees on given name and birth date whatever rule has
// found the pair, but a family that shares an address does not. In such a
// selection two kinds of pairs are mixed; it does not teach m, and its u is
// free, with m held to what the others say.
func suspect(model *weight.Model, selections []*selection) {
	profiles := make([][]float64, len(selections))
	for k, s := range selections {
		s.isMixed = false
		own := copyModel(model)
		alone := *s
		alone.teaches = true
		alone.u = nil
		begin(own, []*selection{&alone})
		for range trialRounds {
			together(own, model, []*selection{&alone})
		}
		if alone.matches >= fewestJudged {
			profiles[k] = make([]float64, len(own.Comparisons))
			for i, c := range own.Comparisons {
				profiles[k][i] = agreement(c, s.alike[i])
			}
		}
	}
	usual := make([]float64, len(model.Comparisons))
	for i := range usual {
		var all []float64
		for k, s := range selections {
			if s.teaches && profiles[k] != nil && !slices.Contains(s.uses, i) {
				all = append(all, profiles[k][i])
			}
		}
		if slices.Sort(all); len(all) > 1 {
			usual[i] = all[len(all)*2/3] // mixtures only ever lower it
		}
	}
	for k, s := range selections {
		if profiles[k] == nil {
			continue
		}
		apart := 0
		for i := range usual {
			if s.steady[i] && !slices.Contains(s.uses, i) && profiles[k][i] < usual[i]-mostApart && profiles[k][i] < .6*usual[i] {
				apart++
			}
		}
		s.isMixed = apart > 0
	}
}

func agreement(c weight.Comparison, alike uint8) float64 {
	sum := 0.0
	for l := uint8(1); l <= alike; l++ {
		sum += c.Levels[l].M
	}
	return sum
}

// strangers is, by size class, the share of pairs that are of two persons. The
// larger the group, the more strangers: what fewer pairs say is drawn up to
// what smaller groups have shown.
func (s *selection) strangers(model *weight.Model) []float64 {
	logs := s.logs(model)
	var apart, all []float64
	for k, class := range s.classes {
		size := int(s.sizes[k])
		for len(all) <= size {
			apart, all = append(apart, 0), append(all, 0)
		}
		prior := s.priorOf(k)
		sum := math.Log2(prior / (1 - prior))
		for i, l := range class.Levels {
			sum += logs[i][l]
		}
		apart[size] += (1 - weight.Probability(sum)) * class.Count
		all[size] += class.Count
	}
	least := 0.0
	for size := range all {
		expected := 1 - min(s.partners/rivalsOf(uint8(size)), mostBelieved)
		least = max(least, (apart[size]+fewestMatches*expected)/(all[size]+fewestMatches))
		apart[size] = least
	}
	return apart
}
