// SPDX-License-Identifier: Apache-2.0

package consent

import (
	"context"

	"dangol/internal/platform/web"
)

type (
	explainInput struct {
		web.ByID
		Channel  string `query:"channel" enum:"email,sms,kakao,push,call,post" default:"email"`
		Class    string `query:"class" enum:"ad,informational,statutory_notice" default:"ad"`
		Sender   string `query:"sender" maxLength:"40" doc:"Empty is the company."`
		Category string `query:"category" maxLength:"200" doc:"Kind of goods, for the exemption of recent buyers."`
	}
	explainOutput struct{ Body Explanation }
)

// explainRoutes answer why a customer does or does not get messages.
func (s *Service) explainRoutes(api web.API, tags []string) {
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/customers/{id}/gate", ID: "explain-gate", Permission: "consent:read",
		Summary: "What the send gate says to a message to this customer now, rule by rule", Tags: tags,
	}, func(ctx context.Context, in *explainInput) (*explainOutput, error) {
		e, err := s.Explain(ctx, in.ID, Message{Channel: Channel(in.Channel), Class: Class(in.Class), Sender: in.Sender, Category: in.Category})
		return &explainOutput{e}, err
	})
}
