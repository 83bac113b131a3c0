// SPDX-License-Identifier: Apache-2.0

package referral

import (
	"cmp"
	"slices"

	"dangol/internal/customer"
)

// forest is who introduced whom, by the ids that have the records now.
type forest struct {
	parent   map[int64]int64
	children map[int64][]int64
}

// grow makes the trees. Merging people can give somebody two introducers or close a circle: the oldest
// introduction counts, and one that would close a circle is left out.
func grow(edges []customer.Introduction, now map[int64]int64, isVisible func(int64) bool) forest {
	f := forest{parent: map[int64]int64{}, children: map[int64][]int64{}}
	for _, e := range edges {
		above, below := now[e.IntroducerID], now[e.CustomerID]
		if above == below || f.parent[below] != 0 || !isVisible(above) || !isVisible(below) || f.isAbove(below, above) {
			continue
		}
		f.parent[below] = above
		f.children[above] = append(f.children[above], below)
	}
	for _, list := range f.children {
		slices.Sort(list)
	}
	return f
}

// isAbove reports whether a stands somewhere above b.
func (f forest) isAbove(a, b int64) bool {
	for at := b; at != 0; at = f.parent[at] {
		if at == a {
			return true
		}
	}
	return false
}

func (f forest) root(id int64) int64 {
	for f.parent[id] != 0 {
		id = f.parent[id]
	}
	return id
}

// walk visits the tree below a customer, nearest first, at most so many people.
func (f forest) walk(from int64, most int) []int64 {
	list := []int64{from}
	for i := 0; i < len(list) && len(list) < most; i++ {
		list = append(list, f.children[list[i]]...)
	}
	return list[:min(len(list), most)]
}

// sums adds up, for every customer of the forest, what the people below bought.
func (f forest) sums(figures map[int64]customer.Figures) map[int64]Brought {
	brought := map[int64]Brought{}
	for id := range f.parent {
		own := figures[id]
		for at, depth := f.parent[id], 1; at != 0; at, depth = f.parent[at], depth+1 {
			b := brought[at]
			b.People++
			b.Orders, b.Revenue = b.Orders+own.Orders, b.Revenue+own.Revenue
			b.Depth = max(b.Depth, depth)
			if own.Currency != "" {
				b.Currency = own.Currency
			}
			brought[at] = b
		}
	}
	return brought
}

// Brought is what the people below somebody came to.
type Brought struct {
	People   int    `json:"people"`
	Orders   int64  `json:"orders"`
	Revenue  int64  `json:"revenue" doc:"minor units"`
	Currency string `json:"currency,omitempty"`
	Depth    int    `json:"depth" doc:"steps down to the furthest one"`
}

// rank orders introducers by what they brought.
func rank(brought map[int64]Brought) []int64 {
	ids := make([]int64, 0, len(brought))
	for id := range brought {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b int64) int {
		x, y := brought[a], brought[b]
		return cmp.Or(cmp.Compare(y.Revenue, x.Revenue), cmp.Compare(y.People, x.People), cmp.Compare(a, b))
	})
	return ids
}
