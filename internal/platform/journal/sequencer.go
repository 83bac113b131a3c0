// SPDX-License-Identifier: Apache-2.0

package journal

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"
	"log/slog"
	"time"

	"dangol/internal/platform/database"
)

const (
	// sequenceBatch is how many entries get their number in one transaction.
	sequenceBatch = 1000
	// sequencerLock is an arbitrary number: only one node numbers at a time on PostgreSQL.
	sequencerLock = 0x64616e676f6c03
)

// Run numbers and chains committed entries until ctx ends. Every node may run it: one does the work.
func (j *Journal) Run(ctx context.Context) error {
	poll := time.NewTicker(j.opts.Poll)
	defer poll.Stop()
	for {
		if _, err := j.flush(ctx); err != nil && ctx.Err() == nil {
			slog.Error("journal: numbering failed", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-j.unfiled:
		case <-poll.C:
			if err := j.moveAccess(ctx); err != nil && ctx.Err() == nil {
				slog.Error("journal: the access log waits in its file", "error", err)
			}
		}
	}
}

// Flush numbers everything committed so far and returns the number of the last entry.
func (j *Journal) Flush(ctx context.Context) (int64, error) {
	if err := j.moveAccess(ctx); err != nil {
		return 0, err
	}
	return j.flush(ctx)
}

func (j *Journal) flush(ctx context.Context) (int64, error) {
	for {
		done, err := j.number(ctx)
		if err != nil {
			return 0, err
		}
		if done {
			return j.Head(ctx)
		}
	}
}

// number numbers one batch of both chains and reports whether nothing was left.
func (j *Journal) number(ctx context.Context) (done bool, err error) {
	// Looking first costs a read; an empty write would cost a sync.
	waiting, err := j.anyUnnumbered(ctx)
	if err != nil || !waiting {
		return true, err
	}
	full := false
	err = j.db.WithinBulk(ctx, func(ctx context.Context) error {
		free, err := j.lockSequencer(ctx)
		if err != nil || !free {
			return err
		}
		entries, err := j.numberEntries(ctx)
		if err != nil {
			return err
		}
		reads, err := j.numberAccess(ctx)
		full = entries == sequenceBatch || reads == sequenceBatch
		return err
	})
	if err != nil {
		return false, fmt.Errorf("number journal: %w", err)
	}
	j.notify()
	return !full, nil
}

func (j *Journal) anyUnnumbered(ctx context.Context) (bool, error) {
	var n int
	err := j.db.Scan(ctx, []any{&n}, `SELECT (SELECT COUNT(*) FROM (SELECT 1 FROM journal WHERE seq IS NULL LIMIT 1) AS a) +
		(SELECT COUNT(*) FROM (SELECT 1 FROM access_log WHERE seq IS NULL LIMIT 1) AS b)`)
	return n > 0, err
}

// lockSequencer waits for its turn on PostgreSQL; SQLite has one writer anyway. It waits rather than
// gives up, so that Flush on any node returns only when everything is numbered.
func (j *Journal) lockSequencer(ctx context.Context) (bool, error) {
	if !j.db.IsPostgres() {
		return true, nil
	}
	_, err := j.db.Exec(ctx, "SELECT pg_advisory_xact_lock(?)", int64(sequencerLock))
	return err == nil, err
}

func (j *Journal) numberEntries(ctx context.Context) (int, error) {
	entries, err := j.listUnnumbered(ctx, sequenceBatch)
	if err != nil || len(entries) == 0 {
		return 0, err
	}
	seq, last, err := j.headOf(ctx, "journal")
	if err != nil {
		return 0, err
	}
	update, err := j.db.Prepare(ctx, "UPDATE journal SET seq = ?, hash = ? WHERE id = ?")
	if err != nil {
		return 0, err
	}
	for i := range entries {
		e := &entries[i]
		var chunks [][]byte
		if e.chunks > 0 {
			if chunks, err = j.chunkHashes(ctx, e.row); err != nil {
				return 0, err
			}
		}
		seq++
		last = e.chain(seq, last, chunks)
		if _, err := update.ExecContext(ctx, seq, last, e.row); err != nil {
			return 0, database.Fault(err)
		}
	}
	return len(entries), nil
}

// chain returns the hash of an entry: of the hash before it and of everything stored about it.
func (r *entryRow) chain(seq int64, before []byte, chunks [][]byte) []byte {
	h := newHasher(before)
	h.numbers(r.row, seq, r.At.UnixMicro(), r.ActorID, r.Batch, r.RecordID, r.bulk, int64(r.chunks), int64(r.Rows))
	h.texts(r.Actor, r.Capability, r.Kind, r.SubjectKind)
	h.numbers(int64(len(r.SubjectIDs)))
	h.numbers(r.SubjectIDs...)
	h.bytes(r.body)
	for _, c := range chunks {
		h.bytes(c)
	}
	return h.Sum(nil)
}

// hasher writes values so that no two sequences of values give the same bytes.
type hasher struct{ hash.Hash }

func newHasher(before []byte) hasher {
	h := hasher{sha256.New()}
	h.bytes(before)
	return h
}

func (h hasher) numbers(list ...int64) {
	var b [8]byte
	for _, n := range list {
		binary.LittleEndian.PutUint64(b[:], uint64(n))
		h.Write(b[:])
	}
}

func (h hasher) bytes(b []byte) {
	h.numbers(int64(len(b)))
	h.Write(b)
}

func (h hasher) texts(list ...string) {
	for _, s := range list {
		h.bytes([]byte(s))
	}
}
