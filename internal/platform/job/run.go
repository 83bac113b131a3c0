// SPDX-License-Identifier: Apache-2.0

package job

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"dangol/internal/platform/fault"
)

// renewals per lease: two may fail before the lease is lost.
const renewals = 3

// sweepEvery is how often jobs that ended long ago are removed.
const sweepEvery = time.Hour

// errorLength bounds the text of an error that is stored with a job.
const errorLength = 2000

// Run does jobs of the registered kinds until ctx ends, then gives running ones Config.Grace to stop;
// what does not finish is ready again for the next start.
func (q *Queue) Run(ctx context.Context) error {
	work, stop := context.WithCancelCause(context.WithoutCancel(ctx))
	defer stop(ErrShutdown)
	var jobs, loops sync.WaitGroup
	loops.Go(func() { q.keepLeases(work) })
	q.loop(ctx, work, &jobs)

	stop(ErrShutdown)
	ended := make(chan struct{})
	go func() { jobs.Wait(); close(ended) }()
	grace := time.NewTimer(q.config.Grace)
	defer grace.Stop()
	select {
	case <-ended:
	case <-grace.C:
		slog.Warn("job: some jobs did not stop in time; they start again when their lease ends")
	}
	loops.Wait()
	return nil
}

// loop starts due jobs until ctx ends.
func (q *Queue) loop(ctx, work context.Context, jobs *sync.WaitGroup) {
	var swept time.Time
	for ctx.Err() == nil {
		if time.Since(swept) >= sweepEvery {
			swept = time.Now()
			if err := q.Sweep(ctx); err != nil && ctx.Err() == nil {
				slog.Error("job: old jobs not removed", "error", err)
			}
		}
		next, err := q.round(ctx, work, jobs)
		if err != nil && ctx.Err() == nil {
			slog.Error("job: looking for work failed", "error", err)
		}
		pause := q.config.Poll
		if !next.IsZero() {
			pause = max(time.Millisecond, min(pause, next.Sub(q.db.Now(ctx))))
		}
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
		case <-q.wake:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// round does everything due now and returns when something will be due next.
func (q *Queue) round(ctx, work context.Context, jobs *sync.WaitGroup) (next time.Time, err error) {
	next, err = q.plan(ctx)
	if err := q.reclaim(ctx); err != nil {
		return next, err
	}
	if len(q.kinds) == 0 {
		return next, err
	}
	for _, queue := range q.queues() {
		due, at, queueErr := q.anyReady(ctx, queue)
		if queueErr != nil {
			return next, queueErr
		}
		if free := q.free(queue); due && free > 0 {
			if err := q.start(ctx, work, jobs, queue, free); err != nil {
				return next, err
			}
		} else if !due && !at.IsZero() && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	return next, err
}

func (q *Queue) queues() []string {
	var names []string
	seen := map[string]bool{}
	for _, k := range q.kinds {
		if !seen[k.Queue] {
			seen[k.Queue] = true
			names = append(names, k.Queue)
		}
	}
	return names
}

func (q *Queue) free(queue string) int {
	workers, ok := q.config.Workers[queue]
	if !ok {
		workers = defaultWorkers
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	return workers - q.busy[queue]
}

func (q *Queue) start(ctx, work context.Context, jobs *sync.WaitGroup, queue string, n int) error {
	list, err := q.claim(ctx, queue, n)
	if err != nil {
		return fmt.Errorf("claim: %w", err)
	}
	for _, j := range list {
		jobCtx, cancel := context.WithCancelCause(work)
		j.cancel = cancel
		q.mu.Lock()
		q.running[j.ID] = j
		q.busy[queue]++
		q.mu.Unlock()
		// Read after j stands in running: a cancellation from now on finds it there.
		if is, err := q.isCancelled(ctx, j.ID); err == nil && is {
			cancel(ErrCancelled)
		}
		jobs.Go(func() {
			defer cancel(nil)
			q.work(jobCtx, j)
			q.mu.Lock()
			delete(q.running, j.ID)
			q.busy[queue]--
			q.mu.Unlock()
			q.wakeUp()
		})
	}
	return nil
}

// work runs one job and stores how it ended.
func (q *Queue) work(ctx context.Context, j *Job) {
	q.publish(j.ID, Live{ID: j.ID, Kind: j.Kind, State: Running, Done: j.Info.Done, Total: j.Total, Note: j.Note})
	started := time.Now()
	err := q.call(ctx, j)
	// How it ended is stored even though the job's own ctx may be over.
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), q.config.Lease)
	defer cancel()
	state, held, storeErr := q.settle(end, context.Cause(ctx), j, err)
	log := slog.With("job", j.Kind, "job_id", j.ID, "attempt", j.Attempt, "state", string(state), "took", time.Since(started))
	switch {
	case storeErr != nil:
		log.Error("job: its end could not be stored; it will run again", "error", errors.Join(storeErr, err))
	case !held:
		log.Warn("job: another worker has taken it over; this result is dropped", "error", err)
	case errors.As(err, &snooze{}):
		log.Debug("job: waits", "error", err)
	case err != nil && state != Cancelled:
		log.Warn("job: failed", "error", err)
	default:
		log.Debug("job: ended")
	}
	live := Live{ID: j.ID, Kind: j.Kind, State: state, Done: j.Info.Done, Total: j.Total, Note: j.Note}
	if err != nil {
		live.Error = message(err)
	}
	q.publish(j.ID, live)
}

// call runs the function with its deadline and turns a panic into an error.
func (q *Queue) call(ctx context.Context, j *Job) (err error) {
	k := q.kinds[j.Kind]
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	if k.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, k.Timeout)
		defer cancel()
	}
	if q.config.Context != nil {
		if ctx, err = q.config.Context(ctx, j); err != nil {
			return err
		}
	}
	return k.run(ctx, j)
}

