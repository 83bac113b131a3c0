// SPDX-License-Identifier: Apache-2.0

package app

import (
	"errors"
	"math"
	"slices"
	"strings"

	"dangol/internal/mining/frame"
	"dangol/internal/mining/predict"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/tabular"
)

// readFrame reads a file as the table that models learn from; columns limits
// what is read, empty is everything.
func readFrame(path string, columns []string) (*frame.Frame, []string, error) {
	table, err := tabular.Read(path, tabular.Options{Columns: columns})
	if err != nil {
		return nil, nil, err
	}
	out := &frame.Frame{Rows: table.Rows}
	for _, c := range table.Columns {
		out.Columns = append(out.Columns, frameColumn(c))
	}
	if len(columns) > 0 {
		out, _ = out.Only(columns...)
	}
	if out.Rows == 0 {
		return nil, nil, fault.New(fault.Invalid, "app.no_rows", "{file} has a header but no row.", "file", path)
	}
	return out, table.Notes, nil
}

const microsecondsPerDay = 86_400_000_000

func frameColumn(c *tabular.Column) *frame.Column {
	switch c.Kind {
	case tabular.Number:
		return frame.Numeric(c.Name, c.Numbers)
	case tabular.Date:
		days := make([]float64, len(c.Dates))
		for i, at := range c.Dates {
			days[i] = math.NaN()
			if at != tabular.NoDate {
				days[i] = float64(at) / microsecondsPerDay
			}
		}
		return &frame.Column{Name: c.Name, Kind: frame.Date, Numbers: days}
	}
	return &frame.Column{Name: c.Name, Kind: frame.Category, Codes: c.Codes, Levels: c.Dictionary}
}

// hasColumns checks the names that a command was given.
func hasColumns(f *frame.Frame, names ...string) error {
	for _, name := range names {
		if f.Find(name) == nil {
			return fault.New(fault.Invalid, "app.no_column", "There is no column {column}; the file has {columns}.",
				"column", name, "columns", strings.Join(f.Names()[:min(30, len(f.Columns))], ", "))
		}
	}
	return nil
}

// chosenColumns is what is left of a table: only those named, without the dropped.
func chosenColumns(f *frame.Frame, only, drop []string, always ...string) (*frame.Frame, error) {
	if err := hasColumns(f, slices.Concat(only, drop, always)...); err != nil {
		return nil, err
	}
	if len(only) > 0 {
		f, _ = f.Only(append(slices.Clone(only), always...)...)
	}
	return f.Without(drop...), nil
}

// asFault turns what a model says about its data into wrong usage.
func asFault(err error) error {
	var p predict.ProblemError
	if errors.As(err, &p) {
		return fault.New(fault.Invalid, "mining."+p.Code, "{problem}", "problem", p.Message)
	}
	return err
}

// knownAnswers are the rows of a table whose target is known; none when it
// has no such column.
func knownAnswers(f *frame.Frame, m *predict.Model) ([]int, []bool) {
	_, rows, yes, err := predict.FindTarget(f, m.Target, m.Positive)
	if err != nil {
		return nil, nil
	}
	return rows, yes
}
