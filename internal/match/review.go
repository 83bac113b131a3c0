// SPDX-License-Identifier: Apache-2.0

package match

import (
	"context"
	"fmt"

	"dangol/internal/customer"
	"dangol/internal/match/linkage"
	"dangol/internal/match/weight"
	"dangol/internal/platform/fault"
)

func errNoDecision(id int64) error {
	return fault.New(fault.NotFound, "match.no_decision", "There is no decision {id}, or you may not see it.", "id", id)
}

// Step is one comparison of a pair: both values, the level and what it weighs.
type Step struct {
	Field  string  `json:"field"`
	Left   string  `json:"left,omitempty"`
	Right  string  `json:"right,omitempty"`
	Level  int     `json:"level"`
	Label  string  `json:"label"`
	Weight float64 `json:"weight"`
}

// Side is one customer of a pair with what hangs on it.
type Side struct {
	Customer customer.Row  `json:"customer"`
	Records  []RecordBrief `json:"records"`
	Stake    Stake         `json:"stake"`
}

// RecordBrief is a source record in short.
type RecordBrief struct {
	ID         int64  `json:"id"`
	Source     string `json:"source"`
	SourceKey  string `json:"source_key,omitempty"`
	ReceivedAt string `json:"received_at"`
	IsCompared bool   `json:"is_compared" doc:"the record whose values were compared"`
}

// PairDetail is all that a person needs to decide about a pair.
type PairDetail struct {
	Pair
	Probability float64 `json:"probability"`
	Prior       float64 `json:"prior"`
	Left        Side    `json:"left"`
	Right       Side    `json:"right"`
	Steps       []Step  `json:"steps"`
	Conflict    string  `json:"conflict,omitempty" doc:"why the two could not be one: key, kind, person or parted"`
}

// ListPairs returns pairs of the review queue whose both customers the person may see.
func (s *Service) ListPairs(ctx context.Context, f Filter) ([]Pair, int64, error) {
	if f.Limit <= 0 {
		f.Limit = 50
	}
	list, err := s.store.listPairs(ctx, f)
	if err != nil {
		return nil, 0, err
	}
	total, err := s.store.countPairs(ctx, f)
	return list, total, err
}

// ListPatterns groups the waiting pairs by their levels, the largest group first.
func (s *Service) ListPatterns(ctx context.Context, f Filter) ([]PatternGroup, error) {
	f.Limit = 50
	return s.store.listPatterns(ctx, f)
}

// FindPair returns a pair side by side, or fault.NotFound when the person may not see both customers.
func (s *Service) FindPair(ctx context.Context, id int64) (*PairDetail, error) {
	p, err := s.store.findPair(ctx, id)
	if err != nil {
		return nil, err
	}
	rows, err := s.customers.RowsOf(ctx, "match.review", []int64{p.LowID, p.HighID})
	if err != nil {
		return nil, err
	}
	if len(rows) != 2 {
		return nil, errNoPair(id)
	}
	d := &PairDetail{Pair: p, Probability: weight.Probability(p.Weight)}
	d.Left.Customer, d.Right.Customer = rows[0], rows[1]
	if rows[0].ID != p.LowID {
		d.Left.Customer, d.Right.Customer = rows[1], rows[0]
	}
	records, err := s.customers.Store().RecordsOf(ctx, []int64{p.LowID, p.HighID})
	if err != nil {
		return nil, err
	}
	stakes, err := s.stakesOf(ctx, []int64{p.LowID, p.HighID})
	if err != nil {
		return nil, err
	}
	labels := s.customers.SourceLabels(ctx)
	d.Left.Records, d.Left.Stake = briefs(records[p.LowID], labels, p.LowRecord), stakes[p.LowID]
	d.Right.Records, d.Right.Stake = briefs(records[p.HighID], labels, p.HighRecord), stakes[p.HighID]
	return d, s.explain(ctx, d, records)
}

func briefs(records []*customer.Record, labels map[int64]string, compared int64) []RecordBrief {
	list := make([]RecordBrief, 0, len(records))
	for _, r := range records {
		list = append(list, RecordBrief{
			ID: r.ID, Source: labels[r.SourceID], ReceivedAt: r.ReceivedAt.Format("2006-01-02"), IsCompared: r.ID == compared,
		})
	}
	return list
}

// explain fills in the steps of the weight, under the model that the pair was found with.
func (s *Service) explain(ctx context.Context, d *PairDetail, records map[int64][]*customer.Record) error {
	model, err := s.store.findModel(ctx, d.ModelID)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if model.Spec.Validate() != nil {
		return nil // of an older version of the program; the values are shown all the same
	}
	left, right := recordOf(records[d.LowID], d.LowRecord), recordOf(records[d.HighID], d.HighRecord)
	if left == nil || right == nil {
		return nil // withdrawn since; the customers are shown all the same
	}
	d.Conflict = clash(s.traitsOf(ctx, records[d.LowID]), s.traitsOf(ctx, records[d.HighID]))
	scored := scoreRecords(model, left, []*customer.Record{right})[0]
	d.Prior = model.Spec.Model.PriorWeight()
	d.Steps = steps(model.Spec, scored, s.customers.Masked(ctx, left.Values), s.customers.Masked(ctx, right.Values))
	d.Weight = d.Prior // the steps below add up to it
	for i := range d.Steps {
		d.Weight += d.Steps[i].Weight
	}
	d.Probability = weight.Probability(d.Weight)
	return nil
}

