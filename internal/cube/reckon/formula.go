// SPDX-License-Identifier: Apache-2.0

package reckon

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/vm"
)

// longestFormula bounds a formula; a longer one is a program, not a measure.
const longestFormula = 500

// Formula is a calculated measure: arithmetic over measures.
type Formula struct {
	program *vm.Program
	names   []string
}

// WrongFormula says what is wrong with a formula and, where that is known, at
// which letter.
type WrongFormula struct {
	Reason string
	At     int // letters before the mistake; −1 when it has no one place
}

// Error says what is wrong.
func (w *WrongFormula) Error() string { return w.Reason }

func wrong(at int, format string, args ...any) *WrongFormula {
	return &WrongFormula{Reason: fmt.Sprintf(format, args...), At: at}
}

// builtins are the functions of the language, with what they take.
var builtins = map[string][2]int{"abs": {1, 1}, "round": {1, 1}, "floor": {1, 1}, "ceil": {1, 1}, "min": {2, 8}, "max": {2, 8}, "coalesce": {2, 8}}

// operators of the language. Division by zero and missing values give no value.
var operators = []string{"+", "-", "*", "/", "**", "^", "==", "!=", "<", "<=", ">", ">=", "and", "or", "&&", "||", "??"}

// checker walks a formula and keeps the names that it asks for.
type checker struct {
	names []string
	// loose counts names and texts seen that no measure or call has taken up.
	loose int
	err   *WrongFormula
}

// Visit is called for every node, children first.
func (c *checker) Visit(node *ast.Node) {
	if c.err != nil {
		return
	}
	at := (*node).Location().From
	switch n := (*node).(type) {
	case *ast.IntegerNode, *ast.FloatNode, *ast.NilNode, *ast.ConditionalNode, *ast.BoolNode:
	case *ast.IdentifierNode, *ast.StringNode:
		c.loose++ // part of a measure or a call, which come after their parts
	case *ast.UnaryNode:
		if !slices.Contains([]string{"-", "+", "not", "!"}, n.Operator) {
			c.err = wrong(at, "%s is no operator of formulas", n.Operator)
		}
	case *ast.BinaryNode:
		c.binary(node, n, at)
	case *ast.MemberNode:
		c.member(node, n, at)
	case *ast.CallNode:
		c.call(n.Callee, n.Arguments, at)
	case *ast.BuiltinNode:
		c.builtin(node, n, at)
	default:
		c.err = wrong(at, "formulas know numbers, measures, + - * / ^, comparisons, a ? b : c and abs, round, floor, ceil, min, max, coalesce only")
	}
}

func (c *checker) binary(node *ast.Node, n *ast.BinaryNode, at int) {
	if !slices.Contains(operators, n.Operator) {
		c.err = wrong(at, "%s is no operator of formulas", n.Operator)
		return
	}
	// Arithmetic goes through functions that know missing values.
	if name, ok := map[string]string{"+": "_add", "-": "_sub", "*": "_mul", "/": "_div", "**": "_pow", "^": "_pow"}[n.Operator]; ok {
		ast.Patch(node, &ast.CallNode{Callee: &ast.IdentifierNode{Value: name}, Arguments: []ast.Node{n.Left, n.Right}})
		return
	}
	if name, ok := map[string]string{"<": "_lt", "<=": "_le", ">": "_gt", ">=": "_ge"}[n.Operator]; ok {
		ast.Patch(node, &ast.CallNode{Callee: &ast.IdentifierNode{Value: name}, Arguments: []ast.Node{n.Left, n.Right}})
	}
}

func (c *checker) member(node *ast.Node, n *ast.MemberNode, at int) {
	cube, isName := n.Node.(*ast.IdentifierNode)
	measure, isText := n.Property.(*ast.StringNode)
	if !isName || !isText || n.Optional {
		c.err = wrong(at, "measures are written cube.measure, such as order.revenue")
		return
	}
	c.loose -= 2
	c.ask(node, cube.Value+"."+measure.Value)
}

// ask replaces a measure by the look-up of its value.
func (c *checker) ask(node *ast.Node, name string) {
	if !slices.Contains(c.names, name) {
		c.names = append(c.names, name)
	}
	ast.Patch(node, &ast.CallNode{Callee: &ast.IdentifierNode{Value: "_value"}, Arguments: []ast.Node{&ast.StringNode{Value: name}}})
}

