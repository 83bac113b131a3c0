// SPDX-License-Identifier: Apache-2.0

package consent

import (
	"slices"
	"strings"
	"time"
)

// Class is what a message is before the law; one advertising part makes the
// whole an advertisement (rulebook 2.1).
type Class string

// Classes of messages.
const (
	Ad            Class = "ad"
	Informational Class = "informational"
	Statutory     Class = "statutory_notice"
)

// Classes lists the classes.
func Classes() []Class { return []Class{Ad, Informational, Statutory} }

// Reason is why the gate says no; empty means yes.
type Reason string

// Reasons of L-AD-20, and the company's own: suppressed and frequency_cap.
const (
	Unreachable       Reason = "unreachable"
	MarketingInNotice Reason = "marketing_in_notice"
	NoReason          Reason = "no_reason"
	RefusedByPerson   Reason = "refused"
	Barred            Reason = "suppressed"
	Minor             Reason = "minor"
	NoConsent         Reason = "no_consent"
	ConfirmOverdue    Reason = "confirm_overdue"
	Night             Reason = "night"
	Uncertified       Reason = "uncertified_provider"
	DNCStale          Reason = "dnc_stale"
	DNCRegistered     Reason = "dnc_registered"
	LabelsMissing     Reason = "labels"
	NoOptOut          Reason = "optout"
	FrequencyCap      Reason = "frequency_cap"
)

// Message is what the gate needs to know about a message or call.
type Message struct {
	Class   Class
	Channel Channel
	Sender  string
	// ApprovedReason is why an informational message is none of advertising.
	ApprovedReason string
	// HasMarketing says that a check of the content found advertising.
	HasMarketing bool
	// MissingLabels lists what the channel's labelling rules find missing.
	MissingLabels []string
	HasFreeOptOut bool
	// Category is the kind of goods, for the exemption of L-AD-1a.
	Category string
	// IsLiveAgent and TellsSource are the conditions of L-AD-1b for calls.
	IsLiveAgent, TellsSource bool
	CampaignID               int64
}

// Person is what the gate needs to know about whom the message is for.
type Person struct {
	IsDeleted bool
	Address   string
	IsInvalid bool
	BirthOn   string
	Consents  []Consent
	Bars      []Suppression
	Purchases []Purchase
	Contacts  int // advertising contacts by all channels within the cap's days
	DNC       DNC
	Confirmed []time.Time // confirmations sent for the consent that is the basis
}

// DNC is what the do-not-call register said about a number.
type DNC struct {
	CheckedAt    time.Time
	IsRegistered bool
}

// Purchase is a finished transaction that may exempt from consent (L-AD-1a).
type Purchase struct {
	OrderID  int64
	EndedAt  time.Time
	Category string
	Contact  string
	IsDirect bool
	SourceID int64
	// Given are the addresses that the buyer gave to the source of the order.
	Given map[string]bool
}

// isFrom reports whether the buyer gave the address in the transaction.
func (p Purchase) isFrom(address string) bool {
	return p.IsDirect && (p.Contact == address || p.Given[strings.ToLower(address)])
}

// Policy is what the company decided, beyond the law.
type Policy struct {
	AllowTransactionExemption bool `json:"allow_transaction_exemption" doc:"Advertise to buyers without consent under NA 50(1) item 1."`
	// DirectSources are the sources whose buyers gave their address themselves while buying (L-AD-1a).
	DirectSources          []int64 `json:"direct_sources,omitempty" maxItems:"100" doc:"Sources whose buyers gave their contact themselves while buying."`
	SellerIsRegistered     bool    `json:"seller_is_registered" doc:"Registered as telephone-solicitation seller (DSA)."`
	SMSProviderIsCertified bool    `json:"sms_provider_is_certified" doc:"The text-message provider holds the certification of TBA 22-11."`
	// MaxContacts counts advertising only: what a person has to be told is neither counted nor held back.
	MaxContacts int `json:"max_contacts" minimum:"0" doc:"Most advertising messages a person gets by all channels together in per_days days; 0 is no cap."`
	PerDays     int `json:"per_days" minimum:"0" maximum:"365"`
	// TellsBySelf lets the product write notices that are due (L-AD-7, L-AD-8).
	TellsBySelf bool `json:"tells_by_self" doc:"Send due notices by e-mail twice a day, without anybody pressing a button."`
	// Channels are those that the preference centre offers; none is offeredChannels.
	Channels []Channel `json:"channels,omitempty" maxItems:"9" doc:"Channels that the preference centre offers: email, sms, kakao, push, call, post, fax."`
}

