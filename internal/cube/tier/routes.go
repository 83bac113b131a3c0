// SPDX-License-Identifier: Apache-2.0

package tier

import (
	"context"
	"net/http"

	"dangol/internal/platform/web"
)

type (
	statusOutput struct{ Body *Status }
	settingInput struct{ Body Setting }
	jobOutput    struct {
		Body struct {
			JobID int64 `json:"job_id"`
		}
	}
	checkOutput struct {
		Body struct {
			Damaged []string `json:"damaged" doc:"files that are missing or not what was written; the analysis data is being built anew when there are any"`
		}
	}
)

// Routes registers the routes of storage tiers.
func (s *Service) Routes(api web.API) {
	tags := []string{"cube"}
	web.Register(api, web.Operation{
		Method: http.MethodGet, Path: "/api/cube/tiers", ID: "find-tiers", Permission: "system:read", Cost: web.List,
		Summary: "Size, cost and age of the analysis data in the hot and the cold tier", Tags: tags,
	}, func(ctx context.Context, _ *struct{}) (*statusOutput, error) {
		status, err := s.Status(ctx)
		return &statusOutput{status}, err
	})
	web.Register(api, web.Operation{
		Method: http.MethodPut, Path: "/api/cube/tiers", ID: "set-tiers", Permission: "system:admin",
		Summary: "Say from which age rows are cold, and what storage costs", Tags: tags,
	}, func(ctx context.Context, in *settingInput) (*statusOutput, error) {
		status, err := s.Set(ctx, in.Body)
		return &statusOutput{status}, err
	})
	web.Register(api, web.Operation{
		Method: http.MethodPost, Path: "/api/cube/tiers/move", ID: "move-tiers", Permission: "system:admin", Cost: web.Batch, Status: http.StatusAccepted,
		Summary: "Move rows between the tiers now, as a job", Tags: tags,
	}, func(ctx context.Context, _ *struct{}) (*jobOutput, error) {
		out := &jobOutput{}
		var err error
		out.Body.JobID, err = s.Start(ctx)
		return out, err
	})
	web.Register(api, web.Operation{
		Method: http.MethodPost, Path: "/api/cube/tiers/check", ID: "check-tiers", Permission: "system:admin", Cost: web.Batch,
		Summary: "Compare the files of the cold tier with their checksums", Tags: tags,
	}, func(ctx context.Context, _ *struct{}) (*checkOutput, error) {
		out := &checkOutput{}
		var err error
		out.Body.Damaged, err = s.Check(ctx)
		return out, err
	})
}
