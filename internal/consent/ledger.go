// SPDX-License-Identifier: Apache-2.0

package consent

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"dangol/internal/customer"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
)

// Overview is what the page of a customer shows: what holds now and the ledger.
type Overview struct {
	States []State   `json:"states"`
	Items  []Consent `json:"items"`
}

// Overview returns the states and the ledger of a customer, or fault.NotFound
// when the customer is outside the person's rows.
func (s *Service) Overview(ctx context.Context, customerID int64) (Overview, error) {
	if err := auth.Check(ctx, "consent:read"); err != nil {
		return Overview{}, err
	}
	if err := s.store.checkVisible(ctx, customerID); err != nil {
		return Overview{}, err
	}
	ledger, err := s.store.ledger(ctx, []int64{customerID})
	if err != nil {
		return Overview{}, err
	}
	items := ledger[customerID]
	if err := s.store.addNotices(ctx, items); err != nil {
		return Overview{}, err
	}
	overview := Overview{States: States(items), Items: slices.Clone(items)} // the states point into items
	slices.Reverse(overview.Items)
	return overview, nil
}

// States projects a ledger to every combination that it speaks of.
func States(ledger []Consent) []State {
	type key struct {
		sender  string
		purpose Purpose
		channel Channel
		night   bool
	}
	var list []State
	seen := map[key]bool{}
	for i := range ledger {
		c := &ledger[i]
		spoken := []Channel{c.Channel.Base()}
		if c.Channel == All {
			spoken = []Channel{Email, SMS, Push, Kakao, Call, Fax, Post}
		}
		for _, channel := range spoken {
			k := key{c.Sender, c.Purpose, channel, c.IsNight}
			if !seen[k] {
				seen[k] = true
				list = append(list, Project(ledger, k.sender, k.purpose, k.channel, k.night))
			}
		}
	}
	return list
}

// Advertising answers for customers which channels they granted to the company
// for advertising, for lists and segments; claimed consent does not count.
func (s *Service) Advertising(ctx context.Context, customerIDs []int64) (map[int64][]Channel, error) {
	ledgers, err := s.store.ledger(ctx, customerIDs)
	if err != nil {
		return nil, err
	}
	granted := make(map[int64][]Channel, len(ledgers))
	for id, ledger := range ledgers {
		for _, state := range States(ledger) {
			if state.Sender == DefaultSender && state.Purpose == Advertising && !state.IsNight && state.IsGranted() {
				granted[id] = append(granted[id], state.Channel)
			}
		}
	}
	return granted, nil
}

// Due is a notice that has to be given.
type Due struct {
	Kind       NoticeKind `json:"kind"`
	DueOn      string     `json:"due_on" doc:"Last day."`
	IsOverdue  bool       `json:"is_overdue"`
	ConsentID  int64      `json:"consent_id"`
	CustomerID int64      `json:"customer_id"`
	Channel    Channel    `json:"channel"`
	Action     Action     `json:"action"`
	At         time.Time  `json:"at"`
}

// confirmAhead is how early confirmations are listed (rulebook L-AD-20 notes: 30 days).
const confirmAhead = 30

// ListDue returns result notices and confirmations that are due, soonest first;
// at most limit of each kind.
func (s *Service) ListDue(ctx context.Context, limit int) ([]Due, error) {
	if err := auth.Check(ctx, "consent:read"); err != nil {
		return nil, err
	}
	now := s.db.Now(ctx)
	law, err := s.Law(ctx, now)
	if err != nil {
		return nil, err
	}
	list, err := s.store.listWithoutResult(ctx, now.AddDate(0, -2, 0), limit)
	if err != nil {
		return nil, err
	}
	var due []Due
	for _, c := range list {
		by := law.ResultNoticeBy(c.At)
		due = append(due, dueOf(ResultNotice, c, by, now))
	}
	more, err := s.listConfirmations(ctx, law, now, limit)
	if err != nil {
		return nil, err
	}
	due = append(due, more...)
	slices.SortStableFunc(due, func(a, b Due) int {
		if a.DueOn < b.DueOn {
			return -1
		}
		if a.DueOn > b.DueOn {
			return 1
		}
		return 0
	})
	return due, nil
}

func dueOf(kind NoticeKind, c Consent, by, now time.Time) Due {
	return Due{
		Kind: kind, DueOn: by.Format(time.DateOnly), IsOverdue: !now.Before(by.AddDate(0, 0, 1)),
		ConsentID: c.ID, CustomerID: c.CustomerID, Channel: c.Channel, Action: c.Action, At: c.At,
	}
}

