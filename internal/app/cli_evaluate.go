// SPDX-License-Identifier: Apache-2.0

package app

import (
	"fmt"
	"math"
	"slices"

	"dangol/internal/mining/frame"
	"dangol/internal/mining/predict"
	"dangol/internal/mining/report"
	"dangol/internal/mining/statistics"
	"dangol/internal/performance"
)

type evaluateCommand struct {
	mineFlags
	File    string   `arg:"" help:"CSV, gzip CSV or Parquet file, one row for each person of the campaign." type:"path"`
	Arm     string   `help:"Column that names the arm." required:"" placeholder:"COL"`
	Control string   `help:"Name of the control group in it." required:"" placeholder:"NAME"`
	Outcome []string `help:"Columns of what happened: 0 or 1, yes or no, or amounts." required:"" placeholder:"COL,…"`
}

// Help teaches by examples.
func (evaluateCommand) Help() string {
	return `Compares every arm with the control group: means, lift with its 95 % interval (Welch), and for outcomes of 0
and 1 the chi-square test of two proportions.

Example:
  dangol evaluate campaign.csv --arm segment --control "No E-Mail" --outcome visit,conversion,spend`
}

type evaluated struct {
	Rows     int                `json:"rows"`
	Control  string             `json:"control"`
	Outcomes []evaluatedOutcome `json:"outcomes"`
	Notes    []string           `json:"notes,omitempty"`
}

type evaluatedOutcome struct {
	Outcome  string         `json:"outcome"`
	IsBinary bool           `json:"is_binary"`
	Arms     []evaluatedArm `json:"arms"`
	// ChiSquare is of the table of all arms.
	ChiSquare *chiSquare `json:"chi_square,omitempty"`
	Lifts     []armLift  `json:"lifts"`
}

type evaluatedArm struct {
	Arm       string  `json:"arm"`
	N         int64   `json:"n"`
	Sum       float64 `json:"sum"`
	Mean      float64 `json:"mean"`
	SD        float64 `json:"sd"`
	Positives int64   `json:"positives"`
	stat      performance.Arm
}

type chiSquare struct {
	Statistic float64 `json:"statistic"`
	Degrees   int     `json:"degrees"`
	P         float64 `json:"p"`
}

type armLift struct {
	Arm string `json:"arm"`
	performance.Difference
	P float64 `json:"p"`
	// ChiSquare compares this arm with the control group.
	ChiSquare *chiSquare        `json:"chi_square,omitempty"`
	Sentence  predict.Statement `json:"sentence"`
}

// Run compares the arms.
func (c evaluateCommand) Run(s *session) error {
	f, notes, err := readFrame(c.File, slices.Concat([]string{c.Arm}, c.Outcome))
	if err != nil {
		return err
	}
	if err := hasColumns(f, slices.Concat([]string{c.Arm}, c.Outcome)...); err != nil {
		return err
	}
	arms, err := armsOf(f.Find(c.Arm), c.Control)
	if err != nil {
		return err
	}
	out := &evaluated{Rows: f.Rows, Control: c.Control, Notes: notes}
	for _, name := range c.Outcome {
		numbers, err := outcomeNumbers(f.Find(name))
		if err != nil {
			return err
		}
		out.Outcomes = append(out.Outcomes, compareArms(name, f.Find(c.Arm).Categorical(), append(arms, c.Control), numbers))
	}
	return s.mined(c.mineFlags, out, out.page(c.Lang))
}

// compareArms counts every arm; the control group is the last.
func compareArms(name string, arm *frame.Column, arms []string, numbers []float64) evaluatedOutcome {
	out := evaluatedOutcome{Outcome: name, IsBinary: true}
	counts := make([]performance.Arm, len(arms))
	for row, x := range numbers {
		at := slices.Index(arms, arm.Text(row))
		if at < 0 || math.IsNaN(x) {
			continue
		}
		a := &counts[at]
		a.Count++
		a.Sum, a.SumSquares = a.Sum+x, a.SumSquares+x*x
		if x != 0 {
			a.Successes++
		}
		out.IsBinary = out.IsBinary && (x == 0 || x == 1)
	}
	for i, a := range counts {
		spread := 0.0
		if a.Count > 1 {
			spread = math.Sqrt(math.Max(0, (a.SumSquares-a.Sum*a.Sum/float64(a.Count))/float64(a.Count-1)))
		}
		out.Arms = append(out.Arms, evaluatedArm{arms[i], a.Count, a.Sum, a.Mean(), spread, a.Successes, a})
	}
	if out.IsBinary {
		out.ChiSquare = chiSquareOf(counts...)
	}
	control := counts[len(counts)-1]
	for i, a := range counts[:len(counts)-1] {
		lift := armLift{Arm: arms[i], Difference: performance.CompareMeans(a, control)}
		lift.P = statistics.StudentTail(math.Abs(lift.T), lift.Degrees)
		if out.IsBinary {
			lift.ChiSquare = chiSquareOf(a, control)
		}
		lift.Sentence = liftSentence(name, &lift)
		out.Lifts = append(out.Lifts, lift)
	}
	return out
}

