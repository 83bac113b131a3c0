// SPDX-License-Identifier: Apache-2.0

package web

import (
	"context"
	"sync"
	"time"

	"dangol/internal/platform/fault"
)

// Cost is the class of work of a route. Each class has its own slots, so that
// pivots and exports cannot keep a customer page waiting.
type Cost int

// The classes, cheapest first.
const (
	// Quick is a page of one thing, a save, a sign-in.
	Quick Cost = iota
	// List is a list, a search, a count.
	List
	// Heavy is a pivot, a segment preview, a model.
	Heavy
	// Batch is an export, an upload, a rebuild.
	Batch
	// Stream stays open: the live stream.
	Stream
	costClasses
)

// String names the class for metrics.
func (c Cost) String() string {
	return [costClasses]string{"quick", "list", "heavy", "batch", "stream"}[c]
}

// class is how much of one kind of work runs at once.
type class struct {
	slots    int           // at the same time
	queue    int           // waiting, all people together
	perOne   int           // running and waiting of one person
	patience time.Duration // longest wait for a slot
	deadline time.Duration // of the work; 0 = none
}

// The numbers fit two to eight cores: quick work is short, heavy work uses a
// whole core each, and SQLite has eight read connections.
var classes = [costClasses]class{
	Quick:  {slots: 64, queue: 512, perOne: 64, patience: 2 * time.Second, deadline: 15 * time.Second},
	List:   {slots: 16, queue: 128, perOne: 24, patience: 2 * time.Second, deadline: 20 * time.Second},
	Heavy:  {slots: 4, queue: 32, perOne: 6, patience: 10 * time.Second, deadline: 2 * time.Minute},
	Batch:  {slots: 3, queue: 6, perOne: 3, patience: 5 * time.Second, deadline: time.Hour},
	Stream: {slots: 2000, queue: 0, perOne: 20, patience: 0, deadline: 0},
}

func (c Cost) deadline() time.Duration { return classes[c].deadline }

// admission lets work in by class and sends the rest away at once.
type admission struct {
	gates [costClasses]gate
}

type gate struct {
	class   class
	slots   chan struct{}
	mu      sync.Mutex
	waiting int
	by      map[int64]int
}

func newAdmission() *admission {
	a := &admission{}
	for cost := range a.gates {
		a.gates[cost].class = classes[cost]
		a.gates[cost].slots = make(chan struct{}, classes[cost].slots)
		a.gates[cost].by = map[int64]int{}
	}
	return a
}

// enter waits for a slot of the class and returns what gives it back, or
// fault.Busy when the queue is full, the person has their share already, or the wait is over.
func (a *admission) enter(ctx context.Context, cost Cost, personID int64) (func(), error) {
	g := &a.gates[cost]
	if err := g.join(personID); err != nil {
		return nil, err
	}
	select {
	case g.slots <- struct{}{}:
		g.stopWaiting()
		return func() { <-g.slots; g.leave(personID) }, nil
	default:
	}
	wait := time.NewTimer(g.class.patience)
	defer wait.Stop()
	select {
	case g.slots <- struct{}{}:
		g.stopWaiting()
		return func() { <-g.slots; g.leave(personID) }, nil
	case <-wait.C:
	case <-ctx.Done():
	}
	g.stopWaiting()
	g.leave(personID)
	return nil, busy()
}

func (g *gate) join(personID int64) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	// Strangers (id 0) share nothing by person; the throttle of sign-in and the
	// queue bound them.
	if personID != 0 && g.by[personID] >= g.class.perOne {
		return fault.New(fault.Busy, "web.too_many_requests", "You have {count} requests of this kind running; wait until one is done.",
			"count", g.by[personID], "retry_after", 1)
	}
	if len(g.slots) == cap(g.slots) && g.waiting >= g.class.queue {
		return busy()
	}
	g.waiting++
	if personID != 0 {
		g.by[personID]++
	}
	return nil
}

func (g *gate) stopWaiting() {
	g.mu.Lock()
	g.waiting--
	g.mu.Unlock()
}

func (g *gate) leave(personID int64) {
	if personID == 0 {
		return
	}
	g.mu.Lock()
	if g.by[personID]--; g.by[personID] <= 0 {
		delete(g.by, personID)
	}
	g.mu.Unlock()
}

func busy() error {
	return fault.New(fault.Busy, "web.busy", "The server has too much work of this kind at the moment; it will be free again soon. Try again in a few seconds.", "retry_after", 2)
}
