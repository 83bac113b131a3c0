// SPDX-License-Identifier: Apache-2.0

package consent

import (
	"context"
	"fmt"
	"testing"
)

// TestFacts has the states of consent as segments ask for them: what was said
// with evidence, what an import claims, and nothing of who never spoke.
func TestFacts(t *testing.T) {
	t.Parallel()
	each(t, func(r *room) {
		load := func(ids []int64) string {
			text := ""
			err := Tables(r.db)[0].Load(r.ctx, ids, func(row ...any) error {
				text += fmt.Sprint(row) + "\n"
				return nil
			})
			if err != nil {
				r.t.Fatal(err)
			}
			return text
		}
		if got := load(nil); got != "" {
			r.t.Errorf("before anybody spoke: %s", got)
		}
		said := func(customer int64, channel Channel, action Action) {
			_, err := r.s.Record(r.ctx, Expression{CustomerID: customer, Purpose: Advertising, Channel: channel, Action: action, Method: ByCall})
			if err != nil {
				r.t.Fatal(err)
			}
		}
		said(1, Email, Grant)
		said(2, Email, Grant)
		r.clock.set("2026-11-21 13:00")
		said(2, All, Refuse)
		err := r.db.Within(r.ctx, func(ctx context.Context) error {
			return r.s.RecordClaims(ctx, 9, []Claim{{RecordID: 103, Channel: SMS, IsGrant: true}})
		})
		if err != nil {
			r.t.Fatal(err)
		}
		want := "[1 granted <nil> <nil> <nil> <nil>]\n[2 refused refused refused refused refused]\n[3 <nil> claimed <nil> <nil> <nil>]\n"
		if got := load(nil); got != want {
			r.t.Errorf("all:\n%s", got)
		}
		if got := load([]int64{1, 3}); got != "[1 granted <nil> <nil> <nil> <nil>]\n[3 <nil> claimed <nil> <nil> <nil>]\n" {
			r.t.Errorf("two:\n%s", got)
		}
	})
}
