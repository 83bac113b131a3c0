// SPDX-License-Identifier: Apache-2.0

package customer_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"dangol/internal/customer"
	"dangol/internal/customer/customertest"
	"dangol/internal/match"
	"dangol/internal/platform/auth"
)

// limits hides kinds of data of one customer.
type limits struct {
	of    int64
	kinds []string
	fails bool
}

func (l *limits) HiddenOf(_ context.Context, id int64) ([]string, error) {
	if l.fails {
		return nil, errors.New("the database is away")
	}
	if id == l.of {
		return l.kinds, nil
	}
	return nil, nil
}

// notes is a source of the timeline named as orders are.
type notes struct{}

func (notes) TimelineName() string { return "order" }

func (notes) Timeline(context.Context, customer.Subject, customer.Position, int) ([]customer.TimelineItem, error) {
	return []customer.TimelineItem{{Capability: "order", Kind: "order.bought", ID: 1}}, nil
}

// What a grade does not show is shown nowhere: page, row, records, timeline.
func TestWhatIsLimitedIsNotShown(t *testing.T) {
	customertest.Each(t, func(store *customer.Store) customer.Linker { return match.NewLinker(store) },
		func(t *testing.T, ctx context.Context, h *customertest.House) {
			ctx = auth.With(ctx, auth.Person{ID: 7, Permissions: auth.Permit("*"), Scope: auth.Scope{All: true}, UnmaskUntil: time.Now().Add(time.Hour), UnmaskPurpose: "test"})
			one := h.Take(ctx, "members", map[string]string{"full_name": "김가림", "mobile": "010-7654-3210", "memo": "비밀메모"}, map[string]string{"member": "M1"})
			h.AddTimeline(notes{})
			look := func() (*customer.Detail, int, []customer.ShownRecord) {
				t.Helper()
				d, err := h.Open(ctx, one.CustomerID)
				if err != nil {
					t.Fatal(err)
				}
				page, err := h.Timeline(ctx, one.CustomerID, "", 50, []string{"order"})
				if err != nil {
					t.Fatal(err)
				}
				records, err := h.ListRecords(ctx, one.CustomerID)
				if err != nil {
					t.Fatal(err)
				}
				return d, len(page.Items), records
			}
			limit := &limits{of: one.CustomerID, kinds: []string{customer.ContactData, customer.PurchaseData}}
			open, bought, _ := look()
			if open.Memo != "비밀메모" || open.Mobile == "" || open.Mobile == "***" || bought != 1 || len(open.HiddenKinds) != 0 {
				t.Fatalf("without limits: %+v, %d events", open.Row, bought)
			}
			h.UseLimits(limit)
			open, bought, records := look()
			if open.Mobile != "***" || open.Memo != "비밀메모" || open.FullName == "***" || bought != 0 || len(open.HiddenKinds) != 2 {
				t.Errorf("contact and purchases hidden: %+v, %d events", open.Row, bought)
			}
			if got := records[0].Values["mobile"]; got != "***" {
				t.Errorf("the source record shows %v", got)
			}
			limit.fails = true // who cannot be asked shows nothing
			if open, bought, _ = look(); open.Mobile != "***" || open.Memo != "***" || bought != 0 {
				t.Errorf("limits unknown: %+v, %d events", open.Row, bought)
			}
		})
}
