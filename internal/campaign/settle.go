// SPDX-License-Identifier: Apache-2.0

package campaign

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"dangol/internal/consent"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/job"
	"dangol/internal/platform/journal"
)

const (
	// settleMost is how many outcomes one transaction writes.
	settleMost = 1000
	// settleEvery bounds how late the ledger is.
	settleEvery = 200 * time.Millisecond
	// publishEvery bounds how often open pages hear of progress.
	publishEvery = 250 * time.Millisecond
	// settleTries with settlePause is how long a ledger that cannot be written is
	// tried before the run ends; the logbook keeps what it has not written.
	settleTries = 20
	settlePause = 500 * time.Millisecond
	// rateSpan is over how long the rate is measured.
	rateSpan = 3 * time.Second
)

// settler writes outcomes into the ledger, many in one transaction.
type settler struct {
	r         *run
	in        chan settled
	counts    Counts
	news      chan int64 // how many were leased
	entryID   int64
	published time.Time
	sent      int64 // since
	since     time.Time
	rate      float64
}

func newSettler(r *run) *settler {
	return &settler{r: r, in: make(chan settled, 4*leaseChunk), news: make(chan int64, 64), counts: r.c.Counts, entryID: 0, since: time.Now()}
}

func (l *settler) put(s settled) { l.in <- s }

func (l *settler) leased(n int64) { l.news <- n }

func (l *settler) close() { close(l.in) }

// run writes until closed. It fails only when the ledger could not be written
// for long; then it still empties its queue, so that nobody blocks.
func (l *settler) run() error {
	ticker := time.NewTicker(settleEvery)
	defer ticker.Stop()
	var batch []settled
	var failed error
	for {
		isFull := false
		select {
		case n := <-l.news:
			l.counts.Planned -= n
			l.counts.Leased += n
			continue
		case s, more := <-l.in:
			if !more {
				if failed == nil {
					failed = l.flush(batch)
				}
				l.publish(true)
				return failed
			}
			if batch = append(batch, s); len(batch) >= settleMost {
				isFull = true
			}
		case <-ticker.C:
			isFull = true
		}
		if isFull && failed == nil {
			if failed = l.flush(batch); failed != nil {
				l.r.s.stop(l.r.c.ID)
			}
			batch = batch[:0]
		} else if isFull {
			l.release(len(batch))
			batch = batch[:0]
		}
	}
}

// flush writes a batch, trying again while the database cannot.
func (l *settler) flush(batch []settled) error {
	l.publish(false)
	if len(batch) == 0 {
		return l.keepFence()
	}
	var err error
	for range settleTries {
		if err = l.write(batch); err == nil {
			break
		}
		slog.Warn("campaign: ledger not written", "campaign_id", l.r.c.ID, "error", err)
		if errors.Is(err, job.ErrLeaseLost) {
			break // another worker settles what this one held
		}
		time.Sleep(settlePause)
	}
	if err != nil {
		l.release(len(batch))
		return fmt.Errorf("write ledger of campaign %d: %w", l.r.c.ID, err)
	}
	l.r.trust()
	for _, s := range batch {
		l.counts.Leased--
		l.counts.count("", s.step, s.reason, 1)
		l.counts.Total--
		if s.step == StepHandedOver {
			l.sent++
		}
	}
	l.release(len(batch))
	return nil
}

// release makes room for the next lease.
func (l *settler) release(n int) {
	l.r.outstanding.Add(-int64(n))
	select {
	case l.r.settledTick <- struct{}{}:
	default:
	}
}

// keepFence renews the trust of a run that has nothing to write.
func (l *settler) keepFence() error {
	if l.r.job == nil {
		l.r.trust()
		return nil
	}
	if time.Until(time.UnixMicro(l.r.trusted.Load())) > fenceLife*2/3 {
		return nil
	}
	ctx := context.Background()
	if err := l.r.s.db.Within(ctx, l.r.fence); err != nil {
		slog.Warn("campaign: fence not renewed", "campaign_id", l.r.c.ID, "error", err)
		return nil // hand-over stops by itself when the trust runs out
	}
	l.r.trust()
	return nil
}

func (l *settler) write(batch []settled) error {
	ctx := auth.System(context.Background(), fmt.Sprintf("campaign %d", l.r.c.ID))
	return l.r.s.db.WithinBulk(ctx, func(ctx context.Context) error {
		if err := l.r.fence(ctx); err != nil {
			return err
		}
		note := ""
		if text := l.r.note.Load(); text != nil && l.r.connected.Load() == 0 {
			note = *text
		}
		if err := l.r.s.store.setNote(ctx, l.r.c.ID, note); err != nil {
			return err
		}
		return l.r.s.settle(ctx, &l.r.c, batch)
	})
}

// settle writes outcomes with their journal rows and what the gate must learn
// of them, in the transaction of ctx.
func (s *Service) settle(ctx context.Context, c *Campaign, batch []settled) error {
	if err := s.store.settle(ctx, c.ID, batch); err != nil {
		return err
	}
	var changes []journal.Change
	for _, r := range batch {
		if r.step == StepPlanned {
			continue // nothing has happened to the person
		}
		changes = append(changes, journal.Change{CustomerID: r.customer, RecordID: r.recordID, Kind: "campaign." + string(r.step)})
		if err := s.learn(ctx, c.ID, r); err != nil {
			return err
		}
	}
	if len(changes) == 0 {
		return nil
	}
	entryID, err := s.log(ctx, c.ID, c.entryID, changes)
	if err != nil {
		return err
	}
	if c.entryID == 0 {
		if err := s.store.setEntry(ctx, c.ID, entryID); err != nil {
			return err
		}
		database.AfterCommit(ctx, func() { c.entryID = entryID })
	}
	return nil
}

// learn tells consent of addresses that do not take messages.
func (s *Service) learn(ctx context.Context, campaignID int64, r settled) error {
	isSoft := r.step == StepFailed && r.attempts >= attemptsMost
	if r.step != StepBounced && !isSoft {
		return nil
	}
	return s.gate.Bounced(ctx, consent.Email, r.address, r.step == StepBounced, r.reply, r.recordID, campaignID)
}

// publish tells open pages how far the campaign is.
func (l *settler) publish(isLast bool) {
	now := time.Now()
	if !isLast && now.Sub(l.published) < publishEvery {
		return
	}
	l.published = now
	if span := now.Sub(l.since); span >= rateSpan || l.rate == 0 {
		l.rate = float64(l.sent) / max(span.Seconds(), 0.001)
		if span >= rateSpan {
			l.sent, l.since = 0, now
		}
	}
	note := ""
	if text := l.r.note.Load(); text != nil && l.r.connected.Load() == 0 {
		note = *text
	}
	live := Live{ID: l.r.c.ID, State: Running, Note: note, Counts: l.counts, Rate: l.rate}
	l.r.s.options.Publish(fmt.Sprintf("campaign:%d", l.r.c.ID), live)
	if l.r.job != nil {
		done := l.counts.Treatment - l.counts.Planned - l.counts.Leased
		l.r.job.Progress(context.Background(), done, l.counts.Treatment, note)
	}
}
