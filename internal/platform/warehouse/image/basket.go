// SPDX-License-Identifier: Apache-2.0

package image

import (
	"cmp"
	"context"
	"slices"
)

// Baskets counts which things lie together in one basket of a subject.
type Baskets struct {
	Table string
	Who   *Rule
	Where *Row
	// Basket is the column whose equal values, of one subject, are one basket.
	Basket  string
	Item    Dim
	Workers int
}

// Pairs is how many baskets hold each thing, and each two things.
type Pairs struct {
	Baskets int64
	Items   []int64
	// Together has a row of len(Items) for each thing; [a][b] with a < b.
	Together []int64
	texts    []string
	value    func(code int) int64
}

// Text is the text of a thing; ok is false when things are numbers.
func (p *Pairs) Text(item int) (string, bool) {
	if p.texts == nil {
		return "", false
	}
	return p.texts[item], true
}

// Value is the number of a thing.
func (p *Pairs) Value(item int) int64 { return p.value(item + 1) }

// mostItems bounds the matrix: 2,000 things are 32 MB a core.
const mostItems = 2_000

// basketRow is a row of a basket.
type basketRow struct {
	basket int64
	item   uint32
}

// Pairs counts baskets.
func (s *Snapshot) Pairs(ctx context.Context, q *Baskets) (*Pairs, error) {
	t := s.spec.table(q.Table)
	if t < 0 || s.spec[t].Role != Events {
		return nil, unsupported("the table %s is not kept", q.Table)
	}
	who, err := s.compile(q.Who)
	if err != nil {
		return nil, err
	}
	where, err := s.compileRow(t, q.Where)
	if err != nil {
		return nil, err
	}
	basket, err := s.wholeColumn(t, q.Basket)
	if err != nil {
		return nil, err
	}
	domain, column, err := s.domainOf(t, &q.Item)
	if err != nil {
		return nil, err
	}
	items := domain.size - 1
	if items > mostItems {
		return nil, unsupported("%s has too many different values to pair them", q.Item.Column)
	}
	var tallies []*pairTally
	for range workersOf(q.Workers) {
		tallies = append(tallies, &pairTally{
			table: t, basket: basket, column: column, domain: domain, who: who, where: where,
			Pairs: Pairs{Items: make([]int64, items), Together: make([]int64, items*items), texts: domain.texts, value: domain.value},
		})
	}
	err = sweepWith(ctx, s, s.all(), q.Workers, func(worker int) func(*frame, int) error {
		return func(f *frame, _ int) error { return tallies[worker].take(f) }
	})
	if err != nil {
		return nil, err
	}
	out := &tallies[0].Pairs
	for _, other := range tallies[1:] {
		out.Baskets += other.Baskets
		for i, n := range other.Items {
			out.Items[i] += n
		}
		for i, n := range other.Together {
			out.Together[i] += n
		}
	}
	return out, nil
}

type pairTally struct {
	Pairs
	table, basket, column int
	domain                *domain
	who                   node
	where                 rowNode
	rows                  []basketRow
	items                 []uint32
	met                   []int64
	cells                 []uint32
}

func (t *pairTally) take(f *frame) error {
	subjects := f.subjects(Want{})
	if len(subjects) > 0 {
		subjects = t.who.keep(f, subjects)
	}
	p := &f.u.tables[t.table]
	parts := p.stretches(subjects)
	if len(parts) == 0 {
		return nil
	}
	mask, buffer, baskets := f.mask(p.rows), f.mask(p.rows), f.numbers(p.rows)
	fill(mask, parts, 1)
	t.where.apply(f, p, parts, mask)
	t.cells = slices.Grow(t.cells[:0], p.rows)[:p.rows]
	for _, s := range parts {
		clear(t.cells[s.from:s.to])
		p.columns[t.basket].decode(baskets, buffer, s.from, s.to)
	}
	t.domain.add(f, &p.columns[t.column], parts, t.cells, 1)
	for _, i := range subjects {
		from, to := p.span(int(i))
		t.subject(mask, baskets, from, to)
	}
	f.giveNumbers(baskets)
	f.give(buffer)
	f.give(mask)
	return nil
}

// subject counts the baskets of one subject. Rows lie in the order of time, so
// a basket is mostly in one piece; if one is not, the rows are sorted first.
func (t *pairTally) subject(mask []byte, baskets []int64, from, to int) {
	t.rows, t.met = t.rows[:0], t.met[:0]
	isWhole := true
	for row := from; row < to; row++ {
		now := baskets[row]
		if mask[row] == 0 || now == missing {
			continue
		}
		if n := len(t.rows); n == 0 || now != t.rows[n-1].basket {
			isWhole = isWhole && len(t.met) < manyBaskets && !slices.Contains(t.met, now)
			t.met = append(t.met, now)
		}
		t.rows = append(t.rows, basketRow{now, t.cells[row]})
	}
	if !isWhole {
		slices.SortFunc(t.rows, func(a, b basketRow) int { return cmp.Compare(a.basket, b.basket) })
	}
	for i := 0; i < len(t.rows); {
		t.items = t.items[:0]
		now := t.rows[i].basket
		for ; i < len(t.rows) && t.rows[i].basket == now; i++ {
			if item := t.rows[i].item; item > 0 && !slices.Contains(t.items, item) {
				t.items = append(t.items, item)
			}
		}
		t.count()
	}
}

// manyBaskets is from when on sorting is quicker than looking whether a basket
// has been met before.
const manyBaskets = 64

func (t *pairTally) count() {
	t.Baskets++
	width := len(t.Items)
	for i, a := range t.items {
		t.Items[a-1]++
		for _, b := range t.items[:i] {
			low, high := min(a, b)-1, max(a, b)-1
			t.Together[int(low)*width+int(high)]++
		}
	}
}
