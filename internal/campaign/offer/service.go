// SPDX-License-Identifier: Apache-2.0

package offer

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/job"
	"dangol/internal/platform/journal"
	"dangol/internal/segment"
)

// Members answers who is in a segment; segment.Service implements it.
type Members interface {
	EachMember(ctx context.Context, segmentID int64, fn func(ids []int64) error) (segment.AsOf, error)
}

// Proposals tells what customers may want next, best first; app connects the
// models.
type Proposals interface {
	ProposedTo(ctx context.Context, customerIDs []int64) (map[int64][]Proposal, error)
}

// UseProposals connects who knows what customers may want.
func (s *Service) UseProposals(p Proposals) { s.proposals = p }

// Service keeps offers and chooses among them.
type Service struct {
	store     *store
	db        *database.DB
	journal   *journal.Journal
	members   Members
	proposals Proposals // may be nil
	zone      *time.Location
	currency  string

	mu       sync.RWMutex
	held     *catalogue
	segments map[int64]*eligibility
}

// New makes the service.
func New(db *database.DB, j *journal.Journal, zone *time.Location, currency string) *Service {
	if zone == nil {
		zone = time.UTC
	}
	if currency == "" {
		currency = "KRW"
	}
	return &Service{store: &store{db: db}, db: db, journal: j, zone: zone, currency: currency, segments: map[int64]*eligibility{}}
}

// UseMembers connects who knows the members of segments.
func (s *Service) UseMembers(m Members) { s.members = m }

// catalogue is what choosing needs, read together.
type catalogue struct {
	offers []Offer
	policy Policy
	readAt time.Time
}

const (
	// catalogueAge is how old the catalogue may be on other nodes; here every change shows at once.
	catalogueAge = 5 * time.Second
	// membersAge is how old the members of a segment may be.
	membersAge = time.Minute
)

// eligibility is who is in a segment, as bits by customer.
type eligibility struct {
	bits      []uint64
	readAt    time.Time
	isLoading bool
}

func (e *eligibility) has(id int64) bool {
	return e != nil && id >= 0 && int(id/64) < len(e.bits) && e.bits[id/64]&(1<<(id%64)) != 0
}

func (s *Service) current(ctx context.Context) (*catalogue, error) {
	s.mu.RLock()
	held := s.held
	s.mu.RUnlock()
	if held != nil && time.Since(held.readAt) < catalogueAge {
		return held, nil
	}
	offers, err := s.store.list(ctx, true)
	if err != nil {
		return nil, err
	}
	policy, err := s.Policy(ctx)
	if err != nil {
		return nil, err
	}
	held = &catalogue{offers: offers, policy: policy, readAt: time.Now()}
	s.mu.Lock()
	s.held = held
	s.mu.Unlock()
	return held, nil
}

func (s *Service) forget(ctx context.Context) {
	database.AfterCommit(ctx, func() {
		s.mu.Lock()
		s.held = nil
		s.mu.Unlock()
	})
}

// eligibilityOf answers who is in a segment: read once, then kept fresh in the
// background, so that nobody who asks for an offer waits for it.
func (s *Service) eligibilityOf(ctx context.Context, id int64) (*eligibility, error) {
	s.mu.Lock()
	e := s.segments[id]
	isStale := e != nil && time.Since(e.readAt) > membersAge && !e.isLoading
	if isStale {
		e.isLoading = true
	}
	s.mu.Unlock()
	if e == nil {
		return s.loadMembers(ctx, id)
	}
	if isStale {
		go func() {
			if _, err := s.loadMembers(context.WithoutCancel(ctx), id); err != nil {
				slog.Warn("offer: members were not read anew", "segment_id", id, "error", err)
				s.mu.Lock()
				e.isLoading, e.readAt = false, time.Now()
				s.mu.Unlock()
			}
		}()
	}
	return e, nil
}

