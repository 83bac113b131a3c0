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
		State string `query:"state" enum:"open,done,archived,all" default:"open" doc:"Which mails; all leaves out what is archived."`
		Kind  string `query:"kind" enum:"all,people,notices,complaints" default:"all" doc:"Written by people, notices of mail servers, or complaints."`

		Search     string `query:"q" maxLength:"100" doc:"In sender, subject, first lines and the customer's name."`
		Assignee   string `query:"assignee" maxLength:"20" doc:"mine, none, or the id of a person."`
		HasFiles   bool   `query:"has_files"`
		CustomerID int64  `query:"customer_id"`
	}
	receivedOutput        struct{ Body Received }
	receivedMessageOutput struct{ Body ReceivedMessage }
	attachmentInput       struct {
		web.ByID
		Place int `path:"place" minimum:"0" maximum:"1000"`
	}
	changeInput struct {
		web.ByID
		Body ReceivedChange
	}
	noteInput struct {
		web.ByID
		Body struct {
			Text string `json:"text" minLength:"1" maxLength:"5000"`
		}
	}
	noteOutput struct{ Body StaffNote }
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
		f := ReceivedFilter{
			State: in.State, Kinds: receivedKinds[in.Kind], Search: in.Search, Assignee: in.Assignee, HasFiles: in.HasFiles, CustomerID: in.CustomerID,
			Cursor: in.Cursor, Limit: in.Limit,
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
		Summary: "Settle, archive, assign a mail, or open it again", Tags: tags,
	}, func(ctx context.Context, in *changeInput) (*receivedOutput, error) {
		r, err := s.ChangeReceived(ctx, in.ID, in.Body)
		return &receivedOutput{r}, err
	})
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/mail/inbox/{id}/notes", ID: "note-inbox", Permission: "mail:answer", Status: 201,
		Summary: "Write a note about a mail for colleagues", Tags: tags,
	}, func(ctx context.Context, in *noteInput) (*noteOutput, error) {
		n, err := s.AddNote(ctx, in.ID, in.Body.Text)
		return &noteOutput{n}, err
	})
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/mail/inbox/{id}/print", ID: "print-inbox", Permission: "mail:inbox",
		Summary: "Write down that a mail is printed", Tags: tags,
	}, func(ctx context.Context, in *web.ByID) (*web.Empty, error) {
		return &web.Empty{}, s.NotePrint(ctx, in.ID)
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
