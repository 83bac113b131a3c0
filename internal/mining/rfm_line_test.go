// SPDX-License-Identifier: Apache-2.0

package mining_test

import (
	"testing"
	"time"

	"dangol/internal/mining"
	"dangol/internal/platform/database"
	"dangol/internal/platform/database/databasetest"
	"dangol/internal/platform/fault"
)

func companyService(db *database.DB, s *company, t *testing.T) *mining.Service {
	t.Helper()
	return mining.New(db, nil, s.open(t), mining.Options{Currency: "KRW", Zone: time.UTC, Clock: func() time.Time { return companyToday }})
}

// Scores of a line count what was bought in it, order by order.
func TestRFMOfALine(t *testing.T) {
	t.Parallel()
	house := newCompany()
	s := companyService(nil, house, t)
	for _, line := range []mining.Line{{By: "department", Value: "식품"}, {By: "channel", Value: "온라인"}} {
		orders, revenue, buyers := map[int64]bool{}, int64(0), map[int64]bool{}
		for _, l := range house.lines {
			if line.By == "channel" && l.channel == line.Value || line.By == "department" && departments[(l.product-1)%2] == line.Value {
				orders[l.order], buyers[l.customer] = true, true
				revenue += l.amount
			}
		}
		got, err := s.RFM(boss(), mining.RFMSettings{PeriodMonths: -1, Line: &line})
		if err != nil {
			t.Fatal(err)
		}
		if got.Revenue != revenue || got.Buyers != int64(len(buyers)) || got.Sums.Frequency != int64(len(orders)) {
			t.Errorf("%+v: revenue %d buyers %d orders %d, should be %d %d %d", line, got.Revenue, got.Buyers, got.Sums.Frequency, revenue, len(buyers), len(orders))
		}
	}
	for _, bad := range []mining.Line{{By: "weather", Value: "x"}, {By: "store"}} {
		if _, err := s.RFM(boss(), mining.RFMSettings{Line: &bad}); !fault.Is(err, fault.Invalid) {
			t.Errorf("%+v is taken: %v", bad, err)
		}
	}
}

// Everybody with a score on one of two days stands once in the matrix.
func TestRFMMovement(t *testing.T) {
	t.Parallel()
	house := newCompany()
	s := companyService(nil, house, t)
	settings := mining.RFMSettings{PeriodMonths: 6}
	got, err := s.RFMMovement(boss(), mining.MovementSettings{RFMSettings: settings, Before: "2026-01-31"})
	if err != nil {
		t.Fatal(err)
	}
	sums := map[string]int64{}
	for from, row := range got.Customers {
		for to, n := range row {
			if from < len(got.Names) {
				sums["before"] += n
			}
			if to < len(got.Names) {
				sums["after"] += n
			}
			sums["all"] += n
		}
	}
	now, err := s.RFM(boss(), settings)
	if err != nil {
		t.Fatal(err)
	}
	settings.At = "2026-01-31"
	before, err := s.RFM(boss(), settings)
	if err != nil {
		t.Fatal(err)
	}
	if sums["after"] != now.Buyers || sums["before"] != before.Buyers || got.Up+got.Down+got.Same+got.Came+got.Left != sums["all"] || got.Came == 0 || got.Up == 0 || got.Down == 0 {
		t.Errorf("%v, up %d down %d same %d came %d left %d; %d and %d have scores", sums, got.Up, got.Down, got.Same, got.Came, got.Left, before.Buyers, now.Buyers)
	}
	if _, err := s.RFMMovement(boss(), mining.MovementSettings{Before: "2026-07-31"}); !fault.Is(err, fault.Invalid) {
		t.Errorf("a later day is taken as the earlier: %v", err)
	}
}

// Answers are counted by the box that customers stood in before the contact.
func TestRFMResponse(t *testing.T) {
	t.Parallel()
	house := newCompany()
	s := companyService(nil, house, t)
	got, err := s.RFMResponse(boss(), mining.ResponseSettings{RFMSettings: mining.RFMSettings{PeriodMonths: -1}, Months: 4, Days: 20})
	if err != nil {
		t.Fatal(err)
	}
	since := companyToday.AddDate(0, -4, 0)
	known, bought := map[int64]bool{}, map[int64]bool{}
	for _, l := range house.lines {
		if l.at.Before(since.AddDate(0, 0, 1)) {
			known[l.customer] = true
		}
	}
	at := house.contacts[0].at
	for _, l := range house.lines {
		if !l.at.Before(at) && l.at.Before(at.AddDate(0, 0, 20)) {
			bought[l.customer] = true
		}
	}
	want := mining.Answers{}
	for _, c := range house.contacts {
		did := int64(0)
		if bought[c.customer] {
			did = 1
		}
		switch {
		case !known[c.customer]:
		case c.arm == "control":
			want.Control, want.ControlBuys = want.Control+1, want.ControlBuys+did
		default:
			want.Contacts, want.Clicked, want.Bought = want.Contacts+1, want.Clicked+c.clicked, want.Bought+did
		}
	}
	if got.All != want || want.Bought == 0 {
		t.Errorf("%+v, should be %+v", got.All, want)
	}
	for _, b := range append(got.Boxes, got.Groups...) {
		if b.Advice.Ko == "" || b.Advice.En == "" || b.Action.Ko == "" {
			t.Errorf("box %d%d%d %s has no advice", b.R, b.F, b.M, b.Group)
		}
	}
}

// Weights of lines and actions of boxes are kept; a table holds a row for each buyer and line.
func TestRFMSavedLines(t *testing.T) {
	t.Parallel()
	house := newCompany()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		s := companyService(db, house, t)
		own := mining.Weights{R: 0.2, F: 0.4, M: 0.4}
		if _, err := s.SaveLines(boss(), mining.LineSettings{By: "department", Weights: map[string]mining.Weights{"가전": own}}); err != nil {
			t.Fatal(err)
		}
		got, err := s.RFMLines(boss(), mining.RFMSettings{}, mining.LineSettings{})
		if err != nil || len(got.Lines) != 2 {
			t.Fatalf("%+v %v", got, err)
		}
		for _, line := range got.Lines {
			if (line.Value == "가전") != (line.Weights == own) || line.Buyers == 0 || line.Average < 1 || line.Average > 5 {
				t.Errorf("%+v", line)
			}
		}
		if _, err := s.SaveAction(boss(), "55x", "감사 카드"); err != nil {
			t.Fatal(err)
		}
		if after, err := s.SaveAction(boss(), "champion", "초대"); err != nil || after["55x"] != "감사 카드" || after["champion"] != "초대" {
			t.Errorf("%v %v", after, err)
		}
		if after, err := s.SaveAction(boss(), "55x", ""); err != nil || len(after) != 1 {
			t.Errorf("%v %v", after, err)
		}
		if _, err := s.SaveAction(boss(), "999", "x"); !fault.Is(err, fault.Invalid) {
			t.Errorf("box 999: %v", err)
		}
	})
}
