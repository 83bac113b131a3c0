// SPDX-License-Identifier: Apache-2.0

package customer_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"dangol/internal/customer"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
)

func (h *house) update(ctx context.Context, id int64, patch customer.Patch) (*customer.Customer, int64) {
	h.t.Helper()
	c, entry, err := h.Update(ctx, id, 0, patch)
	if err != nil {
		h.t.Fatal(err)
	}
	return c, entry
}

func TestHandEditStaysAndCanBeUndone(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		h.take(ctx, "members", 1, h.record(ctx, "0000000001", hong))
		id := h.only(ctx, "한길동").ID
		before := h.state(ctx)
		c, first := h.update(ctx, id, customer.Patch{"mobile": "010 7777 8888", "memo": "단골"})
		if c.Values.Text[customer.Mobile] != "+821077778888" || c.Provenance.Of("mobile").Reason != customer.Pin || c.Records != 2 {
			t.Fatalf("%+v %+v", c.Values.Text, c.Provenance)
		}
		if h.only(ctx, "8888").ID != id {
			t.Fatal("the new number finds nobody")
		}
		c, second := h.update(ctx, id, customer.Patch{"memo": nil, "grade": "SILVER"})
		if c.Values.Text[customer.Memo] != "" || c.Values.Text[customer.Grade] != "SILVER" || c.Values.Text[customer.Mobile] != "+821077778888" {
			t.Fatalf("%+v", c.Values.Text)
		}
		// An import does not overrule what staff typed.
		changed := row{"full_name": "한길동", "mobile": "010-1234-5678", "email": "new@naver.com", "members": "0000000001", "grade": "GOLD"}
		h.take(ctx, "members", 2, h.record(ctx, "0000000001", changed))
		c = h.only(ctx, "한길동")
		if c.Values.Text[customer.Grade] != "SILVER" || c.Values.Text[customer.Email] != "new@naver.com" {
			t.Fatalf("%+v", c.Values.Text)
		}
		h.undo(ctx, 2)
		if _, err := h.Undo(ctx, id, first); fault.CodeOf(err) != "customer.changed_since" {
			t.Fatalf("undo of an earlier change of the same field: %v", err)
		}
		if _, err := h.Undo(ctx, id, second); err != nil {
			t.Fatal(err)
		}
		if c = h.only(ctx, "한길동"); c.Values.Text[customer.Memo] != "단골" || c.Values.Text[customer.Grade] != "VIP" {
			t.Fatalf("%+v", c.Values.Text)
		}
		if _, err := h.Undo(ctx, id, first); err != nil {
			t.Fatal(err)
		}
		if after := h.state(ctx); after != before {
			t.Fatalf("undo of edits:\n%s\n%s", before, after)
		}
	})
}

func TestEditIsCheckedAndVersioned(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		h.take(ctx, "members", 1, h.record(ctx, "0000000001", hong))
		c := h.only(ctx, "한길동")
		if _, _, err := h.Update(ctx, c.ID, c.Version, customer.Patch{"grade": "A"}); err != nil {
			t.Fatal(err)
		}
		if _, _, err := h.Update(ctx, c.ID, c.Version, customer.Patch{"grade": "B"}); fault.CodeOf(err) != "customer.changed" {
			t.Fatalf("old version: %v", err)
		}
		for _, patch := range []customer.Patch{{"mobile": "12"}, {"email": "keine adresse"}, {"nothing": "x"}, {"birth_on": "2026-13-45"}, {"owner_id": "abc"}, {}, {"grade": []any{1}}} {
			if _, _, err := h.Update(ctx, c.ID, 0, patch); !fault.Is(err, fault.Invalid) {
				t.Errorf("%v: %v", patch, err)
			}
		}
		d, _ := h.update(ctx, c.ID, customer.Patch{"address": "부산 해운대구 센텀중앙로 79"})
		if d.Values.Text[customer.Sido] != "부산광역시" || d.Values.Text[customer.Sigungu] != "해운대구" {
			t.Fatalf("%+v", d.Values.Text)
		}
	})
}

