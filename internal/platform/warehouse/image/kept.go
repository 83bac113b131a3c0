// SPDX-License-Identifier: Apache-2.0

package image

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// mostKept bounds the memory of kept numbers, in bytes.
const mostKept = 128 << 20

// keeper keeps what the rows of every subject come to, by behaviour: whoever
// types a bound asks for the same numbers with every key. Chunks of the file
// never change, so that numbers hold until the file is another.
type keeper struct {
	mu    sync.Mutex
	list  []*keptNumbers // the one asked for last comes first
	bytes atomic.Int64
}

// keptNumbers are the numbers of one behaviour.
type keptNumbers struct {
	keeper *keeper
	key    string
	of     []*lookup // whose addresses the key names; held so that none is given away
	mu     sync.RWMutex
	chunks map[*chunk][]int64
	bytes  int64
}

// numbersOf finds or begins the numbers of a behaviour, and gives up those not
// asked for longest when there is no more room.
func (k *keeper) numbersOf(key string, of []*lookup) *keptNumbers {
	k.mu.Lock()
	defer k.mu.Unlock()
	i := slices.IndexFunc(k.list, func(n *keptNumbers) bool { return n.key == key })
	n := &keptNumbers{keeper: k, key: key, of: of, chunks: map[*chunk][]int64{}}
	if i >= 0 {
		n = k.list[i]
		k.list = slices.Delete(k.list, i, i+1)
	}
	k.list = slices.Insert(k.list, 0, n)
	for len(k.list) > 1 && k.bytes.Load() > mostKept/2 {
		k.list[len(k.list)-1].drop()
		k.list = k.list[:len(k.list)-1]
	}
	return n
}

func (n *keptNumbers) find(c *chunk) []int64 {
	n.mu.RLock()
	defer n.mu.RUnlock()
	return n.chunks[c]
}

func (n *keptNumbers) put(c *chunk, numbers []int64) {
	size := int64(8 * len(numbers))
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.chunks == nil || n.chunks[c] != nil || n.keeper.bytes.Load()+size > mostKept {
		return
	}
	n.chunks[c] = numbers
	n.bytes += size
	n.keeper.bytes.Add(size)
}

func (n *keptNumbers) drop() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.keeper.bytes.Add(-n.bytes)
	n.chunks, n.bytes = nil, 0
}

// keepNumbers makes the behaviour in a compiled rule use and leave numbers.
func (s *Snapshot) keepNumbers(one node) {
	switch n := one.(type) {
	case *nodeDeed:
		n.keepIn(s)
	case nodeAnd:
		for _, child := range n {
			s.keepNumbers(child)
		}
	case nodeOr:
		for _, child := range n {
			s.keepNumbers(child)
		}
	case nodeNot:
		s.keepNumbers(n.of)
	}
}

func (n *nodeDeed) keepIn(s *Snapshot) {
	d := n.deed
	if s.kept == nil || n.isEver || n.then != nil || n.days > 0 || n.through != nil || d.Aggregate == Distinct || d.Aggregate == Mean {
		return
	}
	var key strings.Builder
	var of []*lookup
	_, _ = fmt.Fprintf(&key, "%q %d %q", d.Table, d.Aggregate, d.Column)
	d.Where.sign(&key, func(name string) string {
		of = append(of, s.lookups[name])
		return fmt.Sprintf("%p", s.lookups[name])
	})
	n.kept = s.kept.numbersOf(key.String(), of)
}

// sign writes a condition so that two of the same text mean the same.
func (r *Row) sign(to *strings.Builder, address func(lookup string) string) {
	if r == nil {
		return
	}
	_, _ = fmt.Fprintf(to, "(%s %q %q", r.Op, r.Column, r.Via)
	if r.Lookup != "" {
		to.WriteString(address(r.Lookup))
	}
	if r.Test != nil {
		to.WriteString(r.Test.Signature())
	}
	for _, child := range r.Rows {
		child.sign(to, address)
	}
	to.WriteByte(')')
}

// everybodys gives the number of each subject of a chunk, kept or computed now;
// nil when so few are asked about that they are better computed alone.
func (n *nodeDeed) everybodys(f *frame, asked int) []int64 {
	if n.kept == nil || !f.isKept {
		return nil
	}
	if numbers := n.kept.find(f.u.chunk); numbers != nil {
		return numbers
	}
	if 2*asked < f.u.subjects {
		return nil
	}
	p := &f.u.tables[n.table]
	numbers := make([]int64, f.u.subjects)
	if p.rows > 0 {
		mask := f.mask(p.rows)
		parts := []stretch{{0, p.rows}}
		fill(mask, parts, 1)
		n.where.apply(f, p, parts, mask)
		n.compute(p, mask, numbers)
		f.give(mask)
	}
	n.kept.put(f.u.chunk, numbers)
	return numbers
}

// compute finds the number of every subject of a chunk.
func (n *nodeDeed) compute(p *part, mask []byte, numbers []int64) {
	if n.aggregate == Sum {
		all := make([]int32, len(numbers))
		for i := range all {
			all[i] = int32(i) //nolint:gosec // a place in a chunk
		}
		if p.columns[n.column].sums(p, all, mask, numbers) {
			return
		}
	}
	for i := range numbers {
		from, to := p.span(i)
		switch {
		case n.aggregate == Count:
			numbers[i] = int64(ones(mask[from:to]))
		case n.aggregate == Sum:
			numbers[i] = p.columns[n.column].sum(mask, from, to)
		case n.isOrdered:
			numbers[i] = p.columns[n.column].edge(mask, from, to, n.aggregate == Last)
		default:
			numbers[i] = p.columns[n.column].extreme(mask, from, to, n.aggregate == Last)
		}
	}
}

// judgeBy tests numbers that are there already.
func (n *nodeDeed) judgeBy(p *part, subjects []int32, numbers []int64) []int32 {
	out := subjects[:0]
	for _, i := range subjects {
		from, to := p.span(int(i))
		if from == to && n.emptyPass || from < to && n.test.holds(numbers[i]) {
			out = append(out, i)
		}
	}
	return out
}