func recordOf(records []*customer.Record, id int64) *customer.Record {
	for _, r := range records {
		if r.ID == id {
			return r
		}
	}
	return nil
}

// scoreRecords compares one record with others under a saved model.
func scoreRecords(model *Model, probe *customer.Record, others []*customer.Record) []linkage.Scored {
	b := linkage.NewBuilder(evidenceColumns)
	b.Add(evidenceOf(nil, &probe.Values))
	for _, r := range others {
		b.Add(evidenceOf(nil, &r.Values))
	}
	return model.Spec.Score(b.Table(), model.frequencies)
}

func steps(spec *linkage.Spec, scored linkage.Scored, left, right customer.Values) []Step {
	list := make([]Step, len(spec.Model.Comparisons))
	for i, c := range spec.Model.Comparisons {
		level := scored.Levels[i]
		list[i] = Step{Field: c.Name, Level: int(level), Label: c.Levels[level].Label, Weight: scored.Parts[i]}
		if f, ok := customer.FieldOf(c.Name); ok {
			list[i].Left, list[i].Right = left.Text[f], right.Text[f]
		}
	}
	return list
}

// traitsOf gathers what forbids links from the records of a customer.
func (s *Service) traitsOf(ctx context.Context, records []*customer.Record) *traits {
	b := &base{builder: linkage.NewBuilder(evidenceColumns), index: map[int64]uint32{}}
	unique := s.uniqueSchemes(ctx)
	for _, r := range records {
		b.add(r, nil, unique)
	}
	if len(b.traits) == 0 {
		return &traits{}
	}
	return &b.traits[0]
}

func (s *Service) uniqueSchemes(ctx context.Context) map[int64]bool {
	unique := map[int64]bool{}
	schemes, err := s.customers.Store().ListSchemes(ctx)
	if err != nil {
		return unique
	}
	for _, scheme := range schemes {
		unique[scheme.ID] = scheme.OnePerPerson
	}
	return unique
}

// Decide stores what a person says about a pair, and does it: the same are merged, the different are never
// linked again. Later only puts the pair aside.
func (s *Service) Decide(ctx context.Context, id int64, decision string) (*Decision, error) {
	var d *Decision
	err := s.db.Within(ctx, func(ctx context.Context) error {
		p, err := s.store.findPair(ctx, id)
		if err != nil {
			return err
		}
		d, err = s.decide(ctx, p, decision, "review", 0)
		return err
	})
	return d, err
}

func (s *Service) decide(ctx context.Context, p Pair, decision, via string, group int64) (*Decision, error) {
	if err := s.mayDecide(ctx, p); err != nil {
		return nil, err
	}
	d := &Decision{
		PairID: p.ID, GroupID: group, RunID: p.RunID, ModelID: p.ModelID, LowID: p.LowID, HighID: p.HighID,
		Weight: p.Weight, Pattern: p.Pattern, Decision: decision, Via: via,
	}
	switch decision {
	case Later:
		return &Decision{PairID: p.ID, Decision: Later}, s.store.setPairState(ctx, p.ID, "later")
	case Same:
		d.SurvivorID = p.LowID
		if err := s.customers.MergeReason(ctx, p.LowID, p.HighID, "match review"); err != nil {
			return nil, err
		}
	case Different:
		if err := s.customers.TellApart(ctx, p.LowID, p.HighID); err != nil {
			return nil, err
		}
	default:
		return nil, fault.New(fault.Invalid, "match.bad_decision", "A pair is same, different or later.")
	}
	if err := s.store.createDecision(ctx, d); err != nil {
		return nil, fmt.Errorf("store the decision: %w", err)
	}
	if err := s.store.setPairState(ctx, p.ID, decision); err != nil {
		return nil, err
	}
	return d, s.logDecision(ctx, "match.decided", d)
}

func (s *Service) logDecision(ctx context.Context, kind string, d *Decision) error {
	return s.log(ctx, kind, "match_pair", d.PairID, nil, map[string]any{
		"decision": d.Decision, "low_id": d.LowID, "high_id": d.HighID, "weight": d.Weight, "via": d.Via,
	})
}

