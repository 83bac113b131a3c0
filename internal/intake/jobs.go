// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"context"
	"errors"
	"fmt"
	"time"

	"dangol/internal/intake/reader"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/job"
	"dangol/internal/platform/journal"
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
		j.Progress(ctx, done, total, string(b.State))
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

// Run imports the batch here and now, without a job: for the command line on its own data directory.
func (s *Service) Run(ctx context.Context, id int64, progress func(ctx context.Context, done, total int64)) (*Batch, error) {
	if err := auth.Check(ctx, "customer:import"); err != nil {
		return nil, err
	}
	b, err := s.store.find(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := inState(b, Prepared, Tried, Running, Failed, Cancelled); err != nil {
		return nil, err
	}
	if progress == nil {
		progress = func(context.Context, int64, int64) {}
	}
	err = s.run(ctx, b, func(context.Context) error { return nil }, progress)
	if err != nil {
		b.State, b.Error = Failed, explain(err)
		saveErr := s.db.Within(context.WithoutCancel(ctx), func(ctx context.Context) error {
			latest, err := s.store.find(ctx, id)
			if err != nil {
				return err
			}
			latest.State, latest.Error = b.State, b.Error
			return s.store.saveState(ctx, latest)
		})
		return b, errors.Join(err, saveErr)
	}
	return b, nil
}

// run writes the batch from where it stands to its end.
func (s *Service) run(ctx context.Context, b *Batch, fence func(context.Context) error, progress func(context.Context, int64, int64)) error {
	file, closer, err := s.open(ctx, b)
	if err != nil {
		return err
	}
	defer func() { _, _ = file.Close(), closer.Close() }()
	isResumed := b.Position != (reader.Position{})
	if isResumed {
		if err := file.SkipTo(b.Position); err != nil {
			return fmt.Errorf("go on behind row %d: %w", b.Position.Row, err)
		}
	}
	plan, err := s.planOf(ctx, b)
	if err != nil {
		return err
	}
	r := &runner{s: s, batch: b, plan: plan, fence: fence, progress: progress, pace: newPace(s.lastSeen), records: map[string]int64{}}
	if err := s.begin(ctx, r, isResumed); err != nil {
		return err
	}
	end, err := s.customers.PrepareBulk(ctx, b.Total)
	if err != nil {
		return err
	}
	defer end()
	if err := r.run(ctx, file); err != nil {
		return err
	}
	return s.finish(ctx, r)
}

// begin notes that the import runs and opens its entry in the journal.
func (s *Service) begin(ctx context.Context, r *runner, isResumed bool) error {
	b := r.batch
	err := s.db.Within(ctx, func(ctx context.Context) error {
		at := database.Time(ctx)
		b.State, b.Error = Running, ""
		if b.StartedAt == nil {
			b.StartedAt = &at
		}
		if b.EntryID == 0 {
			var err error
			if b.EntryID, err = s.journal.AppendBulk(ctx, journal.Entry{
				Capability: "intake", Kind: "intake.batch_imported", SubjectKind: "customer", Batch: b.ID,
			}, nil); err != nil {
				return err
			}
		}
		return s.store.saveState(ctx, b)
	})
	if err != nil || s.facts == nil || b.Kind == "customers" {
		return err
	}
	r.loader, err = s.facts.Begin(ctx, FactBatch{
		ID: b.ID, SourceID: b.SourceID, Kind: string(b.Kind), Currency: b.Options.Currency, Location: s.config.Zone, IsResumed: isResumed,
	})
	return err
}

// finish notes that every row was dealt with. A file with resident numbers is not kept any longer.
func (s *Service) finish(ctx context.Context, r *runner) error {
	b := r.batch
	if b.Counts.Rows == 0 {
		return errEmpty()
	}
	drop := int64(0)
	err := s.db.Within(ctx, func(ctx context.Context) error {
		at := database.Time(ctx)
		b.State, b.FinishedAt, b.Total = Done, &at, b.Counts.Rows
		b.Options.Password = ""
		if hasResidents(b.FindingCounts) {
			drop, b.FileID = b.FileID, 0
		}
		if r.loader != nil {
			if err := r.loader.Finish(ctx); err != nil {
				return err
			}
		}
		return s.store.saveState(ctx, b)
	})
	if err != nil {
		return err
	}
	s.customers.Touched(int(min(b.Counts.Created+b.Counts.Updated+b.Counts.Linked, 1<<30)))
	if drop != 0 {
		return s.files.Delete(ctx, drop)
	}
	return nil
}
