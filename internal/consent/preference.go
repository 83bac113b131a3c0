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
)

// Links signs and reads the addresses of the public pages; app connects mail, which keeps the keys.
type Links interface {
	// PreferenceLink is the address of the preference centre of a record.
	PreferenceLink(ctx context.Context, recordID, senderID int64) (string, error)
	// ReadPreference reads the token of such an address; an altered one is fault.NotFound.
	ReadPreference(ctx context.Context, token string) (recordID, senderID, recipientID int64, err error)
	// InvitationLink is the address at which an invited person answers.
	InvitationLink(ctx context.Context, invitationID int64) (string, error)
	// ReadInvitation reads the token of such an address; an altered one is fault.NotFound.
	ReadInvitation(ctx context.Context, token string) (invitationID int64, err error)
}

// UseLinks connects who signs links; without it there are no public pages.
func (s *Service) UseLinks(links Links) { s.links = links }

// Preference is what the preference centre shows of one purpose and channel.
type Preference struct {
	Purpose  Purpose
	Channel  Channel
	IsOn     bool
	HasNight bool // the law asks for a consent of its own at night (L-AD-3)
	IsNight  bool
	Since    time.Time // of what holds, zero when nothing was said
}

// Name is what the form calls the switch.
func (p Preference) Name() string { return string(p.Purpose) + "." + string(p.Channel) }

// Centre is what the preference centre shows of one person.
type Centre struct {
	Sender  Sender
	Address string // masked
	IsTest  bool   // the link of a preview or test mail
	Rows    []Preference
	// Seen is the newest entry of the ledger that the page has shown.
	Seen int64
	// IsStale says that something changed since the page was shown, and nothing was written.
	IsStale bool
	Changes []Consent // what was written now
}

// Wish is what a person sends from the preference centre.
type Wish struct {
	On, Night   map[string]bool // by Preference.Name
	WithdrawAll bool
	Seen        int64
	Language    string
	IP, Agent   string
}

// offeredChannels are those that an installation offers which decided nothing.
var offeredChannels = []Channel{Email, SMS, Kakao, Call, Post}

// visitor is whose centre a link opens.
type visitor struct {
	recordID, customerID, recipientID int64
	sender                            Sender
	email, mobile                     string
	ledger                            []Consent
}

func (s *Service) visitor(ctx context.Context, token string) (visitor, error) {
	var v visitor
	var senderID int64
	var err error
	if s.links == nil {
		return v, badLink()
	}
	if v.recordID, senderID, v.recipientID, err = s.links.ReadPreference(ctx, token); err != nil {
		return v, err
	}
	if v.sender, err = s.senderByID(ctx, senderID); err != nil || v.recordID == 0 {
		return v, err
	}
	return v, s.fillVisitor(ctx, &v)
}

// fillVisitor reads what is known of the record's person.
func (s *Service) fillVisitor(ctx context.Context, v *visitor) error {
	var err error
	if v.ledger, v.customerID, err = s.store.ledgerOfRecord(ctx, v.recordID); err != nil {
		return err
	}
	if v.customerID == 0 {
		return badLink() // erased
	}
	v.email, v.mobile, err = s.store.addresses(ctx, v.customerID)
	return err
}

func badLink() error { return fault.New(fault.NotFound, "consent.bad_link", "The link is not valid.") }

func (s *Service) senderByID(ctx context.Context, id int64) (Sender, error) {
	list, err := s.store.listSenders(ctx)
	if err != nil {
		return Sender{}, err
	}
	if i := slices.IndexFunc(list, func(f Sender) bool { return f.ID == id }); i >= 0 {
		return list[i], nil
	}
	return Sender{}, badLink()
}

