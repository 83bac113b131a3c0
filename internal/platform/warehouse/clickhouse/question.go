// SPDX-License-Identifier: Apache-2.0

package clickhouse

import (
	"context"
	"fmt"
	"log/slog"
	"strconv"

	"dangol/internal/platform/warehouse"
	"dangol/internal/platform/warehouse/condition"
	"dangol/internal/platform/warehouse/image"
)

// mostCells bounds an answer, as in the image.
const mostCells = 1 << 21

func unsupported(format string, args ...any) error {
	return &image.Unsupported{Why: fmt.Sprintf(format, args...)}
}

func text(s string) string { return condition.ClickHouseText(s) }

func whole(s *string) (int64, error) {
	if s == nil {
		return image.Missing, nil
	}
	return strconv.ParseInt(*s, 10, 64)
}

// Group answers a question when the mirror is level with version, the warehouse as the asker sees it; an
// image.Unsupported says why it cannot.
func (m *Mirror) Group(ctx context.Context, q *image.Question, version int64) (*image.Grouped, error) {
	if s := m.Status(); s.State == StateLost {
		return nil, unsupported("ClickHouse does not answer: %s", s.Error)
	}
	if !m.asking.TryRLock() {
		return nil, unsupported("ClickHouse is taking in changes")
	}
	defer m.asking.RUnlock()
	if m.version == 0 || m.version != version {
		return nil, unsupported("ClickHouse is behind the warehouse")
	}
	r := &renderer{m: m, q: q}
	if err := r.prepare(); err != nil {
		return nil, err
	}
	everything := make([]int, len(q.Dims))
	for i := range everything {
		everything[i] = i
	}
	a := answer{renderer: r, numbers: make([]map[string]int64, len(q.Dims)), texts: make([][]string, len(q.Dims))}
	for i := range q.Dims {
		if r.isText[i] {
			a.numbers[i], a.texts[i] = map[string]int64{}, []string{}
		}
	}
	var cells [][]image.Cell
	for _, set := range append([][]int{everything}, q.Totals...) {
		list, err := a.ask(ctx, set)
		if err != nil {
			return nil, m.problem(ctx, err)
		}
		cells = append(cells, list)
	}
	return image.NewGrouped(cells, a.texts), nil
}

// problem notes a lost server; its error says so and is never an answer.
func (m *Mirror) problem(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if isLost(err) {
		m.setState(StateLost, err)
		m.stir()
		return unsupported("ClickHouse does not answer: %v", err)
	}
	slog.Warn("clickhouse: a question was not answered; DuckDB does", "error", err)
	return unsupported("ClickHouse refused the question: %v", err)
}

// answer reads the cells of a question.
type answer struct {
	*renderer
	numbers []map[string]int64 // of the texts of a dimension
	texts   [][]string
}

func (a *answer) ask(ctx context.Context, set []int) ([]image.Cell, error) {
	list := []image.Cell{}
	err := a.m.client.rows(ctx, a.statement(set), func(values []*string) error {
		cell := image.Cell{Keys: make([]int64, len(set)), Values: make([]int64, len(a.q.Measures))}
		for i, d := range set {
			key, err := a.key(d, values[i])
			if err != nil {
				return err
			}
			cell.Keys[i] = key
		}
		for i := range a.q.Measures {
			value, err := whole(values[len(set)+2*i])
			if err != nil {
				return err
			}
			if with := values[len(set)+2*i+1]; with == nil || *with == "0" {
				value = a.nothing(i)
			}
			cell.Values[i] = value
		}
		if list = append(list, cell); len(list) > mostCells {
			return unsupported("the answer would have too many cells")
		}
		return nil
	})
	if err == nil && len(set) == 0 && len(list) == 0 { // no rows at all
		cell := image.Cell{Keys: []int64{}, Values: make([]int64, len(a.q.Measures))}
		for i := range a.q.Measures {
			cell.Values[i] = a.nothing(i)
		}
		list = append(list, cell)
	}
	return list, err
}

// nothing is the value of a measure without rows.
func (a *answer) nothing(measure int) int64 {
	if kind := a.q.Measures[measure].Kind; kind == image.LeastOf || kind == image.MostOf {
		return image.Missing
	}
	return 0
}

func (a *answer) key(dim int, value *string) (int64, error) {
	if value == nil {
		return image.Missing, nil
	}
	if !a.isText[dim] {
		return whole(value)
	}
	n, ok := a.numbers[dim][*value]
	if !ok {
		n = int64(len(a.texts[dim]))
		a.numbers[dim][*value] = n
		a.texts[dim] = append(a.texts[dim], *value)
	}
	return n, nil
}

func columnOf(t *image.Table, name string) (warehouse.Column, bool) {
	if name == t.Key {
		return warehouse.Column{Name: name, Type: warehouse.BigInt}, true
	}
	for _, c := range t.Columns {
		if c.Name == name {
			return c, true
		}
	}
	return warehouse.Column{}, false
}
