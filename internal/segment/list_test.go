// SPDX-License-Identifier: Apache-2.0

package segment_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/database/databasetest"
	"dangol/internal/platform/fault"
	"dangol/internal/segment"
)

// people is who has keys in a test, and who was merged into whom.
type people struct {
	aliases map[int64]int64
	cards   map[string][]int64
}

func (p *people) Aliases(context.Context) (map[int64]int64, error) { return p.aliases, nil }

func (p *people) HoldersOf(_ context.Context, scheme string, keys []string) (map[string][]int64, error) {
	if scheme != "card" {
		return nil, fault.New(fault.Invalid, "customer.no_scheme", "There is no key scheme {name}.", "name", scheme)
	}
	found := map[string][]int64{}
	for _, key := range keys {
		if ids := p.cards[key]; ids != nil {
			found[key] = ids
		}
	}
	return found, nil
}

func TestKeptLists(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := openWorld(t, populate(rand.New(rand.NewPCG(5, 6)), 100, 400))
		known := &people{aliases: map[int64]int64{}, cards: map[string][]int64{"A-1": {3}, "A-2": {4, 5}, "A-3": {900}}}
		s, _ := w.serviceWith(t, db, known)
		s.UseImage(w.image)
		rules := json.RawMessage(`{"event":"order"}`)
		buyers, err := s.Create(boss(), segment.Segment{Name: "구매자", Rules: rules})
		if err != nil {
			t.Fatal(err)
		}
		before, err := s.Members(boss(), buyers.ID, 0, 1000)
		if err != nil {
			t.Fatal(err)
		}
		frozen, err := s.Freeze(boss(), buyers.ID, "그때의 구매자")
		if err != nil || frozen.Origin != segment.OriginFrozen || *frozen.Count != int64(len(before)) {
			t.Fatalf("freeze: %+v, %v", frozen, err)
		}
		for range 5 {
			w.shake(t, rand.New(rand.NewPCG(9, 9)), 100)
		}
		after, err := s.Members(boss(), frozen.ID, 0, 1000)
		if err != nil || slices.ContainsFunc(after, func(id int64) bool { return !slices.Contains(before, id) }) || len(after) < len(before)-8 {
			t.Errorf("frozen members %v were %v, %v", after, before, err)
		}
		if len(before) < 20 {
			t.Fatal("too few buyers to prove anything")
		}

		found, err := s.Import(boss(), segment.Keys{Name: "카드", By: "card", Keys: []string{" A-1", "A-2", "A-1", "A-3", "B-9", ""}})
		if err != nil || found.Given != 4 || found.Found != 2 || found.Customers != 3 || found.Several != 1 || !slices.Equal(found.Unmatched, []string{"A-3", "B-9"}) {
			t.Fatalf("import: %+v, %v", found, err)
		}
		members, err := s.Members(boss(), found.Segment.ID, 0, 10)
		if err != nil || !slices.Equal(members, []int64{3, 4, 5}) {
			t.Errorf("members of the list: %v, %v", members, err)
		}
		trial, err := s.Import(boss(), segment.Keys{By: "id", Keys: []string{"7", "8", "x", "70000"}, IsTrial: true})
		if err != nil || trial.Segment != nil || trial.Customers != 2 || trial.UnmatchedCount != 2 {
			t.Errorf("a trial: %+v, %v", trial, err)
		}
		byGrade, err := s.Import(boss(), segment.Keys{By: "sido", Keys: []string{"서울특별시", "달나라"}, IsTrial: true})
		if err != nil || byGrade.Found != 1 || byGrade.Customers < 10 || byGrade.Several != 1 {
			t.Errorf("by a field: %+v, %v", byGrade, err)
		}
		branch := auth.With(context.Background(), auth.Person{ID: 2, Permissions: auth.Permit("*"), Scope: auth.Scope{Branch: "강남"}})
		narrow, err := s.Import(branch, segment.Keys{By: "sido", Keys: []string{"서울특별시"}, IsTrial: true})
		if err != nil || narrow.Customers >= byGrade.Customers || narrow.Customers == 0 {
			t.Errorf("a branch sees %d of %d, %v", narrow.Customers, byGrade.Customers, err)
		}
		for _, bad := range []segment.Keys{{By: "id"}, {By: "nothing", Keys: []string{"1"}}, {By: "card", Keys: []string{"Z"}}} {
			if _, err := s.Import(boss(), bad); fault.KindOf(err) != fault.Invalid {
				t.Errorf("%+v: %v", bad, err)
			}
		}
		if _, err := s.Create(boss(), segment.Segment{Name: "없는 목록", Rules: json.RawMessage(`{"list":77}`)}); code(err) != "segment.no_list" {
			t.Errorf("a list that is not there: %v", err)
		}

		// A customer of the list was merged into one outside it, who stands in for him.
		known.aliases[4] = 60
		w.shake(t, rand.New(rand.NewPCG(8, 8)), 100)
		if members, err = s.Members(boss(), found.Segment.ID, 0, 10); err != nil || !slices.Contains(members, 60) {
			t.Errorf("after a merge: %v, %v", members, err)
		}
		delete(known.aliases, 4)
		w.shake(t, rand.New(rand.NewPCG(8, 9)), 100)
		if members, err = s.Members(boss(), found.Segment.ID, 0, 10); err != nil || slices.Contains(members, 60) {
			t.Errorf("after parting: %v, %v", members, err)
		}
	})
}

