// SPDX-License-Identifier: Apache-2.0

package consent

import (
	"context"

	"dangol/internal/platform/web"
)

type (
	linkOutput struct {
		Body struct {
			URL string `json:"url" doc:"Whoever has it can change the customer's preferences; give it to the customer only."`
		}
	}
	inviteInput      struct{ Body Invite }
	invitationOutput struct{ Body Invitation }
	toldOutput       struct{ Body Told }
)

// askRoutes are those by which staff reach the person: the link of the preference
// centre, double opt-in, and the notices that are due.
func (s *Service) askRoutes(api web.API, tags []string) {
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/customers/{id}/preference-link", ID: "make-preference-link", Permission: "consent:create",
		Summary: "Address at which a customer changes their preferences", Tags: tags,
	}, func(ctx context.Context, in *web.ByID) (*linkOutput, error) {
		out := &linkOutput{}
		var err error
		out.Body.URL, err = s.PreferenceLink(ctx, in.ID)
		return out, err
	})
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/customers/{id}/invitations", ID: "list-invitations", Permission: "consent:read",
		Summary: "What a customer was asked to confirm by mail", Tags: tags,
	}, func(ctx context.Context, in *web.ByID) (*web.Page[Invitation], error) {
		list, err := s.ListInvitations(ctx, in.ID)
		return web.NewPage(list, "", nil), err
	})
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/consents/invitations", ID: "invite-consent", Permission: "consent:create", Status: 202,
		Summary: "Ask a customer by mail to confirm a consent (double opt-in)", Tags: tags,
	}, func(ctx context.Context, in *inviteInput) (*invitationOutput, error) {
		made, err := s.Invite(ctx, in.Body)
		return &invitationOutput{made}, err
	})
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/consents/notices/send", ID: "send-due-notices", Permission: "consent:admin", Status: 202,
		Summary: "Send the notices that are due by e-mail", Tags: tags,
	}, func(ctx context.Context, _ *struct{}) (*toldOutput, error) {
		told, err := s.TellDue(ctx)
		return &toldOutput{told}, err
	})
}