// Basis is on what ground a message may go.
type Basis struct {
	Kind string // consent, transaction_exemption, live_call_exemption, informational, statutory, test
	ID   int64  // of the consent or order
}

// Decision is the answer of the gate.
type Decision struct {
	Reason  Reason    // empty is yes
	DeferTo time.Time // for Night: when to ask again
	Basis   Basis
	Rules   string // the version of the law that decided
}

// IsYes reports whether the message may go now.
func (d Decision) IsYes() bool { return d.Reason == "" }

// Decide is the send gate of L-AD-20 for one message to one person at the
// moment t of hand-over. It has no side effects; Service.Permits records.
func Decide(m Message, p Person, law Law, policy Policy, t time.Time) Decision {
	d := Decision{Rules: law.Version}
	if p.IsDeleted || p.IsInvalid || p.Address == "" || slices.ContainsFunc(p.Bars, Suppression.barsAll) {
		return d.no(Unreachable)
	}
	switch m.Class {
	case Statutory:
		if m.HasMarketing {
			return d.no(MarketingInNotice)
		}
		d.Basis.Kind = "statutory"
		return d
	case Informational:
		if strings.TrimSpace(m.ApprovedReason) == "" {
			return d.no(NoReason)
		}
		d.Basis.Kind = "informational"
		return d
	}
	return decideAd(d, m, p, law, policy, t)
}

func (d Decision) no(reason Reason) Decision {
	d.Reason = reason
	return d
}

func decideAd(d Decision, m Message, p Person, law Law, policy Policy, t time.Time) Decision {
	state := Project(p.Consents, m.Sender, Advertising, m.Channel, false)
	if state.IsRefused() || refusedByAddress(p.Bars, m.Sender, state) {
		return d.no(RefusedByPerson)
	}
	if slices.ContainsFunc(p.Bars, Suppression.barsAds) {
		return d.no(Barred)
	}
	if isMinor(p.BirthOn, law, t) && !Project(p.Consents, m.Sender, Guardian, m.Channel, false).IsGranted() {
		return d.no(Minor)
	}
	basis, ok := findBasis(m, p, state, law, policy, t)
	if !ok {
		return d.no(NoConsent)
	}
	d.Basis = basis
	if basis.Kind == "consent" && law.ConfirmOverdue(state.Basis.At, t, append(p.Confirmed, state.kept...)) {
		return d.no(ConfirmOverdue)
	}
	if inside, ends := law.Night(m.Channel, t); inside && !Project(p.Consents, m.Sender, Advertising, m.Channel, true).IsGranted() {
		d.DeferTo = ends
		return d.no(Night)
	}
	if reason := decideChannel(m, p, law, policy, t); reason != "" {
		return d.no(reason)
	}
	if policy.MaxContacts > 0 && p.Contacts >= policy.MaxContacts {
		return d.no(FrequencyCap)
	}
	return d
}

// decideChannel holds the rules of single channels and the labels.
func decideChannel(m Message, p Person, law Law, policy Policy, t time.Time) Reason {
	isText := m.Channel == SMS || m.Channel == LMS || m.Channel == MMS
	switch {
	case isText && law.IsTrue("ad.sms.provider_certification_required") && !policy.SMSProviderIsCertified:
		return Uncertified
	case m.Channel == Call && !t.Before(law.Period("tm.dnc.max_age", "P1M").After(p.DNC.CheckedAt, law.Zone)):
		return DNCStale
	case m.Channel == Call && p.DNC.IsRegistered && !Project(p.Consents, m.Sender, CallIn, Call, false).IsGranted():
		return DNCRegistered
	case len(m.MissingLabels) > 0:
		return LabelsMissing
	case !m.HasFreeOptOut:
		return NoOptOut
	}
	return ""
}

