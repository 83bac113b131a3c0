// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"context"
	"encoding/json"
	"net/http"

	"dangol/internal/platform/web"
)

type (
	runInput struct {
		Body struct {
			Kind     string          `json:"kind" doc:"value or forecast"`
			Settings json.RawMessage `json:"settings,omitempty"`
			Seed     int64           `json:"seed,omitempty"`
		}
	}
	runOutput struct{ Body *Run }
	runID     struct {
		ID int64 `path:"id"`
	}
	pinInput struct {
		ID   int64 `path:"id"`
		Body Pin
	}
	runsInput struct {
		Kind string `query:"kind" required:"true"`
	}
	runsOutput struct {
		Body struct {
			Items []Run `json:"items"`
		}
	}
)

// runRoutes registers the routes of runs.
func (s *Service) runRoutes(api web.API) {
	tags := []string{"mining"}
	web.Register(api, web.Operation{
		Method: http.MethodPost, Path: "/api/mining/runs", ID: "start-mining-run", Permission: "mining:update",
		Summary: "Begin a computation over all customers", Tags: tags,
	}, func(ctx context.Context, in *runInput) (*runOutput, error) {
		out, err := s.StartRun(ctx, in.Body.Kind, in.Body.Settings, in.Body.Seed)
		return &runOutput{out}, err
	})
	web.Register(api, web.Operation{
		Method: http.MethodGet, Path: "/api/mining/runs", ID: "list-mining-runs", Permission: "mining:read",
		Summary: "The latest runs of a model", Tags: tags,
	}, func(ctx context.Context, in *runsInput) (*runsOutput, error) {
		list, err := s.ListRuns(ctx, in.Kind)
		out := &runsOutput{}
		out.Body.Items = list
		return out, err
	})
	web.Register(api, web.Operation{
		Method: http.MethodGet, Path: "/api/mining/runs/{id}", ID: "find-mining-run", Permission: "mining:read",
		Summary: "A run with its result", Tags: tags,
	}, func(ctx context.Context, in *runID) (*runOutput, error) {
		out, err := s.FindRun(ctx, in.ID)
		return &runOutput{out}, err
	})
	web.Register(api, web.Operation{
		Method: http.MethodPut, Path: "/api/mining/runs/{id}/pin", ID: "pin-mining-run", Permission: "mining:update",
		Summary: "Keep a result with a comment, or let it go", Tags: tags,
	}, func(ctx context.Context, in *pinInput) (*runOutput, error) {
		out, err := s.PinRun(ctx, in.ID, in.Body)
		return &runOutput{out}, err
	})
	web.Register(api, web.Operation{
		Method: http.MethodGet, Path: "/api/mining/pinned", ID: "list-pinned-mining-runs", Permission: "mining:read",
		Summary: "Results that are kept", Tags: tags,
	}, func(ctx context.Context, _ *struct{}) (*runsOutput, error) {
		list, err := s.ListPinned(ctx)
		out := &runsOutput{}
		out.Body.Items = list
		return out, err
	})
}
