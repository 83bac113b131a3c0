// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/job"
)

// GoldenRules are all rules that choose the values of golden records.
type GoldenRules struct {
	Criteria map[string]string `json:"criteria,omitempty" doc:"by field, * for all others: validity, trust, recency, completeness in the order of use"`
	Trust    map[string]int    `json:"trust,omitempty" doc:"by number of the source, 0 to 100"`
}

// The states of a draft of rules.
const (
	DraftNew      = "new"
	DraftRunning  = "simulating"
	DraftReady    = "simulated"
	DraftApplying = "applying"
	DraftApplied  = "applied"
	DraftUndoing  = "undoing"
	DraftUndone   = "undone"
)

// RuleDraft is a change of the rules that is tried out before it is applied, and can be taken back.
type RuleDraft struct {
	ID        int64       `json:"id"`
	State     string      `json:"state" enum:"new,simulating,simulated,applying,applied,undoing,undone"`
	Rules     GoldenRules `json:"rules"`
	Before    GoldenRules `json:"before" doc:"the rules that held when it was applied"`
	Result    *Simulation `json:"result,omitempty"`
	JobID     int64       `json:"job_id,omitempty"`
	CreatedBy int64       `json:"created_by"`
	CreatedAt time.Time   `json:"created_at"`
	UpdatedAt time.Time   `json:"updated_at"`
}

// Simulation is what a change of rules would do. It holds numbers, no values.
type Simulation struct {
	Customers int64           `json:"customers" doc:"looked at: those with several records"`
	Changed   int64           `json:"changed" doc:"customers with another value in at least one field"`
	Fields    []FieldMovement `json:"fields"`
	Samples   []int64         `json:"-"`
}

// FieldMovement counts values of a field that would come from another source.
type FieldMovement struct {
	Field string `json:"field"`
	From  int64  `json:"from" doc:"number of the source; 0: no value"`
	To    int64  `json:"to"`
	Count int64  `json:"count"`
}

// FindGoldenRules returns the rules that hold now.
func (s *Service) FindGoldenRules(ctx context.Context) (GoldenRules, error) {
	rules := GoldenRules{Criteria: map[string]string{}, Trust: map[string]int{}}
	list, err := s.store.ListSurvivorship(ctx)
	if err != nil {
		return rules, err
	}
	for _, rule := range list {
		rules.Criteria[rule.Field] = rule.Criteria
	}
	sources, err := s.store.ListSources(ctx)
	if err != nil {
		return rules, err
	}
	for _, source := range sources {
		rules.Trust[fmt.Sprint(source.ID)] = source.Trust
	}
	return rules, nil
}

// complete checks rules and fills what is left out from those that hold now.
func (s *Service) complete(ctx context.Context, rules GoldenRules) (GoldenRules, error) {
	now, err := s.FindGoldenRules(ctx)
	if err != nil {
		return rules, err
	}
	if rules.Criteria == nil {
		rules.Criteria = now.Criteria
	}
	for field, criteria := range rules.Criteria {
		if field != "*" && !s.isField(ctx, field) {
			return rules, errUnknownField(field)
		}
		if _, err := ParseCriteria(criteria); err != nil {
			return rules, err
		}
	}
	if rules.Criteria["*"] == "" {
		return rules, errUnknownField("*")
	}
	trust := maps.Clone(now.Trust)
	for id, n := range rules.Trust {
		if _, known := trust[id]; !known {
			return rules, errNoSource(id)
		}
		if n < 0 || n > 100 {
			return rules, fault.New(fault.Invalid, "customer.bad_trust", "Trust is a number from 0 to 100.")
		}
		trust[id] = n
	}
	rules.Trust = trust
	return rules, nil
}

// survivorship makes the rules usable.
func (r GoldenRules) survivorship() (*Survivorship, error) {
	criteria, trust := map[string][]Criterion{}, map[int64]int{}
	for field, text := range r.Criteria {
		list, err := ParseCriteria(text)
		if err != nil {
			return nil, err
		}
		criteria[field] = list
	}
	for id, n := range r.Trust {
		var source int64
		if _, err := fmt.Sscan(id, &source); err != nil {
			return nil, errNoSource(id)
		}
		trust[source] = n
	}
	return NewSurvivorship(criteria, trust), nil
}