// centre projects the ledger of a visitor to the switches of the page.
func (s *Service) centre(ctx context.Context, v visitor) (Centre, error) {
	c := Centre{Sender: v.sender, IsTest: v.recordID == 0}
	now := s.db.Now(ctx)
	law, err := s.Law(ctx, now)
	if err != nil {
		return c, err
	}
	policy, err := s.Policy(ctx)
	if err != nil {
		return c, err
	}
	offered := policy.Channels
	if len(offered) == 0 {
		offered = offeredChannels
	}
	for _, channel := range []Channel{Email, SMS, Kakao, Push, Call, Post, Fax} {
		day := Project(v.ledger, v.sender.Code, Advertising, channel, false)
		if !slices.Contains(offered, channel) && !day.IsGranted() {
			continue // what was granted once can be withdrawn here, also when it is not offered any more
		}
		p := Preference{Purpose: Advertising, Channel: channel, IsOn: day.IsGranted()}
		if day.Basis != nil {
			p.Since = day.Basis.At
		}
		if p.HasNight = needsNight(law, channel); p.HasNight {
			p.IsNight = p.IsOn && Project(v.ledger, v.sender.Code, Advertising, channel, true).IsGranted()
		}
		c.Rows = append(c.Rows, p)
	}
	if slices.Contains(offered, Call) {
		state := Project(v.ledger, v.sender.Code, CallIn, Call, false)
		p := Preference{Purpose: CallIn, Channel: Call, IsOn: state.IsGranted()}
		if state.Basis != nil {
			p.Since = state.Basis.At
		}
		c.Rows = append(c.Rows, p)
	}
	for _, entry := range v.ledger {
		c.Seen = max(c.Seen, entry.ID)
	}
	if v.recordID != 0 {
		c.Address = maskedAddress(v)
	}
	return c, nil
}

// needsNight reports whether the law asks for a consent of its own at night; letters ring nobody awake.
func needsNight(law Law, channel Channel) bool {
	return channel != Post && !law.Has("ad.night.exempt_channels", "email", string(channel))
}

// ShowPreferences is what the page behind a link shows; it changes nothing, because
// mail scanners follow links.
func (s *Service) ShowPreferences(ctx context.Context, token string) (Centre, error) {
	v, err := s.visitor(ctx, token)
	if err != nil {
		return Centre{}, err
	}
	return s.centre(ctx, v)
}

// SavePreferences writes what a person changed: an entry of the ledger for each
// switch, with its evidence. A page that was shown before something else changed
// writes nothing and is shown anew, except that withdrawing always counts.
func (s *Service) SavePreferences(ctx context.Context, token string, w Wish) (Centre, error) {
	v, err := s.visitor(ctx, token)
	if err != nil {
		return Centre{}, err
	}
	var before Centre
	var changes []Consent
	ctx = auth.System(ctx, "preference")
	err = s.db.Within(ctx, func(ctx context.Context) error {
		changes = nil
		// Read here: what was saved meanwhile makes the page stale.
		if before, err = s.centre(ctx, v); err != nil || before.IsTest {
			return err
		}
		if before.IsStale = w.Seen != before.Seen && !w.WithdrawAll; before.IsStale {
			return nil
		}
		if w.WithdrawAll {
			changes, err = s.withdrawAll(ctx, v, w)
			return err
		}
		for _, p := range before.Rows {
			made, err := s.applyWish(ctx, v, p, w)
			if err != nil {
				return err
			}
			changes = append(changes, made...)
		}
		return nil
	})
	if err != nil {
		return before, fmt.Errorf("save preferences: %w", err)
	}
	if before.IsTest || before.IsStale {
		return before, nil
	}
	if v, err = s.visitor(ctx, token); err != nil {
		return before, err
	}
	after, err := s.centre(ctx, v)
	after.Changes = changes
	return after, err
}

// applyWish writes the difference between what holds and what the person wants of one row.
func (s *Service) applyWish(ctx context.Context, v visitor, p Preference, w Wish) ([]Consent, error) {
	var made []Consent
	on := w.On[p.Name()]
	night := on && p.HasNight && w.Night[p.Name()]
	if on != p.IsOn {
		c, err := s.expressed(ctx, v, w, p, on, false)
		if err != nil {
			return nil, err
		}
		made = append(made, c)
	}
	if night != p.IsNight {
		c, err := s.expressed(ctx, v, w, p, night, true)
		if err != nil {
			return nil, err
		}
		made = append(made, c)
	}
	return made, nil
}

