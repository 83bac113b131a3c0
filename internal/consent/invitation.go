// SPDX-License-Identifier: Apache-2.0

package consent

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
)

// Invitation asks a person to confirm by mail that they consent (double opt-in):
// nothing is granted before they press the button on the page of the link.
type Invitation struct {
	ID         int64     `json:"id"`
	CustomerID int64     `json:"customer_id"`
	Sender     string    `json:"sender"`
	Channels   []Channel `json:"channels"`
	IsNight    bool      `json:"is_night"`
	Origin     string    `json:"origin" doc:"How the person asked for it."`
	State      string    `json:"state" enum:"open,agreed,declined"`
	AskedAt    time.Time `json:"asked_at"`
	ExpiresAt  time.Time `json:"expires_at"`
	AnsweredAt time.Time `json:"answered_at,omitzero"`
	Actor      string    `json:"actor,omitempty"`

	recordID int64
	address  string
}

// Invite is what staff or the API ask for.
type Invite struct {
	CustomerID int64     `json:"customer_id"`
	Channels   []Channel `json:"channels" minItems:"1" maxItems:"9" doc:"What the person is asked to agree to: email, sms, kakao, push, call, post, fax."`
	IsNight    bool      `json:"is_night,omitempty"`
	Origin     string    `json:"origin" minLength:"2" maxLength:"200" doc:"How the person asked for it, such as \"leaflet at the fair\"."`
	Language   string    `json:"language,omitempty" enum:"ko,en" doc:"Of the mail; empty is Korean with English below."`
}

// invitationLife is how long a link can be answered; a forgotten mail must not grant years later.
const invitationLife = 30 * 24 * time.Hour

// Letter is a mail that the law or double opt-in asks for; it holds no advertising (L-AD-8a).
type Letter struct {
	Key      string // the same key sends once
	Kind     string // invite or notice
	RecordID int64
	To       string
	Sender   string
	Reason   string
	Subject  string
	Text     string
	// Origin comes back to LetterSent when the mail was handed over.
	Origin string
}

// Letterbox sends letters through the send gate; app connects mail.
type Letterbox interface {
	PostLetter(ctx context.Context, l Letter) error
}

// UseLetterbox connects who sends letters; without it staff tell people themselves.
func (s *Service) UseLetterbox(box Letterbox) { s.letterbox = box }

// Invite asks a customer by mail to confirm a consent. Who has refused is asked
// only when they ask for it themselves, which Origin says.
func (s *Service) Invite(ctx context.Context, in Invite) (Invitation, error) {
	if err := auth.Check(ctx, "consent:create"); err != nil {
		return Invitation{}, err
	}
	if s.letterbox == nil || s.links == nil {
		return Invitation{}, fault.New(fault.Unavailable, "consent.no_links", "There is no public address; set public_url.")
	}
	i := Invitation{CustomerID: in.CustomerID, Sender: DefaultSender, IsNight: in.IsNight, Origin: strings.TrimSpace(in.Origin), State: "open", Actor: auth.From(ctx).Name}
	for _, channel := range in.Channels {
		if channel == All || !slices.Contains(channels, channel) {
			return i, invalid("channel", channel)
		}
		if base := channel.Base(); !slices.Contains(i.Channels, base) {
			i.Channels = append(i.Channels, base)
		}
	}
	if len(i.Channels) == 0 || i.Origin == "" {
		return i, fault.New(fault.Invalid, "consent.no_origin", "Say which channels, and how the person asked for it.")
	}
	err := s.db.Within(ctx, func(ctx context.Context) error { return s.invite(ctx, &i, in.Language) })
	if err != nil {
		return i, fmt.Errorf("invite to consent: %w", err)
	}
	return i, nil
}

func (s *Service) invite(ctx context.Context, i *Invitation, language string) error {
	var err error
	if i.recordID, err = s.store.recordOf(ctx, i.CustomerID); err != nil {
		return err
	}
	if i.address, _, err = s.store.addresses(ctx, i.CustomerID); err != nil {
		return err
	}
	if i.address == "" {
		return fault.New(fault.Invalid, "consent.no_email", "Customer {id} has no e-mail address to write to.", "id", i.CustomerID)
	}
	i.AskedAt = database.Time(ctx)
	i.ExpiresAt = i.AskedAt.Add(invitationLife)
	if err := s.store.insertInvitation(ctx, i, auth.From(ctx).ID); err != nil {
		return err
	}
	link, err := s.links.InvitationLink(ctx, i.ID)
	if err != nil {
		return err
	}
	sender, err := s.FindSender(ctx, i.Sender)
	if err != nil {
		return err
	}
	subject, text := invitationLetter(language, sender, *i, link, s.zone)
	err = s.letterbox.PostLetter(ctx, Letter{
		Key: fmt.Sprintf("consent-invite:%d", i.ID), Kind: "invite", RecordID: i.recordID, To: i.address, Sender: i.Sender,
		Reason: "double opt-in asked for by the person: " + i.Origin, Subject: subject, Text: text,
	})
	if err != nil {
		return err
	}
	after, err := json.Marshal(i)
	if err != nil {
		return err
	}
	return s.journal.Append(ctx, journal.Entry{
		Capability: "consent", Kind: "consent.invited", SubjectKind: "customer", SubjectIDs: []int64{i.CustomerID}, RecordID: i.recordID, After: after,
	})
}

