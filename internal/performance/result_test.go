// SPDX-License-Identifier: Apache-2.0

package performance

import (
	"context"
	"math"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dangol/internal/campaign"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/database/databasetest"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
)

// staged is a campaign with purchases, made up.
type staged struct {
	c         campaign.Campaign
	arms      map[int64]string
	purchases map[int64][2]int64 // amount, orders
	from, to  time.Time
	variants  map[int64]string
	created   campaign.Content
}

func (s *staged) Find(_ context.Context, id int64) (campaign.Campaign, error) {
	if id != s.c.ID {
		return campaign.Campaign{}, fault.New(fault.NotFound, "campaign.not_found", "none")
	}
	return s.c, nil
}

func (s *staged) EachAssigned(_ context.Context, _ int64, emit func(campaign.Assigned) error) error {
	for id, arm := range s.arms {
		if err := emit(campaign.Assigned{CustomerID: id, Arm: arm, Variant: s.variants[id], Groups: id % 2}); err != nil {
			return err
		}
	}
	return nil
}

func (s *staged) ListLinks(context.Context, int64) ([]campaign.Link, error) {
	return []campaign.Link{{ID: 1, URL: "https://shop.kr", Clicks: 3}}, nil
}

func (s *staged) EachPaid(_ context.Context, from, to time.Time, _ string, emit func(int64, int64, int64) error) error {
	s.from, s.to = from, to
	for id, p := range s.purchases {
		for i := range p[1] {
			if err := emit(id, from.Add(time.Duration(i)*25*time.Hour).UnixMicro(), p[0]/p[1]); err != nil {
				return err
			}
		}
	}
	return nil
}

