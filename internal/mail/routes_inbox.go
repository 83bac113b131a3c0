// SPDX-License-Identifier: Apache-2.0

package mail

import (
	"context"
	"io"

	"dangol/internal/mail/inbound"
	"dangol/internal/platform/web"
)

type (
	inboxInput struct {
		web.Paging
		State string `query:"state" enum:"open,done,all" default:"open" doc:"Which mails."`
		Kind  string `query:"kind" enum:"all,people,notices,complaints" default:"all" doc:"Written by people, notices of mail servers, or complaints."`
	}
	receivedOutput        struct{ Body Received }
	receivedMessageOutput struct{ Body ReceivedMessage }
	attachmentInput       struct {
		web.ByID
		Place int `path:"place" minimum:"0" maximum:"1000"`
	}
	settleInput struct {
		web.ByID
		Body struct {
			State   string `json:"state" enum:"open,done"`
			Version int64  `json:"version"`
		}
	}
	openOutput struct {
		Body struct {
			Open     int64 `json:"open" doc:"Mails that wait, 100 for many."`
			Receives bool  `json:"receives" doc:"Whether a door for mail is set up."`
		}
	}
)

// receivedKinds are the groups of the inbox.
var receivedKinds = map[string][]inbound.Kind{
	"people":     {inbound.Reply, inbound.Automatic, inbound.Receipt},
	"notices":    {inbound.Bounced, inbound.Delayed, inbound.Delivered},
	"complaints": {inbound.Complaint},
}

// inboxRoutes are the routes of mail that came in.
func (s *Service) inboxRoutes(api web.API) {
	tags := []string{"mail"}
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/mail/inbox", ID: "list-inbox", Permission: "mail:inbox", Cost: web.List,
		Summary: "Mails that came in", Tags: tags,
	}, func(ctx context.Context, in *inboxInput) (*web.Page[Received], error) {
		f := ReceivedFilter{State: in.State, Kinds: receivedKinds[in.Kind], Cursor: in.Cursor, Limit: in.Limit}
		if f.State == "all" {
			f.State = ""
		}
		items, next, err := s.ListReceived(ctx, f)
		return web.NewPage(items, next, nil), err
	})
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/mail/inbox/open", ID: "count-inbox", Permission: "mail:inbox",
		Summary: "How many mails wait", Tags: tags,
	}, func(ctx context.Context, _ *struct{}) (*openOutput, error) {
		var out openOutput
		var err error
		out.Body.Open, err = s.CountOpen(ctx)
		out.Body.Receives = s.options.Receives
		return &out, err
	})
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/mail/inbox/{id}", ID: "find-inbox", Permission: "mail:inbox",
		Summary: "One mail that came in", Tags: tags,
	}, func(ctx context.Context, in *web.ByID) (*receivedMessageOutput, error) {
		m, err := s.FindReceived(ctx, in.ID)
		return &receivedMessageOutput{m}, err
	})
	web.Register(api, web.Operation{
		Method: "PATCH", Path: "/api/mail/inbox/{id}", ID: "settle-inbox", Permission: "mail:answer",
		Summary: "Mark a mail as done, or open it again", Tags: tags,
	}, func(ctx context.Context, in *settleInput) (*receivedOutput, error) {
		r, err := s.SettleReceived(ctx, in.ID, in.Body.Version, in.Body.State)
		return &receivedOutput{r}, err
	})
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/mail/inbox/{id}/attachments/{place}", ID: "download-attachment", Permission: "mail:inbox",
		Summary: "An attachment of a mail", Tags: tags,
	}, func(ctx context.Context, in *attachmentInput) (*web.Download, error) {
		a, err := s.FindReceivedFile(ctx, in.ID, in.Place)
		if err != nil {
			return nil, err
		}
		// Never a type that a browser would run or show: it is saved.
		return web.NewDownload(a.Name, "application/octet-stream", func(_ context.Context, w io.Writer) error {
			_, err := w.Write(a.Content)
			return err
		}), nil
	})
}
