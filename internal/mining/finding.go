// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"context"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/job"
)

// findings are the kinds of runs that look for something in all customers.
func (s *Service) findings() map[string]runner {
	return map[string]runner{
		kindBasket:     {check: checkBasket, compute: s.runBasket},
		kindProfile:    {check: checkProfile, compute: s.runProfile},
		kindCluster:    {check: checkCluster, compute: s.runCluster},
		kindPrediction: {check: checkPrediction, compute: s.runPrediction},
		kindLookalike:  {check: checkLookalike, compute: s.runLookalike, needs: []string{"segment:read"}},
		kindRescore:    {check: checkRescore, compute: s.runRescore},
		kindStatistics: {check: checkStatistics, compute: s.runStatistics},
		kindUplift:     {check: checkUplift, compute: s.runUplift},
		kindChaos:      {check: s.checkChaos, compute: s.runChaos},

		kindAttribute: {check: checkAttribute, compute: s.runAttribute, needs: []string{"attribute:create", "customer:update", "segment:read"}},

		kindRecommendation: {check: checkRecommendation, compute: s.runRecommendation},
	}
}

// jobRescore computes the scores of models in use whose time has come, jobOffers
// the offers of everybody.
const (
	jobRescore = "mining.rescore"
	jobOffers  = "mining.offers"
)

// rescoreArgs are those of jobRescore.
type rescoreArgs struct {
	All bool `json:"all,omitempty"` // whether their time has come or not
}

// registerFindings plans new scores: every model has its schedule, and every
// refresh tells the drift.
func (s *Service) registerFindings(queue *job.Queue) {
	queue.Register(jobRescore, func(ctx context.Context, j *job.Job) error {
		var args rescoreArgs
		if err := j.Decode(&args); err != nil {
			return err
		}
		return s.rescore(auth.System(ctx, "mining"), args.All)
	}, job.RegisterOptions{Queue: "model"})
	queue.Periodic(jobRescore, "47 3 * * *", rescoreArgs{})
	queue.Register(jobOffers, func(ctx context.Context, _ *job.Job) error { return s.offerAgain(auth.System(ctx, "mining")) }, job.RegisterOptions{Queue: "model"})
	queue.Periodic(jobOffers, "51 3 * * 1", struct{}{})
}

// offerAgain begins the last deployed run of offers anew.
func (s *Service) offerAgain(ctx context.Context) error {
	runs, err := s.store.ListRuns(ctx, kindRecommendation)
	if err != nil {
		return err
	}
	for _, run := range runs {
		settings, err := parseRecommendation(run.Settings)
		if err == nil && settings.Deploy && run.State == RunDone {
			_, err = s.begin(ctx, run.Kind, run.Settings, run.Seed)
			return err
		}
	}
	return nil
}

// restoreFindings makes the tables of scores anew after a rebuild, empty at
// first, and plans the runs that fill them.
func (s *Service) restoreFindings(ctx context.Context) error {
	if err := s.ensureScores(ctx); err != nil {
		return err
	}
	if s.queue == nil {
		return nil
	}
	return s.db.Within(ctx, func(ctx context.Context) error {
		if _, err := s.queue.Add(ctx, jobRescore, rescoreArgs{All: true}, job.Options{Unique: "rebuilt"}); err != nil {
			return err
		}
		if _, err := s.queue.Add(ctx, jobRestore, struct{}{}, job.Options{Unique: "rebuilt"}); err != nil {
			return err
		}
		_, err := s.queue.Add(ctx, jobOffers, struct{}{}, job.Options{Unique: "rebuilt"})
		return err
	})
}

// Choices are what findings can be asked about.
type Choices struct {
	Categories []string `json:"categories"`
	Products   []string `json:"products"`
	Grades     []string `json:"grades"`
	// Events are what can be predicted, Attributes what may be learned from beside behaviour.
	Events     []EventChoice    `json:"events"`
	Attributes []AttributeLabel `json:"attributes"`
}

// ListChoices returns the categories, best-selling products and grades there are.
func (s *Service) ListChoices(ctx context.Context) (*Choices, error) {
	if err := permit(ctx); err != nil {
		return nil, err
	}
	if !s.warehouse.Ready() {
		return nil, fault.New(fault.Unavailable, "mining.not_ready", "The analysis data are being built; try again in a moment.")
	}
	out := &Choices{Categories: []string{}, Products: []string{}, Grades: []string{}, Attributes: []AttributeLabel{}}
	var err error
	if out.Events, err = s.listEvents(ctx); err != nil {
		return nil, err
	}
	if s.attributes != nil {
		if out.Attributes, err = s.attributes.ListLabels(ctx); err != nil {
			return nil, err
		}
	}
	for _, one := range []struct {
		into  *[]string
		query string
	}{
		{&out.Categories, "SELECT category FROM products WHERE category IS NOT NULL AND category <> '' GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 300"},
		{&out.Products, "SELECT p.name FROM " + linesTable + " l JOIN products p ON p.id = l.product_id WHERE l.counts = 2 AND p.name IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 200"},
		{&out.Grades, "SELECT grade FROM " + customersTable + " WHERE grade IS NOT NULL AND grade <> '' GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 100"},
	} {
		rows, err := s.warehouse.Query(ctx, one.query)
		if err != nil {
			return nil, err
		}
		for rows.Next() {
			var name string
			if err := rows.Scan(&name); err != nil {
				_ = rows.Close()
				return nil, err
			}
			*one.into = append(*one.into, name)
		}
		if err := rows.Err(); err != nil {
			return nil, err
		}
		_ = rows.Close()
	}
	return out, nil
}
