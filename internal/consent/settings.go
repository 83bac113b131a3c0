// SPDX-License-Identifier: Apache-2.0

package consent

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
)

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
// at most seven messages a week by all channels together.
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
	for _, channel := range p.Channels {
		if channel == All || channel != channel.Base() || !slices.Contains(channels, channel) {
			return invalid("channel", channel)
		}
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
