// SPDX-License-Identifier: Apache-2.0

package household

import (
	"context"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/job"
	"dangol/internal/platform/journal"
)

const (
	jobSearch = "customer.household_search"
	jobDecide = "customer.household_confirm"
)

// RegisterJobs tells the queue what this package does in the background; the search runs every night.
func (s *Service) RegisterJobs(queue *job.Queue) {
	s.jobs = queue
	queue.Register(jobSearch, s.searchJob, job.RegisterOptions{Queue: "intake", MaxAttempts: 3})
	queue.Register(jobDecide, s.decideJob, job.RegisterOptions{Queue: "intake", MaxAttempts: 3})
	queue.Periodic(jobSearch, "10 3 * * *", struct{}{})
}

// StartSearch looks through the whole base in the background and returns the job.
func (s *Service) StartSearch(ctx context.Context) (int64, error) {
	return s.jobs.Add(ctx, jobSearch, struct{}{}, job.Options{Unique: "all", PersonID: auth.From(ctx).ID})
}

func (s *Service) searchJob(ctx context.Context, j *job.Job) error {
	ctx = auth.System(ctx, "household search")
	summary, err := s.Search(ctx, j.Fence, func(done, total int64, note string) { j.Progress(ctx, done, total, note) })
	if err != nil {
		return err
	}
	return j.SetResult(summary)
}

// decision is what a bulk confirmation was told.
type decision struct {
	From     int   `json:"from,omitempty"`
	Entry    int64 `json:"entry"`
	PersonID int64 `json:"person_id"`
	IsUndo   bool  `json:"is_undo,omitempty"`
}

// StartConfirm confirms all suggestions from a confidence (thousandths) on in the background; the entry
// it returns takes all of them back.
func (s *Service) StartConfirm(ctx context.Context, from int) (jobID, entryID int64, err error) {
	return s.startDecision(ctx, decision{From: from}, "customer.household_confirmed_all")
}

// StartUndo takes a bulk confirmation back in the background; households changed since stay.
func (s *Service) StartUndo(ctx context.Context, entryID int64) (jobID int64, err error) {
	jobID, _, err = s.startDecision(ctx, decision{Entry: entryID, IsUndo: true}, "customer.household_undone_all")
	return jobID, err
}

func (s *Service) startDecision(ctx context.Context, d decision, kind string) (jobID, entryID int64, err error) {
	if err := mayDecide(ctx); err != nil {
		return 0, 0, err
	}
	d.PersonID = auth.From(ctx).ID
	err = s.db.Within(ctx, func(ctx context.Context) error {
		entryID, err = s.journal.AppendBulk(ctx, journal.Entry{Capability: "customer", Kind: kind, SubjectKind: "customer"}, nil)
		if err != nil {
			return err
		}
		args := struct {
			decision
			Log int64 `json:"log"`
		}{d, entryID}
		if !d.IsUndo {
			args.Entry = entryID
		}
		jobID, err = s.jobs.Add(ctx, jobDecide, args, job.Options{PersonID: d.PersonID})
		return err
	})
	return jobID, entryID, err
}

func (s *Service) decideJob(ctx context.Context, j *job.Job) error {
	var args struct {
		decision
		Log int64 `json:"log"`
	}
	if err := j.Decode(&args); err != nil {
		return err
	}
	ctx = auth.System(ctx, "household confirm")
	state := ask{state: Suggested, from: args.From, to: 1000}
	total, err := s.store.count(ctx, state, 1<<40)
	if err != nil {
		return err
	}
	done := int64(0)
	for {
		var ids []int64
		err := s.db.WithinBulk(ctx, func(ctx context.Context) error {
			if err := j.Fence(ctx); err != nil {
				return err
			}
			var err error
			if ids, err = s.store.decideSome(ctx, args.From, args.Entry, args.PersonID, args.IsUndo, slice); err != nil || len(ids) == 0 {
				return err
			}
			_, err = s.refreshLogged(ctx, args.Log, "customer.household_confirmed", ids, nil)
			return err
		})
		if err != nil {
			return err
		}
		if len(ids) == 0 {
			return j.SetResult(map[string]int64{"households": done})
		}
		done += int64(len(ids))
		j.Progress(ctx, done, max(total, done), "")
	}
}
