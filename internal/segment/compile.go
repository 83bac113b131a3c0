// SPDX-License-Identifier: Apache-2.0

package segment

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"dangol/internal/cube"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/warehouse"
	"dangol/internal/platform/warehouse/condition"
)

// Resolver gives the rules of a saved segment.
type Resolver func(ctx context.Context, id int64) (*Rule, error)

// compiler turns a rule tree into a program.
type compiler struct {
	ctx       context.Context
	catalogue *Catalogue
	at        condition.Moment
	currency  string
	resolve   Resolver
	program   *Program
	count     int
	deeds     int     // behaviour met so far
	open      []int64 // segments being inlined, to see a circle
}

// Compile checks a rule tree and makes a program of it; every fault carries
// the path of the rule that is wrong.
func (c *Catalogue) Compile(ctx context.Context, r *Rule, at condition.Moment, currency string, resolve Resolver) (*Program, error) {
	customer := c.model.Customer()
	k := &compiler{ctx: ctx, catalogue: c, at: at, currency: currency, resolve: resolve, program: &Program{
		Reads: []Read{{Table: customer.Table, Key: customer.Key}},
	}}
	root, err := k.rule(r, "rules", 1)
	if err != nil {
		return nil, err
	}
	k.program.root = root
	return k.program, nil
}

func (k *compiler) rule(r *Rule, path string, depth int) (*node, error) {
	n, err := k.ruleAt(r, path, depth)
	if err == nil {
		n.path = path
	}
	return n, err
}

func (k *compiler) ruleAt(r *Rule, path string, depth int) (*node, error) {
	k.count++
	if depth > maxDepth || k.count > maxRules {
		return nil, cube.At(errTooLarge(), path)
	}
	switch r.kind() {
	case "op":
		return k.group(r, path, depth, k.rule)
	case "field":
		return k.field(r, path)
	case "event":
		return k.event(r, path, depth)
	case "segment":
		return k.segment(*r.ID, path, depth)
	}
	return nil, invalid(path, "rule.kind", "A rule is exactly one of a group (op), a condition (field), behaviour (event) or a segment.")
}

func (k *compiler) group(r *Rule, path string, depth int, child func(*Rule, string, int) (*node, error)) (*node, error) {
	if r.Op != "and" && r.Op != "or" && r.Op != "not" {
		return nil, invalid(path+".op", "rule.bad_group", "The group must be one of and, or, not.")
	}
	if r.Op == "not" && len(r.Rules) != 1 {
		return nil, invalid(path+".rules", "rule.not_takes_one", "A not takes exactly one rule.")
	}
	if r.Is != "" || r.Value != nil || r.Where != nil || r.Count != nil || r.Sum != nil || r.Last != nil || r.First != nil || r.Within != nil {
		return nil, invalid(path, "rule.mixed", "A group has only op and rules.")
	}
	n := &node{op: r.Op}
	for i := range r.Rules {
		one, err := child(&r.Rules[i], fmt.Sprintf("%s.rules[%d]", path, i), depth+1)
		if err != nil {
			return nil, err
		}
		n.nodes = append(n.nodes, one)
	}
	return n, nil
}

// read finds or adds a table that the program reads.
func (k *compiler) read(table, key string) int {
	for i, r := range k.program.Reads {
		if r.Table == table {
			return i
		}
	}
	k.program.Reads = append(k.program.Reads, Read{Table: table, Key: key})
	return len(k.program.Reads) - 1
}

func (k *compiler) column(read int, c Column) int {
	r := &k.program.Reads[read]
	if i := slices.Index(r.Columns, c); i >= 0 {
		return i
	}
	r.Columns = append(r.Columns, c)
	return len(r.Columns) - 1
}

func (k *compiler) field(r *Rule, path string) (*node, error) {
	if len(r.Rules) > 0 || r.Where != nil || r.Count != nil || r.Sum != nil || r.Last != nil || r.First != nil || r.Within != nil {
		return nil, invalid(path, "rule.mixed", "A condition has only field, is and value.")
	}
	a, err := k.catalogue.attribute(r.Field)
	if err != nil {
		return nil, cube.At(err, path+".field")
	}
	test, err := k.test(cube.FieldOf(r.Field, a.dim), r.Is, r.Value, path)
	if err != nil {
		return nil, err
	}
	n := &node{test: test, alias: customerAlias}
	if a.cube.Profile {
		n.read, n.alias = k.read(a.cube.Table, a.cube.Customer), profileAlias(a.cube.Table)
	}
	n.column = k.column(n.read, Column{Name: test.Column})
	return n, nil
}

