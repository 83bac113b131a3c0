// SPDX-License-Identifier: Apache-2.0

package match

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"sync"

	"dangol/internal/customer"
	"dangol/internal/match/linkage"
	"dangol/internal/match/weight"
	"dangol/internal/platform/fault"
)

const (
	// mostCandidates is how many records one look-up compares at most; those of the rarest keys come first.
	mostCandidates = 100
	// mostFound is how many customers a look-up answers with at most.
	mostFound = 20
)

// liveCache holds the model of the live index, which is read once and not at every look-up.
type liveCache struct {
	mu    sync.Mutex
	model *Model
	slot  string
	// unfit is a model of an older version of the program, which answers nothing until a run has trained another.
	unfit int64
	// batch and seen count the customers of the batch that comes in at the moment.
	batch int64
	seen  int
}

// forget makes the next look-up read the model anew.
func (c *liveCache) forget() {
	c.mu.Lock()
	c.model = nil
	c.mu.Unlock()
}

// loaded returns the model of the live index and its table, nil where nothing was built yet.
func (s *Service) loaded(ctx context.Context) (*Model, string, error) {
	state, err := s.store.findIndex(ctx)
	if err != nil || state.ModelID == 0 {
		return nil, "", err
	}
	s.live.mu.Lock()
	defer s.live.mu.Unlock()
	if s.live.model != nil && s.live.model.ID == state.ModelID && s.live.slot == state.Slot {
		return s.live.model, state.Slot, nil
	}
	if s.live.unfit == state.ModelID {
		return nil, "", nil
	}
	model, err := s.store.findModel(ctx, state.ModelID)
	if fault.Is(err, fault.NotFound) {
		return nil, "", nil
	}
	if err != nil {
		return nil, "", err
	}
	if err := model.Spec.Validate(); err != nil {
		s.live.unfit = state.ModelID
		slog.Warn("match: new records are not looked for until the next run", "model_id", state.ModelID, "error", err)
		return nil, "", nil
	}
	s.live.model, s.live.slot = model, state.Slot
	return model, state.Slot, nil
}

// near is a customer that may be the one asked for, by its most alike record.
type near struct {
	customerID int64
	record     *customer.Record
	scored     linkage.Scored
}

// nearest finds the customers whose records look most like the probe, the likeliest first.
func (s *Service) nearest(ctx context.Context, model *Model, slot string, probe *customer.Record) ([]near, error) {
	ids, err := s.candidates(ctx, model, slot, probe)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	records, err := s.customers.Store().LiveRecords(ctx, ids)
	if err != nil {
		return nil, err
	}
	records = slices.DeleteFunc(records, func(r *customer.Record) bool { return r.CustomerID == probe.CustomerID })
	if len(records) == 0 {
		return nil, nil
	}
	best := map[int64]near{}
	for i, scored := range scoreRecords(model, probe, records) {
		r := records[i]
		if known, ok := best[r.CustomerID]; !ok || scored.Weight > known.scored.Weight {
			best[r.CustomerID] = near{r.CustomerID, r, scored}
		}
	}
	list := make([]near, 0, len(best))
	for _, n := range best {
		if n.scored.Weight >= model.ReviewAt {
			list = append(list, n)
		}
	}
	slices.SortFunc(list, func(x, y near) int {
		return cmp.Or(cmp.Compare(y.scored.Weight, x.scored.Weight), cmp.Compare(x.customerID, y.customerID))
	})
	return list, nil
}

// candidates are the records that share a blocking key with the probe, those of the rarest keys first.
func (s *Service) candidates(ctx context.Context, model *Model, slot string, probe *customer.Record) ([]int64, error) {
	var lists [][]int64
	for _, hash := range hashesOf(nil, model.Spec, &probe.Values) {
		holders, err := s.store.holdersOf(ctx, slot, hash)
		if err != nil {
			return nil, err
		}
		lists = append(lists, holders)
	}
	slices.SortFunc(lists, func(x, y []int64) int { return cmp.Compare(len(x), len(y)) })
	seen := map[int64]bool{probe.ID: true}
	var ids []int64
	for _, list := range lists {
		for _, id := range list {
			if !seen[id] && len(ids) < mostCandidates {
				seen[id] = true
				ids = append(ids, id)
			}
		}
	}
	return ids, nil
}

// Candidate is a customer who may be the one asked for.
type Candidate struct {
	Customer    customer.Row `json:"customer"`
	RecordID    int64        `json:"record_id"`
	Weight      float64      `json:"weight"`
	Probability float64      `json:"probability"`
	IsCertain   bool         `json:"is_certain" doc:"Would be linked without being asked."`
	Steps       []Step       `json:"steps"`
}

// Find tells which customers the values may belong to, the likeliest first. Customers out of the person's
// sight are left out without a trace.
func (s *Service) Find(ctx context.Context, given map[string]string, limit int) ([]Candidate, error) {
	model, slot, err := s.loaded(ctx)
	if err != nil || model == nil {
		return nil, err
	}
	values, err := s.customers.Read(ctx, given)
	if err != nil {
		return nil, err
	}
	probe := &customer.Record{Values: values}
	list, err := s.nearest(ctx, model, slot, probe)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	list = list[:min(len(list), mostFound)]
	ids := make([]int64, len(list))
	byID := map[int64]near{}
	for i, n := range list {
		ids[i], byID[n.customerID] = n.customerID, n
	}
	rows, err := s.customers.RowsOf(ctx, "match.find", ids)
	if err != nil {
		return nil, err
	}
	found := make([]Candidate, 0, len(rows))
	for _, row := range rows[:min(len(rows), limit)] {
		n := byID[row.ID]
		found = append(found, Candidate{
			Customer: row, RecordID: n.record.ID, Weight: n.scored.Weight, Probability: weight.Probability(n.scored.Weight),
			IsCertain: n.scored.Weight >= model.LinkAt,
			Steps:     steps(model.Spec, n.scored, values, s.customers.Masked(ctx, n.record.Values)),
		})
	}
	return found, nil
}
