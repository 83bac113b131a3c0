// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"dangol/internal/mining/frame"
	"dangol/internal/mining/predict"
	"dangol/internal/mining/scorecard"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/warehouse"
)

// kindScorecard is the run that makes or measures a card; its runs are the versions.
const kindScorecard = "scorecard"

// ScorecardTable holds the points of the card in use.
const ScorecardTable = "scorecard_scores"

// ContactWay is a way to reach somebody: what it costs, and by how much it multiplies the chance of yes.
type ContactWay struct {
	Name   string  `json:"name" enum:"mail,call,visit"`
	Cost   int64   `json:"cost" doc:"of one contact, in minor units"`
	Effect float64 `json:"effect"`
}

// ScorecardSettings say what yes is and what it is worth.
type ScorecardSettings struct {
	Event       string `json:"event" enum:"stops,buys,answers,refuses,returns"`
	Category    string `json:"category,omitempty"`
	Product     string `json:"product,omitempty"`
	HorizonDays int    `json:"horizon_days"`
	GapDays     int    `json:"gap_days,omitempty"`
	// Answers are custom attributes that get points beside behaviour.
	Answers []string `json:"answers,omitempty"`
	Base    float64  `json:"base,omitempty" doc:"600 by default"`
	Double  float64  `json:"double,omitempty" doc:"points that double the odds; 20 by default"`
	// Card is made by hand; without one it is learned.
	Card *scorecard.Card `json:"card,omitempty"`
	Gain int64           `json:"gain" doc:"what a yes is worth, in minor units"`
	Ways []ContactWay    `json:"ways,omitempty"`
	// Deploy writes points, way and reasons where list, segment and pivot find them.
	Deploy bool `json:"deploy"`
}

const (
	usualBase   = 600
	usualOdds   = 1
	usualDouble = 20
)

func parseScorecard(raw json.RawMessage) (ScorecardSettings, error) {
	s := ScorecardSettings{HorizonDays: 90, Base: usualBase, Double: usualDouble}
	if err := json.Unmarshal(raw, &s); err != nil {
		return s, bad("settings", "an object with event and horizon_days")
	}
	if _, err := parsePrediction(mustJSON(s.target())); err != nil {
		return s, err
	}
	switch {
	case !(s.Double > 0) || math.IsInf(s.Double, 0) || math.IsInf(s.Base, 0):
		return s, bad("double", "a number above 0")
	case s.Gain < 0:
		return s, bad("gain", "0 or more")
	}
	if len(s.Ways) == 0 {
		s.Ways = []ContactWay{{"mail", 0, 1}}
	}
	for _, w := range s.Ways {
		if !slices.Contains([]string{"mail", "call", "visit"}, w.Name) || w.Cost < 0 || !(w.Effect >= 0) || math.IsInf(w.Effect, 0) {
			return s, bad("ways", "mail, call or visit with a cost and an effect of at least 0")
		}
	}
	if s.Card != nil {
		if err := s.Card.Check(); err != nil {
			return s, fault.Wrap(err, fault.Invalid, "mining.bad_card", "The card cannot be used: {why}.", "why", err.Error())
		}
	}
	return s, nil
}

func mustJSON(v any) json.RawMessage {
	text, _ := json.Marshal(v) // a struct of words and numbers
	return text
}

func (s *ScorecardSettings) target() *PredictionSettings {
	return &PredictionSettings{Event: s.Event, Category: s.Category, Product: s.Product, HorizonDays: s.HorizonDays, GapDays: s.GapDays, Attributes: s.Answers}
}

func checkScorecard(raw json.RawMessage) error {
	_, err := parseScorecard(raw)
	return err
}

// WayCut is whom one way of contact is worth, by expected profit.
type WayCut struct {
	Name string `json:"name"`
	// From are the fewest points of those chosen; Customers is how many they are.
	From      float64 `json:"from_points"`
	Customers int     `json:"customers"`
	Yes       float64 `json:"expected_yes"`
	Cost      float64 `json:"cost"`
	Profit    float64 `json:"profit"`
}

