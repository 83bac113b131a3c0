// SPDX-License-Identifier: Apache-2.0

package image

import (
	"context"
	"math"
	"runtime"
	"sort"
)

// compact writes the chunks of a snapshot: those without a change as they lie,
// the others with their neighbours from the delta.
func compact(ctx context.Context, s *Snapshot, w *writer) (h header, err error) {
	defer guard(&err)()
	defer runtime.KeepAlive(s)
	h = header{Spec: s.spec, Rows: make([]int64, len(s.spec))}
	g := newGatherer(s.spec, s.numbers)
	emit := func(c *chunk) error {
		h.Subjects += int64(c.subjects)
		for t := range c.tables {
			h.Rows[t] += int64(c.tables[t].rows)
		}
		return w.add(c)
	}
	from := int64(math.MinInt64)
	for i := range s.units {
		if err := ctx.Err(); err != nil {
			return h, err
		}
		u := &s.units[i]
		to := u.last
		if i == len(s.units)-1 {
			to = math.MaxInt64
		}
		if err := compactChunk(ctx, s, g, u, from, to, emit); err != nil {
			return h, err
		}
		if to < math.MaxInt64 {
			from = to + 1
		}
	}
	if len(s.units) == 0 {
		empty := &unit{chunk: &chunk{}}
		if err := compactChunk(ctx, s, g, empty, from, math.MaxInt64, emit); err != nil {
			return h, err
		}
	}
	h.Texts, h.Dropped = textsOf(s.numbers)
	return h, nil
}

// compactChunk writes the subjects with keys from…to: a chunk of the file and
// what the delta has between.
func compactChunk(ctx context.Context, s *Snapshot, g *gatherer, u *unit, from, to int64, emit func(*chunk) error) error {
	list := emptyRows(s.spec)
	hasNew := false
	for _, l := range s.layers {
		for i := range l.units {
			d := &l.units[i]
			if d.last < from || d.first > to {
				continue
			}
			first := sort.Search(d.subjects, func(i int) bool { return d.keys.at(i) >= from })
			for subject := first; subject < d.subjects && d.keys.at(subject) <= to; subject++ {
				if !d.isDead(subject) {
					copySubject(list, d.chunk, subject)
					hasNew = true
				}
			}
		}
	}
	if !hasNew && u.dead == nil && !u.isLaid {
		if u.subjects == 0 {
			return nil
		}
		return emit(u.chunk)
	}
	for subject := range u.subjects {
		if !u.isDead(subject) {
			copySubject(list, u.chunk, subject)
		}
	}
	return g.arrange(ctx, list, emit)
}
