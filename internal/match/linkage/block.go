// SPDX-License-Identifier: Apache-2.0

package linkage

import (
	"fmt"
	"slices"
	"strings"
)

const (
	// pairsPerRecord is the most candidate pairs a record may have, over all rules.
	pairsPerRecord = 60
	// largestBlock is where a value is so common that agreeing on it alone is
	// no reason to compare; the estimate counts such blocks as left out.
	largestBlock = 1000
	// mostRules bounds the work of telling whether an earlier rule had a pair.
	mostRules = 14
	// keysPerRule bounds the keys of one record under one rule.
	keysPerRule = 12
)

// Rule is a blocking rule: records that share its key are compared.
type Rule struct {
	Label string `json:"rule"`
	// Pairs is the number of candidate pairs it alone makes; Estimate what was
	// expected before it ran.
	Pairs    int64 `json:"pairs"`
	Estimate int64 `json:"estimated_pairs"`
	// Skipped counts the records in blocks too large to compare.
	Skipped int64 `json:"skipped_records"`
	// Kept counts the pairs that no earlier rule had.
	Kept int64 `json:"new_pairs"`

	parts   []*part
	width   int // keys a record
	offset  int // where they begin in a row of the key matrix
	blocked blocks
}

// blocks are records in the order of their keys.
type blocks struct {
	rows   []uint32
	starts []uint32 // begin and end of each block worth looking at
	keys   []uint32 // and its key
}

// fields that the rule's key is made of.
func (r *Rule) uses() []int {
	var list []int
	for _, p := range r.parts {
		list = append(list, p.field)
		if p.other >= 0 {
			list = append(list, p.other)
		}
	}
	return list
}

func newRule(fields []*field, parts ...*part) *Rule {
	r := &Rule{parts: parts, width: 1}
	labels := make([]string, len(parts))
	for i, p := range parts {
		labels[i] = p.label
		switch {
		case p.words != nil:
			r.width *= rareWordsEach
		case p.other < 0:
			r.width *= len(fields[p.field].slots)
		}
	}
	r.width = min(r.width, keysPerRule)
	r.Label = strings.Join(labels, " + ")
	return r
}

// keysAt answers the keys of a record under the rule, at most width.
func (r *Rule) keysAt(fields []*field, row int, out, scratch []uint32) []uint32 {
	first := len(out)
	out = r.parts[0].keysAt(fields, row, out)
	for _, p := range r.parts[1:] {
		scratch = p.keysAt(fields, row, scratch[:0])
		have := len(out)
		for _, a := range out[first:have] {
			for _, b := range scratch {
				out = append(out, mixKeys(a, b))
			}
		}
		out = slices.Delete(out, first, have)
	}
	if len(out) > first+r.width {
		out = out[:first+r.width]
	}
	return out
}

// keyMatrix holds the keys of all rules, record by record, so that telling
// whether two records share any touches one or two cache lines each.
type keyMatrix struct {
	width int
	keys  []uint32
}

func newKeyMatrix(fields []*field, rules []*Rule, rows int, room *spill) *keyMatrix {
	m := &keyMatrix{}
	for _, r := range rules {
		r.offset = m.width
		m.width += r.width
	}
	m.keys = room.words(rows * m.width)
	parallel(rows, func(from, to int) {
		var out, scratch []uint32
		for row := from; row < to; row++ {
			for _, r := range rules {
				out = r.keysAt(fields, row, out[:0], scratch)
				copy(m.keys[row*m.width+r.offset:], out[:min(len(out), r.width)])
			}
		}
	})
	return m
}

func (m *keyMatrix) row(row uint32) []uint32 {
	at := int(row) * m.width
	return m.keys[at : at+m.width]
}

// share reports whether two records have a key of the rule in common.
func (r *Rule) share(a, b []uint32) bool {
	if r.width == 1 {
		return a[r.offset] != 0 && a[r.offset] == b[r.offset]
	}
	for _, x := range a[r.offset : r.offset+r.width] {
		if x == 0 {
			continue
		}
		for _, y := range b[r.offset : r.offset+r.width] {
			if x == y {
				return true
			}
		}
	}
	return false
}