func TestPinsChooseARecord(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		low := h.record(ctx, "a", row{"full_name": "한길동", "mobile": "010-1234-5678", "grade": "SILVER"})
		h.take(ctx, "members", 1, low)
		h.take(ctx, "shop", 2, h.record(ctx, "b", row{"full_name": "한길동", "mobile": "010-1234-5678", "grade": "VIP"}))
		c := h.only(ctx, "한길동")
		if c.Values.Text[customer.Grade] != "VIP" || c.Provenance.Of("grade").Reason != customer.Recency || c.Provenance.Of("mobile").Reason != customer.Agreed {
			t.Fatalf("%+v", c.Provenance)
		}
		if c, _ = h.Pin(ctx, c.ID, "grade", low.ID); c.Values.Text[customer.Grade] != "SILVER" {
			t.Fatal("the pin does not hold")
		}
		if c, _ = h.Pin(ctx, c.ID, "grade", 0); c.Values.Text[customer.Grade] != "VIP" {
			t.Fatal("the rules do not decide again")
		}
		if _, err := h.Pin(ctx, c.ID, "company", low.ID); !fault.Is(err, fault.Invalid) {
			t.Fatalf("pin without a value: %v", err)
		}
		sources, err := h.ListSources(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, source := range sources {
			if source.Name == "members" {
				source.Trust = 80
				if _, err := h.SaveSource(ctx, source); err != nil {
					t.Fatal(err)
				}
			}
		}
		h.take(ctx, "call", 3, h.record(ctx, "", row{"full_name": "한길동", "mobile": "010-1234-5678", "grade": "GOLD"}))
		if c = h.only(ctx, "한길동"); c.Values.Text[customer.Grade] != "SILVER" || c.Provenance.Of("grade").Reason != customer.Trust {
			t.Fatalf("trust: %+v %+v", c.Values.Text, c.Provenance)
		}
	})
}

func TestNewRulesReachEveryRow(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		for i := range 30 {
			mobile := fmt.Sprintf("010-1234-%04d", 5000+i)
			h.take(ctx, "members", int64(i), h.record(ctx, "", row{"full_name": "한길동", "mobile": mobile, "grade": "SILVER", "company": "한국상사"}))
			h.take(ctx, "shop", int64(100+i), h.record(ctx, "", row{"full_name": "한길동", "mobile": mobile, "grade": "A"}))
		}
		if err := h.SaveSurvivorship(ctx, customer.SurvivorshipRule{Field: "grade", Criteria: "completeness"}); err != nil {
			t.Fatal(err)
		}
		none := func(context.Context) error { return nil }
		if err := h.RecomputeAll(ctx, none, func(int64, int64) {}); err != nil {
			t.Fatal(err)
		}
		before := h.state(ctx)
		for _, c := range h.listAll(ctx, "id", 50) {
			if c.Values.Text[customer.Grade] != "SILVER" || c.Provenance.Of("grade").Reason != customer.Completeness {
				t.Fatalf("%+v", c.Values.Text)
			}
		}
		if err := h.RecomputeAll(ctx, none, func(int64, int64) {}); err != nil || h.state(ctx) != before {
			t.Fatalf("computing twice changed something: %v", err)
		}
		if hits, err := h.Suggest(ctx, "국상", 50); err != nil || len(hits) != 30 {
			t.Fatalf("%d hits %v", len(hits), err)
		}
	})
}

func TestCreateByHandWarnsOfDoubles(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		h.take(ctx, "members", 1, h.record(ctx, "0000000001", hong))
		known := h.only(ctx, "한길동").ID
		draft := customer.Draft{Values: customer.Patch{"full_name": "한길동", "mobile": "01012345678"}}
		_, err := h.Create(ctx, draft)
		if f, ok := fault.As(err); !ok || f.Code != "customer.exists" || f.Fields["other_id"] != known {
			t.Fatalf("%v", err)
		}
		draft.AllowDouble = true
		double, err := h.Create(ctx, draft)
		if err != nil || double.ID == known || double.Hidden {
			t.Fatalf("%+v %v", double, err)
		}
		// A record with the key of both must not make one of them after a person said they are two.
		h.take(ctx, "call", 2, h.record(ctx, "", row{"full_name": "한길동", "mobile": "010-1234-5678"}))
		if c, err := h.Store().Find(ctx, double.ID); err != nil || c.AliasOf != 0 {
			t.Fatalf("%+v %v", c, err)
		}
		fresh, err := h.Create(ctx, customer.Draft{Values: customer.Patch{"full_name": "성춘향", "email": "spring@naver.com"}, Keys: map[string]string{"members": "77"}})
		if err != nil {
			t.Fatal(err)
		}
		if h.only(ctx, "77").ID != fresh.ID {
			t.Fatal("the typed key finds nobody")
		}
	})
}

