// SPDX-License-Identifier: Apache-2.0

package linkage

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"

	"dangol/internal/match/weight"
	"dangol/internal/platform/fault"
)

// ModelVersion is raised when a model of before cannot be used any more.
const ModelVersion = 1

// Model is everything that was learnt about a kind of data, in a form that
// people can read and edit: what columns hold, how they are compared, which
// keys block, m, u and λ, and how frequent the frequent values are. The same
// model serves a run over millions and a single new record.
type Model struct {
	Version int `json:"version"`
	// Records is how many records it was learnt from.
	Records int `json:"records"`
	// Fields tell of the comparisons, in their order.
	Fields []FieldModel `json:"fields"`
	// Rules are the blocking rules in their order.
	Rules []RuleModel `json:"rules"`
	weight.Model
}

// FieldModel is one comparison: the columns it reads and what they hold.
type FieldModel struct {
	Name    string    `json:"name"`
	Kind    Kind      `json:"kind"`
	Columns []string  `json:"columns"`
	Dates   dateOrder `json:"dates,omitempty"`
	// Frequent has the share of each value that many records hold; any other
	// value has the share Usual.
	Frequent map[string]float64 `json:"frequent,omitempty"`
	Usual    float64            `json:"usual"`
	// Words has how rare the common pieces of a text are, by hash; others weigh Unseen.
	Words  map[string]float32 `json:"words,omitempty"`
	Unseen float32            `json:"unseen,omitempty"`
	// Values are words that block a text: how many records hold each.
	Holders map[string]uint32 `json:"holders,omitempty"`
}

// RuleModel is one blocking rule: records meet that share all its parts.
type RuleModel struct {
	Label string      `json:"label"`
	Parts []PartModel `json:"parts"`
}

// PartModel is the form of one field (for any order, of two) in a key.
type PartModel struct {
	Field string `json:"field"`
	Other string `json:"other,omitempty"`
	Form  Form   `json:"form"`
}

const (
	// frequentValues is how many values of a field the model keeps the share of.
	frequentValues = 2000
	// commonPieces is how many pieces of text it keeps the rarity of.
	commonPieces = 5000
)

func newLearnt(t *Table, fields []*field, rules []*Rule, w *weight.Model) *Model {
	m := &Model{Version: ModelVersion, Records: t.Rows, Model: *w}
	for _, f := range fields {
		m.Fields = append(m.Fields, f.learnt())
	}
	for _, r := range rules {
		rule := RuleModel{Label: r.Label}
		for _, p := range r.parts {
			part := PartModel{Field: fields[p.field].name, Form: p.form}
			if p.other >= 0 {
				part.Other = fields[p.other].name
			}
			rule.Parts = append(rule.Parts, part)
		}
		m.Rules = append(m.Rules, rule)
	}
	return m
}

func (f *field) learnt() FieldModel {
	m := FieldModel{Name: f.name, Kind: f.kind, Columns: f.columns, Dates: f.order, Frequent: map[string]float64{}}
	codes := make([]uint32, 0, len(f.values))
	records := uint32(0)
	for code := 1; code < len(f.values); code++ {
		if f.counts[code] > 1 {
			codes = append(codes, uint32(code))
		}
		records += f.counts[code]
	}
	slices.SortFunc(codes, func(a, b uint32) int {
		return cmp.Or(cmp.Compare(f.counts[b], f.counts[a]), cmp.Compare(f.values[a], f.values[b]))
	})
	kept := codes[:min(len(codes), frequentValues)]
	for _, code := range kept {
		m.Frequent[f.values[code]] = f.frequency(code)
		records -= f.counts[code]
	}
	m.Usual = max(float64(records)/float64(max(len(f.values)-1-len(kept), 1)), 1) / float64(max(f.present, 1))
	if f.rarity != nil {
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
	}
	return m
}

// Save is the model as JSON.
func (m *Model) Save() ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(m); err != nil {
		return nil, fmt.Errorf("write the model: %w", err)
	}
	return out.Bytes(), nil
}

