// SPDX-License-Identifier: Apache-2.0

package campaign

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"dangol/internal/platform/heap"
	"dangol/internal/platform/job"
)

const (
	// leaseChunk is how many recipients are leased at once; at most two chunks are out.
	leaseChunk = 1000
	// throttleSpan bounds a chunk to what a throttled campaign sends in this time.
	throttleSpan = 10 * time.Second
	// retrySoon is the pause when work has to be looked at again.
	retrySoon = 2 * time.Second
	// patience is how long a run tries to reach a mail server before it gives its leases back.
	patience = 20 * time.Second
	// serverPause is how long it stays away then.
	serverPause = time.Minute
	// fenceLife is how long a run trusts that no other worker has taken its job.
	fenceLife = 15 * time.Second
	// winnerPause is how often a run looks whether the winner of its test is known.
	winnerPause = time.Minute
	// idleTick is how often an idle run looks around.
	idleTick = 200 * time.Millisecond
)

// run is one stretch of sending, from a start or resume to a stop.
type run struct {
	s       *Service
	c       Campaign
	letters *letters
	lease   int64
	book    *logbook
	job     *job.Job // nil in tests
	limiter *rate.Limiter

	ready       chan *parcel
	draining    context.Context // ends when no more parcels come
	drain       context.CancelFunc
	settledTick chan struct{}
	outstanding atomic.Int64
	// trusted is until when (Unix microseconds) the job is certainly ours.
	trusted atomic.Int64

	ledger      *settler
	connected   atomic.Int64 // connections that are open
	lastContact atomic.Int64 // Unix microseconds of the last good connection
	note        atomic.Pointer[string]
}

