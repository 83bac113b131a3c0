// SPDX-License-Identifier: Apache-2.0

package segment

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/warehouse/image"
)

// States of a segment's evaluation.
const (
	StateFresh  = "fresh"  // members are those of the data at hand
	StateFailed = "failed" // the last evaluation failed; members are older
)

// How many customers an evaluation asked.
const (
	ScopeEverybody = "everybody"
	ScopeTouched   = "touched"
)

// Why members came or went.
const (
	causeFirst = "first" // the first evaluation: everybody is in it at once
	causeRules = "rules" // the rules were changed
	causeDay   = "day"   // a day has passed and time windows have moved
	causeData  = "data"  // the customers have changed
)

// State is how and when the members of a segment were last found out.
type State struct {
	State     string    `json:"state" enum:"fresh,failed"`
	AsOf      AsOf      `json:"as_of"`
	StartedAt time.Time `json:"started_at"`
	Micros    int64     `json:"took_us" doc:"duration of the evaluation in µs"`
	Scope     string    `json:"scope" enum:"everybody,touched"`
	Asked     int64     `json:"asked" doc:"customers that were evaluated"`
	Explain   Explain   `json:"explain"`
	// FlipsOn is the next day on which time alone may change the members, "" when never.
	FlipsOn string `json:"flips_on,omitempty"`
	Problem string `json:"problem,omitempty"`

	rulesKey string
	version  int64
}

// Size is how many members a segment had at a moment.
type Size struct {
	At      time.Time `json:"at"`
	Members int64     `json:"members"`
	Entered int64     `json:"entered"`
	Left    int64     `json:"left"`
	Cause   string    `json:"cause" enum:"first,rules,day,data"`
}

// Move is a customer who came or went.
type Move struct {
	At         time.Time `json:"at"`
	CustomerID int64     `json:"customer_id"`
	IsIn       bool      `json:"is_in"`
	Cause      string    `json:"cause" enum:"first,rules,day,data"`
}

// touching is what an image offers beside its newest state.
type touching interface {
	Touched(since int64, s *image.Snapshot) (ids []int64, tables []string, ok bool)
}

// evaluation is one segment being evaluated.
type evaluation struct {
	segment Segment
	program *Program
	rule    *image.Rule
	before  State
	isFirst bool
	after   State
	day     string
	// touched are who was asked; nil is everybody. members are those of them who are in.
	touched []int64
	members []int64
}

// Evaluate finds out who belongs to a saved segment: of those whom the
// warehouse has changed since, or of everybody where the rules or the day are
// others. It answers whether anything was asked at all.
func (s *Service) Evaluate(ctx context.Context, id int64) (bool, error) {
	ctx = auth.System(ctx, "segment")
	saved, err := s.store.Find(ctx, id)
	if err != nil {
		return false, err
	}
	e := &evaluation{segment: saved}
	if e.before, e.isFirst, err = s.store.FindState(ctx, id); err != nil {
		return false, err
	}
	if reached, ok := s.reached.Load(id); ok && reached.(State).version > e.before.version && reached.(State).rulesKey == e.before.rulesKey {
		e.before.version = reached.(State).version
	}
	started := time.Now()
	asked, err := s.evaluate(ctx, e)
	if err == nil && !asked {
		return false, nil
	}
	e.after.StartedAt, e.after.Micros = s.db.Now(ctx), time.Since(started).Microseconds()
	switch {
	case ctx.Err() != nil:
		return false, context.Cause(ctx)
	case err != nil:
		return true, s.saveFailure(ctx, e, err)
	}
	return true, s.saveMembers(ctx, e)
}

func (s *Service) evaluate(ctx context.Context, e *evaluation) (bool, error) {
	r, err := Parse(e.segment.Rules)
	if err != nil {
		return true, err
	}
	if e.program, err = s.compile(ctx, r); err != nil {
		return true, err
	}
	e.rule = e.program.Rule()
	_, at := s.cubes.Asks(ctx)
	e.day = at.Today.Format("2006-01-02")
	if e.rule.IsMoving() {
		e.after.FlipsOn = at.Today.AddDate(0, 0, 1).Format("2006-01-02")
	}
	if e.after.rulesKey, err = s.rulesKey(ctx, r, e); err != nil {
		return true, err
	}
	e.after.State, e.after.Scope = StateFresh, ScopeEverybody
	if s.images == nil {
		return s.evaluateInDuckDB(ctx, e, "there is no customer image here")
	}
	snapshot, why := s.images.Current()
	if snapshot == nil {
		return s.evaluateInDuckDB(ctx, e, why)
	}
	return s.evaluateInImage(ctx, e, snapshot)
}

