// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"context"
	"log/slog"
	"slices"

	"dangol/internal/platform/auth"
)

// Kinds of data of a customer that may be kept from sight.
const (
	ContactData   = "contact"
	PurchaseData  = "purchases"
	CampaignData  = "campaigns"
	RelationData  = "relations"
	AttributeData = "attributes"
	MemoData      = "memo"
)

// limitedKinds are all of them.
var limitedKinds = []string{ContactData, PurchaseData, CampaignData, RelationData, AttributeData, MemoData}

// Limits says which kinds of data of a customer are kept from whoever acts; app
// connects the grades.
type Limits interface {
	// HiddenOf returns the kinds of data that are not shown of a customer.
	HiddenOf(ctx context.Context, customerID int64) ([]string, error)
}

// UseLimits connects who limits what is seen.
func (s *Service) UseLimits(l Limits) { s.limits = l }

// HiddenOf returns the kinds of data of a customer that whoever acts does not
// see. What cannot be found out is hidden.
func (s *Service) HiddenOf(ctx context.Context, id int64) []string {
	if s.limits == nil || auth.From(ctx).IsSystem {
		return nil
	}
	kinds, err := s.limits.HiddenOf(ctx, id)
	if err != nil {
		slog.ErrorContext(ctx, "what may be seen of a customer is not known", "customer_id", id, "error", err)
		return limitedKinds
	}
	return kinds
}

// contactFields are by which people can be reached.
var contactFields = []Field{Mobile, Phone, Email, PostalCode, Address, AddressDetail}

// limited returns values without the kinds that are hidden.
func limited(v Values, kinds []string) Values {
	if len(kinds) == 0 {
		return v
	}
	out := v.Clone()
	hide := func(fields ...Field) {
		for _, f := range fields {
			if out.Text[f] != "" {
				out.Text[f] = hidden
			}
		}
	}
	for _, kind := range kinds {
		switch kind {
		case ContactData:
			hide(contactFields...)
		case MemoData:
			hide(Memo)
		case AttributeData:
			for name, value := range out.Attributes {
				if value != nil {
					out.Attributes[name] = hidden
				}
			}
		}
	}
	return out
}

// kindOf is the kind of data that an event of the timeline belongs to; "" is none.
func (item TimelineItem) kindOf() string {
	switch {
	case item.Capability == "campaign", item.Capability == "mail", item.Kind == "order.promotion", item.Kind == "order.coupon_redeemed":
		return CampaignData // what a campaign of before sent came in with orders
	case item.Capability == "order":
		return PurchaseData
	}
	return ""
}

// hiddenKinds are the kinds of data that are not shown of any of the customers.
func (s *Service) hiddenKinds(ctx context.Context, ids []int64) (kinds []string) {
	for _, id := range ids {
		kinds = append(kinds, s.HiddenOf(ctx, id)...)
	}
	return kinds
}

func hides(kinds []string, kind string) bool { return slices.Contains(kinds, kind) }
