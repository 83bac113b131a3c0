// SPDX-License-Identifier: Apache-2.0

package association

import "slices"

// column is one item of a conditional database: the baskets of the database
// that hold it, as bits.
type column struct {
	rank  int32
	count int32
	bits  []uint64
}

// worker grows the sets of one root item after the other.
type worker struct {
	*search
	out    part
	prefix []int32
	here   []int32 // count of each rank in the database of the root
	place  []int32 // column of each rank, or -1
	levels []level // scratch by depth
}

// level is the scratch of one depth of the search: bit columns are cut from one
// piece of memory that is used again by the next sibling.
type level struct {
	words         []uint64
	columns, outs []column
}

func newWorker(s *search) *worker {
	return &worker{search: s, here: make([]int32, len(s.items)), place: make([]int32, len(s.items))}
}

func (w *worker) level(depth int) *level {
	for len(w.levels) <= depth {
		w.levels = append(w.levels, level{})
	}
	return &w.levels[depth]
}

func (l *level) reserve(words int) {
	if cap(l.words) < words {
		l.words = make([]uint64, words)
	}
	l.words, l.columns, l.outs = l.words[:words], l.columns[:0], l.outs[:0]
}

// root finds all sets whose rarest item is the one of this rank.
func (w *worker) root(rank int) part {
	w.out, w.prefix = part{}, append(w.prefix[:0], int32(rank)) //nolint:gosec // an index
	later, earlier := w.project(int32(rank))                    //nolint:gosec // an index
	full := make([]uint64, (len(w.holders[rank])+63)/64)
	for i := range w.holders[rank] {
		full[i/64] |= 1 << (i % 64)
	}
	count := w.counts[rank]
	switch w.options.Kind {
	case Frequent:
		w.emit(count)
		w.frequent(later, 1)
	default:
		w.closed(full, count, later, earlier, 1)
	}
	return w.out
}

// project makes the conditional database of a rank: the columns of the more
// frequent items, and for closed and maximal sets those of the rarer ones.
func (w *worker) project(rank int32) (later, earlier []column) {
	holders, isBoth := w.holders[rank], w.options.Kind != Frequent
	for _, place := range holders {
		for at := place + 1; w.rows[at] >= 0; at++ {
			w.here[w.rows[at]]++
		}
		for at := place - 1; isBoth && w.rows[at] >= 0; at-- {
			w.here[w.rows[at]]++
		}
	}
	first, words, wanted := rank, (len(holders)+63)/64, 0
	if isBoth {
		first = 0
	}
	for r := first; int(r) < len(w.here); r++ { //nolint:gosec // an index
		if w.wants(r, rank) {
			wanted++
		}
	}
	l := w.level(0)
	l.reserve(wanted * words)
	clear(l.words)
	columns, early := make([]column, 0, wanted), make([]column, 0)
	used := 0
	for r := first; int(r) < len(w.here); r++ { //nolint:gosec // an index
		w.place[r] = -1
		if w.wants(r, rank) {
			w.place[r] = int32(used * words)                                                 //nolint:gosec // an offset
			c := column{r, w.here[r], l.words[used*words : (used+1)*words : (used+1)*words]} //nolint:gosec // an index
			used++
			if r > rank {
				columns = append(columns, c)
			} else {
				early = append(early, c)
			}
		}
		w.here[r] = 0
	}
	if used == 0 {
		return columns, early
	}
	for i, place := range holders {
		word, bit := i/64, uint64(1)<<(i%64)
		for at := place + 1; w.rows[at] >= 0; at++ {
			if to := w.place[w.rows[at]]; to >= 0 {
				l.words[int(to)+word] |= bit
			}
		}
		for at := place - 1; isBoth && w.rows[at] >= 0; at-- {
			if to := w.place[w.rows[at]]; to >= 0 {
				l.words[int(to)+word] |= bit
			}
		}
	}
	slices.SortStableFunc(columns, func(a, b column) int { return int(a.count - b.count) })
	return columns, early
}

func (w *worker) wants(r, rank int32) bool {
	return int(w.here[r]) >= w.options.MinCount && (r > rank || r < rank && w.options.Kind != Frequent)
}

func (w *worker) emit(count int32) {
	w.out.items = append(w.out.items, w.prefix...)
	w.out.ends = append(w.out.ends, len(w.out.items))
	w.out.counts = append(w.out.counts, count)
	if w.options.MaxSets > 0 && len(w.out.counts)%1024 == 0 && w.total.Add(1024) > int64(w.options.MaxSets) {
		w.over.Store(true)
	}
}

// frequent grows the prefix by each column in turn.
func (w *worker) frequent(columns []column, depth int) {
	if w.options.MaxLength > 0 && len(w.prefix) >= w.options.MaxLength || depth < 4 && w.stopped() || w.over.Load() {
		return
	}
	for i, c := range columns {
		w.prefix = append(w.prefix, c.rank)
		w.emit(c.count)
		if rest := columns[i+1:]; len(rest) > 0 {
			l := w.level(depth)
			l.reserve(len(rest) * len(c.bits))
			w.frequent(w.narrow(l, c.bits, rest, &l.columns, 0), depth+1)
		}
		w.prefix = w.prefix[:len(w.prefix)-1]
	}
}

// narrow keeps the columns that are frequent within the bits of one of them.
func (w *worker) narrow(l *level, within []uint64, columns []column, into *[]column, used int) []column {
	size := len(within)
	least := int32(w.options.MinCount) //nolint:gosec // a count of baskets
	for _, c := range columns {
		space := l.words[used*size : (used+1)*size : (used+1)*size]
		if n := intersect(space, within, c.bits); n >= least {
			*into = append(*into, column{c.rank, n, space})
			used++
		}
	}
	return *into
}

// closed emits the closed (or maximal) sets below the prefix, which the bits
// of here hold. Items that always come along are taken in at once; when one
// that was tried earlier always comes along, all sets below have been found
// there (the exclusion of Bron and Kerbosch, as LCM and CHARM use it).
func (w *worker) closed(here []uint64, count int32, columns, earlier []column, depth int) {
	if depth < 4 && w.stopped() || w.over.Load() {
		return
	}
	for _, x := range earlier {
		if x.count == count {
			return
		}
	}
	length := len(w.prefix)
	defer func() { w.prefix = w.prefix[:length] }()
	rest := make([]column, 0, len(columns))
	for _, c := range columns {
		if c.count == count {
			w.prefix = append(w.prefix, c.rank)
		} else {
			rest = append(rest, c)
		}
	}
	if w.options.Kind == Closed && w.fits() || len(rest) == 0 && len(earlier) == 0 && w.fits() {
		w.emit(count)
	}
	slices.SortStableFunc(rest, func(a, b column) int { return int(a.count - b.count) })
	for i, c := range rest {
		l := w.level(depth)
		l.reserve((len(rest) + len(earlier)) * len(here))
		below := w.narrow(l, c.bits, rest[i+1:], &l.columns, 0)
		excluded := w.narrow(l, c.bits, earlier, &l.outs, len(below))
		excluded = w.narrow(l, c.bits, rest[:i], &l.outs, len(below)+len(excluded))
		w.prefix = append(w.prefix, c.rank)
		w.closed(c.bits, c.count, below, excluded, depth+1)
		w.prefix = w.prefix[:len(w.prefix)-1]
	}
}

// fits tells whether the prefix is short enough to be told; a closed set stays
// closed when longer ones are not wanted.
func (w *worker) fits() bool {
	return w.options.MaxLength == 0 || len(w.prefix) <= w.options.MaxLength
}
