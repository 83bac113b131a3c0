// SPDX-License-Identifier: Apache-2.0

package linkage

import (
	"math"
	"runtime"
	"sync"
	"sync/atomic"

	"dangol/internal/match/weight"
)

// Pair is two records with the evidence that they are one, in bits, without
// the prior.
type Pair struct {
	A, B    uint32
	Bits    float32
	Pattern uint64
}

// scorer turns codes into bits with tables instead of logarithms.
type scorer struct {
	all    []*evidence
	levels [][]float32 // evidence, level
	rarity [][]float32 // evidence, code: bits that agreeing on this value adds
}

func newScorer(all []*evidence, model *weight.Model) *scorer {
	s := &scorer{all: all}
	for i, e := range all {
		c := &model.Comparisons[i]
		bits := make([]float32, len(c.Levels))
		for l := range c.Levels {
			bits[l] = float32(c.Weight(uint8(l)))
		}
		s.levels = append(s.levels, bits)
		var rarity []float32
		if c.Levels[1].FrequencyWeight > 0 {
			rarity = make([]float32, len(e.column.Values))
			present := float64(e.column.Present())
			for code, n := range e.column.Counts {
				if code > 0 {
					rarity[code] = float32(c.FrequencyWeight(1, float64(n)/present))
				}
			}
		}
		s.rarity = append(s.rarity, rarity)
	}
	return s
}

// score answers the bits and the packed levels of a pair.
func (s *scorer) score(a, b uint32) (float32, uint64) {
	var bits float32
	var pattern uint64
	for i, e := range s.all {
		x, y := e.column.Codes[a], e.column.Codes[b]
		level := e.level(x, y)
		bits += s.levels[i][level]
		if level == 1 && s.rarity[i] != nil {
			bits += s.rarity[i][x]
		}
		pattern |= uint64(level) << (i * levelBits)
	}
	return bits, pattern
}

// candidates scores every pair of every rule once, on all cores, and keeps
// those with at least keep bits; it answers how many it looked at.
func candidates(t *Table, s *scorer, rules []*Rule, linkOnly bool, keep float32) ([]Pair, int64) {
	var found []Pair
	var lock sync.Mutex
	var looked atomic.Int64
	for n, rule := range rules {
		var group sync.WaitGroup
		var next atomic.Int64
		const share = 512 // blocks a worker takes at a time
		for range runtime.GOMAXPROCS(0) {
			group.Add(1)
			go func() {
				defer group.Done()
				var own []Pair
				count := int64(0)
				for {
					from := next.Add(share) - share
					if from*2 >= int64(len(rule.starts)) {
						break
					}
					for i := from; i < min(from+share, int64(len(rule.starts)/2)); i++ {
						rows := rule.rows[rule.starts[2*i]:rule.starts[2*i+1]]
						own = scoreBlock(t, s, rules[:n], rows, linkOnly, keep, own, &count)
					}
				}
				looked.Add(count)
				lock.Lock()
				found = append(found, own...)
				lock.Unlock()
			}()
		}
		group.Wait()
	}
	return found, looked.Load()
}

func scoreBlock(t *Table, s *scorer, earlier []*Rule, rows []uint32, linkOnly bool, keep float32, out []Pair, count *int64) []Pair {
	for i, a := range rows {
		for _, b := range rows[i+1:] {
			if linkOnly && t.Source[a] == t.Source[b] || hasPair(earlier, a, b) {
				continue
			}
			*count++
			if bits, pattern := s.score(a, b); bits >= keep {
				out = append(out, Pair{A: a, B: b, Bits: bits, Pattern: pattern})
			}
		}
	}
	return out
}

func hasPair(earlier []*Rule, a, b uint32) bool {
	for _, rule := range earlier {
		if k := rule.keys[a]; k != missing && k == rule.keys[b] && !rule.isSkipped(k) {
			return true
		}
	}
	return false
}

// isSkipped: the block of this key was too large to compare.
func (r *Rule) isSkipped(uint32) bool { return r.Skipped > 0 }

// settleLambda finds the λ at which the expected matches among the pairs are
// λ times all pairs: the M-step for λ alone, repeated. It cannot fall below
// one match and is exact when the rules lose no match.
func settleLambda(pairs []Pair, total, start float64) float64 {
	lambda := start
	for range 50 {
		odds := lambda / (1 - lambda)
		sum := 0.0
		for _, p := range pairs {
			f := odds * math.Exp2(float64(p.Bits))
			if math.IsInf(f, 1) {
				sum++
				continue
			}
			sum += f / (1 + f)
		}
		next := max(sum, 1) / total
		if math.Abs(next-lambda) < 1e-4*lambda {
			return next
		}
		lambda = next
	}
	return lambda
}
