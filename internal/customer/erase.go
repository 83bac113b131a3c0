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

	Records   []*Record `json:"-"` // all of them, withdrawn ones too, with their values
	Customers []int64   `json:"-"` // the customer and those merged into it
}

// Eraser forgets what another capability keeps of a person.
type Eraser interface {
	// Erase is called in the transaction of the erasure, while the records still hold their values.
	Erase(ctx context.Context, e *Erasure) error
}

// AddEraser connects an eraser; app calls it at start.
func (s *Service) AddEraser(e Eraser) { s.erasers = append(s.erasers, e) }

// Erase destroys the personal data of a customer in every place at once: source records of all versions, golden rows
// of the customer and of those merged into it, keys, search, relations, what the erasers keep, and at last the keys by
// which the journal could be read. Orders stay without a name, as the law asks (E-Commerce Act, article 6). It cannot
// be taken back. A matching run that looks at the person meanwhile leaves them out.
func (s *Service) Erase(ctx context.Context, id int64, reason string) (*Erasure, error) {
	e := &Erasure{Reason: reason}
	err := s.db.Within(ctx, func(ctx context.Context) error {
		if err := s.gather(ctx, id, e); err != nil {
			return err
		}
		for _, eraser := range s.erasers {
			if err := eraser.Erase(ctx, e); err != nil {
				return fmt.Errorf("erase customer %d: %w", id, err)
			}
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
		if err := s.store.insertErasure(ctx, e, auth.From(ctx).ID); err != nil {
			return err
		}
		if s.jobs != nil {
			if _, err := s.jobs.Add(ctx, jobDestroyKeys, struct{}{}, job.Options{Unique: "keys"}); err != nil {
				return err
			}
		}
		return s.journal.Append(ctx, journal.Entry{
			Capability: "customer", Kind: "customer.erased", SubjectKind: "customer", SubjectIDs: e.Customers,
			After: jsonOf(map[string]any{"reason": reason, "records": len(e.RecordIDs)}),
		})
	})
	if err != nil {
		return nil, err
	}
	s.anchors.touch(1)
	return e, s.destroyKeys(ctx)
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
	return nil
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
