// SPDX-License-Identifier: Apache-2.0

package cube

import (
	"context"
	"encoding/json"
	"slices"

	"dangol/internal/platform/fault"
	"dangol/internal/platform/warehouse"
)

// OthersKey stands in the place of a member for all members that are not shown.
const OthersKey = "__others__"

const largestTop = 500

// solveTop answers for the largest members of the first row dimension. What is
// left is asked as a question of its own, so that distinct counts and ratios
// of the others are right too and not differences of totals.
func (s *Service) solveTop(ctx context.Context, q *Query, forExport bool) (*Result, error) {
	if len(q.Dimensions) == 0 || q.Top.N < 1 || q.Top.N > largestTop {
		return nil, fault.New(fault.Invalid, "cube.bad_top", "The largest members need a row dimension and a number from 1 to {most}.", "most", largestTop)
	}
	by := q.Top.By
	if by == "" {
		by = q.Measures[0]
	}
	if !slices.Contains(q.Measures, by) {
		return nil, fault.New(fault.Invalid, "cube.bad_top_measure", "{name} is no measure of the question, so the largest cannot be found by it.", "name", by)
	}
	first := *q
	first.Top, first.Subtotals, first.Totals, first.Columns, first.Compare = nil, false, nil, nil, ""
	first.Dimensions, first.Measures, first.Order, first.Limit = q.Dimensions[:1], []string{by}, []Order{{By: by, Desc: true}}, q.Top.N
	members, err := s.derive(ctx, &first, false)
	if err != nil {
		return nil, err
	}
	keep, err := s.membersFilter(ctx, q, members)
	if err != nil {
		return nil, err
	}
	main := *q
	main.Top, main.Subtotals = nil, false
	main.Filters = narrowed(q.Filters, keep)
	if len(main.Order) == 0 {
		main.Order = []Order{{By: by, Desc: true}}
	}
	r, err := s.derive(ctx, &main, forExport)
	if err != nil || !q.Top.Others && len(q.Totals) == 0 {
		return r, err
	}
	own, rest := *r, *q
	if len(members.Rows) < q.Top.N { // every member is shown: there are no others
		rest.Top = &Top{N: q.Top.N}
	}
	return &own, s.addRest(ctx, &rest, &own, keep)
}

// addRest adds the others and the totals, which cover everybody.
func (s *Service) addRest(ctx context.Context, q *Query, r *Result, keep Filter) error {
	whole := *q
	whole.Top, whole.Subtotals, whole.Dimensions, whole.Order = nil, false, nil, nil
	if len(q.Totals) > 0 {
		all, err := s.derive(ctx, &whole, false)
		if err != nil {
			return err
		}
		width := rowWidth(r)
		r.Totals.Columns, r.Totals.Grand = nil, nil
		if slices.Contains(q.Totals, TotalsOfColumns) && len(q.Columns) > 0 {
			r.Totals.Columns = widened(all.Rows, width, nil)
		}
		if slices.Contains(q.Totals, TotalsGrand) && all.Totals.Grand != nil {
			r.Totals.Grand = widened([][]any{all.Totals.Grand}, width, nil)[0]
		}
		r.Notes = append(r.Notes, all.Notes...)
	}
	if !q.Top.Others {
		return nil
	}
	others := *q
	others.Top, others.Subtotals, others.Order = nil, false, nil
	others.Dimensions = q.Dimensions[1:]
	others.Filters = narrowed(q.Filters, Filter{Op: "not", Rules: []Filter{keep}})
	rest, err := s.derive(ctx, &others, false)
	if err != nil {
		return err
	}
	shift := rowWidth(r) - rowWidth(rest)
	r.Rows = append(slices.Clone(r.Rows), widened(rest.Rows, shift, OthersKey)...)
	if len(q.Columns) > 0 {
		totals := rest.Totals.Rows
		r.Totals.Rows = append(slices.Clone(r.Totals.Rows), widened(totals, shift, OthersKey)...)
	}
	r.RowCount += rest.RowCount
	r.Columns = slices.Clone(r.Columns)
	at := max(0, shift-1)
	r.Columns[at].Values = append(slices.Clone(r.Columns[at].Values),
		warehouse.Value{Value: OthersKey, Label: warehouse.Text{Ko: "기타", En: "Others"}})
	return nil
}

func rowWidth(r *Result) int {
	n := 0
	for n < len(r.Columns) && r.Columns[n].Role == "row" {
		n++
	}
	return n
}

// widened puts n places before each row: nothing, and key in the last of them.
func widened(rows [][]any, n int, key any) [][]any {
	out := make([][]any, len(rows))
	for i, row := range rows {
		wide := make([]any, n, n+len(row))
		if n > 0 {
			wide[n-1] = key
		}
		out[i] = append(wide, row...)
	}
	return out
}

// membersFilter finds the members of an answer again.
func (s *Service) membersFilter(ctx context.Context, q *Query, members *Result) (Filter, error) {
	model := s.Model(ctx)
	name, err := s.measureBehind(ctx, q, q.Measures[0])
	if err != nil {
		return Filter{}, err
	}
	base, _, err := model.measure(name)
	if err != nil {
		return Filter{}, err
	}
	out := Filter{Op: "or"}
	width := rowWidth(members)
	for _, row := range members.Rows {
		member := Filter{Op: "and"}
		for i := range width {
			d, err := model.dimension(base, members.Columns[i].Name)
			if err != nil {
				return out, err
			}
			raw, err := json.Marshal(row[i])
			if err != nil {
				return out, err
			}
			leaf, err := d.is(raw)
			if err != nil {
				return out, err
			}
			member.Rules = append(member.Rules, leaf)
		}
		out.Rules = append(out.Rules, member)
	}
	return out, nil
}

func narrowed(f *Filter, more Filter) *Filter {
	out := &Filter{Op: "and", Rules: []Filter{more}}
	if f != nil && (f.Op != "" || f.Field != "") {
		out.Rules = append([]Filter{*f}, out.Rules...)
	}
	return out
}

// addSubtotals asks for each coarser level of the rows.
func (s *Service) addSubtotals(ctx context.Context, q *Query, r *Result) error {
	width := rowWidth(r)
	for level := 1; level < width; level++ {
		one := *q
		one.Top, one.Subtotals, one.Limit, one.Order = nil, false, MaxLimit, nil
		one.Dimensions = nil
		for _, c := range r.Columns[:level] {
			one.Dimensions = append(one.Dimensions, c.Name)
		}
		one.Totals = []string{TotalsOfRows}
		coarse, err := s.derive(ctx, &one, false)
		if err != nil {
			return err
		}
		r.Totals.Subtotals = append(r.Totals.Subtotals, Subtotal{
			Level: level, Rows: padded(coarse.Rows, level, width), Totals: padded(coarse.Totals.Rows, level, width),
		})
	}
	return nil
}

// padded leaves the places of the finer levels empty.
func padded(rows [][]any, level, width int) [][]any {
	out := make([][]any, len(rows))
	for i, row := range rows {
		wide := make([]any, 0, len(row)+width-level)
		wide = append(wide, row[:level]...)
		wide = append(wide, make([]any, width-level)...)
		out[i] = append(wide, row[level:]...)
	}
	return out
}
