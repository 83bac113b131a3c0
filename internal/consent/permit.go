// SPDX-License-Identifier: Apache-2.0

package consent

import (
	"context"
	"strings"
	"sync/atomic"
	"time"

	"dangol/internal/platform/fault"
)

// permitLife bounds how long a permit is good: it is for hand-over now, not
// for a queue. Refusals on other nodes are seen at the latest after it.
const permitLife = 30 * time.Second

// Permit allows one message to one address to be handed over now. Only the
// gate makes permits; the zero Permit allows nothing.
type Permit struct {
	gate     *gateState
	epoch    int64
	channel  Channel
	address  string
	issuedAt time.Time
	until    time.Time
	basis    Basis
	rules    string
}

// gateState is shared by all permits of a service: every refusal and
// suppression starts a new epoch, and permits of an older one are stale.
type gateState struct{ epoch atomic.Int64 }

// Check returns nil when the permit allows handing over to the address by the
// channel at this moment. A stale permit gives fault.Conflict: ask the gate again.
func (p Permit) Check(channel Channel, address string, now time.Time) error {
	switch {
	case p.gate == nil:
		return fault.New(fault.Forbidden, "consent.no_permit", "The message has no permit of the send gate.")
	case p.channel != channel || !strings.EqualFold(p.address, address):
		return fault.New(fault.Forbidden, "consent.other_permit", "The permit is for another address or channel.")
	case !p.IsFresh(now):
		return fault.New(fault.Conflict, "consent.stale_permit", "The permit is stale; the gate has to be asked again.")
	}
	return nil
}

// IsFresh reports whether nothing has happened since the decision that could change it.
func (p Permit) IsFresh(now time.Time) bool {
	return p.gate != nil && p.gate.epoch.Load() == p.epoch && now.Before(p.until) && !now.Before(p.issuedAt.Add(-time.Minute))
}

// Basis returns the ground on which the message may go, for the ledger.
func (p Permit) Basis() Basis { return p.basis }

// Rules returns the version of the law that decided, for the ledger.
func (p Permit) Rules() string { return p.rules }

// Address returns the address that the permit is for.
func (p Permit) Address() string { return p.address }

// Ask names one recipient of a message. RecordID is what the recipient attaches
// to; the customer is whoever the record is linked to now.
type Ask struct {
	RecordID int64
	Address  string
}

// Answer is what the gate says to one Ask.
type Answer struct {
	Decision   Decision
	Permit     Permit // good only when Decision.IsYes()
	CustomerID int64  // whom the record belongs to now
}

// Purchases tells finished transactions that may exempt from consent (L-AD-1a);
// order implements it.
type Purchases interface {
	ListEndedSince(ctx context.Context, customerIDs []int64, since time.Time) (map[int64][]Purchase, error)
}

// Contacts counts the messages that customers got since a moment, by every channel
// together; app connects those who send.
type Contacts interface {
	CountSince(ctx context.Context, customerIDs []int64, since time.Time) (map[int64]int, error)
}

// Staff knows the addresses of the company's own people; team implements it.
type Staff interface {
	IsStaffAddress(ctx context.Context, address string) (bool, error)
}

// Permits decides for all asks, in order, and issues permits for the moment now.
func (s *Service) Permits(ctx context.Context, m Message, asks []Ask) ([]Answer, error) {
	return s.decide(ctx, m, asks, s.db.Now(ctx))
}

func (s *Service) decide(ctx context.Context, m Message, asks []Ask, t time.Time) ([]Answer, error) {
	// Before the facts are read: a refusal that comes in between makes the permit stale.
	epoch := s.gate.epoch.Load()
	law, err := s.Law(ctx, t)
	if err != nil {
		return nil, err
	}
	policy, err := s.Policy(ctx)
	if err != nil {
		return nil, err
	}
	answers := make([]Answer, len(asks))
	for from := 0; from < len(asks); from += askChunk {
		part := asks[from:min(from+askChunk, len(asks))]
		people, err := s.facts(ctx, m, part, law, policy, t)
		if err != nil {
			return nil, err
		}
		for i := range part {
			p := &people[i]
			d := Decide(m, p.Person, law, policy, t)
			answers[from+i] = Answer{Decision: d, CustomerID: p.customerID}
			if d.IsYes() {
				answers[from+i].Permit = Permit{
					gate: &s.gate, epoch: epoch, channel: m.Channel, address: part[i].Address,
					issuedAt: t, until: t.Add(permitLife), basis: d.Basis, rules: d.Rules,
				}
			}
		}
	}
	return answers, nil
}

// PermitTest issues a permit for a test message to an address of the company's
// own staff: what goes to nobody outside advertises to nobody.
func (s *Service) PermitTest(ctx context.Context, channel Channel, address string) (Permit, error) {
	if s.staff == nil {
		return Permit{}, fault.New(fault.Unavailable, "consent.no_staff", "Test messages need the list of staff.")
	}
	isStaff, err := s.staff.IsStaffAddress(ctx, address)
	if err != nil {
		return Permit{}, err
	}
	if !isStaff {
		return Permit{}, fault.New(fault.Forbidden, "consent.test_not_staff",
			"{address} does not belong to a member of staff; test messages go to staff only.", "address", address)
	}
	now := s.db.Now(ctx)
	return Permit{
		gate: &s.gate, epoch: s.gate.epoch.Load(), channel: channel, address: address,
		issuedAt: now, until: now.Add(permitLife), basis: Basis{Kind: "test"},
	}, nil
}
