// SPDX-License-Identifier: Apache-2.0

package cube

import (
	"context"
	"testing"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/database/databasetest"
	"dangol/internal/platform/fault"
)

func TestClosedDaysAreNoWorkingDays(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		s := &Service{db: db, pivots: &store{db: db}, clock: time.Now}
		ctx := auth.With(context.Background(), auth.Person{ID: 1, Permissions: auth.Permit("cube:*"), Scope: auth.Scope{All: true}})
		day := func(text string) time.Time { at, _ := time.Parse(isoDate, text); return at }
		week := span{day("2026-11-23"), day("2026-11-29")} // a week without a public holiday
		if n := workdays(week, s.closed(ctx).days); n != 5 {
			t.Fatalf("%d working days, want 5", n)
		}
		list, err := s.SaveClosedDays(ctx, []ClosedDay{{"2026-11-25", "창립기념일"}, {"2026-11-24", " 재고 조사 "}, {"2026-11-28", "토요일 휴무"}})
		if err != nil || len(list) != 3 || list[0] != (ClosedDay{"2026-11-24", "재고 조사"}) {
			t.Fatalf("%v %v", list, err)
		}
		if n := workdays(week, s.closed(ctx).days); n != 3 {
			t.Errorf("%d working days, want 3", n)
		}
		spans := holidaySpans(&week, week.to, s.closed(ctx).days)
		found := false
		for _, one := range spans {
			found = found || one == span{day("2026-11-24"), day("2026-11-25")}
		}
		if !found {
			t.Errorf("the days off are not among the holidays: %v", spans)
		}
		for code, bad := range map[string][]ClosedDay{
			"cube.bad_closed_day": {{"2026-02-30", "x"}}, "cube.bad_closed_name": {{"2026-02-03", ""}}, "cube.closed_twice": {{"2026-02-03", "a"}, {"2026-02-03", "b"}},
		} {
			_, err := s.SaveClosedDays(ctx, bad)
			if f, ok := fault.As(err); !ok || f.Code != code {
				t.Errorf("%s: %v", code, err)
			}
		}
		if kept, err := s.ClosedDays(ctx); err != nil || len(kept) != 3 {
			t.Errorf("a refused list changed what was kept: %v %v", kept, err)
		}
	})
}
