// SPDX-License-Identifier: Apache-2.0

package campaign

import (
	"context"
	"time"

	"dangol/internal/platform/auth"
)

// Message is one message of a campaign to a customer, sent or not, with the reason.
type Message struct {
	ID           int64     `json:"id"`
	CampaignID   int64     `json:"campaign_id"`
	CampaignName string    `json:"campaign_name"`
	State        Step      `json:"state"`
	Reason       string    `json:"reason,omitempty" doc:"Why it was not sent."`
	Basis        string    `json:"basis,omitempty" doc:"On what ground it was sent."`
	Rules        string    `json:"rules,omitempty" doc:"Version of the law that decided."`
	Code         int64     `json:"code,omitempty"`
	Reply        string    `json:"reply,omitempty" doc:"What the mail server answered."`
	Attempts     int64     `json:"attempts"`
	At           time.Time `json:"at"`
}

// messagesMost is how many messages of a customer are shown.
const messagesMost = 200

// MessagesOf returns what campaigns had for a customer, newest first: what was
// sent, and what was not and why.
func (s *Service) MessagesOf(ctx context.Context, customerID int64) ([]Message, error) {
	if err := auth.Check(ctx, "campaign:read"); err != nil {
		return nil, err
	}
	return s.store.messagesOf(ctx, customerID)
}
