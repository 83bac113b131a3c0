// SPDX-License-Identifier: Apache-2.0

package job_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dangol/internal/platform/database"
	"dangol/internal/platform/database/databasetest"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/job"
)

// clock is a time that tests move.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Date(2026, 5, 4, 3, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.at }

func (c *clock) move(d time.Duration) { c.mu.Lock(); c.at = c.at.Add(d); c.mu.Unlock() }

// run runs the queue until the test ends or stop is called.
func run(t *testing.T, q *job.Queue) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { _ = q.Run(ctx); close(ended) }()
	stop = func() { cancel(); <-ended }
	t.Cleanup(stop)
	return stop
}

func config() job.Config { return job.Config{Poll: 20 * time.Millisecond, Grace: time.Second} }

// until waits for a job to reach a state.
func until(t *testing.T, q *job.Queue, id int64, state job.State) job.Info {
	t.Helper()
	deadline := time.NewTimer(20 * time.Second)
	defer deadline.Stop()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for {
		info, err := q.Find(context.Background(), id)
		if err != nil {
			t.Fatal(err)
		}
		if info.State == state {
			return info
		}
		select {
		case <-tick.C:
		case <-deadline.C:
			t.Fatalf("job is %s, not %s: %+v", info.State, state, info)
		}
	}
}

func add(t *testing.T, q *job.Queue, kind string, args any, o job.Options) int64 {
	t.Helper()
	id, err := q.Add(context.Background(), kind, args, o)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestAddRunsInTheCallersTransaction(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		c := config()
		c.Actor = func(context.Context) int64 { return 12 }
		q := job.New(db, c)
		got := make(chan string, 10)
		q.Register("greet", func(ctx context.Context, j *job.Job) error {
			var name string
			if err := j.Decode(&name); err != nil {
				return err
			}
			j.Progress(ctx, 1, 2, "half")
			got <- fmt.Sprint(name, j.PersonID)
			return j.SetResult(map[string]int{"n": 1})
		}, job.RegisterOptions{})
		run(t, q)
		var id int64
		stop := errors.New("stop")
		err := db.Within(t.Context(), func(ctx context.Context) error {
			if _, err := q.Add(ctx, "greet", "never", job.Options{}); err != nil {
				return err
			}
			return stop
		})
		if !errors.Is(err, stop) {
			t.Fatal(err)
		}
		err = db.Within(t.Context(), func(ctx context.Context) (err error) {
			id, err = q.Add(ctx, "greet", "영희", job.Options{})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if name := <-got; name != "영희12" {
			t.Fatalf("got %q", name)
		}
		info := until(t, q, id, job.Succeeded)
		if string(info.Result) != `{"n":1}` || info.Done != 1 || info.Total != 2 || info.Note != "half" || info.FinishedAt.IsZero() {
			t.Fatalf("got %+v", info)
		}
		if list, err := q.List(t.Context(), job.Filter{Kind: "greet", State: job.Succeeded, PersonID: 12}); err != nil || len(list) != 1 {
			t.Fatalf("%v %v", list, err)
		}
	})
}

func TestRetryThenDeadThenRetryByHand(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		q := job.New(db, config())
		var calls atomic.Int32
		works := atomic.Bool{}
		quick := func(int) time.Duration { return time.Millisecond }
		q.Register("shaky", func(context.Context, *job.Job) error {
			if n := calls.Add(1); works.Load() {
				return nil
			} else if n == 2 {
				panic("second time")
			}
			return errors.New("no luck")
		}, job.RegisterOptions{MaxAttempts: 3, Backoff: quick})
		q.Register("bad", func(context.Context, *job.Job) error {
			return fmt.Errorf("wrapped: %w", fault.New(fault.Invalid, "x.bad", "The column {c} is wrong.", "c", "가"))
		}, job.RegisterOptions{})
		run(t, q)
		id := add(t, q, "shaky", nil, job.Options{})
		info := until(t, q, id, job.Dead)
		if calls.Load() != 3 || info.Error != "no luck" || info.Attempt != 3 {
			t.Fatalf("%d %+v", calls.Load(), info)
		}
		if err := q.Cancel(t.Context(), id); !fault.Is(err, fault.Conflict) {
			t.Fatalf("cancel a dead job: %v", err)
		}
		works.Store(true)
		if err := q.Retry(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		until(t, q, id, job.Succeeded)
		bad := until(t, q, add(t, q, "bad", nil, job.Options{}), job.Dead)
		if bad.Attempt != 1 || bad.Error != "The column 가 is wrong." {
			t.Fatalf("%+v", bad)
		}
		if _, err := q.Find(t.Context(), 99999); !fault.Is(err, fault.NotFound) {
			t.Fatal(err)
		}
	})
}

