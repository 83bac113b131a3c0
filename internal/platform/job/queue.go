// SPDX-License-Identifier: Apache-2.0

package job

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"time"

	"github.com/robfig/cron/v3"

	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
)

const (
	// DefaultQueue is used by kinds that name no other.
	DefaultQueue = "default"

	defaultWorkers  = 4
	defaultLease    = 30 * time.Second
	defaultPoll     = time.Second
	defaultGrace    = 10 * time.Second
	defaultAttempts = 10
	defaultKeep     = 30 * 24 * time.Hour
)

// Config tunes a queue.
type Config struct {
	// Worker names this process in the table; default host and process id.
	Worker string
	// Zone is the company's zone, in which cron lines are read; default UTC.
	Zone *time.Location
	// Workers is how many jobs of each queue run at once here; queues not named run 4.
	Workers map[string]int
	// Publish gets progress and state for live screens; topic is "job:<id>".
	Publish func(topic string, data any)
	// Actor tells which person adds a job in ctx.
	Actor func(ctx context.Context) int64
	// Context prepares the ctx of a job's function, for example with the rights of its person.
	Context func(ctx context.Context, j *Job) (context.Context, error)
	// Lease is how long a worker may be silent before another takes its jobs.
	Lease time.Duration
	// Poll is how often due jobs and jobs of other processes are looked for.
	Poll time.Duration
	// Grace is how long running jobs get to stop at shutdown.
	Grace time.Duration
	// Keep is how long finished jobs stay visible.
	Keep time.Duration
}

// Options are the wishes of one Add.
type Options struct {
	// RunAt is the earliest time; zero means now.
	RunAt time.Time
	// Unique, when set, allows one waiting or running job of the kind with this text; Add of another
	// returns the id of the first.
	Unique string
	// Priority: lower goes first; 0 is normal.
	Priority int
	// Queue overrides the queue of the kind.
	Queue string
	// PersonID is for whom the job acts; 0 asks Config.Actor.
	PersonID int64
	// MaxAttempts overrides that of the kind.
	MaxAttempts int
}

// RegisterOptions are the properties of a kind.
type RegisterOptions struct {
	// Timeout ends the function's ctx; 0 means none: the lease is renewed while the process lives.
	Timeout time.Duration
	// MaxAttempts before the job is dead; default 10.
	MaxAttempts int
	// Queue of the kind; default DefaultQueue.
	Queue string
	// Backoff returns the pause after the nth failed attempt; default 2ⁿ seconds up to an hour, ±25 %.
	Backoff func(attempt int) time.Duration
}

type kind struct {
	run func(ctx context.Context, j *Job) error
	RegisterOptions
}

type periodic struct {
	name, kind string
	schedule   cron.Schedule
	args       any
}

// Queue adds and runs jobs.
type Queue struct {
	db       *database.DB
	config   Config
	kinds    map[string]kind
	periodic []periodic
	wake     chan struct{}

	mu      sync.Mutex
	running map[int64]*Job
	busy    map[string]int
}

// New makes a queue over a migrated database.
func New(db *database.DB, config Config) *Queue {
	if config.Worker == "" {
		host, _ := os.Hostname()
		config.Worker = fmt.Sprintf("%s:%d:%x", host, os.Getpid(), rand.Uint32())
	}
	if config.Zone == nil {
		config.Zone = time.UTC
	}
	config.Lease = or(config.Lease, defaultLease)
	config.Poll = or(config.Poll, defaultPoll)
	config.Grace = or(config.Grace, defaultGrace)
	config.Keep = or(config.Keep, defaultKeep)
	return &Queue{
		db: db, config: config, kinds: map[string]kind{}, wake: make(chan struct{}, 1),
		running: map[int64]*Job{}, busy: map[string]int{},
	}
}

func or(d, otherwise time.Duration) time.Duration {
	if d > 0 {
		return d
	}
	return otherwise
}

// Register says which function does jobs of a kind; call it before Run.
func (q *Queue) Register(name string, run func(ctx context.Context, j *Job) error, opts RegisterOptions) {
	if _, twice := q.kinds[name]; twice {
		panic("job kind registered twice: " + name)
	}
	if opts.Queue == "" {
		opts.Queue = DefaultQueue
	}
	if opts.MaxAttempts == 0 {
		opts.MaxAttempts = defaultAttempts
	}
	if opts.Backoff == nil {
		opts.Backoff = backoff
	}
	q.kinds[name] = kind{run: run, RegisterOptions: opts}
}

// backoff is 2ⁿ seconds up to an hour, ±25 % so that jobs that failed together do not return together.
func backoff(attempt int) time.Duration {
	pause := time.Hour
	if attempt < 12 {
		pause = min(pause, time.Second<<attempt)
	}
	return time.Duration(float64(pause) * (0.75 + rand.Float64()/2))
}

// Periodic adds a job of the kind by a cron line ("0 3 * * *", "@hourly", "@every 5m") in the company's
// zone; call it before Run. Runs missed while nothing was running are made up for once.
func (q *Queue) Periodic(kind, line string, args any) {
	schedule, err := cron.ParseStandard(line)
	if err != nil {
		panic(fmt.Sprintf("periodic job %s: %v", kind, err))
	}
	q.periodic = append(q.periodic, periodic{name: kind, kind: kind, schedule: schedule, args: args})
}

