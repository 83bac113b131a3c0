// SPDX-License-Identifier: Apache-2.0

package linkage

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"dangol/internal/match/weight"
	"dangol/internal/platform/fault"
)

// SpecVersion is raised when a model of before cannot be used any more.
const SpecVersion = 4

// Spec is everything that was learnt about a kind of data, in a form that
// people can read and edit: what columns hold, how they are compared, m, u and
// λ, and which keys block. The same spec serves a run over millions and a
// single new record.
type Spec struct {
	Version int           `json:"version"`
	Model   *weight.Model `json:"model"`
	// Kinds are the kinds of the comparisons, in their order.
	Kinds []Kind `json:"kinds"`
	// Fields tell what each comparison reads.
	Fields []FieldSpec `json:"fields"`
	Rules  []RuleSpec  `json:"rules"`
	// Records is how many records it was trained on.
	Records int `json:"records"`
}

// FieldSpec is the columns that one comparison reads.
type FieldSpec struct {
	Columns []string `json:"columns"`
	// Dates is the order of day, month and year.
	Dates dateOrder `json:"dates,omitempty"`
	// Words has how rare the common pieces of a text are, by hash; others weigh Unseen.
	Words  map[string]float32 `json:"words,omitempty"`
	Unseen float32            `json:"unseen,omitempty"`
	// Strangers has, by the number of records that share a value (1–2, 3, 4–5,
	// 6–9, …), which share of their pairs are of two persons.
	Strangers []float64 `json:"strangers,omitempty"`
	// Common are the hashes of words that are too common to block by.
	Common []uint32 `json:"common,omitempty"`

	// parsed is Words by the hash itself, once Prepare has read them.
	parsed map[uint64]float32
}

// RuleSpec is a blocking rule without the records it sorted.
type RuleSpec struct {
	Label   string `json:"label"`
	Parts   []Part `json:"parts"`
	Pairs   int64  `json:"pairs"`
	Skipped int64  `json:"skipped"`
}

// Part is one piece of a blocking key: a comparison's value, whole or in a
// coarser form; Other is the second one of AnyOrder.
type Part struct {
	Column string `json:"column"`
	Other  string `json:"other,omitempty"`
	Form   Form   `json:"form,omitempty"`
}

const (
	// commonPieces is how many pieces of text it keeps the rarity of.
	commonPieces = 5000
)

// Spec returns what the run learned, to be used on other records.
func (r *Result) Spec() *Spec {
	s := &Spec{Version: SpecVersion, Model: r.Model, Records: len(r.Cluster)}
	for _, f := range r.fields {
		s.Kinds = append(s.Kinds, f.kind)
		s.Fields = append(s.Fields, f.learnt())
	}
	for _, rule := range r.Rules {
		made := RuleSpec{Label: rule.Label, Pairs: rule.Pairs, Skipped: rule.Skipped}
		for _, p := range rule.parts {
			part := Part{Column: r.fields[p.field].name, Form: p.form}
			if p.other >= 0 {
				part.Other = r.fields[p.other].name
			}
			if p.words != nil {
				s.Fields[p.field].Common = p.common
			}
			made.Parts = append(made.Parts, part)
		}
		s.Rules = append(s.Rules, made)
	}
	return s
}

func (f *field) learnt() FieldSpec {
	m := FieldSpec{Columns: f.columns, Strangers: f.strangers}
	if f.kind == Date {
		m.Dates = f.order
	}
	if f.rarity == nil {
		return m
	}
	m.Unseen = f.rarity[0]
	hashes := make([]uint64, 0, len(f.rarity))
	for hash := range f.rarity {
		if hash != 0 {
			hashes = append(hashes, hash)
		}
	}
	slices.SortFunc(hashes, func(a, b uint64) int { return cmp.Or(cmp.Compare(f.rarity[a], f.rarity[b]), cmp.Compare(a, b)) })
	m.Words = map[string]float32{}
	for _, hash := range hashes[:min(len(hashes), commonPieces)] {
		m.Words[fmt.Sprintf("%016x", hash)] = f.rarity[hash]
	}
	return m
}

// Save is the spec as JSON.
func (s *Spec) Save() ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(s); err != nil {
		return nil, fmt.Errorf("write the model: %w", err)
	}
	return out.Bytes(), nil
}

// LoadSpec reads a saved model and says what is wrong with one that cannot be used.
func LoadSpec(raw []byte) (*Spec, error) {
	s := &Spec{}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(s); err != nil {
		return nil, badModel("It is not the JSON of a model: %v.", err)
	}
	return s, s.Validate()
}

// LoadSpecFile is LoadSpec of a file.
func LoadSpecFile(path string) (*Spec, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fault.Wrap(err, fault.NotFound, "match.no_model", "The model {path} cannot be read.", "path", path)
	}
	return LoadSpec(raw)
}