func (k *compiler) test(f condition.Field, is string, raw json.RawMessage, path string) (*condition.Test, error) {
	value, err := cube.DecodeValue(raw)
	if err != nil {
		return nil, cube.At(err, path+".value")
	}
	test, err := condition.Compile(f, condition.Operator(is), value, k.at)
	if err != nil {
		return nil, cube.At(err, path)
	}
	return test, nil
}

func (k *compiler) segment(id int64, path string, depth int) (*node, error) {
	if slices.Contains(k.open, id) {
		return nil, cube.At(fault.New(fault.Invalid, "rule.circle",
			"Segment {id} refers to itself, directly or through others; take one of the references out.", "id", id), path+".segment")
	}
	if k.resolve == nil {
		return nil, invalid(path+".segment", "rule.no_segments", "Segments cannot be named here.")
	}
	other, err := k.resolve(k.ctx, id)
	if err != nil {
		return nil, cube.At(err, path+".segment")
	}
	k.open = append(k.open, id)
	n, err := k.rule(other, path+".segment("+fmt.Sprint(id)+")", depth+1)
	k.open = k.open[:len(k.open)-1]
	return &node{op: "and", nodes: []*node{n}}, err
}

func invalid(path, code, message string) error {
	return cube.At(fault.New(fault.Invalid, code, message), path)
}

// event compiles behaviour.
func (k *compiler) event(r *Rule, path string, depth int) (*node, error) {
	if len(r.Rules) > 0 || r.Is != "" || r.Value != nil {
		return nil, invalid(path, "rule.mixed", "Behaviour has only event, where, within and one of count, sum, last and first.")
	}
	if k.deeds++; k.deeds > maxDeeds {
		return nil, cube.At(fault.New(fault.Invalid, "rule.too_many_events",
			"The tree asks about behaviour more than {limit} times; make the question simpler.", "limit", maxDeeds), path)
	}
	b, err := k.catalogue.behaviour(r.Event)
	if err != nil {
		return nil, cube.At(err, path+".event")
	}
	if b.cube.Permission != "" {
		if err := auth.Check(k.ctx, b.cube.Permission); err != nil {
			return nil, err
		}
	}
	d := &deed{read: k.read(b.cube.Table, b.cube.Customer), value: -1, timeName: b.cube.Time}
	d.time = k.column(d.read, Column{Name: b.cube.Time})
	e := eventCompiler{compiler: k, b: b, d: d, path: path}
	if err := e.aim(r); err != nil {
		return nil, err
	}
	if err := e.limit(r.Within); err != nil {
		return nil, err
	}
	if err := e.filter(r.Where, depth); err != nil {
		return nil, err
	}
	d.isEmpty = d.test.Match(condition.Int(0))
	if d.kind == byLast || d.kind == byFirst {
		d.isEmpty = d.test.Match(condition.Value{})
	}
	return &node{deed: d}, nil
}

// eventCompiler compiles the parts of one behaviour.
type eventCompiler struct {
	*compiler
	b           behaviour
	d           *deed
	path        string
	isMoney     bool
	hasCurrency bool
}

// aim compiles what the events must come to; nothing means at least one.
func (e *eventCompiler) aim(r *Rule) error {
	given := map[string]*Compare{byCount: r.Count, bySum: r.Sum, byLast: r.Last, byFirst: r.First}
	n := 0
	for kind, c := range given {
		if c != nil {
			e.d.kind = kind
			n++
		}
	}
	if n > 1 {
		return invalid(e.path, "rule.several_aims", "Behaviour takes only one of count, sum, last and first; make two rules of it.")
	}
	if n == 0 {
		e.d.kind, e.d.isEver = byCount, true
		given[byCount] = &Compare{Is: "gte", Value: []byte("1")}
	}
	c := given[e.d.kind]
	path := e.path + "." + e.d.kind
	if c.Of != "" && e.d.kind != bySum {
		return invalid(path+".of", "rule.bad_of", "Only sum takes of.")
	}
	field := condition.Field{Name: e.d.kind, Kind: warehouse.KindInteger}
	switch e.d.kind {
	case byCount:
		if e.b.event.CountBy != "" {
			e.d.byName, e.d.flag = e.b.event.CountBy, e.b.event.CountFlag
			e.d.value = e.column(e.d.read, Column{Name: e.b.event.CountBy})
		}
	case bySum:
		i := slices.IndexFunc(e.b.event.Sums, func(d warehouse.Dimension) bool { return d.Name == c.Of })
		if i < 0 {
			return cube.At(fault.New(fault.Invalid, "rule.bad_of", "{of} of the event {event} cannot be summed.", "of", c.Of, "event", e.b.event.Name), path+".of")
		}
		sum := e.b.event.Sums[i]
		e.isMoney, e.d.byName = sum.Kind == warehouse.KindMoney, sum.Column
		e.d.value = e.column(e.d.read, Column{Name: sum.Column})
	default:
		field.Kind = warehouse.KindTime
	}
	test, err := e.test(field, c.Is, c.Value, path)
	e.d.test = test
	return err
}

