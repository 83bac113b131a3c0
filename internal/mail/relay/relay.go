// SPDX-License-Identifier: Apache-2.0

package relay

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"dangol/internal/mail"
	"dangol/internal/platform/fault"
)

// Route is one way out.
type Route struct {
	ID        int64
	Name      string
	Transport mail.Transport
	// Weight is its share of the connections; routes of weight 0 are used only
	// when no other one can be.
	Weight int
	// Connections is how many may be open at once; 0 is no limit.
	Connections int
	// Quota is how many messages it may hand over today; 0 is no limit.
	Quota int64
}

const (
	// restFirst to restMost is how long a route that cannot be reached is left alone.
	restFirst = 5 * time.Second
	restMost  = 10 * time.Minute
)

type state struct {
	Route
	open    int
	current int // of the smooth weighted choice
	rest    time.Duration
	rests   time.Time
	problem string
	tally   mail.RelayTally
	today   int64
}

// Pool is a transport over all routes.
type Pool struct {
	mu     sync.Mutex
	routes []*state
	spare  mail.Transport
	pace   *pace
	sign   func(from string, message []byte) ([]byte, error)
	now    func() time.Time
}

// New makes a pool without routes, which uses spare; now may be nil.
func New(spare mail.Transport, now func() time.Time) *Pool {
	if now == nil {
		now = time.Now
	}
	return &Pool{spare: spare, now: now, pace: newPace(now)}
}

// Use sets the routes; what is known of a route stays. sent is how many
// messages each has handed over today.
func (p *Pool) Use(routes []Route, sent map[int64]int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	list := make([]*state, 0, len(routes))
	for _, r := range routes {
		s := &state{}
		if i := slices.IndexFunc(p.routes, func(old *state) bool { return old.ID == r.ID }); i >= 0 {
			s = p.routes[i]
		}
		s.Route, s.today = r, sent[r.ID]+s.tally.HandedOver
		list = append(list, s)
	}
	p.routes = list
}

// Sign sets what signs messages; it appends to the message's front (DKIM).
func (p *Pool) Sign(sign func(from string, message []byte) ([]byte, error)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sign = sign
}

// Limits sets how many messages a domain gets at once and in a minute; 0 is no limit.
func (p *Pool) Limits(atOnce, perMinute int) { p.pace.limit(atOnce, perMinute) }

// IsLocal reports whether messages stay on this machine.
func (p *Pool) IsLocal() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.routes) == 0 && p.spare.IsLocal()
}

// Describe names the ways out.
func (p *Pool) Describe() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.routes) == 0 {
		return p.spare.Describe()
	}
	names := make([]string, 0, len(p.routes))
	for _, r := range p.routes {
		names = append(names, r.Name)
	}
	return strings.Join(names, ", ")
}

// Connect opens a connection on the route whose turn it is, or on the next one
// that can be reached.
func (p *Pool) Connect(ctx context.Context) (mail.Connection, error) {
	tried := map[int64]bool{}
	var failed error
	for {
		s, transport, why := p.pick(tried, mail.IsUrgent(ctx))
		if s == nil && transport == nil {
			return nil, errors.Join(failed, why)
		}
		c, err := transport.Connect(ctx)
		if s == nil {
			if err != nil {
				return nil, err
			}
			return &connection{pool: p, inner: c}, nil
		}
		if err == nil {
			p.reached(s)
			return &connection{pool: p, route: s, inner: c}, nil
		}
		p.missed(s, err)
		if ctx.Err() != nil {
			return nil, err
		}
		tried[s.ID], failed = true, err
	}
}

// pick is the smooth weighted round robin of nginx over the routes that can be
// used now; with no route at all it is the spare transport.
// Of the connections that a relay allows, the last one is kept for urgent work.
func (p *Pool) pick(tried map[int64]bool, isUrgent bool) (*state, mail.Transport, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.routes) == 0 {
		return nil, p.spare, nil
	}
	now := p.now()
	var best, reserve *state
	total, spent := 0, 0
	for _, s := range p.routes {
		if s.Quota > 0 && s.today >= s.Quota {
			spent++
			continue
		}
		most := s.Connections
		if most > 1 && !isUrgent {
			most--
		}
		if tried[s.ID] || now.Before(s.rests) || (most > 0 && s.open >= most) {
			continue
		}
		if s.Weight <= 0 {
			reserve = s
			continue
		}
		s.current += s.Weight
		total += s.Weight
		if best == nil || s.current > best.current {
			best = s
		}
	}
	if best == nil {
		best = reserve
	} else {
		best.current -= total
	}
	if best == nil {
		return nil, nil, p.whyNone(spent)
	}
	best.open++
	return best, best.Transport, nil
}

func (p *Pool) whyNone(spent int) error {
	if spent == len(p.routes) {
		return fault.New(fault.Unavailable, "mail.warm_up", "The warm-up plan allows no more messages today.")
	}
	return fault.New(fault.Unavailable, "mail.no_route", "No mail server can be used at this moment.")
}

func (p *Pool) reached(s *state) {
	p.mu.Lock()
	defer p.mu.Unlock()
	s.rest, s.rests, s.problem = 0, time.Time{}, ""
}

// missed leaves a route alone for a while, longer each time.
func (p *Pool) missed(s *state, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	s.open--
	s.tally.Broken++
	s.rest = min(max(2*s.rest, restFirst), restMost)
	s.rests = p.now().Add(s.rest)
	s.problem = err.Error()
	if f, ok := fault.As(err); ok {
		s.problem = f.Message
	}
}

// Tallies returns what became of messages since the last call.
func (p *Pool) Tallies() map[int64]mail.RelayTally {
	p.mu.Lock()
	defer p.mu.Unlock()
	all := map[int64]mail.RelayTally{}
	for _, s := range p.routes {
		if s.tally != (mail.RelayTally{}) {
			all[s.ID], s.tally = s.tally, mail.RelayTally{}
		}
	}
	return all
}

// Health returns how the routes do.
func (p *Pool) Health() []mail.RelayHealth {
	p.mu.Lock()
	defer p.mu.Unlock()
	list := make([]mail.RelayHealth, 0, len(p.routes))
	for _, s := range p.routes {
		h := mail.RelayHealth{ID: s.ID, Open: s.open, SentToday: s.today, Quota: s.Quota, Problem: s.problem}
		if p.now().Before(s.rests) {
			till := s.rests
			h.RestsTill = &till
		}
		list = append(list, h)
	}
	return list
}
