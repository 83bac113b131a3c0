// SPDX-License-Identifier: Apache-2.0

package association

import (
	"context"
	"fmt"
	"math"
	"math/bits"
	"runtime"
	"slices"
	"sort"
	"sync"
	"sync/atomic"
)

// Kind says which itemsets are wanted.
type Kind int

// Kinds of itemsets.
const (
	Frequent Kind = iota
	Closed
	Maximal
)

// Options limit the search.
type Options struct {
	Kind Kind
	// MinCount is the least number of baskets; see MinCount for a share.
	MinCount int
	// MaxLength limits the items of a set; 0 is no limit.
	MaxLength int
	// MaxSets stops the search when more sets than this are found; 0 is no limit.
	MaxSets int
}

// MinCount is the least count for a support between 0 and 1: the smallest
// whole number of baskets that is at least support × baskets.
func MinCount(support float64, baskets int) int {
	const dust = 1e-9 // .001 × 9835 must not become 9.835000000000001-like noise at whole numbers
	return max(1, int(math.Ceil(support*float64(baskets)-dust)))
}

// TooManyError says that the support is too low for the memory.
type TooManyError struct{ Limit int }

// Error is a sentence for the user.
func (e TooManyError) Error() string {
	return fmt.Sprintf("more than %d itemsets: raise the support, or ask for closed or maximal itemsets", e.Limit)
}

// Itemsets are what was found; the items of set s are Items[Start[s]:Start[s+1]].
type Itemsets struct {
	Items  []int32
	Start  []int
	Counts []int32
	// Baskets is the number of baskets that were searched.
	Baskets int
	Names   []string
}

// Len is the number of itemsets.
func (s *Itemsets) Len() int { return len(s.Counts) }

// Set returns the items of one set, in ascending order.
func (s *Itemsets) Set(i int) []int32 { return s.Items[s.Start[i]:s.Start[i+1]] }

// BySize counts the itemsets by their number of items; index 0 is sets of one.
func (s *Itemsets) BySize() []int {
	var sizes []int
	for i := range s.Counts {
		n := s.Start[i+1] - s.Start[i]
		for len(sizes) < n {
			sizes = append(sizes, 0)
		}
		sizes[n-1]++
	}
	return sizes
}

// ByCount returns the numbers of the sets, most frequent first; equal counts
// keep short sets first and then the order of items.
func (s *Itemsets) ByCount() []int {
	order := make([]int, s.Len())
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		if s.Counts[a] != s.Counts[b] {
			return int(s.Counts[b] - s.Counts[a])
		}
		if la, lb := len(s.Set(a)), len(s.Set(b)); la != lb {
			return la - lb
		}
		return slices.Compare(s.Set(a), s.Set(b))
	})
	return order
}

// Mine finds the itemsets. The result does not depend on the number of
// processors.
func Mine(ctx context.Context, baskets *Baskets, options Options) (*Itemsets, error) {
	s := newSearch(ctx, baskets, options)
	workers := min(runtime.GOMAXPROCS(0), max(1, len(s.items)))
	var next atomic.Int64
	var wait sync.WaitGroup
	for range workers {
		wait.Go(func() {
			w := newWorker(s)
			// Rare items have the most company; they start first so that the
			// last one to finish is short.
			for {
				i := int(next.Add(1)) - 1
				if i >= len(s.items) || s.stopped() {
					return
				}
				s.found[i] = w.root(i)
			}
		})
	}
	wait.Wait()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if s.over.Load() {
		return nil, TooManyError{options.MaxSets}
	}
	return s.join(), nil
}

// search is what all workers share.
type search struct {
	ctx     context.Context
	options Options
	names   []string
	baskets int
	items   []int32 // frequent items, rarest first
	counts  []int32 // of the frequent items
	// rows are the baskets with only the frequent items, as ranks in items in
	// ascending order, each basket between two fences.
	rows    []int32
	holders [][]int32 // for each rank its places in rows
	found   []part
	total   atomic.Int64
	over    atomic.Bool
}

// part is what one worker found for one root.
type part struct {
	items  []int32
	ends   []int
	counts []int32
}

func (s *search) stopped() bool { return s.over.Load() || s.ctx.Err() != nil }

func newSearch(ctx context.Context, b *Baskets, options Options) *search {
	options.MinCount = max(1, options.MinCount)
	s := &search{ctx: ctx, options: options, names: b.Names, baskets: b.Count()}
	all := make([]int32, len(b.Names))
	for _, item := range b.Items {
		all[item]++
	}
	for item, count := range all {
		if int(count) >= options.MinCount {
			s.items = append(s.items, int32(item)) //nolint:gosec // an index of Names
		}
	}
	sort.SliceStable(s.items, func(i, j int) bool { return all[s.items[i]] < all[s.items[j]] })
	rank := make([]int32, len(b.Names))
	for i := range rank {
		rank[i] = -1
	}
	s.counts, s.holders = make([]int32, len(s.items)), make([][]int32, len(s.items))
	for r, item := range s.items {
		rank[item], s.counts[r] = int32(r), all[item] //nolint:gosec // as above
		s.holders[r] = make([]int32, 0, all[item])
	}
	s.lay(b, rank)
	s.found = make([]part, len(s.items))
	return s
}

// fence stands before and after each basket of rows.
const fence = -1

// lay writes the baskets down rank by rank: from the place of an item the more
// frequent ones of its basket follow up to the fence, so that a conditional
// database is read without the rarer half.
func (s *search) lay(b *Baskets, rank []int32) {
	s.rows = append(make([]int32, 0, len(b.Items)+b.Count()+1), fence)
	for basket := range b.Count() {
		from := len(s.rows)
		for _, item := range b.Items[b.Start[basket]:b.Start[basket+1]] {
			if r := rank[item]; r >= 0 {
				s.rows = append(s.rows, r)
			}
		}
		slices.Sort(s.rows[from:])
		for place, r := range s.rows[from:] {
			s.holders[r] = append(s.holders[r], int32(from+place)) //nolint:gosec // items fit in memory
		}
		s.rows = append(s.rows, fence)
	}
}

func (s *search) join() *Itemsets {
	out := &Itemsets{Baskets: s.baskets, Names: s.names, Start: []int{0}}
	sets, items := 0, 0
	for _, p := range s.found {
		sets, items = sets+len(p.counts), items+len(p.items)
	}
	out.Items, out.Counts = make([]int32, 0, items), make([]int32, 0, sets)
	out.Start = append(make([]int, 0, sets+1), 0)
	for _, p := range s.found {
		from := 0
		for i, end := range p.ends {
			begin := len(out.Items)
			for _, r := range p.items[from:end] {
				out.Items = append(out.Items, s.items[r])
			}
			slices.Sort(out.Items[begin:])
			out.Start = append(out.Start, len(out.Items))
			out.Counts = append(out.Counts, p.counts[i])
			from = end
		}
	}
	return out
}

// count is the number of bits that a and b share; it also writes them to out.
func intersect(out, a, b []uint64) int32 {
	n := 0
	b, out = b[:len(a)], out[:len(a)]
	for i, word := range a {
		word &= b[i]
		out[i] = word
		n += bits.OnesCount64(word)
	}
	return int32(n) //nolint:gosec // a count of baskets
}
