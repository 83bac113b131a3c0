// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"context"
	"fmt"
	"slices"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/job"
	"dangol/internal/platform/journal"
)

// Reasons of an erasure (PIPA articles 21 and 36).
const (
	ErasedOnRequest = "request"   // the person asked for it
	ErasedAfterTime = "retention" // the time of keeping is over
	ErasedAsWrong   = "mistake"   // it should never have been collected
)

// Erasure is a person whose data is destroyed.
type Erasure struct {
	ID         int64     `json:"id"`
	CustomerID int64     `json:"customer_id"`
	Reason     string    `json:"reason" enum:"request,retention,mistake"`
	ErasedAt   time.Time `json:"erased_at"`
	RecordIDs  []int64   `json:"record_ids"`
	// Kept are the laws by which their identity is kept apart for a while.
	Kept []Duty `json:"kept"`

	Records   []*Record `json:"-"` // all of them, withdrawn ones too, with their values
	Customers []int64   `json:"-"` // the customer and those merged into it
	Batches   []int64   `json:"-"` // the imports whose files may name them
}

// ErasurePlan is what an erasure would do.
type ErasurePlan struct {
	CustomerID int64          `json:"customer_id"`
	Customers  []int64        `json:"customers" doc:"The customer and those merged into it: all go."`
	Places     []ErasurePlace `json:"places"`
	Duties     []Duty         `json:"duties" doc:"Laws by which name and contact are kept apart for a while; nobody works with them."`
	Holds      []Hold         `json:"holds" doc:"What stands in the way."`
}

// PlanErasure tells what Erase would do, and changes nothing.
func (s *Service) PlanErasure(ctx context.Context, id int64) (*ErasurePlan, error) {
	var e Erasure
	var plan *ErasurePlan
	err := s.db.Within(ctx, func(ctx context.Context) error {
		err := s.gather(ctx, id, &e)
		if err != nil {
			return err
		}
		plan = &ErasurePlan{CustomerID: e.CustomerID, Customers: e.Customers}
		if plan.Places, err = s.countTraces(ctx, &e); err != nil {
			return err
		}
		if plan.Duties, err = s.duties(ctx, &e); err != nil {
			return err
		}
		plan.Holds, err = s.standingHolds(ctx, e.Customers)
		return err
	})
	return plan, err
}

// Erase destroys the personal data of a customer in every place at once: source records of all versions, golden rows
// of the customer and of those merged into it, keys, search, relations, what other capabilities keep, and at last the
// keys by which the journal could be read. Orders stay without a name; where a law asks for it, name and contact are
// kept apart, sealed, until its day. It cannot be taken back. A hold refuses it. A matching run that looks at the
// person meanwhile leaves them out.
func (s *Service) Erase(ctx context.Context, id int64, reason string) (*Erasure, error) {
	return s.erase(ctx, id, reason, false)
}

// erase destroys; again is after a restore, where a hold that was lifted since the backup stands again.
func (s *Service) erase(ctx context.Context, id int64, reason string, again bool) (*Erasure, error) {
	e := &Erasure{Reason: reason}
	err := s.db.Within(ctx, func(ctx context.Context) error {
		err := s.gather(ctx, id, e)
		if err != nil {
			return err
		}
		if !again {
			if err := s.refuseHeld(ctx, e); err != nil {
				return err
			}
		}
		if e.Kept, err = s.duties(ctx, e); err != nil {
			return err
		}
		return s.eraseAll(ctx, e)
	})
	if err != nil {
		return nil, err
	}
	s.anchors.touch(1)
	return e, s.destroyKeys(ctx)
}

