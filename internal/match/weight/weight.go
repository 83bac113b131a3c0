// SPDX-License-Identifier: Apache-2.0

package weight

import (
	"fmt"
	"math"
)

// Missing is the level of a comparison in which a side has no value.
const Missing = 0

// Level is one outcome of a comparison.
type Level struct {
	Label string  `json:"label"`
	M     float64 `json:"m"`
	U     float64 `json:"u"`
	// FrequencyWeight is the exponent of the term-frequency adjustment: 0 for
	// none, 1 for full; agreement on a rare value counts for more.
	FrequencyWeight float64 `json:"frequency_weight,omitempty"`
}

// Comparison is one piece of evidence; Levels[0] is Missing and carries no m
// or u.
type Comparison struct {
	Name   string  `json:"name"`
	Levels []Level `json:"levels"`
}

// Model is what a pair is scored with.
type Model struct {
	// Lambda is the probability that two random records match.
	Lambda      float64      `json:"lambda"`
	Comparisons []Comparison `json:"comparisons"`
	// Chances are what non-matches may have in common, Causes why matches may
	// differ; without them all comparisons are independent in both classes.
	Chances []Condition `json:"chances,omitempty"`
	Causes  []Condition `json:"causes,omitempty"`
}

// Validate names the first value that cannot be a probability.
func (m *Model) Validate() error {
	if !(m.Lambda > 0 && m.Lambda < 1) {
		return fmt.Errorf("lambda is %v, it must lie between 0 and 1", m.Lambda)
	}
	if err := m.validateConditions("chance", m.Chances); err != nil {
		return err
	}
	if err := m.validateConditions("cause", m.Causes); err != nil {
		return err
	}
	for _, c := range m.Comparisons {
		if len(c.Levels) < 2 {
			return fmt.Errorf("comparison %q needs a missing level and at least one more", c.Name)
		}
		for i, l := range c.Levels[1:] {
			if !(l.M >= 0 && l.M <= 1 && l.U >= 0 && l.U <= 1) {
				return fmt.Errorf("comparison %q level %d (%s): m %v and u %v must lie between 0 and 1", c.Name, i+1, l.Label, l.M, l.U)
			}
		}
	}
	return nil
}

// PriorWeight is the match weight of no evidence: log2(λ/(1−λ)).
func (m *Model) PriorWeight() float64 { return math.Log2(m.Lambda / (1 - m.Lambda)) }

// Weight is the match weight of one level: log2(m/u); 0 for Missing.
func (c *Comparison) Weight(level uint8) float64 {
	if level == Missing {
		return 0
	}
	l := c.Levels[level]
	return math.Log2(l.M / l.U)
}

// FrequencyWeight is the additional match weight of agreeing on a value that
// the share frequency of all values has: log2((u/frequency)^w).
func (c *Comparison) FrequencyWeight(level uint8, frequency float64) float64 {
	l := c.Levels[level]
	if level == Missing || l.FrequencyWeight == 0 || frequency <= 0 {
		return 0
	}
	return l.FrequencyWeight * math.Log2(l.U/frequency)
}

// Score is the match weight of a pair: prior plus the weights of its levels
// plus the frequency adjustments. frequencies may be nil; 0 means none.
func (m *Model) Score(levels []uint8, frequencies []float64) float64 {
	weight := m.PriorWeight()
	if len(m.Chances)+len(m.Causes) > 0 {
		for _, bits := range m.Explain(levels, frequencies).Bits {
			weight += bits
		}
		return weight
	}
	for i := range m.Comparisons {
		weight += m.Comparisons[i].Weight(levels[i])
		if frequencies != nil {
			weight += m.Comparisons[i].FrequencyWeight(levels[i], frequencies[i])
		}
	}
	return weight
}

// Probability turns a match weight into a probability.
func Probability(weight float64) float64 { return 1 / (1 + math.Exp2(-weight)) }
