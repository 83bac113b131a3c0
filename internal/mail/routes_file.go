// SPDX-License-Identifier: Apache-2.0

package mail

import (
	"context"
	"net/http"

	"dangol/internal/platform/web"
)

type (
	fileInput struct {
		web.Upload
		Kind string `query:"kind" enum:"picture,attachment" default:"picture"`
	}
	fileOutput struct{ Body Stored }
	draftInput struct {
		Body struct {
			TemplateID int64 `json:"template_id" minimum:"1"`
			CustomerID int64 `json:"customer_id,omitempty"`
		}
	}
	draftOutput struct{ Body AnswerDraft }
	proofInput  struct{ Body Proof }
	proofOutput struct{ Body Proof }
)

// fileRoutes are the routes of pictures and attachments, and of what mail servers are asked for.
func (s *Service) fileRoutes(api web.API, tags []string) {
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/mail/files", ID: "keep-mail-file", Permission: "mail:create", Status: 201, MaxBodyBytes: attachmentLargest + 1<<20,
		Summary: "Store a picture for templates, or an attachment", Tags: tags,
	}, func(ctx context.Context, in *fileInput) (*fileOutput, error) {
		part, err := in.Next()
		if err != nil {
			return nil, err
		}
		f, err := s.KeepFile(ctx, part.Name, in.Kind == "picture", part)
		return &fileOutput{f}, err
	})
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/mail/files", ID: "list-mail-files", Permission: "mail:read",
		Summary: "Pictures of templates", Tags: tags,
	}, func(ctx context.Context, _ *struct{}) (*web.Page[Stored], error) {
		list, err := s.ListFiles(ctx)
		return web.NewPage(list, "", nil), err
	})
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/mail/proof", ID: "find-mail-proof", Permission: "mail:admin",
		Summary: "What mail servers and programs are asked for", Tags: tags,
	}, func(ctx context.Context, _ *struct{}) (*proofOutput, error) {
		p, err := s.Proof(ctx)
		return &proofOutput{p}, err
	})
	web.Register(api, web.Operation{
		Method: "PUT", Path: "/api/mail/proof", ID: "set-mail-proof", Permission: "mail:admin",
		Summary: "Change what mail servers and programs are asked for", Tags: tags,
	}, func(ctx context.Context, in *proofInput) (*proofOutput, error) {
		p, err := s.SetProof(ctx, in.Body)
		return &proofOutput{p}, err
	})
	s.answerRoutes(api, tags)
	api.Handle("GET", picturePath+"{token}", web.Public, s.servePicture)
}

// answerRoutes are what staff need while they write a letter.
func (s *Service) answerRoutes(api web.API, tags []string) {
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/mail/letters/files", ID: "keep-letter-file", Permission: "mail:answer", Status: 201, MaxBodyBytes: attachmentLargest + 1<<20,
		Summary: "Store a file to attach to a letter", Tags: tags,
	}, func(ctx context.Context, in *web.Upload) (*fileOutput, error) {
		part, err := in.Next()
		if err != nil {
			return nil, err
		}
		f, err := s.KeepFile(ctx, part.Name, false, part)
		return &fileOutput{f}, err
	})
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/mail/letters/templates", ID: "list-letter-templates", Permission: "mail:answer",
		Summary: "Templates that a letter may begin with", Tags: tags,
	}, func(ctx context.Context, _ *struct{}) (*web.Page[AnswerTemplate], error) {
		list, err := s.AnswerTemplates(ctx)
		return web.NewPage(list, "", nil), err
	})
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/mail/letters/draft", ID: "draft-letter", Permission: "mail:answer",
		Summary: "Begin a letter with a template", Tags: tags,
	}, func(ctx context.Context, in *draftInput) (*draftOutput, error) {
		d, err := s.DraftAnswer(ctx, in.Body.TemplateID, in.Body.CustomerID)
		return &draftOutput{d}, err
	})
}

// servePicture shows a picture to whoever has the mail. Its type was found in its content.
func (s *Service) servePicture(w http.ResponseWriter, r *http.Request) {
	kind, content, err := s.ShowPicture(r.Context(), r.PathValue("token"))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	_, _ = w.Write(content)
}
