// SPDX-License-Identifier: Apache-2.0

package segment_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"

	"dangol/internal/customer"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/database/databasetest"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
	"dangol/internal/platform/warehouse"
	"dangol/internal/segment"
)

type faces struct{}

func (faces) Faces(_ context.Context, ids []int64) ([]segment.Face, error) {
	var list []segment.Face
	for _, id := range ids {
		list = append(list, segment.Face{ID: id, Name: "김*"})
	}
	return list, nil
}

// service makes a service over a world and a database of its own.
func (w *world) service(t testing.TB, db *database.DB) (*segment.Service, *journal.Journal) {
	t.Helper()
	return w.serviceWith(t, db, nil)
}

func (w *world) serviceWith(t testing.TB, db *database.DB, who segment.People) (*segment.Service, *journal.Journal) {
	t.Helper()
	keys, err := journal.OpenKeys(filepath.Join(t.TempDir(), "keys"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = keys.Close() })
	j := journal.New(db, keys, journal.Options{})
	var tables []warehouse.Table
	for _, name := range []string{"customers", "order_lines", "products"} {
		s := w.sheets[name]
		tables = append(tables, warehouse.Table{Name: s.name, Key: s.key, Columns: s.columns, Load: func(_ context.Context, ids []int64, emit func(row ...any) error) error {
			key := slices.IndexFunc(s.columns, func(c warehouse.Column) bool { return c.Name == s.key })
			for _, row := range s.rows {
				if ids == nil || slices.Contains(ids, row[key].(int64)) {
					if err := emit(row...); err != nil {
						return err
					}
				}
			}
			return nil
		}})
	}
	return segment.New(db, j, w.warehouse, w.cubes, segment.Options{Tables: tables, Zone: seoul, Faces: faces{}, People: who}), j
}

func TestSavedSegments(t *testing.T) {
	t.Parallel()
	w := openWorld(t, populate(rand.New(rand.NewPCG(1, 2)), 100, 400))
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		s, _ := w.service(t, db)
		rules := json.RawMessage(`{"field":"sido","is":"eq","value":"서울특별시"}`)
		base, err := s.Create(boss(), segment.Segment{Name: " 서울 ", Rules: rules})
		if err != nil || base.Name != "서울" || base.Version != 1 || base.Count == nil || *base.Count == 0 {
			t.Fatalf("create: %+v, %v", base, err)
		}
		if _, err := s.Create(boss(), segment.Segment{Name: "서울", Rules: rules}); fault.KindOf(err) != fault.Conflict {
			t.Errorf("the same name: %v", err)
		}
		nested := json.RawMessage(fmt.Sprintf(`{"op":"and","rules":[{"segment":%d},{"event":"order"}]}`, base.ID))
		top, err := s.Create(boss(), segment.Segment{Name: "서울 구매자", Rules: nested})
		if err != nil || *top.Count > *base.Count {
			t.Fatalf("nested: %+v, %v", top, err)
		}
		circle := json.RawMessage(fmt.Sprintf(`{"op":"or","rules":[{"segment":%d}]}`, top.ID))
		if _, err := s.Update(boss(), base.ID, segment.Patch{Rules: &circle, Version: 1}); code(err) != "rule.circle" {
			t.Errorf("a circle: %v", err)
		}
		wider := json.RawMessage(`{"field":"sido","is":"is_set"}`)
		changed, err := s.Update(boss(), base.ID, segment.Patch{Rules: &wider, Version: 1})
		if err != nil || changed.Version != 2 || *changed.Count <= *base.Count {
			t.Fatalf("update: %+v, %v", changed, err)
		}
		if _, err := s.Update(boss(), base.ID, segment.Patch{Version: 1}); fault.KindOf(err) != fault.Conflict {
			t.Errorf("an old version: %v", err)
		}
		if old, err := s.FindVersion(boss(), base.ID, 1); err != nil || string(old) != string(rules) {
			t.Errorf("older rules: %s, %v", old, err)
		}
		if err := s.Delete(boss(), base.ID); code(err) != "segment.in_use" {
			t.Errorf("deleting what another is made of: %v", err)
		}
		var members []int64
		if _, err := s.EachMember(boss(), top.ID, func(ids []int64) error { members = append(members, ids...); return nil }); err != nil {
			t.Fatal(err)
		}
		if n, err := s.Count(boss(), top.Rules); err != nil || n != int64(len(members)) || !slices.IsSorted(members) {
			t.Errorf("%d members handed on, %d counted, %v", len(members), n, err)
		}
		var paged []int64
		for after := int64(0); ; {
			page, err := s.Members(boss(), top.ID, after, 7)
			if err != nil {
				t.Fatal(err)
			}
			paged = append(paged, page...)
			if len(page) < 7 {
				break
			}
			after = page[len(page)-1]
		}
		if !slices.Equal(paged, members) {
			t.Errorf("paged %v, all %v", paged, members)
		}
		if err := s.Delete(boss(), top.ID); err != nil {
			t.Error(err)
		}
		if _, err := s.Find(boss(), top.ID); fault.KindOf(err) != fault.NotFound {
			t.Errorf("after deletion: %v", err)
		}
	})
}

