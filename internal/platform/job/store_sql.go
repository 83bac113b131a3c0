// SPDX-License-Identifier: Apache-2.0

package job

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"dangol/internal/platform/database"
)

const infoColumns = `id, kind, queue, state, args, result, person_id, priority, attempt, max_attempts, is_cancelled,
	done_count, total_count, note, error, run_at, created_at, started_at, finished_at`

func scanInfo(rows *sql.Rows) (Info, error) {
	i, _, err := scanLeased(rows, false)
	return i, err
}

func scanLeased(rows *sql.Rows, withLease bool) (i Info, lease int64, err error) {
	var args string
	var result, failure sql.NullString
	var runAt, createdAt int64
	var startedAt, finishedAt sql.NullInt64
	dest := []any{
		&i.ID, &i.Kind, &i.Queue, &i.State, &args, &result, &i.PersonID, &i.Priority, &i.Attempt, &i.MaxAttempts,
		&i.IsCancelled, &i.Done, &i.Total, &i.Note, &failure, &runAt, &createdAt, &startedAt, &finishedAt,
	}
	if withLease {
		dest = append(dest, &lease)
	}
	if err := rows.Scan(dest...); err != nil {
		return i, 0, err
	}
	i.Args, i.Error = []byte(args), failure.String
	if result.Valid {
		i.Result = []byte(result.String)
	}
	i.RunAt, i.CreatedAt = micro(runAt), micro(createdAt)
	if startedAt.Valid {
		i.StartedAt = micro(startedAt.Int64)
	}
	if finishedAt.Valid {
		i.FinishedAt = micro(finishedAt.Int64)
	}
	return i, lease, nil
}

func micro(t int64) time.Time { return time.UnixMicro(t).UTC() }

func (q *Queue) list(ctx context.Context, rest string, args ...any) ([]Info, error) {
	return database.List(ctx, q.db, scanInfo, "SELECT "+infoColumns+" FROM jobs "+rest, args...)
}

