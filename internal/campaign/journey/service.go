// SPDX-License-Identifier: Apache-2.0

package journey

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"dangol/internal/campaign"
	"dangol/internal/dataquality"
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
	History(ctx context.Context, id int64) (segment.History, error)
}

// Orders answers what customers bought; order.Service implements it.
type Orders interface {
	EachPaid(ctx context.Context, from, to time.Time, currency string, emit func(customerID, orderedAt, amount int64) error) error
	EachHistory(ctx context.Context, before time.Time, currency string, emit func(customerID, lastAt, orders int64) error) error
	// LastPaid answers when customers last bought, in Unix microseconds.
	LastPaid(ctx context.Context, customerIDs []int64) (map[int64]int64, error)
	// EachNewPaid emits paid orders since a moment whose id is above one.
	EachNewPaid(ctx context.Context, afterID int64, since time.Time, emit func(orderID, customerID int64) error) error
}

// Sender sends for mail steps; campaign.Service implements it.
type Sender interface {
	// AddStep makes the campaign of a mail step and starts it.
	AddStep(ctx context.Context, journeyID int64, name string, templateID, messageCost int64) (campaignID int64, err error)
	// Enqueue plans messages of a mail step, each at most once for a run; it joins the transaction.
	Enqueue(ctx context.Context, campaignID int64, list []campaign.Passenger) error
	// HoldSteps pauses, resumes or cancels the campaigns of a journey.
	HoldSteps(ctx context.Context, journeyID int64, to campaign.State) error
	// StepsOf returns the campaigns of a journey with their counts.
	StepsOf(ctx context.Context, journeyID int64) ([]campaign.Campaign, error)
	// ClickedIn answers which runs have clicked in the message of a campaign.
	ClickedIn(ctx context.Context, campaignID int64, runIDs []int64) (map[int64]bool, error)
	// AskGate answers how many of the customers the gate would let a template reach now, and why not the rest.
	AskGate(ctx context.Context, templateID int64, customerIDs []int64) (yes int64, no map[string]int64, err error)
}

// Options are the settings of the service.
type Options struct {
	Zone     *time.Location
	Currency string
	Publish  func(topic string, data any)
}

// Service keeps journeys and leads people through them.
type Service struct {
	store   *store
	db      *database.DB
	journal *journal.Journal
	queue   *job.Queue
	members Members
	orders  Orders
	sender  Sender
	options Options
}

// New makes the service.
func New(db *database.DB, j *journal.Journal, queue *job.Queue, orders Orders, sender Sender, options Options) *Service {
	if options.Zone == nil {
		options.Zone = time.UTC
	}
	if options.Publish == nil {
		options.Publish = func(string, any) {}
	}
	return &Service{store: &store{db: db}, db: db, journal: j, queue: queue, orders: orders, sender: sender, options: options}
}

// UseMembers connects who knows the members of segments.
func (s *Service) UseMembers(m Members) { s.members = m }

// UseHub connects the live stream.
func (s *Service) UseHub(publish func(topic string, data any)) { s.options.Publish = publish }

// Create makes a journey as a draft.
func (s *Service) Create(ctx context.Context, c Content) (Journey, error) {
	if err := auth.Check(ctx, "campaign:create"); err != nil {
		return Journey{}, err
	}
	j := Journey{State: Draft, PersonID: auth.From(ctx).ID, Graph: Graph{Entry: Entry{Kind: SegmentEntered}, ControlShare: 1000, Reentry: Once, QuietFrom: "21:00", QuietTo: "08:00"}}
	if err := j.change(c); err != nil {
		return j, err
	}
	err := s.db.Within(ctx, func(ctx context.Context) error {
		if err := s.store.insert(ctx, &j); err != nil {
			return err
		}
		return s.note(ctx, "campaign.journey_created", j)
	})
	if err != nil {
		return j, fmt.Errorf("create journey: %w", err)
	}
	return s.find(ctx, j.ID)
}

func (s *Service) note(ctx context.Context, kind string, j Journey) error {
	after, err := json.Marshal(map[string]any{"name": j.Name, "state": j.State, "number": j.Number, "graph": j.Graph})
	if err != nil {
		return fmt.Errorf("journal %s: %w", kind, err)
	}
	return s.journal.Append(ctx, journal.Entry{Capability: "campaign", Kind: kind, SubjectKind: "journey", SubjectIDs: []int64{j.ID}, After: after})
}

// Find returns a journey, or fault.NotFound.
func (s *Service) Find(ctx context.Context, id int64) (Journey, error) {
	if err := auth.Check(ctx, "campaign:read"); err != nil {
		return Journey{}, err
	}
	return s.find(ctx, id)
}

func (s *Service) find(ctx context.Context, id int64) (Journey, error) {
	j, err := s.store.find(ctx, id)
	if err != nil {
		return j, err
	}
	j.Problems = append([]Problem{}, j.Graph.Check()...)
	return j, s.addCounts(ctx, &j)
}

