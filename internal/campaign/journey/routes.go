// SPDX-License-Identifier: Apache-2.0

package journey

import (
	"context"

	"dangol/internal/platform/web"
)

type (
	journeyOutput struct{ Body Journey }
	createInput   struct{ Body Content }
	updateInput   struct {
		web.ByID
		Body struct {
			Content
			Version int64 `json:"version" doc:"The version the change was made on."`
		}
	}
	simulateInput struct {
		web.ByID
		Body struct {
			Days int `json:"days,omitempty" minimum:"1" maximum:"92" doc:"30 when left out."`
		}
	}
	simulateOutput struct{ Body Simulation }
	runsInput      struct {
		web.ByID
		web.Paging
		Step     string `query:"step"`
		Customer int64  `query:"customer"`
	}
)

// Routes registers the routes of journeys.
func (s *Service) Routes(api web.API) {
	tags := []string{"campaign"}
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/journeys", ID: "list-journeys", Permission: "campaign:read", Cost: web.List, Summary: "List journeys", Tags: tags,
	}, func(ctx context.Context, _ *struct{}) (*web.Page[Journey], error) {
		list, err := s.List(ctx)
		return web.NewPage(list, "", nil), err
	})
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/journeys", ID: "create-journey", Permission: "campaign:create", Status: 201, Summary: "Make a journey", Tags: tags,
	}, func(ctx context.Context, in *createInput) (*journeyOutput, error) {
		j, err := s.Create(ctx, in.Body)
		return &journeyOutput{j}, err
	})
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/journeys/{id}", ID: "find-journey", Permission: "campaign:read", Summary: "Find a journey with live counts", Tags: tags,
	}, func(ctx context.Context, in *web.ByID) (*journeyOutput, error) {
		j, err := s.Find(ctx, in.ID)
		return &journeyOutput{j}, err
	})
	web.Register(api, web.Operation{
		Method: "PATCH", Path: "/api/journeys/{id}", ID: "update-journey", Permission: "campaign:update", Summary: "Change the drawing of a journey", Tags: tags,
	}, func(ctx context.Context, in *updateInput) (*journeyOutput, error) {
		j, err := s.Update(ctx, in.ID, in.Body.Version, in.Body.Content)
		return &journeyOutput{j}, err
	})
	web.Register(api, web.Operation{
		Method: "DELETE", Path: "/api/journeys/{id}", ID: "delete-journey", Permission: "campaign:delete", Summary: "Remove a journey that nobody has entered", Tags: tags,
	}, func(ctx context.Context, in *web.ByID) (*web.Empty, error) { return &web.Empty{}, s.Delete(ctx, in.ID) })
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/journeys/{id}/simulate", ID: "simulate-journey", Permission: "campaign:read", Cost: web.Heavy,
		Summary: "What the drawing would have done on the data of the last days", Tags: tags,
	}, func(ctx context.Context, in *simulateInput) (*simulateOutput, error) {
		days := in.Body.Days
		if days == 0 {
			days = 30
		}
		out, err := s.Simulate(ctx, in.ID, days)
		return &simulateOutput{out}, err
	})
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/journeys/{id}/runs", ID: "list-journey-runs", Permission: "campaign:read", Cost: web.List,
		Summary: "The ways of people through a journey, the latest first", Tags: tags,
	}, func(ctx context.Context, in *runsInput) (*web.Page[Run], error) {
		list, err := s.ListRuns(ctx, in.ID, in.Customer, in.Step, in.Limit)
		return web.NewPage(list, "", nil), err
	})
	for _, step := range []struct {
		name, summary string
		do            func(context.Context, int64) (Journey, error)
	}{
		{"start", "Publish the drawing and let people in", s.Start},
		{"pause", "Stop a journey for a while", s.Pause},
		{"end", "End a journey for good", s.End},
	} {
		web.Register(api, web.Operation{
			Method: "POST", Path: "/api/journeys/{id}/" + step.name, ID: step.name + "-journey", Permission: "campaign:send", Summary: step.summary, Tags: tags,
		}, func(ctx context.Context, in *web.ByID) (*journeyOutput, error) {
			j, err := step.do(ctx, in.ID)
			return &journeyOutput{j}, err
		})
	}
}
