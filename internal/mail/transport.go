// SPDX-License-Identifier: Apache-2.0

package mail

import (
	"context"
	"time"

	"dangol/internal/consent"
)

// Outcome is what became of an envelope at a transport.
type Outcome string

// Outcomes. Unknown means that the server may have accepted the message
// without our hearing of it: it is never sent again by itself.
const (
	HandedOver Outcome = "handed_over"
	Deferred   Outcome = "deferred" // the server asks to come later (4xx)
	Bounced    Outcome = "bounced"  // the address does not exist (5xx)
	Failed     Outcome = "failed"   // refused for good for another reason
	Unknown    Outcome = "unknown"
	NotSent    Outcome = "not_sent" // the connection broke before the message was complete
	Refused    Outcome = "refused"  // the gate said no at the last moment
	Paced      Outcome = "paced"    // not tried: its domain takes no more at this moment
)

// Result is what a transport reports of an envelope.
type Result struct {
	Outcome Outcome
	Code    int    // of the server's reply, 0 when there was none
	Text    string // the reply, cut
	// RetryAfter is when a paced message may be tried.
	RetryAfter time.Duration
}

// Envelope is one message to one address.
type Envelope struct {
	From   string
	To     string
	Sender string // the address of the From field, which signs (DKIM)
	Permit consent.Permit
	// Confirm asks the servers on the way for notices of delivery (RFC 3461); ID comes back in them.
	Confirm bool
	ID      string
	// Renew asks the gate again when the permit has become stale; an error or a
	// zero permit means no.
	Renew func(ctx context.Context) (consent.Permit, error)
	// Build appends the message, with CRLF line ends and without the final dot, to dst.
	Build func(dst []byte) ([]byte, error)
	// BeforeHandOver runs just before the server can take the message for
	// complete; with an error nothing is handed over.
	BeforeHandOver func() error
	// Data is the caller's.
	Data any
}

// Source feeds a connection with envelopes and hears what became of them.
type Source interface {
	// Next gives an envelope; with wait it blocks until there is one. nil ends
	// a waiting call for good, and says "none at this moment" otherwise.
	Next(ctx context.Context, wait bool) *Envelope
	// Done is called exactly once for every envelope given.
	Done(e *Envelope, r Result)
}

// Transport hands envelopes over.
type Transport interface {
	// IsLocal reports that messages do not leave the machine.
	IsLocal() bool
	// Describe names the transport for people, without secrets.
	Describe() string
	// Connect opens one connection; its error is worth trying again later.
	Connect(ctx context.Context) (Connection, error)
}

// Connection hands over one message after the other.
type Connection interface {
	// Deliver runs until the source is empty (nil) or the connection breaks (the error).
	Deliver(ctx context.Context, source Source) error
	Close() error
}
