// SPDX-License-Identifier: Apache-2.0

package journal_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"dangol/internal/platform/database"
	"dangol/internal/platform/database/databasetest"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
)

func open(t testing.TB, db *database.DB) (*journal.Journal, *journal.Keys) {
	t.Helper()
	keys, err := journal.OpenKeys(filepath.Join(t.TempDir(), "keys"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = keys.Close() })
	actor := func(context.Context) (int64, string) { return 3, "김영희" }
	return journal.New(db, keys, journal.Options{Actor: actor, Poll: 50 * time.Millisecond}), keys
}

func appendOne(t testing.TB, db *database.DB, j *journal.Journal, e journal.Entry) {
	t.Helper()
	if e.Capability == "" {
		e.Capability, e.Kind, e.SubjectKind = "customer", "customer.updated", "customer"
	}
	err := db.Within(context.Background(), func(ctx context.Context) error { return j.Append(ctx, e) })
	if err != nil {
		t.Fatal(err)
	}
}

func TestAppendNumberConsume(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		j, _ := open(t, db)
		ctx := t.Context()
		e := journal.Entry{Capability: "customer", Kind: "customer.updated"}
		if err := j.Append(ctx, e); err == nil {
			t.Fatal("Append outside a transaction must fail")
		}
		for i := range int64(3) {
			appendOne(t, db, j, journal.Entry{
				SubjectIDs: []int64{7 + i, 7}, RecordID: 1 + i,
				Before: json.RawMessage(`{"name":"김"}`), After: json.RawMessage(fmt.Sprintf(`{"n":%d}`, i)),
			})
		}
		stop := errors.New("stop")
		_ = db.Within(ctx, func(ctx context.Context) error { _ = j.Append(ctx, e); return stop })
		if head, err := j.Flush(ctx); err != nil || head != 3 {
			t.Fatalf("%d %v", head, err)
		}
		var got []journal.Entry
		take := func(_ context.Context, entries []journal.Entry) error {
			got = append(got, entries...)
			return nil
		}
		at, err := j.ConsumeOnce(ctx, "test", take)
		if err != nil || at != 3 || len(got) != 3 {
			t.Fatalf("%d %v %d", at, err, len(got))
		}
		third := got[2]
		if third.Seq != 3 || third.ActorID != 3 || third.Actor != "김영희" || !reflect.DeepEqual(third.SubjectIDs, []int64{7, 9}) ||
			string(third.Before) != `{"name":"김"}` || string(third.After) != `{"n":2}` || third.IsBulk() {
			t.Fatalf("got %+v", third)
		}
		if at, err := j.ConsumeOnce(ctx, "test", func(context.Context, []journal.Entry) error { return stop }); err != nil || at != 3 {
			t.Fatalf("nothing new, yet %d %v", at, err)
		}
		if _, err := j.ConsumeOnce(ctx, "other", func(context.Context, []journal.Entry) error { panic("p") }); err == nil {
			t.Fatal("a panic is an error")
		}
		report, err := j.Verify(ctx, nil)
		if err != nil || report.Entries != 3 || report.Unnumbered != 0 {
			t.Fatalf("%+v %v", report, err)
		}
	})
}

func TestRunWakesConsumers(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		j, _ := open(t, db)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		ended := make(chan error, 2)
		go func() { ended <- j.Run(ctx) }()
		seen := make(chan int64, 10)
		fails := 1
		go func() {
			ended <- j.Consume(ctx, "live", func(_ context.Context, entries []journal.Entry) error {
				if fails--; fails == 0 {
					return errors.New("first time fails")
				}
				for _, e := range entries {
					seen <- e.Seq
				}
				return nil
			})
		}()
		for want := range int64(5) {
			appendOne(t, db, j, journal.Entry{SubjectIDs: []int64{want}})
			if got := <-seen; got != want+1 {
				t.Fatalf("want %d, got %d", want+1, got)
			}
		}
		if err := j.Wait(ctx, "live", 5); err != nil {
			t.Fatal(err)
		}
		cancel()
		if err := errors.Join(<-ended, <-ended); err != nil {
			t.Fatal(err)
		}
	})
}

func changes(n int, from int64) []journal.Change {
	list := make([]journal.Change, n)
	for i := range list {
		id := from + int64(i)
		list[i] = journal.Change{CustomerID: id, RecordID: id * 2, Kind: "customer.created", After: fmt.Appendf(nil, `{"id":%d}`, id)}
		if i%3 == 0 {
			list[i].After, list[i].Kind = nil, "customer.updated"
		}
		if i%5 == 0 {
			list[i].Before = []byte{}
		}
	}
	return list
}

