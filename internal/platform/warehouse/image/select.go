// SPDX-License-Identifier: Apache-2.0

package image

import (
	"context"
	"runtime"
	"slices"
	"sort"
	"sync"
	"sync/atomic"
)

// Want says what of the subjects that answer a rule is wanted besides their number.
type Want struct {
	Keys bool
	// Sample is how many keys to draw; the draw is the same for the same subjects.
	Sample int
	// Only, when IsOnly is set, are the only subjects asked about, in order.
	Only   []int64
	IsOnly bool
	// Sum, when set, adds up the rows of those who answer; it is a Deed of the
	// aggregate Sum.
	Sum *Deed
	// Typing keeps what the rows of every subject come to for questions that
	// differ in their bounds only, as those do that are asked while one types.
	Typing bool
	// Workers is how many cores to use; 0 is all.
	Workers int
}

// Selection is who answers a rule.
type Selection struct {
	Count  int64
	Keys   []int64
	Sample []int64
	Sum    int64
}

// Select answers a rule for all subjects that have a row of the first table.
func (s *Snapshot) Select(ctx context.Context, rule *Rule, want Want) (Selection, error) {
	root, err := s.compile(rule)
	if err != nil {
		return Selection{}, err
	}
	var total *nodeDeed
	if want.Sum != nil {
		n, err := s.compileDeed(want.Sum)
		if err != nil {
			return Selection{}, err
		}
		total = n.(*nodeDeed)
	}
	if want.Typing {
		s.keepNumbers(root)
		if total != nil {
			total.keepIn(s)
		}
	}
	units := s.all()
	if want.IsOnly {
		units = s.among(want.Only)
	}
	results := make([]Selection, len(units))
	onlyCount := isEverybody(root) && !want.Keys && !want.IsOnly && want.Sample == 0 && total == nil
	err = s.sweep(ctx, units, want.Workers, func(f *frame, i int) error {
		if p := &f.u.tables[0]; onlyCount && f.u.dead == nil && p.offsets == nil {
			results[i].Count = int64(p.rows) // one row each, or none at all
			return nil
		}
		f.isKept = want.Typing && !want.IsOnly && i < len(s.units)
		subjects := f.subjects(want)
		if len(subjects) > 0 {
			subjects = root.keep(f, subjects)
		}
		out := &results[i]
		out.Count = int64(len(subjects))
		for _, place := range subjects {
			if want.Keys {
				out.Keys = append(out.Keys, f.u.keys.at(int(place)))
			}
			if want.Sample > 0 {
				out.draw(f.u.keys.at(int(place)), want.Sample)
			}
		}
		if total != nil {
			out.Sum = total.sum(f, subjects)
		}
		return nil
	})
	if err != nil {
		return Selection{}, err
	}
	return gatherSelection(results, want), nil
}

// among lists the chunks that hold subjects named in order: those of the newest
// layer that has them, and of the file for the rest. What is asked of a few thus
// costs as much as they are, however many there are besides.
func (s *Snapshot) among(only []int64) []unit {
	var list []unit
	rest := only
	for k := len(s.layers) - 1; k >= 0 && len(rest) > 0; k-- {
		here, others := parted(rest, s.layers[k].ids)
		list = append(list, holding(s.layers[k].units, here)...)
		rest = others
	}
	return append(list, holding(s.units, rest)...)
}

// parted splits ordered keys into those that are among others and the rest.
func parted(keys, others []int64) (in, out []int64) {
	j := 0
	for _, key := range keys {
		for j < len(others) && others[j] < key {
			j++
		}
		if j < len(others) && others[j] == key {
			in = append(in, key)
		} else {
			out = append(out, key)
		}
	}
	return in, out
}

// holding lists the ordered chunks between whose first and last key there is one of the keys.
func holding(units []unit, keys []int64) []unit {
	var list []unit
	for len(keys) > 0 {
		i := sort.Search(len(units), func(i int) bool { return units[i].last >= keys[0] })
		if i == len(units) {
			break
		}
		after, _ := slices.BinarySearch(keys, units[i].last+1)
		if keys[max(after-1, 0)] >= units[i].first {
			list = append(list, units[i])
		}
		keys, units = keys[max(after, 1):], units[i:]
	}
	return list
}

// isEverybody says that a compiled rule leaves nobody out.
func isEverybody(n node) bool {
	list, ok := n.(nodeAnd)
	if !ok {
		return false
	}
	for _, one := range list {
		if !isEverybody(one) {
			return false
		}
	}
	return true
}

