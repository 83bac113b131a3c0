// SPDX-License-Identifier: Apache-2.0

package linkage

import (
	"cmp"
	"iter"
	"slices"
	"strconv"
	"strings"
)

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
	fields, err := s.fieldsOf(t, &Result{})
	if err != nil {
		return out // a table without the columns has no frequencies
	}
	for i, f := range fields {
		out[i] = ValueCounts{Present: f.present, Counts: map[string]uint32{}}
		var codes []int
		for code, n := range f.counts {
			if code != missing && n > 1 {
				codes = append(codes, code)
			}
		}
		slices.SortFunc(codes, func(a, b int) int {
			return cmp.Or(cmp.Compare(f.counts[b], f.counts[a]), cmp.Compare(f.values[a], f.values[b]))
		})
		for _, code := range codes[:min(most, len(codes))] {
			out[i].Counts[f.values[code]] = f.counts[code]
		}
	}
	return out
}

func (v ValueCounts) share(value string, partners float64, strangers []float64) float64 {
	if v.Present == 0 {
		return 0
	}
	return strangersShare(float64(v.Counts[value]), partners, float64(v.Present), strangers)
}

// Scored is one pair with what speaks for and against it.
type Scored struct {
	Weight float64
	Levels []uint8
	// Parts are the weights of the comparisons, frequency adjustment included;
	// with the prior they add up to Weight.
	Parts []float64
	// Chance and Cause name what explains the pair best among strangers and
	// within one person: "name" when only beyond a shared name counts, "address
	// differs" for someone who has moved; "" for nothing special.
	Chance, Cause string
}

// Score compares the first row of the table with every other one.
func (s *Spec) Score(t *Table, frequencies Frequencies) []Scored {
	fields, err := s.fieldsOf(t, &Result{})
	if err != nil || t.Rows < 2 {
		return make([]Scored, max(t.Rows-1, 0))
	}
	out := make([]Scored, t.Rows-1)
	for row := 1; row < t.Rows; row++ {
		out[row-1] = s.scored(fields, 0, uint32(row), func(i int, value string) float64 {
			if i < len(frequencies) {
				n := float64(s.Records)
				pairs := n * (n - 1) / 2
				return frequencies[i].share(value, partnersOf(s.Model, i, pairs, frequencies[i].Present), s.Fields[i].Strangers)
			}
			return 0
		})
	}
	return out
}

func (s *Spec) scored(fields []*field, a, b uint32, frequency func(i int, value string) float64) Scored {
	pattern := patternOf(fields, a, b)
	levels := make([]uint8, len(fields))
	for i := range levels {
		levels[i] = levelAt(pattern, i)
	}
	shares := make([]float64, len(fields))
	for i, f := range fields {
		if levels[i] == 1 {
			_, agreed := f.compareRows(a, b)
			shares[i] = frequency(i, f.values[agreed])
		}
	}
	evidence := s.Model.Explain(levels, shares)
	out := Scored{Levels: levels, Parts: evidence.Bits, Weight: s.Model.PriorWeight()}
	if evidence.Chance >= 0 {
		out.Chance = s.Model.Chances[evidence.Chance].Name
	}
	if evidence.Cause >= 0 {
		out.Cause = s.Model.Causes[evidence.Cause].Name
	}
	for _, bits := range out.Parts {
		out.Weight += bits
	}
	return out
}

// Keys returns the blocking keys of a record: two records are candidates when
// they share one. columns name the values.
func (s *Spec) Keys(columns, values []string) []string {
	b := NewBuilder(columns)
	b.Add(values)
	var keys []string
	for _, own := range s.KeysOf(b.Table()) {
		keys = own
	}
	return keys
}

// KeysOf yields the row and the blocking keys of every record of a table: the same as Keys of each, many
// times faster than one by one.
func (s *Spec) KeysOf(t *Table) iter.Seq2[int, []string] {
	return func(yield func(int, []string) bool) {
		fields, err := s.fieldsFor(t)
		if err != nil {
			return
		}
		places, err := s.places()
		if err != nil {
			return
		}
		for row := range t.Rows {
			if !yield(row, s.keysAt(fields, places, row)) {
				return
			}
		}
	}
}

