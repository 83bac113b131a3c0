// SPDX-License-Identifier: Apache-2.0

package association

import "slices"

// lookup finds the number of an itemset. Its key is the exclusive or of one
// random word an item, so that the key of a set without one item is one step
// away; the items themselves are compared on a hit.
type lookup struct {
	sets   *Itemsets
	word   []uint64 // of each item
	places []int32  // open addressing: number of the set + 1
	mask   uint64
}

func newLookup(sets *Itemsets) *lookup {
	size := 16
	for size < 2*sets.Len() {
		size *= 2
	}
	l := &lookup{sets: sets, word: make([]uint64, len(sets.Names)), places: make([]int32, size), mask: uint64(size - 1)} //nolint:gosec // positive
	seed := uint64(0x9E3779B97F4A7C15)
	for i := range l.word {
		l.word[i] = mix(seed * uint64(i+1)) //nolint:gosec // positive
	}
	for i := range sets.Len() {
		at := l.key(sets.Set(i)) & l.mask
		for l.places[at] != 0 {
			at = (at + 1) & l.mask
		}
		l.places[at] = int32(i + 1) //nolint:gosec // a count of sets
	}
	return l
}

// mix is the finaliser of SplitMix64 (Steele, Lea, Flood 2014).
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xBF58476D1CE4E5B9
	x = (x ^ x>>27) * 0x94D049BB133111EB
	return x ^ x>>31
}

func (l *lookup) key(items []int32) uint64 {
	key := uint64(0)
	for _, item := range items {
		key ^= l.word[item]
	}
	return key
}

// without finds the set of items less the one at place skip.
func (l *lookup) without(items []int32, key uint64, skip int) (set int, found bool) {
	at := (key ^ l.word[items[skip]]) & l.mask
	for ; l.places[at] != 0; at = (at + 1) & l.mask {
		candidate := l.sets.Set(int(l.places[at]) - 1)
		if len(candidate) == len(items)-1 && slices.Equal(candidate[:skip], items[:skip]) && slices.Equal(candidate[skip:], items[skip+1:]) {
			return int(l.places[at]) - 1, true
		}
	}
	return 0, false
}

// find finds a set.
func (l *lookup) find(items []int32) (set int, found bool) {
	for at := l.key(items) & l.mask; l.places[at] != 0; at = (at + 1) & l.mask {
		if slices.Equal(l.sets.Set(int(l.places[at])-1), items) {
			return int(l.places[at]) - 1, true
		}
	}
	return 0, false
}
