// SPDX-License-Identifier: Apache-2.0

package consent

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
)

// Options are the settings of the service.
type Options struct {
	Zone *time.Location // the zone of the law; nil is Asia/Seoul
}

// Service keeps the ledger and is the send gate.
type Service struct {
	store     *store
	db        *database.DB
	journal   *journal.Journal
	zone      *time.Location
	gate      gateState
	purchases Purchases
	contacts  Contacts
	staff     Staff
	law       lawCache
	links     Links
	letterbox Letterbox
}

// New makes the service.
func New(db *database.DB, j *journal.Journal, options Options) *Service {
	s := &Service{store: &store{db: db}, db: db, journal: j, zone: options.Zone}
	if s.zone == nil {
		s.zone = time.FixedZone("Asia/Seoul", 9*60*60) // no summer time since 1988
	}
	return s
}

// UsePurchases connects who knows finished transactions; without it nobody is exempt from consent.
func (s *Service) UsePurchases(purchases Purchases) { s.purchases = purchases }

// UseContacts connects who counts messages; without it the frequency cap sees none.
func (s *Service) UseContacts(contacts Contacts) { s.contacts = contacts }

// UseStaff connects who knows the staff; without it no test message goes out.
func (s *Service) UseStaff(staff Staff) { s.staff = staff }

// Expression is what staff record of a customer.
type Expression struct {
	CustomerID     int64           `json:"customer_id"`
	Sender         string          `json:"sender,omitempty" doc:"Code of the sender; empty is the company."`
	Purpose        Purpose         `json:"purpose,omitempty" enum:"ad,guardian,call_individual" doc:"Empty is ad."`
	Channel        Channel         `json:"channel" enum:"all,email,sms,push,kakao,call,fax,post"`
	IsNight        bool            `json:"is_night,omitempty"`
	Action         Action          `json:"action" enum:"grant,refuse,withdraw,confirm_keep,confirm_withdraw"`
	At             *time.Time      `json:"at,omitempty" doc:"When the person expressed it; empty is now."`
	Method         Method          `json:"method" enum:"web,app,paper,call,store,mail"`
	Wording        string          `json:"wording,omitempty" doc:"Which text the person agreed to."`
	WordingVersion string          `json:"wording_version,omitempty"`
	Evidence       json.RawMessage `json:"evidence,omitempty"`
}

// Record adds an entry for a customer; it attaches to a record of theirs.
func (s *Service) Record(ctx context.Context, e Expression) (Consent, error) {
	if err := auth.Check(ctx, "consent:create"); err != nil {
		return Consent{}, err
	}
	person := auth.From(ctx)
	c := Consent{
		Sender: e.Sender, Purpose: e.Purpose, Channel: e.Channel, IsNight: e.IsNight, Action: e.Action, Method: e.Method,
		Wording: e.Wording, WordingVersion: e.WordingVersion, Evidence: e.Evidence, ActorID: person.ID, Actor: person.Name,
	}
	if c.Sender == "" {
		c.Sender = DefaultSender
	}
	if c.Purpose == "" {
		c.Purpose = Advertising
	}
	if c.Action == Grant && c.Method == Import {
		return Consent{}, fault.New(fault.Invalid, "consent.bad_method", "Say how the person agreed; an import is no proof.")
	}
	err := s.db.Within(ctx, func(ctx context.Context) error {
		var err error
		if c.RecordID, err = s.store.recordOf(ctx, e.CustomerID); err != nil {
			return err
		}
		c.CustomerID, c.At = e.CustomerID, database.Time(ctx)
		if e.At != nil {
			c.At = e.At.UTC()
		}
		if err := c.Validate(database.Time(ctx)); err != nil {
			return err
		}
		return s.add(ctx, &c)
	})
	return c, err
}

// add writes an entry with its journal entry, and makes permits stale when it says no.
func (s *Service) add(ctx context.Context, c *Consent) error {
	var err error
	if c.ID, err = s.db.NextID(ctx, "consents"); err != nil {
		return err
	}
	if err := s.store.insertConsents(ctx, []Consent{*c}); err != nil {
		return err
	}
	after, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("journal consent: %w", err)
	}
	err = s.journal.Append(ctx, journal.Entry{
		Capability: "consent", Kind: "consent.recorded", SubjectKind: "customer", SubjectIDs: []int64{c.CustomerID},
		RecordID: c.RecordID, After: after,
	})
	if err != nil {
		return err
	}
	if c.Action.Denies() {
		database.AfterCommit(ctx, s.startEpoch)
	}
	return nil
}

