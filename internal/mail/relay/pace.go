// SPDX-License-Identifier: Apache-2.0

package relay

import (
	"strings"
	"sync"
	"time"

	"dangol/internal/mail"
)

const (
	// atOnceMost is where a domain's limit ends when it grows.
	atOnceMost = 1000
	// slowFirst to slowMost is how long a domain that asks to come later gets nothing.
	slowFirst = 10 * time.Second
	slowMost  = 15 * time.Minute
	// domainsMost bounds what is remembered.
	domainsMost = 10_000
	// turnPause is how long a message waits whose domain is busy.
	turnPause = 5 * time.Second
)

// pace keeps to what each domain bears: how many messages are under way at
// once falls by half after a 4xx and grows by one after as many successes
// (additive increase, multiplicative decrease, as TCP does; RFC 5681 3.1).
type pace struct {
	mu        sync.Mutex
	now       func() time.Time
	atOnce    int
	perMinute int
	domains   map[string]*bearing
}

type bearing struct {
	limit    int // 0 is none
	underWay int
	well     int
	slow     time.Duration
	till     time.Time
	tokens   float64
	filled   time.Time
}

func newPace(now func() time.Time) *pace { return &pace{now: now, domains: map[string]*bearing{}} }

func (p *pace) limit(atOnce, perMinute int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.atOnce, p.perMinute = atOnce, perMinute
}

func domainOf(address string) string {
	return strings.ToLower(address[strings.LastIndexByte(address, '@')+1:])
}

func (p *pace) of(address string) *bearing {
	domain := domainOf(address)
	b := p.domains[domain]
	if b == nil {
		if len(p.domains) >= domainsMost {
			for name, old := range p.domains {
				if old.underWay == 0 && old.limit == 0 {
					delete(p.domains, name)
				}
			}
		}
		b = &bearing{limit: p.atOnce, tokens: float64(p.perMinute), filled: p.now()}
		p.domains[domain] = b
	}
	return b
}

// admit takes a place of the domain; else pause says when to come again.
func (p *pace) admit(address string) (pause time.Duration, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	b, now := p.of(address), p.now()
	if now.Before(b.till) {
		return b.till.Sub(now), false
	}
	if b.limit > 0 && b.underWay >= b.limit {
		return turnPause, false
	}
	if p.perMinute > 0 {
		rate := float64(p.perMinute) / time.Minute.Seconds()
		b.tokens = min(float64(p.perMinute), b.tokens+now.Sub(b.filled).Seconds()*rate)
		b.filled = now
		if b.tokens < 1 {
			return max(time.Second, time.Duration((1-b.tokens)/rate*float64(time.Second))), false
		}
		b.tokens--
	}
	b.underWay++
	return 0, true
}

// observe learns from what became of a message that was admitted.
func (p *pace) observe(address string, r mail.Result) {
	p.mu.Lock()
	defer p.mu.Unlock()
	b := p.of(address)
	b.underWay = max(0, b.underWay-1)
	switch r.Outcome {
	case mail.Deferred:
		now := p.now()
		if now.Before(b.till) {
			return // the same wave of refusals
		}
		if b.limit == 0 {
			b.limit = max(2, 2*(b.underWay+1))
		}
		b.limit, b.well = max(1, b.limit/2), 0
		b.slow = min(max(2*b.slow, slowFirst), slowMost)
		b.till = now.Add(b.slow)
	case mail.HandedOver:
		if b.limit == 0 {
			return
		}
		if b.well++; b.well >= b.limit {
			b.well, b.slow = 0, b.slow/2
			if b.limit++; b.limit > atOnceMost {
				b.limit = p.atOnce
			}
		}
	}
}
