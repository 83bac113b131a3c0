// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"context"
	"fmt"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/job"
	"dangol/internal/platform/journal"
)

// jobRecompute computes all golden rows and search tokens anew, after a rule has changed.
const jobRecompute = "customer.recompute"

// The jobs of drafts of rules.
const (
	jobSimulate = "customer.simulate_rules"
	jobApply    = "customer.apply_rules"
)

// RegisterJobs tells the queue what this capability does in the background.
func (s *Service) RegisterJobs(queue *job.Queue) {
	s.jobs = queue
	queue.Register(jobRecompute, s.recomputeJob, job.RegisterOptions{Queue: "intake", MaxAttempts: 5})
	queue.Register(jobDestroyKeys, s.destroyKeysJob, job.RegisterOptions{MaxAttempts: 10})
	queue.Register(jobEndKept, s.endKeptJob, job.RegisterOptions{MaxAttempts: 10})
	queue.Periodic(jobEndKept, "20 3 * * *", struct{}{})
	queue.Register(jobSimulate, s.simulateJob, job.RegisterOptions{MaxAttempts: 3})
	queue.Register(jobApply, s.applyJob, job.RegisterOptions{Queue: "intake", MaxAttempts: 5})
}

// orderRecompute has everything computed anew in the background; while one waits another is not added.
func (s *Service) orderRecompute(ctx context.Context) error {
	if s.jobs == nil {
		return nil
	}
	_, err := s.jobs.Add(ctx, jobRecompute, struct{}{}, job.Options{Unique: "all", PersonID: auth.From(ctx).ID})
	return err
}

func (s *Service) recomputeJob(ctx context.Context, j *job.Job) error {
	ctx = auth.System(ctx, "recompute")
	return s.RecomputeAll(ctx, j.Fence, func(done, total int64) { j.Progress(ctx, done, total, "") })
}

// recomputeSlice is how many customers one transaction computes anew, about 100 ms.
const recomputeSlice = 500

// RecomputeAll computes every golden row and its search tokens anew by the rules that hold now. It may be
// called again after a crash: what is right already is not written.
func (s *Service) RecomputeAll(ctx context.Context, fence func(context.Context) error, progress func(done, total int64)) error {
	s.rules.forget()
	var entry, after, done int64
	total, err := s.store.lastCustomer(ctx)
	if err != nil {
		return err
	}
	for {
		if err := ctx.Err(); err != nil {
			return context.Cause(ctx)
		}
		var ids []int64
		err := s.db.WithinBulk(ctx, func(ctx context.Context) error {
			if err := fence(ctx); err != nil {
				return err
			}
			var err error
			if ids, err = s.store.customersAfter(ctx, after, recomputeSlice); err != nil || len(ids) == 0 {
				return err
			}
			entry, err = s.recomputeLogged(ctx, entry, ids)
			return err
		})
		if err != nil {
			return fmt.Errorf("compute customers behind %d anew: %w", after, err)
		}
		if len(ids) == 0 {
			s.anchors.touch(int(done))
			return nil
		}
		after = ids[len(ids)-1]
		done += int64(len(ids))
		progress(after, total)
	}
}

// recomputeLogged computes some customers anew; the bulk entry is opened with the first change.
func (s *Service) recomputeLogged(ctx context.Context, entry int64, ids []int64) (int64, error) {
	changes, err := s.recompute(ctx, ids, nil)
	if err != nil {
		return entry, err
	}
	if err := s.reindex(ctx, ids); err != nil || len(changes) == 0 {
		return entry, err
	}
	if entry == 0 {
		entry, err = s.journal.AppendBulk(ctx, journal.Entry{Capability: "customer", Kind: "customer.recomputed", SubjectKind: "customer"}, nil)
		if err != nil {
			return 0, err
		}
	}
	rows := make([]journal.Change, len(changes))
	for i := range changes {
		rows[i] = changes[i].journal("customer.updated")
	}
	return entry, s.journal.AppendChunks(ctx, entry, rows)
}

// reindex writes the search tokens of customers anew although their rows did not change.
func (s *Service) reindex(ctx context.Context, ids []int64) error {
	rules := s.rules.current(ctx)
	customers, err := s.store.LoadCustomers(ctx, ids)
	if err != nil {
		return err
	}
	records, err := s.store.RecordsOf(ctx, ids)
	if err != nil {
		return err
	}
	list := make([]indexed, 0, len(customers))
	for _, c := range customers {
		if !c.Hidden {
			list = append(list, indexed{c.ID, string(AppendTokens(nil, &c.Values, records[c.ID], rules.searchable))})
		}
	}
	return s.store.ReplaceTokens(ctx, list)
}
