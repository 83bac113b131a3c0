// SPDX-License-Identifier: Apache-2.0

package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"github.com/mattn/go-sqlite3"

	"dangol/internal/platform/fault"
)

const (
	// groupCallers and groupTime bound a group, so that the first in it is not kept waiting.
	groupCallers = 512
	groupTime    = 20 * time.Millisecond
	// gatherTime is how long the last of a group waits for the callers of the group before it, who have
	// just been answered and are probably about to write again. Without it groups of 1 and 255 alternate.
	gatherTime = 150 * time.Microsecond
)

// writer is the one connection that writes to SQLite. The holder of the baton runs its closure under a
// savepoint and hands the baton on with the transaction open; the last one commits for all.
type writer struct {
	db        *DB
	pool      *sql.DB
	conn      *sql.Conn
	raw       *sqlite3.SQLiteConn
	queue     queue
	group     *group // the open transaction; touched by the holder of the baton only
	before    int    // callers in the group before
	copier    *checkpointer
	inserters map[string]*sqlite3.SQLiteStmt // by their text; used by the holder of the baton only
	count     struct{ commits, callers atomic.Int64 }
	broken    error // set when a sync failed: pages may be lost, so nothing more may be acknowledged
}

// group is one transaction of SQLite shared by many callers.
type group struct {
	at      time.Time
	started time.Time
	callers int
	done    chan struct{}
	err     error
}

func openWriter(ctx context.Context, db *DB) (*writer, error) {
	w := &writer{db: db, pool: writerPool(db.path, db.opts)}
	w.queue.patience = db.opts.Patience
	if err := w.connect(ctx); err != nil {
		_ = w.pool.Close()
		return nil, err
	}
	w.copier = startCheckpointer(w, db.path)
	return w, nil
}

func (w *writer) connect(ctx context.Context) error {
	conn, err := w.pool.Conn(context.WithoutCancel(ctx))
	if err != nil {
		return err
	}
	w.conn = conn
	return conn.Raw(func(c any) error {
		w.raw = c.(*sqlite3.SQLiteConn)
		return nil
	})
}

func (w *writer) close() error {
	err := w.copier.close()
	if err := w.queue.take(context.Background(), true); err != nil {
		return err
	}
	w.broken = fault.New(fault.Unavailable, "database.closed", "The database is closed.")
	w.queue.pass()
	return errors.Join(err, w.closeInserters(), w.conn.Close(), w.pool.Close())
}

// inAutocommit reports whether SQLite has no transaction open; only the holder of the baton may ask.
func (w *writer) inAutocommit() bool { return w.raw.AutoCommit() }

func (w *writer) exec(query string) error {
	if err := w.db.injected(query); err != nil {
		return err
	}
	_, err := w.conn.ExecContext(context.Background(), query)
	return err
}

// run runs fn with the baton and returns after its group is durable.
func (w *writer) run(ctx context.Context, t *tx, bulk bool, fn func(context.Context) error) error {
	if err := w.queue.take(ctx, bulk); err != nil {
		return err
	}
	if err := w.begin(); err != nil {
		w.queue.pass()
		return err
	}
	g := w.group
	g.callers++
	t.session, t.at = w.conn, g.at
	err := w.guarded(ctx, t, bulk, fn)
	<-g.done
	if err != nil {
		return err
	}
	return g.err
}

// begin opens a group unless one is open.
func (w *writer) begin() error {
	if w.broken != nil {
		return w.broken
	}
	if w.group != nil {
		return nil
	}
	if err := w.exec("BEGIN IMMEDIATE"); err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	w.group = &group{at: w.db.now(), started: time.Now(), done: make(chan struct{})}
	return nil
}

// guarded runs fn under a savepoint. The deferred part also runs when fn panics or ends its goroutine.
func (w *writer) guarded(ctx context.Context, t *tx, bulk bool, fn func(context.Context) error) (err error) {
	ok := false
	defer func() {
		t.end()
		if !ok {
			w.undo(t, bulk)
		}
		w.leave(bulk)
	}()
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := w.mark(bulk, "SAVEPOINT caller"); err != nil {
		return err
	}
	if bulk {
		w.goAhead(t)
	}
	if err := fn(txContext{Context: ctx, tx: t, quiet: true}); err != nil {
		return err
	}
	t.end()
	if t.failed != nil {
		return t.failed
	}
	if t.lost != nil {
		return t.lost
	}
	if err := w.mark(bulk, "RELEASE caller"); err != nil {
		return err
	}
	ok = true
	return nil
}

