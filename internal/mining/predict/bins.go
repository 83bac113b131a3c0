// SPDX-License-Identifier: Apache-2.0

package predict

import (
	"math"
	"slices"
	"sort"

	"dangol/internal/mining/frame"
)

const (
	// fewBins are enough for forests and boosting: 255 cuts lose nothing that
	// can be told from noise (LightGBM, XGBoost "hist").
	fewBins = 255
	// exactBins let a single tree cut between any two values.
	exactBins = 65_000
)

// Binner turns values into small whole numbers, by which trees split. Bin 0 is
// "missing"; numbers follow in ascending order; a category has one bin a level.
type Binner struct {
	Columns []Binning `json:"columns"`
}

// Binning is how one column becomes bins.
type Binning struct {
	Name string     `json:"name"`
	Kind frame.Kind `json:"kind"`
	// Cuts divide numbers: bin b holds Cuts[b-2] < x ≤ Cuts[b-1].
	Cuts []float64 `json:"cuts,omitempty"`
	// Levels have the bins 1, 2, …; all others share the bin after the last.
	Levels []string `json:"levels,omitempty"`
}

// bins is the number of bins of the column, "missing" included.
func (b *Binning) bins() int {
	if b.Kind == frame.Category {
		return len(b.Levels) + 2
	}
	return len(b.Cuts) + 2
}

// newBinner fits bins to a table.
func newBinner(f *frame.Frame, most int) *Binner {
	out := &Binner{Columns: make([]Binning, len(f.Columns))}
	each(len(f.Columns), func(i int) {
		c := f.Columns[i]
		one := Binning{Name: c.Name, Kind: c.Kind}
		if c.Kind == frame.Category {
			order, _ := levelsByCount(c)
			for _, level := range order[:min(len(order), fewBins-2)] {
				one.Levels = append(one.Levels, c.Levels[level])
			}
		} else {
			one.Cuts = cuts(c.Numbers, most-2)
		}
		out.Columns[i] = one
	})
	return out
}

// cuts are the middles between neighbouring values, or with more values than
// bins so many that every bin holds about as many rows.
func cuts(numbers []float64, most int) []float64 {
	sorted := make([]float64, 0, len(numbers))
	for _, x := range numbers {
		if !math.IsNaN(x) {
			sorted = append(sorted, x)
		}
	}
	slices.Sort(sorted)
	distinct := 0
	for i, x := range sorted {
		if i == 0 || x != sorted[i-1] {
			distinct++
		}
	}
	var out []float64
	goal := float64(len(sorted)) / float64(most+1)
	taken := 0.0
	for i := 1; i < len(sorted); i++ {
		if sorted[i] == sorted[i-1] {
			continue
		}
		if distinct > most+1 && float64(i)-taken < goal {
			continue
		}
		out, taken = append(out, middle(sorted[i-1], sorted[i])), float64(i)
		if len(out) == most {
			break
		}
	}
	return out
}

// middle lies between a and b, never at b.
func middle(a, b float64) float64 {
	m := a + (b-a)/2
	if m >= b {
		return a
	}
	return m
}

// table is an encoded table, by column.
type table struct {
	rows int
	bins [][]uint16
}

func (b *Binner) encode(f *frame.Frame) *table {
	t := &table{f.Rows, make([][]uint16, len(b.Columns))}
	for i := range b.Columns {
		t.bins[i] = make([]uint16, f.Rows)
	}
	places := make([][]uint16, len(b.Columns))
	columns := make([]*frame.Column, len(b.Columns))
	for i := range b.Columns {
		columns[i] = f.Find(b.Columns[i].Name)
		if one := &b.Columns[i]; one.Kind == frame.Category && columns[i] != nil {
			columns[i] = columns[i].Categorical()
			places[i] = one.places(columns[i].Levels)
		}
	}
	parallel(f.Rows, func(from, to int) {
		for i := range b.Columns {
			b.Columns[i].fill(t.bins[i], columns[i], places[i], from, to)
		}
	})
	return t
}

// places are the bins of the levels of another table.
func (b *Binning) places(levels []string) []uint16 {
	known := map[string]uint16{}
	for i, level := range b.Levels {
		known[level] = uint16(i + 1) //nolint:gosec // fewer than 256
	}
	out := make([]uint16, len(levels))
	for i, level := range levels {
		at, found := known[level]
		if !found {
			at = uint16(len(b.Levels) + 1) //nolint:gosec // fewer than 256
		}
		out[i] = at
	}
	return out
}

func (b *Binning) fill(out []uint16, c *frame.Column, places []uint16, from, to int) {
	switch {
	case c == nil || b.Kind != frame.Category && c.Kind == frame.Category:
	case b.Kind == frame.Category:
		for row := from; row < to; row++ {
			if code := c.Codes[row]; code >= 0 {
				out[row] = places[code]
			}
		}
	default:
		for row := from; row < to; row++ {
			if x := c.Numbers[row]; !math.IsNaN(x) {
				out[row] = uint16(1 + sort.SearchFloat64s(b.Cuts, x)) //nolint:gosec // fewer than 65536
			}
		}
	}
}
