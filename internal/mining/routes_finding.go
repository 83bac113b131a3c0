// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"context"
	"net/http"

	"dangol/internal/platform/web"
)

type choicesOutput struct{ Body *Choices }

// findingRoutes registers what the forms of findings need beside runs.
func (s *Service) findingRoutes(api web.API) {
	web.Register(api, web.Operation{
		Method: http.MethodGet, Path: "/api/mining/choices", ID: "list-mining-choices", Permission: "mining:read",
		Summary: "Categories, products and grades that findings can be asked about", Tags: []string{"mining"},
	}, func(ctx context.Context, _ *struct{}) (*choicesOutput, error) {
		out, err := s.ListChoices(ctx)
		return &choicesOutput{out}, err
	})
}