// listConfirmations finds consents whose period ends soon or has ended unconfirmed.
func (s *Service) listConfirmations(ctx context.Context, law Law, now time.Time, limit int) ([]Due, error) {
	every := law.Period("ad.consent.confirm_every", "P2Y")
	until := Period{-every.Years, -every.Months, confirmAhead + 1 - every.Days}.After(now, s.zone)
	candidates, err := s.store.listGrantsBefore(ctx, until, 20*limit)
	if err != nil {
		return nil, err
	}
	var due []Due
	for _, c := range candidates {
		if len(due) == limit {
			break
		}
		by, isDue, err := s.confirmationDue(ctx, law, c, now)
		if err != nil {
			return nil, err
		}
		if isDue {
			due = append(due, dueOf(BiennialNotice, c, by, now))
		}
	}
	return due, nil
}

func (s *Service) confirmationDue(ctx context.Context, law Law, c Consent, now time.Time) (time.Time, bool, error) {
	ledger, err := s.store.ledger(ctx, []int64{c.CustomerID})
	if err != nil {
		return time.Time{}, false, err
	}
	state := Project(ledger[c.CustomerID], c.Sender, c.Purpose, c.Channel, c.IsNight)
	if !state.IsGranted() || state.Basis.ID != c.ID {
		return time.Time{}, false, nil // withdrawn or granted anew meanwhile
	}
	told, err := s.store.confirmations(ctx, []int64{c.ID})
	if err != nil {
		return time.Time{}, false, err
	}
	confirmed := append(told[c.ID], state.kept...)
	if law.ConfirmOverdue(c.At, now, confirmed) {
		k := 1
		for !now.Before(law.confirmBefore(c.At, k+1)) {
			k++
		}
		return law.ConfirmBy(c.At, k), true, nil
	}
	by := law.NextConfirmation(c.At, now)
	soon := now.AddDate(0, 0, confirmAhead)
	// Overdue at the start of the day after by, unless confirmed until now.
	return by, by.Before(soon) && law.ConfirmOverdue(c.At, by.AddDate(0, 0, 1), confirmed), nil
}

// Notify records that persons were told; the message itself goes by its channel.
func (s *Service) Notify(ctx context.Context, notices []Notice) error {
	if err := auth.Check(ctx, "consent:create"); err != nil {
		return err
	}
	return s.db.Within(ctx, func(ctx context.Context) error {
		for i := range notices {
			if notices[i].At.IsZero() {
				notices[i].At = database.Time(ctx)
			}
			if notices[i].Kind != ResultNotice && notices[i].Kind != BiennialNotice {
				return invalid("kind", notices[i].Kind)
			}
		}
		if err := s.store.insertNotices(ctx, notices, auth.From(ctx).ID); err != nil {
			return err
		}
		ids := make([]int64, 0, len(notices))
		for _, n := range notices {
			ids = append(ids, n.ConsentID)
		}
		return s.journal.Append(ctx, journal.Entry{Capability: "consent", Kind: "consent.notified", SubjectKind: "consent", SubjectIDs: ids})
	})
}

// lawCache keeps the legal parameters, which change a few times a year.
type lawCache struct {
	mu   sync.Mutex
	all  []Parameter
	read time.Time
}

// lawAge is how long parameters are kept before they are read again.
const lawAge = time.Minute

// Law returns the figures of the law that hold at t.
func (s *Service) Law(ctx context.Context, t time.Time) (Law, error) {
	s.law.mu.Lock()
	defer s.law.mu.Unlock()
	if s.law.all == nil || time.Since(s.law.read) > lawAge {
		all, err := s.store.listParameters(ctx)
		if err != nil {
			return Law{}, err
		}
		s.law.all, s.law.read = all, time.Now()
	}
	return LawOn(s.law.all, t, s.zone), nil
}

// ListParameters returns all legal parameters with their days.
func (s *Service) ListParameters(ctx context.Context) ([]Parameter, error) {
	if err := auth.Check(ctx, "consent:read"); err != nil {
		return nil, err
	}
	return s.store.listParameters(ctx)
}

// policySetting is the name of the company's policy in the settings.
const policySetting = "consent.policy"

// DefaultPolicy is what a company has that decided nothing: no exemptions, and
// at most seven advertising messages a week by one channel.
var DefaultPolicy = Policy{MaxContacts: 7, PerDays: 7}

