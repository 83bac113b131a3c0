// SPDX-License-Identifier: Apache-2.0

package inbound

import (
	"strings"
	"time"
)

// Kind is what a mail that came in is.
type Kind string

// Kinds of mail.
const (
	Reply     Kind = "reply"     // written by somebody
	Automatic Kind = "automatic" // out of office and the like (RFC 3834)
	Bounced   Kind = "bounced"   // could not be delivered (RFC 3464: failed)
	Delayed   Kind = "delayed"   // the server still tries
	Delivered Kind = "delivered" // the server confirms delivery
	Receipt   Kind = "receipt"   // the recipient's program confirms reading (RFC 8098)
	Complaint Kind = "complaint" // reported as spam (RFC 5965)
)

// Reach is what a notice says about an address, not about one message.
type Reach string

// What a failed delivery means for the address.
const (
	Hard    Reach = "hard"    // it does not exist: never write again (L-EM-6)
	Soft    Reach = "soft"    // full, off, busy: count it
	Blocked Reach = "blocked" // the message or its sender was refused; the address may be good
)

// Status is what a notice says of one address.
type Status struct {
	Address    string `json:"address"`
	Kind       Kind   `json:"kind"`
	Code       string `json:"code,omitempty"` // enhanced status code, RFC 3463
	Diagnostic string `json:"diagnostic,omitempty"`
	Reach      Reach  `json:"reach,omitempty"`
}

// Attachment is a file of a message; its content is given by Content.
type Attachment struct {
	Name    string `json:"name"`
	Type    string `json:"type"`
	Size    int64  `json:"size"`
	Content []byte `json:"-"`
	// ContentID is what the HTML part calls a picture by (RFC 2392), without brackets.
	ContentID string `json:"-"`
}

// Message is one mail as read.
type Message struct {
	Kind        Kind
	From        string // address
	FromName    string
	To          []string // To, Cc and Delivered-To, without repetition
	Subject     string
	MessageID   string
	InReplyTo   string
	References  []string
	At          time.Time // the Date header, zero when it is none
	Text        string    // what a person reads first
	HTML        string
	Attachments []Attachment
	Statuses    []Status
	// OriginalID is the Message-ID of the message that a notice speaks of.
	OriginalID string
	// Notes say what was left out or could not be read.
	Notes []string
}

// SpeaksOf reports whether a notice or an answer can be about a message to the
// address: it names it, or comes from it. A Message-ID can be guessed; the
// address is the second thing that a forger would have to know.
func (m *Message) SpeaksOf(address string) bool {
	if strings.EqualFold(m.From, address) {
		return true
	}
	for _, s := range m.Statuses {
		if strings.EqualFold(s.Address, address) {
			return true
		}
	}
	return false
}
