// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"context"

	"dangol/internal/platform/web"
)

type eraseInput struct {
	web.ByID
	Body struct {
		Reason string `json:"reason" enum:"request,retention,mistake" doc:"Why: the person asked, the time of keeping is over, or it should never have been collected."`
	}
}

type eraseOutput struct{ Body *Erasure }

func (s *Service) eraseRoutes(api web.API) {
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/customers/{id}/erase", ID: "erase-customer", Permission: "customer:erase",
		Summary: "Destroy the personal data of a customer for ever; orders stay without a name", Tags: tags,
	}, func(ctx context.Context, in *eraseInput) (*eraseOutput, error) {
		e, err := s.Erase(ctx, in.ID, in.Body.Reason)
		if err != nil {
			return nil, err
		}
		return &eraseOutput{e}, nil
	})
}
