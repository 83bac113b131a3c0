// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"dangol/internal/dataquality"
	"dangol/internal/mining/predict"
	"dangol/internal/platform/fault"
)

// kindPrediction is the run that predicts what customers will do.
const kindPrediction = "prediction"

// PredictionSettings say what is to be predicted.
type PredictionSettings struct {
	Event    string `json:"event" enum:"stops,buys,answers,refuses,returns"`
	Category string `json:"category,omitempty"` // that is bought
	Product  string `json:"product,omitempty"`  // that is bought, instead of a category
	// HorizonDays is how long the answer is waited for, GapDays the time to act
	// between the day that is known and the first day that counts.
	HorizonDays int    `json:"horizon_days"`
	GapDays     int    `json:"gap_days,omitempty"`
	Model       string `json:"model,omitempty" enum:"auto,logistic,tree,forest,boost,mlp,"`
	// Attributes are custom attributes to learn from; they are known as of today
	// only. Drop are columns to leave out, Keep those to use although they look
	// as if they gave the answer away.
	Attributes []string `json:"attributes,omitempty"`
	Drop       []string `json:"drop,omitempty"`
	Keep       []string `json:"keep,omitempty"`
	// Gain is what a yes brings and Cost what acting on somebody costs, in minor
	// units, for the curve of profit.
	Gain int64 `json:"gain,omitempty"`
	Cost int64 `json:"cost,omitempty"`
	// Deploy puts the model in use: its scores are written where list, segment,
	// pivot and the customer's page find them. Beside a model in use that
	// answers the same question it stands as a challenger.
	Deploy bool `json:"deploy"`
	// At is the day of the scores, ISO; empty is the day after the last purchase.
	At string `json:"at,omitempty"`
}

const (
	leastHorizon = 7
	mostHorizon  = 730
	mostGap      = 180
	mostMoney    = 1_000_000_000_000
	// learnRows are enough to learn from; more customers are sampled.
	learnRows = 60_000
	// reasonRows is up to how many customers get reasons, those with the highest
	// scores first; deep forests allow fewer, within reasonSteps.
	reasonRows  = 200_000
	reasonSteps = 4e9
)

func parsePrediction(raw json.RawMessage) (PredictionSettings, error) {
	s := PredictionSettings{HorizonDays: 90, Model: string(predict.Auto)}
	if err := json.Unmarshal(raw, &s); err != nil {
		return s, bad("settings", "an object with event, horizon_days and category")
	}
	if s.Model == "" {
		s.Model = string(predict.Auto)
	}
	if missing, isAbsent := absent[s.Event]; isAbsent {
		return s, fault.New(fault.Invalid, "mining.no_data_for_event", "{missing}", "missing", missing.En)
	}
	_, known := targetOfEvent(s.Event)
	switch {
	case !known:
		return s, bad("event", "stops, buys, answers, refuses or returns")
	case s.Event == EventBuys && (s.Category == "") == (s.Product == ""):
		return s, bad("category", "the category of products that is bought, or give product instead")
	case s.HorizonDays < leastHorizon || s.HorizonDays > mostHorizon:
		return s, bad("horizon_days", fmt.Sprintf("%d to %d", leastHorizon, mostHorizon))
	case s.GapDays < 0 || s.GapDays > mostGap:
		return s, bad("gap_days", fmt.Sprintf("0 to %d", mostGap))
	case s.Gain < 0 || s.Cost < 0 || s.Gain > mostMoney || s.Cost > mostMoney:
		return s, bad("gain", "0 or more")
	case s.Model != string(predict.Auto) && !slices.Contains(predict.Families[1:], predict.Family(s.Model)):
		return s, bad("model", "auto, logistic, tree, forest, boost or mlp")
	}
	if _, err := time.Parse(isoDate, s.At); s.At != "" && err != nil {
		return s, bad("at", "a date like 2026-11-21")
	}
	return s, nil
}

func checkPrediction(raw json.RawMessage) error {
	_, err := parsePrediction(raw)
	return err
}

// Prediction is what such a run found.
type Prediction struct {
	Settings PredictionSettings `json:"settings"`
	// The time line: learned from what was known on LearnedOn and what happened
	// up to TestedOn; tested from there to ScoredOn; scored as of ScoredOn. Of each
	// step the first GapDays of the settings do not count.
	LearnedOn string `json:"learned_on"`
	TestedOn  string `json:"tested_on"`
	ScoredOn  string `json:"scored_on"`
	// FirstOn is the first day that anything is known of.
	FirstOn string         `json:"first_on"`
	Study   *predict.Study `json:"study"`
	Scored  int            `json:"scored"`
	Bands   []ScoreBand    `json:"bands"`
	Best    []ScoredOne    `json:"best"` // customers with the highest scores
	// Explained is how many customers, from the highest score on, got reasons.
	Explained int `json:"explained"`
	// Compared is how the new model did against the one in use, on the same test.
	Compared   *predict.Comparison `json:"compared,omitempty"`
	Drift      *predict.Drift      `json:"drift,omitempty"` // of the one in use
	Currency   string              `json:"currency"`
	Labels     map[string][]string `json:"labels" doc:"columns in Korean and English"`
	IsDeployed bool                `json:"is_deployed"`
	// IsChallenger says that the model stands beside the one in use.
	IsChallenger bool `json:"is_challenger"`
}