func TestCustomAttributesWorkAtOnce(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		a, err := h.CreateAttribute(ctx, customer.Attribute{Name: "size", LabelKo: "치수", Type: customer.TypeInteger})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.CreateAttribute(ctx, customer.Attribute{Name: "size", LabelKo: "치수", Type: customer.TypeText}); !fault.Is(err, fault.Conflict) {
			t.Fatalf("twice: %v", err)
		}
		for _, bad := range []customer.Attribute{{Name: "Größe", LabelKo: "x", Type: "text"}, {Name: "email", LabelKo: "x", Type: "text"}, {Name: "x1", LabelKo: "x", Type: "blob"}, {Name: "x2", Type: "text"}} {
			if _, err := h.CreateAttribute(ctx, bad); !fault.Is(err, fault.Invalid) {
				t.Errorf("%+v: %v", bad, err)
			}
		}
		h.take(ctx, "members", 1, h.record(ctx, "0000000001", hong))
		id := h.only(ctx, "한길동").ID
		c, entry := h.update(ctx, id, customer.Patch{"attr.size": "1,250"})
		if c.Values.Attributes["size"] != int64(1250) {
			t.Fatalf("%+v", c.Values.Attributes)
		}
		if _, _, err := h.Update(ctx, id, 0, customer.Patch{"attr.size": "large"}); !fault.Is(err, fault.Invalid) {
			t.Fatalf("%v", err)
		}
		archived := true
		if a, err = h.UpdateAttribute(ctx, a.ID, customer.AttributePatch{IsArchived: &archived, Version: a.Version}); err != nil || a.ArchivedAt == nil {
			t.Fatalf("%+v %v", a, err)
		}
		if _, _, err := h.Update(ctx, id, 0, customer.Patch{"attr.size": 1.0}); !fault.Is(err, fault.Invalid) {
			t.Fatalf("archived: %v", err)
		}
		if c, err = h.Undo(ctx, id, entry); err != nil || c.Values.Attributes["size"] != nil {
			t.Fatalf("%+v %v", c, err)
		}
	})
}

func person(permissions ...string) auth.Person {
	return auth.Person{ID: 5, Name: "담당자", Permissions: auth.Permit(permissions...), Scope: auth.Scope{All: true}}
}

