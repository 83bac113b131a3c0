// SPDX-License-Identifier: Apache-2.0

package mail

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

const (
	// itemPrefix is before the fields of a list's current item.
	itemPrefix = "item."
	// givenPrefix is before values that the caller of the API gives.
	givenPrefix = "value."
	// itemsMost bounds the items of a list that are written.
	itemsMost = 500
	// conditionsMost bounds the conditions of one block.
	conditionsMost = 10
)

// condition is one comparison of a block; without operator it asks for any value.
type condition struct {
	field    string
	operator string
	operand  string
	isNot    bool
}

var operators = []string{"==", "!=", "<", "<=", ">", ">="}

// loop is a list that is being written.
type loop struct {
	items []map[string]string
	at    int
}

func (n *node) isControl() bool { return n.kind >= choose }

// fields are the merge fields that a node asks for; those of items come with their list.
func (n *node) fields() []string {
	switch {
	case n.kind == merge && !n.isItem, n.kind == repeat:
		return []string{n.text}
	case n.kind == choose:
		var list []string
		for _, c := range n.conditions {
			if !strings.HasPrefix(c.field, itemPrefix) {
				list = append(list, c.field)
			}
		}
		return list
	}
	return nil
}

// parseBlock reads {{#if a == "x" and b}}, {{#unless a}}, {{#each list}}, {{else}} and their ends.
func parseBlock(name string, words []word) (node, error) {
	switch name {
	case "#if", "#unless":
		return parseConditions(words, name == "#unless")
	case "#each":
		if len(words) != 1 || words[0].isText || !isFieldName(words[0].text) {
			return node{}, fmt.Errorf("#each needs the name of one list")
		}
		return node{kind: repeat, text: words[0].text}, nil
	}
	kinds := map[string]nodeKind{"else": otherwise, "/if": endChoose, "/unless": endChoose, "/each": endRepeat}
	kind, known := kinds[name]
	if !known || len(words) > 0 {
		return node{}, fmt.Errorf("there is no block %q; there are #if, #unless, #each, else and their ends", name)
	}
	return node{kind: kind}, nil
}

func parseConditions(words []word, isNot bool) (node, error) {
	n := node{kind: choose}
	joined := ""
	for {
		c, rest, err := parseCondition(words)
		if err != nil {
			return n, err
		}
		c.isNot = isNot
		n.conditions = append(n.conditions, c)
		if len(rest) == 0 {
			// Not (a and b) is (not a) or (not b).
			n.isAny = (joined == "or") != isNot && len(n.conditions) > 1
			return n, nil
		}
		with := rest[0].text
		if rest[0].isText || (with != "and" && with != "or") || (joined != "" && joined != with) || len(n.conditions) == conditionsMost {
			return n, fmt.Errorf("conditions are joined by and, or by or, at most %d", conditionsMost)
		}
		joined, words = with, rest[1:]
	}
}

func parseCondition(words []word) (condition, []word, error) {
	if len(words) == 0 || words[0].isText || !isFieldName(words[0].text) {
		return condition{}, nil, fmt.Errorf("a condition begins with the name of a field")
	}
	c := condition{field: words[0].text}
	words = words[1:]
	if len(words) == 0 || words[0].text == "and" || words[0].text == "or" {
		return c, words, nil
	}
	if words[0].isText || !slices.Contains(operators, words[0].text) || len(words) < 2 {
		return c, nil, fmt.Errorf("behind %s one of == != < <= > >= and a value are expected", c.field)
	}
	if _, err := strconv.ParseFloat(words[1].text, 64); !words[1].isText && err != nil {
		return c, nil, fmt.Errorf("write the value %q in quotes", words[1].text)
	}
	c.operator, c.operand = words[0].text, words[1].text
	return c, words[2:], nil
}

