// SPDX-License-Identifier: Apache-2.0

package offer

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/database/databasetest"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
	"dangol/internal/segment"
)

var noon = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)

// groups are segments by rule: the members are the multiples of the segment's id.
type groups struct{ people int64 }

func (g groups) EachMember(_ context.Context, id int64, fn func([]int64) error) (segment.AsOf, error) {
	var ids []int64
	for member := id; member <= g.people; member += id {
		ids = append(ids, member)
	}
	return segment.AsOf{}, fn(ids)
}

func furnish(t testing.TB, db *database.DB, people int64) (*Service, context.Context) {
	t.Helper()
	keys, err := journal.OpenKeys(filepath.Join(t.TempDir(), "keys"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = keys.Close() })
	s := New(db, journal.New(db, keys, journal.Options{}), time.UTC, "KRW")
	s.UseMembers(groups{people})
	ctx := auth.System(context.Background(), "test")
	for from := int64(1); from <= people; from += 20_000 {
		err = db.WithinBulk(ctx, func(ctx context.Context) error {
			var customers, links []any
			for id := from; id <= people && id < from+20_000; id++ {
				customers = append(customers, id, "고객", int64(0), int64(0))
				links = append(links, 10_000_000+id, id, "new", int64(0))
			}
			if err := db.InsertRows(ctx, "customers", strings.Fields("id full_name created_at updated_at"), customers, ""); err != nil {
				return err
			}
			return db.InsertRows(ctx, "record_links", strings.Fields("record_id customer_id reason linked_at"), links, "")
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return s, ctx
}

func (s *Service) add(t testing.TB, ctx context.Context, name, category string, value, segmentID int64, change func(*Content)) Offer {
	t.Helper()
	kind := "coupon"
	c := Content{Name: &name, Kind: &kind, Category: &category, Value: &value, SegmentID: &segmentID}
	if change != nil {
		change(&c)
	}
	o, err := s.Create(ctx, c)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// The sampling finds the best offer, loses little on the way, and never forgets the others.
func TestLearning(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 3))
	truth := []float64{0.02, 0.05, 0.11, 0.03, 0.07}
	offers := make([]Offer, len(truth))
	for i := range offers {
		offers[i] = Offer{ID: int64(i + 1), Value: 1000}
	}
	const rounds = 20_000
	earned := 0.0
	shows := map[int64]int{}
	for range rounds {
		var list []*Offer
		for i := range offers {
			list = append(list, &offers[i])
		}
		p := choose(list, nil, nil, 1, Policy{Floor: 500}, noon, random)[0]
		i := p.offer.ID - 1
		shows[p.offer.ID]++
		earned += truth[i]
		if random.Float64() < truth[i] {
			offers[i].Accepted++
		} else {
			offers[i].Ignored++
		}
	}
	if best := slices.Max(truth) * rounds; earned < 0.93*best {
		t.Errorf("earned %.0f of %.0f", earned, best)
	}
	for id := range int64(len(truth)) {
		if least := rounds * 5 / 100 / len(truth) * 7 / 10; shows[id+1] < least {
			t.Errorf("offer %d was shown %d times, the floor is about %d", id+1, shows[id+1], least)
		}
	}
}

func TestBetaHasItsMeanAndSpread(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(5, 5))
	for _, ab := range [][2]float64{{1, 1}, {3, 9}, {200, 800}} {
		const n = 40_000
		sum, squares := 0.0, 0.0
		for range n {
			x := beta(random, ab[0], ab[1])
			sum, squares = sum+x, squares+x*x
		}
		a, b := ab[0], ab[1]
		mean, variance := a/(a+b), a*b/((a+b)*(a+b)*(a+b+1))
		got := sum / n
		if math.Abs(got-mean) > 4*math.Sqrt(variance/n) || math.Abs((squares/n-got*got)/variance-1) > 0.06 {
			t.Errorf("beta(%v, %v): mean %v want %v, variance %v want %v", a, b, got, mean, squares/n-got*got, variance)
		}
	}
}

func TestDiversityPressureAndValue(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 1))
	sure := func(id int64, category string, value int64) *Offer {
		return &Offer{ID: id, Category: category, Value: value, Accepted: 1_000_000, Declined: 1_000_000}
	}
	list := []*Offer{sure(1, "coffee", 1000), sure(2, "coffee", 990), sure(3, "tea", 600), {ID: 4, Value: 10, Cost: 10}}
	picks := choose(list, nil, nil, 4, Policy{}, noon, random)
	if len(picks) != 3 || picks[0].offer.ID != 1 || picks[1].offer.ID != 3 || picks[2].offer.ID != 2 {
		t.Errorf("one of a category, then another: %+v", picks)
	}
	lately1 := []seen{{offerID: 1, at: noon.Add(-time.Hour).UnixMicro()}}
	if p := choose(list, lately1, nil, 1, Policy{}, noon, random); p[0].offer.ID != 3 {
		t.Errorf("coffee was shown lately: %+v", p)
	}
	policy := Policy{PressureMost: 1, PressureDays: 7}
	if !isPressed(lately1, policy, noon) || isPressed(lately1, policy, noon.AddDate(0, 0, 8)) {
		t.Error("contact pressure")
	}
}

