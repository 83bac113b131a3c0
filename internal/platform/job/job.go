// SPDX-License-Identifier: Apache-2.0

package job

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
)

// State is where a job stands.
type State string

// The states of a job.
const (
	Ready     State = "ready"
	Running   State = "running"
	Succeeded State = "done"
	Dead      State = "dead"
	Cancelled State = "cancelled"
)

var (
	// ErrCancelled is the cause of a job's ctx when a person cancelled it.
	ErrCancelled = errors.New("the job was cancelled")
	// ErrLeaseLost is the cause of a job's ctx when another worker may have taken it over.
	ErrLeaseLost = errors.New("the lease of the job was lost")
	// ErrShutdown is the cause of a job's ctx when the program ends; the job starts again later.
	ErrShutdown = errors.New("the program is shutting down")
)

// fatal marks an error that trying again cannot help.
type fatal struct{ error }

// Unwrap returns the marked error.
func (f fatal) Unwrap() error { return f.error }

// Fatal marks err so that the job is dead at once; faults of kind Invalid, Forbidden and
// TooLarge are fatal by themselves.
func Fatal(err error) error { return fatal{err} }

// snooze asks for another run without counting the attempt.
type snooze struct{ pause time.Duration }

// Error says what was asked for.
func (s snooze) Error() string { return fmt.Sprintf("again in %v", s.pause) }

// Snooze, returned by a job's function, runs the job again after the pause without counting an attempt.
func Snooze(pause time.Duration) error { return snooze{pause} }

// Info is a job as stored.
type Info struct {
	ID          int64
	Kind        string
	Queue       string
	State       State
	Args        json.RawMessage
	Result      json.RawMessage
	PersonID    int64
	Priority    int
	Attempt     int
	MaxAttempts int
	IsCancelled bool // asked to stop, has not stopped yet
	Done, Total int64
	Note        string
	Error       string
	RunAt       time.Time
	CreatedAt   time.Time
	StartedAt   time.Time
	FinishedAt  time.Time
}

// Job is a job while its function runs.
type Job struct {
	Info
	queue  *Queue
	lease  int64
	cancel context.CancelCauseFunc

	mu        sync.Mutex
	published time.Time
	persisted time.Time
	isDone    bool // finished by Done inside a transaction
	result    []byte
	changed   bool // progress not yet persisted
}

// Decode reads the arguments.
func (j *Job) Decode(into any) error {
	if err := json.Unmarshal(j.Args, into); err != nil {
		return Fatal(fmt.Errorf("arguments of job %d (%s): %w", j.ID, j.Kind, err))
	}
	return nil
}

// SetResult keeps a small result, which Find shows after the job has succeeded.
func (j *Job) SetResult(result any) error {
	text, err := json.Marshal(result)
	if err != nil {
		return fmt.Errorf("result of job %d: %w", j.ID, err)
	}
	j.mu.Lock()
	j.result = text
	j.mu.Unlock()
	return nil
}

// Fence returns ErrLeaseLost when another worker may have taken over; called inside a transaction, it
// makes sure that the transaction commits only while this worker holds the lease.
func (j *Job) Fence(ctx context.Context) error {
	held, err := j.queue.touch(ctx, j)
	if err != nil {
		return err
	}
	if !held {
		return ErrLeaseLost
	}
	return nil
}

// Done marks the job as succeeded in the transaction of ctx, together with the data it wrote.
func (j *Job) Done(ctx context.Context) error {
	if !j.queue.db.InTransaction(ctx) {
		return fmt.Errorf("job %d done: no transaction is open", j.ID)
	}
	held, err := j.queue.finish(ctx, j, Succeeded, "")
	if err != nil {
		return err
	}
	if !held {
		return ErrLeaseLost
	}
	database.AfterCommit(ctx, func() {
		j.mu.Lock()
		j.isDone = true
		j.mu.Unlock()
	})
	return nil
}

const (
	// publishEvery and persistEvery bound what progress costs; the last report is always kept.
	publishEvery = 100 * time.Millisecond
	persistEvery = time.Second
)

// Progress reports how far the job is; cheap enough for every row. It never fails the job.
func (j *Job) Progress(ctx context.Context, done, total int64, note string) {
	now := time.Now()
	j.mu.Lock()
	j.Info.Done, j.Total, j.Note, j.changed = done, total, note, true
	publish := now.Sub(j.published) >= publishEvery
	persist := now.Sub(j.persisted) >= persistEvery && !j.queue.db.InTransaction(ctx)
	if publish {
		j.published = now
	}
	if persist {
		j.persisted, j.changed = now, false
	}
	j.mu.Unlock()
	if publish {
		j.queue.publish(j.ID, Live{ID: j.ID, Kind: j.Kind, State: Running, Done: done, Total: total, Note: note})
	}
	if persist {
		j.queue.saveProgress(ctx, j, done, total, note)
	}
}

// Live is what is published on topic "job:<id>" for screens.
type Live struct {
	ID    int64  `json:"id"`
	Kind  string `json:"kind"`
	State State  `json:"state"`
	Done  int64  `json:"done"`
	Total int64  `json:"total"`
	Note  string `json:"note"`
	Error string `json:"error,omitempty"`
}

// isFatal reports whether trying again cannot help.
func isFatal(err error) bool {
	var f fatal
	if errors.As(err, &f) {
		return true
	}
	switch fault.KindOf(err) {
	case fault.Invalid, fault.Forbidden, fault.TooLarge:
		return true
	}
	return false
}
