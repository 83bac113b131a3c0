// SPDX-License-Identifier: Apache-2.0

package subscription_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"dangol/internal/cube"
	"dangol/internal/cube/board"
	"dangol/internal/cube/saved"
	"dangol/internal/cube/subscription"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/database/databasetest"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/warehouse"
)

var (
	today = time.Date(2026, 7, 15, 8, 30, 0, 0, seoul)
	seoul = time.FixedZone("KST", 9*3600)
)

// cubes answer a series of days that the test sets.
type cubes struct{ values []int64 }

func (c *cubes) FindPivot(_ context.Context, id int64) (cube.Pivot, error) {
	if id != 7 {
		return cube.Pivot{}, fault.New(fault.NotFound, "cube.no_pivot", "There is no pivot.")
	}
	return cube.Pivot{ID: 7, Name: "매출", Query: cube.Query{Measures: []string{"order.revenue"}, Dimensions: []string{"customer.grade"}}}, nil
}

func (c *cubes) Query(_ context.Context, q cube.Query) (*cube.Result, error) {
	if len(q.Dimensions) != 1 || q.Dimensions[0] != "order.day" || q.Period.To != "2026-07-14" {
		return nil, fmt.Errorf("asked %+v %+v", q, q.Period)
	}
	out := &cube.Result{}
	for i, v := range c.values {
		day := today.AddDate(0, 0, i-len(c.values)).Format(time.DateOnly)
		out.Rows = append(out.Rows, []any{day, v})
	}
	return out, nil
}

func (c *cubes) Export(ctx context.Context, _ cube.Query, _, _ string) (*cube.Export, error) {
	if err := auth.Check(ctx, "cube:export"); err != nil {
		return nil, err
	}
	name := warehouse.Text{Ko: "등급", En: "Grade"}
	return cube.ExportOf(ctx, &cube.Result{
		Columns: []cube.Column{{Name: "customer.grade", Role: "row", Label: name, Kind: warehouse.KindChoice}, {Name: "order.revenue", Role: "measure", Label: warehouse.Text{Ko: "매출", En: "Revenue"}, Kind: warehouse.KindMoney, Currency: "KRW"}},
		Rows:    [][]any{{"VIP", int64(1_234_000)}, {"=골드", int64(20)}}, AsOf: cube.AsOf{At: today},
	}, 1), nil
}

func (c *cubes) Today() time.Time { return today }

func (c *cubes) Note(context.Context, string, string, int64, any, any) error { return nil }

type boards struct{}

func (boards) Find(context.Context, int64) (board.Board, error) {
	return board.Board{}, fault.New(fault.NotFound, "cube.board_none", "There is no board.")
}

func (boards) Figures(context.Context, board.Ask) (*board.Figures, error) { return nil, nil }

type post struct{ letters []subscription.Letter }

func (p *post) Post(_ context.Context, l subscription.Letter) error {
	p.letters = append(p.letters, l)
	return nil
}

type people struct{}

func (people) Colleagues(context.Context) ([]subscription.Colleague, error) { return nil, nil }

// directory knows two people; the second may not take files out.
type directory struct{}

func (directory) FindAccount(context.Context, string) (auth.Account, error) {
	return auth.Account{}, nil
}

func (directory) FindPerson(_ context.Context, id int64) (auth.Person, error) {
	p := auth.Person{ID: id, Name: fmt.Sprint("사람", id), Email: fmt.Sprintf("p%d@company.kr", id), Scope: auth.Scope{All: true}, Locale: "ko", Permissions: auth.Permit("*")}
	if id == 2 {
		p.Permissions = auth.Permit("cube:read")
	}
	return p, nil
}

func setUp(t *testing.T, db *database.DB) (context.Context, *subscription.Service, *cubes, *post) {
	t.Helper()
	c, p := &cubes{values: []int64{100, 104, 98, 101, 99, 103, 100, 102}}, &post{}
	s := subscription.New(db, c, boards{}, p, people{}, subscription.Options{Zone: seoul, Site: "http://crm", Font: func() []byte { return nil }})
	ctx := auth.WithDirectory(context.Background(), directory{})
	me, _ := directory{}.FindPerson(ctx, 1)
	return auth.With(ctx, me), s, c, p
}

