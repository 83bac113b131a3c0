// SPDX-License-Identifier: Apache-2.0

package journey

import (
	"encoding/binary"
	"hash/fnv"
	"time"
)

// RunState is where a run stands.
type RunState string

// States of a run.
const (
	Active    RunState = "active"
	Done      RunState = "done"      // came to an end of the drawing
	Reached   RunState = "goal"      // the goal was reached on the way
	InControl RunState = "control"   // led nowhere, for comparison
	Merged    RunState = "merged"    // became one customer with somebody who is in the journey
	Gone      RunState = "gone"      // the customer is there no more
	Cancelled RunState = "cancelled" // the journey was ended
)

// traveller is a run as walking sees it.
type traveller struct {
	runID, customerID int64
	enteredAt, dueAt  time.Time // in the company's zone
	step              string    // where it waits; "" is at the entry
}

// facts answers what conditions ask of a traveller at a moment.
type facts interface {
	inSegment(segmentID, customerID int64) bool
	boughtSince(customerID int64, since, until time.Time) bool
	clicked(t *traveller, mailStep string, at time.Time) bool
}

// move is what walking came to.
type move struct {
	visits []string // steps taken, in order
	mails  []string // those of them that send
	step   string   // where it waits now
	dueAt  time.Time
	state  RunState
}

// walk leads a traveller on from where it waits until it has to wait again or
// comes to an end. It has no side effects: runs and simulations share it.
func walk(g *Graph, t *traveller, f facts, now time.Time) move {
	m := move{step: t.step, dueAt: t.dueAt, state: Active}
	if g.isReached(t, f, now) {
		m.state = Reached
		return m
	}
	next := g.First
	if t.step != "" {
		waiting := g.step(t.step)
		if waiting == nil {
			m.state = Done
			return m
		}
		// A wait has been visited when it began; a mail that the quiet hours held has not.
		if next = waiting.Next; waiting.Kind == Mail {
			next = t.step
		}
	}
	for {
		s := g.step(next)
		if s == nil {
			m.step, m.state = "", Done
			return m
		}
		if s.Kind == Mail {
			if until, isQuiet := g.quietUntil(now); isQuiet {
				m.step, m.dueAt = s.ID, until
				return m
			}
		}
		m.visits = append(m.visits, s.ID)
		switch s.Kind {
		case Exit:
			m.step, m.state = "", Done
			return m
		case Wait:
			m.step, m.dueAt = s.ID, s.after(now)
			return m
		case Mail:
			m.mails = append(m.mails, s.ID)
			next = s.Next
		case Condition:
			next = s.Else
			if s.isMet(t, f, now) {
				next = s.Next
			}
		case Split:
			next = s.branch(t.runID)
		default:
			m.step, m.state = "", Done
			return m
		}
	}
}

func (g *Graph) isReached(t *traveller, f facts, now time.Time) bool {
	switch g.Goal.Kind {
	case TestBought:
		return f.boughtSince(t.customerID, t.enteredAt, now)
	case TestSegment:
		return f.inSegment(g.Goal.SegmentID, t.customerID)
	}
	return false
}

func (s *Step) isMet(t *traveller, f facts, now time.Time) bool {
	switch s.Test {
	case TestSegment:
		return f.inSegment(s.SegmentID, t.customerID)
	case TestBought:
		return f.boughtSince(t.customerID, t.enteredAt, now)
	case TestClicked:
		return f.clicked(t, s.MailStep, now)
	}
	return false
}

// branch draws a way by the hash of run and step: the same answer at every try.
func (s *Step) branch(runID int64) string {
	var total uint64
	for _, b := range s.Branches {
		total += uint64(max(b.Share, 0)) //nolint:gosec // not negative
	}
	if total == 0 {
		return ""
	}
	at := draw(runID, s.ID) % total
	for _, b := range s.Branches {
		if at < uint64(b.Share) { //nolint:gosec // not negative
			return b.Next
		}
		at -= uint64(b.Share) //nolint:gosec // not negative
	}
	return ""
}

// draw is a number that looks random but is the same for the same run and name.
func draw(runID int64, name string) uint64 {
	h := fnv.New64a()
	var raw [8]byte
	binary.LittleEndian.PutUint64(raw[:], uint64(runID)) //nolint:gosec // bits only
	_, _ = h.Write(raw[:])
	_, _ = h.Write([]byte(name))
	x := h.Sum64()
	// The finalizer of MurmurHash3: the low bits of FNV alone follow the input.
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33
	x *= 0xc4ceb9fe1a85ec53
	return x ^ x>>33
}
