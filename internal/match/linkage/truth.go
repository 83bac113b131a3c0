// SPDX-License-Identifier: Apache-2.0

package linkage

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"dangol/internal/platform/fault"
)

// TruthFromPairs reads a file of two columns, the ids of records that are one,
// and names the entity of each record after the first of its pairs. With
// several files the first column speaks of the first file and the second of
// the others.
func (t *Table) TruthFromPairs(path string) error {
	r := &reading{table: &Table{Sources: []string{path}}, builder: map[string]*columnBuilder{}, ids: newInterner(nil)}
	source, err := open(path)
	if err != nil {
		return err
	}
	r.options.ID = ""
	r.options.Ignore = nil
	r.isPlain = true
	if err := source.into(context.Background(), r); err != nil {
		return err
	}
	if len(r.order) < 2 {
		return fault.New(fault.Invalid, "match.bad_truth", fmt.Sprintf("%s needs two columns: the ids of two records that are one.", path))
	}
	left, right := t.rowsByID()
	parent := make([]int, t.Rows)
	for i := range parent {
		parent[i] = i
	}
	find := func(a int) int {
		for parent[a] != a {
			parent[a] = parent[parent[a]]
			a = parent[a]
		}
		return a
	}
	unknown := 0
	a, b := r.order[0].finish(), r.order[1].finish()
	for row := range a.Codes {
		x, okX := left[a.Value(row)]
		y, okY := right[b.Value(row)]
		if !okX || !okY {
			unknown++
			continue
		}
		parent[find(y)] = find(x)
	}
	if unknown == len(a.Codes) {
		return fault.New(fault.Invalid, "match.bad_truth", fmt.Sprintf("No id of %s is an id of the files; name the column of ids with --id.", path))
	}
	if unknown > 0 {
		t.Notes = append(t.Notes, fmt.Sprintf("%d pairs of %s name records that are not there", unknown, path))
	}
	t.Truth = make([]string, t.Rows)
	for row := range t.Truth {
		t.Truth[row] = fmt.Sprint(find(row))
	}
	return nil
}

// TruthFromRows reads a file of three columns: the name of a file, the number
// of a row in it from 1, and the entity that the row is about; it is what
// `dangol demo --truth` writes.
func (t *Table) TruthFromRows(path string) error {
	r := &reading{table: &Table{Sources: []string{path}}, builder: map[string]*columnBuilder{}, ids: newInterner(nil), isPlain: true}
	source, err := open(path)
	if err != nil {
		return err
	}
	if err := source.into(context.Background(), r); err != nil {
		return err
	}
	if len(r.order) < 3 {
		return fault.New(fault.Invalid, "match.bad_truth", fmt.Sprintf("%s needs three columns: file, number of the row from 1, entity.", path))
	}
	first, counts := make([]int, len(t.Sources)), make([]int, len(t.Sources))
	for row := t.Rows - 1; row >= 0; row-- {
		first[t.Source[row]] = row
		counts[t.Source[row]]++
	}
	t.Truth = make([]string, t.Rows)
	file, number, entity := r.order[0].finish(), r.order[1].finish(), r.order[2].finish()
	found := 0
	for row := range file.Codes {
		at := slices.Index(t.Sources, filepath.Base(file.Value(row)))
		n, err := strconv.Atoi(number.Value(row))
		if at < 0 || err != nil || n < 1 || n > counts[at] {
			continue
		}
		t.Truth[first[at]+n-1] = entity.Value(row)
		found++
	}
	if found == 0 {
		return fault.New(fault.Invalid, "match.bad_truth", fmt.Sprintf("No line of %s speaks of a row of these files: %s.", path, strings.Join(t.Sources, ", ")))
	}
	if unknown := t.Rows - found; unknown > 0 {
		t.Notes = append(t.Notes, fmt.Sprintf("of %d records %s says nothing", unknown, path))
	}
	return nil
}

func (t *Table) rowsByID() (left, right map[string]int) {
	left, right = make(map[string]int, t.Rows), make(map[string]int, t.Rows)
	for row := t.Rows - 1; row >= 0; row-- { // the first of equal ids stays
		if t.Source[row] == 0 {
			left[t.IDs[row]] = row
		}
		if t.Source[row] > 0 || len(t.Sources) == 1 {
			right[t.IDs[row]] = row
		}
	}
	return left, right
}
