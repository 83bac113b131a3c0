// SPDX-License-Identifier: Apache-2.0

package segment

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"dangol/internal/cube"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
	"dangol/internal/platform/warehouse"
	"dangol/internal/platform/warehouse/condition"
)

// Faces shows customers to whoever acts in ctx, masked as they may see them.
type Faces interface {
	// Faces returns the customers of the ids that the person may see, in that order.
	Faces(ctx context.Context, ids []int64) ([]Face, error)
}

// Cubes is where fields and the day come from; cube.Service is it.
type Cubes interface {
	// Asks returns the fields known at this moment and the day of relative conditions.
	Asks(ctx context.Context) (*cube.Model, condition.Moment)
	// Currency is the company's currency.
	Currency() string
}

// Options are what the capability needs from elsewhere.
type Options struct {
	// Tables are the warehouse tables, to judge single customers by the system of record.
	Tables []warehouse.Table
	Zone   *time.Location
	Faces  Faces
	People People
}

// Service answers questions about customers.
type Service struct {
	store   *store
	db      *database.DB
	journal *journal.Journal
	reader  warehouse.Reader
	cubes   Cubes
	tables  []warehouse.Table
	zone    *time.Location
	faces   Faces
	people  People
	images  Images
	lists   listCache
	counts  previewCache
	// reached is how far segments were evaluated without a change: State by id.
	reached sync.Map
}

// New makes the service.
func New(db *database.DB, j *journal.Journal, reader warehouse.Reader, cubes Cubes, opts Options) *Service {
	s := &Service{
		store: &store{db: db}, db: db, journal: j, reader: reader, cubes: cubes,
		tables: opts.Tables, zone: opts.Zone, faces: opts.Faces, people: opts.People,
	}
	if s.zone == nil {
		s.zone = time.FixedZone("Asia/Seoul", 9*60*60) // no summer time since 1988
	}
	return s
}

// Catalogue is everything that rules may speak of at this moment.
func (s *Service) Catalogue(ctx context.Context) *Catalogue {
	model, _ := s.cubes.Asks(ctx)
	return NewCatalogue(model)
}

// Compile checks rules that whoever acts in ctx asks, and makes a program of them.
func (s *Service) Compile(ctx context.Context, rules []byte) (*Program, error) {
	r, err := Parse(rules)
	if err != nil {
		return nil, err
	}
	if err := s.Catalogue(ctx).mayAsk(ctx, r); err != nil {
		return nil, err
	}
	return s.compile(ctx, r)
}

// compileSaved makes a program of rules that were checked when somebody saved them: who runs a campaign
// or looks at its members need not see in clear what the segment asks.
func (s *Service) compileSaved(ctx context.Context, rules []byte) (*Program, error) {
	r, err := Parse(rules)
	if err != nil {
		return nil, err
	}
	return s.compile(ctx, r)
}

func (s *Service) compile(ctx context.Context, r *Rule) (*Program, error) {
	model, at := s.cubes.Asks(ctx)
	at.Anniversaries = Anniversaries
	return NewCatalogue(model).Compile(ctx, r, at, s.cubes.Currency(), named{s})
}

// named finds what rules name.
type named struct{ s *Service }

// Rules returns the rules of a saved segment.
func (n named) Rules(ctx context.Context, id int64) (*Rule, error) { return n.s.rulesOf(ctx, id) }

// Listed returns the customers of a kept list.
func (n named) Listed(ctx context.Context, id int64) ([]int64, error) { return n.s.listed(ctx, id) }

// namedWith is named with the rules that one segment is about to have.
type namedWith struct {
	named
	id    int64
	rules *Rule
}

// Rules returns the rules of a saved segment.
func (n namedWith) Rules(ctx context.Context, id int64) (*Rule, error) {
	if id == n.id {
		return n.rules, nil
	}
	return n.named.Rules(ctx, id)
}

func (s *Service) rulesOf(ctx context.Context, id int64) (*Rule, error) {
	saved, err := s.store.Find(ctx, id)
	if err != nil {
		return nil, err
	}
	return Parse(saved.Rules)
}

// Count counts the customers who answer the rules, among those that whoever
// acts in ctx may see.
func (s *Service) Count(ctx context.Context, rules []byte) (int64, error) {
	p, err := s.Compile(ctx, rules)
	if err != nil {
		return 0, err
	}
	return s.count(ctx, p)
}

// List returns the segments in use.
func (s *Service) List(ctx context.Context) ([]Segment, error) {
	if err := auth.Check(ctx, "segment:read"); err != nil {
		return nil, err
	}
	list, err := s.store.List(ctx)
	if err != nil {
		return nil, err
	}
	states, err := s.store.States(ctx)
	if err != nil {
		return nil, err
	}
	for i := range list {
		if state, ok := states[list[i].ID]; ok {
			list[i].State = s.latest(list[i].ID, state)
		}
	}
	return list, nil
}

// latest is a state with what was found out since without a change.
func (s *Service) latest(id int64, state State) *State {
	if reached, ok := s.reached.Load(id); ok && reached.(State).version > state.version && reached.(State).rulesKey == state.rulesKey {
		state = reached.(State)
	}
	return &state
}

// Find returns a segment or fault.NotFound.
func (s *Service) Find(ctx context.Context, id int64) (Segment, error) {
	if err := auth.Check(ctx, "segment:read"); err != nil {
		return Segment{}, err
	}
	found, err := s.store.Find(ctx, id)
	if err != nil {
		return found, err
	}
	state, isFirst, err := s.store.FindState(ctx, id)
	if err == nil && !isFirst {
		found.State = s.latest(id, state)
	}
	return found, err
}