func TestAskAndAnswer(t *testing.T) {
	t.Parallel()
	clock := noon
	databasetest.EachWith(t, database.Options{Clock: func() time.Time { return clock }}, func(t *testing.T, db *database.DB) {
		s, ctx := furnish(t, db, 20)
		one := int64(1)
		even := s.add(t, ctx, "짝수", "a", 5000, 2, func(c *Content) { c.Stock = &one })
		ended, started := "2026-11-29", "2026-12-01"
		s.add(t, ctx, "끝남", "b", 9000, 0, func(c *Content) { c.EndsOn = &ended })
		s.add(t, ctx, "아직", "b", 9000, 0, func(c *Content) { c.StartsOn = &started })
		if next, err := s.Ask(ctx, 3, "web", 1); err != nil || len(next.Shows) != 0 || next.Reason != ReasonNone {
			t.Fatalf("nothing for three: %+v %v", next, err)
		}
		first, err := s.Ask(ctx, 4, "web", 1)
		if err != nil || len(first.Shows) != 1 || first.Shows[0].Offer.ID != even.ID {
			t.Fatalf("%+v %v", first, err)
		}
		again, err := s.Ask(ctx, 4, "call", 1)
		if err != nil || !again.Shows[0].IsHeld || again.Shows[0].ID != first.Shows[0].ID {
			t.Errorf("another place shows another offer: %+v %v", again, err)
		}
		other, err := s.Ask(ctx, 8, "web", 1)
		if err != nil {
			t.Fatal(err)
		}
		if o, err := s.Answer(ctx, first.Shows[0].ID, Accepted); err != nil || o.Accepted != 1 {
			t.Fatal(o, err)
		}
		if _, err := s.Answer(ctx, first.Shows[0].ID, Declined); !fault.Is(err, fault.Conflict) {
			t.Errorf("a second answer: %v", err)
		}
		if _, err := s.Answer(ctx, other.Shows[0].ID, Accepted); !fault.Is(err, fault.Conflict) {
			t.Errorf("sold out: %v", err)
		}
		if next, err := s.Ask(ctx, 6, "web", 1); err != nil || next.Reason != ReasonNone {
			t.Errorf("sold out is offered: %+v %v", next, err)
		}
		if _, err := s.Ask(ctx, 999, "web", 1); !fault.Is(err, fault.NotFound) {
			t.Errorf("nobody: %v", err)
		}
		if _, err := db.Exec(ctx, `UPDATE offer_shows SET shown_at = shown_at - 8 * 86400000000 WHERE answer = ''`); err != nil {
			t.Fatal(err)
		}
		if err := s.Ignore(ctx); err != nil {
			t.Fatal(err)
		}
		if list, err := s.List(ctx); err != nil || list[len(list)-1].Ignored != 1 || list[len(list)-1].Accepted != 1 || list[len(list)-1].Shown != 2 {
			t.Errorf("learned: %+v %v", list, err)
		}
	})
}

// wishes know what a customer may want.
type wishes map[int64][]Proposal

func (w wishes) ProposedTo(_ context.Context, ids []int64) (map[int64][]Proposal, error) {
	out := map[int64][]Proposal{}
	for _, id := range ids {
		out[id] = w[id]
	}
	return out, nil
}

