// SPDX-License-Identifier: Apache-2.0

package segment

import (
	"encoding/json"
	"fmt"
	"slices"

	"dangol/internal/cube"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/warehouse"
	"dangol/internal/platform/warehouse/condition"
)

// event compiles behaviour.
func (k *compiler) event(r *Rule, path string, depth int) (*node, error) {
	if len(r.Rules) > 0 || r.Is != "" || r.Value != nil {
		return nil, invalid(path, "rule.mixed", "Behaviour has only event, where, within, in_days, followed_by and one of count, sum, average, distinct, last and first.")
	}
	if k.deeds++; k.deeds > maxDeeds {
		return nil, cube.At(fault.New(fault.Invalid, "rule.too_many_events",
			"The tree asks about behaviour more than {limit} times; make the question simpler.", "limit", maxDeeds), path)
	}
	e, err := k.begin(r.Event, path)
	if err != nil {
		return nil, err
	}
	d := e.d
	if err := e.aim(r); err != nil {
		return nil, err
	}
	if err := e.limit(r.Within); err != nil {
		return nil, err
	}
	if err := e.filter(r.Where, depth); err != nil {
		return nil, err
	}
	if err := e.window(r.InDays); err != nil {
		return nil, err
	}
	if err := e.follow(r.Then, r.Event, depth); err != nil {
		return nil, err
	}
	d.isEmpty = d.test.Match(condition.Int(0))
	if !d.isNumberOfNothing() {
		d.isEmpty = d.test.Match(condition.Value{})
	}
	return &node{deed: d}, nil
}

// begin finds an event that whoever acts may ask about.
func (k *compiler) begin(name, path string) (*eventCompiler, error) {
	b, err := k.catalogue.behaviour(name)
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
	return &eventCompiler{compiler: k, b: b, d: d, path: path}, nil
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
	given := map[string]*Compare{byCount: r.Count, bySum: r.Sum, byAverage: r.Average, byDistinct: r.Distinct, byLast: r.Last, byFirst: r.First}
	n := 0
	for kind, c := range given {
		if c != nil {
			e.d.kind = kind
			n++
		}
	}
	if n > 1 {
		return invalid(e.path, "rule.several_aims", "Behaviour takes only one of count, sum, average, distinct, last and first; make two rules of it.")
	}
	if n == 0 {
		e.d.kind, e.d.isEver = byCount, true
		given[byCount] = &Compare{Is: "gte", Value: []byte("1")}
	}
	c := given[e.d.kind]
	path := e.path + "." + e.d.kind
	field := condition.Field{Name: e.d.kind, Kind: warehouse.KindInteger}
	var err error
	switch e.d.kind {
	case byCount:
		e.countThings()
	case bySum, byAverage:
		err = e.summed(c.Of, path)
	case byDistinct:
		err = e.different(c.Of, path)
	default:
		field.Kind = warehouse.KindTime
	}
	switch {
	case err != nil:
		return err
	case c.Of != "" && (e.d.kind == byCount || field.Kind == warehouse.KindTime):
		return invalid(path+".of", "rule.bad_of", "Only sum, average and distinct take of.")
	}
	e.d.test, err = e.test(field, c.Is, c.Value, path)
	return err
}

// countThings has what the event counts counted, such as orders and not lines.
func (e *eventCompiler) countThings() {
	if e.b.event.CountBy == "" {
		return
	}
	e.d.byName, e.d.flag = e.b.event.CountBy, e.b.event.CountFlag
	e.d.value = e.column(e.d.read, Column{Name: e.b.event.CountBy})
	e.d.flagColumn = -1
	if e.d.flag != "" {
		e.d.flagColumn = e.column(e.d.read, Column{Name: e.d.flag})
	}
}

// summed compiles what is summed; an average divides it by the number of things.
func (e *eventCompiler) summed(of, path string) error {
	i := slices.IndexFunc(e.b.event.Sums, func(d warehouse.Dimension) bool { return d.Name == of })
	if i < 0 {
		return cube.At(fault.New(fault.Invalid, "rule.bad_of", "{of} of the event {event} cannot be summed.", "of", of, "event", e.b.event.Name), path+".of")
	}
	sum := e.b.event.Sums[i]
	if e.d.kind == byAverage {
		per := &deed{read: e.d.read, value: -1, flagColumn: -1}
		keep := e.d
		e.d = per
		e.countThings()
		e.d, keep.per = keep, per
		per.rows = &node{op: "and"}
		for _, c := range e.b.event.Counted {
			n, err := e.fixed(c)
			if err != nil {
				return err
			}
			per.rows.nodes = append(per.rows.nodes, n)
		}
	}
	e.isMoney, e.d.byName = sum.Kind == warehouse.KindMoney, sum.Column
	e.d.value = e.column(e.d.read, Column{Name: sum.Column})
	return nil
}

