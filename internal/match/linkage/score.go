// SPDX-License-Identifier: Apache-2.0

package linkage

import (
	"cmp"
	"context"
	"math"
	mathbits "math/bits"
	"runtime"
	"slices"
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

// scorer turns the codes of two records into bits. It holds the codes record
// by record, what each level can be worth at most, and what agreeing on a rare
// value adds.
type scorer struct {
	fields []*field
	model  *weight.Model
	order  []int // cheap fields first
	starts []int // where a field's slots begin in a record's codes
	width  int
	codes  []uint32
	bound  [][]float32 // most that a level is worth
	rest   []float32   // most that a field is worth whose values differ
	rarity [][]float32 // by code: bits that agreeing on this value adds
	pairs  float64     // that there could be
}

func newScorer(fields []*field, rows int, pairs float64, room *spill) *scorer {
	s := &scorer{fields: fields, pairs: pairs}
	for i, f := range fields {
		s.starts = append(s.starts, s.width)
		s.width += len(f.slots)
		s.order = append(s.order, i)
	}
	slices.SortStableFunc(s.order, func(a, b int) int { return cmp.Compare(effort(fields[a]), effort(fields[b])) })
	s.codes = room.words(rows * s.width)
	parallel(rows, func(from, to int) {
		for row := from; row < to; row++ {
			at := row * s.width
			for _, f := range fields {
				for _, slot := range f.slots {
					s.codes[at] = slot[row]
					at++
				}
			}
		}
	})
	return s
}

func effort(f *field) int {
	switch {
	case isTextKind(f.kind):
		return 3
	case f.kind == Email:
		return 2
	case needsFeature(f.kind):
		return 1
	}
	return 0
}

// use prepares the tables for a model.
func (s *scorer) use(model *weight.Model) {
	s.model, s.bound, s.rarity, s.rest = model, nil, nil, nil
	for i, f := range s.fields {
		c := &model.Comparisons[i]
		bound := make([]float32, len(c.Levels))
		rest := float32(math.Inf(-1))
		for l := 1; l < len(c.Levels); l++ {
			m := c.Levels[l].M
			for _, cause := range model.Causes {
				if cause.P[i] != nil {
					m = max(m, cause.P[i][l])
				}
			}
			bound[l] = float32(math.Log2(m / max(c.Levels[l].U, 1e-12)))
			if l > 1 {
				rest = max(rest, bound[l])
			}
		}
		s.bound = append(s.bound, bound)
		s.rest = append(s.rest, max(rest, 0))
		f.partners = partnersOf(model, i, s.pairs, f.present)
		rarity := make([]float32, len(f.values))
		for code := 1; code < len(rarity); code++ {
			rarity[code] = float32(c.FrequencyWeight(1, f.frequency(uint32(code))))
		}
		s.rarity = append(s.rarity, rarity)
	}
}

// partnersOf is how many other records of the same person agree on a value.
func partnersOf(model *weight.Model, i int, pairs float64, present int) float64 {
	return 2 * model.Lambda * pairs / float64(max(present, 1)) * model.Comparisons[i].Levels[1].M
}

func (s *scorer) row(row uint32) []uint32 {
	at := int(row) * s.width
	return s.codes[at : at+s.width]
}

const (
	cacheBits    = 14
	patternStart = 1 << 12
)

// worker is one core's scoring, with its memory of levels and patterns.
type worker struct {
	*scorer
	cache    [][]cached // by field: levels of couples of values
	patterns map[uint64][]story
	extra    []float32
	local    []uint32
	keys     []uint32
	found    []Pair
	looked   int64
	kept     []int64
}

type cached struct {
	couple uint64
	level  uint8
}

func (s *scorer) newWorker() *worker {
	w := &worker{scorer: s, patterns: make(map[uint64][]story, patternStart), extra: make([]float32, len(s.fields))}
	for _, f := range s.fields {
		var cache []cached
		if needsFeature(f.kind) {
			cache = make([]cached, 1<<cacheBits)
		}
		w.cache = append(w.cache, cache)
	}
	return w
}

// level of two different codes, remembered where it is dear.
func (w *worker) level(i int, x, y uint32) uint8 {
	f := w.fields[i]
	var cache []cached
	if w.cache != nil {
		cache = w.cache[i]
	}
	if cache == nil {
		return f.levelOf(x, y)
	}
	if f.signs != nil && f.measure.isUnlike(f.signs[x], f.signs[y]) {
		return f.measure.other()
	}
	if x > y {
		x, y = y, x
	}
	couple := uint64(x)<<32 | uint64(y)
	at := couple * 0x9E3779B97F4A7C15 >> (64 - cacheBits)
	if cache[at].couple == couple {
		return cache[at].level
	}
	level := f.levelOf(x, y)
	cache[at] = cached{couple, level}
	return level
}

// compare answers the best level of a field and the bits that the agreed value adds.
func (w *worker) compare(i int, a, b []uint32) (uint8, float32) {
	start, n := w.starts[i], len(w.fields[i].slots)
	if n == 1 {
		x, y := a[start], b[start]
		switch {
		case x == missing || y == missing:
			return missing, 0
		case x == y:
			return 1, w.rarity[i][x]
		}
		return w.level(i, x, y), 0
	}
	best, extra := uint8(missing), float32(0)
	for _, x := range a[start : start+n] {
		if x == missing {
			break
		}
		for _, y := range b[start : start+n] {
			if y == missing {
				break
			}
			if x == y {
				if rarity := w.rarity[i][x]; best != 1 || rarity > extra {
					best, extra = 1, rarity
				}
			} else if best != 1 {
				if level := w.level(i, x, y); level != missing && (best == missing || level < best) {
					best = level
				}
			}
		}
	}
	return best, extra
}

// isSwapped: given and family name stand in each other's place.
func (s *scorer) isSwapped(i int, a, b []uint32) bool {
	f := s.fields[i]
	if f.partner < 0 {
		return false
	}
	x, y := a[s.starts[i]], b[s.starts[i]]
	u, v := a[s.starts[f.partner]], b[s.starts[f.partner]]
	return x != y && u != v && x != missing && y != missing && u != missing && v != missing && f.twin[x] == v && f.twin[y] == u
}

// score answers bits and levels of two records' codes; it gives up as soon as
// the pair can no longer reach enough bits.
func (w *worker) score(a, b []uint32, enough float32) (float32, uint64, bool) {
	possible := float32(0)
	for i, f := range w.fields {
		x, y := a[w.starts[i]], b[w.starts[i]]
		switch {
		case x == missing || y == missing:
		case len(f.slots) == 1 && x == y:
			possible += w.bound[i][1] + w.rarity[i][x]
		case len(f.slots) > 1:
			possible += w.bound[i][1] + maxRarity
		default:
			possible += w.rest[i]
		}
	}
	var pattern uint64
	for _, i := range w.order {
		if possible < enough {
			return 0, 0, false
		}
		f := w.fields[i]
		level, rare := uint8(2), float32(0)
		if f.partner < 0 || !w.isSwapped(i, a, b) {
			level, rare = w.compare(i, a, b)
		}
		pattern |= uint64(level) << (i * levelBits)
		w.extra[i] = rare
		if level == missing {
			continue
		}
		switch {
		case len(f.slots) > 1:
			possible += w.bound[i][level] + rare - w.bound[i][1] - maxRarity
		case level > 1:
			possible += w.bound[i][level] - w.rest[i]
		}
	}
	bits := w.bitsOf(pattern)
	return bits, pattern, bits >= enough
}

// weigh is the weight of a pair whose levels are known.
func (w *worker) weigh(a, b []uint32, pattern uint64) float32 {
	for i := range w.fields {
		w.extra[i] = 0
		if levelAt(pattern, i) == 1 {
			_, w.extra[i] = w.compare(i, a, b)
		}
	}
	return w.bitsOf(pattern)
}

// maxRarity is the most that agreeing on a rare value of a field of several
// values is taken to add in the bound.
const maxRarity = 12

// story is the weight of a pattern against one story of coincidence, and the
// fields whose rarity counts beside it.
type story struct {
	bits float32
	mask uint64
}

// bitsOf is the weight of a pattern with the rarity in extra: against the
// likeliest coincidence, that is the least weight of all stories.
func (w *worker) bitsOf(pattern uint64) float32 {
	stories, known := w.patterns[pattern]
	if !known {
		stories = storiesOf(w.model, pattern)
		w.patterns[pattern] = stories
	}
	least := float32(math.Inf(1))
	for _, s := range stories {
		bits := s.bits
		for rest := s.mask; rest != 0; rest &= rest - 1 {
			bits += w.extra[mathbits.TrailingZeros64(rest)]
		}
		least = min(least, bits)
	}
	return least
}

func storiesOf(model *weight.Model, pattern uint64) []story {
	levels := make([]uint8, len(model.Comparisons))
	equal := uint64(0)
	for i := range levels {
		levels[i] = levelAt(pattern, i)
		if levels[i] == 1 {
			equal |= 1 << i
		}
	}
	match := math.Inf(-1)
	for _, v := range model.CauseVariants(levels) {
		match = max(match, v.Sum)
	}
	var stories []story
	for _, v := range model.ChanceVariants(levels) {
		stories = append(stories, story{float32(match - v.Sum), v.Mask & equal})
	}
	return stories
}

// share is how many blocks a worker takes at a time.
const share = 256

// candidates scores every pair of every rule once, on all cores, and keeps
// those with at least keep bits. tell hears how many pairs are done.
func (s *scorer) candidates(ctx context.Context, t *Table, m *keyMatrix, rules []*Rule, linkOnly bool, keep float32, tell func(done int64)) ([]Pair, int64, error) {
	workers := make([]*worker, runtime.GOMAXPROCS(0))
	for k := range workers {
		workers[k] = s.newWorker()
		workers[k].kept = make([]int64, len(rules))
	}
	var done atomic.Int64
	for n, rule := range rules {
		var group sync.WaitGroup
		var next atomic.Int64
		for _, w := range workers {
			group.Go(func() {
				for ctx.Err() == nil {
					from := next.Add(share) - share
					if from*2 >= int64(len(rule.blocked.starts)) {
						return
					}
					before := w.looked
					for i := from; i < min(from+share, int64(len(rule.blocked.starts)/2)); i++ {
						w.block(t, m, rules[:n], rule, rule.blocked.rows[rule.blocked.starts[2*i]:rule.blocked.starts[2*i+1]], rule.blocked.keys[i], linkOnly, keep)
					}
					w.kept[n] += w.looked - before
					tell(done.Add(w.looked - before))
				}
			})
		}
		group.Wait()
		rule.blocked = blocks{} // not needed again
	}
	var found []Pair
	var looked int64
	for _, w := range workers {
		found = append(found, w.found...)
		looked += w.looked
		for n, rule := range rules {
			rule.Kept += w.kept[n]
		}
	}
	return found, looked, ctx.Err()
}

// block copies the records of a block side by side, then scores its pairs.
func (w *worker) block(t *Table, m *keyMatrix, earlier []*Rule, rule *Rule, rows []uint32, key uint32, linkOnly bool, keep float32) {
	w.local, w.keys = w.local[:0], w.keys[:0]
	for _, row := range rows {
		w.local = append(w.local, w.row(row)...)
		w.keys = append(w.keys, m.row(row)...)
	}
	for i, a := range rows {
		codesA, keysA := w.local[i*w.width:(i+1)*w.width], w.keys[i*m.width:(i+1)*m.width]
		for j := i + 1; j < len(rows); j++ {
			b := rows[j]
			if a == b || linkOnly && t.Source[a] == t.Source[b] {
				continue
			}
			keysB := w.keys[j*m.width : (j+1)*m.width]
			if isKnown(earlier, keysA, keysB) || rule.width > 1 && rule.firstShared(keysA, keysB) != key {
				continue
			}
			w.looked++
			bits, pattern, enough := w.score(codesA, w.local[j*w.width:(j+1)*w.width], keep)
			if enough {
				w.found = append(w.found, Pair{a, b, bits, pattern})
			}
		}
	}
}

func isKnown(earlier []*Rule, a, b []uint32) bool {
	for _, r := range earlier {
		if r.share(a, b) {
			return true
		}
	}
	return false
}
