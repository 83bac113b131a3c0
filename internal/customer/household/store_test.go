// SPDX-License-Identifier: Apache-2.0

package household_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"dangol/internal/customer"
	"dangol/internal/customer/household"
	"dangol/internal/match"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/database/databasetest"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
)

type house struct {
	*household.Service
	customers *customer.Service
	journal   *journal.Journal
	db        *database.DB
	t         *testing.T
}

func each(t *testing.T, test func(t *testing.T, ctx context.Context, h *house)) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		keys, err := journal.OpenKeys(filepath.Join(t.TempDir(), "keys"))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = keys.Close() })
		j := journal.New(db, keys, journal.Options{Actor: func(ctx context.Context) (int64, string) { return auth.From(ctx).ID, auth.From(ctx).Name }})
		customers := customer.New(db, j, customer.Options{})
		customers.UseLinker(match.NewLinker(customers.Store()))
		h := &house{household.New(db, j, customers, nil, nil), customers, j, db, t}
		customers.AddFollower(h.Service)
		test(t, auth.System(t.Context(), "test"), h)
	})
}

const flat = "서울특별시 강남구 테헤란로 152"

func (h *house) person(ctx context.Context, name, birth, sex, detail, branch string) int64 {
	h.t.Helper()
	values := customer.Patch{"full_name": name, "address": flat, "address_detail": detail, "birth_on": birth, "sex": sex}
	if branch != "" {
		values["branch"] = branch
	}
	c, err := h.customers.Create(ctx, customer.Draft{Values: values, AllowDouble: true})
	if err != nil {
		h.t.Fatal(err)
	}
	return c.ID
}

func (h *house) search(ctx context.Context) household.Summary {
	h.t.Helper()
	summary, err := h.Search(ctx, func(context.Context) error { return nil }, func(int64, int64, string) {})
	if err != nil {
		h.t.Fatal(err)
	}
	return summary
}

// of returns the members of a customer's household, nil when it has none.
func (h *house) of(ctx context.Context, id int64) ([]int64, *household.Shown) {
	h.t.Helper()
	shown, err := h.OfCustomer(ctx, id)
	if err != nil {
		h.t.Fatal(err)
	}
	if shown == nil {
		return nil, nil
	}
	var ids []int64
	for _, m := range shown.Members {
		if m.State == household.In {
			ids = append(ids, m.ID)
		}
	}
	return ids, shown
}

func (h *house) wants(ctx context.Context, what string, id int64, want ...int64) *household.Shown {
	h.t.Helper()
	got, shown := h.of(ctx, id)
	if !slices.Equal(got, want) {
		h.t.Errorf("%s: customer %d lives with %v, want %v", what, id, got, want)
	}
	return shown
}

func (h *house) do(entry int64, err error) int64 {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
	return entry
}