// Policy returns what the company decided.
func (s *Service) Policy(ctx context.Context) (Policy, error) {
	text, err := s.store.setting(ctx, policySetting)
	if err != nil || text == "" {
		return DefaultPolicy, err
	}
	var p Policy
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		return Policy{}, fmt.Errorf("read consent policy: %w", err)
	}
	return p, nil
}

// SetPolicy changes what the company decided.
func (s *Service) SetPolicy(ctx context.Context, p Policy) error {
	if err := auth.Check(ctx, "consent:admin"); err != nil {
		return err
	}
	before, err := s.Policy(ctx)
	if err != nil {
		return err
	}
	return s.db.Within(ctx, func(ctx context.Context) error {
		text, err := json.Marshal(p)
		if err != nil {
			return err
		}
		if err := s.store.saveSetting(ctx, policySetting, string(text)); err != nil {
			return err
		}
		old, _ := json.Marshal(before)
		database.AfterCommit(ctx, s.startEpoch)
		return s.journal.Append(ctx, journal.Entry{Capability: "consent", Kind: "consent.policy_changed", SubjectKind: "setting", Before: old, After: text})
	})
}

// FindSender returns a sender by its code, or fault.NotFound.
func (s *Service) FindSender(ctx context.Context, code string) (Sender, error) {
	list, err := s.store.listSenders(ctx)
	if err != nil {
		return Sender{}, err
	}
	for _, sender := range list {
		if sender.Code == code {
			return sender, nil
		}
	}
	return Sender{}, fault.New(fault.NotFound, "consent.no_sender", "There is no sender \"{code}\".", "code", code)
}

// ListSenders returns the senders.
func (s *Service) ListSenders(ctx context.Context) ([]Sender, error) {
	if err := auth.Check(ctx, "consent:read"); err != nil {
		return nil, err
	}
	return s.store.listSenders(ctx)
}

// SaveSender changes a sender, or adds one with a new code.
func (s *Service) SaveSender(ctx context.Context, sender Sender) (Sender, error) {
	if err := auth.Check(ctx, "consent:admin"); err != nil {
		return sender, err
	}
	if sender.Code == "" || len(sender.Code) > 40 || sender.Name == "" {
		return sender, fault.New(fault.Invalid, "consent.bad_sender", "A sender needs a short code and a name.")
	}
	err := s.db.Within(ctx, func(ctx context.Context) error {
		if err := s.store.saveSender(ctx, &sender); err != nil {
			return err
		}
		after, _ := json.Marshal(sender)
		return s.journal.Append(ctx, journal.Entry{Capability: "consent", Kind: "consent.sender_saved", SubjectKind: "sender", SubjectIDs: []int64{sender.ID}, After: after})
	})
	return sender, err
}

// ListSuppressions returns a page of barred addresses, newest first; address narrows to one.
func (s *Service) ListSuppressions(ctx context.Context, address, cursor string, limit int) ([]Suppression, string, error) {
	if err := auth.Check(ctx, "consent:read"); err != nil {
		return nil, "", err
	}
	return s.store.listSuppressions(ctx, address, cursor, limit)
}

// TimelineName says whose events these are.
func (s *Service) TimelineName() string { return "consent" }

// Timeline returns the ledger entries of a customer's records, newest first.
func (s *Service) Timeline(ctx context.Context, subject customer.Subject, before customer.Position, limit int) ([]customer.TimelineItem, error) {
	if len(subject.RecordIDs) == 0 {
		return nil, nil
	}
	list, err := s.store.ledgerOfRecords(ctx, subject.RecordIDs)
	if err != nil {
		return nil, err
	}
	items := make([]customer.TimelineItem, 0, len(list))
	for _, c := range list {
		item := customer.TimelineItem{
			At: c.At, Capability: "consent", Kind: "consent." + string(c.Action), ID: c.ID, RecordID: c.RecordID,
			Title: string(c.Channel), Actor: c.Actor,
			Detail: map[string]any{"channel": c.Channel, "purpose": c.Purpose, "is_night": c.IsNight, "method": c.Method, "is_claimed": c.IsClaimed, "sender": c.Sender},
		}
		if before.Passed(item) {
			items = append(items, item)
		}
	}
	slices.SortFunc(items, func(a, b customer.TimelineItem) int {
		if order := b.At.Compare(a.At); order != 0 {
			return order
		}
		if a.Kind != b.Kind {
			if a.Kind < b.Kind {
				return -1
			}
			return 1
		}
		return int(b.ID - a.ID)
	})
	return items[:min(len(items), limit)], nil
}