// CardOne is a customer with points and reasons.
type CardOne struct {
	CustomerID int64              `json:"customer_id"`
	Points     float64            `json:"points"`
	Chance     float64            `json:"chance"`
	Way        string             `json:"way,omitempty"`
	Reasons    []scorecard.Reason `json:"reasons"`
}

// Scorecard is what such a run found.
type Scorecard struct {
	Settings   ScorecardSettings   `json:"settings"`
	LearnedOn  string              `json:"learned_on"`
	TestedOn   string              `json:"tested_on"`
	ScoredOn   string              `json:"scored_on"`
	Currency   string              `json:"currency"`
	Card       *scorecard.Card     `json:"card"`
	Test       predict.Evaluation  `json:"test"`
	Tested     int                 `json:"tested"`
	Scored     int                 `json:"scored"`
	Ways       []WayCut            `json:"ways"`
	Nobody     int                 `json:"nobody" doc:"whom no contact is worth"`
	Best       []CardOne           `json:"best"`
	Words      predict.Statement   `json:"words"`
	IsDeployed bool                `json:"is_deployed"`
	Labels     map[string][]string `json:"labels" doc:"columns in Korean and English"`
}

// runScorecard learns on one day, calibrates and tests on the next, scores today.
func (s *Service) runScorecard(ctx context.Context, run *Run, tell progress) (any, error) {
	settings, err := parseScorecard(run.Settings)
	if err != nil {
		return nil, err
	}
	today, err := s.scoreDay(ctx, "")
	if err != nil {
		return nil, err
	}
	learning, testing := settings.target().windows(today)
	out := &Scorecard{Settings: settings, LearnedOn: learning.from.Format(isoDate), TestedOn: testing.from.Format(isoDate), ScoredOn: today.Format(isoDate), Currency: s.currency, Card: settings.Card}
	seed := uint64(run.Seed) //nolint:gosec // positive
	learn, answers, err := s.labelled(ctx, *settings.target(), learning, seed)
	if err != nil {
		return nil, err
	}
	test, tests, err := s.labelled(ctx, *settings.target(), testing, seed)
	if err != nil {
		return nil, err
	}
	now, err := s.known(ctx, *settings.target(), today)
	if err != nil {
		return nil, err
	}
	tell(2, 5)
	const fewest = 30
	if count := min(countYes(answers), len(answers)-countYes(answers)); count < fewest {
		return nil, fault.New(fault.Invalid, "mining.few_answers", "A card needs at least {least} customers with and without the event; on {day} there were {count}.", "least", fewest, "count", count, "day", out.LearnedOn)
	}
	if err := s.makeCard(ctx, out, learn, answers); err != nil {
		return nil, err
	}
	points := out.Card.Score(test.frame)
	if err := out.judge(points, tests); err != nil {
		return nil, err
	}
	// The test has judged the card as it was; what is told from now on follows the latest time.
	if err := out.Card.Calibrate(ctx, points, tests); err != nil {
		return nil, err
	}
	tell(4, 5)
	return out, s.applyCard(ctx, out, now)
}

func countYes(answers []bool) int {
	n := 0
	for _, yes := range answers {
		if yes {
			n++
		}
	}
	return n
}

func (s *Service) makeCard(ctx context.Context, out *Scorecard, learn *people, answers []bool) error {
	out.Labels = map[string][]string{}
	if out.Card == nil {
		card, err := scorecard.Learn(ctx, learn.frame.Without(targetColumn), answers, out.Settings.Base, usualOdds, out.Settings.Double)
		if errors.Is(err, scorecard.ErrNothing) {
			return fault.New(fault.Invalid, "mining.no_card", "Nothing that is known of customers on {day} tells who will; try another event or a longer time.", "day", out.LearnedOn)
		}
		if err != nil {
			return err
		}
		out.Card = card
	} else {
		for _, a := range out.Card.Attributes {
			if learn.frame.Find(a.Column) == nil {
				return fault.New(fault.Invalid, "mining.no_column", "The card asks for {column}, which is not known of customers.", "column", a.Column)
			}
		}
		out.Card.IsByHand = true
		out.Card.Count(learn.frame, answers)
	}
	if err := out.Card.Calibrate(ctx, out.Card.Score(learn.frame), answers); err != nil {
		return err
	}
	for _, a := range out.Card.Attributes {
		out.Labels[a.Column] = []string{words(a.Column, "", "ko"), words(a.Column, "", "en")}
	}
	return nil
}

