// SPDX-License-Identifier: Apache-2.0

package database

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"

	"dangol/internal/platform/fault"
)

// dumpMark begins a dump of PostgreSQL.
const dumpMark = "dangol postgres dump 1\n"

// dumpHeader describes a dump; tables stand in an order that satisfies their references.
type dumpHeader struct {
	Schema int64       `json:"schema"`
	Tables []dumpTable `json:"tables"`
}

type dumpTable struct {
	Name    string   `json:"name"`
	Columns []string `json:"columns"`
}

// Backup writes the database as it is at one moment to a new file while work goes on: a SQLite file, or
// on PostgreSQL a dump that Restore reads.
func (db *DB) Backup(ctx context.Context, path string) error {
	if db.IsPostgres() {
		return db.dump(ctx, path)
	}
	pool := writerPool(db.path, db.opts)
	defer func() { _ = pool.Close() }()
	if _, err := pool.ExecContext(ctx, "VACUUM INTO ?", path); err != nil {
		return fmt.Errorf("write %s: %w", path, Fault(err))
	}
	return syncFile(path)
}

func syncFile(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}

// Restore makes the database at url out of a backup of the same engine. A SQLite file must not exist yet,
// a PostgreSQL database must hold no tables.
func Restore(ctx context.Context, url, path string) error {
	isDump, err := isDump(path)
	if err != nil {
		return err
	}
	file, isSQLite := strings.CutPrefix(url, "sqlite:")
	if isSQLite == isDump {
		return fault.New(fault.Invalid, "database.other_engine",
			"The backup is of the other engine; a backup of SQLite is restored to SQLite, one of PostgreSQL to PostgreSQL.")
	}
	if isSQLite {
		if _, err := os.Stat(file); err == nil {
			return fault.New(fault.Conflict, "database.exists", "The database {path} exists already.", "path", file)
		}
		return os.Rename(path, file)
	}
	db, err := Open(ctx, url, Options{})
	if err != nil {
		return err
	}
	return errors.Join(db.load(ctx, path), db.Close())
}

func isDump(path string) (bool, error) {
	file, err := os.Open(path)
	if err != nil {
		return false, err
	}
	mark := make([]byte, len(dumpMark))
	_, err = io.ReadFull(file, mark)
	return string(mark) == dumpMark, errors.Join(ignoreShort(err), file.Close())
}

func ignoreShort(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil
	}
	return err
}

// onConn runs fn with PostgreSQL's own connection, which knows COPY.
func (db *DB) onConn(ctx context.Context, fn func(conn *sql.Conn, raw *pgconn.PgConn) error) error {
	conn, err := db.read.Conn(ctx)
	if err != nil {
		return Fault(err)
	}
	defer func() { _ = conn.Close() }()
	return conn.Raw(func(driverConn any) error {
		return fn(conn, driverConn.(*stdlib.Conn).Conn().PgConn())
	})
}

func (db *DB) dump(ctx context.Context, path string) error {
	header, err := db.describe(ctx)
	if err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(file, 1<<20)
	err = db.onConn(ctx, func(_ *sql.Conn, raw *pgconn.PgConn) error { return copyOut(ctx, raw, header, out) })
	return errors.Join(Fault(err), out.Flush(), file.Sync(), file.Close())
}

func copyOut(ctx context.Context, raw *pgconn.PgConn, header dumpHeader, out *bufio.Writer) error {
	text, err := json.Marshal(header)
	if err != nil {
		return err
	}
	if _, err := out.WriteString(dumpMark); err != nil {
		return err
	}
	if err := writeFrame(out, text); err != nil {
		return err
	}
	// One snapshot for all tables.
	if _, err := raw.Exec(ctx, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").ReadAll(); err != nil {
		return err
	}
	for _, table := range header.Tables {
		frames := frameWriter{out}
		if _, err := raw.CopyTo(ctx, frames, "COPY "+table.Name+" ("+strings.Join(table.Columns, ", ")+") TO STDOUT (FORMAT binary)"); err != nil {
			_, undoErr := raw.Exec(context.WithoutCancel(ctx), "ROLLBACK").ReadAll()
			return errors.Join(fmt.Errorf("dump %s: %w", table.Name, err), undoErr)
		}
		if err := writeFrame(out, nil); err != nil { // an empty frame ends the table
			return err
		}
	}
	_, err = raw.Exec(ctx, "COMMIT").ReadAll()
	return err
}

func writeFrame(w io.Writer, frame []byte) error {
	if err := binary.Write(w, binary.BigEndian, uint32(len(frame))); err != nil {
		return err
	}
	_, err := w.Write(frame)
	return err
}

type frameWriter struct{ to io.Writer }

// Write writes one frame.
func (f frameWriter) Write(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	return len(p), writeFrame(f.to, p)
}

// frameReader reads the frames of one table up to its end.
type frameReader struct {
	from io.Reader
	left uint32
	done bool
}

