// SPDX-License-Identifier: Apache-2.0

package household

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"dangol/internal/customer"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
)

// Patch changes a household by hand.
type Patch struct {
	Name   *string `json:"name,omitempty" maxLength:"100"`
	HeadID *int64  `json:"head_id,omitempty" doc:"whom a campaign addresses; 0 is the oldest"`
	Add    []int64 `json:"add,omitempty" maxItems:"12" doc:"customers who live there too"`
	Remove []int64 `json:"remove,omitempty" maxItems:"12" doc:"customers who do not; they are not suggested again"`
}

// step is one change of a household: it returns what it is afterwards (nil: no more) and who was told apart.
type step func(ctx context.Context, h *Household) (*Household, []Pair, error)

// state is what the journal keeps before and after a change.
type state struct {
	Household *Household `json:"household"`
	Parted    []Pair     `json:"parted,omitempty"`
}

// Confirm says that the household is right as it is; people suggested to join stay suggested.
func (s *Service) Confirm(ctx context.Context, id int64) (int64, error) {
	return s.change(ctx, id, "customer.household_confirmed", func(ctx context.Context, h *Household) (*Household, []Pair, error) {
		return s.confirmed(ctx, h), nil, nil
	})
}

func (s *Service) confirmed(ctx context.Context, h *Household) *Household {
	h.State, h.DecidedAt, h.DecidedBy, h.DecidedBatch = Confirmed, database.Time(ctx), auth.From(ctx).ID, 0
	return h
}

// Reject says that these people do not live together; they are not suggested together again.
func (s *Service) Reject(ctx context.Context, id int64) (int64, error) {
	return s.change(ctx, id, "customer.household_rejected", func(_ context.Context, h *Household) (*Household, []Pair, error) {
		var pairs []Pair
		for i, a := range h.Members {
			for _, b := range h.Members[i+1:] {
				if !slices.ContainsFunc(a.Evidence, func(e Evidence) bool { return e.WithID == b.CustomerID && slices.Contains(e.Reasons, SamePerson) }) {
					pairs = append(pairs, PairOf(a.CustomerID, b.CustomerID))
				}
			}
		}
		return nil, pairs, nil
	})
}

// Update changes a household by hand, which confirms it.
func (s *Service) Update(ctx context.Context, id int64, patch Patch) (int64, error) {
	return s.change(ctx, id, "customer.household_changed", func(ctx context.Context, h *Household) (*Household, []Pair, error) {
		var pairs []Pair
		for _, gone := range patch.Remove {
			at, err := s.memberOf(ctx, h, gone)
			if err != nil {
				return nil, nil, err
			}
			gone = h.Members[at].CustomerID
			h.Members = slices.Delete(h.Members, at, at+1)
			for _, m := range h.Members {
				pairs = append(pairs, PairOf(gone, m.CustomerID))
			}
			if h.HeadID == gone {
				h.HeadID = 0
			}
		}
		if err := s.addPeople(ctx, h, patch.Add); err != nil {
			return nil, nil, err
		}
		if len(h.Members) == 0 {
			return nil, pairs, nil
		}
		return s.confirmed(ctx, h), pairs, s.rename(ctx, h, patch)
	})
}

func (s *Service) rename(ctx context.Context, h *Household, patch Patch) error {
	if patch.Name != nil {
		h.Name = strings.TrimSpace(*patch.Name)
		if utf8.RuneCountInString(h.Name) > 100 {
			return fault.New(fault.Invalid, "customer.household_name", "The name of a household has at most 100 letters.")
		}
	}
	if patch.HeadID == nil {
		return nil
	}
	h.HeadID = 0
	if *patch.HeadID != 0 {
		at, err := s.memberOf(ctx, h, *patch.HeadID)
		if err != nil {
			return err
		}
		h.HeadID = h.Members[at].CustomerID
	}
	return nil
}

// memberOf finds a member by an id that it has or had.
func (s *Service) memberOf(ctx context.Context, h *Household, customerID int64) (int, error) {
	now, err := s.store.current(ctx, append(h.ids(), customerID))
	if err != nil {
		return 0, err
	}
	for i, m := range h.Members {
		if now[m.CustomerID] == now[customerID] {
			return i, nil
		}
	}
	return 0, fault.New(fault.Invalid, "customer.household_foreign", "Customer {id} does not belong to this household.", "id", customerID)
}

func (s *Service) addPeople(ctx context.Context, h *Household, add []int64) error {
	if len(add) == 0 {
		return nil
	}
	rows, err := s.customers.RowsOf(ctx, "customer.household", add)
	if err != nil {
		return err
	}
	for _, id := range add {
		if !slices.ContainsFunc(rows, func(r customer.Row) bool { return r.ID == id }) {
			return fault.New(fault.NotFound, "customer.not_found", "There is no customer {id}, or you may not see it.", "id", id)
		}
		if at := h.memberAt(id); at >= 0 {
			h.Members[at].State = In
			continue
		}
		h.Members = append(h.Members, Member{CustomerID: id, State: In, Confidence: 1000})
	}
	if len(h.Members) > largest*2 {
		return fault.New(fault.Invalid, "customer.household_large", "A household holds at most {most} people.", "most", largest*2)
	}
	slices.SortFunc(h.Members, func(a, b Member) int { return int(a.CustomerID - b.CustomerID) })
	return nil
}

// Create makes a household by hand.
func (s *Service) Create(ctx context.Context, name string, people []int64) (int64, int64, error) {
	var id, entry int64
	err := s.db.Within(ctx, func(ctx context.Context) error {
		var err error
		if id, err = s.db.NextID(ctx, "households"); err != nil {
			return err
		}
		at := database.Time(ctx)
		h := s.confirmed(ctx, &Household{ID: id, Confidence: 1000, CreatedAt: at, UpdatedAt: at})
		if err := s.addPeople(ctx, h, people); err != nil {
			return err
		}
		if err := s.rename(ctx, h, Patch{Name: &name}); err != nil {
			return err
		}
		entry, err = s.put(ctx, "customer.household_created", nil, h, nil)
		return err
	})
	return id, entry, err
}