// TestOverlapAndProfile compares both engines with each other, and with counts
// made one by one.
func TestOverlapAndProfile(t *testing.T) {
	t.Parallel()
	w := openWorld(t, populate(rand.New(rand.NewPCG(7, 6)), 400, 1500))
	db := databasetest.SQLite(t, database.Options{})
	fast, _ := w.service(t, db)
	fast.UseImage(w.image)
	slow, _ := w.service(t, db)
	rules := []string{
		`{"field":"sido","is":"eq","value":"서울특별시"}`, `{"event":"order","count":{"is":"gte","value":3}}`, `{"field":"attr.hobby","is":"is_set"}`,
	}
	var ids []int64
	sets := make([]map[int64]bool, len(rules))
	for i, rule := range rules {
		one, err := fast.Create(boss(), segment.Segment{Name: fmt.Sprint("그룹", i), Rules: json.RawMessage(rule)})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, one.ID)
		members, err := fast.Members(boss(), one.ID, 0, 1000)
		if err != nil {
			t.Fatal(err)
		}
		sets[i] = map[int64]bool{}
		for _, id := range members {
			sets[i][id] = true
		}
	}
	want := map[string]int64{}
	for id := int64(1); id <= 400; id++ {
		in := []int{}
		for i := range sets {
			if sets[i][id] {
				in = append(in, i)
			}
		}
		want[fmt.Sprint(in)]++
	}
	for engine, s := range map[string]*segment.Service{"image": fast, "duckdb": slow} {
		o, err := s.Overlap(boss(), []byte(rules[0]), ids[1:])
		if err != nil || o.Explain.Engine != engine || o.Outside != want["[]"] || o.Sizes[1] != int64(len(sets[1])) {
			t.Fatalf("%s: %+v, %v", engine, o, err)
		}
		for _, region := range o.Regions {
			if region.Count != want[fmt.Sprint(region.Sets)] {
				t.Errorf("%s: %v has %d, want %d", engine, region.Sets, region.Count, want[fmt.Sprint(region.Sets)])
			}
		}
		if _, err := s.Overlap(boss(), nil, nil); fault.KindOf(err) != fault.Invalid {
			t.Errorf("nothing to lay over: %v", err)
		}
	}
	a, err := fast.Profile(boss(), []byte(rules[0]))
	if err != nil || a.Count != int64(len(sets[0])) || a.Total != 400 || a.Explain.Engine != "image" {
		t.Fatalf("profile: %+v, %v", a, err)
	}
	b, err := slow.Profile(boss(), []byte(rules[0]))
	if err != nil || len(a.Traits) == 0 || len(a.Traits) != len(b.Traits) || a.Tests != b.Tests {
		t.Fatalf("%d and %d traits, %d and %d tests, %v", len(a.Traits), len(b.Traits), a.Tests, b.Tests, err)
	}
	// What the rule asks for stands out most: all have it, and nobody else.
	first := a.Traits[0]
	if first.Field != "sido" || first.Share != 1 && first.Share != 0 {
		t.Errorf("first trait: %+v", first)
	}
	for i := range a.Traits {
		x, y := a.Traits[i], b.Traits[i]
		if math.Abs(x.Z) != math.Abs(y.Z) || math.Abs(x.Q-y.Q) > 1e-12 {
			t.Errorf("trait %d: %+v against %+v", i, x, y)
		}
		if _, err := fast.Count(boss(), must(json.Marshal(x.Rule))); err != nil {
			t.Errorf("the rule of %+v: %v", x, err)
		}
	}
	// Chance alone stands out in nothing: every other customer by a kept list.
	var half []string
	for id := range 200 {
		half = append(half, fmt.Sprint(2*id+1))
	}
	kept, err := fast.Import(boss(), segment.Keys{Name: "절반", By: "id", Keys: half})
	if err != nil {
		t.Fatal(err)
	}
	if chance, err := fast.Profile(boss(), kept.Segment.Rules); err != nil || len(chance.Traits) > 0 || chance.Tests < 10 {
		t.Errorf("half of the people: %+v, %v", chance, err)
	}
}

func must(text []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return text
}
