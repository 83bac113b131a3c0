// SPDX-License-Identifier: Apache-2.0

package image

import (
	"context"
	"maps"
	"runtime"
	"slices"

	"dangol/internal/platform/warehouse"
)

// Replaced tells that a derived table was written anew. Questions about it go
// to the warehouse until Run has laid its new rows over the chunks.
func (m *Image) Replaced(table string, position warehouse.Position) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.building != nil {
		m.building.replaced[table] = true
	}
	if m.notedFrom != 0 {
		m.remember(note{version: position.Version, table: table}, false)
	}
	s := m.now.Load()
	if s == nil || m.why != "" {
		return
	}
	next := *s
	next.position = position
	if s.spec.table(table) >= 0 {
		next.markStale(table)
	}
	m.now.Store(&next)
	m.poke()
}

func (s *Snapshot) markStale(table string) {
	fresh := maps.Clone(s.stale)
	if fresh == nil {
		fresh = map[string]int64{}
	}
	fresh[table] = max(s.position.Version, 1)
	s.stale = fresh
}

// overlay lays the rows of tables that were written anew over the chunks.
func (m *Image) overlay(ctx context.Context) error {
	for {
		s := m.now.Load()
		if s == nil || len(s.stale) == 0 || s.retired.Load() {
			return nil
		}
		for name, version := range s.stale {
			t := s.spec.table(name)
			if s.spec[t].Role != Profile {
				m.mu.Lock()
				m.retire("a derived table was written anew and it is being built with it")
				m.mu.Unlock()
				return nil
			}
			parts, err := m.readOverlay(ctx, s, t)
			if err != nil {
				return err
			}
			m.publishOverlay(name, t, version, parts)
			break
		}
	}
}

// readOverlay encodes the rows of a profile for every chunk of a snapshot.
func (m *Image) readOverlay(ctx context.Context, s *Snapshot, t int) (parts map[*chunk]*chunk, err error) {
	defer guard(&err)()
	defer runtime.KeepAlive(s)
	g := newGatherer(Spec{s.spec[t]}, [][]*dictionary{s.numbers[t]})
	list, err := g.read(ctx, m.source, Which{All: true}, 0)
	if err != nil {
		return nil, err
	}
	rows := &list[0]
	order := make([]uint32, len(rows.keys))
	for i := range order {
		order[i] = uint32(i) //nolint:gosec // fewer rows than subjects
	}
	slices.SortFunc(order, func(a, b uint32) int {
		if rows.keys[a] < rows.keys[b] {
			return -1
		}
		if rows.keys[a] > rows.keys[b] {
			return 1
		}
		return 0
	})
	parts = map[*chunk]*chunk{}
	for _, u := range s.all() {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		parts[u.chunk] = overlayChunk(u.chunk, rows, order)
	}
	return parts, nil
}

// overlayChunk encodes the rows that belong to the subjects of a chunk.
func overlayChunk(c *chunk, rows *rowsOf, order []uint32) *chunk {
	out := &chunk{subjects: c.subjects, first: c.first, last: c.last, tables: make([]part, 1)}
	p := &out.tables[0]
	p.offsets = make([]uint32, c.subjects+1)
	at, _ := slices.BinarySearchFunc(order, c.first, func(row uint32, key int64) int {
		if rows.keys[row] < key {
			return -1
		}
		return 1
	})
	var mine []uint32
	isOne := true
	for i := range c.subjects {
		key := c.keys.at(i)
		for at < len(order) && rows.keys[order[at]] < key {
			at++
		}
		for at < len(order) && rows.keys[order[at]] == key {
			mine = append(mine, order[at])
			at++
		}
		p.offsets[i+1] = uint32(len(mine))             //nolint:gosec // a chunk is small
		isOne = isOne && p.offsets[i+1] == uint32(i+1) //nolint:gosec // a chunk is small
	}
	p.rows = len(mine)
	if isOne || p.rows == 0 {
		p.offsets = nil
	}
	var data []byte
	p.columns = make([]vec, len(rows.columns))
	values := make([]int64, len(mine))
	for i, column := range rows.columns {
		for j, row := range mine {
			values[j] = column[row]
		}
		p.columns[i], data = encode(values, data)
	}
	out.own(data)
	return out
}

// publishOverlay lays the parts over the newest snapshot. Chunks that came
// meanwhile hold the new rows already.
func (m *Image) publishOverlay(name string, t int, version int64, parts map[*chunk]*chunk) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.now.Load()
	if s == nil || s.stale[name] != version || s.retired.Load() {
		return // written anew once more, or built anew: what was read is old
	}
	next := *s
	lay := func(units []unit) []unit {
		units = slices.Clone(units)
		for i := range units {
			if made := parts[units[i].chunk]; made != nil {
				own := *units[i].chunk
				own.tables = slices.Clone(own.tables)
				own.tables[t] = made.tables[0]
				units[i].chunk, units[i].isLaid = &own, true
			}
		}
		return units
	}
	next.units = lay(s.units)
	next.layers = slices.Clone(s.layers)
	for i := range next.layers {
		next.layers[i].units = lay(next.layers[i].units)
	}
	next.stale = maps.Clone(s.stale)
	delete(next.stale, name)
	next.isLaid, next.kept = true, &keeper{}
	next.refreshTexts()
	m.now.Store(&next)
}
