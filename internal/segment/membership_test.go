// SPDX-License-Identifier: Apache-2.0

package segment_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"dangol/internal/platform/database"
	"dangol/internal/platform/database/databasetest"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
	"dangol/internal/platform/warehouse"
	"dangol/internal/segment"
)

// shake changes some customers and their lines, and has the warehouse and the
// image take it in.
func (w *world) shake(t *testing.T, r *rand.Rand, people int) []int64 {
	t.Helper()
	fresh := populate(r, people, people*4)
	set := map[int64]bool{}
	for range 1 + r.IntN(8) {
		set[int64(1+r.IntN(people))] = true
	}
	var ids []int64
	for id := range set {
		ids = append(ids, id)
	}
	for name, key := range map[string]int{"customers": 0, "order_lines": 1} {
		s := w.sheets[name]
		s.rows = slices.DeleteFunc(s.rows, func(row []any) bool { return set[row[key].(int64)] })
		for _, row := range fresh[name].rows {
			if set[row[key].(int64)] && (name == "order_lines" || r.IntN(12) > 0) {
				s.rows = append(s.rows, row)
			}
		}
		w.tables.Add(s.name, s.key, s.columns)
		for _, row := range s.rows {
			if err := w.tables.Put(s.name, row...); err != nil {
				t.Fatal(err)
			}
		}
	}
	seq := w.warehouse.Position().Seq + 1
	err := w.warehouse.Apply(context.Background(), []warehouse.Entry{{Seq: seq, Kind: "customer.updated", SubjectKind: "customer", SubjectIDs: ids}})
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

// TestMembersFollowChanges keeps the members of random segments up to date by
// asking the touched customers alone; they must always be exactly those whom
// the rules choose, and every coming and going must be told.
func TestMembersFollowChanges(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		r := rand.New(rand.NewPCG(31, 7))
		const people = 120
		w := openWorld(t, populate(r, people, 500))
		s, j := w.service(t, db)
		s.UseImage(w.image)
		m := &ruleMaker{r: r, fields: w.catalogue.Fields(), events: w.catalogue.Events(), texts: []string{"서울특별시", "male", "VIP", "낚시", "매장", "과자", "champion"}}
		var list []segment.Segment
		for i := 0; len(list) < 12; i++ {
			rules, err := json.Marshal(m.rule(2))
			if err != nil {
				t.Fatal(err)
			}
			one, err := s.Create(boss(), segment.Segment{Name: fmt.Sprint("그룹 ", i), Rules: rules})
			if fault.KindOf(err) == fault.Invalid || fault.KindOf(err) == fault.NotFound {
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, one)
		}
		known := map[int64]map[int64]bool{}
		for _, one := range list {
			if asked, err := s.Evaluate(boss(), one.ID); err != nil || !asked {
				t.Fatalf("first evaluation: %v, %v", asked, err)
			}
			known[one.ID] = map[int64]bool{}
			for _, id := range w.members(t, s, one) {
				known[one.ID][id] = true
			}
		}
		touched := 0
		for range 25 {
			w.shake(t, r, people)
			for _, one := range list {
				if _, err := s.Evaluate(boss(), one.ID); err != nil {
					t.Fatal(err)
				}
				want := w.members(t, s, one)
				found, err := s.Find(boss(), one.ID)
				if err != nil || *found.Count != int64(len(want)) || found.State == nil || found.State.State != segment.StateFresh {
					t.Fatalf("%s: %d members of %d, state %+v, %v", one.Rules, *found.Count, len(want), found.State, err)
				}
				if found.State.Scope == segment.ScopeTouched {
					touched++
				}
			}
		}
		if touched < 200 {
			t.Errorf("only %d of 300 evaluations asked the touched alone", touched)
		}
		// What the journal told, applied to the first members, must be the last.
		entries := 0
		if _, err := j.Flush(boss()); err != nil {
			t.Fatal(err)
		}
		_, err := j.ConsumeOnce(boss(), "test", func(_ context.Context, batch []journal.Entry) error {
			for _, e := range batch {
				if e.Kind != segment.KindEntered && e.Kind != segment.KindLeft {
					continue
				}
				entries++
				var after struct {
					ID int64 `json:"segment_id"`
				}
				if err := json.Unmarshal(e.After, &after); err != nil {
					return err
				}
				for _, id := range e.SubjectIDs {
					if known[after.ID][id] == (e.Kind == segment.KindEntered) {
						t.Errorf("segment %d: %s of %d was told twice", after.ID, e.Kind, id)
					}
					known[after.ID][id] = e.Kind == segment.KindEntered
				}
			}
			return nil
		})
		if err != nil || entries == 0 {
			t.Fatalf("%d entries, %v", entries, err)
		}
		for _, one := range list {
			want := w.members(t, s, one)
			n := 0
			for id, is := range known[one.ID] {
				if _, found := slices.BinarySearch(want, id); is && !found {
					t.Errorf("segment %d: the journal says %d is in", one.ID, id)
				}
				if is {
					n++
				}
			}
			if n != len(want) {
				t.Errorf("segment %d: the journal has %d members, not %d", one.ID, n, len(want))
			}
			h, err := s.History(boss(), one.ID)
			if err != nil || len(h.Sizes) == 0 || h.Sizes[len(h.Sizes)-1].Members != int64(len(want)) {
				t.Errorf("history: %+v, %v", h.Sizes, err)
			}
			for _, id := range []int64{1, 2, 3, 50} {
				why, err := s.Why(boss(), one.ID, id)
				_, is := slices.BinarySearch(want, id)
				if err != nil || why.IsIn != is {
					t.Errorf("why %d: %+v, %v", id, why, err)
				}
			}
		}
	})
}

// members are whom the Go evaluator chooses.
func (w *world) members(t *testing.T, s *segment.Service, one segment.Segment) []int64 {
	t.Helper()
	p, err := s.Compile(boss(), one.Rules)
	if err != nil {
		t.Fatal(err)
	}
	return w.inGo(p)
}

func TestBrokenSegmentSaysSo(t *testing.T) {
	t.Parallel()
	w := openWorld(t, populate(rand.New(rand.NewPCG(5, 5)), 30, 50))
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		s, _ := w.service(t, db)
		s.UseImage(w.image)
		one, err := s.Create(boss(), segment.Segment{Name: "a", Rules: json.RawMessage(`{"event":"order"}`)})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.Exec(boss(), `UPDATE segments SET rules = '{"field":"gone","is":"is_set"}' WHERE id = ?`, one.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Evaluate(boss(), one.ID); err != nil {
			t.Fatal(err)
		}
		found, err := s.Find(boss(), one.ID)
		if err != nil || found.State == nil || found.State.State != segment.StateFailed || found.Problem == "" || found.State.Problem != found.Problem {
			t.Errorf("%+v, %v", found, err)
		}
	})
}