// subjects lists who is asked about: alive, and counted as a subject.
func (f *frame) subjects(want Want) []int32 {
	p := &f.u.tables[0]
	if want.IsOnly {
		var list []int32
		from, _ := slices.BinarySearch(want.Only, f.u.first)
		next := 0 // who is asked about often follows the one before
		for _, key := range want.Only[from:] {
			if key > f.u.last {
				break
			}
			i := next
			if f.u.keys.at(i) != key {
				if i = next + sort.Search(f.u.subjects-next, func(k int) bool { return f.u.keys.at(next+k) >= key }); f.u.keys.at(i) != key {
					next = i
					continue
				}
			}
			next = min(i+1, f.u.subjects-1)
			if f.u.isDead(i) {
				continue
			}
			if from, to := p.span(i); from < to {
				list = append(list, int32(i)) //nolint:gosec // a place in a chunk
			}
		}
		return list
	}
	list := make([]int32, 0, f.u.subjects)
	if p.rows == 0 {
		return nil
	}
	for i := range f.u.subjects {
		if f.u.isDead(i) || p.offsets != nil && p.offsets[i] == p.offsets[i+1] {
			continue
		}
		list = append(list, int32(i)) //nolint:gosec // a place in a chunk
	}
	return list
}

// mix spreads keys, so that a draw is not of neighbours (the finaliser of
// MurmurHash3).
func mix(key int64) uint64 {
	x := uint64(key) //nolint:gosec // bits
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33
	x *= 0xc4ceb9fe1a85ec53
	return x ^ x>>33
}

func (o *Selection) draw(key int64, most int) {
	h := mix(key)
	if len(o.Sample) == most && h >= mix(o.Sample[most-1]) {
		return
	}
	i, _ := slices.BinarySearchFunc(o.Sample, h, func(k int64, h uint64) int {
		if mix(k) < h {
			return -1
		}
		return 1
	})
	o.Sample = slices.Insert(o.Sample, i, key)
	o.Sample = o.Sample[:min(len(o.Sample), most)]
}

// gatherSelection puts the chunks' answers together, in the order of keys.
func gatherSelection(results []Selection, want Want) Selection {
	var out Selection
	total := 0
	for i := range results {
		out.Count += results[i].Count
		out.Sum += results[i].Sum
		total += len(results[i].Keys)
		for _, key := range results[i].Sample {
			out.draw(key, want.Sample)
		}
	}
	if !want.Keys {
		return out
	}
	out.Keys = make([]int64, 0, total)
	for i := range results {
		out.Keys = append(out.Keys, results[i].Keys...)
	}
	if !slices.IsSorted(out.Keys) { // the delta's keys lie between the others
		slices.Sort(out.Keys)
	}
	return out
}

// sweep runs fn over all chunks, on several cores.
func (s *Snapshot) sweep(ctx context.Context, units []unit, workers int, fn func(f *frame, i int) error) error {
	return sweepWith(ctx, s, units, workers, func(int) func(*frame, int) error { return fn })
}

// sweepWith is sweep with something of its own for each worker.
func sweepWith(ctx context.Context, s *Snapshot, units []unit, workers int, begin func(worker int) func(f *frame, i int) error) error {
	defer runtime.KeepAlive(s) // the mapping
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var group sync.WaitGroup
	var next atomic.Int64
	for worker := range min(workersOf(workers), max(len(units), 1)) {
		group.Go(func() {
			if err := toil(ctx, s, units, &next, begin(worker)); err != nil {
				stop(err)
			}
		})
	}
	group.Wait()
	return context.Cause(ctx)
}

func toil(ctx context.Context, s *Snapshot, units []unit, next *atomic.Int64, fn func(f *frame, i int) error) (err error) {
	defer guard(&err)()
	f := &frame{s: s}
	for {
		i := int(next.Add(1)) - 1
		if i >= len(units) || ctx.Err() != nil {
			return nil
		}
		f.u = &units[i]
		if err := fn(f, i); err != nil {
			return err
		}
	}
}

// Find says whether a subject is there, and counted as one.
func (s *Snapshot) Find(key int64) bool {
	selection, err := s.Select(context.Background(), nil, Want{Only: []int64{key}, IsOnly: true, Workers: 1})
	return err == nil && selection.Count == 1
}
