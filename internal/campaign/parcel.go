// SPDX-License-Identifier: Apache-2.0

package campaign

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"dangol/internal/consent"
	"dangol/internal/mail"
	"dangol/internal/platform/fault"
)

const (
	// triesMost is how often a parcel is tried in one run when connections break.
	triesMost = 3
	// brokenPause is how long it rests then.
	brokenPause = time.Minute
	// attemptsMost with the pauses below stretch over 72 hours (L-EM-6).
	attemptsMost = 14
)

// codeRefused marks the gate's late no.
const codeRefused = "campaign.refused"

// deferPauses are the pauses after a server asked to come later; the last one repeats.
var deferPauses = []time.Duration{
	5 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 4 * time.Hour, 8 * time.Hour,
}

func deferPause(attempts int64) time.Duration {
	return deferPauses[min(int(attempts), len(deferPauses)-1)]
}

// parcel is a recipient with everything that handing over needs.
type parcel struct {
	leased
	customer int64
	profile  mail.Profile
	permit   consent.Permit
	decision consent.Decision // the last answer of the gate
	tries    int
}

// back returns a parcel to the plan as if it had not been leased.
func (p *parcel) back(now time.Time) settled {
	return settled{leased: p.leased, customer: p.customer, step: StepPlanned, retryAt: now.UnixMicro(), attempts: p.attempts}
}

// prepare asks the gate for leased recipients and loads what their messages
// need; who may not get the message is settled at once.
func (r *run) prepare(ctx context.Context, chunk []leased) error {
	parcels, err := r.parcels(ctx, chunk)
	if err != nil {
		for _, l := range chunk { // nothing is lost: they are due again at once
			p := &parcel{leased: l, customer: l.customerID}
			r.ledger.put(p.back(r.s.db.Now(ctx)))
		}
		return err
	}
	for _, p := range parcels {
		r.ready <- p // never full: it has room for all that may be outstanding
	}
	return nil
}

func (r *run) parcels(ctx context.Context, chunk []leased) ([]*parcel, error) {
	records, asks := make([]int64, 0, len(chunk)), make([]consent.Ask, 0, len(chunk))
	for _, l := range chunk {
		records = append(records, l.recordID)
		asks = append(asks, consent.Ask{RecordID: l.recordID, Address: l.address})
	}
	now, err := r.s.store.currents(ctx, records)
	if err != nil {
		return nil, err
	}
	answers, err := r.s.gate.Permits(ctx, r.letters.message, asks)
	if err != nil {
		return nil, fmt.Errorf("ask the gate: %w", err)
	}
	customers := make([]int64, 0, len(chunk))
	for _, c := range now {
		customers = append(customers, c.customerID)
	}
	profiles, err := r.s.letters.Profiles(ctx, customers, r.letters.fields)
	if err != nil {
		return nil, err
	}
	pressed, err := r.s.pressed(ctx, &r.c, customers)
	if err != nil {
		return nil, err
	}
	parcels := make([]*parcel, 0, len(chunk))
	var refused []settled
	for i, l := range chunk {
		p := &parcel{leased: l, customer: now[l.recordID].customerID, permit: answers[i].Permit, decision: answers[i].Decision}
		if p.customer == 0 { // erased meanwhile: the gate has refused already
			p.customer = l.customerID
		}
		p.profile = profiles[p.customer]
		if pressed[p.customer] && p.decision.IsYes() {
			refused = append(refused, p.skipped(r.s.db.Now(ctx), ReasonPressure))
			continue
		}
		no, isNo, err := r.refuse(ctx, p, now[l.recordID])
		if err != nil {
			return nil, err
		}
		if isNo {
			refused = append(refused, no)
			continue
		}
		parcels = append(parcels, p)
	}
	for _, no := range refused {
		r.ledger.put(no)
	}
	return parcels, nil
}

// refuse settles a parcel that must not go out, or not now.
func (r *run) refuse(ctx context.Context, p *parcel, now current) (settled, bool, error) {
	at := r.s.db.Now(ctx)
	if !p.decision.IsYes() {
		return p.refused(at), true, nil
	}
	reason, letter := "", r.letters.of(p.variant)
	switch {
	case !strings.EqualFold(now.address, p.address):
		reason = ReasonMoved
	case letter.SkipsMissing() && len(letter.MissingFor(p.profile)) > 0:
		reason = ReasonMissing
	case now.customerID != p.customerID && r.c.JourneyID == 0: // a journey follows merges itself
		other, err := r.s.store.hasOtherSent(ctx, r.c.ID, now.customerID, p.id)
		if err != nil {
			return settled{}, false, err
		}
		if other {
			reason = ReasonMerged
		}
	}
	if reason == "" {
		return settled{}, false, nil
	}
	return p.skipped(at, reason), true, nil
}

