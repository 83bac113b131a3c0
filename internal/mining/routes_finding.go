// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"context"
	"net/http"

	"dangol/internal/platform/web"
)

type (
	choicesOutput struct{ Body *Choices }
	testedOutput  struct {
		Body struct {
			Items []TestedCampaign `json:"items"`
		}
	}
)

// findingRoutes registers what the forms of findings need beside runs.
func (s *Service) findingRoutes(api web.API) {
	web.Register(api, web.Operation{
		Method: http.MethodGet, Path: "/api/mining/choices", ID: "list-mining-choices", Permission: "mining:read",
		Summary: "Categories, products and grades that findings can be asked about", Tags: []string{"mining"},
	}, func(ctx context.Context, _ *struct{}) (*choicesOutput, error) {
		out, err := s.ListChoices(ctx)
		return &choicesOutput{out}, err
	})
	web.Register(api, web.Operation{
		Method: http.MethodGet, Path: "/api/mining/campaigns", ID: "list-tested-campaigns", Permission: "mining:read", Cost: web.Heavy,
		Summary: "Campaigns with control groups, the product's own and those of imported files", Tags: []string{"mining"},
	}, func(ctx context.Context, _ *struct{}) (*testedOutput, error) {
		list, err := s.ListTested(ctx)
		out := &testedOutput{}
		out.Body.Items = list
		return out, err
	})
}
