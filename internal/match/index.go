// SPDX-License-Identifier: Apache-2.0

package match

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/zeebo/xxh3"

	"dangol/internal/customer"
	"dangol/internal/match/linkage"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/job"
)

const (
	// indexCap is how many records may share a key; one that more share says too little to be looked up.
	indexCap = 200
	// indexChunk is how many keys are sorted at once: 64 MB.
	indexChunk = 4_000_000
	// indexSlice is the most keys written in one transaction.
	indexSlice = 20_000
)

// indexKey is one row of the live index.
type indexKey struct{ hash, record int64 }

// hashesOf appends the hashed blocking keys of what a record says.
func hashesOf(dst []int64, spec *linkage.Spec, v *customer.Values) []int64 {
	values := evidenceOf(make([]string, 0, len(evidenceFields)), v)
	if isBlank(values) {
		return dst
	}
	for _, key := range spec.Keys(evidenceColumns, values) {
		dst = append(dst, int64(xxh3.HashString(key)))
	}
	return dst
}

// appendKeys appends the hashed blocking keys of many records, which is much cheaper than one by one.
func appendKeys(dst []indexKey, spec *linkage.Spec, records []*customer.Record) []indexKey {
	table := linkage.NewBuilder(evidenceColumns)
	var ids []int64
	values := make([]string, 0, len(evidenceFields))
	for _, r := range records {
		if values = evidenceOf(values[:0], &r.Values); !isBlank(values) {
			table.Add(values)
			ids = append(ids, r.ID)
		}
	}
	for row, keys := range spec.KeysOf(table.Table()) {
		for _, key := range keys {
			dst = append(dst, indexKey{int64(xxh3.HashString(key)), ids[row]})
		}
	}
	return dst
}

// index makes the live index fit the model in use; nothing is done where the rules are the same.
func (s *Service) index(ctx context.Context, j *job.Job, run *Run) error {
	if err := s.phase(ctx, j, run, PhaseIndex); err != nil {
		return err
	}
	return s.fitIndex(ctx, j)
}

func (s *Service) fitIndex(ctx context.Context, j *job.Job) error {
	model, err := s.store.findModel(ctx, 0)
	if err != nil {
		if fault.Is(err, fault.NotFound) {
			return nil
		}
		return err
	}
	if model.Spec.Validate() != nil {
		return nil // of an older version of the program: the next run trains another
	}
	state, err := s.store.findIndex(ctx)
	if err != nil {
		return err
	}
	if state.ModelID != 0 && !state.isBehind {
		known, err := s.store.findModel(ctx, state.ModelID)
		if err == nil && sameRules(known.Spec, model.Spec) {
			state.ModelID = model.ID
			err = s.db.Within(ctx, func(ctx context.Context) error { return s.store.saveIndex(ctx, state) })
			s.live.forget()
			return err
		}
	}
	return s.buildIndex(ctx, j, model, state)
}

// sameRules reports whether two models give every record the same blocking keys.
func sameRules(a, b *linkage.Spec) bool {
	return jsonText(a.Rules) == jsonText(b.Rules) && slices.Equal(a.Kinds, b.Kinds)
}

// builder fills the table that does not answer at the moment.
type builder struct {
	s     *Service
	j     *job.Job
	slot  string
	chunk []indexKey
	state indexState
}

func (s *Service) buildIndex(ctx context.Context, j *job.Job, model *Model, old indexState) error {
	b := &builder{s: s, j: j, slot: otherSlot(old.Slot), state: indexState{ModelID: model.ID}}
	b.state.Slot = b.slot
	if err := s.db.WithinBulk(ctx, func(ctx context.Context) error { return s.store.clearKeys(ctx, b.slot) }); err != nil {
		return err
	}
	reader := s.customers.Store()
	total, err := reader.CountLive(ctx)
	if err != nil {
		return err
	}
	after := int64(0)
	for {
		page, err := reader.LiveAfter(ctx, after, readPage)
		if err != nil {
			return err
		}
		if len(page) > 0 {
			after = page[len(page)-1].ID
		}
		b.add(model.Spec, page)
		if len(page) < readPage || len(b.chunk) >= indexChunk {
			if err := b.flush(ctx); err != nil {
				return err
			}
		}
		if len(page) < readPage {
			break
		}
		j.Progress(ctx, b.state.Records, total, string(PhaseIndex))
	}
	return b.finish(ctx, model.Spec, after, old)
}

func (b *builder) add(spec *linkage.Spec, page []*customer.Record) {
	b.chunk = appendKeys(b.chunk, spec, page)
	b.state.Records += int64(len(page))
}

// flush writes the chunk in the order of the index, which is many times faster than at random, and leaves
// a mark in place of keys that too many share.
func (b *builder) flush(ctx context.Context) error {
	keys := thinned(b.chunk)
	pacer := b.s.db.NewPacer(indexSlice)
	for len(keys) > 0 {
		if err := context.Cause(ctx); err != nil {
			return err
		}
		n := min(len(keys), max(pacer.Rows(), 1000))
		err := b.s.db.WithinBulk(ctx, func(ctx context.Context) error {
			started := time.Now()
			if err := b.j.Fence(ctx); err != nil {
				return err
			}
			err := b.s.store.insertKeys(ctx, b.slot, keys[:n])
			pacer.Done(n, time.Since(started))
			return err
		})
		if err != nil {
			return fmt.Errorf("write the live index: %w", err)
		}
		b.state.Keys += int64(n)
		keys = keys[n:]
	}
	b.chunk = b.chunk[:0]
	return nil
}

func thinned(keys []indexKey) []indexKey {
	slices.SortFunc(keys, func(x, y indexKey) int {
		return cmp.Or(cmp.Compare(x.hash, y.hash), cmp.Compare(x.record, y.record))
	})
	kept := keys[:0]
	for from := 0; from < len(keys); {
		to := from + 1
		for to < len(keys) && keys[to].hash == keys[from].hash {
			to++
		}
		if to-from > indexCap {
			kept = append(kept, indexKey{keys[from].hash, 0})
		} else {
			kept = append(kept, keys[from:to]...)
		}
		from = to
	}
	return slices.Compact(kept)
}

// finish takes in what came meanwhile and lets the new table answer, in one transaction.
func (b *builder) finish(ctx context.Context, spec *linkage.Spec, after int64, old indexState) error {
	err := b.s.db.WithinBulk(ctx, func(ctx context.Context) error {
		late, err := b.s.customers.Store().LiveAfter(ctx, after, 1<<20)
		if err != nil {
			return err
		}
		b.add(spec, late)
		if err := b.s.store.insertKeys(ctx, b.slot, thinned(b.chunk)); err != nil {
			return err
		}
		return b.s.store.saveIndex(ctx, b.state)
	})
	if err != nil {
		return fmt.Errorf("switch the live index: %w", err)
	}
	b.s.live.forget()
	if old.Slot == "" {
		return nil
	}
	return b.s.db.WithinBulk(ctx, func(ctx context.Context) error { return b.s.store.clearKeys(ctx, old.Slot) })
}
