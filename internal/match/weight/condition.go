// SPDX-License-Identifier: Apache-2.0

package weight

import (
	"fmt"
	"math"
)

// On is one part of a condition: the comparison's level is one of Levels.
type On struct {
	Comparison int     `json:"comparison"`
	Levels     []uint8 `json:"levels"`
}

// Condition describes a kind of pair inside one class whose comparisons hang
// together, so that multiplying their probabilities would count one fact
// twice. Among non-matches: "they share the name", after which a like e-mail
// is no surprise, or "they live together". Among matches: "the person has
// moved", after which town, street and postal code all differ.
type Condition struct {
	Name string `json:"name"`
	On   []On   `json:"on"`
	// P has, a comparison and a level, the probability under the condition;
	// nil for the comparisons in On, which keep their own probability.
	P [][]float64 `json:"p"`
	// Pairs is how many pairs of the class it was estimated from.
	Pairs float64 `json:"pairs"`
}

// Holds reports whether the levels satisfy the condition.
func (c *Condition) Holds(levels []uint8) bool {
	for _, on := range c.On {
		if !on.has(levels[on.Comparison]) {
			return false
		}
	}
	return true
}

func (o *On) has(level uint8) bool {
	for _, l := range o.Levels {
		if l == level {
			return true
		}
	}
	return false
}

// Evidence is the weight of every comparison of a pair, with the conditions
// that explain it best.
type Evidence struct {
	// Bits has the match weight of each comparison, frequency adjustment included.
	Bits []float64
	// Chance and Cause are the conditions used among non-matches and matches,
	// −1 for none.
	Chance, Cause int
}

// Variant is one member of a mixture for some levels: the sum of its
// logarithms without frequencies, and the comparisons whose frequency counts.
type Variant struct {
	Place int // of the condition, −1 for independent comparisons
	Sum   float64
	Mask  uint64
}

// Explain weighs the levels. Both classes are mixtures: independent
// comparisons, or one of the conditions. The likeliest member of each mixture
// stands for it, so that a pair is a match only if even the best story of
// coincidence is worse than the best story of one person. frequencies may be
// nil; 0 means none.
func (m *Model) Explain(levels []uint8, frequencies []float64) Evidence {
	match := best(m.CauseVariants(levels), nil)
	var extra []float64
	if frequencies != nil {
		extra = make([]float64, len(levels))
		for i, level := range levels {
			extra[i] = m.Comparisons[i].FrequencyWeight(level, frequencies[i])
		}
	}
	chance := best(m.ChanceVariants(levels), extra)
	e := Evidence{Bits: make([]float64, len(levels)), Chance: chance.Place, Cause: match.Place}
	byCause := m.spread(levels, m.Causes, match.Place, func(l *Level) float64 { return l.M })
	byChance := m.spread(levels, m.Chances, chance.Place, func(l *Level) float64 { return l.U })
	for i := range e.Bits {
		e.Bits[i] = byCause[i] - byChance[i]
		if extra != nil && chance.Mask>>i&1 != 0 {
			e.Bits[i] += extra[i]
		}
	}
	return e
}

// best is the variant with the greatest sum, rarity taken off.
func best(variants []Variant, extra []float64) Variant {
	top, most := variants[0], math.Inf(-1)
	for _, v := range variants {
		sum := v.Sum
		for i, bits := range extra {
			if v.Mask>>i&1 != 0 {
				sum -= bits
			}
		}
		if sum > most {
			top, most = v, sum
		}
	}
	return top
}

// CauseVariants are the stories of one person that fit the levels.
func (m *Model) CauseVariants(levels []uint8) []Variant {
	return m.variants(levels, m.Causes, func(l *Level) float64 { return l.M })
}

// ChanceVariants are the stories of coincidence that fit the levels.
func (m *Model) ChanceVariants(levels []uint8) []Variant {
	return m.variants(levels, m.Chances, func(l *Level) float64 { return l.U })
}

func (m *Model) variants(levels []uint8, conditions []Condition, own func(*Level) float64) []Variant {
	base := Variant{Place: -1, Mask: ^uint64(0)}
	logs := make([]float64, len(levels))
	for i, level := range levels {
		if level != Missing {
			logs[i] = math.Log2(max(own(&m.Comparisons[i].Levels[level]), smallest))
			base.Sum += logs[i]
		}
	}
	list := []Variant{base}
	for k := range conditions {
		c := &conditions[k]
		if !c.Holds(levels) {
			continue
		}
		v := Variant{Place: k, Mask: ^uint64(0)}
		for i, level := range levels {
			switch {
			case level == Missing:
			case c.P[i] == nil:
				v.Sum += logs[i]
			default:
				v.Sum += math.Log2(max(c.P[i][level], smallest))
				if c.P[i][level] > causedBy*own(&m.Comparisons[i].Levels[level]) {
					v.Mask &^= 1 << i
				}
			}
		}
		list = append(list, v)
	}
	return list
}

// causedBy: agreement that a condition makes more than this many times
// likelier has a cause, as a family has one name: that the name is rare does
// not make it less likely then.
const causedBy = 2

// spread gives every comparison its part of a variant.
func (m *Model) spread(levels []uint8, conditions []Condition, place int, own func(*Level) float64) []float64 {
	out := make([]float64, len(levels))
	for i, level := range levels {
		switch {
		case level == Missing:
		case place < 0 || conditions[place].P[i] == nil:
			out[i] = math.Log2(max(own(&m.Comparisons[i].Levels[level]), smallest))
		default:
			out[i] = math.Log2(max(conditions[place].P[i][level], smallest))
		}
	}
	return out
}

func (m *Model) validateConditions(what string, conditions []Condition) error {
	for _, c := range conditions {
		if len(c.P) != len(m.Comparisons) {
			return fmt.Errorf("%s %q speaks of %d comparisons, the model has %d", what, c.Name, len(c.P), len(m.Comparisons))
		}
		for _, on := range c.On {
			if on.Comparison < 0 || on.Comparison >= len(m.Comparisons) {
				return fmt.Errorf("%s %q depends on comparison %d, which does not exist", what, c.Name, on.Comparison)
			}
		}
		for i, p := range c.P {
			if p == nil {
				continue
			}
			if len(p) != len(m.Comparisons[i].Levels) {
				return fmt.Errorf("%s %q: comparison %q needs %d probabilities, has %d", what, c.Name, m.Comparisons[i].Name, len(m.Comparisons[i].Levels), len(p))
			}
			for l, v := range p {
				if !(v >= 0 && v <= 1) {
					return fmt.Errorf("%s %q: comparison %q level %d: %v must lie between 0 and 1", what, c.Name, m.Comparisons[i].Name, l, v)
				}
			}
		}
	}
	return nil
}
