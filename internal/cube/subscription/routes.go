// SPDX-License-Identifier: Apache-2.0

package subscription

import (
	"context"
	"net/http"

	"dangol/internal/cube/saved"
	"dangol/internal/platform/web"
)

type (
	subscriptionList struct {
		Body struct {
			Items []Subscription `json:"items"`
		}
	}
	subscriptionOutput struct{ Body Subscription }
	draftInput         struct{ Body saved.Draft[Content] }
	runOutput          struct{ Body Run }
	runList            struct {
		Body struct {
			Items []Run `json:"items"`
		}
	}
	colleagueList struct {
		Body struct {
			Items []Colleague `json:"items"`
		}
	}
)

// Routes registers the routes of subscriptions.
func (s *Service) Routes(api web.API) {
	tags := []string{"cube"}
	web.Register(api, web.Operation{
		Method: http.MethodGet, Path: "/api/subscriptions", ID: "list-subscriptions", Permission: "cube:read", Summary: "List one's subscriptions and alerts", Tags: tags,
	}, func(ctx context.Context, _ *struct{}) (*subscriptionList, error) {
		out := &subscriptionList{}
		list, err := s.List(ctx)
		out.Body.Items = append([]Subscription{}, list...)
		return out, err
	})
	web.Register(api, web.Operation{
		Method: http.MethodPut, Path: "/api/subscriptions", ID: "save-subscription", Permission: "cube:read", Summary: "Save a subscription or an alert, new or one's own", Tags: tags,
	}, func(ctx context.Context, in *draftInput) (*subscriptionOutput, error) {
		one, err := s.Save(ctx, in.Body)
		return &subscriptionOutput{one}, err
	})
	web.Register(api, web.Operation{
		Method: http.MethodDelete, Path: "/api/subscriptions/{id}", ID: "delete-subscription", Permission: "cube:read", Summary: "Delete a subscription of one's own", Tags: tags,
	}, func(ctx context.Context, in *web.ByID) (*web.Empty, error) {
		return &web.Empty{}, s.Delete(ctx, in.ID)
	})
	web.Register(api, web.Operation{
		Method: http.MethodGet, Path: "/api/subscriptions/{id}/runs", ID: "list-subscription-runs", Permission: "cube:read", Summary: "What became of a subscription", Tags: tags,
	}, func(ctx context.Context, in *web.ByID) (*runList, error) {
		out := &runList{}
		list, err := s.Runs(ctx, in.ID)
		out.Body.Items = append([]Run{}, list...)
		return out, err
	})
	web.Register(api, web.Operation{
		Method: http.MethodPost, Path: "/api/subscriptions/{id}/runs", ID: "run-subscription", Permission: "cube:read", Cost: web.Heavy, Summary: "Send a report or look at an alert now", Tags: tags,
	}, func(ctx context.Context, in *web.ByID) (*runOutput, error) {
		run, err := s.RunNow(ctx, in.ID)
		return &runOutput{run}, err
	})
	web.Register(api, web.Operation{
		Method: http.MethodGet, Path: "/api/subscriptions/colleagues", ID: "list-subscription-colleagues", Permission: "cube:export", Summary: "Who can be a reader of a subscription", Tags: tags,
	}, func(ctx context.Context, _ *struct{}) (*colleagueList, error) {
		out := &colleagueList{}
		list, err := s.Colleagues(ctx)
		out.Body.Items = append([]Colleague{}, list...)
		return out, err
	})
}
