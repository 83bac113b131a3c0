// SPDX-License-Identifier: Apache-2.0

package cube

import (
	"context"
	"encoding/json"
	"io"
	"net/http"

	"dangol/internal/platform/web"
)

type (
	metaOutput      struct{ Body *Meta }
	queryInput      struct{ Body Query }
	queryOutput     struct{ Body *Result }
	cellInput       struct{ Body Cell }
	cellOutput      struct{ Body *People }
	arrowInput      struct{ Body Query }
	catalogueOutput struct{ Body *Catalogue }
	whyInput        struct{ Body WhyQuery }
	whyOutput       struct{ Body *Why }
	metricInput     struct{ Body MetricDraft }
	metricPatch     struct {
		web.ByID
		Body MetricDraft
	}
	metricOutput struct{ Body Metric }
	formulaInput struct {
		Body struct {
			Formula string `json:"formula" maxLength:"500"`
		}
	}
	formulaOutput struct {
		Body struct {
			Measures []string `json:"measures" doc:"the measures that the formula is made of"`
		}
	}
	exportInput struct {
		Format string `query:"format" enum:"csv,xlsx,parquet,arrow" default:"csv" doc:"File format."`
		Body   struct {
			Query   Query  `json:"query"`
			Purpose string `json:"purpose" doc:"What the export is for; kept in the access log."`
		}
	}
	closedBody struct {
		Body struct {
			Items []ClosedDay `json:"items"`
		}
	}
	pivotOutput struct{ Body Pivot }
	pivotList   struct {
		Body struct {
			Items []Pivot `json:"items"`
		}
	}
	pivotInput struct {
		Body struct {
			Name     string          `json:"name"`
			IsShared bool            `json:"shared,omitempty"`
			Query    Query           `json:"query"`
			Settings json.RawMessage `json:"settings,omitempty"`
		}
	}
	pivotPatchInput struct {
		web.ByID
		Body PivotPatch
	}
)

// Routes registers the routes of cubes and pivots.
func (s *Service) Routes(api web.API) {
	tags := []string{"cube"}
	web.Register(api, web.Operation{
		Method: http.MethodGet, Path: "/api/cube/meta", ID: "cube-meta", Permission: "cube:read",
		Summary: "Measures and dimensions that can be asked", Tags: tags,
	}, func(ctx context.Context, _ *struct{}) (*metaOutput, error) {
		meta, err := s.Meta(ctx)
		return &metaOutput{meta}, err
	})
	web.Register(api, web.Operation{
		Method: http.MethodPost, Path: "/api/cube/query", ID: "cube-query", Permission: "cube:read", Cost: web.Heavy,
		Summary: "Ask measures by dimensions", Tags: tags,
	}, func(ctx context.Context, in *queryInput) (*queryOutput, error) {
		result, err := s.Query(ctx, in.Body)
		return &queryOutput{result}, err
	})
	web.Register(api, web.Operation{
		Method: http.MethodPost, Path: "/api/cube/people", ID: "cube-people", Permission: "cube:read", Cost: web.Heavy,
		Summary: "Who is behind a cell, as rules of a segment", Tags: tags,
	}, func(ctx context.Context, in *cellInput) (*cellOutput, error) {
		people, err := s.People(ctx, in.Body)
		return &cellOutput{people}, err
	})
	web.Register(api, web.Operation{
		Method: http.MethodPost, Path: "/api/cube/export", ID: "cube-export", Permission: "cube:export", Cost: web.Batch,
		Summary: "Download a complete answer as CSV, XLSX, Parquet or Arrow, streamed when it is large", Tags: tags,
	}, func(ctx context.Context, in *exportInput) (*web.Download, error) {
		e, err := s.Export(ctx, in.Body.Query, in.Format, in.Body.Purpose)
		if err != nil {
			return nil, err
		}
		return web.NewDownload(e.Name(), e.ContentType(), e.Write), nil
	})
	s.closedRoutes(api, tags)
	s.pivotRoutes(api, tags)
	s.metricRoutes(api, tags)
}

