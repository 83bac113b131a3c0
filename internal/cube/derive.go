// SPDX-License-Identifier: Apache-2.0

package cube

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"dangol/internal/cube/reckon"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/warehouse"
)

// What is appended to the name of a measure to look at it in another way.
const (
	rowShareSuffix    = ".row_share"    // of the total of its row
	columnShareSuffix = ".column_share" // of the total of its column
	runningSuffix     = ".running"      // added up along the time of the question
	movingSuffix      = ".moving"       // .moving3: average of the last three steps of time
	stepSuffix        = ".step"         // change against the step of time before
	rankSuffix        = ".rank"
	workdaySuffix     = ".per_workday"
)

// calculated is the cube that formulas seem to belong to.
const calculated = "calc"

const longestWindow = 366

// look is one measure of the question as it is asked: plain, seen in another
// way, or calculated.
type look struct {
	name    string
	base    string // the measure behind it, without the suffix
	suffix  string
	window  int64
	formula *reckon.Formula
	calc    *Calculation
}

// derivation is a question with what is computed after the engine has answered.
type derivation struct {
	service *Service
	asked   *Query
	inner   Query
	looks   []look
	axis    int // position of the time axis among the dimensions of the answer, or −1
	today   span
}

// solve answers a question with everything that is computed of its numbers.
func (s *Service) solve(ctx context.Context, q *Query, forExport bool) (*Result, error) {
	q, err := s.withCalculations(ctx, q)
	if err != nil {
		return nil, err
	}
	var r *Result
	switch {
	case q.Top != nil:
		r, err = s.solveTop(ctx, q, forExport)
	default:
		r, err = s.derive(ctx, q, forExport)
	}
	if err != nil || !q.Subtotals {
		return r, err
	}
	return r, s.addSubtotals(ctx, q, r)
}

// withCalculations adds the saved calculated measures that the question names.
func (s *Service) withCalculations(ctx context.Context, q *Query) (*Query, error) {
	own := *q
	own.Calculate = slices.Clone(q.Calculate)
	for _, name := range q.Measures {
		base, _, _, err := splitLook(name)
		if err != nil {
			return nil, err
		}
		local, isCalc := strings.CutPrefix(base, calculated+".")
		if !isCalc || slices.ContainsFunc(own.Calculate, func(c Calculation) bool { return c.Name == local }) {
			continue
		}
		m, err := s.metrics.findByName(ctx, local)
		if err != nil {
			return nil, err
		}
		own.Calculate = append(own.Calculate, m.calculation(auth.From(ctx).Locale))
	}
	return &own, nil
}

// Check refuses a question that cannot be asked, without asking it.
func (s *Service) Check(ctx context.Context, q *Query) error {
	if len(q.Measures) == 0 {
		_, err := s.plans(ctx, q, false)
		return err
	}
	full, err := s.withCalculations(ctx, q)
	if err != nil {
		return err
	}
	d := &derivation{service: s, asked: full, inner: *full, axis: -1}
	if err := d.addLooks(ctx); err != nil {
		return err
	}
	if err := d.addOrder(); err != nil {
		return err
	}
	_, err = s.plans(ctx, &d.inner, false)
	return err
}

// measureBehind is the measure of a cube that a measure of a question is made of.
func (s *Service) measureBehind(ctx context.Context, q *Query, name string) (string, error) {
	own := *q
	own.Measures = []string{name}
	full, err := s.withCalculations(ctx, &own)
	if err != nil {
		return "", err
	}
	d := &derivation{service: s, asked: full}
	l := look{}
	if l.base, l.suffix, l.window, err = splitLook(name); err != nil {
		return "", err
	}
	if err := d.addBase(&l); err != nil {
		return "", err
	}
	return trimShare(d.inner.Measures[0]), nil
}

// splitLook parts a name such as order.revenue.moving3.
func splitLook(name string) (base, suffix string, window int64, err error) {
	for _, one := range []string{rowShareSuffix, columnShareSuffix, runningSuffix, stepSuffix, rankSuffix, workdaySuffix} {
		if base, ok := strings.CutSuffix(name, one); ok {
			return base, one, 0, nil
		}
	}
	if i := strings.LastIndex(name, movingSuffix); i > 0 {
		n, err := strconv.ParseInt(name[i+len(movingSuffix):], 10, 64)
		if err != nil || n < 2 || n > longestWindow {
			return "", "", 0, fault.New(fault.Invalid, "cube.bad_window",
				"{name}: a moving window has 2 to {most} steps, as in order.revenue.moving3.", "name", name, "most", longestWindow)
		}
		return name[:i], movingSuffix, n, nil
	}
	return name, "", 0, nil
}

// isPlain says that the engine's answer needs no more work.
func isPlain(q *Query) bool {
	for _, name := range q.Measures {
		if _, suffix, _, err := splitLook(name); err != nil || suffix != "" || strings.HasPrefix(name, calculated+".") {
			return false
		}
	}
	return true
}