func TestSearchConfirmRejectUndo(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		father := h.person(ctx, "김철수", "1970-01-02", "male", "101동 1203호", "")
		mother := h.person(ctx, "이영희", "1972-05-06", "female", "101동 1203호", "")
		son := h.person(ctx, "김민준", "2001-07-08", "male", "101동 1203호", "")
		other := h.person(ctx, "박지우", "1990-01-01", "female", "101동 1204호", "")
		if s := h.search(ctx); s.Created != 1 || s.People != 3 {
			t.Fatalf("first search: %+v", s)
		}
		shown := h.wants(ctx, "suggested", son, father, mother, son)
		h.wants(ctx, "next door", other)
		if s := h.search(ctx); s.Created+s.Changed+s.Dropped != 0 {
			t.Errorf("a second search changes something: %+v", s)
		}
		if row, _ := h.customers.RowsOf(ctx, "", []int64{father, mother}); !row[0].IsHouseholdHead || row[1].IsHouseholdHead || row[0].HouseholdSize != 3 {
			t.Errorf("marks of the rows: %+v", row)
		}
		rejected := h.do(h.Reject(ctx, shown.ID))
		h.wants(ctx, "rejected", son)
		if s := h.search(ctx); s.Created != 0 {
			t.Errorf("a rejected household is suggested again: %+v", s)
		}
		if err := h.Undo(ctx, shown.ID, rejected); err != nil {
			t.Fatal(err)
		}
		h.wants(ctx, "rejection undone", son, father, mother, son)
		h.do(h.Confirm(ctx, shown.ID))
		removed := h.do(h.Update(ctx, shown.ID, household.Patch{Remove: []int64{son}}))
		h.wants(ctx, "son moved out", mother, father, mother)
		h.wants(ctx, "son moved out", son)
		if s := h.search(ctx); s.Additions != 0 {
			t.Errorf("who was taken out is suggested again: %+v", s)
		}
		if err := h.Undo(ctx, shown.ID, removed); err != nil {
			t.Fatal(err)
		}
		h.wants(ctx, "removal undone", son, father, mother, son)
		if err := h.Undo(ctx, shown.ID, removed); !fault.Is(err, fault.Conflict) {
			t.Errorf("undone twice: %v", err)
		}
		h.do(h.Update(ctx, shown.ID, household.Patch{Add: []int64{other}, HeadID: &mother}))
		h.wants(ctx, "neighbour moved in", other, father, mother, son, other)
		if row, _ := h.customers.RowsOf(ctx, "", []int64{mother}); !row[0].IsHouseholdHead {
			t.Error("the head that was chosen is not the head")
		}
		baby := h.person(ctx, "김아기", "2020-01-01", "female", "101동 1203호", "")
		if s := h.search(ctx); s.Additions != 1 || s.Created != 0 {
			t.Errorf("a new person at a confirmed household: %+v", s)
		}
		h.wants(ctx, "only suggested to join", baby)
		if _, _, err := h.Create(ctx, "", []int64{father, baby}); !fault.Is(err, fault.Conflict) {
			t.Errorf("a member of a confirmed household joins another: %v", err)
		}
	})
}

func TestMergesKeepHouseholdsRight(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		father := h.person(ctx, "김철수", "1970-01-02", "male", "101동 1203호", "")
		mother := h.person(ctx, "이영희", "1972-05-06", "female", "101동 1203호", "")
		h.search(ctx)
		shown := h.wants(ctx, "at first", mother, father, mother)
		h.do(h.Confirm(ctx, shown.ID))
		twin := h.person(ctx, "이영희", "1972-05-06", "female", "200호", "") // the mother again, at her old address
		if _, err := h.customers.Merge(ctx, twin, mother, nil); err != nil {
			t.Fatal(err)
		}
		h.wants(ctx, "the survivor inherits", twin, father, twin)
		if row, _ := h.customers.RowsOf(ctx, "", []int64{father}); row[0].HouseholdSize != 2 {
			t.Errorf("size after a merge: %d", row[0].HouseholdSize)
		}
		h.do(h.Update(ctx, shown.ID, household.Patch{HeadID: &twin})) // an edit while merged
		records, err := h.customers.ListRecords(ctx, twin)
		if err != nil {
			t.Fatal(err)
		}
		var back []int64
		for _, r := range records {
			if r.HomeID == mother {
				back = append(back, r.ID)
			}
		}
		if _, err := h.customers.Unmerge(ctx, twin, back); err != nil {
			t.Fatal(err)
		}
		h.wants(ctx, "un-merged", mother, father, mother)
		h.wants(ctx, "the other is alone again", twin)
		// Two members of one household turn out to be one person.
		if _, err := h.customers.Merge(ctx, father, mother, nil); err != nil {
			t.Fatal(err)
		}
		if got, _ := h.of(ctx, father); !slices.Equal(got, []int64{father}) {
			t.Errorf("merged within: %v", got)
		}
	})
}

