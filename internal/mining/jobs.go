// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"context"
	"slices"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/job"
	"dangol/internal/platform/journal"
)

// jobScore computes the scores of everybody.
const jobScore = "mining.score_customers"

const (
	// followEvery is how often scores follow changes of purchases at the most.
	followEvery = 30 * time.Second
	// refreshEvery is how often the values of customers follow at the most.
	refreshEvery = time.Hour
	// settlePause lets the warehouse take the changes in first.
	settlePause = 5 * time.Second
)

// busyPause is how long a run waits while the warehouse is being built.
const busyPause = time.Minute

// importPause is how long it waits while a large import runs.
const importPause = 15 * time.Second

// RegisterJobs registers the work of the capability: scores are computed anew
// every night, when a new day has begun in the company's zone.
func (s *Service) RegisterJobs(queue *job.Queue) {
	queue.Register(jobScore, s.scoreEverybody, job.RegisterOptions{Queue: "model", Timeout: time.Hour})
	queue.Periodic(jobScore, "23 3 * * *", struct{}{})
	queue.Register(jobRun, s.work, job.RegisterOptions{Queue: "model", Timeout: time.Hour})
	queue.Register(jobRefresh, func(ctx context.Context, _ *job.Job) error { return s.refresh(ctx) }, job.RegisterOptions{Queue: "model", Timeout: time.Minute})
	queue.Periodic(jobRefresh, "41 3 * * *", struct{}{})
	queue.Register(jobGrades, func(ctx context.Context, _ *job.Job) error { return s.gradeDaily(auth.System(ctx, "mining")) }, job.RegisterOptions{Queue: "model", Timeout: time.Minute})
	queue.Periodic(jobGrades, "53 3 * * *", struct{}{})
	queue.Register(jobForget, func(ctx context.Context, _ *job.Job) error { return s.forgetOverdue(auth.System(ctx, "mining")) }, job.RegisterOptions{Queue: "model", Timeout: time.Hour})
	queue.Periodic(jobForget, "31 4 * * *", struct{}{})
	s.registerFindings(queue)
	s.registerRestore(queue)
	s.queue = queue
}

const (
	// jobGrades begins the run that gives grades.
	jobGrades = "mining.grades"
	// jobForget erases those whose time of keeping is over.
	jobForget = "mining.forget_overdue"
)

// gradeDaily gives grades anew when there are rules in force: lower grades that
// were announced for today begin to hold.
func (s *Service) gradeDaily(ctx context.Context) error {
	versions, err := s.store.ListGradeVersions(ctx)
	if err != nil || activeVersion(versions, s.today().Format(isoDate)) < 0 {
		return err
	}
	_, err = s.begin(ctx, kindGrade, []byte("{}"), 1)
	return err
}

// scoreArgs are those of jobScore.
type scoreArgs struct {
	// After is what the run must not begin before, in Unix microseconds: then the warehouse has taken in
	// the changes that it was planned for. 0 is any time.
	After int64 `json:"after,omitempty"`
}

// scoreEverybody computes the scores of everybody, unless a run that began late enough has done so already: while a
// run takes long, more are planned. It waits for the end of a large import, which would outdate it at once.
func (s *Service) scoreEverybody(ctx context.Context, j *job.Job) error {
	var args scoreArgs
	if err := j.Decode(&args); err != nil {
		return err
	}
	if args.After != 0 && s.scoredFrom.Load() >= args.After {
		return nil
	}
	if s.isBusy != nil && s.isBusy() {
		return job.Snooze(importPause)
	}
	began := s.db.Now(ctx).UnixMicro()
	err := s.RefreshRFM(auth.System(ctx, "mining"))
	if fault.Is(err, fault.Unavailable) {
		return job.Snooze(busyPause)
	}
	if err == nil {
		s.scoredFrom.Store(began)
	}
	return err
}

// UseBusy connects who knows that a large import runs.
func (s *Service) UseBusy(isBusy func() bool) { s.isBusy = isBusy }

// Follow plans new scores when purchases or the customers that they belong to
// have changed: one run for each stretch of followEvery, begun after its end,
// so that no change falls between two runs.
func (s *Service) Follow(ctx context.Context, entries []journal.Entry) error {
	if !slices.ContainsFunc(entries, movesScores) {
		return nil
	}
	return s.db.Within(ctx, func(ctx context.Context) error {
		hour := database.Time(ctx).Truncate(refreshEvery)
		if _, err := s.queue.Add(ctx, jobRefresh, struct{}{}, job.Options{RunAt: hour.Add(refreshEvery), Unique: hour.Format(time.RFC3339)}); err != nil {
			return err
		}
		stretch := database.Time(ctx).Truncate(followEvery)
		runAt := stretch.Add(followEvery + settlePause)
		_, err := s.queue.Add(ctx, jobScore, scoreArgs{After: runAt.UnixMicro()}, job.Options{RunAt: runAt, Unique: stretch.Format(time.RFC3339)})
		return err
	})
}

func movesScores(e journal.Entry) bool {
	switch e.Capability {
	case "order", "intake", "match":
		return true
	}
	return e.Kind == "customer.merged" || e.Kind == "customer.unmerged"
}

// AfterRebuild computes the scores anew, which a rebuilt warehouse has lost.
func (s *Service) AfterRebuild(ctx context.Context) error {
	if err := s.RefreshRFM(auth.System(ctx, "mining")); err != nil {
		return err
	}
	if err := s.restoreFindings(auth.System(ctx, "mining")); err != nil {
		return err
	}
	return s.planRefresh(ctx)
}
