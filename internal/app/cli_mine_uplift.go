// SPDX-License-Identifier: Apache-2.0

package app

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"dangol/internal/mining/frame"
	"dangol/internal/mining/report"
	"dangol/internal/mining/uplift"
	"dangol/internal/platform/fault"
)

type mineUpliftCommand struct {
	mineFlags
	File      string   `arg:"" help:"CSV, gzip CSV or Parquet file, one row for each person of the campaign." type:"path"`
	Treatment string   `help:"Column that names the arm." required:"" placeholder:"COL"`
	Control   string   `help:"Name of the control group in it." required:"" placeholder:"NAME"`
	Outcome   []string `help:"Column of what happened: 0 or 1, yes or no, or an amount." required:"" placeholder:"COL"`
	Columns   []string `help:"What was known before (default: everything else)." placeholder:"COL,…"`
	Drop      []string `help:"Leave these columns out." placeholder:"COL,…"`
	Test      string   `help:"Rows held out: odd, mod5, last20, lastN, random, or a file." default:"random" placeholder:"HOW"`
	Seed      uint64   `help:"Start of all random numbers." default:"1"`
}

// Help teaches by examples.
func (mineUpliftCommand) Help() string {
	return `Leave out with --drop what became known after the campaign: it must not be among the columns.

Example:
  dangol mine uplift campaign.csv --treatment segment --control "No E-Mail" --outcome visit \
    --columns recency,history,mens,womens,newbie,zip_code,channel --test odd`
}

type minedUplift struct {
	Control  string             `json:"control"`
	Columns  []string           `json:"columns"`
	Seed     uint64             `json:"seed"`
	Findings []minedUpliftOfArm `json:"findings"`
	Notes    []string           `json:"notes,omitempty"`
}

type minedUpliftOfArm struct {
	Arm     string `json:"arm"`
	Outcome string `json:"outcome"`
	*uplift.Finding
	Ko string `json:"ko"`
	En string `json:"en"`
}

// Run looks for people whom the campaign changes more than others.
func (c mineUpliftCommand) Run(s *session) error {
	f, notes, err := readFrame(c.File, nil)
	if err != nil {
		return err
	}
	if err := hasColumns(f, slices.Concat([]string{c.Treatment}, c.Outcome, c.Columns, c.Drop)...); err != nil {
		return err
	}
	isTest, other, err := heldOut(c.Test, f.Rows, c.Seed)
	if err != nil {
		return err
	}
	arms, err := armsOf(f.Find(c.Treatment), c.Control)
	if err != nil {
		return err
	}
	features := c.features(f)
	features, left := withoutNames(features)
	if len(left) > 0 {
		notes = append(notes, "Left out, because nearly every row has its own value: "+strings.Join(left, ", ")+".")
	}
	if len(features.Columns) == 0 {
		return fault.New(fault.Invalid, "app.no_features", "No column is left that tells people apart; name some with --columns.")
	}
	out := &minedUplift{Control: c.Control, Columns: features.Names(), Seed: c.Seed, Notes: notes}
	for _, arm := range arms {
		for _, outcome := range c.Outcome {
			learn, test, err := c.people(f, other, features.Names(), arm, outcome, isTest)
			if err != nil {
				return err
			}
			found, err := uplift.Find(s.ctx, learn, test, c.Seed, nil)
			if err != nil {
				return asFault(err)
			}
			one := minedUpliftOfArm{Arm: arm, Outcome: outcome, Finding: found}
			one.say()
			out.Findings = append(out.Findings, one)
		}
	}
	return s.mined(c.mineFlags, out, out.page(c.Lang))
}

// withoutNames leaves out texts that are names or numbers of rows: a model would
// learn them by heart.
func withoutNames(f *frame.Frame) (*frame.Frame, []string) {
	const fewest = 100 // levels that are always let be
	var left []string
	for _, c := range f.Columns {
		if c.Kind == frame.Category && len(c.Levels) > fewest && 2*len(c.Levels) > f.Rows {
			left = append(left, c.Name)
		}
	}
	return f.Without(left...), left
}