func (p *parcel) skipped(at time.Time, reason string) settled {
	return settled{leased: p.leased, customer: p.customer, step: StepSkipped, reason: reason, attempts: p.attempts, settledAt: at.UnixMicro(), rules: p.decision.Rules}
}

// refused settles by the gate's answer: the night waits for the morning.
func (p *parcel) refused(at time.Time) settled {
	if p.decision.Reason != consent.Night {
		return p.skipped(at, string(p.decision.Reason))
	}
	s := p.back(at)
	s.retryAt = p.decision.DeferTo.UnixMicro()
	return s
}

// Next gives a connection its next envelope (mail.Source).
func (r *run) Next(ctx context.Context, wait bool) *mail.Envelope {
	if !wait {
		if r.limiter != nil && !r.limiter.Allow() {
			return nil
		}
		select {
		case p := <-r.ready:
			return r.envelope(p)
		default:
			return nil
		}
	}
	if r.limiter != nil && r.limiter.Wait(r.draining) != nil {
		return nil
	}
	select {
	case p := <-r.ready:
		if ctx.Err() != nil {
			r.ready <- p // its place was kept
			return nil
		}
		return r.envelope(p)
	case <-r.draining.Done(): // ends with the run's ctx too
	}
	return nil
}

func (r *run) envelope(p *parcel) *mail.Envelope {
	letter := r.letters.of(p.variant)
	return &mail.Envelope{
		From: letter.EnvelopeFrom(p.id), To: p.address, Sender: letter.From, Permit: p.permit, Data: p,
		Confirm: letter.Confirms(), ID: strconv.FormatInt(p.id, 10),
		Build: func(dst []byte) ([]byte, error) {
			return letter.Build(dst, mail.Target{RecipientID: p.id, RecordID: p.recordID, To: p.address, Profile: p.profile, At: r.s.db.Now(context.Background())})
		},
		Renew: func(ctx context.Context) (consent.Permit, error) { return r.renew(ctx, p) },
		BeforeHandOver: func() error {
			if !r.isTrusted() {
				return fault.New(fault.Conflict, "campaign.fenced", "Another process may have taken over the campaign.")
			}
			return r.book.note(p.id, underWay, 0)
		},
	}
}

// renew asks the gate again for one parcel.
func (r *run) renew(ctx context.Context, p *parcel) (consent.Permit, error) {
	answers, err := r.s.gate.Permits(ctx, r.letters.message, []consent.Ask{{RecordID: p.recordID, Address: p.address}})
	if err != nil {
		p.decision.Reason = "" // not refused: the gate could not be asked
		return consent.Permit{}, err
	}
	p.decision = answers[0].Decision
	if !p.decision.IsYes() {
		return consent.Permit{}, fault.New(fault.Forbidden, codeRefused, "The send gate says no: {reason}.", "reason", string(p.decision.Reason))
	}
	return answers[0].Permit, nil
}

// Done hears what became of an envelope (mail.Source).
func (r *run) Done(e *mail.Envelope, result mail.Result) {
	p := e.Data.(*parcel)
	now := r.s.db.Now(context.Background())
	if err := r.book.note(p.id, outcomeCodes[result.Outcome], result.Code); err != nil {
		r.tell(err) // the ledger itself is written all the same
	}
	basis, rules := e.Permit.Basis(), e.Permit.Rules()
	s := settled{
		leased: p.leased, customer: p.customer, attempts: p.attempts + 1, settledAt: now.UnixMicro(), code: int64(result.Code), reply: result.Text,
		basis: basis.Kind, basisID: basis.ID, rules: rules,
	}
	switch result.Outcome {
	case mail.HandedOver:
		s.step, s.handedAt = StepHandedOver, now.UnixMicro()
	case mail.Bounced:
		s.step = StepBounced
	case mail.Failed:
		s.step = StepFailed
	case mail.Unknown:
		s.step = StepUnknown
	case mail.Deferred:
		s = p.later(s, now, deferPause(p.attempts))
	case mail.Paced:
		s = p.back(now)
		s.retryAt = now.Add(result.RetryAfter).UnixMicro()
	case mail.Refused:
		if p.decision.IsYes() {
			s = p.later(s, now, brokenPause) // the gate could not be asked
		} else {
			s = p.refused(now)
		}
	default:
		if p.tries++; p.tries < triesMost && !r.isDrained() {
			r.ready <- p // its place was kept: it still counts as outstanding
			return
		}
		s = p.later(s, now, brokenPause)
	}
	r.ledger.put(s)
}

// later plans another attempt, until there were too many.
func (p *parcel) later(s settled, now time.Time, pause time.Duration) settled {
	if s.attempts >= attemptsMost {
		s.step = StepFailed
		return s
	}
	s.step, s.settledAt, s.retryAt = StepPlanned, 0, now.Add(pause).UnixMicro()
	return s
}
