// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"context"
	"encoding/json"

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
		kindStatistics: {check: checkStatistics, compute: s.runStatistics},
		kindUplift:     {check: checkUplift, compute: s.runUplift},

		kindAttribute: {check: checkAttribute, compute: s.runAttribute, needs: []string{"attribute:create", "customer:update", "segment:read"}},

		kindRecommendation: {check: checkRecommendation, compute: s.runRecommendation},
	}
}

// jobRescore repeats the deployed predictions.
const jobRescore = "mining.rescore"

// registerFindings plans new scores every week: a prediction is as old as its
// day, and drift is told by every run.
func (s *Service) registerFindings(queue *job.Queue) {
	queue.Register(jobRescore, func(ctx context.Context, _ *job.Job) error {
		if err := s.rescore(auth.System(ctx, "mining")); err != nil {
			return err
		}
		return s.offerAgain(auth.System(ctx, "mining"))
	}, job.RegisterOptions{Queue: "model"})
	queue.Periodic(jobRescore, "47 3 * * 1", struct{}{})
}

// rescore begins the last deployed run of each event anew.
func (s *Service) rescore(ctx context.Context) error {
	runs, err := s.store.ListRuns(ctx, kindPrediction)
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, run := range runs {
		var settings PredictionSettings
		if err := json.Unmarshal(run.Settings, &settings); err != nil || !settings.Deploy || run.State != RunDone || seen[settings.Event] {
			continue
		}
		seen[settings.Event] = true
		if _, err := s.begin(ctx, run.Kind, run.Settings, run.Seed); err != nil {
			return err
		}
	}
	return nil
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
		_, err := s.queue.Add(ctx, jobRescore, struct{}{}, job.Options{Unique: "rebuilt"})
		return err
	})
}

// Choices are what findings can be asked about.
type Choices struct {
	Categories []string `json:"categories"`
	Products   []string `json:"products"`
	Grades     []string `json:"grades"`
}

// ListChoices returns the categories, best-selling products and grades there are.
func (s *Service) ListChoices(ctx context.Context) (*Choices, error) {
	if err := permit(ctx); err != nil {
		return nil, err
	}
	if !s.warehouse.Ready() {
		return nil, fault.New(fault.Unavailable, "mining.not_ready", "The analysis data are being built; try again in a moment.")
	}
	out := &Choices{Categories: []string{}, Products: []string{}, Grades: []string{}}
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
