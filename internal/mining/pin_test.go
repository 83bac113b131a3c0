// SPDX-License-Identifier: Apache-2.0

package mining_test

import (
	"context"
	"strings"
	"testing"

	"dangol/internal/mining"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/database/databasetest"
	"dangol/internal/platform/fault"
)

func TestPins(t *testing.T) {
	t.Parallel()
	w := town(t, 200)
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		s := withQueue(t, db, w, "2025-12-20")
		run := computed(t, s, "basket", `{"by":"category","support":0.05,"confidence":0.5}`)
		kept, err := s.PinRun(boss(), run.ID, mining.Pin{IsPinned: true, Note: "  차와 그릇을 같이 진열  "})
		if err != nil || kept.PinnedAt == nil || kept.Note != "차와 그릇을 같이 진열" || kept.Result == nil {
			t.Fatalf("%+v, %v", kept, err)
		}
		for range 31 { // older runs are forgotten, pinned ones are not
			computed(t, s, "basket", `{"by":"category","support":0.5}`)
		}
		if again, err := s.FindRun(boss(), run.ID); err != nil || again.Note == "" {
			t.Errorf("the pinned run: %v", err)
		}
		if list, err := s.ListPinned(boss()); err != nil || len(list) != 1 || list[0].ID != run.ID {
			t.Errorf("%v, %v", list, err)
		}
		if _, err := s.PinRun(boss(), run.ID, mining.Pin{Note: strings.Repeat("가", 2001)}); !fault.Is(err, fault.Invalid) {
			t.Errorf("a long comment: %v", err)
		}
		if _, err := s.PinRun(boss(), 999999, mining.Pin{}); !fault.Is(err, fault.NotFound) {
			t.Errorf("no such run: %v", err)
		}
		reader := auth.With(context.Background(), auth.Person{ID: 3, Permissions: auth.Permit("mining:read", "order:read", "customer:read"), Scope: auth.Scope{All: true}})
		if _, err := s.PinRun(reader, run.ID, mining.Pin{}); !fault.Is(err, fault.Forbidden) {
			t.Errorf("without the right: %v", err)
		}
		if _, err := s.PinRun(boss(), run.ID, mining.Pin{}); err != nil {
			t.Error(err)
		}
		if list, err := s.ListPinned(boss()); err != nil || len(list) != 0 {
			t.Errorf("let go: %v, %v", list, err)
		}
	})
}
