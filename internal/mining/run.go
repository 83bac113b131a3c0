// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/job"
	"dangol/internal/platform/journal"
)

// RunState is where a run stands.
type RunState string

// The states of a run.
const (
	RunRunning RunState = "running"
	RunDone    RunState = "done"
	RunFailed  RunState = "failed"
)

// Run is one computation of a model, kept with everything that makes it
// repeatable.
type Run struct {
	ID         int64           `json:"id"`
	Kind       string          `json:"kind"`
	State      RunState        `json:"state"`
	Settings   json.RawMessage `json:"settings"`
	Seed       int64           `json:"seed"`
	DataSeq    int64           `json:"data_seq" doc:"journal number that the data include"`
	Result     json.RawMessage `json:"result,omitempty"`
	Problem    string          `json:"problem,omitempty"`
	PersonID   int64           `json:"person_id,omitempty"`
	JobID      int64           `json:"job_id,omitempty"`
	CreatedAt  time.Time       `json:"created_at"`
	FinishedAt *time.Time      `json:"finished_at,omitempty"`
	PinnedAt   *time.Time      `json:"pinned_at,omitempty" doc:"a pinned result is kept"`
	Note       string          `json:"note,omitempty" doc:"what people say about it"`
}

// progress tells how far a run is.
type progress func(done, total int64)

// runner computes one kind of run from its settings; the result must have JSON.
type runner struct {
	// check refuses settings before a run is begun.
	check   func(settings json.RawMessage) error
	compute func(ctx context.Context, run *Run, tell progress) (any, error)
	// needs are rights beyond those to begin a run.
	needs []string
}

// runners are the kinds of runs; a new model adds itself here.
func (s *Service) runners() map[string]runner {
	list := s.findings()
	list[kindValue] = runner{check: checkValue, compute: s.runValue}
	list[kindScorecard] = runner{check: checkScorecard, compute: s.runScorecard}
	list[kindShare] = runner{check: checkShare, compute: s.runShare}
	list[kindGrade] = runner{check: checkGrade, compute: s.runGrade}
	list[kindForecast] = runner{check: s.checkForecast, compute: s.runForecast}
	return list
}

// jobRun computes a run, jobRefresh repeats the last one of kinds that write
// fields of customers.
const (
	jobRun     = "mining.run"
	jobRefresh = "mining.refresh"
)

// permitRuns asks for the right to see everybody: a run is over all customers.
func permitRuns(ctx context.Context) error {
	if err := permit(ctx); err != nil {
		return err
	}
	if !auth.ScopeOf(ctx).All {
		return fault.New(fault.Forbidden, "mining.needs_all", "This model looks at all customers; your rights cover only some of them.")
	}
	return nil
}

// StartRun begins a computation and answers at once; its job tells how far it is.
func (s *Service) StartRun(ctx context.Context, kind string, settings json.RawMessage, seed int64) (*Run, error) {
	if err := auth.Check(ctx, "mining:update"); err != nil {
		return nil, err
	}
	if err := permitRuns(ctx); err != nil {
		return nil, err
	}
	model, known := s.runners()[kind]
	if !known {
		return nil, fault.New(fault.Invalid, "mining.no_kind", "There is no model {kind}.", "kind", kind)
	}
	for _, permission := range model.needs {
		if err := auth.Check(ctx, permission); err != nil {
			return nil, err
		}
	}
	if len(settings) == 0 {
		settings = json.RawMessage("{}")
	}
	if err := model.check(settings); err != nil {
		return nil, err
	}
	return s.begin(ctx, kind, settings, seed)
}

func (s *Service) begin(ctx context.Context, kind string, settings json.RawMessage, seed int64) (*Run, error) {
	run := &Run{Kind: kind, State: RunRunning, Settings: settings, Seed: max(seed, 1), PersonID: auth.From(ctx).ID}
	err := s.db.Within(ctx, func(ctx context.Context) error {
		if err := s.store.CreateRun(ctx, run); err != nil {
			return err
		}
		id, err := s.queue.Add(ctx, jobRun, map[string]int64{"run": run.ID}, job.Options{})
		if err != nil {
			return err
		}
		run.JobID = id
		if err := s.store.SetRunJob(ctx, run.ID, id); err != nil || s.journal == nil {
			return err
		}
		return s.journal.Append(ctx, journal.Entry{Capability: "mining", Kind: "mining.run_started", SubjectKind: "mining_run", SubjectIDs: []int64{run.ID}, After: settings})
	})
	return run, err
}

