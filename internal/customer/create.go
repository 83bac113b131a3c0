// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"context"

	"dangol/internal/dataquality"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
)

// Draft is a customer to be made by hand.
type Draft struct {
	Values Patch
	Keys   map[string]string // key by scheme
	// AllowDouble makes the customer although another one has the same name and contact or key.
	AllowDouble bool
	// ApartFrom are customers that staff was shown and said to be somebody else: nothing links them later.
	ApartFrom []int64
}

// Create makes a customer out of what staff typed. When somebody of the same name and contact, or with
// the same key, is known already, that is fault.Conflict with the field other_id, unless AllowDouble.
func (s *Service) Create(ctx context.Context, in Draft) (*Customer, error) {
	var id int64
	err := s.db.Within(ctx, func(ctx context.Context) error {
		var err error
		if id, err = s.db.NextID(ctx, "customers"); err != nil {
			return err
		}
		at := database.Time(ctx)
		c := &Customer{ID: id, Hidden: true, CreatedAt: at, UpdatedAt: at}
		ch := &change{customer: c, fields: map[string]bool{}, release: map[string]int64{}}
		if err := s.apply(ctx, ch, in.Values); err != nil {
			return err
		}
		if ch.keys, err = s.typedKeys(ctx, in.Keys); err != nil {
			return err
		}
		others, err := s.holdersInSight(ctx, ch)
		if err != nil {
			return err
		}
		if len(others) > 0 && !in.AllowDouble {
			return errDouble(others[0])
		}
		if err := s.store.InsertCustomers(ctx, []*Customer{c}); err != nil {
			return err
		}
		for _, other := range others { // a person says that they are two
			if err := s.store.addParting(ctx, id, other, auth.From(ctx).ID); err != nil {
				return err
			}
		}
		for _, other := range in.ApartFrom {
			if _, err := s.visible(ctx, other); err != nil {
				return err
			}
			if err := s.store.addParting(ctx, id, other, auth.From(ctx).ID); err != nil {
				return err
			}
		}
		_, err = s.commitChange(ctx, ch, "customer.created")
		return err
	})
	if err != nil {
		return nil, err
	}
	s.anchors.touch(1)
	return s.store.Find(ctx, id)
}

func (s *Service) typedKeys(ctx context.Context, typed map[string]string) ([]Key, error) {
	var keys []Key
	for name, value := range typed {
		scheme, err := s.FindScheme(ctx, name)
		if err != nil {
			return nil, err
		}
		key := NormalKey(value)
		if key == "" || scheme.Kind != "declared" {
			return nil, fault.New(fault.Invalid, "customer.bad_key", "{key} is no usable key.", "key", shorten(value))
		}
		keys = append(keys, Key{scheme.ID, key})
	}
	return SortKeys(keys), nil
}

// holdersInSight returns the customers who hold a key of the one being made and whom the person may see. Others
// stay unmentioned: a refusal would tell that they exist. The report of keys and the review show
// such doubles to those who see both.
func (s *Service) holdersInSight(ctx context.Context, ch *change) ([]int64, error) {
	ch.values.NameKey = dataquality.SearchKey(ch.values.Text[FullName])
	holders, err := s.store.FindKeys(ctx, SortKeys(DerivedKeys(append([]Key(nil), ch.keys...), &ch.values)))
	if err != nil {
		return nil, err
	}
	seen := map[int64]bool{}
	var ids []int64
	for _, h := range holders {
		if seen[h.CustomerID] {
			continue
		}
		seen[h.CustomerID] = true
		switch _, err := s.visible(ctx, h.CustomerID); {
		case fault.Is(err, fault.NotFound):
		case err != nil:
			return nil, err
		default:
			ids = append(ids, h.CustomerID)
		}
	}
	return ids, nil
}

func errDouble(otherID int64) error {
	return fault.New(fault.Conflict, "customer.exists",
		"Customer {other_id} has the same name and contact, or the same key. Open it instead, or make a second one on purpose.", "other_id", otherID)
}