// mark sets or releases the caller's savepoint; bulk work is alone in its group and needs none, which
// spares it the copies of pages that a savepoint keeps.
func (w *writer) mark(bulk bool, statement string) error {
	if bulk {
		return nil
	}
	return w.exec(statement)
}

// undo takes back what the caller wrote and leaves the others' writes in the group.
func (w *writer) undo(t *tx, bulk bool) {
	if t.lost == nil && w.inAutocommit() {
		t.lost = errRolledBack
	}
	switch {
	case t.lost != nil:
		// SQLite has rolled back everything (disk full, I/O error): nobody in the group is saved.
		w.group.err = Fault(t.lost)
	case bulk:
		w.group.err = errUndone
	default:
		err := w.exec("ROLLBACK TO caller")
		if err == nil {
			err = w.exec("RELEASE caller")
		}
		if err != nil && !isNoSavepoint(err) {
			w.group.err = fmt.Errorf("undo one caller: %w", err)
		}
	}
}

// isNoSavepoint tells that the caller failed before it had a savepoint.
func isNoSavepoint(err error) bool { return strings.Contains(err.Error(), "no such savepoint") }

var (
	errUndone     = errors.New("undone")
	errRolledBack = fault.New(fault.Unavailable, "database.rolled_back",
		"The database could not write and took back the changes. Nothing was saved; try again.")
)

// leave hands on the baton: with the group open while people wait and it is small, else after its end.
func (w *writer) leave(bulk bool) {
	g := w.group
	if g.err == nil && !bulk && g.callers < groupCallers && time.Since(g.started) < groupTime &&
		w.moreComing(g) && w.queue.passToPerson() {
		return
	}
	w.finish(g)
	w.before, w.group = g.callers, nil
	close(g.done)
	w.queue.pass()
}

// moreComing waits a moment for the callers of the group before.
func (w *writer) moreComing(g *group) bool {
	if w.queue.peopleWait() {
		return true
	}
	if g.callers*2 > w.before || w.before < 4 {
		return false
	}
	for start := time.Now(); time.Since(start) < gatherTime; {
		runtime.Gosched()
		if w.queue.peopleWait() {
			return true
		}
	}
	return false
}

// finish commits the group, or rolls it back when it cannot be saved.
func (w *writer) finish(g *group) {
	if g.err == nil {
		g.err = w.exec("COMMIT")
	}
	if g.err == nil {
		w.copier.committed()
		w.count.commits.Add(1)
		w.count.callers.Add(int64(g.callers))
		return
	}
	var e sqlite3.Error
	if errors.As(g.err, &e) && (e.ExtendedCode == sqlite3.ErrIoErrFsync || e.ExtendedCode == sqlite3.ErrIoErrDirFsync) {
		w.broken = fault.Wrap(g.err, fault.Unavailable, "database.sync_failed",
			"The disk did not confirm a write. Nothing more is saved until the server is restarted; check the disk.")
		g.err = w.broken
	}
	if !w.inAutocommit() {
		_, err := w.conn.ExecContext(context.Background(), "ROLLBACK")
		logProblem("roll back", err)
	}
}

// alone runs fn while nobody else writes and no transaction is open.
func (w *writer) alone(ctx context.Context, fn func() error) error {
	if err := w.queue.take(ctx, true); err != nil {
		return err
	}
	defer w.queue.pass()
	if w.broken != nil {
		return w.broken
	}
	return fn()
}

// WidenCache gives the writer of SQLite a bigger page cache for bulk work until the returned function is
// called, which also gives back the memory of the pages held; on PostgreSQL it does nothing.
func (db *DB) WidenCache(ctx context.Context, megabytes int) (shrink func(), err error) {
	if db.writer == nil {
		return func() {}, nil
	}
	set := func(ctx context.Context, pragmas ...string) error {
		return db.writer.alone(ctx, func() error {
			for _, pragma := range pragmas {
				if _, err := db.writer.conn.ExecContext(context.WithoutCancel(ctx), "PRAGMA "+pragma); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := set(ctx, fmt.Sprintf("cache_size=%d", -max(megabytes, db.opts.CacheMB)<<10)); err != nil {
		return nil, fmt.Errorf("widen the page cache: %w", Fault(err))
	}
	return func() {
		logProblem("shrink the page cache", set(context.WithoutCancel(ctx), fmt.Sprintf("cache_size=%d", -db.opts.CacheMB<<10), "shrink_memory"))
	}, nil
}
