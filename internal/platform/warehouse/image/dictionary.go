// SPDX-License-Identifier: Apache-2.0

package image

import (
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
	own := string([]byte(s)) // s may lie in memory of the source
	d.index[own] = n
	d.texts = append(d.texts, own)
	return n
}

// numberer is a worker's own view of a dictionary, without a lock for what it
// has met before.
type numberer struct {
	of   *dictionary
	seen map[string]numbered
	last numbered
}

type numbered struct {
	text   string
	number int64
}

func (n *numberer) number(s string) int64 {
	if n.last.text == s && s != "" {
		return n.last.number
	}
	x, ok := n.seen[s]
	if !ok {
		if n.of.isOver.Load() {
			return missing
		}
		x.number = n.of.number(s)
		if x.number == missing {
			return missing
		}
		x.text = string([]byte(s)) // s lies in memory of the source
		n.seen[x.text] = x
	}
	n.last = x
	return x.number
}
