// SPDX-License-Identifier: Apache-2.0

package journal

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"dangol/internal/platform/database"
)

const entryColumns = `id, seq, at, actor_id, actor, capability, kind, subject_kind, subject_id, subjects,
	batch, record_id, bulk_id, chunk_count, row_count, body, hash`

// entryRow is an entry as stored, with what the chain needs.
type entryRow struct {
	Entry
	bulk     int64
	subjects []byte
	body     []byte
	hash     []byte
}

func scanEntry(rows *sql.Rows) (entryRow, error) {
	var r entryRow
	var at int64
	var seq, subject, bulk sql.NullInt64
	err := rows.Scan(&r.row, &seq, &at, &r.ActorID, &r.Actor, &r.Capability, &r.Kind, &r.SubjectKind, &subject,
		&r.subjects, &r.Batch, &r.RecordID, &bulk, &r.chunks, &r.Rows, &r.body, &r.hash)
	if err != nil {
		return r, err
	}
	r.ID, r.Seq, r.At, r.bulk = r.row, seq.Int64, time.UnixMicro(at).UTC(), bulk.Int64
	if bulk.Valid {
		r.ID = bulk.Int64
	}
	if subject.Valid {
		r.SubjectIDs = []int64{subject.Int64}
	} else if len(r.subjects) > 0 {
		r.SubjectIDs, err = unpackIDs(r.subjects)
	}
	return r, err
}

