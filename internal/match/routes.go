// SPDX-License-Identifier: Apache-2.0

package match

import (
	"context"
	"strconv"

	"dangol/internal/platform/web"
)

var tags = []string{"match"}

type (
	startInput   struct{ Body Settings }
	runOutput    struct{ Body *Run }
	modelOutput  struct{ Body *Model }
	modelsOutput struct {
		Body struct {
			Items []*Model `json:"items"`
		}
	}
	changeInput  struct{ Body ModelChange }
	fileOutput   struct{ Body *ModelFile }
	fileInput    struct{ Body ModelFile }
	qualityInput struct {
		LinkAt string `query:"link_at" doc:"Match weight to estimate for; empty is the threshold in use." maxLength:"20"`
	}
	qualityOutput struct{ Body *Quality }
	estimateInput struct {
		Saved bool `query:"saved" doc:"With the saved model instead of one learnt anew."`
	}
	costOutput struct{ Body *Cost }
)

// Routes registers the routes of matching.
func (s *Service) Routes(api web.API) {
	s.runRoutes(api)
	s.modelRoutes(api)
	s.reviewRoutes(api)
	s.findRoutes(api)
}

func (s *Service) runRoutes(api web.API) {
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/match/runs", ID: "start-match-run", Permission: "match:run", Summary: "Look for people who are in the base twice", Tags: tags,
	}, func(ctx context.Context, in *startInput) (*runOutput, error) {
		run, err := s.Start(ctx, in.Body)
		return &runOutput{run}, err
	})
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/match/runs", ID: "list-match-runs", Permission: "match:read", Cost: web.List, Summary: "Runs, newest first", Tags: tags,
	}, s.handleRuns)
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/match/estimate", ID: "estimate-match-run", Permission: "match:read", Cost: web.Heavy, Summary: "What a run will cost, rehearsed with a sample", Tags: tags,
	}, func(ctx context.Context, in *estimateInput) (*costOutput, error) {
		cost, err := s.Estimate(ctx, Settings{Train: !in.Saved})
		return &costOutput{cost}, err
	})
	for _, op := range []struct {
		method, path, id, permission, summary string
		do                                    func(context.Context, int64) (*Run, error)
	}{
		{"GET", "/api/match/runs/{id}", "find-match-run", "match:read", "One run with its figures and progress", s.FindRun},
		{"POST", "/api/match/runs/{id}/cancel", "cancel-match-run", "match:run", "Stop a run; what it linked stays and can be undone", s.Cancel},
		{"POST", "/api/match/runs/{id}/undo", "undo-match-run", "match:run", "Part everything that a run linked", s.UndoRun},
	} {
		web.Register(api, web.Operation{
			Method: op.method, Path: op.path, ID: op.id, Permission: op.permission, Summary: op.summary, Tags: tags,
		}, func(ctx context.Context, in *web.ByID) (*runOutput, error) {
			run, err := op.do(ctx, in.ID)
			return &runOutput{run}, err
		})
	}
}

func (s *Service) handleRuns(ctx context.Context, in *web.Paging) (*web.Page[*Run], error) {
	before, _ := strconv.ParseInt(in.Cursor, 10, 64) // anything else is the first page
	runs, err := s.ListRuns(ctx, before, in.Limit)
	if err != nil {
		return nil, err
	}
	next := ""
	if len(runs) == in.Limit {
		next = strconv.FormatInt(runs[len(runs)-1].ID, 10)
	}
	return web.NewPage(runs, next, nil), nil
}

func (s *Service) modelRoutes(api web.API) {
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/match/model", ID: "find-match-model", Permission: "match:read", Summary: "The model in use", Tags: tags,
	}, func(ctx context.Context, _ *struct{}) (*modelOutput, error) {
		m, err := s.FindModel(ctx, 0)
		return &modelOutput{m}, err
	})
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/match/models", ID: "list-match-models", Permission: "match:read", Cost: web.List, Summary: "Models that were used, newest first", Tags: tags,
	}, func(ctx context.Context, _ *struct{}) (*modelsOutput, error) {
		out := &modelsOutput{}
		var err error
		out.Body.Items, err = s.ListModels(ctx)
		return out, err
	})
	web.Register(api, web.Operation{
		Method: "PATCH", Path: "/api/match/model", ID: "change-match-model", Permission: "match:configure", Summary: "Change m, u, λ or the thresholds", Tags: tags,
	}, func(ctx context.Context, in *changeInput) (*modelOutput, error) {
		m, err := s.ChangeModel(ctx, in.Body)
		return &modelOutput{m}, err
	})
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/match/model/retrain", ID: "retrain-match-model", Permission: "match:configure", Cost: web.Heavy, Summary: "Learn weights from people's decisions", Tags: tags,
	}, func(ctx context.Context, _ *struct{}) (*modelOutput, error) {
		m, err := s.Retrain(ctx)
		return &modelOutput{m}, err
	})
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/match/model/file", ID: "export-match-model", Permission: "match:read", Summary: "The model in use as a file", Tags: tags,
	}, func(ctx context.Context, _ *struct{}) (*fileOutput, error) {
		file, err := s.ExportModel(ctx)
		return &fileOutput{file}, err
	})
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/match/model/file", ID: "import-match-model", Permission: "match:configure", MaxBodyBytes: 16 << 20, Summary: "Use a model from a file", Tags: tags,
	}, func(ctx context.Context, in *fileInput) (*modelOutput, error) {
		m, err := s.ImportModel(ctx, in.Body)
		return &modelOutput{m}, err
	})
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/match/quality", ID: "match-quality", Permission: "match:read", Summary: "Precision and recall that people's decisions show", Tags: tags,
	}, func(ctx context.Context, in *qualityInput) (*qualityOutput, error) {
		var linkAt *float64
		if w, err := strconv.ParseFloat(in.LinkAt, 64); err == nil {
			linkAt = &w
		}
		q, err := s.Quality(ctx, linkAt)
		return &qualityOutput{q}, err
	})
}
