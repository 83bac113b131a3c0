// SPDX-License-Identifier: Apache-2.0

package database

import (
	"context"
	"database/sql"
	"errors"
	"sync/atomic"
	"time"
)

// session is what runs statements: the writer connection of SQLite or a transaction of PostgreSQL.
type session interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	PrepareContext(ctx context.Context, query string) (*sql.Stmt, error)
}

// tx is one caller's transaction, carried by its ctx.
type tx struct {
	db         *DB
	session    session
	at         time.Time
	after      []func()
	statements []*sql.Stmt
	over       atomic.Bool
	lost       error  // set when SQLite rolled everything back on its own
	ahead      *ahead // of bulk transactions on SQLite, else nil
	failed     error  // of an INSERT that ran ahead
}

type txKey struct{}

// txContext carries the transaction. On SQLite it has no Done channel: the driver would interrupt the
// running statement, and SQLite then rolls back the whole group of strangers. Err still tells.
type txContext struct {
	context.Context
	tx    *tx
	quiet bool
}

// Value returns the transaction for its key.
func (c txContext) Value(key any) any {
	if key == (txKey{}) {
		return c.tx
	}
	return c.Context.Value(key)
}

// Done is nil on SQLite, see txContext.
func (c txContext) Done() <-chan struct{} {
	if c.quiet {
		return nil
	}
	return c.Context.Done()
}

func (db *DB) txOf(ctx context.Context) *tx {
	if t, ok := ctx.Value(txKey{}).(*tx); ok && t.db == db {
		return t
	}
	return nil
}

// InTransaction reports whether ctx carries a transaction of this database.
func (db *DB) InTransaction(ctx context.Context) bool { return db.txOf(ctx) != nil }

// Within runs fn in a transaction: it joins the one of ctx, else opens one and returns once it is durable.
// Any error or panic of fn undoes all of fn's writes and nobody else's.
func (db *DB) Within(ctx context.Context, fn func(ctx context.Context) error) error {
	return db.within(ctx, false, fn)
}

// WithinBulk is Within for one slice of bulk work: it lets waiting people go first and has its own COMMIT.
func (db *DB) WithinBulk(ctx context.Context, fn func(ctx context.Context) error) error {
	return db.within(ctx, true, fn)
}

func (db *DB) within(ctx context.Context, bulk bool, fn func(ctx context.Context) error) error {
	if t := db.txOf(ctx); t != nil {
		if t.over.Load() {
			return errTxOver
		}
		return fn(ctx)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	t := &tx{db: db}
	var err error
	if db.writer != nil {
		err = db.writer.run(ctx, t, bulk, fn)
	} else {
		err = db.runPostgres(ctx, t, fn)
	}
	if err != nil {
		return Fault(err)
	}
	for _, hook := range t.after {
		hook()
	}
	return nil
}

var errTxOver = errors.New("the transaction of this context is over")

func (db *DB) runPostgres(ctx context.Context, t *tx, fn func(ctx context.Context) error) error {
	sqlTx, err := db.read.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	t.session, t.at = sqlTx, db.now()
	committed := false
	defer func() {
		t.end()
		if !committed {
			_ = sqlTx.Rollback()
		}
	}()
	if err := fn(txContext{Context: ctx, tx: t}); err != nil {
		return err
	}
	t.end()
	if err := db.injected("COMMIT"); err != nil {
		return err
	}
	committed = true
	return sqlTx.Commit()
}

// end closes the transaction's prepared statements and refuses further use.
func (t *tx) end() {
	if t.over.Swap(true) {
		return
	}
	_ = t.stop() // who ends a transaction looks at failed
	for _, s := range t.statements {
		_ = s.Close()
	}
	t.statements = nil
}

// Attempt runs fn under a savepoint of the transaction of ctx, so that a failed statement in fn
// (a unique violation, say) leaves the transaction usable on both engines. Outside one it is Within.
func (db *DB) Attempt(ctx context.Context, fn func(ctx context.Context) error) error {
	t := db.txOf(ctx)
	if t == nil {
		return db.Within(ctx, fn)
	}
	if err := t.stop(); err != nil { // an error must come from the call that made it
		return err
	}
	if _, err := db.Exec(ctx, "SAVEPOINT attempt"); err != nil {
		return err
	}
	hooks := len(t.after)
	ok := false
	defer func() {
		if !ok {
			t.after = t.after[:hooks]
			_, err := db.Exec(ctx, "ROLLBACK TO SAVEPOINT attempt")
			logProblem("roll back to savepoint", err)
		}
		_, err := db.Exec(ctx, "RELEASE SAVEPOINT attempt")
		logProblem("release savepoint", err)
	}()
	if err := fn(ctx); err != nil {
		return err
	}
	ok = true
	return nil
}

// AfterCommit runs fn once the transaction of ctx is durable, never when it is undone; outside a
// transaction at once. Use it to wake workers, not to do work that must not be lost.
func AfterCommit(ctx context.Context, fn func()) {
	if t, ok := ctx.Value(txKey{}).(*tx); ok {
		t.after = append(t.after, fn)
		return
	}
	fn()
}

// Time is the time of the transaction of ctx in UTC with microseconds; outside a transaction it is now.
func Time(ctx context.Context) time.Time {
	if t, ok := ctx.Value(txKey{}).(*tx); ok {
		return t.at
	}
	return time.Now().UTC().Truncate(time.Microsecond)
}

// Now is Time with this database's clock, for use outside transactions.
func (db *DB) Now(ctx context.Context) time.Time {
	if t := db.txOf(ctx); t != nil {
		return t.at
	}
	return db.now()
}
