// SPDX-License-Identifier: Apache-2.0

package campaign

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"dangol/internal/consent"
	"dangol/internal/mail"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
)

// Letterhead is what the unsubscribe page shows.
type Letterhead struct {
	Sender  consent.Sender
	Address string // masked
	IsTest  bool   // the link of a preview or test mail: it unsubscribes nobody
	IsDone  bool   // the person has refused already
}

// unsubscribing is a token with what it names.
type unsubscribing struct {
	token  mail.Unsubscribe
	to     addressee
	sender consent.Sender
	isTest bool
}

// readUnsubscribe finds what a link to unsubscribe means. The row of the
// recipient may be long gone; the record and its address are enough.
func (s *Service) readUnsubscribe(ctx context.Context, token string) (unsubscribing, error) {
	var u unsubscribing
	keys, err := s.letters.Keys(ctx)
	if err != nil {
		return u, err
	}
	if u.token, err = keys.ReadUnsubscribe(token); err != nil {
		return u, err
	}
	code, err := s.store.senderCode(ctx, u.token.SenderID)
	if err != nil {
		return u, err
	}
	if u.sender, err = s.gate.FindSender(ctx, code); err != nil {
		return u, err
	}
	if u.isTest = u.token.RecordID == 0; u.isTest {
		return u, nil
	}
	u.to, err = s.store.addressee(ctx, u.token.RecipientID)
	if fault.Is(err, fault.NotFound) {
		u.to = addressee{recordID: u.token.RecordID}
		u.to.address, u.to.customerID, err = s.store.addressOfRecord(ctx, u.token.RecordID)
	}
	return u, err
}

// ShowUnsubscribe is what the page behind a link shows; it changes nothing,
// because mail scanners follow links (L-EM-2).
func (s *Service) ShowUnsubscribe(ctx context.Context, token string) (Letterhead, error) {
	u, err := s.readUnsubscribe(ctx, token)
	if err != nil {
		return Letterhead{}, err
	}
	return Letterhead{Sender: u.sender, Address: maskAddress(u.to.address), IsTest: u.isTest, IsDone: u.to.unsubscribedAt != nil}, nil
}

// Unsubscribe withdraws the consent of a link's person. It is idempotent, and
// stops what is queued at once.
func (s *Service) Unsubscribe(ctx context.Context, token string, allChannels bool, evidence map[string]string) (Letterhead, error) {
	u, err := s.readUnsubscribe(ctx, token)
	if err != nil {
		return Letterhead{}, err
	}
	page := Letterhead{Sender: u.sender, Address: maskAddress(u.to.address), IsTest: u.isTest, IsDone: true}
	if u.isTest {
		return page, nil
	}
	proof, err := json.Marshal(evidence)
	if err != nil {
		return page, fmt.Errorf("evidence of refusal: %w", err)
	}
	ctx = auth.System(ctx, "unsubscribe")
	err = s.db.Within(ctx, func(ctx context.Context) error {
		_, err := s.gate.Withdraw(ctx, consent.Refusal{
			RecordID: u.to.recordID, Address: u.to.address, Sender: u.sender.Code, Channel: consent.Email, AllChannels: allChannels,
			Method: consent.Mail, CampaignID: u.to.campaignID, Evidence: proof,
		})
		if err != nil || u.to.id == 0 {
			return err
		}
		isFirst, err := s.store.markOnce(ctx, u.to, "unsubscribed_at", countUnsubscribed)
		if err != nil || !isFirst {
			return err
		}
		return s.event(ctx, "campaign.unsubscribed", u.to)
	})
	if err == nil && u.to.id != 0 {
		s.publishIdle(ctx, u.to.campaignID)
	}
	return page, err
}

// event journals something that a recipient did.
func (s *Service) event(ctx context.Context, kind string, a addressee) error {
	if a.customerID == 0 {
		return nil // erased
	}
	after, err := json.Marshal(map[string]int64{"campaign_id": a.campaignID, "recipient_id": a.id})
	if err != nil {
		return err
	}
	return s.journal.Append(ctx, journal.Entry{
		Capability: "campaign", Kind: kind, SubjectKind: "customer", SubjectIDs: []int64{a.customerID}, RecordID: a.recordID, After: after,
	})
}

// publishIdle tells open pages of a campaign that no run publishes.
func (s *Service) publishIdle(ctx context.Context, id int64) {
	if !s.isRunning(id) {
		s.publish(ctx, id)
	}
}

// Visit is a request for a tracked link.
type Visit struct {
	Token     string
	UserAgent string
	Address   string // of the caller
	IsHead    bool
}

// Follow notes a click and answers the stored address; an altered token is
// fault.NotFound, so that the product cannot be used to send people elsewhere.
func (s *Service) Follow(ctx context.Context, v Visit) (string, error) {
	keys, err := s.letters.Keys(ctx)
	if err != nil {
		return "", err
	}
	click, err := keys.ReadClick(v.Token)
	if err != nil {
		return "", err
	}
	a, err := s.store.addressee(ctx, click.RecipientID)
	if err != nil {
		return "", err
	}
	url, err := s.store.linkURL(ctx, click.LinkID, a.campaignID)
	if err != nil || v.IsHead {
		return url, err
	}
	if err := s.noteClick(ctx, v, a, click.LinkID); err != nil && !errors.Is(err, context.Canceled) {
		return "", err
	}
	return url, nil
}

func (s *Service) noteClick(ctx context.Context, v Visit, a addressee, linkID int64) error {
	ctx = auth.System(ctx, "click")
	isNews := false
	err := s.db.Within(ctx, func(ctx context.Context) error {
		isMachine, err := s.isMachine(ctx, v, a, linkID)
		if err != nil {
			return err
		}
		if err := s.store.insertClick(ctx, a, linkID, isMachine); err != nil || isMachine {
			return err
		}
		// Who follows a link has seen the mail, also where pictures are not loaded.
		if _, err := s.store.markOnce(ctx, a, "opened_at", countOpened); err != nil {
			return err
		}
		if isNews, err = s.store.markOnce(ctx, a, "clicked_at", countClicked); err != nil || !isNews {
			return err
		}
		return s.event(ctx, "campaign.clicked", a)
	})
	if err == nil && isNews {
		s.publishIdle(ctx, a.campaignID)
	}
	return err
}
