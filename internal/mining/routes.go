// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"context"
	"net/http"

	"dangol/internal/platform/web"
)

type (
	rfmInput     struct{ Body RFMSettings }
	rfmOutput    struct{ Body *RFM }
	savedOutput  struct{ Body SavedRFM }
	paretoInput  struct{ Body ParetoSettings }
	paretoOutput struct{ Body *Pareto }
	whoOutput    struct{ Body *Who }

	verdictInput  struct{ Body VerdictSettings }
	verdictOutput struct{ Body *Verdicts }
)

// Routes registers the routes of models.
func (s *Service) Routes(api web.API) {
	s.runRoutes(api)
	s.findingRoutes(api)
	s.modelRoutes(api)
	s.seriesRoutes(api)
	s.rfmRoutes(api)
	s.gradeRoutes(api)
	tags := []string{"mining"}
	web.Register(api, web.Operation{
		Method: http.MethodPost, Path: "/api/mining/rfm", ID: "mining-rfm", Permission: "mining:read", Cost: web.Heavy,
		Summary: "Score customers by recency, frequency and money", Tags: tags,
	}, func(ctx context.Context, in *rfmInput) (*rfmOutput, error) {
		out, err := s.RFM(ctx, in.Body)
		return &rfmOutput{out}, err
	})
	web.Register(api, web.Operation{
		Method: http.MethodGet, Path: "/api/mining/rfm", ID: "find-rfm", Permission: "mining:read",
		Summary: "How the saved scores are computed", Tags: tags,
	}, func(ctx context.Context, _ *struct{}) (*savedOutput, error) {
		out, err := s.FindRFM(ctx)
		return &savedOutput{out}, err
	})
	web.Register(api, web.Operation{
		Method: http.MethodPut, Path: "/api/mining/rfm", ID: "save-rfm", Permission: "mining:update", Cost: web.Heavy,
		Summary: "Save settings and compute the scores of everybody", Tags: tags,
	}, func(ctx context.Context, in *rfmInput) (*savedOutput, error) {
		out, err := s.SaveRFM(ctx, in.Body)
		return &savedOutput{out}, err
	})
	web.Register(api, web.Operation{
		Method: http.MethodPost, Path: "/api/mining/pareto", ID: "mining-pareto", Permission: "mining:read", Cost: web.Heavy,
		Summary: "Share of revenue that the best customers bring", Tags: tags,
	}, func(ctx context.Context, in *paretoInput) (*paretoOutput, error) {
		out, err := s.Pareto(ctx, in.Body)
		return &paretoOutput{out}, err
	})
	web.Register(api, web.Operation{
		Method: http.MethodPost, Path: "/api/mining/pareto/who", ID: "mining-pareto-who", Permission: "mining:read", Cost: web.Heavy,
		Summary: "Who the best 20 % of the customers are", Tags: tags,
	}, func(ctx context.Context, in *paretoInput) (*whoOutput, error) {
		out, err := s.ParetoWho(ctx, in.Body)
		return &whoOutput{out}, err
	})
	web.Register(api, web.Operation{
		Method: http.MethodPost, Path: "/api/mining/verdict", ID: "mining-verdict", Permission: "mining:read", Cost: web.Heavy,
		Summary: "Whether customer relations pay in each business line", Tags: tags,
	}, func(ctx context.Context, in *verdictInput) (*verdictOutput, error) {
		out, err := s.Verdicts(ctx, in.Body)
		return &verdictOutput{out}, err
	})
}
