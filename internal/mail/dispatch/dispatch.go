// SPDX-License-Identifier: Apache-2.0

package dispatch

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/mail"
	"regexp"
	"strings"
	"time"

	"dangol/internal/consent"
	"dangol/internal/dataquality"
	"dangol/internal/platform/fault"
)

// Kind is why a mail goes out.
type Kind string

// Kinds of dispatches.
const (
	ByAPI     Kind = "api"
	ByTrigger Kind = "trigger"
	Notice    Kind = "notice" // what the law asks to tell about a consent
	Invite    Kind = "invite" // double opt-in
	Answer    Kind = "answer"
	Forward   Kind = "forward"
	Personal  Kind = "personal" // a letter that staff write first
)

// priorities: the lower one goes first.
var priorities = map[Kind]int64{ByAPI: 1, ByTrigger: 1, Invite: 1, Answer: 2, Forward: 2, Personal: 2, Notice: 5}

// State is where a dispatch stands.
type State string

// States of dispatches.
const (
	Planned    State = "planned"
	Leased     State = "leased"
	Handing    State = "handing"
	HandedOver State = "handed_over"
	Delivered  State = "delivered"
	Bounced    State = "bounced"
	Failed     State = "failed"
	Unknown    State = "unknown"
	Skipped    State = "skipped"
	Cancelled  State = "cancelled"
)

// Reasons of skipped dispatches beside the gate's.
const (
	ReasonMissing = "missing_value"
	ReasonGone    = "gone" // the person or the template is no more
)

// Content is what is sent when there is no template.
type Content struct {
	Class    consent.Class `json:"class"`
	Reason   string        `json:"reason,omitempty"`
	Sender   string        `json:"sender,omitempty"`
	Subject  string        `json:"subject"`
	HTML     string        `json:"html,omitempty"`
	Text     string        `json:"text,omitempty"`
	Thread   Thread        `json:"thread,omitzero"`
	FileIDs  []int64       `json:"file_ids,omitempty"`
	MailID   int64         `json:"mail_id,omitempty"` // the received mail that is answered or forwarded
	Original bool          `json:"original,omitempty"`
}

// Thread ties an answer to the mail that it answers (RFC 5322 3.6.4).
type Thread struct {
	InReplyTo  string `json:"in_reply_to,omitempty"`
	References string `json:"references,omitempty"`
}

// Order is what is to be sent to whom.
type Order struct {
	// Key makes asking again harmless: the same key sends once.
	Key        string         `json:"key" minLength:"1" maxLength:"200" doc:"Idempotency key: the same key sends once, whatever happens."`
	TemplateID int64          `json:"template_id" minimum:"1"`
	CustomerID int64          `json:"customer_id,omitempty" doc:"Whom to write to; or an address."`
	To         string         `json:"to,omitempty" maxLength:"254" doc:"Address; empty is the customer's. Of somebody unknown a source record is made."`
	Name       string         `json:"name,omitempty" maxLength:"200" doc:"Name of somebody unknown."`
	Values     map[string]any `json:"values,omitempty" doc:"Values of the template's fields: value.code, order.number; lists are arrays of objects."`
	NotBefore  *time.Time     `json:"not_before,omitempty"`

	Kind     Kind     `json:"-"`
	Origin   string   `json:"-"` // which trigger
	RecordID int64    `json:"-"`
	Content  *Content `json:"-"`
	thread   string   // the conversation it belongs to
}

