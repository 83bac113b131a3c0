// SPDX-License-Identifier: Apache-2.0

package household

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"dangol/internal/dataquality"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/journal"
)

// slice is how many households one transaction writes, about 50 ms.
const slice = 300

// plan is what a search changes.
type plan struct {
	create, update []*Household
	drop           []*Household
	additions      map[int64][]Member // by confirmed household; an empty list takes old ones away
}

// Search looks through the whole base and brings the suggestions up to date; what people confirmed stays.
// It may be called again after a crash: what is right already is not written.
func (s *Service) Search(ctx context.Context, fence func(context.Context) error, progress func(done, total int64, note string)) (Summary, error) {
	var summary Summary
	started := s.db.Now(ctx)
	last, err := s.store.lastCustomer(ctx)
	if err != nil {
		return summary, err
	}
	local := started.In(s.zone)
	on := dataquality.Date{Year: local.Year(), Month: int(local.Month()), Day: local.Day()}
	people, read, err := s.store.people(ctx, on, func(done int64) { progress(done, 2*last, "read") })
	if err != nil {
		return summary, err
	}
	told, err := s.store.told(ctx)
	if err != nil {
		return summary, err
	}
	known, err := s.store.all(ctx)
	if err != nil {
		return summary, err
	}
	result := Suggest(people, told)
	summary = Summary{
		Customers: read, Placed: len(people), Pairs: result.Pairs, Households: len(result.Households),
		CrowdCount: result.CrowdCount, CrowdPeople: result.CrowdPeople, Crowded: result.Crowded, FamilyU: result.FamilyU,
	}
	for _, h := range result.Households {
		summary.People += len(h.Members)
	}
	p := compare(result.Households, known)
	summary.Created, summary.Changed, summary.Dropped = len(p.create), len(p.update), len(p.drop)
	for _, members := range p.additions {
		summary.Additions += len(members)
	}
	if err := s.carryOut(ctx, p, fence, func(done, total int64) { progress(last+done*last/max(total, 1), 2*last, "write") }); err != nil {
		return summary, err
	}
	err = s.db.Within(ctx, func(ctx context.Context) error {
		return s.store.saveRun(ctx, started, auth.From(ctx).ID, summary)
	})
	return summary, err
}

// compare finds out what has to be written so that the suggestions are what was found.
func compare(found []Found, known []*Household) plan {
	p := plan{additions: map[int64][]Member{}}
	confirmed, suggested := map[int64]*Household{}, map[int64][]*Household{}
	for _, h := range known {
		for _, m := range h.Members {
			switch {
			case h.State == Confirmed && m.State == In:
				confirmed[m.CustomerID] = h
			case h.State == Confirmed:
				p.additions[h.ID] = nil
			default:
				suggested[m.CustomerID] = append(suggested[m.CustomerID], h)
			}
		}
	}
	used := map[int64]bool{}
	for _, f := range found {
		if h := touched(f, confirmed); h != nil {
			p.addTo(h, f, confirmed)
			continue
		}
		old := bestOverlap(f, suggested, used)
		if old == nil {
			p.create = append(p.create, &Household{State: Suggested, Confidence: f.Confidence, Members: f.Members})
			continue
		}
		used[old.ID] = true
		if old.Confidence == f.Confidence && slices.EqualFunc(old.Members, f.Members, func(a, b Member) bool { return a.CustomerID == b.CustomerID }) {
			continue
		}
		changed := *old
		changed.Confidence, changed.Members = f.Confidence, f.Members
		p.update = append(p.update, &changed)
	}
	for _, h := range known {
		if h.State == Suggested && !used[h.ID] {
			p.drop = append(p.drop, h)
		}
	}
	return p
}

// touched returns the confirmed household that most of the people belong to.
func touched(f Found, confirmed map[int64]*Household) *Household {
	counts := map[*Household]int{}
	var best *Household
	for _, m := range f.Members {
		if h := confirmed[m.CustomerID]; h != nil {
			if counts[h]++; best == nil || counts[h] > counts[best] || counts[h] == counts[best] && h.ID < best.ID {
				best = h
			}
		}
	}
	return best
}

