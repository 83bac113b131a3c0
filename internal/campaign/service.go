// SPDX-License-Identifier: Apache-2.0

package campaign

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"sync"
	"time"

	"dangol/internal/consent"
	"dangol/internal/mail"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/job"
	"dangol/internal/platform/journal"
	"dangol/internal/segment"
)

// Recipients answers the members of a segment; segment.Service implements it.
type Recipients interface {
	// EachMember emits the ids of the members that whoever acts in ctx may see.
	EachMember(ctx context.Context, segmentID int64, fn func(ids []int64) error) (segment.AsOf, error)
}

// Gate is the send gate; consent.Service implements it.
type Gate interface {
	Permits(ctx context.Context, m consent.Message, asks []consent.Ask) ([]consent.Answer, error)
	Withdraw(ctx context.Context, r consent.Refusal) (already bool, err error)
	Bounced(ctx context.Context, channel consent.Channel, address string, hard bool, note string, recordID, campaignID int64) error
	FindSender(ctx context.Context, code string) (consent.Sender, error)
}

// Letters makes letters and hands them over; mail.Service implements it.
type Letters interface {
	Find(ctx context.Context, id int64) (mail.Template, error)
	FindVersion(ctx context.Context, templateID, versionID int64) (mail.Template, error)
	Compile(ctx context.Context, t mail.Template, campaignID int64, campaign string, track func([]string) ([]int64, error)) (*mail.Letter, error)
	Profiles(ctx context.Context, customerIDs []int64, names []string) (map[int64]mail.Profile, error)
	Transport() mail.Transport
	Keys(ctx context.Context) (*mail.Keys, error)
}

// Options are the settings of the service.
type Options struct {
	Data     string // data directory, for logbooks
	Currency string // the company's; "" is KRW
	Workers  int    // connections at once; 0 is 4
	// Publish passes progress to open pages; nil passes none.
	Publish func(topic string, data any)
}

// Service keeps campaigns and runs them.
type Service struct {
	store      *store
	db         *database.DB
	journal    *journal.Journal
	queue      *job.Queue
	recipients Recipients
	gate       Gate
	letters    Letters
	options    Options
	// fresh waits until segments are answered from everything written so far; nil does not.
	fresh func(ctx context.Context) error
	// purchases is for forecasts; nil knows of none.
	purchases Purchases

	mu      sync.Mutex
	running map[int64]context.CancelCauseFunc
}

// New makes the service.
func New(db *database.DB, j *journal.Journal, queue *job.Queue, recipients Recipients, gate Gate, letters Letters, options Options) *Service {
	if options.Currency == "" {
		options.Currency = "KRW"
	}
	if options.Workers <= 0 {
		options.Workers = 4
	}
	if options.Publish == nil {
		options.Publish = func(string, any) {}
	}
	return &Service{
		store: &store{db: db}, db: db, journal: j, queue: queue, recipients: recipients, gate: gate, letters: letters,
		options: options, running: map[int64]context.CancelCauseFunc{},
	}
}

// UseFresh connects who waits until segments know everything written so far.
func (s *Service) UseFresh(fresh func(ctx context.Context) error) { s.fresh = fresh }

// UseRecipients connects who knows the members of segments.
func (s *Service) UseRecipients(recipients Recipients) { s.recipients = recipients }

// UseHub connects the live stream.
func (s *Service) UseHub(publish func(topic string, data any)) { s.options.Publish = publish }

func (s *Service) logbooks() string { return filepath.Join(s.options.Data, "logbooks") }

// Create makes a campaign as a draft.
func (s *Service) Create(ctx context.Context, content Content) (Campaign, error) {
	if err := auth.Check(ctx, "campaign:create"); err != nil {
		return Campaign{}, err
	}
	c := Campaign{
		State: Draft, ControlShare: defaultControl, WindowDays: defaultWindow, MarginShare: defaultMargin,
		Currency: s.options.Currency, IsTracked: true, PersonID: auth.From(ctx).ID,
	}
	if err := c.change(content); err != nil {
		return c, err
	}
	if _, err := s.letters.Find(ctx, c.TemplateID); err != nil {
		return c, err
	}
	err := s.db.Within(ctx, func(ctx context.Context) error {
		if err := s.store.insert(ctx, &c); err != nil {
			return err
		}
		return s.note(ctx, "campaign.created", c)
	})
	if err != nil {
		return c, fmt.Errorf("create campaign: %w", err)
	}
	return s.store.find(ctx, c.ID)
}

// note writes the journal entry of a campaign; nothing in it is personal.
func (s *Service) note(ctx context.Context, kind string, c Campaign) error {
	after, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("journal %s: %w", kind, err)
	}
	return s.journal.Append(ctx, journal.Entry{Capability: "campaign", Kind: kind, SubjectKind: "campaign", SubjectIDs: []int64{c.ID}, After: after})
}

