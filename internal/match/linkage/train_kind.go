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
	// mostFar is the share of likely matches that may be far apart in two
	// things of a whole life, and farBeyond how many times more often than by
	// two slips that do not know of each other.
	mostFar, farBeyond = .03, 4
	// mostKin is how many times likelier two people who share something else
	// may agree on what stays all through a life than any two: brothers have
	// one family name. Without a bound, records of one person with a slip in
	// the name would be taken for a family.
	mostKin = 6
)

// suspect finds the selections whose likely matches are unlike those of the
// others: one person agrees on given name and birth date whatever rule has
// found the pair, but a family that shares an address does not. In such a
// selection two kinds of pairs are mixed; it does not teach m, and its u is
// free, with m held to what the others say.
func suspect(model *weight.Model, selections []*selection) {
	profiles := make([][]float64, len(selections))
	far := make([]map[[2]int]float64, len(selections))
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
			far[k] = alone.farTogether(own)
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
		for couple, share := range far[k] {
			slips := (1 - usual[couple[0]]) * (1 - usual[couple[1]])
			if usual[couple[0]] > 0 && usual[couple[1]] > 0 && share > mostFar && share > farBeyond*slips {
				apart++
			}
		}
		s.isMixed = apart > 0
		if s.isMixed {
			s.startMixed(model)
		}
	}
}

// farTogether is, for every two fields that stay all through a life, how often
// likely matches are far apart in both: not a slip of the pen but another
// given name and another birth date, as in a family.
func (s *selection) farTogether(model *weight.Model) map[[2]int]float64 {
	believed := s.beliefs(model)
	shares := map[[2]int]float64{}
	for i := range s.steady {
		for j := range i {
			if !s.steady[i] || !s.steady[j] || slices.Contains(s.uses, i) || slices.Contains(s.uses, j) {
				continue
			}
			both, all := 0.0, 0.0
			for k, class := range s.classes {
				if class.Levels[i] == missing || class.Levels[j] == missing {
					continue
				}
				all += believed[k] * class.Count
				if class.Levels[i] >= s.far[i] && class.Levels[j] >= s.far[j] {
					both += believed[k] * class.Count
				}
			}
			if all >= fewestJudged {
				shares[[2]int{j, i}] = both / all
			}
		}
	}
	return shares
}

// startMixed is where the estimation begins for pairs among which other than
// one person are believed: those share what changes in a life as often as not,
// but none of what stays.
func (s *selection) startMixed(model *weight.Model) {
	for i, c := range model.Comparisons {
		for l := 1; l < len(c.Levels) && !s.steady[i]; l++ {
			s.u[i][l] = (c.Levels[l].M + c.Levels[l].U) / 2
		}
	}
}

// beliefs are the probabilities of the classes to be matches.
func (s *selection) beliefs(model *weight.Model) []float64 {
	logs := s.logs(model)
	believed := make([]float64, len(s.classes))
	for k, class := range s.classes {
		prior := s.priorOf(k)
		sum := math.Log2(prior / (1 - prior))
		for i, l := range class.Levels {
			sum += logs[i][l]
		}
		believed[k] = weight.Probability(sum)
	}
	return believed
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
	believed := s.beliefs(model)
	var apart, all []float64
	for k, class := range s.classes {
		size := int(s.sizes[k])
		for len(all) <= size {
			apart, all = append(apart, 0), append(all, 0)
		}
		apart[size] += (1 - believed[k]) * class.Count
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
