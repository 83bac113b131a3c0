// SPDX-License-Identifier: Apache-2.0

package image

import "slices"

// distinct returns how many different values the rows from…to of a subject have.
func (g *figure) distinct(f *frame, v *vec, p *part, parts []stretch, mask []byte) func(from, to int) int64 {
	if !g.PerDay {
		if count := v.distinct(mask); count != nil {
			return count
		}
	}
	// The buffer is not given back: the answer reads it.
	values, buffer := f.numbers(p.rows), f.mask(p.rows)
	for _, s := range parts {
		v.decode(values, buffer, s.from, s.to)
	}
	f.give(buffer)
	return g.distinctValues(values, mask)
}

// distinct counts the different values of the rows of a mask; nil when their
// codes are not numbers of one to four bytes.
func (v *vec) distinct(mask []byte) func(from, to int) int64 {
	switch v.bits {
	case 8:
		return distinctCodes(v, v.data, mask)
	case 16:
		return distinctCodes(v, cast[uint16](v.data), mask)
	case 32:
		return distinctCodes(v, cast[uint32](v.data), mask)
	}
	return nil
}

// fewRuns is up to how many values are compared with one another instead of sorted.
const fewRuns = 24

// distinctCodes counts codes, which differ where values do. Rows with the same
// value mostly follow one another, so that runs are noted and few are left to compare.
func distinctCodes[T uint8 | uint16 | uint32](v *vec, codes []T, mask []byte) func(from, to int) int64 {
	var runs []T
	never := T(0) // the code of no value
	return func(from, to int) int64 {
		part, m := codes[from:to], mask[from:to]
		m = m[:len(part)]
		if len(part)+1 > len(runs) {
			runs = make([]T, 2*len(part)+8)
		}
		n := 0
		last := uint64(1) << 40 // no code
		for i, c := range part {
			if m[i] == 0 || v.hasMissing && c == never {
				continue
			}
			if uint64(c) != last {
				runs[n] = c
				n++
				last = uint64(c)
			}
		}
		return different(runs[:n])
	}
}

// different counts the different ones of a list, whose order it may change.
func different[T uint8 | uint16 | uint32 | int64](list []T) int64 {
	if len(list) > fewRuns {
		slices.Sort(list)
		return int64(len(slices.Compact(list)))
	}
	n := int64(len(list))
	for i := 1; i < len(list); i++ {
		for _, before := range list[:i] {
			if before == list[i] {
				n--
				break
			}
		}
	}
	return n
}

func (g *figure) distinctValues(values []int64, mask []byte) func(from, to int) int64 {
	var seen []int64
	return func(from, to int) int64 {
		seen = seen[:0]
		for row := from; row < to; row++ {
			if mask[row] == 0 {
				continue
			}
			x := values[row]
			if x == missing {
				continue
			}
			if g.PerDay {
				x = floorDiv(x, microsPerDay)
			}
			if n := len(seen); n == 0 || seen[n-1] != x {
				seen = append(seen, x)
			}
		}
		return different(seen)
	}
}
