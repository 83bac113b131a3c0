// SPDX-License-Identifier: Apache-2.0

package segment

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"dangol/internal/platform/fault"
)

// Limits of a rule tree, so that it stays a question.
const (
	maxDepth    = 20
	maxRules    = 500
	maxRuleSize = 1 << 20
	// maxDeeds bounds behaviour: each is a set of its own to be built.
	maxDeeds = 50
)

// Rule is a node of the rule tree: a group (op), a condition on an attribute
// (field), behaviour (event), or membership of another segment (segment) or of
// a kept list (list).
type Rule struct {
	Op    string `json:"op,omitempty" enum:"and,or,not,"`
	Rules []Rule `json:"rules,omitempty"`

	Field string          `json:"field,omitempty" doc:"attribute of the customer, such as sido or attr.hobby"`
	Is    string          `json:"is,omitempty" doc:"comparison"`
	Value json.RawMessage `json:"value,omitempty"`

	Event    string     `json:"event,omitempty" doc:"behaviour, such as order"`
	Where    *Rule      `json:"where,omitempty" doc:"group over the fields of the event"`
	Count    *Compare   `json:"count,omitempty"`
	Sum      *Compare   `json:"sum,omitempty" doc:"with of: what is summed"`
	Average  *Compare   `json:"average,omitempty" doc:"with of: what is summed and divided by the number of such events, rounded down"`
	Distinct *Compare   `json:"distinct,omitempty" doc:"with of: the field of which different values are counted"`
	Last     *Compare   `json:"last,omitempty" doc:"time of the last such event"`
	First    *Compare   `json:"first,omitempty" doc:"time of the first such event"`
	Within   *Within    `json:"within,omitempty"`
	InDays   int64      `json:"in_days,omitempty" minimum:"0" doc:"with count or sum: the most within so many days in a row, wherever they lie"`
	Then     *Then      `json:"followed_by,omitempty" doc:"only events that another one follows"`
	ID       *SegmentID `json:"segment,omitempty" doc:"members of another segment"`
	List     *ListID    `json:"list,omitempty" doc:"customers of a kept list"`
}

// ListID names a kept list of customers.
type ListID = int64

// Then is the event that has to follow: later than the first one, at most
// WithinDays days after it. An empty Event is the same kind of event.
type Then struct {
	Event      string `json:"event,omitempty"`
	Where      *Rule  `json:"where,omitempty" doc:"group over the fields of the event"`
	WithinDays int64  `json:"within_days" minimum:"0" maximum:"36500"`
}

// SegmentID names a saved segment.
type SegmentID = int64

// Compare is a comparison of what an event comes to.
type Compare struct {
	Of    string          `json:"of,omitempty"`
	Is    string          `json:"is"`
	Value json.RawMessage `json:"value,omitempty"`
}

// Within limits events in time: the last days including today, of which the
// newest SkipDays may be left out, or dates.
type Within struct {
	LastDays int64  `json:"last_days,omitempty" minimum:"0"`
	SkipDays int64  `json:"skip_days,omitempty" minimum:"0" doc:"with last_days: not the newest so many days"`
	From     string `json:"from,omitempty" doc:"ISO date"`
	To       string `json:"to,omitempty" doc:"ISO date, inside"`
}

// Everybody is the tree that all customers answer.
func Everybody() *Rule { return &Rule{Op: "and"} }

// Parse reads a rule tree; empty text and null are Everybody. Unknown words
// are refused: a misspelt condition must not select everybody.
func Parse(text []byte) (*Rule, error) {
	text = bytes.TrimSpace(text)
	if len(text) == 0 || string(text) == "null" || string(text) == "{}" {
		return Everybody(), nil
	}
	if len(text) > maxRuleSize {
		return nil, errTooLarge()
	}
	if nesting(text) > maxDepth*3 {
		return nil, errTooLarge()
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	var r Rule
	if err := decoder.Decode(&r); err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "rule.not_json",
			"The rules cannot be read: {problem}.", "problem", err.Error())
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, fault.New(fault.Invalid, "rule.not_json", "The rules cannot be read: {problem}.", "problem", "text follows the tree")
	}
	return &r, nil
}

// nesting is the depth of brackets outside strings.
func nesting(text []byte) int {
	depth, deepest := 0, 0
	inString, escaped := false, false
	for _, b := range text {
		switch {
		case escaped:
			escaped = false
		case inString:
			escaped = b == '\\'
			inString = b != '"'
		case b == '"':
			inString = true
		case b == '{' || b == '[':
			depth++
			deepest = max(deepest, depth)
		case b == '}' || b == ']':
			depth--
		}
	}
	return deepest
}

func errTooLarge() error {
	return fault.New(fault.Invalid, "rule.too_large",
		"The tree has more than {rules} rules or is nested deeper than {depth}; make the question simpler.",
		"rules", maxRules, "depth", maxDepth)
}

// hasAim says that the rule has a part that only behaviour may have.
func (r *Rule) hasAim() bool {
	for _, c := range []*Compare{r.Count, r.Sum, r.Average, r.Distinct, r.Last, r.First} {
		if c != nil {
			return true
		}
	}
	return r.Where != nil || r.Within != nil || r.InDays != 0 || r.Then != nil
}

// kind says which of the five nodes a rule is, "" when it is none or several.
func (r *Rule) kind() string {
	kind, n := "", 0
	for name, has := range map[string]bool{
		"op": r.Op != "", "field": r.Field != "", "event": r.Event != "", "segment": r.ID != nil, "list": r.List != nil,
	} {
		if has {
			kind = name
			n++
		}
	}
	if n != 1 {
		return ""
	}
	return kind
}
