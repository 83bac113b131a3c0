// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// anchorStep is the distance of sampled rows: a jump reads at most this many index entries too many.
const anchorStep = 256

const (
	// anchorChanges is how many changed customers make the samples worth taking again.
	anchorChanges = 64
	// anchorPause keeps a running import from taking samples all the time.
	anchorPause = 3 * time.Second
	// anchorLate is when few changes make them worth it too.
	anchorLate = 30 * time.Second
	// anchorCheap is how long a page may wait so that the number of customers is right at once.
	anchorCheap = 20 * time.Millisecond
)

// sample is every anchorStep-th visible row in the order of one column, rows without a value apart.
type sample struct {
	total  int64    // rows with a value
	empty  int64    // rows without one
	points []Anchor // rows 0, step, 2·step… of those with a value
	blanks []Anchor // the same of those without one
	taken  time.Time
	cost   time.Duration
	change int64 // state of the counter when taken
}

// anchors lets the grid jump to row number N of a million without counting them one by one.
type anchors struct {
	store   *Store
	mu      sync.Mutex
	samples map[string]*sample
	busy    map[string]bool
	changes int64
}

func newAnchors(store *Store) *anchors {
	return &anchors{store: store, samples: map[string]*sample{}, busy: map[string]bool{}}
}

// touch notes that customers were changed, made or hidden.
func (a *anchors) touch(n int) {
	a.mu.Lock()
	a.changes += int64(n)
	a.mu.Unlock()
}

// of returns the sample of the column. The first one is waited for, and those that are cheap to take;
// others are renewed in the background while the old one answers, so that no page waits long.
func (a *anchors) of(ctx context.Context, column string) (*sample, error) {
	a.mu.Lock()
	s := a.samples[column]
	isOld, isCheap := a.isOld(s)
	if isOld && !isCheap && !a.busy[column] {
		a.busy[column] = true
		go a.renew(context.WithoutCancel(ctx), column)
	}
	a.mu.Unlock()
	if s != nil && !(isOld && isCheap) {
		return s, nil
	}
	return a.take(ctx, column)
}

func (a *anchors) isOld(s *sample) (isOld, isCheap bool) {
	if s == nil {
		return false, false
	}
	changed, age := a.changes-s.change, time.Since(s.taken)
	isCheap = s.cost < anchorCheap
	switch {
	case changed >= anchorChanges:
		return age > anchorPause, isCheap
	case changed > 0:
		return isCheap || age > anchorLate, isCheap
	}
	return false, isCheap
}

func (a *anchors) renew(ctx context.Context, column string) {
	if _, err := a.take(ctx, column); err != nil {
		slog.Warn("customer: sample the order of the list", "column", column, "error", err)
	}
	a.mu.Lock()
	a.busy[column] = false
	a.mu.Unlock()
}

func (a *anchors) take(ctx context.Context, column string) (*sample, error) {
	a.mu.Lock()
	change := a.changes
	a.mu.Unlock()
	start := time.Now()
	s, err := a.store.sampleOrder(ctx, column)
	if err != nil {
		return nil, err
	}
	s.change, s.taken = change, time.Now()
	s.cost = s.taken.Sub(start)
	a.mu.Lock()
	a.samples[column] = s
	a.mu.Unlock()
	return s, nil
}

// start tells where to begin reading for row number offset: behind which row, how many rows to leave out
// from there, and whether among the rows without a value, which come last in both directions.
func (s *sample) start(offset int64, desc bool) (from *Anchor, skip int64, isEmpty bool) {
	if offset >= s.total {
		offset -= s.total
		from, skip = begin(s.blanks, offset)
		return from, skip, true
	}
	if !desc {
		from, skip = begin(s.points, offset)
		return from, skip, false
	}
	place := s.total - 1 - offset // counted from the other end
	i := (place + anchorStep - 1) / anchorStep
	if i >= int64(len(s.points)) {
		return nil, offset, false
	}
	return &s.points[i], i*anchorStep - place, false
}

func begin(points []Anchor, offset int64) (*Anchor, int64) {
	i := offset / anchorStep
	if len(points) == 0 {
		return nil, offset
	}
	i = min(i, int64(len(points)-1))
	return &points[i], offset - i*anchorStep
}