// FindRun returns a run with its result.
func (s *Service) FindRun(ctx context.Context, id int64) (*Run, error) {
	if err := permitRuns(ctx); err != nil {
		return nil, err
	}
	return s.store.FindRun(ctx, id)
}

// ListRuns returns the latest runs of a kind, newest first, without results.
func (s *Service) ListRuns(ctx context.Context, kind string) ([]Run, error) {
	if err := permitRuns(ctx); err != nil {
		return nil, err
	}
	return s.store.ListRuns(ctx, kind)
}

// work is the function of jobRun.
func (s *Service) work(ctx context.Context, j *job.Job) error {
	var args struct {
		Run int64 `json:"run"`
	}
	if err := j.Decode(&args); err != nil {
		return err
	}
	ctx = auth.System(ctx, "mining")
	run, err := s.store.FindRun(ctx, args.Run)
	if err != nil || run.State != RunRunning {
		return err // finished by an earlier attempt
	}
	model, known := s.runners()[run.Kind]
	if !known {
		return job.Fatal(fmt.Errorf("run %d: no model %s", run.ID, run.Kind))
	}
	if !s.warehouse.Ready() {
		return job.Snooze(busyPause)
	}
	run.DataSeq = s.warehouse.Position().Seq
	result, err := model.compute(ctx, run, func(done, total int64) { j.Progress(ctx, done, total, "") })
	if err != nil {
		return s.failed(ctx, j, run, err)
	}
	text, err := json.Marshal(result)
	if err != nil {
		return s.failed(ctx, j, run, fmt.Errorf("result of run %d: %w", run.ID, err))
	}
	return s.db.Within(ctx, func(ctx context.Context) error {
		if err := j.Fence(ctx); err != nil {
			return err
		}
		return s.store.FinishRun(ctx, run.ID, RunDone, run.DataSeq, string(text), "")
	})
}

// failed keeps what a person should know; a shutdown leaves the run to the next
// attempt.
func (s *Service) failed(ctx context.Context, j *job.Job, run *Run, err error) error {
	cause := context.Cause(ctx)
	if errors.Is(cause, job.ErrShutdown) || errors.Is(cause, job.ErrLeaseLost) {
		return err
	}
	problem := "The run could not be computed; the log says why."
	if f, ok := fault.As(err); ok {
		problem = f.Message
	}
	if errors.Is(cause, job.ErrCancelled) {
		problem = "The run was cancelled."
	} else if j.Attempt < j.MaxAttempts && !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.NotFound) {
		return err // another attempt may succeed
	}
	keep := context.WithoutCancel(ctx) // the run must not look as if it were still going on
	return errors.Join(err, s.store.FinishRun(keep, run.ID, RunFailed, run.DataSeq, "", problem))
}

// refresh repeats the last value run, so that fields of customers stay true.
func (s *Service) refresh(ctx context.Context) error {
	ctx = auth.System(ctx, "mining")
	runs, err := s.store.ListRuns(ctx, kindValue)
	if err != nil {
		return err
	}
	for _, run := range runs {
		switch run.State {
		case RunRunning:
			return nil
		case RunDone:
			_, err := s.begin(ctx, run.Kind, run.Settings, run.Seed)
			return err
		}
	}
	return nil
}

// planRefresh asks for a refresh after the warehouse was built anew.
func (s *Service) planRefresh(ctx context.Context) error {
	if s.queue == nil {
		return nil
	}
	return s.db.Within(ctx, func(ctx context.Context) error {
		_, err := s.queue.Add(ctx, jobRefresh, struct{}{}, job.Options{RunAt: database.Time(ctx).Add(settlePause), Unique: "rebuilt"})
		return err
	})
}

func noRun(id int64) error {
	return fault.New(fault.NotFound, "mining.no_run", "There is no run {id}; older runs are forgotten.", "id", id)
}
