// SPDX-License-Identifier: Apache-2.0

package dispatch

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"dangol/internal/consent"
	"dangol/internal/mail"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
)

// Gate is what dispatches need of consent.
type Gate interface {
	Permits(ctx context.Context, m consent.Message, asks []consent.Ask) ([]consent.Answer, error)
	Bounced(ctx context.Context, channel consent.Channel, address string, hard bool, note string, recordID, campaignID int64) error
	Withdraw(ctx context.Context, r consent.Refusal) (bool, error)
	PermitTest(ctx context.Context, channel consent.Channel, address string) (consent.Permit, error)
}

// Letters is what dispatches need of mail.
type Letters interface {
	TemplateOf(ctx context.Context, id int64) (mail.Template, error)
	FindVersion(ctx context.Context, templateID, versionID int64) (mail.Template, error)
	Compile(ctx context.Context, t mail.Template, campaignID int64, campaign string, track func([]string) ([]int64, error)) (*mail.Letter, error)
	Profiles(ctx context.Context, customerIDs []int64, names []string) (map[int64]mail.Profile, error)
	Keys(ctx context.Context) (*mail.Keys, error)
	Transport() mail.Transport
	AttachedFiles(ctx context.Context, ids []int64, mailID int64) ([]mail.File, error)
}

// People finds or makes the source record of somebody who is reached at an address; app connects it.
type People interface {
	EnsureContact(ctx context.Context, address, name string) (recordID int64, err error)
}

// Service keeps the ledger of single mails and sends them.
type Service struct {
	store   *store
	db      *database.DB
	journal *journal.Journal
	gate    Gate
	letters Letters
	people  People
	orders  Orders
	wake    chan struct{}
	publish func(topic string, data any)
	sent    func(ctx context.Context, origin string) error
	inbox   Inbox
}

// New makes the service.
func New(db *database.DB, j *journal.Journal, gate Gate, letters Letters, people People, orders Orders) *Service {
	return &Service{
		store: &store{db: db}, db: db, journal: j, gate: gate, letters: letters, people: people, orders: orders,
		wake: make(chan struct{}, 1), publish: func(string, any) {},
	}
}

// UseHub connects the live stream.
func (s *Service) UseHub(publish func(topic string, data any)) { s.publish = publish }

// UseSent connects who wants to know, by its origin, that a mail was handed over; it
// is called in the transaction that says so.
func (s *Service) UseSent(sent func(ctx context.Context, origin string) error) { s.sent = sent }

// Send takes an order of the API: it is written down, and the lane sends it at
// once. The same key gives the dispatch there is; with other content it is a conflict.
func (s *Service) Send(ctx context.Context, o Order) (Dispatch, bool, error) {
	if err := auth.Check(ctx, "mail:send"); err != nil {
		return Dispatch{}, false, err
	}
	o.Kind = ByAPI
	return s.Add(ctx, o)
}

// Add writes an order into the ledger, in the transaction of ctx when there is one.
func (s *Service) Add(ctx context.Context, o Order) (Dispatch, bool, error) {
	if err := o.check(); err != nil {
		return Dispatch{}, false, err
	}
	given, err := flatten(o.Values)
	if err != nil {
		return Dispatch{}, false, err
	}
	mark, err := o.fingerprint(given)
	if err != nil {
		return Dispatch{}, false, err
	}
	if known, found, err := s.known(ctx, o.Key, mark); err != nil || found {
		return known, false, err
	}
	d := Dispatch{Key: o.Key, Kind: o.Kind, Origin: o.Origin, fingerprint: mark, State: Planned, thread: o.thread}
	isNew := false
	err = s.db.Within(ctx, func(ctx context.Context) error {
		if err := s.address(ctx, &d, o); err != nil {
			return err
		}
		if err := s.fill(ctx, &d, o, given); err != nil {
			return err
		}
		var err error
		if isNew, err = s.store.insert(ctx, &d); err != nil || !isNew {
			return err
		}
		database.AfterCommit(ctx, s.wakeUp)
		return s.note(ctx, "mail.dispatch_planned", d)
	})
	if err != nil {
		return Dispatch{}, false, fmt.Errorf("order a mail: %w", err)
	}
	if !isNew { // somebody else used the key at the same moment
		known, _, err := s.known(ctx, o.Key, mark)
		return known, false, err
	}
	found, err := s.store.find(ctx, d.ID)
	return s.shown(ctx, found), true, err
}