func findBasis(m Message, p Person, state State, law Law, policy Policy, t time.Time) (Basis, bool) {
	if state.IsGranted() {
		return Basis{"consent", state.Basis.ID}, true
	}
	if policy.AllowTransactionExemption && m.Category != "" {
		for _, o := range p.Purchases {
			ends := law.Period("ad.transaction_exemption", "P6M").After(o.EndedAt, law.Zone)
			if o.isFrom(p.Address) && t.Before(ends) && strings.EqualFold(o.Category, m.Category) {
				return Basis{"transaction_exemption", o.OrderID}, true
			}
		}
	}
	if m.Channel == Call && m.IsLiveAgent && m.TellsSource && policy.SellerIsRegistered {
		return Basis{"live_call_exemption", 0}, true
	}
	return Basis{}, false
}

func isMinor(birthOn string, law Law, t time.Time) bool {
	born, err := time.ParseInLocation(time.DateOnly, birthOn, law.Zone)
	return err == nil && t.Before(born.AddDate(law.Number("child.age", 14), 0, 0))
}

// refusedByAddress honours a refusal that named the address, not the person,
// unless the person granted consent later.
func refusedByAddress(bars []Suppression, sender string, state State) bool {
	for _, b := range bars {
		isRefusal := b.Kind == Refused || b.Kind == Complaint
		if isRefusal && b.EndedAt == nil && (b.Sender == "" || b.Sender == sender) &&
			(!state.IsGranted() || !state.Basis.At.After(b.At)) {
			return true
		}
	}
	return false
}

func (s Suppression) barsAll() bool {
	return s.EndedAt == nil && (s.Kind == HardBounce || s.Kind == Suspended)
}

func (s Suppression) barsAds() bool { return s.EndedAt == nil && s.Kind == DoNotContact }

// State is what holds now for one sender, purpose, channel and time of day.
type State struct {
	Sender  string   `json:"sender"`
	Purpose Purpose  `json:"purpose"`
	Channel Channel  `json:"channel"`
	IsNight bool     `json:"is_night"`
	Status  Status   `json:"status"`
	Basis   *Consent `json:"basis,omitempty"` // the entry that decides
	// kept are the times at which the person confirmed the consent.
	kept []time.Time
}

// Status is what a State says.
type Status string

// Statuses of a State.
const (
	None          Status = "none"
	Granted       Status = "granted"
	Claimed       Status = "claimed"
	StatusRefused Status = "refused"
)

// IsGranted reports whether there is usable consent.
func (s State) IsGranted() bool { return s.Status == Granted }

// IsRefused reports whether the person said no.
func (s State) IsRefused() bool { return s.Status == StatusRefused }

// Project computes the state from the ledger of one person. The latest entry
// wins, and at equal times the refusal; a refusal of all channels counts for
// each; claimed grants never lift a refusal and give no consent.
func Project(ledger []Consent, sender string, purpose Purpose, channel Channel, night bool) State {
	channel = channel.Base()
	state := State{Sender: sender, Purpose: purpose, Channel: channel, IsNight: night, Status: None}
	var list []*Consent
	for i := range ledger {
		c := &ledger[i]
		isChannel := c.Channel.Base() == channel || (c.Channel == All && c.Action.Denies())
		if c.Sender == sender && c.Purpose == purpose && isChannel && c.IsNight == night {
			list = append(list, c)
		}
	}
	slices.SortStableFunc(list, func(a, b *Consent) int {
		if order := a.At.Compare(b.At); order != 0 {
			return order
		}
		return rank(a) - rank(b)
	})
	for _, c := range list {
		state.apply(c)
	}
	return state
}

func rank(c *Consent) int {
	if c.Action.Denies() {
		return 1
	}
	return 0
}

func (s *State) apply(c *Consent) {
	switch {
	case c.Action.Denies():
		s.Status, s.Basis, s.kept = StatusRefused, c, nil
	case c.IsClaimed:
		if s.Status == None {
			s.Status, s.Basis = Claimed, c
		}
	case c.Action == Grant:
		s.Status, s.Basis, s.kept = Granted, c, nil
	case c.Action == ConfirmKeep && s.Status == Granted:
		s.kept = append(s.kept, c.At)
	}
}
