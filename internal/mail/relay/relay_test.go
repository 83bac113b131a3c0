// SPDX-License-Identifier: Apache-2.0

package relay

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"dangol/internal/mail"
	"dangol/internal/platform/fault"
)

// fake is a transport that answers as a test asks.
type fake struct {
	isDown bool
	answer func(to string) mail.Result
	got    []string
}

func (f *fake) IsLocal() bool    { return false }
func (f *fake) Describe() string { return "fake" }

func (f *fake) Connect(context.Context) (mail.Connection, error) {
	if f.isDown {
		return nil, errors.New("no route to host")
	}
	return &line{f}, nil
}

type line struct{ fake *fake }

func (l *line) Close() error { return nil }

func (l *line) Deliver(ctx context.Context, source mail.Source) error {
	for e := source.Next(ctx, true); e != nil; e = source.Next(ctx, true) {
		l.fake.got = append(l.fake.got, e.To)
		r := mail.Result{Outcome: mail.HandedOver, Code: 250}
		if l.fake.answer != nil {
			r = l.fake.answer(e.To)
		}
		source.Done(e, r)
	}
	return nil
}

// stack is a source of a few addresses.
type stack struct {
	to      []string
	results map[string]mail.Result
}

func (s *stack) Next(context.Context, bool) *mail.Envelope {
	if len(s.to) == 0 {
		return nil
	}
	e := &mail.Envelope{To: s.to[0]}
	s.to = s.to[1:]
	return e
}

func (s *stack) Done(e *mail.Envelope, r mail.Result) { s.results[e.To] = r }

func TestRoutesShareByWeightAndFallOver(t *testing.T) {
	t.Parallel()
	now := time.Now()
	a, b, reserve := &fake{}, &fake{}, &fake{}
	p := New(&fake{}, func() time.Time { return now })
	p.Use([]Route{
		{ID: 1, Name: "a", Transport: a, Weight: 3},
		{ID: 2, Name: "b", Transport: b, Weight: 1},
		{ID: 3, Name: "c", Transport: reserve},
	}, nil)
	sent := func(n int) (counts [3]int) {
		for i := range n {
			c, err := p.Connect(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			s := &stack{to: []string{fmt.Sprintf("x%d@x%d.kr", i, i)}, results: map[string]mail.Result{}}
			if err := errors.Join(c.Deliver(t.Context(), s), c.Close()); err != nil {
				t.Fatal(err)
			}
		}
		counts = [3]int{len(a.got), len(b.got), len(reserve.got)}
		a.got, b.got, reserve.got = nil, nil, nil
		return counts
	}
	if got := sent(40); got != [3]int{30, 10, 0} {
		t.Errorf("by weight: %v", got)
	}
	a.isDown = true
	if got := sent(8); got != [3]int{0, 8, 0} {
		t.Errorf("one is down: %v", got)
	}
	b.isDown = true
	if got := sent(8); got != [3]int{0, 0, 8} {
		t.Errorf("only the reserve is left: %v", got)
	}
	reserve.isDown = true
	if _, err := p.Connect(t.Context()); err == nil {
		t.Error("nothing is left, and still a connection")
	}
	a.isDown, b.isDown, reserve.isDown = false, false, false
	if _, err := p.Connect(t.Context()); !fault.Is(err, fault.Unavailable) {
		t.Errorf("resting routes: %v", err)
	}
	now = now.Add(restMost)
	if got := sent(4); got != [3]int{3, 1, 0} {
		t.Errorf("after the rest: %v", got)
	}
	if tallies := p.Tallies(); tallies[1].HandedOver != 33 || tallies[1].Broken != 1 {
		t.Errorf("tallies: %+v", tallies)
	}
}

func TestWarmUpEndsTheDay(t *testing.T) {
	t.Parallel()
	a := &fake{}
	p := New(&fake{}, nil)
	p.Use([]Route{{ID: 1, Transport: a, Weight: 1, Quota: 5}}, map[int64]int64{1: 3})
	c, err := p.Connect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s := &stack{to: []string{"a@a.kr", "b@b.kr", "c@c.kr"}, results: map[string]mail.Result{}}
	if err := c.Deliver(t.Context(), s); err != nil || len(a.got) != 2 || len(s.to) != 1 {
		t.Errorf("%v, %v handed over, %v left", err, a.got, s.to)
	}
	if _, err := p.Connect(t.Context()); fault.CodeOf(err) != "mail.warm_up" {
		t.Errorf("the day's mails are spent: %v", err)
	}
}

func TestDomainsThatAskToComeLater(t *testing.T) {
	t.Parallel()
	now := time.Now()
	p := newPace(func() time.Time { return now })
	for i := range 50 { // no limit at first
		if _, ok := p.admit("a@naver.com"); !ok {
			t.Fatalf("message %d is kept back", i)
		}
	}
	p.observe("a@naver.com", mail.Result{Outcome: mail.Deferred})
	if pause, ok := p.admit("b@NAVER.com"); ok || pause != slowFirst {
		t.Errorf("after a 4xx: %v %v", pause, ok)
	}
	if _, ok := p.admit("b@gmail.com"); !ok {
		t.Error("another domain is kept back")
	}
	for range 49 {
		p.observe("a@naver.com", mail.Result{Outcome: mail.HandedOver})
	}
	now = now.Add(slowFirst)
	admitted := 0
	for ; admitted < 1000; admitted++ {
		if _, ok := p.admit("a@naver.com"); !ok {
			break
		}
	}
	if admitted < 25 || admitted > 60 {
		t.Errorf("%d at once after the domain was too full with 50", admitted)
	}
	p.limit(0, 60)
	for i := range 61 {
		pause, ok := p.admit("a@kakao.com")
		if ok != (i < 60) || (!ok && pause > 2*time.Second) {
			t.Fatalf("message %d of a minute: %v %v", i, ok, pause)
		}
	}
	now = now.Add(time.Second)
	if _, ok := p.admit("a@kakao.com"); !ok {
		t.Error("a second later one more may go")
	}
}

// The last connection of a relay is kept for single mails, so that a campaign of hours
// does not let an order confirmation wait.
func TestAConnectionIsKeptForUrgentMails(t *testing.T) {
	t.Parallel()
	p := New(&fake{}, nil)
	p.Use([]Route{{ID: 1, Transport: &fake{}, Weight: 1, Connections: 3}}, nil)
	var open []mail.Connection
	for range 2 {
		c, err := p.Connect(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		open = append(open, c)
	}
	if _, err := p.Connect(t.Context()); !fault.Is(err, fault.Unavailable) {
		t.Errorf("a campaign took the last connection: %v", err)
	}
	urgent, err := p.Connect(mail.Urgent(t.Context()))
	if err != nil {
		t.Fatalf("a single mail waits for the campaign: %v", err)
	}
	if _, err := p.Connect(mail.Urgent(t.Context())); !fault.Is(err, fault.Unavailable) {
		t.Errorf("more connections than the relay allows: %v", err)
	}
	if err := errors.Join(urgent.Close(), open[0].Close()); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Connect(t.Context()); err != nil {
		t.Errorf("a connection that was given back: %v", err)
	}
	// A relay with a single connection serves both.
	p.Use([]Route{{ID: 2, Transport: &fake{}, Weight: 1, Connections: 1}}, nil)
	if _, err := p.Connect(t.Context()); err != nil {
		t.Errorf("the only connection: %v", err)
	}
}
