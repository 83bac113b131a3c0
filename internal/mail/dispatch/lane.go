// SPDX-License-Identifier: Apache-2.0

package dispatch

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"time"

	"dangol/internal/consent"
	"dangol/internal/mail"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
)

const (
	// laneTick is how often the lane looks around when nobody wakes it.
	laneTick = 2 * time.Second
	// leaseChunk is how many dispatches go out on one connection in a row.
	leaseChunk = 50
	// leaseLife is after how long what a dead process held is looked at again.
	leaseLife = 15 * time.Minute
	// lanes is how many work side by side.
	lanes = 2
)

// Run sends what is due until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	ctx = auth.System(ctx, "dispatch")
	done := make(chan struct{})
	for range lanes {
		go func() {
			s.lane(ctx)
			done <- struct{}{}
		}()
	}
	for range lanes {
		<-done
	}
	return nil
}

func (s *Service) lane(ctx context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.wake:
		case <-timer.C:
		}
		for ctx.Err() == nil {
			n, err := s.Work(ctx)
			if err != nil && ctx.Err() == nil {
				slog.Warn("mail: single mails wait", "error", err)
			}
			if n == 0 || err != nil {
				break
			}
		}
		timer.Reset(laneTick)
	}
}

// Work sends the dispatches that are due now, at most one chunk, and answers how many it took.
func (s *Service) Work(ctx context.Context) (int, error) {
	lease := rand.Int64N(1<<62) + 1
	var list []Dispatch
	err := s.db.Within(ctx, func(ctx context.Context) error {
		now := database.Time(ctx)
		if err := s.store.recover(ctx, now.Add(-leaseLife), now); err != nil {
			return err
		}
		var err error
		list, err = s.store.lease(ctx, lease, now, leaseChunk)
		return err
	})
	if err != nil || len(list) == 0 {
		return 0, err
	}
	queue := &queue{s: s, ctx: ctx, letters: map[int64]*compiled{}}
	for i := range list {
		p, err := s.prepare(ctx, queue, &list[i])
		if err != nil {
			s.giveBack(ctx, list[i:], err)
			break
		}
		if p != nil {
			queue.waiting = append(queue.waiting, p)
		}
	}
	return len(list), queue.deliver()
}

// compiled is a letter with what the gate asks about it.
type compiled struct {
	letter  *mail.Letter
	message consent.Message
}

// parcel is a dispatch that is ready to go.
type parcel struct {
	*Dispatch
	compiled
	profile  mail.Profile
	content  Content
	files    []mail.File
	decision consent.Decision
}

// prepare compiles the message of a dispatch and asks the gate; nil says that it is settled.
func (s *Service) prepare(ctx context.Context, q *queue, d *Dispatch) (*parcel, error) {
	p := &parcel{Dispatch: d}
	if err := s.compile(ctx, q, p); err != nil {
		if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Invalid) {
			return nil, s.settle(ctx, p, Skipped, ReasonGone, mail.Result{Text: err.Error()})
		}
		return nil, err
	}
	var err error
	if p.profile, err = s.profile(ctx, d, p.letter); err != nil {
		return nil, err
	}
	if missing := p.letter.MissingFor(p.profile); p.letter.SkipsMissing() && len(missing) > 0 {
		return nil, s.settle(ctx, p, Skipped, ReasonMissing, mail.Result{Text: strings.Join(missing, ", ")})
	}
	return p, nil
}

func (s *Service) compile(ctx context.Context, q *queue, p *parcel) error {
	if p.versionID != 0 {
		if known := q.letters[p.versionID]; known != nil {
			p.compiled = *known
			return nil
		}
		t, err := s.letters.FindVersion(ctx, p.TemplateID, p.versionID)
		if err != nil {
			return err
		}
		if p.letter, err = s.letters.Compile(ctx, t, 0, t.Name, nil); err != nil {
			return err
		}
		p.message = p.letter.Message(t)
		q.letters[p.versionID] = &compiled{p.letter, p.message}
		return nil
	}
	if err := json.Unmarshal([]byte(p.Dispatch.content), &p.content); err != nil {
		return fault.Wrap(err, fault.Invalid, "mail.no_content", "The mail has no content.")
	}
	c, now := p.content, s.db.Now(ctx)
	t := mail.Template{
		Name: "dispatch", Class: c.Class, Sender: c.Sender, Reason: c.Reason, ApprovedAt: &now,
		Latest: mail.Version{Subject: c.Subject, HTML: c.HTML, Body: c.Text, Missing: mail.MissingEmpty},
	}
	if t.Sender == "" {
		t.Sender = consent.DefaultSender
	}
	var err error
	if p.letter, err = s.letters.Compile(ctx, t, 0, t.Name, nil); err != nil {
		return err
	}
	p.message = p.letter.Message(t)
	if len(c.FileIDs) > 0 || c.Original {
		p.files, err = s.letters.AttachedFiles(ctx, c.FileIDs, map[bool]int64{true: c.MailID}[c.Original])
	}
	return err
}