// expressed writes one expression of the page; a refusal bars the address too, so that
// nobody else's record with the same address is written to.
func (s *Service) expressed(ctx context.Context, v visitor, w Wish, p Preference, isGrant, isNight bool) (Consent, error) {
	c := Consent{
		RecordID: v.recordID, CustomerID: v.customerID, Sender: v.sender.Code, Purpose: p.Purpose, Channel: p.Channel, IsNight: isNight,
		Action: Withdraw, At: database.Time(ctx), Method: Web, Actor: "recipient",
		Wording: preferenceWording, WordingVersion: wordingVersion + "." + w.Language,
	}
	if isGrant {
		c.Action = Grant
	}
	text := wordingOf(w.Language, p.Purpose, isNight)
	if !isGrant {
		text = ""
	}
	var err error
	if c.Evidence, err = w.evidence(v, text); err != nil {
		return c, err
	}
	if !isGrant && !isNight && p.Purpose == Advertising {
		if err := s.barAddress(ctx, v, p.Channel); err != nil {
			return c, err
		}
	}
	return c, s.add(ctx, &c)
}

// evidence is what proves the expression later (L-AD-21): where, when, from where, which text.
func (w Wish) evidence(v visitor, text string) (json.RawMessage, error) {
	all := map[string]any{"page": "preference centre", "ip": w.IP, "user_agent": w.Agent, "language": w.Language}
	if text != "" {
		all["text"] = text
	}
	if v.recipientID != 0 {
		all["recipient_id"] = v.recipientID
	}
	return json.Marshal(all)
}

func (s *Service) barAddress(ctx context.Context, v visitor, channel Channel) error {
	address := v.mobile
	switch channel {
	case Email:
		address = v.email
	case Post, Push:
		address = ""
	}
	if address == "" {
		return nil
	}
	bar := Suppression{Channel: channel, Address: strings.ToLower(address), Sender: v.sender.Code, Kind: Refused, At: database.Time(ctx), RecordID: v.recordID}
	return s.store.insertSuppression(ctx, &bar)
}

// withdrawAll withdraws every channel in one entry, and what was granted for the night or
// for calls, so that nothing comes alive again with a later consent.
func (s *Service) withdrawAll(ctx context.Context, v visitor, w Wish) ([]Consent, error) {
	var made []Consent
	refused := s.hasRefused(v.ledger, Refusal{Sender: v.sender.Code, AllChannels: true})
	if !refused {
		c, err := s.expressed(ctx, v, w, Preference{Purpose: Advertising, Channel: All}, false, false)
		if err != nil {
			return nil, err
		}
		made = append(made, c)
		for _, channel := range []Channel{Email, SMS} {
			if err := s.barAddress(ctx, v, channel); err != nil {
				return nil, err
			}
		}
	}
	for _, state := range States(v.ledger) {
		if state.Sender != v.sender.Code || !state.IsGranted() || (state.Purpose == Advertising && !state.IsNight) || state.Purpose == Guardian {
			continue
		}
		c, err := s.expressed(ctx, v, w, Preference{Purpose: state.Purpose, Channel: state.Channel}, false, state.IsNight)
		if err != nil {
			return nil, err
		}
		made = append(made, c)
	}
	return made, nil
}

// PreferenceLink is the address of a customer's preference centre, for staff who give it to them.
func (s *Service) PreferenceLink(ctx context.Context, customerID int64) (string, error) {
	if err := auth.Check(ctx, "consent:create"); err != nil {
		return "", err
	}
	if s.links == nil {
		return "", fault.New(fault.Unavailable, "consent.no_links", "There is no public address; set public_url.")
	}
	record, err := s.store.recordOf(ctx, customerID)
	if err != nil {
		return "", err
	}
	sender, err := s.FindSender(ctx, DefaultSender)
	if err != nil {
		return "", err
	}
	return s.links.PreferenceLink(ctx, record, sender.ID)
}