// derive answers a question of looks and formulas: the engine is asked for the
// measures behind them, with the totals that they need.
func (s *Service) derive(ctx context.Context, q *Query, forExport bool) (*Result, error) {
	if isPlain(q) {
		return s.answer(ctx, q, forExport)
	}
	d := &derivation{service: s, asked: q, inner: *q, axis: -1}
	steps := []func() error{
		func() error { return d.addLooks(ctx) },
		d.addPeriod,
		d.addOrder,
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return nil, err
		}
	}
	d.inner.Calculate = nil
	r, err := s.answer(ctx, &d.inner, forExport)
	if err != nil {
		return nil, err
	}
	return d.finish(r)
}

func (d *derivation) addLooks(ctx context.Context) error {
	d.inner.Measures = nil
	d.inner.Totals = slices.Clone(d.asked.Totals)
	model := d.service.Model(ctx)
	for _, name := range d.asked.Measures {
		if slices.ContainsFunc(d.looks, func(l look) bool { return l.name == name }) {
			return fault.New(fault.Invalid, "cube.twice", "{name} is asked twice.", "name", name)
		}
		l := look{name: name}
		var err error
		if l.base, l.suffix, l.window, err = splitLook(name); err != nil {
			return err
		}
		if err := d.addBase(&l); err != nil {
			return err
		}
		if err := l.check(model); err != nil {
			return err
		}
		switch l.suffix {
		case rowShareSuffix:
			d.addTotal(TotalsOfRows)
		case columnShareSuffix:
			d.addTotal(TotalsOfColumns)
			d.addTotal(TotalsGrand)
		}
		d.looks = append(d.looks, l)
	}
	return nil
}

func (d *derivation) addTotal(name string) {
	if !slices.Contains(d.inner.Totals, name) {
		d.inner.Totals = append(d.inner.Totals, name)
	}
}

// addBase asks the engine for what a look is made of.
func (d *derivation) addBase(l *look) error {
	local, isCalc := strings.CutPrefix(l.base, calculated+".")
	if !isCalc {
		d.askInner(l.base)
		return nil
	}
	i := slices.IndexFunc(d.asked.Calculate, func(c Calculation) bool { return c.Name == local })
	if i < 0 {
		return errUnknown(l.base)
	}
	l.calc = &d.asked.Calculate[i]
	formula, err := reckon.Compile(l.calc.Formula)
	if err != nil {
		return badFormula(l.calc.Name, err)
	}
	l.formula = formula
	for _, name := range formula.Names() {
		if strings.HasPrefix(name, calculated+".") {
			return fault.New(fault.Invalid, "cube.formula_in_formula",
				"The formula of {name} uses {other}; a formula is made of measures of the cubes, not of other formulas.", "name", l.calc.Name, "other", name)
		}
		d.askInner(name)
	}
	return nil
}

func badFormula(name string, err error) error {
	return fault.New(fault.Invalid, "cube.bad_formula", "The formula of {name} cannot be used: {why}.", "name", name, "why", err.Error())
}

func (d *derivation) askInner(name string) {
	if !slices.Contains(d.inner.Measures, name) {
		d.inner.Measures = append(d.inner.Measures, name)
	}
}

// check refuses looks that would be wrong numbers: distinct counts and ratios
// do not add up over time.
func (l *look) check(model *Model) error {
	if l.formula != nil {
		if l.suffix == runningSuffix {
			return fault.New(fault.Invalid, "cube.running_formula", "{name} is a formula; sums of it along time have no meaning.", "name", l.base)
		}
		return nil
	}
	_, m, err := model.measure(l.base)
	if err != nil {
		return err
	}
	if l.suffix == runningSuffix && m.Aggregate != warehouse.Sum && m.Aggregate != warehouse.Count && m.Flag == "" {
		return fault.New(fault.Invalid, "cube.running_not_additive",
			"{name} does not add up over time: somebody counted in two months is one person. Add up a sum such as order.revenue or order.new_customers instead.",
			"name", l.base)
	}
	return nil
}

// needsAxis says that the look goes along time.
func (l *look) needsAxis() bool {
	return l.suffix == runningSuffix || l.suffix == movingSuffix || l.suffix == stepSuffix
}

// addOrder keeps an order by something computed for afterwards; then all rows
// are needed.
func (d *derivation) addOrder() error {
	d.inner.Order = nil
	isLate := slices.ContainsFunc(d.looks, func(l look) bool { return l.suffix == rankSuffix })
	for _, o := range d.asked.Order {
		i := slices.IndexFunc(d.looks, func(l look) bool { return l.name == o.By })
		if i >= 0 && (d.looks[i].suffix != "" || d.looks[i].formula != nil) {
			isLate = true
			continue
		}
		d.inner.Order = append(d.inner.Order, o)
	}
	if isLate {
		d.inner.Limit = MaxLimit
		d.addTotal(TotalsOfRows)
	}
	return nil
}

