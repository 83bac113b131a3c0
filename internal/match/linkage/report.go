// SPDX-License-Identifier: Apache-2.0

package linkage

import (
	"bufio"
	_ "embed"
	"html/template"
	"math"

	"dangol/internal/match/weight"
)

//go:embed report.html
var reportText string

var report = template.Must(template.New("report").Parse(reportText))

const (
	// histogramBins cover match weights from −binRange to +binRange bits.
	histogramBins, binRange = 40, 40
	exampleCount            = 20
	// barWidth is the length in pixels of the longest bar.
	barWidth = 220
)

type bar struct {
	Label    string
	M, U     float64
	Bits     float64
	Positive bool
	Width    float64
}

type comparisonView struct {
	Name   string
	Levels []bar
}

type exampleView struct {
	Left, Right string
	Weight      float64
	Probability float64
	Steps       []stepView
}

type stepView struct {
	Name, Left, Right, Level string
	bar
}

type binView struct {
	From   float64
	Count  int
	Height float64
}

type curvePoint struct {
	Threshold, Precision, Recall float64
}

type reportView struct {
	*Result
	Quality     *Quality
	Records     int
	Prior       float64
	Comparisons []comparisonView
	Histogram   []binView
	Examples    []exampleView
	Curve       []curvePoint
}

// writeReport draws what was understood, the rules, the model, the weights and
// pairs near the threshold, as one page without scripts.
func (r *Result) writeReport(w *bufio.Writer, t *Table, quality *Quality) error {
	view := reportView{Result: r, Quality: quality, Records: t.Rows, Prior: r.Model.PriorWeight()}
	for i := range r.Model.Comparisons {
		c := &r.Model.Comparisons[i]
		shown := comparisonView{Name: c.Name}
		for l := 1; l < len(c.Levels); l++ {
			b := barOf(c.Weight(uint8(l)))
			b.Label, b.M, b.U = c.Levels[l].Label, c.Levels[l].M, c.Levels[l].U
			shown.Levels = append(shown.Levels, b)
		}
		view.Comparisons = append(view.Comparisons, shown)
	}
	view.Histogram = r.histogram()
	for _, p := range r.around(0, exampleCount) {
		view.Examples = append(view.Examples, r.example(t, p))
	}
	if t.Truth != nil && quality != nil {
		view.Curve = r.curve(t, quality.TruePairs)
	}
	return report.Execute(w, view)
}

func barOf(bits float64) bar {
	return bar{Bits: bits, Positive: bits >= 0, Width: min(math.Abs(bits)/binRange*2, 1) * barWidth}
}

func (r *Result) histogram() []binView {
	bins := make([]binView, histogramBins)
	prior := r.Model.PriorWeight()
	most := 1
	for i := range bins {
		bins[i].From = float64(i)*2*binRange/histogramBins - binRange
	}
	for _, p := range r.Pairs {
		i := int((float64(p.Bits) + prior + binRange) / (2 * binRange) * histogramBins)
		i = min(max(i, 0), histogramBins-1)
		bins[i].Count++
		most = max(most, bins[i].Count)
	}
	for i := range bins {
		bins[i].Height = 120 * math.Log1p(float64(bins[i].Count)) / math.Log1p(float64(most))
	}
	return bins
}

func (r *Result) example(t *Table, p Pair) exampleView {
	bits := float64(p.Bits) + r.Model.PriorWeight()
	view := exampleView{Left: t.IDs[p.A], Right: t.IDs[p.B], Weight: bits, Probability: weight.Probability(bits)}
	byName := map[string]*Column{}
	for _, c := range t.Columns {
		byName[c.Name] = c
	}
	for i := range r.Model.Comparisons {
		c := &r.Model.Comparisons[i]
		raw := byName[c.Name]
		level := p.level(i)
		view.Steps = append(view.Steps, stepView{
			Name: c.Name, Left: raw.Values[raw.Codes[p.A]], Right: raw.Values[raw.Codes[p.B]],
			Level: c.Levels[level].Label, bar: barOf(c.Weight(level)),
		})
	}
	return view
}

// curve walks down the pairs and notes precision and recall of the pairs above
// each whole weight (before clustering).
func (r *Result) curve(t *Table, truePairs int64) []curvePoint {
	var points []curvePoint
	prior := r.Model.PriorWeight()
	right, seen := 0, 0
	next := math.Inf(1)
	for _, p := range r.Pairs {
		bits := float64(p.Bits) + prior
		if whole := math.Floor(bits); whole < next && seen > 0 {
			points = append(points, curvePoint{math.Ceil(bits), float64(right) / float64(seen), float64(right) / float64(max(truePairs, 1))})
			next = whole
		}
		seen++
		if t.Truth[p.A] != "" && t.Truth[p.A] == t.Truth[p.B] {
			right++
		}
	}
	return points
}
