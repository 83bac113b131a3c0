// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"dangol/internal/mining/frame"
	"dangol/internal/mining/predict"
	"dangol/internal/platform/fault"
)

// kindPrediction is the run that predicts what customers will do.
const kindPrediction = "prediction"

// What can be predicted.
const (
	EventStops = "stops" // buys nothing within the horizon
	EventBuys  = "buys"  // buys something of a category within it
)

// PredictionSettings say what is to be predicted.
type PredictionSettings struct {
	Event    string `json:"event" enum:"stops,buys"`
	Category string `json:"category,omitempty"` // that is bought
	// HorizonDays is how far is looked ahead.
	HorizonDays int    `json:"horizon_days"`
	Model       string `json:"model,omitempty" enum:"auto,logistic,tree,forest,boost,mlp,"`
	// Deploy writes the scores where list, segment and pivot find them.
	Deploy bool `json:"deploy"`
	// At is the day of the scores, ISO; empty is the day after the last purchase.
	At string `json:"at,omitempty"`
}

const (
	leastHorizon = 7
	mostHorizon  = 730
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
	switch {
	case s.Event != EventStops && s.Event != EventBuys:
		return s, bad("event", "stops or buys")
	case s.Event == EventBuys && s.Category == "":
		return s, bad("category", "the category of products that is bought")
	case s.HorizonDays < leastHorizon || s.HorizonDays > mostHorizon:
		return s, bad("horizon_days", fmt.Sprintf("%d to %d", leastHorizon, mostHorizon))
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
	// up to TestedOn; tested from there to ScoredOn; scored as of ScoredOn.
	LearnedOn string         `json:"learned_on"`
	TestedOn  string         `json:"tested_on"`
	ScoredOn  string         `json:"scored_on"`
	Study     *predict.Study `json:"study"`
	Scored    int            `json:"scored"`
	Bands     []ScoreBand    `json:"bands"`
	Best      []ScoredOne    `json:"best"` // customers with the highest scores
	// Explained is how many customers, from the highest score on, got reasons.
	Explained int            `json:"explained"`
	Drift     *predict.Drift `json:"drift,omitempty"`
	// Champion is the AUC of the model that was in use, on the same test.
	Champion   *float64 `json:"champion_auc,omitempty"`
	IsDeployed bool     `json:"is_deployed"`
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

// runPrediction is the computation: three days a horizon apart, so that no
// column can know what came after its day.
func (s *Service) runPrediction(ctx context.Context, run *Run, tell progress) (any, error) {
	settings, err := parsePrediction(run.Settings)
	if err != nil {
		return nil, err
	}
	today, err := s.scoreDay(ctx, settings.At)
	if err != nil {
		return nil, err
	}
	horizon := time.Duration(settings.HorizonDays) * 24 * time.Hour
	tested, learned := today.Add(-horizon), today.Add(-2*horizon)
	out := &Prediction{Settings: settings, LearnedOn: learned.Format(isoDate), TestedOn: tested.Format(isoDate), ScoredOn: today.Format(isoDate)}
	learn, _, err := s.labelled(ctx, settings, learned, tested, uint64(run.Seed)) //nolint:gosec // positive
	if err != nil {
		return nil, err
	}
	test, answers, err := s.labelled(ctx, settings, tested, today, uint64(run.Seed)) //nolint:gosec // positive
	if err != nil {
		return nil, err
	}
	tell(1, 10)
	targetKo, targetEn := settings.targetWords()
	out.Study, err = predict.Learn(ctx, learn.frame, predict.StudyOptions{
		Words: words, TargetKo: targetKo, TargetEn: targetEn,
		Target: targetColumn, Positive: "yes", Family: predict.Family(settings.Model), Other: test.frame, Seed: uint64(run.Seed), //nolint:gosec // positive
		Tell: func(done, total int) { tell(int64(1+7*done/max(1, total)), 10) },
	})
	var p predict.ProblemError
	if errors.As(err, &p) {
		return nil, fault.New(fault.Invalid, "mining.cannot_predict", "{problem} The day learned from is {day}.", "problem", p.Message, "day", out.LearnedOn)
	}
	if err != nil {
		return nil, err
	}
	model := out.Study.Model
	model.TrainedAt = out.ScoredOn
	if model, err = s.challenge(ctx, out, model, test, answers); err != nil {
		return nil, err
	}
	now, err := s.readPeople(ctx, peopleAt(today), s.currency)
	if err != nil {
		return nil, err
	}
	now = now.active(settings)
	tell(9, 10)
	return out, s.score(ctx, out, model, now, run)
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

// active keeps those who can still leave: whoever has bought nothing for two
// horizons is gone already, and would make the prediction look better than it is.
func (p *people) active(settings PredictionSettings) *people {
	if settings.Event != EventStops {
		return p
	}
	var rows []int
	for row, days := range p.frame.Find("recency_days").Numbers {
		if days <= float64(2*settings.HorizonDays) {
			rows = append(rows, row)
		}
	}
	return p.take(rows)
}

// labelled are the buyers known on a day, with what they did up to another.
func (s *Service) labelled(ctx context.Context, settings PredictionSettings, from, to time.Time, seed uint64) (*people, []bool, error) {
	all, err := s.readPeople(ctx, peopleAt(from), s.currency)
	if err != nil {
		return nil, nil, err
	}
	all = all.active(settings)
	if all.frame.Rows > learnRows {
		rows := rand.New(rand.NewPCG(seed, 6)).Perm(all.frame.Rows)[:learnRows] //nolint:gosec // no secret
		slices.Sort(rows)
		all = all.take(rows)
	}
	query := "SELECT DISTINCT l.customer_id FROM " + linesTable + " l"
	args := []any{}
	where := " WHERE l.counts = 2 AND l.ordered_at >= DATE '" + from.Format(isoDate) + "' AND l.ordered_at < DATE '" + to.Format(isoDate) + "'"
	if settings.Event == EventBuys {
		query += " JOIN products p ON p.id = l.product_id"
		where += " AND p.category = ?"
		args = append(args, settings.Category)
	}
	did, err := s.idsOf(ctx, query+where, args...)
	if err != nil {
		return nil, nil, fmt.Errorf("read what customers did: %w", err)
	}
	answers, texts := make([]bool, len(all.ids)), make([]string, len(all.ids))
	for i, id := range all.ids {
		answers[i] = did[id] == (settings.Event == EventBuys)
		texts[i] = "no"
		if answers[i] {
			texts[i] = "yes"
		}
	}
	all.frame.Columns = append(all.frame.Columns, frame.Categories(targetColumn, texts))
	return all, answers, nil
}

// challenge sets the new model against the one in use, on the same customers;
// the one in use stays unless the new one is at least as good within noise.
func (s *Service) challenge(ctx context.Context, out *Prediction, challenger *predict.Model, test *people, answers []bool) (*predict.Model, error) {
	saved, err := s.store.Find(ctx, modelName(out.Settings))
	if fault.Is(err, fault.NotFound) {
		return challenger, nil
	}
	if err != nil {
		return nil, err
	}
	champion, err := predict.Read(bytes.NewReader([]byte(saved.settings)))
	if err != nil {
		return challenger, nil //nolint:nilerr // a model of an earlier version gives way
	}
	scores := champion.Score(test.frame)
	drift := champion.Drift(test.frame, scores, answers)
	auc := predict.AUC(scores, answers)
	out.Drift, out.Champion = &drift, &auc
	const noise = 0.005
	if out.Study.Test.AUC < auc-noise {
		return champion, nil
	}
	return challenger, nil
}

func modelName(s PredictionSettings) string {
	if s.Event == EventBuys {
		return "prediction.buys." + s.Category
	}
	return "prediction.stops"
}

// score scores everybody as of today and writes the scores, when asked to.
func (s *Service) score(ctx context.Context, out *Prediction, m *predict.Model, now *people, run *Run) error {
	scores := m.Score(now.frame)
	out.Scored = len(scores)
	order := make([]int, len(scores))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case scores[a] > scores[b]:
			return -1
		case scores[a] < scores[b]:
			return 1
		}
		return 0
	})
	list := make([]scoreRow, len(order))
	totals := map[string]*ScoreBand{}
	for _, name := range bands {
		totals[name] = &ScoreBand{Band: name}
	}
	for place, row := range order {
		band := bandAt(place, len(order))
		list[place] = scoreRow{CustomerID: now.ids[row], Score: scores[row], Band: band, Decile: place*10/len(order) + 1}
		totals[band].Customers++
		totals[band].Mean += scores[row]
	}
	for _, name := range bands {
		t := totals[name]
		t.Mean /= float64(max(1, t.Customers))
		out.Bands = append(out.Bands, *t)
	}
	if err := s.reasons(ctx, out, m, now, order, list, uint64(run.Seed)); err != nil { //nolint:gosec // positive
		return err
	}
	if !out.Settings.Deploy {
		return nil
	}
	return s.deploy(ctx, out, m, list)
}

