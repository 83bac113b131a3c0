// SPDX-License-Identifier: Apache-2.0

package campaign

import (
	"context"
	"testing"
	"time"

	"dangol/internal/consent"
	"dangol/internal/mail"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
)

func TestForecast(t *testing.T) {
	t.Parallel()
	budget := int64(100_000)
	c := Campaign{
		State: Draft, ControlShare: 1000, MarginShare: 3000, MessageCost: 5000, Budget: &budget,
		Intent: Intent{ExpectedLift: 100, FixedCost: 200_000, Incentive: 1000},
	}
	f := forecast(c, 20_000, Baseline{People: 20_000, Buyers: 600, OrderValue: 50_000})
	if f.Treatment != 18_000 || f.Control != 2000 || f.Rate != 0.03 || f.Added != 180 || f.Buyers != 720 {
		t.Errorf("people: %+v", f)
	}
	if f.Revenue != 9_000_000 || f.Margin != 2_700_000 || f.Cost != (Costing{200_000, 90_000, 720_000, 1_010_000}) || !f.IsOverBudget {
		t.Errorf("money: %+v", f)
	}
	// At the lift of break-even, margin and cost are the same.
	c.Intent.ExpectedLift = int64(*f.BreakEven*basisPoints + 0.5)
	again := forecast(c, 20_000, f.Baseline)
	if gap := again.Margin - again.Cost.Total; gap < -20_000 || gap > 20_000 {
		t.Errorf("at break-even %v: margin %d, cost %d", *f.BreakEven, again.Margin, again.Cost.Total)
	}
	if c.Intent.Incentive = 20_000; forecast(c, 20_000, f.Baseline).BreakEven != nil {
		t.Error("an incentive above the margin never breaks even")
	}
}

func TestNeededControl(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		n          int64
		rate, lift float64
		want       int64
	}{
		{20_000, 0.03, 0.01, 2769}, // 7.849·(.0291/2769 + .0384/17231) = .01²
		{20_000, 0.03, 0.001, 0},   // half the people are not enough
		{1, 0.03, 0.01, 0},
		{20_000, 0, 0.01, 0},
		{20_000, 0.995, 0.01, 0},
	} {
		if got := neededControl(row.n, row.rate, row.lift); got != row.want {
			t.Errorf("%d people, %v + %v: %d, want %d", row.n, row.rate, row.lift, got, row.want)
		}
	}
}

// variantsOf makes two templates and the intent to try them.
func (r *room) variantsOf(testShare int64) *Intent {
	r.t.Helper()
	i := &Intent{TestShare: testShare, TestHours: 4}
	for _, subject := range []string{"첫째", "둘째"} {
		t, err := r.letters.Create(r.ctx, mail.Draft{Name: subject, Class: consent.Ad, Subject: subject, HTML: `<p><a href="https://shop.kr/a">보기</a></p>`})
		if err != nil {
			r.t.Fatal(err)
		}
		i.Variants = append(i.Variants, Variant{TemplateID: t.ID, Share: 1})
	}
	return i
}

func TestVariantsAreTriedAndTheRestGetsTheWinner(t *testing.T) {
	t.Parallel()
	each(t, nil, func(r *room) {
		r.people(600)
		c := r.plan(r.campaign(func(p *Content) { p.Intent = r.variantsOf(4000) }).ID)
		r.start(c.ID)
		if err := r.send(c.ID); err != nil {
			r.t.Fatal(err)
		}
		c = r.find(c.ID)
		if c.State != Running || c.Counts.HandedOver < 150 || c.Counts.HandedOver > 290 || c.Counts.Planned == 0 {
			r.t.Fatalf("the test: %s %+v", c.State, c.Counts)
		}
		tried := c.Counts.HandedOver
		_, err := r.s.ChooseWinner(r.ctx, c.ID, "C", WinnerByPerson)
		wantFault(r.t, "an unknown variant", err, fault.Invalid)
		if _, err := r.s.ChooseWinner(r.ctx, c.ID, "B", WinnerByPerson); err != nil {
			r.t.Fatal(err)
		}
		_, err = r.s.ChooseWinner(r.ctx, c.ID, "A", WinnerByPerson)
		wantFault(r.t, "a second winner", err, fault.Conflict)
		if err := r.send(c.ID); err != nil {
			r.t.Fatal(err)
		}
		c = r.find(c.ID)
		if c.State != Finished || c.Counts.HandedOver != c.Counts.Treatment {
			r.t.Fatalf("after the winner: %s %+v", c.State, c.Counts)
		}
		by := map[string]int64{}
		err = r.s.EachAssigned(r.ctx, c.ID, func(a Assigned) error {
			if a.Arm == Treatment {
				by[a.Variant]++
			}
			return nil
		})
		if err != nil || by["A"]+by["B"] != tried || by["A"] < 60 || by["B+"] != c.Counts.Treatment-tried {
			r.t.Errorf("variants %v of %d tried, %v", by, tried, err)
		}
	})
}

func TestContactPressureLeavesOut(t *testing.T) {
	t.Parallel()
	each(t, nil, func(r *room) {
		r.people(20)
		none := new(int64)
		first := r.plan(r.campaign(func(p *Content) { p.ControlShare = none }).ID)
		r.start(first.ID)
		if err := r.send(first.ID); err != nil {
			r.t.Fatal(err)
		}
		second := r.plan(r.campaign(func(p *Content) {
			p.ControlShare, p.Intent = none, &Intent{PressureMost: 1, PressureDays: 3}
		}).ID)
		if got := second.Counts.SkippedFor[ReasonPressure]; got != 20 {
			r.t.Errorf("%d left out, want 20: %+v", got, second.Counts)
		}
		r.clock.turn(4 * 24 * time.Hour)
		if second = r.plan(second.ID); second.Counts.Planned != 20 {
			r.t.Errorf("after four days: %+v", second.Counts)
		}
	})
}

func TestApproval(t *testing.T) {
	t.Parallel()
	each(t, nil, func(r *room) {
		r.people(10)
		if err := r.s.SetPolicy(r.ctx, Policy{ApproveFromPeople: 5}); err != nil {
			r.t.Fatal(err)
		}
		c := r.plan(r.campaign(nil).ID)
		r.exec(`UPDATE campaigns SET person_id = 7 WHERE id = ?`, c.ID)
		if c, err := r.s.Find(r.ctx, c.ID); err != nil || !c.NeedsApproval {
			r.t.Errorf("needs no approval: %+v %v", c, err)
		}
		_, err := r.s.Start(r.ctx, c.ID)
		wantFault(r.t, "a start without approval", err, fault.Conflict)
		person := func(id int64) context.Context {
			return auth.With(context.Background(), auth.Person{ID: id, Permissions: auth.Permit("*"), Scope: auth.Scope{All: true}})
		}
		if _, err := r.s.AskApproval(person(8), c.ID); err != nil {
			r.t.Fatal(err)
		}
		for _, id := range []int64{7, 8} {
			_, err = r.s.Approve(person(id), c.ID, true, "")
			wantFault(r.t, "an approval of one's own", err, fault.Forbidden)
		}
		if c, err := r.s.Approve(person(9), c.ID, true, "좋습니다"); err != nil || c.Approval != ApprovalGiven || c.ApprovalBy != 9 {
			r.t.Fatalf("%+v %v", c, err)
		}
		c = r.find(c.ID)
		name := "다른 이름"
		changed, err := r.s.Update(r.ctx, c.ID, c.Version, Content{Name: &name})
		if err != nil || changed.Approval != "" {
			r.t.Errorf("the yes outlived a change: %q %v", changed.Approval, err)
		}
	})
}