func TestRowsAndFieldsAreKeptFromOthers(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		h.take(ctx, "members", 1,
			h.record(ctx, "GILDONG@NAVER.COM", row{"full_name": "한길동", "mobile": "010-1234-5678", "branch": "강남", "members": "GILDONG@NAVER.COM"}),
			h.record(ctx, "2", row{"full_name": "한춘향", "mobile": "010-2222-5678", "branch": "부산", "members": "2"}))
		far := h.only(ctx, "한춘향")
		agent := person("customer:read", "customer:update", "customer:merge")
		agent.Scope = auth.Scope{Branch: "강남"}
		ctx = auth.With(ctx, agent)
		if hits, _ := h.Suggest(ctx, "5678", 10); len(hits) != 1 || hits[0].Customer.Values.Text[customer.Branch] != "강남" {
			t.Fatalf("search: %+v", hits)
		}
		near := h.only(ctx, "한길동")
		for name, try := range map[string]func() error{
			"find":     func() error { _, err := h.Find(ctx, far.ID); return err },
			"open":     func() error { _, err := h.Open(ctx, far.ID); return err },
			"records":  func() error { _, err := h.ListRecords(ctx, far.ID); return err },
			"timeline": func() error { _, err := h.Timeline(ctx, far.ID, "", 10, nil); return err },
			"update":   func() error { _, _, err := h.Update(ctx, far.ID, 0, customer.Patch{"memo": "x"}); return err },
			"merge":    func() error { _, err := h.Merge(ctx, near.ID, far.ID, nil); return err },
			"preview":  func() error { _, err := h.PreviewMerge(ctx, near.ID, far.ID, nil); return err },
			"unmerge":  func() error { _, err := h.Unmerge(ctx, far.ID, []int64{1}); return err },
			"pin":      func() error { _, err := h.Pin(ctx, far.ID, "grade", 0); return err },
			"relation": func() error {
				_, err := h.CreateRelation(ctx, customer.Relation{CustomerID: near.ID, OtherID: far.ID, Kind: "other"})
				return err
			},
		} {
			if err := try(); !fault.Is(err, fault.NotFound) {
				t.Errorf("%s of a foreign row: %v", name, err)
			}
		}
		if found, err := h.FindByKey(ctx, "members", "2"); err != nil || len(found) != 0 {
			t.Fatalf("key: %v %v", found, err)
		}
		page, err := h.List(ctx, customer.ListRequest{})
		if err != nil || len(page.Customers) != 1 {
			t.Fatalf("list: %d %v", len(page.Customers), err)
		}
		if _, _, err := h.Update(ctx, near.ID, 0, customer.Patch{"branch": "부산"}); !fault.Is(err, fault.Forbidden) {
			t.Fatalf("moving a customer away: %v", err)
		}
		shown := h.RowOf(ctx, near)
		if shown.Mobile != "010-****-5678" || shown.FullName != "한*동" {
			t.Fatalf("masked %+v", shown)
		}
		records, err := h.ListRecords(ctx, near.ID)
		if err != nil || len(records) != 1 || records[0].SourceKey != "GI***@NAVER.COM" || records[0].Keys[0].Value != "GI***@NAVER.COM" {
			t.Fatalf("a key that is an address: %+v %v", records, err)
		}
		if _, err := h.List(ctx, customer.ListRequest{Sort: "mobile"}); fault.CodeOf(err) != "customer.sort_masked" {
			t.Fatalf("sort by a masked field: %v", err)
		}
	})
}

func TestClearReadsAreLogged(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		h.take(ctx, "members", 1, h.record(ctx, "1", hong))
		id := h.only(ctx, "한길동").ID
		clear := person("customer:read", "customer:unmask", "customer:export")
		clear.UnmaskUntil, clear.UnmaskPurpose = time.Now().Add(time.Hour), "상담"
		ctx = auth.With(ctx, clear)
		if c, err := h.Find(ctx, id); err != nil || h.RowOf(ctx, c).Mobile != "+821012345678" {
			t.Fatalf("%+v %v", c, err)
		}
		if _, err := h.List(ctx, customer.ListRequest{}); err != nil {
			t.Fatal(err)
		}
		list, err := h.journal.ListAccess(ctx, journal.AccessFilter{ActorID: 5})
		if err != nil || len(list) != 2 || list[0].Purpose != "상담" || !slices.Equal(list[0].SubjectIDs, []int64{id}) {
			t.Fatalf("%+v %v", list, err)
		}
	})
}

func TestNumberOfCustomersFollowsAtOnce(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		h.take(ctx, "members", 1,
			h.record(ctx, "1", row{"full_name": "한길동", "members": "1"}), h.record(ctx, "2", row{"full_name": "한춘향", "members": "2"}))
		for _, want := range []int64{2, 1} {
			if total, _, err := h.Count(ctx, customer.ListRequest{}); err != nil || total != want {
				t.Fatalf("%d customers, want %d (%v)", total, want, err)
			}
			if want == 2 {
				if _, err := h.Merge(ctx, h.only(ctx, "한길동").ID, h.only(ctx, "한춘향").ID, nil); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}

func TestListGoesAlongIndexesAndJumps(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		var records []*customer.Record
		for i := range 700 {
			r := row{"mobile": fmt.Sprintf("010-%04d-%04d", 3000+i, 1000+i), "full_name": "가나다라마바사"[3*(i%7):3*(i%7)+3] + "길" + string(rune(0xAC00+i))}
			if i%10 == 0 {
				delete(r, "full_name")
			}
			records = append(records, h.record(ctx, fmt.Sprint(i), r))
		}
		h.take(ctx, "members", 1, records...)
		for _, sort := range []string{"full_name", "-full_name", "id", "-id", "updated_at", "-created_at"} {
			all := h.listAll(ctx, sort, 37)
			if len(all) != 700 {
				t.Fatalf("%s: %d rows", sort, len(all))
			}
			if sort == "full_name" || sort == "-full_name" {
				if all[629].Values.NameKey == "" || all[630].Values.NameKey != "" {
					t.Fatalf("%s: rows without a name do not come last", sort)
				}
			}
			for _, offset := range []int64{0, 1, 255, 256, 257, 300, 511, 512, 629, 630, 650, 699, 700, 5000} {
				page, err := h.List(ctx, customer.ListRequest{Sort: sort, Offset: offset, Limit: 5})
				if err != nil {
					t.Fatal(err)
				}
				want := all[min(int(offset), 700):min(int(offset)+5, 700)]
				if !slices.EqualFunc(page.Customers, want, func(a, b *customer.Customer) bool { return a.ID == b.ID }) {
					t.Fatalf("%s from %d: %d rows, want %d", sort, offset, len(page.Customers), len(want))
				}
				if page.Total != 700 {
					t.Fatalf("total %d", page.Total)
				}
			}
		}
		if _, err := h.List(ctx, customer.ListRequest{Cursor: "!!"}); !fault.Is(err, fault.Invalid) {
			t.Fatalf("bad cursor: %v", err)
		}
		if _, err := h.List(ctx, customer.ListRequest{Sort: "salary; DROP TABLE"}); !fault.Is(err, fault.Invalid) {
			t.Fatalf("bad sort: %v", err)
		}
	})
}

