// SPDX-License-Identifier: Apache-2.0

package match

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"dangol/internal/customer"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/job"
	"dangol/internal/platform/journal"
)

const (
	// linkMost is how many customers of one batch are linked as they come; a larger batch waits for a run,
	// which does it many times faster.
	linkMost = 2000
	// indexMost is how many of one batch are indexed as they come; beyond it the index is built anew.
	indexMost = 50_000
	// followSlice is how many customers are looked at in one transaction.
	followSlice = 50
	// rebuildPause lets a large import end before the index is built anew.
	rebuildPause = time.Minute
)

// Follow takes new and changed records into the live index, links what is certain and queues what is
// doubtful. It may see an entry twice: everything it does is done once.
func (s *Service) Follow(ctx context.Context, entries []journal.Entry) error {
	ctx = auth.System(ctx, "match")
	model, slot, err := s.loaded(ctx)
	if err != nil || model == nil {
		return err
	}
	for i := range entries {
		if err := s.followEntry(ctx, model, slot, &entries[i]); err != nil {
			return fmt.Errorf("follow entry %d: %w", entries[i].Seq, err)
		}
	}
	return nil
}

func brings(e *journal.Entry) bool {
	switch e.Capability {
	case "intake":
		return e.IsBulk()
	case "customer":
		return e.Kind == "customer.created" || e.Kind == "customer.updated"
	}
	return false
}

func (s *Service) followEntry(ctx context.Context, model *Model, slot string, e *journal.Entry) error {
	if e.Capability == "customer" && e.Kind == "customer.unmerged" {
		return s.learnFromUnmerge(ctx, e)
	}
	if !brings(e) {
		return nil
	}
	ids, err := s.journal.Subjects(ctx, *e)
	if err != nil {
		return err
	}
	seen := s.count(e, len(ids))
	if seen > indexMost {
		return s.fallBehind(ctx)
	}
	for part := range slices.Chunk(ids, followSlice) {
		err := s.db.WithinBulk(ctx, func(ctx context.Context) error {
			gone, err := s.customers.Store().WithdrawnSince(ctx, part, e.At)
			if err != nil {
				return err
			}
			if err := s.Forget(ctx, gone); err != nil {
				return err
			}
			return s.followCustomers(ctx, model, slot, part, seen <= linkMost)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// count tells how many customers of the entry's batch have come so far.
func (s *Service) count(e *journal.Entry, n int) int {
	if e.Batch == 0 {
		return n
	}
	s.live.mu.Lock()
	defer s.live.mu.Unlock()
	if s.live.batch != e.Batch {
		s.live.batch, s.live.seen = e.Batch, 0
	}
	s.live.seen += n
	return s.live.seen
}

func (s *Service) fallBehind(ctx context.Context) error {
	return s.db.Within(ctx, func(ctx context.Context) error {
		if err := s.store.markBehind(ctx); err != nil {
			return err
		}
		_, err := s.jobs.Add(ctx, jobIndex, struct{}{}, job.Options{Unique: "index", RunAt: s.db.Now(ctx).Add(rebuildPause)})
		return err
	})
}

// Forget drops records from both tables of the live index: the other one may be filled at the moment. Keys are
// not stored by record, so whoever erases records calls it in the same transaction, before what they say is gone.
func (s *Service) Forget(ctx context.Context, records []*customer.Record) error {
	model, _, err := s.loaded(ctx)
	if err != nil || model == nil {
		return err
	}
	keys := appendKeys(nil, model.Spec, records)
	for _, slot := range []string{"a", "b"} {
		if err := s.store.deleteKeys(ctx, slot, keys); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) followCustomers(ctx context.Context, model *Model, slot string, ids []int64, link bool) error {
	records, err := s.customers.Store().RecordsOf(ctx, ids)
	if err != nil {
		return err
	}
	var all []*customer.Record
	for _, list := range records {
		all = append(all, list...)
	}
	keys := appendKeys(nil, model.Spec, all)
	slices.SortFunc(keys, func(x, y indexKey) int { return cmp.Or(cmp.Compare(x.hash, y.hash), cmp.Compare(x.record, y.record)) })
	if err := s.store.insertKeys(ctx, slot, keys); err != nil {
		return err
	}
	if !link {
		return nil
	}
	for _, id := range ids {
		if own := records[id]; len(own) > 0 {
			if err := s.linkLive(ctx, model, slot, own); err != nil {
				return err
			}
		}
	}
	return nil
}

// linkLive looks for the customer of the newest record: one beyond doubt is merged, others are queued.
func (s *Service) linkLive(ctx context.Context, model *Model, slot string, own []*customer.Record) error {
	newest := own[len(own)-1]
	list, err := s.nearest(ctx, model, slot, newest)
	if err != nil || len(list) == 0 {
		return err
	}
	var pairs []Pair
	for _, n := range list[:min(len(list), mostFound)] {
		p, err := s.liveTry(ctx, model, own, newest, n)
		if err != nil {
			return err
		}
		if p == nil { // merged: the rest is found when somebody changes or a run comes
			return nil
		}
		if p.Remark != conflictParted {
			pairs = append(pairs, *p)
		}
	}
	return s.store.upsertPairs(ctx, pairs)
}

// liveTry merges the pair if it is beyond doubt and returns nil, else the pair to be reviewed; a pair that
// must not be linked carries the remark conflictParted.
func (s *Service) liveTry(ctx context.Context, model *Model, own []*customer.Record, newest *customer.Record, n near) (*Pair, error) {
	mine, other := newest.CustomerID, n.customerID
	p := &Pair{
		ModelID: model.ID, LowID: mine, HighID: other, LowRecord: newest.ID, HighRecord: n.record.ID,
		Weight: n.scored.Weight, Pattern: levelsText(n.scored.Levels), Remark: "live",
	}
	if mine > other {
		p.LowID, p.HighID, p.LowRecord, p.HighRecord = other, mine, p.HighRecord, p.LowRecord
	}
	parted, err := s.customers.Store().Partings(ctx, []int64{p.LowID})
	if err != nil {
		return nil, err
	}
	others, err := s.customers.Store().RecordsOf(ctx, []int64{other})
	if err != nil {
		return nil, err
	}
	if parted[[2]int64{p.LowID, p.HighID}] || clash(s.traitsOf(ctx, own), s.traitsOf(ctx, others[other])) != "" {
		p.Remark = conflictParted
		return p, nil
	}
	if n.scored.Weight < model.LinkAt {
		return p, nil
	}
	stakes, err := s.stakesOf(ctx, []int64{mine, other})
	if err != nil {
		return nil, err
	}
	if consentsClash(stakes[mine], stakes[other]) {
		p.Remark = "consent"
		return p, nil
	}
	if namesDiffer(model.Spec, func(c int) uint8 { return n.scored.Levels[c] }) {
		p.Remark = "name"
		return p, nil
	}
	done, err := s.customers.MergeMany(ctx, []customer.MergePair{{SurvivorID: p.LowID, OtherID: p.HighID, Reason: "match live"}})
	if err != nil {
		return nil, err
	}
	if !done[0] {
		p.Remark = conflictParted
		return p, nil
	}
	s.customers.Touched(2)
	return nil, nil //nolint:nilnil // nil says merged
}
