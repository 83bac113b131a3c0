// SPDX-License-Identifier: Apache-2.0

package linkage

import (
	"cmp"
	"fmt"
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"

	"dangol/internal/match/weight"
)

const (
	// randomPairs is how many pairs u is counted in; where there are no more than
	// allPairs, all are.
	randomPairs = 400_000
	allPairs    = 1_500_000
	// trainingPairs is how many pairs of one rule the estimation looks at.
	trainingPairs = 80_000
	// levelBits packs the levels of a pair into one word.
	levelBits = 4
	// mostFields is what one word holds.
	mostFields = 64 / levelBits
	// rounds of the joint estimation.
	rounds = 40
	// priorPairs is the weight, in pairs, of the starting belief about m and
	// about u within a rule: a rule with few pairs cannot overturn it.
	priorPairs = 30
	// fewestMatches is below what a rule teaches nothing about matches.
	fewestMatches = 5
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

func newModel(fields []*field) *weight.Model {
	model := &weight.Model{Lambda: .001}
	for _, f := range fields {
		c := weight.Comparison{Name: f.name}
		start := startM(len(f.measure.labels))
		for l, label := range f.measure.labels {
			c.Levels = append(c.Levels, weight.Level{Label: label, M: start[l]})
		}
		c.Levels[1].FrequencyWeight = 1
		model.Comparisons = append(model.Comparisons, c)
	}
	return model
}

// countU sets u: agreement exactly from the frequencies of values, the other
// levels from random pairs.
func countU(t *Table, fields []*field, model *weight.Model, linkOnly bool, random *rand.Rand) {
	counts := randomLevels(t, fields, linkOnly, random)
	for i, f := range fields {
		exact := exactU(f)
		levels := model.Comparisons[i].Levels
		levels[1].U = exact
		total := 0.0
		for _, n := range counts[i][2:] {
			total += n
		}
		for l := 2; l < len(levels); l++ {
			// half a pair where none was seen: rare is not impossible
			levels[l].U = (1 - exact) * (counts[i][l] + .5) / (total + .5*float64(len(levels)-2))
		}
	}
}

// randomParts is into how many parts the random pairs are cut, whatever the
// number of cores, so that the same seed gives the same result.
const randomParts = 8

// randomLevels counts the levels of random pairs, or of all.
func randomLevels(t *Table, fields []*field, linkOnly bool, random *rand.Rand) [][]float64 {
	parts := make([][][]float64, randomParts)
	sources := make([]*rand.Rand, randomParts)
	for k := range parts {
		sources[k] = rand.New(rand.NewPCG(random.Uint64(), random.Uint64()))
		for _, f := range fields {
			parts[k] = append(parts[k], make([]float64, len(f.measure.labels)))
		}
	}
	count := func(k int, a, b uint32) {
		if a == b || linkOnly && t.Source[a] == t.Source[b] {
			return
		}
		pattern := patternOf(fields, a, b)
		for i := range fields {
			parts[k][i][levelAt(pattern, i)]++
		}
	}
	isSmall := pairsOf(t, linkOnly) <= allPairs
	each(randomParts, func(k int) {
		if isSmall {
			for a := k; a < t.Rows; a += randomParts {
				for b := a + 1; b < t.Rows; b++ {
					count(k, uint32(a), uint32(b))
				}
			}
			return
		}
		for range randomPairs / randomParts {
			count(k, uint32(sources[k].IntN(t.Rows)), uint32(sources[k].IntN(t.Rows)))
		}
	})
	for _, part := range parts[1:] {
		for i := range part {
			for l, n := range part[i] {
				parts[0][i][l] += n
			}
		}
	}
	return parts[0]
}

// exactU is the probability that two random present values are equal.
func exactU(f *field) float64 {
	present := float64(f.present)
	sum := 0.0
	for _, n := range f.counts[1:] {
		sum += float64(n) * float64(n-1)
	}
	return min(max(sum/max(present*(present-1), 1), 1/(present*present+1)), 1-1e-9)
}

func levelAt(pattern uint64, i int) uint8 {
	return uint8(pattern >> (i * levelBits) & (1<<levelBits - 1))
}

// patternOf packs the levels of a pair; it is the slow, plain way.
func patternOf(fields []*field, a, b uint32) uint64 {
	var pattern uint64
	for i, f := range fields {
		level, _ := f.compareRows(a, b)
		pattern |= uint64(level) << (i * levelBits)
	}
	return swapped(fields, pattern, func(i int) (uint32, uint32) { return fields[i].slots[0][a], fields[i].slots[0][b] })
}

// compareRows is the best level over the values of two records, and the value
// they agree on.
func (f *field) compareRows(a, b uint32) (uint8, uint32) {
	best, agreed := uint8(missing), uint32(missing)
	for _, x := range f.slots {
		if x[a] == missing {
			break
		}
		for _, y := range f.slots {
			if y[b] == missing {
				break
			}
			level := f.levelOf(x[a], y[b])
			if best == missing || level != missing && level < best || level == 1 && f.counts[x[a]] < f.counts[agreed] {
				best = level
				if level == 1 {
					agreed = x[a]
				}
			}
		}
	}
	return best, agreed
}

// swapped turns two names that stand in each other's place into "written
// otherwise".
func swapped(fields []*field, pattern uint64, codes func(i int) (uint32, uint32)) uint64 {
	for i, f := range fields {
		j := f.partner
		if j < i {
			continue
		}
		if levelAt(pattern, i) < 3 || levelAt(pattern, j) < 3 {
			continue
		}
		ai, bi := codes(i)
		aj, bj := codes(j)
		if f.twin[ai] == bj && f.twin[bi] == aj && bj != missing && aj != missing {
			pattern = setLevel(setLevel(pattern, i, 2), j, 2)
		}
	}
	return pattern
}

func setLevel(pattern uint64, i int, level uint8) uint64 {
	return pattern&^((1<<levelBits-1)<<(i*levelBits)) | uint64(level)<<(i*levelBits)
}

// selection is pairs chosen by what they agree on, with their patterns: the
// pairs of a blocking rule, or of one value of a field.
type selection struct {
	label  string
	uses   []int // fields that were chosen by
	coarse map[int]bool
	// classes are the patterns; rivals has, a class, with how many other
	// records its pairs share the key.
	classes []weight.Class
	rivals  []float64
	sizes   []uint8 // the same as a size class
	pairs   float64 // sampled
	all     float64 // that there are
	matches float64 // of the sampled ones
	// partners is how many of the records that share a record's key are the same person.
	partners float64
	u        [][]float64
	control  float64 // pairs that u was counted in
	crowd    float64 // pairs of groups so large that most should be strangers
	// teaches: its matches take part in the estimation of m.
	teaches bool
	// isMixed: it holds pairs of another kind, such as families.
	isMixed bool
	alike   []uint8 // the last level of each field that counts as agreement
	steady  []bool  // fields that stay the same all through a life
	far     []uint8 // the first level of each field that no slip explains
}

func newSelection(fields []*field, label string, uses []int) *selection {
	s := &selection{label: label, uses: uses, coarse: map[int]bool{}}
	for _, f := range fields {
		s.alike, s.far = append(s.alike, f.measure.alike), append(s.far, f.measure.other())
		if f.kind == Date {
			s.far[len(s.far)-1]-- // the same year is little
		}
		s.steady = append(s.steady, f.kind == Name || f.kind == Given || f.kind == Date && !isAny(f.name, events) || f.kind == Year)
	}
	return s
}

// lambda is the share of its pairs that match.
func (s *selection) lambda() float64 { return s.matches / max(s.pairs, 1) }

// counted gathers patterns by the size of the group they come from.
type counted struct {
	pattern uint64
	rivals  uint8 // as a power of two
}

func sizeClass(n int) uint8 { return uint8(bits.Len(uint(max(n-2, 0)))) }

func rivalsOf(class uint8) float64 { return math.Max(1, .75*math.Exp2(float64(class))) }

// selectPairs samples the pairs of a rule.
func selectPairs(t *Table, fields []*field, r *Rule, linkOnly bool, random *rand.Rand) *selection {
	s := newSelection(fields, r.Label, r.uses())
	s.all = float64(r.Pairs)
	for _, p := range r.parts {
		if p.form != Whole {
			s.coarse[p.field] = true
			if p.other >= 0 {
				s.coarse[p.other] = true
			}
		}
	}
	share := min(1, trainingPairs/max(s.all, 1))
	counts := map[counted]float64{}
	for rows := range r.each {
		n := len(rows)
		size := sizeClass(n)
		if all := n * (n - 1) / 2; share < 1 && n > 2 {
			for want := share*float64(all) + random.Float64(); want >= 1; want-- {
				i, j := random.IntN(n), random.IntN(n)
				if i != j && !(linkOnly && t.Source[rows[i]] == t.Source[rows[j]]) {
					counts[counted{patternOf(fields, rows[i], rows[j]), size}]++
				}
			}
			continue
		} else if share < 1 && random.Float64() > share {
			continue
		}
		for i, a := range rows {
			for _, b := range rows[i+1:] {
				if a != b && !(linkOnly && t.Source[a] == t.Source[b]) {
					counts[counted{patternOf(fields, a, b), size}]++
				}
			}
		}
	}
	s.take(counts, len(fields))
	return s
}

func (s *selection) take(counts map[counted]float64, fields int) {
	list := make([]counted, 0, len(counts))
	for c := range counts {
		list = append(list, c)
	}
	slices.SortFunc(list, func(a, b counted) int { // the same sums in the same order every time
		return cmp.Or(cmp.Compare(a.pattern, b.pattern), cmp.Compare(a.rivals, b.rivals))
	})
	for _, c := range list {
		levels := make([]uint8, fields)
		for i := range levels {
			levels[i] = levelAt(c.pattern, i)
		}
		s.classes = append(s.classes, weight.Class{Levels: levels, Count: counts[c]})
		s.rivals, s.sizes = append(s.rivals, rivalsOf(c.rivals)), append(s.sizes, c.rivals)
		s.pairs += counts[c]
	}
}

// estimate fits m, and u and the number of partners of every selection,
// jointly by expectation maximisation. Within a selection u is its own: pairs
// that share a name are alike in more than chance would have it, without being
// one person. So that true pairs with many slips are not taken for such, u is
// counted only where many share the key: a person has few records, and where
// hundreds share a name nearly all pairs are strangers. m is shared by all
// selections but those chosen by the field itself. Starting beliefs count as
// priorPairs pairs.
func estimate(model *weight.Model, selections []*selection) []string {
	begin(model, selections)
	suspect(model, selections)
	start := copyModel(model)
	for range rounds {
		together(model, start, selections)
	}
	var notes []string
	for _, s := range selections {
		if s.teaches || s.isMixed {
			note := fmt.Sprintf("%s: about %.1f %% of its pairs match; chance counted in %.0f pairs", s.label, 100*s.lambda(), s.control)
			if s.isMixed {
				note += "; others than one person share it"
			}
			notes = append(notes, note)
		}
	}
	return notes
}

// together is one round over all selections; m is drawn towards start.
func together(model, start *weight.Model, selections []*selection) {
	sums := newMatchSums(model)
	for _, s := range selections {
		s.step(model, sums)
	}
	for i := range model.Comparisons {
		levels, from := model.Comparisons[i].Levels, start.Comparisons[i].Levels
		total := float64(fewestMatches)
		for l := 1; l < len(levels); l++ {
			total += sums[i][l]
		}
		for l := 1; l < len(levels); l++ {
			levels[l].M = max((sums[i][l]+fewestMatches*from[l].M)/total, 1e-6)
		}
	}
}

func begin(model *weight.Model, selections []*selection) {
	for _, s := range selections {
		s.partners = .5
		s.u = make([][]float64, len(model.Comparisons))
		for i, c := range model.Comparisons {
			s.u[i] = make([]float64, len(c.Levels))
			for l := range c.Levels {
				s.u[i][l] = c.Levels[l].U
			}
		}
	}
}

func newMatchSums(model *weight.Model) [][]float64 {
	sums := make([][]float64, len(model.Comparisons))
	for i, c := range model.Comparisons {
		sums[i] = make([]float64, len(c.Levels))
	}
	return sums
}

const (
	// mostBelieved bounds the prior of one pair.
	mostBelieved = .95
	// strangers is the prior below which the pairs of a group count as chance.
	strangers = .3
	// fewestControl is how many such pairs a chance must be counted in to be part of the model.
	fewestControl = 200
)

// priorOf is the probability that a pair of the class matches, before its levels are seen.
func (s *selection) priorOf(k int) float64 { return min(s.partners/s.rivals[k], mostBelieved) }

func (s *selection) step(model *weight.Model, sums [][]float64) {
	different := newMatchSums(model)
	s.matches, s.control, s.crowd = 0, 0, 0
	expected := 0.0
	ps := s.beliefs(model)
	for k, class := range s.classes {
		prior, p := s.priorOf(k), ps[k]
		s.matches += p * class.Count
		expected += class.Count / s.rivals[k]
		if prior < strangers || s.isMixed {
			s.control += (1 - p) * class.Count
			s.crowd += class.Count
			for i, l := range class.Levels {
				different[i][l] += (1 - p) * class.Count
			}
		}
	}
	if s.teaches && !s.isMixed && s.matches >= fewestMatches {
		for k, class := range s.classes {
			for i, l := range class.Levels {
				if !slices.Contains(s.uses, i) {
					sums[i][l] += ps[k] * class.Count
				}
			}
		}
	}
	s.partners = min(max((s.matches+.1)/(expected+.2), 1e-9), mostPartners)
	isChance := s.isChance()
	for i := range s.u {
		total := float64(priorPairs)
		if !isChance {
			clear(different[i])
		}
		for l := 1; l < len(s.u[i]); l++ {
			total += different[i][l]
		}
		for l := 1; l < len(s.u[i]); l++ {
			s.u[i][l] = max((different[i][l]+priorPairs*model.Comparisons[i].Levels[l].U)/total, 1e-12)
			if s.isMixed && s.steady[i] && uint8(l) <= s.alike[i] {
				s.u[i][l] = min(s.u[i][l], mostKin*model.Comparisons[i].Levels[l].U)
			}
		}
	}
}

// isChance: most pairs of the crowded groups are strangers indeed. Where they
// are not (many records of one person share an e-mail), nothing can be learnt
// about chance.
func (s *selection) isChance() bool { return s.isMixed || s.control >= s.crowd/2 }

// mostPartners bounds how many records of a person may share a key.
const mostPartners = 20

// logs has log2(m/u) of every level within the selection, 0 for the fields it was chosen by.
func (s *selection) logs(model *weight.Model) [][]float64 {
	logs := newMatchSums(model)
	for i, c := range model.Comparisons {
		if slices.Contains(s.uses, i) {
			continue
		}
		for l := 1; l < len(c.Levels); l++ {
			logs[i][l] = math.Log2(c.Levels[l].M / s.u[i][l])
		}
	}
	return logs
}

func copyModel(m *weight.Model) *weight.Model {
	out := &weight.Model{Lambda: m.Lambda}
	for _, c := range m.Comparisons {
		out.Comparisons = append(out.Comparisons, weight.Comparison{Name: c.Name, Levels: append([]weight.Level(nil), c.Levels...)})
	}
	return out
}
