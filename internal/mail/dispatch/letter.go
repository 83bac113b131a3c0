// SPDX-License-Identifier: Apache-2.0

package dispatch

import (
	"context"
	"encoding/json"
	"strings"

	"dangol/internal/consent"
	"dangol/internal/mail"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
)

// Inbox is what answers need of received mails.
type Inbox interface {
	OriginalOf(ctx context.Context, id int64) (mail.Original, error)
	Answered(ctx context.Context, id int64, isDone bool) error
}

// UseInbox connects the received mails; without it staff can write but not answer.
func (s *Service) UseInbox(inbox Inbox) { s.inbox = inbox }

// Letter is what a member of staff writes to one person.
type Letter struct {
	Key     string  `json:"key" minLength:"8" maxLength:"100" doc:"Made once per letter: sending again with it sends nothing twice."`
	Subject string  `json:"subject" minLength:"1" maxLength:"500"`
	Text    string  `json:"text" minLength:"1" maxLength:"200000"`
	FileIDs []int64 `json:"file_ids,omitempty" maxItems:"20" doc:"Files that were stored before (POST /api/mail/files)."`
}

// NewLetter is a letter to somebody who did not write first.
type NewLetter struct {
	Letter
	CustomerID int64  `json:"customer_id,omitempty"`
	To         string `json:"to,omitempty" maxLength:"254" doc:"Address; empty is the customer's."`
	IsAd       bool   `json:"is_ad,omitempty" doc:"It advertises: consent, label and footer are asked for as the law wants."`
	Reason     string `json:"reason,omitempty" maxLength:"300" doc:"Why it is no advertisement; needed when it is none."`
}

// AnswerLetter answers a received mail.
type AnswerLetter struct {
	Letter
	IsDone bool `json:"is_done,omitempty" doc:"Settle the mail that is answered."`
}

// ForwardLetter passes a received mail on.
type ForwardLetter struct {
	Letter
	To        string `json:"to" minLength:"3" maxLength:"254"`
	WithFiles bool   `json:"with_files,omitempty" doc:"Attach the files of the mail."`
}

// Write sends a letter to a customer or an address.
func (s *Service) Write(ctx context.Context, l NewLetter) (Dispatch, error) {
	if err := auth.Check(ctx, "mail:answer"); err != nil {
		return Dispatch{}, err
	}
	content := l.content(consent.Informational, strings.TrimSpace(l.Reason))
	if l.IsAd {
		content.Class, content.Reason = consent.Ad, ""
	} else {
		if content.Reason == "" {
			return Dispatch{}, fault.New(fault.Invalid, "mail.no_reason", "Say why this letter is no advertisement.")
		}
		if words := mail.MarketingWords(mail.Version{Subject: l.Subject, Body: l.Text}); len(words) > 0 {
			return Dispatch{}, fault.New(fault.Invalid, "mail.looks_like_ad",
				"The letter looks like an advertisement ({words}); send it as one, or take that out.", "words", strings.Join(words, ", "))
		}
	}
	d, _, err := s.Add(ctx, Order{Key: l.key(ctx), Kind: Personal, CustomerID: l.CustomerID, To: strings.TrimSpace(l.To), Content: content})
	return d, err
}

// Answer sends an answer to who wrote a received mail; it goes into the same conversation.
func (s *Service) Answer(ctx context.Context, mailID int64, l AnswerLetter) (Dispatch, error) {
	o, err := s.original(ctx, mailID)
	if err != nil {
		return Dispatch{}, err
	}
	if !strings.Contains(o.Sender, "@") {
		return Dispatch{}, fault.New(fault.Invalid, "mail.no_answer_address", "The mail does not say where to answer to.")
	}
	content := l.content(consent.Informational, "answer to a mail of the person")
	content.MailID = o.ID
	content.Thread = threadOf(o)
	order := Order{Key: l.key(ctx), Kind: Answer, RecordID: o.RecordID, To: o.Sender, Name: o.SenderName, Content: content, thread: o.Thread}
	return s.addAbout(ctx, o.ID, order, func(ctx context.Context) error { return s.inbox.Answered(ctx, o.ID, l.IsDone) })
}

