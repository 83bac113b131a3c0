// SPDX-License-Identifier: Apache-2.0

package consent

import (
	"context"
	"time"

	"dangol/internal/platform/auth"
)

// Check is one rule of the gate as it went for a person.
type Check struct {
	Reason Reason `json:"reason" doc:"Why this rule would say no."`
	State  string `json:"state" enum:"passed,stopped,not_asked"`
}

// Explanation is what the gate says at this moment to a message of a kind to
// one person, rule by rule.
type Explanation struct {
	Channel    Channel    `json:"channel"`
	Class      Class      `json:"class"`
	Sender     string     `json:"sender"`
	IsAllowed  bool       `json:"is_allowed"`
	Reason     Reason     `json:"reason,omitempty"`
	DeferTo    *time.Time `json:"defer_to,omitempty" doc:"When the night ends."`
	Basis      string     `json:"basis,omitempty" enum:",consent,transaction_exemption,live_call_exemption,informational,statutory" doc:"On what ground it may go."`
	BasisID    int64      `json:"basis_id,omitempty" doc:"The consent or order that is the ground."`
	Rules      string     `json:"rules" doc:"Version of the law that decided."`
	Checks     []Check    `json:"checks"`
	HasAddress bool       `json:"has_address"`
}

// rulesInOrder are the reasons of L-AD-20 that lie in the person, in the order
// in which the gate asks.
var rulesInOrder = map[Class][]Reason{
	Ad:            {Unreachable, RefusedByPerson, Barred, Minor, NoConsent, ConfirmOverdue, Night, Uncertified, DNCStale, DNCRegistered, FrequencyCap},
	Informational: {Unreachable},
	Statutory:     {Unreachable},
}

// onlyFor are rules that one channel has.
var onlyFor = map[Reason][]Channel{
	Night: {SMS, Call, Push, Kakao, Fax}, Uncertified: {SMS}, DNCStale: {Call}, DNCRegistered: {Call},
}

// Explain asks the gate about a person without sending anything, or returns
// fault.NotFound when the customer is outside the person's rows.
func (s *Service) Explain(ctx context.Context, customerID int64, m Message) (Explanation, error) {
	if err := auth.Check(ctx, "consent:read"); err != nil {
		return Explanation{}, err
	}
	if m.Sender == "" {
		m.Sender = DefaultSender
	}
	m.HasFreeOptOut, m.ApprovedReason = true, "asked" // a message that is made as it should be
	recordID, err := s.store.recordOf(ctx, customerID)
	if err != nil {
		return Explanation{}, err
	}
	address, err := s.store.addressOf(ctx, customerID, m.Channel)
	if err != nil {
		return Explanation{}, err
	}
	answers, err := s.decide(ctx, m, []Ask{{RecordID: recordID, Address: address}}, s.db.Now(ctx))
	if err != nil {
		return Explanation{}, err
	}
	d := answers[0].Decision
	e := Explanation{
		Channel: m.Channel, Class: m.Class, Sender: m.Sender, IsAllowed: d.IsYes(), Reason: d.Reason, Basis: d.Basis.Kind, BasisID: d.Basis.ID,
		Rules: d.Rules, HasAddress: address != "", Checks: checksOf(m, d),
	}
	if !d.DeferTo.IsZero() {
		e.DeferTo = &d.DeferTo
	}
	if !e.IsAllowed {
		e.Basis, e.BasisID = "", 0
	}
	return e, nil
}

// checksOf tells which rules were passed before the one that stopped.
func checksOf(m Message, d Decision) []Check {
	var list []Check
	state := "passed"
	for _, reason := range rulesInOrder[m.Class] {
		if only, isBound := onlyFor[reason]; isBound && !contains(only, m.Channel.Base()) {
			continue
		}
		if reason == d.Reason {
			list = append(list, Check{reason, "stopped"})
			state = "not_asked"
			continue
		}
		list = append(list, Check{reason, state})
	}
	return list
}

func contains(list []Channel, channel Channel) bool {
	for _, c := range list {
		if c == channel {
			return true
		}
	}
	return false
}