func TestBulkEntry(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		j, keys := open(t, db)
		ctx := t.Context()
		e := journal.Entry{Capability: "intake", Kind: "intake.batch_imported", SubjectKind: "customer", Batch: 4}
		first, second := changes(2500, 1), changes(1001, 2000)
		var id int64
		for _, part := range [][]journal.Change{first, second} {
			err := db.WithinBulk(ctx, func(ctx context.Context) (err error) {
				if id == 0 {
					id, err = j.AppendBulk(ctx, e, part)
					return err
				}
				return j.AppendChunks(ctx, id, part)
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		if _, err := j.Flush(ctx); err != nil {
			t.Fatal(err)
		}
		var got []journal.Change
		if err := j.BulkChanges(ctx, id, func(c []journal.Change) error { got = append(got, c...); return nil }); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, append(append([]journal.Change{}, first...), second...)) {
			t.Fatal("changes come back altered")
		}
		seen := map[int64]bool{}
		_, err := j.ConsumeOnce(ctx, "test", func(ctx context.Context, entries []journal.Entry) error {
			for _, e := range entries {
				ids, err := j.Subjects(ctx, e)
				if err != nil || !e.IsBulk() || e.ID != id || len(ids) != e.Rows {
					return fmt.Errorf("entry %+v has %d subjects: %w", e, len(ids), err)
				}
				for _, id := range ids {
					seen[id] = true
				}
			}
			return nil
		})
		if err != nil || len(seen) != 3000 {
			t.Fatalf("%v %d", err, len(seen))
		}
		one := journal.Entry{Capability: "intake", Kind: "customer.updated", SubjectKind: "customer", SubjectIDs: []int64{2001}, RecordID: 4002, After: json.RawMessage(`1`)}
		appendOne(t, db, j, one)
		appendOne(t, db, j, journal.Entry{SubjectIDs: []int64{2001}, After: json.RawMessage(`2`)}) // another capability's
		about := journal.Subject{Capability: "intake", Kind: "customer", ID: 2001}
		trail, err := j.ListBySubject(ctx, about, 0, 10)
		if err != nil || len(trail) != 3 || trail[0].Kind != "customer.updated" || string(trail[1].After) != `{"id":2001}` || trail[1].Batch != 4 {
			t.Fatalf("%v %+v", err, trail)
		}
		if page, err := j.ListBySubject(ctx, about, trail[0].ID, 1); err != nil || len(page) != 2 {
			t.Fatalf("rows of one entry stay together: %v %+v", err, page)
		}
		if err := keys.Erase(4002); err != nil {
			t.Fatal(err)
		}
		trail, err = j.ListBySubject(ctx, about, 0, 10)
		if err != nil || len(trail) != 3 || !trail[0].IsErased || trail[0].After != nil || !trail[1].IsErased {
			t.Fatalf("after erasing: %v %+v", err, trail)
		}
		if report, err := j.Verify(ctx, nil); err != nil || report.Changes != 3501 || report.Chunks != 5 {
			t.Fatalf("the chain must survive erasing: %v %+v", err, report)
		}
		if list, err := j.List(ctx, journal.Filter{Batch: 4}); err != nil || len(list) != 1 || list[0].ID != id {
			t.Fatalf("%v %+v", err, list)
		}
	})
}

func TestVerifyFindsTampering(t *testing.T) {
	t.Parallel()
	acts := map[string]string{
		"changed actor":    "UPDATE journal SET actor = 'someone' WHERE seq = 2",
		"changed body":     "UPDATE journal SET body = NULL WHERE seq = 2",
		"deleted":          "DELETE FROM journal WHERE seq = 2",
		"renumbered":       "UPDATE journal SET seq = 99 WHERE seq = 3",
		"chunk subjects":   "UPDATE journal_chunks SET subjects = body",
		"chunk deleted":    "DELETE FROM journal_chunks",
		"access changed":   "UPDATE access_log SET purpose = 'other'",
		"end cut off":      "DELETE FROM journal WHERE seq = 4",
		"access cut off":   "DELETE FROM access_log",
		"subject replaced": "UPDATE journal SET subject_id = 8 WHERE seq = 1",
	}
	for name, act := range acts {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			databasetest.Each(t, func(t *testing.T, db *database.DB) {
				j, _ := open(t, db)
				ctx := t.Context()
				for range 3 {
					appendOne(t, db, j, journal.Entry{SubjectIDs: []int64{1}, After: json.RawMessage(`{}`)})
				}
				err := db.Within(ctx, func(ctx context.Context) error {
					_, err := j.AppendBulk(ctx, journal.Entry{Capability: "intake", Kind: "k"}, changes(10, 1))
					if err != nil {
						return err
					}
					return j.LogAccess(ctx, journal.AccessEntry{Work: "customer.read", Purpose: "call"})
				})
				if err != nil {
					t.Fatal(err)
				}
				if _, err := j.Flush(ctx); err != nil {
					t.Fatal(err)
				}
				anchor, err := j.Anchor(ctx)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := j.Verify(ctx, &anchor); err != nil {
					t.Fatal(err)
				}
				if _, err := db.Exec(ctx, act); err != nil {
					t.Fatal(err)
				}
				if _, err := j.Verify(ctx, &anchor); !fault.Is(err, fault.Conflict) {
					t.Fatalf("not found out: %v", err)
				}
			})
		})
	}
}

func TestAccessLog(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		j, _ := open(t, db)
		ctx := t.Context()
		for i := range int64(4) {
			err := j.LogAccess(ctx, journal.AccessEntry{
				Work: "customer.read", IP: "10.0.0.1", Purpose: "complaint", SubjectKind: "customer",
				SubjectIDs: []int64{10 + i, 5, 20},
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := j.LogAccess(ctx, journal.AccessEntry{Work: "customer.export", Count: 500, ActorID: 9, Actor: "b"}); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			f    journal.AccessFilter
			want int
		}{
			{journal.AccessFilter{}, 5},
			{journal.AccessFilter{SubjectID: 12}, 1},
			{journal.AccessFilter{SubjectID: 5, SubjectKind: "customer"}, 4},
			{journal.AccessFilter{SubjectID: 19}, 0},
			{journal.AccessFilter{ActorID: 9}, 1},
			{journal.AccessFilter{Work: "customer.read", IP: "10.0.0.1", Limit: 3}, 3},
			{journal.AccessFilter{From: time.Now().Add(time.Hour)}, 0},
		} {
			list, err := j.ListAccess(ctx, c.f)
			if err != nil || len(list) != c.want {
				t.Errorf("%+v: %d %v", c.f, len(list), err)
			}
		}
		if _, err := j.Flush(ctx); err != nil {
			t.Fatal(err)
		}
		if report, err := j.Verify(ctx, nil); err != nil || report.Access != 5 {
			t.Fatalf("%+v %v", report, err)
		}
	})
}
