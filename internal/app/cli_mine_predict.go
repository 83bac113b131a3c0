// SPDX-License-Identifier: Apache-2.0

package app

import (
	"encoding/csv"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"time"

	"dangol/internal/mining/frame"
	"dangol/internal/mining/predict"
	"dangol/internal/platform/fault"
)

type minePredictCommand struct {
	mineFlags
	File        string   `arg:"" help:"CSV, gzip CSV or Parquet file, one row for each customer." type:"path"`
	Target      string   `help:"Column to predict." required:"" placeholder:"COL"`
	Positive    string   `help:"Value of the target that is a yes (default: yes, true, 1, or the rarer of two)." placeholder:"VALUE"`
	Columns     []string `help:"Predict from these columns only." placeholder:"COL,…"`
	Drop        []string `help:"Leave these columns out." placeholder:"COL,…"`
	Keep        []string `help:"Keep these columns although they look like numbers of rows or like a leak." placeholder:"COL,…"`
	Model       string   `help:"auto, logistic, tree, forest, boost or mlp." enum:"auto,logistic,tree,forest,boost,mlp" default:"auto"`
	Test        string   `help:"Rows held out: mod5 (every fifth), last20 (the last 20 %), lastN (the last N rows, N from 100), random (a fifth), or a file." default:"random" placeholder:"HOW"`
	Seed        uint64   `help:"Start of all random numbers." default:"1"`
	Gain        float64  `help:"What a yes brings, for the profit curve." placeholder:"AMOUNT"`
	Cost        float64  `help:"What acting on one customer costs." placeholder:"AMOUNT"`
	Predictions string   `help:"Write the score of every tested row, with reasons, to this CSV file." placeholder:"FILE" type:"path"`
	Save        string   `help:"Write the model as JSON, for dangol mine score." placeholder:"FILE" type:"path"`
}

// Help teaches by examples.
func (minePredictCommand) Help() string {
	return `With --model auto the simplest model within noise of the best is proposed. Columns that cannot help or that
give the future away are left out and named.

Examples:
  dangol mine predict churn.csv --target churn --test mod5
  dangol mine predict orders.parquet --target bought --drop customer_id --test last20 --gain 30000 --cost 1500 --html report.html
  dangol mine predict train.csv --target income --positive '>50K' --model boost --test test.csv --predictions scores.csv --save model.json`
}

// Run learns and tests.
func (c minePredictCommand) Run(s *session) error {
	f, notes, err := readFrame(c.File, nil)
	if err != nil {
		return err
	}
	if f, err = chosenColumns(f, c.Columns, nil, c.Target); err != nil {
		return err
	}
	if err := hasColumns(f, c.Drop...); err != nil {
		return err
	}
	o := predict.StudyOptions{
		Target: c.Target, Positive: c.Positive, Family: predict.Family(c.Model), Drop: c.Drop, Keep: c.Keep,
		Seed: c.Seed, Gain: c.Gain, Cost: c.Cost,
	}
	if o.Test, o.Other, err = heldOut(c.Test, f.Rows, c.Seed); err != nil {
		return err
	}
	study, err := predict.Learn(s.ctx, f, o)
	if err != nil {
		return asFault(err)
	}
	study.Model.TrainedAt = time.Now().UTC().Format(time.RFC3339)
	if c.Predictions != "" {
		if err := createFile(c.Predictions, func(w io.Writer) error { return writeScores(w, study, c.Seed) }); err != nil {
			return err
		}
	}
	if c.Save != "" {
		if err := createFile(c.Save, study.Model.Write); err != nil {
			return err
		}
	}
	return s.mined(c.mineFlags, minedStudy{study, notes}, studyPage(c.Lang, study, notes))
}

type minedStudy struct {
	*predict.Study
	Notes []string `json:"notes,omitempty"`
}

// heldOut reads --test.
func heldOut(how string, rows int, seed uint64) (func(int) bool, *frame.Frame, error) {
	switch {
	case how == "mod5":
		return func(row int) bool { return row%5 == 0 }, nil, nil
	case how == "odd":
		return func(row int) bool { return row%2 == 1 }, nil, nil
	case how == "random":
		held := make([]bool, rows)
		for _, row := range rand.New(rand.NewPCG(seed, 2)).Perm(rows)[:rows/5] { //nolint:gosec // no secret
			held[row] = true
		}
		return func(row int) bool { return held[row] }, nil, nil
	}
	if digits, isLast := strings.CutPrefix(how, "last"); isLast {
		if n, err := strconv.Atoi(digits); err == nil && n > 0 {
			const percents = 100
			if n < percents {
				n = rows * n / percents
			}
			return func(row int) bool { return row >= rows-n }, nil, nil
		}
	}
	if _, err := os.Stat(how); errors.Is(err, os.ErrNotExist) {
		return nil, nil, fault.New(fault.Invalid, "app.bad_test", "--test {test} is neither mod5, odd, last20, lastN nor random, and there is no such file.", "test", how)
	}
	other, _, err := readFrame(how, nil)
	return nil, other, err
}

const reasonsOfRow = 3

// writeScores writes a row number of the file (from 0), the answer, the score
// and its reasons.
func writeScores(w io.Writer, study *predict.Study, seed uint64) error {
	out := csv.NewWriter(w)
	header := []string{"row", "actual", "score"}
	for i := range reasonsOfRow {
		header = append(header, "reason_"+strconv.Itoa(i+1))
	}
	if err := out.Write(header); err != nil {
		return err
	}
	return scoreRows(out, study.Model, study.TestFrame, study.Scores, seed, func(i int) []string {
		actual := "0"
		if study.Answers[i] {
			actual = "1"
		}
		return []string{strconv.Itoa(study.Rows[i]), actual}
	})
}

func scoreRows(out *csv.Writer, m *predict.Model, f *frame.Frame, scores []float64, seed uint64, lead func(int) []string) error {
	const slice = 5000 // rows explained at once
	for from := 0; from < f.Rows; from += slice {
		to := min(f.Rows, from+slice)
		rows := make([]int, 0, to-from)
		for row := from; row < to; row++ {
			rows = append(rows, row)
		}
		part := f.Take(rows)
		_, effects := m.Contributions(part, seed)
		for i := range rows {
			record := append(lead(from+i), strconv.FormatFloat(scores[from+i], 'g', 10, 64))
			for _, r := range m.Reasons(part, i, effects[i], reasonsOfRow) {
				record = append(record, r.Column+"="+r.Value+" ("+strconv.FormatFloat(r.Effect, 'f', 3, 64)+")")
			}
			for len(record) < len(lead(from+i))+1+reasonsOfRow {
				record = append(record, "")
			}
			if err := out.Write(record); err != nil {
				return err
			}
		}
	}
	out.Flush()
	return out.Error()
}
