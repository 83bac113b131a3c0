// SPDX-License-Identifier: Apache-2.0

package mail

import (
	"context"
	"strings"

	"dangol/internal/consent"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
)

// AnswerTemplate is a template that staff may begin a letter with.
type AnswerTemplate struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

// answerTemplatesMost bounds the list; more is no help while somebody waits.
const answerTemplatesMost = 200

// AnswerTemplates lists the informational templates, which letters may begin with.
func (s *Service) AnswerTemplates(ctx context.Context) ([]AnswerTemplate, error) {
	if err := auth.Check(ctx, "mail:answer"); err != nil {
		return nil, err
	}
	list, _, err := s.store.list(ctx, "", answerTemplatesMost)
	if err != nil {
		return nil, err
	}
	templates := []AnswerTemplate{}
	for _, t := range list {
		if t.Class == consent.Informational {
			templates = append(templates, AnswerTemplate{ID: t.ID, Name: t.Name})
		}
	}
	return templates, nil
}

// AnswerDraft is the beginning of a letter.
type AnswerDraft struct {
	Subject string   `json:"subject"`
	Text    string   `json:"text"`
	Missing []string `json:"missing" doc:"Fields without a value, which staff fill in by hand."`
}

// DraftAnswer writes a template for a customer as plain text that staff go on writing;
// customerID 0 is somebody unknown, whose fields stay empty.
func (s *Service) DraftAnswer(ctx context.Context, templateID, customerID int64) (AnswerDraft, error) {
	if err := auth.Check(ctx, "mail:answer"); err != nil {
		return AnswerDraft{}, err
	}
	t, err := s.store.find(ctx, templateID)
	if err != nil {
		return AnswerDraft{}, err
	}
	if t.Class != consent.Informational {
		return AnswerDraft{}, fault.New(fault.Invalid, "mail.not_for_answers", "The template {name} advertises; a letter cannot begin with it.", "name", t.Name)
	}
	letter, err := s.Compile(ctx, t, 0, t.Name, nil)
	if err != nil {
		return AnswerDraft{}, err
	}
	target := Target{At: s.db.Now(ctx), Profile: Profile{}}
	if customerID != 0 {
		if target, _, err = s.previewTarget(ctx, letter, customerID); err != nil {
			return AnswerDraft{}, err
		}
	}
	r, err := letter.Render(target)
	if err != nil {
		return AnswerDraft{}, err
	}
	// The footer comes with the letter itself.
	text, _, _ := strings.Cut(r.Text, footerText(letter.sender, t.Class))
	return AnswerDraft{Subject: r.Subject, Text: strings.TrimSpace(text), Missing: r.Missing}, nil
}
