// SPDX-License-Identifier: Apache-2.0

package database

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"dangol/internal/platform/fault"
)

const (
	// queueLimit bounds the people waiting; more are refused at once instead of timing out later.
	queueLimit = 10_000
	// bulkPatience is how long bulk work yields to people who keep coming before it gets one turn.
	bulkPatience = 200 * time.Millisecond
)

// queue hands the writer's baton from one goroutine to the next, people first.
type queue struct {
	mu       sync.Mutex
	held     bool
	people   line
	bulk     line
	patience time.Duration
	waited   atomic.Int64 // when a person last had to wait, in Unix nanoseconds
}

// ticket is one waiting goroutine.
type ticket struct {
	ready    chan struct{}
	since    time.Time
	gone     bool
	isPerson bool
}

type backgroundKey struct{}

// Background marks work that nobody waits for: it takes its turns among people's, but bulk work does not
// end a slice early for it.
func Background(ctx context.Context) context.Context {
	return context.WithValue(ctx, backgroundKey{}, true)
}

func isBackground(ctx context.Context) bool { return ctx.Value(backgroundKey{}) != nil }

// line is a first-in first-out list that reuses its memory.
type line struct {
	tickets []*ticket
	head    int
}

func (l *line) push(t *ticket) { l.tickets = append(l.tickets, t) }

func (l *line) size() int { return len(l.tickets) - l.head }

func (l *line) front() *ticket {
	for l.head < len(l.tickets) {
		if t := l.tickets[l.head]; !t.gone {
			return t
		}
		l.drop()
	}
	l.tickets, l.head = l.tickets[:0], 0
	return nil
}

func (l *line) drop() {
	l.tickets[l.head] = nil
	l.head++
	if l.head > 1024 && l.head*2 > len(l.tickets) {
		n := copy(l.tickets, l.tickets[l.head:])
		clear(l.tickets[n:])
		l.tickets, l.head = l.tickets[:n], 0
	}
}

// take returns with the baton, or with an error when ctx ends, the queue is full or patience runs out.
func (q *queue) take(ctx context.Context, bulk bool) error {
	q.mu.Lock()
	if !q.held {
		q.held = true
		q.mu.Unlock()
		return nil
	}
	t := &ticket{ready: make(chan struct{}, 1), since: time.Now(), isPerson: !bulk && !isBackground(ctx)}
	if bulk {
		q.bulk.push(t)
	} else if q.people.size() >= queueLimit {
		q.mu.Unlock()
		return tooManyWaiting()
	} else {
		q.people.push(t)
		if t.isPerson {
			q.waited.Store(t.since.UnixNano())
		}
	}
	q.mu.Unlock()
	return q.wait(ctx, t, bulk)
}

func (q *queue) wait(ctx context.Context, t *ticket, bulk bool) error {
	var late <-chan time.Time
	if !bulk {
		timer := time.NewTimer(q.patience)
		defer timer.Stop()
		late = timer.C
	}
	var err error
	select {
	case <-t.ready:
		return nil
	case <-ctx.Done():
		err = ctx.Err()
	case <-late:
		err = fault.New(fault.Busy, "database.writer_busy",
			"Saving waited {seconds} s for other work and gave up. Nothing was saved; try again.",
			"seconds", int(q.patience.Seconds()))
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	select {
	case <-t.ready:
		// The baton came at the same moment, perhaps with an open group: only run can end that properly.
		return nil
	default:
		t.gone = true
	}
	return err
}

func tooManyWaiting() error {
	return fault.New(fault.Busy, "database.queue_full",
		"Too many changes are waiting to be saved. Nothing was saved; try again in a moment.")
}

// personWaits reports whether somebody waits who is not background work.
func (q *queue) personWaits() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, t := range q.people.tickets[q.people.head:] {
		if t.isPerson && !t.gone {
			return true
		}
	}
	return false
}

// peopleWait reports whether anybody waits who goes before bulk work.
func (q *queue) peopleWait() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.people.front() != nil
}

// passToPerson hands the baton to the first person and reports whether there was one.
func (q *queue) passToPerson() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	t := q.people.front()
	if t == nil {
		return false
	}
	q.people.drop()
	t.ready <- struct{}{}
	return true
}

// pass hands the baton on, with no group open, or lays it down when nobody waits.
func (q *queue) pass() {
	q.mu.Lock()
	defer q.mu.Unlock()
	from := &q.people
	t := q.people.front()
	if b := q.bulk.front(); b != nil && (t == nil || time.Since(b.since) > bulkPatience) {
		from, t = &q.bulk, b
	}
	if t == nil {
		q.held = false
		return
	}
	from.drop()
	t.ready <- struct{}{}
}

// waiting counts those who wait and have not given up.
func (q *queue) waiting() (n int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, l := range []*line{&q.people, &q.bulk} {
		for _, t := range l.tickets[l.head:] {
			if !t.gone {
				n++
			}
		}
	}
	return n
}