// different compiles the field of which different values are counted.
func (e *eventCompiler) different(of, path string) error {
	k, d, via, err := e.catalogue.eventField(e.b, of)
	if err != nil {
		return cube.At(err, path+".of")
	}
	name, ok := countedBy(d)
	if !ok {
		return cube.At(fault.New(fault.Invalid, "rule.bad_of", "Different values of {of} cannot be counted.", "of", of), path+".of")
	}
	c := Column{Name: name}
	if via != "" {
		c.Via, c.Table, c.Key = via, k.Table, k.Key
		e.d.byJoin = &c
	}
	e.d.byName, e.d.value = name, e.column(e.d.read, c)
	return nil
}

// longestWindow bounds windows and distances in days: a hundred years.
const longestWindow = 36_500

// window compiles the days in a row of which the best are meant.
func (e *eventCompiler) window(days int64) error {
	if days == 0 {
		return nil
	}
	path := e.path + ".in_days"
	if e.d.kind != byCount && e.d.kind != bySum {
		return invalid(path, "rule.bad_window", "Only count and sum can be asked for so many days in a row.")
	}
	if days < 0 || days > longestWindow {
		return cube.At(fault.New(fault.Invalid, "rule.bad_days", "The number of days lies between 1 and {most}.", "most", longestWindow), path)
	}
	e.d.days, e.d.isEver = days, false
	return nil
}

// follow compiles the event that has to come after.
func (e *eventCompiler) follow(then *Then, same string, depth int) error {
	if then == nil {
		return nil
	}
	path := e.path + ".followed_by"
	if then.WithinDays < 0 || then.WithinDays > longestWindow {
		return cube.At(fault.New(fault.Invalid, "rule.bad_days", "The number of days lies between 1 and {most}.", "most", longestWindow), path+".within_days")
	}
	name := then.Event
	if name == "" {
		name = same
	}
	if e.deeds++; e.deeds > maxDeeds {
		return cube.At(fault.New(fault.Invalid, "rule.too_many_events",
			"The tree asks about behaviour more than {limit} times; make the question simpler.", "limit", maxDeeds), path)
	}
	next, err := e.begin(name, path)
	if err != nil {
		return err
	}
	next.d.kind = byCount
	if err := next.filter(then.Where, depth); err != nil {
		return err
	}
	e.d.then, e.d.thenDays = next.d, then.WithinDays
	return nil
}

func (e *eventCompiler) limit(w *Within) error {
	if w == nil {
		return nil
	}
	path := e.path + ".within"
	field := condition.Field{Name: "within", Kind: warehouse.KindTime, Column: e.b.cube.Time}
	add := func(is condition.Operator, value json.RawMessage) error {
		test, err := e.test(field, string(is), value, path)
		e.d.within = append(e.d.within, test)
		return err
	}
	switch {
	case w.LastDays > 0 && (w.From != "" || w.To != "") || w.LastDays == 0 && w.From == "" && w.To == "":
		return invalid(path, "rule.bad_within", "Within is either last_days or the dates from and to.")
	case w.SkipDays < 0 || w.SkipDays > 0 && w.SkipDays >= w.LastDays:
		return invalid(path+".skip_days", "rule.bad_within", "The days left out must be fewer than last_days.")
	case w.LastDays > 0:
		if w.SkipDays > 0 {
			if err := add(condition.NotInLastDays, []byte(fmt.Sprint(w.SkipDays))); err != nil {
				return err
			}
		}
		return add(condition.InLastDays, []byte(fmt.Sprint(w.LastDays)))
	case w.To == "":
		return add(condition.AtLeast, quoted(w.From))
	case w.From == "":
		return add(condition.AtMost, quoted(w.To))
	}
	return add(condition.Between, []byte("["+string(quoted(w.From))+","+string(quoted(w.To))+"]"))
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
	if e.d.kind != bySum && e.d.kind != byAverage {
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
	if len(r.Rules) > 0 || r.hasAim() {
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