func chiSquareOf(arms ...performance.Arm) *chiSquare {
	statistic, degrees := performance.ChiSquare(arms...)
	return &chiSquare{statistic, degrees, statistics.ChiSquareTail(statistic, float64(degrees))}
}

func liftSentence(outcome string, l *armLift) predict.Statement {
	figures := fmt.Sprintf("%.6f (95 %%: %.6f – %.6f)", l.Difference.Difference, l.Low, l.High)
	s := predict.Statement{Code: string(l.Verdict)}
	switch l.Verdict {
	case performance.EffectPositive:
		s.Ko, s.En = l.Arm+"이(가) "+outcome+"을(를) 높였습니다: "+figures, l.Arm+" raised "+outcome+" by "+figures
	case performance.EffectNegative:
		s.Ko, s.En = l.Arm+"이(가) "+outcome+"을(를) 낮췄습니다: "+figures, l.Arm+" lowered "+outcome+": "+figures
	case performance.TooFew:
		s.Ko, s.En = "너무 적어 효과를 말할 수 없습니다: "+figures, "Too few to speak of an effect: "+figures
	default:
		s.Ko, s.En = "효과가 확인되지 않았습니다: "+figures, "No effect could be shown: "+figures
	}
	return s
}

func (m *evaluated) page(lang string) *report.Page {
	p := report.New(lang, "")
	p.Title = p.Say("캠페인 평가", "Evaluation of the campaign")
	for _, o := range m.Outcomes {
		p.Heading(o.Outcome)
		for i := range o.Lifts {
			p.Words(p.Say(o.Lifts[i].Sentence.Ko, o.Lifts[i].Sentence.En))
		}
		var rows [][]string
		var labels []string
		var means []float64
		for _, a := range o.Arms {
			rows = append(rows, []string{a.Arm, grouped(float64(a.N)), decimals(a.Sum, 2), decimals(a.Mean, 6), decimals(a.SD, 6)})
			labels, means = append(labels, a.Arm), append(means, a.Mean)
		}
		p.Bars(p.Say("평균", "Mean"), labels, []report.Series{{Values: means}})
		p.Table(p.Say("팔", "Arms"), []string{p.Say("팔", "arm"), "n", p.Say("합계", "sum"), p.Say("평균", "mean"), p.Say("표준편차", "sd")}, rows)
		rows = nil
		for _, l := range o.Lifts {
			row := []string{l.Arm, decimals(l.Difference.Difference, 6), decimals(l.StandardError, 6), decimals(l.Low, 6), decimals(l.High, 6), decimals(l.T, 4), decimals(l.Degrees, 2), fmt.Sprintf("%.3g", l.P), ""}
			if l.ChiSquare != nil {
				row[8] = decimals(l.ChiSquare.Statistic, 5)
			}
			rows = append(rows, row)
		}
		p.Table(p.Say("대조군과의 차이", "Difference from the control group"), []string{p.Say("팔", "arm"), p.Say("차이", "difference"), p.Say("표준오차", "se"), p.Say("하한", "low"), p.Say("상한", "high"), "t", p.Say("자유도", "df"), "p", "χ²"}, rows)
		if o.ChiSquare != nil && len(o.Arms) > 2 {
			p.Words(fmt.Sprintf("χ² = %.5f (%d), p = %.3g", o.ChiSquare.Statistic, o.ChiSquare.Degrees, o.ChiSquare.P))
		}
	}
	p.Words(m.Notes...)
	return p
}