// addTo suggests the people who are in no confirmed household yet.
func (p *plan) addTo(h *Household, f Found, confirmed map[int64]*Household) {
	for _, m := range f.Members {
		if confirmed[m.CustomerID] == nil {
			p.additions[h.ID] = append(p.additions[h.ID], m)
		}
	}
}

// bestOverlap finds the suggestion that the found household continues, so that its number stays.
func bestOverlap(f Found, suggested map[int64][]*Household, used map[int64]bool) *Household {
	counts := map[*Household]int{}
	for _, m := range f.Members {
		for _, h := range suggested[m.CustomerID] {
			if !used[h.ID] {
				counts[h]++
			}
		}
	}
	var best *Household
	for h, n := range counts {
		if best == nil || cmp.Or(cmp.Compare(n, counts[best]), cmp.Compare(best.ID, h.ID)) > 0 {
			best = h
		}
	}
	return best
}

// carryOut writes the plan in slices; every customer whose household changes is named in one bulk entry.
func (s *Service) carryOut(ctx context.Context, p plan, fence func(context.Context) error, progress func(done, total int64)) error {
	type work func(ctx context.Context) (households, customers []int64, err error)
	var all []work
	for part := range slices.Chunk(p.drop, slice) {
		all = append(all, func(ctx context.Context) ([]int64, []int64, error) {
			ids, customers := idsOf(part)
			return ids, customers, s.store.remove(ctx, ids)
		})
	}
	for part := range slices.Chunk(p.update, slice) {
		all = append(all, func(ctx context.Context) ([]int64, []int64, error) {
			ids, customers := idsOf(part)
			if err := s.store.remove(ctx, ids); err != nil {
				return nil, nil, err
			}
			for _, h := range part {
				h.UpdatedAt, h.Version = database.Time(ctx), h.Version+1
			}
			return ids, customers, s.store.insert(ctx, part)
		})
	}
	for part := range slices.Chunk(p.create, slice) {
		all = append(all, func(ctx context.Context) ([]int64, []int64, error) { return s.createAll(ctx, part) })
	}
	for household, members := range p.additions {
		all = append(all, func(ctx context.Context) ([]int64, []int64, error) {
			return []int64{household}, nil, s.store.setAdditions(ctx, household, members)
		})
	}
	entry := int64(0)
	for i, do := range all {
		err := s.db.WithinBulk(ctx, func(ctx context.Context) error {
			if err := fence(ctx); err != nil {
				return err
			}
			households, customers, err := do(ctx)
			if err != nil {
				return err
			}
			entry, err = s.refreshLogged(ctx, entry, "customer.household_suggested", households, customers)
			return err
		})
		if err != nil {
			return fmt.Errorf("write households: %w", err)
		}
		progress(int64(i+1), int64(len(all)))
	}
	return nil
}

func (s *Service) createAll(ctx context.Context, part []*Household) ([]int64, []int64, error) {
	ids, err := s.db.NextIDs(ctx, "households", len(part))
	if err != nil {
		return nil, nil, err
	}
	at := database.Time(ctx)
	for i, h := range part {
		h.ID, h.CreatedAt, h.UpdatedAt, h.Version = ids[i], at, at, 1
	}
	_, customers := idsOf(part)
	return ids, customers, s.store.insert(ctx, part)
}

func idsOf(list []*Household) (households, customers []int64) {
	for _, h := range list {
		households = append(households, h.ID)
		customers = append(customers, h.ids()...)
	}
	return households, customers
}

// refreshLogged brings customers' rows up to date and names those that changed in the bulk entry, which
// is opened with the first of them.
func (s *Service) refreshLogged(ctx context.Context, entry int64, kind string, households, customers []int64) (int64, error) {
	changed, err := s.store.refresh(ctx, households, customers)
	if err != nil || len(changed) == 0 {
		return entry, err
	}
	if entry == 0 {
		entry, err = s.journal.AppendBulk(ctx, journal.Entry{Capability: "customer", Kind: kind, SubjectKind: "customer"}, nil)
		if err != nil {
			return 0, err
		}
	}
	rows := make([]journal.Change, len(changed))
	for i, id := range changed {
		rows[i] = journal.Change{CustomerID: id, Kind: kind}
	}
	return entry, s.journal.AppendChunks(ctx, entry, rows)
}
