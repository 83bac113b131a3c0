// SPDX-License-Identifier: Apache-2.0

package cube

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/warehouse"
)

// Cell names a cell of an answer: values of some of its dimensions, as the
// answer shows them; dimensions left out are summed over.
type Cell struct {
	Query   Query                      `json:"query"`
	Values  map[string]json.RawMessage `json:"cell" doc:"value by dimension; null means none"`
	Measure string                     `json:"measure" doc:"measure of the cell"`
	// Any names a range of cells: of each list one entry must hold, such as any
	// of the rows and any of the columns that were marked.
	Any [][]map[string]json.RawMessage `json:"any,omitempty" maxItems:"4"`
}

// People is who is behind a cell.
type People struct {
	// Count is how many customers that is, of those that may be seen.
	Count int64 `json:"count"`
	// Rules is the rule tree of exactly these customers.
	Rules json.RawMessage `json:"rules"`
	AsOf  AsOf            `json:"as_of"`
}

// People finds who is behind a cell, and the rules of the segment that they are.
func (s *Service) People(ctx context.Context, cell Cell) (*People, error) {
	if err := auth.Check(ctx, "cube:read"); err != nil {
		return nil, err
	}
	name, err := s.measureBehind(ctx, &cell.Query, cell.Measure)
	if err != nil {
		return nil, err
	}
	model := s.Model(ctx)
	base, measure, err := model.measure(name)
	if err != nil {
		return nil, err
	}
	if base.Customer == "" {
		return nil, fault.New(fault.Invalid, "cube.no_people", "{name} counts nothing that customers are or do, so nobody is behind it.", "name", name)
	}
	q := &Query{Measures: []string{name}, Period: cell.Query.Period}
	if q.Filters, err = cell.filters(model, base, measure); err != nil {
		return nil, err
	}
	plans, err := s.plans(ctx, q, false)
	if err != nil {
		return nil, err
	}
	p := plans[0]
	spelled, err := model.spelled(q, *q.Filters, s.Today())
	if err != nil {
		return nil, err
	}
	rules, err := p.rules(&spelled, measure)
	if err != nil {
		return nil, err
	}
	position := s.reader.Position()
	out := &People{AsOf: AsOf{position.Seq, position.At}}
	if out.Rules, err = json.Marshal(rules); err != nil {
		return nil, fmt.Errorf("write rules of cell: %w", err)
	}
	if out.Count, err = s.countPeople(ctx, p, measure); err != nil {
		return nil, fmt.Errorf("count people of cell: %w", err)
	}
	return out, nil
}

// filters makes filters of the values of a cell.
func (c *Cell) filters(model *Model, base *warehouse.Cube, measure *warehouse.Measure) (*Filter, error) {
	out := &Filter{Op: "and"}
	if f := c.Query.Filters; f != nil && (f.Op != "" || f.Field != "") {
		out.Rules = append(out.Rules, *f)
	}
	leaves, err := leavesOf(model, base, c.Values)
	if err != nil {
		return nil, err
	}
	out.Rules = append(out.Rules, leaves...)
	for _, list := range c.Any {
		either := Filter{Op: "or"}
		if len(list) > mostInRange {
			return nil, fault.New(fault.Invalid, "cube.range_too_large", "A range has at most {most} rows or columns; mark fewer, or filter instead.", "most", mostInRange)
		}
		for _, values := range list {
			leaves, err := leavesOf(model, base, values)
			if err != nil {
				return nil, err
			}
			if len(leaves) == 1 {
				either.Rules = append(either.Rules, leaves[0])
				continue
			}
			either.Rules = append(either.Rules, Filter{Op: "and", Rules: leaves})
		}
		out.Rules = append(out.Rules, either)
	}
	if base != model.customer {
		return out, nil
	}
	for _, w := range measure.Where { // such as: has an e-mail address
		for i := range base.Dimensions {
			if d := &base.Dimensions[i]; d.Column == w.Column && d.Unit == warehouse.UnitNone {
				value, _ := json.Marshal(w.Values)
				leaf := Filter{Field: base.Name + "." + d.Name, Is: "in", Value: value}
				if d.Kind == warehouse.KindBoolean {
					leaf.Is, leaf.Value = "eq", value[1:len(value)-1]
				}
				out.Rules = append(out.Rules, leaf)
			}
		}
	}
	return out, nil
}

// mostInRange bounds the rows and columns of a range of cells.
const mostInRange = 200

