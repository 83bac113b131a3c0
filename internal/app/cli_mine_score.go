// SPDX-License-Identifier: Apache-2.0

package app

import (
	"encoding/csv"
	"io"
	"os"
	"strconv"
	"strings"

	"dangol/internal/mining/predict"
	"dangol/internal/mining/report"
	"dangol/internal/platform/fault"
)

type mineScoreCommand struct {
	mineFlags
	File        string `arg:"" help:"CSV, gzip CSV or Parquet file to score." type:"path"`
	ModelFile   string `help:"Model that dangol mine predict --save wrote." required:"" placeholder:"FILE" type:"path"`
	Predictions string `help:"Write score and reasons of every row to this CSV file." placeholder:"FILE" type:"path"`
}

// Help teaches by examples.
func (mineScoreCommand) Help() string {
	return `Tells also whether the data have drifted away from those the model learned from (population stability index).

Example:
  dangol mine score new.csv --model-file model.json --predictions scores.csv`
}

type minedScores struct {
	Model   predict.Family `json:"model"`
	Rows    int            `json:"rows"`
	Missing []string       `json:"columns_missing,omitempty"`
	Drift   predict.Drift  `json:"drift"`
	Scores  []float64      `json:"scores"`
}

// Run scores the rows of a file.
func (c mineScoreCommand) Run(s *session) error {
	file, err := os.Open(c.ModelFile)
	if err != nil {
		return fault.New(fault.NotFound, "app.no_model", "There is no model file {file}.", "file", c.ModelFile)
	}
	defer func() { _ = file.Close() }()
	m, err := predict.Read(file)
	if err != nil {
		return asFault(err)
	}
	f, notes, err := readFrame(c.File, nil)
	if err != nil {
		return err
	}
	out := &minedScores{Model: m.Family, Rows: f.Rows, Missing: m.MissingColumns(f)}
	if len(out.Missing) > 0 && len(out.Missing) == len(m.Columns()) {
		return fault.New(fault.Invalid, "app.no_column", "None of the columns of the model is in the file; it reads {columns}.", "columns", strings.Join(m.Columns(), ", "))
	}
	out.Scores = m.Score(f)
	out.Drift = m.Drift(f, out.Scores, nil)
	if rows, yes := knownAnswers(f, m); len(rows) == f.Rows {
		out.Drift = m.Drift(f, out.Scores, yes)
	}
	if c.Predictions != "" {
		err := createFile(c.Predictions, func(w io.Writer) error {
			list := csv.NewWriter(w)
			if err := list.Write([]string{"row", "score", "reason_1", "reason_2", "reason_3"}); err != nil {
				return err
			}
			return scoreRows(list, m, f, out.Scores, m.Seed, func(i int) []string { return []string{strconv.Itoa(i)} })
		})
		if err != nil {
			return err
		}
	}
	return s.mined(c.mineFlags, out, out.page(c.Lang, notes))
}

func (m *minedScores) page(lang string, notes []string) *report.Page {
	p := report.New(lang, "")
	p.Title = p.Say("점수", "Scores")
	p.Figures(report.Figure{Name: p.Say("행", "rows"), Value: grouped(float64(m.Rows))}, report.Figure{Name: p.Say("평균 점수", "mean score"), Value: decimals(m.Drift.Mean, 4)},
		report.Figure{Name: p.Say("학습 때 비율", "rate when learned"), Value: decimals(m.Drift.Rate, 4)}, report.Figure{Name: "PSI", Value: decimals(m.Drift.Score.PSI, 4)})
	if m.Drift.ShouldRetrain {
		p.Words(p.Say("자료가 학습 때와 달라졌습니다. 다시 학습하기를 권합니다: ", "The data have changed since the model learned; train it anew: ") + strings.Join(m.Drift.Reasons, ", "))
	} else {
		p.Words(p.Say("자료는 학습 때와 다르지 않습니다.", "The data are like those the model learned from."))
	}
	if len(m.Missing) > 0 {
		p.Words(p.Say("파일에 없어 빈 값으로 본 열: ", "Columns that the file lacks, taken as missing: ") + strings.Join(m.Missing, ", "))
	}
	var rows [][]string
	for _, c := range m.Drift.Columns[:min(15, len(m.Drift.Columns))] {
		rows = append(rows, []string{c.Column, decimals(c.PSI, 4), c.Verdict})
	}
	p.Table("PSI", []string{p.Say("열", "column"), "PSI", p.Say("판정", "verdict")}, rows)
	p.Words(notes...)
	return p
}
