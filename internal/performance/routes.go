// SPDX-License-Identifier: Apache-2.0

package performance

import (
	"context"

	"dangol/internal/campaign"
	"dangol/internal/platform/web"
)

type (
	campaignOutput struct{ Body campaign.Campaign }
	summaryInput   struct {
		From string `query:"from" doc:"First month, 2026-01; a year ago when left out."`
		To   string `query:"to" doc:"Last month; this one when left out."`
	}
	summaryOutput struct{ Body Summary }
	budgetInput   struct{ Body Budget }
	resultOutput  struct{ Body Result }
	journeyInput  struct {
		web.ByID
		Days int64 `query:"days" minimum:"1" maximum:"365" default:"30" doc:"For how long everybody is watched from the own entry on."`
	}
	journeyOutput struct{ Body JourneyResult }
	costOutput    struct{ Body Cost }
	costInput     struct {
		web.ByID
		Body struct {
			Component string `json:"component" enum:"media,creative,agency,staff,incentive,points,other"`
			Minutes   int64  `json:"minutes,omitempty" minimum:"0"`
			Amount    int64  `json:"amount" minimum:"0" doc:"Minor units."`
			Currency  string `json:"currency,omitempty"`
			Note      string `json:"note,omitempty" maxLength:"500"`
		}
	}
	costIDInput struct {
		web.ByID
		CostID int64 `path:"cost_id"`
	}
)

// Routes registers the routes of results and costs.
func (s *Service) Routes(api web.API) {
	tags := []string{"performance"}
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/campaigns/{id}/result", ID: "find-campaign-result", Permission: "performance:read", Cost: web.Heavy,
		Summary: "What a campaign brought, as of now", Tags: tags,
	}, func(ctx context.Context, in *web.ByID) (*resultOutput, error) {
		r, err := s.Result(ctx, in.ID)
		return &resultOutput{r}, err
	})
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/journeys/{id}/result", ID: "find-journey-result", Permission: "performance:read", Cost: web.Heavy,
		Summary: "What a journey brought against those who were led nowhere, as of now", Tags: tags,
	}, func(ctx context.Context, in *journeyInput) (*journeyOutput, error) {
		r, err := s.JourneyResult(ctx, in.ID, in.Days)
		return &journeyOutput{r}, err
	})
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/performance", ID: "summarise-performance", Permission: "performance:read", Cost: web.Heavy,
		Summary: "What campaigns brought and cost, by month, channel and segment, beside budgets", Tags: tags,
	}, func(ctx context.Context, in *summaryInput) (*summaryOutput, error) {
		out, err := s.Summarise(ctx, in.From, in.To)
		return &summaryOutput{out}, err
	})
	web.Register(api, web.Operation{
		Method: "PUT", Path: "/api/performance/budgets", ID: "set-budget", Permission: "performance:update", Summary: "Set the budget of a month and channel", Tags: tags,
	}, func(ctx context.Context, in *budgetInput) (*web.Empty, error) {
		return &web.Empty{}, s.SetBudget(ctx, in.Body)
	})
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/campaigns/{id}/evaluate", ID: "evaluate-campaign", Permission: "performance:evaluate", Cost: web.Heavy,
		Summary: "Keep the result of now", Tags: tags,
	}, func(ctx context.Context, in *web.ByID) (*resultOutput, error) {
		r, err := s.Evaluate(ctx, in.ID)
		return &resultOutput{r}, err
	})
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/campaigns/{id}/next", ID: "plan-next-campaign", Permission: "campaign:create", Cost: web.Heavy, Status: 201,
		Summary: "Make a draft that starts from the result of a campaign", Tags: tags,
	}, func(ctx context.Context, in *web.ByID) (*campaignOutput, error) {
		c, err := s.PlanNext(ctx, in.ID)
		return &campaignOutput{c}, err
	})
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/campaigns/{id}/costs", ID: "list-costs", Permission: "performance:read",
		Summary: "What a campaign cost, by component", Tags: tags,
	}, func(ctx context.Context, in *web.ByID) (*web.Page[Cost], error) {
		list, err := s.ListCosts(ctx, in.ID)
		return web.NewPage(list, "", nil), err
	})
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/campaigns/{id}/costs", ID: "add-cost", Permission: "performance:update", Status: 201,
		Summary: "Add a component of cost", Tags: tags,
	}, func(ctx context.Context, in *costInput) (*costOutput, error) {
		b := in.Body
		made, err := s.AddCost(ctx, Cost{CampaignID: in.ID, Component: b.Component, Amount: b.Amount, Currency: b.Currency, Note: b.Note, Minutes: b.Minutes})
		return &costOutput{made}, err
	})
	web.Register(api, web.Operation{
		Method: "DELETE", Path: "/api/campaigns/{id}/costs/{cost_id}", ID: "remove-cost", Permission: "performance:update",
		Summary: "Take a component of cost back", Tags: tags,
	}, func(ctx context.Context, in *costIDInput) (*web.Empty, error) {
		return &web.Empty{}, s.DeleteCost(ctx, in.ID, in.CostID)
	})
}
