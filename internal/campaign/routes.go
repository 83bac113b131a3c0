// SPDX-License-Identifier: Apache-2.0

package campaign

import (
	"context"
	"time"

	"dangol/internal/platform/web"
)

type (
	campaignOutput struct{ Body Campaign }
	listInput      struct {
		web.Paging
		State string `query:"state" enum:"draft,planning,planned,running,paused,finished,cancelled"`
	}
	createInput struct{ Body Content }
	updateInput struct {
		web.ByID
		Body struct {
			Content
			Version int64 `json:"version" doc:"The version the change was made on."`
		}
	}
	scheduleInput struct {
		web.ByID
		Body struct {
			At time.Time `json:"at" doc:"When sending begins."`
		}
	}
	recipientsInput struct {
		web.ByID
		web.Paging
		State  string `query:"state" enum:"planned,leased,handed_over,delivered,bounced,failed,unknown,skipped,control,cancelled"`
		Arm    string `query:"arm" enum:"treatment,control,none"`
		Reason string `query:"reason"`
	}
)

// Routes registers the routes of campaigns and the public pages.
func (s *Service) Routes(api web.API) {
	tags := []string{"campaign"}
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/campaigns", ID: "list-campaigns", Permission: "campaign:read", Cost: web.List,
		Summary: "List campaigns", Tags: tags,
	}, func(ctx context.Context, in *listInput) (*web.Page[Campaign], error) {
		items, next, err := s.List(ctx, State(in.State), in.Cursor, in.Limit)
		return web.NewPage(items, next, nil), err
	})
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/campaigns", ID: "create-campaign", Permission: "campaign:create", Status: 201,
		Summary: "Make a campaign", Tags: tags,
	}, func(ctx context.Context, in *createInput) (*campaignOutput, error) {
		c, err := s.Create(ctx, in.Body)
		return &campaignOutput{c}, err
	})
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/campaigns/{id}", ID: "find-campaign", Permission: "campaign:read",
		Summary: "Find a campaign", Tags: tags,
	}, func(ctx context.Context, in *web.ByID) (*campaignOutput, error) {
		c, err := s.Find(ctx, in.ID)
		return &campaignOutput{c}, err
	})
	web.Register(api, web.Operation{
		Method: "PATCH", Path: "/api/campaigns/{id}", ID: "update-campaign", Permission: "campaign:update",
		Summary: "Change a campaign", Tags: tags,
	}, func(ctx context.Context, in *updateInput) (*campaignOutput, error) {
		c, err := s.Update(ctx, in.ID, in.Body.Version, in.Body.Content)
		return &campaignOutput{c}, err
	})
	web.Register(api, web.Operation{
		Method: "DELETE", Path: "/api/campaigns/{id}", ID: "delete-campaign", Permission: "campaign:delete",
		Summary: "Remove a campaign", Tags: tags,
	}, func(ctx context.Context, in *web.ByID) (*web.Empty, error) { return &web.Empty{}, s.Delete(ctx, in.ID) })
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/campaigns/{id}/recipients", ID: "list-recipients", Permission: "campaign:read", Cost: web.List,
		Summary: "The ledger of a campaign", Tags: tags,
	}, func(ctx context.Context, in *recipientsInput) (*web.Page[Recipient], error) {
		items, next, err := s.ListRecipients(ctx, in.ID, RecipientFilter{State: Step(in.State), Arm: in.Arm, Reason: in.Reason, Cursor: in.Cursor, Limit: in.Limit})
		return web.NewPage(items, next, nil), err
	})
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/campaigns/{id}/links", ID: "list-campaign-links", Permission: "campaign:read", Cost: web.List,
		Summary: "Clicks on the links of a campaign", Tags: tags,
	}, func(ctx context.Context, in *web.ByID) (*web.Page[Link], error) {
		items, err := s.ListLinks(ctx, in.ID)
		return web.NewPage(items, "", nil), err
	})
	s.stepRoutes(api, tags)
	s.planRoutes(api, tags)
	s.scheduleRoutes(api, tags)
	s.unknownRoutes(api, tags)
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/customers/{id}/messages", ID: "list-customer-messages", Permission: "campaign:read", Cost: web.List,
		Summary: "What campaigns had for a customer: sent, or why not", Tags: tags,
	}, func(ctx context.Context, in *web.ByID) (*web.Page[Message], error) {
		list, err := s.MessagesOf(ctx, in.ID)
		return web.NewPage(list, "", nil), err
	})
	s.publicRoutes(api)
}

// stepRoutes move a campaign on.
func (s *Service) stepRoutes(api web.API, tags []string) {
	for _, step := range []struct {
		name, permission, summary string
		do                        func(context.Context, int64) (Campaign, error)
	}{
		{"plan", "campaign:update", "Freeze the recipients and draw the control group", s.Plan},
		{"start", "campaign:send", "Begin to send", s.Start},
		{"pause", "campaign:send", "Stop sending for a while", s.Pause},
		{"resume", "campaign:send", "Go on sending where it stopped", s.Resume},
		{"cancel", "campaign:send", "End a campaign for good", s.Cancel},
	} {
		web.Register(api, web.Operation{
			Method: "POST", Path: "/api/campaigns/{id}/" + step.name, ID: step.name + "-campaign", Permission: step.permission,
			Summary: step.summary, Tags: tags,
		}, func(ctx context.Context, in *web.ByID) (*campaignOutput, error) {
			c, err := step.do(ctx, in.ID)
			return &campaignOutput{c}, err
		})
	}
}

// scheduleRoutes let a planned campaign start by itself.
func (s *Service) scheduleRoutes(api web.API, tags []string) {
	const path = "/api/campaigns/{id}/schedule"
	web.Register(api, web.Operation{
		Method: "POST", Path: path, ID: "schedule-campaign", Permission: "campaign:send", Summary: "Start a planned campaign at a time", Tags: tags,
	}, func(ctx context.Context, in *scheduleInput) (*campaignOutput, error) {
		c, err := s.Schedule(ctx, in.ID, in.Body.At)
		return &campaignOutput{c}, err
	})
	web.Register(api, web.Operation{
		Method: "DELETE", Path: path, ID: "unschedule-campaign", Permission: "campaign:send", Summary: "Take a scheduled start back", Tags: tags,
	}, func(ctx context.Context, in *web.ByID) (*campaignOutput, error) {
		c, err := s.Unschedule(ctx, in.ID)
		return &campaignOutput{c}, err
	})
}

type unknownInput struct {
	web.ByID
	Body struct {
		Decision string `json:"decision" enum:"send_again,take_as_out" doc:"Send again, though some may get it twice, or take the messages as handed over."`
	}
}

// unknownRoutes let people decide about messages that may have gone out.
func (s *Service) unknownRoutes(api web.API, tags []string) {
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/campaigns/{id}/unknown", ID: "decide-unknown", Permission: "campaign:send",
		Summary: "Decide about messages that may or may not have gone out", Tags: tags,
	}, func(ctx context.Context, in *unknownInput) (*campaignOutput, error) {
		c, err := s.DecideUnknown(ctx, in.ID, in.Body.Decision)
		return &campaignOutput{c}, err
	})
}