// mayDecide makes sure that the pair still waits and that the person may see both customers.
func (s *Service) mayDecide(ctx context.Context, p Pair) error {
	rows, err := s.customers.RowsOf(ctx, "match.review", []int64{p.LowID, p.HighID})
	if err != nil {
		return err
	}
	if len(rows) != 2 {
		return errNoPair(p.ID)
	}
	if p.State != "open" && p.State != "later" {
		return fault.New(fault.Conflict, "match.decided", "Pair {id} was decided already ({state}); look at the history.", "id", p.ID, "state", p.State)
	}
	return nil
}

// UndoDecision takes a decision back; of decisions taken together by pattern, all of them.
func (s *Service) UndoDecision(ctx context.Context, id int64) (*Decision, error) {
	var d Decision
	err := s.db.Within(ctx, func(ctx context.Context) error {
		var err error
		if d, err = s.store.findDecision(ctx, id); err != nil {
			return err
		}
		if d.UndoneAt != nil {
			return fault.New(fault.Conflict, "match.undone", "Decision {id} was taken back already.", "id", id)
		}
		together := []Decision{d}
		if d.GroupID != 0 {
			if together, err = s.store.groupOf(ctx, d.GroupID); err != nil {
				return err
			}
		}
		for i := range together {
			if err := s.takeBack(ctx, &together[i]); err != nil {
				return err
			}
		}
		d, err = s.store.findDecision(ctx, id)
		return err
	})
	return &d, err
}

func (s *Service) takeBack(ctx context.Context, d *Decision) error {
	if err := s.mayTakeBack(ctx, d); err != nil {
		return err
	}
	switch d.Decision {
	case Same:
		other := d.HighID
		if d.SurvivorID == d.HighID {
			other = d.LowID
		}
		done, err := s.customers.Part(ctx, d.SurvivorID, other, "decision undone", false)
		if err != nil {
			return err
		}
		if !done && d.GroupID == 0 {
			return fault.New(fault.Conflict, "match.changed_since", "Customers {low} and {high} were parted or merged otherwise since; nothing was changed.", "low", d.LowID, "high", d.HighID)
		}
		s.customers.Touched(2)
	case Different:
		if err := s.customers.ForgetApart(ctx, d.LowID, d.HighID); err != nil {
			return err
		}
	}
	if err := s.store.markUndone(ctx, d.ID); err != nil {
		return err
	}
	if d.PairID != 0 { // an un-merge by hand had no pair in the queue
		if err := s.store.setPairState(ctx, d.PairID, "open"); err != nil {
			return err
		}
	}
	return s.logDecision(ctx, "match.decision_undone", d)
}

// mayTakeBack makes sure that the person may see those whom the decision is about.
func (s *Service) mayTakeBack(ctx context.Context, d *Decision) error {
	for _, id := range []int64{d.LowID, d.HighID} {
		if _, err := s.customers.Find(ctx, id); err != nil {
			return errNoDecision(d.ID)
		}
	}
	return nil
}

// Bulk is a decision about all waiting pairs with one pattern of levels.
type Bulk struct {
	Pattern  string `json:"pattern" minLength:"1" maxLength:"32"`
	Decision string `json:"decision" enum:"same,different"`
	// Expected is how many pairs were shown: another number is refused, so that nobody decides unseen.
	Expected int64    `json:"expected" minimum:"1" maximum:"2000" doc:"How many pairs were shown; another number is refused."`
	Least    *float64 `json:"least,omitempty"`
	Most     *float64 `json:"most,omitempty"`
}

// DecidePattern decides all waiting pairs with one pattern alike, in one transaction; it returns the first
// decision, whose undo takes all of them back, and how many were decided.
func (s *Service) DecidePattern(ctx context.Context, b Bulk) (first *Decision, decided int64, err error) {
	f := Filter{Pattern: b.Pattern, Least: b.Least, Most: b.Most, Order: "weight", Limit: int(b.Expected) + 1}
	err = s.db.Within(ctx, func(ctx context.Context) error {
		list, err := s.store.listPairs(ctx, f)
		if err != nil {
			return err
		}
		if int64(len(list)) != b.Expected {
			return fault.New(fault.Conflict, "match.other_count", "There are {count} such pairs by now, not {expected}; look at them again.", "count", len(list), "expected", b.Expected)
		}
		group := int64(0)
		gone := map[int64]bool{} // merged by an earlier pair of the same pattern
		for _, p := range list {
			if gone[p.LowID] || gone[p.HighID] {
				continue
			}
			d, err := s.decide(ctx, p, b.Decision, "pattern", group)
			if err != nil {
				return err
			}
			if first == nil {
				first, group = d, d.ID
				if err := s.store.setGroup(ctx, d.ID, group); err != nil {
					return err
				}
				d.GroupID = group
			}
			if b.Decision == Same {
				gone[p.HighID] = true
			}
			decided++
		}
		return nil
	})
	return first, decided, err
}

// ListDecisions returns who decided what, newest first.
func (s *Service) ListDecisions(ctx context.Context, before int64, limit int) ([]Decision, error) {
	return s.store.listDecisions(ctx, before, limit)
}