// Forward passes a received mail on to a colleague, or to somebody outside, of whom a source record is made.
func (s *Service) Forward(ctx context.Context, mailID int64, l ForwardLetter) (Dispatch, error) {
	o, err := s.original(ctx, mailID)
	if err != nil {
		return Dispatch{}, err
	}
	content := l.content(consent.Informational, "forwarded by staff")
	content.MailID, content.Original = o.ID, l.WithFiles && o.Files > 0
	order := Order{Key: l.key(ctx), Kind: Forward, To: strings.TrimSpace(l.To), Content: content, thread: o.Thread}
	return s.addAbout(ctx, o.ID, order, func(context.Context) error { return nil })
}

func (s *Service) original(ctx context.Context, mailID int64) (mail.Original, error) {
	if err := auth.Check(ctx, "mail:answer"); err != nil {
		return mail.Original{}, err
	}
	if s.inbox == nil {
		return mail.Original{}, fault.New(fault.Unavailable, "mail.no_inbox", "No mail is taken in here.")
	}
	return s.inbox.OriginalOf(ctx, mailID)
}

// addAbout orders a letter and changes the mail it is about in one step.
func (s *Service) addAbout(ctx context.Context, mailID int64, o Order, also func(ctx context.Context) error) (d Dispatch, err error) {
	err = s.db.Within(ctx, func(ctx context.Context) error {
		var isNew bool
		if d, isNew, err = s.Add(ctx, o); err != nil || !isNew {
			return err
		}
		return also(ctx)
	})
	if err == nil {
		s.publish("mail:received", map[string]any{"id": mailID})
	}
	return d, err
}

func (l Letter) content(class consent.Class, reason string) *Content {
	return &Content{
		Class: class, Reason: reason, Subject: mail.Literal(strings.Join(strings.Fields(l.Subject), " ")), Text: mail.Literal(l.Text), FileIDs: l.FileIDs,
	}
}

// key keeps the keys of staff apart from those of programs.
func (l Letter) key(ctx context.Context) string {
	return "letter:" + auth.From(ctx).Name + ":" + l.Key
}

// threadOf is what an answer says of the mail it answers (RFC 5322 3.6.4): the whole chain and the mail itself.
func threadOf(o mail.Original) Thread {
	if o.MessageID == "" {
		return Thread{}
	}
	var b strings.Builder
	for _, id := range append(append([]string(nil), o.References...), o.MessageID) {
		if b.Len() > 0 {
			b.WriteString("\r\n ") // folded: a long conversation must not make a line too long
		}
		b.WriteString("<" + id + ">")
	}
	return Thread{InReplyTo: o.MessageID, References: b.String()}
}

// SentLetter is what staff wrote in a conversation.
type SentLetter struct {
	Dispatch
	Text   string `json:"text"`
	Person string `json:"person,omitempty"`
	MailID int64  `json:"mail_id,omitempty"`
}

// Conversation returns what staff wrote in the conversation of a received mail, oldest first.
func (s *Service) Conversation(ctx context.Context, mailID int64) ([]SentLetter, error) {
	o, err := s.original(ctx, mailID)
	if err != nil {
		return nil, err
	}
	return s.store.conversation(ctx, o.Thread, mailID)
}

// FindLetter returns what a dispatch said, for the ledger's own page; content is personal,
// so a purpose is needed.
func (s *Service) FindLetter(ctx context.Context, id int64) (SentLetter, error) {
	d, err := s.Find(ctx, id)
	if err != nil || !auth.CanSeeClear(ctx) {
		return SentLetter{Dispatch: d}, err
	}
	return sentLetter(d), nil
}

func sentLetter(d Dispatch) SentLetter {
	l := SentLetter{Dispatch: d}
	var c Content
	if d.content != "" && json.Unmarshal([]byte(d.content), &c) == nil {
		l.Text, l.Subject, l.MailID = mail.Plain(c.Text), mail.Plain(c.Subject), c.MailID
	}
	return l
}