// queue feeds one connection (mail.Source).
type queue struct {
	s       *Service
	ctx     context.Context
	letters map[int64]*compiled
	waiting []*parcel
	err     error
}

// deliver hands over what waits; what the connection did not take is planned again.
func (q *queue) deliver() error {
	if len(q.waiting) == 0 {
		return q.err
	}
	c, err := q.s.letters.Transport().Connect(mail.Urgent(q.ctx))
	if err == nil {
		err = c.Deliver(q.ctx, q)
		_ = c.Close()
	}
	if err == nil {
		err = q.err
	}
	left := make([]Dispatch, 0, len(q.waiting))
	for _, p := range q.waiting {
		left = append(left, *p.Dispatch)
	}
	q.s.giveBack(context.WithoutCancel(q.ctx), left, err)
	return err
}

// giveBack plans what could not be tried; a server that is away is no attempt.
func (s *Service) giveBack(ctx context.Context, left []Dispatch, why error) {
	text := ""
	if why != nil {
		text = why.Error()
		if f, ok := fault.As(why); ok {
			text = f.Message
		}
	}
	for _, d := range left {
		err := s.db.Within(ctx, func(ctx context.Context) error {
			return s.store.giveBack(ctx, d, database.Time(ctx).Add(pauses[0]), text)
		})
		if err != nil {
			slog.Warn("mail: dispatch not given back", "dispatch_id", d.ID, "error", err)
		}
	}
}

// Next gives the next envelope that the gate lets through.
func (q *queue) Next(ctx context.Context, _ bool) *mail.Envelope {
	for len(q.waiting) > 0 && ctx.Err() == nil {
		p := q.waiting[0]
		permit, err := q.s.permit(ctx, p)
		if err != nil && p.decision.Reason == "" {
			q.err = err // the gate could not be asked; what waits is given back
			return nil
		}
		q.waiting = q.waiting[1:]
		if p.decision.Reason != "" {
			if err := q.s.refused(ctx, p); err != nil {
				q.err = err
			}
			continue
		}
		return q.s.envelope(p, permit)
	}
	return nil
}

// permit asks the gate for one parcel.
func (s *Service) permit(ctx context.Context, p *parcel) (consent.Permit, error) {
	p.decision = consent.Decision{}
	if p.Kind == Forward && p.recordID == 0 {
		permit, err := s.gate.PermitTest(ctx, consent.Email, p.Address)
		if fault.Is(err, fault.Forbidden) {
			p.decision.Reason = consent.Unreachable // no longer a colleague
		}
		return permit, err
	}
	answers, err := s.gate.Permits(ctx, p.message, []consent.Ask{{RecordID: p.recordID, Address: p.Address}})
	if err != nil {
		return consent.Permit{}, err
	}
	if p.decision = answers[0].Decision; !p.decision.IsYes() {
		return consent.Permit{}, fault.New(fault.Forbidden, "mail.gate", "The send gate says no: {reason}.", "reason", string(p.decision.Reason))
	}
	return answers[0].Permit, nil
}

// refused settles by the gate's answer; the night waits for the morning.
func (s *Service) refused(ctx context.Context, p *parcel) error {
	if p.decision.Reason == consent.Night {
		return s.db.Within(ctx, func(ctx context.Context) error {
			return s.store.giveBack(ctx, *p.Dispatch, p.decision.DeferTo, string(consent.Night))
		})
	}
	return s.settle(ctx, p, Skipped, string(p.decision.Reason), mail.Result{})
}

