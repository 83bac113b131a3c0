// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"sync"
	"sync/atomic"

	"github.com/zeebo/xxh3"
)

// keyFilter knows which keys certainly nobody holds, so that a large import of new customers asks the
// database about the few others only. It may err on the side of asking. It is a Bloom filter over what
// one process has written, which is right only where one process writes: on SQLite.
type keyFilter struct {
	bits  []atomic.Uint64
	mask  uint64
	count atomic.Int64
	limit int64
}

// filterBits is the number of bits per key; with four probes it errs for about one key in forty.
const filterBits = 8

// newKeyFilter makes a filter for about n keys.
func newKeyFilter(n int64) *keyFilter {
	words := uint64(1024)
	for words*64 < uint64(n)*filterBits {
		words *= 2
	}
	return &keyFilter{bits: make([]atomic.Uint64, words), mask: words*64 - 1, limit: int64(words) * 64 / (filterBits / 2)}
}

func (f *keyFilter) add(hash uint64) {
	f.count.Add(1)
	for _, bit := range probes(hash) {
		word := &f.bits[(bit&f.mask)>>6]
		if flag := uint64(1) << (bit & 63); word.Load()&flag == 0 {
			word.Or(flag)
		}
	}
}

func (f *keyFilter) mayHave(hash uint64) bool {
	for _, bit := range probes(hash) {
		if f.bits[(bit&f.mask)>>6].Load()&(1<<(bit&63)) == 0 {
			return false
		}
	}
	return true
}

func probes(hash uint64) [4]uint64 {
	step := hash>>32 | 1
	return [4]uint64{hash, hash + step, hash + 2*step, hash + 3*step}
}

// isFull reports whether so many keys were added that the filter no longer helps.
func (f *keyFilter) isFull() bool { return f.count.Load() > f.limit }

func hashKey(k Key) uint64 { return xxh3.HashStringSeed(k.Value, uint64(k.SchemeID)) }

func hashIdentity(sourceID int64, identity string) uint64 {
	return xxh3.HashStringSeed(identity, ^uint64(sourceID))
}

// filterSlot holds the filter of a store while large imports run.
type filterSlot struct {
	mu      sync.Mutex // held while a filter is built
	users   atomic.Int64
	filter  atomic.Pointer[keyFilter] // told of everything that is written
	isReady atomic.Bool               // it also knows what was there before
}

// ready returns the filter when it may be believed, else nil.
func (s *filterSlot) ready() *keyFilter {
	if !s.isReady.Load() {
		return nil
	}
	return s.filter.Load()
}

func (s *filterSlot) drop() {
	s.isReady.Store(false)
	s.filter.Store(nil)
}

// note tells the filter of records that are being written.
func (s *filterSlot) note(records []*Record) {
	f := s.filter.Load()
	if f == nil {
		return
	}
	for _, r := range records {
		f.add(hashIdentity(r.SourceID, identity(r)))
		for _, key := range r.Keys {
			f.add(hashKey(key))
		}
	}
}

// possible keeps those values that the filter cannot rule out.
func possible[T any](f *keyFilter, values []T, hash func(T) uint64) []T {
	if f == nil {
		return values
	}
	var kept []T
	for _, v := range values {
		if f.mayHave(hash(v)) {
			kept = append(kept, v)
		}
	}
	return kept
}