func code(err error) string {
	if f, ok := fault.As(err); ok {
		return f.Code
	}
	return fmt.Sprint(err)
}

func TestPreviewAndRights(t *testing.T) {
	t.Parallel()
	w := openWorld(t, populate(rand.New(rand.NewPCG(3, 4)), 200, 800))
	s, _ := w.service(t, databasetest.SQLite(t, database.Options{}))
	as := func(scope auth.Scope, permissions ...string) context.Context {
		return auth.With(context.Background(), auth.Person{ID: 2, Permissions: auth.Permit(permissions...), Scope: scope})
	}
	everything, err := s.Preview(boss(), nil)
	if err != nil || everything.Count != 200 || everything.Total != 200 || len(everything.Faces) != 5 {
		t.Fatalf("everybody: %+v, %v", everything, err)
	}
	again, err := s.Preview(boss(), []byte(`{"op":"and"}`))
	if err != nil || again.Faces[0] != everything.Faces[0] {
		t.Errorf("the sample flickers: %+v, %v", again, err)
	}
	branch, err := s.Preview(as(auth.Scope{Branch: "강남"}, "segment:read", "customer:read", "order:read"), []byte(`{"event":"order"}`))
	if err != nil || branch.Total == 0 || branch.Total >= 200 || branch.Count > branch.Total {
		t.Errorf("one branch: %+v, %v", branch, err)
	}
	nobody, err := s.Preview(as(auth.Scope{}, "segment:read", "customer:read", "order:read"), nil)
	if err != nil || nobody.Count != 0 || len(nobody.Faces) != 0 {
		t.Errorf("no scope: %+v, %v", nobody, err)
	}
	for name, ctx := range map[string]context.Context{
		"signed out":   context.Background(),
		"no segments":  as(auth.Scope{All: true}, "customer:read", "order:read"),
		"not of order": as(auth.Scope{All: true}, "segment:read", "customer:read"),
	} {
		_, err := s.Preview(ctx, []byte(`{"event":"order"}`))
		if kind := fault.KindOf(err); kind != fault.Forbidden && kind != fault.Unauthenticated {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestListPages walks lists page by page in every order: no customer may be
// shown twice or left out.
func TestListPages(t *testing.T) {
	t.Parallel()
	w := openWorld(t, populate(rand.New(rand.NewPCG(5, 6)), 230, 500))
	s, _ := w.service(t, databasetest.SQLite(t, database.Options{}))
	zone := seoul
	for _, sort := range []string{"", "id", "full_name", "sido", "birth_on", "created_at", "attr.points", "attr.rate", "has_email", "owner_id", "rfm_r", "rfm_segment"} {
		for _, desc := range []bool{false, true} {
			question := customer.Question{Sort: sort, Desc: desc, Limit: 17, CountTo: 100, Rules: json.RawMessage(`{"field":"sido","is":"ne","value":"경기도"}`)}
			var ids []int64
			var values []any
			for {
				answer, err := s.FindIDs(boss(), question)
				if err != nil {
					t.Fatalf("sort %s: %v", sort, err)
				}
				ids, values = append(ids, answer.IDs...), append(values, answer.Values...)
				if question.After == nil && (answer.Total != 100 || !answer.Capped) {
					t.Errorf("sort %s: total %d, capped %v", sort, answer.Total, answer.Capped)
				}
				if len(answer.IDs) < question.Limit {
					break
				}
				// As the list does: the anchor's value comes from the system of record.
				question.After = &customer.Anchor{ID: ids[len(ids)-1], Value: w.recorded(sort, ids[len(ids)-1], values[len(values)-1])}
			}
			seen := slices.Compact(slices.Sorted(slices.Values(ids)))
			n, err := s.Count(boss(), question.Rules)
			if err != nil || len(seen) != len(ids) || int64(len(ids)) != n {
				t.Errorf("sort %s desc %v: %d rows, %d different, %d in all, %v", sort, desc, len(ids), len(seen), n, err)
			}
			isMissing := false
			for _, v := range values {
				if v != nil && isMissing {
					t.Errorf("sort %s desc %v: a row with a value after one without", sort, desc)
					break
				}
				isMissing = v == nil
			}
		}
	}
	_ = zone
	jump, err := s.FindIDs(boss(), customer.Question{Sort: "full_name", Offset: 200, Limit: 50})
	if err != nil || len(jump.IDs) != 30 {
		t.Errorf("jump: %d rows, %v", len(jump.IDs), err)
	}
	if _, err := s.FindIDs(boss(), customer.Question{Sort: "shoe_size"}); fault.KindOf(err) != fault.Invalid {
		t.Errorf("unknown sort: %v", err)
	}
}

// recorded is the value of a sort field as customer's golden row has it.
func (w *world) recorded(sort string, id int64, found any) any {
	if sort != "created_at" || found == nil {
		return found
	}
	for _, row := range w.sheets["customers"].rows {
		if row[0] == id {
			return row[10].(interface{ UnixMicro() int64 }).UnixMicro()
		}
	}
	return nil
}

// TestJudgedBySystemOfRecord compares the answers for single customers with
// those for all.
func TestJudgedBySystemOfRecord(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(9, 9))
	w := openWorld(t, populate(r, 120, 500))
	s, _ := w.service(t, databasetest.SQLite(t, database.Options{}))
	m := &ruleMaker{r: r, fields: w.catalogue.Fields(), events: w.catalogue.Events(), texts: []string{"서울특별시", "VIP", "fish", "매장", "과자", "champion"}}
	var ids []int64
	for id := int64(1); id <= 120; id += 3 {
		ids = append(ids, id)
	}
	compared := 0
	for range 200 {
		rule := m.rule(2)
		text, _ := json.Marshal(rule)
		p, err := s.Compile(boss(), text)
		if err != nil {
			continue // refers to a segment that is not there, or is invalid
		}
		all, err := w.inDuckDB(p)
		if err != nil {
			t.Fatal(err)
		}
		got, err := s.MatchIDs(boss(), text, ids)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		want := slices.DeleteFunc(slices.Clone(all), func(id int64) bool { return !slices.Contains(ids, id) })
		if !slices.Equal(got, want) {
			t.Fatalf("%s: judged %v, warehouse %v", text, got, want)
		}
		compared++
	}
	if compared < 100 {
		t.Errorf("only %d trees compared", compared)
	}
}

func TestPendingChanges(t *testing.T) {
	t.Parallel()
	w := openWorld(t, populate(rand.New(rand.NewPCG(8, 8)), 20, 20))
	db := databasetest.SQLite(t, database.Options{})
	s, j := w.service(t, db)
	ask := func() []int64 {
		t.Helper()
		answer, err := s.FindIDs(boss(), customer.Question{Limit: 5})
		if err != nil {
			t.Fatal(err)
		}
		return answer.Pending
	}
	if got := ask(); len(got) != 0 {
		t.Errorf("nothing has changed, but %v are pending", got)
	}
	err := db.Within(t.Context(), func(ctx context.Context) error {
		for _, id := range []int64{7, 3, 7} {
			if err := j.Append(ctx, journal.Entry{Capability: "customer", Kind: "customer.updated", SubjectKind: "customer", SubjectIDs: []int64{id}, Actor: "t"}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := ask(); !slices.Equal(got, []int64{3, 7}) {
		t.Errorf("pending %v", got)
	}
	if _, err := j.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := w.warehouse.CatchUp(t.Context(), j); err != nil {
		t.Fatal(err)
	}
	if got := ask(); len(got) != 0 {
		t.Errorf("the warehouse has caught up, but %v are pending", got)
	}
}
