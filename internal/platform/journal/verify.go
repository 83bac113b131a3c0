// SPDX-License-Identifier: Apache-2.0

package journal

import (
	"bytes"
	"context"
	"fmt"

	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
)

// Anchor is the end of both chains at some time. Kept outside (in a log on another host), it shows
// whether the end was cut off later.
type Anchor struct {
	Seq        int64
	Hash       []byte
	AccessSeq  int64
	AccessHash []byte
}

// Report says what Verify looked at.
type Report struct {
	Entries    int64
	Chunks     int64
	Changes    int64
	Access     int64
	Unnumbered int64
	Anchor     Anchor
}

// Anchor returns the present end of both chains.
func (j *Journal) Anchor(ctx context.Context) (a Anchor, err error) {
	if err := j.moveAccess(ctx); err != nil { // a backup that follows holds every access
		return a, err
	}
	if a.Seq, a.Hash, err = j.headOf(ctx, "journal"); err != nil {
		return a, err
	}
	a.AccessSeq, a.AccessHash, err = j.headOf(ctx, "access_log")
	return a, err
}

// Verify recomputes both chains and every chunk. An altered, missing or inserted row gives a fault with
// the number where the chain breaks; with an anchor from earlier, so does a chain cut off at the end.
func (j *Journal) Verify(ctx context.Context, earlier *Anchor) (Report, error) {
	var r Report
	if err := j.moveAccess(ctx); err != nil {
		return r, err
	}
	if err := j.verifyEntries(ctx, &r, earlier); err != nil {
		return r, err
	}
	if err := j.verifyAccess(ctx, &r, earlier); err != nil {
		return r, err
	}
	row := j.db.QueryRow(ctx, `SELECT (SELECT COUNT(*) FROM journal WHERE seq IS NULL) +
		(SELECT COUNT(*) FROM access_log WHERE seq IS NULL)`)
	if err := row.Scan(&r.Unnumbered); err != nil {
		return r, database.Fault(err)
	}
	if a := earlier; a != nil && (r.Anchor.Seq < a.Seq || r.Anchor.AccessSeq < a.AccessSeq) {
		return r, fault.New(fault.Conflict, "journal.cut_off",
			"The journal ends at {seq} (access log {access_seq}), but it once reached {anchor_seq} ({anchor_access_seq}): entries were removed.",
			"seq", r.Anchor.Seq, "access_seq", r.Anchor.AccessSeq, "anchor_seq", a.Seq, "anchor_access_seq", a.AccessSeq)
	}
	return r, nil
}

func (j *Journal) verifyEntries(ctx context.Context, r *Report, earlier *Anchor) error {
	var last []byte
	for {
		rows, err := j.listNumbered(ctx, r.Anchor.Seq, consumeBatch)
		if err != nil {
			return fmt.Errorf("verify journal: %w", err)
		}
		if len(rows) == 0 {
			return nil
		}
		for i := range rows {
			e := &rows[i]
			chunks, err := j.verifyChunks(ctx, e, r)
			if err != nil {
				return err
			}
			last = e.chain(r.Anchor.Seq+1, last, chunks)
			if e.Seq != r.Anchor.Seq+1 || !bytes.Equal(last, e.hash) {
				return broken("journal", r.Anchor.Seq+1)
			}
			r.Entries++
			r.Anchor.Seq, r.Anchor.Hash = e.Seq, last
			if earlier != nil && earlier.Seq == e.Seq && !bytes.Equal(earlier.Hash, last) {
				return broken("journal", e.Seq)
			}
		}
	}
}

// verifyChunks recomputes the hashes of an entry's chunks from what is stored.
func (j *Journal) verifyChunks(ctx context.Context, e *entryRow, r *Report) ([][]byte, error) {
	if e.chunks == 0 {
		return nil, nil
	}
	var hashes [][]byte
	rows := 0
	err := j.eachChunk(ctx, e.row, func(c storedChunk) error {
		hash := chunkHash(c.entry, c.chunk)
		if !bytes.Equal(hash, c.hash) {
			return broken("journal", e.Seq)
		}
		hashes = append(hashes, hash)
		rows += c.rows
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(hashes) != e.chunks || rows != e.Rows {
		return nil, broken("journal", e.Seq)
	}
	r.Chunks += int64(len(hashes))
	r.Changes += int64(rows)
	return hashes, nil
}

func (j *Journal) verifyAccess(ctx context.Context, r *Report, earlier *Anchor) error {
	a := &r.Anchor
	for {
		rows, err := database.List(ctx, j.db, scanAccess, "SELECT "+accessColumns+
			" FROM access_log WHERE seq > ? ORDER BY seq LIMIT ?", a.AccessSeq, consumeBatch)
		if err != nil {
			return fmt.Errorf("verify access log: %w", err)
		}
		if len(rows) == 0 {
			return nil
		}
		for i := range rows {
			e := &rows[i]
			a.AccessHash = e.chain(a.AccessSeq+1, a.AccessHash)
			if e.Seq != a.AccessSeq+1 || !bytes.Equal(a.AccessHash, e.hash) {
				return broken("access_log", a.AccessSeq+1)
			}
			r.Access++
			a.AccessSeq = e.Seq
			if earlier != nil && earlier.AccessSeq == e.Seq && !bytes.Equal(earlier.AccessHash, a.AccessHash) {
				return broken("access_log", e.Seq)
			}
		}
	}
}

func broken(chain string, seq int64) error {
	return fault.New(fault.Conflict, "journal.chain_broken",
		"The chain of the {chain} breaks at entry {seq}: it or what stands before it was changed outside Dangol. "+
			"Compare with a backup.", "chain", chain, "seq", seq)
}
