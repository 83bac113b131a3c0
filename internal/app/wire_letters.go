// SPDX-License-Identifier: Apache-2.0

package app

import (
	"context"
	"strings"

	"dangol/internal/consent"
	"dangol/internal/mail"
	"dangol/internal/mail/dispatch"
)

// publicLinks signs the addresses of consent's public pages with the keys of mail (consent.Links).
type publicLinks struct {
	mail *mail.Service
	site string
}

// PreferenceLink is the address of the preference centre of a record.
func (l publicLinks) PreferenceLink(ctx context.Context, recordID, senderID int64) (string, error) {
	keys, err := l.mail.Keys(ctx)
	if err != nil {
		return "", err
	}
	return l.site + "/p/" + keys.PreferenceToken(mail.Unsubscribe{RecordID: recordID, SenderID: senderID}), nil
}

// ReadPreference reads the token of such an address.
func (l publicLinks) ReadPreference(ctx context.Context, token string) (recordID, senderID, recipientID int64, err error) {
	keys, err := l.mail.Keys(ctx)
	if err != nil {
		return 0, 0, 0, err
	}
	u, err := keys.ReadPreference(token)
	return u.RecordID, u.SenderID, u.RecipientID, err
}

// InvitationLink is the address at which an invited person answers.
func (l publicLinks) InvitationLink(ctx context.Context, id int64) (string, error) {
	keys, err := l.mail.Keys(ctx)
	if err != nil {
		return "", err
	}
	return l.site + "/c/" + keys.InvitationToken(id), nil
}

// ReadInvitation reads the token of such an address.
func (l publicLinks) ReadInvitation(ctx context.Context, token string) (int64, error) {
	keys, err := l.mail.Keys(ctx)
	if err != nil {
		return 0, err
	}
	return keys.ReadInvitation(token)
}

// letterbox lets consent write to people by single mails (consent.Letterbox).
type letterbox struct{ dispatch *dispatch.Service }

// PostLetter orders a mail in the transaction of ctx.
func (b letterbox) PostLetter(ctx context.Context, l consent.Letter) error {
	class := consent.Statutory
	if l.Kind == string(dispatch.Invite) {
		class = consent.Informational
	}
	_, _, err := b.dispatch.Add(ctx, dispatch.Order{
		Key: l.Key, Kind: dispatch.Kind(l.Kind), Origin: l.Origin, RecordID: l.RecordID, To: l.To,
		Content: &dispatch.Content{Class: class, Reason: l.Reason, Sender: l.Sender, Subject: mail.Literal(l.Subject), Text: mail.Literal(l.Text)},
	})
	return err
}

// connectLetters connects what consent needs of mail, which is made after it.
func (a *App) connectLetters() {
	s := &a.services
	s.consent.UseLinks(publicLinks{s.mail, strings.TrimRight(a.Config.publicURL(), "/")})
	s.consent.UseLetterbox(letterbox{s.dispatch})
	s.dispatch.UseSent(s.consent.LetterSent)
}
