// SPDX-License-Identifier: Apache-2.0

package journey

import (
	"context"
	"errors"
	"fmt"
	"time"

	"dangol/internal/campaign"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/job"
)

const (
	// tickJob leads the people of one journey on; watchJob makes sure that every journey has it.
	tickJob  = "campaign.journey_tick"
	watchJob = "campaign.journey_watch"
	// tickChunk is how many people move in one transaction.
	tickChunk = 4000
	// newsEvery bounds how often open pages hear of progress.
	newsEvery = time.Second
)

type tickArgs struct {
	JourneyID int64 `json:"journey_id"`
}

// RegisterJobs registers the background work.
func (s *Service) RegisterJobs(queue *job.Queue) {
	queue.Register(tickJob, s.runTick, job.RegisterOptions{Queue: "journey", MaxAttempts: 1_000_000})
	queue.Register(watchJob, s.runWatch, job.RegisterOptions{Queue: "journey", MaxAttempts: 3})
	queue.Periodic(watchJob, "@every 1m", struct{}{})
}

// wake has a journey looked at as soon as possible; it joins the transaction.
func (s *Service) wake(ctx context.Context, id int64) error {
	_, err := s.queue.Add(ctx, tickJob, tickArgs{id}, job.Options{Unique: fmt.Sprint(id)})
	return err
}

func (s *Service) runWatch(ctx context.Context, _ *job.Job) error {
	ctx = auth.System(ctx, "journey")
	for _, state := range []State{Running, Ended} {
		list, err := s.store.listState(ctx, state)
		if err != nil {
			return err
		}
		for _, j := range list {
			if state == Ended {
				if n, err := s.store.countActive(ctx, j.ID); err != nil || n == 0 {
					continue
				}
			}
			if err := s.wake(ctx, j.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Service) runTick(ctx context.Context, j *job.Job) error {
	var args tickArgs
	if err := j.Decode(&args); err != nil {
		return err
	}
	ctx = auth.System(ctx, fmt.Sprintf("journey %d", args.JourneyID))
	return s.tick(ctx, args.JourneyID, j)
}

// fencer makes sure that a transaction commits only while the work is ours.
type fencer interface {
	Fence(ctx context.Context) error
	Progress(ctx context.Context, done, total int64, note string)
}

// tick lets people in and leads on whoever is due, in slices that commit whole:
// a kill at any instant leaves everybody where the last slice put them.
func (s *Service) tick(ctx context.Context, id int64, f fencer) error {
	j, err := s.store.find(ctx, id)
	if err != nil || j.Number == 0 {
		return err
	}
	if j.State == Ended {
		return s.cancelAll(ctx, j)
	}
	if j.State != Running {
		return nil
	}
	latest, err := s.store.findVersion(ctx, id, j.Number)
	if err != nil {
		return err
	}
	j.Graph = latest.graph
	if err := s.scan(ctx, j); err != nil {
		return err
	}
	w := &walker{s: s, journey: j, sets: newSets(s.members), versions: map[int64]*published{j.Number: &latest}, fence: f}
	total := int64(0)
	for {
		n, err := w.slice(ctx)
		if err != nil {
			return err
		}
		total += int64(n)
		if n > 0 && time.Since(w.told) >= newsEvery {
			w.told = time.Now()
			s.publishNews(ctx, id)
			if f != nil {
				f.Progress(ctx, total, 0, "")
			}
		}
		if n < tickChunk {
			break
		}
	}
	if total > 0 {
		s.publishNews(ctx, id)
	}
	return nil
}

// walker leads the people of one journey on.
type walker struct {
	s        *Service
	journey  Journey
	sets     *sets
	versions map[int64]*published
	fence    fencer
	told     time.Time
}

func (w *walker) version(ctx context.Context, number int64) (*published, error) {
	if v := w.versions[number]; v != nil {
		return v, nil
	}
	v, err := w.s.store.findVersion(ctx, w.journey.ID, number)
	if err != nil {
		return nil, err
	}
	w.versions[number] = &v
	return &v, nil
}

// errStopped ends a tick whose journey was paused or ended meanwhile.
var errStopped = errors.New("the journey was stopped")

// slice moves up to a chunk of people and answers how many.
func (w *walker) slice(ctx context.Context) (int, error) {
	due, err := w.s.store.listDue(ctx, w.journey.ID, w.s.db.Now(ctx), tickChunk)
	if err != nil || len(due) == 0 {
		return 0, err
	}
	// What conditions ask is read before the transaction: the one writer is not kept waiting.
	f, err := w.facts(ctx, due)
	if err != nil {
		return 0, err
	}
	err = w.s.db.WithinBulk(ctx, func(ctx context.Context) error {
		if running, err := w.s.store.lock(ctx, w.journey.ID); err != nil || !running {
			return errors.Join(err, errStopped)
		}
		if w.fence != nil {
			if err := w.fence.Fence(ctx); err != nil {
				return err
			}
		}
		return w.move(ctx, due, f)
	})
	if errors.Is(err, errStopped) && fault.KindOf(err) == "" {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("lead on journey %d: %w", w.journey.ID, err)
	}
	return len(due), nil
}

// move leads people on and writes where they came to.
func (w *walker) move(ctx context.Context, due []runRow, f facts) error {
	now := w.s.db.Now(ctx)
	out := moved{counts: map[countKey]int64{}}
	mails := map[int64][]campaign.Passenger{}
	for i := range due {
		r := &due[i]
		v, err := w.version(ctx, r.number)
		if err != nil {
			return err
		}
		var m move
		switch {
		case r.isHidden:
			m = move{state: Gone}
		case r.isDouble:
			m = move{state: Merged}
		default:
			t := &traveller{
				runID: r.id, customerID: r.customerID, step: r.step,
				enteredAt: time.UnixMicro(r.enteredAt).In(w.s.options.Zone), dueAt: time.UnixMicro(r.dueAt).In(w.s.options.Zone),
			}
			m = walk(&v.graph, t, f, now.In(w.s.options.Zone))
		}
		for _, step := range m.mails {
			mails[v.campaigns[step]] = append(mails[v.campaigns[step]], campaign.Passenger{RunID: r.id, CustomerID: r.customerID})
		}
		out.add(r, m, now)
	}
	if err := w.s.store.saveMoves(ctx, w.journey.ID, out); err != nil {
		return err
	}
	for id, list := range mails {
		if err := w.s.sender.Enqueue(ctx, id, list); err != nil {
			return err
		}
	}
	return nil
}

// cancelAll ends the runs of an ended journey.
func (s *Service) cancelAll(ctx context.Context, j Journey) error {
	for {
		n := 0
		err := s.db.WithinBulk(ctx, func(ctx context.Context) error {
			active, err := s.store.listActive(ctx, j.ID, tickChunk)
			if err != nil {
				return err
			}
			n = len(active)
			out := moved{counts: map[countKey]int64{}}
			for i := range active {
				out.add(&active[i], move{state: Cancelled}, s.db.Now(ctx))
			}
			return s.store.saveMoves(ctx, j.ID, out)
		})
		if err != nil {
			return fmt.Errorf("end journey %d: %w", j.ID, err)
		}
		if n < tickChunk {
			s.publishNews(ctx, j.ID)
			return nil
		}
	}
}
