// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"context"
	"errors"
	"fmt"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/job"
)

// The kinds of jobs.
const (
	jobRun   = "intake.run"
	jobUndo  = "intake.undo"
	jobTry   = "intake.try"
	jobSweep = "intake.sweep"
)

type batchArgs struct {
	BatchID int64 `json:"batch_id"`
}

// RegisterJobs tells the queue what this capability does in the background. One import runs at a time:
// two would only wait for the one writer in turn.
func (s *Service) RegisterJobs() {
	options := job.RegisterOptions{Queue: "intake", MaxAttempts: 5}
	s.jobs.Register(jobRun, s.runJob, options)
	s.jobs.Register(jobUndo, s.undoJob, options)
	s.jobs.Register(jobTry, s.tryJob, job.RegisterOptions{MaxAttempts: 2})
	s.jobs.Register(jobSweep, s.sweepJob, job.RegisterOptions{MaxAttempts: 2})
	s.jobs.Periodic(jobSweep, "17 4 * * *", struct{}{})
}

// keepUploads is how long a file is kept that no running import needs: it is a copy of personal data.
const keepUploads = 7 * 24 * time.Hour

func (s *Service) sweepJob(ctx context.Context, _ *job.Job) error {
	ids, err := s.store.oldUploads(ctx, s.db.Now(ctx).Add(-keepUploads))
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := s.store.dropUpload(ctx, id); err != nil {
			return err
		}
		if err := s.files.Delete(ctx, id); err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	return nil
}

// Start runs the batch in the background.
func (s *Service) Start(ctx context.Context, id int64) (*Batch, error) {
	return s.enqueue(ctx, id, jobRun, Running, Prepared, Tried, Failed, Cancelled)
}

// StartTry makes the dry run in the background.
func (s *Service) StartTry(ctx context.Context, id int64) (*Batch, error) {
	return s.enqueue(ctx, id, jobTry, Trying, Prepared, Tried)
}

// StartUndo undoes the batch in the background.
func (s *Service) StartUndo(ctx context.Context, id int64) (*Batch, error) {
	return s.enqueue(ctx, id, jobUndo, Undoing, Done, Failed, Cancelled)
}

func (s *Service) enqueue(ctx context.Context, id int64, kind string, to State, from ...State) (*Batch, error) {
	if err := auth.Check(ctx, "customer:import"); err != nil {
		return nil, err
	}
	var b *Batch
	err := s.db.Within(ctx, func(ctx context.Context) error {
		var err error
		if b, err = s.store.find(ctx, id); err != nil {
			return err
		}
		if err := s.mourn(ctx, b); err != nil {
			return err
		}
		if err := inState(b, from...); err != nil {
			return err
		}
		if kind == jobRun && b.FileID == 0 {
			return fault.New(fault.Conflict, "intake.file_gone", "The file was deleted after its import; upload it again.")
		}
		if b.JobID, err = s.jobs.Add(ctx, kind, batchArgs{id}, job.Options{Unique: fmt.Sprint(id), PersonID: auth.From(ctx).ID}); err != nil {
			return err
		}
		b.State, b.Error = to, ""
		return s.store.saveState(ctx, b)
	})
	return b, err
}

func inState(b *Batch, allowed ...State) error {
	want := ""
	for i, state := range allowed {
		if b.State == state {
			return nil
		}
		if i > 0 {
			want += " or "
		}
		want += string(state)
	}
	return errState(b, want)
}

// Cancel stops a running import at the end of its slice.
func (s *Service) Cancel(ctx context.Context, id int64) (*Batch, error) {
	if err := auth.Check(ctx, "customer:import"); err != nil {
		return nil, err
	}
	b, err := s.store.find(ctx, id)
	if err != nil {
		return nil, err
	}
	if b.State != Running && b.State != Trying {
		return nil, errState(b, "running")
	}
	if err := s.jobs.Cancel(ctx, b.JobID); err != nil && !fault.Is(err, fault.Conflict) {
		return nil, err
	}
	info, err := s.jobs.Find(ctx, b.JobID)
	if err != nil {
		return nil, err
	}
	if info.State == job.Cancelled { // it had not begun, so nobody else will say so
		b.State = Cancelled
		return b, s.db.Within(ctx, func(ctx context.Context) error { return s.store.saveState(ctx, b) })
	}
	return s.store.find(ctx, id)
}

