// SPDX-License-Identifier: Apache-2.0

package main

import (
	"compress/gzip"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// mlcColumns are the columns of minutes and charges: collinear to the cent, and
// kept for that.
const mlcColumns = "total_day_minutes,total_day_charge,total_eve_minutes,total_eve_charge,total_night_minutes,total_night_charge,total_intl_minutes,total_intl_charge"

// records reads a CSV file of the data folder, header first.
func (r *figuresRun) records(parts ...string) ([][]string, error) {
	file, err := os.Open(r.path(parts...))
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	var in io.Reader = file
	if strings.HasSuffix(parts[len(parts)-1], ".gz") {
		if in, err = gzip.NewReader(file); err != nil {
			return nil, err
		}
	}
	return csv.NewReader(in).ReadAll()
}

func (r *figuresRun) write(name string, rows [][]string) error {
	file, err := os.Create(filepath.Join(r.scratch, name))
	if err != nil {
		return err
	}
	if err := csv.NewWriter(file).WriteAll(rows); err != nil {
		return err
	}
	return file.Close()
}

func column(header []string, name string) int {
	for i, h := range header {
		if h == name {
			return i
		}
	}
	return -1
}

// prepare writes the tables that figures were computed on and no file holds:
// the first part of a file, one arm of a campaign, logarithms.
func (r *figuresRun) prepare(ctx context.Context) error {
	rows, err := r.records("mlc_churn", "mlc_churn.csv")
	if err != nil {
		return err
	}
	const first = 3333
	if err := r.write("mlc_train.csv", rows[:first+1]); err != nil {
		return err
	}
	if rows, err = r.records("hillstrom", "hillstrom.csv.gz"); err != nil {
		return err
	}
	arm, out := column(rows[0], "segment"), [][]string{append(append([]string(nil), rows[0]...), "mail")}
	for _, row := range rows[1:] {
		if mail := map[string]string{"Mens E-Mail": "1", "No E-Mail": "0"}[row[arm]]; mail != "" {
			out = append(out, append(append([]string(nil), row...), mail))
		}
	}
	if err := r.write("hillstrom_mens.csv", out); err != nil {
		return err
	}
	answer, err := r.ask(ctx, "rfm", "{D}/cdnow/cdnow_sample.csv", "--customer", "id", "--date", "date", "--amount", "spend", "--at", "1998-07-01")
	if err != nil {
		return err
	}
	out = [][]string{{"r", "f", "m"}}
	for _, one := range answer.(map[string]any)["scores"].([]any) {
		row := make([]string, 0, 3)
		for _, field := range []string{"recency_days", "frequency", "monetary"} {
			x, err := pick(one, field)
			if err != nil {
				return err
			}
			row = append(row, strconv.FormatFloat(math.Log1p(x), 'g', 17, 64))
		}
		out = append(out, row)
	}
	return r.write("rfm.csv", out)
}

// against is the largest relative difference (absolute below 1) between a column
// of CLVTools' predictions and a field of ours.
func (r *figuresRun) against(name, field string) func(any) (float64, error) {
	return func(answer any) (float64, error) {
		rows, err := r.records("cdnow", "clvtools_predictions.csv")
		if err != nil {
			return math.NaN(), err
		}
		list := answer.(map[string]any)["predictions"].([]any)
		if len(list) != len(rows)-1 {
			return math.NaN(), fmt.Errorf("%d predictions for %d customers", len(list), len(rows)-1)
		}
		ours, at, worst := map[int]float64{}, column(rows[0], name), 0.0
		for _, one := range list {
			id, err := strconv.Atoi(fmt.Sprint(one.(map[string]any)["customer"]))
			if err != nil {
				return math.NaN(), err
			}
			if ours[id], err = pick(one, field); err != nil {
				return math.NaN(), err
			}
		}
		for _, row := range rows[1:] {
			id, _ := strconv.Atoi(row[0])
			worst = math.Max(worst, math.Abs(ours[id]-number(row[at]))/math.Max(1, math.Abs(number(row[at]))))
		}
		return worst, nil
	}
}

// m1 forecasts the 617 monthly series one by one, as a user would.
func (r *figuresRun) m1(ctx context.Context) error {
	rows, err := r.records("timeseries", "m1.csv")
	if err != nil {
		return err
	}
	h := rows[0]
	smape, mase, count := 0.0, 0.0, 0.0
	for _, row := range rows[1:] {
		if row[column(h, "period")] != "MONTHLY" {
			continue
		}
		table := [][]string{{"value"}}
		for value := range strings.SplitSeq(row[column(h, "values")], ";") {
			table = append(table, []string{value})
		}
		if err := r.write("series.csv", table); err != nil {
			return err
		}
		ahead := row[column(h, "h")]
		answer, err := r.ask(ctx, "forecast", "{T}/series.csv", "--value", "value", "--period", "12", "--horizon", ahead, "--holdout", ahead)
		if err != nil {
			return err
		}
		for path, sum := range map[string]*float64{"errors/smape": &smape, "errors/mase": &mase} {
			x, err := pick(answer, path)
			if err != nil {
				return err
			}
			*sum += x
		}
		count++
	}
	list := []claim{{name: "M1 monthly, series", want: "617"}, {name: "M1 monthly, automatic, sMAPE", want: "15.0", side: atMost, within: 1e-9}, {name: "M1 monthly, automatic, MASE", want: "1.08", side: atMost, within: 1e-9}}
	for i, x := range []float64{count, smape / count, mase / count} {
		list[i].of = func(any) (float64, error) { return x, nil }
		r.judge(list[i], nil)
	}
	return nil
}