// firstShared is the least key that two records have in common: a pair with
// several is looked at in that block only.
func (r *Rule) firstShared(a, b []uint32) uint32 {
	least := ^uint32(0)
	for _, x := range a[r.offset : r.offset+r.width] {
		for _, y := range b[r.offset : r.offset+r.width] {
			if x == y && x != 0 {
				least = min(least, x)
			}
		}
	}
	return least
}

// block sorts the records by the rule's key and finds the blocks.
func (r *Rule) block(t *Table, m *keyMatrix, linkOnly bool) {
	room := t.spill.longs(t.Rows * r.width)
	defer t.spill.freeLongs(room)
	entries := room[:0]
	for row := range t.Rows {
		at := row*m.width + r.offset
		for _, key := range m.keys[at : at+r.width] {
			if key != 0 {
				entries = append(entries, uint64(key)<<32|uint64(row))
			}
		}
	}
	spare := t.spill.longs(len(entries))
	sortByKeyIn(entries, spare)
	t.spill.freeLongs(spare)
	r.blocked = blocks{rows: t.spill.words(len(entries))}
	r.Pairs, r.Skipped = 0, 0
	for i, e := range entries {
		r.blocked.rows[i] = uint32(e)
	}
	for from := 0; from < len(entries); {
		to := from + 1
		for to < len(entries) && entries[to]>>32 == entries[from]>>32 {
			to++
		}
		if to-from > 1 {
			r.admit(t, from, to, uint32(entries[from]>>32), linkOnly)
		}
		from = to
	}
}

func (r *Rule) admit(t *Table, from, to int, key uint32, linkOnly bool) {
	size := int64(to - from)
	pairs := size * (size - 1) / 2
	if linkOnly {
		pairs = crossPairs(t, r.blocked.rows[from:to])
	}
	switch {
	case pairs > largestBlock*(largestBlock-1)/2:
		r.Skipped += size
	case pairs > 0:
		r.Pairs += pairs
		r.blocked.starts = append(r.blocked.starts, uint32(from), uint32(to))
		r.blocked.keys = append(r.blocked.keys, key)
	}
}

func crossPairs(t *Table, rows []uint32) int64 {
	var counts [mostSources + 1]int64
	for _, row := range rows {
		counts[t.Source[row]]++
	}
	total, same := int64(len(rows)), int64(0)
	for _, n := range counts {
		same += n * n
	}
	return (total*total - same) / 2
}

const (
	radixBits = 11
	radixSize = 1 << radixBits
)

// sortByKey orders by the upper half, stable, in three passes.
func sortByKey(entries []uint64) { sortByKeyIn(entries, make([]uint64, len(entries))) }

// sortByKeyIn is sortByKey with room of the same size to sort in.
func sortByKeyIn(entries, room []uint64) {
	if len(entries) < radixSize {
		slices.Sort(entries)
		return
	}
	from, to := entries, room
	for pass := range 3 {
		shift := 32 + pass*radixBits
		var counts [radixSize]int
		for _, e := range from {
			counts[e>>shift&(radixSize-1)]++
		}
		at := 0
		for i, n := range counts {
			counts[i] = at
			at += n
		}
		for _, e := range from {
			digit := e >> shift & (radixSize - 1)
			to[counts[digit]] = e
			counts[digit]++
		}
		from, to = to, from
	}
	copy(entries, from)
}

// each yields every block of the rule.
func (r *Rule) each(yield func(rows []uint32) bool) {
	for i := 0; i < len(r.blocked.starts); i += 2 {
		if !yield(r.blocked.rows[r.blocked.starts[i]:r.blocked.starts[i+1]]) {
			return
		}
	}
}

// String names the rule with its cost.
func (r *Rule) String() string { return fmt.Sprintf("%s (%d pairs)", r.Label, r.Pairs) }