func (e *eventCompiler) limit(w *Within) error {
	if w == nil {
		return nil
	}
	path := e.path + ".within"
	field := condition.Field{Name: "within", Kind: warehouse.KindTime, Column: e.b.cube.Time}
	var err error
	switch {
	case w.LastDays > 0 && (w.From != "" || w.To != "") || w.LastDays == 0 && w.From == "" && w.To == "":
		return invalid(path, "rule.bad_within", "Within is either last_days or the dates from and to.")
	case w.LastDays > 0:
		e.d.within, err = e.test(field, string(condition.InLastDays), []byte(fmt.Sprint(w.LastDays)), path)
	case w.To == "":
		e.d.within, err = e.test(field, string(condition.AtLeast), quoted(w.From), path)
	case w.From == "":
		e.d.within, err = e.test(field, string(condition.AtMost), quoted(w.To), path)
	default:
		e.d.within, err = e.test(field, string(condition.Between), []byte("["+string(quoted(w.From))+","+string(quoted(w.To))+"]"), path)
	}
	return err
}

func quoted(s string) json.RawMessage {
	text, _ := json.Marshal(s)
	return text
}

// filter compiles which rows take part: those that the event is made of, of
// which only counted ones have a number and a time, those of one currency when
// money is summed, and the wish itself.
func (e *eventCompiler) filter(where *Rule, depth int) error {
	rows := &node{op: "and"}
	base := e.b.event.Base
	if e.d.kind != bySum {
		base = e.b.event.Counted
	}
	for _, c := range base {
		n, err := e.fixed(c)
		if err != nil {
			return err
		}
		rows.nodes = append(rows.nodes, n)
	}
	if where != nil {
		n, err := e.where(where, e.path+".where", depth+1)
		if err != nil {
			return err
		}
		rows.nodes = append(rows.nodes, n)
	}
	if e.isMoney && e.b.event.Currency != "" && !e.hasCurrency {
		n, err := e.fixed(warehouse.Condition{Column: e.b.event.Currency, Values: []any{e.currency}})
		if err != nil {
			return err
		}
		rows.nodes = append(rows.nodes, n)
	}
	e.d.rows = rows
	return nil
}

// fixed compiles a condition that a capability states in its facts.
func (e *eventCompiler) fixed(c warehouse.Condition) (*node, error) {
	f := condition.Field{Name: c.Column, Kind: warehouse.KindInteger, Column: c.Column}
	if _, isText := c.Values[0].(string); isText {
		f.Kind = warehouse.KindChoice
	}
	is := condition.In
	if c.Not {
		is = condition.NotIn
	}
	test, err := condition.Compile(f, is, c.Values, e.at)
	if err != nil {
		return nil, fmt.Errorf("facts of %s: condition on %s: %w", e.b.cube.Name, c.Column, err)
	}
	return &node{read: e.d.read, column: e.column(e.d.read, Column{Name: c.Column}), test: test, alias: eventAlias}, nil
}

func (e *eventCompiler) where(r *Rule, path string, depth int) (*node, error) {
	e.count++
	if depth > maxDepth || e.count > maxRules {
		return nil, cube.At(errTooLarge(), path)
	}
	switch r.kind() {
	case "op":
		return e.group(r, path, depth, e.where)
	case "field":
	default:
		return nil, invalid(path, "rule.bad_where", "Inside where only groups and conditions on fields of the event may stand.")
	}
	if len(r.Rules) > 0 || r.Where != nil || r.Count != nil || r.Sum != nil || r.Last != nil || r.First != nil || r.Within != nil {
		return nil, invalid(path, "rule.mixed", "A condition has only field, is and value.")
	}
	k, d, via, err := e.catalogue.eventField(e.b, r.Field)
	if err != nil {
		return nil, cube.At(err, path+".field")
	}
	test, err := e.test(cube.FieldOf(r.Field, d), r.Is, r.Value, path)
	if err != nil {
		return nil, err
	}
	e.d.hasLines = e.d.hasLines || d.Line
	e.hasCurrency = e.hasCurrency || d.Column == e.b.event.Currency
	n := &node{read: e.d.read, test: test, alias: eventAlias}
	c := Column{Name: test.Column}
	if via != "" {
		c.Via, c.Table, c.Key = via, k.Table, k.Key
		n.alias = joinAlias(k.Table)
		n.join = &c
	}
	n.column = e.column(e.d.read, c)
	return n, nil
}
