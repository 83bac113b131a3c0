// SPDX-License-Identifier: Apache-2.0

package campaign

import (
	"context"
	"encoding/json"
	"fmt"

	"dangol/internal/consent"
	"dangol/internal/mail"
	"dangol/internal/mail/inbound"
	"dangol/internal/platform/database"
)

// SentTo finds a sent message for mail that came back about it, or fault.NotFound.
func (s *Service) SentTo(ctx context.Context, recipientID int64) (mail.Sent, error) {
	a, err := s.store.addressee(ctx, recipientID)
	return mail.Sent{RecipientID: a.id, RecordID: a.recordID, CampaignID: a.campaignID, Address: a.address}, err
}

// heardSteps is where a notice takes a recipient, and from which steps it may:
// a notice comes late, twice, or out of order, and the worse word stays. An
// unknown message that is spoken of was taken after all.
var heardSteps = map[inbound.Kind]struct {
	to   Step
	from []Step
}{
	inbound.Delivered: {StepDelivered, []Step{StepHandedOver, StepUnknown}},
	inbound.Receipt:   {StepDelivered, []Step{StepHandedOver, StepUnknown}},
	inbound.Complaint: {StepDelivered, []Step{StepHandedOver, StepUnknown}},
	inbound.Reply:     {StepDelivered, []Step{StepHandedOver, StepUnknown}},
	inbound.Automatic: {StepDelivered, []Step{StepHandedOver, StepUnknown}},
	inbound.Bounced:   {StepBounced, []Step{StepHandedOver, StepDelivered, StepUnknown}},
}

// Heard writes what came back about a message into the ledger and tells the
// gate: a dead address is barred, a complaint is a refusal (L-EM-6). It joins
// the transaction of the mail and changes nothing when it is told again.
func (s *Service) Heard(ctx context.Context, n mail.Notice) error {
	a, err := s.store.addressee(ctx, n.RecipientID)
	if err != nil {
		return err
	}
	heard, isKnown := heardSteps[n.Kind]
	if !isKnown {
		return nil // still on its way
	}
	isNews, err := s.store.heard(ctx, a, heard.to, heard.from, n)
	if err != nil {
		return err
	}
	if n.Kind == inbound.Receipt {
		if err := s.confirmedRead(ctx, a); err != nil {
			return err
		}
	}
	if isNews {
		if err := s.event(ctx, "campaign."+string(heard.to), a); err != nil {
			return err
		}
		database.AfterCommit(ctx, func() { s.publishIdle(context.WithoutCancel(ctx), a.campaignID) })
	}
	switch {
	case n.Kind == inbound.Complaint:
		return s.complained(ctx, a)
	case n.Kind == inbound.Bounced && isNews && n.Reach != inbound.Blocked:
		return s.gate.Bounced(ctx, consent.Email, a.address, n.Reach == inbound.Hard, n.Text, a.recordID, a.campaignID)
	}
	return nil
}

// confirmedRead notes that the recipient's program confirmed reading: the surest that there is.
func (s *Service) confirmedRead(ctx context.Context, a addressee) error {
	isFirst, err := s.store.markOnce(ctx, a, "read_at", countRead)
	if err != nil || !isFirst {
		return err
	}
	return s.event(ctx, "campaign.read", a)
}

// complained turns a complaint into a refusal.
func (s *Service) complained(ctx context.Context, a addressee) error {
	proof, err := json.Marshal(map[string]string{"kind": "feedback report", "rule": "L-EM-6"})
	if err != nil {
		return fmt.Errorf("evidence of complaint: %w", err)
	}
	sender, err := s.store.senderOf(ctx, a.campaignID)
	if err != nil {
		return err
	}
	_, err = s.gate.Withdraw(ctx, consent.Refusal{
		RecordID: a.recordID, Address: a.address, Sender: sender, Channel: consent.Email, Method: consent.Mail,
		CampaignID: a.campaignID, Evidence: proof, IsComplaint: true,
	})
	return err
}