// insert writes the row; one subject stands in the row, several in journal_subjects.
func (j *Journal) insert(ctx context.Context, e *Entry, body []byte) error {
	var subject sql.NullInt64
	var packed []byte
	if len(e.SubjectIDs) == 1 {
		subject = sql.NullInt64{Int64: e.SubjectIDs[0], Valid: true}
	} else {
		packed, _, _ = packIDs(append([]int64(nil), e.SubjectIDs...))
	}
	_, err := j.db.Exec(ctx, `INSERT INTO journal (id, at, actor_id, actor, capability, kind, subject_kind, subject_id,
		subjects, batch, record_id, chunk_count, row_count, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		e.ID, e.At, e.ActorID, e.Actor, e.Capability, e.Kind, e.SubjectKind, subject,
		packed, e.Batch, e.RecordID, e.chunks, e.Rows, body)
	if err != nil || len(packed) == 0 {
		return err
	}
	ids, err := unpackIDs(packed)
	if err != nil {
		return err
	}
	for _, id := range ids {
		_, err := j.db.Exec(ctx, "INSERT INTO journal_subjects (subject_id, entry_id) VALUES (?, ?)", id, e.ID)
		if err != nil {
			return err
		}
	}
	return nil
}

// insertSlice writes the row of a further slice of a bulk entry and returns its id.
func (j *Journal) insertSlice(ctx context.Context, entryID int64, chunks, count int) (int64, error) {
	id, err := j.db.NextID(ctx, "journal")
	if err != nil {
		return 0, err
	}
	result, err := j.db.Exec(ctx, `INSERT INTO journal (id, at, actor_id, actor, capability, kind, subject_kind, batch,
			record_id, bulk_id, chunk_count, row_count)
		SELECT CAST(? AS BIGINT), CAST(? AS BIGINT), actor_id, actor, capability, kind, subject_kind, batch, record_id, id,
			CAST(? AS BIGINT), CAST(? AS BIGINT)
		FROM journal WHERE id = ? AND bulk_id IS NULL`, id, database.Time(ctx), chunks, count, entryID)
	if err != nil {
		return 0, err
	}
	if n, err := result.RowsAffected(); err != nil || n != 1 {
		return 0, fmt.Errorf("there is no bulk entry %d (%w)", entryID, err)
	}
	return id, nil
}

func (j *Journal) insertChunk(ctx context.Context, row int64, c chunk, hash []byte) error {
	id, err := j.db.NextID(ctx, "journal_chunks")
	if err != nil {
		return err
	}
	_, err = j.db.Exec(ctx, `INSERT INTO journal_chunks (id, entry_id, row_count, min_subject, max_subject, subjects,
		body, hash, capability) VALUES (?, ?, ?, ?, ?, ?, ?, ?, (SELECT capability FROM journal WHERE id = ?))`,
		id, row, c.rows, c.min, c.max, c.subjects, c.body, hash, row)
	return err
}

func (j *Journal) listUnnumbered(ctx context.Context, limit int) ([]entryRow, error) {
	return database.List(ctx, j.db, scanEntry,
		"SELECT "+entryColumns+" FROM journal WHERE seq IS NULL ORDER BY id LIMIT ?", limit)
}

func (j *Journal) listNumbered(ctx context.Context, after int64, limit int) ([]entryRow, error) {
	return database.List(ctx, j.db, scanEntry,
		"SELECT "+entryColumns+" FROM journal WHERE seq > ? ORDER BY seq LIMIT ?", after, limit)
}

// chunkHashes returns the stored hashes of an entry's chunks in order.
func (j *Journal) chunkHashes(ctx context.Context, row int64) ([][]byte, error) {
	return database.List(ctx, j.db, func(rows *sql.Rows) ([]byte, error) {
		var hash []byte
		err := rows.Scan(&hash)
		return hash, err
	}, "SELECT hash FROM journal_chunks WHERE entry_id = ? ORDER BY id", row)
}

// headOf returns the last number and hash of a chain: "journal" or "access_log".
func (j *Journal) headOf(ctx context.Context, table string) (seq int64, hash []byte, err error) {
	type head struct {
		seq  int64
		hash []byte
	}
	heads, err := database.List(ctx, j.db, func(rows *sql.Rows) (head, error) {
		var h head
		err := rows.Scan(&h.seq, &h.hash)
		return h, err
	}, "SELECT seq, hash FROM "+table+" WHERE seq IS NOT NULL ORDER BY seq DESC LIMIT 1")
	if err != nil || len(heads) == 0 {
		return 0, nil, err
	}
	return heads[0].seq, heads[0].hash, nil
}

func scanChunk(rows *sql.Rows) (c storedChunk, err error) {
	err = rows.Scan(&c.id, &c.entry, &c.rows, &c.min, &c.max, &c.subjects, &c.body, &c.hash)
	return c, err
}

// storedChunk is a chunk with its place.
type storedChunk struct {
	chunk
	id, entry int64
	hash      []byte
}

const chunkColumns = "id, entry_id, row_count, min_subject, max_subject, subjects, body, hash"

// listChunks returns a page of an entry's chunks.
func (j *Journal) listChunks(ctx context.Context, row, after int64, limit int) ([]storedChunk, error) {
	return database.List(ctx, j.db, scanChunk,
		"SELECT "+chunkColumns+" FROM journal_chunks WHERE entry_id = ? AND id > ? ORDER BY id LIMIT ?", row, after, limit)
}

// chunkPlace says where a chunk is.
type chunkPlace struct{ id, entry int64 }

// chunksWith finds the chunks of a capability that hold a subject: by range from the index, then by the
// packed ids. The bodies, a hundred times larger, are not read.
func (j *Journal) chunksWith(ctx context.Context, capability string, subject int64) (places []chunkPlace, err error) {
	rows, err := j.db.Query(ctx, `SELECT id, entry_id, subjects FROM journal_chunks
		WHERE capability = ? AND max_subject >= ? AND min_subject <= ?`, capability, subject, subject)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var packed sql.RawBytes
	for rows.Next() {
		var p chunkPlace
		if err := rows.Scan(&p.id, &p.entry, &packed); err != nil {
			return nil, database.Fault(err)
		}
		if holdsID(packed, subject) {
			places = append(places, p)
		}
	}
	return places, database.Fault(rows.Err())
}

func (j *Journal) chunkBody(ctx context.Context, id int64) (body []byte, err error) {
	err = j.db.Scan(ctx, []any{&body}, "SELECT body FROM journal_chunks WHERE id = ?", id)
	return body, err
}

// position returns how far a consumer has read.
func (j *Journal) position(ctx context.Context, name string) (int64, error) {
	list, err := database.List(ctx, j.db, func(rows *sql.Rows) (int64, error) {
		var seq int64
		err := rows.Scan(&seq)
		return seq, err
	}, "SELECT seq FROM journal_consumers WHERE name = ?", name)
	if err != nil || len(list) == 0 {
		return 0, err
	}
	return list[0], nil
}

// setPosition moves a consumer anywhere.
func (j *Journal) setPosition(ctx context.Context, name string, seq int64) error {
	_, err := j.db.Exec(ctx, `INSERT INTO journal_consumers (name, seq, updated_at) VALUES (?, ?, ?)
		ON CONFLICT (name) DO UPDATE SET seq = excluded.seq, updated_at = excluded.updated_at`, name, seq, j.db.Now(ctx))
	return err
}

// advance moves a consumer forward only: two nodes may run the same one.
func (j *Journal) advance(ctx context.Context, name string, seq int64) error {
	_, err := j.db.Exec(ctx, `INSERT INTO journal_consumers (name, seq, updated_at) VALUES (?, ?, ?)
		ON CONFLICT (name) DO UPDATE SET seq = excluded.seq, updated_at = excluded.updated_at
		WHERE excluded.seq > journal_consumers.seq`, name, seq, j.db.Now(ctx))
	return err
}
