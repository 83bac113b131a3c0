// SPDX-License-Identifier: Apache-2.0

package mail

import (
	"context"
	"time"

	"dangol/internal/dataquality"
	"dangol/internal/mail/inbound"
)

// States of a received mail.
const (
	ReceivedOpen = "open" // somebody should look at it
	ReceivedDone = "done"
	// ReceivedArchived is kept out of sight.
	ReceivedArchived = "archived"
)

// Received is a mail that came in.
type Received struct {
	ID           int64         `json:"id"`
	Kind         inbound.Kind  `json:"kind" enum:"reply,automatic,bounced,delayed,delivered,receipt,complaint"`
	State        string        `json:"state" enum:"open,done,archived"`
	Sender       string        `json:"sender"`
	SenderName   string        `json:"sender_name,omitempty"`
	Subject      string        `json:"subject"`
	Preview      string        `json:"preview,omitempty"`
	Reach        inbound.Reach `json:"reach,omitempty" doc:"What a notice says about the address: hard, soft or blocked."`
	Code         string        `json:"code,omitempty" doc:"Enhanced status code (RFC 3463)."`
	Attachments  int64         `json:"attachments"`
	CustomerID   int64         `json:"customer_id,omitempty"`
	CustomerName string        `json:"customer_name,omitempty"`
	CampaignID   int64         `json:"campaign_id,omitempty"`
	CampaignName string        `json:"campaign_name,omitempty"`
	ReceivedAt   time.Time     `json:"received_at"`
	SettledAt    *time.Time    `json:"settled_at,omitempty"`
	AssigneeID   int64         `json:"assignee_id,omitempty"`
	Assignee     string        `json:"assignee,omitempty"`
	NoteCount    int64         `json:"note_count"`
	AnsweredAt   *time.Time    `json:"answered_at,omitempty" doc:"When staff answered it last."`
	Version      int64         `json:"version"`

	fileID, recordID, recipientID int64
	dispatchID                    int64
	fingerprint, door             string
	messageID, thread, about      string
	sentAt                        time.Time
}

// mask hides personal values.
func (r *Received) mask() {
	r.Sender, r.SenderName = dataquality.MaskEmail(r.Sender), dataquality.MaskName(r.SenderName)
	r.CustomerName, r.Preview, r.Subject = dataquality.MaskName(r.CustomerName), "", ""
}

// ReceivedMessage is a received mail with its content.
type ReceivedMessage struct {
	Received
	To       []string         `json:"to"`
	Text     string           `json:"text"`
	HTML     string           `json:"html,omitempty" doc:"Without anything that runs or sends; pictures from outside are still named in it, so show it in a frame that loads nothing."`
	Statuses []inbound.Status `json:"statuses"`
	Files    []ReceivedFile   `json:"files"`
	Notes    []string         `json:"notes"`
	Thread   []Received       `json:"thread" doc:"Other mails of the conversation, oldest first."`
	Remarks  []StaffNote      `json:"remarks" doc:"What staff wrote to each other about the mail, oldest first."`
	IsMasked bool             `json:"is_masked" doc:"Content is hidden until a purpose is stated."`
}

// ReceivedFile is an attachment.
type ReceivedFile struct {
	Name string `json:"name"`
	Type string `json:"type"`
	Size int64  `json:"size"`
}

// ReceivedFilter narrows the inbox.
type ReceivedFilter struct {
	State      string
	Kinds      []inbound.Kind
	Search     string // in sender, subject, first lines and the customer's name
	Assignee   string // "mine", "none" or the id of a person
	HasFiles   bool
	CustomerID int64
	Cursor     string
	Limit      int
}

// StaffNote is what somebody of the staff wrote about a mail.
type StaffNote struct {
	ID        int64     `json:"id"`
	Text      string    `json:"text"`
	PersonID  int64     `json:"person_id"`
	Person    string    `json:"person"`
	CreatedAt time.Time `json:"created_at"`
}

// ReceivedChange is what staff change of a mail; what is empty stays.
type ReceivedChange struct {
	State      string `json:"state,omitempty" enum:"open,done,archived"`
	AssigneeID *int64 `json:"assignee_id,omitempty" doc:"Who has it in hand; 0 is nobody."`
	Version    int64  `json:"version" doc:"The version the change was made on."`
}

// Notice is what came back about a message that was sent.
type Notice struct {
	RecipientID int64 // of a campaign, or
	DispatchID  int64 // a single mail
	Kind        inbound.Kind
	Reach       inbound.Reach
	Code        string
	Text        string
	At          time.Time
}

// Sent is the message that a notice or an answer is about.
type Sent struct {
	RecipientID, RecordID, CampaignID int64
	DispatchID                        int64 // a single mail outside campaigns
	Address                           string
}

// Ledger keeps what became of sent messages; campaign.Service and dispatch.Service implement it.
type Ledger interface {
	// SentTo finds a sent message, or fault.NotFound.
	SentTo(ctx context.Context, recipientID int64) (Sent, error)
	// Heard writes what came back into the ledger. It joins the transaction and is idempotent.
	Heard(ctx context.Context, n Notice) error
}

// Senders finds the record of who writes from an address, and makes one of somebody
// unknown; app connects it.
type Senders interface {
	RecordOf(ctx context.Context, address string) (int64, error)
	EnsureContact(ctx context.Context, address, name string) (int64, error)
}
