// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"context"
	"net/http"

	"dangol/internal/platform/web"
)

type (
	movementInput  struct{ Body MovementSettings }
	movementOutput struct{ Body *Movement }
	rfmLinesInput  struct{ Body linesInput }
	rfmLinesOutput struct{ Body *LinesRFM }
	saveLinesInput struct{ Body LineSettings }
	savedLines     struct{ Body LineSettings }
	responseInput  struct{ Body ResponseSettings }
	responseOutput struct{ Body *Response }
	actionsOutput  struct{ Body Actions }
	actionInput    struct {
		Box  string `path:"box" doc:"555, 55x for any money, or the name of a group"`
		Body struct {
			Action string `json:"action"`
		}
	}
	linesOfInput struct {
		By string `query:"by" required:"true" enum:"department,category,brand,channel,store"`
	}
	linesOfOutput struct {
		Body struct {
			Items []LineSize `json:"items"`
		}
	}
)

// rfmRoutes registers what stands beside the scores: movement, business lines, answers, actions.
func (s *Service) rfmRoutes(api web.API) {
	tags := []string{"mining"}
	web.Register(api, web.Operation{
		Method: http.MethodPost, Path: "/api/mining/rfm/movement", ID: "mining-rfm-movement", Permission: "mining:read", Cost: web.Heavy,
		Summary: "How customers moved between RFM groups from one day to another", Tags: tags,
	}, func(ctx context.Context, in *movementInput) (*movementOutput, error) {
		out, err := s.RFMMovement(ctx, in.Body)
		return &movementOutput{out}, err
	})
	web.Register(api, web.Operation{
		Method: http.MethodPost, Path: "/api/mining/rfm/lines", ID: "mining-rfm-lines", Permission: "mining:read", Cost: web.Heavy,
		Summary: "Scores of the buyers of each business line among themselves", Tags: tags,
	}, func(ctx context.Context, in *rfmLinesInput) (*rfmLinesOutput, error) {
		out, err := s.RFMLines(ctx, in.Body.RFM, in.Body.LineSettings)
		return &rfmLinesOutput{out}, err
	})
	web.Register(api, web.Operation{
		Method: http.MethodPut, Path: "/api/mining/rfm/lines", ID: "save-rfm-lines", Permission: "mining:update", Cost: web.Heavy,
		Summary: "Keep the weights of business lines and score everybody within them", Tags: tags,
	}, func(ctx context.Context, in *saveLinesInput) (*savedLines, error) {
		out, err := s.SaveLines(ctx, in.Body)
		return &savedLines{out}, err
	})
	web.Register(api, web.Operation{
		Method: http.MethodPost, Path: "/api/mining/rfm/response", ID: "mining-rfm-response", Permission: "mining:read", Cost: web.Heavy,
		Summary: "How each RFM box has answered to campaigns", Tags: tags,
	}, func(ctx context.Context, in *responseInput) (*responseOutput, error) {
		out, err := s.RFMResponse(ctx, in.Body)
		return &responseOutput{out}, err
	})
	web.Register(api, web.Operation{
		Method: http.MethodGet, Path: "/api/mining/rfm/actions", ID: "find-rfm-actions", Permission: "mining:read",
		Summary: "What is to be done about boxes, as people have written it", Tags: tags,
	}, func(ctx context.Context, _ *struct{}) (*actionsOutput, error) {
		out, err := s.FindActions(ctx)
		return &actionsOutput{out}, err
	})
	web.Register(api, web.Operation{
		Method: http.MethodPut, Path: "/api/mining/rfm/actions/{box}", ID: "save-rfm-action", Permission: "mining:update",
		Summary: "Write what is to be done about a box or a group", Tags: tags,
	}, func(ctx context.Context, in *actionInput) (*actionsOutput, error) {
		out, err := s.SaveAction(ctx, in.Box, in.Body.Action)
		return &actionsOutput{out}, err
	})
	web.Register(api, web.Operation{
		Method: http.MethodGet, Path: "/api/mining/lines", ID: "list-mining-lines", Permission: "mining:read", Cost: web.Heavy,
		Summary: "The largest business lines", Tags: tags,
	}, func(ctx context.Context, in *linesOfInput) (*linesOfOutput, error) {
		list, err := s.ListLines(ctx, in.By)
		out := &linesOfOutput{}
		out.Body.Items = list
		return out, err
	})
}