func (s *Service) envelope(p *parcel, permit consent.Permit) *mail.Envelope {
	keys, err := s.letters.Keys(context.Background())
	from := p.letter.From
	if err == nil {
		from = p.letter.Returns(keys.DispatchReturn(p.ID))
	}
	target := mail.Target{
		RecordID: p.recordID, To: p.Address, Profile: p.profile, At: s.db.Now(context.Background()), MessageID: p.messageID + domainOf(p.letter.From), Files: p.files,
		Return: from, Headers: p.headers(),
	}
	return &mail.Envelope{
		From: from, To: p.Address, Sender: p.letter.From, Permit: permit, Data: p, Confirm: p.letter.Confirms(), ID: fmt.Sprintf("d%d", p.ID),
		Build: func(dst []byte) ([]byte, error) { return p.letter.Build(dst, target) },
		Renew: func(ctx context.Context) (consent.Permit, error) { return s.permit(ctx, p) },
		BeforeHandOver: func() error {
			ctx := auth.System(context.Background(), "dispatch")
			return s.db.Within(ctx, func(ctx context.Context) error { return s.store.handing(ctx, *p.Dispatch) })
		},
	}
}

// domainOf is what completes a Message-ID (RFC 5322 3.6.4).
func domainOf(address string) string {
	_, domain, _ := strings.Cut(address, "@")
	return "@" + domain
}

// headers say what kind of mail it is, and what it answers.
func (p *parcel) headers() []mail.Header {
	var list []mail.Header
	if p.Kind != Answer && p.Kind != Forward && p.Kind != Personal {
		list = append(list, mail.Header{Name: "Auto-Submitted", Value: "auto-generated"}) // RFC 3834 5
	}
	if t := p.content.Thread; t.InReplyTo != "" {
		list = append(list, mail.Header{Name: "In-Reply-To", Value: "<" + t.InReplyTo + ">"}, mail.Header{Name: "References", Value: t.References})
	}
	return list
}

// outcomes is where a transport's word takes a dispatch.
var outcomes = map[mail.Outcome]State{
	mail.HandedOver: HandedOver, mail.Bounced: Bounced, mail.Failed: Failed, mail.Unknown: Unknown,
}

// Done hears what became of an envelope (mail.Source).
func (q *queue) Done(e *mail.Envelope, r mail.Result) {
	p := e.Data.(*parcel)
	ctx := context.WithoutCancel(q.ctx)
	p.Attempts++
	basis := e.Permit.Basis()
	p.Basis, p.decision.Basis, p.decision.Rules = basis.Kind, basis, e.Permit.Rules()
	var err error
	state, isFinal := outcomes[r.Outcome]
	switch {
	case isFinal:
		err = q.s.settle(ctx, p, state, "", r)
	case r.Outcome == mail.Refused && p.decision.Reason != "":
		err = q.s.refused(ctx, p)
	case p.Attempts >= attemptsMost:
		err = q.s.settle(ctx, p, Failed, "", r)
	default:
		pause := pauseAfter(p.Attempts - 1)
		if r.Outcome == mail.Paced {
			p.Attempts--
			pause = max(r.RetryAfter, time.Second)
		}
		err = q.s.db.Within(ctx, func(ctx context.Context) error {
			return q.s.store.giveBack(ctx, *p.Dispatch, database.Time(ctx).Add(pause), r.Text)
		})
	}
	if err != nil {
		q.err = err
	}
}

// settle writes the end of a dispatch and tells the gate of dead addresses.
func (s *Service) settle(ctx context.Context, p *parcel, to State, reason string, r mail.Result) error {
	d := p.Dispatch
	d.State, d.Reason, d.Code, d.Reply = to, reason, int64(r.Code), r.Text
	err := s.db.Within(ctx, func(ctx context.Context) error {
		if err := s.store.settle(ctx, d, p.decision, database.Time(ctx)); err != nil {
			return err
		}
		if to == Bounced {
			if err := s.gate.Bounced(ctx, consent.Email, d.Address, true, r.Text, d.recordID, 0); err != nil {
				return err
			}
		}
		if to == HandedOver && d.Origin != "" && s.sent != nil {
			if err := s.sent(ctx, d.Origin); err != nil {
				return err
			}
		}
		return s.note(ctx, "mail.dispatch_"+string(to), *d)
	})
	if err == nil {
		s.publish("mail:dispatch", map[string]any{"id": d.ID, "state": to})
	}
	return err
}
