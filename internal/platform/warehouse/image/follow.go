// SPDX-License-Identifier: Apache-2.0

package image

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"dangol/internal/platform/warehouse"
)

const (
	// checkEvery is how often the file is compared with its checksums.
	checkEvery = 10 * time.Minute
	// lookEvery is how often it is asked whether there is anything to do.
	lookEvery = time.Second
	// compactSubjects is from how many changed subjects on the file is written
	// anew, when nothing has come in for a while.
	compactSubjects = 5_000
	compactRest     = 20 * time.Second
	// A build may cost a quarter of the time, so that a running import does
	// not have everything read again and again.
	buildShare = 4
	longestGap = 5 * time.Minute
)

// Changed takes in what the warehouse has just taken in; the warehouse is held
// meanwhile, so that file and delta are of one position.
func (m *Image) Changed(ctx context.Context, from Reading, position warehouse.Position, changes []Change) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.now.Load()
	ids := map[int64]struct{}{}
	isAll, hasLookup := false, false
	for _, c := range changes {
		role := m.roleOf(s, c.Table)
		switch {
		case role == 0:
		case role == Lookup:
			hasLookup = true
		case c.All:
			isAll = true
		default:
			for _, id := range c.IDs {
				ids[id] = struct{}{}
			}
		}
	}
	if m.notedFrom != 0 && (isAll || hasLookup || len(ids) > 0) {
		// A look-up table changes what everybody's rows mean.
		m.remember(note{version: position.Version, ids: idsOf(ids)}, isAll || hasLookup)
	}
	if b := m.building; b != nil {
		b.all = b.all || isAll
		for id := range ids {
			b.ids[id] = struct{}{}
		}
	}
	if s == nil || m.why != "" {
		return
	}
	if isAll || len(ids) > mostDelta {
		m.retire("much has changed and it is being built anew")
		return
	}
	next, err := m.advance(ctx, s, from, position, ids, hasLookup)
	if err != nil {
		slog.Warn("image: changes were not taken in; it is built anew", "error", err)
		if IsDamaged(err) {
			m.state.Damaged++
			m.damaged = true
		}
		m.retire("a change could not be taken in and it is being built anew")
		return
	}
	m.now.Store(next)
}

func (m *Image) roleOf(s *Snapshot, table string) Role {
	spec := m.opts.Spec
	if s == nil {
		if t := spec(context.Background()).table(table); t >= 0 {
			return Events // any change counts while there is nothing yet
		}
		return 0
	}
	if t := s.spec.table(table); t >= 0 {
		return s.spec[t].Role
	}
	return 0
}

// advance makes the next snapshot.
func (m *Image) advance(ctx context.Context, s *Snapshot, from Reading, position warehouse.Position, ids map[int64]struct{}, hasLookup bool) (made *Snapshot, err error) {
	defer guard(&err)() // who is already there is looked up in the file
	next := *s
	next.position = position
	if hasLookup {
		if err := next.readLookups(ctx, from); err != nil {
			return nil, err
		}
	}
	if len(ids) == 0 {
		return &next, nil
	}
	l, err := readLayer(ctx, s.spec, s.numbers, from, idsOf(ids))
	if err != nil {
		return nil, err
	}
	made = next.with(l, position)
	if len(made.layers) > mostLayers {
		return made.mergeLayers(ctx)
	}
	return made, nil
}

// retire stops answering; the next look builds anew. m.mu is held.
func (m *Image) retire(why string) {
	m.why = why
	if s := m.now.Load(); s != nil {
		s.retired.Store(true)
	}
	m.poke()
}

func (m *Image) poke() {
	select {
	case m.wake <- struct{}{}:
	default:
	}
}

// Damaged tells that a question met a damaged file: it is built anew.
func (m *Image) Damaged(err error) {
	if !errors.Is(err, errDamaged) {
		return
	}
	slog.Error("image: the file is damaged; questions go to the warehouse until it is built anew", "error", err)
	m.mu.Lock()
	m.state.Damaged++
	m.damaged = true
	if s := m.now.Load(); s != nil {
		_ = os.Remove(s.file.path)
	}
	m.retire("the file was damaged and it is being built anew")
	m.mu.Unlock()
	m.tell()
}

// IsDamaged says that an error comes from a damaged file.
func IsDamaged(err error) bool { return errors.Is(err, errDamaged) }

