// SPDX-License-Identifier: Apache-2.0

package match

import (
	"context"
	"math"
	"slices"

	"dangol/internal/match/weight"
	"dangol/internal/platform/fault"
)

const (
	// fewestDecisions is how many decisions of each kind weights are learned from.
	fewestDecisions = 5
	// trust is the standard deviation, in nats, of how far decisions may move one level without much evidence.
	trust = 0.7
	// rounds and pace of the gradient descent; the problem is convex in the prior and well conditioned.
	rounds, pace = 400, 0.2
)

// Retrain learns from people's decisions: m of the levels and λ move as far as the decisions speak for it
// (maximum a posteriori of a logistic model whose starting point is the model in use). u stays: pairs in
// the queue are chosen, and say nothing about pairs by chance.
func (s *Service) Retrain(ctx context.Context) (*Model, error) {
	var trained *Model
	err := s.db.Within(ctx, func(ctx context.Context) error {
		base, err := s.store.findModel(ctx, 0)
		if err != nil {
			return err
		}
		labels, err := s.labels(ctx, base)
		if err != nil {
			return err
		}
		same := 0
		for _, l := range labels {
			if l.isSame {
				same++
			}
		}
		if same < fewestDecisions || len(labels)-same < fewestDecisions {
			return fault.New(fault.Invalid, "match.few_decisions",
				"Weights are learned from at least {needed} pairs decided the same and {needed} decided different; there are {same} and {different}.",
				"needed", fewestDecisions, "same", same, "different", len(labels)-same)
		}
		spec := *base.Spec
		spec.Model = learn(base.Spec.Model, labels)
		trained = &Model{Reason: "decisions", Spec: &spec, LinkAt: base.LinkAt, ReviewAt: base.ReviewAt, IsTuned: base.IsTuned, frequencies: base.frequencies}
		return s.useModel(ctx, trained, base)
	})
	return trained, err
}

// label is one decided pair.
type label struct {
	levels []uint8
	// extra is what the frequencies of values added to the weight when the pair was found.
	extra  float64
	isSame bool
}

// labels are the standing decisions about pairs with the same comparisons as the model.
func (s *Service) labels(ctx context.Context, m *Model) ([]label, error) {
	decisions, err := s.store.standing(ctx)
	if err != nil {
		return nil, err
	}
	known := map[int64]*Model{m.ID: m}
	var labels []label
	for _, d := range decisions {
		used, ok := known[d.ModelID]
		if !ok {
			if used, err = s.store.findModel(ctx, d.ModelID); err != nil && !fault.Is(err, fault.NotFound) {
				return nil, err
			}
			if used != nil && sameShape(m.Spec.Model.Comparisons, used.Spec.Model.Comparisons) != nil {
				used = nil
			}
			known[d.ModelID] = used
		}
		if used == nil || len(d.Pattern) != len(m.Spec.Model.Comparisons) {
			continue
		}
		levels := patternLevels(d.Pattern)
		if !fitsLevels(m.Spec.Model, levels) {
			continue
		}
		labels = append(labels, label{levels, d.Weight - used.Spec.Model.Score(levels, nil), d.Decision == Same})
	}
	return labels, nil
}

func fitsLevels(m *weight.Model, levels []uint8) bool {
	for i, level := range levels {
		if int(level) >= len(m.Comparisons[i].Levels) {
			return false
		}
	}
	return true
}

// learn moves m and λ. Every comparison's m is a softmax of its old logarithms plus θ, so that it stays a
// distribution; the penalty θ²/2·trust² keeps levels without decisions where they were.
func learn(base *weight.Model, labels []label) *weight.Model {
	m := &weight.Model{Lambda: base.Lambda, Chances: base.Chances, Causes: base.Causes}
	theta := make([][]float64, len(base.Comparisons))
	for i, c := range base.Comparisons {
		theta[i] = make([]float64, len(c.Levels))
		m.Comparisons = append(m.Comparisons, weight.Comparison{Name: c.Name, Levels: slices.Clone(c.Levels)})
	}
	shift := 0.0
	step := pace / float64(len(labels))
	for range rounds {
		slope, slopes := -shift/(trust*trust), make([][]float64, len(theta))
		for i := range theta {
			slopes[i] = make([]float64, len(theta[i]))
			for l := range theta[i] {
				slopes[i][l] = -theta[i][l] / (trust * trust)
			}
		}
		for _, pair := range labels {
			miss := -weight.Probability(m.Score(pair.levels, nil) + pair.extra)
			if pair.isSame {
				miss++
			}
			slope += miss
			for i, level := range pair.levels {
				if level == weight.Missing {
					continue
				}
				for l := 1; l < len(theta[i]); l++ {
					slopes[i][l] -= miss * m.Comparisons[i].Levels[l].M
				}
				slopes[i][level] += miss
			}
		}
		shift += step * slope
		for i := range theta {
			for l := 1; l < len(theta[i]); l++ {
				theta[i][l] += step * slopes[i][l]
			}
			setM(&m.Comparisons[i], base.Comparisons[i].Levels, theta[i])
		}
		odds := base.Lambda / (1 - base.Lambda) * math.Exp(shift)
		m.Lambda = odds / (1 + odds)
	}
	return m
}

func setM(c *weight.Comparison, base []weight.Level, theta []float64) {
	total, sum := 0.0, 0.0
	for l := 1; l < len(base); l++ {
		total += base[l].M
		c.Levels[l].M = base[l].M * math.Exp(theta[l])
		sum += c.Levels[l].M
	}
	for l := 1; l < len(base); l++ {
		c.Levels[l].M *= total / sum
	}
}
