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
	// Lift is how much likelier the parts of On come together than their
	// probabilities multiplied; 1 for a single part.
	Lift float64 `json:"lift"`
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
	// Bits has the match weight of each comparison, frequency left aside.
	Bits []float64
	// Chance and Cause are the conditions used among non-matches and matches,
	// −1 for none.
	Chance, Cause int
}

// Explain weighs the levels. Both classes are mixtures: independent
// comparisons, or one of the conditions. The likeliest member of each mixture
// stands for it, so that a pair is a match only if even the best story of
// coincidence is worse than the best story of one person.
func (m *Model) Explain(levels []uint8) Evidence {
	e := Evidence{Bits: make([]float64, len(m.Comparisons))}
	match, cause := m.likeliest(levels, m.Causes, func(l *Level) float64 { return l.M })
	chance, by := m.likeliest(levels, m.Chances, func(l *Level) float64 { return l.U })
	e.Cause, e.Chance = cause, by
	for i := range e.Bits {
		e.Bits[i] = match[i] - chance[i]
	}
	return e
}

// likeliest answers the logarithms of the member of the mixture with the
// greatest sum, and its place.
func (m *Model) likeliest(levels []uint8, conditions []Condition, own func(*Level) float64) ([]float64, int) {
	base := make([]float64, len(levels))
	best, place := 0.0, -1
	for i, level := range levels {
		if level != Missing {
			base[i] = math.Log2(max(own(&m.Comparisons[i].Levels[level]), smallest))
			best += base[i]
		}
	}
	for k := range conditions {
		c := &conditions[k]
		if !c.Holds(levels) {
			continue
		}
		if sum := c.sum(levels, base); sum > best {
			best, place = sum, k
		}
	}
	if place < 0 {
		return base, place
	}
	return conditions[place].spread(levels, base), place
}

func (c *Condition) sum(levels []uint8, base []float64) float64 {
	sum := math.Log2(max(c.Lift, 1))
	for i, level := range levels {
		switch {
		case level == Missing:
		case c.P[i] == nil:
			sum += base[i]
		default:
			sum += math.Log2(max(c.P[i][level], smallest))
		}
	}
	return sum
}

// spread gives every comparison its part of the sum; the lift goes to the last part of On.
func (c *Condition) spread(levels []uint8, base []float64) []float64 {
	out := make([]float64, len(levels))
	for i, level := range levels {
		switch {
		case level == Missing:
		case c.P[i] == nil:
			out[i] = base[i]
		default:
			out[i] = math.Log2(max(c.P[i][level], smallest))
		}
	}
	if n := len(c.On); n > 0 {
		out[c.On[n-1].Comparison] += math.Log2(max(c.Lift, 1))
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
