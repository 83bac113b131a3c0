// SPDX-License-Identifier: Apache-2.0

package performance

import (
	"context"
	"testing"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/database/databasetest"
	"dangol/internal/platform/fault"
)

// TestResultOfAJourney watches everybody for ten days from the own entry on:
// purchases before and after, and people whose ten days are not over, count for nothing.
func TestResultOfAJourney(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	db := databasetest.SQLite(t, database.Options{Clock: func() time.Time { return now }})
	staged := stage(8500, 0, 1700, 0)
	s := serve(t, db, staged)
	s.UseJourneys(staged)
	s.purchases = perPerson{staged, func(id int64, entry time.Time) []time.Time {
		switch {
		case id >= 1_000_000 && id%10 == 0: // one in ten of the control group, on the last day that counts
			return []time.Time{entry.AddDate(0, 0, 10).Add(-time.Minute)}
		case id < 1_000_000 && id%5 == 0:
			return []time.Time{entry, entry.AddDate(0, 0, 3)}
		}
		return []time.Time{entry.Add(-time.Hour), entry.AddDate(0, 0, 10)}
	}}
	ctx := auth.System(context.Background(), "test")
	r, err := s.JourneyResult(ctx, 1, 10)
	if err != nil {
		t.Fatal(err)
	}
	var led, control, ledBuyers, controlBuyers, open int64
	for id := range staged.arms {
		switch {
		case staged.entry(id).AddDate(0, 0, 10).After(now):
			open++
		case id >= 1_000_000:
			control++
			if id%10 == 0 {
				controlBuyers++
			}
		default:
			led++
			if id%5 == 0 {
				ledBuyers++
			}
		}
	}
	if open == 0 || r.Open != open || r.Treatment.People != led || r.Control.People != control {
		t.Errorf("%d and %d people, %d open; expected %d, %d and %d", r.Treatment.People, r.Control.People, r.Open, led, control, open)
	}
	if r.Treatment.Buyers != ledBuyers || r.Control.Buyers != controlBuyers || r.Treatment.Orders != 2*ledBuyers {
		t.Errorf("%d and %d buyers, expected %d and %d", r.Treatment.Buyers, r.Control.Buyers, ledBuyers, controlBuyers)
	}
	if r.Verdict != EffectPositive || r.Window.IsComplete || r.Cost.Messages != 8490*2 {
		t.Errorf("verdict %s, window %+v, cost %+v", r.Verdict, r.Window, r.Cost)
	}
	if early, err := s.JourneyResult(ctx, 1, 90); err != nil || early.Verdict != TooFew || early.Open != int64(len(staged.arms)) {
		t.Errorf("nobody has been in for 90 days: %s, %d open, %v", early.Verdict, early.Open, err)
	}
	if _, err := s.JourneyResult(ctx, 1, 0); !fault.Is(err, fault.Invalid) {
		t.Errorf("no days at all gave %v", err)
	}
}

// perPerson lets each person buy at moments of their own.
type perPerson struct {
	*staged
	at func(id int64, entry time.Time) []time.Time
}

func (p perPerson) EachPaid(_ context.Context, from, to time.Time, _ string, emit func(int64, int64, int64) error) error {
	for id := range p.arms {
		for _, at := range p.at(id, p.entry(id)) {
			if at.Before(from) || !at.Before(to) {
				continue
			}
			if err := emit(id, at.UnixMicro(), 1000); err != nil {
				return err
			}
		}
	}
	return nil
}
