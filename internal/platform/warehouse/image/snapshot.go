// SPDX-License-Identifier: Apache-2.0

package image

import (
	"context"
	"slices"
	"sync/atomic"

	"dangol/internal/platform/warehouse"
)

// unit is a chunk with its subjects that later ones stand in for.
type unit struct {
	*chunk
	dead []uint64 // a bit for each subject that no longer counts; nil: all count
	// isLaid says that a part in memory lies over what the file holds.
	isLaid bool
}

func (u *unit) isDead(subject int) bool {
	return u.dead != nil && u.dead[subject>>6]>>(subject&63)&1 != 0
}

func (u *unit) bury(subject int) {
	if u.dead == nil {
		u.dead = make([]uint64, (u.subjects+63)/64)
	} else {
		u.dead = slices.Clone(u.dead) // others may be reading the old one
	}
	u.dead[subject>>6] |= 1 << (subject & 63)
}

// layer is the state of some subjects after one change, gone ones included.
type layer struct {
	ids   []int64
	units []unit
}

// Snapshot is file and delta as of one position. It never changes.
type Snapshot struct {
	spec     Spec
	file     *file
	units    []unit // of the file
	layers   []layer
	texts    [][][]string
	numbers  [][]*dictionary
	lookups  map[string]*lookup
	position warehouse.Position
	kept     *keeper // of this file and its look-ups
	// stale names derived tables that were written anew, at which version.
	stale  map[string]int64
	isLaid bool
	// retired is set when the file was found damaged: nothing more is answered.
	retired *atomic.Bool
}

// Position is what every answer of the snapshot includes.
func (s *Snapshot) Position() warehouse.Position { return s.position }

// all lists the chunks of file and delta.
func (s *Snapshot) all() []unit {
	if len(s.layers) == 0 {
		return s.units
	}
	list := slices.Clone(s.units)
	for _, l := range s.layers {
		list = append(list, l.units...)
	}
	return list
}

// deltaSubjects counts the subjects that lie outside the file.
func (s *Snapshot) deltaSubjects() int {
	n := 0
	for _, l := range s.layers {
		n += len(l.ids)
	}
	return n
}

// refreshTexts takes in the texts numbered since.
func (s *Snapshot) refreshTexts() {
	s.texts = make([][][]string, len(s.numbers))
	for t := range s.numbers {
		s.texts[t] = make([][]string, len(s.numbers[t]))
		for c, d := range s.numbers[t] {
			if d != nil {
				s.texts[t][c] = d.list()
			}
		}
	}
}

// with returns a snapshot in which the subjects of a layer stand in for all
// earlier ones.
func (s *Snapshot) with(l layer, position warehouse.Position) *Snapshot {
	next := *s
	next.position = position
	next.units = slices.Clone(s.units)
	next.layers = make([]layer, 0, len(s.layers)+1)
	bury(next.units, l.ids)
	for _, old := range s.layers {
		old.units = slices.Clone(old.units)
		bury(old.units, l.ids)
		next.layers = append(next.layers, old)
	}
	next.layers = append(next.layers, l)
	next.refreshTexts()
	return &next
}

// bury marks subjects in ordered units; each bitmap is copied once.
func bury(units []unit, ids []int64) {
	owned := -1
	place := 0
	for _, id := range ids {
		for place < len(units) && units[place].last < id {
			place++
		}
		if place == len(units) {
			return
		}
		u := &units[place]
		subject, ok := u.find(id)
		if !ok {
			continue
		}
		if owned != place {
			u.bury(subject)
			owned = place
			continue
		}
		u.dead[subject>>6] |= 1 << (subject & 63)
	}
}

// unitsOf makes units of chunks in the order of their keys.
func unitsOf(chunks []*chunk) []unit {
	units := make([]unit, len(chunks))
	for i, c := range chunks {
		units[i] = unit{chunk: c}
	}
	return units
}