// enter registers work on a campaign, so that a person can stop it here; ok is
// false while other work on it is still ending.
func (s *Service) enter(ctx context.Context, id int64) (working context.Context, leave func(), ok bool) {
	working, cancel := context.WithCancelCause(ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running[id] != nil {
		cancel(nil)
		return ctx, nil, false
	}
	s.running[id] = cancel
	return working, func() {
		s.mu.Lock()
		delete(s.running, id)
		s.mu.Unlock()
		cancel(nil)
	}, true
}

// send does the work of a running campaign until it is finished, stopped, or
// has to wait.
func (s *Service) send(ctx context.Context, id int64, j *job.Job) error {
	for {
		c, err := s.store.find(ctx, id)
		if err != nil || c.State != Running {
			return err
		}
		isStopped, err := s.stretch(ctx, c, j)
		if err != nil || !isStopped {
			return err
		}
		// Paused and resumed within a moment: the resume has added no job beside this one.
	}
}

// sendGarbage and sendPercent let the collector run less often while messages are made:
// each is garbage at once, and collecting after every few megabytes costs a tenth of the work.
const (
	sendGarbage = 64 << 20
	sendPercent = 1500
)

// stretch is one run; isStopped says that a person has ended it.
func (s *Service) stretch(ctx context.Context, c Campaign, j *job.Job) (isStopped bool, err error) {
	working, leave, ok := s.enter(ctx, c.ID)
	if !ok {
		return false, job.Snooze(retrySoon)
	}
	defer leave()
	if err := s.recover(ctx, c); err != nil {
		return false, err
	}
	if err := s.release(ctx, c); err != nil {
		return false, err
	}
	r, err := s.newRun(ctx, c, j)
	if err != nil {
		return false, err
	}
	defer heap.Ask(heap.Room(sendGarbage, sendPercent))()
	waits, err := r.work(working)
	if err != nil {
		return false, err
	}
	cause := context.Cause(working)
	if cause == nil {
		return false, s.afterRun(ctx, c, waits)
	}
	s.publish(context.WithoutCancel(ctx), c.ID)
	if errors.Is(cause, errStopped) {
		return true, nil
	}
	return false, cause
}

// afterRun finishes the campaign, or says when to go on.
func (s *Service) afterRun(ctx context.Context, c Campaign, waits time.Duration) error {
	due, some, err := s.store.nextDue(ctx, c.ID)
	if err != nil {
		return err
	}
	if some {
		pause := max(waits, due.Sub(s.db.Now(ctx)), retrySoon)
		s.publish(ctx, c.ID)
		longest := time.Hour // a resume or a changed clock is seen within the hour
		if c.Intent.HasTest() && c.Winner == "" {
			longest = winnerPause
		}
		return job.Snooze(min(pause, longest))
	}
	if c.JourneyID != 0 {
		return nil // more people may come; the journey wakes the work up then
	}
	err = s.db.Within(ctx, func(ctx context.Context) error {
		if err := s.store.move(ctx, c.ID, Running, Finished, ""); err != nil {
			return err
		}
		finished, err := s.store.find(ctx, c.ID)
		if err != nil {
			return err
		}
		return s.note(ctx, "campaign.finished", finished)
	})
	s.publish(ctx, c.ID)
	return err
}

func (s *Service) newRun(ctx context.Context, c Campaign, j *job.Job) (*run, error) {
	var track func([]string) ([]int64, error)
	if c.IsTracked {
		track = func(urls []string) ([]int64, error) { return s.store.links(ctx, c.ID, urls) }
	}
	written, err := s.pinned(ctx, &c, track)
	if err != nil {
		return nil, err
	}
	r := &run{
		s: s, c: c, letters: written, lease: rand.Int64N(1<<62) + 1, job: j,
		ready: make(chan *parcel, 2*leaseChunk), settledTick: make(chan struct{}, 1),
	}
	if c.RatePerMinute > 0 {
		perSecond := rate.Limit(float64(c.RatePerMinute) / 60)
		r.limiter = rate.NewLimiter(perSecond, max(1, int(perSecond)))
	}
	if r.book, err = createLogbook(s.logbooks(), c.ID, r.lease); err != nil {
		return nil, err
	}
	r.ledger = newSettler(r)
	return r, nil
}

// work feeds the connections until nothing is due any more or ctx ends. waits is
// how long to stay away when the mail server cannot be used.
func (r *run) work(ctx context.Context) (waits time.Duration, err error) {
	r.draining, r.drain = context.WithCancel(ctx)
	r.trust()
	r.lastContact.Store(time.Now().UnixMicro())
	ledgerDone := make(chan error, 1)
	go func() { ledgerDone <- r.ledger.run() }()
	var connections sync.WaitGroup
	for range r.s.options.Workers {
		connections.Go(func() { r.connection(ctx) })
	}
	waits, err = r.feed(ctx)
	r.drain()
	connections.Wait()
	r.giveBack()
	r.ledger.close()
	if ledgerErr := <-ledgerDone; ledgerErr != nil {
		// The logbook stays: it tells the next run what this one could not write.
		return waits, errors.Join(err, ledgerErr, r.book.file.Close())
	}
	if left, leftErr := r.s.store.countLeased(context.WithoutCancel(ctx), r.c.ID, r.lease); leftErr != nil || left > 0 {
		return waits, errors.Join(err, leftErr, r.book.file.Close()) // as above
	}
	if closeErr := r.book.close(); closeErr != nil && !errors.Is(closeErr, os.ErrNotExist) {
		slog.Warn("campaign: logbook not removed", "campaign_id", r.c.ID, "error", closeErr)
	}
	return waits, err
}

// feed leases chunks and prepares them. It returns when ctx ends, the campaign
// is no longer running, the server cannot be used, or nothing is due.
func (r *run) feed(ctx context.Context) (time.Duration, error) {
	for ctx.Err() == nil {
		if r.isServerLost() {
			return serverPause, nil
		}
		if r.outstanding.Load() > leaseChunk {
			r.wait(ctx)
			continue
		}
		chunk, isOver, err := r.take(ctx)
		if err != nil || isOver {
			return 0, err
		}
		if len(chunk) == 0 {
			if r.outstanding.Load() == 0 {
				return 0, nil
			}
			r.wait(ctx)
			continue
		}
		if err := r.prepare(ctx, chunk); err != nil && ctx.Err() == nil {
			return 0, err
		}
	}
	return 0, nil
}

// take leases a chunk while the campaign runs; isOver says that it does not.
func (r *run) take(ctx context.Context) (chunk []leased, isOver bool, err error) {
	limit := leaseChunk
	if r.c.RatePerMinute > 0 {
		limit = max(1, min(limit, int(float64(r.c.RatePerMinute)*throttleSpan.Minutes())))
	}
	// Not cancelled half-way: what is leased must be known to this run.
	err = r.s.db.WithinBulk(context.WithoutCancel(ctx), func(ctx context.Context) error {
		c, err := r.s.store.find(ctx, r.c.ID)
		if err != nil {
			return err
		}
		if isOver = c.State != Running; isOver {
			return nil
		}
		if err := r.fence(ctx); err != nil {
			return err
		}
		chunk, err = r.s.store.lease(ctx, r.c.ID, r.lease, limit)
		return err
	})
	if err != nil {
		return nil, false, err
	}
	r.trust()
	r.outstanding.Add(int64(len(chunk)))
	r.ledger.leased(int64(len(chunk)))
	return chunk, isOver, nil
}

// fence makes sure that a transaction commits only while the job is ours.
func (r *run) fence(ctx context.Context) error {
	if r.job == nil {
		return nil
	}
	return r.job.Fence(ctx)
}

// trust notes that the job was ours just now.
func (r *run) trust() { r.trusted.Store(time.Now().Add(fenceLife).UnixMicro()) }

// isTrusted says whether messages may be handed over: a process that slept or
// hung for long may have been replaced by another one meanwhile.
func (r *run) isTrusted() bool { return time.Now().UnixMicro() < r.trusted.Load() }

func (r *run) wait(ctx context.Context) {
	timer := time.NewTimer(idleTick)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-r.settledTick:
	case <-timer.C:
	}
}