// known finds the dispatch of a key.
func (s *Service) known(ctx context.Context, key, mark string) (Dispatch, bool, error) {
	d, err := s.store.findKey(ctx, key)
	switch {
	case fault.Is(err, fault.NotFound):
		return d, false, nil
	case err != nil:
		return d, false, err
	case d.fingerprint != mark:
		return d, false, fault.New(fault.Conflict, "mail.key_taken", "The key {key} was used for another mail; take a new key.", "key", key)
	}
	return s.shown(ctx, d), true, nil
}

func (s *Service) shown(ctx context.Context, d Dispatch) Dispatch {
	if !auth.CanSeeClear(ctx) {
		d.mask()
	}
	return d
}

// address finds to whom the mail goes.
func (s *Service) address(ctx context.Context, d *Dispatch, o Order) error {
	d.Address, d.recordID = strings.TrimSpace(o.To), o.RecordID
	switch {
	case o.CustomerID != 0:
		record, email, err := s.store.person(ctx, o.CustomerID)
		if err != nil {
			return err
		}
		if d.recordID == 0 {
			d.recordID = record
		}
		if d.Address == "" {
			d.Address = email
		}
	case d.recordID == 0 && o.Kind == Forward && s.isStaff(ctx, d.Address):
		// A colleague is no customer: the mail attaches to nobody's record.
	case d.recordID == 0:
		var err error
		if d.recordID, err = s.people.EnsureContact(ctx, d.Address, o.Name); err != nil {
			return err
		}
	}
	if d.Address == "" {
		return fault.New(fault.Invalid, "mail.no_address", "Customer {id} has no e-mail address.", "id", o.CustomerID)
	}
	return nil
}

// isStaff reports whether the gate knows the address as a colleague's.
func (s *Service) isStaff(ctx context.Context, address string) bool {
	_, err := s.gate.PermitTest(ctx, consent.Email, address)
	return err == nil
}

// fill pins the version and refuses an order whose template lacks values.
func (s *Service) fill(ctx context.Context, d *Dispatch, o Order, given map[string]string) error {
	text, err := json.Marshal(given)
	if err != nil {
		return err
	}
	d.given, d.DueAt = string(text), database.Time(ctx)
	if o.NotBefore != nil && o.NotBefore.After(d.DueAt) {
		d.DueAt = o.NotBefore.UTC()
	}
	if o.Content != nil {
		content, err := json.Marshal(o.Content)
		d.content, d.Subject, d.mailID = string(content), mail.Plain(o.Content.Subject), o.Content.MailID
		return err
	}
	t, err := s.letters.TemplateOf(ctx, o.TemplateID)
	if err != nil {
		return err
	}
	// What a trigger ordered is kept: the gate holds it back with a reason that the ledger shows.
	if t.Class == consent.Informational && t.ApprovedAt == nil && o.Kind == ByAPI {
		return fault.New(fault.Conflict, "mail.not_approved", "The template {name} is not approved yet.", "name", t.Name)
	}
	d.TemplateID, d.versionID, d.Subject = t.ID, t.Latest.ID, t.Latest.Subject
	letter, err := s.letters.Compile(ctx, t, 0, t.Name, nil)
	if err != nil {
		return err
	}
	profile, err := s.profile(ctx, d, letter)
	if err != nil {
		return err
	}
	if missing := letter.MissingFor(profile); letter.SkipsMissing() && len(missing) > 0 && o.Kind == ByAPI {
		return fault.New(fault.Invalid, "mail.missing_values", "The template needs values of: {fields}.", "fields", strings.Join(missing, ", "))
	}
	return nil
}

// profile joins what is known of the customer with what the order gave.
func (s *Service) profile(ctx context.Context, d *Dispatch, letter *mail.Letter) (mail.Profile, error) {
	customerID, err := s.store.customerOf(ctx, d.recordID)
	if err != nil {
		return nil, err
	}
	profiles, err := s.letters.Profiles(ctx, []int64{customerID}, letter.Fields())
	if err != nil {
		return nil, err
	}
	all := mail.Profile{}
	for name, text := range profiles[customerID] {
		all[name] = text
	}
	var given map[string]string
	if err := json.Unmarshal([]byte(d.given), &given); err != nil {
		return nil, fmt.Errorf("values of dispatch %d: %w", d.ID, err)
	}
	for name, text := range given {
		all[name] = text
	}
	return all, nil
}

