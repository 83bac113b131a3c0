// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"math"

	"dangol/internal/mining/frame"
)

// Scaled are points with the means and spreads by which columns were scaled.
type Scaled struct {
	*Points
	Columns []string  `json:"columns"`
	Means   []float64 `json:"means"`
	Spreads []float64 `json:"spreads"`
	// Rows are the places of the points in the table: rows with a missing value
	// are not grouped. Dropped are columns that are constant or hold words.
	Rows    []int    `json:"-"`
	Omitted int      `json:"omitted"`
	Dropped []string `json:"dropped,omitempty"`
}

// Prepare takes the numeric columns of a table, scaled to mean 0 and standard
// deviation 1 (n−1) when scale is set.
func Prepare(f *frame.Frame, scale bool) *Scaled {
	s := &Scaled{Points: &Points{}}
	var columns []*frame.Column
	for _, c := range f.Columns {
		if c.Kind == frame.Category || isConstant(c.Numbers) {
			s.Dropped = append(s.Dropped, c.Name)
			continue
		}
		columns = append(columns, c)
		s.Columns = append(s.Columns, c.Name)
	}
	s.Width = len(columns)
	for row := range f.Rows {
		complete := len(columns) > 0
		for _, c := range columns {
			complete = complete && !math.IsNaN(c.Numbers[row])
		}
		if !complete {
			s.Omitted++
			continue
		}
		s.Rows = append(s.Rows, row)
		for _, c := range columns {
			s.Values = append(s.Values, c.Numbers[row])
		}
	}
	s.scale(scale)
	return s
}

func (s *Scaled) scale(scale bool) {
	n := float64(s.Len())
	for j := range s.Width {
		mean, spread := 0.0, 0.0
		for i := range s.Len() {
			mean += s.At(i)[j] / n
		}
		for i := range s.Len() {
			d := s.At(i)[j] - mean
			spread += d * d
		}
		spread = math.Sqrt(spread / math.Max(1, n-1))
		if !(spread > 0) {
			spread = 1
		}
		s.Means, s.Spreads = append(s.Means, mean), append(s.Spreads, spread)
		if !scale {
			continue
		}
		for i := range s.Len() {
			s.At(i)[j] = (s.At(i)[j] - mean) / spread
		}
	}
}

func isConstant(numbers []float64) bool {
	first := math.NaN()
	for _, x := range numbers {
		switch {
		case math.IsNaN(x):
		case math.IsNaN(first):
			first = x
		case x != first:
			return false
		}
	}
	return true
}
