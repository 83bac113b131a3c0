// SPDX-License-Identifier: Apache-2.0

package app

import (
	"context"
	"time"

	"dangol/internal/campaign"
	"dangol/internal/cube/board"
	"dangol/internal/cube/tier"
	"dangol/internal/customer"
	"dangol/internal/performance"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/job"
	"dangol/internal/platform/warehouse"
	"dangol/internal/platform/web"
	"dangol/internal/team"
)

// cubeRoutes registers the routes of questions, boards and the SQL workspace.
func (s *services) cubeRoutes(api web.API) {
	s.cube.Routes(api)
	s.board.Routes(api)
	s.workspace.Routes(api)
	s.subscribe.Routes(api)
	s.lake.Routes(api)
	s.tier.Routes(api)
}

// cubeJobs registers the background work of subscriptions and Parquet files.
func (s *services) cubeJobs(queue *job.Queue) {
	s.subscribe.RegisterJobs(queue)
	s.lake.RegisterJobs(queue)
	s.tier.RegisterJobs(queue)
}

// coldEraser has the files of the cold tier written without an erased person.
func coldEraser(tiers *tier.Service) customer.Eraser {
	return customer.Eraser{Around: func(ctx context.Context, _ *customer.Erasure, rows func() error) error {
		if err := rows(); err != nil {
			return err
		}
		return tiers.Order(ctx)
	}}
}

func tableLabels(cubes []warehouse.Cube) map[string]warehouse.Text {
	labels := map[string]warehouse.Text{}
	for _, c := range cubes {
		labels[c.Table] = c.Label
	}
	return labels
}

// orderRebuild has the analysis data built anew in the background.
func (a *App) orderRebuild(ctx context.Context) error {
	_, err := a.Jobs.Add(ctx, rebuildJob, struct{}{}, job.Options{Unique: rebuildJob})
	return err
}

// returns tells boards what campaigns brought.
type returns struct {
	campaigns *campaign.Service
	results   *performance.Service
}

// mostEvaluated bounds the campaigns that one board evaluates.
const mostEvaluated = 12

// Returned lists the extra margin and the cost of the campaigns sent between two moments.
func (r returns) Returned(ctx context.Context, from, to time.Time) ([]board.Return, error) {
	if auth.Check(ctx, "campaign:read") != nil {
		return nil, fault.New(fault.Forbidden, "auth.forbidden", "Your roles do not include the permission {permission}; ask an administrator for it.", "permission", "campaign:read")
	}
	list, _, err := r.campaigns.List(ctx, "", "", 200)
	if err != nil {
		return nil, err
	}
	var out []board.Return
	for _, c := range list {
		if c.StartedAt == nil || c.StartedAt.Before(from) || !c.StartedAt.Before(to) || len(out) == mostEvaluated {
			continue
		}
		result, err := r.results.Result(ctx, c.ID)
		if err != nil {
			return nil, err
		}
		if result.ROI == nil {
			continue
		}
		out = append(out, board.Return{Campaign: c.Name, Margin: int64(result.IncrementalMargin.Value), Cost: result.Cost.Total})
	}
	return out, nil
}

// roleBook tells the catalogue of measures which roles may see what.
type roleBook struct{ team *team.Service }

// RolesWith lists the labels of the roles that hold all the permissions.
func (r roleBook) RolesWith(ctx context.Context, permissions []string) ([]warehouse.Text, error) {
	roles, err := r.team.ListRoles(ctx)
	if err != nil {
		return nil, err
	}
	var list []warehouse.Text
	for _, role := range roles {
		holds := auth.Permit(role.Permissions...)
		if len(holds.Of(permissions)) == len(permissions) {
			list = append(list, warehouse.Text{Ko: role.LabelKo, En: role.LabelEn})
		}
	}
	return list, nil
}
