// SPDX-License-Identifier: Apache-2.0

package image

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"dangol/internal/platform/warehouse"
)

// Options tune the image.
type Options struct {
	// Dir is where files lie.
	Dir string
	// Workers is how many cores are used; 0 is all.
	Workers int
	// Spec says what to keep; it is asked before each build.
	Spec func(ctx context.Context) Spec
	// Tell is called when the state has changed; may be nil.
	Tell func(Status)
	// IsBusy says that so much comes in that a build would be outdated before its end and would only take
	// memory and time from it; may be nil.
	IsBusy func() bool
}

// Image is the columns of all subjects, kept up to date.
type Image struct {
	opts   Options
	source Source
	now    atomic.Pointer[Snapshot]

	mu       sync.Mutex // one writer
	why      string     // why there is no usable snapshot, or a rebuild is due
	building *collector
	state    Status
	damaged  bool // the file was found damaged and no other stands in for it yet
	wake     chan struct{}
	closed   bool

	notes     []note // who changed lately, by version
	noted     int
	notedFrom int64 // the notes are complete after this version; 0: never
}

// Change is what the warehouse took in for one table.
type Change struct {
	Table string
	IDs   []int64
	All   bool
}

// collector gathers the subjects changed while a build reads.
type collector struct {
	ids      map[int64]struct{}
	replaced map[string]bool
	all      bool
}

// Status is what the system page shows.
type Status struct {
	IsReady     bool               `json:"ready"`
	Position    warehouse.Position `json:"position"`
	Subjects    int64              `json:"subjects"`
	Rows        int64              `json:"rows"`
	Bytes       int64              `json:"bytes"`
	Delta       int                `json:"delta" doc:"subjects changed since the file was written"`
	BuiltAt     time.Time          `json:"built_at"`
	BuildMillis int64              `json:"build_ms"`
	Problem     string             `json:"problem,omitempty"`
	Damaged     int64              `json:"damaged" doc:"times that the file was found damaged and built anew"`
	Progress    float64            `json:"progress,omitempty"`
	// State tells in one word whether questions are answered: by the image, by
	// the warehouse until the image is built, or so after damage.
	State string `json:"state" enum:"ready,building,damaged"`
}

// States of the image.
const (
	StateReady    = "ready"
	StateBuilding = "building"
	StateDamaged  = "damaged"
)

const (
	suffix = ".image"
	// mostDelta is how many subjects one change may bring into the delta; more
	// is built anew.
	mostDelta = 60_000
	// mostLayers is when the layers of the delta are made one.
	mostLayers = 12
)

// Open opens the newest whole file in the folder; without one the image is not
// ready until Run has built it.
func Open(source Source, opts Options) (*Image, error) {
	if err := os.MkdirAll(opts.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("open the image: %w", err)
	}
	m := &Image{opts: opts, source: source, wake: make(chan struct{}, 1), why: "it has not been built yet"}
	names, err := filepath.Glob(filepath.Join(opts.Dir, "*"+suffix))
	if err != nil {
		return nil, fmt.Errorf("open the image: %w", err)
	}
	slices.Sort(names)
	for i := len(names) - 1; i >= 0; i-- {
		f, err := openFile(names[i])
		if err != nil {
			slog.Warn("image: a file cannot be used and is removed", "file", filepath.Base(names[i]), "error", err)
			_ = os.Remove(names[i])
			if errors.Is(err, errDamaged) {
				m.state.Damaged++
			}
			continue
		}
		m.resume(f)
		break
	}
	m.sweep()
	return m, nil
}

// resume uses a file that was written before, if the warehouse is where it was.
func (m *Image) resume(f *file) {
	position := m.source.Position()
	f.readNote()
	if f.Position.Seq != position.Seq || f.Position.Version != position.Version {
		m.why = "the warehouse has moved on since it was written"
		return
	}
	ctx := context.Background()
	if m.opts.Spec != nil && !f.Spec.equal(m.opts.Spec(ctx)) {
		m.why = "other columns are to be kept"
		return
	}
	s, err := m.snapshotOf(ctx, f, nil, m.source)
	if err != nil {
		m.why = "its look-up tables cannot be read"
		return
	}
	m.now.Store(s)
	m.why = ""
	m.notedFrom = max(s.position.Version, 1)
	m.noteFile(s)
}

