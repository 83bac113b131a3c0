// SPDX-License-Identifier: Apache-2.0

package household

import (
	"context"

	"dangol/internal/customer"
	"dangol/internal/platform/web"
)

var tags = []string{"customer"}

type listInput struct {
	web.Paging
	State string `query:"state" enum:"suggested,confirmed" doc:"Only these."`
	From  int    `query:"from" minimum:"0" maximum:"1000" doc:"Lowest confidence in thousandths."`
	To    int    `query:"to" minimum:"0" maximum:"1000" default:"1000" doc:"Highest confidence in thousandths."`
}

type overviewOutput struct{ Body *Overview }

type detailOutput struct{ Body *Detail }

type ofCustomerOutput struct {
	Body struct {
		Household *Shown `json:"household,omitempty"`
	}
}

type timelineInput struct {
	web.ByID
	web.Paging
	Capabilities string `query:"capabilities" maxLength:"200" doc:"Only these, comma-separated."`
}

// Routes registers the routes of households.
func (s *Service) Routes(api web.API) {
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/households", ID: "list-households", Permission: "customer:read", Cost: web.List,
		Summary: "List households, surest first", Tags: tags,
	}, func(ctx context.Context, in *listInput) (*web.Page[Shown], error) {
		list, next, total, err := s.List(ctx, Filter{State: in.State, From: in.From, To: in.To, Cursor: in.Cursor, Limit: in.Limit})
		if err != nil {
			return nil, err
		}
		var count *web.Total
		if in.Cursor == "" {
			count = &web.Total{Count: total, Capped: total >= countLimit}
		}
		return web.NewPage(list, next, count), nil
	})
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/households/overview", ID: "find-household-overview", Permission: "customer:read", Cost: web.List,
		Summary: "How many households there are, and what the last search came to", Tags: tags,
	}, func(ctx context.Context, _ *struct{}) (*overviewOutput, error) {
		o, err := s.FindOverview(ctx)
		return &overviewOutput{o}, err
	})
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/households/{id}", ID: "find-household", Permission: "customer:read",
		Summary: "The page of a household: members, relations, figures", Tags: tags,
	}, func(ctx context.Context, in *web.ByID) (*detailOutput, error) {
		d, err := s.Open(ctx, in.ID)
		return &detailOutput{d}, err
	})
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/households/{id}/timeline", ID: "list-household-timeline", Permission: "customer:read",
		Summary: "What happened with the members of a household, newest first", Tags: tags,
	}, func(ctx context.Context, in *timelineInput) (*web.Page[customer.TimelineItem], error) {
		page, err := s.Timeline(ctx, in.ID, in.Cursor, in.Limit, in.Capabilities)
		return web.NewPage(page.Items, page.NextCursor, nil), err
	})
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/customers/{id}/household", ID: "find-household-of-customer", Permission: "customer:read",
		Summary: "The household of a customer, if one is known", Tags: tags,
	}, func(ctx context.Context, in *web.ByID) (*ofCustomerOutput, error) {
		h, err := s.OfCustomer(ctx, in.ID)
		out := &ofCustomerOutput{}
		out.Body.Household = h
		return out, err
	})
	s.decisionRoutes(api)
	s.bulkRoutes(api)
}

type createInput struct {
	Body struct {
		Name        string  `json:"name,omitempty" maxLength:"100"`
		CustomerIDs []int64 `json:"customer_ids" minItems:"1" maxItems:"12"`
	}
}

type patchInput struct {
	web.ByID
	Body Patch
}

type undoInput struct {
	web.ByID
	Body struct {
		EntryID int64 `json:"entry_id" minimum:"1"`
	}
}

// Decided is the journal entry of a change, which undo takes back.
type Decided struct {
	ID      int64 `json:"id"`
	EntryID int64 `json:"entry_id"`
}

type decidedOutput struct{ Body Decided }

func (s *Service) decisionRoutes(api web.API) {
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/households", ID: "create-household", Permission: "customer:update", Summary: "Make a household by hand", Tags: tags,
	}, func(ctx context.Context, in *createInput) (*decidedOutput, error) {
		id, entry, err := s.Create(ctx, in.Body.Name, in.Body.CustomerIDs)
		return &decidedOutput{Decided{id, entry}}, err
	})
	web.Register(api, web.Operation{
		Method: "PATCH", Path: "/api/households/{id}", ID: "update-household", Permission: "customer:update",
		Summary: "Change name, head or members of a household, which confirms it", Tags: tags,
	}, func(ctx context.Context, in *patchInput) (*decidedOutput, error) {
		entry, err := s.Update(ctx, in.ID, in.Body)
		return &decidedOutput{Decided{in.ID, entry}}, err
	})
	for _, one := range []struct {
		word, summary string
		do            func(ctx context.Context, id int64) (int64, error)
	}{
		{"confirm", "Say that a suggested household is right", s.Confirm},
		{"reject", "Say that these people do not live together", s.Reject},
	} {
		web.Register(api, web.Operation{
			Method: "POST", Path: "/api/households/{id}/" + one.word, ID: one.word + "-household", Permission: "customer:update",
			Summary: one.summary, Tags: tags,
		}, func(ctx context.Context, in *web.ByID) (*decidedOutput, error) {
			entry, err := one.do(ctx, in.ID)
			return &decidedOutput{Decided{in.ID, entry}}, err
		})
	}
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/households/{id}/undo", ID: "undo-household-change", Permission: "customer:update",
		Summary: "Take back one change of a household", Tags: tags,
	}, func(ctx context.Context, in *undoInput) (*web.Empty, error) {
		return nil, s.Undo(ctx, in.ID, in.Body.EntryID)
	})
}

// Started is work in the background.
type Started struct {
	JobID   int64 `json:"job_id"`
	EntryID int64 `json:"entry_id,omitempty" doc:"takes all of it back"`
}

type startedOutput struct{ Body Started }

type confirmAllInput struct {
	Body struct {
		From int `json:"from" minimum:"500" maximum:"1000" doc:"Lowest confidence in thousandths."`
	}
}

type undoAllInput struct {
	Body struct {
		EntryID int64 `json:"entry_id" minimum:"1"`
	}
}

func (s *Service) bulkRoutes(api web.API) {
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/households/search", ID: "search-households", Permission: "customer:merge", Status: 202,
		Summary: "Look for households in the whole base, in the background", Tags: tags,
	}, func(ctx context.Context, _ *struct{}) (*startedOutput, error) {
		id, err := s.StartSearch(ctx)
		return &startedOutput{Started{JobID: id}}, err
	})
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/households/confirm", ID: "confirm-households", Permission: "customer:merge", Status: 202,
		Summary: "Confirm all suggestions from a confidence on, in the background", Tags: tags,
	}, func(ctx context.Context, in *confirmAllInput) (*startedOutput, error) {
		id, entry, err := s.StartConfirm(ctx, in.Body.From)
		return &startedOutput{Started{id, entry}}, err
	})
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/households/undo", ID: "undo-confirmed-households", Permission: "customer:merge", Status: 202,
		Summary: "Take a confirmation of many households back, in the background", Tags: tags,
	}, func(ctx context.Context, in *undoAllInput) (*startedOutput, error) {
		id, err := s.StartUndo(ctx, in.Body.EntryID)
		return &startedOutput{Started{JobID: id}}, err
	})
}
