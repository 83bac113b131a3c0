// SPDX-License-Identifier: Apache-2.0

package offer

import (
	"context"

	"dangol/internal/platform/web"
)

type (
	offerOutput  struct{ Body Offer }
	createInput  struct{ Body Content }
	policyOutput struct{ Body Policy }
	policyInput  struct{ Body Policy }
	updateInput  struct {
		web.ByID
		Body struct {
			Content
			Version int64 `json:"version" doc:"The version the change was made on."`
		}
	}
	askInput struct {
		web.ByID
		Body struct {
			Place string `json:"place" minLength:"1" maxLength:"40" doc:"Where it is shown: web, mail, call…"`
			Count int    `json:"count,omitempty" minimum:"1" maximum:"10" doc:"1 when left out."`
		}
	}
	nextOutput  struct{ Body Next }
	answerInput struct {
		web.ByID
		Body struct {
			Answer string `json:"answer" enum:"accepted,declined"`
		}
	}
)

// Routes registers the routes of offers.
func (s *Service) Routes(api web.API) {
	tags := []string{"campaign"}
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/offers", ID: "list-offers", Permission: "campaign:read", Cost: web.List, Summary: "List offers with what was learned of them", Tags: tags,
	}, func(ctx context.Context, _ *struct{}) (*web.Page[Offer], error) {
		list, err := s.List(ctx)
		return web.NewPage(list, "", nil), err
	})
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/offers", ID: "create-offer", Permission: "campaign:create", Status: 201, Summary: "Add an offer", Tags: tags,
	}, func(ctx context.Context, in *createInput) (*offerOutput, error) {
		o, err := s.Create(ctx, in.Body)
		return &offerOutput{o}, err
	})
	web.Register(api, web.Operation{
		Method: "PATCH", Path: "/api/offers/{id}", ID: "update-offer", Permission: "campaign:update", Summary: "Change an offer", Tags: tags,
	}, func(ctx context.Context, in *updateInput) (*offerOutput, error) {
		o, err := s.Update(ctx, in.ID, in.Body.Version, in.Body.Content)
		return &offerOutput{o}, err
	})
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/offer-policy", ID: "find-offer-policy", Permission: "campaign:read", Summary: "How offers are chosen", Tags: tags,
	}, func(ctx context.Context, _ *struct{}) (*policyOutput, error) {
		p, err := s.Policy(ctx)
		return &policyOutput{p}, err
	})
	web.Register(api, web.Operation{
		Method: "PUT", Path: "/api/offer-policy", ID: "set-offer-policy", Permission: "campaign:update", Summary: "Change how offers are chosen", Tags: tags,
	}, func(ctx context.Context, in *policyInput) (*policyOutput, error) {
		return &policyOutput{in.Body}, s.SetPolicy(ctx, in.Body)
	})
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/customers/{id}/offers", ID: "ask-next-offer", Permission: "campaign:answer",
		Summary: "The next best offers for a customer, noted as shown", Tags: tags,
	}, func(ctx context.Context, in *askInput) (*nextOutput, error) {
		next, err := s.Ask(ctx, in.ID, in.Body.Place, max(1, in.Body.Count))
		return &nextOutput{next}, err
	})
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/offer-shows/{id}/answer", ID: "answer-offer", Permission: "campaign:answer",
		Summary: "What the person answered to an offer", Tags: tags,
	}, func(ctx context.Context, in *answerInput) (*offerOutput, error) {
		o, err := s.Answer(ctx, in.ID, in.Body.Answer)
		return &offerOutput{o}, err
	})
}
