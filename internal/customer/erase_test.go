// SPDX-License-Identifier: Apache-2.0

package customer_test

import (
	"context"
	"database/sql"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"dangol/internal/consent"
	"dangol/internal/customer"
	"dangol/internal/customer/crosswalk"
	"dangol/internal/customer/customertest"
	"dangol/internal/customer/household"
	"dangol/internal/match"
	"dangol/internal/order"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/job"
	"dangol/internal/platform/journal"
)

// TestNothingOfAnErasedPersonIsLeft looks through every column of every table for what was known of a person, before
// and after the erasure: the person was merged out of two, edited by hand, lives in a household and waits for review.
func TestNothingOfAnErasedPersonIsLeft(t *testing.T) {
	customertest.Each(t, func(store *customer.Store) customer.Linker { return match.NewLinker(store) },
		func(t *testing.T, ctx context.Context, h *customertest.House) {
			must := func(err error) {
				t.Helper()
				if err != nil {
					t.Fatal(err)
				}
			}
			households := household.New(h.DB, h.Journal, h.Service, nil, nil)
			h.AddFollower(households)
			jobs := job.New(h.DB, job.Config{})
			for _, e := range []customer.Eraser{
				match.New(h.DB, h.Journal, jobs, h.Service), households, crosswalk.New(h.DB, h.Journal, h.Service, nil),
				consent.New(h.DB, h.Journal, consent.Options{}), order.New(h.DB, order.Options{}),
			} {
				h.AddEraser(e)
			}
			home := map[string]string{"address": "서울특별시 강남구 테헤란로 152", "address_detail": "101동 1203호"}
			with := func(values map[string]string) map[string]string {
				for name, value := range home {
					values[name] = value
				}
				return values
			}
			first := h.Take(ctx, "members", with(map[string]string{"full_name": "독고파기", "mobile": "010-7654-3210", "birth_on": "1970-02-03"}), map[string]string{"member": "M770011"})
			second := h.Take(ctx, "shop", map[string]string{"full_name": "Dokgo Pagi", "email": "pagi.dokgo@example.com"}, nil)
			partner := h.Take(ctx, "members", with(map[string]string{"full_name": "이남음", "mobile": "010-1111-2222", "birth_on": "1972-02-03"}), map[string]string{"member": "M2"})
			_, err := h.Merge(ctx, first.CustomerID, second.CustomerID, nil)
			must(err)
			_, _, err = h.Update(ctx, first.CustomerID, 0, customer.Patch{"memo": "비밀메모"})
			must(err)
			_, err = households.Search(ctx, func(context.Context) error { return nil }, func(int64, int64, string) {})
			must(err)
			words := []string{"독고파기", "76543210", "M770011", "dokgo", "비밀메모", "1970-02-03"}
			before := traces(t, ctx, h.DB, words)
			for _, word := range words {
				if len(before[word]) == 0 {
					t.Fatalf("the test looks for %q, which was nowhere", word)
				}
			}

			erased, err := h.Erase(ctx, second.CustomerID, customer.ErasedOnRequest) // by the number of one merged into them
			must(err)
			if erased.CustomerID != first.CustomerID || len(erased.RecordIDs) != 3 {
				t.Errorf("erased %+v", erased)
			}
			for word, places := range traces(t, ctx, h.DB, words) {
				t.Errorf("%q is still in %s", word, strings.Join(places, ", "))
			}
			entries, err := h.Journal.List(ctx, journal.Filter{Capability: "customer", Limit: 100})
			must(err)
			for _, e := range entries {
				if text := string(e.Before) + string(e.After); strings.Contains(text, "독고") || strings.Contains(text, "비밀") {
					t.Errorf("the journal can still be read: %s %s", e.Kind, text)
				}
			}
			_, err = h.Erase(ctx, first.CustomerID, customer.ErasedOnRequest)
			wantCode(t, err, "customer.erased")
			_, _, err = h.Update(ctx, first.CustomerID, 0, customer.Patch{"full_name": "독고파기"})
			wantCode(t, err, "customer.erased")
			_, err = h.Merge(ctx, partner.CustomerID, first.CustomerID, nil)
			wantCode(t, err, "customer.erased")
			if c, err := h.Find(ctx, partner.CustomerID); err != nil || c.Values.Text[customer.FullName] != "이남음" || c.Household.ID != 0 {
				t.Errorf("the partner: %+v %v", c, err)
			}
			again := h.Take(ctx, "members", map[string]string{"full_name": "독고파기", "mobile": "010-7654-3210"}, map[string]string{"member": "M770011"})
			if again.CustomerID == first.CustomerID {
				t.Error("who comes back is joined with who was erased")
			}
		})
}

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	if fault.CodeOf(err) != code {
		t.Errorf("the error is %v, want %s", err, code)
	}
}

// traces finds words in all columns of all tables of the system of record.
func traces(t *testing.T, ctx context.Context, db *database.DB, words []string) map[string][]string {
	t.Helper()
	list := "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'customer_search%'"
	if db.IsPostgres() {
		list = "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()"
	}
	tables, err := database.List(ctx, db, func(rows *sql.Rows) (name string, err error) { return name, rows.Scan(&name) }, list)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string][]string{}
	for _, table := range tables {
		rows, err := db.Query(ctx, "SELECT * FROM "+table)
		if err != nil {
			t.Fatal(err)
		}
		columns, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			cells, places := make([]any, len(columns)), make([]any, len(columns))
			for i := range cells {
				places[i] = &cells[i]
			}
			if err := rows.Scan(places...); err != nil {
				t.Fatal(err)
			}
			for i, cell := range cells {
				text := fmt.Sprint(cell)
				if raw, isBytes := cell.([]byte); isBytes {
					text = string(raw) + hex.EncodeToString(raw)
				}
				for _, word := range words {
					if strings.Contains(strings.ToLower(text), strings.ToLower(word)) {
						found[word] = append(found[word], table+"."+columns[i])
					}
				}
			}
		}
		if err := rows.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return found
}