func (s *Service) loadMembers(ctx context.Context, id int64) (*eligibility, error) {
	e := &eligibility{}
	// The rows that whoever asks may see do not matter: one person is asked about.
	_, err := s.members.EachMember(auth.System(ctx, "offer"), id, func(ids []int64) error {
		for _, member := range ids {
			for word := int(member / 64); word >= len(e.bits); {
				e.bits = append(e.bits, make([]uint64, max(1024, word+1-len(e.bits)))...)
			}
			e.bits[member/64] |= 1 << (member % 64)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("members of segment %d: %w", id, err)
	}
	e.readAt = time.Now()
	s.mu.Lock()
	s.segments[id] = e
	s.mu.Unlock()
	return e, nil
}

// Ask answers the next best offers for a customer and notes that they were shown.
// Within the hold of the policy every place gets the same.
func (s *Service) Ask(ctx context.Context, customerID int64, place string, count int) (Next, error) {
	if err := auth.Check(ctx, "campaign:answer"); err != nil {
		return Next{}, err
	}
	record, history, err := s.store.person(ctx, customerID, s.db.Now(ctx).AddDate(-1, 0, 0))
	if err != nil {
		return Next{}, err
	}
	c, err := s.current(ctx)
	if err != nil {
		return Next{}, err
	}
	now := s.db.Now(ctx).In(s.zone)
	var failed error
	in := func(segmentID int64) bool {
		e, err := s.eligibilityOf(ctx, segmentID)
		if err != nil {
			failed = err
		}
		return e.has(customerID)
	}
	list := eligible(c.offers, in, history, c.policy, now)
	if failed != nil {
		return Next{}, failed
	}
	proposals := []Proposal{}
	if s.proposals != nil {
		all, err := s.proposals.ProposedTo(ctx, []int64{customerID})
		if err != nil {
			return Next{}, err
		}
		proposals = append(proposals, all[customerID]...)
	}
	wanted := wantedOf(list, proposals)
	if held := holding(list, history, c.policy, now, place); len(held) > 0 {
		for i := range held {
			held[i].IsWanted = wanted[held[i].Offer.ID]
		}
		return Next{Shows: held[:min(len(held), count)], Proposals: proposals}, nil
	}
	switch {
	case isPressed(history, c.policy, now):
		return Next{Shows: []Show{}, Reason: ReasonPressure, Proposals: proposals}, nil
	case len(list) == 0:
		return Next{Shows: []Show{}, Reason: ReasonNone, Proposals: proposals}, nil
	}
	picks := choose(list, history, wanted, count, c.policy, now, rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64())))
	next, err := s.show(ctx, record, place, picks)
	next.Proposals = proposals
	for i := range next.Shows {
		next.Shows[i].IsWanted = wanted[next.Shows[i].Offer.ID]
	}
	return next, err
}

// holding are the offers that were shown a short while ago and await an answer.
func holding(list []*Offer, history []seen, p Policy, now time.Time, place string) []Show {
	var held []Show
	for _, h := range history {
		if h.answer != "" || now.UnixMicro()-h.at >= p.HoldHours*time.Hour.Microseconds() {
			continue
		}
		for _, o := range list {
			if o.ID == h.offerID {
				held = append(held, Show{ID: h.showID, Offer: *o, At: time.UnixMicro(h.at).UTC(), Place: place, IsHeld: true})
			}
		}
	}
	return held
}

func (s *Service) show(ctx context.Context, recordID int64, place string, picks []pick) (Next, error) {
	next := Next{Shows: []Show{}}
	err := s.db.Within(ctx, func(ctx context.Context) error {
		at := database.Time(ctx)
		for _, p := range picks {
			show := Show{Offer: *p.offer, At: at, Place: place, IsExplored: p.isExplored, Expected: int64(p.expected)}
			var err error
			if show.ID, err = s.store.insertShow(ctx, recordID, show); err != nil {
				return err
			}
			next.Shows = append(next.Shows, show)
		}
		return nil
	})
	if err != nil {
		return next, fmt.Errorf("note offers shown: %w", err)
	}
	return next, nil
}

// Answer notes what a person answered to a show. The first answer counts; an
// acceptance takes from the stock, and what is sold out cannot be accepted.
func (s *Service) Answer(ctx context.Context, showID int64, answer string) (Offer, error) {
	if err := auth.Check(ctx, "campaign:answer"); err != nil {
		return Offer{}, err
	}
	var out Offer
	err := s.db.Within(ctx, func(ctx context.Context) error {
		show, err := s.store.findShow(ctx, showID)
		if err != nil {
			return err
		}
		if show.answer == Accepted || show.answer == Declined {
			return fault.New(fault.Conflict, "campaign.offer_answered", "The offer was answered already.")
		}
		if err := s.store.setAnswer(ctx, showID, show, answer); err != nil {
			return err
		}
		after, err := json.Marshal(map[string]any{"offer_id": show.offerID, "answer": answer, "show_id": showID})
		if err != nil {
			return err
		}
		s.forget(ctx)
		if out, err = s.store.find(ctx, show.offerID); err != nil {
			return err
		}
		return s.journal.Append(ctx, journal.Entry{
			Capability: "campaign", Kind: "campaign.offer_" + answer, SubjectKind: "customer", SubjectIDs: []int64{show.customerID}, RecordID: show.recordID, After: after,
		})
	})
	return out, err
}

// List returns the catalogue with what was learned so far.
func (s *Service) List(ctx context.Context) ([]Offer, error) {
	if err := auth.Check(ctx, "campaign:read"); err != nil {
		return nil, err
	}
	return s.store.list(ctx, false)
}