func (s *Service) metricRoutes(api web.API, tags []string) {
	web.Register(api, web.Operation{
		Method: http.MethodPost, Path: "/api/cube/arrow", ID: "cube-arrow", Permission: "cube:read", Cost: web.Heavy,
		Summary: "Ask measures by dimensions, answered as an Arrow IPC stream", Tags: tags,
	}, func(ctx context.Context, in *arrowInput) (*web.Download, error) {
		result, err := s.Query(ctx, in.Body)
		if err != nil {
			return nil, err
		}
		return web.NewDownload("answer.arrow", ArrowType, func(_ context.Context, w io.Writer) error { return result.WriteArrow(w) }), nil
	})
	web.Register(api, web.Operation{
		Method: http.MethodPost, Path: "/api/cube/why", ID: "cube-why", Permission: "cube:read", Cost: web.Heavy,
		Summary: "Why a measure changed: the members of dimensions that contribute most", Tags: tags,
	}, func(ctx context.Context, in *whyInput) (*whyOutput, error) {
		why, err := s.Why(ctx, in.Body)
		return &whyOutput{why}, err
	})
	web.Register(api, web.Operation{
		Method: http.MethodGet, Path: "/api/cube/catalogue", ID: "cube-catalogue", Permission: "cube:read", Cost: web.List,
		Summary: "What each measure means, how it is computed, who answers for it and who may see it", Tags: tags,
	}, func(ctx context.Context, _ *struct{}) (*catalogueOutput, error) {
		c, err := s.Catalogue(ctx)
		return &catalogueOutput{c}, err
	})
	web.Register(api, web.Operation{
		Method: http.MethodPost, Path: "/api/cube/formula", ID: "check-formula", Permission: "cube:read",
		Summary: "Check the formula of a calculated measure", Tags: tags,
	}, func(ctx context.Context, in *formulaInput) (*formulaOutput, error) {
		out := &formulaOutput{}
		names, err := s.CheckFormula(ctx, "this measure", in.Body.Formula)
		out.Body.Measures = names
		return out, err
	})
	web.Register(api, web.Operation{
		Method: http.MethodPost, Path: "/api/metrics", ID: "create-metric", Permission: "cube:define", Status: http.StatusCreated,
		Summary: "Define a calculated measure", Tags: tags,
	}, func(ctx context.Context, in *metricInput) (*metricOutput, error) {
		m, err := s.SaveMetric(ctx, 0, in.Body)
		return &metricOutput{m}, err
	})
	web.Register(api, web.Operation{
		Method: http.MethodPatch, Path: "/api/metrics/{id}", ID: "update-metric", Permission: "cube:define", Summary: "Change a calculated measure", Tags: tags,
	}, func(ctx context.Context, in *metricPatch) (*metricOutput, error) {
		m, err := s.SaveMetric(ctx, in.ID, in.Body)
		return &metricOutput{m}, err
	})
	web.Register(api, web.Operation{
		Method: http.MethodDelete, Path: "/api/metrics/{id}", ID: "delete-metric", Permission: "cube:define", Summary: "Delete a calculated measure", Tags: tags,
	}, func(ctx context.Context, in *web.ByID) (*web.Empty, error) {
		return &web.Empty{}, s.DeleteMetric(ctx, in.ID)
	})
}

func (s *Service) pivotRoutes(api web.API, tags []string) {
	web.Register(api, web.Operation{
		Method: http.MethodGet, Path: "/api/pivots", ID: "list-pivots", Permission: "cube:read", Summary: "List saved pivots", Tags: tags,
	}, func(ctx context.Context, _ *struct{}) (*pivotList, error) {
		out := &pivotList{}
		list, err := s.ListPivots(ctx)
		out.Body.Items = append([]Pivot{}, list...)
		return out, err
	})
	web.Register(api, web.Operation{
		Method: http.MethodGet, Path: "/api/pivots/{id}", ID: "find-pivot", Permission: "cube:read", Summary: "Find a saved pivot", Tags: tags,
	}, func(ctx context.Context, in *web.ByID) (*pivotOutput, error) {
		p, err := s.FindPivot(ctx, in.ID)
		return &pivotOutput{p}, err
	})
	web.Register(api, web.Operation{
		Method: http.MethodPost, Path: "/api/pivots", ID: "create-pivot", Permission: "cube:read", Status: http.StatusCreated,
		Summary: "Save a pivot", Tags: tags,
	}, func(ctx context.Context, in *pivotInput) (*pivotOutput, error) {
		p, err := s.CreatePivot(ctx, Pivot{Name: in.Body.Name, IsShared: in.Body.IsShared, Query: in.Body.Query, Settings: in.Body.Settings})
		return &pivotOutput{p}, err
	})
	web.Register(api, web.Operation{
		Method: http.MethodPatch, Path: "/api/pivots/{id}", ID: "update-pivot", Permission: "cube:read", Summary: "Change a pivot of one's own", Tags: tags,
	}, func(ctx context.Context, in *pivotPatchInput) (*pivotOutput, error) {
		p, err := s.UpdatePivot(ctx, in.ID, in.Body)
		return &pivotOutput{p}, err
	})
	web.Register(api, web.Operation{
		Method: http.MethodDelete, Path: "/api/pivots/{id}", ID: "delete-pivot", Permission: "cube:read", Summary: "Delete a pivot of one's own", Tags: tags,
	}, func(ctx context.Context, in *web.ByID) (*web.Empty, error) {
		return &web.Empty{}, s.DeletePivot(ctx, in.ID)
	})
}

func (s *Service) closedRoutes(api web.API, tags []string) {
	answer := func(list []ClosedDay, err error) (*closedBody, error) {
		out := &closedBody{}
		out.Body.Items = append([]ClosedDay{}, list...)
		return out, err
	}
	web.Register(api, web.Operation{
		Method: http.MethodGet, Path: "/api/cube/closed-days", ID: "list-closed-days", Permission: "cube:read", Summary: "The company's own days off", Tags: tags,
	}, func(ctx context.Context, _ *struct{}) (*closedBody, error) { return answer(s.ClosedDays(ctx)) })
	web.Register(api, web.Operation{
		Method: http.MethodPut, Path: "/api/cube/closed-days", ID: "save-closed-days", Permission: "cube:define", Summary: "Replace the company's own days off", Tags: tags,
	}, func(ctx context.Context, in *closedBody) (*closedBody, error) {
		return answer(s.SaveClosedDays(ctx, in.Body.Items))
	})
}
