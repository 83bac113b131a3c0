// SPDX-License-Identifier: Apache-2.0

package weight

import "math"

// Class is a group of pairs that look the same to the model.
type Class struct {
	// Levels has one level a comparison.
	Levels []uint8
	// Frequencies has, a comparison, the share of the agreed value among all
	// values, 0 for none; nil when no comparison uses it.
	Frequencies []float64
	// Count is how many pairs are in the class.
	Count float64
}

// Options say what the estimation may change and when it is done.
type Options struct {
	// FixU keeps u as it is, as when it was counted in random pairs.
	FixU bool
	// FixLambda keeps λ.
	FixLambda bool
	// Hold lists comparisons whose m and u stay, because the pairs were chosen
	// by their columns (the blocking rule).
	Hold []int
	// Iterations is the limit; Tolerance the largest change of a probability
	// at which the estimate counts as settled.
	Iterations int
	Tolerance  float64
	// Each, when set, sees the model after every iteration.
	Each func(iteration int, m *Model)
}

const (
	defaultIterations = 25
	defaultTolerance  = 1e-4
	// smallest keeps a level seen among no matches from a weight of −∞.
	smallest = 1e-12
)

// Estimate improves λ, m and u in place by expectation maximisation over the
// classes and answers how many iterations it took and whether it settled.
func (m *Model) Estimate(classes []Class, options Options) (iterations int, settled bool) {
	if options.Iterations == 0 {
		options.Iterations = defaultIterations
	}
	if options.Tolerance == 0 {
		options.Tolerance = defaultTolerance
	}
	held := make([]bool, len(m.Comparisons))
	for _, i := range options.Hold {
		held[i] = true
	}
	sums := newSums(m)
	for iterations = 1; iterations <= options.Iterations; iterations++ {
		sums.clear()
		m.expect(classes, sums)
		change := m.maximise(sums, held, options)
		if options.Each != nil {
			options.Each(iterations, m)
		}
		if change < options.Tolerance {
			return iterations, true
		}
	}
	return options.Iterations, false
}

// sums holds what one pass over the classes adds up.
type sums struct {
	matches, pairs   float64
	match, different [][]float64 // a comparison, a level
}

func newSums(m *Model) *sums {
	s := &sums{}
	for _, c := range m.Comparisons {
		s.match = append(s.match, make([]float64, len(c.Levels)))
		s.different = append(s.different, make([]float64, len(c.Levels)))
	}
	return s
}

func (s *sums) clear() {
	s.matches, s.pairs = 0, 0
	for i := range s.match {
		clear(s.match[i])
		clear(s.different[i])
	}
}

// expect gives every class its probability under the present model.
func (m *Model) expect(classes []Class, s *sums) {
	factors := make([][]float64, len(m.Comparisons))
	for i, c := range m.Comparisons {
		factors[i] = make([]float64, len(c.Levels))
		for l := range c.Levels {
			factors[i][l] = 1
			if l != Missing {
				factors[i][l] = c.Levels[l].M / c.Levels[l].U
			}
		}
	}
	for _, class := range classes {
		factor := 1.0
		for i, level := range class.Levels {
			factor *= factors[i][level]
			if class.Frequencies != nil && class.Frequencies[i] > 0 {
				l := m.Comparisons[i].Levels[level]
				factor *= math.Pow(l.U/class.Frequencies[i], l.FrequencyWeight)
			}
		}
		p := m.Lambda * factor / (m.Lambda*factor + 1 - m.Lambda)
		if math.IsInf(factor, 1) {
			p = 1
		}
		s.matches += p * class.Count
		s.pairs += class.Count
		for i, level := range class.Levels {
			s.match[i][level] += p * class.Count
			s.different[i][level] += (1 - p) * class.Count
		}
	}
}

// maximise sets the probabilities to the shares just counted and answers the
// largest change.
func (m *Model) maximise(s *sums, held []bool, options Options) float64 {
	largest := 0.0
	set := func(to *float64, value float64) {
		largest = max(largest, math.Abs(*to-value))
		*to = value
	}
	for i := range m.Comparisons {
		if held[i] {
			continue
		}
		matchTotal, differentTotal := 0.0, 0.0
		for l := 1; l < len(s.match[i]); l++ {
			matchTotal += s.match[i][l]
			differentTotal += s.different[i][l]
		}
		for l := 1; l < len(s.match[i]); l++ {
			if matchTotal > 0 {
				set(&m.Comparisons[i].Levels[l].M, max(s.match[i][l]/matchTotal, smallest))
			}
			if !options.FixU && differentTotal > 0 {
				set(&m.Comparisons[i].Levels[l].U, max(s.different[i][l]/differentTotal, smallest))
			}
		}
	}
	if !options.FixLambda && s.pairs > 0 {
		set(&m.Lambda, min(max(s.matches/s.pairs, smallest), 1-smallest))
	}
	return largest
}
