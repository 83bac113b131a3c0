// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"context"
	"net/http"

	"dangol/internal/platform/web"
)

type (
	seriesInput  struct{ Body SeriesDraft }
	seriesOutput struct{ Body *OwnSeries }
	seriesID     struct {
		ID int64 `path:"id"`
	}
	seriesListOutput struct {
		Body struct {
			Items []OwnSeries `json:"items"`
		}
	}
)

// seriesRoutes registers the routes of series that people bring along.
func (s *Service) seriesRoutes(api web.API) {
	tags := []string{"mining"}
	web.Register(api, web.Operation{
		Method: http.MethodGet, Path: "/api/mining/series", ID: "list-mining-series", Permission: "mining:read",
		Summary: "Series that people brought along", Tags: tags,
	}, func(ctx context.Context, _ *struct{}) (*seriesListOutput, error) {
		list, err := s.ListSeries(ctx)
		out := &seriesListOutput{}
		out.Body.Items = list
		return out, err
	})
	web.Register(api, web.Operation{
		Method: http.MethodPost, Path: "/api/mining/series", ID: "create-mining-series", Permission: "mining:update", MaxBodyBytes: 8 << 20,
		Summary: "Keep a series of dates and numbers", Tags: tags,
	}, func(ctx context.Context, in *seriesInput) (*seriesOutput, error) {
		out, err := s.CreateSeries(ctx, in.Body)
		return &seriesOutput{out}, err
	})
	web.Register(api, web.Operation{
		Method: http.MethodDelete, Path: "/api/mining/series/{id}", ID: "delete-mining-series", Permission: "mining:update",
		Summary: "Forget a series", Tags: tags,
	}, func(ctx context.Context, in *seriesID) (*struct{}, error) {
		return nil, s.DeleteSeries(ctx, in.ID)
	})
}