func (s *Service) runJob(ctx context.Context, j *job.Job) error {
	return s.withBatch(ctx, j, func(ctx context.Context, b *Batch, progress func(context.Context, int64, int64)) error {
		if b.State == Done {
			return nil
		}
		return s.run(ctx, b, j.Fence, progress)
	})
}

func (s *Service) tryJob(ctx context.Context, j *job.Job) error {
	return s.withBatch(ctx, j, func(ctx context.Context, b *Batch, progress func(context.Context, int64, int64)) error {
		_, err := s.Try(ctx, b.ID, progress)
		return err
	})
}

func (s *Service) undoJob(ctx context.Context, j *job.Job) error {
	return s.withBatch(ctx, j, func(ctx context.Context, b *Batch, progress func(context.Context, int64, int64)) error {
		if b.State == Undone {
			return nil
		}
		return s.undo(ctx, b, j.Fence, progress)
	})
}

// withBatch runs work as the person who ordered it, and keeps with the batch how it ended.
func (s *Service) withBatch(ctx context.Context, j *job.Job, work func(context.Context, *Batch, func(context.Context, int64, int64)) error) error {
	var args batchArgs
	if err := j.Decode(&args); err != nil {
		return err
	}
	ctx, err := auth.ActAs(ctx, j.PersonID)
	if err != nil {
		return job.Fatal(err)
	}
	b, err := s.store.find(ctx, args.BatchID)
	if err != nil {
		return err
	}
	started := time.Now()
	err = work(ctx, b, func(ctx context.Context, done, total int64) {
		j.Progress(ctx, done, total, "")
		s.publish(fmt.Sprintf("batch:%d", b.ID), liveOf(b, done, total, time.Since(started)))
	})
	if err == nil {
		s.publishState(b)
		return nil
	}
	return s.failed(ctx, j, b, err)
}

// failed keeps why the work stopped. Cancelling and mistakes in the file end it; a lost lease, a shut-down
// and a full disk leave the batch as it is, to go on later.
func (s *Service) failed(ctx context.Context, j *job.Job, b *Batch, err error) error {
	cause := context.Cause(ctx)
	ctx = context.WithoutCancel(ctx)
	state := Failed
	switch {
	case errors.Is(err, job.ErrCancelled) || errors.Is(cause, job.ErrCancelled):
		state, err = Cancelled, job.ErrCancelled
	case errors.Is(err, job.ErrLeaseLost), errors.Is(cause, job.ErrLeaseLost), errors.Is(cause, job.ErrShutdown):
		return err
	case (fault.Is(err, fault.Busy) || fault.Is(err, fault.Unavailable)) && j.Attempt < j.MaxAttempts:
		return err
	}
	latest, findErr := s.store.find(ctx, b.ID)
	if findErr != nil {
		return errors.Join(err, findErr)
	}
	if b.State == Undoing {
		state = Undoing // an undo cannot stay half done: it is tried again
		return err
	}
	latest.State = state
	if state == Failed {
		latest.Error = explain(err)
		err = job.Fatal(err)
	}
	if saveErr := s.db.Within(ctx, func(ctx context.Context) error { return s.store.saveState(ctx, latest) }); saveErr != nil {
		return errors.Join(err, saveErr)
	}
	s.publishState(latest)
	return err
}

// Live is what is published while a batch runs, on topic "batch:<id>".
type Live struct {
	ID      int64   `json:"id"`
	State   State   `json:"state"`
	Done    int64   `json:"done"`
	Total   int64   `json:"total"`
	Counts  Counts  `json:"counts"`
	Seconds float64 `json:"seconds"`
	Rate    float64 `json:"rate" doc:"rows a second"`
	Error   string  `json:"error,omitempty"`
}

func liveOf(b *Batch, done, total int64, since time.Duration) Live {
	live := Live{ID: b.ID, State: b.State, Done: done, Total: total, Counts: b.Counts, Seconds: since.Seconds(), Error: b.Error}
	if live.Seconds > 0 {
		live.Rate = float64(done) / live.Seconds
	}
	return live
}

func (s *Service) publishState(b *Batch) {
	s.publish(fmt.Sprintf("batch:%d", b.ID), liveOf(b, b.Counts.Rows, b.Total, 0))
}
