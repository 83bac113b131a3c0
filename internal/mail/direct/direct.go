// SPDX-License-Identifier: Apache-2.0

package direct

import (
	"context"
	"errors"
	"net"
	"slices"
	"strings"
	"sync"
	"time"

	"dangol/internal/mail"
	"dangol/internal/mail/smtp"
	"dangol/internal/platform/fault"
)

const (
	// hostsOpen is how many hosts one connection keeps open for the next message.
	hostsOpen = 6
	// hostsTried is how many hosts of a domain are tried before it is told to wait.
	hostsTried = 4
	// mxAge is how long the hosts of a domain are believed.
	mxAge = 10 * time.Minute
	// mxMost bounds what is remembered.
	mxMost = 10_000
)

// Resolver finds the mail servers of domains; net.Resolver is one.
type Resolver interface {
	LookupMX(ctx context.Context, domain string) ([]*net.MX, error)
}

// Transport hands over to MX hosts.
type Transport struct {
	// Hello is the name that this machine gives itself; its reverse DNS must say the same.
	Hello    string
	Resolver Resolver
	// Port is 25 but for tests.
	Port string

	mu    sync.Mutex
	known map[string]hosts
}

type hosts struct {
	names []string
	till  time.Time
}

// New makes the transport; hello is the machine's own name.
func New(hello string) *Transport {
	return &Transport{Hello: hello, Resolver: net.DefaultResolver, Port: "25", known: map[string]hosts{}}
}

// IsLocal reports that messages leave the machine.
func (t *Transport) IsLocal() bool { return false }

// Describe names the transport.
func (t *Transport) Describe() string { return "MX" }

// Connect opens nothing yet: whereto is known with the first message.
func (t *Transport) Connect(context.Context) (mail.Connection, error) {
	return &connection{transport: t, open: map[string]mail.Connection{}}, nil
}

// errNullMX is a domain that takes no mail (RFC 7505).
var errNullMX = errors.New("556 5.1.10 the domain takes no mail")

// lookup answers the hosts of a domain, the preferred ones first.
func (t *Transport) lookup(ctx context.Context, domain string) ([]string, error) {
	t.mu.Lock()
	found, ok := t.known[domain]
	t.mu.Unlock()
	if ok && time.Now().Before(found.till) {
		return found.names, nil
	}
	list, err := t.Resolver.LookupMX(ctx, domain)
	var missing *net.DNSError
	switch {
	case errors.As(err, &missing) && missing.IsNotFound:
		list = []*net.MX{{Host: domain}} // RFC 5321 5.1: the domain itself
	case err != nil && len(list) == 0:
		return nil, err
	case len(list) == 1 && strings.Trim(list[0].Host, ".") == "":
		return nil, errNullMX
	}
	slices.SortStableFunc(list, func(a, b *net.MX) int { return int(a.Pref) - int(b.Pref) })
	names := make([]string, 0, hostsTried)
	for _, mx := range list[:min(len(list), hostsTried)] {
		names = append(names, strings.TrimSuffix(mx.Host, "."))
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.known) >= mxMost {
		clear(t.known)
	}
	t.known[domain] = hosts{names, time.Now().Add(mxAge)}
	return names, nil
}

// connection holds open connections to a few domains.
type connection struct {
	transport *Transport
	open      map[string]mail.Connection
	order     []string // of use, the oldest first
}

// Close ends all of them.
func (c *connection) Close() error {
	for _, inner := range c.open {
		_ = inner.Close()
	}
	clear(c.open)
	return nil
}

// Deliver hands over what the source gives, each message at its domain.
func (c *connection) Deliver(ctx context.Context, source mail.Source) error {
	for {
		e := source.Next(ctx, true)
		if e == nil {
			return nil
		}
		source.Done(e, c.hand(ctx, e))
	}
}

func (c *connection) hand(ctx context.Context, e *mail.Envelope) mail.Result {
	domain := strings.ToLower(e.To[strings.LastIndexByte(e.To, '@')+1:])
	// An idle connection may have been closed meanwhile: then a fresh one is tried.
	if inner := c.open[domain]; inner != nil {
		if r, isDone := c.give(ctx, domain, inner, e); isDone {
			return r
		}
	}
	names, err := c.transport.lookup(ctx, domain)
	if errors.Is(err, errNullMX) {
		return mail.Result{Outcome: mail.Bounced, Code: 556, Text: err.Error()}
	}
	if err != nil {
		return mail.Result{Outcome: mail.Deferred, Text: "DNS: " + err.Error()}
	}
	last := "no host"
	for _, host := range names {
		inner, err := c.connect(ctx, host)
		if err != nil {
			last = err.Error()
			if f, ok := fault.As(err); ok {
				last = f.Message
			}
			continue
		}
		c.keep(domain, inner)
		if r, isDone := c.give(ctx, domain, inner, e); isDone {
			return r
		} else if r.Text != "" {
			last = r.Text
		}
	}
	if ctx.Err() != nil {
		return mail.Result{Outcome: mail.NotSent, Text: last}
	}
	return mail.Result{Outcome: mail.Deferred, Text: last}
}

// connect speaks to one host, encrypted when it offers that: the certificates of
// MX hosts often are not for their names, and a message in clear text would be
// the alternative (RFC 7435).
func (c *connection) connect(ctx context.Context, host string) (mail.Connection, error) {
	client, err := smtp.New("smtp://" + net.JoinHostPort(host, c.transport.Port) + "?tls=mx")
	if err != nil {
		return nil, err
	}
	client.Name(c.transport.Hello)
	return client.Connect(ctx)
}

// give hands one envelope to an open connection; isDone is false when it may be
// tried on another one.
func (c *connection) give(ctx context.Context, domain string, inner mail.Connection, e *mail.Envelope) (mail.Result, bool) {
	one := &mail.Single{Envelope: e}
	err := inner.Deliver(ctx, one)
	if err != nil || !one.IsDone {
		_ = inner.Close()
		delete(c.open, domain)
	}
	return one.Result, one.IsDone && one.Result.Outcome != mail.NotSent
}

// keep remembers an open connection and closes the one that rested longest.
func (c *connection) keep(domain string, inner mail.Connection) {
	c.order = append(slices.DeleteFunc(c.order, func(d string) bool { return d == domain }), domain)
	c.open[domain] = inner
	if len(c.order) > hostsOpen {
		if old := c.open[c.order[0]]; old != nil {
			_ = old.Close()
			delete(c.open, c.order[0])
		}
		c.order = c.order[1:]
	}
}
