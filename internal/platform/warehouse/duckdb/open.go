// SPDX-License-Identifier: Apache-2.0

package duckdb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	driverpkg "github.com/duckdb/duckdb-go/v2"

	"dangol/internal/platform/fault"
	"dangol/internal/platform/warehouse"
)

// Options tune the engine; the zero value is an in-memory warehouse for tests.
type Options struct {
	// Path of the file; empty keeps the warehouse in memory.
	Path string
	// MemoryMB limits DuckDB's buffers; beyond it work spills to disk.
	MemoryMB int
	// Threads limits the cores of one question.
	Threads int
	// Readers limits the questions answered at the same time.
	Readers int
	// Zone turns times into local time; nil means Asia/Seoul.
	Zone *time.Location
	// Clock gives the time of positions; nil means time.Now.
	Clock func() time.Time
	// ColdDir is where rows of old lie as Parquet; empty keeps all rows in the file.
	ColdDir string
}

const (
	defaultMemoryMB = 1024
	defaultThreads  = 2
	defaultReaders  = 8
)

// Warehouse is one open DuckDB file with its registered tables.
type Warehouse struct {
	db     *sql.DB
	opts   Options
	tables []warehouse.Table

	writing  sync.Mutex // one writer; guards loose
	loose    map[string]int64
	fedAt    atomic.Int64 // when rows last came in, in nanoseconds
	catalog  atomic.Pointer[map[string]string]
	position atomic.Pointer[warehouse.Position]
	stale    atomic.Pointer[string] // why a rebuild is due
	ready    atomic.Bool

	followers []Follower // told of every change while the warehouse is held

	closing context.Context // ends when Close begins; running questions end with it
	shut    context.CancelFunc

	retired map[string]time.Time // cold files that no question begins with any more; guarded by writing

	coldNoticed atomic.Bool // a file of the cold tier was found missing or damaged since the last rebuild
	watching    sync.Mutex
	damaged     func()
	rebuilt     []func(ctx context.Context) error
}