// What the models propose is told with the offers, and offers about it weigh more.
func TestProposalsWeighMore(t *testing.T) {
	t.Parallel()
	databasetest.EachWith(t, database.Options{Clock: func() time.Time { return noon }}, func(t *testing.T, db *database.DB) {
		s, ctx := furnish(t, db, 20)
		s.UseProposals(wishes{4: {{Product: "녹차", Category: "차", Because: "찻잔"}}})
		if next, err := s.Ask(ctx, 4, "call", 1); err != nil || next.Reason != ReasonNone || len(next.Proposals) != 1 || next.Proposals[0].Because != "찻잔" {
			t.Fatalf("no offer, and no proposal: %+v %v", next, err)
		}
		tea := s.add(t, ctx, "차 할인", "차", 1000, 0, func(*Content) {})
		if next, err := s.Ask(ctx, 4, "call", 1); err != nil || len(next.Shows) != 1 || next.Shows[0].Offer.ID != tea.ID || !next.Shows[0].IsWanted {
			t.Errorf("%+v %v", next, err)
		}
		if next, err := s.Ask(ctx, 5, "call", 1); err != nil || len(next.Proposals) != 0 || next.Shows[0].IsWanted {
			t.Errorf("somebody else: %+v %v", next, err)
		}
	})
	sure := func(id int64, name, category string, value int64) *Offer {
		return &Offer{ID: id, Name: name, Category: category, Value: value, Accepted: 1_000_000, Declined: 1_000_000}
	}
	list := []*Offer{sure(1, "커피", "coffee", 1000), sure(2, "녹차 한 통", "tea", 600)}
	random := rand.New(rand.NewPCG(1, 1))
	if p := choose(list, nil, wantedOf(list, []Proposal{{Product: "녹차"}}), 1, Policy{}, noon, random); p[0].offer.ID != 2 {
		t.Errorf("wanted, and not chosen: %+v", p[0].offer)
	}
	if p := choose(list, nil, wantedOf(list, nil), 1, Policy{}, noon, random); p[0].offer.ID != 1 {
		t.Errorf("chosen without being wanted: %+v", p[0].offer)
	}
}

func TestOffersThatAreRefused(t *testing.T) {
	t.Parallel()
	good := Offer{Name: "쿠폰", Kind: "coupon", Value: 10}
	for _, change := range []func(*Offer){
		func(o *Offer) { o.Name = "" }, func(o *Offer) { o.Kind = "gift" }, func(o *Offer) { o.Cost = 10 }, func(o *Offer) { o.Value = -1 },
		func(o *Offer) { o.StartsOn = "tomorrow" }, func(o *Offer) { o.StartsOn, o.EndsOn = "2026-12-02", "2026-12-01" },
	} {
		o := good
		change(&o)
		if err := o.validate(); !fault.Is(err, fault.Invalid) {
			t.Errorf("%+v: %v", o, err)
		}
	}
	if err := good.validate(); err != nil {
		t.Error(err)
	}
}

// TestNextOfferSpeed prints how long asking takes. Set DANGOL_BENCH to the number of customers.
func TestNextOfferSpeed(t *testing.T) {
	people, err := strconv.ParseInt(os.Getenv("DANGOL_BENCH"), 10, 64)
	if err != nil {
		t.Skip("DANGOL_BENCH is not set to a number of customers")
	}
	db := databasetest.SQLite(t, database.Options{})
	s, ctx := furnish(t, db, people)
	for i := range 200 {
		s.add(t, ctx, fmt.Sprintf("제안 %d", i), fmt.Sprintf("c%d", i%12), int64(1000+100*i), int64(i%25), nil)
	}
	if _, err := s.Ask(ctx, 24, "web", 1); err != nil { // reads the segments
		t.Fatal(err)
	}
	const asks = 5000
	took := make([]time.Duration, 0, asks)
	random := rand.New(rand.NewPCG(9, 9))
	for range asks {
		begin := time.Now()
		if _, err := s.Ask(ctx, 1+random.Int64N(people), "web", 1); err != nil {
			t.Fatal(err)
		}
		took = append(took, time.Since(begin))
	}
	slices.Sort(took)
	t.Logf("%d customers, 200 offers, %d asks one after another: p50 %v, p99 %v, longest %v", people, asks, took[asks/2], took[asks*99/100], took[asks-1])
}