func sortChunks(chunks []*chunk, sums []uint64) {
	order := make([]int, len(chunks))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		if chunks[a].first < chunks[b].first {
			return -1
		}
		return 1
	})
	oldChunks, oldSums := slices.Clone(chunks), slices.Clone(sums)
	for i, o := range order {
		chunks[i] = oldChunks[o]
		if sums != nil {
			sums[i] = oldSums[o]
		}
	}
}

// readLayer reads the rows of subjects as they are now.
func readLayer(ctx context.Context, spec Spec, numbers [][]*dictionary, from Reading, ids []int64) (layer, error) {
	g := newGatherer(spec, numbers)
	list, err := g.read(ctx, from, Which{IDs: ids}, 0)
	if err != nil {
		return layer{}, err
	}
	l := layer{ids: ids}
	err = g.arrange(ctx, list, func(c *chunk) error {
		l.units = append(l.units, unit{chunk: c})
		return nil
	})
	return l, err
}

// mergeLayers makes one layer of many, so that questions do not meet a
// thousand small chunks.
func (s *Snapshot) mergeLayers(ctx context.Context) (*Snapshot, error) {
	g := newGatherer(s.spec, s.numbers)
	list := emptyRows(s.spec)
	var ids []int64
	for _, l := range s.layers {
		ids = append(ids, l.ids...)
		for i := range l.units {
			u := &l.units[i]
			for subject := range u.subjects {
				if !u.isDead(subject) {
					copySubject(list, u.chunk, subject)
				}
			}
		}
	}
	slices.Sort(ids)
	one := layer{ids: slices.Compact(ids)}
	err := g.arrange(ctx, list, func(c *chunk) error {
		one.units = append(one.units, unit{chunk: c})
		return nil
	})
	next := *s
	next.layers = []layer{one}
	return &next, err
}

func emptyRows(spec Spec) []rowsOf {
	list := make([]rowsOf, len(spec))
	for t := range spec {
		list[t] = rowsOf{table: &spec[t], columns: make([][]int64, len(spec[t].Columns))}
	}
	return list
}

// copySubject adds the rows of a subject to lists of rows.
func copySubject(list []rowsOf, c *chunk, subject int) {
	key := c.keys.at(subject)
	for t := range list {
		p := &c.tables[t]
		from, to := p.span(subject)
		for row := from; row < to; row++ {
			list[t].keys = append(list[t].keys, key)
			for i := range p.columns {
				list[t].columns[i] = append(list[t].columns[i], p.columns[i].at(row))
			}
		}
	}
}

// lookup is a table that columns of events name by key.
type lookup struct {
	keys    map[int64]int32
	rows    []int64 // the key of each row; missing where a later row has the same
	columns [][]int64
	low     int64
	high    int64
}

func readLookup(ctx context.Context, t *Table, numbers []*dictionary, from Reading) (*lookup, error) {
	g := newGatherer(Spec{*t}, [][]*dictionary{numbers})
	rows := rowsOf{table: t, columns: make([][]int64, len(t.Columns)), words: g.words[0], most: mostLookups}
	if err := from.Read(ctx, t.Name, t.Key, t.Columns, Which{All: true}, rows.take); err != nil {
		return nil, err
	}
	l := &lookup{keys: make(map[int64]int32, len(rows.keys)), rows: rows.keys, columns: rows.columns}
	for i, k := range rows.keys {
		if k == missing {
			continue
		}
		if len(l.keys) == 0 {
			l.low, l.high = k, k
		}
		l.low, l.high = min(l.low, k), max(l.high, k)
		if before, is := l.keys[k]; is {
			l.rows[before] = missing
		}
		l.keys[k] = int32(i) //nolint:gosec // at most mostLookups
	}
	return l, nil
}

// each goes through the rows, which is far quicker than through the map.
func (l *lookup) each(fn func(key int64, row int)) {
	for row, key := range l.rows {
		if key != missing {
			fn(key, row)
		}
	}
}

// mostLookups bounds a look-up table, which is held in memory.
const mostLookups = 2_000_000
