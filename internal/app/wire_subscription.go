// SPDX-License-Identifier: Apache-2.0

package app

import (
	"context"

	"dangol/internal/cube/subscription"
	"dangol/internal/mail"
	"dangol/internal/team"
	"dangol/ui"
)

// paperFont is the font of PDF files, which the pages bring along.
func paperFont() []byte {
	font, err := ui.Dist.ReadFile("dist/fonts/Pretendard-Regular.ttf")
	if err != nil {
		return nil // built without its pages
	}
	return font
}

// post hands letters of subscriptions to mail.
type post struct{ mail *mail.Service }

// Post sends a letter to a member of staff.
func (p post) Post(ctx context.Context, l subscription.Letter) error {
	return p.mail.SendMemo(ctx, mail.Memo{To: l.To, Subject: l.Subject, Text: l.Text, FileName: l.FileName, FileType: l.FileType, File: l.File})
}

// colleagues tells subscriptions who works here.
type colleagues struct{ team *team.Service }

// Colleagues lists everybody who can sign in.
func (c colleagues) Colleagues(ctx context.Context) ([]subscription.Colleague, error) {
	people, err := c.team.List(ctx)
	if err != nil {
		return nil, err
	}
	var list []subscription.Colleague
	for _, p := range people {
		if !p.IsDisabled {
			list = append(list, subscription.Colleague{ID: p.ID, Name: p.Name})
		}
	}
	return list, nil
}