// Open opens or makes the file. A damaged file is set aside and made anew; only
// another process holding the file, or a full disk, is an error.
func Open(ctx context.Context, opts Options, tables ...warehouse.Table) (*Warehouse, error) {
	opts = withDefaults(opts)
	if opts.ColdDir != "" {
		var err error
		if opts.ColdDir, err = filepath.Abs(opts.ColdDir); err != nil {
			return nil, fmt.Errorf("cold tier: %w", err)
		}
	}
	for _, t := range tables {
		if err := t.Validate(); err != nil {
			return nil, err
		}
	}
	w := &Warehouse{opts: opts, tables: tables, loose: map[string]int64{}, retired: map[string]time.Time{}}
	w.closing, w.shut = context.WithCancel(context.Background())
	w.position.Store(&warehouse.Position{})
	w.catalog.Store(&map[string]string{})
	err := w.connect(ctx)
	if err != nil && isDamaged(err) {
		slog.Warn("warehouse: the file is damaged; it is set aside and built anew", "error", err)
		if err = setAside(opts.Path, opts.Clock()); err == nil {
			err = w.connect(ctx)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("open warehouse %s: %w", opts.Path, asFault(err))
	}
	return w, nil
}

func withDefaults(o Options) Options {
	if o.MemoryMB == 0 {
		o.MemoryMB = defaultMemoryMB
	}
	if o.Threads == 0 {
		o.Threads = defaultThreads
	}
	if o.Readers == 0 {
		o.Readers = defaultReaders
	}
	if o.Zone == nil {
		zone, err := time.LoadLocation("Asia/Seoul")
		if err != nil {
			zone = time.FixedZone("KST", 9*60*60) // no zone files: Korea has no daylight saving (F-DATE-2)
		}
		o.Zone = zone
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	return o
}

func (w *Warehouse) directories() (list []string) {
	if w.opts.Path != "" {
		list = append(list, filepath.Dir(w.opts.Path))
	}
	if w.opts.ColdDir != "" {
		list = append(list, w.opts.ColdDir)
	}
	return list
}

func (w *Warehouse) connect(ctx context.Context) error {
	for _, dir := range w.directories() {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return err
		}
	}
	connector, err := driverpkg.NewConnector(w.opts.Path, w.configure())
	if err != nil {
		return err
	}
	w.db = sql.OpenDB(connector)
	w.db.SetMaxOpenConns(w.opts.Readers + 2) // readers, the feed, and one session
	w.db.SetMaxIdleConns(w.opts.Readers + 2)
	if err := w.prepareFile(ctx); err != nil {
		return errors.Join(err, w.db.Close())
	}
	return nil
}

// configure shuts the engine in: no extensions from the internet, no files
// beside its own, and no statement may open it up again.
func (w *Warehouse) configure() func(driver.ExecerContext) error {
	var once sync.Once
	temp := ""
	if w.opts.Path != "" {
		temp = "SET temp_directory='" + strings.ReplaceAll(w.opts.Path+".tmp", "'", "''") + "'"
	}
	cold := ""
	if w.opts.ColdDir != "" {
		cold = "SET allowed_directories=['" + strings.ReplaceAll(w.opts.ColdDir+string(filepath.Separator), "'", "''") + "']"
	}
	settings := []string{
		fmt.Sprintf("SET memory_limit='%dMB'", w.opts.MemoryMB),
		fmt.Sprintf("SET threads=%d", w.opts.Threads),
		"SET autoinstall_known_extensions=false",
		"SET autoload_known_extensions=false",
		temp, cold,
		"SET parquet_metadata_cache=true",
		"SET enable_external_access=false",
		"SET lock_configuration=true",
	}
	return func(conn driver.ExecerContext) error {
		var err error
		once.Do(func() {
			for _, s := range settings {
				if s == "" {
					continue
				}
				if _, err = conn.ExecContext(context.Background(), s, nil); err != nil {
					err = fmt.Errorf("%s: %w", s, err)
					return
				}
			}
		})
		return err
	}
}

// Close ends running questions, writes everything back and releases the file.
//
// It waits for every connection to come back first. sql.DB.Close does not: a question whose caller had
// not yet closed its rows kept its connection, and with it the engine, and the next opening of the path
// in this process waited for it (DuckDB 1.5, DBInstanceCache::GetInstanceInternal). After an interrupted
// question that wait can still be without end; close_test.go tells more.
func (w *Warehouse) Close() error {
	w.shut()
	w.writing.Lock()
	defer w.writing.Unlock()
	late := time.NewTimer(closeWait)
	defer late.Stop()
	look := time.NewTicker(time.Millisecond)
	defer look.Stop()
	for w.db.Stats().InUse > 0 {
		select {
		case <-look.C:
		case <-late.C:
			slog.Error("warehouse: closed while somebody still reads; rows were left open", "connections", w.db.Stats().InUse)
			return w.db.Close()
		}
	}
	return w.db.Close()
}

// closeWait bounds the wait for questions that were told to end; DuckDB ends them within a block of rows.
const closeWait = 20 * time.Second

// live returns a context that also ends when the warehouse closes; stop gives it back.
func (w *Warehouse) live(ctx context.Context) (_ context.Context, stop func()) {
	ctx, cancel := gentle(ctx)
	unhook := context.AfterFunc(w.closing, func() { cancel(errClosing) })
	return ctx, func() { unhook(); cancel(nil) }
}

// grace is how long a statement may still run when nobody wants it any more.
const grace = 100 * time.Millisecond

// gentle returns a context that ends a little after ctx, so that what is about
// to end is not interrupted: DuckDB 1.5 may keep an engine for ever that was
// interrupted (see Close), and an interrupted change is done again anyway. A
// context that has ended already has ended at once.
func gentle(ctx context.Context) (context.Context, context.CancelCauseFunc) {
	later, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	if ctx.Err() != nil {
		cancel(context.Cause(ctx))
		return later, cancel
	}
	unhook := context.AfterFunc(ctx, func() {
		select {
		case <-time.After(grace):
			cancel(context.Cause(ctx))
		case <-later.Done():
		}
	})
	return later, func(cause error) { unhook(); cancel(cause) }
}

var errClosing = fault.New(fault.Unavailable, "warehouse.closing", "The program is stopping; try again in a moment.")

// Clock returns the warehouse's time in the company's zone.
func (w *Warehouse) Clock() time.Time { return w.opts.Clock().In(w.opts.Zone) }

// Ready is false until the tables have been loaded once.
func (w *Warehouse) Ready() bool { return w.ready.Load() }

// Stale says why a rebuild is due, or "".
func (w *Warehouse) Stale() string {
	if p := w.stale.Load(); p != nil {
		return *p
	}
	return ""
}

func (w *Warehouse) setStale(why string) {
	if why == "" {
		w.stale.Store(nil)
		return
	}
	w.stale.Store(&why)
}

// OnRebuilt registers work that follows every rebuild, such as computing
// derived tables anew.
func (w *Warehouse) OnRebuilt(fn func(ctx context.Context) error) {
	w.watching.Lock()
	defer w.watching.Unlock()
	w.rebuilt = append(w.rebuilt, fn)
}

func isDamaged(err error) bool {
	text := err.Error()
	if strings.Contains(text, "lock on file") || strings.Contains(text, "o space left") {
		return false
	}
	for _, sign := range []string{
		"not a valid DuckDB", "orrupt", "checksum", "Checksum", "Serialization Error", "INTERNAL Error",
		"Failure while replaying WAL", "database file version", "newer version", "older version", "FATAL Error",
		"could not read", "Could not read", "out of range", "not enough data", "storage version",
	} {
		if strings.Contains(text, sign) {
			return true
		}
	}
	return false
}

func setAside(path string, now time.Time) error {
	if path == "" {
		return nil
	}
	mark := ".damaged-" + now.UTC().Format("20060102T150405")
	for _, p := range []string{path, path + ".wal"} {
		if err := os.Rename(p, p+mark); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}

func asFault(err error) error {
	if err == nil {
		return nil
	}
	if _, ok := fault.As(err); ok {
		return err
	}
	text := err.Error()
	switch {
	case strings.Contains(text, "lock on file"):
		return fault.Wrap(err, fault.Unavailable, "warehouse.locked",
			"Another Dangol process holds the warehouse. Stop it, or ask the running server instead.")
	case strings.Contains(text, "o space left"):
		return fault.Wrap(err, fault.Unavailable, "warehouse.disk_full",
			"The disk of the warehouse is full. Free some space; the warehouse catches up by itself.")
	case strings.Contains(text, "Out of Memory"):
		return fault.Wrap(err, fault.TooLarge, "warehouse.out_of_memory",
			"The question needs more memory than it may use. Ask for fewer rows, or raise the warehouse memory.")
	}
	return err
}
