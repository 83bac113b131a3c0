// SPDX-License-Identifier: Apache-2.0

package customer_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/zeebo/xxh3"

	"dangol/internal/customer"
	"dangol/internal/dataquality"
	"dangol/internal/match"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/database/databasetest"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
)

// house is customer wired as app does it.
type house struct {
	*customer.Service
	db      *database.DB
	journal *journal.Journal
	t       *testing.T
}

func newHouse(t *testing.T, db *database.DB) *house {
	t.Helper()
	keys, err := journal.OpenKeys(filepath.Join(t.TempDir(), "keys"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = keys.Close() })
	j := journal.New(db, keys, journal.Options{Actor: func(ctx context.Context) (int64, string) { return auth.From(ctx).ID, auth.From(ctx).Name }})
	s := customer.New(db, j, customer.Options{})
	s.UseLinker(match.NewLinker(s.Store()))
	return &house{Service: s, db: db, journal: j, t: t}
}

func each(t *testing.T, test func(t *testing.T, ctx context.Context, h *house)) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		test(t, auth.System(t.Context(), "test"), newHouse(t, db))
	})
}

// row is a made-up row: fields by name; key and other schemes as "scheme=value".
type row map[string]string

func (h *house) record(ctx context.Context, sourceKey string, r row) *customer.Record {
	h.t.Helper()
	quality := dataquality.NewRow(dataquality.Rules{Today: dataquality.Date{Year: 2026, Month: 11, Day: 21}})
	quality.Reset()
	record := &customer.Record{Kind: customer.RecordGiven, SourceKey: sourceKey, Given: fmt.Appendf(nil, "%v%v", sourceKey, r)}
	for name, value := range r {
		if field := dataquality.FieldOf(name); field != dataquality.NoField {
			quality.Set(field, "", value)
			continue
		}
		scheme, err := h.EnsureScheme(ctx, name, "")
		if err != nil {
			h.t.Fatal(err)
		}
		record.Keys = append(record.Keys, customer.Key{SchemeID: scheme.ID, Value: value})
	}
	quality.Finish()
	record.Values = customer.FromRow(quality)
	record.Keys = customer.SortKeys(customer.DerivedKeys(record.Keys, &record.Values))
	record.Hash = xxh3.Hash128([]byte(record.Prepare(nil) + string(record.Given))).Bytes()
	return record
}