// settle stores the end of a job; held is false when another worker owns it now.
func (q *Queue) settle(ctx context.Context, cause error, j *Job, err error) (state State, held bool, storeErr error) {
	j.mu.Lock()
	isDone := j.isDone
	j.mu.Unlock()
	now := q.db.Now(ctx)
	var s snooze
	switch {
	case isDone:
		return Succeeded, true, nil
	case err == nil:
		held, storeErr = q.finish(ctx, j, Succeeded, "")
		return Succeeded, held, storeErr
	case errors.Is(cause, ErrCancelled):
		held, storeErr = q.finish(ctx, j, Cancelled, "")
		return Cancelled, held, storeErr
	case errors.Is(cause, ErrLeaseLost):
		return Ready, false, nil
	case errors.Is(cause, ErrShutdown):
		held, storeErr = q.again(ctx, j, now, false, "")
		return Ready, held, storeErr
	case errors.As(err, &s):
		held, storeErr = q.again(ctx, j, now.Add(s.pause), false, "")
		return Ready, held, storeErr
	case isFatal(err) || j.Attempt >= j.MaxAttempts:
		held, storeErr = q.finish(ctx, j, Dead, message(err))
		return Dead, held, storeErr
	}
	held, storeErr = q.again(ctx, j, now.Add(q.kinds[j.Kind].Backoff(j.Attempt)), true, message(err))
	return Ready, held, storeErr
}

// message is what people see of an error: the text of its fault, else the error itself, cut.
func message(err error) string {
	text := err.Error()
	if f, ok := fault.As(err); ok {
		text = f.Message
	}
	if len(text) > errorLength {
		text = text[:errorLength]
	}
	return text
}

// keepLeases renews leases until ctx ends, cancels jobs whose lease is lost and hears of cancellations
// made on other nodes.
func (q *Queue) keepLeases(ctx context.Context) {
	every := q.config.Lease / renewals
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	renewed := time.Now()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		mine := q.runningJobs()
		if len(mine) == 0 {
			renewed = time.Now()
			continue
		}
		attempt := time.Now()
		bounded, cancel := context.WithTimeout(ctx, every)
		list, err := q.renew(bounded, mine)
		cancel()
		if err == nil {
			renewed = attempt
			heed(mine, list)
			continue
		}
		slog.Warn("job: leases not renewed", "error", err)
		// On SQLite no other process can take them over, so a busy hour is no reason to stop.
		if q.db.IsPostgres() && time.Since(renewed) >= q.config.Lease {
			for _, j := range mine {
				j.cancel(ErrLeaseLost)
			}
		}
	}
}

