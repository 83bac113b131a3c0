// SPDX-License-Identifier: Apache-2.0

package mail

import (
	"context"

	"dangol/internal/platform/web"
)

type (
	relayInput  struct{ Body RelayContent }
	relayChange struct {
		web.ByID
		Body RelayContent
	}
	relayOutput struct{ Body Relay }
	dkimInput   struct{ Body DKIMDraft }
	dkimOutput  struct{ Body DKIMKey }
	dkimSwitch  struct {
		web.ByID
		Body struct {
			IsActive bool `json:"is_active"`
		}
	}
	paceInput   struct{ Body Pace }
	paceOutput  struct{ Body Pace }
	doctorInput struct {
		Domain string `query:"domain" maxLength:"253" doc:"Empty is the domain that mails come from."`
	}
)

// relayRoutes are the routes of how mails go out.
func (s *Service) relayRoutes(api web.API) {
	tags := []string{"mail"}
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/mail/relays", ID: "list-relays", Permission: "mail:admin",
		Summary: "Ways out for mails, with how they do", Tags: tags,
	}, func(ctx context.Context, _ *struct{}) (*web.Page[Relay], error) {
		list, err := s.ListRelays(ctx)
		return web.NewPage(list, "", nil), err
	})
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/mail/relays", ID: "create-relay", Permission: "mail:admin", Status: 201,
		Summary: "Add a way out", Tags: tags,
	}, func(ctx context.Context, in *relayInput) (*relayOutput, error) {
		r, err := s.SaveRelay(ctx, 0, in.Body)
		return &relayOutput{r}, err
	})
	web.Register(api, web.Operation{
		Method: "PUT", Path: "/api/mail/relays/{id}", ID: "update-relay", Permission: "mail:admin",
		Summary: "Change a way out", Tags: tags,
	}, func(ctx context.Context, in *relayChange) (*relayOutput, error) {
		r, err := s.SaveRelay(ctx, in.ID, in.Body)
		return &relayOutput{r}, err
	})
	web.Register(api, web.Operation{
		Method: "DELETE", Path: "/api/mail/relays/{id}", ID: "delete-relay", Permission: "mail:admin",
		Summary: "Remove a way out", Tags: tags,
	}, func(ctx context.Context, in *web.ByID) (*web.Empty, error) {
		return &web.Empty{}, s.DeleteRelay(ctx, in.ID)
	})
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/mail/relays/{id}/try", ID: "try-relay", Permission: "mail:admin",
		Summary: "Connect to a relay without sending anything", Tags: tags,
	}, func(ctx context.Context, in *web.ByID) (*web.Empty, error) {
		return &web.Empty{}, s.TryRelay(ctx, in.ID)
	})
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/mail/pace", ID: "find-mail-pace", Permission: "mail:admin",
		Summary: "How many mails a domain gets", Tags: tags,
	}, func(ctx context.Context, _ *struct{}) (*paceOutput, error) {
		p, err := s.Pace(ctx)
		return &paceOutput{p}, err
	})
	web.Register(api, web.Operation{
		Method: "PUT", Path: "/api/mail/pace", ID: "set-mail-pace", Permission: "mail:admin",
		Summary: "Change how many mails a domain gets", Tags: tags,
	}, func(ctx context.Context, in *paceInput) (*paceOutput, error) {
		return &paceOutput{in.Body}, s.SetPace(ctx, in.Body)
	})
	s.signingRoutes(api, tags)
}

func (s *Service) signingRoutes(api web.API, tags []string) {
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/mail/dkim", ID: "list-dkim-keys", Permission: "mail:admin",
		Summary: "Keys that sign mails, with their DNS records", Tags: tags,
	}, func(ctx context.Context, _ *struct{}) (*web.Page[DKIMKey], error) {
		list, err := s.ListDKIM(ctx)
		return web.NewPage(list, "", nil), err
	})
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/mail/dkim", ID: "create-dkim-key", Permission: "mail:admin", Status: 201,
		Summary: "Make a key that signs mails", Tags: tags,
	}, func(ctx context.Context, in *dkimInput) (*dkimOutput, error) {
		k, err := s.CreateDKIM(ctx, in.Body)
		return &dkimOutput{k}, err
	})
	web.Register(api, web.Operation{
		Method: "PATCH", Path: "/api/mail/dkim/{id}", ID: "switch-dkim-key", Permission: "mail:admin",
		Summary: "Let a key sign, or no longer", Tags: tags,
	}, func(ctx context.Context, in *dkimSwitch) (*web.Empty, error) {
		return &web.Empty{}, s.SwitchDKIM(ctx, in.ID, in.Body.IsActive)
	})
	web.Register(api, web.Operation{
		Method: "DELETE", Path: "/api/mail/dkim/{id}", ID: "delete-dkim-key", Permission: "mail:admin",
		Summary: "Remove a key", Tags: tags,
	}, func(ctx context.Context, in *web.ByID) (*web.Empty, error) {
		return &web.Empty{}, s.DeleteDKIM(ctx, in.ID)
	})
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/mail/doctor", ID: "examine-mail-domain", Permission: "mail:admin", Cost: web.List,
		Summary: "What the DNS says about the domain that mails come from", Tags: tags,
	}, func(ctx context.Context, in *doctorInput) (*web.Page[Finding], error) {
		list, err := s.Examine(ctx, in.Domain)
		return web.NewPage(list, "", nil), err
	})
}
