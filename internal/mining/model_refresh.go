// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"dangol/internal/mining/predict"
	"dangol/internal/platform/fault"
)

// kindRescore is the run that scores everybody anew by a model in use.
const kindRescore = "rescore"

// RescoreSettings name the event of the model.
type RescoreSettings struct {
	Event string `json:"event"`
}

func parseRescore(raw json.RawMessage) (RescoreSettings, error) {
	var s RescoreSettings
	if err := json.Unmarshal(raw, &s); err != nil {
		return s, bad("settings", "an object with event")
	}
	if _, known := targetOfEvent(s.Event); !known {
		return s, bad("event", strings.Join(eventNames(), ", "))
	}
	return s, nil
}

func checkRescore(raw json.RawMessage) error {
	_, err := parseRescore(raw)
	return err
}

// Monitor is what a refresh of scores saw.
type Monitor struct {
	At       time.Time `json:"at"`
	ScoredOn string    `json:"scored_on"`
	Scored   int       `json:"scored"`
	// Now is how the customers of today differ from those learned from; nobody
	// knows yet what they will do.
	Now predict.Drift `json:"now"`
	// Past is the latest time whose answers are known, from SeenFrom to ScoredOn:
	// what was predicted against what was seen. Missing when nobody was in it.
	SeenFrom string         `json:"seen_from,omitempty"`
	Past     *predict.Drift `json:"past,omitempty"`
	Bands    []ScoreBand    `json:"bands"`
	// ShouldRetrain is what both say together, and Reasons why.
	ShouldRetrain bool                `json:"should_retrain"`
	Reasons       []string            `json:"reasons"`
	Compared      *predict.Comparison `json:"compared,omitempty"`
}

// runRescore scores everybody by the champion and looks whether the model still
// fits: stability of columns and scores, calibration and rate of yeses.
func (s *Service) runRescore(ctx context.Context, run *Run, tell progress) (any, error) {
	settings, err := parseRescore(run.Settings)
	if err != nil {
		return nil, err
	}
	var out *Monitor
	err = again(func() error {
		out, err = s.refreshScores(ctx, settings.Event, tell)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// refreshScores is one try of runRescore: errModelChanged when another champion came meanwhile.
func (s *Service) refreshScores(ctx context.Context, event string, tell progress) (*Monitor, error) {
	saved, err := s.store.FindModel(ctx, event)
	if err != nil {
		return nil, err
	}
	model, err := unpackModel(saved.champion)
	if err != nil {
		return nil, err
	}
	today, err := s.scoreDay(ctx, "")
	if err != nil {
		return nil, err
	}
	now, err := s.known(ctx, saved.Settings, today)
	if err != nil {
		return nil, err
	}
	tell(2, 10)
	list, order := rankScores(model, now)
	names, err := s.namesOf(ctx, saved.Settings.Attributes)
	if err != nil {
		return nil, err
	}
	if _, err := explain(ctx, model, now, order, list, model.Seed, names, func(ScoredOne) {}); err != nil {
		return nil, err
	}
	tell(6, 10)
	out := &Monitor{At: s.db.Now(ctx), ScoredOn: today.Format(isoDate), Scored: len(list), Bands: bandsOf(list)}
	out.Now = model.Drift(now.frame, model.Score(now.frame), nil)
	if err := s.lookBack(ctx, saved, model, today, out); err != nil {
		return nil, err
	}
	tell(9, 10)
	if err := s.fillScores(ctx, saved, list); err != nil {
		return nil, err
	}
	err = s.keepMonitor(ctx, saved, out)
	if fault.Is(err, fault.NotFound) { // stopped while they were written
		err = errors.Join(err, s.emptyScores(ctx, event))
	}
	return out, err
}

// fillScores writes the scores of a champion that is still in use; else it
// returns errModelChanged or fault.NotFound and writes nothing.
func (s *Service) fillScores(ctx context.Context, seen *ModelInUse, list []scoreRow) error {
	s.scoring.Lock()
	defer s.scoring.Unlock()
	m, err := s.store.FindModel(ctx, seen.Event)
	if err != nil {
		return err
	}
	if !m.isSameChampion(seen) {
		return errModelChanged
	}
	kind, _ := targetOfEvent(seen.Event)
	if err := s.writeScores(ctx, kind.table, list); err != nil {
		return fmt.Errorf("write scores: %w", err)
	}
	return nil
}

// emptyScores empties the scores of an event, unless a model is in use.
func (s *Service) emptyScores(ctx context.Context, event string) error {
	s.scoring.Lock()
	defer s.scoring.Unlock()
	_, err := s.store.FindModel(ctx, event)
	if !fault.Is(err, fault.NotFound) {
		return err
	}
	kind, _ := targetOfEvent(event)
	return s.writeScores(ctx, kind.table, nil)
}

// lookBack compares what the models would have said a horizon ago with what was seen since.
func (s *Service) lookBack(ctx context.Context, saved *ModelInUse, model *predict.Model, today time.Time, out *Monitor) error {
	_, w := saved.Settings.windows(today)
	past, answers, err := s.labelled(ctx, saved.Settings, w, model.Seed)
	if err != nil {
		return err
	}
	out.Reasons = saved.reasonsThatMatter(out.Now)
	if len(answers) > 0 {
		scores := model.Score(past.frame)
		drift := model.Drift(past.frame, scores, answers)
		out.SeenFrom, out.Past = w.from.Format(isoDate), &drift
		for _, reason := range saved.reasonsThatMatter(drift) {
			if !slices.Contains(out.Reasons, reason) {
				out.Reasons = append(out.Reasons, reason)
			}
		}
		if saved.challenger != nil {
			challenger, err := unpackModel(saved.challenger)
			if err != nil {
				return err
			}
			compared := predict.CompareModels(scores, challenger.Score(past.frame), answers)
			out.Compared = &compared
		}
	}
	out.ShouldRetrain = len(out.Reasons) > 0
	if out.Reasons == nil {
		out.Reasons = []string{}
	}
	return nil
}

// reasonsThatMatter leaves out that columns have moved when the model hardly
// listens to them: customers grow older by themselves.
func (m *ModelInUse) reasonsThatMatter(d predict.Drift) []string {
	const hardly = 0.002 // of AUC, lost when the column is shuffled
	return slices.DeleteFunc(slices.Clone(d.Reasons), func(reason string) bool {
		return reason == predict.ColumnsMoved && !slices.ContainsFunc(d.Columns, func(c predict.Stability) bool {
			return c.HasChanged() && slices.ContainsFunc(m.Champion.Columns, func(one CardColumn) bool { return one.Name == c.Column && one.Loss >= hardly })
		})
	})
}

// keepMonitor saves what was seen; a model that no longer fits is told in the journal.
func (s *Service) keepMonitor(ctx context.Context, seen *ModelInUse, out *Monitor) error {
	kind := "mining.model_scored"
	if out.ShouldRetrain {
		kind = "mining.model_drifted"
	}
	return s.db.Within(ctx, func(ctx context.Context) error {
		m, err := s.keepModel(ctx, seen.Event, kind, func(m *ModelInUse) (any, error) {
			if !m.isSameChampion(seen) { // while its scores were written
				return nil, errModelChanged
			}
			m.ScoredAt = &out.At
			if m.Challenger != nil && out.Compared != nil && bytes.Equal(m.challenger, seen.challenger) {
				m.Compared = out.Compared
			}
			return map[string]any{"scored_on": out.ScoredOn, "scored": out.Scored, "reasons": out.Reasons}, nil
		})
		if err != nil {
			return err
		}
		return s.store.AddMonitor(ctx, m.ID, out)
	})
}