// LoadModel reads a model and says what is wrong with one that cannot be used.
func LoadModel(raw []byte) (*Model, error) {
	m := &Model{}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(m); err != nil {
		return nil, badModel("It is not the JSON of a model: %v.", err)
	}
	if m.Version != ModelVersion {
		return nil, badModel("It has version %v, this program reads version %v; train it again by leaving --model out.", m.Version, ModelVersion)
	}
	if len(m.Fields) == 0 || len(m.Fields) != len(m.Comparisons) {
		return nil, badModel("It has %v fields for %v comparisons; each comparison needs its field.", len(m.Fields), len(m.Comparisons))
	}
	if len(m.Fields) > mostFields {
		return nil, badModel("It has %v comparisons, %v are the most.", len(m.Fields), mostFields)
	}
	for i, f := range m.Fields {
		want := measureOf(f.Kind, f.Dates, nil).labels
		if got := m.Comparisons[i].Levels; len(got) != len(want) {
			return nil, badModel("Comparison %v (%v) needs %v levels (%v), it has %v.", m.Comparisons[i].Name, f.Kind, len(want), strings.Join(want, "; "), len(got))
		}
		if len(f.Columns) == 0 {
			return nil, badModel("Field %v names no column.", f.Name)
		}
	}
	if len(m.Rules) == 0 {
		return nil, badModel("It has no blocking rule%v.", "")
	}
	if err := m.Validate(); err != nil {
		return nil, badModel("%v.", err)
	}
	_, err := m.parts()
	return m, err
}

// LoadModelFile is LoadModel of a file.
func LoadModelFile(path string) (*Model, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fault.Wrap(err, fault.NotFound, "match.no_model", "The model {path} cannot be read.", "path", path)
	}
	return LoadModel(raw)
}

func badModel(format string, args ...any) error {
	return fault.New(fault.Invalid, "match.bad_model", "The model cannot be used. "+fmt.Sprintf(format, args...))
}

func (m *Model) place(name string) int {
	return slices.IndexFunc(m.Fields, func(f FieldModel) bool { return f.Name == name })
}

// parts answers, a rule, the places of its fields; a rule of a field that is
// not there is a fault.
func (m *Model) parts() ([][][2]int, error) {
	out := make([][][2]int, len(m.Rules))
	for k, rule := range m.Rules {
		if len(rule.Parts) == 0 {
			return nil, badModel("Rule %v has no part.", rule.Label)
		}
		for _, p := range rule.Parts {
			at := [2]int{m.place(p.Field), -1}
			if p.Other != "" {
				at[1] = m.place(p.Other)
			}
			if at[0] < 0 || p.Other != "" && at[1] < 0 || (p.Form == AnyOrder) != (p.Other != "") {
				return nil, badModel("Rule %v speaks of a field that is not there.", rule.Label)
			}
			if _, known := survives[p.Form]; !known {
				return nil, badModel("Rule %v has the unknown form %q.", rule.Label, p.Form)
			}
			out[k] = append(out[k], at)
		}
	}
	return out, nil
}

// fieldsOf reads the model's columns out of a table.
func (m *Model) fieldsOf(t *Table, result *Result) ([]*field, error) {
	columns := map[string]*Column{}
	for _, c := range t.Columns {
		columns[c.Name] = c
	}
	var fields []*field
	for _, fm := range m.Fields {
		var raws []raw
		for _, name := range fm.Columns {
			c := columns[name]
			if c == nil {
				continue
			}
			result.Columns = append(result.Columns, ColumnReport{Name: name, Kind: fm.Kind, Present: c.Present(), Distinct: c.Distinct(), Comparison: fm.Name})
			if n := len(raws); n > 0 && fm.Kind == Address && hinted(name, Detail) && raws[n-1].detail == nil {
				raws[n-1].detail = c
				continue
			}
			raws = append(raws, raw{column: c, kind: fm.Kind, order: fm.Dates})
		}
		if len(raws) == 0 {
			return nil, fault.New(fault.Invalid, "match.no_such_column",
				fmt.Sprintf("The model compares %q, but the file has none of its columns (%s).", fm.Name, strings.Join(fm.Columns, ", ")))
		}
		f := newField(t, fm.Name, raws)
		f.rarity = fm.rarity()
		f.prepare()
		fields = append(fields, f)
	}
	partners(fields)
	return fields, nil
}

func (fm FieldModel) rarity() map[uint64]float32 {
	if !isTextKind(fm.Kind) {
		return nil
	}
	rarity := map[uint64]float32{0: max(fm.Unseen, 1)}
	for text, w := range fm.Words {
		var hash uint64
		if _, err := fmt.Sscanf(text, "%x", &hash); err == nil {
			rarity[hash] = w
		}
	}
	return rarity
}

func (m *Model) rulesOf(fields []*field) ([]*Rule, error) {
	places, err := m.parts()
	if err != nil {
		return nil, err
	}
	var rules []*Rule
	for k, rule := range m.Rules {
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