func (s Spec) equal(other Spec) bool {
	return slices.EqualFunc(s, other, func(a, b Table) bool {
		return a.Name == b.Name && a.Role == b.Role && a.Key == b.Key && a.Time == b.Time && a.Group == b.Group && slices.Equal(a.Columns, b.Columns)
	})
}

// snapshotOf makes a snapshot of a file alone.
func (m *Image) snapshotOf(ctx context.Context, f *file, numbers [][]*dictionary, from Reading) (*Snapshot, error) {
	s := &Snapshot{
		spec: f.Spec, file: f, units: unitsOf(f.chunks), lookups: map[string]*lookup{}, position: f.Position, retired: &atomic.Bool{}, numbers: numbers, kept: &keeper{},
	}
	if numbers == nil {
		s.numbers = newNumbers(f.Spec)
		for t := range s.numbers {
			for c := range s.numbers[t] {
				if s.numbers[t][c] != nil {
					s.numbers[t][c] = newDictionary(f.Texts[t][c])
					s.numbers[t][c].isOver.Store(f.Dropped[t][c])
				}
			}
		}
	}
	return s, s.readLookups(ctx, from)
}

func (s *Snapshot) readLookups(ctx context.Context, from Reading) error {
	fresh := map[string]*lookup{}
	for t := range s.spec {
		if s.spec[t].Role != Lookup {
			continue
		}
		l, err := readLookup(ctx, &s.spec[t], s.numbers[t], from)
		if errors.Is(err, errTooMany) {
			continue
		}
		if err != nil {
			return err
		}
		fresh[s.spec[t].Name] = l
	}
	s.lookups = fresh
	s.refreshTexts()
	return nil
}

// Snapshot returns the newest state, or why there is none.
func (m *Image) Snapshot() (*Snapshot, string) {
	s := m.now.Load()
	if s == nil || s.retired.Load() {
		m.mu.Lock()
		defer m.mu.Unlock()
		return nil, m.why
	}
	return s, ""
}

// Current returns the newest state if it includes all that the warehouse does.
func (m *Image) Current() (*Snapshot, string) {
	s, why := m.Snapshot()
	if s == nil {
		return nil, why
	}
	if p := m.source.Position(); p.Version != s.position.Version || p.Seq != s.position.Seq {
		return nil, "the image is a moment behind the warehouse"
	}
	return s, ""
}

// Status tells the state.
func (m *Image) Status() Status {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := m.state
	out.Problem, out.State = m.why, StateBuilding
	if s := m.now.Load(); s != nil {
		out.IsReady = m.why == "" && !s.retired.Load()
		out.Position, out.Delta = s.position, s.deltaSubjects()
	}
	switch {
	case out.IsReady:
		out.State = StateReady
	case m.damaged:
		out.State = StateDamaged
	}
	return out
}

// Build makes the file anew from the warehouse; report may be nil.
func (m *Image) Build(ctx context.Context, report func(done, total int64)) error {
	started := time.Now()
	m.mu.Lock()
	if m.building != nil {
		m.mu.Unlock()
		return nil
	}
	m.building = &collector{ids: map[int64]struct{}{}, replaced: map[string]bool{}}
	m.mu.Unlock()
	defer func() {
		m.mu.Lock()
		m.building = nil
		m.mu.Unlock()
	}()
	spec := m.opts.Spec(ctx)
	if len(spec) == 0 || spec[0].Role != Subjects {
		return m.fail(errors.New("there is no table of subjects yet"))
	}
	path := filepath.Join(m.opts.Dir, "new")
	w, err := build(ctx, m.source, spec, path, m.opts.Workers, report)
	if err != nil {
		return m.fail(errors.Join(err, os.Remove(path)))
	}
	err = m.source.Hold(ctx, func(from Reading) error { return m.publish(ctx, w, path, from, started) })
	if err != nil {
		return m.fail(err)
	}
	m.sweep()
	m.tell()
	return nil
}

