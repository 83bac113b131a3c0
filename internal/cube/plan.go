// SPDX-License-Identifier: Apache-2.0

package cube

import (
	"context"
	"slices"
	"strings"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/warehouse"
	"dangol/internal/platform/warehouse/condition"
)

// Limits of a question. They are told in the answer, never applied in silence.
const (
	DefaultLimit  = 1_000
	MaxLimit      = 50_000
	maxCells      = 200_000
	maxDimensions = 8
	maxMeasures   = 30
)

const shareSuffix = ".share"

// plan is a checked question of one base cube.
type plan struct {
	model *Model
	base  *warehouse.Cube
	dims  []*dimension // rows, then columns
	rows  int
	// basics are the measures computed by the engine, each once; ratios and
	// shares are made of them.
	basics  []*warehouse.Measure
	asked   []askedMeasure
	people  []*node // conditions on the customer alone
	facts   []*node // conditions on rows
	scope   string
	args    []any // of scope
	period  *span
	money   string // the one currency, when rows of others are left out
	order   []orderTerm
	limit   int // 0 is everything
	totals  map[string]bool
	today   time.Time
	shown   string // the currency of all money in the answer
	leftOut int64  // rows in other currencies
}

// askedMeasure is a measure as the question names it.
type askedMeasure struct {
	name    string
	measure *warehouse.Measure
	over    int // index of the basic, or of a ratio's numerator
	under   int // of a ratio's denominator, or -1
	isShare bool
}

type orderTerm struct {
	dim     int // index of a dimension, or -1
	measure int // index of an asked measure, or -1
	desc    bool
}

// planner makes plans of a question, one for each base cube in it.
type planner struct {
	model *Model
	at    condition.Moment
}

func (p *planner) plan(ctx context.Context, q *Query, base *warehouse.Cube, names []string, forExport bool) (*plan, error) {
	out := &plan{model: p.model, base: base, today: p.at.Today, totals: map[string]bool{}}
	if err := permit(ctx, base); err != nil {
		return nil, err
	}
	steps := []func() error{
		func() error { return out.addMeasures(ctx, names) },
		func() error { return out.addDimensions(ctx, q) },
		func() error { return out.addFilters(ctx, q.Filters, p.at) },
		func() error { return out.addPeriod(q) },
		func() error { return out.addOrder(q) },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return nil, err
		}
	}
	if !auth.ScopeOf(ctx).All {
		if base.Customer == "" {
			return nil, fault.New(fault.Forbidden, "cube.out_of_scope",
				"{cube} cannot be limited to the customers you may see, so you cannot ask it.", "cube", base.Name)
		}
		out.scope, out.args = auth.ScopeSQL(ctx, customerAlias)
	}
	for _, t := range q.Totals {
		out.totals[t] = true
	}
	if forExport {
		return out, nil
	}
	out.limit = q.Limit
	if out.limit == 0 {
		out.limit = DefaultLimit
	}
	out.limit = min(out.limit, MaxLimit)
	return out, nil
}

func permit(ctx context.Context, c *warehouse.Cube) error {
	if c.Permission == "" {
		return nil
	}
	return auth.Check(ctx, c.Permission)
}

func (p *plan) addMeasures(ctx context.Context, names []string) error {
	for _, name := range names {
		plain, isShare := strings.CutSuffix(name, shareSuffix)
		_, m, err := p.model.measure(plain)
		if err != nil {
			return err
		}
		if m.Permission != "" {
			if err := auth.Check(ctx, m.Permission); err != nil {
				return err
			}
		}
		a := askedMeasure{name: name, measure: m, under: -1, isShare: isShare}
		if m.Aggregate == warehouse.Ratio {
			if isShare {
				return fault.New(fault.Invalid, "cube.share_of_ratio", "{name} is a ratio; a share of a ratio has no meaning.", "name", plain)
			}
			a.over, a.under = p.basic(find(p.base.Measures, m.Over)), p.basic(find(p.base.Measures, m.Under))
		} else {
			a.over = p.basic(m)
		}
		if isShare {
			p.totals[TotalsGrand] = true
		}
		p.asked = append(p.asked, a)
	}
	return nil
}

func (p *plan) basic(m *warehouse.Measure) int {
	for i, have := range p.basics {
		if have.Name == m.Name {
			return i
		}
	}
	p.basics = append(p.basics, m)
	return len(p.basics) - 1
}

func (p *plan) addDimensions(ctx context.Context, q *Query) error {
	add := func(names []string) error {
		for _, name := range names {
			d, err := p.model.dimension(p.base, name)
			if err != nil {
				return err
			}
			if d.FilterOnly {
				return fault.New(fault.Invalid, "cube.filter_only", "{name} can be filtered by, but not grouped by.", "name", name)
			}
			if err := p.mayRead(ctx, d, ""); err != nil {
				return err
			}
			if d.Within && !p.has(siblingName(name, d.Parent)) {
				parent, err := p.model.dimension(p.base, siblingName(name, d.Parent))
				if err != nil {
					return err
				}
				p.dims = append(p.dims, parent)
			}
			if !p.has(name) {
				p.dims = append(p.dims, d)
			}
		}
		return nil
	}
	if err := add(q.Dimensions); err != nil {
		return err
	}
	p.rows = len(p.dims)
	if err := add(q.Columns); err != nil {
		return err
	}
	if len(p.dims) > maxDimensions {
		return fault.New(fault.Invalid, "cube.too_many_dimensions", "A question has at most {limit} dimensions.", "limit", maxDimensions)
	}
	return nil
}