// take puts rows in as one batch of one source and returns the outcomes.
func (h *house) take(ctx context.Context, source string, batch int64, records ...*customer.Record) customer.SliceResult {
	h.t.Helper()
	from, err := h.EnsureSource(ctx, source)
	if err != nil {
		h.t.Fatal(err)
	}
	scheme, err := h.EnsureScheme(ctx, source+".row", "")
	if err != nil {
		h.t.Fatal(err)
	}
	for _, r := range records {
		if r.SourceKey != "" {
			r.Keys = customer.SortKeys(append(r.Keys, customer.Key{SchemeID: scheme.ID, Value: r.SourceKey}))
		}
	}
	var result customer.SliceResult
	err = h.db.WithinBulk(ctx, func(ctx context.Context) error {
		entry, err := h.journal.AppendBulk(ctx, journal.Entry{Capability: "intake", Kind: "intake.batch_imported", SubjectKind: "customer", Batch: batch}, nil)
		if err != nil {
			return err
		}
		for _, r := range records {
			r.SourceID = from.ID
		}
		result, err = h.Ingest(ctx, &customer.Slice{SourceID: from.ID, SchemeID: scheme.ID, BatchID: batch, EntryID: entry, Records: records})
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return result
}

func (h *house) undo(ctx context.Context, batch int64, undone ...int64) {
	h.t.Helper()
	err := h.db.WithinBulk(ctx, func(ctx context.Context) error {
		entry, err := h.journal.AppendBulk(ctx, journal.Entry{Capability: "intake", Kind: "intake.batch_undone", SubjectKind: "customer", Batch: batch}, nil)
		if err != nil {
			return err
		}
		if err := h.UndoMerges(ctx, batch); err != nil {
			return err
		}
		u := customer.Undo{BatchID: batch, EntryID: entry, WasUndone: func(id int64) bool { return slices.Contains(undone, id) }}
		for {
			n, err := h.UndoSlice(ctx, u, 7)
			if err != nil || n == 0 {
				return err
			}
		}
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

// state is everything a person can see of the customers: golden rows, live links, keys, search.
func (h *house) state(ctx context.Context) string {
	h.t.Helper()
	var b strings.Builder
	queries := []string{
		"SELECT 'customer', id, COALESCE(full_name, ''), COALESCE(mobile, ''), COALESCE(email, ''), COALESCE(address, ''), COALESCE(grade, ''), COALESCE(attributes, ''), COALESCE(pins, ''), record_count, COALESCE(alias_of, 0) FROM customers WHERE hidden = 0 OR alias_of IS NOT NULL ORDER BY id",
		"SELECT 'link', l.record_id, l.customer_id, COALESCE(l.home_id, 0), '', '', '', '', '', 0, 0 FROM record_links l JOIN records r ON r.id = l.record_id WHERE r.withdrawn_at IS NULL ORDER BY l.record_id",
		"SELECT 'key', scheme_id, value, record_id, '', '', '', '', '', 0, 0 FROM record_keys ORDER BY scheme_id, value, record_id",
	}
	for _, query := range queries {
		rows, err := h.db.Query(ctx, query)
		if err != nil {
			h.t.Fatal(err)
		}
		for rows.Next() {
			var cells [11]any
			var into [11]any
			for i := range cells {
				into[i] = &cells[i]
			}
			if err := rows.Scan(into[:]...); err != nil {
				h.t.Fatal(err)
			}
			fmt.Fprintf(&b, "%v\n", cells)
		}
		if err := rows.Close(); err != nil {
			h.t.Fatal(err)
		}
	}
	return b.String()
}

func (h *house) only(ctx context.Context, query string) *customer.Customer {
	h.t.Helper()
	hits, err := h.Suggest(ctx, query, 50)
	if err != nil {
		h.t.Fatal(err)
	}
	if len(hits) != 1 {
		var names []string
		for _, hit := range hits {
			names = append(names, fmt.Sprint(hit.Customer.ID, hit.Customer.Values.Text[customer.FullName]))
		}
		h.t.Fatalf("%q finds %v, want one", query, names)
	}
	return hits[0].Customer
}

func (h *house) want(got customer.SliceResult, want ...customer.Outcome) {
	h.t.Helper()
	if !slices.Equal(got.Outcomes, want) {
		h.t.Fatalf("outcomes %v, want %v", got.Outcomes, want)
	}
}

var hong = row{"full_name": "한길동", "mobile": "010-1234-5678", "email": "gildong@naver.com", "members": "0000000001", "grade": "VIP"}

func TestRecordsOfOnePersonBecomeOneCustomer(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		h.want(h.take(ctx, "members", 1, h.record(ctx, "0000000001", hong)), customer.Created)
		// Another source, the same mobile and name; then a third that shares only the e-mail and name.
		h.want(h.take(ctx, "shop", 2,
			h.record(ctx, "", row{"full_name": "한길동", "mobile": "+82 10 1234 5678", "cards": "9400-1111"}),
			h.record(ctx, "", row{"full_name": "한 길동", "email": "GILDONG@naver.com", "address": "서울 강남구 테헤란로 152"}),
			h.record(ctx, "", row{"full_name": "임꺽정", "mobile": "010-1234-5678"}), // shared phone, another person
			h.record(ctx, "", row{"full_name": "한길동"}),                            // name alone is nothing
		), customer.Linked, customer.Linked, customer.Created, customer.Created)
		c := h.only(ctx, "9400-1111")
		if c.Records != 3 || c.Values.Text[customer.Sido] != "서울특별시" || c.Values.Text[customer.Grade] != "VIP" {
			t.Fatalf("golden row %+v", c)
		}
		for _, query := range []string{"0000000001", "gildong", "gildong@naver.com", "테헤란"} {
			hits, err := h.Suggest(ctx, query, 10)
			if err != nil {
				t.Fatal(err)
			}
			if query == "테헤란" {
				if len(hits) != 0 {
					t.Fatal("addresses are not searched")
				}
				continue
			}
			if len(hits) != 1 || hits[0].Customer.ID != c.ID {
				t.Fatalf("%q finds %d", query, len(hits))
			}
		}
		for query, want := range map[string]int{"01012345678": 2, "5678": 2, "1234": 2, "12345678": 2, "ㅎㄱㄷ": 2, "ㅎㄱ": 2, "길동": 2, "한": 2, "ㅇ": 1, "꺽정": 1, "010-1234": 2} {
			hits, err := h.Suggest(ctx, query, 10)
			if err != nil {
				t.Fatal(err)
			}
			if len(hits) != want {
				t.Errorf("%q finds %d, want %d", query, len(hits), want)
			}
		}
	})
}

func TestSameFileAgainChangesNothing(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		rows := func() []*customer.Record {
			return []*customer.Record{
				h.record(ctx, "0000000001", hong), h.record(ctx, "0000000002", row{"full_name": "성춘향", "members": "0000000002"}),
				h.record(ctx, "", row{"full_name": "이몽룡", "mobile": "010-2222-3333"}), h.record(ctx, "", row{"full_name": "이몽룡", "mobile": "010-2222-3333"}),
			}
		}
		h.want(h.take(ctx, "members", 1, rows()...), customer.Created, customer.Created, customer.Created, customer.Unchanged)
		before := h.state(ctx)
		h.want(h.take(ctx, "members", 2, rows()...), customer.Unchanged, customer.Unchanged, customer.Unchanged, customer.Unchanged)
		if after := h.state(ctx); after != before {
			t.Fatalf("state changed:\n%s\n%s", before, after)
		}
	})
}

func TestNewVersionUpdatesByKey(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		h.take(ctx, "members", 1, h.record(ctx, "0000000001", hong))
		before := h.state(ctx)
		next := maps.Clone(hong)
		next["grade"], next["mobile"] = "GOLD", "010-9999-8888"
		twice := maps.Clone(next)
		twice["grade"] = "SILVER"
		h.want(h.take(ctx, "members", 2, h.record(ctx, "0000000001", next), h.record(ctx, "0000000001", twice)), customer.Updated, customer.Updated)
		c := h.only(ctx, "8888")
		if c.Values.Text[customer.Grade] != "SILVER" || c.Records != 1 {
			t.Fatalf("golden row %+v", c)
		}
		if hits, _ := h.Suggest(ctx, "5678", 10); len(hits) != 0 {
			t.Fatal("the old number still finds the customer although no live record has it")
		}
		h.undo(ctx, 2)
		if after := h.state(ctx); after != before {
			t.Fatalf("undo of an update:\n%s\n%s", before, after)
		}
	})
}