// fail notes why the image is not there.
func (m *Image) fail(err error) error {
	m.mu.Lock()
	if m.why == "" || m.now.Load() == nil {
		m.why = err.Error()
	}
	m.mu.Unlock()
	m.tell()
	return err
}

// publish finishes a build while the warehouse is held: what changed meanwhile
// becomes the first layer of the delta.
func (m *Image) publish(ctx context.Context, w *work, path string, from Reading, started time.Time) (err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	defer guard(&err)()
	changed := m.building
	h := w.header()
	h.Position = from.Position()
	if changed.all || len(changed.ids) > 0 || len(changed.replaced) > 0 {
		h.Position.Version = -1 // the file alone is of no position
	}
	if changed.all || len(changed.ids) > mostDelta {
		return errors.Join(errors.New("too much changed while it was built; it is tried again"), w.writer.out.Close())
	}
	if err := w.writer.finish(h); err != nil {
		return err
	}
	f, err := m.adopt(path)
	if err != nil {
		return err
	}
	s, err := m.snapshotOf(ctx, f, w.numbers, from)
	if err != nil {
		return err
	}
	s.position = from.Position()
	if len(changed.ids) > 0 {
		l, err := readLayer(ctx, s.spec, s.numbers, from, idsOf(changed.ids))
		if err != nil {
			return err
		}
		s = s.with(l, s.position)
	}
	for name := range changed.replaced {
		if s.spec.table(name) >= 0 {
			s.markStale(name)
		}
	}
	m.now.Store(s)
	m.why, m.damaged = "", false
	if m.notedFrom == 0 {
		m.notedFrom = max(s.position.Version, 1)
	}
	m.state.BuiltAt, m.state.BuildMillis = time.Now(), time.Since(started).Milliseconds()
	m.noteFile(s)
	return nil
}

// adopt gives a finished file its name and opens it.
func (m *Image) adopt(path string) (*file, error) {
	name := filepath.Join(m.opts.Dir, fmt.Sprintf("%020d%s", time.Now().UnixNano(), suffix))
	if err := os.Rename(path, name); err != nil {
		return nil, fmt.Errorf("name the image file: %w", err)
	}
	if dir, err := os.Open(m.opts.Dir); err == nil { // the name, too, is to survive a power cut
		_ = dir.Sync()
		_ = dir.Close()
	}
	return openFile(name)
}

func (m *Image) noteFile(s *Snapshot) {
	m.state.Subjects, m.state.Bytes, m.state.Rows = s.file.Subjects, s.file.bytes, 0
	for t, n := range s.file.Rows {
		if s.spec[t].Role == Events {
			m.state.Rows += n
		}
	}
}

func idsOf(set map[int64]struct{}) []int64 {
	ids := make([]int64, 0, len(set))
	for id := range set {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

func sortInts(list []int64) { slices.Sort(list) }

// sweep removes files that are not in use; open mappings outlive their names.
func (m *Image) sweep() {
	keep := ""
	if s := m.now.Load(); s != nil {
		keep = filepath.Base(s.file.path)
	}
	entries, err := os.ReadDir(m.opts.Dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		if name := e.Name(); name != keep && name != keep+noteSuffix && name != "new" && name != "compact" {
			_ = os.Remove(filepath.Join(m.opts.Dir, name))
		}
	}
}

func (m *Image) tell() {
	if m.opts.Tell != nil {
		m.opts.Tell(m.Status())
	}
}

// Close writes what the delta holds, so that the next start need not build anew.
func (m *Image) Close() error {
	m.mu.Lock()
	wasClosed := m.closed
	m.closed = true
	m.mu.Unlock()
	s := m.now.Load()
	if wasClosed || s == nil || s.retired.Load() {
		return nil
	}
	if len(s.stale) > 0 {
		return nil
	}
	if len(s.layers) == 0 && !s.isLaid {
		return s.file.note(s.position)
	}
	if err := m.Compact(context.Background()); err != nil {
		slog.Warn("image: it was not written at the end and will be built anew", "error", err)
	}
	return nil
}
