// SPDX-License-Identifier: Apache-2.0

package cube

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"dangol/internal/platform/fault"
	"dangol/internal/platform/warehouse"
)

const (
	// mostHeld is how many cells of an export are held in memory; more are streamed from the engine, in its order.
	mostHeld = 200_000
	// streamBatch is how many cells are made readable at a time.
	streamBatch = 10_000
)

// errMany ends the reading of an answer that is streamed instead.
var errMany = errors.New("more cells than are held in memory")

// flow is an answer that the engine gives while the file is written.
type flow struct {
	service *Service
	plan    *plan
	answer  *answer
	heads   []head
}

// canStream says that each line of the answer is known without the others.
func canStream(q *Query, plans int) bool {
	return plans == 1 && q.Top == nil && !q.Subtotals && q.Compare == "" && isPlain(q)
}

// makeFlow prepares an export that is streamed: what is laid across and the grand total are asked before.
func (s *Service) makeFlow(ctx context.Context, q *Query) (*Result, *flow, error) {
	own := *q
	own.Totals = slices.DeleteFunc(slices.Clone(q.Totals), func(t string) bool { return t != TotalsGrand })
	plans, err := s.plans(ctx, &own, true)
	if err != nil {
		return nil, nil, err
	}
	a := &answer{service: s, query: &own, plans: plans, isExport: true, width: len(plans[0].basics)}
	f := &flow{service: s, plan: plans[0], answer: a}
	if f.plan.totals[TotalsGrand] {
		if err := f.askGrand(ctx, &own); err != nil {
			return nil, nil, err
		}
		f.plan.totals = map[string]bool{} // asked already
	}
	r := &Result{Currency: a.currency(), Explain: Explain{engineDuckDB, "an export of many cells is streamed by DuckDB"}}
	a.describe(r, nil)
	if grand := a.rows(a.arms[armGrand].list); len(grand) == 1 {
		r.Totals.Grand = grand[0]
	}
	a.tellPeriod(r)
	if f.plan.columns() > 0 {
		if f.heads, err = f.askHeads(ctx, &own); err != nil {
			return nil, nil, err
		}
	}
	return r, f, nil
}

// askGrand puts the grand total where shares look for it.
func (f *flow) askGrand(ctx context.Context, q *Query) error {
	whole := *q
	whole.Dimensions, whole.Columns, whole.Totals, whole.Order = nil, nil, nil, nil
	plans, err := f.service.plans(ctx, &whole, true)
	if err != nil {
		return err
	}
	total := &answer{service: f.service, query: &whole, plans: plans, isExport: true, width: len(plans[0].basics)}
	plans[0].totals = map[string]bool{}
	if err := total.read(ctx, plans[0], 0, nil); err != nil {
		return err
	}
	for _, e := range total.arms[armCells].list {
		f.answer.arms[armGrand].list = append(f.answer.arms[armGrand].list, &entry{keys: make([]any, len(f.plan.dims)), values: e.values})
	}
	return nil
}

// askHeads lists what is laid across, in the order of the screen.
func (f *flow) askHeads(ctx context.Context, q *Query) ([]head, error) {
	across := *q
	across.Dimensions, across.Totals, across.Order = nil, nil, nil
	result, err := f.service.answer(ctx, &across, true)
	if err != nil {
		return nil, err
	}
	return (&Export{result: result}).heads(), nil
}

// each gives the lines of the answer in batches, with the names of the ids in them.
func (f *flow) each(ctx context.Context, emit func(rows [][]any, labels map[string][]warehouse.Value) error) error {
	batch := make([]*entry, 0, streamBatch)
	give := func() error {
		if len(batch) == 0 {
			return nil
		}
		labels, err := f.service.labels(ctx, f.plan, batch)
		if err != nil {
			return err
		}
		err = emit(f.answer.rows(batch), labels)
		batch = batch[:0]
		return err
	}
	query, args := f.plan.render()
	rows, err := f.service.reader.Query(ctx, query, args...)
	if err != nil {
		return fmt.Errorf("ask %s: %w", f.plan.base.Name, err)
	}
	defer func() { _ = rows.Close() }()
	width := 1 + len(f.plan.dims) + len(f.plan.basics) + 2
	cells, dest := make([]any, width), make([]any, width)
	for i := range cells {
		dest[i] = &cells[i]
	}
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return fmt.Errorf("read answer of %s: %w", f.plan.base.Name, err)
		}
		for i := range cells {
			cells[i] = Plain(cells[i])
		}
		keys := slices.Clone(cells[1 : 1+len(f.plan.dims)])
		batch = append(batch, &entry{keys: keys, values: slices.Clone(cells[1+len(f.plan.dims) : width-2])})
		if len(batch) == streamBatch {
			if err := give(); err != nil {
				return err
			}
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read answer of %s: %w", f.plan.base.Name, err)
	}
	return give()
}

// makeExport answers completely: in memory while it is small, else as a flow.
func (s *Service) makeExport(ctx context.Context, q *Query) (*Result, *flow, error) {
	plans, err := s.plansOf(ctx, q)
	if err == nil && canStream(q, plans) {
		held := *q
		a, err := s.heldAnswer(ctx, &held)
		if !errors.Is(err, errMany) {
			return a, nil, err
		}
		return s.makeFlow(ctx, q)
	}
	result, err := s.solve(ctx, q, true)
	if err == nil && len(result.Rows) > maxExport {
		err = fault.New(fault.TooLarge, "cube.export_too_large",
			"The export would have {cells} cells, more than {limit}: shares, comparisons, formulas and several cubes at once are computed in memory. Take those out to have any number streamed, or narrow the question.",
			"cells", len(result.Rows), "limit", maxExport)
	}
	return result, nil, err
}

// plansOf counts the base cubes of a plain question.
func (s *Service) plansOf(ctx context.Context, q *Query) (int, error) {
	if !isPlain(q) {
		return 0, nil
	}
	plans, err := s.plans(ctx, q, true)
	return len(plans), err
}

func (s *Service) heldAnswer(ctx context.Context, q *Query) (*Result, error) {
	plans, err := s.plans(ctx, q, true)
	if err != nil {
		return nil, err
	}
	a := &answer{service: s, query: q, plans: plans, isExport: true, mostCells: s.held}
	return a.run(ctx)
}