func TestBridgeMergesAndUndoParts(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		h.take(ctx, "members", 1, h.record(ctx, "1", row{"full_name": "한길동", "mobile": "010-1234-5678", "members": "1"}))
		h.take(ctx, "shop", 2, h.record(ctx, "a@b.kr", row{"full_name": "한길동", "email": "a@b.kr", "shop": "A@B.KR"}))
		before := h.state(ctx)
		bridge := row{"full_name": "한길동", "mobile": "010-1234-5678", "email": "a@b.kr"}
		result := h.take(ctx, "call", 3, h.record(ctx, "", bridge))
		h.want(result, customer.Linked)
		if result.Merged != 1 {
			t.Fatalf("merged %d", result.Merged)
		}
		c := h.only(ctx, "한길동")
		if c.Records != 3 || c.Values.Text[customer.Email] != "a@b.kr" {
			t.Fatalf("golden row %+v", c)
		}
		h.undo(ctx, 3)
		if after := h.state(ctx); after != before {
			t.Fatalf("undo of a bridge:\n%s\n%s", before, after)
		}
	})
}

func TestOnePerPersonForbidsLinks(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		scheme, err := h.EnsureScheme(ctx, "members", "회원번호")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.UpdateScheme(ctx, scheme.ID, "회원번호", true); err != nil {
			t.Fatal(err)
		}
		twin := row{"full_name": "한길동", "mobile": "010-1234-5678", "members": "2"}
		result := h.take(ctx, "members", 1, h.record(ctx, "1", row{"full_name": "한길동", "mobile": "010-1234-5678", "members": "1"}), h.record(ctx, "2", twin))
		h.want(result, customer.Created, customer.Created)
		if result.Codes["match.key_conflict"] != 1 {
			t.Fatalf("findings %v", result.Codes)
		}
		// The same against the store, and a bridge between both.
		result = h.take(ctx, "members", 2, h.record(ctx, "3", row{"full_name": "한길동", "mobile": "010-1234-5678", "members": "3"}))
		h.want(result, customer.Created)
		result = h.take(ctx, "shop", 3, h.record(ctx, "", row{"full_name": "한길동", "mobile": "010-1234-5678"}))
		if result.Merged != 0 || result.Outcomes[0] != customer.Linked || result.Codes["match.key_conflict"] == 0 {
			t.Fatalf("%+v", result)
		}
	})
}

func TestUndoIsTheReverseOfImport(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		random := rand.New(rand.NewPCG(7, 11))
		h.take(ctx, "members", 1, h.random(ctx, random, 40)...)
		h.take(ctx, "shop", 2, h.random(ctx, random, 40)...)
		for batch := int64(3); batch < 9; batch++ {
			before := h.state(ctx)
			source := []string{"members", "shop", "call"}[random.IntN(3)]
			h.take(ctx, source, batch, h.random(ctx, random, 30)...)
			h.undo(ctx, batch)
			if after := h.state(ctx); after != before {
				t.Fatalf("batch %d from %s: undo did not restore the state\nbefore:\n%s\nafter:\n%s", batch, source, before, after)
			}
			h.take(ctx, source, 100+batch, h.random(ctx, random, 10)...)
		}
	})
}