// leavesOf makes conditions of the values of dimensions, in the order of their names.
func leavesOf(model *Model, base *warehouse.Cube, values map[string]json.RawMessage) ([]Filter, error) {
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	slices.Sort(names)
	leaves := make([]Filter, 0, len(names))
	for _, name := range names {
		d, err := model.dimension(base, name)
		if err != nil {
			return nil, err
		}
		leaf, err := d.is(values[name])
		if err != nil {
			return nil, err
		}
		leaves = append(leaves, leaf)
	}
	return leaves, nil
}

// is makes the filter that a dimension has a value shown in an answer.
func (d *dimension) is(value json.RawMessage) (Filter, error) {
	f := Filter{Field: d.name, Is: "eq", Value: value}
	if len(value) == 0 || string(value) == "null" {
		return Filter{Field: d.name, Is: "is_not_set"}, nil
	}
	if len(d.Bands) == 0 {
		return f, nil
	}
	var name string
	_ = json.Unmarshal(value, &name)
	for _, b := range d.Bands {
		switch {
		case b.Name != name:
		case b.To == 0:
			f.Is, f.Value = "gte", []byte(fmt.Sprint(b.From))
			return f, nil
		default:
			f.Is, f.Value = "between", []byte(fmt.Sprintf("[%d,%d]", b.From, b.To-1))
			return f, nil
		}
	}
	return f, fault.New(fault.Invalid, "cube.no_such_band", "{value} is no band of {name}.", "value", name, "name", d.name)
}

// rule is a rule of a segment, in the form that segments are stored in.
type rule struct {
	Op     string            `json:"op,omitempty"`
	Rules  []rule            `json:"rules,omitempty"`
	Field  string            `json:"field,omitempty"`
	Is     string            `json:"is,omitempty"`
	Value  json.RawMessage   `json:"value,omitempty"`
	Event  string            `json:"event,omitempty"`
	Where  *rule             `json:"where,omitempty"`
	Within map[string]string `json:"within,omitempty"`
}

// maxTerms bounds the alternatives that a filter over customers and rows comes to.
const maxTerms = 64

// literal is a part of a filter that speaks of one side only.
type literal struct {
	filter  *Filter
	negate  bool
	isFacts bool
}

// rules turns the filters into the rules of a segment. "There is a row with X
// or the customer is Y" is split into alternatives, because the rows of one
// event are asked together: that is what the cell means.
func (p *plan) rules(filters *Filter, measure *warehouse.Measure) (*rule, error) {
	terms, err := p.terms(filters, false)
	if err != nil {
		return nil, err
	}
	var list []rule
	for _, term := range terms {
		one, err := p.term(term, measure)
		if err != nil {
			return nil, err
		}
		list = append(list, one)
	}
	if len(list) == 1 {
		return &list[0], nil
	}
	return &rule{Op: "or", Rules: list}, nil
}

// terms brings a filter into alternatives of literals.
func (p *plan) terms(f *Filter, negate bool) ([][]literal, error) {
	people, facts, err := p.speaksOf(f)
	if err != nil {
		return nil, err
	}
	if !people || !facts {
		if f.Op == "and" && !negate { // a flat list reads better than a nested one
			return p.product(f.Rules, false)
		}
		return [][]literal{{{f, negate, facts}}}, nil
	}
	switch {
	case f.Op == "not":
		return p.terms(&f.Rules[0], !negate)
	case (f.Op == "and") != negate:
		return p.product(f.Rules, negate)
	}
	var out [][]literal
	for i := range f.Rules {
		some, err := p.terms(&f.Rules[i], negate)
		if err != nil {
			return nil, err
		}
		out = append(out, some...)
	}
	return out, tooMany(len(out))
}

func (p *plan) product(rules []Filter, negate bool) ([][]literal, error) {
	out := [][]literal{{}}
	for i := range rules {
		some, err := p.terms(&rules[i], negate)
		if err != nil {
			return nil, err
		}
		var next [][]literal
		for _, a := range out {
			for _, b := range some {
				next = append(next, slices.Concat(a, b))
			}
		}
		if out = next; tooMany(len(out)) != nil {
			return nil, tooMany(len(out))
		}
	}
	return out, nil
}

func tooMany(n int) error {
	if n <= maxTerms {
		return nil
	}
	return fault.New(fault.Invalid, "cube.too_many_terms",
		"The filter mixes customers and their doings in more than {limit} alternatives, so it cannot become a segment; use fewer.", "limit", maxTerms)
}

// speaksOf tells whether a filter reads the customer, and whether it reads rows.
func (p *plan) speaksOf(f *Filter) (people, facts bool, err error) {
	if f.Op == "" {
		d, err := p.model.dimension(p.base, f.Field)
		if err != nil {
			return false, false, err
		}
		return d.side == sideCustomer, d.side != sideCustomer, nil
	}
	for i := range f.Rules {
		a, b, err := p.speaksOf(&f.Rules[i])
		if err != nil {
			return false, false, err
		}
		people, facts = people || a, facts || b
	}
	return people, facts, nil
}

