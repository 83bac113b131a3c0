// SPDX-License-Identifier: Apache-2.0

package linkage

import (
	"bufio"
	_ "embed"
	"fmt"
	"html/template"
	"math"
	"strings"

	"dangol/internal/match/weight"
)

//go:embed report.html
var reportText string

// reports are the page in each language.
var reports = map[Language]*template.Template{English: English.report(), Korean: Korean.report()}

func (l Language) report() *template.Template {
	return template.Must(template.New("report").Funcs(template.FuncMap{
		"count": countText, "percent": percentText, "bits": func(x float64) string { return fmt.Sprintf("%+.1f", x) },
		"t": l.text, "rule": l.rule, "note": l.note,
	}).Parse(reportText))
}

const (
	// histogramBins cover match weights from −binRange to +binRange bits.
	histogramBins, binRange = 48, 36
	exampleCount            = 20
	// chartWidth and chartHeight are the drawing space of the charts.
	chartWidth, chartHeight = 960, 200
)

func countText(n any) string {
	text := fmt.Sprint(n)
	var out strings.Builder
	for i, r := range text {
		if i > 0 && (len(text)-i)%3 == 0 {
			out.WriteByte(',')
		}
		out.WriteRune(r)
	}
	return out.String()
}

func percentText(x float64) string {
	switch p := 100 * x; {
	case p == 0:
		return "0"
	case p >= 10:
		return fmt.Sprintf("%.1f %%", p)
	case p >= .01:
		return fmt.Sprintf("%.2f %%", p)
	}
	return fmt.Sprintf("%.1e", x)
}

type levelView struct {
	Label      string
	M, U, Bits float64
	MWidth     float64 // of 100
	UWidth     float64
	Left, Wide float64 // of the weight bar, of 100
	Against    bool
}

type comparisonView struct {
	Name   string
	Kind   Kind
	Levels []levelView
}

type ruleView struct {
	*Rule
	Width float64
}

type conditionView struct {
	Name  string
	Pairs float64
	Text  string
}

type stepView struct {
	Step
	IsPrior    bool
	From, Wide float64
	Against    bool
	Sum        float64
}

type exampleView struct {
	Left, Right, Sources string
	Weight, Probability  float64
	Chance, Cause        string
	IsLinked             bool
	Known                string
	Steps                []stepView
	Zero                 float64
}

type binView struct {
	X, Y, Wide, High float64
	From             float64
	Count            int
	IsMatch          bool
}

type reportView struct {
	*Result
	Language    Language
	Quality     *Quality
	Records     int
	PerRecord   float64
	Prior       float64
	Shown       []comparisonView
	RuleViews   []ruleView
	Chances     []conditionView
	Causes      []conditionView
	Histogram   []binView
	ThresholdX  float64
	Ticks       []tick
	Examples    []exampleView
	Curve       *curveView
	Bits        float64
	SourceNames string
}

type tick struct {
	X     float64
	Label string
}

// writeReport draws what was understood, the rules, the model, the weights and
// pairs near the threshold, as one page without scripts.
func (r *Result) writeReport(w *bufio.Writer, t *Table, quality *Quality) error {
	if r.Threshold == 0 {
		r.Threshold = .5
	}
	page, language := reports[r.Language], r.Language
	if page == nil {
		page, language = reports[English], English
	}
	threshold := math.Log2(r.Threshold / (1 - r.Threshold))
	view := reportView{
		Result: r, Language: language, Quality: quality, Records: t.Rows, PerRecord: float64(r.Candidates) / float64(t.Rows), Prior: r.Model.PriorWeight(),
		Bits: threshold, ThresholdX: weightX(threshold), SourceNames: strings.Join(t.Sources, ", "),
	}
	for i := range r.Model.Comparisons {
		view.Shown = append(view.Shown, r.comparison(i))
	}
	most := int64(1)
	for _, rule := range r.Rules {
		most = max(most, rule.Pairs)
	}
	for _, rule := range r.Rules {
		view.RuleViews = append(view.RuleViews, ruleView{rule, 100 * float64(rule.Pairs) / float64(most)})
	}
	view.Chances = r.conditions(r.Model.Chances, func(l weight.Level) float64 { return l.U }, true)
	view.Causes = r.conditions(r.Model.Causes, func(l weight.Level) float64 { return l.M }, false)
	view.Histogram = r.histogram(threshold)
	for at := -30; at <= 30; at += 10 {
		view.Ticks = append(view.Ticks, tick{weightX(float64(at)), fmt.Sprint(at)})
	}
	for _, p := range r.around(threshold, exampleCount) {
		view.Examples = append(view.Examples, r.example(t, p))
	}
	if t.Truth != nil && quality != nil {
		view.Curve = r.curve(t, quality.TruePairs)
	}
	return page.Execute(w, view)
}

// weightScale is the weight in bits that fills half of a bar.
const weightScale = 24

func (r *Result) comparison(i int) comparisonView {
	c := &r.Model.Comparisons[i]
	shown := comparisonView{Name: c.Name, Kind: r.fields[i].kind}
	for l := 1; l < len(c.Levels); l++ {
		level := levelView{Label: c.Levels[l].Label, M: c.Levels[l].M, U: c.Levels[l].U, Bits: c.Weight(uint8(l))}
		level.MWidth, level.UWidth = 100*level.M, 100*level.U
		level.Wide = 50 * min(math.Abs(level.Bits)/weightScale, 1)
		level.Left, level.Against = 50, level.Bits < 0
		if level.Against {
			level.Left -= level.Wide
		}
		shown.Levels = append(shown.Levels, level)
	}
	return shown
}