// Simulate tries rules out on the whole base in the background.
func (s *Service) Simulate(ctx context.Context, rules GoldenRules) (*RuleDraft, error) {
	var draft *RuleDraft
	err := s.db.Within(ctx, func(ctx context.Context) error {
		rules, err := s.complete(ctx, rules)
		if err != nil {
			return err
		}
		draft = &RuleDraft{State: DraftRunning, Rules: rules, CreatedBy: auth.From(ctx).ID, CreatedAt: database.Time(ctx), UpdatedAt: database.Time(ctx)}
		if draft.ID, err = s.db.NextID(ctx, "rule_drafts"); err != nil {
			return err
		}
		if draft.JobID, err = s.jobs.Add(ctx, jobSimulate, draftArgs{draft.ID}, job.Options{PersonID: draft.CreatedBy}); err != nil {
			return err
		}
		return s.store.insertDraft(ctx, draft)
	})
	return draft, err
}

const (
	// simulatePage is how many customers with several records are tried at once.
	simulatePage = 500
	// simulateSamples is how many changed customers are shown.
	simulateSamples = 40
)

// simulate computes the golden rows by other rules and counts the differences.
func (s *Service) simulate(ctx context.Context, rules GoldenRules, progress func(done, total int64)) (*Simulation, error) {
	by, err := rules.survivorship()
	if err != nil {
		return nil, err
	}
	last, err := s.store.lastCustomer(ctx)
	if err != nil {
		return nil, err
	}
	result := &Simulation{Fields: []FieldMovement{}}
	moves := map[FieldMovement]int64{}
	random := rand.New(rand.NewPCG(1, 2)) // the same samples for the same rules
	for after := int64(0); ; {
		ids, err := s.store.severalAfter(ctx, after, simulatePage)
		if err != nil {
			return nil, err
		}
		if len(ids) == 0 {
			break
		}
		after = ids[len(ids)-1]
		customers, records, err := s.loadAll(ctx, ids)
		if err != nil {
			return nil, err
		}
		for _, c := range customers {
			result.Customers++
			changed := tryRules(by, c, records[c.ID], moves)
			if !changed {
				continue
			}
			result.Changed++
			if len(result.Samples) < simulateSamples {
				result.Samples = append(result.Samples, c.ID)
			} else if at := random.Int64N(result.Changed); at < simulateSamples {
				result.Samples[at] = c.ID
			}
		}
		progress(after, last)
	}
	for move, n := range moves {
		move.Count = n
		result.Fields = append(result.Fields, move)
	}
	slices.SortFunc(result.Fields, func(a, b FieldMovement) int {
		if a.Count != b.Count {
			return int(b.Count - a.Count)
		}
		return compareMoves(a, b)
	})
	return result, nil
}

func (s *Service) loadAll(ctx context.Context, ids []int64) ([]*Customer, map[int64][]*Record, error) {
	customers, err := s.store.LoadCustomers(ctx, ids)
	if err != nil {
		return nil, nil, err
	}
	slices.SortFunc(customers, func(a, b *Customer) int { return int(a.ID - b.ID) })
	records, err := s.store.RecordsOf(ctx, ids)
	return customers, records, err
}

func compareMoves(a, b FieldMovement) int {
	switch {
	case a.Field != b.Field && a.Field < b.Field, a.Field == b.Field && (a.From < b.From || a.From == b.From && a.To < b.To):
		return -1
	case a == b:
		return 0
	}
	return 1
}

// tryRules counts the values that would change and reports whether any would.
func tryRules(by *Survivorship, c *Customer, records []*Record, moves map[FieldMovement]int64) bool {
	values, provenance := by.goldenRow(records, c.Pins)
	was, is := difference(c, &Customer{Values: values, AliasOf: c.AliasOf, Hidden: c.Hidden})
	source := map[int64]int64{}
	for _, r := range records {
		source[r.ID] = r.SourceID
	}
	for name := range is {
		move := FieldMovement{Field: name}
		if was[name] != nil {
			move.From = source[c.Provenance.Of(name).RecordID]
		}
		if is[name] != nil {
			move.To = source[provenance.Of(name).RecordID]
		}
		moves[move]++
	}
	return len(is) > 0
}

// goldenRow is Golden with the kind that a row without one is stored with.
func (s *Survivorship) goldenRow(records []*Record, pins map[string]int64) (Values, Provenance) {
	values, provenance := s.Golden(records, pins)
	if values.Text[KindField] == "" {
		values.Text[KindField] = Kinds[0]
	}
	return values, provenance
}

// ApplyDraft makes the rules of a draft hold and computes everybody anew in the background.
func (s *Service) ApplyDraft(ctx context.Context, id int64) (*RuleDraft, error) {
	return s.switchRules(ctx, id, DraftReady, DraftApplying)
}

