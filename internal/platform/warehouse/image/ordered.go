// SPDX-License-Identifier: Apache-2.0

package image

import (
	"cmp"
	"math/bits"
	"slices"
	"sync"
)

const (
	digitBits = 11
	// fewestSorted is from how many numbers on counting digits is faster than comparing.
	fewestSorted = 1 << 12
	// fewestShared is from how many on it pays to sort two halves at once.
	fewestShared = 1 << 16
)

// Sorted returns the values in order, as a new list: two halves at once, whose
// digits are counted, which for a million numbers is several times faster than
// comparing them; then they are merged from both ends.
func Sorted(values []int64) []int64 {
	if len(values) < fewestShared {
		return sortedAlone(slices.Clone(values))
	}
	middle := len(values) / 2
	halves := [2][]int64{values[:middle], values[middle:]}
	var group sync.WaitGroup
	for i := range halves {
		group.Go(func() { halves[i] = sortedAlone(slices.Clone(halves[i])) })
	}
	group.Wait()
	out := make([]int64, len(values))
	group.Go(func() { mergeFront(out[:middle], halves[0], halves[1]) })
	group.Go(func() { mergeBack(out[middle:], halves[0], halves[1]) })
	group.Wait()
	return out
}

// mergeFront fills to with the least of two ordered lists.
func mergeFront(to, a, b []int64) {
	i, j := 0, 0
	for k := range to {
		if j == len(b) || i < len(a) && a[i] <= b[j] {
			to[k] = a[i]
			i++
		} else {
			to[k] = b[j]
			j++
		}
	}
}

// mergeBack fills to with the greatest of two ordered lists.
func mergeBack(to, a, b []int64) {
	i, j := len(a)-1, len(b)-1
	for k := len(to) - 1; k >= 0; k-- {
		if j < 0 || i >= 0 && a[i] > b[j] {
			to[k] = a[i]
			i--
		} else {
			to[k] = b[j]
			j--
		}
	}
}

// sortedAlone orders a list by counting digits; the list is used up.
func sortedAlone(out []int64) []int64 {
	if len(out) < fewestSorted {
		slices.Sort(out)
		return out
	}
	low, high := slices.Min(out), slices.Max(out)
	most := uint64(high) - uint64(low) //nolint:gosec // a distance
	spare := make([]int64, len(out))
	for shift := 0; shift < 64 && most>>shift > 0; shift += digitBits {
		var counts [1 << digitBits]int
		for _, x := range out {
			counts[(uint64(x)-uint64(low))>>shift&(1<<digitBits-1)]++ //nolint:gosec // a distance
		}
		at := 0
		for i, n := range counts {
			counts[i] = at
			at += n
		}
		for _, x := range out {
			d := (uint64(x) - uint64(low)) >> shift & (1<<digitBits - 1) //nolint:gosec // a distance
			spare[counts[d]] = x
			counts[d]++
		}
		out, spare = spare, out
	}
	return out
}

// Quantiles are the quantiles of values as Quantile finds them, without
// ordering more of the values than is needed for that.
func Quantiles(values []int64, shares ...float64) []float64 {
	ranks := make([]int, 0, 2*len(shares))
	for _, q := range shares {
		i, _ := rankOf(len(values), q)
		ranks = append(ranks, i, min(i+1, max(len(values)-1, 0)))
	}
	found := pick(values, ranks)
	out := make([]float64, len(shares))
	for k, q := range shares {
		_, share := rankOf(len(values), q)
		out[k] = between(found[2*k], found[2*k+1], share, len(values))
	}
	return out
}

// pick returns the values that stand at some ranks when all are in order.
func pick(values []int64, ranks []int) []int64 {
	out := make([]int64, len(ranks))
	if len(values) == 0 {
		return out
	}
	if len(values) < fewestSorted {
		sorted := slices.Sorted(slices.Values(values))
		for k, r := range ranks {
			out[k] = sorted[r]
		}
		return out
	}
	const boxBits = 14
	low, high := slices.Min(values), slices.Max(values)
	shift := max(bits.Len64(uint64(high)-uint64(low))-boxBits, 0) //nolint:gosec // a distance
	counts := make([]int32, 1<<boxBits)
	for _, x := range values {
		counts[(uint64(x)-uint64(low))>>shift]++ //nolint:gosec // a distance
	}
	begins, boxes := boxesOf(counts, ranks)
	if shift == 0 {
		for k, box := range boxes {
			out[k] = low + int64(box)
		}
		return out
	}
	wanted := make([]bool, 1<<boxBits)
	for _, box := range boxes {
		wanted[box] = true
	}
	inside := map[int][]int64{}
	for _, x := range values {
		if box := int((uint64(x) - uint64(low)) >> shift); wanted[box] { //nolint:gosec // a distance
			inside[box] = append(inside[box], x)
		}
	}
	for k, box := range boxes {
		out[k] = pick(inside[box], []int{ranks[k] - begins[k]})[0]
	}
	return out
}

// boxesOf finds the box that each rank lies in, and the rank at which that box begins.
func boxesOf(counts []int32, ranks []int) (begins, boxes []int) {
	begins, boxes = make([]int, len(ranks)), make([]int, len(ranks))
	order := make([]int, len(ranks))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(ranks[a], ranks[b]) })
	box, begin := 0, 0
	for _, k := range order {
		for begin+int(counts[box]) <= ranks[k] {
			begin += int(counts[box])
			box++
		}
		begins[k], boxes[k] = begin, box
	}
	return begins, boxes
}

// Quantile is the quantile of type 7 (Hyndman and Fan 1996) of ordered values,
// computed as DuckDB's quantile_cont does.
func Quantile(sorted []int64, q float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	i, share := rankOf(len(sorted), q)
	return between(sorted[i], sorted[min(i+1, len(sorted)-1)], share, len(sorted))
}

// rankOf is the place of a quantile: a rank, and how far it lies towards the next.
func rankOf(n int, q float64) (rank int, share float64) {
	if n == 0 {
		return 0, 0
	}
	at := float64(n-1) * q
	return int(at), at - float64(int(at))
}

func between(low, high int64, share float64, n int) float64 {
	if n == 0 || share == 0 {
		return float64(low)
	}
	return float64(low)*(1-share) + float64(high)*share
}
