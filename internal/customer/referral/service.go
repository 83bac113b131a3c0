// SPDX-License-Identifier: Apache-2.0

package referral

import (
	"context"
	"maps"
	"slices"

	"dangol/internal/customer"
)

// largestTree bounds a picture: more people cannot be told apart on a screen.
const largestTree = 400

// Service answers questions about introductions.
type Service struct {
	customers *customer.Service
	ledger    customer.Ledger
}

// New makes the service; ledger may be nil.
func New(customers *customer.Service, ledger customer.Ledger) *Service {
	return &Service{customers: customers, ledger: ledger}
}

// Node is a customer in a tree.
type Node struct {
	ID       int64            `json:"id"`
	ParentID int64            `json:"parent_id,omitempty"`
	Name     string           `json:"name"`
	Hint     string           `json:"hint,omitempty"`
	Figures  customer.Figures `json:"figures"`
	Brought  Brought          `json:"brought"`
}

// Tree is the tree that a customer stands in.
type Tree struct {
	RootID int64  `json:"root_id"`
	Nodes  []Node `json:"nodes"`
	IsCut  bool   `json:"is_cut,omitempty" doc:"there are more people than are shown"`
}

// load reads all introductions between people whom the person may see: somebody outside cuts the branch.
func (s *Service) load(ctx context.Context) (forest, map[int64]customer.Figures, error) {
	store := s.customers.Store()
	edges, err := store.ListIntroductions(ctx)
	if err != nil {
		return forest{}, nil, err
	}
	ids := make([]int64, 0, 2*len(edges))
	for _, e := range edges {
		ids = append(ids, e.IntroducerID, e.CustomerID)
	}
	now, err := store.Current(ctx, ids)
	if err != nil {
		return forest{}, nil, err
	}
	current := slices.Compact(slices.Sorted(maps.Values(now)))
	visible, err := store.VisibleIDs(ctx, current)
	if err != nil {
		return forest{}, nil, err
	}
	f := grow(edges, now, func(id int64) bool { return visible[id] })
	if s.ledger == nil {
		return f, nil, nil
	}
	figures, err := s.ledger.FiguresOf(ctx, slices.Sorted(maps.Keys(visible)))
	return f, figures, err
}

// FindTree returns the tree around a customer, from the first introducer that the person may see down.
func (s *Service) FindTree(ctx context.Context, customerID int64) (*Tree, error) {
	c, err := s.customers.Find(ctx, customerID)
	if err != nil {
		return nil, err
	}
	f, figures, err := s.load(ctx)
	if err != nil {
		return nil, err
	}
	tree := &Tree{RootID: f.root(c.ID), Nodes: []Node{}}
	ids := f.walk(tree.RootID, largestTree+1)
	if tree.IsCut = len(ids) > largestTree; tree.IsCut {
		ids = ids[:largestTree]
	}
	tree.Nodes, err = s.nodes(ctx, f, figures, ids)
	return tree, err
}

// List returns those who introduced most, by what it brought.
func (s *Service) List(ctx context.Context, limit int) ([]Node, error) {
	f, figures, err := s.load(ctx)
	if err != nil {
		return nil, err
	}
	ids := rank(f.sums(figures))
	return s.nodes(ctx, f, figures, ids[:min(len(ids), limit)])
}

func (s *Service) nodes(ctx context.Context, f forest, figures map[int64]customer.Figures, ids []int64) ([]Node, error) {
	rows, err := s.customers.RowsOf(ctx, "customer.referral", ids)
	if err != nil {
		return nil, err
	}
	brought := f.sums(figures)
	nodes := make([]Node, len(rows))
	for i, row := range rows {
		own := figures[row.ID]
		if own.Channels == nil {
			own.Channels = []string{}
		}
		nodes[i] = Node{ID: row.ID, ParentID: f.parent[row.ID], Name: row.FullName, Hint: row.Hint(), Figures: own, Brought: brought[row.ID]}
	}
	return nodes, nil
}
