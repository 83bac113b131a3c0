// SPDX-License-Identifier: Apache-2.0

package app

import (
	"context"

	"dangol/internal/consent"
	"dangol/internal/intake"
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
