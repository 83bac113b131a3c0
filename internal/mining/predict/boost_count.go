// SPDX-License-Identifier: Apache-2.0

package predict

import "sync"

// Gradients and hessians are counted as whole numbers, both in one word: sums
// then do not depend on their order, a larger child is exactly the parent less
// the smaller one, and one addition does the work of two (quantised training:
// Shi et al. 2022, with so many bits that nothing is lost to be seen).
const (
	gradientBits = 17 // |g| ≤ 1, so that 2^13 of them stay below 2^31
	hessianBits  = 20 // h ≤ ¼, so that 2^13 of them stay below 2^32
	packedRows   = 1 << 13
	gradientUnit = 1.0 / (1 << gradientBits)
	hessianUnit  = 1.0 / (1 << hessianBits)
	// mostBins is how many bins a group of columns may have: as many as 16 bits
	// number.
	mostBins = 1 << 16
)

// pack rounds a gradient and a hessian into one word: the gradient in the high
// half, the hessian, never 0, in the low one.
func pack(g, h float64) int64 {
	const half = 0.5
	high := int64(g*(1<<gradientBits)+(1<<gradientBits)+half) - 1<<gradientBits
	return high<<32 + max(1, int64(h*(1<<hessianBits)+half))
}

func hessianOf(packed int64) int64 { return packed & (1<<32 - 1) }

func gradientOf(packed int64) int64 { return packed >> 32 }

// rowGroup is some columns of a table, row by row: every value is the place of
// its bin in a histogram of the group.
type rowGroup struct {
	first, width int // columns
	size, offset int // bins, and the place of the first in a histogram of all columns
	bins         []uint16
}

// offsets are the places of the columns in a histogram of all.
func (b *Binner) offsets() []int {
	out := make([]int, len(b.Columns)+1)
	for i := range b.Columns {
		out[i+1] = out[i] + b.Columns[i].bins()
	}
	return out
}

// groupRows lays a table out row by row, in groups that 16 bits can number.
func groupRows(b *Binner, t *table) []rowGroup {
	offsets := b.offsets()
	var out []rowGroup
	for first := 0; first < len(b.Columns); {
		last := first + 1
		for last < len(b.Columns) && offsets[last+1]-offsets[first] <= mostBins {
			last++
		}
		g := rowGroup{first: first, width: last - first, size: offsets[last] - offsets[first], offset: offsets[first]}
		g.bins = make([]uint16, t.rows*g.width)
		parallel(t.rows, func(from, to int) {
			for c := range g.width {
				base, column := uint16(offsets[first+c]-offsets[first]), t.bins[first+c] //nolint:gosec // below mostBins
				for row := from; row < to; row++ {
					g.bins[row*g.width+c] = base + column[row]
				}
			}
		})
		out, first = append(out, g), last
	}
	return out
}

var countsPool = sync.Pool{New: func() any { return new([mostBins]int64) }}

// count adds at most packedRows rows.
func (g *rowGroup) count(counts *[mostBins]int64, rows []int32, packed []int64) {
	width := g.width
	for _, row := range rows {
		value := packed[row]
		from := int(row) * width
		for _, at := range g.bins[from : from+width] {
			counts[at] += value
		}
	}
}

// unpack moves the counts into a histogram of all columns.
func (g *rowGroup) unpack(counts *[mostBins]int64, sums []pair) {
	sums = sums[g.offset : g.offset+g.size]
	for i := range sums {
		if value := counts[i]; value != 0 {
			sums[i].g += float64(gradientOf(value)) * gradientUnit
			sums[i].h += float64(hessianOf(value)) * hessianUnit
			counts[i] = 0
		}
	}
}