// armsOf are the arms beside the control group.
func armsOf(treatment *frame.Column, control string) ([]string, error) {
	column := treatment.Categorical()
	if !slices.Contains(column.Levels, control) {
		return nil, fault.New(fault.Invalid, "app.no_control", "No row of {column} is {control}; the arms are {arms}.", "column", treatment.Name, "control", control, "arms", fmt.Sprintf("%q", column.Levels[:min(10, len(column.Levels))]))
	}
	var arms []string
	for _, level := range column.Levels {
		if level != control {
			arms = append(arms, level)
		}
	}
	const most = 20
	if len(arms) == 0 || len(arms) > most {
		return nil, fault.New(fault.Invalid, "app.bad_arms", "{column} has {count} arms beside the control group; 1 to {most} are possible.", "column", treatment.Name, "count", len(arms), "most", most)
	}
	slices.Sort(arms)
	return arms, nil
}

func (c mineUpliftCommand) features(f *frame.Frame) *frame.Frame {
	out := f.Without(slices.Concat([]string{c.Treatment}, c.Outcome, c.Drop)...)
	if len(c.Columns) > 0 {
		out, _ = f.Only(c.Columns...)
	}
	return out
}

// people are those of one arm and of the control group, learned from and tested.
func (c mineUpliftCommand) people(f, other *frame.Frame, features []string, arm, outcome string, isTest func(int) bool) (learn, test *uplift.People, err error) {
	if other == nil {
		if learn, err = peopleOf(f, features, c.Treatment, arm, c.Control, outcome, func(row int) bool { return !isTest(row) }); err != nil {
			return nil, nil, err
		}
		test, err = peopleOf(f, features, c.Treatment, arm, c.Control, outcome, isTest)
		return learn, test, err
	}
	every := func(int) bool { return true }
	if learn, err = peopleOf(f, features, c.Treatment, arm, c.Control, outcome, every); err != nil {
		return nil, nil, err
	}
	if err = hasColumns(other, c.Treatment, outcome); err != nil {
		return nil, nil, err
	}
	test, err = peopleOf(other, features, c.Treatment, arm, c.Control, outcome, every)
	return learn, test, err
}

func peopleOf(f *frame.Frame, features []string, treatment, arm, control, outcome string, take func(int) bool) (*uplift.People, error) {
	numbers, err := outcomeNumbers(f.Find(outcome))
	if err != nil {
		return nil, err
	}
	column := f.Find(treatment).Categorical()
	var rows []int
	p := &uplift.People{}
	for row := range f.Rows {
		name := column.Text(row)
		if !take(row) || name != arm && name != control || math.IsNaN(numbers[row]) {
			continue
		}
		rows = append(rows, row)
		p.Treated, p.Outcome = append(p.Treated, name == arm), append(p.Outcome, numbers[row])
	}
	only, _ := f.Only(features...)
	p.Frame = only.Take(rows)
	return p, nil
}

// outcomeNumbers turns yes and no into 1 and 0.
func outcomeNumbers(c *frame.Column) ([]float64, error) {
	if c.Kind != frame.Category {
		return c.Numbers, nil
	}
	words := map[string]float64{"yes": 1, "no": 0, "Yes": 1, "No": 0, "true": 1, "false": 0, "True": 1, "False": 0, "TRUE": 1, "FALSE": 0, "Y": 1, "N": 0, "예": 1, "아니요": 0}
	out := make([]float64, len(c.Codes))
	for row, code := range c.Codes {
		out[row] = math.NaN()
		if code < 0 {
			continue
		}
		number, known := words[c.Levels[code]]
		if !known {
			return nil, fault.New(fault.Invalid, "app.bad_outcome", "The outcome {column} must be a number, or yes and no; row {row} is {value}.", "column", c.Name, "row", row+1, "value", c.Levels[code])
		}
		out[row] = number
	}
	return out, nil
}