// eraseAll does the work of the transaction.
func (s *Service) eraseAll(ctx context.Context, e *Erasure) error {
	if err := s.store.insertErasure(ctx, e, auth.From(ctx).ID); err != nil {
		return err
	}
	if err := s.keepApart(ctx, e); err != nil {
		return err
	}
	if err := s.eraseTraces(ctx, e); err != nil {
		return err
	}
	if err := s.store.eraseRows(ctx, e); err != nil {
		return err
	}
	if err := s.emptyRows(ctx, e.Customers); err != nil {
		return err
	}
	if err := s.follow(ctx, e.Customers...); err != nil {
		return err
	}
	if s.jobs != nil {
		if _, err := s.jobs.Add(ctx, jobDestroyKeys, struct{}{}, job.Options{Unique: "keys"}); err != nil {
			return err
		}
	}
	return s.journal.Append(ctx, journal.Entry{
		Capability: "customer", Kind: "customer.erased", SubjectKind: "customer", SubjectIDs: e.Customers,
		After: jsonOf(map[string]any{"reason": e.Reason, "records": len(e.RecordIDs)}),
	})
}

// gather finds everything that belongs to the person.
func (s *Service) gather(ctx context.Context, id int64, e *Erasure) error {
	live, err := s.Resolve(ctx, id)
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
	e.CustomerID, e.ErasedAt, e.Customers = c.ID, database.Time(ctx), []int64{c.ID}
	tree, err := s.store.aliasTree(ctx, c.ID)
	if err != nil {
		return err
	}
	for alias := range tree {
		e.Customers = append(e.Customers, alias)
	}
	slices.Sort(e.Customers)
	if e.Records, err = s.store.everyRecordOf(ctx, c.ID); err != nil {
		return err
	}
	for _, r := range e.Records {
		e.RecordIDs = append(e.RecordIDs, r.ID)
	}
	return s.gatherBatches(ctx, e)
}

// refuseErased keeps anything from being written about a person again whose data was destroyed.
func (s *Service) refuseErased(ctx context.Context, c *Customer) error {
	if !c.Hidden {
		return nil
	}
	if at, err := s.store.erasedAt(ctx, c.ID); err != nil || at.IsZero() {
		return err
	}
	return fault.New(fault.Conflict, "customer.erased", "The personal data of customer {id} was destroyed; nothing can be done with it any more.", "id", c.ID)
}

// emptyRows takes the values out of golden rows, which stay as numbers that orders point to.
func (s *Service) emptyRows(ctx context.Context, ids []int64) error {
	rows, err := s.store.LoadCustomers(ctx, ids)
	if err != nil {
		return err
	}
	tokens := make([]indexed, len(rows))
	for i, c := range rows {
		kind := c.Values.Text[KindField]
		c.Values, c.Provenance, c.Pins = Values{}, Provenance{}, nil
		c.Values.Text[KindField] = kind
		c.Hidden, c.Records = true, 0
		c.UpdatedAt, c.Version = database.Time(ctx), c.Version+1
		tokens[i] = indexed{id: c.ID}
	}
	if err := s.store.UpdateCustomers(ctx, rows); err != nil {
		return err
	}
	return s.store.ReplaceTokens(ctx, tokens)
}

// jobDestroyKeys makes up for a crash between an erasure and the end of its keys.
const jobDestroyKeys = "customer.destroy_keys"

func (s *Service) destroyKeysJob(ctx context.Context, _ *job.Job) error {
	return s.destroyKeys(auth.System(ctx, "erasure"))
}

// destroyKeys ends the keys of all erased records whose keys still stand; only then nothing can be read back.
func (s *Service) destroyKeys(ctx context.Context) error {
	open, err := s.store.openErasures(ctx)
	if err != nil {
		return err
	}
	for _, e := range open { // first all lines: what stands in the list is done again after a restore
		if err := s.list.add(e); err != nil {
			return err
		}
	}
	for _, e := range open {
		if err := s.journal.Erase(e.RecordIDs...); err != nil {
			return fmt.Errorf("destroy the keys of erasure %d: %w", e.ID, err)
		}
		if err := s.db.Within(ctx, func(ctx context.Context) error { return s.store.closeErasure(ctx, e.ID) }); err != nil {
			return err
		}
	}
	return nil
}
