// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"context"
	"math"
	"strconv"

	"dangol/internal/platform/fault"
	"dangol/internal/platform/web"
)

type eraseInput struct {
	web.ByID
	Body struct {
		Reason string `json:"reason" enum:"request,retention,mistake" doc:"Why: the person asked, the time of keeping is over, or it should never have been collected."`
	}
}

type eraseOutput struct{ Body *Erasure }

type erasurePlanOutput struct{ Body *ErasurePlan }

type holdInput struct {
	web.ByID
	Body struct {
		Reason  string `json:"reason" minLength:"2" maxLength:"300" doc:"Why, such as the number of the case."`
		UntilOn string `json:"until_on" format:"date" doc:"The last day on which it stands."`
	}
}

type holdOutput struct{ Body *Hold }

type keptInput struct {
	web.ByID
	Body struct {
		Purpose string `json:"purpose" minLength:"3" maxLength:"200" doc:"What it is needed for; it is logged."`
	}
}

func (s *Service) eraseRoutes(api web.API) {
	const permission = "customer:erase"
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/customers/{id}/erasure", ID: "plan-erasure", Permission: permission,
		Summary: "What an erasure of the customer would take, what a law keeps, what stands in its way", Tags: tags,
	}, func(ctx context.Context, in *web.ByID) (*erasurePlanOutput, error) {
		plan, err := s.PlanErasure(ctx, in.ID)
		return &erasurePlanOutput{plan}, err
	})
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/customers/{id}/erase", ID: "erase-customer", Permission: permission,
		Summary: "Destroy the personal data of a customer for ever; orders stay without a name", Tags: tags,
	}, func(ctx context.Context, in *eraseInput) (*eraseOutput, error) {
		e, err := s.Erase(ctx, in.ID, in.Body.Reason)
		return &eraseOutput{e}, err
	})
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/erasures", ID: "list-erasures", Permission: permission, Cost: web.List,
		Summary: "The register of erasures, newest first", Tags: tags,
	}, func(ctx context.Context, in *web.Paging) (*web.Page[ErasureRow], error) {
		before := int64(math.MaxInt64)
		if in.Cursor != "" {
			var err error
			if before, err = strconv.ParseInt(in.Cursor, 10, 64); err != nil {
				return nil, fault.New(fault.Invalid, "customer.bad_cursor", "The cursor is not one that a page gave; start at the top.")
			}
		}
		rows, err := s.ListErasures(ctx, before, in.Limit)
		next := ""
		if len(rows) == in.Limit && len(rows) > 0 {
			next = strconv.FormatInt(rows[len(rows)-1].ID, 10)
		}
		return web.NewPage(rows, next, nil), err
	})
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/erasures/{id}/kept", ID: "open-kept", Permission: permission,
		Summary: "Open what a law keeps apart of an erased person; who looked and why is logged", Tags: tags,
	}, func(ctx context.Context, in *keptInput) (*web.Page[Kept], error) {
		list, err := s.OpenKept(ctx, in.ID, in.Body.Purpose)
		return web.NewPage(list, "", nil), err
	})
	s.holdRoutes(api, permission)
}

func (s *Service) holdRoutes(api web.API, permission string) {
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/customers/{id}/holds", ID: "set-hold", Permission: permission, Status: 201,
		Summary: "Keep a customer from being erased until a day", Tags: tags,
	}, func(ctx context.Context, in *holdInput) (*holdOutput, error) {
		h, err := s.SetHold(ctx, in.ID, in.Body.Reason, in.Body.UntilOn)
		return &holdOutput{h}, err
	})
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/holds", ID: "list-holds", Permission: permission, Cost: web.List,
		Summary: "The holds that stand", Tags: tags,
	}, func(ctx context.Context, _ *struct{}) (*web.Page[Hold], error) {
		list, err := s.ListHolds(ctx)
		return web.NewPage(list, "", nil), err
	})
	web.Register(api, web.Operation{
		Method: "DELETE", Path: "/api/holds/{id}", ID: "lift-hold", Permission: permission, Status: 200,
		Summary: "Lift a hold before its day", Tags: tags,
	}, func(ctx context.Context, in *web.ByID) (*holdOutput, error) {
		h, err := s.LiftHold(ctx, in.ID)
		return &holdOutput{h}, err
	})
}