// TestWhoeverGetsAnotherHouseholdIsNamedInTheJournal merges two members of a household and erases another: analysis
// follows the journal, so it must name those whose household shrank although nothing was done to them.
func TestWhoeverGetsAnotherHouseholdIsNamedInTheJournal(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		h.customers.AddEraser(h.Eraser())
		father := h.person(ctx, "김철수", "1970-01-02", "male", "101동 1203호", "")
		mother := h.person(ctx, "이영희", "1972-05-06", "female", "101동 1203호", "")
		son := h.person(ctx, "김민수", "1999-03-04", "male", "101동 1203호", "")
		daughter := h.person(ctx, "김민지", "2001-07-08", "female", "101동 1203호", "")
		h.search(ctx)
		h.wants(ctx, "at first", mother, father, mother, son, daughter)
		for what, do := range map[string]func() error{
			"merge": func() error { _, err := h.customers.Merge(ctx, son, daughter, nil); return err },
			"erase": func() error { _, err := h.customers.Erase(ctx, father, customer.ErasedOnRequest); return err },
		} {
			before, err := h.journal.List(ctx, journal.Filter{Capability: "customer", Limit: 1})
			if err != nil {
				t.Fatal(err)
			}
			if err := do(); err != nil {
				t.Fatal(err)
			}
			entries, err := h.journal.List(ctx, journal.Filter{Capability: "customer", Limit: 100})
			if err != nil {
				t.Fatal(err)
			}
			named := false
			for _, e := range entries {
				named = named || e.ID > before[0].ID && slices.Contains(e.SubjectIDs, mother)
			}
			if !named {
				t.Errorf("after the %s nobody hears that the household of the mother is smaller", what)
			}
		}
	})
}

func TestHouseholdsStayInsideTheRowsOfAPerson(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		father := h.person(ctx, "김철수", "1970-01-02", "male", "101동 1203호", "강남점")
		mother := h.person(ctx, "이영희", "1972-05-06", "female", "101동 1203호", "서초점")
		h.search(ctx)
		agent := auth.With(t.Context(), auth.Person{ID: 7, Name: "agent", Scope: auth.Scope{Branch: "강남점"}, Permissions: auth.Permit("*")})
		shown := h.wants(agent, "agent", father, father)
		if shown == nil || len(shown.Members[0].Evidence) != 0 || shown.Members[0].HouseholdSize != 0 {
			t.Fatalf("an agent learns of people of another branch: %+v", shown)
		}
		h.wants(agent, "agent", mother)
		list, _, total, err := h.List(agent, household.Filter{To: 1000, Limit: 10})
		if err != nil || len(list) != 1 || total != 1 || len(list[0].Members) != 1 {
			t.Errorf("list of an agent: %+v, %d, %v", list, total, err)
		}
		if _, err := h.Confirm(agent, shown.ID); !fault.Is(err, fault.Forbidden) {
			t.Errorf("an agent decides about people he does not see: %v", err)
		}
		stranger := auth.With(t.Context(), auth.Person{ID: 8, Scope: auth.Scope{Branch: "부산점"}, Permissions: auth.Permit("*")})
		if _, err := h.Open(stranger, shown.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("a stranger opens it: %v", err)
		}
		if page, err := h.Timeline(agent, shown.ID, "", 50, ""); err != nil || len(page.Items) == 0 {
			t.Errorf("timeline: %v, %v", page, err)
		}
	})
}

func TestRelationsAndCircles(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		var ids []int64
		for i := range 4 {
			ids = append(ids, h.person(ctx, fmt.Sprintf("사람%c", '가'+rune(i)), "", "", fmt.Sprintf("%d호", 100+i), ""))
		}
		introduce := func(above, below int64) error {
			_, err := h.customers.CreateRelation(ctx, customer.Relation{CustomerID: below, OtherID: above, Kind: "introducer", SinceOn: "2026-01-02"})
			return err
		}
		if err := introduce(ids[0], ids[1]); err != nil {
			t.Fatal(err)
		}
		if _, err := h.customers.CreateRelation(ctx, customer.Relation{CustomerID: ids[1], OtherID: ids[2], Kind: "introduced"}); err != nil {
			t.Fatal(err)
		}
		if err := introduce(ids[2], ids[0]); fault.CodeOf(err) != "customer.relation_circle" {
			t.Errorf("a circle: %v", err)
		}
		if err := introduce(ids[3], ids[2]); fault.CodeOf(err) != "customer.introduced_already" {
			t.Errorf("two introducers: %v", err)
		}
		if err := introduce(ids[0], ids[1]); fault.CodeOf(err) != "customer.related_already" {
			t.Errorf("the same again: %v", err)
		}
		list, err := h.customers.ListRelations(ctx, ids[1])
		if err != nil || len(list) != 2 || list[0].Kind != "introduced" && list[1].Kind != "introduced" {
			t.Errorf("both directions: %+v, %v", list, err)
		}
	})
}
