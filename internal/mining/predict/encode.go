// SPDX-License-Identifier: Apache-2.0

package predict

import (
	"math"
	"slices"
	"sort"

	"dangol/internal/mining/frame"
)

// mostLevels is how many categories of a column get a feature of their own;
// the rarer ones share one. More would be learned by heart.
const mostLevels = 100

// Other stands for all categories without a feature of their own, and Absent
// for no value.
const (
	Other  = "(other)"
	Absent = "(missing)"
)

// Encoder turns columns into features of linear models and networks: numbers
// are centred and scaled, categories become one feature a level, and "missing"
// is information of its own.
type Encoder struct {
	Columns []Encoding `json:"columns"`
	// Features names every feature in order.
	Features []Feature `json:"features"`
}

// Encoding is how one column becomes features.
type Encoding struct {
	Name string     `json:"name"`
	Kind frame.Kind `json:"kind"`
	// Feature is the first feature of the column.
	Feature int     `json:"feature"`
	Mean    float64 `json:"mean,omitempty"`
	Scale   float64 `json:"scale,omitempty"`
	// Gap is the feature that tells that a number is missing, or -1.
	Gap int `json:"gap"`
	// Levels are those with a feature, in order of the features; OtherAt and
	// AbsentAt are the places of the rest, or -1.
	Levels   []string `json:"levels,omitempty"`
	OtherAt  int      `json:"other_at"`
	AbsentAt int      `json:"absent_at"`
}

// Feature is one input of a linear model.
type Feature struct {
	Column string `json:"column"`
	Level  string `json:"level,omitempty"` // of a category, or Absent
}

// design is the encoded table: dense features by column, and for each category
// the one feature that is 1.
type design struct {
	rows     int
	features int
	dense    [][]float64
	denseAt  []int // feature of each dense column
	hot      [][]int32
}

// newEncoder fits the features to a table.
func newEncoder(f *frame.Frame) *Encoder {
	e := &Encoder{}
	for _, c := range f.Columns {
		one := Encoding{Name: c.Name, Kind: c.Kind, Feature: len(e.Features), Gap: -1, OtherAt: -1, AbsentAt: -1}
		if c.Kind == frame.Category {
			e.addLevels(&one, c)
		} else {
			e.addNumber(&one, c)
		}
		e.Columns = append(e.Columns, one)
	}
	return e
}

func (e *Encoder) addNumber(one *Encoding, c *frame.Column) {
	sum, count := 0.0, 0
	for _, x := range c.Numbers {
		if !math.IsNaN(x) {
			sum += x
			count++
		}
	}
	one.Mean = sum / math.Max(1, float64(count))
	squares := 0.0
	for _, x := range c.Numbers {
		if !math.IsNaN(x) {
			squares += (x - one.Mean) * (x - one.Mean)
		}
	}
	one.Scale = math.Sqrt(squares / math.Max(1, float64(count)))
	if !(one.Scale > 0) {
		one.Scale = 1
	}
	e.Features = append(e.Features, Feature{Column: c.Name})
	if count < len(c.Numbers) {
		one.Gap = len(e.Features)
		e.Features = append(e.Features, Feature{Column: c.Name, Level: Absent})
	}
}

func (e *Encoder) addLevels(one *Encoding, c *frame.Column) {
	order, absent := levelsByCount(c)
	for i, level := range order {
		if i == mostLevels {
			one.OtherAt = len(e.Features)
			e.Features = append(e.Features, Feature{c.Name, Other})
			break
		}
		one.Levels = append(one.Levels, c.Levels[level])
		e.Features = append(e.Features, Feature{c.Name, c.Levels[level]})
	}
	if absent > 0 {
		one.AbsentAt = len(e.Features)
		e.Features = append(e.Features, Feature{c.Name, Absent})
	}
}

// levelsByCount returns the levels that occur, most frequent first, and how
// many values are missing.
func levelsByCount(c *frame.Column) (order []int, absent int) {
	counts := make([]int, len(c.Levels))
	for _, code := range c.Codes {
		if code < 0 {
			absent++
		} else {
			counts[code]++
		}
	}
	for level, count := range counts {
		if count > 0 {
			order = append(order, level)
		}
	}
	sort.SliceStable(order, func(i, j int) bool {
		if counts[order[i]] != counts[order[j]] {
			return counts[order[i]] > counts[order[j]]
		}
		return c.Levels[order[i]] < c.Levels[order[j]]
	})
	return order, absent
}

// encode makes the features of a table; a column that is not there counts as
// missing, a level that was never seen as "other".
func (e *Encoder) encode(f *frame.Frame) *design {
	d := &design{rows: f.Rows, features: len(e.Features)}
	for i := range e.Columns {
		one := &e.Columns[i]
		c := f.Find(one.Name)
		if one.Kind == frame.Category {
			d.hot = append(d.hot, one.hot(c, f.Rows))
			continue
		}
		values, gaps := one.numbers(c, f.Rows)
		d.dense, d.denseAt = append(d.dense, values), append(d.denseAt, one.Feature)
		if one.Gap >= 0 {
			d.hot = append(d.hot, gaps)
		}
	}
	return d
}

func (one *Encoding) numbers(c *frame.Column, rows int) ([]float64, []int32) {
	values, gaps := make([]float64, rows), make([]int32, rows)
	for i := range values {
		gaps[i] = -1
		if c == nil || c.Kind == frame.Category || math.IsNaN(c.Numbers[i]) {
			gaps[i] = int32(one.Gap) //nolint:gosec // a count of features
			continue
		}
		values[i] = (c.Numbers[i] - one.Mean) / one.Scale
	}
	return values, gaps
}

func (one *Encoding) hot(c *frame.Column, rows int) []int32 {
	out := make([]int32, rows)
	if c == nil {
		for i := range out {
			out[i] = int32(one.AbsentAt) //nolint:gosec // a count of features
		}
		return out
	}
	c = c.Categorical()
	place := make([]int32, len(c.Levels))
	known := map[string]int{}
	for i, level := range one.Levels {
		known[level] = one.Feature + i
	}
	for i, level := range c.Levels {
		at, found := known[level]
		if !found {
			at = one.OtherAt
		}
		place[i] = int32(at) //nolint:gosec // a count of features
	}
	for i, code := range c.Codes {
		out[i] = int32(one.AbsentAt) //nolint:gosec // a count of features
		if code >= 0 {
			out[i] = place[code]
		}
	}
	return out
}

// linear is intercept + Σ weight × feature for every row.
func (d *design) linear(intercept float64, weights []float64) []float64 {
	out := make([]float64, d.rows)
	parallel(d.rows, func(from, to int) {
		for i := from; i < to; i++ {
			out[i] = intercept
		}
		for j, values := range d.dense {
			if w := weights[d.denseAt[j]]; w != 0 {
				for i := from; i < to; i++ {
					out[i] += w * values[i]
				}
			}
		}
		for _, hot := range d.hot {
			for i := from; i < to; i++ {
				if at := hot[i]; at >= 0 {
					out[i] += weights[at]
				}
			}
		}
	})
	return out
}

// Names are the columns that the encoder reads.
func (e *Encoder) Names() []string {
	names := make([]string, len(e.Columns))
	for i, c := range e.Columns {
		names[i] = c.Name
	}
	return slices.Clip(names)
}
