// SPDX-License-Identifier: Apache-2.0

package mail

import (
	"context"

	"dangol/internal/dataquality"
	"dangol/internal/platform/web"
)

type (
	templateOutput struct{ Body Template }
	previewOutput  struct{ Body Preview }
	createInput    struct{ Body Draft }
	updateInput    struct {
		web.ByID
		Body Patch
	}
	previewInput struct{ Body PreviewOf }
	testInput    struct {
		Body struct {
			PreviewOf
			To string `json:"to" format:"email" doc:"Address of a member of staff."`
		}
	}
	testOutput struct {
		Body struct {
			Outcome Outcome `json:"outcome"`
			Text    string  `json:"text"`
			IsLocal bool    `json:"is_local" doc:"The message stayed on this machine."`
		}
	}
	outboxInput struct {
		web.Paging
		To string `query:"to" doc:"Only messages to this address."`
	}
	keptInput struct {
		ID string `path:"id" maxLength:"60"`
	}
	keptOutput      struct{ Body KeptMessage }
	transportOutput struct {
		Body struct {
			Name    string `json:"name"`
			IsLocal bool   `json:"is_local" doc:"Messages are kept in the outbox and do not leave this machine."`
		}
	}
)

func maskEmail(address string) string { return dataquality.MaskEmail(address) }

// Routes registers the routes of templates, outbox and inbox.
func (s *Service) Routes(api web.API) {
	tags := []string{"mail"}
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/templates", ID: "list-templates", Permission: "mail:read", Cost: web.List,
		Summary: "List templates", Tags: tags,
	}, func(ctx context.Context, in *web.Paging) (*web.Page[Template], error) {
		items, next, err := s.List(ctx, in.Cursor, in.Limit)
		return web.NewPage(items, next, nil), err
	})
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/templates", ID: "create-template", Permission: "mail:create", Status: 201, MaxBodyBytes: 2 << 20,
		Summary: "Make a template", Tags: tags,
	}, func(ctx context.Context, in *createInput) (*templateOutput, error) {
		t, err := s.Create(ctx, in.Body)
		return &templateOutput{t}, err
	})
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/templates/fields", ID: "list-merge-fields", Permission: "mail:read",
		Summary: "Fields that a template can merge", Tags: tags,
	}, func(ctx context.Context, _ *struct{}) (*web.Page[Field], error) {
		list, err := s.Catalogue(ctx)
		return web.NewPage(list, "", nil), err
	})
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/templates/{id}", ID: "find-template", Permission: "mail:read",
		Summary: "Find a template", Tags: tags,
	}, func(ctx context.Context, in *web.ByID) (*templateOutput, error) {
		t, err := s.Find(ctx, in.ID)
		return &templateOutput{t}, err
	})
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/templates/{id}/versions", ID: "list-template-versions", Permission: "mail:read",
		Summary: "List the versions of a template", Tags: tags,
	}, func(ctx context.Context, in *web.ByID) (*web.Page[Version], error) {
		list, err := s.ListVersions(ctx, in.ID)
		return web.NewPage(list, "", nil), err
	})
	web.Register(api, web.Operation{
		Method: "PATCH", Path: "/api/templates/{id}", ID: "update-template", Permission: "mail:update", MaxBodyBytes: 2 << 20,
		Summary: "Change a template", Tags: tags,
	}, func(ctx context.Context, in *updateInput) (*templateOutput, error) {
		t, err := s.Update(ctx, in.ID, in.Body)
		return &templateOutput{t}, err
	})
	web.Register(api, web.Operation{
		Method: "DELETE", Path: "/api/templates/{id}", ID: "delete-template", Permission: "mail:delete",
		Summary: "Remove a template", Tags: tags,
	}, func(ctx context.Context, in *web.ByID) (*web.Empty, error) { return &web.Empty{}, s.Delete(ctx, in.ID) })
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/templates/{id}/approve", ID: "approve-template", Permission: "mail:approve",
		Summary: "Confirm that an informational mail is no advertisement", Tags: tags,
	}, func(ctx context.Context, in *web.ByID) (*templateOutput, error) {
		t, err := s.Approve(ctx, in.ID)
		return &templateOutput{t}, err
	})
	s.tryRoutes(api, tags)
}

// tryRoutes are those of looking at mails before they go out.
func (s *Service) tryRoutes(api web.API, tags []string) {
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/templates/preview", ID: "preview-template", Permission: "mail:read", MaxBodyBytes: 2 << 20,
		Summary: "Show a template as a customer gets it", Tags: tags,
	}, func(ctx context.Context, in *previewInput) (*previewOutput, error) {
		p, err := s.Preview(ctx, in.Body)
		return &previewOutput{p}, err
	})
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/templates/test", ID: "send-test-mail", Permission: "mail:send", MaxBodyBytes: 2 << 20,
		Summary: "Send a template to a member of staff", Tags: tags,
	}, func(ctx context.Context, in *testInput) (*testOutput, error) {
		result, err := s.SendTest(ctx, in.Body.PreviewOf, in.Body.To)
		out := &testOutput{}
		out.Body.Outcome, out.Body.Text, out.Body.IsLocal = result.Outcome, result.Text, s.transport.IsLocal()
		return out, err
	})
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/mail/transport", ID: "find-mail-transport", Permission: "mail:read",
		Summary: "How mails are handed over", Tags: tags,
	}, func(context.Context, *struct{}) (*transportOutput, error) {
		out := &transportOutput{}
		out.Body.Name, out.Body.IsLocal = s.transport.Describe(), s.transport.IsLocal()
		return out, nil
	})
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/mail/outbox", ID: "list-outbox", Permission: "mail:read", Cost: web.List,
		Summary: "Mails kept on this machine", Tags: tags,
	}, func(ctx context.Context, in *outboxInput) (*web.Page[Kept], error) {
		items, next, err := s.ListOutbox(ctx, in.To, in.Cursor, in.Limit)
		return web.NewPage(items, next, nil), err
	})
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/mail/outbox/{id}", ID: "find-outbox", Permission: "mail:read",
		Summary: "One mail kept on this machine", Tags: tags,
	}, func(ctx context.Context, in *keptInput) (*keptOutput, error) {
		m, err := s.FindOutbox(ctx, in.ID)
		return &keptOutput{m}, err
	})
	s.fileRoutes(api, tags)
	s.inboxRoutes(api)
	s.relayRoutes(api)
}
