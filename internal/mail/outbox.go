// SPDX-License-Identifier: Apache-2.0

package mail

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	netmail "net/mail"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // mails of other programs in EUC-KR

	"dangol/internal/consent"
	"dangol/internal/platform/fault"
)

// Outbox is the transport of an installation without a mail server: it keeps
// every message as a file in the data directory. Nothing leaves the machine.
type Outbox struct {
	dir   string
	clock func() time.Time
	next  atomic.Int64
}

// outboxDays is how long messages are kept.
const outboxDays = 30

// NewOutbox makes an outbox in a directory; clock may be nil.
func NewOutbox(dir string, clock func() time.Time) *Outbox {
	if clock == nil {
		clock = time.Now
	}
	return &Outbox{dir: dir, clock: clock}
}

// IsLocal reports that messages do not leave the machine.
func (o *Outbox) IsLocal() bool { return true }

// Describe names the transport for people.
func (o *Outbox) Describe() string { return "outbox" }

// Connect returns a connection to the directory.
func (o *Outbox) Connect(context.Context) (Connection, error) {
	if err := os.MkdirAll(o.dir, 0o700); err != nil {
		return nil, fault.Wrap(err, fault.Unavailable, "mail.outbox", "The outbox in the data directory cannot be written.")
	}
	return &outboxConnection{outbox: o}, nil
}

type outboxConnection struct {
	outbox *Outbox
	buffer []byte
}

// Close does nothing.
func (c *outboxConnection) Close() error { return nil }

// Deliver stores messages until the source is empty.
func (c *outboxConnection) Deliver(ctx context.Context, source Source) error {
	for {
		e := source.Next(ctx, true)
		if e == nil {
			return nil
		}
		source.Done(e, c.store(ctx, e))
	}
}

func (c *outboxConnection) store(ctx context.Context, e *Envelope) Result {
	if err := CheckPermit(ctx, e, c.outbox.clock()); err != nil {
		return Result{Outcome: Refused, Text: err.Error()}
	}
	var err error
	if c.buffer, err = e.Build(c.buffer[:0]); err != nil {
		return Result{Outcome: Failed, Text: err.Error()}
	}
	if e.BeforeHandOver != nil {
		if err := e.BeforeHandOver(); err != nil {
			return Result{Outcome: NotSent, Text: err.Error()}
		}
	}
	if err := c.outbox.write(c.buffer); err != nil {
		return Result{Outcome: NotSent, Text: err.Error()}
	}
	return Result{Outcome: HandedOver, Code: 250, Text: "stored in the outbox"}
}

// CheckPermit asks whether an envelope may be handed over now; a stale permit
// is renewed once. Every transport calls it at hand-over (L-AD-20).
func CheckPermit(ctx context.Context, e *Envelope, now time.Time) error {
	err := e.Permit.Check(consent.Email, e.To, now)
	if !fault.Is(err, fault.Conflict) || e.Renew == nil {
		return err
	}
	renewed, err := e.Renew(ctx)
	if err != nil {
		return err
	}
	e.Permit = renewed
	return e.Permit.Check(consent.Email, e.To, now)
}

func (o *Outbox) write(message []byte) error {
	now := o.clock().UTC()
	day := filepath.Join(o.dir, now.Format("20060102"))
	if err := os.MkdirAll(day, 0o700); err != nil {
		return err
	}
	name := fmt.Sprintf("%s-%06d.eml", now.Format("150405.000000"), o.next.Add(1)%1_000_000)
	temporary := filepath.Join(day, "."+name)
	if err := os.WriteFile(temporary, message, 0o600); err != nil {
		return err
	}
	return os.Rename(temporary, filepath.Join(day, name))
}

// Kept is a message in the outbox.
type Kept struct {
	ID      string    `json:"id"`
	At      time.Time `json:"at"`
	From    string    `json:"from"`
	To      string    `json:"to"`
	Subject string    `json:"subject"`
	Size    int64     `json:"size"`
}

// KeptMessage is a message of the outbox with its content.
type KeptMessage struct {
	Kept
	Headers map[string]string `json:"headers"`
	HTML    string            `json:"html"`
	Text    string            `json:"text"`
}

var keptName = regexp.MustCompile(`^[0-9]{8}/[0-9]{6}\.[0-9]{6}-[0-9]{6}\.eml$`)

// searchMost bounds the files that a search by address opens.
const searchMost = 20_000

