// SPDX-License-Identifier: Apache-2.0

package segment

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"dangol/internal/cube"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/warehouse/condition"
)

// Resolver gives what rules name: saved segments and kept lists.
type Resolver interface {
	// Rules returns the rules of a saved segment, or fault.NotFound.
	Rules(ctx context.Context, id int64) (*Rule, error)
	// Listed returns the customers of a kept list in order, or fault.NotFound.
	Listed(ctx context.Context, id int64) ([]int64, error)
}

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
	case "list":
		return k.list(*r.List, path)
	}
	return nil, invalid(path, "rule.kind", "A rule is exactly one of a group (op), a condition (field), behaviour (event), a segment or a list.")
}

func (k *compiler) group(r *Rule, path string, depth int, child func(*Rule, string, int) (*node, error)) (*node, error) {
	if r.Op != "and" && r.Op != "or" && r.Op != "not" {
		return nil, invalid(path+".op", "rule.bad_group", "The group must be one of and, or, not.")
	}
	if r.Op == "not" && len(r.Rules) != 1 {
		return nil, invalid(path+".rules", "rule.not_takes_one", "A not takes exactly one rule.")
	}
	if r.Is != "" || r.Value != nil || r.hasAim() {
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
	if len(r.Rules) > 0 || r.hasAim() {
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
	other, err := k.resolve.Rules(k.ctx, id)
	if err != nil {
		return nil, cube.At(err, path+".segment")
	}
	k.open = append(k.open, id)
	n, err := k.rule(other, path+".segment("+fmt.Sprint(id)+")", depth+1)
	k.open = k.open[:len(k.open)-1]
	return &node{op: "and", nodes: []*node{n}}, err
}

// list compiles membership of a kept list.
func (k *compiler) list(id int64, path string) (*node, error) {
	if k.resolve == nil {
		return nil, invalid(path+".list", "rule.no_segments", "Segments cannot be named here.")
	}
	keys, err := k.resolve.Listed(k.ctx, id)
	if err != nil {
		return nil, cube.At(err, path+".list")
	}
	return &node{isList: true, keys: keys, column: k.column(0, Column{Name: k.program.Reads[0].Key})}, nil
}

func invalid(path, code, message string) error {
	return cube.At(fault.New(fault.Invalid, code, message), path)
}