func (s *Service) startEpoch() { s.gate.epoch.Add(1) }

// Refusal is a refusal that came by itself: from an unsubscribe page, a
// complaint or a reply.
type Refusal struct {
	RecordID    int64
	Address     string
	Sender      string
	Channel     Channel
	AllChannels bool
	Method      Method
	CampaignID  int64
	Evidence    json.RawMessage
	IsComplaint bool
}

// Withdraw records that the person of a record refuses, and bars the address,
// so that nobody else's record with the same address is written to either. It
// is idempotent: a person who has refused already is left as they are.
func (s *Service) Withdraw(ctx context.Context, r Refusal) (already bool, err error) {
	channel := r.Channel
	if r.AllChannels {
		channel = All
	}
	err = s.db.Within(ctx, func(ctx context.Context) error {
		ledger, customerID, err := s.store.ledgerOfRecord(ctx, r.RecordID)
		if err != nil {
			return err
		}
		if s.hasRefused(ledger, r) {
			already = true
			return nil
		}
		kind := Refused
		if r.IsComplaint {
			kind = Complaint
		}
		bar := Suppression{
			Channel: r.Channel, Address: strings.ToLower(r.Address), Sender: r.Sender, Kind: kind,
			At: database.Time(ctx), RecordID: r.RecordID, CampaignID: r.CampaignID,
		}
		if err := s.store.insertSuppression(ctx, &bar); err != nil {
			return err
		}
		return s.add(ctx, &Consent{
			RecordID: r.RecordID, CustomerID: customerID, Sender: r.Sender, Purpose: Advertising, Channel: channel, Action: Withdraw,
			At: database.Time(ctx), Method: r.Method, Evidence: r.Evidence, CampaignID: r.CampaignID, Actor: "recipient",
		})
	})
	if err != nil {
		return false, fmt.Errorf("withdraw consent: %w", err)
	}
	return already, nil
}

func (s *Service) hasRefused(ledger []Consent, r Refusal) bool {
	if !r.AllChannels {
		return Project(ledger, r.Sender, Advertising, r.Channel, false).IsRefused()
	}
	for _, channel := range channels {
		if channel != All && !Project(ledger, r.Sender, Advertising, channel, false).IsRefused() {
			return false
		}
	}
	return true
}

// Claim is what an import says about a person's consent.
type Claim struct {
	RecordID int64
	Channel  Channel
	IsGrant  bool
	IsNight  bool      // about messages at night
	At       time.Time // zero when the file does not say
	Method   Method    // "" when neither the file nor the person importing says
	Row      int64
}

// RecordClaims adds what the rows of a batch say, in the transaction of ctx. A
// grant without date and method is only claimed and never used (rulebook 4.2);
// a refusal without date counts from its receipt.
func (s *Service) RecordClaims(ctx context.Context, batchID int64, claims []Claim) error {
	if len(claims) == 0 {
		return nil
	}
	ids, err := s.db.NextIDs(ctx, "consents", len(claims))
	if err != nil {
		return err
	}
	now := database.Time(ctx)
	list := make([]Consent, 0, len(claims))
	denies := false
	for i, claim := range claims {
		c := Consent{
			ID: ids[i], RecordID: claim.RecordID, Sender: DefaultSender, Purpose: Advertising, Channel: claim.Channel, IsNight: claim.IsNight,
			Action: Grant, At: claim.At, Method: claim.Method, BatchID: batchID, Row: claim.Row, Actor: "import",
		}
		c.IsClaimed = c.At.IsZero() || c.Method == "" || c.At.After(now)
		if !claim.IsGrant {
			c.Action, c.IsClaimed, denies = Refuse, c.At.IsZero(), true
		}
		if c.At.IsZero() {
			c.At = now
		}
		if c.Method == "" {
			c.Method = Import
		}
		list = append(list, c)
	}
	if denies {
		database.AfterCommit(ctx, s.startEpoch)
	}
	return s.store.insertConsents(ctx, list)
}
