// SPDX-License-Identifier: Apache-2.0

package campaign

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"dangol/internal/consent"
	"dangol/internal/mail"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/job"
)

const (
	// leaseChunk is how many recipients are leased at once; at most two chunks are out.
	leaseChunk = 400
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
	// idleTick is how often an idle run looks around.
	idleTick = 200 * time.Millisecond
)

// run is one stretch of sending, from a start or resume to a stop.
type run struct {
	s       *Service
	c       Campaign
	letter  *mail.Letter
	message consent.Message
	fields  []string
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
	r, err := s.newRun(ctx, c, j)
	if err != nil {
		return false, err
	}
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
		return job.Snooze(min(pause, time.Hour)) // a resume or a changed clock is seen within the hour
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
	t, err := s.letters.FindVersion(ctx, c.TemplateID, c.VersionID)
	if err != nil {
		return nil, err
	}
	var track func([]string) ([]int64, error)
	if c.IsTracked {
		track = func(urls []string) ([]int64, error) { return s.store.links(ctx, c.ID, urls) }
	}
	letter, err := s.letters.Compile(ctx, t, c.ID, c.Name, track)
	if err != nil {
		return nil, err
	}
	r := &run{
		s: s, c: c, letter: letter, message: letter.Message(t), fields: letter.Fields(), lease: rand.Int64N(1<<62) + 1, job: j,
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
		if ctx.Err() != nil || isOver {
			return 0, nil
		}
		if err != nil {
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
	err = r.s.db.WithinBulk(ctx, func(ctx context.Context) error {
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

// isServerLost reports that no connection could be made for a while.
func (r *run) isServerLost() bool {
	return r.connected.Load() == 0 && time.Since(time.UnixMicro(r.lastContact.Load())) > patience
}

// connection keeps one connection to the mail server busy.
func (r *run) connection(ctx context.Context) {
	pause := 250 * time.Millisecond
	for !r.isDrained() && ctx.Err() == nil && !r.isServerLost() {
		c, err := r.s.letters.Transport().Connect(ctx)
		if err == nil {
			r.connected.Add(1)
			r.lastContact.Store(time.Now().UnixMicro())
			err = c.Deliver(ctx, r)
			r.connected.Add(-1)
			_ = c.Close()
			if err == nil {
				return
			}
		}
		if ctx.Err() != nil {
			return
		}
		if fault.CodeOf(err) == codeRefused {
			continue // the connection was cut because the gate said no, not by the server
		}
		r.tell(err)
		timer := time.NewTimer(time.Duration(float64(pause) * (0.75 + rand.Float64()/2)))
		select {
		case <-r.draining.Done():
		case <-timer.C:
		}
		timer.Stop()
		pause = min(2*pause, 5*time.Second)
	}
}

func (r *run) isDrained() bool { return r.draining.Err() != nil }

// tell keeps the reason why mails do not go out, for people to see.
func (r *run) tell(err error) {
	text := err.Error()
	if f, ok := fault.As(err); ok {
		text = f.Message
	}
	text = strings.ToValidUTF8(text[:min(len(text), 500)], "")
	if before := r.note.Swap(&text); before == nil || *before != text {
		slog.Warn("campaign: mail server", "campaign_id", r.c.ID, "error", err)
	}
}

// giveBack returns parcels that no connection has taken.
func (r *run) giveBack() {
	for {
		select {
		case p := <-r.ready:
			r.ledger.put(p.back(r.s.db.Now(context.Background())))
		default:
			return
		}
	}
}

// recover settles what a dead run has left: by its logbook where that can be
// believed, else as unknown.
func (s *Service) recover(ctx context.Context, c Campaign) error {
	books := map[int64]map[int64]logged{}
	believed := map[int64]bool{}
	for {
		left, err := s.store.listLeased(ctx, c.ID, planChunk)
		if err != nil {
			return err
		}
		if len(left) == 0 {
			break
		}
		list := make([]settled, 0, len(left))
		for _, l := range left {
			if _, read := believed[l.lease]; !read {
				entries, isBelieved, err := readLogbook(logPath(s.logbooks(), c.ID, l.lease))
				if err != nil {
					return err
				}
				books[l.lease], believed[l.lease] = entries, isBelieved
			}
			list = append(list, recovered(l, books[l.lease], believed[l.lease], s.db.Now(ctx)))
		}
		err = s.db.WithinBulk(ctx, func(ctx context.Context) error { return s.settle(ctx, &c, list) })
		if err != nil {
			return fmt.Errorf("recover campaign %d: %w", c.ID, err)
		}
	}
	for lease := range believed {
		if err := os.Remove(logPath(s.logbooks(), c.ID, lease)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("remove logbook: %w", err)
		}
	}
	return nil
}

// recovered is what the ledger has to say of a recipient that a dead run held.
func recovered(l leased, book map[int64]logged, isBelieved bool, now time.Time) settled {
	r := settled{leased: l, customer: l.customerID, step: StepUnknown, attempts: l.attempts, settledAt: now.UnixMicro(), reply: "the process died"}
	if !isBelieved {
		return r
	}
	entry, isLogged := book[l.id]
	if !isLogged {
		r.step, r.retryAt, r.settledAt, r.reply = StepPlanned, now.UnixMicro(), 0, ""
		return r
	}
	r.step, _ = entry.step()
	r.code = int64(entry.code)
	switch r.step {
	case StepPlanned:
		r.retryAt, r.settledAt, r.attempts = now.UnixMicro(), 0, l.attempts+1
	case StepHandedOver:
		r.handedAt = now.UnixMicro()
	}
	return r
}