// Dispatch is one mail of the ledger.
type Dispatch struct {
	ID           int64      `json:"id"`
	Key          string     `json:"key"`
	Kind         Kind       `json:"kind" enum:"api,trigger,notice,invite,answer,forward,personal"`
	Origin       string     `json:"origin,omitempty"`
	TemplateID   int64      `json:"template_id,omitempty"`
	Template     string     `json:"template,omitempty"`
	Number       int64      `json:"template_version,omitempty"`
	CustomerID   int64      `json:"customer_id,omitempty"`
	CustomerName string     `json:"customer_name,omitempty"`
	Address      string     `json:"address"`
	Subject      string     `json:"subject"`
	State        State      `json:"state" enum:"planned,leased,handing,handed_over,delivered,bounced,failed,unknown,skipped,cancelled"`
	Reason       string     `json:"reason,omitempty"`
	Attempts     int64      `json:"attempts"`
	DueAt        time.Time  `json:"due_at"`
	Code         int64      `json:"code,omitempty"`
	Reply        string     `json:"reply,omitempty"`
	Basis        string     `json:"basis,omitempty"`
	CreatedAt    time.Time  `json:"created_at"`
	HandedOverAt *time.Time `json:"handed_over_at,omitempty"`
	ReadAt       *time.Time `json:"read_at,omitempty"`

	recordID, versionID, lease int64
	given, content, messageID  string
	fingerprint, thread        string
	mailID                     int64
}

// mask hides personal values.
func (d *Dispatch) mask() {
	d.Address, d.CustomerName, d.Subject = dataquality.MaskEmail(d.Address), dataquality.MaskName(d.CustomerName), ""
}

// Filter narrows the ledger.
type Filter struct {
	State      string
	Kind       string
	TemplateID int64
	Address    string
	CustomerID int64
	Key        string
	Cursor     string
	Limit      int
}

var fieldName = regexp.MustCompile(`^(value|order)\.[\p{L}\p{N}_]+(\.[\p{L}\p{N}_]+)*$`)

const (
	valuesMost   = 100
	valueLongest = 64 << 10
)

// flatten writes the values as merge fields show them; objects inside values become dotted names.
func flatten(values map[string]any) (map[string]string, error) {
	flat := map[string]string{}
	var walk func(prefix string, v any) error
	walk = func(prefix string, v any) error {
		if inner, ok := v.(map[string]any); ok {
			for key, value := range inner {
				if err := walk(strings.TrimPrefix(prefix+"."+key, "."), value); err != nil {
					return err
				}
			}
			return nil
		}
		name := prefix
		if !strings.HasPrefix(name, "order.") && !strings.HasPrefix(name, "value.") {
			name = "value." + name
		}
		if !fieldName.MatchString(name) || len(flat) >= valuesMost {
			return fault.New(fault.Invalid, "mail.bad_value", "{name} is no name of a value.", "name", prefix)
		}
		text, err := textOf(v)
		if err != nil || len(text) > valueLongest {
			return fault.New(fault.Invalid, "mail.bad_value", "The value of {name} cannot be used.", "name", prefix)
		}
		flat[name] = text
		return nil
	}
	return flat, walk("", values)
}

func textOf(v any) (string, error) {
	switch v := v.(type) {
	case nil:
		return "", nil
	case string:
		return v, nil
	case bool:
		if v {
			return "1", nil
		}
		return "", nil
	}
	text, err := json.Marshal(v)
	return string(text), err
}

// check refuses an order that says too little.
func (o *Order) check() error {
	switch {
	case strings.TrimSpace(o.Key) == "":
		return fault.New(fault.Invalid, "mail.no_key", "Give the mail a key of your own, so that asking again sends nothing twice.")
	case o.TemplateID == 0 && o.Content == nil:
		return fault.New(fault.Invalid, "mail.no_content", "The mail has no content.")
	case o.CustomerID == 0 && o.RecordID == 0 && o.To == "":
		return fault.New(fault.Invalid, "mail.no_recipient", "Say to whom: a customer or an address.")
	}
	if o.To == "" {
		return nil
	}
	parsed, err := mail.ParseAddress(o.To)
	if err != nil || parsed.Address != o.To || strings.ContainsAny(o.To, "\r\n<>\"") {
		return fault.New(fault.Invalid, "mail.bad_address", "\"{address}\" is no e-mail address.", "address", o.To)
	}
	return nil
}

// fingerprint tells two orders under one key apart.
func (o *Order) fingerprint(given map[string]string) (string, error) {
	text, err := json.Marshal([]any{o.TemplateID, o.CustomerID, o.RecordID, strings.ToLower(o.To), given, o.Content})
	if err != nil {
		return "", fmt.Errorf("fingerprint of order: %w", err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:16]), nil
}