func (c *checker) call(callee ast.Node, arguments []ast.Node, at int) {
	name, ok := callee.(*ast.IdentifierNode)
	if !ok {
		c.err = wrong(at, "only abs, round, floor, ceil, min, max and coalesce can be called")
		return
	}
	c.loose--
	c.arity(name.Value, len(arguments), at)
}

func (c *checker) builtin(node *ast.Node, n *ast.BuiltinNode, at int) {
	c.arity(n.Name, len(n.Arguments), at)
	if c.err == nil { // the library's own would not know missing values
		ast.Patch(node, &ast.CallNode{Callee: &ast.IdentifierNode{Value: "_" + n.Name}, Arguments: n.Arguments})
	}
}

func (c *checker) arity(name string, count, at int) {
	limits, ok := builtins[name]
	switch {
	case !ok:
		c.err = wrong(at, "%s is no function of formulas; there are abs, round, floor, ceil, min, max and coalesce", name)
	case count < limits[0] || count > limits[1]:
		c.err = wrong(at, "%s takes %d to %d values, here are %d", name, limits[0], limits[1], count)
	}
}

// environment is what a compiled formula sees.
func environment(value func(name string) any) map[string]any {
	env := map[string]any{"_value": value}
	for name, f := range arithmetic {
		env[name] = f
	}
	return env
}

// Compile checks a formula and makes it ready to run; a mistake comes back as
// *WrongFormula.
func Compile(text string) (*Formula, error) {
	if len(text) > longestFormula {
		return nil, wrong(-1, "a formula has at most %d letters", longestFormula)
	}
	if strings.TrimSpace(text) == "" {
		return nil, wrong(-1, "the formula is empty")
	}
	c := &checker{}
	options := []expr.Option{
		expr.Env(environment(func(string) any { return nil })), expr.Patch(c), expr.DisableAllBuiltins(), expr.MaxNodes(200),
		expr.AllowUndefinedVariables(), expr.Optimize(false),
	}
	for name := range builtins {
		options = append(options, expr.EnableBuiltin(name))
	}
	program, err := compile(text, options)
	if c.err != nil {
		return nil, c.err
	}
	if err != nil {
		return nil, mistake(err)
	}
	if c.loose != 0 {
		return nil, wrong(-1, "a name stands alone or a text is where a number belongs; measures are written cube.measure, such as order.revenue")
	}
	if len(c.names) == 0 {
		return nil, wrong(-1, "the formula asks for no measure")
	}
	f := &Formula{program: program, names: c.names}
	if err := f.tryOut(); err != nil {
		return nil, err
	}
	return f, nil
}

func compile(text string, options []expr.Option) (program *vm.Program, err error) {
	defer func() { // a parser of foreign text must not take the server down
		if r := recover(); r != nil {
			err = fmt.Errorf("the formula cannot be read: %v", r)
		}
	}()
	return expr.Compile(text, options...)
}

func mistake(err error) *WrongFormula {
	var at *file.Error
	if errors.As(err, &at) {
		return &WrongFormula{Reason: at.Message, At: at.From}
	}
	return &WrongFormula{Reason: err.Error(), At: -1}
}

// tryOut runs the formula once, so that a name without a cube or a text where
// a number belongs is told when saving and not on somebody's screen.
func (f *Formula) tryOut() error {
	if _, err := f.run(func(string) any { return 2.0 }); err != nil {
		return mistake(err)
	}
	return nil
}

// Names lists the measures that the formula asks for.
func (f *Formula) Names() []string { return f.names }

// Value computes the formula; nil where something it needs is missing.
func (f *Formula) Value(value func(name string) any) any {
	out, err := f.run(value)
	if err != nil {
		return nil
	}
	return out
}

func (f *Formula) run(value func(name string) any) (any, error) {
	out, err := expr.Run(f.program, environment(value))
	if err != nil {
		return nil, err
	}
	if out == nil {
		return nil, nil
	}
	n, ok := number(out)
	if !ok {
		return nil, errors.New("the formula gives no number")
	}
	if math.IsNaN(n) || math.IsInf(n, 0) {
		return nil, nil
	}
	return n, nil
}

func number(v any) (float64, bool) {
	switch n := v.(type) {
	case int:
		return float64(n), true
	case int64:
		return float64(n), true
	case float64:
		return n, true
	}
	return 0, false
}
