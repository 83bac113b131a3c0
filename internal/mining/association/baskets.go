// SPDX-License-Identifier: Apache-2.0

package association

import "slices"

// Baskets are sets of items; the items of basket b are Items[Start[b]:Start[b+1]],
// each once.
type Baskets struct {
	Names []string // of the items
	Items []int32
	Start []int
}

// Count is the number of baskets.
func (b *Baskets) Count() int { return max(len(b.Start)-1, 0) }

// Builder collects baskets.
type Builder struct {
	baskets Baskets
	number  map[string]int32
}

// NewBuilder starts an empty collection.
func NewBuilder() *Builder {
	return &Builder{number: map[string]int32{}, baskets: Baskets{Start: []int{0}}}
}

// Add adds a basket; an item that occurs twice counts once, an empty name is
// no item.
func (b *Builder) Add(names ...string) {
	from := len(b.baskets.Items)
	for _, name := range names {
		if name == "" {
			continue
		}
		b.baskets.Items = append(b.baskets.Items, b.item(name))
	}
	b.close(from)
}

func (b *Builder) item(name string) int32 {
	number, known := b.number[name]
	if !known {
		number = int32(len(b.baskets.Names)) //nolint:gosec // names fit in memory, so their count fits in 31 bits
		b.number[name] = number
		b.baskets.Names = append(b.baskets.Names, name)
	}
	return number
}

func (b *Builder) close(from int) {
	part := b.baskets.Items[from:]
	slices.Sort(part)
	part = slices.Compact(part)
	b.baskets.Items = b.baskets.Items[:from+len(part)]
	b.baskets.Start = append(b.baskets.Start, len(b.baskets.Items))
}

// Baskets returns what was collected.
func (b *Builder) Baskets() *Baskets { return &b.baskets }

// FromPairs makes baskets out of a table with one row for each item: rows of
// the same key belong together wherever they stand.
func FromPairs(keys, items []string) *Baskets {
	basketOf := make(map[string]int32, len(keys)/4)
	b := NewBuilder()
	type entry struct{ basket, item int32 }
	entries := make([]entry, 0, len(keys))
	for row, key := range keys {
		if key == "" || items[row] == "" {
			continue
		}
		basket, known := basketOf[key]
		if !known {
			basket = int32(len(basketOf)) //nolint:gosec // as above
			basketOf[key] = basket
		}
		entries = append(entries, entry{basket, b.item(items[row])})
	}
	start := make([]int, len(basketOf)+1)
	for _, e := range entries {
		start[e.basket+1]++
	}
	for i := 1; i < len(start); i++ {
		start[i] += start[i-1]
	}
	sorted, next := make([]int32, len(entries)), slices.Clone(start)
	for _, e := range entries {
		sorted[next[e.basket]] = e.item
		next[e.basket]++
	}
	for i := range len(basketOf) {
		from := len(b.baskets.Items)
		b.baskets.Items = append(b.baskets.Items, sorted[start[i]:start[i+1]]...)
		b.close(from)
	}
	return b.Baskets()
}
