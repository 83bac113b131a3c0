// SPDX-License-Identifier: Apache-2.0

package consent

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
)

// Suppress bars an address.
func (s *Service) Suppress(ctx context.Context, bar Suppression) (Suppression, error) {
	if err := auth.Check(ctx, "consent:suppress"); err != nil {
		return bar, err
	}
	switch bar.Kind {
	case HardBounce, Complaint, DoNotContact, Refused, Suspended:
	default:
		return bar, invalid("kind", bar.Kind)
	}
	if bar.Address = strings.ToLower(strings.TrimSpace(bar.Address)); bar.Address == "" {
		return bar, fault.New(fault.Invalid, "consent.no_address", "Which address should be barred?")
	}
	err := s.db.Within(ctx, func(ctx context.Context) error {
		bar.At = database.Time(ctx)
		if err := s.store.insertSuppression(ctx, &bar); err != nil {
			return err
		}
		database.AfterCommit(ctx, s.startEpoch)
		return s.journalBar(ctx, "consent.suppressed", bar)
	})
	return bar, err
}

func (s *Service) journalBar(ctx context.Context, kind string, bar Suppression) error {
	// The address is personal: without a record whose key seals it, only the id is kept.
	after, err := json.Marshal(map[string]any{"id": bar.ID, "kind": bar.Kind, "channel": bar.Channel})
	if err != nil {
		return fmt.Errorf("journal suppression: %w", err)
	}
	return s.journal.Append(ctx, journal.Entry{
		Capability: "consent", Kind: kind, SubjectKind: "suppression", SubjectIDs: []int64{bar.ID}, After: after,
	})
}

const (
	// softBounces in softBounceDays suspend an address (L-EM-6).
	softBounces    = 3
	softBounceDays = 30
)

// Bounced notes that an address did not take a message: hard bars it at once,
// soft ones suspend it when they repeat.
func (s *Service) Bounced(ctx context.Context, channel Channel, address string, hard bool, note string, recordID, campaignID int64) error {
	return s.db.Within(ctx, func(ctx context.Context) error {
		now := database.Time(ctx)
		bar := Suppression{
			Channel: channel, Address: strings.ToLower(address), Kind: SoftBounce, At: now, Note: note,
			RecordID: recordID, CampaignID: campaignID,
		}
		if hard {
			bar.Kind = HardBounce
		}
		if err := s.store.insertSuppression(ctx, &bar); err != nil {
			return err
		}
		if !hard {
			count, err := s.store.countBounces(ctx, channel, bar.Address, now.AddDate(0, 0, -softBounceDays))
			if err != nil || count < softBounces {
				return err
			}
			bar.Kind = Suspended
			if err := s.store.insertSuppression(ctx, &bar); err != nil {
				return err
			}
		}
		database.AfterCommit(ctx, s.startEpoch)
		return nil
	})
}

// EndSuppression lifts a bar. A refusal cannot be lifted by staff: only a new
// consent of the person ends it (L-AD-2).
func (s *Service) EndSuppression(ctx context.Context, id int64) error {
	if err := auth.Check(ctx, "consent:suppress"); err != nil {
		return err
	}
	return s.db.Within(ctx, func(ctx context.Context) error {
		bar, err := s.store.findSuppression(ctx, id)
		if err != nil {
			return err
		}
		if bar.Kind == Refused || bar.Kind == Complaint {
			return fault.New(fault.Conflict, "consent.refusal_stays", "The person refused; record a new consent of theirs instead.")
		}
		if err := s.store.endSuppression(ctx, id, database.Time(ctx)); err != nil {
			return err
		}
		return s.journalBar(ctx, "consent.unsuppressed", bar)
	})
}