func TestCancel(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		q := job.New(db, config())
		started := make(chan struct{})
		q.Register("long", func(ctx context.Context, _ *job.Job) error {
			close(started)
			<-ctx.Done()
			if cause := context.Cause(ctx); !errors.Is(cause, job.ErrCancelled) {
				t.Errorf("cause is %v", cause)
			}
			return ctx.Err()
		}, job.RegisterOptions{})
		later := add(t, q, "long", nil, job.Options{RunAt: time.Now().Add(time.Hour)})
		run(t, q)
		id := add(t, q, "long", nil, job.Options{})
		<-started
		if err := q.Cancel(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		until(t, q, id, job.Cancelled)
		if err := q.Cancel(t.Context(), later); err != nil {
			t.Fatal(err)
		}
		until(t, q, later, job.Cancelled)
	})
}

func TestUniqueAndPriority(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		c := config()
		c.Workers = map[string]int{"one": 1}
		q := job.New(db, c)
		order := make(chan string, 10)
		q.Register("k", func(_ context.Context, j *job.Job) error {
			order <- string(j.Args)
			return nil
		}, job.RegisterOptions{Queue: "one"})
		first := add(t, q, "k", 3, job.Options{Unique: "u", Priority: 3})
		if again := add(t, q, "k", 9, job.Options{Unique: "u"}); again != first {
			t.Fatalf("unique job was added twice: %d %d", first, again)
		}
		add(t, q, "k", 1, job.Options{Priority: 1})
		add(t, q, "k", 2, job.Options{Priority: 2})
		run(t, q)
		if got := <-order + <-order + <-order; got != "123" {
			t.Fatalf("order %s", got)
		}
		until(t, q, first, job.Succeeded)
		if again := add(t, q, "k", 9, job.Options{Unique: "u"}); again == first {
			t.Fatal("a finished job must not block")
		}
	})
}

func TestDeadWorkerIsReplacedAndFenced(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		busy := config()
		busy.Workers = map[string]int{"default": 1} // the first worker cannot take its own job again
		first, second := job.New(db, busy), job.New(db, config())
		started, release := make(chan *job.Job, 1), make(chan error, 1)
		first.Register("k", func(ctx context.Context, j *job.Job) error {
			started <- j
			<-release
			ctx = context.WithoutCancel(ctx)
			release <- db.Within(ctx, func(ctx context.Context) error { return j.Done(ctx) })
			return nil
		}, job.RegisterOptions{})
		second.Register("k", func(context.Context, *job.Job) error { return nil }, job.RegisterOptions{})
		stop := run(t, first)
		id := add(t, first, "k", nil, job.Options{})
		j := <-started
		if err := j.Fence(t.Context()); err != nil {
			t.Fatal(err)
		}
		// The first worker is taken for dead although it lives.
		if _, err := db.Exec(t.Context(), "UPDATE jobs SET lease_until = 1 WHERE id = ?", id); err != nil {
			t.Fatal(err)
		}
		run(t, second)
		info := until(t, second, id, job.Succeeded)
		if info.Attempt != 2 {
			t.Fatalf("%+v", info)
		}
		if err := j.Fence(t.Context()); !errors.Is(err, job.ErrLeaseLost) {
			t.Fatalf("the first worker must be fenced out: %v", err)
		}
		release <- nil
		stop()
		if err := <-release; !errors.Is(err, job.ErrLeaseLost) {
			t.Fatalf("Done without the lease: %v", err)
		}
	})
}