// reasons explains the scores, slice by slice.
func (s *Service) reasons(ctx context.Context, out *Prediction, m *predict.Model, now *people, order []int, list []scoreRow, seed uint64) error {
	const slice, shown, each = 500, 20, 3
	most := min(reasonRows, len(order), max(shown, int(reasonSteps/m.ReasonCost())))
	if m.Family == predict.MLP {
		most = min(most, 10*slice) // each costs hundreds of scores
	}
	out.Explained = most
	for from := 0; from < most; from += slice {
		if err := ctx.Err(); err != nil {
			return err
		}
		rows := order[from:min(most, from+slice)]
		part := now.frame.Take(rows)
		_, effects := m.Contributions(part, seed)
		for i := range rows {
			reasons := m.Reasons(part, i, effects[i], each)
			list[from+i].Reason, list[from+i].ReasonEn = reasonText(reasons, "ko"), reasonText(reasons, "en")
			if from+i < shown {
				out.Best = append(out.Best, ScoredOne{list[from+i].CustomerID, list[from+i].Score, reasons})
			}
		}
	}
	return nil
}

// bands divide customers by rank: the first tenth, the next three, the rest.
var bands = []string{"high", "middle", "low"}

func bandAt(place, count int) string {
	switch {
	case place*10 < count:
		return bands[0]
	case place*10 < 4*count:
		return bands[1]
	}
	return bands[2]
}
