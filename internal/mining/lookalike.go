// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"

	"dangol/internal/mining/frame"
	"dangol/internal/mining/predict"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/warehouse"
)

// kindLookalike is the run that finds who is like the members of a segment.
const kindLookalike = "lookalike"

// lookalikeTable holds who is like the members of the segment asked last.
const lookalikeTable = "lookalike_scores"

// LookalikeSettings name the segment whose members are the example.
type LookalikeSettings struct {
	SegmentID int64 `json:"segment_id"`
	// Drop are columns not to go by, such as those that the segment is made of.
	Drop  []string `json:"drop,omitempty"`
	Model string   `json:"model,omitempty" enum:"auto,logistic,tree,forest,boost,mlp,"`
}

func parseLookalike(raw json.RawMessage) (LookalikeSettings, error) {
	s := LookalikeSettings{Model: string(predict.Logistic)}
	if err := json.Unmarshal(raw, &s); err != nil {
		return s, bad("settings", "an object with segment_id")
	}
	if s.Model == "" {
		s.Model = string(predict.Logistic)
	}
	switch {
	case s.SegmentID <= 0:
		return s, bad("segment_id", "the number of a segment")
	case s.Model != string(predict.Auto) && !slices.Contains(predict.Families[1:], predict.Family(s.Model)):
		return s, bad("model", "auto, logistic, tree, forest, boost or mlp")
	}
	return s, nil
}

func checkLookalike(raw json.RawMessage) error {
	_, err := parseLookalike(raw)
	return err
}

// Lookalikes are who is like the members of a segment.
type Lookalikes struct {
	Settings LookalikeSettings `json:"settings"`
	// Members is how many are in the segment, Buyers how many of them can be an
	// example because they have bought.
	Members int            `json:"members"`
	Buyers  int            `json:"buyers"`
	Study   *predict.Study `json:"study"`
	// Found are the others, by how much alike they are: how many a cut takes,
	// and which share of held-out members the same cut would have found.
	Others int                 `json:"others"`
	Found  []LookalikeCut      `json:"found"`
	Best   []ScoredOne         `json:"best"`
	Labels map[string][]string `json:"labels" doc:"columns in Korean and English"`
}

// LookalikeCut is one number of people that can be taken.
type LookalikeCut struct {
	Count int     `json:"count"`
	Score float64 `json:"score"`
	// Recall is the share of members that were held out and score as high, Lift
	// how much more often a customer with such a score is a member.
	Recall float64 `json:"recall"`
	Lift   float64 `json:"lift"`
}

// lookalikeCuts are the numbers of people proposed.
var lookalikeCuts = []int{100, 300, 1000, 3000, 10_000, 30_000, 100_000}

// runLookalike learns what tells members from others, on four fifths of the
// customers; the last fifth is the test. Members are known as of today, and so
// are the columns: nothing is foreseen, so that no time has to lie between.
func (s *Service) runLookalike(ctx context.Context, run *Run, tell progress) (any, error) {
	settings, err := parseLookalike(run.Settings)
	if err != nil {
		return nil, err
	}
	members, err := s.audience(ctx, "", settings.SegmentID)
	if err != nil {
		return nil, err
	}
	today, err := s.scoreDay(ctx, "")
	if err != nil {
		return nil, err
	}
	all, err := s.known(ctx, PredictionSettings{}, today)
	if err != nil {
		return nil, err
	}
	out := &Lookalikes{Settings: settings, Members: len(members), Labels: map[string][]string{}}
	yes := make([]bool, len(all.ids))
	for i, id := range all.ids {
		if yes[i] = members[id]; yes[i] {
			out.Buyers++
		}
	}
	const fewest = 30
	if out.Buyers < fewest || len(all.ids)-out.Buyers < fewest {
		return nil, fault.New(fault.Invalid, "mining.few_examples", "Of the members of the segment {buyers} have bought, and {others} buyers are not in it; at least {least} of each are needed.",
			"buyers", out.Buyers, "others", len(all.ids)-out.Buyers, "least", fewest)
	}
	tell(2, 10)
	if err := s.studyLikeness(ctx, out, all, yes, uint64(run.Seed), tell); err != nil { //nolint:gosec // positive
		return nil, err
	}
	tell(8, 10)
	return out, s.findAlike(ctx, out, all, yes, uint64(run.Seed)) //nolint:gosec // positive
}