// Add adds a job in the transaction of ctx, so that it exists exactly if the data does, else in one of its own.
func (q *Queue) Add(ctx context.Context, name string, args any, opts Options) (int64, error) {
	text, err := json.Marshal(args)
	if err != nil {
		return 0, fmt.Errorf("arguments of job %s: %w", name, err)
	}
	k := q.kinds[name]
	if opts.Queue == "" {
		if opts.Queue = k.Queue; opts.Queue == "" {
			opts.Queue = DefaultQueue
		}
	}
	if opts.MaxAttempts == 0 {
		if opts.MaxAttempts = k.MaxAttempts; opts.MaxAttempts == 0 {
			opts.MaxAttempts = defaultAttempts
		}
	}
	if opts.PersonID == 0 && q.config.Actor != nil {
		opts.PersonID = q.config.Actor(ctx)
	}
	var id int64
	err = q.db.Within(ctx, func(ctx context.Context) error {
		var err error
		id, err = q.insert(ctx, name, string(text), opts)
		database.AfterCommit(ctx, q.wakeUp)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("add job %s: %w", name, err)
	}
	return id, nil
}

func (q *Queue) wakeUp() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// Find returns a job or fault.NotFound.
func (q *Queue) Find(ctx context.Context, id int64) (Info, error) {
	list, err := q.list(ctx, "WHERE id = ?", id)
	if err != nil {
		return Info{}, fmt.Errorf("find job %d: %w", id, err)
	}
	if len(list) == 0 {
		return Info{}, fault.New(fault.NotFound, "job.not_found", "There is no job {id}.", "id", id)
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if j := q.running[id]; j != nil { // progress here is fresher than what is stored
		j.mu.Lock()
		list[0].Done, list[0].Total, list[0].Note = j.Info.Done, j.Total, j.Note
		j.mu.Unlock()
	}
	return list[0], nil
}

// Filter chooses jobs; empty fields choose all. Cursor is the id of the last job of the page before.
type Filter struct {
	Kind     string
	State    State
	PersonID int64
	Cursor   int64
	Limit    int
}

const (
	defaultPage = 50
	largestPage = 1000
)

// List returns jobs, newest first.
func (q *Queue) List(ctx context.Context, f Filter) ([]Info, error) {
	where, args := "WHERE 1 = 1", []any{}
	add := func(cond string, arg any, use bool) {
		if use {
			where, args = where+" AND "+cond, append(args, arg)
		}
	}
	add("kind = ?", f.Kind, f.Kind != "")
	add("state = ?", string(f.State), f.State != "")
	add("person_id = ?", f.PersonID, f.PersonID != 0)
	add("id < ?", f.Cursor, f.Cursor != 0)
	if f.Limit <= 0 {
		f.Limit = defaultPage
	}
	list, err := q.list(ctx, where+" ORDER BY id DESC LIMIT ?", append(args, min(f.Limit, largestPage))...)
	if err != nil {
		return nil, fmt.Errorf("list jobs: %w", err)
	}
	return list, nil
}

// Cancel stops a job: a waiting one at once, a running one as soon as its function heeds its ctx. A job
// that has ended already gives fault.Conflict.
func (q *Queue) Cancel(ctx context.Context, id int64) error {
	err := q.db.Within(ctx, func(ctx context.Context) error {
		info, err := q.Find(ctx, id)
		if err != nil {
			return err
		}
		done, err := q.requestCancel(ctx, id)
		if err != nil {
			return err
		}
		if !done {
			return fault.New(fault.Conflict, "job.ended", "Job {id} has ended already ({state}).",
				"id", id, "state", string(info.State))
		}
		database.AfterCommit(ctx, func() { q.cancelHere(id) })
		return nil
	})
	if err != nil {
		return fmt.Errorf("cancel job %d: %w", id, err)
	}
	return nil
}

func (q *Queue) cancelHere(id int64) {
	q.mu.Lock()
	j := q.running[id]
	q.mu.Unlock()
	if j != nil {
		j.cancel(ErrCancelled)
		return
	}
	q.publish(id, Live{ID: id, State: Cancelled})
}

// Retry makes a dead or cancelled job ready again, with all its attempts.
func (q *Queue) Retry(ctx context.Context, id int64) error {
	err := q.db.Within(ctx, func(ctx context.Context) error {
		info, err := q.Find(ctx, id)
		if err != nil {
			return err
		}
		if info.State != Dead && info.State != Cancelled {
			return fault.New(fault.Conflict, "job.not_dead", "Job {id} is {state}; only a dead or cancelled job can be tried again.",
				"id", id, "state", string(info.State))
		}
		database.AfterCommit(ctx, q.wakeUp)
		return q.reset(ctx, id)
	})
	if err != nil {
		return fmt.Errorf("retry job %d: %w", id, err)
	}
	return nil
}

func (q *Queue) publish(id int64, live Live) {
	if q.config.Publish != nil {
		q.config.Publish("job:"+strconv.FormatInt(id, 10), live)
	}
}

func (q *Queue) saveProgress(ctx context.Context, j *Job, done, total int64, note string) {
	if err := q.storeProgress(ctx, j, done, total, note); err != nil && ctx.Err() == nil {
		slog.Warn("job: progress not saved", "job", j.Kind, "job_id", j.ID, "error", err)
	}
}