// note journals what happened to a dispatch; values are sealed with the record's key.
func (s *Service) note(ctx context.Context, kind string, d Dispatch) error {
	after, err := json.Marshal(map[string]any{
		"dispatch_id": d.ID, "kind": d.Kind, "template_id": d.TemplateID, "state": d.State, "reason": d.Reason, "code": d.Code,
	})
	if err != nil {
		return err
	}
	customerID, err := s.store.customerOf(ctx, d.recordID)
	if err != nil || customerID == 0 {
		return err // erased meanwhile
	}
	return s.journal.Append(ctx, journal.Entry{
		Capability: "mail", Kind: kind, SubjectKind: "customer", SubjectIDs: []int64{customerID}, RecordID: d.recordID, After: after,
	})
}

func (s *Service) wakeUp() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// List returns a page of the ledger, newest first, masked unless a purpose was stated.
func (s *Service) List(ctx context.Context, f Filter) ([]Dispatch, string, error) {
	if err := auth.Check(ctx, "mail:read"); err != nil {
		return nil, "", err
	}
	list, next, err := s.store.list(ctx, f)
	if err != nil {
		return nil, "", err
	}
	return list, next, s.reveal(ctx, "mail.dispatches", list)
}

// reveal masks dispatches, or writes down whose data was shown.
func (s *Service) reveal(ctx context.Context, work string, list []Dispatch) error {
	person, subjects := auth.From(ctx), []int64{}
	for i := range list {
		if !auth.CanSeeClear(ctx) {
			list[i].mask()
		} else if list[i].CustomerID != 0 {
			subjects = append(subjects, list[i].CustomerID)
		}
	}
	if len(subjects) == 0 || person.IsSystem {
		return nil
	}
	return s.journal.LogAccess(ctx, journal.AccessEntry{
		Work: work, Purpose: person.UnmaskPurpose, IP: person.Address, SubjectKind: "customer", SubjectIDs: subjects,
	})
}

// Find returns a dispatch, or fault.NotFound.
func (s *Service) Find(ctx context.Context, id int64) (Dispatch, error) {
	if err := auth.Check(ctx, "mail:read"); err != nil {
		return Dispatch{}, err
	}
	d, err := s.store.find(ctx, id)
	if err != nil {
		return d, err
	}
	list := []Dispatch{d}
	err = s.reveal(ctx, "mail.dispatch", list)
	return list[0], err
}

// Decide settles what a person decided: an unknown, failed or skipped mail is tried
// again (the gate is asked anew) or left, a planned one is cancelled.
func (s *Service) Decide(ctx context.Context, id int64, again bool) (Dispatch, error) {
	if err := auth.Check(ctx, "mail:send"); err != nil {
		return Dispatch{}, err
	}
	d, err := s.store.find(ctx, id)
	if err != nil {
		return d, err
	}
	to, from := Cancelled, []State{Planned}
	if again {
		to, from = Planned, []State{Unknown, Failed, Skipped}
	} else if d.State == Unknown {
		to, from = HandedOver, []State{Unknown}
	}
	err = s.db.Within(ctx, func(ctx context.Context) error {
		isDone, err := s.store.decide(ctx, id, to, from, database.Time(ctx))
		if err != nil {
			return err
		}
		if !isDone {
			return fault.New(fault.Conflict, "mail.not_now", "The mail has gone on meanwhile; look at it again.")
		}
		d.State = to
		database.AfterCommit(ctx, s.wakeUp)
		return s.note(ctx, "mail.dispatch_decided", d)
	})
	if err != nil {
		return d, err
	}
	return s.Find(ctx, id)
}

// pauses between attempts, the last one repeats; attemptsMost of them stretch over two days.
var pauses = []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 4 * time.Hour}

const attemptsMost = 16

func pauseAfter(attempts int64) time.Duration { return pauses[min(int(attempts), len(pauses)-1)] }

// CountSince counts the advertising mails that customers got since a moment, for the frequency cap.
func (s *Service) CountSince(ctx context.Context, customerIDs []int64, since time.Time) (map[int64]int, error) {
	return s.store.countSince(ctx, customerIDs, since)
}