// UndoDraft puts the rules back that held before a draft was applied, and computes everybody anew in the
// background: golden records follow from rules, so that edits and merges made since stay.
func (s *Service) UndoDraft(ctx context.Context, id int64) (*RuleDraft, error) {
	return s.switchRules(ctx, id, DraftApplied, DraftUndoing)
}

func (s *Service) switchRules(ctx context.Context, id int64, from, to string) (*RuleDraft, error) {
	var draft *RuleDraft
	err := s.db.Within(ctx, func(ctx context.Context) error {
		var err error
		if draft, err = s.store.findDraft(ctx, id); err != nil {
			return err
		}
		if draft.State != from {
			return fault.New(fault.Conflict, "customer.draft_state", "These rules are {state} and cannot be {to} now; load the page again.", "state", draft.State, "to", to)
		}
		now, err := s.FindGoldenRules(ctx)
		if err != nil {
			return err
		}
		rules := draft.Rules
		if to == DraftUndoing {
			if !maps.Equal(now.Criteria, draft.Rules.Criteria) || !maps.Equal(now.Trust, draft.Rules.Trust) {
				return fault.New(fault.Conflict, "customer.rules_changed_since", "The rules were changed again after that; take back the later change first.")
			}
			rules = draft.Before
		} else {
			draft.Before = now
		}
		if err := s.putRules(ctx, now, rules); err != nil {
			return err
		}
		draft.State, draft.UpdatedAt = to, database.Time(ctx)
		if draft.JobID, err = s.jobs.Add(ctx, jobApply, draftArgs{id}, job.Options{PersonID: auth.From(ctx).ID}); err != nil {
			return err
		}
		if err := s.store.updateDraft(ctx, draft); err != nil {
			return err
		}
		return s.logRule(ctx, "customer.rules_"+to, id, rules)
	})
	s.rules.forget()
	return draft, err
}

// putRules writes those rules that differ.
func (s *Service) putRules(ctx context.Context, now, rules GoldenRules) error {
	for field := range now.Criteria {
		if _, kept := rules.Criteria[field]; !kept {
			if err := s.store.SaveSurvivorship(ctx, SurvivorshipRule{Field: field}); err != nil {
				return err
			}
		}
	}
	for field, criteria := range rules.Criteria {
		if now.Criteria[field] != criteria {
			if err := s.store.SaveSurvivorship(ctx, SurvivorshipRule{Field: field, Criteria: criteria}); err != nil {
				return err
			}
		}
	}
	sources, err := s.store.ListSources(ctx)
	if err != nil {
		return err
	}
	for _, source := range sources {
		if trust, ok := rules.Trust[fmt.Sprint(source.ID)]; ok && trust != source.Trust {
			source.Trust = trust
			if err := s.store.UpdateSource(ctx, source); err != nil {
				return err
			}
		}
	}
	return nil
}

type draftArgs struct {
	DraftID int64 `json:"draft_id"`
}

func (s *Service) simulateJob(ctx context.Context, j *job.Job) error {
	return s.draftJob(ctx, j, func(ctx context.Context, draft *RuleDraft) error {
		var err error
		draft.Result, err = s.simulate(ctx, draft.Rules, func(done, total int64) { j.Progress(ctx, done, total, "") })
		draft.State = DraftReady
		return err
	})
}

func (s *Service) applyJob(ctx context.Context, j *job.Job) error {
	return s.draftJob(ctx, j, func(ctx context.Context, draft *RuleDraft) error {
		after := map[string]string{DraftApplying: DraftApplied, DraftUndoing: DraftUndone}[draft.State]
		if after == "" {
			return nil
		}
		draft.State = after
		return s.RecomputeAll(ctx, j.Fence, func(done, total int64) { j.Progress(ctx, done, total, "") })
	})
}

func (s *Service) draftJob(ctx context.Context, j *job.Job, do func(context.Context, *RuleDraft) error) error {
	var args draftArgs
	if err := j.Decode(&args); err != nil {
		return err
	}
	ctx = auth.System(ctx, "golden rules")
	draft, err := s.store.findDraft(ctx, args.DraftID)
	if err != nil {
		return err
	}
	if err := do(ctx, draft); err != nil {
		return err
	}
	return s.db.Within(ctx, func(ctx context.Context) error {
		draft.UpdatedAt = database.Time(ctx)
		return s.store.updateDraft(ctx, draft)
	})
}