// term writes one alternative: what the customer is, and what he did.
func (p *plan) term(term []literal, measure *warehouse.Measure) (rule, error) {
	out := rule{Op: "and"}
	var where []rule
	for _, l := range term {
		one, err := p.rule(l.filter)
		if err != nil {
			return out, err
		}
		if l.negate {
			one = rule{Op: "not", Rules: []rule{one}}
		}
		if l.isFacts {
			where = append(where, one)
		} else {
			out.Rules = append(out.Rules, one)
		}
	}
	if p.base == p.model.customer {
		return out, nil
	}
	e := p.eventOf(measure)
	if e == nil {
		return out, fault.New(fault.Invalid, "cube.no_event", "Rows of {cube} are no events of customers, so they cannot become a segment.", "cube", p.base.Name)
	}
	if p.money != "" {
		money, _ := json.Marshal(p.money)
		where = append(where, rule{Field: p.baseField(p.moneyColumn()), Is: "eq", Value: money})
	}
	did := rule{Event: e.Name}
	if len(where) > 0 {
		did.Where = &rule{Op: "and", Rules: where}
	}
	if p.period != nil {
		did.Within = map[string]string{"from": p.period.from.Format(isoDate), "to": p.period.to.Format(isoDate)}
	}
	out.Rules = append(out.Rules, did)
	return out, nil
}

func (p *plan) eventOf(measure *warehouse.Measure) *warehouse.Event {
	for i := range p.base.Events {
		if measure.Event == "" || p.base.Events[i].Name == measure.Event {
			return &p.base.Events[i]
		}
	}
	return nil
}

// rule writes a filter with the field names of segments.
func (p *plan) rule(f *Filter) (rule, error) {
	out := rule{Op: f.Op, Is: f.Is, Value: f.Value}
	for i := range f.Rules {
		one, err := p.rule(&f.Rules[i])
		if err != nil {
			return out, err
		}
		out.Rules = append(out.Rules, one)
	}
	if f.Op != "" {
		return out, nil
	}
	d, err := p.model.dimension(p.base, f.Field)
	if err != nil {
		return out, err
	}
	_, out.Field, _ = strings.Cut(f.Field, ".")
	switch {
	case d.side == sideJoined:
		out.Field = f.Field
	case d.side == sideBase && d.cube != p.base: // the key of a joined cube, which the base holds itself
		out.Field = p.baseField(d.Column)
	}
	return out, nil
}

func (p *plan) baseField(columnName string) string {
	for _, d := range p.base.Dimensions {
		if d.Column == columnName && d.Unit == warehouse.UnitNone {
			return d.Name
		}
	}
	return columnName
}

// peopleSQL counts the customers of a plan without dimensions.
func (p *plan) peopleSQL(measure *warehouse.Measure) (string, []any) {
	s := &statement{}
	s.add("SELECT count(*) FROM " + quote(p.model.customer.Table) + " " + customerAlias)
	if p.base == p.model.customer {
		p.joinProfiles(s, slices.Concat(p.people, p.facts), false)
		word := " WHERE "
		if p.isNarrowed() {
			p.renderPeople(s, word)
			word = " AND "
		}
		for _, n := range p.facts {
			s.add(word)
			n.render(s)
			word = " AND "
		}
		return s.String(), s.args
	}
	p.joinProfiles(s, p.people, false)
	p.renderPeople(s, " WHERE ")
	word := " WHERE "
	if p.isNarrowed() {
		word = " AND "
	}
	s.add(word + column(customerAlias, p.model.customer.Key) + " IN (SELECT " + column(baseAlias, p.base.Customer) +
		" FROM " + quote(p.base.Table) + " " + baseAlias)
	if slices.ContainsFunc(p.facts, func(n *node) bool { return n.sides()[sideCustomer] }) {
		s.add(" LEFT JOIN " + quote(p.model.customer.Table) + " " + customerAlias + " ON " +
			column(customerAlias, p.model.customer.Key) + " = " + column(baseAlias, p.base.Customer))
		p.joinProfiles(s, p.facts, false)
	}
	p.joinOthers(s)
	counted := *p
	counted.basics = []*warehouse.Measure{{Where: p.eventOf(measure).Counted, Currency: p.moneyColumn()}}
	counted.renderRows(s, " WHERE ")
	s.add(")")
	return s.String(), s.args
}