// Create adds an offer.
func (s *Service) Create(ctx context.Context, c Content) (Offer, error) {
	if err := auth.Check(ctx, "campaign:create"); err != nil {
		return Offer{}, err
	}
	o := Offer{Kind: "product", Currency: s.currency, IsActive: true}
	if err := o.change(c); err != nil {
		return o, err
	}
	err := s.db.Within(ctx, func(ctx context.Context) error {
		var err error
		if o.ID, err = s.store.insert(ctx, o); err != nil {
			return err
		}
		s.forget(ctx)
		return s.note(ctx, "campaign.offer_created", o)
	})
	if err != nil {
		return o, fmt.Errorf("create offer: %w", err)
	}
	return s.store.find(ctx, o.ID)
}

// Update changes an offer; what was learned of it stays.
func (s *Service) Update(ctx context.Context, id, version int64, c Content) (Offer, error) {
	if err := auth.Check(ctx, "campaign:update"); err != nil {
		return Offer{}, err
	}
	var o Offer
	err := s.db.Within(ctx, func(ctx context.Context) error {
		var err error
		if o, err = s.store.find(ctx, id); err != nil {
			return err
		}
		if err := o.change(c); err != nil {
			return err
		}
		if err := s.store.save(ctx, o, version); err != nil {
			return err
		}
		s.forget(ctx)
		return s.note(ctx, "campaign.offer_updated", o)
	})
	if err != nil {
		return o, err
	}
	return s.store.find(ctx, id)
}

func (s *Service) note(ctx context.Context, kind string, o Offer) error {
	after, err := json.Marshal(o)
	if err != nil {
		return err
	}
	return s.journal.Append(ctx, journal.Entry{Capability: "campaign", Kind: kind, SubjectKind: "offer", SubjectIDs: []int64{o.ID}, After: after})
}

const policySetting = "campaign.offer_policy"

// Policy returns how offers are chosen.
func (s *Service) Policy(ctx context.Context) (Policy, error) {
	text, err := s.store.setting(ctx, policySetting)
	if err != nil || text == "" {
		return DefaultPolicy, err
	}
	p := DefaultPolicy
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		return p, fmt.Errorf("read offer policy: %w", err)
	}
	return p, nil
}

// SetPolicy changes how offers are chosen.
func (s *Service) SetPolicy(ctx context.Context, p Policy) error {
	if err := auth.Check(ctx, "campaign:update"); err != nil {
		return err
	}
	text, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return s.db.Within(ctx, func(ctx context.Context) error {
		if err := s.store.saveSetting(ctx, policySetting, string(text)); err != nil {
			return err
		}
		s.forget(ctx)
		return s.journal.Append(ctx, journal.Entry{Capability: "campaign", Kind: "campaign.offer_policy_changed", SubjectKind: "setting", After: text})
	})
}

// ignoreJob counts what nobody answered in time.
const ignoreJob = "campaign.offers_ignored"

// RegisterJobs registers the background work.
func (s *Service) RegisterJobs(queue *job.Queue) {
	queue.Register(ignoreJob, func(ctx context.Context, _ *job.Job) error { return s.Ignore(auth.System(ctx, "offer")) }, job.RegisterOptions{MaxAttempts: 3})
	queue.Periodic(ignoreJob, "13 * * * *", struct{}{})
}

// Ignore counts shows without an answer in time as ignored, in short slices.
func (s *Service) Ignore(ctx context.Context) error {
	p, err := s.Policy(ctx)
	if err != nil {
		return err
	}
	before := s.db.Now(ctx).AddDate(0, 0, -int(p.IgnoreDays))
	for {
		n := 0
		err := s.db.WithinBulk(ctx, func(ctx context.Context) error {
			var err error
			n, err = s.store.ignore(ctx, before)
			s.forget(ctx)
			return err
		})
		if err != nil || n == 0 {
			return err
		}
	}
}

// EachTaken calls emit with the time at which an offer was accepted; 0 is any offer.
func (s *Service) EachTaken(ctx context.Context, offerID int64, emit func(at time.Time) error) error {
	return s.store.eachTaken(ctx, offerID, func(at int64) error { return emit(time.UnixMicro(at)) })
}

// Stock is the name of an offer and how many of it are left, -1 without a limit.
// It returns fault.NotFound.
func (s *Service) Stock(ctx context.Context, offerID int64) (name string, left int64, err error) {
	o, err := s.store.find(ctx, offerID)
	if err != nil || o.Stock == nil {
		return o.Name, -1, err
	}
	return o.Name, max(0, *o.Stock-o.Accepted), nil
}
