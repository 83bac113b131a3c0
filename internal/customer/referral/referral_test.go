// SPDX-License-Identifier: Apache-2.0

package referral_test

import (
	"context"
	"fmt"
	"testing"

	"dangol/internal/customer"
	"dangol/internal/customer/customertest"
	"dangol/internal/customer/referral"
	"dangol/internal/match"
	"dangol/internal/platform/fault"
)

// ledger gives everybody one order of its number in won.
type ledger struct{}

func (ledger) FiguresOf(_ context.Context, ids []int64) (map[int64]customer.Figures, error) {
	figures := map[int64]customer.Figures{}
	for _, id := range ids {
		figures[id] = customer.Figures{Orders: 1, Revenue: 1000, Currency: "KRW"}
	}
	return figures, nil
}

func each(t *testing.T, test func(t *testing.T, ctx context.Context, h *customertest.House, s *referral.Service)) {
	customertest.Each(t, func(store *customer.Store) customer.Linker { return match.NewLinker(store) },
		func(t *testing.T, ctx context.Context, h *customertest.House) {
			test(t, ctx, h, referral.New(h.Service, ledger{}))
		})
}

// people makes n people; all but those named in others belong to one branch.
func people(ctx context.Context, h *customertest.House, n int, others map[int]string) []*customer.Record {
	list := make([]*customer.Record, n)
	for i := range n {
		branch := "강남점"
		if other := others[i]; other != "" {
			branch = other
		}
		list[i] = h.Take(ctx, "members", map[string]string{"full_name": fmt.Sprintf("손님%c", '가'+rune(i)*28), "branch": branch}, nil)
	}
	return list
}

func introduce(t *testing.T, ctx context.Context, h *customertest.House, by, whom *customer.Record) {
	t.Helper()
	if _, err := h.CreateRelation(ctx, customer.Relation{CustomerID: whom.CustomerID, OtherID: by.CustomerID, Kind: "introducer"}); err != nil {
		t.Fatal(err)
	}
}

func TestTreeCountsWhoWasBrought(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *customertest.House, s *referral.Service) {
		p := people(ctx, h, 6, nil)
		introduce(t, ctx, h, p[0], p[1])
		introduce(t, ctx, h, p[0], p[2])
		introduce(t, ctx, h, p[2], p[3])
		// 0 brought 1 and 2, and 2 brought 3; nobody brought 4 or 5.
		for _, from := range []int{0, 1, 3} {
			tree, err := s.FindTree(ctx, p[from].CustomerID)
			if err != nil || tree.RootID != p[0].CustomerID || len(tree.Nodes) != 4 || tree.IsCut {
				t.Fatalf("the tree of %d: %+v %v", from, tree, err)
			}
			if b := tree.Nodes[0].Brought; b.People != 3 || b.Depth != 2 || b.Revenue != 3000 || b.Orders != 3 {
				t.Errorf("brought %+v", b)
			}
		}
		if tree, err := s.FindTree(ctx, p[4].CustomerID); err != nil || len(tree.Nodes) != 1 {
			t.Errorf("somebody alone: %+v %v", tree, err)
		}
		list, err := s.List(ctx, 10)
		if err != nil || len(list) != 2 || list[0].ID != p[0].CustomerID {
			t.Errorf("who brings most: %+v %v", list, err)
		}
		_, err = h.CreateRelation(ctx, customer.Relation{CustomerID: p[0].CustomerID, OtherID: p[3].CustomerID, Kind: "introducer"})
		if fault.CodeOf(err) != "customer.relation_circle" {
			t.Errorf("a circle: %v", err)
		}
		_, err = h.CreateRelation(ctx, customer.Relation{CustomerID: p[1].CustomerID, OtherID: p[4].CustomerID, Kind: "introducer"})
		if fault.CodeOf(err) != "customer.introduced_already" {
			t.Errorf("a second introducer: %v", err)
		}
	})
}

func TestTreeFollowsMergesAndTheirUndo(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *customertest.House, s *referral.Service) {
		p := people(ctx, h, 4, nil)
		introduce(t, ctx, h, p[0], p[1])
		introduce(t, ctx, h, p[2], p[3])
		before, err := s.FindTree(ctx, p[3].CustomerID)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.Merge(ctx, p[1].CustomerID, p[2].CustomerID, nil); err != nil {
			t.Fatal(err)
		}
		tree, err := s.FindTree(ctx, p[3].CustomerID)
		if err != nil || tree.RootID != p[0].CustomerID || len(tree.Nodes) != 3 {
			t.Fatalf("1 and 2 are one, who was brought by 0 and brought 3: %+v %v", tree, err)
		}
		if _, err := h.Unmerge(ctx, p[1].CustomerID, []int64{p[2].ID}); err != nil {
			t.Fatal(err)
		}
		after, err := s.FindTree(ctx, p[3].CustomerID)
		if err != nil || fmt.Sprint(after) != fmt.Sprint(before) {
			t.Errorf("parted again: %+v, before %+v, %v", after, before, err)
		}
		// Two people of one tree turn out to be one: no circle, nobody counted twice.
		introduce(t, ctx, h, p[1], p[2])
		if _, err := h.Merge(ctx, p[0].CustomerID, p[2].CustomerID, nil); err != nil {
			t.Fatal(err)
		}
		tree, err = s.FindTree(ctx, p[0].CustomerID)
		if err != nil || len(tree.Nodes) != 3 || tree.Nodes[0].Brought.People != 2 {
			t.Errorf("a circle by a merge: %+v %v", tree, err)
		}
	})
}

func TestTreeHidesWhomAnAgentMayNotSee(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *customertest.House, s *referral.Service) {
		p := people(ctx, h, 4, map[int]string{1: "서초점"})
		introduce(t, ctx, h, p[0], p[1])
		introduce(t, ctx, h, p[1], p[2])
		introduce(t, ctx, h, p[0], p[3])
		agent := customertest.As(t, 5, "강남점")
		tree, err := s.FindTree(agent, p[0].CustomerID)
		if err != nil || len(tree.Nodes) != 2 || tree.Nodes[0].Brought.People != 1 || tree.Nodes[0].Brought.Revenue != 1000 {
			t.Errorf("an agent sees %+v %v", tree, err)
		}
		if _, err := s.FindTree(agent, p[1].CustomerID); !fault.Is(err, fault.NotFound) {
			t.Errorf("somebody of another branch: %v", err)
		}
		if tree, err := s.FindTree(agent, p[2].CustomerID); err != nil || tree.RootID != p[2].CustomerID {
			t.Errorf("whose introducer is out of sight: %+v %v", tree, err)
		}
	})
}
