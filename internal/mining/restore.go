// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"context"
	"encoding/json"
	"fmt"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/job"
)

// jobRestore fills the tables of findings again that a rebuild of the warehouse
// has lost.
const jobRestore = "mining.restore"

// modelSimulation is the row that keeps the rules of the last simulation of grades.
const modelSimulation = "grade_simulation"

// restored are the kinds whose last run is repeated, with the table that it fills.
var restored = []struct{ kind, table string }{
	{kindShare, SharesTable}, {kindScorecard, ScorecardTable}, {kindUplift, UpliftTable}, {kindCluster, clusterTable},
}

// restore repeats the last runs that wrote fields of customers, and the last
// simulation of grades. A table that has rows again is left alone.
func (s *Service) restore(ctx context.Context) error {
	if !s.warehouse.Ready() {
		return job.Snooze(busyPause)
	}
	if err := s.restoreSimulation(ctx); err != nil {
		return err
	}
	for _, one := range restored {
		n, err := s.number(ctx, "SELECT count(*) FROM "+one.table)
		if err != nil {
			return fmt.Errorf("look into %s: %w", one.table, err)
		}
		if n > 0 {
			continue
		}
		if err := s.repeatLast(ctx, one.kind); err != nil {
			return err
		}
	}
	return nil
}

// repeatLast begins the last run of a kind anew that wrote its table; one that
// is under way is enough.
func (s *Service) repeatLast(ctx context.Context, kind string) error {
	runs, err := s.store.ListRuns(ctx, kind)
	if err != nil {
		return err
	}
	for _, run := range runs {
		if run.State == RunRunning {
			return nil
		}
		if run.State != RunDone {
			continue
		}
		whole, err := s.store.FindRun(ctx, run.ID)
		if err != nil {
			return err
		}
		var result struct {
			IsDeployed *bool `json:"is_deployed"`
		}
		if err := json.Unmarshal(whole.Result, &result); err != nil {
			return fmt.Errorf("result of run %d: %w", run.ID, err)
		}
		if result.IsDeployed != nil && !*result.IsDeployed {
			continue // it wrote nothing
		}
		_, err = s.begin(ctx, run.Kind, run.Settings, run.Seed)
		return err
	}
	return nil
}

// restoreSimulation simulates the rules again that were looked at last.
func (s *Service) restoreSimulation(ctx context.Context) error {
	row, err := s.store.Find(ctx, modelSimulation)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	n, err := s.number(ctx, "SELECT count(*) FROM "+GradeSimulationTable)
	if err != nil || n > 0 {
		return err
	}
	var rules GradeRules
	if err := json.Unmarshal([]byte(row.settings), &rules); err != nil {
		return fmt.Errorf("rules of the last simulation: %w", err)
	}
	_, err = s.SimulateGrades(ctx, rules)
	return err
}

// registerRestore registers the job.
func (s *Service) registerRestore(queue *job.Queue) {
	queue.Register(jobRestore, func(ctx context.Context, _ *job.Job) error { return s.restore(auth.System(ctx, "mining")) }, job.RegisterOptions{Queue: "model"})
}