func (s *Service) evaluateInImage(ctx context.Context, e *evaluation, snapshot *image.Snapshot) (bool, error) {
	position := snapshot.Position()
	e.after.version, e.after.AsOf = position.Version, AsOf{position.Seq, position.At}
	e.after.Explain = Explain{EngineImage, whyImage}
	want := image.Want{Keys: true}
	if !e.isFirst && e.before.State == StateFresh && e.before.rulesKey == e.after.rulesKey {
		if e.before.version == position.Version {
			return false, nil
		}
		if t, ok := s.images.(touching); ok {
			ids, tables, known := t.Touched(e.before.version, snapshot)
			reads := e.rule.Tables()
			if known && !slices.ContainsFunc(tables, func(name string) bool { return slices.Contains(reads, name) }) {
				e.touched, e.after.Scope, e.after.Asked = ids, ScopeTouched, int64(len(ids))
				if e.touched == nil {
					e.touched = []int64{}
				}
				want.Only, want.IsOnly = ids, true
			}
		}
	}
	found, err := snapshot.Select(ctx, e.rule, want)
	var cannot *image.Unsupported
	switch {
	case errors.As(err, &cannot):
		e.touched, e.after.Scope, e.after.Asked = nil, ScopeEverybody, 0
		return s.evaluateInDuckDB(ctx, e, cannot.Why)
	case image.IsDamaged(err):
		s.images.Damaged(err)
		return false, nil // the next round finds a new image, or DuckDB
	case err != nil:
		return true, err
	}
	e.members = found.Keys
	return true, nil
}

// duckEvery is how often DuckDB is asked for the members of a segment that the
// image cannot answer, as long as its rules stay the same.
const duckEvery = 10 * time.Minute

func (s *Service) evaluateInDuckDB(ctx context.Context, e *evaluation, why string) (bool, error) {
	if !s.reader.Ready() {
		return false, nil
	}
	position := s.reader.Position()
	same := !e.isFirst && e.before.rulesKey == e.after.rulesKey && e.before.State == StateFresh
	if same && (position.Version == e.before.version || s.db.Now(ctx).Sub(e.before.StartedAt) < duckEvery) {
		return false, nil
	}
	e.after.version, e.after.AsOf, e.after.Explain = position.Version, AsOf{position.Seq, position.At}, Explain{EngineDuckDB, why}
	var err error
	e.members, err = s.membersInDuckDB(ctx, e.program, 0, 0)
	return true, err
}

// rulesKey names what is asked: the rules, those of segments named inside, and
// the day where the answer depends on it.
func (s *Service) rulesKey(ctx context.Context, r *Rule, e *evaluation) (string, error) {
	h := sha256.New()
	var add func(r *Rule, depth int) error
	add = func(r *Rule, depth int) error {
		text, err := json.Marshal(r)
		if err != nil {
			return fmt.Errorf("read rules: %w", err)
		}
		_, _ = h.Write(append(text, 0))
		for _, id := range r.segments() {
			other, err := s.rulesOf(ctx, id)
			if err != nil {
				return err
			}
			if depth > maxDepth {
				return errTooLarge()
			}
			if err := add(other, depth+1); err != nil {
				return err
			}
		}
		return nil
	}
	if err := add(r, 0); err != nil {
		return "", err
	}
	key := hex.EncodeToString(h.Sum(nil)[:12])
	if e.after.FlipsOn != "" {
		key += " " + e.day
	}
	return key, nil
}

// segments lists the segments that the tree names itself.
func (r *Rule) segments() []int64 {
	var list []int64
	if r.ID != nil {
		list = append(list, *r.ID)
	}
	for i := range r.Rules {
		list = append(list, r.Rules[i].segments()...)
	}
	return list
}

// cause says why members are others than before.
func (e *evaluation) cause() string {
	const keySize = 24
	switch {
	case e.isFirst:
		return causeFirst
	case e.before.rulesKey == e.after.rulesKey:
		return causeData
	case len(e.before.rulesKey) > keySize && len(e.after.rulesKey) > keySize && e.before.rulesKey[:keySize] == e.after.rulesKey[:keySize]:
		return causeDay
	}
	return causeRules
}

func (s *Service) saveFailure(ctx context.Context, e *evaluation, failed error) error {
	f, isFault := fault.As(failed)
	if isFault && f.Kind == fault.Unavailable {
		return failed // the warehouse is being built: later
	}
	problem := "The members could not be found out; see the log."
	if isFault {
		problem = f.Message
	}
	if !e.isFirst && e.before.State == StateFailed && e.before.Problem == problem {
		return nil // told already
	}
	e.after.State, e.after.Problem = StateFailed, problem
	if e.after.rulesKey == "" {
		e.after.rulesKey = "?"
	}
	if e.after.Explain.Engine == "" {
		e.after.Explain.Engine = EngineDuckDB
	}
	err := s.db.Within(ctx, func(ctx context.Context) error {
		if err := s.store.SaveState(ctx, e.segment.ID, e.after); err != nil {
			return err
		}
		return s.store.SaveCount(ctx, e.segment.ID, nil, problem)
	})
	if isFault {
		return err
	}
	return errors.Join(err, failed)
}

// noteEvery is how often it is written down that nothing has changed.
const noteEvery = time.Minute