// addCounts says how many people stand where, and what the mail steps have sent.
func (s *Service) addCounts(ctx context.Context, j *Journey) error {
	var err error
	if j.Counts, err = s.store.counts(ctx, *j); err != nil || j.Number == 0 {
		return err
	}
	v, err := s.store.findVersion(ctx, j.ID, j.Number)
	if err != nil {
		return err
	}
	steps, err := s.sender.StepsOf(ctx, j.ID)
	if err != nil {
		return err
	}
	for step, id := range v.campaigns {
		news := j.Counts.Steps[step]
		news.CampaignID = id
		for _, c := range steps {
			if c.ID == id {
				news.Sent, news.Clicked, news.Skipped = c.Counts.Sent(), c.Counts.Clicked, c.Counts.Skipped
			}
		}
		j.Counts.Steps[step] = news
	}
	return nil
}

// List returns all journeys, the newest first.
func (s *Service) List(ctx context.Context) ([]Journey, error) {
	if err := auth.Check(ctx, "campaign:read"); err != nil {
		return nil, err
	}
	list, err := s.store.list(ctx)
	if err != nil {
		return nil, err
	}
	for i := range list {
		list[i].Problems = []Problem{}
		if list[i].Counts, err = s.store.counts(ctx, list[i]); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// Update changes the drawing; people in flight keep the version that they started.
func (s *Service) Update(ctx context.Context, id, version int64, c Content) (Journey, error) {
	if err := auth.Check(ctx, "campaign:update"); err != nil {
		return Journey{}, err
	}
	j, err := s.store.find(ctx, id)
	if err != nil {
		return j, err
	}
	if j.State == Ended {
		return j, fault.New(fault.Conflict, "campaign.journey_ended", "The journey has ended; copy it to go on.")
	}
	if err := j.change(c); err != nil {
		return j, err
	}
	err = s.db.Within(ctx, func(ctx context.Context) error {
		if err := s.store.save(ctx, j, version); err != nil {
			return err
		}
		return s.note(ctx, "campaign.journey_updated", j)
	})
	if err != nil {
		return j, fmt.Errorf("update journey %d: %w", id, err)
	}
	return s.find(ctx, id)
}

// Delete removes a draft that nobody has entered.
func (s *Service) Delete(ctx context.Context, id int64) error {
	if err := auth.Check(ctx, "campaign:delete"); err != nil {
		return err
	}
	j, err := s.store.find(ctx, id)
	if err != nil {
		return err
	}
	if j.Number != 0 {
		return fault.New(fault.Conflict, "campaign.journey_published", "People have been led through the journey; end it instead, its history stays.")
	}
	return s.db.Within(ctx, func(ctx context.Context) error {
		if err := s.store.delete(ctx, id); err != nil {
			return err
		}
		return s.note(ctx, "campaign.journey_deleted", j)
	})
}

// EachEntered emits everybody who came in with the moment of the first time in
// Unix microseconds, control included, and with whom they are one now: who was
// drawn as control by one record and led by another counts as they came first.
func (s *Service) EachEntered(ctx context.Context, id int64, emit func(customerID int64, isControl bool, enteredAt int64) error) error {
	if err := auth.Check(ctx, "campaign:read"); err != nil {
		return err
	}
	if _, err := s.store.find(ctx, id); err != nil {
		return err
	}
	return s.store.eachEntered(ctx, id, emit)
}

// Currency is what journeys are kept in.
func (s *Service) Currency() string { return s.options.Currency }

// ListRuns returns the latest runs of a journey, or of one customer when customerID is not 0.
func (s *Service) ListRuns(ctx context.Context, journeyID, customerID int64, step string, limit int) ([]Run, error) {
	if err := auth.Check(ctx, "campaign:read"); err != nil {
		return nil, err
	}
	list, err := s.store.listRuns(ctx, journeyID, customerID, step, limit)
	if err != nil {
		return nil, err
	}
	graphs := map[[2]int64]*Graph{}
	for i := range list {
		r := &list[i]
		key := [2]int64{r.JourneyID, r.Number}
		if graphs[key] == nil {
			v, err := s.store.findVersion(ctx, r.JourneyID, r.Number)
			if err != nil {
				return nil, err
			}
			graphs[key] = &v.graph
		}
		for n := range r.Visits {
			if step := graphs[key].step(r.Visits[n].Step); step != nil {
				r.Visits[n].Title = step.title()
			}
		}
		if !auth.CanSeeClear(ctx) {
			r.Name = dataquality.MaskName(r.Name)
		}
	}
	if !auth.CanSeeClear(ctx) || len(list) == 0 {
		return list, nil
	}
	ids := make([]int64, 0, len(list))
	for _, r := range list {
		ids = append(ids, r.CustomerID)
	}
	person := auth.From(ctx)
	return list, s.journal.LogAccess(ctx, journal.AccessEntry{
		Work: "campaign.journey_runs", Purpose: person.UnmaskPurpose, IP: person.Address, SubjectKind: "customer", SubjectIDs: ids,
	})
}

// publishNews tells open pages where people stand.
func (s *Service) publishNews(ctx context.Context, id int64) {
	if j, err := s.find(ctx, id); err == nil {
		s.options.Publish(fmt.Sprintf("journey:%d", id), j)
	}
}