// Find returns a campaign, or fault.NotFound.
func (s *Service) Find(ctx context.Context, id int64) (Campaign, error) {
	if err := auth.Check(ctx, "campaign:read"); err != nil {
		return Campaign{}, err
	}
	c, err := s.store.find(ctx, id)
	if err != nil {
		return c, err
	}
	one := []Campaign{c}
	err = s.judgeApproval(ctx, one)
	return one[0], err
}

// List returns a page of campaigns, the newest first; an empty state means all.
func (s *Service) List(ctx context.Context, state State, cursor string, limit int) ([]Campaign, string, error) {
	if err := auth.Check(ctx, "campaign:read"); err != nil {
		return nil, "", err
	}
	return s.store.list(ctx, state, cursor, limit)
}

// Update changes a campaign; what planning has fixed stays.
func (s *Service) Update(ctx context.Context, id, version int64, content Content) (Campaign, error) {
	if err := auth.Check(ctx, "campaign:update"); err != nil {
		return Campaign{}, err
	}
	c, err := s.store.find(ctx, id)
	if err != nil {
		return c, err
	}
	if err := c.change(content); err != nil {
		return c, err
	}
	err = s.db.Within(ctx, func(ctx context.Context) error {
		if err := s.store.save(ctx, c, version); err != nil {
			return err
		}
		return s.note(ctx, "campaign.updated", c)
	})
	if err != nil {
		return c, fmt.Errorf("update campaign %d: %w", id, err)
	}
	return s.store.find(ctx, id)
}

// Delete takes a campaign that does not run out of the lists; the ledger stays.
func (s *Service) Delete(ctx context.Context, id int64) error {
	if err := auth.Check(ctx, "campaign:delete"); err != nil {
		return err
	}
	c, err := s.store.find(ctx, id)
	if err != nil {
		return err
	}
	if c.State == Running || c.State == Planning || c.State == Paused {
		return fault.New(fault.Conflict, "campaign.busy", "The campaign is {state}; cancel it first.", "state", string(c.State))
	}
	return s.db.Within(ctx, func(ctx context.Context) error {
		if err := s.store.archive(ctx, id); err != nil {
			return err
		}
		return s.note(ctx, "campaign.deleted", c)
	})
}

// RecipientFilter narrows a list of recipients; zero values do not narrow.
type RecipientFilter struct {
	State  Step
	Arm    string
	Reason string
	Cursor string
	Limit  int
}

// ListRecipients returns a page of the ledger; personal values are masked
// unless the person may see them, and then the view is logged.
func (s *Service) ListRecipients(ctx context.Context, id int64, f RecipientFilter) ([]Recipient, string, error) {
	if err := auth.Check(ctx, "campaign:read"); err != nil {
		return nil, "", err
	}
	if _, err := s.store.find(ctx, id); err != nil {
		return nil, "", err
	}
	list, next, err := s.store.listRecipients(ctx, id, f)
	if err != nil || len(list) == 0 {
		return list, next, err
	}
	if !auth.CanSeeClear(ctx) {
		for i := range list {
			list[i].mask()
		}
		return list, next, nil
	}
	customers := make([]int64, 0, len(list))
	for _, r := range list {
		customers = append(customers, r.CustomerID)
	}
	person := auth.From(ctx)
	return list, next, s.journal.LogAccess(ctx, journal.AccessEntry{
		Work: "campaign.recipients", Purpose: person.UnmaskPurpose, IP: person.Address, SubjectKind: "customer", SubjectIDs: customers,
	})
}

// ListLinks returns the links of a campaign with their clicks.
func (s *Service) ListLinks(ctx context.Context, id int64) ([]Link, error) {
	if err := auth.Check(ctx, "campaign:read"); err != nil {
		return nil, err
	}
	return s.store.listLinks(ctx, id)
}

// EachAssigned emits the recipients of both arms with whom they belong to now.
func (s *Service) EachAssigned(ctx context.Context, id int64, emit func(a Assigned) error) error {
	return s.store.eachAssigned(ctx, id, emit)
}

// EachTouch emits the messages handed over in a window, of all campaigns, with
// the time in Unix microseconds; attribution asks it.
func (s *Service) EachTouch(ctx context.Context, from, to time.Time, emit func(customerID, campaignID, at int64) error) error {
	return s.store.eachTouch(ctx, from, to, emit)
}

// CountSince counts the messages that customers got since a moment by any channel,
// across campaigns; consent's frequency cap asks it.
func (s *Service) CountSince(ctx context.Context, customerIDs []int64, since time.Time) (map[int64]int, error) {
	return s.store.countSince(ctx, customerIDs, since)
}

// Live is what is published on topic "campaign:<id>".
type Live struct {
	ID     int64   `json:"id"`
	State  State   `json:"state"`
	Note   string  `json:"note,omitempty"`
	Counts Counts  `json:"counts"`
	Rate   float64 `json:"rate" doc:"Messages a second lately."`
}

func (s *Service) publish(ctx context.Context, id int64) {
	c, err := s.store.find(ctx, id)
	if err == nil {
		s.options.Publish(fmt.Sprintf("campaign:%d", id), Live{ID: id, State: c.State, Note: c.Note, Counts: c.Counts})
	}
}
