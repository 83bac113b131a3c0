// SPDX-License-Identifier: Apache-2.0

package predict

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"dangol/internal/mining/frame"
)

// Importance is how much worse the model gets when a column is shuffled.
type Importance struct {
	Column string  `json:"column"`
	Loss   float64 `json:"auc_loss"`
	Spread float64 `json:"sd"` // over repeated shuffles
	// MeanEffect is the mean size of the column's contribution to the log odds
	// (SHAP), where the model has one.
	MeanEffect float64 `json:"mean_effect,omitempty"`
}

const (
	shuffles = 5
	// explainRows are enough rows to see what matters.
	explainRows = 5000
)

// Permutation measures the importance of every column on rows that were held
// out (Breiman 2001): the loss of AUC when its values are shuffled.
func (m *Model) Permutation(ctx context.Context, f *frame.Frame, yes []bool, seed uint64) ([]Importance, error) {
	if f.Rows > explainRows {
		random := rand.New(rand.NewPCG(seed, 3)) //nolint:gosec // no secret
		rows := random.Perm(f.Rows)[:explainRows]
		slices.Sort(rows)
		f, yes = f.Take(rows), pick(yes, rows)
	}
	whole := AUC(m.Score(f), yes)
	var out []Importance
	for _, name := range m.Columns() {
		c := f.Find(name)
		if c == nil {
			continue
		}
		losses := make([]float64, shuffles)
		for s := range losses {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			random := rand.New(rand.NewPCG(seed, uint64(s)+11)) //nolint:gosec // no secret
			shuffled := &frame.Frame{Rows: f.Rows, Columns: slices.Clone(f.Columns)}
			shuffled.Columns[slices.Index(f.Columns, c)] = c.Take(random.Perm(f.Rows))
			losses[s] = whole - AUC(m.Score(shuffled), yes)
		}
		one := Importance{Column: name}
		one.Loss, one.Spread = meanAndSpread(losses)
		out = append(out, one)
	}
	slices.SortStableFunc(out, func(a, b Importance) int {
		switch {
		case a.Loss > b.Loss:
			return -1
		case a.Loss < b.Loss:
			return 1
		}
		return 0
	})
	return out, nil
}

// Dependence is how the mean score moves with one column, all else as it is
// (Friedman 2001).
type Dependence struct {
	Column string    `json:"column"`
	Kind   string    `json:"kind"`
	At     []float64 `json:"at,omitempty"`
	Levels []string  `json:"levels,omitempty"`
	Score  []float64 `json:"score"`
	// Rows are how many rows have about this value.
	Rows []int `json:"rows"`
}

// PartialDependence computes the curve of one column from at most 500 rows.
func (m *Model) PartialDependence(f *frame.Frame, name string, seed uint64) (Dependence, bool) {
	c := f.Find(name)
	if c == nil || f.Rows == 0 {
		return Dependence{}, false
	}
	const most, points = 500, 12
	rows := rand.New(rand.NewPCG(seed, 5)).Perm(f.Rows) //nolint:gosec // no secret
	sample := f.Take(rows[:min(most, len(rows))])
	d := Dependence{Column: name, Kind: string(c.Kind)}
	place := slices.Index(f.Names(), name)
	at := func(set func(*frame.Column, int)) {
		changed := &frame.Frame{Rows: sample.Rows, Columns: slices.Clone(sample.Columns)}
		column := sample.Columns[place].Take(identity(sample.Rows))
		for row := range sample.Rows {
			set(column, row)
		}
		changed.Columns[place] = column
		mean := 0.0
		for _, p := range m.Score(changed) {
			mean += p / float64(sample.Rows)
		}
		d.Score = append(d.Score, mean)
	}
	if c.Kind == frame.Category {
		order, _ := levelsByCount(c)
		for _, level := range order[:min(len(order), points)] {
			code := int32(level) //nolint:gosec // a count of levels
			d.Levels, d.Rows = append(d.Levels, c.Levels[level]), append(d.Rows, countOf(c.Codes, code))
			at(func(column *frame.Column, row int) { column.Codes[row] = code })
		}
		return d, true
	}
	for _, value := range spacedQuantiles(c.Numbers, points) {
		d.At = append(d.At, value)
		at(func(column *frame.Column, row int) { column.Numbers[row] = value })
	}
	d.Rows = near(c.Numbers, d.At)
	return d, len(d.At) > 1
}

func identity(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

func countOf(codes []int32, code int32) (count int) {
	for _, c := range codes {
		if c == code {
			count++
		}
	}
	return count
}

// spacedQuantiles are different values at even shares of the sorted numbers.
func spacedQuantiles(numbers []float64, points int) []float64 {
	var sorted []float64
	for _, x := range numbers {
		if !math.IsNaN(x) {
			sorted = append(sorted, x)
		}
	}
	slices.Sort(sorted)
	var out []float64
	for i := range points {
		if len(sorted) == 0 {
			break
		}
		// The outermost hundredths are left out: nothing can be said there.
		share := 0.01 + 0.98*float64(i)/float64(points-1)
		value := sorted[int(share*float64(len(sorted)-1))]
		if len(out) == 0 || value > out[len(out)-1] {
			out = append(out, value)
		}
	}
	return out
}

func near(numbers, at []float64) []int {
	out := make([]int, len(at))
	for _, x := range numbers {
		if math.IsNaN(x) || len(at) == 0 {
			continue
		}
		best := 0
		for i := range at {
			if math.Abs(at[i]-x) < math.Abs(at[best]-x) {
				best = i
			}
		}
		out[best]++
	}
	return out
}