// List returns kept messages, newest first; to narrows to an address.
func (o *Outbox) List(ctx context.Context, to, cursor string, limit int) (list []Kept, next string, err error) {
	names, err := o.names()
	if err != nil {
		return nil, "", err
	}
	opened := 0
	for _, name := range names {
		if cursor != "" && name >= cursor {
			continue
		}
		if len(list) == limit || opened == searchMost {
			return list, next, ctx.Err()
		}
		opened++
		kept, _, err := o.open(name)
		if err != nil {
			continue // removed or damaged meanwhile
		}
		next = name
		if to == "" || strings.EqualFold(kept.To, to) {
			list = append(list, kept)
		}
	}
	return list, "", ctx.Err()
}

// names lists all messages, newest first.
func (o *Outbox) names() ([]string, error) {
	days, err := os.ReadDir(o.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read outbox: %w", err)
	}
	var names []string
	for _, day := range days {
		files, err := os.ReadDir(filepath.Join(o.dir, day.Name()))
		if err != nil {
			continue
		}
		for _, f := range files {
			if name := day.Name() + "/" + f.Name(); keptName.MatchString(name) {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	slices.Reverse(names)
	return names, nil
}

// Find returns a kept message, or fault.NotFound.
func (o *Outbox) Find(id string) (KeptMessage, error) {
	id = strings.Replace(id, "_", "/", 1)
	if !keptName.MatchString(id) {
		return KeptMessage{}, notKept(id)
	}
	kept, raw, err := o.open(id)
	if err != nil {
		return KeptMessage{}, notKept(id)
	}
	return readMessage(kept, raw)
}

func notKept(id string) error {
	return fault.New(fault.NotFound, "mail.not_in_outbox", "There is no message {id} in the outbox.", "id", id)
}

func (o *Outbox) open(name string) (Kept, []byte, error) {
	raw, err := os.ReadFile(filepath.Join(o.dir, filepath.FromSlash(name)))
	if err != nil {
		return Kept{}, nil, err
	}
	parsed, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return Kept{}, nil, err
	}
	at, err := time.Parse("20060102/150405.000000", name[:len("20060102/150405.000000")])
	if err != nil {
		return Kept{}, nil, err
	}
	decoder := new(mime.WordDecoder)
	subject, err := decoder.DecodeHeader(parsed.Header.Get("Subject"))
	if err != nil {
		subject = parsed.Header.Get("Subject")
	}
	from, _ := decoder.DecodeHeader(parsed.Header.Get("From"))
	return Kept{
		ID: strings.Replace(name, "/", "_", 1), At: at, From: from, To: strings.Trim(parsed.Header.Get("To"), "<> "), Subject: subject, Size: int64(len(raw)),
	}, raw, nil
}

// readMessage takes a message apart into its parts.
func readMessage(kept Kept, raw []byte) (KeptMessage, error) {
	m := KeptMessage{Kept: kept, Headers: map[string]string{}}
	entity, err := message.Read(bytes.NewReader(raw))
	if err != nil && !message.IsUnknownCharset(err) {
		return m, fmt.Errorf("read message: %w", err)
	}
	for fields := entity.Header.Fields(); fields.Next(); {
		text, err := fields.Text()
		if err != nil {
			text = fields.Value()
		}
		m.Headers[fields.Key()] = text
	}
	err = entity.Walk(func(_ []int, part *message.Entity, err error) error {
		if err != nil && !message.IsUnknownCharset(err) {
			return err
		}
		kind, _, _ := part.Header.ContentType()
		if kind != "text/html" && kind != "text/plain" {
			return nil
		}
		text, err := io.ReadAll(io.LimitReader(part.Body, outputMost))
		if kind == "text/html" {
			m.HTML = string(text)
		} else {
			m.Text = string(text)
		}
		return err
	})
	if err != nil {
		return m, fmt.Errorf("read message: %w", err)
	}
	return m, nil
}

// Tidy removes messages older than the outbox keeps them.
func (o *Outbox) Tidy() error {
	days, err := os.ReadDir(o.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("tidy outbox: %w", err)
	}
	oldest := o.clock().UTC().AddDate(0, 0, -outboxDays).Format("20060102")
	for _, day := range days {
		if _, err := strconv.Atoi(day.Name()); err == nil && day.Name() < oldest {
			if err := os.RemoveAll(filepath.Join(o.dir, day.Name())); err != nil {
				return fmt.Errorf("tidy outbox: %w", err)
			}
		}
	}
	return nil
}
