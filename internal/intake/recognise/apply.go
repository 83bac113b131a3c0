// SPDX-License-Identifier: Apache-2.0

package recognise

import (
	"slices"
	"strings"

	"dangol/internal/platform/fault"
)

// Apply lays the corrections of a person over the proposal: columns are found by header (compared as Normalise
// does), by index when they have no header; a kind and columns that the correction does not name stay as
// proposed. A column that is in the correction but not in the file is a fault. A corrected column takes its
// single-valued field away from another one that was only proposed for it.
func (m *Mapping) Apply(correction Mapping) (Mapping, error) {
	result := *m
	result.Columns = slices.Clone(m.Columns)
	if correction.Kind != "" {
		result.Kind = correction.Kind
	}
	corrected := map[int]bool{}
	for _, wanted := range correction.Columns {
		i := result.indexOf(wanted)
		if i < 0 {
			return Mapping{}, fault.New(fault.Invalid, "mapping.no_column", "The mapping names the column {column}, which is not in the file. The columns are {columns}.",
				"column", wanted.Header, "columns", list(headersOf(m.Columns)))
		}
		proposed := result.Columns[i]
		wanted.Header, wanted.Index, wanted.Samples, wanted.NotScanned = proposed.Header, proposed.Index, proposed.Samples, wanted.NotScanned || proposed.NotScanned
		wanted.IsSparse = proposed.IsSparse
		if wanted.Field == "" {
			wanted.Field = proposed.Field
		}
		complete(&wanted, &proposed)
		wanted.Confidence, wanted.Reason = 1, "It was chosen by a person."
		result.Columns[i] = wanted
		corrected[i] = true
	}
	for i := range result.Columns {
		c := &result.Columns[i]
		if !corrected[i] && !isManyValued(c.Field) && slices.ContainsFunc(correction.Columns, func(w Column) bool { return w.Field == c.Field }) {
			c.Field, c.Reason = FieldIgnore, "Another column was chosen for its field."
		}
	}
	result.KeyColumns = keysOf(result.Columns)
	return result, nil
}

// complete fills what a correction written by hand leaves out.
func complete(wanted, proposed *Column) {
	switch {
	case wanted.Field == FieldKey && wanted.Scheme == "":
		if wanted.Scheme = proposed.Scheme; wanted.Scheme == "" {
			wanted.Scheme = SchemeName(wanted.Header)
		}
	case wanted.Field == FieldAttribute && wanted.Attribute == nil:
		if wanted.Attribute = proposed.Attribute; wanted.Attribute == nil {
			wanted.Attribute = &Attribute{Slug: Slug(wanted.Header), Label: wanted.Header, Type: TypeText}
		}
	}
	if wanted.Format == "" {
		wanted.Format = proposed.Format
	}
	if wanted.Currency == "" {
		wanted.Currency = proposed.Currency
	}
}

func (m *Mapping) indexOf(wanted Column) int {
	if wanted.Header == "" {
		return slices.IndexFunc(m.Columns, func(c Column) bool { return c.Index == wanted.Index })
	}
	return headerIndex(headersOf(m.Columns), wanted.Header)
}

// headerIndex finds the column that a person means: by its header as it stands, compared as Normalise does, or
// by the last part of a header of several rows ("고객 정보 / 회원번호") when only one column has it; else -1.
func headerIndex(headers []string, wanted string) int {
	if i := slices.Index(headers, wanted); i >= 0 {
		return i
	}
	name := Normalise(wanted)
	if i := slices.IndexFunc(headers, func(h string) bool { return Normalise(h) == name }); i >= 0 {
		return i
	}
	found := -1
	for i, h := range headers {
		if Normalise(lastPart(h)) != name {
			continue
		}
		if found >= 0 {
			return -1
		}
		found = i
	}
	return found
}

// lastPart is the lowest row of a header of several rows.
func lastPart(header string) string {
	if at := strings.LastIndex(header, " / "); at >= 0 {
		return header[at+3:]
	}
	return header
}

func headersOf(columns []Column) []string {
	headers := make([]string, len(columns))
	for i := range columns {
		headers[i] = columns[i].Header
	}
	return headers
}

func keysOf(columns []Column) []int {
	keys := []int{}
	for _, c := range columns {
		if c.Field == FieldKey {
			keys = append(keys, c.Index)
		}
	}
	return keys
}
