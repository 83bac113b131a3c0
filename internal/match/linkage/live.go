// SPDX-License-Identifier: Apache-2.0

package linkage

import (
	"cmp"
	"slices"
	"strings"

	"dangol/internal/match/weight"
)

// Builder makes a table of rows as they come.
type Builder struct {
	ids      []string
	builders []*columnBuilder
}

// NewBuilder makes a builder of a table with the columns.
func NewBuilder(columns []string) *Builder {
	b := &Builder{}
	for _, name := range columns {
		b.builders = append(b.builders, newColumnBuilder(name))
	}
	return b
}

// Add appends a row; values are in the order of the columns, "" is missing.
func (b *Builder) Add(values []string) {
	for i, value := range values {
		b.builders[i].add(value)
	}
}

// Table returns what was added.
func (b *Builder) Table() *Table {
	t := &Table{Sources: []string{"base"}}
	for _, builder := range b.builders {
		t.Columns = append(t.Columns, builder.column)
	}
	if len(t.Columns) > 0 {
		t.Rows = len(t.Columns[0].Codes)
	}
	t.Source = make([]uint8, t.Rows)
	return t
}

// Spec is a trained model with all that it takes to use it on other records.
type Spec struct {
	Model *weight.Model `json:"model"`
	// Kinds are the kinds of the comparisons, in their order.
	Kinds []Kind     `json:"kinds"`
	Rules []RuleSpec `json:"rules"`
	// Records is how many records it was trained on.
	Records int `json:"records"`
}

// RuleSpec is a blocking rule without the records it sorted.
type RuleSpec struct {
	Label   string `json:"label"`
	Parts   []Part `json:"parts"`
	Pairs   int64  `json:"pairs"`
	Skipped int64  `json:"skipped"`
}

// Part is one piece of a blocking key: a column, whole or in a coarse form.
type Part struct {
	Column string `json:"column"`
	Form   string `json:"form,omitempty"`
}

// The coarse forms of columns in blocking keys.
const (
	formLetters = "first letters"
	formYear    = "year"
	formWord    = "first word"
)

// Spec returns what the run learned, to be used on other records.
func (r *Result) Spec() *Spec {
	spec := &Spec{Model: r.Model, Records: len(r.Cluster)}
	kinds := map[string]Kind{}
	for _, c := range r.Columns {
		kinds[c.Name] = c.Kind
	}
	for _, c := range r.Model.Comparisons {
		spec.Kinds = append(spec.Kinds, kinds[c.Name])
	}
	for _, rule := range r.Rules {
		spec.Rules = append(spec.Rules, RuleSpec{Label: rule.Label, Parts: partsOf(rule.Label), Pairs: rule.Pairs, Skipped: rule.Skipped})
	}
	return spec
}

// partsOf reads the pieces of a rule from its label, "a (year) + b".
func partsOf(label string) []Part {
	var parts []Part
	for _, piece := range strings.Split(label, " + ") {
		part := Part{Column: piece}
		for _, form := range []string{formLetters, formYear, formWord} {
			if column, ok := strings.CutSuffix(piece, " ("+form+")"); ok {
				part = Part{Column: column, Form: form}
			}
		}
		parts = append(parts, part)
	}
	return parts
}

// Frequencies are the common values of each comparison with how many records hold them.
type Frequencies []ValueCounts

// ValueCounts are the counts of one comparison's values; values not in it are rare.
type ValueCounts struct {
	Present int               `json:"present"`
	Counts  map[string]uint32 `json:"counts"`
}

// FrequenciesOf counts the values of the table under the spec: the most common ones, at most `most` a comparison.
func (s *Spec) FrequenciesOf(t *Table, most int) Frequencies {
	out := make(Frequencies, len(s.Kinds))
	for i, e := range s.evidences(t) {
		out[i] = ValueCounts{Present: e.column.Present(), Counts: map[string]uint32{}}
		var codes []int
		for code, n := range e.column.Counts {
			if code != missing && n > 1 {
				codes = append(codes, code)
			}
		}
		slices.SortFunc(codes, func(a, b int) int { return cmp.Compare(e.column.Counts[b], e.column.Counts[a]) })
		for _, code := range codes[:min(most, len(codes))] {
			out[i].Counts[e.column.Values[code]] = e.column.Counts[code]
		}
	}
	return out
}

func (s *Spec) evidences(t *Table) []*evidence {
	byName := map[string]*Column{}
	for _, c := range t.Columns {
		byName[c.Name] = c
	}
	var all []*evidence
	for i, c := range s.Model.Comparisons {
		all = append(all, newEvidence(byName[c.Name].derive(c.Name, tidy), s.Kinds[i]))
	}
	return all
}

// Scored is one pair with what speaks for and against it.
type Scored struct {
	Weight float64
	Levels []uint8
	// Parts are the weights of the comparisons, frequency adjustment included.
	Parts []float64
}

// Score compares the first row of the table with every other one.
func (s *Spec) Score(t *Table, frequencies Frequencies) []Scored {
	all := s.evidences(t)
	prior := s.Model.PriorWeight()
	out := make([]Scored, t.Rows-1)
	for row := 1; row < t.Rows; row++ {
		scored := Scored{Weight: prior, Levels: make([]uint8, len(all)), Parts: make([]float64, len(all))}
		for i, e := range all {
			c := &s.Model.Comparisons[i]
			code := e.column.Codes[0]
			level := e.level(code, e.column.Codes[row])
			bits := c.Weight(level)
			if level == 1 && i < len(frequencies) && frequencies[i].Present > 0 {
				count := max(frequencies[i].Counts[e.column.Values[code]], 1)
				bits += c.FrequencyWeight(level, float64(count)/float64(frequencies[i].Present))
			}
			scored.Levels[i], scored.Parts[i] = level, bits
			scored.Weight += bits
		}
		out[row-1] = scored
	}
	return out
}

// Keys returns the blocking keys of a record, "" for rules of which it lacks a piece.
func (s *Spec) Keys(columns, values []string) []string {
	keys := make([]string, len(s.Rules))
	for i, rule := range s.Rules {
		var key strings.Builder
		for _, part := range rule.Parts {
			piece := s.piece(part, columns, values)
			if piece == "" {
				key.Reset()
				break
			}
			key.WriteString(piece)
			key.WriteByte(0)
		}
		keys[i] = key.String()
	}
	return keys
}

func (s *Spec) piece(part Part, columns, values []string) string {
	at := slices.Index(columns, part.Column)
	comparison := slices.IndexFunc(s.Model.Comparisons, func(c weight.Comparison) bool { return c.Name == part.Column })
	if at < 0 || comparison < 0 {
		return ""
	}
	value := tidy(values[at])
	switch s.Kinds[comparison] {
	case Name, Identifier:
		value = letters(value)
	case Date:
		value = dateDigits(value)
	case Phone:
		value = phoneDigits(value)
	case Email, Number:
	default:
		value = words(value)
	}
	switch part.Form {
	case formLetters:
		return prefix(value, prefixLetters)
	case formYear:
		return value[:min(yearDigits, len(value))]
	case formWord:
		return longestWord(value)
	}
	return value
}
