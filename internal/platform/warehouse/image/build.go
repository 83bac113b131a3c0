// SPDX-License-Identifier: Apache-2.0

package image

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"dangol/internal/platform/warehouse"
)

const (
	// rangeRows is how many rows a worker holds at once: 16 columns of them
	// are about 50 MB.
	rangeRows = 400_000
	// bucketsAtOnce is how finely keys are counted to find ranges.
	bucketsAtOnce = 4096
)

// work is what Build has made.
type work struct {
	spec    Spec
	numbers [][]*dictionary
	same    [][]*int64 // see rowsOf
	writer  *writer
	rows    []atomic.Int64
	people  atomic.Int64
	total   atomic.Int64
	lines   int64 // rows to be read
	report  func(done, total int64)
}

// Workers is how many cores a build or a question uses.
func workersOf(n int) int {
	if n > 0 {
		return n
	}
	return runtime.GOMAXPROCS(0)
}

func newNumbers(spec Spec) [][]*dictionary {
	numbers := make([][]*dictionary, len(spec))
	for t := range spec {
		numbers[t] = make([]*dictionary, len(spec[t].Columns))
		for c := range spec[t].Columns {
			if spec[t].Columns[c].Type == "VARCHAR" {
				numbers[t][c] = newDictionary(nil)
			}
		}
	}
	return numbers
}

// build reads everything into a new file at path.
func build(ctx context.Context, source Reading, spec Spec, path string, workers int, report func(done, total int64)) (*work, error) {
	ranges, lines, err := findRanges(ctx, source, spec)
	if err != nil {
		return nil, fmt.Errorf("build the image: %w", err)
	}
	w := &work{spec: spec, numbers: newNumbers(spec), rows: make([]atomic.Int64, len(spec)), lines: lines, report: report}
	if err = w.findSame(ctx, source); err != nil {
		return nil, fmt.Errorf("build the image: %w", err)
	}
	if w.writer, err = newWriter(path); err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var group sync.WaitGroup
	var next atomic.Int64
	go w.writer.flushUntil(ctx)
	// One more than there are cores: the source and the workers take turns.
	for range workersOf(workers) + 1 {
		group.Go(func() {
			if err := w.run(ctx, source, ranges, &next); err != nil {
				stop(err)
			}
		})
	}
	group.Wait()
	if ctx.Err() != nil {
		return nil, errors.Join(fmt.Errorf("build the image: %w", context.Cause(ctx)), w.writer.out.Close())
	}
	return w, nil
}

func (w *work) run(ctx context.Context, source Reading, ranges []Which, next *atomic.Int64) error {
	g := newGatherer(w.spec, w.numbers)
	g.same = w.same
	for {
		i := int(next.Add(1)) - 1
		if i >= len(ranges) || ctx.Err() != nil {
			return nil
		}
		list, err := g.read(ctx, source, ranges[i], 0)
		if err != nil {
			return err
		}
		for t := range list {
			w.rows[t].Add(int64(len(list[t].keys)))
			w.total.Add(int64(len(list[t].keys)))
		}
		err = g.arrange(ctx, list, func(c *chunk) error {
			w.people.Add(int64(c.subjects))
			return w.writer.add(c)
		})
		if err != nil {
			return err
		}
		if w.report != nil {
			w.report(w.total.Load(), w.lines)
		}
	}
}

// findSame finds the columns of events that need not be read.
func (w *work) findSame(ctx context.Context, source Reading) error {
	w.same = make([][]*int64, len(w.spec))
	for t := range w.spec {
		table := &w.spec[t]
		if table.Role != Events {
			continue
		}
		list, err := source.Same(ctx, table.Name, table.Columns)
		if err != nil {
			return err
		}
		w.same[t] = make([]*int64, len(table.Columns))
		for i := range list {
			c := &table.Columns[i]
			if list[i].IsSame && c.Name != table.Time && c.Name != table.Group { // by those rows are sorted
				x := list[i].whole(c.Type, w.numbers[t][i])
				w.same[t][i] = &x
			}
		}
	}
	return nil
}

// whole is the value as the image keeps it.
func (s *Same) whole(kind string, numbers *dictionary) int64 {
	switch {
	case s.IsMissing:
		return missing
	case kind == warehouse.Varchar:
		return numbers.number(s.Text)
	case kind == warehouse.Double:
		return decimalBits(s.Decimal)
	}
	return s.Whole
}

// header describes what was built.
func (w *work) header() header {
	h := header{Spec: w.spec, Subjects: w.people.Load()}
	for t := range w.rows {
		h.Rows = append(h.Rows, w.rows[t].Load())
	}
	h.Texts, h.Dropped = textsOf(w.numbers)
	return h
}

func textsOf(numbers [][]*dictionary) (texts [][][]string, dropped [][]bool) {
	for t := range numbers {
		texts = append(texts, make([][]string, len(numbers[t])))
		dropped = append(dropped, make([]bool, len(numbers[t])))
		for c, d := range numbers[t] {
			if d == nil {
				continue
			}
			dropped[t][c] = d.isOver.Load()
			if !dropped[t][c] {
				texts[t][c] = d.list()
			}
		}
	}
	return texts, dropped
}

// findRanges splits the subjects into ranges of about rangeRows rows.
func findRanges(ctx context.Context, source Reading, spec Spec) ([]Which, int64, error) {
	var low, high int64
	any := false
	for t := range spec {
		if spec[t].Role == Lookup {
			continue
		}
		from, to, ok, err := source.Bounds(ctx, spec[t].Name, spec[t].Key)
		if err != nil {
			return nil, 0, err
		}
		if !ok {
			continue
		}
		if !any {
			low, high, any = from, to, true
		}
		low, high = min(low, from), max(high, to)
	}
	// Rows without a subject take part in questions that do not ask for one.
	list := []Which{{IsNull: true}}
	if !any {
		return list, 0, nil
	}
	list, total, err := splitRange(ctx, source, spec, low, high, list)
	return list, total, err
}

func splitRange(ctx context.Context, source Reading, spec Spec, low, high int64, list []Which) ([]Which, int64, error) {
	counts := map[int64]*Bucket{}
	var order []int64
	for t := range spec {
		if spec[t].Role == Lookup {
			continue
		}
		buckets, err := source.Buckets(ctx, spec[t].Name, spec[t].Key, low, high, bucketsAtOnce)
		if err != nil {
			return list, 0, err
		}
		for _, b := range buckets {
			if have := counts[b.From]; have != nil {
				have.Rows += b.Rows
				continue
			}
			one := b
			counts[b.From] = &one
			order = append(order, b.From)
		}
	}
	sortInts(order)
	var total int64
	var now *Which
	var held int64
	for _, from := range order {
		b := counts[from]
		total += b.Rows
		if b.Rows > 4*rangeRows && b.To > b.From { // ids lie unevenly: look closer
			var err error
			if list, _, err = splitRange(ctx, source, spec, b.From, b.To, list); err != nil {
				return list, total, err
			}
			now = nil
			continue
		}
		if now == nil || held+b.Rows > rangeRows {
			list = append(list, Which{From: b.From, To: b.To})
			now, held = &list[len(list)-1], 0
		}
		now.To = b.To
		held += b.Rows
	}
	return list, total, nil
}