// conditions puts into words what hangs together most: equal levels that
// became likelier, or for matches differences that did.
func (r *Result) conditions(list []weight.Condition, own func(weight.Level) float64, isEqual bool) []conditionView {
	var views []conditionView
	for _, c := range list {
		var parts []string
		for i, p := range c.P {
			if p == nil {
				continue
			}
			levels := r.Model.Comparisons[i].Levels
			given, usual := 0.0, 0.0
			for l := 1; l < len(levels); l++ {
				if (uint8(l) <= r.fields[i].measure.alike) == isEqual {
					given += p[l]
					usual += own(levels[l])
				}
			}
			if given > 1.8*usual && given > .002 {
				parts = append(parts, fmt.Sprintf(r.Language.text("%s %s instead of %s"), r.Model.Comparisons[i].Name, percentText(given), percentText(usual)))
			}
		}
		if len(parts) > 0 {
			views = append(views, conditionView{c.Name, c.Pairs, strings.Join(parts, "; ")})
		}
	}
	return views
}

func weightX(bits float64) float64 {
	return chartWidth * (min(max(bits, -binRange), binRange) + binRange) / (2 * binRange)
}

func (r *Result) histogram(threshold float64) []binView {
	bins := make([]binView, histogramBins)
	prior := r.Model.PriorWeight()
	most := 1
	for _, p := range r.Pairs {
		i := int((float64(p.Bits) + prior + binRange) / (2 * binRange) * histogramBins)
		i = min(max(i, 0), histogramBins-1)
		bins[i].Count++
		most = max(most, bins[i].Count)
	}
	wide := float64(chartWidth) / histogramBins
	for i := range bins {
		b := &bins[i]
		b.From = float64(i)*2*binRange/histogramBins - binRange
		b.X, b.Wide = float64(i)*wide+1, wide-2
		b.High = (chartHeight - 20) * math.Log1p(float64(b.Count)) / math.Log1p(float64(most))
		b.Y = chartHeight - b.High
		b.IsMatch = b.From >= threshold
	}
	return bins
}

func (r *Result) example(t *Table, p Pair) exampleView {
	a, b := min(p.A, p.B), max(p.A, p.B)
	scored, steps := r.explain(t, Pair{A: a, B: b, Bits: p.Bits, Pattern: p.Pattern})
	view := exampleView{
		Left: t.IDs[a], Right: t.IDs[b], Weight: scored.Weight, Probability: weight.Probability(scored.Weight),
		Chance: scored.Chance, Cause: scored.Cause, IsLinked: r.Cluster[a] == r.Cluster[b],
	}
	if t.Truth != nil && t.Truth[a] != "" && t.Truth[b] != "" {
		view.Known = "two"
		if t.Truth[a] == t.Truth[b] {
			view.Known = "one"
		}
	}
	prior := r.Model.PriorWeight()
	low, high, sum := min(prior, 0), max(prior, 0), prior
	for _, s := range steps {
		sum += s.Weight
		low, high = min(low, sum), max(high, sum)
	}
	place := func(x float64) float64 { return 100 * (x - low) / max(high-low, 1) }
	view.Zero = place(0)
	bar := func(s Step, from, to float64) stepView {
		return stepView{Step: s, From: place(min(from, to)), Wide: max(math.Abs(place(to)-place(from)), .4), Against: to < from, Sum: to}
	}
	first := bar(Step{Weight: prior}, 0, prior)
	first.IsPrior = true
	view.Steps = append(view.Steps, first)
	sum = prior
	for _, s := range steps {
		view.Steps = append(view.Steps, bar(s, sum, sum+s.Weight))
		sum += s.Weight
	}
	return view
}

type curveView struct {
	Precision, Recall string // points of the lines
	Table             []curvePoint
}

type curvePoint struct {
	Threshold, Precision, Recall float64
}

// curve walks down the pairs and notes precision and recall of the pairs above
// each whole weight (before clustering).
func (r *Result) curve(t *Table, truePairs int64) *curveView {
	view := &curveView{}
	prior := r.Model.PriorWeight()
	right, seen := 0, 0
	next := math.Inf(1)
	var precision, recall strings.Builder
	note := func(bits float64) {
		point := curvePoint{bits, float64(right) / float64(max(seen, 1)), float64(right) / float64(max(truePairs, 1))}
		view.Table = append(view.Table, point)
		fmt.Fprintf(&precision, "%.1f,%.1f ", weightX(bits), chartHeight*(1-point.Precision))
		fmt.Fprintf(&recall, "%.1f,%.1f ", weightX(bits), chartHeight*(1-min(point.Recall, 1)))
	}
	for _, p := range r.Pairs {
		bits := float64(p.Bits) + prior
		if whole := math.Floor(bits); whole < next && seen > 0 {
			note(math.Ceil(bits))
			next = whole
		}
		seen++
		if t.Truth[p.A] != "" && t.Truth[p.A] == t.Truth[p.B] {
			right++
		}
	}
	if seen > 0 {
		note(next)
	}
	view.Precision, view.Recall = precision.String(), recall.String()
	return view
}
