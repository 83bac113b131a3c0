// SPDX-License-Identifier: Apache-2.0

package crosswalk_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"dangol/internal/customer"
	"dangol/internal/customer/crosswalk"
	"dangol/internal/customer/customertest"
	"dangol/internal/match"
	"dangol/internal/platform/fault"
)

func each(t *testing.T, test func(t *testing.T, ctx context.Context, h *customertest.House, s *crosswalk.Service)) {
	customertest.Each(t, func(store *customer.Store) customer.Linker { return match.NewLinker(store) },
		func(t *testing.T, ctx context.Context, h *customertest.House) {
			test(t, ctx, h, crosswalk.New(h.DB, h.Journal, h.Service, nil))
		})
}

type row = map[string]string

func noFence(context.Context) error { return nil }

func TestFindFollowsMergesAndScope(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *customertest.House, s *crosswalk.Service) {
		first := h.Take(ctx, "members", row{"full_name": "김철수", "branch": "강남점"}, row{"member": "0042"})
		second := h.Take(ctx, "shop", row{"full_name": "김 철수", "branch": "강남점"}, row{"shop": "A-7"})
		hidden := h.Take(ctx, "members", row{"full_name": "이영희", "branch": "서초점"}, row{"member": "0043"})
		if _, err := h.Merge(ctx, first.CustomerID, second.CustomerID, nil); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			scheme, key string
			want, from  int64
		}{
			{"", "0042", first.CustomerID, 0},
			{"", " a-7 ", first.CustomerID, second.CustomerID},
			{"shop", "A-7", first.CustomerID, second.CustomerID},
			{"member", "42", 0, 0}, // leading zeros are part of a key
			{"shop", "0042", 0, 0},
			{crosswalk.OwnScheme, fmt.Sprint(second.CustomerID), first.CustomerID, second.CustomerID},
			{crosswalk.OwnScheme, "#" + fmt.Sprint(first.CustomerID), first.CustomerID, 0},
			{crosswalk.OwnScheme, "99999999", 0, 0},
			{"", "\x00'\"%", 0, 0},
		} {
			hits, err := s.Find(ctx, c.scheme, c.key)
			if err != nil {
				t.Fatal(err)
			}
			if c.want == 0 && len(hits) != 0 || c.want != 0 && (len(hits) != 1 || hits[0].Customer.ID != c.want || hits[0].MergedFrom != c.from) {
				t.Errorf("%s %q gives %+v, want customer %d merged from %d", c.scheme, c.key, hits, c.want, c.from)
			}
		}
		agent := customertest.As(t, 5, "강남점")
		for key, want := range map[string]int{"0042": 1, "0043": 0, fmt.Sprint(hidden.CustomerID): 0} {
			if hits, err := s.Find(agent, "", key); err != nil || len(hits) != want {
				t.Errorf("an agent of another branch finds %d behind %s: %v", len(hits), key, err)
			}
		}
		if _, err := s.Find(ctx, "nothing", "0042"); !fault.Is(err, fault.Invalid) {
			t.Errorf("an unknown scheme: %v", err)
		}
	})
}

