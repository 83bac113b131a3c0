// SPDX-License-Identifier: Apache-2.0

package linkage

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"dangol/internal/dataquality"
	"dangol/internal/platform/fault"
)

// ColumnReport says how a column was understood.
type ColumnReport struct {
	Name     string `json:"name"`
	Kind     Kind   `json:"kind"`
	Present  int    `json:"present"`
	Distinct int    `json:"distinct"`
	// Comparison is the comparison that it became part of, "" for none.
	Comparison string `json:"comparison,omitempty"`
}

// roles are the kinds of which a record has one thing, whatever the columns
// are called: columns of such a kind in different files are one comparison.
var roles = map[Kind]bool{Name: true, Given: true, Family: true, Company: true, Email: true, Phone: true, Address: true, Postal: true, Sex: true}

// manyValued are the kinds of which a record may have several in one file.
var manyValued = map[Kind]bool{Email: true, Phone: true}

// priority orders fields when there are more than fit; it is not used to weigh them.
var priority = map[Kind]int{
	Name: 0, Given: 0, Family: 0, Date: 1, Phone: 1, Email: 1, Company: 1, Identifier: 2, Address: 2, Postal: 2, Text: 3, Word: 3, Year: 3, Number: 4, Sex: 4, Category: 5,
}

// assemble recognises the columns and makes fields of them.
func assemble(t *Table, result *Result) ([]*field, error) {
	raws := joinKeys(t, recogniseAll(t, result), result)
	raws = joinNames(t, raws, result)
	groups := groupColumns(t, raws)
	groups = tellingOnly(groups, result)
	slices.SortStableFunc(groups, func(a, b group) int { return cmp.Compare(priority[a.columns[0].kind], priority[b.columns[0].kind]) })
	if len(groups) > mostFields {
		for _, g := range groups[mostFields:] {
			result.Notes = append(result.Notes, fmt.Sprintf("%s: left out, %d comparisons are the most", g.name, mostFields))
		}
		groups = groups[:mostFields]
	}
	var fields []*field
	for _, g := range groups {
		f := newField(t, g.name, g.columns)
		f.dropDefaults(t.Rows, result)
		if f.present < 2 || len(f.values) < 3 {
			result.Notes = append(result.Notes, g.name+": left out, it is (nearly) constant or empty")
			continue
		}
		for _, column := range f.columns {
			for i := range result.Columns {
				if result.Columns[i].Name == column {
					result.Columns[i].Comparison = f.name
				}
			}
		}
		f.prepare()
		fields = append(fields, f)
	}
	fields = withoutRepeats(fields, result)
	if len(fields) == 0 {
		return nil, fault.New(fault.Invalid, "match.no_usable_column",
			"No column can tell records apart: each is empty, constant or a running number. Name the columns that describe the person.")
	}
	partners(fields)
	return fields, nil
}

const (
	// enoughIdentity is how many kinds of personal data make columns of lesser
	// worth unnecessary.
	enoughIdentity = 4
)

// events are pieces of names of columns that date what happened, not who somebody is.
var events = []string{
	"가입", "등록", "접속", "동의", "수정", "변경", "작성", "최근", "탈퇴", "처리", "created", "updated", "modified", "regist", "signup", "joined", "login", "last_", "visit", "일시",
}

// workplaces are pieces of names of columns with the telephone of a company,
// which all who work there share.
var workplaces = []string{"work", "office", "직장", "회사", "대표"}

// memos are pieces of names of columns for remarks.
var memos = []string{"비고", "메모", "memo", "note", "remark", "comment"}

// tellingOnly leaves out what says when a record was made and how it was
// classified, where there is enough that says who it is: such columns differ
// between the records of one person and agree between strangers.
func tellingOnly(groups []group, result *Result) []group {
	identity := 0
	for _, g := range groups {
		switch g.columns[0].kind {
		case Name, Given, Family, Phone, Email, Address, Postal, Company:
			identity++
		case Date:
			if isBirth(g.name) {
				identity++
			}
		}
	}
	if identity < enoughIdentity {
		return groups
	}
	return slices.DeleteFunc(groups, func(g group) bool {
		drop := isAny(g.name, events) || isAny(g.name, memos) || g.columns[0].isTimed
		switch g.columns[0].kind {
		case Category, Number:
			drop = true
		case Word, Text:
			drop = drop || g.isClass()
		case Name, Given, Family, Phone, Email, Address, Postal:
			drop = false
		}
		if drop {
			result.Notes = append(result.Notes, g.name+": left out, it says little about who it is")
		}
		return drop
	})
}

const (
	// mostClasses is how many values a classification has at most.
	mostClasses = 64
	// perClass is how many records share a value of it at least, on average.
	perClass = 20
)

// isClass: few values for many records, such as branches, reasons of calls or
// titles of jobs; towns stay.
func (g *group) isClass() bool {
	distinct, present := 0, 0
	for _, r := range g.columns {
		distinct += r.column.Distinct()
		present += r.column.Present()
	}
	return distinct <= mostClasses && present >= perClass*distinct && !isAny(g.name, towns)
}

// towns are pieces of names of columns that hold places.
var towns = []string{"city", "town", "suburb", "state", "region", "province", "county", "country", "도시", "시도", "시군구", "지역", "읍면동"}

func isAny(name string, pieces []string) bool {
	return slices.ContainsFunc(pieces, func(piece string) bool { return strings.Contains(name, piece) })
}

func recogniseAll(t *Table, result *Result) []raw {
	var raws []raw
	for _, c := range t.Columns {
		kind, order, isTimed := recognise(c)
		result.Columns = append(result.Columns, ColumnReport{Name: c.Name, Kind: kind, Present: c.Present(), Distinct: c.Distinct()})
		if kind != Useless {
			raws = append(raws, raw{column: c, kind: kind, order: order, isTimed: isTimed})
		}
	}
	return raws
}

