// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"context"
	"encoding/json"
	"net/http"

	"dangol/internal/platform/web"
)

type (
	modelEvent struct {
		Event string `path:"event"`
	}
	modelOutput  struct{ Body *ModelInUse }
	modelsOutput struct {
		Body struct {
			Items []*ModelInUse `json:"items"`
		}
	}
	scheduleInput struct {
		Event string `path:"event"`
		Body  struct {
			Schedule string `json:"schedule" enum:"daily,weekly,monthly,never"`
		}
	}
	exportInput struct {
		Event      string `path:"event"`
		Challenger bool   `query:"challenger" doc:"the challenger instead of the champion"`
	}
	exportOutput struct{ Body *ModelFile }
	importInput  struct{ Body json.RawMessage }
	scoresInput  struct {
		ID int64 `path:"id"`
	}
	scoresOutput struct {
		Body struct {
			Items []CustomerScore `json:"items"`
		}
	}
	noOutput struct{}
)

// largestModel is how many bytes a model file may have: some hundred deep trees.
const largestModel = 256 << 20

// modelRoutes registers the routes of models in use.
func (s *Service) modelRoutes(api web.API) {
	tags := []string{"mining"}
	one := func(method, path, id, permission, summary string, do func(context.Context, string) (*ModelInUse, error)) {
		web.Register(api, web.Operation{
			Method: method, Path: "/api/mining/models/{event}" + path, ID: id, Permission: permission, Summary: summary, Tags: tags,
		}, func(ctx context.Context, in *modelEvent) (*modelOutput, error) {
			out, err := do(ctx, in.Event)
			return &modelOutput{out}, err
		})
	}
	web.Register(api, web.Operation{
		Method: http.MethodGet, Path: "/api/mining/models", ID: "list-mining-models", Permission: "mining:read",
		Summary: "Models of predictions in use, with what their last refresh saw", Tags: tags,
	}, func(ctx context.Context, _ *struct{}) (*modelsOutput, error) {
		list, err := s.ListModels(ctx)
		out := &modelsOutput{}
		out.Body.Items = list
		return out, err
	})
	one(http.MethodGet, "", "find-mining-model", "mining:read", "The model in use for an event, its card, challenger and monitors", s.FindModel)
	one(http.MethodPost, "/promote", "promote-mining-model", "mining:update", "Make the challenger the champion", s.Promote)
	one(http.MethodPost, "/refresh", "refresh-mining-model", "mining:update", "Score everybody anew and look at the drift", s.RefreshModel)
	one(http.MethodDelete, "/challenger", "discard-mining-challenger", "mining:update", "Let the challenger go", s.Discard)
	web.Register(api, web.Operation{
		Method: http.MethodPatch, Path: "/api/mining/models/{event}", ID: "schedule-mining-model", Permission: "mining:update",
		Summary: "How often the scores are computed anew", Tags: tags,
	}, func(ctx context.Context, in *scheduleInput) (*modelOutput, error) {
		out, err := s.SetSchedule(ctx, in.Event, in.Body.Schedule)
		return &modelOutput{out}, err
	})
	web.Register(api, web.Operation{
		Method: http.MethodDelete, Path: "/api/mining/models/{event}", ID: "stop-mining-model", Permission: "mining:update",
		Summary: "Take a model out of use; its scores are emptied", Tags: tags,
	}, func(ctx context.Context, in *modelEvent) (*noOutput, error) {
		return nil, s.StopModel(ctx, in.Event)
	})
	web.Register(api, web.Operation{
		Method: http.MethodGet, Path: "/api/mining/models/{event}/export", ID: "export-mining-model", Permission: "mining:read", Cost: web.Heavy,
		Summary: "The model in use as a JSON file", Tags: tags,
	}, func(ctx context.Context, in *exportInput) (*exportOutput, error) {
		out, err := s.ExportModel(ctx, in.Event, in.Challenger)
		return &exportOutput{out}, err
	})
	web.Register(api, web.Operation{
		Method: http.MethodPost, Path: "/api/mining/models/import", ID: "import-mining-model", Permission: "mining:update", Cost: web.Heavy, MaxBodyBytes: largestModel,
		Summary: "Take a model file in, as challenger or as the model in use", Tags: tags,
	}, func(ctx context.Context, in *importInput) (*modelOutput, error) {
		out, err := s.ImportModel(ctx, in.Body)
		return &modelOutput{out}, err
	})
	web.Register(api, web.Operation{
		Method: http.MethodGet, Path: "/api/mining/customers/{id}/scores", ID: "find-customer-scores", Permission: "mining:read",
		Summary: "What the models in use say of a customer, with reasons", Tags: tags,
	}, func(ctx context.Context, in *scoresInput) (*scoresOutput, error) {
		list, err := s.FindScores(ctx, in.ID)
		out := &scoresOutput{}
		out.Body.Items = list
		return out, err
	})
}
