// SPDX-License-Identifier: Apache-2.0

package app

import (
	"context"
	"fmt"
	"time"

	"dangol/internal/campaign/offer"
	"dangol/internal/customer"
	"dangol/internal/mail"
	"dangol/internal/mining"
	"dangol/internal/platform/fault"
)

// introducers lets mining know who introduced whom.
type introducers struct{ customers *customer.Store }

// IntroducerOf returns customers with who introduced them, by the ids that hold their records now.
func (i introducers) IntroducerOf(ctx context.Context) (map[int64]int64, error) {
	list, err := i.customers.ListIntroductions(ctx)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, 0, 2*len(list))
	for _, one := range list {
		ids = append(ids, one.IntroducerID, one.CustomerID)
	}
	now, err := i.customers.Current(ctx, ids)
	if err != nil {
		return nil, err
	}
	by := map[int64]int64{}
	for _, one := range list { // the oldest introduction counts
		whom, introducer := now[one.CustomerID], now[one.IntroducerID]
		if _, known := by[whom]; !known && whom != introducer {
			by[whom] = introducer
		}
	}
	return by, nil
}

// findings writes what models found as custom attributes of customers.
type findings struct{ customers *customer.Service }

// keepStep is after how many customers the progress of keeping is told.
const keepStep = 50

// ListLabels returns the attributes that a model may learn from: archived ones
// and personal values are left out.
func (f findings) ListLabels(ctx context.Context) ([]mining.AttributeLabel, error) {
	list, err := f.customers.ListAttributes(ctx)
	if err != nil {
		return nil, err
	}
	out := []mining.AttributeLabel{}
	for _, a := range list {
		if a.ArchivedAt == nil && !a.IsPersonal {
			out = append(out, mining.AttributeLabel{Name: a.Name, LabelKo: a.LabelKo, LabelEn: a.LabelEn})
		}
	}
	return out, nil
}

// Keep makes a yes-or-no attribute and sets it for the customers; who was
// merged away or hidden since they were found is left out.
func (f findings) Keep(ctx context.Context, name, label string, ids []int64, tell func(done int)) error {
	_, err := f.customers.CreateAttribute(ctx, customer.Attribute{Name: name, LabelKo: label, LabelEn: label, Type: customer.TypeBoolean})
	if err != nil && !fault.Is(err, fault.Conflict) {
		return err
	}
	for i, id := range ids {
		if err := ctx.Err(); err != nil {
			return err
		}
		_, _, err := f.customers.Update(ctx, id, 0, customer.Patch{"attr." + name: true})
		if err != nil && !fault.Is(err, fault.NotFound) && !fault.Is(err, fault.Conflict) {
			return fmt.Errorf("customer %d: %w", id, err)
		}
		if i%keepStep == 0 {
			tell(i)
		}
	}
	return nil
}

// happenings tells mining of what the warehouse does not hold.
type happenings struct {
	*mail.Service
	offers *offer.Service
}

// EachTaken is when an offer was accepted.
func (h happenings) EachTaken(ctx context.Context, offerID int64, emit func(at time.Time) error) error {
	return h.offers.EachTaken(ctx, offerID, emit)
}

// Stock is how many of an offer are left.
func (h happenings) Stock(ctx context.Context, offerID int64) (name string, left int64, err error) {
	return h.offers.Stock(ctx, offerID)
}

// offered lets the offers of campaigns and the mails know what customers may
// want: the one source of both.
type offered struct{ models *mining.Service }

// ProposedTo tells campaigns.
func (o offered) ProposedTo(ctx context.Context, customerIDs []int64) (map[int64][]offer.Proposal, error) {
	return proposals(ctx, o.models, customerIDs, func(p mining.OneProposal) offer.Proposal { return offer.Proposal(p) })
}

// mailed is the same for mails.
type mailed struct{ models *mining.Service }

// ProposedTo tells mails.
func (m mailed) ProposedTo(ctx context.Context, customerIDs []int64) (map[int64][]mail.Proposal, error) {
	return proposals(ctx, m.models, customerIDs, func(p mining.OneProposal) mail.Proposal {
		return mail.Proposal{Name: p.Product, Category: p.Category, Because: p.Because}
	})
}

func proposals[P any](ctx context.Context, models *mining.Service, customerIDs []int64, as func(mining.OneProposal) P) (map[int64][]P, error) {
	found, err := models.ProposedTo(ctx, customerIDs)
	if err != nil {
		return nil, err
	}
	out := make(map[int64][]P, len(found))
	for id, list := range found {
		for _, one := range list {
			out[id] = append(out[id], as(one))
		}
	}
	return out, nil
}

// forgetting destroys the data of customers whose time of keeping is over.
type forgetting struct{ customers *customer.Service }

// Forget destroys the personal data of one customer.
func (f forgetting) Forget(ctx context.Context, customerID int64) error {
	_, err := f.customers.Erase(ctx, customerID, customer.ErasedAfterTime)
	return err
}
