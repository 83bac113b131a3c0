// SPDX-License-Identifier: Apache-2.0

package journal

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
)

// AccessEntry is one access to personal data in clear: who, when, from where, whose data, what work, why
// (Standards of Measures for Ensuring the Safety of Personal Information, Article 8).
type AccessEntry struct {
	Seq     int64
	ID      int64
	At      time.Time
	ActorID int64
	Actor   string
	IP      string
	// Work is what was done: "customer.read", "customer.export", "session.unmask"…
	Work        string
	Purpose     string
	SubjectKind string
	SubjectIDs  []int64
	// Count is the number of subjects; given by the caller only when it cannot list them.
	Count int
	// Detail is further evidence as JSON or text: columns, filter, hash of an exported file.
	Detail string
}

// LogAccess records an access durably before it returns, in the transaction of ctx if there is one: when
// it fails, the data must not be shown. Concurrent calls share one sync. Outside a transaction it goes
// through the spool, if there is one.
func (j *Journal) LogAccess(ctx context.Context, e AccessEntry) error {
	if e.Work == "" {
		return fmt.Errorf("access log entry without work")
	}
	if e.ActorID == 0 && e.Actor == "" && j.opts.Actor != nil {
		e.ActorID, e.Actor = j.opts.Actor(ctx)
	}
	var err error
	if s := j.spool; s != nil && !j.db.InTransaction(ctx) {
		e.At = j.db.Now(ctx)
		err = s.append(e)
	}
	if j.spool == nil || j.db.InTransaction(ctx) || err != nil {
		err = j.db.Within(ctx, func(ctx context.Context) error {
			e.At = database.Time(ctx)
			database.AfterCommit(ctx, j.wakeSequencer)
			return j.insertAccess(ctx, &e)
		})
	}
	if err != nil {
		return fault.Wrap(err, fault.Unavailable, "journal.access_not_logged",
			"The access could not be logged, so the data is not shown. Check the disk and the database, then try again.")
	}
	return nil
}

func (j *Journal) insertAccess(ctx context.Context, e *AccessEntry) error {
	packed, low, high := packIDs(append([]int64(nil), e.SubjectIDs...))
	bounds := sql.NullInt64{Valid: len(packed) > 0}
	unique, err := unpackIDs(packed)
	if err != nil {
		return err
	}
	first, last := bounds, bounds
	first.Int64, last.Int64 = low, high
	id, err := j.db.NextID(ctx, "access_log")
	if err != nil {
		return err
	}
	_, err = j.db.Exec(ctx, `INSERT INTO access_log (id, at, actor_id, actor, ip, work, purpose, subject_kind,
		subject_count, min_subject, max_subject, subjects, detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		id, e.At, e.ActorID, e.Actor, e.IP, e.Work, e.Purpose, e.SubjectKind,
		max(len(unique), e.Count), first, last, packed, e.Detail)
	return err
}

// AccessFilter chooses access entries; empty fields choose all. Cursor is the id of the last entry of the
// page before.
type AccessFilter struct {
	ActorID     int64
	SubjectKind string
	SubjectID   int64
	Work        string
	IP          string
	From, To    time.Time
	Cursor      int64
	Limit       int
}

// ListAccess returns access entries, newest first.
func (j *Journal) ListAccess(ctx context.Context, f AccessFilter) ([]AccessEntry, error) {
	if err := j.moveAccess(ctx); err != nil {
		return nil, err
	}
	var list []AccessEntry
	limit := pageSize(f.Limit)
	for len(list) < limit {
		page, err := j.accessPage(ctx, f, largestPage)
		if err != nil {
			return nil, fmt.Errorf("list access log: %w", err)
		}
		for _, r := range page {
			// The index knows ranges only; the packed ids decide.
			if (f.SubjectID == 0 || holdsID(r.subjects, f.SubjectID)) && len(list) < limit {
				list = append(list, r.AccessEntry)
			}
			f.Cursor = r.ID
		}
		if len(page) < largestPage {
			break
		}
	}
	return list, nil
}

func (j *Journal) accessPage(ctx context.Context, f AccessFilter, limit int) ([]accessRow, error) {
	where, args := []string{"id > 0"}, []any{}
	add := func(cond string, use bool, values ...any) {
		if use {
			where, args = append(where, cond), append(args, values...)
		}
	}
	add("actor_id = ?", f.ActorID != 0, f.ActorID)
	add("max_subject >= ? AND min_subject <= ?", f.SubjectID != 0, f.SubjectID, f.SubjectID)
	add("subject_kind = ?", f.SubjectKind != "", f.SubjectKind)
	add("work = ?", f.Work != "", f.Work)
	add("ip = ?", f.IP != "", f.IP)
	add("at >= ?", !f.From.IsZero(), f.From)
	add("at < ?", !f.To.IsZero(), f.To)
	add("id < ?", f.Cursor != 0, f.Cursor)
	return database.List(ctx, j.db, scanAccess, "SELECT "+accessColumns+" FROM access_log WHERE "+
		strings.Join(where, " AND ")+" ORDER BY id DESC LIMIT ?", append(args, limit)...)
}

const accessColumns = `id, seq, at, actor_id, actor, ip, work, purpose, subject_kind, subject_count, subjects, detail, hash`

type accessRow struct {
	AccessEntry
	subjects []byte
	hash     []byte
}

func scanAccess(rows *sql.Rows) (accessRow, error) {
	var r accessRow
	var at int64
	var seq sql.NullInt64
	err := rows.Scan(&r.ID, &seq, &at, &r.ActorID, &r.Actor, &r.IP, &r.Work, &r.Purpose, &r.SubjectKind, &r.Count,
		&r.subjects, &r.Detail, &r.hash)
	if err != nil {
		return r, err
	}
	r.Seq, r.At = seq.Int64, time.UnixMicro(at).UTC()
	r.SubjectIDs, err = unpackIDs(r.subjects)
	return r, err
}

func (j *Journal) numberAccess(ctx context.Context) (int, error) {
	rows, err := database.List(ctx, j.db, scanAccess,
		"SELECT "+accessColumns+" FROM access_log WHERE seq IS NULL ORDER BY id LIMIT ?", sequenceBatch)
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	seq, last, err := j.headOf(ctx, "access_log")
	if err != nil {
		return 0, err
	}
	update, err := j.db.Prepare(ctx, "UPDATE access_log SET seq = ?, hash = ? WHERE id = ?")
	if err != nil {
		return 0, err
	}
	for i := range rows {
		seq++
		last = rows[i].chain(seq, last)
		if _, err := update.ExecContext(ctx, seq, last, rows[i].ID); err != nil {
			return 0, database.Fault(err)
		}
	}
	return len(rows), nil
}

func (r *accessRow) chain(seq int64, before []byte) []byte {
	h := newHasher(before)
	h.numbers(r.ID, seq, r.At.UnixMicro(), r.ActorID, int64(r.Count))
	h.texts(r.Actor, r.IP, r.Work, r.Purpose, r.SubjectKind, r.Detail)
	h.bytes(r.subjects)
	return h.Sum(nil)
}
