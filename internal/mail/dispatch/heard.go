// SPDX-License-Identifier: Apache-2.0

package dispatch

import (
	"context"

	"dangol/internal/consent"
	"dangol/internal/mail"
	"dangol/internal/mail/inbound"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
)

// SentTo finds a dispatch for mail that came back about it, or fault.NotFound (mail.Ledger).
func (s *Service) SentTo(ctx context.Context, id int64) (mail.Sent, error) {
	d, err := s.store.find(auth.System(ctx, "dispatch"), id)
	return mail.Sent{DispatchID: d.ID, RecordID: d.recordID, Address: d.Address}, err
}

// Heard writes what came back about a dispatch. It joins the transaction of the
// mail and changes nothing when it is told again (mail.Ledger).
func (s *Service) Heard(ctx context.Context, n mail.Notice) error {
	d, err := s.store.find(ctx, n.DispatchID)
	if err != nil {
		return err
	}
	to, from, text := Delivered, []State{HandedOver, Unknown, Handing}, ""
	switch n.Kind {
	case inbound.Bounced:
		to, from, text = Bounced, append(from, Delivered), n.Text
	case inbound.Delayed:
		return nil // still on its way
	}
	now := database.Time(ctx)
	isNews, err := s.store.heard(ctx, d.ID, to, from, text, now)
	if err != nil {
		return err
	}
	if n.Kind == inbound.Receipt {
		if err := s.store.markRead(ctx, d.ID, now); err != nil {
			return err
		}
	}
	if n.Kind == inbound.Complaint {
		_, err := s.gate.Withdraw(ctx, consent.Refusal{
			RecordID: d.recordID, Address: d.Address, Sender: consent.DefaultSender, Channel: consent.Email, Method: consent.Mail, IsComplaint: true,
			Evidence: []byte(`{"kind":"feedback report","rule":"L-EM-6"}`),
		})
		return err
	}
	if !isNews {
		return nil
	}
	d.State = to
	if to == Bounced && n.Reach != inbound.Blocked {
		if err := s.gate.Bounced(ctx, consent.Email, d.Address, n.Reach == inbound.Hard, n.Text, d.recordID, 0); err != nil {
			return err
		}
	}
	return s.note(ctx, "mail.dispatch_"+string(to), d)
}
