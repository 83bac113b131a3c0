// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"context"
	"time"

	"dangol/internal/customer"
	"dangol/internal/dataquality"
)

// ConsentKeeper keeps what rows say about consent; the consent capability implements it.
type ConsentKeeper interface {
	// KeepConsents adds the claims of a batch in the transaction of ctx.
	KeepConsents(ctx context.Context, batchID int64, claims []ConsentClaim) error
}

// ConsentClaim is what one row says about one channel.
type ConsentClaim struct {
	RecordID, Row    int64
	Channel          string // email, sms, call or post
	IsGrant, IsNight bool
	At               time.Time // zero when the row does not say
	Method           string    // web, app, paper, call, store or mail; "" when the row does not say
}

// consentColumns are the fields of a row and the channels they speak of. What is said about the night holds
// for the channels that the same row grants.
var consentColumns = []struct {
	field   dataquality.Field
	channel string
}{
	{dataquality.FieldConsentEmail, "email"},
	{dataquality.FieldConsentSMS, "sms"},
	{dataquality.FieldConsentPhone, "call"},
	{dataquality.FieldConsentPost, "post"},
}

// keepConsents hands on what new and changed records say about consent.
func (r *runner) keepConsents(ctx context.Context, records []*customer.Record, outcomes []customer.Outcome) error {
	if r.s.consents == nil {
		return nil
	}
	var claims []ConsentClaim
	for i, record := range records {
		if outcomes[i] != customer.Unchanged && record.Values.Claims != nil {
			claims = appendClaims(claims, record)
		}
	}
	if len(claims) == 0 {
		return nil
	}
	return r.s.consents.KeepConsents(ctx, r.batch.ID, claims)
}

func appendClaims(claims []ConsentClaim, record *customer.Record) []ConsentClaim {
	given := record.Values.Claims
	base := ConsentClaim{RecordID: record.ID, Row: record.RowNumber, Method: given[dataquality.FieldConsentMethod.String()]}
	base.At, _ = time.Parse(time.RFC3339, given[dataquality.FieldConsentAt.String()]) // zero when it is not there
	night := given[dataquality.FieldConsentNight.String()]
	for _, column := range consentColumns {
		answer := given[column.field.String()]
		if answer == "" {
			continue
		}
		claim := base
		claim.Channel, claim.IsGrant = column.channel, answer == dataquality.Granted
		claims = append(claims, claim)
		if claim.IsGrant && night == dataquality.Granted {
			claim.IsNight = true
			claims = append(claims, claim)
		}
	}
	return claims
}