// TestConflictsHideWhomAnAgentMayNotSee makes 30 conflicts of which an agent may see every third.
func TestConflictsHideWhomAnAgentMayNotSee(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *customertest.House, s *crosswalk.Service) {
		scheme, err := h.EnsureScheme(ctx, "member", "")
		if err != nil {
			t.Fatal(err)
		}
		for i := range 30 {
			branches := []string{"강남점", "강남점"}
			if i%3 != 0 {
				branches[i%3-1] = "서초점"
			}
			for n, branch := range branches {
				r := h.Take(ctx, "members", row{"full_name": "김철수", "mobile": fmt.Sprintf("010-2%03d-%04d", i, n), "branch": branch}, nil)
				if _, err := h.DB.Exec(ctx, "INSERT INTO record_keys (scheme_id, value, record_id) VALUES (?, ?, ?)", scheme.ID, fmt.Sprintf("K%02d", i), r.ID); err != nil {
					t.Fatal(err)
				}
			}
		}
		double := h.Take(ctx, "members", row{"full_name": "박민수", "branch": "강남점"}, row{"member": "D1"})
		other := h.Take(ctx, "members", row{"full_name": "박민수", "branch": "강남점"}, row{"member": "D2"})
		if _, err := h.Merge(ctx, double.CustomerID, other.CustomerID, nil); err != nil {
			t.Fatal(err)
		}
		counts, err := s.Check(ctx, noFence)
		if err != nil || counts.Shared != 30 || counts.Double != 1 {
			t.Fatalf("%+v %v", counts, err)
		}
		read := func(ctx context.Context, kind string, limit int) (keys []string, total int64) {
			t.Helper()
			after, pages := int64(0), 0
			for {
				list, next, n, err := s.ListConflicts(ctx, crosswalk.Ask{Kind: kind, After: after, Limit: limit})
				if err != nil {
					t.Fatal(err)
				}
				if next != 0 && len(list) != limit {
					t.Errorf("a page of %d holds %d: it tells that something was left out", limit, len(list))
				}
				for _, c := range list {
					keys = append(keys, strings.Join(c.Keys, "+"))
				}
				total = max(total, n)
				if after = next; next == 0 {
					return keys, total
				}
				if pages++; pages > 100 {
					t.Fatal("pages without an end")
				}
			}
		}
		if keys, total := read(ctx, "", 7); len(keys) != 31 || total != 31 {
			t.Errorf("all of them: %d, total %d", len(keys), total)
		}
		agent := customertest.As(t, 5, "강남점")
		for _, limit := range []int{1, 3, 4, 100} {
			if keys, total := read(agent, "", limit); len(keys) != 11 || total != 0 {
				t.Errorf("an agent by %d: %d conflicts, total %d", limit, len(keys), total)
			}
		}
		if keys, _ := read(agent, crosswalk.DoubleKey, 10); len(keys) != 1 {
			t.Errorf("one person with two keys: %v", keys)
		}
		// What is mended since does not come again.
		if _, err := h.Unmerge(ctx, double.CustomerID, []int64{other.ID}); err != nil {
			t.Fatal(err)
		}
		if keys, _ := read(ctx, crosswalk.DoubleKey, 10); len(keys) != 0 {
			t.Errorf("mended, yet shown: %v", keys)
		}
	})
}

func TestExportIsCheckedAndWhole(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *customertest.House, s *crosswalk.Service) {
		first := h.Take(ctx, "members", row{"full_name": "김철수", "branch": "강남점"}, row{"member": "=1+2", "card": "C1"})
		second := h.Take(ctx, "shop", row{"full_name": "김 철수", "branch": "강남점"}, row{"card": "C2"})
		h.Take(ctx, "shop", row{"full_name": "이영희", "branch": "서초점"}, row{"card": "C3"})
		if _, err := h.Merge(ctx, first.CustomerID, second.CustomerID, nil); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Prepare(ctx, crosswalk.Export{Purpose: " "}); !fault.Is(err, fault.Invalid) {
			t.Errorf("without a purpose: %v", err)
		}
		if _, err := s.Prepare(ctx, crosswalk.Export{Purpose: "test", Schemes: []string{"card", "none"}}); !fault.Is(err, fault.Invalid) {
			t.Errorf("an unknown scheme: %v", err)
		}
		write := func(ctx context.Context) string {
			e, err := s.Prepare(ctx, crosswalk.Export{Purpose: "test", Schemes: []string{"member", "card"}, Format: "csv"})
			if err != nil {
				t.Fatal(err)
			}
			var b bytes.Buffer
			if err := e.Write(ctx, &b); err != nil {
				t.Fatal(err)
			}
			return b.String()
		}
		whole := write(ctx)
		line := fmt.Sprintf("%d,%d,'=1+2,C1;C2\r\n", first.CustomerID, second.CustomerID)
		if !strings.Contains(whole, line) || strings.Count(whole, "\r\n") != 3 {
			t.Errorf("crosswalk %q lacks %q", whole, line)
		}
		if part := write(customertest.As(t, 5, "서초점")); strings.Count(part, "\r\n") != 2 || strings.Contains(part, "C1") {
			t.Errorf("an agent exports %q", part)
		}
	})
}