// saveMembers writes members, who came and went, and the state, all at once.
func (s *Service) saveMembers(ctx context.Context, e *evaluation) error {
	entered, left, parts, count, err := s.differences(ctx, e)
	if err != nil {
		return err
	}
	isQuiet := len(entered) == 0 && len(left) == 0 && !e.isFirst && e.before.State == StateFresh && e.before.rulesKey == e.after.rulesKey
	if isQuiet && e.after.StartedAt.Sub(e.before.StartedAt) < noteEvery {
		s.reached.Store(e.segment.ID, e.after)
		return nil
	}
	err = s.db.WithinBulk(ctx, func(ctx context.Context) error {
		for part, ids := range parts {
			if err := s.store.SavePart(ctx, e.segment.ID, part, ids); err != nil {
				return err
			}
		}
		if err := s.store.SaveState(ctx, e.segment.ID, e.after); err != nil {
			return err
		}
		if err := s.store.SaveCount(ctx, e.segment.ID, &count, ""); err != nil {
			return err
		}
		if isQuiet {
			return nil
		}
		size := Size{At: database.Time(ctx), Members: count, Entered: int64(len(entered)), Left: int64(len(left)), Cause: e.cause()}
		if err := s.store.AddSize(ctx, e.segment.ID, size); err != nil {
			return err
		}
		if e.isFirst {
			return nil
		}
		return s.tellMoves(ctx, e, entered, left)
	})
	if err == nil {
		s.reached.Delete(e.segment.ID)
	}
	return err
}

// differences compares the members found with those kept: who came, who went,
// the parts that are to be written, and the number of members.
func (s *Service) differences(ctx context.Context, e *evaluation) (entered, left []int64, parts map[int64][]int64, count int64, err error) {
	var kept map[int64][]int64
	parts = map[int64][]int64{}
	if e.touched == nil {
		if kept, err = s.store.Parts(ctx, e.segment.ID, nil); err != nil {
			return nil, nil, nil, 0, err
		}
		fresh := split(e.members)
		for part := range kept {
			if fresh[part] == nil {
				fresh[part] = []int64{}
			}
		}
		for part, ids := range fresh {
			in, out := compare(kept[part], ids)
			entered, left = append(entered, in...), append(left, out...)
			if len(in)+len(out) > 0 {
				parts[part] = ids
			}
		}
		slices.Sort(entered)
		slices.Sort(left)
		return entered, left, parts, int64(len(e.members)), nil
	}
	asked, found := split(e.touched), split(e.members)
	names := make([]int64, 0, len(asked))
	for part := range asked {
		names = append(names, part)
	}
	if kept, err = s.store.Parts(ctx, e.segment.ID, names); err != nil {
		return nil, nil, nil, 0, err
	}
	if e.segment.Count != nil {
		count = *e.segment.Count
	}
	for part, ids := range asked {
		in, out := changes(kept[part], ids, found[part])
		if len(in)+len(out) == 0 {
			continue
		}
		entered, left = append(entered, in...), append(left, out...)
		parts[part] = changed(kept[part], in, out)
	}
	slices.Sort(entered)
	slices.Sort(left)
	return entered, left, parts, count + int64(len(entered)-len(left)), nil
}

// changes finds who of those asked about is found and was not kept, and who was
// kept and is not found; all lists are ordered.
func changes(kept, asked, found []int64) (in, out []int64) {
	for _, id := range asked {
		for len(kept) > 0 && kept[0] < id {
			kept = kept[1:]
		}
		for len(found) > 0 && found[0] < id {
			found = found[1:]
		}
		was, is := len(kept) > 0 && kept[0] == id, len(found) > 0 && found[0] == id
		switch {
		case is && !was:
			in = append(in, id)
		case was && !is:
			out = append(out, id)
		}
	}
	return in, out
}

// changed is an ordered list with some more and some fewer.
func changed(list, in, out []int64) []int64 {
	next := make([]int64, 0, len(list)+len(in)-len(out))
	for _, id := range list {
		if len(out) > 0 && out[0] == id {
			out = out[1:]
			continue
		}
		next = append(next, id)
	}
	next = append(next, in...)
	slices.Sort(next)
	return next
}

func split(ids []int64) map[int64][]int64 {
	parts := map[int64][]int64{}
	for from := 0; from < len(ids); {
		part, to := ids[from]>>16, from
		for to < len(ids) && ids[to]>>16 == part {
			to++
		}
		parts[part] = ids[from:to:to]
		from = to
	}
	return parts
}

// compare finds what two ordered lists do not share.
func compare(before, after []int64) (in, out []int64) {
	i, j := 0, 0
	for i < len(before) || j < len(after) {
		switch {
		case j == len(after) || i < len(before) && before[i] < after[j]:
			out = append(out, before[i])
			i++
		case i == len(before) || after[j] < before[i]:
			in = append(in, after[j])
			j++
		default:
			i++
			j++
		}
	}
	return in, out
}