// finish turns the engine's answer into the one that was asked for.
func (d *derivation) finish(r *Result) (*Result, error) {
	dims := 0
	for dims < len(r.Columns) && r.Columns[dims].Role != "measure" {
		dims++
	}
	if err := d.findAxis(r, dims); err != nil {
		return nil, err
	}
	t := newTables(r, dims)
	out := *r
	out.Columns = slices.Clone(r.Columns[:dims])
	made := make([]*grids, 0, len(d.looks))
	for i := range d.looks {
		g, columns, err := d.compute(t, &d.looks[i])
		if err != nil {
			return nil, err
		}
		made, out.Columns = append(made, g), append(out.Columns, columns...)
	}
	out.Rows, out.Totals = t.assemble(made, d.asked.Totals)
	d.cutEarly(&out, dims)
	d.sortLate(&out, dims)
	return &out, nil
}

// compute makes the values of one look for cells and totals.
func (d *derivation) compute(t *tables, l *look) (*grids, []Column, error) {
	if l.suffix == "" && l.formula == nil {
		at, width := t.columnsOf(l.base)
		return t.copied(at, width), slices.Clone(t.result.Columns[at : at+width]), nil
	}
	base := t.plain(l)
	switch l.suffix {
	case "":
		return d.formula(t, l)
	case rowShareSuffix:
		return t.share(base, t.rowKey, t.result.Totals.Rows), []Column{t.described(l, warehouse.KindPercent)}, nil
	case columnShareSuffix:
		return t.columnShare(base), []Column{t.described(l, warehouse.KindPercent)}, nil
	case rankSuffix:
		return t.ranked(base), []Column{t.described(l, warehouse.KindInteger)}, nil
	case stepSuffix:
		return d.along(t, base, reckon.Steps), []Column{t.described(l, warehouse.KindPercent)}, nil
	}
	column := t.described(l, l.kind(t))
	var made *grids
	switch l.suffix {
	case workdaySuffix:
		made = d.perWorkday(t, base)
	case runningSuffix:
		made = d.along(t, base, reckon.Running)
	default:
		first := d.firstStep(t)
		made = d.along(t, base, func(p []reckon.Point) []any { return reckon.Moving(p, l.window, first) })
	}
	return made.rounded(column.Kind), []Column{column}, nil
}

// rounded keeps money in minor units and pieces in thousandths.
func (g *grids) rounded(kind warehouse.Kind) *grids {
	if kind != warehouse.KindMoney && kind != warehouse.KindQuantity {
		return g
	}
	for _, list := range g.lists {
		for _, values := range list {
			if f, ok := values[0].(float64); ok {
				values[0] = int64(math.Round(f))
			}
		}
	}
	return g
}

// formula computes a formula now and, in a comparison, before.
func (d *derivation) formula(t *tables, l *look) (*grids, []Column, error) {
	now := t.computed(l, 0)
	column := t.described(l, l.kind(t))
	if d.asked.Compare == "" {
		return now, []Column{column}, nil
	}
	before := t.computed(l, 1)
	previous, difference := column, column
	previous.Name, previous.Label = column.Name+".previous", suffixed(column.Label, ".previous")
	difference.Name, difference.Label, difference.Kind, difference.Currency = column.Name+".change", suffixed(column.Label, ".change"), warehouse.KindPercent, ""
	return now.beside(before, func(a, b any) any {
		if a == nil || b == nil {
			return nil
		}
		return change(a, b)
	}), []Column{column, previous, difference}, nil
}

// kind of the values of a look.
func (l *look) kind(t *tables) warehouse.Kind {
	if l.calc != nil {
		if l.calc.Kind == "" {
			return warehouse.KindNumber
		}
		return l.calc.Kind
	}
	at, _ := t.columnsOf(l.base)
	kind := t.result.Columns[at].Kind
	if kind == warehouse.KindInteger && l.suffix != runningSuffix {
		return warehouse.KindNumber // averages of counts are no counts
	}
	return kind
}

func suffixed(t warehouse.Text, suffix string) warehouse.Text {
	m := warehouse.Measure{Label: t}
	return labelOf(&m, suffix)
}

// lookLabel says how a measure is looked at.
func lookLabel(l *look, t warehouse.Text) warehouse.Text {
	add := map[string]warehouse.Text{
		rowShareSuffix: {Ko: " 행 비중", En: " % of row"}, columnShareSuffix: {Ko: " 열 비중", En: " % of column"},
		runningSuffix: {Ko: " 누계", En: " cumulative"}, stepSuffix: {Ko: " 직전 대비", En: " vs step before"},
		rankSuffix: {Ko: " 순위", En: " rank"}, workdaySuffix: {Ko: " 영업일 평균", En: " per working day"},
		movingSuffix: {Ko: fmt.Sprintf(" %d구간 이동평균", l.window), En: fmt.Sprintf(" moving average of %d", l.window)},
	}[l.suffix]
	return warehouse.Text{Ko: t.Ko + add.Ko, En: t.En + add.En}
}
