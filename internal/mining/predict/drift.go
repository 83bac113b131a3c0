// SPDX-License-Identifier: Apache-2.0

package predict

import (
	"math"
	"slices"

	"dangol/internal/mining/frame"
)

// Spread is how columns and scores were distributed when the model learned.
type Spread struct {
	Binner *Binner     `json:"binner"`
	Shares [][]float64 `json:"shares"`
	// Scores are shares of rows by score, between the Limits.
	Limits []float64 `json:"limits"`
	Scores []float64 `json:"scores"`
	Rate   float64   `json:"rate"` // of yeses
}

// driftBins are the tenths by which the population stability index is counted.
const driftBins = 12

// SpreadOf remembers a table and its scores.
func SpreadOf(f *frame.Frame, scores []float64, share float64) *Spread {
	s := &Spread{Binner: newBinner(f, driftBins), Rate: share}
	for i := range s.Binner.Columns {
		if levels := &s.Binner.Columns[i].Levels; len(*levels) > 30 {
			*levels = (*levels)[:30]
		}
	}
	s.Shares = s.Binner.shares(f)
	s.Limits = cuts(scores, driftBins-3)
	s.Scores = shareOf(scores, s.Limits)
	return s
}

func (b *Binner) shares(f *frame.Frame) [][]float64 {
	t := b.encode(f)
	out := make([][]float64, len(b.Columns))
	for i := range out {
		out[i] = make([]float64, b.Columns[i].bins())
		for _, bin := range t.bins[i] {
			out[i][bin] += 1 / math.Max(1, float64(f.Rows))
		}
	}
	return out
}

func shareOf(values, limits []float64) []float64 {
	out := make([]float64, len(limits)+1)
	for _, x := range values {
		at, _ := slices.BinarySearch(limits, x)
		out[at] += 1 / math.Max(1, float64(len(values)))
	}
	return out
}

// Stability is how far a column has moved.
type Stability struct {
	Column string  `json:"column"`
	PSI    float64 `json:"psi"`
	// Verdict is stable (< .1), moved (< .25) or changed.
	Verdict string `json:"verdict"`
}

// ColumnsMoved is the reason that columns are spread otherwise than before.
const ColumnsMoved = "columns_moved"

// HasChanged tells whether the column is spread quite otherwise.
func (s Stability) HasChanged() bool { return s.PSI >= moved }

// Drift compares a new table with the one the model learned from.
type Drift struct {
	Rows    int         `json:"rows"`
	Score   Stability   `json:"score"`
	Columns []Stability `json:"columns"`
	// Mean is the mean score now, Rate the share of yeses when it learned.
	Mean float64 `json:"mean_score"`
	Rate float64 `json:"rate_learned"`
	// Calibration is set when the outcome is known: seen over predicted rate.
	Seen          *float64 `json:"rate_seen,omitempty"`
	AUC           *float64 `json:"auc,omitempty"`
	ShouldRetrain bool     `json:"should_retrain"`
	Reasons       []string `json:"reasons,omitempty"`
}

// stable and moved are the usual marks of the population stability index
// (Siddiqi 2006).
const (
	stable = 0.1
	moved  = 0.25
)

// Drift tells how a new table differs; yes is nil as long as nobody knows.
func (m *Model) Drift(f *frame.Frame, scores []float64, yes []bool) Drift {
	d := Drift{Rows: f.Rows}
	if m.Profile == nil || f.Rows == 0 {
		return d
	}
	d.Rate = m.Profile.Rate
	for _, p := range scores {
		d.Mean += p / float64(len(scores))
	}
	d.Score = stability("score", m.Profile.Scores, shareOf(scores, m.Profile.Limits))
	for i, now := range m.Profile.Binner.shares(f) {
		d.Columns = append(d.Columns, stability(m.Profile.Binner.Columns[i].Name, m.Profile.Shares[i], now))
	}
	slices.SortStableFunc(d.Columns, func(a, b Stability) int {
		switch {
		case a.PSI > b.PSI:
			return -1
		case a.PSI < b.PSI:
			return 1
		}
		return 0
	})
	if d.Score.PSI >= moved {
		d.Reasons = append(d.Reasons, "scores_moved")
	}
	if len(d.Columns) > 0 && d.Columns[0].PSI >= moved {
		d.Reasons = append(d.Reasons, ColumnsMoved)
	}
	if yes != nil {
		seen, auc := rate(yes), AUC(scores, yes)
		d.Seen, d.AUC = &seen, &auc
		if differ(seen, d.Mean, len(yes)) {
			d.Reasons = append(d.Reasons, "calibration_off")
		}
		if differ(seen, d.Rate, len(yes)) {
			d.Reasons = append(d.Reasons, "rate_shifted")
		}
		if m.Quality != nil && auc < m.Quality.Low-0.02 {
			d.Reasons = append(d.Reasons, "quality_fell")
		}
	}
	d.ShouldRetrain = len(d.Reasons) > 0
	return d
}

// differ tells whether a rate that was seen is another than the one expected:
// beyond three standard errors, so that a small table does not cry wolf, and by
// half, so that a large one does not either.
func differ(seen, expected float64, rows int) bool {
	const factor, errors = 1.5, 3
	noise := errors * math.Sqrt(math.Max(expected*(1-expected), 1e-9)/float64(rows))
	return math.Abs(seen-expected) > noise && (seen > factor*expected || expected > factor*seen)
}

// stability is the population stability index Σ (now − then) ln(now / then); a
// floor keeps empty parts finite.
func stability(name string, then, now []float64) Stability {
	const floor = 1e-4
	s := Stability{Column: name, Verdict: "stable"}
	for i := range then {
		a, b := math.Max(then[i], floor), math.Max(now[i], floor)
		s.PSI += (b - a) * math.Log(b/a)
	}
	switch {
	case s.PSI >= moved:
		s.Verdict = "changed"
	case s.PSI >= stable:
		s.Verdict = "moved"
	}
	return s
}