// EachPaidCategory lets every second order be of tea, and those treated buy a third thing.
func (s *staged) EachPaidCategory(_ context.Context, _, _ time.Time, _ string, emit func(int64, string, int64) error) error {
	for id, p := range s.purchases {
		category := []string{"tea", "coffee"}[id%2]
		if err := emit(id, category, p[0]); err != nil {
			return err
		}
		if s.arms[id] == campaign.Treatment {
			if err := emit(id, "", 100); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *staged) EachHistory(_ context.Context, before time.Time, _ string, emit func(int64, int64, int64) error) error {
	for id := range s.arms {
		if id%4 == 0 {
			continue // never bought
		}
		if err := emit(id, before.AddDate(0, 0, -int(id%700)-1).UnixMicro(), id%5+1); err != nil {
			return err
		}
	}
	return nil
}

func (s *staged) EachTouch(_ context.Context, from, _ time.Time, emit func(int64, int64, int64) error) error {
	for id, arm := range s.arms {
		if arm != campaign.Treatment {
			continue
		}
		// Another campaign ten days earlier, this one just before the start of the window.
		for campaignID, days := range map[int64]int{2: 20, 1: 30} {
			if err := emit(id, campaignID, from.AddDate(0, 0, days).Add(-time.Minute).UnixMicro()); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *staged) List(_ context.Context, state campaign.State, _ string, _ int) ([]campaign.Campaign, string, error) {
	if s.c.State != state {
		return nil, "", nil
	}
	return []campaign.Campaign{s.c}, "", nil
}

func (s *staged) Create(_ context.Context, content campaign.Content) (campaign.Campaign, error) {
	s.created = content
	return campaign.Campaign{ID: 2, Name: *content.Name}, nil
}

func (s *staged) StepsOf(context.Context, int64) ([]campaign.Campaign, error) {
	c := s.c
	c.Counts.HandedOver /= 2
	return []campaign.Campaign{c, c}, nil
}

// EachEntered lets everybody come in on a day of their own, some of them too late to count.
func (s *staged) EachEntered(_ context.Context, _ int64, emit func(int64, bool, int64) error) error {
	for id, arm := range s.arms {
		if err := emit(id, arm == campaign.Control, s.entry(id).UnixMicro()); err != nil {
			return err
		}
	}
	return nil
}

func (s *staged) entry(id int64) time.Time { return s.c.StartedAt.AddDate(0, 0, int(id%17)) }

func (s *staged) Currency() string { return "KRW" }

func (s *staged) ChooseWinner(_ context.Context, _ int64, key, how string) (campaign.Campaign, error) {
	s.c.Winner, s.c.WinnerHow = key, how
	return s.c, nil
}

func (s *staged) Forecast(context.Context, int64) (campaign.Forecast, error) {
	return campaign.Forecast{Target: s.c.Intent.Target}, nil
}

// stage assigns people and lets some of them buy for 1,000 each.
func stage(treatment, buyers, control, controlBuyers int64) *staged {
	s := &staged{arms: map[int64]string{}, purchases: map[int64][2]int64{}}
	for i := range treatment {
		s.arms[i+1] = campaign.Treatment
		if i < buyers {
			s.purchases[i+1] = [2]int64{1000, 2}
		}
	}
	for i := range control {
		id := 1_000_000 + i
		s.arms[id] = campaign.Control
		if i < controlBuyers {
			s.purchases[id] = [2]int64{1000, 1}
		}
	}
	s.purchases[77_777_777] = [2]int64{5_000_000, 9} // somebody outside the campaign
	started := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	finished := started.Add(time.Hour)
	s.c = campaign.Campaign{
		ID: 1, State: campaign.Finished, WindowDays: 7, MarginShare: 3000, Currency: "KRW", MessageCost: 2000, StartedAt: &started, FinishedAt: &finished,
		Counts: campaign.Counts{Treatment: treatment, Control: control, HandedOver: treatment - 10, Bounced: 10, Clicked: 30, Unsubscribed: 3},
	}
	return s
}

func serve(t *testing.T, db *database.DB, s *staged) *Service {
	t.Helper()
	keys, err := journal.OpenKeys(filepath.Join(t.TempDir(), "keys"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = keys.Close() })
	return New(db, journal.New(db, keys, journal.Options{}), s, s)
}

func TestResultOfACampaign(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	databasetest.EachWith(t, database.Options{Clock: func() time.Time { return now }}, func(t *testing.T, db *database.DB) {
		staged := stage(9000, 900, 1000, 70)
		s := serve(t, db, staged)
		ctx := auth.System(context.Background(), "test")
		cost, err := s.AddCost(ctx, Cost{CampaignID: 1, Component: "creative", Amount: 50_000})
		if err != nil || cost.Currency != "KRW" {
			t.Fatal(cost, err)
		}
		r, err := s.Evaluate(ctx, 1)
		if err != nil {
			t.Fatal(err)
		}
		if !r.Window.IsComplete || !staged.from.Equal(*staged.c.StartedAt) || !staged.to.Equal(staged.c.FinishedAt.AddDate(0, 0, 7)) {
			t.Errorf("window %+v, asked %v to %v", r.Window, staged.from, staged.to)
		}
		if r.Treatment.People != 9000 || r.Treatment.Buyers != 900 || r.Treatment.Orders != 1800 || r.Treatment.Revenue != 900_000 || r.Control.Buyers != 70 {
			t.Errorf("arms: %+v %+v", r.Treatment, r.Control)
		}
		near(t, "difference", r.Conversion.Difference, .03, 1e-12)
		near(t, "lift", *r.Conversion.Lift, .03/.07, 1e-12)
		near(t, "incremental buyers", r.IncrementalBuyers.Value, 270, 1e-9)
		near(t, "incremental revenue", r.IncrementalSales.Value, 270_000, 1e-6)
		near(t, "incremental margin", r.IncrementalMargin.Value, 81_000, 1e-6)
		if r.Cost.Messages != 8990*2 || r.Cost.Total != 50_000+17_980 {
			t.Errorf("cost: %+v", r.Cost)
		}
		near(t, "roi", r.ROI.Value, (81_000-67_980)/67_980.0, 1e-9)
		if r.Verdict != EffectPositive || len(r.Links) != 1 {
			t.Errorf("verdict %s, links %v", r.Verdict, r.Links)
		}
		for _, st := range r.Statements {
			if strings.ContainsAny(st.Ko+st.En, "{}") || st.Ko == "" || st.En == "" {
				t.Errorf("statement %+v", st)
			}
		}
		if err := s.DeleteCost(ctx, 1, cost.ID); err != nil {
			t.Fatal(err)
		}
		if list, err := s.ListCosts(ctx, 1); err != nil || len(list) != 0 {
			t.Error(list, err)
		}
	})
}

func TestStatementsFitTheVerdict(t *testing.T) {
	t.Parallel()
	db := databasetest.SQLite(t, database.Options{})
	ctx := auth.System(context.Background(), "test")
	cases := []struct {
		name   string
		staged *staged
		want   string
	}{
		{"no effect", stage(9000, 640, 1000, 70), "conversion_no_effect_shown revenue_no_effect_shown roi_open"},
		{"harm", stage(9000, 100, 1000, 150), "conversion_effect_negative revenue_effect_negative roi_negative"},
		{"nobody bought", stage(900, 0, 100, 0), "conversion_too_few revenue_too_few"},
		{"no control group", stage(900, 90, 0, 0), "conversion_no_control"},
		{"nobody at all", stage(0, 0, 0, 0), "conversion_no_control"},
	}
	for _, c := range cases {
		r, err := serve(t, db, c.staged).Result(ctx, 1)
		if err != nil {
			t.Fatal(err)
		}
		var codes []string
		for _, st := range r.Statements {
			codes = append(codes, st.Code)
		}
		if got := strings.Join(codes, " "); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
		for _, x := range []float64{r.Detectable, r.ClickRate, r.IncrementalSales.Value, r.IncrementalSales.Low, r.Revenue.StandardError} {
			if math.IsNaN(x) || math.IsInf(x, 0) {
				t.Errorf("%s: %+v", c.name, r)
			}
		}
	}
	waiting := stage(900, 90, 100, 9)
	waiting.c.StartedAt, waiting.c.FinishedAt = nil, nil
	if r, err := serve(t, db, waiting).Result(ctx, 1); err != nil || len(r.Statements) != 1 || r.Statements[0].Code != "not_started" {
		t.Errorf("not started: %+v %v", r.Statements, err)
	}
}

func TestRightsOfResults(t *testing.T) {
	t.Parallel()
	db := databasetest.SQLite(t, database.Options{})
	s := serve(t, db, stage(10, 1, 1, 0))
	as := func(scope auth.Scope, permissions ...string) context.Context {
		return auth.With(context.Background(), auth.Person{ID: 3, Permissions: auth.Permit(permissions...), Scope: scope})
	}
	all := auth.Scope{All: true}
	for name, c := range map[string]struct {
		err  error
		kind fault.Kind
	}{
		"signed out":       {func() error { _, err := s.Result(context.Background(), 1); return err }(), fault.Unauthenticated},
		"no permission":    {func() error { _, err := s.Result(as(all, "campaign:read"), 1); return err }(), fault.Forbidden},
		"limited rows":     {func() error { _, err := s.Result(as(auth.Scope{Branch: "서울"}, "performance:read"), 1); return err }(), fault.Forbidden},
		"no such campaign": {func() error { _, err := s.Result(as(all, "performance:read"), 2); return err }(), fault.NotFound},
		"reader evaluates": {func() error { _, err := s.Evaluate(as(all, "performance:read"), 1); return err }(), fault.Forbidden},
		"reader adds cost": {func() error { _, err := s.AddCost(as(all, "performance:read"), Cost{CampaignID: 1}); return err }(), fault.Forbidden},
		"bad component": {func() error {
			_, err := s.AddCost(as(all, "performance:*"), Cost{CampaignID: 1, Component: "luck"})
			return err
		}(), fault.Invalid},
		"other currency": {func() error {
			_, err := s.AddCost(as(all, "performance:*"), Cost{CampaignID: 1, Component: "media", Currency: "USD"})
			return err
		}(), fault.Invalid},
	} {
		if !fault.Is(c.err, c.kind) {
			t.Errorf("%s: %v, want %s", name, c.err, c.kind)
		}
	}
}

func TestEverySentenceHasItsNumbers(t *testing.T) {
	t.Parallel()
	for code, pair := range sentences {
		for _, hole := range []string{"{difference}", "{low}", "{high}", "{value}", "{until}", "{count}", "{cost}", "{budget}", "{detectable}"} {
			if strings.Contains(pair[0], hole) != strings.Contains(pair[1], hole) {
				t.Errorf("%s: %s stands in one language only", code, hole)
			}
		}
	}
}
