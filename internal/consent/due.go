// SPDX-License-Identifier: Apache-2.0

package consent

import (
	"context"
	"slices"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/journal"
)

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
	IsNight    bool       `json:"is_night"`
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
		ConsentID: c.ID, CustomerID: c.CustomerID, Channel: c.Channel, Action: c.Action, At: c.At, IsNight: c.IsNight,
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
