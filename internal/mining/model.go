// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"dangol/internal/mining/predict"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
)

// How often the scores of a model in use are computed anew.
const (
	Daily   = "daily"
	Weekly  = "weekly"
	Monthly = "monthly"
	Never   = "never"
)

// schedules are the pauses between refreshes, a little short so that a run that
// began late does not skip its next turn.
var schedules = map[string]time.Duration{Daily: 20 * time.Hour, Weekly: 7*24*time.Hour - 4*time.Hour, Monthly: 28*24*time.Hour - 4*time.Hour, Never: 0}

// ModelInUse is a model whose scores everybody sees: the champion, and the
// challenger that may follow it.
type ModelInUse struct {
	ID       int64              `json:"id"`
	Event    string             `json:"event"`
	Settings PredictionSettings `json:"settings"`
	Field    string             `json:"field" doc:"fields of customers begin with it: leave gives leave_band, leave_score …"`
	Champion ModelCard          `json:"champion"`
	// Challenger was learned for the same question later, or was imported.
	Challenger *ModelCard          `json:"challenger,omitempty"`
	Compared   *predict.Comparison `json:"compared,omitempty"`
	Schedule   string              `json:"schedule" enum:"daily,weekly,monthly,never"`
	ScoredAt   *time.Time          `json:"scored_at,omitempty"`
	CreatedAt  time.Time           `json:"created_at"`
	UpdatedAt  time.Time           `json:"updated_at"`
	// Latest is what the last refresh saw, Monitors all of them, oldest first.
	Latest   *Monitor  `json:"latest,omitempty"`
	Monitors []Monitor `json:"monitors,omitempty"`
	// RunID is the run that was begun with the request.
	RunID int64 `json:"run_id,omitempty"`

	champion, challenger []byte
}

// isSameQuestion says whether two settings ask for the same answer, so that
// their models can be compared.
func (s PredictionSettings) isSameQuestion(other PredictionSettings) bool {
	return s.Event == other.Event && s.Category == other.Category && s.Product == other.Product && s.HorizonDays == other.HorizonDays && s.GapDays == other.GapDays
}

// putInUse makes the model of a run the champion, or the challenger of the one
// that answers the same question.
func (s *Service) putInUse(ctx context.Context, out *Prediction, run *Run, list []scoreRow, test *people, answers []bool) error {
	saved, err := s.store.FindModel(ctx, out.Settings.Event)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	isRival := err == nil && saved.Settings.isSameQuestion(out.Settings)
	if isRival {
		champion, err := unpackModel(saved.champion)
		if err != nil {
			return err
		}
		scores := champion.Score(test.frame)
		drift := champion.Drift(test.frame, scores, answers)
		compared := predict.CompareModels(scores, out.Study.Model.Score(test.frame), answers)
		out.Drift, out.Compared = &drift, &compared
	}
	if !out.Settings.Deploy {
		return nil
	}
	packed, err := packModel(out.Study.Model)
	if err != nil {
		return err
	}
	card := s.cardOf(ctx, out, run)
	if isRival {
		out.IsChallenger = true
		saved.challenger, saved.Challenger, saved.Compared = packed, &card, out.Compared
		return s.keepModel(ctx, saved, "mining.challenger_set", card)
	}
	kind, _ := targetOfEvent(out.Settings.Event)
	if err := s.writeScores(ctx, kind.table, list); err != nil {
		return fmt.Errorf("write scores: %w", err)
	}
	now := s.db.Now(ctx)
	out.IsDeployed = true
	fresh := &ModelInUse{Event: out.Settings.Event, Settings: out.Settings, Champion: card, champion: packed, Schedule: Weekly, ScoredAt: &now}
	return s.keepModel(ctx, fresh, "mining.model_set", card)
}

// keepModel saves a model with its journal entry.
func (s *Service) keepModel(ctx context.Context, m *ModelInUse, kind string, after any) error {
	return s.db.Within(ctx, func(ctx context.Context) error {
		if err := s.store.SaveModel(ctx, m); err != nil {
			return err
		}
		return s.noteModel(ctx, kind, m, after)
	})
}

func (s *Service) noteModel(ctx context.Context, kind string, m *ModelInUse, after any) error {
	if s.journal == nil {
		return nil
	}
	text, err := json.Marshal(after)
	if err != nil {
		return err
	}
	return s.journal.Append(ctx, journal.Entry{Capability: "mining", Kind: kind, SubjectKind: "mining_model", SubjectIDs: []int64{m.ID}, After: text})
}

// ListModels returns the models in use with what their last refresh saw.
func (s *Service) ListModels(ctx context.Context) ([]*ModelInUse, error) {
	if err := auth.Check(ctx, "mining:read"); err != nil {
		return nil, err
	}
	list, err := s.store.ListModels(ctx)
	if err != nil {
		return nil, err
	}
	for _, m := range list {
		m.Latest = m.last()
		m.Monitors = nil
	}
	return list, nil
}

