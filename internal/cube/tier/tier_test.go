// SPDX-License-Identifier: Apache-2.0

package tier

import (
	"context"
	"testing"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/database/databasetest"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/job"
	"dangol/internal/platform/warehouse/duckdb"
)

// fakeEngine keeps what it was told.
type fakeEngine struct {
	before  time.Time
	damaged []string
}

func (f *fakeEngine) MoveCold(_ context.Context, before time.Time, _ func(done, total int)) error {
	f.before = before
	return nil
}

func (f *fakeEngine) Tiers(context.Context) ([]duckdb.TableTiers, error) {
	return []duckdb.TableTiers{{
		Table: "order_lines", Hot: duckdb.Tier{Rows: 1000, Bytes: 3_000_000_000}, Cold: duckdb.Tier{Rows: 500, Bytes: 500_000_000},
	}}, nil
}

func (f *fakeEngine) DamagedCold(context.Context) ([]string, error) { return f.damaged, nil }
func (f *fakeEngine) ColdDir() string                               { return "/cold" }

type fakeJobs struct{ names []string }

func (f *fakeJobs) Add(_ context.Context, name string, _ any, _ job.Options) (int64, error) {
	f.names = append(f.names, name)
	return int64(len(f.names)), nil
}

func TestSettingReportAndMove(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		engine, jobs, notes, rebuilds := &fakeEngine{}, &fakeJobs{}, 0, 0
		s := New(db, engine, Options{
			Jobs: jobs, Zone: time.UTC, Currency: "KRW",
			Note:    func(context.Context, string, string, int64, any, any) error { notes++; return nil },
			Settle:  func(context.Context) error { return nil },
			Rebuild: func(context.Context) error { rebuilds++; return nil },
		})
		reader := auth.With(t.Context(), auth.Person{ID: 2, Permissions: auth.Permit("system:read")})
		admin := auth.With(t.Context(), auth.Person{ID: 1, Permissions: auth.Permit("system:read", "system:admin")})
		if _, err := s.Set(reader, Setting{Months: 12}); fault.KindOf(err) != fault.Forbidden {
			t.Fatalf("someone who may only read changed the setting: %v", err)
		}
		if _, err := s.Set(admin, Setting{Months: 601}); fault.KindOf(err) != fault.Invalid {
			t.Fatalf("an age of 50 years was taken: %v", err)
		}
		if err := s.Order(t.Context()); err != nil || len(jobs.names) != 0 {
			t.Fatalf("rows are moved although nothing is cold: %v %v", jobs.names, err)
		}
		status, err := s.Set(admin, Setting{Months: 12, HotPrice: 100, ColdPrice: 20})
		if err != nil {
			t.Fatal(err)
		}
		// 3 GB at 100 is 300; half a GB at 20 is 10; its 500 rows would be 1.5 GB hot, 150.
		if one := status.Tables[0]; one.Hot.Cost != 300 || one.Cold.Cost != 10 || status.Saved != 140 {
			t.Errorf("costs %d and %d, saved %d", one.Hot.Cost, one.Cold.Cost, status.Saved)
		}
		if len(jobs.names) != 1 || jobs.names[0] != moveJob || notes != 1 {
			t.Errorf("jobs %v, %d journal entries", jobs.names, notes)
		}
		if err := s.move(admin, nil); err != nil {
			t.Fatal(err)
		}
		now := db.Now(t.Context()).In(time.UTC)
		if want := time.Date(now.Year()-1, now.Month(), 1, 0, 0, 0, 0, time.UTC); !engine.before.Equal(want) {
			t.Errorf("rows before %s are moved, want %s", engine.before, want)
		}
		engine.damaged = []string{"order_lines/year=2020/1.parquet"}
		if found, err := s.Check(admin); err != nil || len(found) != 1 || rebuilds != 1 {
			t.Errorf("a damaged file: %v %v, %d rebuilds", found, err, rebuilds)
		}
	})
}
