// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
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

// isSameChampion says whether both are one model in use with one champion.
func (m *ModelInUse) isSameChampion(other *ModelInUse) bool {
	return m.ID == other.ID && bytes.Equal(m.champion, other.champion)
}

func (m *ModelInUse) challenge(packed []byte, card *ModelCard, compared *predict.Comparison) {
	m.challenger, m.Challenger, m.Compared = packed, card, compared
}

// errModelChanged says that the model in use is no longer the one that was looked at.
var errModelChanged = fault.New(fault.Conflict, "mining.model_changed", "The model in use was changed meanwhile; try again.")

// mostTries is how often work is done again because the model in use changed meanwhile.
const mostTries = 5

// again repeats work while the model in use changes under it.
func again(work func() error) error {
	var err error
	for range mostTries {
		if err = work(); !errors.Is(err, errModelChanged) {
			return err
		}
	}
	return err
}

// putInUse makes the model of a run the champion, or the challenger of the one
// that answers the same question.
func (s *Service) putInUse(ctx context.Context, out *Prediction, run *Run, list []scoreRow, test *people, answers []bool) error {
	return again(func() error {
		out.Drift, out.Compared = nil, nil
		saved, err := s.store.FindModel(ctx, out.Settings.Event)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		if err != nil {
			saved = &ModelInUse{}
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
		return s.deploy(ctx, out, saved, isRival, s.cardOf(ctx, out, run), list)
	})
}

// deploy stores the model of a run beside the one that was seen, or in its place.
func (s *Service) deploy(ctx context.Context, out *Prediction, seen *ModelInUse, isRival bool, card ModelCard, list []scoreRow) error {
	packed, err := packModel(out.Study.Model)
	if err != nil {
		return err
	}
	kind := "mining.model_set"
	if isRival {
		kind = "mining.challenger_set"
	}
	kept, err := s.keepModel(ctx, out.Settings.Event, kind, func(m *ModelInUse) (any, error) {
		if !m.isSameChampion(seen) {
			return nil, errModelChanged
		}
		if isRival {
			m.challenge(packed, &card, out.Compared)
		} else {
			*m = ModelInUse{Event: out.Settings.Event, Settings: out.Settings, Champion: card, champion: packed, Schedule: Weekly}
		}
		return card, nil
	})
	if err != nil {
		return err
	}
	if out.IsChallenger = isRival; isRival {
		return nil
	}
	out.IsDeployed = true
	if err := s.fillScores(ctx, kept, list); err != nil {
		if errors.Is(err, errModelChanged) || fault.Is(err, fault.NotFound) {
			return nil // whoever changed it sees to the scores
		}
		return err
	}
	return s.store.SetScored(ctx, kept.ID, s.db.Now(ctx))
}

// keepModel changes the model of an event, with its journal entry. The change
// sees it as the transaction that writes it does, without id where none is in use.
func (s *Service) keepModel(ctx context.Context, event, kind string, change func(m *ModelInUse) (after any, err error)) (*ModelInUse, error) {
	var kept *ModelInUse
	err := s.db.Within(ctx, func(ctx context.Context) error {
		m, err := s.store.LockModel(ctx, event)
		if fault.Is(err, fault.NotFound) {
			m, err = &ModelInUse{Event: event}, nil
		}
		if err != nil {
			return err
		}
		after, err := change(m)
		if err != nil {
			return err
		}
		if err := s.store.SaveModel(ctx, m); err != nil {
			return err
		}
		kept = m
		return s.noteModel(ctx, kind, m, after)
	})
	return kept, err
}

// changeModel is keepModel for whoever may change a model that is in use.
func (s *Service) changeModel(ctx context.Context, event, kind string, change func(m *ModelInUse) (after any, err error)) error {
	seen, err := s.changing(ctx, event)
	if err != nil {
		return err
	}
	_, err = s.keepModel(ctx, event, kind, func(m *ModelInUse) (any, error) {
		if m.ID != seen.ID { // stopped, or another took its place
			return nil, errModelChanged
		}
		return change(m)
	})
	return err
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
	err := s.changeModel(ctx, event, "mining.model_scheduled", func(m *ModelInUse) (any, error) {
		if _, known := schedules[schedule]; !known {
			return nil, bad("schedule", "daily, weekly, monthly or never")
		}
		m.Schedule = schedule
		return map[string]string{"schedule": schedule}, nil
	})
	if err != nil {
		return nil, err
	}
	return s.FindModel(ctx, event)
}

// Promote makes the challenger the champion and begins new scores.
func (s *Service) Promote(ctx context.Context, event string) (*ModelInUse, error) {
	err := s.changeModel(ctx, event, "mining.challenger_promoted", func(m *ModelInUse) (any, error) {
		if m.Challenger == nil {
			return nil, fault.New(fault.Conflict, "mining.no_challenger", "There is no challenger to promote; train the model anew first.")
		}
		m.champion, m.Champion = m.challenger, *m.Challenger
		m.challenge(nil, nil, nil)
		m.Settings.Attributes, m.Settings.Drop, m.Settings.Keep = m.Champion.Settings.Attributes, m.Champion.Settings.Drop, m.Champion.Settings.Keep
		return m.Champion, nil
	})
	if err != nil {
		return nil, err
	}
	return s.RefreshModel(ctx, event)
}

// Discard lets the challenger go.
func (s *Service) Discard(ctx context.Context, event string) (*ModelInUse, error) {
	err := s.changeModel(ctx, event, "mining.challenger_discarded", func(m *ModelInUse) (any, error) {
		m.challenge(nil, nil, nil)
		return m.Champion, nil
	})
	if err != nil {
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
	if _, err := s.changing(ctx, event); err != nil {
		return err
	}
	err := s.db.Within(ctx, func(ctx context.Context) error {
		m, err := s.store.LockModel(ctx, event)
		if err != nil {
			return err
		}
		if err := s.store.DeleteModel(ctx, m.ID); err != nil {
			return err
		}
		return s.noteModel(ctx, "mining.model_stopped", m, m.Champion)
	})
	if err != nil {
		return err
	}
	return s.emptyScores(ctx, event)
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