// change loads, changes, writes and journals one household.
func (s *Service) change(ctx context.Context, id int64, kind string, do step) (int64, error) {
	var entry int64
	err := s.db.Within(ctx, func(ctx context.Context) error {
		before, err := s.store.find(ctx, id)
		if err != nil {
			return err
		}
		after, pairs, err := do(ctx, before.clone())
		if err != nil {
			return err
		}
		entry, err = s.put(ctx, kind, before, after, pairs)
		return err
	})
	return entry, err
}

// put writes a household (nil: takes it away) with the people told apart, takes the people that a
// confirmed one claims out of mere suggestions, and journals the change.
func (s *Service) put(ctx context.Context, kind string, before, after *Household, pairs []Pair) (int64, error) {
	if err := mayDecide(ctx); err != nil {
		return 0, err
	}
	var fresh []Pair
	for _, p := range pairs {
		known, err := s.store.isParted(ctx, p)
		if err != nil {
			return 0, err
		}
		if !known {
			fresh = append(fresh, p)
		}
	}
	if err := s.store.part(ctx, fresh); err != nil {
		return 0, err
	}
	households, customers, err := s.write(ctx, before, after)
	if err != nil {
		return 0, err
	}
	if err := s.refreshTold(ctx, households, customers); err != nil {
		return 0, err
	}
	was, err := json.Marshal(state{Household: before})
	if err != nil {
		return 0, fmt.Errorf("write the household before: %w", err)
	}
	is, err := json.Marshal(state{Household: after, Parted: fresh})
	if err != nil {
		return 0, fmt.Errorf("write the household after: %w", err)
	}
	return s.journal.AppendID(ctx, journal.Entry{
		Capability: "customer", Kind: kind, SubjectKind: "customer", SubjectIDs: customers, Before: was, After: is,
	})
}

func (s *Service) write(ctx context.Context, before, after *Household) (households, customers []int64, err error) {
	if before != nil {
		households, customers = append(households, before.ID), before.ids()
	}
	if after == nil {
		return households, customers, s.store.remove(ctx, households)
	}
	after.UpdatedAt, after.Version = database.Time(ctx), after.Version+1
	joined := slices.Concat(customers, after.ids())
	slices.Sort(joined)
	claimed, err := s.claim(ctx, after)
	if err != nil {
		return nil, nil, err
	}
	return append(append(claimed, households...), after.ID), slices.Compact(joined), s.store.save(ctx, after)
}

// claim takes the people of a confirmed household out of suggestions; one who is in another confirmed
// household stays there, and the change is refused.
func (s *Service) claim(ctx context.Context, h *Household) ([]int64, error) {
	if h.State != Confirmed {
		return nil, nil
	}
	var in []int64
	for _, m := range h.Members {
		if m.State == In {
			in = append(in, m.CustomerID)
		}
	}
	list, err := s.store.memberships(ctx, in)
	if err != nil {
		return nil, err
	}
	var touched []int64
	for _, m := range list {
		if m.household == h.ID {
			continue
		}
		if m.isSure {
			return nil, errTaken(m.customer, m.household)
		}
		touched = append(touched, m.household)
		if err := s.leave(ctx, m.household, m.customer); err != nil {
			return nil, err
		}
	}
	return touched, nil
}

// leave takes a customer out of a suggestion, which vanishes when one person is left.
func (s *Service) leave(ctx context.Context, household, customer int64) error {
	h, err := s.store.find(ctx, household)
	if fault.Is(err, fault.NotFound) {
		return nil // vanished with the one before
	}
	if err != nil {
		return err
	}
	if at := h.memberAt(customer); at >= 0 {
		h.Members = slices.Delete(h.Members, at, at+1)
	}
	if len(h.Members) < 2 {
		return s.store.remove(ctx, []int64{household})
	}
	return s.store.save(ctx, h)
}

// Undo takes one change of a household back, as long as nothing changed it since.
func (s *Service) Undo(ctx context.Context, id, entryID int64) error {
	return s.db.Within(ctx, func(ctx context.Context) error {
		entry, err := s.journal.Find(ctx, entryID)
		if err != nil {
			return err
		}
		var was, is state
		if entry.Capability != "customer" || json.Unmarshal(entry.Before, &was) != nil || json.Unmarshal(entry.After, &is) != nil {
			return errNoUndo(entryID)
		}
		if (was.Household == nil || was.Household.ID != id) && (is.Household == nil || is.Household.ID != id) {
			return errNoUndo(entryID)
		}
		now, err := s.store.find(ctx, id)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		if err != nil {
			now = nil
		}
		if !same(now, is.Household) {
			return fault.New(fault.Conflict, "customer.household_changed_since",
				"The household was changed again after that; take back the later change first.")
		}
		if err := s.store.unpart(ctx, is.Parted); err != nil {
			return err
		}
		if back := was.Household; back != nil {
			back.CreatedAt = database.Time(ctx)
			if now != nil {
				back.CreatedAt, back.Version = now.CreatedAt, now.Version
			}
			if back.State == Confirmed {
				back.DecidedAt = database.Time(ctx)
			}
		}
		_, err = s.put(ctx, "customer.household_undone", now, was.Household, nil)
		return err
	})
}

func errNoUndo(entryID int64) error {
	return fault.New(fault.Invalid, "customer.no_undo", "Change {id} cannot be taken back here.", "id", entryID)
}