func (q *Queue) insert(ctx context.Context, kind, args string, o Options) (int64, error) {
	now := q.db.Now(ctx)
	if o.RunAt.IsZero() {
		o.RunAt = now
	}
	unique := sql.NullString{String: o.Unique, Valid: o.Unique != ""}
	id, err := q.db.NextID(ctx, "jobs")
	if err != nil {
		return 0, err
	}
	result, err := q.db.Exec(ctx, `INSERT INTO jobs (id, kind, queue, priority, state, args, unique_key, person_id, run_at,
		max_attempts, created_at) VALUES (?, ?, ?, ?, 'ready', ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		id, kind, o.Queue, o.Priority, args, unique, o.PersonID, o.RunAt, o.MaxAttempts, now)
	if err != nil {
		return 0, err
	}
	if n, err := result.RowsAffected(); err != nil || n == 1 {
		return id, err
	}
	err = q.db.Scan(ctx, []any{&id}, `SELECT id FROM jobs WHERE kind = ? AND unique_key = ?
		AND state IN ('ready', 'running')`, kind, o.Unique)
	return id, err
}

// engineNow is an SQL expression for the time that leases are judged by: that of the server on
// PostgreSQL, where the clocks of several nodes may differ.
func (q *Queue) engineNow() (expression string) {
	if q.db.IsPostgres() {
		return "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)"
	}
	return "?"
}

// engineArgs are the arguments for engineNow, followed by others.
func (q *Queue) engineArgs(ctx context.Context, others ...any) []any {
	if q.db.IsPostgres() {
		return others
	}
	return append([]any{q.db.Now(ctx).UnixMicro()}, others...)
}

// anyReady reports whether a job of the kinds known here is due, and when the next will be.
func (q *Queue) anyReady(ctx context.Context, queue string) (due bool, next time.Time, err error) {
	var runAt sql.NullInt64
	err = q.db.Scan(ctx, []any{&runAt}, "SELECT MIN(run_at) FROM jobs WHERE state = 'ready' AND queue = ?", queue)
	if err != nil || !runAt.Valid {
		return false, time.Time{}, err
	}
	next = micro(runAt.Int64)
	return !next.After(q.db.Now(ctx)), next, nil
}

// claim leases up to n due jobs of a queue whose kinds are registered here.
func (q *Queue) claim(ctx context.Context, queue string, n int) ([]*Job, error) {
	marks, args := q.kindMarks()
	skip := ""
	if q.db.IsPostgres() {
		skip = " FOR UPDATE SKIP LOCKED"
	}
	var jobs []*Job
	err := q.db.Within(ctx, func(ctx context.Context) error {
		now := q.db.Now(ctx)
		all := append([]any{queue, now}, args...)
		all = append(all, q.engineArgs(ctx, q.config.Lease.Microseconds(), q.config.Worker, now)...)
		// Materialized: evaluated a second time, the inner query would lock more jobs than it returns.
		rows, err := q.db.Query(ctx, `WITH due AS MATERIALIZED (
				SELECT id AS due_id FROM jobs WHERE state = 'ready' AND queue = ? AND run_at <= ? AND kind IN (`+marks+`)
				ORDER BY priority, run_at, id LIMIT `+fmt.Sprint(n)+skip+`)
			UPDATE jobs SET state = 'running', attempt = attempt + 1, lease = lease + 1,
				lease_until = `+q.engineNow()+` + ?, worker = ?, started_at = ?, error = NULL
			WHERE id IN (SELECT due_id FROM due) RETURNING `+infoColumns+", lease", all...)
		jobs, err = database.Rows(rows, err, func(rows *sql.Rows) (*Job, error) {
			info, lease, err := scanLeased(rows, true)
			return &Job{Info: info, lease: lease, queue: q}, err
		})
		return err
	})
	return jobs, err
}

func (q *Queue) kindMarks() (marks string, args []any) {
	for name := range q.kinds {
		args = append(args, name)
	}
	return strings.TrimSuffix(strings.Repeat("?, ", len(args)), ", "), args
}

// touch renews one lease and reports whether it is still held. It commits with a part of the work, so the
// attempts count anew: a long job may outlive any number of crashes as long as it gets on between them.
func (q *Queue) touch(ctx context.Context, j *Job) (bool, error) {
	return q.changed(ctx, "UPDATE jobs SET attempt = 1, lease_until = "+q.engineNow()+
		" + ? WHERE id = ? AND lease = ? AND state = 'running'",
		q.engineArgs(ctx, q.config.Lease.Microseconds(), j.ID, j.lease)...)
}

// held is a lease of this worker after renewal.
type held struct {
	id, lease   int64
	isCancelled bool
}

// renew renews the leases of the jobs that this worker still runs and says which it holds; one that was
// given up is left to reclaim.
func (q *Queue) renew(ctx context.Context, jobs []*Job) ([]held, error) {
	var list []held
	args := q.engineArgs(ctx, q.config.Lease.Microseconds(), q.config.Worker)
	for _, j := range jobs {
		args = append(args, j.ID)
	}
	err := q.db.Within(ctx, func(ctx context.Context) error {
		var err error
		list, err = database.List(ctx, q.db, func(rows *sql.Rows) (held, error) {
			var h held
			err := rows.Scan(&h.id, &h.lease, &h.isCancelled)
			return h, err
		}, "UPDATE jobs SET lease_until = "+q.engineNow()+
			" + ? WHERE worker = ? AND state = 'running' AND id IN ("+database.Marks(len(jobs))+") RETURNING id, lease, is_cancelled", args...)
		return err
	})
	return list, err
}

// finish ends a job if its lease is still held.
func (q *Queue) finish(ctx context.Context, j *Job, state State, failure string) (bool, error) {
	j.mu.Lock()
	result := sql.NullString{String: string(j.result), Valid: j.result != nil}
	done, total, note := j.Info.Done, j.Total, j.Note
	j.mu.Unlock()
	return q.changed(ctx, `UPDATE jobs SET state = ?, error = ?, result = ?, done_count = ?, total_count = ?, note = ?,
		lease_until = NULL, finished_at = ? WHERE id = ? AND lease = ? AND state = 'running'`,
		string(state), sql.NullString{String: failure, Valid: failure != ""}, result, done, total, note,
		q.db.Now(ctx), j.ID, j.lease)
}

// again makes a job ready for another attempt if its lease is still held.
func (q *Queue) again(ctx context.Context, j *Job, runAt time.Time, counts bool, failure string) (bool, error) {
	attempts := j.Attempt
	if !counts {
		attempts--
	}
	return q.changed(ctx, `UPDATE jobs SET state = 'ready', run_at = ?, attempt = ?, error = ?, lease_until = NULL
		WHERE id = ? AND lease = ? AND state = 'running'`,
		runAt, attempts, sql.NullString{String: failure, Valid: failure != ""}, j.ID, j.lease)
}

func (q *Queue) changed(ctx context.Context, query string, args ...any) (bool, error) {
	result, err := q.db.Exec(ctx, query, args...)
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n > 0, err
}

// listExpired returns running jobs whose lease has run out.
func (q *Queue) listExpired(ctx context.Context) ([]*Job, error) {
	return database.List(ctx, q.db, func(rows *sql.Rows) (*Job, error) {
		info, lease, err := scanLeased(rows, true)
		return &Job{Info: info, lease: lease, queue: q}, err
	}, "SELECT "+infoColumns+", lease FROM jobs WHERE state = 'running' AND lease_until < "+q.engineNow()+
		" ORDER BY id LIMIT 100", q.engineArgs(ctx)...)
}

func (q *Queue) isCancelled(ctx context.Context, id int64) (bool, error) {
	var is bool
	err := q.db.Scan(ctx, []any{&is}, "SELECT is_cancelled FROM jobs WHERE id = ?", id)
	return is, err
}

func (q *Queue) requestCancel(ctx context.Context, id int64) (bool, error) {
	return q.changed(ctx, `UPDATE jobs SET is_cancelled = 1,
			finished_at = CASE WHEN state = 'ready' THEN CAST(? AS BIGINT) ELSE NULL END,
			state = CASE WHEN state = 'ready' THEN 'cancelled' ELSE state END
		WHERE id = ? AND state IN ('ready', 'running')`, q.db.Now(ctx), id)
}

func (q *Queue) reset(ctx context.Context, id int64) error {
	_, err := q.db.Exec(ctx, `UPDATE jobs SET state = 'ready', attempt = 0, is_cancelled = 0, run_at = ?, finished_at = NULL
		WHERE id = ?`, q.db.Now(ctx), id)
	return err
}

func (q *Queue) storeProgress(ctx context.Context, j *Job, done, total int64, note string) error {
	_, err := q.db.Exec(ctx, "UPDATE jobs SET done_count = ?, total_count = ?, note = ? WHERE id = ? AND lease = ?",
		done, total, note, j.ID, j.lease)
	return err
}

func (q *Queue) deleteOld(ctx context.Context, before time.Time) error {
	_, err := q.db.Exec(ctx, "DELETE FROM jobs WHERE finished_at < ? AND state IN ('done', 'cancelled')", before)
	return err
}

// periodicDue returns when a periodic job is due, or false when it has never been planned.
func (q *Queue) periodicDue(ctx context.Context, name string) (time.Time, bool, error) {
	list, err := database.List(ctx, q.db, func(rows *sql.Rows) (int64, error) {
		var at int64
		err := rows.Scan(&at)
		return at, err
	}, "SELECT due_at FROM periodic_jobs WHERE name = ?", name)
	if err != nil || len(list) == 0 {
		return time.Time{}, false, err
	}
	return micro(list[0]), true, nil
}

// movePeriodic plans the next run and reports whether this node was the one to do it.
func (q *Queue) movePeriodic(ctx context.Context, name string, from, to time.Time) (bool, error) {
	if from.IsZero() {
		return q.changed(ctx, "INSERT INTO periodic_jobs (name, due_at) VALUES (?, ?) ON CONFLICT DO NOTHING", name, to)
	}
	return q.changed(ctx, "UPDATE periodic_jobs SET due_at = ? WHERE name = ? AND due_at = ?", to, name, from)
}