// random makes rows of few people with few contacts, so that everything meets everything.
func (h *house) random(ctx context.Context, random *rand.Rand, n int) []*customer.Record {
	var records []*customer.Record
	for range n {
		r := row{"full_name": []string{"한길동", "성춘향", "이몽룡", "변학도"}[random.IntN(4)]}
		if random.IntN(3) > 0 {
			r["mobile"] = fmt.Sprintf("010-2345-%04d", 6780+random.IntN(6))
		}
		if random.IntN(3) > 0 {
			r["email"] = fmt.Sprintf("person%d@naver.com", random.IntN(6))
		}
		if random.IntN(2) > 0 {
			r["grade"] = []string{"VIP", "GOLD", "SILVER"}[random.IntN(3)]
		}
		key := ""
		if random.IntN(2) > 0 {
			key = fmt.Sprint(random.IntN(30))
			r["numbers"] = key
		}
		records = append(records, h.record(ctx, key, r))
	}
	return records
}

func TestUnmergeIsTheReverseOfMerge(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		random := rand.New(rand.NewPCG(3, 5))
		h.take(ctx, "members", 1, h.random(ctx, random, 60)...)
		for range 25 {
			page, err := h.List(ctx, customer.ListRequest{Sort: "id", Limit: 100})
			if err != nil {
				t.Fatal(err)
			}
			a := page.Customers[random.IntN(len(page.Customers))]
			b := page.Customers[random.IntN(len(page.Customers))]
			if a.ID == b.ID {
				if _, err := h.Merge(ctx, a.ID, b.ID, nil); fault.CodeOf(err) != "customer.merge_with_itself" {
					t.Fatalf("merge with itself: %v", err)
				}
				continue
			}
			if random.IntN(3) == 0 { // a pin that the merge must not lose
				if _, _, err := h.Update(ctx, b.ID, 0, customer.Patch{"grade": "손으로"}); err != nil {
					t.Fatal(err)
				}
			}
			before := h.state(ctx)
			moved := h.recordIDs(ctx, b.ID)
			var choose []string
			if random.IntN(2) == 0 {
				choose = []string{"full_name"}
			}
			if _, err := h.Merge(ctx, a.ID, b.ID, choose); err != nil {
				t.Fatal(err)
			}
			if resolved, err := h.Resolve(ctx, b.ID); err != nil || resolved != a.ID {
				t.Fatalf("alias %d leads to %d, %v", b.ID, resolved, err)
			}
			if _, err := h.Unmerge(ctx, a.ID, moved); err != nil {
				t.Fatal(err)
			}
			if after := h.state(ctx); after != before {
				t.Fatalf("un-merge of %d from %d did not restore the state\nbefore:\n%s\nafter:\n%s", b.ID, a.ID, before, after)
			}
			if random.IntN(2) == 0 { // go on from a merged state
				if _, err := h.Merge(ctx, a.ID, b.ID, nil); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}

func (h *house) recordIDs(ctx context.Context, id int64) []int64 {
	h.t.Helper()
	list, err := h.ListRecords(ctx, id)
	if err != nil {
		h.t.Fatal(err)
	}
	var ids []int64
	for _, r := range list {
		if !r.IsWithdrawn {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

func TestUnmergeOfOneRecordOfTen(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		var records []*customer.Record
		for i := range 10 {
			records = append(records, h.record(ctx, fmt.Sprint(i), row{"full_name": "한길동", "mobile": "010-1234-5678", "numbers": fmt.Sprint(i)}))
		}
		h.take(ctx, "members", 1, records...)
		c := h.only(ctx, "한길동")
		if c.Records != 10 {
			t.Fatalf("%d records", c.Records)
		}
		parted, err := h.Unmerge(ctx, c.ID, []int64{records[4].ID})
		if err != nil {
			t.Fatal(err)
		}
		if parted.ID == c.ID || parted.Records != 1 {
			t.Fatalf("parted %+v", parted)
		}
		// The file again, and a changed row: the two stay two, though they share the key.
		h.take(ctx, "members", 2, h.record(ctx, "4", row{"full_name": "한길동", "mobile": "010-1234-5678", "numbers": "4", "grade": "VIP"}),
			h.record(ctx, "11", row{"full_name": "한길동", "mobile": "010-1234-5678", "numbers": "11"}))
		again, err := h.Store().Find(ctx, parted.ID)
		if err != nil || again.AliasOf != 0 || again.Values.Text[customer.Grade] != "VIP" {
			t.Fatalf("%+v %v", again, err)
		}
		if _, err := h.Unmerge(ctx, c.ID, []int64{records[4].ID}); fault.CodeOf(err) != "customer.unmerge_foreign" {
			t.Fatalf("foreign record: %v", err)
		}
		if _, err := h.Unmerge(ctx, parted.ID, h.recordIDs(ctx, parted.ID)); fault.CodeOf(err) != "customer.unmerge_all" {
			t.Fatalf("all records: %v", err)
		}
	})
}