// Invited is what the page of an invitation shows.
type Invited struct {
	Invitation Invitation
	Sender     Sender
	Address    string // masked
	IsOver     bool
	Link       string // of the preference centre, once answered
}

func (d Invited) page(lang string) pageData {
	state := "ask"
	switch {
	case d.Invitation.State != "open":
		state = d.Invitation.State
	case d.IsOver:
		state = "over"
	}
	return pageData{Lang: lang, State: state, Invitation: d.Invitation, Centre: Centre{Sender: d.Sender, Address: d.Address}, Link: d.Link}
}

// ShowInvitation is what the page behind a link shows; it changes nothing.
func (s *Service) ShowInvitation(ctx context.Context, token string) (Invited, error) {
	d, _, err := s.invited(ctx, token)
	return d, err
}

func (s *Service) invited(ctx context.Context, token string) (Invited, visitor, error) {
	var d Invited
	var v visitor
	if s.links == nil {
		return d, v, badLink()
	}
	id, err := s.links.ReadInvitation(ctx, token)
	if err != nil {
		return d, v, err
	}
	if d.Invitation, err = s.store.findInvitation(ctx, id); err != nil {
		return d, v, err
	}
	if d.Sender, err = s.FindSender(ctx, d.Invitation.Sender); err != nil {
		return d, v, err
	}
	v = visitor{recordID: d.Invitation.recordID, sender: d.Sender}
	if err := s.fillVisitor(ctx, &v); err != nil {
		return d, v, err
	}
	d.Address, d.IsOver = maskedAddress(v), s.db.Now(ctx).After(d.Invitation.ExpiresAt)
	if d.Invitation.State != "open" {
		d.Link, err = s.links.PreferenceLink(ctx, v.recordID, d.Sender.ID)
	}
	return d, v, err
}

// AnswerInvitation writes what the person answered, once: the page shown again
// says what was answered.
func (s *Service) AnswerInvitation(ctx context.Context, token string, isYes bool, w Wish) (Invited, error) {
	d, v, err := s.invited(ctx, token)
	if err != nil || d.Invitation.State != "open" || d.IsOver {
		return d, err
	}
	ctx = auth.System(ctx, "invitation")
	err = s.db.Within(ctx, func(ctx context.Context) error {
		state := "declined"
		if isYes {
			state = "agreed"
		}
		isFirst, err := s.store.answerInvitation(ctx, d.Invitation.ID, state)
		if err != nil || !isFirst || !isYes {
			return err
		}
		law, err := s.Law(ctx, database.Time(ctx))
		if err != nil {
			return err
		}
		for _, channel := range d.Invitation.Channels {
			if err := s.grantInvited(ctx, v, w, d.Invitation, channel, needsNight(law, channel)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return d, fmt.Errorf("answer invitation: %w", err)
	}
	return s.ShowInvitation(ctx, token)
}

func (s *Service) grantInvited(ctx context.Context, v visitor, w Wish, i Invitation, channel Channel, hasNight bool) error {
	for _, isNight := range []bool{false, true} {
		if isNight && !(i.IsNight && hasNight) {
			continue
		}
		evidence, err := json.Marshal(map[string]any{
			"page": "double opt-in", "invitation_id": i.ID, "asked_at": i.AskedAt, "origin": i.Origin, "ip": w.IP, "user_agent": w.Agent,
			"language": w.Language, "text": wordingOf(w.Language, Advertising, isNight),
		})
		if err != nil {
			return err
		}
		c := Consent{
			RecordID: v.recordID, CustomerID: v.customerID, Sender: i.Sender, Purpose: Advertising, Channel: channel, IsNight: isNight, Action: Grant,
			At: database.Time(ctx), Method: Web, Actor: "recipient", Evidence: evidence,
			Wording: preferenceWording, WordingVersion: wordingVersion + "." + w.Language,
		}
		if err := s.add(ctx, &c); err != nil {
			return err
		}
	}
	return nil
}

// ListInvitations returns the invitations of a customer, newest first.
func (s *Service) ListInvitations(ctx context.Context, customerID int64) ([]Invitation, error) {
	if err := auth.Check(ctx, "consent:read"); err != nil {
		return nil, err
	}
	if err := s.store.checkVisible(ctx, customerID); err != nil {
		return nil, err
	}
	return s.store.listInvitations(ctx, customerID)
}
