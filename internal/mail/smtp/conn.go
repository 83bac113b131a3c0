// SPDX-License-Identifier: Apache-2.0

package smtp

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"dangol/internal/mail"
	"dangol/internal/platform/fault"
)

// conn is one connection to a server.
type conn struct {
	client      *Client
	raw         net.Conn
	stream      net.Conn
	in          *bufio.Reader
	extensions  map[string]string
	isEncrypted bool
	ctx         context.Context // of Deliver, which one goroutine runs
	out         []byte
	bodies      [2][]byte
}

func (k *conn) now() time.Time { return time.Now() } // deadlines are the kernel's, not the company's clock

func (k *conn) read(timeout time.Duration) (reply, error) {
	if k.ctx != nil && k.ctx.Err() != nil {
		timeout = min(timeout, lastWord)
	}
	if err := k.raw.SetReadDeadline(k.now().Add(timeout)); err != nil {
		return reply{}, err
	}
	return readReply(k.in)
}

// write sends all bytes or says how many.
func (k *conn) write(p []byte, timeout time.Duration) (int, error) {
	if err := k.raw.SetWriteDeadline(k.now().Add(timeout)); err != nil {
		return 0, err
	}
	return k.stream.Write(p)
}

func (k *conn) command(line string) (reply, error) {
	if strings.ContainsAny(line, "\r\n") {
		return reply{}, errors.New("a command with a line break")
	}
	if _, err := k.write([]byte(line+"\r\n"), k.client.Timeouts.Command); err != nil {
		return reply{}, err
	}
	return k.read(k.client.Timeouts.Command)
}

// Close says goodbye without waiting long for it.
func (k *conn) Close() error {
	_, _ = k.write([]byte("QUIT\r\n"), time.Second)
	return k.stream.Close()
}

// lastWord is how long a reply is waited for once the work was cancelled.
const lastWord = 10 * time.Second

// ready is an envelope whose message is built.
type ready struct {
	*mail.Envelope
	to   string
	body []byte
}

// Deliver hands over what the source gives until it is empty or the connection
// breaks. Every envelope taken is reported exactly once.
func (k *conn) Deliver(ctx context.Context, source mail.Source) error {
	k.ctx = ctx
	stop := context.AfterFunc(ctx, func() {
		// What is under way may still get its answer; a server that stalls must not hold us.
		_ = k.raw.SetDeadline(k.now().Add(lastWord))
	})
	defer stop()
	pending := k.take(source, true)
	announced := false
	for pending != nil {
		next, err := k.handOver(source, pending, announced)
		if err != nil {
			if next != nil {
				source.Done(next.Envelope, mail.Result{Outcome: mail.NotSent, Text: reason(err)})
			}
			if fault.KindOf(err) != "" {
				return err
			}
			return fault.Wrap(err, fault.Unavailable, "mail.server_broke", "The connection to the mail server {server} broke: {why}",
				"server", k.client.Describe(), "why", reason(err))
		}
		announced = next != nil
		if pending = next; pending == nil {
			pending = k.take(source, true)
		}
	}
	return nil
}

// take gets an envelope and builds its message; what cannot be sent at all is
// reported and left out.
func (k *conn) take(source mail.Source, wait bool) *ready {
	for {
		e := source.Next(k.ctx, wait)
		if e == nil {
			return nil
		}
		to, err := wireAddress(e.To)
		if err != nil {
			source.Done(e, mail.Result{Outcome: mail.Bounced, Text: err.Error()})
			continue
		}
		// Two buffers take turns: one message is on its way while the next is built.
		k.bodies[0], k.bodies[1] = k.bodies[1], k.bodies[0]
		if k.bodies[0], err = e.Build(k.bodies[0][:0]); err != nil {
			source.Done(e, mail.Result{Outcome: mail.Failed, Text: err.Error()})
			continue
		}
		return &ready{e, to, k.bodies[0]}
	}
}

// handOver sends one envelope. When announced, its MAIL, RCPT and DATA are on
// their way already. It answers the next envelope, announced behind this one.
func (k *conn) handOver(source mail.Source, e *ready, announced bool) (*ready, error) {
	if err := k.ctx.Err(); err != nil {
		return nil, k.notSent(source, e, err)
	}
	if !announced {
		if err := k.announce(e); err != nil {
			return nil, k.notSent(source, e, err)
		}
	}
	refusal, isOpen, err := k.readAnnounced()
	if err != nil {
		return nil, k.notSent(source, e, err)
	}
	if refusal != nil {
		source.Done(e.Envelope, *refusal)
		return nil, k.afterRefusal(isOpen, refusal)
	}
	// Checked at the last moment before the server can take the message (L-AD-20).
	if err := mail.CheckPermit(k.ctx, e.Envelope, k.client.Clock()); err != nil {
		source.Done(e.Envelope, mail.Result{Outcome: mail.Refused, Text: err.Error()})
		return nil, fmt.Errorf("the gate refused after DATA: %w", err) // only a cut ends DATA without a message
	}
	return k.sendBody(source, e)
}

func (k *conn) notSent(source mail.Source, e *ready, err error) error {
	source.Done(e.Envelope, mail.Result{Outcome: mail.NotSent, Text: reason(err)})
	return err
}

// sendBody sends the message with its final dot and, when there is one, the
// announcement of the next envelope in the same write (RFC 2920 3.1).
func (k *conn) sendBody(source mail.Source, e *ready) (*ready, error) {
	k.out = appendStuffed(k.out[:0], e.body)
	k.out = append(k.out, ".\r\n"...)
	whole := len(k.out)
	var next *ready
	if k.has("PIPELINING") && k.ctx.Err() == nil {
		if next = k.take(source, false); next != nil {
			k.out = k.appendAnnounce(k.out, next)
		}
	}
	if e.BeforeHandOver != nil {
		if err := e.BeforeHandOver(); err != nil {
			return next, k.notSent(source, e, err)
		}
	}
	if n, err := k.write(k.out, k.client.Timeouts.Data); err != nil {
		// The dot is the last byte of the message: if it was not written, the
		// server cannot have taken the message.
		outcome := mail.Unknown
		if n < whole {
			outcome = mail.NotSent
		}
		source.Done(e.Envelope, mail.Result{Outcome: outcome, Text: reason(err)})
		return next, err
	}
	r, err := k.read(k.client.Timeouts.Final)
	switch {
	case err != nil:
		source.Done(e.Envelope, mail.Result{Outcome: mail.Unknown, Text: reason(err)})
		return next, err
	case r.code == 250:
		source.Done(e.Envelope, mail.Result{Outcome: mail.HandedOver, Code: r.code, Text: r.String()})
		return next, nil
	}
	source.Done(e.Envelope, r.classify(false))
	if r.code == 421 {
		err = fmt.Errorf("the server closes: %s", r)
	}
	return next, err
}

// appendStuffed doubles dots at the beginning of lines (RFC 5321 4.5.2) and
// ends the last line.
func appendStuffed(dst, body []byte) []byte {
	from := 0
	// By dots, which base64 does not have, and not by line ends, of which it has many.
	for at := bytes.IndexByte(body, '.'); at >= 0; {
		if at == 0 || (at >= 2 && body[at-2] == '\r' && body[at-1] == '\n') {
			dst = append(append(dst, body[from:at]...), '.')
			from = at
		}
		next := bytes.IndexByte(body[at+1:], '.')
		if next < 0 {
			break
		}
		at += 1 + next
	}
	dst = append(dst, body[from:]...)
	if !bytes.HasSuffix(dst, []byte("\r\n")) {
		dst = append(dst, '\r', '\n')
	}
	return dst
}
