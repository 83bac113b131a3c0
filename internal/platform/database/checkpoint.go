// SPDX-License-Identifier: Apache-2.0

package database

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"sync"
	"time"
)

const (
	// checkpointEvery is how often the length of the WAL is looked at, if anything was committed.
	checkpointEvery = 200 * time.Millisecond
	// checkpointPages: above 32 MB not yet copied back, copying starts beside the writer. Less copies hot
	// pages more often, which slows imports.
	checkpointPages = 8192
	// fullPages: above 128 MB the writer never left a gap in which the WAL could start anew; then the rest
	// is copied while nobody writes. It is little, because most was copied beside the writer before.
	fullPages = 4 * checkpointPages
	// restartPatience is how long the writer waits, when everything is copied, for the last reader of the
	// WAL, so that it can start anew: with eight people at work there is never a moment without a reader.
	// Readers that begin meanwhile read the file itself. restartPause lies between two tries, because a
	// report may read for minutes.
	restartPatience = 30 * time.Millisecond
	restartPause    = 2 * time.Second
	// passes are how often copying beside the writer is tried before the writer is stopped.
	passes = 4
	// emergencyPages is when a commit copies back itself, should the checkpointer be stuck.
	emergencyPages = 64 * checkpointPages
)

// checkpointer copies the WAL back into the file on a connection of its own, so that no commit has to.
type checkpointer struct {
	writer *writer
	pool   *sql.DB
	dirty  chan struct{} // holds one token after a commit
	tried  time.Time     // when the WAL was last to start anew
	stop   chan struct{}
	ended  sync.WaitGroup
}

func startCheckpointer(w *writer, path string) *checkpointer {
	c := &checkpointer{
		writer: w,
		pool: sql.OpenDB(newConnector(dsn(path, url.Values{
			"_cache_size": {"-1024"}, "_busy_timeout": {fmt.Sprint(restartPatience.Milliseconds())},
		}))),
		dirty: make(chan struct{}, 1), stop: make(chan struct{}),
	}
	c.pool.SetMaxOpenConns(1)
	c.ended.Go(c.run)
	return c
}

// committed tells that there may be something to copy.
func (c *checkpointer) committed() {
	select {
	case c.dirty <- struct{}{}:
	default:
	}
}

func (c *checkpointer) close() error {
	close(c.stop)
	c.ended.Wait()
	return c.pool.Close()
}

func (c *checkpointer) run() {
	timer := time.NewTicker(checkpointEvery)
	defer timer.Stop()
	for {
		select {
		case <-c.stop:
			return
		case <-c.dirty:
			logProblem("checkpoint", c.round())
		}
		select {
		case <-c.stop:
			return
		case <-timer.C:
		}
	}
}

// round copies what is due. PASSIVE waits for nobody; a long reader only delays the reuse of the WAL.
func (c *checkpointer) round() error {
	ctx := context.Background()
	length, copied, err := checkpoint(ctx, c.pool, "NOOP")
	if err != nil || length-copied < checkpointPages && length < fullPages {
		return err
	}
	// The writer goes on meanwhile, so each round leaves less to do.
	for range passes {
		length, copied, err = checkpoint(ctx, c.pool, "PASSIVE")
		if err != nil || length < fullPages {
			return err
		}
		if length-copied < checkpointPages/passes {
			break
		}
	}
	if time.Since(c.tried) < restartPause {
		return nil
	}
	c.tried = time.Now()
	return c.writer.alone(ctx, func() error {
		if _, _, err := checkpoint(ctx, c.writer.conn, "PASSIVE"); err != nil {
			return err
		}
		_, _, err := checkpoint(ctx, c.pool, "RESTART") // gives up when a reader stays; that is no error
		return err
	})
}

type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// checkpoint returns the pages in the WAL and how many of them are copied back.
func checkpoint(ctx context.Context, q querier, mode string) (length, copied int, err error) {
	var busy int
	err = q.QueryRowContext(ctx, "PRAGMA wal_checkpoint("+mode+")").Scan(&busy, &length, &copied)
	return length, copied, err
}
