// SPDX-License-Identifier: Apache-2.0

package consent

import (
	"context"
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"time"
)

// askChunk is how many recipients' facts are read at once.
const askChunk = 400

// asked is a person with whom they are now.
type asked struct {
	Person
	customerID int64
}

// facts reads what the gate needs to know about the recipients, in order.
func (s *Service) facts(ctx context.Context, m Message, asks []Ask, law Law, policy Policy, t time.Time) ([]asked, error) {
	records, addresses := make([]int64, 0, len(asks)), make([]string, 0, len(asks))
	for _, a := range asks {
		records = append(records, a.RecordID)
		addresses = append(addresses, strings.ToLower(a.Address))
	}
	found, err := s.store.people(ctx, records)
	if err != nil {
		return nil, err
	}
	bars, err := s.store.bars(ctx, m.Channel, addresses)
	if err != nil {
		return nil, err
	}
	customers := make([]int64, 0, len(asks))
	for _, p := range found {
		customers = append(customers, p.customerID)
	}
	slices.Sort(customers)
	customers = slices.Compact(customers)
	more, err := s.moreFacts(ctx, m, customers, law, policy, t)
	if err != nil {
		return nil, err
	}
	people := make([]asked, len(asks))
	for i, a := range asks {
		p := &people[i]
		who, known := found[a.RecordID]
		p.customerID, p.BirthOn = who.customerID, who.birthOn
		p.IsDeleted = !known || who.isHidden
		p.Address, p.IsInvalid = a.Address, !isAddress(m.Channel, a.Address)
		p.Bars = bars[addresses[i]]
		p.Consents = more.ledgers[p.customerID]
		p.Purchases = more.purchases[p.customerID]
		p.Contacts = more.contacts[p.customerID]
		if state := Project(p.Consents, m.Sender, Advertising, m.Channel, false); state.IsGranted() {
			p.Confirmed = more.confirmed[state.Basis.ID]
		}
	}
	return people, nil
}

type moreFacts struct {
	ledgers   map[int64][]Consent
	confirmed map[int64][]time.Time
	purchases map[int64][]Purchase
	contacts  map[int64]int
}

// moreFacts reads what only advertising needs.
func (s *Service) moreFacts(ctx context.Context, m Message, customers []int64, law Law, policy Policy, t time.Time) (moreFacts, error) {
	var f moreFacts
	if m.Class != Ad {
		return f, nil
	}
	var err error
	if f.ledgers, err = s.store.ledgerOfGate(ctx, m.Sender, customers); err != nil {
		return f, err
	}
	var old []int64 // consents that had to be confirmed already
	for _, ledger := range f.ledgers {
		state := Project(ledger, m.Sender, Advertising, m.Channel, false)
		if state.IsGranted() && !t.Before(law.confirmBefore(state.Basis.At, 1)) {
			old = append(old, state.Basis.ID)
		}
	}
	if f.confirmed, err = s.store.confirmations(ctx, old); err != nil {
		return f, err
	}
	if policy.AllowTransactionExemption && s.purchases != nil && m.Category != "" {
		if f.purchases, err = s.purchases.ListEndedSince(ctx, customers, t.AddDate(-1, 0, 0)); err != nil {
			return f, fmt.Errorf("find purchases for the gate: %w", err)
		}
		if err = s.markDirect(ctx, f.purchases, policy.DirectSources); err != nil {
			return f, err
		}
	}
	if policy.MaxContacts > 0 && s.contacts != nil {
		if f.contacts, err = s.contacts.CountSince(ctx, customers, t.AddDate(0, 0, -policy.PerDays)); err != nil {
			return f, fmt.Errorf("count contacts for the gate: %w", err)
		}
	}
	return f, nil
}

// isAddress reports whether the address can be one of the channel. An e-mail
// address with a line break or an angle bracket would forge headers.
func isAddress(channel Channel, address string) bool {
	if channel != Email {
		return address != ""
	}
	parsed, err := mail.ParseAddress(address)
	return err == nil && parsed.Address == address && parsed.Name == "" && !strings.ContainsAny(address, "\r\n<>\"")
}

// markDirect notes of purchases which addresses their buyers gave to the source
// themselves: only those may get advertising without consent.
func (s *Service) markDirect(ctx context.Context, purchases map[int64][]Purchase, sources []int64) error {
	customers := make([]int64, 0, len(purchases))
	for id := range purchases {
		customers = append(customers, id)
	}
	given, err := s.store.givenTo(ctx, customers, sources)
	if err != nil {
		return err
	}
	for id, list := range purchases {
		for i := range list {
			if list[i].IsDirect || !slices.Contains(sources, list[i].SourceID) {
				continue
			}
			list[i].IsDirect, list[i].Given = true, given[id]
		}
	}
	return nil
}
