// SPDX-License-Identifier: Apache-2.0

package referral

import (
	"context"

	"dangol/internal/platform/web"
)

type treeOutput struct{ Body *Tree }

type listInput struct {
	Limit int `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

// Routes registers the routes of introductions.
func (s *Service) Routes(api web.API) {
	tags := []string{"customer"}
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/customers/{id}/referrals", ID: "find-referral-tree", Permission: "customer:read", Cost: web.List,
		Summary: "Who introduced whom around a customer, and what it brought", Tags: tags,
	}, func(ctx context.Context, in *web.ByID) (*treeOutput, error) {
		tree, err := s.FindTree(ctx, in.ID)
		return &treeOutput{tree}, err
	})
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/referrals", ID: "list-referrers", Permission: "customer:read", Cost: web.List,
		Summary: "Who introduced most people, by what it brought", Tags: tags,
	}, func(ctx context.Context, in *listInput) (*web.Page[Node], error) {
		list, err := s.List(ctx, in.Limit)
		return web.NewPage(list, "", nil), err
	})
}