func (m *ModelInUse) last() *Monitor {
	if len(m.Monitors) == 0 {
		return nil
	}
	return &m.Monitors[len(m.Monitors)-1]
}

// FindModel returns the model in use for an event, with all that its refreshes
// saw. It returns fault.NotFound.
func (s *Service) FindModel(ctx context.Context, event string) (*ModelInUse, error) {
	if err := auth.Check(ctx, "mining:read"); err != nil {
		return nil, err
	}
	m, err := s.store.FindModel(ctx, event)
	if err != nil {
		return nil, err
	}
	m.Latest = m.last()
	return m, nil
}

// changing finds a model for whoever may change it.
func (s *Service) changing(ctx context.Context, event string) (*ModelInUse, error) {
	if err := auth.Check(ctx, "mining:update"); err != nil {
		return nil, err
	}
	if err := permitRuns(ctx); err != nil {
		return nil, err
	}
	return s.store.FindModel(ctx, event)
}

// SetSchedule changes how often scores are computed anew.
func (s *Service) SetSchedule(ctx context.Context, event, schedule string) (*ModelInUse, error) {
	m, err := s.changing(ctx, event)
	if err != nil {
		return nil, err
	}
	if _, known := schedules[schedule]; !known {
		return nil, bad("schedule", "daily, weekly, monthly or never")
	}
	m.Schedule = schedule
	if err := s.keepModel(ctx, m, "mining.model_scheduled", map[string]string{"schedule": schedule}); err != nil {
		return nil, err
	}
	return s.FindModel(ctx, event)
}

// Promote makes the challenger the champion and begins new scores.
func (s *Service) Promote(ctx context.Context, event string) (*ModelInUse, error) {
	m, err := s.changing(ctx, event)
	if err != nil {
		return nil, err
	}
	if m.Challenger == nil {
		return nil, fault.New(fault.Conflict, "mining.no_challenger", "There is no challenger to promote; train the model anew first.")
	}
	m.champion, m.Champion = m.challenger, *m.Challenger
	m.challenger, m.Challenger, m.Compared = nil, nil, nil
	m.Settings.Attributes, m.Settings.Drop, m.Settings.Keep = m.Champion.Settings.Attributes, m.Champion.Settings.Drop, m.Champion.Settings.Keep
	if err := s.keepModel(ctx, m, "mining.challenger_promoted", m.Champion); err != nil {
		return nil, err
	}
	return s.RefreshModel(ctx, event)
}

// Discard lets the challenger go.
func (s *Service) Discard(ctx context.Context, event string) (*ModelInUse, error) {
	m, err := s.changing(ctx, event)
	if err != nil {
		return nil, err
	}
	m.challenger, m.Challenger, m.Compared = nil, nil, nil
	if err := s.keepModel(ctx, m, "mining.challenger_discarded", m.Champion); err != nil {
		return nil, err
	}
	return s.FindModel(ctx, event)
}

// RefreshModel begins new scores by the champion, and looks at the drift.
func (s *Service) RefreshModel(ctx context.Context, event string) (*ModelInUse, error) {
	if _, err := s.changing(ctx, event); err != nil {
		return nil, err
	}
	run, err := s.begin(ctx, kindRescore, mustJSON(RescoreSettings{Event: event}), 1)
	if err != nil {
		return nil, err
	}
	m, err := s.FindModel(ctx, event)
	if err == nil {
		m.RunID = run.ID
	}
	return m, err
}

// StopModel takes a model out of use: its scores are emptied.
func (s *Service) StopModel(ctx context.Context, event string) error {
	m, err := s.changing(ctx, event)
	if err != nil {
		return err
	}
	err = s.db.Within(ctx, func(ctx context.Context) error {
		if err := s.store.DeleteModel(ctx, m.ID); err != nil {
			return err
		}
		return s.noteModel(ctx, "mining.model_stopped", m, m.Champion)
	})
	if err != nil {
		return err
	}
	kind, _ := targetOfEvent(event)
	return s.writeScores(ctx, kind.table, nil)
}

// rescore begins new scores of the models whose time has come; all of them
// after a rebuild of the warehouse.
func (s *Service) rescore(ctx context.Context, all bool) error {
	list, err := s.store.ListModels(ctx)
	if err != nil {
		return err
	}
	now := s.db.Now(ctx)
	for _, m := range list {
		pause := schedules[m.Schedule]
		isDue := pause > 0 && (m.ScoredAt == nil || now.Sub(*m.ScoredAt) >= pause)
		if !isDue && !all {
			continue
		}
		if _, err := s.begin(ctx, kindRescore, mustJSON(RescoreSettings{Event: m.Event}), 1); err != nil {
			return err
		}
	}
	return nil
}

// events are the names of all events, for messages.
func eventNames() []string {
	names := make([]string, len(targets))
	for i, t := range targets {
		names[i] = t.event
	}
	slices.Sort(names)
	return names
}
