// SPDX-License-Identifier: Apache-2.0

package campaign

import (
	"context"
	"fmt"
	"hash/maphash"
	"math/rand/v2"
	"strings"

	"dangol/internal/consent"
	"dangol/internal/mail"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/job"
	"dangol/internal/platform/journal"
)

const (
	// planChunk is how many members are judged and written in one transaction.
	planChunk = 1000
	// dropChunk is how many rows of an old plan go in one transaction.
	dropChunk = 5000
	// drawChunk is how many recipients move to the control group in one transaction.
	drawChunk = 900
)

// planner plans one campaign.
type planner struct {
	s        *Service
	c        Campaign
	letters  *letters
	groups   []map[int64]struct{} // members of the segments of the breakdown
	entryID  int64
	seen     map[uint64]struct{} // addresses, by hash
	hash     maphash.Seed
	sendable []int64 // ids of recipients, in order
	done     int64
	progress func(done, total int64)
}

// plan does the work of Plan. It may be called again after a crash: what an
// interrupted plan has left is dropped first.
func (s *Service) plan(ctx context.Context, id int64, progress func(done, total int64)) error {
	c, err := s.store.find(ctx, id)
	if err != nil {
		return err
	}
	if c.State != Planning {
		return nil // done, or called off
	}
	ctx, leave, ok := s.enter(ctx, id)
	if !ok {
		return job.Snooze(retrySoon)
	}
	defer leave()
	if err := s.dropPlan(ctx, id); err != nil {
		return err
	}
	if s.fresh != nil {
		if err := s.fresh(ctx); err != nil {
			return fmt.Errorf("wait for segments: %w", err)
		}
	}
	p := &planner{s: s, c: c, seen: map[uint64]struct{}{}, hash: maphash.MakeSeed(), progress: progress}
	if err := p.prepare(ctx); err != nil {
		return err
	}
	asOf, err := s.recipients.EachMember(ctx, c.SegmentID, func(ids []int64) error { return p.take(ctx, ids) })
	if err != nil {
		return err
	}
	p.c.Seed = rand.Int64()
	if err := p.draw(ctx, uint64(p.c.Seed)); err != nil {
		return err
	}
	return s.db.Within(ctx, func(ctx context.Context) error {
		if err := s.store.pin(ctx, p.c, asOf.Seq, asOf.At); err != nil {
			return err
		}
		if err := s.store.move(ctx, id, Planning, Planned, ""); err != nil {
			return err
		}
		planned, err := s.store.find(ctx, id)
		if err != nil {
			return err
		}
		return s.note(ctx, "campaign.planned", planned)
	})
}

// dropPlan removes recipients of an earlier plan that nothing was sent to.
func (s *Service) dropPlan(ctx context.Context, id int64) error {
	for {
		var n int
		err := s.db.WithinBulk(ctx, func(ctx context.Context) error {
			var err error
			n, err = s.store.deleteRecipients(ctx, id, dropChunk)
			return err
		})
		if err != nil || n < dropChunk {
			return err
		}
	}
}

