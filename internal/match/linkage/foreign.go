// SPDX-License-Identifier: Apache-2.0

package linkage

import (
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	// keyInclusion is the share of the values of a column that must be found in
	// another file's for the two to hold the same keys.
	keyInclusion = 0.5
	// fewestKeys is how many values must be found there.
	fewestKeys = 5
	// keyBeyondChance is how many times more values must be found than two
	// columns of such codes would share by accident.
	keyBeyondChance = 20
)

// keyColumn is a column that may hold keys of one person, such as member numbers.
type keyColumn struct {
	column  *Column
	values  map[string]bool
	space   float64 // how many codes of this shape there could be
	sources []bool
}

// joinKeys finds columns of different files that hold keys of the same scheme
// under different headers ("회원번호" here, "통합회원번호" there): most values of
// one are values of the other, far beyond chance (an inclusion dependency). A
// running number of one file, which is evidence of nothing alone, becomes
// evidence when another file refers to it.
func joinKeys(t *Table, raws []raw, result *Result) []raw {
	if len(t.Sources) < 2 {
		return raws
	}
	var list []*keyColumn
	for i, c := range t.Columns {
		kind := result.Columns[i].Kind
		if kind != Identifier && kind != Useless && kind != Number || c.Distinct() < fewestKeys {
			continue
		}
		if k := newKeyColumn(t, c); k != nil {
			list = append(list, k)
		}
	}
	scheme := map[*Column]string{}
	for i, a := range list {
		for _, b := range list[i+1:] {
			if !overlaps(a.sources, b.sources) && a.isJoinedTo(b) {
				name := scheme[a.column]
				if name == "" {
					name = a.column.Name
				}
				scheme[a.column], scheme[b.column] = name, name
			}
		}
	}
	for i, c := range t.Columns {
		name := scheme[c]
		if name == "" {
			continue
		}
		result.Columns[i].Kind = Identifier
		at := slices.IndexFunc(raws, func(r raw) bool { return r.column == c })
		if at < 0 {
			raws = append(raws, raw{column: c})
			at = len(raws) - 1
		}
		raws[at].kind, raws[at].scheme = Identifier, name
	}
	return raws
}

// newKeyColumn answers nil for values that are no codes.
func newKeyColumn(t *Table, c *Column) *keyColumn {
	k := &keyColumn{column: c, values: make(map[string]bool, c.Distinct()), sources: sourcesOf(t, c)}
	if !slices.Contains(k.sources, false) {
		return nil // in every file already
	}
	length, isNumber := 0, true
	for _, value := range c.Values[1:] {
		code := letters(value)
		if code == "" || len(strings.Fields(value)) > 1 && !isDigits(code) {
			continue
		}
		k.values[code] = true
		length += min(utf8.RuneCountInString(code), 40)
		isNumber = isNumber && isDigits(code)
	}
	if len(k.values) < fewestKeys {
		return nil
	}
	base := 36.0
	if isNumber {
		base = 10
	}
	k.space = math.Pow(base, float64(length)/float64(len(k.values)))
	return k
}

func (k *keyColumn) isJoinedTo(other *keyColumn) bool {
	small, large := k, other
	if len(small.values) > len(large.values) {
		small, large = large, small
	}
	both := 0
	for code := range small.values {
		if large.values[code] {
			both++
		}
	}
	share := float64(both) / float64(len(small.values))
	chance := float64(len(large.values)) / min(small.space, large.space)
	return both >= fewestKeys && share >= keyInclusion && share >= keyBeyondChance*chance
}

// joinNames makes one whole name of given and family name where the other
// files have whole names, and leaves the parts out where the same file has the
// whole: a name is not evidence twice.
func joinNames(t *Table, raws []raw, result *Result) []raw {
	places := func(kind Kind) (list []int) {
		for i, r := range raws {
			if r.kind == kind {
				list = append(list, i)
			}
		}
		return list
	}
	whole, given, family := places(Name), places(Given), places(Family)
	if len(whole) == 0 || len(given) == 0 {
		return raws
	}
	named := make([]bool, max(len(t.Sources), 1))
	for _, i := range whole {
		for s, has := range sourcesOf(t, raws[i].column) {
			named[s] = named[s] || has
		}
	}
	drop := map[int]bool{}
	for _, i := range slices.Concat(given, family) {
		in := sourcesOf(t, raws[i].column)
		if isWithin(in, named) {
			drop[i] = true
			result.Notes = append(result.Notes, raws[i].column.Name+": left out, the file has the whole name")
		}
	}
	for _, i := range given {
		for _, j := range family {
			g, f := raws[i], raws[j]
			in := sourcesOf(t, g.column)
			if drop[i] || drop[j] || overlaps(in, named) || !isWithin(in, sourcesOf(t, f.column)) {
				continue
			}
			first, second := g, f
			if isKorean(f.column) { // the family name comes first (F-NAME-1)
				first, second = f, g
			}
			first.kind, first.detail = Name, second.column
			raws[i] = first
			drop[j] = true
			break
		}
	}
	var kept []raw
	for i, r := range raws {
		if !drop[i] {
			kept = append(kept, r)
		}
	}
	return kept
}

// isWithin: every file of a is one of b.
func isWithin(a, b []bool) bool {
	for i := range a {
		if a[i] && !b[i] {
			return false
		}
	}
	return true
}

func isKorean(c *Column) bool {
	sample := sampleOf(c)
	n := 0
	for _, value := range sample {
		if strings.IndexFunc(value, isHangulSyllable) >= 0 {
			n++
		}
	}
	return n*2 > len(sample)
}