func (q *Queue) runningJobs() []*Job {
	q.mu.Lock()
	defer q.mu.Unlock()
	list := make([]*Job, 0, len(q.running))
	for _, j := range q.running {
		list = append(list, j)
	}
	return list
}

// heed cancels jobs that are no longer held or were cancelled elsewhere; jobs were running before the
// renewal that gave list. One that ended meanwhile is cancelled too, which does nothing.
func heed(jobs []*Job, list []held) {
	byID := make(map[int64]held, len(list))
	for _, h := range list {
		byID[h.id] = h
	}
	for _, j := range jobs {
		switch h := byID[j.ID]; {
		case h.lease != j.lease:
			j.cancel(ErrLeaseLost)
		case h.isCancelled:
			j.cancel(ErrCancelled)
		}
	}
}

// reclaim makes jobs ready again whose worker has died.
func (q *Queue) reclaim(ctx context.Context) error {
	expired, err := q.listExpired(ctx)
	if err != nil {
		return fmt.Errorf("find dead workers: %w", err)
	}
	for _, j := range expired {
		if q.runs(j.ID) { // our own clock has jumped: whoever renews the lease keeps it
			continue
		}
		state := Ready
		switch {
		case j.IsCancelled:
			state = Cancelled
			_, err = q.finish(ctx, j, Cancelled, "")
		case j.Attempt >= j.MaxAttempts:
			state = Dead
			_, err = q.finish(ctx, j, Dead, "The worker died while doing this job, at the last attempt.")
		default:
			_, err = q.again(ctx, j, q.db.Now(ctx), true, "The worker died while doing this job.")
		}
		if err != nil {
			return fmt.Errorf("take over job %d: %w", j.ID, err)
		}
		slog.Warn("job: its worker has died", "job", j.Kind, "job_id", j.ID, "state", string(state))
	}
	return nil
}

func (q *Queue) runs(id int64) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.running[id] != nil
}

// plan adds periodic jobs that are due and returns when the next will be.
func (q *Queue) plan(ctx context.Context) (next time.Time, err error) {
	for _, p := range q.periodic {
		now := q.db.Now(ctx)
		due, known, err := q.periodicDue(ctx, p.name)
		if err != nil {
			return next, fmt.Errorf("plan %s: %w", p.name, err)
		}
		following := p.schedule.Next(now.In(q.config.Zone)).UTC()
		switch {
		case !known:
			_, err = q.movePeriodic(ctx, p.name, time.Time{}, following)
		case !due.After(now):
			err = q.addPeriodic(ctx, p, due, following)
		case due.After(following): // the cron line was changed to be more frequent
			_, err = q.movePeriodic(ctx, p.name, due, following)
		default:
			following = due
		}
		if err != nil {
			return next, fmt.Errorf("plan %s: %w", p.name, err)
		}
		if next.IsZero() || following.Before(next) {
			next = following
		}
	}
	return next, nil
}

func (q *Queue) addPeriodic(ctx context.Context, p periodic, due, following time.Time) error {
	return q.db.Within(ctx, func(ctx context.Context) error {
		mine, err := q.movePeriodic(ctx, p.name, due, following)
		if err != nil || !mine {
			return err
		}
		_, err = q.Add(ctx, p.kind, p.args, Options{Unique: "periodic"})
		return err
	})
}

// Sweep removes jobs that ended well longer than Config.Keep ago; dead ones stay.
func (q *Queue) Sweep(ctx context.Context) error {
	return q.deleteOld(ctx, q.db.Now(ctx).Add(-q.config.Keep))
}