// prepare compiles the letter, so that faults of the template stop the plan at once.
func (p *planner) prepare(ctx context.Context) error {
	var err error
	if p.letters, err = p.s.newest(ctx, &p.c); err != nil {
		return err
	}
	for _, id := range p.c.Intent.Breakdown {
		members := map[int64]struct{}{}
		_, err := p.s.recipients.EachMember(ctx, id, func(ids []int64) error {
			for _, member := range ids {
				members[member] = struct{}{}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("members of segment %d: %w", id, err)
		}
		p.groups = append(p.groups, members)
	}
	return nil
}

// bits says in which segments of the breakdown a customer is.
func (p *planner) bits(customerID int64) (bits int64) {
	for n, members := range p.groups {
		if _, is := members[customerID]; is {
			bits |= 1 << n
		}
	}
	return bits
}

// take judges members and writes them into the ledger.
func (p *planner) take(ctx context.Context, ids []int64) error {
	for len(ids) > 0 {
		n := min(len(ids), planChunk)
		rows, err := p.judge(ctx, ids[:n])
		if err != nil {
			return err
		}
		if err := p.write(ctx, rows); err != nil {
			return err
		}
		ids = ids[n:]
		p.done += int64(n)
		p.progress(p.done, p.done+int64(len(ids)))
	}
	return nil
}

// judge asks the gate first; who passes is checked for doubles and missing values.
func (p *planner) judge(ctx context.Context, ids []int64) ([]plannedRow, error) {
	contacts, err := p.s.store.contacts(ctx, ids)
	if err != nil {
		return nil, err
	}
	asks := make([]consent.Ask, 0, len(contacts))
	for _, c := range contacts {
		asks = append(asks, consent.Ask{RecordID: c.recordID, Address: c.address})
	}
	answers, err := p.s.gate.Permits(ctx, p.letters.message, asks)
	if err != nil {
		return nil, fmt.Errorf("ask the gate: %w", err)
	}
	profiles, err := p.s.letters.Profiles(ctx, ids, p.letters.fields)
	if err != nil {
		return nil, err
	}
	contacted, err := p.s.pressed(ctx, &p.c, ids)
	if err != nil {
		return nil, err
	}
	now := p.s.db.Now(ctx).UnixMicro()
	rows := make([]plannedRow, 0, len(contacts))
	for i, c := range contacts {
		d := answers[i].Decision
		row := plannedRow{
			contact: c, arm: Treatment, step: StepPlanned, basis: d.Basis.Kind, basisID: d.Basis.ID, rules: d.Rules, retryAt: now, groups: p.bits(c.customerID),
		}
		reason := p.reason(d, c, profiles[c.customerID])
		if reason == "" && contacted[c.customerID] {
			reason = ReasonPressure
		}
		if reason != "" {
			row.arm, row.step, row.reason = armNone, StepSkipped, reason
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// reason is why nothing is sent to a contact; a night window is none, because
// sending waits for the morning.
func (p *planner) reason(d consent.Decision, c contact, profile mail.Profile) string {
	if !d.IsYes() && d.Reason != consent.Night {
		return string(d.Reason)
	}
	key := maphash.String(p.hash, strings.ToLower(c.address))
	if _, twice := p.seen[key]; twice {
		return ReasonDuplicate
	}
	for _, letter := range p.letters.by {
		if letter.SkipsMissing() && len(letter.MissingFor(profile)) > 0 {
			return ReasonMissing
		}
	}
	p.seen[key] = struct{}{}
	return ""
}

// write stores rows with their journal chunk.
func (p *planner) write(ctx context.Context, rows []plannedRow) error {
	return p.s.db.WithinBulk(ctx, func(ctx context.Context) error {
		if err := p.s.store.insertRecipients(ctx, p.c.ID, rows); err != nil {
			return err
		}
		changes := make([]journal.Change, 0, len(rows))
		for _, r := range rows {
			changes = append(changes, journal.Change{CustomerID: r.customerID, RecordID: r.recordID, Kind: "campaign." + string(r.step)})
		}
		database.AfterCommit(ctx, func() {
			for _, r := range rows {
				if r.step == StepPlanned {
					p.sendable = append(p.sendable, r.id)
				}
			}
		})
		var err error
		p.entryID, err = p.s.log(ctx, p.c.ID, p.entryID, changes)
		return err
	})
}

// log adds row changes to the bulk entry of a campaign's work, making it at first.
func (s *Service) log(ctx context.Context, campaignID, entryID int64, changes []journal.Change) (int64, error) {
	if entryID != 0 {
		return entryID, s.journal.AppendChunks(ctx, entryID, changes)
	}
	return s.journal.AppendBulk(ctx, journal.Entry{
		Capability: "campaign", Kind: "campaign.recipients_changed", SubjectKind: "customer",
		ActorID: auth.From(ctx).ID, Actor: fmt.Sprintf("campaign %d", campaignID),
	}, changes)
}

// controlSize is how many of n sendable recipients get nothing.
func (c *Campaign) controlSize(n int64) int64 {
	size := (n*c.ControlShare + basisPoints/2) / basisPoints
	if c.ControlMinimum > 0 && n >= 2*c.ControlMinimum {
		size = max(size, c.ControlMinimum)
	}
	return min(size, n)
}

// draw takes the control group at random from the sendable recipients: a
// partial Fisher–Yates shuffle from a stored seed, so that it can be repeated.
func (p *planner) draw(ctx context.Context, seed uint64) error {
	size := p.c.controlSize(int64(len(p.sendable)))
	random := rand.New(rand.NewPCG(seed, uint64(p.c.ID)))
	for i := range size {
		j := i + random.Int64N(int64(len(p.sendable))-i)
		p.sendable[i], p.sendable[j] = p.sendable[j], p.sendable[i]
	}
	drawn := p.sendable[:size]
	for len(drawn) > 0 {
		n := min(len(drawn), drawChunk)
		err := p.s.db.WithinBulk(ctx, func(ctx context.Context) error { return p.s.store.moveToControl(ctx, p.c.ID, drawn[:n]) })
		if err != nil {
			return err
		}
		drawn = drawn[n:]
	}
	return p.deal(ctx, random, p.sendable[size:])
}

// pressed says of customers who has got as many messages as the campaign allows.
func (s *Service) pressed(ctx context.Context, c *Campaign, ids []int64) (map[int64]bool, error) {
	if c.Intent.PressureMost == 0 || len(ids) == 0 {
		return nil, nil
	}
	counts, err := s.store.countSince(ctx, ids, s.db.Now(ctx).AddDate(0, 0, -int(c.Intent.PressureDays)))
	if err != nil {
		return nil, err
	}
	over := map[int64]bool{}
	for id, n := range counts {
		over[id] = int64(n) >= c.Intent.PressureMost
	}
	return over, nil
}