func siblingName(name, local string) string {
	cube, _, _ := strings.Cut(name, ".")
	return cube + "." + local
}

func (p *plan) has(name string) bool {
	return slices.ContainsFunc(p.dims, func(d *dimension) bool { return d.name == name })
}

func (p *plan) mayRead(ctx context.Context, d *dimension, is string) error {
	if err := MayAsk(ctx, d.name, d.Dimension, is); err != nil {
		return err
	}
	return permit(ctx, d.cube)
}

// MayAsk refuses to group or filter by what is masked for whoever acts in ctx: the answer would tell the
// values one by one. Whether there is a value at all the mask shows anyway.
func MayAsk(ctx context.Context, name string, d *warehouse.Dimension, is string) error {
	if !d.IsPersonal || auth.CanSeeClear(ctx) || is == string(condition.IsSet) || is == string(condition.IsNotSet) {
		return nil
	}
	if err := auth.Check(ctx, "customer:unmask"); err != nil {
		return err
	}
	return fault.New(fault.Forbidden, "rule.masked",
		"{field} holds personal values, which are masked for you now, so they cannot be asked for; show personal data first.", "field", name)
}

// addFilters compiles the filter and splits it: what asks about the customer
// alone is asked of a million customers, not of twenty million lines.
func (p *plan) addFilters(ctx context.Context, f *Filter, at condition.Moment) error {
	if f == nil || f.Op == "" && f.Field == "" {
		return nil
	}
	c := filterCompiler{model: p.model, base: p.base, at: at}
	tree, err := c.compile(f, "filters", 1)
	if err != nil {
		return err
	}
	tree.walk(func(leaf *node) {
		if err == nil {
			err = p.mayRead(ctx, leaf.dim, leaf.leaf.Is)
		}
	})
	if err != nil {
		return err
	}
	p.split(tree)
	return nil
}

func (p *plan) split(n *node) {
	if n.op == "and" {
		for _, child := range n.nodes {
			p.split(child)
		}
		return
	}
	if set := n.sides(); len(set) == 1 && set[sideCustomer] {
		p.people = append(p.people, n)
		return
	}
	p.facts = append(p.facts, n)
}

func (p *plan) addPeriod(q *Query) error {
	if q.Compare != "" && (q.Period == nil || q.Compare != PreviousPeriod && q.Compare != PreviousYear) {
		return fault.New(fault.Invalid, "cube.compare_needs_period", "A comparison needs a period, and is previous_period or previous_year.")
	}
	if q.Period == nil {
		return nil
	}
	s, err := q.Period.resolve(p.today)
	if err != nil || p.base.Time == "" {
		return err
	}
	p.period = &s
	return nil
}

func (p *plan) addOrder(q *Query) error {
	for _, o := range q.Order {
		term := orderTerm{dim: -1, measure: -1, desc: o.Desc}
		term.dim = slices.IndexFunc(p.dims[:p.rows], func(d *dimension) bool { return d.name == o.By })
		if term.dim < 0 {
			term.measure = slices.IndexFunc(p.asked, func(a askedMeasure) bool { return a.name == o.By })
		}
		if term.dim < 0 && term.measure < 0 {
			if slices.Contains(q.Measures, o.By) { // a measure of another cube of the same question
				continue
			}
			return fault.New(fault.Invalid, "cube.bad_order", "{name} is neither a row nor a measure of the question, so it cannot sort.", "name", o.By)
		}
		p.order = append(p.order, term)
	}
	if len(p.order) > 0 {
		return nil
	}
	// Without a wish: things with a name by the first measure, the rest in their own order.
	if p.rows > 0 && p.dims[0].Display != "" && len(p.asked) > 0 {
		p.order = append(p.order, orderTerm{dim: -1, measure: 0, desc: true})
	}
	return nil
}

// isDirect says that a measure cannot be made of parts, so that every total is
// counted from the rows.
func (p *plan) isDirect() bool {
	for _, m := range p.basics {
		if m.Aggregate == warehouse.Median || m.Aggregate == warehouse.Distinct && !p.byCustomer(m) && !p.byFlag(m) {
			return true
		}
	}
	return false
}

// byCustomer says that the measure counts customers, which two stages do
// without a set of distinct values: first per customer, then their number.
func (p *plan) byCustomer(m *warehouse.Measure) bool {
	return m.Aggregate == warehouse.Distinct && m.Column == p.base.Customer && p.base != p.model.customer
}

// byFlag says that a distinct count is the sum of a column that is 1 once per
// thing; true only while nothing asks below the thing.
func (p *plan) byFlag(m *warehouse.Measure) bool {
	if m.Aggregate != warehouse.Distinct || m.Flag == "" {
		return false
	}
	for _, d := range p.dims {
		if d.Line {
			return false
		}
	}
	isLine := false
	for _, n := range p.facts {
		n.walk(func(leaf *node) { isLine = isLine || leaf.dim.Line })
	}
	return !isLine
}

func (p *plan) countsCustomers() bool { return slices.ContainsFunc(p.basics, p.byCustomer) }
