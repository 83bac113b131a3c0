// SPDX-License-Identifier: Apache-2.0

package dispatch

import (
	"context"

	"dangol/internal/platform/web"
)

type (
	sendInput  struct{ Body Order }
	sendOutput struct {
		Body struct {
			Dispatch
			IsNew bool `json:"is_new" doc:"False when the key was used before: nothing is sent again."`
		}
	}
	dispatchOutput struct{ Body Dispatch }
	listInput      struct {
		web.Paging
		State      string `query:"state" enum:"all,planned,leased,handing,handed_over,delivered,bounced,failed,unknown,skipped,cancelled" default:"all"`
		Kind       string `query:"kind" enum:"all,api,trigger,notice,invite,answer,forward,personal" default:"all"`
		TemplateID int64  `query:"template_id"`
		CustomerID int64  `query:"customer_id"`
		Address    string `query:"address" maxLength:"254"`
		Key        string `query:"key" maxLength:"200"`
	}
	decideInput struct {
		web.ByID
		Body struct {
			Again bool `json:"again" doc:"Send it again; false leaves it, or cancels what is planned."`
		}
	}
	eventInput   struct{ Body Event }
	triggerInput struct{ Body TriggerContent }
	triggerPatch struct {
		web.ByID
		Body TriggerContent
	}
	triggerOutput struct{ Body Trigger }
)

// Routes registers the routes of single mails and triggers.
func (s *Service) Routes(api web.API) {
	tags := []string{"mail"}
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/mail/dispatches", ID: "send-mail", Permission: "mail:send", Status: 202,
		Summary: "Send one mail to one person", Tags: tags,
	}, func(ctx context.Context, in *sendInput) (*sendOutput, error) {
		out := &sendOutput{}
		var err error
		out.Body.Dispatch, out.Body.IsNew, err = s.Send(ctx, in.Body)
		return out, err
	})
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/mail/dispatches", ID: "list-dispatches", Permission: "mail:read", Cost: web.List,
		Summary: "Mails sent to single people", Tags: tags,
	}, func(ctx context.Context, in *listInput) (*web.Page[Dispatch], error) {
		f := Filter{State: in.State, Kind: in.Kind, TemplateID: in.TemplateID, Address: in.Address, CustomerID: in.CustomerID, Key: in.Key, Cursor: in.Cursor, Limit: in.Limit}
		if f.State == "all" {
			f.State = ""
		}
		if f.Kind == "all" {
			f.Kind = ""
		}
		list, next, err := s.List(ctx, f)
		return web.NewPage(list, next, nil), err
	})
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/mail/dispatches/{id}", ID: "find-dispatch", Permission: "mail:read",
		Summary: "Where a single mail stands", Tags: tags,
	}, func(ctx context.Context, in *web.ByID) (*dispatchOutput, error) {
		d, err := s.Find(ctx, in.ID)
		return &dispatchOutput{d}, err
	})
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/mail/dispatches/{id}/decide", ID: "decide-dispatch", Permission: "mail:send",
		Summary: "Decide about a mail of which nobody knows whether it was taken", Tags: tags,
	}, func(ctx context.Context, in *decideInput) (*dispatchOutput, error) {
		d, err := s.Decide(ctx, in.ID, in.Body.Again)
		return &dispatchOutput{d}, err
	})
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/mail/events", ID: "tell-mail-event", Permission: "mail:send", Status: 202,
		Summary: "Tell that something happened; triggers send their mails", Tags: tags,
	}, func(ctx context.Context, in *eventInput) (*web.Page[Dispatch], error) {
		list, err := s.Tell(ctx, in.Body)
		return web.NewPage(list, "", nil), err
	})
	s.triggerRoutes(api, tags)
	s.letterRoutes(api, tags)
}

func (s *Service) triggerRoutes(api web.API, tags []string) {
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/mail/triggers", ID: "list-triggers", Permission: "mail:read",
		Summary: "What goes out by itself", Tags: tags,
	}, func(ctx context.Context, _ *struct{}) (*web.Page[Trigger], error) {
		list, err := s.ListTriggers(ctx)
		return web.NewPage(list, "", nil), err
	})
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/mail/triggers", ID: "create-trigger", Permission: "mail:admin", Status: 201,
		Summary: "Let a template go out by itself", Tags: tags,
	}, func(ctx context.Context, in *triggerInput) (*triggerOutput, error) {
		t, err := s.SaveTrigger(ctx, 0, in.Body)
		return &triggerOutput{t}, err
	})
	web.Register(api, web.Operation{
		Method: "PUT", Path: "/api/mail/triggers/{id}", ID: "update-trigger", Permission: "mail:admin",
		Summary: "Change a trigger", Tags: tags,
	}, func(ctx context.Context, in *triggerPatch) (*triggerOutput, error) {
		t, err := s.SaveTrigger(ctx, in.ID, in.Body)
		return &triggerOutput{t}, err
	})
	web.Register(api, web.Operation{
		Method: "DELETE", Path: "/api/mail/triggers/{id}", ID: "delete-trigger", Permission: "mail:admin",
		Summary: "Remove a trigger", Tags: tags,
	}, func(ctx context.Context, in *web.ByID) (*web.Empty, error) {
		return &web.Empty{}, s.DeleteTrigger(ctx, in.ID)
	})
}
