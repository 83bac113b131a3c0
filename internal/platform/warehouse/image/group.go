// SPDX-License-Identifier: Apache-2.0

package image

import "context"

// Kind is how the rows of a cell become a number.
type Kind int

// Kinds of a Measure.
const (
	CountRows     Kind = iota
	SumOf              // of a column; missing values count nothing
	CountSubjects      // with at least one row
	LeastOf
	MostOf
	CountValues // different values of a column
)

// Measure is one number of a cell.
type Measure struct {
	Kind   Kind
	Column string
	// Where keeps rows for this measure alone.
	Where *Row
}

// Question groups the rows of a table.
type Question struct {
	// Table is one of events, or the table of subjects itself.
	Table string
	// Who limits the subjects; when it is set only those count that have a row
	// in the table of subjects.
	Who      *Rule
	Where    *Row
	Dims     []Dim
	Measures []Measure
	// Totals are further groupings by some of the dimensions.
	Totals [][]int
	// Workers is how many cores to use; 0 is all.
	Workers int
}

// Cell is one cell of an answer; keys of dimensions not grouped by are absent.
type Cell struct {
	Keys   []int64 // value or number of a text, Missing for none
	Values []int64 // Missing when no row has one
}

// Grouped is the answer: the cells of all dimensions, then of each of Totals.
type Grouped struct {
	Cells [][]Cell
	texts [][]string
}

// NewGrouped makes an answer of cells that another engine counted; texts holds, for each dimension of texts, what
// its keys number.
func NewGrouped(cells [][]Cell, texts [][]string) *Grouped {
	return &Grouped{Cells: cells, texts: texts}
}

// Text is the text that a key of a dimension stands for; ok is false when the
// dimension holds numbers.
func (g *Grouped) Text(dim int, key int64) (string, bool) {
	if g.texts[dim] == nil || key < 0 || key >= int64(len(g.texts[dim])) {
		return "", false
	}
	return g.texts[dim][key], true
}

// grouping is a set of dimensions with their strides.
type grouping struct {
	dims    []int
	strides []uint32
	size    int
	hasRows bool // one of the dimensions differs within a subject
}

type groupDim struct {
	domain *domain
	table  int
	column int
	isRow  bool
}

// grouper is a compiled question.
type grouper struct {
	s        *Snapshot
	q        *Question
	table    int
	who      node
	where    rowNode
	dims     []groupDim
	sets     []grouping
	measures []groupMeasure
}

type groupMeasure struct {
	kind   Kind
	column int
	where  rowNode
	low    int64 // of values counted differently
	span   int64
}

// Group answers a question.
func (s *Snapshot) Group(ctx context.Context, q *Question) (*Grouped, error) {
	g, err := s.compileQuestion(q)
	if err != nil {
		return nil, err
	}
	units := s.all()
	tallies := make([]*tally, workersOf(q.Workers))
	err = sweepWith(ctx, s, units, q.Workers, func(worker int) func(*frame, int) error {
		t := newTally(g)
		tallies[worker] = t
		return func(f *frame, _ int) error { return t.take(f) }
	})
	if err != nil {
		return nil, err
	}
	var total *tally
	for _, t := range tallies {
		if t == nil {
			continue
		}
		if total == nil {
			total = t
			continue
		}
		total.merge(t)
	}
	return g.answer(total), nil
}

func (s *Snapshot) compileQuestion(q *Question) (*grouper, error) {
	g := &grouper{s: s, q: q, table: s.spec.table(q.Table)}
	if g.table < 0 || s.spec[g.table].Role != Events && s.spec[g.table].Role != Subjects {
		return nil, unsupported("the table %s is not kept", q.Table)
	}
	var err error
	if q.Who != nil {
		if g.who, err = s.compile(q.Who); err != nil {
			return nil, err
		}
	}
	if g.where, err = s.compileRow(g.table, q.Where); err != nil {
		return nil, err
	}
	for i := range q.Dims {
		one, err := g.compileDim(&q.Dims[i])
		if err != nil {
			return nil, err
		}
		g.dims = append(g.dims, one)
	}
	everything := make([]int, len(g.dims))
	for i := range everything {
		everything[i] = i
	}
	for _, set := range append([][]int{everything}, q.Totals...) {
		one, err := g.grouping(set)
		if err != nil {
			return nil, err
		}
		g.sets = append(g.sets, one)
	}
	return g, g.compileMeasures()
}

func (g *grouper) compileDim(d *Dim) (groupDim, error) {
	t := g.table
	if d.Table != "" {
		if t = g.s.spec.table(d.Table); t < 0 {
			return groupDim{}, unsupported("the table %s is not kept", d.Table)
		}
	}
	domain, column, err := g.s.domainOf(t, d)
	return groupDim{domain, t, column, t == g.table && g.s.spec[t].Role == Events}, err
}

func (g *grouper) grouping(set []int) (grouping, error) {
	one := grouping{dims: set, size: 1}
	for _, i := range set {
		one.strides = append(one.strides, uint32(one.size)) //nolint:gosec // bounded below
		if one.size *= g.dims[i].domain.size; one.size > mostCells {
			return one, unsupported("the answer would have too many cells")
		}
		one.hasRows = one.hasRows || g.dims[i].isRow
	}
	return one, nil
}

func (g *grouper) compileMeasures() error {
	for i := range g.q.Measures {
		m := &g.q.Measures[i]
		one := groupMeasure{kind: m.Kind, column: -1}
		var err error
		if m.Where != nil {
			if one.where, err = g.s.compileRow(g.table, m.Where); err != nil {
				return err
			}
		}
		if m.Kind != CountRows && m.Kind != CountSubjects {
			if one.column, err = g.s.wholeColumn(g.table, m.Column); err != nil {
				return err
			}
		}
		if m.Kind == CountValues {
			low, high := g.s.bounds(g.table, one.column)
			one.low, one.span = low, max(high-low+1, 1)
			const mostBits = 1 << 28
			for _, set := range g.sets {
				if low <= high && (high-low < 0 || one.span > mostBits/int64(set.size)) {
					return unsupported("%s has too many different values to count them in every cell", m.Column)
				}
			}
		}
		g.measures = append(g.measures, one)
	}
	return nil
}

// answer lists the cells that have rows.
func (g *grouper) answer(t *tally) *Grouped {
	out := &Grouped{}
	for _, d := range g.dims {
		out.texts = append(out.texts, d.domain.texts)
	}
	for k := range g.sets {
		set := &g.sets[k]
		list := []Cell{}
		for cell, n := range t.rows[k] {
			if n == 0 && len(set.dims) > 0 {
				continue
			}
			one := Cell{Keys: make([]int64, len(set.dims)), Values: make([]int64, len(g.measures))}
			for i, d := range set.dims {
				code := cell / int(set.strides[i]) % g.dims[d].domain.size
				one.Keys[i] = missing
				if code > 0 {
					one.Keys[i] = g.dims[d].domain.value(code)
				}
			}
			for m := range g.measures {
				one.Values[m] = t.value(k, m, cell)
			}
			list = append(list, one)
		}
		out.Cells = append(out.Cells, list)
	}
	return out
}