// judge measures the card on customers whose answers it has not seen.
func (s *Scorecard) judge(points []float64, yes []bool) error {
	s.Tested = len(points)
	chances := make([]float64, len(points))
	for i, p := range points {
		chances[i] = s.Card.Chance(p)
	}
	if n := countYes(yes); n == 0 || n == len(yes) {
		return fault.New(fault.Invalid, "mining.one_answer", "All customers of {day} answered alike; the card cannot be tested.", "day", s.TestedOn)
	}
	s.Test = predict.Evaluate(chances, yes)
	return nil
}

// addAnswers adds custom attributes as columns.
func (s *Service) addAnswers(ctx context.Context, p *people, names []string) error {
	for _, name := range names {
		column := "attr_" + name
		if _, there := s.warehouse.Column(customersTable, column); !there {
			return fault.New(fault.Invalid, "mining.no_attribute", "There is no attribute {name}.", "name", name)
		}
		rows, err := s.readPeople(ctx, "SELECT c.id, CAST(c."+strconv.Quote(column)+" AS VARCHAR) AS answer FROM "+customersTable+" c WHERE c."+strconv.Quote(column)+" IS NOT NULL")
		if err != nil {
			return err
		}
		known := make(map[int64]string, len(rows.ids))
		for i, id := range rows.ids {
			known[id] = rows.frame.Columns[0].Text(i)
		}
		texts := make([]string, len(p.ids))
		for i, id := range p.ids {
			texts[i] = known[id]
		}
		p.frame.Columns = append(p.frame.Columns, frame.Parse(name, texts))
	}
	return nil
}

// applyCard gives everybody points, a reason and the way of contact that pays most.
func (s *Service) applyCard(ctx context.Context, out *Scorecard, now *people) error {
	points := out.Card.Score(now.frame)
	out.Scored = len(points)
	order := make([]int, len(points))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(points[b], points[a]) })
	cuts := map[string]*WayCut{}
	columns := make([][]string, 6)
	const shown = 20
	for place, row := range order {
		one := CardOne{CustomerID: now.ids[row], Points: points[row], Chance: out.Card.Chance(points[row]), Reasons: out.Card.Reasons(now.frame, row, 3)}
		way, profit := out.Settings.best(one.Chance)
		if way != nil {
			one.Way = way.Name
			c := cuts[way.Name]
			if c == nil {
				c = &WayCut{Name: way.Name}
				cuts[way.Name] = c
			}
			c.From, c.Customers = one.Points, c.Customers+1
			c.Yes += min(1, one.Chance*way.Effect)
			c.Cost, c.Profit = c.Cost+float64(way.Cost), c.Profit+profit
		} else {
			out.Nobody++
		}
		if place < shown {
			out.Best = append(out.Best, one)
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		for i, text := range []string{
			strconv.FormatInt(one.CustomerID, 10), strconv.FormatFloat(one.Points, 'f', -1, 64), strconv.FormatFloat(one.Chance, 'g', 6, 64), one.Way,
			cardReasons(one.Reasons, "ko"), cardReasons(one.Reasons, "en"),
		} {
			columns[i] = append(columns[i], text)
		}
	}
	for _, w := range out.Settings.Ways {
		if c := cuts[w.Name]; c != nil {
			out.Ways = append(out.Ways, *c)
		} else {
			out.Ways = append(out.Ways, WayCut{Name: w.Name})
		}
	}
	out.say()
	if !out.Settings.Deploy {
		return nil
	}
	out.IsDeployed = true
	return s.writeColumns(ctx, ScorecardTable, cardShapes, columns...)
}

