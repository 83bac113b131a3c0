// SPDX-License-Identifier: Apache-2.0

package app

import (
	"fmt"
	"strings"

	"dangol/internal/mining/predict"
	"dangol/internal/mining/profile"
	"dangol/internal/mining/report"
)

type mineProfileCommand struct {
	mineFlags
	File     string   `arg:"" help:"CSV, gzip CSV or Parquet file, one row for each customer." type:"path"`
	Target   string   `help:"Column of those who are to be described." required:"" placeholder:"COL"`
	Positive string   `help:"Value of the target (default: yes, true, 1, or the rarer of two)." placeholder:"VALUE"`
	Columns  []string `help:"Describe by these columns only." placeholder:"COL,…"`
	Drop     []string `help:"Leave these columns out." placeholder:"COL,…"`
	Depth    int      `help:"Conditions of a rule at most." default:"3" placeholder:"N"`
	Top      int      `help:"Rules to find." default:"20" placeholder:"N"`
	Seed     uint64   `help:"Start of all random numbers." default:"1"`
}

// Help teaches by examples.
func (mineProfileCommand) Help() string {
	return `Rules are looked for in one half of the rows and tested in the other; p values are corrected for the number of
rules tested, and only rules that hold are told.

Example:
  dangol mine profile customers.csv --target churn --positive Yes --html profile.html`
}

type minedProfile struct {
	Target  predict.Target   `json:"target"`
	Notices []predict.Notice `json:"notices,omitempty"`
	*profile.Profile
	Sentences []predict.Statement `json:"sentences"`
	Notes     []string            `json:"notes,omitempty"`
}

// Run describes those with the target.
func (c mineProfileCommand) Run(s *session) error {
	f, notes, err := readFrame(c.File, nil)
	if err != nil {
		return err
	}
	if f, err = chosenColumns(f, c.Columns, c.Drop, c.Target); err != nil {
		return err
	}
	target, rows, yes, err := predict.FindTarget(f, c.Target, c.Positive)
	if err != nil {
		return asFault(err)
	}
	used, notices := predict.Prepare(f.Take(rows).Without(c.Target), yes, nil, nil)
	found, err := profile.Find(s.ctx, used, yes, profile.Options{Depth: c.Depth, Most: c.Top, Seed: c.Seed})
	if err != nil {
		return err
	}
	out := &minedProfile{Target: target, Notices: notices, Profile: found, Notes: notes}
	for i := range found.Rules {
		ko, en := found.Rules[i].Sentence(profile.Target{Ko: target.Column + " = " + target.Positive + "인 행", En: "rows with " + target.Column + " = " + target.Positive}, found.Rate, nil)
		out.Sentences = append(out.Sentences, predict.Statement{Code: "rule", Ko: ko, En: en})
	}
	return s.mined(c.mineFlags, out, out.page(c.Lang))
}

func (m *minedProfile) page(lang string) *report.Page {
	p := report.New(lang, m.Target.Column+" = "+m.Target.Positive)
	p.Words(p.Say(fmt.Sprintf("%d행 가운데 %d행(%.1f %%). 조합 %s개를 살펴 %d개를 다른 절반에서 시험했고 %d개가 통과했습니다.", m.Rows, m.Hits, 100*m.Rate, grouped(float64(m.Looked)), m.Tested, m.Tested-m.Dropped),
		fmt.Sprintf("%d of %d rows (%.1f %%). %s combinations were looked at, %d tested in the other half, %d held.", m.Hits, m.Rows, 100*m.Rate, grouped(float64(m.Looked)), m.Tested, m.Tested-m.Dropped)))
	if len(m.Rules) == 0 {
		p.Words(p.Say("두드러진 조합이 없습니다. 이 자료로는 다른 사람들과 구별되지 않습니다.", "No combination stands out: by these data they cannot be told from everybody else."))
	}
	for _, one := range m.Sentences[:min(3, len(m.Sentences))] {
		p.Words(p.Say(one.Ko, one.En))
	}
	var labels []string
	var lift []float64
	var rows [][]string
	for i, r := range m.Rules {
		labels, lift = append(labels, fmt.Sprint(i+1)), append(lift, r.Lift)
		var parts []string
		for k := range r.Conditions {
			parts = append(parts, r.Conditions[k].Text())
		}
		rows = append(rows, []string{fmt.Sprint(i + 1), strings.Join(parts, " · "), grouped(float64(r.Size)), percent(r.Rate), percent(r.Share), decimals(r.Lift, 2), decimals(r.Low, 2) + " – " + decimals(r.High, 2), fmt.Sprintf("%.2g", r.Adjusted)})
	}
	if len(rows) > 0 {
		p.Bars(p.Say("리프트", "Lift"), labels, []report.Series{{Values: lift}})
	}
	p.Table(p.Say("규칙(시험한 절반에서)", "Rules (in the half tested)"), []string{"#", p.Say("조건", "conditions"), p.Say("행", "rows"), p.Say("비율", "rate"), p.Say("대상 중 몫", "share of target"), p.Say("리프트", "lift"), p.Say("95 % 구간", "95 % interval"), p.Say("보정 p", "adjusted p")}, rows)
	p.Words(m.Notes...)
	return p
}
