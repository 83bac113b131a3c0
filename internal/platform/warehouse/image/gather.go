// SPDX-License-Identifier: Apache-2.0

package image

import (
	"context"
	"errors"
	"math"
	"slices"
	"sort"

	"dangol/internal/platform/warehouse"
)

// rowsOf holds the rows of one table for a range of subjects, as they came.
type rowsOf struct {
	table   *Table
	keys    []int64
	columns [][]int64
	words   []*numberer
	same    []*int64 // of columns that have one value in all rows and are not read; nil: none has
	most    int
}

// toRead lists the columns that differ from row to row.
func (r *rowsOf) toRead() []warehouse.Column {
	if r.same == nil {
		return r.table.Columns
	}
	var list []warehouse.Column
	for i, c := range r.table.Columns {
		if r.same[i] == nil {
			list = append(list, c)
		}
	}
	return list
}

// errTooMany says that a reading brought more rows than it may.
var errTooMany = errors.New("too many rows for one reading")

func (r *rowsOf) take(rows int, batch []Series) error {
	if r.most > 0 && len(r.keys)+rows > r.most {
		return errTooMany
	}
	r.keys = appendWhole(r.keys, &batch[0], rows)
	next := 1
	for i, c := range r.table.Columns {
		if r.same != nil && r.same[i] != nil {
			continue
		}
		s := &batch[next]
		next++
		switch c.Type {
		case warehouse.Varchar:
			r.columns[i] = r.appendTexts(r.columns[i], r.words[i], s, rows)
		case warehouse.Double:
			r.columns[i] = appendDecimal(r.columns[i], s, rows)
		default:
			r.columns[i] = appendWhole(r.columns[i], s, rows)
		}
	}
	return nil
}

func appendWhole(to []int64, s *Series, rows int) []int64 {
	if s.Short != nil {
		return appendPresent(to, s.Short[:rows], s)
	}
	if s.Valid == nil {
		return append(to, s.Whole[:rows]...)
	}
	return appendPresent(to, s.Whole[:rows], s)
}

func appendPresent[T int32 | int64](to []int64, values []T, s *Series) []int64 {
	begin := len(to)
	to = slices.Grow(to, len(values))[:begin+len(values)]
	part := to[begin:]
	if s.Valid == nil {
		for i, x := range values {
			part[i] = int64(x)
		}
		return to
	}
	for i, x := range values {
		if s.has(i) {
			part[i] = int64(x)
		} else {
			part[i] = missing
		}
	}
	return to
}

func appendDecimal(to []int64, s *Series, rows int) []int64 {
	to = slices.Grow(to, rows)
	for i := range rows {
		if s.has(i) {
			to = append(to, decimalBits(s.Decimal[i]))
		} else {
			to = append(to, missing)
		}
	}
	return to
}

// decimalBits turns -0.0 into 0.0: its bits stand for a missing value.
func decimalBits(x float64) int64 { return int64(math.Float64bits(x + 0)) } //nolint:gosec // the bits

func (r *rowsOf) appendTexts(to []int64, words *numberer, s *Series, rows int) []int64 {
	begin := len(to)
	to = slices.Grow(to, rows)[:begin+rows]
	part, offsets := to[begin:], s.Offsets[:rows+1]
	for i := range part {
		if !s.has(i) {
			part[i] = missing
			continue
		}
		part[i] = words.number(s.Bytes[offsets[i]:offsets[i+1]])
	}
	return to
}

// gatherer reads ranges of subjects and makes chunks of them; each worker has
// its own.
type gatherer struct {
	spec  Spec
	words [][]*numberer
	same  [][]*int64 // see rowsOf; nil when nothing is known
	list  []rowsOf   // kept from range to range, as is the room for a chunk
	room  []byte
	row   []int64
	sorts []sorting
}

func newGatherer(spec Spec, dictionaries [][]*dictionary) *gatherer {
	g := &gatherer{spec: spec, words: make([][]*numberer, len(spec))}
	for t := range spec {
		g.words[t] = make([]*numberer, len(spec[t].Columns))
		for c, d := range dictionaries[t] {
			if d != nil {
				g.words[t][c] = newNumberer(d)
			}
		}
	}
	return g
}

