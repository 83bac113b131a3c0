// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"context"
	"errors"
	"io"
	"runtime"
	"sync"

	"dangol/internal/customer"
	"dangol/internal/intake/reader"
)

// chunkRows is how many rows go to a worker at once.
const chunkRows = 256

// source is a file being read.
type rowReader interface {
	// Next returns the next data row and its number; see reader.File.
	Next() (row []string, number int, err error)
	// Position returns where reading stands behind the last row.
	Position() reader.Position
}

// chunk is a number of rows on their way through the workers, in the order of the file.
type chunk struct {
	cells   []string // of all rows, one after the other
	ends    []int
	numbers []int64
	rejects []Reject // rows that could not be read
	after   reader.Position
	done    chan chunkResult // of capacity 1
	result  chunkResult
	err     error // the file ends here, and not well
	skip    bool  // counted but not worked on (dry run)
}

// pipeline reads rows in one goroutine, prepares them in several, and gives them back in order.
type pipeline struct {
	plan    *plan
	file    rowReader
	keep    func(n int) bool // whether the nth chunk is worked on; nil is all
	ordered chan *chunk
	work    chan *chunk
}

// run feeds emit with the chunks in the order of the file, on the caller's goroutine, until the file
// ends, emit fails or ctx ends. Memory is bounded by the channels.
func (p *pipeline) run(ctx context.Context, emit func(*chunk) error) error {
	ctx, cancel := context.WithCancel(ctx)
	workers := max(1, runtime.GOMAXPROCS(0))
	p.ordered, p.work = make(chan *chunk, 8*workers), make(chan *chunk, 8*workers)
	var all sync.WaitGroup
	defer all.Wait() // nobody reads the file after run has returned
	defer cancel()
	all.Add(1 + workers)
	go func() { defer all.Done(); p.read(ctx) }()
	for range workers {
		go func() { defer all.Done(); p.prepare() }()
	}
	for c := range p.ordered {
		if !c.skip {
			select {
			case c.result = <-c.done:
			case <-ctx.Done():
				return context.Cause(ctx)
			}
		}
		c.result.rejects = append(c.result.rejects, c.rejects...)
		c.result.rows = int64(len(c.ends) + len(c.rejects))
		c.cells = nil
		if err := emit(c); err != nil {
			return err
		}
		if c.err != nil {
			return c.err
		}
	}
	return context.Cause(ctx)
}

func (p *pipeline) read(ctx context.Context) {
	defer close(p.ordered)
	defer close(p.work)
	for n := 0; ; n++ {
		c, more := p.fill()
		c.skip = p.keep != nil && !p.keep(n)
		select {
		case p.ordered <- c:
		case <-ctx.Done():
			return
		}
		if !c.skip {
			select {
			case p.work <- c:
			case <-ctx.Done():
				return
			}
		}
		if !more {
			return
		}
	}
}

// fill reads one chunk; more is false at the end of the file.
func (p *pipeline) fill() (c *chunk, more bool) {
	c = &chunk{done: make(chan chunkResult, 1)}
	for len(c.ends)+len(c.rejects) < chunkRows {
		row, number, err := p.file.Next()
		var bad *reader.RowError
		switch {
		case err == nil:
			if c.cells == nil {
				c.cells = make([]string, 0, chunkRows*len(row))
			}
			c.cells = append(c.cells, row...) // row is reused by the reader
			c.ends = append(c.ends, len(c.cells))
			c.numbers = append(c.numbers, int64(number))
			continue
		case errors.As(err, &bad):
			c.rejects = append(c.rejects, unreadable(bad, p.plan.headers))
			continue
		case !errors.Is(err, io.EOF):
			c.err = err
		}
		c.after = p.file.Position()
		return c, false
	}
	c.after = p.file.Position()
	return c, true
}

// unreadable is the reject of a row that the reader could not take apart.
func unreadable(bad *reader.RowError, headers []string) Reject {
	raw, _ := redactText(string(bad.Raw))
	cells := make([]string, max(1, len(headers)))
	cells[0] = raw
	return Reject{
		Row: int64(bad.Row), Column: bad.Column, Value: shorten(raw), Rule: bad.Rule, Code: bad.Rule,
		Message: bad.Message, Remedy: bad.Remedy, cells: customer.AppendCells(nil, cells),
	}
}

func (p *pipeline) prepare() {
	w := newWorker(p.plan)
	for c := range p.work {
		var out chunkResult
		start := 0
		for i, end := range c.ends {
			w.take(c.cells[start:end:end], c.numbers[i], &out)
			start = end
		}
		c.done <- out
	}
}
