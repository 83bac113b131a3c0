// SPDX-License-Identifier: Apache-2.0

package database

import (
	"context"
	"database/sql/driver"
	"fmt"
	"sync"
)

// aheadJobs bounds the INSERTs that wait for SQLite.
const aheadJobs = 192

// ahead runs the INSERTs of a bulk transaction on SQLite in a goroutine of their own, in order, while the
// caller goes on to prepare the next: one core works for SQLite, the other in Go. Everything else that the
// transaction does first waits until they are done (settle), so nobody can see a difference, except that an
// INSERT's error may come from a later call; once there was one, every call fails and nothing is saved.
type ahead struct {
	jobs    chan aheadJob
	pending sync.WaitGroup // jobs not yet done; used by the caller's goroutine and by run
	mu      sync.Mutex
	err     error
	free    [][]driver.NamedValue
}

type aheadJob struct {
	table, text string
	values      []driver.NamedValue
}

// goAhead lets INSERTs of the transaction run ahead from now on.
func (w *writer) goAhead(t *tx) {
	a := &ahead{jobs: make(chan aheadJob, aheadJobs)}
	t.ahead = a
	go func() {
		for job := range a.jobs {
			a.work(w, t, job)
		}
	}()
}

func (a *ahead) work(w *writer, t *tx, job aheadJob) {
	defer a.pending.Done()
	if a.failure() != nil {
		return
	}
	err := w.insert(t, job.text, job.values)
	a.mu.Lock()
	defer a.mu.Unlock()
	if err != nil {
		a.err = fmt.Errorf("insert into %s: %w", job.table, err)
	}
	clear(job.values)
	a.free = append(a.free, job.values)
}

func (a *ahead) failure() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.err
}

// space returns a list for n values.
func (a *ahead) space(n int) []driver.NamedValue {
	if a != nil {
		a.mu.Lock()
		defer a.mu.Unlock()
		if last := len(a.free) - 1; last >= 0 && cap(a.free[last]) >= n {
			list := a.free[last][:n]
			a.free = a.free[:last]
			return list
		}
	}
	return make([]driver.NamedValue, n, max(n, insertVariables))
}

func (a *ahead) send(table, text string, values []driver.NamedValue) {
	a.pending.Add(1)
	a.jobs <- aheadJob{table, text, values}
}

// ready is asked before each INSERT: by the caller, who may be ahead of SQLite.
func (a *ahead) ready(ctx context.Context, t *tx, text string) error {
	if a == nil {
		return t.ready(ctx, text)
	}
	if err := a.failure(); err != nil {
		return err
	}
	if t.over.Load() {
		return errTxOver
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return Fault(t.db.injected(text))
}

// settle waits for all INSERTs and returns the error of the first that failed.
func (a *ahead) settle() error {
	if a == nil {
		return nil
	}
	a.pending.Wait()
	return a.err
}

// stop settles and ends the goroutine.
func (t *tx) stop() error {
	if t.ahead == nil {
		return nil
	}
	err := t.ahead.settle()
	close(t.ahead.jobs)
	t.failed, t.ahead = err, nil
	return err
}