// bind finds where each block goes on, and that all are closed.
func (p *program) bind() error {
	var open []int
	for i := range p.nodes {
		n := &p.nodes[i]
		switch n.kind {
		case choose, repeat:
			open = append(open, i)
		case otherwise:
			if len(open) == 0 || p.nodes[open[len(open)-1]].kind != choose {
				return fmt.Errorf("{{else}} stands outside {{#if}}")
			}
			p.nodes[open[len(open)-1]].to = i + 1
			open[len(open)-1] = i
		case endChoose, endRepeat:
			if len(open) == 0 {
				return fmt.Errorf("a block ends that was not begun")
			}
			first := &p.nodes[open[len(open)-1]]
			if (n.kind == endRepeat) != (first.kind == repeat) {
				return fmt.Errorf("blocks are not closed in their order")
			}
			n.to, first.to = open[len(open)-1]+1, i+1
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 {
		return fmt.Errorf("a block is not closed")
	}
	return p.checkItems()
}

// checkItems refuses fields of items outside lists.
func (p *program) checkItems() error {
	depth := 0
	for i := range p.nodes {
		n := &p.nodes[i]
		switch {
		case n.kind == repeat:
			depth++
		case n.kind == endRepeat:
			depth--
		case n.isItem && depth == 0, n.kind == choose && depth == 0 && slices.ContainsFunc(n.conditions, condition.isOfItem):
			return fmt.Errorf("item. stands outside {{#each}}")
		}
	}
	return nil
}

func (c condition) isOfItem() bool { return strings.HasPrefix(c.field, itemPrefix) }

// control follows a block and answers which node is next.
func (w *writer) control(n *node, i int, values Values) int {
	switch n.kind {
	case choose:
		if w.holds(n, values) {
			return i + 1
		}
		return n.to
	case otherwise:
		return n.to
	case repeat:
		items := listOf(w.lookup(n.text, values).Text)
		if len(items) == 0 {
			return n.to
		}
		w.loops = append(w.loops, loop{items: items})
	case endRepeat:
		top := &w.loops[len(w.loops)-1]
		if top.at++; top.at < len(top.items) {
			return n.to
		}
		w.loops = w.loops[:len(w.loops)-1]
	}
	return i + 1
}

// value is what a field shows here.
func (w *writer) value(n *node, values Values) Value {
	if n.isItem {
		return w.lookup(n.text, values)
	}
	v, _ := values(n.text)
	return v
}

func (w *writer) lookup(name string, values Values) Value {
	if !strings.HasPrefix(name, itemPrefix) {
		v, _ := values(name)
		return v
	}
	if len(w.loops) == 0 {
		return Value{}
	}
	top := w.loops[len(w.loops)-1]
	if key := name[len(itemPrefix):]; key != "position" {
		return Value{Text: top.items[top.at][key]}
	}
	return Value{Text: strconv.Itoa(top.at + 1)}
}

func (w *writer) holds(n *node, values Values) bool {
	for _, c := range n.conditions {
		if c.holds(w.lookup(c.field, values).Text) == n.isAny {
			return n.isAny
		}
	}
	return !n.isAny
}

// holds compares as numbers when both sides are numbers, else as texts.
func (c condition) holds(text string) bool {
	text = strings.TrimSpace(text)
	if c.operator == "" {
		return (text != "" && text != "[]") != c.isNot
	}
	order := strings.Compare(text, c.operand)
	if a, err := strconv.ParseFloat(text, 64); err == nil {
		if b, err := strconv.ParseFloat(c.operand, 64); err == nil {
			order = 0
			if a < b {
				order = -1
			} else if a > b {
				order = 1
			}
		}
	} else if strings.Contains(c.operator, "<") || strings.Contains(c.operator, ">") {
		if text == "" {
			return c.isNot // nothing is neither smaller nor greater
		}
	}
	var is bool
	switch c.operator {
	case "==":
		is = order == 0
	case "!=":
		is = order != 0
	case "<":
		is = order < 0
	case "<=":
		is = order <= 0
	case ">":
		is = order > 0
	default:
		is = order >= 0
	}
	return is != c.isNot
}

// listOf reads the items of a list; what is no list has none.
func listOf(text string) []map[string]string {
	if !strings.HasPrefix(text, "[") {
		return nil
	}
	var raw []map[string]any
	if json.Unmarshal([]byte(text), &raw) != nil {
		return nil
	}
	items := make([]map[string]string, 0, min(len(raw), itemsMost))
	for _, r := range raw[:min(len(raw), itemsMost)] {
		item := make(map[string]string, len(r))
		for key, value := range r {
			item[key] = textOfValue(value)
		}
		items = append(items, item)
	}
	return items
}

// textOfValue writes a JSON value as a field shows it.
func textOfValue(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return v
	case bool:
		if v {
			return "1"
		}
		return ""
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	text, err := json.Marshal(value)
	if err != nil {
		return ""
	}
	return string(text)
}