// FindVersion returns the rules of a segment as they were.
func (s *Service) FindVersion(ctx context.Context, id, version int64) (json.RawMessage, error) {
	return s.store.FindVersion(ctx, id, version)
}

// Create saves a segment; rules that cannot be answered are refused.
func (s *Service) Create(ctx context.Context, in Segment) (Segment, error) {
	if err := auth.Check(ctx, "segment:create"); err != nil {
		return in, err
	}
	var err error
	if in.Name, err = cleanName(in.Name); err != nil {
		return in, err
	}
	p, err := s.Compile(ctx, in.Rules)
	if err != nil {
		return in, err
	}
	if in.Origin == "" {
		in.Origin = "rules"
	}
	in.OwnerID = auth.From(ctx).ID
	if err := s.countAll(ctx, p, &in); err != nil {
		return in, err
	}
	err = s.db.Within(ctx, func(ctx context.Context) error {
		now := database.Time(ctx)
		in.CreatedAt, in.UpdatedAt, in.Version = now, now, 1
		if in.ID, err = s.store.Create(ctx, in); err != nil {
			return err
		}
		return s.log(ctx, "segment.saved", nil, &in)
	})
	return in, err
}

// Update changes a segment and keeps the rules that were.
func (s *Service) Update(ctx context.Context, id int64, patch Patch) (Segment, error) {
	if err := auth.Check(ctx, "segment:update"); err != nil {
		return Segment{}, err
	}
	var out Segment
	err := s.db.Within(ctx, func(ctx context.Context) error {
		before, err := s.store.Find(ctx, id)
		if err != nil {
			return err
		}
		if patch.Version != before.Version {
			return fault.New(fault.Conflict, "segment.changed",
				"Somebody changed the segment {name} meanwhile. Nothing was saved; look at it again.", "name", before.Name)
		}
		out = before
		if err := s.apply(ctx, &out, patch); err != nil {
			return err
		}
		out.UpdatedAt, out.Version = database.Time(ctx), before.Version+1
		if err := s.store.Update(ctx, out); err != nil {
			return err
		}
		return s.log(ctx, "segment.saved", &before, &out)
	})
	return out, err
}

func (s *Service) apply(ctx context.Context, out *Segment, patch Patch) error {
	var err error
	if patch.Name != nil {
		if out.Name, err = cleanName(*patch.Name); err != nil {
			return err
		}
	}
	if patch.Description != nil {
		out.Description = *patch.Description
	}
	if patch.Rules == nil {
		return nil
	}
	r, err := Parse(*patch.Rules)
	if err != nil {
		return err
	}
	model, at := s.cubes.Asks(ctx)
	at.Anniversaries = Anniversaries
	if !sameRules(out.Rules, r) { // a new name needs no right to see what the old rules ask
		if err := NewCatalogue(model).mayAsk(ctx, r); err != nil {
			return err
		}
	}
	// The segment itself counts as open, so that a circle through it is seen.
	p, err := NewCatalogue(model).Compile(ctx, &Rule{ID: &out.ID}, at, s.cubes.Currency(), namedWith{named{s}, out.ID, r})
	if err != nil {
		return err
	}
	out.Rules = *patch.Rules
	return s.countAll(ctx, p, out)
}

// sameRules reports whether the rules are the saved ones, however they are written.
func sameRules(saved []byte, r *Rule) bool {
	before, err := Parse(saved)
	if err != nil {
		return false
	}
	a, errA := json.Marshal(before)
	b, errB := json.Marshal(r)
	return errA == nil && errB == nil && bytes.Equal(a, b)
}

// Delete puts a segment away; one that others name is refused.
func (s *Service) Delete(ctx context.Context, id int64) error {
	if err := auth.Check(ctx, "segment:delete"); err != nil {
		return err
	}
	return s.db.Within(ctx, func(ctx context.Context) error {
		before, err := s.store.Find(ctx, id)
		if err != nil {
			return err
		}
		others, err := s.store.List(ctx)
		if err != nil {
			return err
		}
		for _, other := range others {
			if r, err := Parse(other.Rules); err == nil && r.names(id) {
				return fault.New(fault.Conflict, "segment.in_use",
					"The segment {other} is made of this one; change it first.", "other", other.Name)
			}
		}
		if err := s.store.Delete(ctx, id); err != nil {
			return err
		}
		return s.log(ctx, "segment.deleted", &before, nil)
	})
}

// names says whether the tree names a segment.
func (r *Rule) names(id int64) bool {
	if r.ID != nil && *r.ID == id {
		return true
	}
	for i := range r.Rules {
		if r.Rules[i].names(id) {
			return true
		}
	}
	return false
}

func (s *Service) log(ctx context.Context, kind string, before, after *Segment) error {
	if s.journal == nil {
		return nil
	}
	e := journal.Entry{Capability: "segment", Kind: kind, SubjectKind: "segment"}
	for _, one := range []*Segment{before, after} {
		if one != nil {
			e.SubjectIDs = []int64{one.ID}
		}
	}
	if before != nil {
		e.Before, _ = json.Marshal(before)
	}
	if after != nil {
		e.After, _ = json.Marshal(after)
	}
	return s.journal.Append(ctx, e)
}

// countAll counts the members among all customers, as lists of segments show.
func (s *Service) countAll(ctx context.Context, p *Program, out *Segment) error {
	if !s.reader.Ready() {
		return nil
	}
	n, err := s.count(auth.System(ctx, "segment"), p)
	if err != nil {
		return fmt.Errorf("count segment %s: %w", out.Name, err)
	}
	now := s.db.Now(ctx)
	out.Count, out.CountedAt, out.Problem = &n, &now, ""
	return nil
}