func (s *Service) studyLikeness(ctx context.Context, out *Lookalikes, all *people, yes []bool, seed uint64, tell progress) error {
	rows := rand.New(rand.NewPCG(seed, 31)).Perm(len(yes)) //nolint:gosec // no secret
	rows = rows[:min(len(rows), learnRows)]
	texts := make([]string, len(rows))
	for i, row := range rows {
		if texts[i] = "no"; yes[row] {
			texts[i] = "yes"
		}
	}
	table := all.frame.Take(rows)
	table.Columns = append(table.Columns, frame.Categories(targetColumn, texts))
	var err error
	out.Study, err = predict.Learn(ctx, table, predict.StudyOptions{
		Words: words, TargetKo: "이 세그먼트의 고객", TargetEn: "Customers of the segment", Target: targetColumn, Positive: "yes",
		Family: predict.Family(out.Settings.Model), Drop: out.Settings.Drop, Seed: seed, Test: func(row int) bool { return row%5 == 0 },
		Tell: func(done, total int) { tell(int64(2+5*done/max(1, total)), 10) },
	})
	var p predict.ProblemError
	if errors.As(err, &p) {
		return fault.New(fault.Invalid, "mining.cannot_predict_alike", "{problem}", "problem", p.Message)
	}
	if err != nil {
		return err
	}
	for _, n := range out.Study.Notices {
		out.Labels[n.Column] = []string{words(n.Column, "", "ko"), words(n.Column, "", "en")}
	}
	for _, column := range out.Study.Columns {
		out.Labels[column] = []string{words(column, "", "ko"), words(column, "", "en")}
	}
	return nil
}

// findAlike ranks who is not in the segment and writes the ranks as a field.
func (s *Service) findAlike(ctx context.Context, out *Lookalikes, all *people, yes []bool, seed uint64) error {
	others := all.only(func(row int) bool { return !yes[row] })
	list, order := rankScores(out.Study.Model, others)
	out.Others = len(list)
	const shown = 20
	if _, err := explain(ctx, out.Study.Model, others, order[:min(shown, len(order))], list, seed, words, func(one ScoredOne) { out.Best = append(out.Best, one) }); err != nil {
		return err
	}
	for _, count := range lookalikeCuts {
		if count <= len(list) {
			out.Found = append(out.Found, out.cut(list, count))
		}
	}
	if len(out.Found) == 0 {
		out.Found = append(out.Found, out.cut(list, len(list)))
	}
	columns := make([][]string, len(lookalikeShapes))
	for place, row := range list {
		columns[0] = append(columns[0], strconv.FormatInt(row.CustomerID, 10))
		columns[1] = append(columns[1], strconv.Itoa(place+1))
		columns[2] = append(columns[2], strconv.FormatFloat(row.Score, 'g', 6, 64))
		columns[3] = append(columns[3], strconv.FormatInt(out.Settings.SegmentID, 10))
	}
	if err := s.writeColumns(ctx, lookalikeTable, lookalikeShapes, columns...); err != nil {
		return fmt.Errorf("write look-alikes: %w", err)
	}
	return nil
}

// cut tells what taking the first of the list means, by the customers held out.
func (out *Lookalikes) cut(list []scoreRow, count int) LookalikeCut {
	c := LookalikeCut{Count: count, Score: list[count-1].Score}
	members, taken, right := 0, 0, 0
	for i, score := range out.Study.Scores {
		if out.Study.Answers[i] {
			members++
		}
		if score >= c.Score {
			taken++
			if out.Study.Answers[i] {
				right++
			}
		}
	}
	if members > 0 && taken > 0 {
		c.Recall = float64(right) / float64(members)
		c.Lift = float64(right) / float64(taken) * float64(len(out.Study.Scores)) / float64(members)
	}
	return c
}

var lookalikeShapes = []string{
	"CAST(%s AS BIGINT) AS customer_id", "CAST(%s AS BIGINT) AS place", "CAST(%s AS DOUBLE) AS score", "CAST(%s AS BIGINT) AS segment_id",
}

// lookalikeCube is how much alike customers are, as fields.
func lookalikeCube() warehouse.Cube {
	dim := func(name, column string, kind warehouse.Kind, ko, en string) warehouse.Dimension {
		return warehouse.Dimension{Name: name, Column: column, Kind: kind, FilterOnly: true, Label: warehouse.Text{Ko: ko, En: en}}
	}
	return warehouse.Cube{
		Name: "lookalike", Label: warehouse.Text{Ko: "닮은 고객", En: "Look-alikes"}, Table: lookalikeTable, Customer: "customer_id", Profile: true, Permission: "customer:read",
		Dimensions: []warehouse.Dimension{
			dim("lookalike_place", "place", warehouse.KindInteger, "닮은 순서 (1이 가장 닮음)", "Look-alike rank (1 is most alike)"),
			dim("lookalike_score", "score", warehouse.KindNumber, "닮은 정도", "Likeness"),
			dim("lookalike_segment", "segment_id", warehouse.KindInteger, "닮음의 본보기 세그먼트 번호", "Number of the example segment"),
		},
	}
}
