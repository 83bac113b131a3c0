// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"dangol/internal/mining/predict"
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
	saved, err := s.store.FindModel(ctx, settings.Event)
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
	kind, _ := targetOfEvent(settings.Event)
	if err := s.writeScores(ctx, kind.table, list); err != nil {
		return nil, fmt.Errorf("write scores: %w", err)
	}
	return out, s.keepMonitor(ctx, saved, out)
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
	return s.db.Within(ctx, func(ctx context.Context) error {
		m, err := s.store.FindModel(ctx, seen.Event) // it may have changed while the scores were computed
		if err != nil {
			return err
		}
		m.ScoredAt = &out.At
		if m.Challenger != nil && out.Compared != nil {
			m.Compared = out.Compared
		}
		if err := s.store.SaveModel(ctx, m); err != nil {
			return err
		}
		if err := s.store.AddMonitor(ctx, m.ID, out); err != nil {
			return err
		}
		kind := "mining.model_scored"
		if out.ShouldRetrain {
			kind = "mining.model_drifted"
		}
		return s.noteModel(ctx, kind, m, map[string]any{"scored_on": out.ScoredOn, "scored": out.Scored, "reasons": out.Reasons})
	})
}