// ScoreBand is a third of interest: high, middle, low.
type ScoreBand struct {
	Band      string  `json:"band"`
	Customers int     `json:"customers"`
	Mean      float64 `json:"mean_score"`
}

// ScoredOne is a customer with the reasons of the score.
type ScoredOne struct {
	CustomerID int64            `json:"customer_id"`
	Score      float64          `json:"score"`
	Reasons    []predict.Reason `json:"reasons"`
}

// runPrediction is the computation: three days a gap and a horizon apart, so
// that no column can know what came after its day.
func (s *Service) runPrediction(ctx context.Context, run *Run, tell progress) (any, error) {
	settings, err := parsePrediction(run.Settings)
	if err != nil {
		return nil, err
	}
	today, err := s.scoreDay(ctx, settings.At)
	if err != nil {
		return nil, err
	}
	first, err := s.number(ctx, "SELECT coalesce(date_diff('day', DATE '1970-01-01', CAST(min(ordered_at) AS DATE)), 0) FROM "+linesTable+" WHERE counts > 0")
	if err != nil {
		return nil, err
	}
	learning, testing := settings.windows(today)
	out := &Prediction{
		Settings: settings, LearnedOn: learning.from.Format(isoDate), TestedOn: testing.from.Format(isoDate), ScoredOn: today.Format(isoDate),
		FirstOn: time.Unix(0, 0).UTC().AddDate(0, 0, int(first)).Format(isoDate), Currency: s.currency,
	}
	learn, _, err := s.labelled(ctx, settings, learning, uint64(run.Seed)) //nolint:gosec // positive
	if err != nil {
		return nil, err
	}
	test, answers, err := s.labelled(ctx, settings, testing, uint64(run.Seed)) //nolint:gosec // positive
	if err != nil {
		return nil, err
	}
	tell(1, 10)
	if err := s.study(ctx, out, learn, test, run, tell); err != nil {
		return nil, err
	}
	now, err := s.known(ctx, settings, today)
	if err != nil {
		return nil, err
	}
	tell(9, 10)
	list, err := s.score(ctx, out, now, uint64(run.Seed)) //nolint:gosec // positive
	if err != nil {
		return nil, err
	}
	return out, s.putInUse(ctx, out, run, list, test, answers)
}

// study learns and tests.
func (s *Service) study(ctx context.Context, out *Prediction, learn, test *people, run *Run, tell progress) error {
	settings := out.Settings
	names, err := s.namesOf(ctx, settings.Attributes)
	if err != nil {
		return err
	}
	targetKo, targetEn := settings.targetWords()
	unit := math.Pow10(dataquality.MinorDigits(s.currency))
	out.Study, err = predict.Learn(ctx, learn.frame, predict.StudyOptions{
		Words: names, TargetKo: targetKo, TargetEn: targetEn, Today: settings.Attributes, Drop: settings.Drop, Keep: settings.Keep,
		Target: targetColumn, Positive: "yes", Family: predict.Family(settings.Model), Other: test.frame, Seed: uint64(run.Seed), //nolint:gosec // positive
		Gain: float64(settings.Gain) / unit, Cost: float64(settings.Cost) / unit,
		Tell: func(done, total int) { tell(int64(1+7*done/max(1, total)), 10) },
	})
	var p predict.ProblemError
	if errors.As(err, &p) {
		return fault.New(fault.Invalid, "mining.cannot_predict", "{problem} The day learned from is {day}.", "problem", p.Message, "day", out.LearnedOn)
	}
	if err != nil {
		return err
	}
	out.Study.Model.TrainedAt = out.ScoredOn
	out.Labels = map[string][]string{}
	for _, n := range out.Study.Notices {
		out.Labels[n.Column] = []string{names.Column(n.Column, "ko"), names.Column(n.Column, "en")}
	}
	for _, column := range out.Study.Columns {
		out.Labels[column] = []string{names.Column(column, "ko"), names.Column(column, "en")}
	}
	return nil
}

// scoreDay is the day after the last purchase, unless one is given: a shop
// that has not delivered its latest sales must not look as if all had left.
func (s *Service) scoreDay(ctx context.Context, wanted string) (time.Time, error) {
	if wanted != "" {
		return time.Parse(isoDate, wanted)
	}
	days, err := s.number(ctx, "SELECT coalesce(date_diff('day', DATE '1970-01-01', CAST(max(ordered_at) AS DATE)), -1) FROM "+linesTable+" WHERE counts = 2 AND ordered_at < ?", s.today())
	if err != nil {
		return time.Time{}, err
	}
	if days < 0 {
		return time.Time{}, fault.New(fault.Invalid, "mining.no_purchases", "There are no purchases yet; load some first.")
	}
	return time.Unix(0, 0).UTC().AddDate(0, 0, int(days)+1), nil
}

const targetColumn = "target"

// score scores everybody as of today, best first, with the reasons of the first.
func (s *Service) score(ctx context.Context, out *Prediction, now *people, seed uint64) ([]scoreRow, error) {
	list, order := rankScores(out.Study.Model, now)
	out.Scored, out.Bands = len(list), bandsOf(list)
	names, err := s.namesOf(ctx, out.Settings.Attributes)
	if err != nil {
		return nil, err
	}
	out.Explained, err = explain(ctx, out.Study.Model, now, order, list, seed, names, func(one ScoredOne) {
		const shown = 20
		if len(out.Best) < shown {
			out.Best = append(out.Best, one)
		}
	})
	return list, err
}