var cardShapes = []string{
	"CAST(%s AS BIGINT) AS customer_id", "CAST(%s AS DOUBLE) AS points", "CAST(%s AS DOUBLE) AS chance", "CAST(%s AS VARCHAR) AS way", "CAST(%s AS VARCHAR) AS reason", "CAST(%s AS VARCHAR) AS reason_en",
}

// best is the way with the highest expected profit; nil when none brings any.
func (s *ScorecardSettings) best(chance float64) (*ContactWay, float64) {
	var way *ContactWay
	most := 0.0
	for i := range s.Ways {
		w := &s.Ways[i]
		if profit := min(1, chance*w.Effect)*float64(s.Gain) - float64(w.Cost); profit > most {
			way, most = w, profit
		}
	}
	return way, most
}

func cardReasons(reasons []scorecard.Reason, lang string) string {
	parts := make([]string, len(reasons))
	for i, r := range reasons {
		parts[i] = fmt.Sprintf("%s %s %+.0f", words(r.Column, "", lang), shortValue(r.Value), r.Above)
	}
	return strings.Join(parts, ", ")
}

func (s *Scorecard) say() {
	chosen := 0
	for _, w := range s.Ways {
		chosen += w.Customers
	}
	target := s.Settings.target()
	ko, en := target.targetWords()
	first := s.Card.Attributes[0].Column
	s.Words = predict.Statement{
		Code: "card",
		Ko: fmt.Sprintf("‘%s’에 점수를 매깁니다. 항목 %d개 가운데 가장 많이 말해 주는 것은 ‘%s’입니다. 보지 못한 고객 %d명에서 AUC는 %.3f이었습니다. 고객 %d명 가운데 %d명에게 연락하면 기대 이익이 가장 큽니다.",
			ko, len(s.Card.Attributes), words(first, "", "ko"), s.Tested, s.Test.AUC, s.Scored, chosen),
		En: fmt.Sprintf("Points for ‘%s’. Of %d attributes, %s tells most. On %d customers that the card had not seen the AUC was %.3f. Contacting %d of %d customers brings the highest expected profit.",
			en, len(s.Card.Attributes), words(first, "", "en"), s.Tested, s.Test.AUC, chosen, s.Scored),
	}
}

// scorecardCube is the points of the card in use as fields of customers.
func scorecardCube() warehouse.Cube {
	dim := func(name, column string, kind warehouse.Kind, ko, en string) warehouse.Dimension {
		return warehouse.Dimension{Name: name, Column: column, Kind: kind, Label: warehouse.Text{Ko: ko, En: en}, FilterOnly: true}
	}
	way := dim("scorecard_way", "way", warehouse.KindChoice, "점수표 연락 방법", "Scorecard contact")
	way.FilterOnly = false
	for _, v := range [][3]string{{"mail", "메일", "mail"}, {"call", "전화", "call"}, {"visit", "방문", "visit"}} {
		way.Values = append(way.Values, warehouse.Value{Value: v[0], Label: warehouse.Text{Ko: v[1], En: v[2]}})
	}
	return warehouse.Cube{
		Name: "scorecard", Label: warehouse.Text{Ko: "점수표", En: "Scorecard"}, Table: ScorecardTable, Customer: "customer_id", Profile: true, Permission: "customer:read",
		Dimensions: []warehouse.Dimension{
			way, dim("scorecard_points", "points", warehouse.KindNumber, "점수표 점수", "Scorecard points"), dim("scorecard_chance", "chance", warehouse.KindPercent, "점수표 확률", "Scorecard chance"),
			dim("scorecard_reason", "reason", warehouse.KindText, "점수표 이유", "Scorecard reasons (Korean)"), dim("scorecard_reason_en", "reason_en", warehouse.KindText, "점수표 이유 (영어)", "Scorecard reasons"),
		},
	}
}
