// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"context"

	"dangol/internal/platform/web"
)

type relationInput struct {
	web.ByID
	Body struct {
		OtherID int64  `json:"other_id" minimum:"1"`
		Kind    string `json:"kind" doc:"What the other one is to the customer."`
		Note    string `json:"note,omitempty" maxLength:"1000"`
		SinceOn string `json:"since_on,omitempty" maxLength:"10"`
		UntilOn string `json:"until_on,omitempty" maxLength:"10"`
		State   string `json:"state,omitempty" enum:"stated,declined" doc:"declined: the suggestion is not made again."`
	}
}

type relationPatchInput struct {
	web.ByID
	Relation int64 `path:"relation"`
	Body     struct {
		Kind    string `json:"kind"`
		Note    string `json:"note,omitempty" maxLength:"1000"`
		SinceOn string `json:"since_on,omitempty" maxLength:"10"`
		UntilOn string `json:"until_on,omitempty" maxLength:"10"`
	}
}

type relationByID struct {
	web.ByID
	Relation int64 `path:"relation"`
}

type relationOutput struct{ Body Relation }

func (s *Service) relationRoutes(api web.API) {
	const path = "/api/customers/{id}/relations"
	web.Register(api, web.Operation{
		Method: "GET", Path: path, ID: "list-relations", Permission: "customer:read", Summary: "The relations of a customer", Tags: tags,
	}, func(ctx context.Context, in *web.ByID) (*web.Page[Relation], error) {
		list, err := s.ListRelations(ctx, in.ID)
		return web.NewPage(list, "", nil), err
	})
	web.Register(api, web.Operation{
		Method: "GET", Path: path + "/suggested", ID: "suggest-relations", Permission: "customer:read", Cost: web.List,
		Summary: "Places of work and people who work there, as far as the data tells", Tags: tags,
	}, func(ctx context.Context, in *web.ByID) (*web.Page[SuggestedRelation], error) {
		list, err := s.SuggestRelations(ctx, in.ID)
		return web.NewPage(list, "", nil), err
	})
	web.Register(api, web.Operation{
		Method: "POST", Path: path, ID: "create-relation", Permission: "customer:update", Summary: "Relate two customers", Tags: tags,
	}, func(ctx context.Context, in *relationInput) (*relationOutput, error) {
		r, err := s.CreateRelation(ctx, Relation{
			CustomerID: in.ID, OtherID: in.Body.OtherID, Kind: in.Body.Kind, Note: in.Body.Note,
			SinceOn: in.Body.SinceOn, UntilOn: in.Body.UntilOn, State: in.Body.State,
		})
		return &relationOutput{r}, err
	})
	web.Register(api, web.Operation{
		Method: "PATCH", Path: path + "/{relation}", ID: "update-relation", Permission: "customer:update",
		Summary: "Change kind, note and dates of a relation", Tags: tags,
	}, func(ctx context.Context, in *relationPatchInput) (*relationOutput, error) {
		r, err := s.UpdateRelation(ctx, in.ID, Relation{
			ID: in.Relation, Kind: in.Body.Kind, Note: in.Body.Note, SinceOn: in.Body.SinceOn, UntilOn: in.Body.UntilOn,
		})
		return &relationOutput{r}, err
	})
	web.Register(api, web.Operation{
		Method: "DELETE", Path: path + "/{relation}", ID: "delete-relation", Permission: "customer:update", Summary: "Take a relation away", Tags: tags,
	}, func(ctx context.Context, in *relationByID) (*web.Empty, error) {
		return nil, s.DeleteRelation(ctx, in.ID, in.Relation)
	})
}