func TestReportReachesEachReaderWithTheirRights(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		ctx, s, _, p := setUp(t, db)
		draft := saved.Draft[subscription.Content]{Name: "아침 매출", Content: subscription.Content{Kind: "report", PivotID: 7, Format: "xlsx", Every: "day", Hour: 7, People: []int64{2, 1}}}
		one, err := s.Save(ctx, draft)
		if err != nil || one.NextAt == nil || one.NextAt.In(seoul).Hour() != 7 {
			t.Fatalf("%+v %v", one, err)
		}
		run, err := s.RunNow(ctx, one.ID)
		if err != nil || run.Outcome != subscription.OutcomePartly || run.Detail.Readers != 1 || len(run.Detail.Problems) != 1 || run.Detail.Problems[0].Reader != "사람2" || run.Detail.Problems[0].Code != "auth.forbidden" {
			t.Fatalf("%+v %v", run, err)
		}
		if len(p.letters) != 1 || p.letters[0].To != "p1@company.kr" || !bytes.HasPrefix(p.letters[0].File, []byte("PK")) || !strings.Contains(p.letters[0].Text, "http://crm/pivot?saved=7") {
			t.Fatalf("%+v", p.letters)
		}
		other, _ := directory{}.FindPerson(ctx, 3)
		if list, err := s.List(auth.With(ctx, other)); err != nil || len(list) != 0 {
			t.Errorf("somebody else sees %v %v", list, err)
		}
		if err := s.Delete(auth.With(ctx, other), one.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("somebody else deletes: %v", err)
		}
		if err := s.Delete(ctx, one.ID); err != nil {
			t.Fatal(err)
		}
	})
}

func TestDueIsCarriedOutOnce(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		ctx, s, _, p := setUp(t, db)
		if _, err := s.Save(ctx, saved.Draft[subscription.Content]{Name: "매일", Content: subscription.Content{Kind: "report", PivotID: 7, Format: "xlsx", Every: "day"}}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Save(ctx, saved.Draft[subscription.Content]{Name: "멈춤", Content: subscription.Content{Kind: "report", PivotID: 7, Format: "xlsx", Every: "day", IsPaused: true}}); err != nil {
			t.Fatal(err)
		}
		if err := s.RunDue(ctx); err != nil || len(p.letters) != 0 {
			t.Fatalf("nothing was due: %d letters, %v", len(p.letters), err)
		}
		if _, err := db.Exec(ctx, "UPDATE subscriptions SET next_at = 1 WHERE next_at > 0"); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := s.RunDue(ctx); err != nil {
				t.Fatal(err)
			}
		}
		if len(p.letters) != 1 {
			t.Errorf("%d letters, want one", len(p.letters))
		}
	})
}

func TestAlertTellsOnceWhenItBeginsToHold(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		ctx, s, c, p := setUp(t, db)
		one, err := s.Save(ctx, saved.Draft[subscription.Content]{Name: "이상", Content: subscription.Content{Kind: "alert", PivotID: 7, Every: "day", Is: "unusual"}})
		if err != nil {
			t.Fatal(err)
		}
		for i, step := range []struct {
			last    int64
			outcome string
			letters int
		}{{102, "quiet", 0}, {20, "firing", 1}, {18, "firing", 1}, {101, "quiet", 1}, {300, "firing", 2}} {
			c.values[len(c.values)-1] = step.last
			run, err := s.RunNow(ctx, one.ID)
			if err != nil || run.Outcome != step.outcome || len(p.letters) != step.letters {
				t.Fatalf("step %d: %+v, %d letters, %v", i, run, len(p.letters), err)
			}
		}
		if !strings.Contains(p.letters[0].Text, "평소(중앙값): 100") {
			t.Errorf("the letter does not say what is usual: %s", p.letters[0].Text)
		}
		list, err := s.List(ctx)
		if err != nil || len(list) != 1 || !list[0].IsFiring {
			t.Errorf("%+v %v", list, err)
		}
	})
}

func TestBadSubscriptionsAreRefused(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		ctx, s, _, _ := setUp(t, db)
		for code, content := range map[string]subscription.Content{
			"cube.subscription_of_what": {Kind: "report", Format: "pdf", Every: "day"},
			"cube.subscription_format":  {Kind: "report", PivotID: 7, Every: "day"},
			"cube.alert_condition":      {Kind: "alert", PivotID: 7, Every: "day"},
			"cube.alert_of_pivot":       {Kind: "alert", BoardID: 1, Every: "day", Is: "above"},
			"cube.subscription_every":   {Kind: "report", PivotID: 7, Format: "pdf", Every: "hour"},
			"cube.no_pivot":             {Kind: "report", PivotID: 8, Format: "pdf", Every: "day"},
			"cube.board_none":           {Kind: "report", BoardID: 8, Format: "pdf", Every: "day"},
		} {
			_, err := s.Save(ctx, saved.Draft[subscription.Content]{Name: "x", Content: content})
			if f, ok := fault.As(err); !ok || f.Code != code {
				t.Errorf("%s: %v", code, err)
			}
		}
	})
}