func (s *Spec) keysAt(fields []*field, places [][][2]int, row int) []string {
	var keys []string
	for k, rule := range s.Rules {
		made := []string{strconv.Itoa(k)}
		for i, part := range rule.Parts {
			pieces := s.pieces(fields, places[k][i], part.Form, row)
			var longer []string
			for _, head := range made {
				for _, piece := range pieces {
					longer = append(longer, head+"\x00"+piece)
				}
			}
			made = longer
		}
		keys = append(keys, made[:min(len(made), keysPerRule)]...)
	}
	return keys
}

// fieldsFor is fieldsOf without the features, which keys do not need.
func (s *Spec) fieldsFor(t *Table) ([]*field, error) {
	var fields []*field
	for i, fs := range s.Fields {
		var raws []raw
		for _, column := range fs.Columns {
			at := slices.IndexFunc(t.Columns, func(c *Column) bool { return c.Name == column })
			switch n := len(raws); {
			case at < 0:
			case n > 0 && s.Kinds[i] == Address && hinted(column, Detail) && raws[n-1].detail == nil:
				raws[n-1].detail = t.Columns[at]
			default:
				raws = append(raws, raw{column: t.Columns[at], kind: s.Kinds[i], order: fs.Dates})
			}
		}
		if len(raws) == 0 {
			fields = append(fields, nil)
			continue
		}
		fields = append(fields, newField(t, s.Model.Comparisons[i].Name, raws))
	}
	return fields, nil
}

// pieces are the texts that one part of a rule takes of a record.
func (s *Spec) pieces(fields []*field, at [2]int, form Form, row int) []string {
	f := fields[at[0]]
	if f == nil {
		return nil
	}
	var out []string
	if at[1] >= 0 {
		other := fields[at[1]]
		if other == nil || f.slots[0][row] == missing || other.slots[0][row] == missing {
			return nil
		}
		a, b := f.values[f.slots[0][row]], other.values[other.slots[0][row]]
		return append(out, min(a, b)+"\x01"+max(a, b))
	}
	for _, slot := range f.slots {
		if slot[row] == missing {
			continue
		}
		value := f.values[slot[row]]
		if form == Rare {
			for _, word := range rareOf(value, s.Fields[at[0]].Common) {
				out = append(out, strconv.FormatUint(uint64(word), 36))
			}
		} else if text := keyText(form, value); text != "" {
			out = append(out, text)
		}
	}
	return out
}

// rareOf picks the words that are not known as common, the same ones in every record.
func rareOf(value string, common []uint32) []uint32 {
	list := wordKeys(value)
	list = slices.DeleteFunc(list, func(word uint32) bool { return slices.Contains(common, word) })
	return list[:min(len(list), rareWordsEach)]
}

// Step is one comparison of a pair for a person to read.
type Step struct {
	Comparison, Left, Right, Level string
	Weight                         float64
}

// explain tells how a pair of the run's own table comes to its weight.
func (r *Result) explain(t *Table, p Pair) (Scored, []Step) {
	s := &Spec{Model: r.Model}
	scored := s.scored(r.fields, p.A, p.B, func(i int, value string) float64 {
		f := r.fields[i]
		for _, own := range f.slots {
			if c := own[p.A]; c != missing && f.values[c] == value {
				return f.frequency(c)
			}
		}
		return 0
	})
	columns := map[string]*Column{}
	for _, c := range t.Columns {
		columns[c.Name] = c
	}
	steps := make([]Step, len(r.fields))
	for i, f := range r.fields {
		steps[i] = Step{
			Comparison: f.name, Level: r.Model.Comparisons[i].Levels[scored.Levels[i]].Label, Weight: scored.Parts[i],
			Left: shown(f, columns, int(p.A)), Right: shown(f, columns, int(p.B)),
		}
	}
	return scored, steps
}

func shown(f *field, columns map[string]*Column, row int) string {
	var parts []string
	for _, name := range f.columns {
		if c := columns[name]; c != nil && c.Codes[row] != missing {
			if value := c.Value(row); !slices.Contains(parts, value) {
				parts = append(parts, value)
			}
		}
	}
	return strings.Join(parts, " · ")
}
