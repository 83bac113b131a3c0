// SPDX-License-Identifier: Apache-2.0

package cube

import (
	"bytes"
	"encoding/json"
	"fmt"

	"dangol/internal/platform/fault"
	"dangol/internal/platform/warehouse"
	"dangol/internal/platform/warehouse/condition"
)

const (
	filterDepth = 20
	filterRules = 500
)

// node is a compiled filter: a group or a test of one dimension.
type node struct {
	op    string // "and", "or", "not"; "" is a test
	nodes []*node
	dim   *dimension
	test  *condition.Test
	leaf  *Filter
}

// sides tells which tables the filter reads.
func (n *node) sides() map[side]bool {
	set := map[side]bool{}
	n.walk(func(leaf *node) { set[leaf.dim.side] = true })
	return set
}

func (n *node) walk(fn func(leaf *node)) {
	if n.op == "" {
		fn(n)
		return
	}
	for _, child := range n.nodes {
		child.walk(fn)
	}
}

type filterCompiler struct {
	model *Model
	base  *warehouse.Cube
	at    condition.Moment
	count int
}

// compile checks a filter; path says where it stands, for messages.
func (c *filterCompiler) compile(f *Filter, path string, depth int) (*node, error) {
	c.count++
	if depth > filterDepth || c.count > filterRules {
		return nil, fault.New(fault.Invalid, "rule.too_large",
			"The filter has more than {rules} rules or is nested deeper than {depth}; split the question.",
			"rules", filterRules, "depth", filterDepth)
	}
	if f.Op == "" {
		return c.test(f, path)
	}
	if f.Field != "" || f.Is != "" {
		return nil, pathFault(path, "rule.mixed", "A group (op) cannot be a condition (field) as well.")
	}
	if f.Op != "and" && f.Op != "or" && f.Op != "not" {
		return nil, pathFault(path+".op", "rule.bad_group", "The group must be one of and, or, not.")
	}
	if f.Op == "not" && len(f.Rules) != 1 {
		return nil, pathFault(path+".rules", "rule.not_takes_one", "A not takes exactly one rule.")
	}
	n := &node{op: f.Op}
	for i := range f.Rules {
		child, err := c.compile(&f.Rules[i], fmt.Sprintf("%s.rules[%d]", path, i), depth+1)
		if err != nil {
			return nil, err
		}
		n.nodes = append(n.nodes, child)
	}
	return n, nil
}

func (c *filterCompiler) test(f *Filter, path string) (*node, error) {
	dim, err := c.model.dimension(c.base, f.Field)
	if err != nil {
		return nil, At(err, path+".field")
	}
	value, err := DecodeValue(f.Value)
	if err != nil {
		return nil, At(err, path+".value")
	}
	test, err := condition.Compile(dim.field(), condition.Operator(f.Is), value, c.at)
	if err != nil {
		return nil, At(err, path)
	}
	return &node{dim: dim, test: test, leaf: f}, nil
}

// DecodeValue reads the JSON under "value" with numbers as they are written.
func DecodeValue(raw json.RawMessage) (any, error) {
	if len(raw) == 0 {
		return nil, nil //nolint:nilnil // no value is what is_set takes
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "rule.bad_value", "The value cannot be read.")
	}
	return value, nil
}

func pathFault(path, code, message string) error {
	return At(fault.New(fault.Invalid, code, message), path)
}

// At says where in a rule tree a fault lies.
func At(err error, path string) error {
	f, ok := fault.As(err)
	if !ok {
		return fmt.Errorf("%s: %w", path, err)
	}
	if _, has := f.Fields["path"]; has {
		return err
	}
	return f.With("path", path)
}
