// SPDX-License-Identifier: Apache-2.0

package image

import "slices"

// mostNoted bounds the notes of who changed; who asks about an earlier time is
// told that everybody may have.
const mostNoted = 200_000

// note is what one version of the warehouse changed.
type note struct {
	version int64
	ids     []int64
	table   string // a derived table written anew
}

// remember notes a change; all forgets the rest. m.mu is held.
func (m *Image) remember(n note, all bool) {
	if all {
		m.notes, m.noted, m.notedFrom = nil, 0, n.version
		return
	}
	m.notes, m.noted = append(m.notes, n), m.noted+len(n.ids)
	for m.noted > mostNoted {
		m.noted -= len(m.notes[0].ids)
		m.notedFrom = m.notes[0].version
		m.notes = m.notes[1:]
	}
}

// Touched lists the subjects changed after a version of the warehouse and up to
// that of the snapshot, and the derived tables written anew; ok is false when
// that is not known any more: then everybody may have changed.
func (m *Image) Touched(since int64, s *Snapshot) (ids []int64, tables []string, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.notedFrom == 0 || since < m.notedFrom {
		return nil, nil, false
	}
	for _, n := range m.notes {
		if n.version <= since || n.version > s.position.Version {
			continue
		}
		ids = append(ids, n.ids...)
		if n.table != "" {
			tables = append(tables, n.table)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids), tables, true
}

// Tables lists the tables that a rule reads.
func (r *Rule) Tables() []string {
	if r == nil {
		return nil
	}
	var list []string
	if r.Table != "" {
		list = append(list, r.Table)
	}
	for _, child := range r.Rules {
		list = append(list, child.Tables()...)
	}
	if r.Deed != nil {
		list = append(list, r.Deed.Table)
		list = append(list, r.Deed.Where.tables()...)
		if r.Deed.Lookup != "" {
			list = append(list, r.Deed.Lookup)
		}
		if t := r.Deed.Then; t != nil {
			list = append(append(list, t.Table), t.Where.tables()...)
		}
	}
	return list
}

func (r *Row) tables() []string {
	if r == nil {
		return nil
	}
	var list []string
	if r.Lookup != "" {
		list = append(list, r.Lookup)
	}
	for _, child := range r.Rows {
		list = append(list, child.tables()...)
	}
	return list
}

// IsMoving says that the rule depends on the day on which it is asked.
func (r *Rule) IsMoving() bool {
	if r == nil {
		return false
	}
	if r.Test != nil && r.Test.IsMoving() {
		return true
	}
	if d := r.Deed; d != nil && (d.Test.IsMoving() || d.Where.isMoving() || d.Then != nil && d.Then.Where.isMoving()) {
		return true
	}
	return slices.ContainsFunc(r.Rules, (*Rule).IsMoving)
}

func (r *Row) isMoving() bool {
	if r == nil {
		return false
	}
	return r.Test != nil && r.Test.IsMoving() || slices.ContainsFunc(r.Rows, (*Row).isMoving)
}
