// SPDX-License-Identifier: Apache-2.0

package app

import (
	"context"
	"time"

	"dangol/internal/consent"
	"dangol/internal/intake"
	"dangol/internal/order"
	"dangol/internal/platform/fault"
	"dangol/internal/team"
)

// staff lets the send gate know the company's own people, who alone get test mails.
type staff struct{ team *team.Service }

// IsStaffAddress reports whether somebody of the staff has the address.
func (s staff) IsStaffAddress(ctx context.Context, address string) (bool, error) {
	person, err := s.team.FindByEmail(ctx, address)
	if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Invalid) {
		return false, nil
	}
	return err == nil && !person.IsDisabled, err
}

// consents lets intake hand what rows say about consent to the ledger.
type consents struct{ ledger *consent.Service }

// KeepConsents adds the claims of a batch in the transaction of ctx.
func (c consents) KeepConsents(ctx context.Context, batchID int64, claims []intake.ConsentClaim) error {
	list := make([]consent.Claim, len(claims))
	for i, claim := range claims {
		list[i] = consent.Claim{
			RecordID: claim.RecordID, Row: claim.Row, Channel: consent.Channel(claim.Channel), IsGrant: claim.IsGrant,
			IsNight: claim.IsNight, At: claim.At, Method: consent.Method(claim.Method),
		}
	}
	return c.ledger.RecordClaims(ctx, batchID, list)
}

// purchases tells the send gate of finished transactions (L-AD-1a).
type purchases struct{ orders *order.Service }

// ListEndedSince returns what customers bought and when that ended.
func (p purchases) ListEndedSince(ctx context.Context, customerIDs []int64, since time.Time) (map[int64][]consent.Purchase, error) {
	list, err := p.orders.ListEnded(ctx, customerIDs, since)
	if err != nil {
		return nil, err
	}
	found := map[int64][]consent.Purchase{}
	for _, e := range list {
		found[e.CustomerID] = append(found[e.CustomerID], consent.Purchase{
			OrderID: e.OrderID, EndedAt: e.EndedAt, Category: e.Category, Contact: e.Contact, IsDirect: e.IsDirect, SourceID: e.SourceID,
		})
	}
	return found, nil
}