// group is columns that become one field.
type group struct {
	name    string
	columns []raw
}

// groupColumns joins what means the same: second parts of addresses to the
// address, several telephones, and the one name, birth date, … of each file.
func groupColumns(t *Table, raws []raw) []group {
	in := make([][]bool, len(raws)) // which sources have the column
	for i, r := range raws {
		in[i] = sourcesOf(t, r.column)
	}
	raws, in = attachDetails(raws, in)
	var groups []group
	var held [][]bool
	for i, r := range raws {
		place := -1
		for g := range groups {
			first := groups[g].columns[0]
			isRole := roles[r.kind] || r.scheme != "" && r.scheme == first.scheme || r.kind == Date && isBirth(r.column.Name) && isBirth(first.column.Name)
			if !isRole || first.kind != r.kind {
				continue
			}
			isWork := r.kind == Phone && isAny(r.column.Name, workplaces)
			if isWork != (r.kind == Phone && isAny(first.column.Name, workplaces)) {
				continue
			}
			if manyValued[r.kind] || !overlaps(held[g], in[i]) {
				place = g
				break
			}
		}
		if place < 0 {
			groups = append(groups, group{name: r.column.Name, columns: []raw{r}})
			held = append(held, slices.Clone(in[i]))
			continue
		}
		groups[place].columns = append(groups[place].columns, r)
		for s, has := range in[i] {
			held[place][s] = held[place][s] || has
		}
	}
	return groups
}

func sourcesOf(t *Table, c *Column) []bool {
	has := make([]bool, max(len(t.Sources), 1))
	for row, code := range c.Codes {
		if code != missing {
			has[t.Source[row]] = true
		}
	}
	return has
}

func overlaps(a, b []bool) bool {
	for i := range a {
		if a[i] && b[i] {
			return true
		}
	}
	return false
}

// attachDetails joins an address detail to the address of the same source.
func attachDetails(raws []raw, in [][]bool) ([]raw, [][]bool) {
	var kept []raw
	var keptIn [][]bool
	for i, r := range raws {
		if r.kind != Detail {
			kept, keptIn = append(kept, r), append(keptIn, in[i])
		}
	}
	for i, r := range raws {
		if r.kind != Detail {
			continue
		}
		done := false
		for k := range kept {
			if kept[k].kind == Address && kept[k].detail == nil && overlaps(keptIn[k], in[i]) {
				kept[k].detail, done = r.column, true
				break
			}
		}
		if !done {
			r.kind = Text
			kept, keptIn = append(kept, r), append(keptIn, in[i])
		}
	}
	return kept, keptIn
}

// partners finds given and family name in separate columns.
func partners(fields []*field) {
	given, family := -1, -1
	for i, f := range fields {
		if f.kind == Given && given < 0 {
			given = i
		}
		if f.kind == Family && family < 0 {
			family = i
		}
	}
	if given >= 0 && family >= 0 {
		pairUp(fields, min(given, family), max(given, family))
	}
}

const (
	// defaultsFrom is the number of records from which a repeated value can be
	// called a default; below it, the frequency weight is enough.
	defaultsFrom = 15
	// defaultsAbove is how many times more often than the commonest hundredth
	// of the values a value must stand for it to be no one's own.
	defaultsAbove = 5
)

// dropDefaults empties the values that a form or a hurried clerk put into many
// records: one telephone for five hundred people, 1900-01-01, a test address.
// They are found by their number against what is usual in the column.
func (f *field) dropDefaults(rows int, result *Result) {
	switch f.kind {
	case Phone, Email, Identifier, Date:
	default:
		return
	}
	usual := f.commonCount()
	var dropped []uint32
	for code := 1; code < len(f.counts); code++ {
		if n := f.counts[code]; n >= defaultsFrom && n > defaultsAbove*usual {
			dropped = append(dropped, uint32(code))
		}
	}
	if len(dropped) == 0 || len(dropped)*20 > len(f.values) {
		return
	}
	isDropped := make([]bool, len(f.values))
	shown, records := 0, uint32(0)
	for _, code := range dropped {
		isDropped[code] = true
		records += f.counts[code]
		if shown < 5 {
			shown++
			result.Notes = append(result.Notes, fmt.Sprintf("%s: %s stands in %d records and is taken for a default", f.name, maskedFor(f.kind, f.values[code]), f.counts[code]))
		}
	}
	if len(dropped) > shown {
		result.Notes = append(result.Notes, fmt.Sprintf("%s: %d default values in %d records in all", f.name, len(dropped), records))
	}
	for _, slot := range f.slots {
		for row, code := range slot {
			if isDropped[code] {
				slot[row] = missing
			}
		}
	}
	for k := len(f.slots) - 1; k > 0; k-- { // a later telephone moves up
		for row, code := range f.slots[k] {
			if f.slots[k-1][row] == missing {
				f.slots[k-1][row], f.slots[k][row] = code, missing
			}
		}
	}
	f.count(rows)
}

// commonCount is the number of records of the value at the upper hundredth.
func (f *field) commonCount() uint32 {
	counts := slices.Clone(f.counts[1:])
	slices.Sort(counts)
	if len(counts) == 0 {
		return 1
	}
	return max(counts[len(counts)*99/100], 1)
}

func maskedFor(kind Kind, value string) string {
	switch kind {
	case Phone:
		return dataquality.MaskPhone(value)
	case Email:
		return dataquality.MaskEmail(value)
	}
	return value
}
