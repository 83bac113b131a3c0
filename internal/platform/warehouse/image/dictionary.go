// SPDX-License-Identifier: Apache-2.0

package image

import (
	"encoding/binary"
	"sync"
	"sync/atomic"
)

// dictionary numbers the texts of one column; numbers are never given twice.
type dictionary struct {
	mu     sync.Mutex
	index  map[string]int64
	texts  []string
	isOver atomic.Bool // too many texts: the column is not kept
}

func newDictionary(texts []string) *dictionary {
	d := &dictionary{index: make(map[string]int64, len(texts)), texts: texts}
	for i, s := range texts {
		d.index[s] = int64(i)
	}
	return d
}

// list is the texts numbered so far; the caller does not change it.
func (d *dictionary) list() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.texts[:len(d.texts):len(d.texts)]
}

// number gives a text its number; s is kept.
func (d *dictionary) number(s string) int64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	n, ok := d.index[s]
	if ok {
		return n
	}
	if len(d.texts) >= mostTexts {
		d.isOver.Store(true)
		return missing
	}
	n = int64(len(d.texts))
	d.index[s] = n
	d.texts = append(d.texts, s)
	return n
}

// numberer is a worker's own view of a dictionary, without a lock for what it
// has met before: a table of the texts met last, by their length and their last
// bytes, over a map of all.
type numberer struct {
	of   *dictionary
	seen map[string]numbered
	near [nearTexts]numbered
}

// nearTexts is how many values nearness has.
const nearTexts = 1 << 8

type numbered struct {
	text   string
	number int64
}

func newNumberer(of *dictionary) *numberer {
	return &numberer{of: of, seen: map[string]numbered{}}
}

func (n *numberer) number(text []byte) int64 {
	near := &n.near[nearness(text)]
	if len(text) > 0 && near.text == string(text) { // no copy is made for a comparison
		return near.number
	}
	x, ok := n.seen[string(text)]
	if !ok {
		if n.of.isOver.Load() {
			return missing
		}
		x.text = string(text) // text lies in memory of the source
		if x.number = n.of.number(x.text); x.number == missing {
			return missing
		}
		n.seen[x.text] = x
	}
	*near = x
	return x.number
}

// nearness spreads texts that differ in their length or at their end, as names
// of branches, grades and categories do.
func nearness(text []byte) uint8 {
	h := uint32(len(text)) //nolint:gosec // a text is short
	if len(text) >= 4 {
		h += binary.LittleEndian.Uint32(text[len(text)-4:])
	} else {
		for _, b := range text {
			h = h<<8 + uint32(b)
		}
	}
	return uint8(h * 0x9e3779b1 >> 24) //nolint:gosec // its upper bits (Fibonacci hashing)
}