func (h *house) listAll(ctx context.Context, sort string, limit int) []*customer.Customer {
	h.t.Helper()
	var all []*customer.Customer
	for cursor := ""; ; {
		page, err := h.List(ctx, customer.ListRequest{Sort: sort, Cursor: cursor, Limit: limit})
		if err != nil {
			h.t.Fatal(err)
		}
		all = append(all, page.Customers...)
		if cursor = page.NextCursor; cursor == "" {
			return all
		}
	}
}

func TestTimelineIsPagedAndOrdered(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		h.take(ctx, "members", 1, h.record(ctx, "0000000001", hong))
		id := h.only(ctx, "한길동").ID
		for i := range 7 {
			h.update(ctx, id, customer.Patch{"memo": fmt.Sprint("메모 ", i)})
		}
		var all []customer.TimelineItem
		for cursor := ""; ; {
			page, err := h.Timeline(ctx, id, cursor, 3, nil)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, page.Items...)
			if cursor = page.NextCursor; cursor == "" {
				break
			}
		}
		if len(all) != 8 || all[7].Kind != "customer.record" || all[0].Kind != "customer.updated" {
			t.Fatalf("%d items: %+v", len(all), all)
		}
		if _, err := h.Timeline(ctx, id, "nonsense", 3, nil); !fault.Is(err, fault.Invalid) {
			t.Fatalf("bad cursor: %v", err)
		}
	})
}

func TestEnsureRecordMakesOneStub(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		first, err := h.EnsureRecord(ctx, "orders", "household_id", "2375")
		if err != nil {
			t.Fatal(err)
		}
		second, err := h.EnsureRecord(ctx, "other", "household_id", " 2375 ")
		if err != nil || first != second {
			t.Fatalf("%d %d %v", first, second, err)
		}
		// The file that describes the household comes later and finds it.
		h.want(h.take(ctx, "demographics", 1, h.record(ctx, "2375", row{"household_id": "2375", "grade": "A"})), customer.Linked)
		if c := h.only(ctx, "2375"); c.Records != 2 || c.Values.Text[customer.Grade] != "A" {
			t.Fatalf("%+v", c)
		}
	})
}

func TestRelationsAndViews(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		h.take(ctx, "members", 1, h.record(ctx, "1", hong), h.record(ctx, "2", row{"full_name": "한부모", "mobile": "010-9999-0000"}))
		child, parent := h.only(ctx, "한길동").ID, h.only(ctx, "한부모").ID
		r, err := h.CreateRelation(ctx, customer.Relation{CustomerID: child, OtherID: parent, Kind: "parent"})
		if err != nil {
			t.Fatal(err)
		}
		list, err := h.ListRelations(ctx, parent)
		if err != nil || len(list) != 1 || list[0].Kind != "child" || list[0].OtherID != child || list[0].OtherName != "한길동" {
			t.Fatalf("%+v %v", list, err)
		}
		if err := h.DeleteRelation(ctx, parent, r.ID); err != nil {
			t.Fatal(err)
		}
		mine := auth.With(ctx, person("customer:read"))
		v, err := h.SaveView(mine, customer.View{Name: "우수 고객", Settings: []byte(`{"sort":"grade"}`)})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.SaveView(mine, customer.View{Name: "모두", Settings: []byte(`{}`), IsShared: true}); !fault.Is(err, fault.Forbidden) {
			t.Fatalf("sharing: %v", err)
		}
		other := person("customer:read")
		other.ID = 6
		if err := h.DeleteView(auth.With(ctx, other), v.ID); !fault.Is(err, fault.NotFound) {
			t.Fatalf("another's view: %v", err)
		}
		if views, err := h.ListViews(mine, ""); err != nil || len(views) != 1 {
			t.Fatalf("%+v %v", views, err)
		}
	})
}

