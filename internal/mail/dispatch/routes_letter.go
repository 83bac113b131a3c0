// SPDX-License-Identifier: Apache-2.0

package dispatch

import (
	"context"

	"dangol/internal/platform/web"
)

type (
	writeInput  struct{ Body NewLetter }
	answerInput struct {
		web.ByID
		Body AnswerLetter
	}
	forwardInput struct {
		web.ByID
		Body ForwardLetter
	}
	letterOutput struct{ Body SentLetter }
)

// letterRoutes are those by which staff write.
func (s *Service) letterRoutes(api web.API, tags []string) {
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/mail/letters", ID: "write-letter", Permission: "mail:answer", Status: 202,
		Summary: "Write a mail to one person", Tags: tags,
	}, func(ctx context.Context, in *writeInput) (*dispatchOutput, error) {
		d, err := s.Write(ctx, in.Body)
		return &dispatchOutput{d}, err
	})
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/mail/inbox/{id}/answer", ID: "answer-mail", Permission: "mail:answer", Status: 202,
		Summary: "Answer a received mail", Tags: tags,
	}, func(ctx context.Context, in *answerInput) (*dispatchOutput, error) {
		d, err := s.Answer(ctx, in.ID, in.Body)
		return &dispatchOutput{d}, err
	})
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/mail/inbox/{id}/forward", ID: "forward-mail", Permission: "mail:answer", Status: 202,
		Summary: "Pass a received mail on", Tags: tags,
	}, func(ctx context.Context, in *forwardInput) (*dispatchOutput, error) {
		d, err := s.Forward(ctx, in.ID, in.Body)
		return &dispatchOutput{d}, err
	})
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/mail/inbox/{id}/letters", ID: "list-conversation", Permission: "mail:answer",
		Summary: "What staff wrote in the conversation of a mail", Tags: tags,
	}, func(ctx context.Context, in *web.ByID) (*web.Page[SentLetter], error) {
		list, err := s.Conversation(ctx, in.ID)
		return web.NewPage(list, "", nil), err
	})
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/mail/dispatches/{id}/letter", ID: "find-letter", Permission: "mail:read",
		Summary: "What a single mail said", Tags: tags,
	}, func(ctx context.Context, in *web.ByID) (*letterOutput, error) {
		l, err := s.FindLetter(ctx, in.ID)
		return &letterOutput{l}, err
	})
}
