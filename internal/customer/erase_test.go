// SPDX-License-Identifier: Apache-2.0

package customer_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"dangol/internal/consent"
	"dangol/internal/customer"
	"dangol/internal/customer/crosswalk"
	"dangol/internal/customer/customertest"
	"dangol/internal/customer/household"
	"dangol/internal/match"
	"dangol/internal/order"
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
			for _, keeper := range []interface{ Eraser() customer.Eraser }{
				match.New(h.DB, h.Journal, jobs, h.Service), households, crosswalk.New(h.DB, h.Journal, h.Service, nil),
				consent.New(h.DB, h.Journal, consent.Options{}), order.New(h.DB, order.Options{}),
			} {
				h.AddEraser(keeper.Eraser())
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
			before := customertest.Traces(t, ctx, h.DB, words)
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
			for word, places := range customertest.Traces(t, ctx, h.DB, words) {
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

// TestWhatALawKeepsAndWhatIsErasedAgain erases a buyer whose name is kept apart, then restores what was: records that
// hung on two people, and on one together with somebody who was told apart later.
// TestAHoldSurvivesAParting parts a record from a held customer: neither side can be erased.
func TestAHoldSurvivesAParting(t *testing.T) {
	customertest.Each(t, func(store *customer.Store) customer.Linker { return match.NewLinker(store) },
		func(t *testing.T, ctx context.Context, h *customertest.House) {
			one := h.Take(ctx, "shop", map[string]string{"full_name": "원고", "mobile": "010-1234-0001"}, map[string]string{"member": "H1"})
			other := h.Take(ctx, "call", map[string]string{"full_name": "원고", "mobile": "010-1234-0002"}, nil)
			if _, err := h.Merge(ctx, one.CustomerID, other.CustomerID, nil); err != nil {
				t.Fatal(err)
			}
			if _, err := h.SetHold(ctx, one.CustomerID, "소송", time.Now().AddDate(1, 0, 0).Format(time.DateOnly)); err != nil {
				t.Fatal(err)
			}
			parted, err := h.Unmerge(ctx, one.CustomerID, []int64{other.ID})
			if err != nil {
				t.Fatal(err)
			}
			for _, id := range []int64{one.CustomerID, parted.ID} {
				_, err = h.Erase(ctx, id, customer.ErasedOnRequest)
				wantCode(t, err, "customer.held")
			}
			if holds, err := h.ListHolds(ctx); err != nil || len(holds) != 2 {
				t.Errorf("%d holds, %v", len(holds), err)
			}
		})
}

func TestWhatALawKeepsAndWhatIsErasedAgain(t *testing.T) {
	customertest.Each(t, func(store *customer.Store) customer.Linker { return match.NewLinker(store) },
		func(t *testing.T, ctx context.Context, h *customertest.House) {
			path := filepath.Join(t.TempDir(), "erasures.jsonl")
			h.UseErasureList(path)
			until := time.Now().AddDate(0, 0, -1) // a law whose day is over
			h.AddEraser(customer.Eraser{Duties: func(context.Context, *customer.Erasure) ([]customer.Duty, error) {
				return []customer.Duty{{Law: customer.LawECommerce, Facts: 2, Until: until}}, nil
			}})
			buyer := h.Take(ctx, "shop", map[string]string{"full_name": "구매자", "mobile": "010-7654-3210"}, map[string]string{"member": "M1"})
			if _, err := h.SetHold(ctx, buyer.CustomerID, "소송", time.Now().AddDate(11, 0, 0).Format(time.DateOnly)); fault.CodeOf(err) != "customer.hold_range" {
				t.Errorf("a hold for eleven years: %v", err)
			}
			hold, err := h.SetHold(ctx, buyer.CustomerID, "소송", time.Now().AddDate(1, 0, 0).Format(time.DateOnly))
			if err != nil {
				t.Fatal(err)
			}
			plan, err := h.PlanErasure(ctx, buyer.CustomerID)
			if err != nil || len(plan.Holds) != 1 || len(plan.Duties) != 1 || plan.Places[0].Count != 1 {
				t.Errorf("the plan %+v %v", plan, err)
			}
			_, err = h.Erase(ctx, buyer.CustomerID, customer.ErasedOnRequest)
			wantCode(t, err, "customer.held")
			if _, err = h.LiftHold(ctx, hold.ID); err != nil {
				t.Fatal(err)
			}
			erased, err := h.Erase(ctx, buyer.CustomerID, customer.ErasedOnRequest)
			if err != nil {
				t.Fatal(err)
			}
			_, err = h.OpenKept(ctx, erased.ID, " ")
			wantCode(t, err, "customer.no_purpose")
			kept, err := h.OpenKept(ctx, erased.ID, "세무조사")
			if err != nil || len(kept) != 1 || kept[0].Identity.Values["full_name"] != "구매자" || !slices.Contains(kept[0].Identity.Keys, "M1") {
				t.Errorf("kept %+v %v", kept, err)
			}
			_, err = h.OpenKept(customertest.As(t, 5, "강남점"), erased.ID, "세무조사")
			wantCode(t, err, "customer.whole_company")
			if n, err := h.EndKept(ctx); err != nil || n != 1 {
				t.Errorf("ended %d %v", n, err)
			}
			_, err = h.OpenKept(ctx, erased.ID, "세무조사")
			wantCode(t, err, "customer.nothing_kept")

			line, err := os.ReadFile(path)
			if err != nil || strings.Contains(string(line), "구매자") || !strings.Contains(string(line), fmt.Sprintf(`"records":[%d]`, buyer.ID)) {
				t.Errorf("the list: %s %v", line, err)
			}
			// A base as a backup may have it: of the erased records one hangs on its own, one on a stranger.
			own := h.Take(ctx, "shop", map[string]string{"full_name": "돌아온이", "mobile": "010-1111-0000"}, nil)
			mixed := h.Take(ctx, "shop", map[string]string{"full_name": "돌아온이"}, nil)
			stranger := h.Take(ctx, "shop", map[string]string{"full_name": "남의기록", "mobile": "010-2222-0000"}, nil)
			if _, err := h.Merge(ctx, stranger.CustomerID, mixed.CustomerID, nil); err != nil {
				t.Fatal(err)
			}
			at := time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
			list := fmt.Sprintf("cut sho\n{\"erased_at\":%q,\"customer_id\":%d,\"reason\":\"request\",\"records\":[%d,%d,99999]}\n", at, own.CustomerID, own.ID, mixed.ID)
			if n, err := h.EraseAgain(ctx, strings.NewReader(list), time.Now().Add(3*time.Hour)); n != 0 || err != nil {
				t.Errorf("what the backup knows was done again: %d %v", n, err)
			}
			for _, want := range []int{2, 0} { // the second time there is nothing to do
				if n, err := h.EraseAgain(ctx, strings.NewReader(list), time.Now()); n != want || err != nil {
					t.Errorf("erased %d again, want %d: %v", n, want, err)
				}
			}
			if c, err := h.Find(ctx, stranger.CustomerID); err != nil || c.Values.Text[customer.FullName] != "남의기록" {
				t.Errorf("the stranger: %+v %v", c, err)
			}
			for word, places := range customertest.Traces(t, ctx, h.DB, []string{"돌아온이", "1111-0000", "11110000"}) {
				t.Errorf("%q is still in %s", word, strings.Join(places, ", "))
			}
		})
}