// read fetches all rows of the subjects chosen; they stay until the next reading.
func (g *gatherer) read(ctx context.Context, from Reading, which Which, most int) ([]rowsOf, error) {
	if g.list == nil {
		g.list = emptyRows(g.spec)
	}
	list := g.list
	for t := range g.spec {
		table := &g.spec[t]
		list[t].words, list[t].most, list[t].keys = g.words[t], most, list[t].keys[:0]
		if g.same != nil {
			list[t].same = g.same[t]
		}
		for i := range list[t].columns {
			list[t].columns[i] = list[t].columns[i][:0]
		}
		if table.Role == Lookup {
			continue
		}
		if err := from.Read(ctx, table.Name, table.Key, list[t].toRead(), which, list[t].take); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// arrange orders the rows of all tables by subject and hands on chunks of them.
func (g *gatherer) arrange(ctx context.Context, list []rowsOf, emit func(*chunk) error) error {
	keys := subjectsOf(list)
	if g.sorts == nil {
		g.sorts = make([]sorting, len(list))
	}
	sorted := g.sorts
	place := placeOf(keys)
	for t := range list {
		sorted[t].arrange(&list[t], keys, place)
	}
	for from := 0; from < len(keys); {
		if err := ctx.Err(); err != nil {
			return err
		}
		to := cutChunk(sorted, from, len(keys))
		if err := emit(g.makeChunk(list, sorted, keys, from, to)); err != nil {
			return err
		}
		from = to
	}
	return nil
}

const (
	// chunkSubjects and chunkRows bound a chunk so that the columns of a
	// question stay in the second-level cache; one subject with more rows than
	// that has a chunk to itself.
	chunkSubjects = 2048
	chunkRows     = 1 << 15
)

func cutChunk(sorted []sorting, from, most int) int {
	to := min(from+chunkSubjects, most)
	for t := range sorted {
		offsets := sorted[t].offsets
		if offsets == nil {
			continue
		}
		limit := offsets[from] + chunkRows
		end := from + sort.Search(to-from, func(i int) bool { return offsets[from+i+1] > limit })
		to = max(min(to, end), from+1)
	}
	return to
}

// subjectsOf lists the different keys of all tables in order.
func subjectsOf(list []rowsOf) []int64 {
	n := 0
	low, high := int64(math.MaxInt64), int64(math.MinInt64)
	for t := range list {
		n += len(list[t].keys)
		for _, k := range list[t].keys {
			low, high = min(low, k), max(high, k)
		}
	}
	if n == 0 {
		return nil
	}
	if spread := uint64(high) - uint64(low); spread < 1<<24 { // ids lie close together
		seen := make([]bool, spread+1)
		for t := range list {
			for _, k := range list[t].keys {
				seen[k-low] = true
			}
		}
		var keys []int64
		for i, is := range seen {
			if is {
				keys = append(keys, low+int64(i))
			}
		}
		return keys
	}
	keys := make([]int64, 0, n)
	for t := range list {
		keys = append(keys, list[t].keys...)
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// sorting is the order of a table's rows by subject.
type sorting struct {
	order   []uint32 // row numbers, subject after subject
	offsets []uint32 // where each subject begins; nil without rows
	places  []uint32
	next    []uint32
}

// arrange sorts rows by subject (by counting), and by time within one.
func (s *sorting) arrange(r *rowsOf, keys []int64, place func(int64) uint32) {
	if len(r.keys) == 0 {
		s.offsets = nil
		return
	}
	s.offsets = resized(s.offsets, len(keys)+1)
	clear(s.offsets)
	s.places, s.order = resized(s.places, len(r.keys)), resized(s.order, len(r.keys))
	for i, k := range r.keys {
		p := place(k)
		s.places[i] = p
		s.offsets[p+1]++
	}
	for i := range keys {
		s.offsets[i+1] += s.offsets[i]
	}
	s.next = append(s.next[:0], s.offsets[:len(keys)]...)
	for i, p := range s.places {
		s.order[s.next[p]] = uint32(i) //nolint:gosec // a range has far fewer rows
		s.next[p]++
	}
	if time := r.table.column(r.table.Time); r.table.Time != "" && time >= 0 {
		group := r.columns[time]
		if g := r.table.column(r.table.Group); r.table.Group != "" && g >= 0 {
			group = r.columns[g]
		}
		s.byTime(r.columns[time], group)
	}
}

func resized(list []uint32, n int) []uint32 {
	if cap(list) >= n {
		return list[:n]
	}
	return make([]uint32, n, n+n/4)
}

func placeOf(keys []int64) func(int64) uint32 {
	if len(keys) == 0 {
		return nil
	}
	low, high := keys[0], keys[len(keys)-1]
	if spread := uint64(high) - uint64(low); spread < 1<<24 {
		places := make([]uint32, spread+1)
		for i, k := range keys {
			places[k-low] = uint32(i) //nolint:gosec // below 2^24
		}
		return func(k int64) uint32 { return places[k-low] }
	}
	return func(k int64) uint32 {
		i, _ := slices.BinarySearch(keys, k)
		return uint32(i) //nolint:gosec // a range has far fewer subjects
	}
}

// byTime sorts the rows of each subject; most come sorted already.
func (s *sorting) byTime(time, group []int64) {
	before := func(a, b uint32) bool {
		if time[a] != time[b] {
			return time[a] < time[b]
		}
		if group[a] != group[b] {
			return group[a] < group[b]
		}
		return a < b
	}
	for i := range len(s.offsets) - 1 {
		part := s.order[s.offsets[i]:s.offsets[i+1]]
		isSorted := true
		for j := 1; j < len(part); j++ {
			if before(part[j], part[j-1]) {
				isSorted = false
				break
			}
		}
		if isSorted {
			continue
		}
		slices.SortFunc(part, func(a, b uint32) int {
			switch {
			case before(a, b):
				return -1
			case before(b, a):
				return 1
			}
			return 0
		})
	}
}