func TestLeaseIsRenewedAndCancelHeardFromOtherNode(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		c := config()
		c.Lease = 60 * time.Millisecond
		q, other := job.New(db, c), job.New(db, c)
		started := make(chan struct{})
		q.Register("long", func(ctx context.Context, _ *job.Job) error {
			close(started)
			<-ctx.Done()
			return context.Cause(ctx)
		}, job.RegisterOptions{})
		run(t, q)
		id := add(t, q, "long", nil, job.Options{})
		<-started
		var first int64
		if err := db.Scan(t.Context(), []any{&first}, "SELECT lease_until FROM jobs WHERE id = ?", id); err != nil {
			t.Fatal(err)
		}
		for later := first; later <= first; {
			if err := db.Scan(t.Context(), []any{&later}, "SELECT lease_until FROM jobs WHERE id = ?", id); err != nil {
				t.Fatal(err)
			}
		}
		if err := other.Cancel(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		until(t, q, id, job.Cancelled)
	})
}

func TestJobGivenUpRunsAgainWhileOthersRun(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		c := config()
		c.Lease = 200 * time.Millisecond
		q := job.New(db, c)
		wait := func(ctx context.Context) error { <-ctx.Done(); return context.Cause(ctx) }
		started := make(chan struct{})
		q.Register("other", func(ctx context.Context, _ *job.Job) error { return wait(ctx) }, job.RegisterOptions{})
		q.Register("lost", func(ctx context.Context, j *job.Job) error {
			if j.Attempt > 1 {
				return nil
			}
			close(started)
			return wait(ctx)
		}, job.RegisterOptions{Backoff: func(int) time.Duration { return 0 }})
		run(t, q)
		add(t, q, "other", nil, job.Options{})
		id := add(t, q, "lost", nil, job.Options{})
		<-started
		if _, err := db.Exec(t.Context(), "UPDATE jobs SET lease = lease + 1 WHERE id = ?", id); err != nil {
			t.Fatal(err)
		}
		until(t, q, id, job.Succeeded)
	})
}

// TestCrashesCountOnlyWithoutProgress kills the worker of a job more often than it has attempts: one that
// commits something each time goes on, one that never does is dead.
func TestCrashesCountOnlyWithoutProgress(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		for _, gets := range []bool{true, false} {
			kind := fmt.Sprintf("work-%v", gets)
			var id int64
			for crash := range 6 {
				c := config()
				c.Worker = fmt.Sprintf("%s-%d", kind, crash)
				q := job.New(db, c)
				ran := make(chan struct{})
				q.Register(kind, func(ctx context.Context, j *job.Job) error {
					defer close(ran)
					if gets {
						if err := db.Within(ctx, j.Fence); err != nil {
							return err
						}
					}
					// As if the process were killed here: the row stays running and nobody renews it.
					_, err := db.Exec(ctx, "UPDATE jobs SET worker = 'killed', lease = lease + 1 WHERE id = ?", j.ID)
					return err
				}, job.RegisterOptions{MaxAttempts: 3})
				if id == 0 {
					id = add(t, q, kind, nil, job.Options{})
				}
				stop := run(t, q)
				if !gets && crash >= 3 {
					until(t, q, id, job.Dead)
					stop()
					break
				}
				<-ran
				stop()
				// Only now, so that the queue at its end cannot take the job once more.
				if _, err := db.Exec(t.Context(), "UPDATE jobs SET lease_until = 1 WHERE id = ?", id); err != nil {
					t.Fatal(err)
				}
			}
			info, err := job.New(db, config()).Find(t.Context(), id)
			if err != nil || gets == (info.State == job.Dead) {
				t.Errorf("progress %v: %+v %v", gets, info, err)
			}
		}
	})
}