// Read reads on in the table.
func (f *frameReader) Read(p []byte) (int, error) {
	for f.left == 0 && !f.done {
		if err := binary.Read(f.from, binary.BigEndian, &f.left); err != nil {
			return 0, io.ErrUnexpectedEOF
		}
		f.done = f.left == 0
	}
	if f.done {
		return 0, io.EOF
	}
	n, err := f.from.Read(p[:min(len(p), int(f.left))])
	f.left -= uint32(n)
	if errors.Is(err, io.EOF) && f.left > 0 {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// describe lists the tables with their stored columns, those referred to first.
func (db *DB) describe(ctx context.Context) (dumpHeader, error) {
	var header dumpHeader
	if err := db.read.QueryRowContext(ctx, "SELECT MAX(version_id) FROM schema_versions").Scan(&header.Schema); err != nil {
		return header, Fault(err)
	}
	type column struct{ table, name string }
	columns, err := List(ctx, db, func(rows *sql.Rows) (column, error) {
		var c column
		return c, rows.Scan(&c.table, &c.name)
	}, `SELECT table_name, column_name FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
		WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' AND is_generated = 'NEVER' AND table_name <> 'schema_versions'
		ORDER BY table_name, ordinal_position`)
	if err != nil {
		return header, fmt.Errorf("list tables: %w", err)
	}
	byName := map[string][]string{}
	var names []string
	for _, c := range columns {
		if byName[c.table] == nil {
			names = append(names, c.table)
		}
		byName[c.table] = append(byName[c.table], `"`+c.name+`"`)
	}
	refers, err := List(ctx, db, func(rows *sql.Rows) ([2]string, error) {
		var pair [2]string
		return pair, rows.Scan(&pair[0], &pair[1])
	}, `SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint
		WHERE contype = 'f' AND connamespace = current_schema()::regnamespace AND conrelid <> confrelid`)
	if err != nil {
		return header, fmt.Errorf("list references: %w", err)
	}
	for _, name := range ordered(names, refers) {
		header.Tables = append(header.Tables, dumpTable{Name: name, Columns: byName[name]})
	}
	return header, nil
}

// ordered puts tables that others refer to before those.
func ordered(names []string, refers [][2]string) []string {
	var out []string
	var visit func(name string)
	visit = func(name string) {
		if slices.Contains(out, name) || !slices.Contains(names, name) {
			return
		}
		for _, pair := range refers {
			if pair[0] == name {
				visit(pair[1])
			}
		}
		out = append(out, name)
	}
	for _, name := range names {
		visit(name)
	}
	return out
}

// load reads a dump into a database that holds nothing yet.
func (db *DB) load(ctx context.Context, path string) error {
	var tables int
	err := db.read.QueryRowContext(ctx, "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = current_schema()").Scan(&tables)
	if err != nil {
		return Fault(err)
	}
	if tables > 0 {
		return fault.New(fault.Conflict, "database.not_empty", "The database holds tables already; restore into an empty one.")
	}
	if err := db.Migrate(ctx); err != nil {
		return err
	}
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	in := bufio.NewReaderSize(file, 1<<20)
	if _, err := in.Discard(len(dumpMark)); err != nil {
		return err
	}
	var header dumpHeader
	if err := json.NewDecoder(&exactly{from: in}).Decode(&header); err != nil {
		return fmt.Errorf("read the dump: %w", err)
	}
	here, err := db.describe(ctx)
	if err != nil {
		return err
	}
	if here.Schema != header.Schema {
		return fault.New(fault.Invalid, "database.other_schema",
			"The backup has schema {found}, this program makes {known}; restore it with the version that made it.", "found", header.Schema, "known", here.Schema)
	}
	err = db.onConn(ctx, func(_ *sql.Conn, raw *pgconn.PgConn) error { return copyIn(ctx, raw, header, in) })
	return Fault(err)
}

// exactly reads one frame.
type exactly struct {
	from io.Reader
	left int64
	open bool
}

// Read reads within the frame.
func (e *exactly) Read(p []byte) (int, error) {
	if !e.open {
		var size uint32
		if err := binary.Read(e.from, binary.BigEndian, &size); err != nil {
			return 0, err
		}
		e.left, e.open = int64(size), true
	}
	if e.left == 0 {
		return 0, io.EOF
	}
	n, err := e.from.Read(p[:min(int64(len(p)), e.left)])
	e.left -= int64(n)
	return n, err
}

func copyIn(ctx context.Context, raw *pgconn.PgConn, header dumpHeader, in io.Reader) error {
	if _, err := raw.Exec(ctx, "BEGIN").ReadAll(); err != nil {
		return err
	}
	for _, table := range header.Tables {
		// Migrations may have put rows in (rules, schemes); the backup holds them as they were.
		if _, err := raw.Exec(ctx, "TRUNCATE "+table.Name+" CASCADE").ReadAll(); err != nil {
			return undone(ctx, raw, table, err)
		}
	}
	for _, table := range header.Tables {
		if _, err := raw.CopyFrom(ctx, &frameReader{from: in}, "COPY "+table.Name+" ("+strings.Join(table.Columns, ", ")+") FROM STDIN (FORMAT binary)"); err != nil {
			return undone(ctx, raw, table, err)
		}
	}
	_, err := raw.Exec(ctx, "COMMIT").ReadAll()
	return err
}

func undone(ctx context.Context, raw *pgconn.PgConn, table dumpTable, err error) error {
	_, undoErr := raw.Exec(context.WithoutCancel(ctx), "ROLLBACK").ReadAll()
	return errors.Join(fmt.Errorf("restore %s: %w", table.Name, err), undoErr)
}