func (m *minedUpliftOfArm) say() {
	switch {
	case m.Problem != "":
		m.Ko, m.En = "이 팔에는 사람이 너무 적어 업리프트를 말할 수 없습니다.", m.Problem
	case m.IsShown:
		m.Ko = fmt.Sprintf("%s · %s: 누구에게 보내느냐가 중요합니다. 점수 상위 30 %%에서 효과가 %.4f로 평균 %.4f보다 큽니다(%s).", m.Arm, m.Outcome, m.chosen().Top30, m.Effect, methodName(report.New("ko", ""), m.Chosen))
		m.En = fmt.Sprintf("%s · %s: it matters who is chosen. Among the best 30 %% the effect is %.4f against a mean of %.4f (%s).", m.Arm, m.Outcome, m.chosen().Top30, m.Effect, methodName(report.New("en", ""), m.Chosen))
	default:
		m.Ko = fmt.Sprintf("%s · %s: 대상을 고르는 것으로 효과를 높일 수 있다는 근거가 없습니다. 평균 효과 %.4f만 믿으십시오.", m.Arm, m.Outcome, m.Effect)
		m.En = fmt.Sprintf("%s · %s: it is not shown that choosing people raises the effect. Trust the mean effect of %.4f only.", m.Arm, m.Outcome, m.Effect)
	}
}

func (m *minedUpliftOfArm) chosen() *uplift.Result {
	for i := range m.Results {
		if m.Results[i].IsChosen {
			return &m.Results[i]
		}
	}
	return &uplift.Result{}
}

// methodName is what a method does, in words.
func methodName(p *report.Page, method string) string {
	switch method {
	case "one_question":
		return p.Say("질문 하나", "one question")
	case "two_logistic":
		return p.Say("로지스틱 모형 둘", "two logistic models")
	case "two_boost":
		return p.Say("부스팅 모형 둘", "two boosted models")
	case "transformed":
		return p.Say("변환한 결과", "transformed outcome")
	case "uplift_tree":
		return p.Say("업리프트 나무", "uplift tree")
	}
	return method
}

func (m *minedUplift) page(lang string) *report.Page {
	p := report.New(lang, "")
	p.Title = p.Say("업리프트: 캠페인이 바꾸는 사람", "Uplift: whom the campaign changes")
	for _, one := range m.Findings {
		p.Heading(one.Arm + " · " + one.Outcome)
		p.Words(p.Say(one.Ko, one.En))
		if one.Problem != "" {
			continue
		}
		var labels []string
		var gain, chance []float64
		curve := one.chosen().Curve
		end := curve[len(curve)-1].Gain
		for _, point := range curve {
			labels, gain, chance = append(labels, fmt.Sprintf("%.0f %%", 100*point.Share)), append(gain, point.Gain), append(chance, end*point.Share)
		}
		p.Lines(p.Say("Qini 곡선(", "Qini curve (")+methodName(p, one.Chosen)+")", labels, []report.Series{{Name: p.Say("점수 순", "by score"), Values: gain}, {Name: p.Say("무작위", "at random"), Values: chance, IsDashed: true}}, nil)
		var rows [][]string
		for _, r := range one.Results {
			mark := ""
			if r.IsChosen {
				mark = p.Say("선택", "chosen")
			}
			rows = append(rows, []string{methodName(p, r.Method), decimals(r.Qini, 2), decimals(r.Low, 2) + " – " + decimals(r.High, 2), decimals(r.PerTreated, 6), decimals(r.Top10, 4), decimals(r.Top30, 4), decimals(r.Top50, 4), r.Question, mark})
		}
		p.Table(p.Say("방법", "Methods")+" (n = "+strconv.Itoa(one.Treated)+" / "+strconv.Itoa(one.Control)+")", []string{p.Say("방법", "method"), "Qini", p.Say("95 % 구간", "95 % interval"), p.Say("1인당", "per treated"), "10 %", "30 %", "50 %", p.Say("질문", "question"), ""}, rows)
	}
	p.Words(m.Notes...)
	return p
}