// Run builds, compacts and checks until ctx ends.
func (m *Image) Run(ctx context.Context, isReady func() bool) error {
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	var nextBuild, nextCheck time.Time
	nextCheck = time.Now().Add(checkEvery)
	lastDelta, restedSince := 0, time.Now()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		case <-m.wake:
		}
		if !isReady() || time.Now().Before(nextBuild) {
			continue
		}
		m.mu.Lock()
		why := m.why
		m.mu.Unlock()
		if why != "" || m.isOutdated(ctx) {
			if m.opts.IsBusy != nil && m.opts.IsBusy() {
				continue
			}
			started := time.Now()
			err := m.Build(ctx, nil)
			if err != nil && ctx.Err() == nil {
				slog.Warn("image: it was not built and is tried again", "error", err)
			}
			nextBuild = time.Now().Add(min(buildShare*time.Since(started), longestGap))
			debug.FreeOSMemory() // the columns on their way are many times what answering will need
			continue
		}
		if err := m.overlay(ctx); err != nil && ctx.Err() == nil {
			slog.Warn("image: derived columns were not taken in and are tried again", "error", err)
			m.Damaged(err)
		}
		s := m.now.Load()
		if n := s.deltaSubjects(); n != lastDelta {
			lastDelta, restedSince = n, time.Now()
		}
		if lastDelta >= compactSubjects && time.Since(restedSince) > compactRest {
			if err := m.Compact(ctx); err != nil && ctx.Err() == nil {
				slog.Warn("image: it was not compacted", "error", err)
				m.Damaged(err)
			}
			lastDelta, restedSince = 0, time.Now()
		}
		if s := m.now.Load(); s != nil && !s.file.isWhole() { // deleted or cut: no need to wait for the checksums
			m.Damaged(errDamaged)
			continue
		}
		if time.Now().After(nextCheck) {
			nextCheck = time.Now().Add(checkEvery)
			m.Check()
		}
	}
}

// Check compares the file with its checksums and has it built anew if it is
// damaged; it says whether it is whole.
func (m *Image) Check() bool {
	s := m.now.Load()
	if s == nil {
		return true
	}
	err := s.file.check()
	if err == nil && !s.file.isWhole() {
		err = errDamaged // its name is gone or holds something else
	}
	if err != nil {
		m.Damaged(err)
		return false
	}
	return true
}

// isOutdated says whether other columns are to be kept than are.
func (m *Image) isOutdated(ctx context.Context) bool {
	s := m.now.Load()
	return s == nil || !s.spec.equal(m.opts.Spec(ctx))
}

// Compact writes file and delta as one new file. Questions and changes go on
// meanwhile.
func (m *Image) Compact(ctx context.Context) (err error) {
	defer guard(&err)()
	before := m.now.Load()
	if before == nil || len(before.layers) == 0 && !before.isLaid {
		return nil
	}
	path := filepath.Join(m.opts.Dir, "compact")
	w, err := newWriter(path)
	if err != nil {
		return err
	}
	h, err := compact(ctx, before, w)
	if err != nil {
		return errors.Join(err, w.out.Close(), os.Remove(path))
	}
	h.Position = before.position
	if err := w.finish(h); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.now.Load()
	if now.file != before.file || now.retired.Load() || !maps.Equal(now.stale, before.stale) || now.isLaid != before.isLaid { // it was built anew meanwhile, or columns were
		return os.Remove(path)
	}
	f, err := m.adopt(path)
	if err != nil {
		return err
	}
	next := *now
	next.file, next.units, next.layers, next.isLaid = f, unitsOf(f.chunks), nil, false
	next.kept = &keeper{}
	made := &next
	for _, l := range newLayers(before, now) {
		made = made.with(l, now.position)
	}
	made.refreshTexts()
	m.now.Store(made)
	m.noteFile(made)
	m.sweep()
	return nil
}

// newLayers are the layers that came after a snapshot; when they were merged
// with older ones meanwhile, all of it counts again, which does no harm.
func newLayers(before, now *Snapshot) []layer {
	if len(before.layers) == 0 {
		return now.layers
	}
	if len(now.layers) >= len(before.layers) && sameLayer(now.layers[0], before.layers[0]) {
		return now.layers[len(before.layers):]
	}
	return now.layers
}

func sameLayer(a, b layer) bool {
	return len(a.ids) == len(b.ids) && len(a.ids) > 0 && &a.ids[0] == &b.ids[0]
}