// TestCreateByHandIsSilentAboutThoseOutOfSight: a refusal would tell an agent that somebody of another branch exists.
func TestCreateByHandIsSilentAboutThoseOutOfSight(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		if _, err := h.EnsureScheme(ctx, "members", ""); err != nil {
			t.Fatal(err)
		}
		known, err := h.Create(ctx, customer.Draft{
			Values: customer.Patch{"full_name": "한길동", "mobile": "01012345678", "branch": "서초점"}, Keys: map[string]string{"members": "0000000001"},
		})
		if err != nil {
			t.Fatal(err)
		}
		agent := auth.With(ctx, auth.Person{ID: 5, Name: "직원", Scope: auth.Scope{Branch: "강남점"}, Permissions: auth.Permit("*")})
		draft := customer.Draft{
			Values: customer.Patch{"full_name": "한길동", "mobile": "01012345678", "branch": "강남점"}, Keys: map[string]string{"members": "0000000001"},
		}
		made, err := h.Create(agent, draft)
		if err != nil || made.ID == known.ID {
			t.Fatalf("the double of somebody out of sight: %+v %v", made, err)
		}
		if parted, err := h.Store().Partings(ctx, []int64{made.ID}); err != nil || len(parted) != 0 {
			t.Errorf("nobody said that they are two: %v %v", parted, err)
		}
		_, err = h.Create(agent, draft)
		if f, ok := fault.As(err); !ok || f.Code != "customer.exists" || f.Fields["other_id"] != made.ID {
			t.Errorf("the double of somebody in sight: %v", err)
		}
	})
}

func TestPlacesOfWorkAreSuggested(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		make := func(patch customer.Patch) int64 {
			t.Helper()
			c, err := h.Create(ctx, customer.Draft{Values: patch, AllowDouble: true})
			if err != nil {
				t.Fatal(err)
			}
			return c.ID
		}
		firm := make(customer.Patch{"full_name": "누리솔라77 주식회사", "kind": "company", "branch": "서초점"})
		same := make(customer.Patch{"full_name": "김철수", "company": "(주)누리솔라77", "email": "a@nurisolar.kr"})
		other := make(customer.Patch{"full_name": "이영희", "company": "누리솔라", "branch": "강남점"})
		for id, want := range map[int64]string{same: fmt.Sprint(firm, " employer"), firm: fmt.Sprint(same, " employee"), other: ""} {
			list, err := h.SuggestRelations(ctx, id)
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for _, s := range list {
				got += fmt.Sprint(s.OtherID, " ", s.Kind)
			}
			if got != want {
				t.Errorf("customer %d: %q, want %q", id, got, want)
			}
		}
		agent := auth.With(ctx, auth.Person{ID: 5, Name: "직원", Scope: auth.Scope{Branch: "강남점"}, Permissions: auth.Permit("*")})
		if list, err := h.SuggestRelations(agent, other); err != nil || len(list) != 0 {
			t.Errorf("an agent learns of a company out of sight: %v %v", list, err)
		}
		// A declined one does not come again, from neither side.
		if _, err := h.CreateRelation(ctx, customer.Relation{CustomerID: same, OtherID: firm, Kind: "employer", State: customer.RelationDeclined}); err != nil {
			t.Fatal(err)
		}
		for _, id := range []int64{same, firm} {
			if list, err := h.SuggestRelations(ctx, id); err != nil || len(list) != 0 {
				t.Errorf("declined, yet suggested: %v %v", list, err)
			}
		}
	})
}
