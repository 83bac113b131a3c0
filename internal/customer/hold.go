// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"context"
	"slices"
	"strings"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
)

// Hold keeps the data of a person from being destroyed until its day: a lawsuit, an inquiry, an open claim
// (PIPA article 36(1) ends the right to deletion where other laws ask for the data).
type Hold struct {
	ID         int64      `json:"id"`
	CustomerID int64      `json:"customer_id"`
	Reason     string     `json:"reason"`
	UntilOn    string     `json:"until_on" format:"date" doc:"The last day on which it stands."`
	SetAt      time.Time  `json:"set_at"`
	SetBy      int64      `json:"set_by"`
	LiftedAt   *time.Time `json:"lifted_at,omitempty"`
}

// longestHold bounds a hold, so that none stands for ever by a slip of the pen: commercial books are kept ten years
// (Commercial Act, article 33).
const longestHold = 10

// SetHold keeps a person from being erased.
func (s *Service) SetHold(ctx context.Context, customerID int64, reason, untilOn string) (*Hold, error) {
	h := &Hold{Reason: strings.TrimSpace(reason), UntilOn: untilOn}
	err := s.db.Within(ctx, func(ctx context.Context) error {
		live, err := s.Resolve(ctx, customerID)
		if err != nil {
			return err
		}
		c, err := s.visible(ctx, live)
		if err != nil {
			return err
		}
		if err := s.refuseErased(ctx, c); err != nil {
			return err
		}
		h.CustomerID, h.SetAt, h.SetBy = c.ID, database.Time(ctx), auth.From(ctx).ID
		if err := h.check(h.SetAt.In(s.zone)); err != nil {
			return err
		}
		if err := s.store.insertHold(ctx, h); err != nil {
			return err
		}
		return s.logHold(ctx, "customer.hold_set", h)
	})
	if err != nil {
		return nil, err
	}
	return h, nil
}

func (h *Hold) check(today time.Time) error {
	if h.Reason == "" {
		return fault.New(fault.Invalid, "customer.hold_reason", "A hold needs a reason, such as the number of the case.")
	}
	day, err := time.Parse(time.DateOnly, h.UntilOn)
	if err != nil {
		return fault.New(fault.Invalid, "customer.hold_day", "{day} is no day such as 2027-03-31.", "day", h.UntilOn)
	}
	first := today.Format(time.DateOnly)
	last := today.AddDate(longestHold, 0, 0).Format(time.DateOnly)
	if on := day.Format(time.DateOnly); on < first || on > last {
		return fault.New(fault.Invalid, "customer.hold_range", "A hold ends between {first} and {last}; {day} does not lie there.",
			"first", first, "last", last, "day", h.UntilOn)
	}
	return nil
}

// LiftHold ends a hold before its day.
func (s *Service) LiftHold(ctx context.Context, id int64) (*Hold, error) {
	var h *Hold
	err := s.db.Within(ctx, func(ctx context.Context) error {
		var err error
		if h, err = s.store.findHold(ctx, id); err != nil {
			return err
		}
		if _, err := s.visible(ctx, h.CustomerID); err != nil {
			return err
		}
		if h.LiftedAt != nil {
			return nil
		}
		now := database.Time(ctx)
		h.LiftedAt = &now
		if err := s.store.liftHold(ctx, h, auth.From(ctx).ID); err != nil {
			return err
		}
		return s.logHold(ctx, "customer.hold_lifted", h)
	})
	return h, err
}

func (s *Service) logHold(ctx context.Context, kind string, h *Hold) error {
	return s.journal.Append(ctx, journal.Entry{
		Capability: "customer", Kind: kind, SubjectKind: "customer", SubjectIDs: []int64{h.CustomerID},
		After: jsonOf(map[string]any{"reason": h.Reason, "until_on": h.UntilOn}),
	})
}

// ListHolds returns the holds that stand, those that end first in front.
func (s *Service) ListHolds(ctx context.Context) ([]Hold, error) {
	if err := wholeCompany(ctx); err != nil {
		return nil, err
	}
	return s.store.listHolds(ctx, s.today(ctx), nil)
}

// standingHolds are those of customers.
func (s *Service) standingHolds(ctx context.Context, customerIDs []int64) ([]Hold, error) {
	return s.store.listHolds(ctx, s.today(ctx), customerIDs)
}

// holdsOfTree are those of a customer and of everybody merged into it.
func (s *Service) holdsOfTree(ctx context.Context, id int64) ([]Hold, error) {
	tree, err := s.store.aliasTree(ctx, id)
	if err != nil {
		return nil, err
	}
	ids := []int64{id}
	for alias := range tree {
		ids = append(ids, alias)
	}
	return s.standingHolds(ctx, ids)
}

// carryHolds keeps holds on both sides of a parting: which records a lawsuit is about nobody can tell here, and
// what was held must not become erasable by being parted.
func (s *Service) carryHolds(ctx context.Context, holds []Hold, sides ...int64) error {
	if len(holds) == 0 {
		return nil
	}
	have, err := s.standingHolds(ctx, sides)
	if err != nil {
		return err
	}
	for _, side := range sides {
		for _, h := range holds {
			isSame := func(x Hold) bool { return x.CustomerID == side && x.Reason == h.Reason && x.UntilOn == h.UntilOn }
			if slices.ContainsFunc(have, isSame) {
				continue
			}
			h.CustomerID, h.SetAt = side, database.Time(ctx)
			if err := s.store.insertHold(ctx, &h); err != nil {
				return err
			}
			have = append(have, h)
			if err := s.logHold(ctx, "customer.hold_set", &h); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Service) today(ctx context.Context) string {
	return s.db.Now(ctx).In(s.zone).Format(time.DateOnly)
}

// refuseHeld keeps a held person from being erased.
func (s *Service) refuseHeld(ctx context.Context, e *Erasure) error {
	holds, err := s.standingHolds(ctx, e.Customers)
	if err != nil || len(holds) == 0 {
		return err
	}
	h := holds[0]
	return fault.New(fault.Conflict, "customer.held",
		"Customer {id} must be kept until {until}: {reason}. Lift hold {hold} first, or wait.",
		"id", e.CustomerID, "until", h.UntilOn, "reason", h.Reason, "hold", h.ID)
}

func holdFault(id int64) error {
	return fault.New(fault.NotFound, "customer.no_hold", "There is no hold {id}.", "id", id)
}
