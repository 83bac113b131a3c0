// SPDX-License-Identifier: Apache-2.0

package board

import (
	"context"
	"net/http"

	"dangol/internal/cube"
	"dangol/internal/platform/web"
)

type (
	boardList struct {
		Body struct {
			Items []Board `json:"items"`
		}
	}
	boardOutput   struct{ Body Board }
	draftInput    struct{ Body Draft }
	figuresInput  struct{ Body Ask }
	figuresOutput struct{ Body *Figures }
	whyInput      struct{ Body WhyAsk }
	whyOutput     struct{ Body *cube.Why }
)

// Routes registers the routes of dashboards.
func (s *Service) Routes(api web.API) {
	tags := []string{"cube"}
	web.Register(api, web.Operation{
		Method: http.MethodGet, Path: "/api/boards", ID: "list-boards", Permission: "cube:read", Summary: "List dashboards", Tags: tags,
	}, func(ctx context.Context, _ *struct{}) (*boardList, error) {
		out := &boardList{}
		list, err := s.List(ctx)
		out.Body.Items = append([]Board{}, list...)
		return out, err
	})
	web.Register(api, web.Operation{
		Method: http.MethodGet, Path: "/api/boards/{id}", ID: "find-board", Permission: "cube:read", Summary: "Find a dashboard", Tags: tags,
	}, func(ctx context.Context, in *web.ByID) (*boardOutput, error) {
		b, err := s.Find(ctx, in.ID)
		return &boardOutput{b}, err
	})
	web.Register(api, web.Operation{
		Method: http.MethodPut, Path: "/api/boards", ID: "save-board", Permission: "cube:read", Summary: "Save a dashboard, new or one's own", Tags: tags,
	}, func(ctx context.Context, in *draftInput) (*boardOutput, error) {
		b, err := s.Save(ctx, in.Body)
		return &boardOutput{b}, err
	})
	web.Register(api, web.Operation{
		Method: http.MethodDelete, Path: "/api/boards/{id}", ID: "delete-board", Permission: "cube:read", Summary: "Delete a dashboard of one's own", Tags: tags,
	}, func(ctx context.Context, in *web.ByID) (*web.Empty, error) {
		return &web.Empty{}, s.Delete(ctx, in.ID)
	})
	web.Register(api, web.Operation{
		Method: http.MethodPost, Path: "/api/boards/figures", ID: "board-figures", Permission: "cube:read", Cost: web.Heavy,
		Summary: "Kept, lost, retention, share of the best fifth and return of campaigns", Tags: tags,
	}, func(ctx context.Context, in *figuresInput) (*figuresOutput, error) {
		f, err := s.Figures(ctx, in.Body)
		return &figuresOutput{f}, err
	})
	web.Register(api, web.Operation{
		Method: http.MethodPost, Path: "/api/boards/figures/why", ID: "board-figure-why", Permission: "cube:read", Cost: web.Heavy,
		Summary: "Why a figure changed: the customers or campaigns that contribute most", Tags: tags,
	}, func(ctx context.Context, in *whyInput) (*whyOutput, error) {
		why, err := s.Why(ctx, in.Body)
		return &whyOutput{why}, err
	})
}
