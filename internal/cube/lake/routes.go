// SPDX-License-Identifier: Apache-2.0

package lake

import (
	"context"
	"net/http"

	"dangol/internal/platform/web"
)

type (
	statusOutput struct{ Body Status }
	hourInput    struct {
		Body struct {
			Hour int `json:"hour" minimum:"-1" maximum:"23" doc:"hour of the day, -1 is never"`
		}
	}
	startOutput struct {
		Body struct {
			Job int64 `json:"job"`
		}
	}
)

// Routes registers the routes of Parquet files.
func (s *Service) Routes(api web.API) {
	tags := []string{"cube"}
	web.Register(api, web.Operation{
		Method: http.MethodGet, Path: "/api/cube/parquet", ID: "find-parquet", Permission: "cube:export", Summary: "The Parquet files for other programs, with their manifest", Tags: tags,
	}, func(ctx context.Context, _ *struct{}) (*statusOutput, error) {
		status, err := s.Status(ctx)
		return &statusOutput{status}, err
	})
	web.Register(api, web.Operation{
		Method: http.MethodPut, Path: "/api/cube/parquet", ID: "plan-parquet", Permission: "cube:export", Summary: "Say at which hour Parquet files are written every day", Tags: tags,
	}, func(ctx context.Context, in *hourInput) (*statusOutput, error) {
		status, err := s.SetHour(ctx, in.Body.Hour)
		return &statusOutput{status}, err
	})
	web.Register(api, web.Operation{
		Method: http.MethodPost, Path: "/api/cube/parquet", ID: "write-parquet", Permission: "cube:export", Status: http.StatusAccepted, Summary: "Write Parquet files now, as a job", Tags: tags,
	}, func(ctx context.Context, _ *struct{}) (*startOutput, error) {
		out := &startOutput{}
		var err error
		out.Body.Job, err = s.Start(ctx)
		return out, err
	})
}