func TestShutdownGivesJobsBack(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		q := job.New(db, config())
		started := make(chan struct{})
		q.Register("long", func(ctx context.Context, _ *job.Job) error {
			close(started)
			<-ctx.Done()
			return ctx.Err()
		}, job.RegisterOptions{})
		stop := run(t, q)
		id := add(t, q, "long", nil, job.Options{})
		<-started
		stop()
		if info := until(t, q, id, job.Ready); info.Attempt != 0 {
			t.Fatalf("a shutdown is no failed attempt: %+v", info)
		}
	})
}

func TestSnoozeAndPeriodic(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		clock := newClock()
		snoozeAndPeriodic(t, clock, databasetest.SQLite(t, database.Options{Clock: clock.now}))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		clock := newClock()
		snoozeAndPeriodic(t, clock, databasetest.Postgres(t, database.Options{Clock: clock.now}))
	})
}

func snoozeAndPeriodic(t *testing.T, clock *clock, db *database.DB) {
	t.Helper()
	seoul, err := time.LoadLocation("Asia/Seoul")
	if err != nil {
		t.Fatal(err)
	}
	c := config()
	c.Zone = seoul
	var calls atomic.Int32
	ran := make(chan int64, 10)
	nodes := []*job.Queue{job.New(db, c), job.New(db, c)}
	for _, q := range nodes {
		q.Register("nightly", func(_ context.Context, j *job.Job) error {
			if calls.Add(1) == 1 {
				ran <- j.ID
				return job.Snooze(time.Minute)
			}
			return nil
		}, job.RegisterOptions{})
		q.Periodic("nightly", "0 13 * * *", nil) // 13:00 in Seoul is 04:00 UTC; it is 03:00
		run(t, q)
	}
	for planned := 0; planned == 0; { // before its time comes
		if err := db.Scan(t.Context(), []any{&planned}, "SELECT COUNT(*) FROM periodic_jobs"); err != nil {
			t.Fatal(err)
		}
	}
	clock.move(time.Hour)
	id := <-ran
	if info := until(t, nodes[0], id, job.Ready); info.Attempt != 0 {
		t.Fatalf("snooze counts no attempt: %+v", info)
	}
	clock.move(time.Minute)
	until(t, nodes[0], id, job.Succeeded)
	if list, err := nodes[0].List(t.Context(), job.Filter{}); err != nil || len(list) != 1 {
		t.Fatalf("two nodes must add one job: %v %v", list, err)
	}
	clock.move(12 * time.Hour)
	if _, err := db.Exec(t.Context(), "UPDATE jobs SET finished_at = 1 WHERE id = ?", id); err != nil {
		t.Fatal(err)
	}
	if err := nodes[0].Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := nodes[0].Find(t.Context(), id); !fault.Is(err, fault.NotFound) {
		t.Fatalf("old jobs are swept: %v", err)
	}
}

func TestManyJobsManyWorkersOnceEach(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		const jobs = 300
		var mu sync.Mutex
		seen := map[int64]int{}
		done := make(chan struct{}, jobs)
		for range 3 {
			q := job.New(db, config())
			q.Register("k", func(_ context.Context, j *job.Job) error {
				mu.Lock()
				seen[j.ID]++
				mu.Unlock()
				done <- struct{}{}
				return nil
			}, job.RegisterOptions{})
			run(t, q)
		}
		adder := job.New(db, config())
		err := db.Within(t.Context(), func(ctx context.Context) error {
			for i := range jobs {
				if _, err := adder.Add(ctx, "k", i, job.Options{}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for range jobs {
			<-done
		}
		mu.Lock()
		defer mu.Unlock()
		for id, n := range seen {
			if n != 1 {
				t.Errorf("job %d ran %d times", id, n)
			}
		}
	})
}
