// SPDX-License-Identifier: Apache-2.0

package consent

import (
	"encoding/json"
	"slices"
	"time"

	"dangol/internal/platform/fault"
)

// Channel is a way to reach a person.
type Channel string

// Channels; All stands for every one of them in refusals.
const (
	All   Channel = "all"
	Email Channel = "email"
	SMS   Channel = "sms"
	LMS   Channel = "lms"
	MMS   Channel = "mms"
	Push  Channel = "push"
	Kakao Channel = "kakao"
	Call  Channel = "call"
	Fax   Channel = "fax"
	Post  Channel = "post"
)

var channels = []Channel{All, Email, SMS, LMS, MMS, Push, Kakao, Call, Fax, Post}

// Base is the channel that consent is given for: text messages of all lengths
// go by one consent.
func (c Channel) Base() Channel {
	if c == LMS || c == MMS {
		return SMS
	}
	return c
}

// Purpose is what a consent is for.
type Purpose string

// Purposes. Guardian is the consent of a guardian of a child under 14 (L-PI-7).
const (
	Advertising Purpose = "ad"
	Guardian    Purpose = "guardian"
	CallIn      Purpose = "call_individual" // L-TM-2: consent to calls despite the register
)

var purposes = []Purpose{Advertising, Guardian, CallIn}

// Action is what the person expressed.
type Action string

// Actions of the ledger.
const (
	Grant           Action = "grant"
	Refuse          Action = "refuse"
	Withdraw        Action = "withdraw"
	ConfirmKeep     Action = "confirm_keep"
	ConfirmWithdraw Action = "confirm_withdraw"
)

var actions = []Action{Grant, Refuse, Withdraw, ConfirmKeep, ConfirmWithdraw}

// Denies reports whether the action says no.
func (a Action) Denies() bool { return a == Refuse || a == Withdraw || a == ConfirmWithdraw }

// Method is how the person expressed it.
type Method string

// Methods of expressing.
const (
	Web    Method = "web"
	App    Method = "app"
	Paper  Method = "paper"
	ByCall Method = "call"
	Store  Method = "store"
	Import Method = "import"
	Mail   Method = "mail"
)

var methods = []Method{Web, App, Paper, ByCall, Store, Import, Mail}

// Consent is one entry of the ledger; it is never changed.
type Consent struct {
	ID             int64           `json:"id"`
	RecordID       int64           `json:"record_id"`
	CustomerID     int64           `json:"customer_id"`
	Sender         string          `json:"sender"`
	Purpose        Purpose         `json:"purpose"`
	Channel        Channel         `json:"channel"`
	IsNight        bool            `json:"is_night"`
	Action         Action          `json:"action"`
	At             time.Time       `json:"at"`
	Method         Method          `json:"method"`
	Wording        string          `json:"wording,omitempty"`
	WordingVersion string          `json:"wording_version,omitempty"`
	ActorID        int64           `json:"actor_id,omitempty"`
	Actor          string          `json:"actor,omitempty"`
	Evidence       json.RawMessage `json:"evidence,omitempty"`
	BatchID        int64           `json:"batch_id,omitempty"`
	Row            int64           `json:"row_number,omitempty"`
	CampaignID     int64           `json:"campaign_id,omitempty"`
	IsClaimed      bool            `json:"is_claimed"`
	Notices        []Notice        `json:"notices,omitempty"`
}

// Notice is something the person was told about a consent.
type Notice struct {
	ConsentID int64      `json:"consent_id"`
	Kind      NoticeKind `json:"kind"`
	At        time.Time  `json:"at"`
	Channel   Channel    `json:"channel"`
}

// NoticeKind is what a notice is about.
type NoticeKind string

// Kinds of notices: the result of an expression (L-AD-7) and the confirmation every two years (L-AD-8).
const (
	ResultNotice   NoticeKind = "result"
	BiennialNotice NoticeKind = "biennial"
)

// DefaultSender is the code of the company itself.
const DefaultSender = "company"

// Validate refuses an entry with unknown words or without what proof needs.
func (c *Consent) Validate(now time.Time) error {
	switch {
	case !slices.Contains(channels, c.Channel):
		return invalid("channel", c.Channel)
	case !slices.Contains(purposes, c.Purpose):
		return invalid("purpose", c.Purpose)
	case !slices.Contains(actions, c.Action):
		return invalid("action", c.Action)
	case !slices.Contains(methods, c.Method):
		return invalid("method", c.Method)
	case c.Channel == All && !c.Action.Denies():
		return fault.New(fault.Invalid, "consent.all_channels", "Consent is given channel by channel; only a refusal may name all channels.")
	case c.At.After(now.Add(time.Minute)):
		return fault.New(fault.Invalid, "consent.future", "The time of the expression lies in the future.")
	case len(c.Evidence) > 0 && !json.Valid(c.Evidence):
		return fault.New(fault.Invalid, "consent.evidence", "The evidence is not valid JSON.")
	}
	return nil
}

func invalid[T ~string](field string, value T) error {
	return fault.New(fault.Invalid, "consent.bad_"+field, "\"{value}\" is no {field} of consent.", "field", field, "value", string(value))
}

// Sender is a legal entity on whose behalf messages go out.
type Sender struct {
	ID        int64  `json:"id"`
	Code      string `json:"code"`
	Name      string `json:"name"`
	NameEn    string `json:"name_en"`
	Email     string `json:"email"`
	Phone     string `json:"phone"`
	Address   string `json:"address"`
	AddressEn string `json:"address_en"`
}

// Missing lists what an advertising e-mail must show of its sender but is not filled in (L-AD-10).
func (s Sender) Missing() []string {
	var missing []string
	for name, value := range map[string]string{"name": s.Name, "email": s.Email, "phone": s.Phone, "address": s.Address} {
		if value == "" {
			missing = append(missing, name)
		}
	}
	slices.Sort(missing)
	return missing
}

// SuppressionKind says why an address is barred.
type SuppressionKind string

// Kinds of suppressions. HardBounce and Suspended bar everything, the others advertising.
const (
	HardBounce   SuppressionKind = "hard_bounce"
	SoftBounce   SuppressionKind = "soft_bounce" // noted; three in 30 days suspend (L-EM-6)
	Suspended    SuppressionKind = "suspended"
	Complaint    SuppressionKind = "complaint"
	DoNotContact SuppressionKind = "do_not_contact"
	Refused      SuppressionKind = "refused"
)

// Suppression bars an address, whoever it belongs to.
type Suppression struct {
	ID         int64           `json:"id"`
	Channel    Channel         `json:"channel"`
	Address    string          `json:"address"`
	Sender     string          `json:"sender,omitempty"`
	Kind       SuppressionKind `json:"kind"`
	At         time.Time       `json:"at"`
	Note       string          `json:"note,omitempty"`
	RecordID   int64           `json:"record_id,omitempty"`
	CampaignID int64           `json:"campaign_id,omitempty"`
	EndedAt    *time.Time      `json:"ended_at,omitempty"`
}
