// SPDX-License-Identifier: Apache-2.0

package door

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-smtp"

	"dangol/internal/platform/fault"
)

const (
	// largest is what a mail may weigh; most providers refuse more than 25 MB.
	largest = 35 << 20
	// mostRecipients of one mail; notices have one.
	mostRecipients = 50
	// silence ends a connection that says nothing (RFC 5321 4.5.3.2 allows five minutes).
	silence = 2 * time.Minute
	// mostAtOnce bounds the connections, and those of one address.
	mostAtOnce, mostOfOne = 100, 10
	// perMinute is how many mails one address may bring in a minute: a flood of
	// notices waits at its sender's side, where it belongs.
	perMinute = 120
)

// Inbox keeps mail; mail.Service implements it.
type Inbox interface {
	// Receive keeps a mail durably before it returns.
	Receive(ctx context.Context, door string, to []string, raw []byte) error
}

// Door takes mail.
type Door struct {
	// Address to listen on.
	Address string
	// Takes are the addresses that mail is taken for; what stands behind a plus
	// sign is not compared.
	Takes []string
	Inbox Inbox

	mu    sync.Mutex
	open  map[string]int
	taken map[string]int
	since time.Time
}

// Listen serves until ctx ends. ready, when given, is called with the address.
func (d *Door) Listen(ctx context.Context, ready func(address string)) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", d.Address)
	if err != nil {
		return fmt.Errorf("listen for mail on %s: %w", d.Address, err)
	}
	d.open, d.taken = map[string]int{}, map[string]int{}
	server := smtp.NewServer(&backend{door: d, ctx: ctx})
	server.Domain = domainOf(d.Takes)
	server.MaxMessageBytes, server.MaxRecipients = largest, mostRecipients
	server.ReadTimeout, server.WriteTimeout = silence, silence
	server.ErrorLog = quiet{}
	if ready != nil {
		ready(listener.Addr().String())
	}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	if err := server.Serve(listener); err != nil && !errors.Is(err, smtp.ErrServerClosed) && ctx.Err() == nil {
		return fmt.Errorf("take mail: %w", err)
	}
	return nil
}

func domainOf(takes []string) string {
	if len(takes) > 0 {
		if _, domain, ok := strings.Cut(takes[0], "@"); ok {
			return domain
		}
	}
	return "localhost"
}

// quiet keeps what strangers send out of the log: it may hold personal data.
type quiet struct{}

// Printf says nothing of the words.
func (quiet) Printf(string, ...any) { slog.Debug("mail door: a connection misbehaved") }

// Println says nothing of the words.
func (quiet) Println(...any) { slog.Debug("mail door: a connection misbehaved") }

type backend struct {
	door *Door
	ctx  context.Context
}

var (
	errBusy   = &smtp.SMTPError{Code: 421, EnhancedCode: smtp.EnhancedCode{4, 3, 2}, Message: "Too many connections, try again later"}
	errFlood  = &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "Too much mail at once, try again later"}
	errRelay  = &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "No such mailbox here"}
	errLater  = &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "Cannot keep the mail now, try again later"}
	errNoMail = &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 6, 0}, Message: "The mail cannot be read"}
)

// NewSession starts a connection.
func (b *backend) NewSession(c *smtp.Conn) (smtp.Session, error) {
	peer := hostOf(c.Conn().RemoteAddr())
	b.door.mu.Lock()
	defer b.door.mu.Unlock()
	all := 0
	for _, n := range b.door.open {
		all += n
	}
	if all >= mostAtOnce || b.door.open[peer] >= mostOfOne {
		return nil, errBusy
	}
	b.door.open[peer]++
	return &session{door: b.door, ctx: b.ctx, peer: peer}, nil
}

func hostOf(address net.Addr) string {
	host, _, err := net.SplitHostPort(address.String())
	if err != nil {
		return address.String()
	}
	return host
}

// allow counts a mail of a peer.
func (d *Door) allow(peer string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if now := time.Now(); now.Sub(d.since) > time.Minute {
		d.since, d.taken = now, map[string]int{}
	}
	d.taken[peer]++
	return d.taken[peer] <= perMinute
}

// takes reports whether an address is the door's.
func (d *Door) takes(address string) bool {
	local, domain, ok := strings.Cut(strings.ToLower(address), "@")
	if !ok {
		return false
	}
	local, _, _ = strings.Cut(local, "+")
	for _, own := range d.Takes {
		if strings.EqualFold(own, local+"@"+domain) {
			return true
		}
	}
	return false
}

// session is one connection.
type session struct {
	door *Door
	ctx  context.Context
	peer string
	to   []string
}

// Mail begins a mail; notices have an empty sender, so any is taken.
func (s *session) Mail(string, *smtp.MailOptions) error {
	s.to = nil
	if !s.door.allow(s.peer) {
		return errFlood
	}
	return nil
}

// Rcpt takes one recipient.
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if !s.door.takes(to) {
		return errRelay
	}
	s.to = append(s.to, to)
	return nil
}

// Data keeps the mail; only then is it acknowledged.
func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	err = s.door.Inbox.Receive(s.ctx, "smtp", s.to, raw)
	switch {
	case err == nil:
		return nil
	case fault.Is(err, fault.Invalid):
		return errNoMail
	}
	slog.Warn("mail door: a mail could not be kept; its sender tries again", "error", err)
	return errLater
}

// Reset forgets a begun mail.
func (s *session) Reset() { s.to = nil }

// Logout ends the connection.
func (s *session) Logout() error {
	s.door.mu.Lock()
	defer s.door.mu.Unlock()
	if s.door.open[s.peer]--; s.door.open[s.peer] <= 0 {
		delete(s.door.open, s.peer)
	}
	return nil
}
