// SPDX-License-Identifier: Apache-2.0

package relay

import (
	"context"

	"dangol/internal/mail"
)

// connection is a connection of one route whose messages are paced, signed and counted.
type connection struct {
	pool  *Pool
	route *state // nil for the spare transport
	inner mail.Connection
}

// Close closes the connection and frees its place.
func (c *connection) Close() error {
	if c.route != nil {
		c.pool.mu.Lock()
		c.route.open--
		c.pool.mu.Unlock()
	}
	return c.inner.Close()
}

// Deliver hands over what the source gives.
func (c *connection) Deliver(ctx context.Context, source mail.Source) error {
	return c.inner.Deliver(ctx, &paced{connection: c, source: source})
}

// paced stands between a connection and its source.
type paced struct {
	*connection
	source mail.Source
}

// Next gives the next envelope whose domain takes one now; the others go back.
func (s *paced) Next(ctx context.Context, wait bool) *mail.Envelope {
	for {
		if s.isSpent() {
			return nil
		}
		e := s.source.Next(ctx, wait)
		if e == nil {
			return nil
		}
		if pause, ok := s.pool.pace.admit(e.To); !ok {
			s.source.Done(e, mail.Result{Outcome: mail.Paced, Text: "the domain takes no more at this moment", RetryAfter: pause})
			continue
		}
		return s.signed(e)
	}
}

// isSpent says that the warm-up plan of the route ends here for today.
func (s *paced) isSpent() bool {
	if s.route == nil {
		return false
	}
	s.pool.mu.Lock()
	defer s.pool.mu.Unlock()
	return s.route.Quota > 0 && s.route.today >= s.route.Quota
}

func (s *paced) signed(e *mail.Envelope) *mail.Envelope {
	s.pool.mu.Lock()
	sign := s.pool.sign
	s.pool.mu.Unlock()
	if sign == nil {
		return e
	}
	build := e.Build
	e.Build = func(dst []byte) ([]byte, error) {
		start := len(dst)
		dst, err := build(dst)
		if err != nil {
			return dst, err
		}
		head, err := sign(e.Sender, dst[start:])
		if err != nil || len(head) == 0 {
			return dst, err
		}
		whole := append(head, dst[start:]...)
		return append(dst[:start], whole...), nil
	}
	return e
}

// Done counts what became of an envelope.
func (s *paced) Done(e *mail.Envelope, r mail.Result) {
	s.pool.pace.observe(e.To, r)
	if s.route != nil {
		s.pool.count(s.route, r)
	}
	s.source.Done(e, r)
}

func (p *Pool) count(s *state, r mail.Result) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch r.Outcome {
	case mail.HandedOver:
		s.tally.HandedOver++
		s.today++
	case mail.Deferred:
		s.tally.Deferred++
	case mail.Bounced, mail.Failed:
		s.tally.Refused++
	case mail.Unknown:
		s.tally.Unknown++
	case mail.NotSent:
		s.tally.Broken++
	}
}