// Validate names the first thing that cannot be used.
func (s *Spec) Validate() error {
	if s.Version != SpecVersion {
		return badModel("It has version %v, this program reads version %v; train it again.", s.Version, SpecVersion)
	}
	if s.Model == nil || len(s.Fields) == 0 || len(s.Fields) != len(s.Model.Comparisons) || len(s.Kinds) != len(s.Fields) {
		return badModel("Each comparison needs its kind and its field%v.", "")
	}
	if len(s.Fields) > mostFields {
		return badModel("It has %v comparisons, %v are the most.", len(s.Fields), mostFields)
	}
	for i, f := range s.Fields {
		c := s.Model.Comparisons[i]
		want := measureOf(s.Kinds[i], f.Dates, nil).labels
		if len(c.Levels) != len(want) {
			return badModel("Comparison %v (%v) needs %v levels (%v), it has %v.", c.Name, s.Kinds[i], len(want), strings.Join(want, "; "), len(c.Levels))
		}
		if len(f.Columns) == 0 {
			return badModel("Comparison %v names no column.", c.Name)
		}
	}
	if len(s.Rules) == 0 {
		return badModel("It has no blocking rule%v.", "")
	}
	if err := s.Model.Validate(); err != nil {
		return badModel("%v.", err)
	}
	_, err := s.places()
	return err
}

func badModel(format string, args ...any) error {
	return fault.New(fault.Invalid, "match.bad_model", "The model cannot be used. "+fmt.Sprintf(format, args...))
}

func (s *Spec) place(name string) int {
	return slices.IndexFunc(s.Model.Comparisons, func(c weight.Comparison) bool { return c.Name == name })
}

// places answers, a rule, the places of its fields; a rule of a field that is
// not there is a fault.
func (s *Spec) places() ([][][2]int, error) {
	out := make([][][2]int, len(s.Rules))
	for k, rule := range s.Rules {
		if len(rule.Parts) == 0 {
			return nil, badModel("Rule %v has no part.", rule.Label)
		}
		for _, p := range rule.Parts {
			at := [2]int{s.place(p.Column), -1}
			if p.Other != "" {
				at[1] = s.place(p.Other)
			}
			if at[0] < 0 || p.Other != "" && at[1] < 0 || (p.Form == AnyOrder) != (p.Other != "") {
				return nil, badModel("Rule %v speaks of a comparison that is not there.", rule.Label)
			}
			if _, known := survives[p.Form]; !known {
				return nil, badModel("Rule %v has the unknown form %q.", rule.Label, p.Form)
			}
			out[k] = append(out[k], at)
		}
	}
	return out, nil
}

// Fits reports whether the table has a column for every comparison.
func (s *Spec) Fits(t *Table) bool {
	for _, f := range s.Fields {
		if !slices.ContainsFunc(t.Columns, func(c *Column) bool { return slices.Contains(f.Columns, c.Name) }) {
			return false
		}
	}
	return true
}

// fieldsOf reads the columns out of a table.
func (s *Spec) fieldsOf(t *Table, result *Result) ([]*field, error) {
	columns := map[string]*Column{}
	for _, c := range t.Columns {
		columns[c.Name] = c
	}
	var fields []*field
	for i, fs := range s.Fields {
		name, kind := s.Model.Comparisons[i].Name, s.Kinds[i]
		var raws []raw
		for _, column := range fs.Columns {
			c := columns[column]
			if c == nil {
				continue
			}
			result.Columns = append(result.Columns, ColumnReport{Name: column, Kind: kind, Present: c.Present(), Distinct: c.Distinct(), Comparison: name})
			if n := len(raws); n > 0 && kind == Address && hinted(column, Detail) && raws[n-1].detail == nil {
				raws[n-1].detail = c
				continue
			}
			raws = append(raws, raw{column: c, kind: kind, order: fs.Dates})
		}
		if len(raws) == 0 {
			return nil, fault.New(fault.Invalid, "match.no_such_column",
				fmt.Sprintf("The model compares %q, but the file has none of its columns (%s).", name, strings.Join(fs.Columns, ", ")))
		}
		f := newField(t, name, raws)
		f.rarity, f.strangers = fs.rarity(kind), fs.Strangers
		f.prepare()
		fields = append(fields, f)
	}
	partners(fields)
	return fields, nil
}

// Prepare reads the hashes of the spec once, so that Score need not at every look-up. It is not safe while the
// spec is used already.
func (s *Spec) Prepare() {
	for i, kind := range s.Kinds {
		if i < len(s.Fields) {
			s.Fields[i].parsed = s.Fields[i].rarity(kind)
		}
	}
}

func (fm FieldSpec) rarity(kind Kind) map[uint64]float32 {
	if !isTextKind(kind) {
		return nil
	}
	if fm.parsed != nil {
		return fm.parsed
	}
	rarity := make(map[uint64]float32, len(fm.Words)+1)
	rarity[0] = max(fm.Unseen, 1)
	for text, w := range fm.Words {
		if hash, err := strconv.ParseUint(text, 16, 64); err == nil {
			rarity[hash] = w
		}
	}
	return rarity
}

func (s *Spec) rulesOf(fields []*field) ([]*Rule, error) {
	places, err := s.places()
	if err != nil {
		return nil, err
	}
	var rules []*Rule
	for k, rule := range s.Rules {
		var list []*part
		for i, at := range places[k] {
			if at[1] >= 0 {
				list = append(list, anyOrder(fields, at[0], at[1]))
			} else {
				list = append(list, newPart(fields, at[0], rule.Parts[i].Form))
			}
		}
		rules = append(rules, newRule(fields, list...))
	}
	return rules, nil
}
