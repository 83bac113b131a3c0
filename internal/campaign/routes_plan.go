// SPDX-License-Identifier: Apache-2.0

package campaign

import (
	"context"

	"dangol/internal/platform/web"
)

type (
	forecastOutput struct{ Body Forecast }
	policyOutput   struct{ Body Policy }
	policyInput    struct{ Body Policy }
	approveInput   struct {
		web.ByID
		Body struct {
			IsYes bool   `json:"is_yes"`
			Note  string `json:"note,omitempty" maxLength:"500"`
		}
	}
	winnerInput struct {
		web.ByID
		Body struct {
			Key string `json:"key" minLength:"1" maxLength:"1"`
		}
	}
)

// planRoutes are about what a campaign is expected to bring and who says yes to it.
func (s *Service) planRoutes(api web.API, tags []string) {
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/campaigns/{id}/forecast", ID: "forecast-campaign", Permission: "campaign:read", Cost: web.Heavy,
		Summary: "What a campaign can be expected to bring and cost", Tags: tags,
	}, func(ctx context.Context, in *web.ByID) (*forecastOutput, error) {
		f, err := s.Forecast(ctx, in.ID)
		return &forecastOutput{f}, err
	})
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/campaign-policy", ID: "find-campaign-policy", Permission: "campaign:read",
		Summary: "From when on campaigns need an approval", Tags: tags,
	}, func(ctx context.Context, _ *struct{}) (*policyOutput, error) {
		p, err := s.Policy(ctx)
		return &policyOutput{p}, err
	})
	web.Register(api, web.Operation{
		Method: "PUT", Path: "/api/campaign-policy", ID: "set-campaign-policy", Permission: "campaign:approve",
		Summary: "Change from when on campaigns need an approval", Tags: tags,
	}, func(ctx context.Context, in *policyInput) (*policyOutput, error) {
		return &policyOutput{in.Body}, s.SetPolicy(ctx, in.Body)
	})
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/campaigns/{id}/approval", ID: "ask-campaign-approval", Permission: "campaign:update",
		Summary: "Ask for the approval of a planned campaign", Tags: tags,
	}, func(ctx context.Context, in *web.ByID) (*campaignOutput, error) {
		c, err := s.AskApproval(ctx, in.ID)
		return &campaignOutput{c}, err
	})
	web.Register(api, web.Operation{
		Method: "PUT", Path: "/api/campaigns/{id}/approval", ID: "approve-campaign", Permission: "campaign:approve",
		Summary: "Approve a planned campaign, or refuse it", Tags: tags,
	}, func(ctx context.Context, in *approveInput) (*campaignOutput, error) {
		c, err := s.Approve(ctx, in.ID, in.Body.IsYes, in.Body.Note)
		return &campaignOutput{c}, err
	})
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/campaigns/{id}/winner", ID: "choose-winner", Permission: "campaign:send",
		Summary: "End the test of variants: the rest gets this one", Tags: tags,
	}, func(ctx context.Context, in *winnerInput) (*campaignOutput, error) {
		c, err := s.ChooseWinner(ctx, in.ID, in.Body.Key, WinnerByPerson)
		return &campaignOutput{c}, err
	})
}
