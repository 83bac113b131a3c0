// SPDX-License-Identifier: Apache-2.0

package workspace

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"dangol/internal/cube"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/warehouse"
)

// Answer is what a statement gives: the first rows, and what they include.
type Answer struct {
	Columns []AnswerColumn `json:"columns"`
	Rows    [][]any        `json:"rows"`
	// IsTruncated says that there are more rows; the export has all of them.
	IsTruncated  bool      `json:"truncated"`
	AsOf         cube.AsOf `json:"as_of"`
	Milliseconds int64     `json:"ms"`
	Engine       string    `json:"engine" enum:"duckdb"`
	Tables       []string  `json:"tables" doc:"the tables that were read"`
}

// AnswerColumn is a column of an answer.
type AnswerColumn struct {
	Name     string `json:"name"`
	IsNumber bool   `json:"number"`
}

// Run answers one SELECT of whoever asks.
func (s *Service) Run(ctx context.Context, text string) (*Answer, error) {
	started := time.Now()
	ctx, cancel := context.WithTimeoutCause(ctx, timeLimit, errTooLong())
	defer cancel()
	query, args, tables, err := s.prepare(ctx, text)
	if err != nil {
		return nil, err
	}
	ctx, release, err := s.guarded(ctx)
	if err != nil {
		return nil, explained(ctx, err)
	}
	defer release()
	position := s.reader.Position()
	rows, err := s.reader.Query(ctx, query+fmt.Sprintf(" LIMIT %d", mostRows+1), args...)
	if err != nil {
		return nil, explained(ctx, err)
	}
	defer func() { _ = rows.Close() }()
	out := &Answer{AsOf: cube.AsOf{Seq: position.Seq, At: position.At}, Engine: "duckdb", Rows: [][]any{}, Tables: tables}
	size := 0
	err = eachRow(rows, func(names []string, row []any) error {
		out.name(names)
		if len(out.Rows) == mostRows || size > mostBytes {
			out.IsTruncated = true
			return errEnough
		}
		size += sizeOf(row)
		out.Rows = append(out.Rows, row)
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		return nil, explained(ctx, err)
	}
	if names, err := rows.Columns(); err == nil {
		out.name(names)
	}
	out.markNumbers()
	out.Milliseconds = time.Since(started).Milliseconds()
	return out, nil
}

var errEnough = errors.New("enough rows")

func errTooLong() error {
	return fault.New(fault.TooLarge, "cube.sql_too_long",
		"The statement ran longer than {seconds} seconds and was stopped. Narrow the time, ask for fewer columns, or sum up before joining.",
		"seconds", int(timeLimit.Seconds()))
}

// prepare checks the statement and puts the views of the asker before it.
func (s *Service) prepare(ctx context.Context, text string) (query string, args []any, used []string, err error) {
	tables, err := s.Schema(ctx)
	if err != nil {
		return "", nil, nil, err
	}
	if len(text) > mostText || strings.ContainsRune(text, 0) {
		return "", nil, nil, errSyntax(fmt.Sprintf("it has more than %d letters or a NUL byte.", mostText))
	}
	tree, err := s.parse(ctx, text)
	if err != nil {
		return "", nil, nil, err
	}
	visible := make([]string, len(tables))
	for i, t := range tables {
		visible[i] = strings.ToLower(t.Name)
	}
	hidden, err := s.otherTables(ctx, visible)
	if err != nil {
		return "", nil, nil, err
	}
	if used, err = inspect(tree, visible, hidden); err != nil {
		return "", nil, nil, err
	}
	canonical, err := s.scalar(ctx, "SELECT json_deserialize_sql(CAST(? AS JSON))", string(tree))
	if err != nil {
		return "", nil, nil, errSyntax(err.Error())
	}
	var views []string
	for _, t := range tables {
		if slices.Contains(used, strings.ToLower(t.Name)) {
			views = append(views, t.view())
			args = append(args, t.args...)
		}
	}
	with := ""
	if len(views) > 0 {
		with = "WITH " + strings.Join(views, ", ") + " "
	}
	return with + "SELECT * FROM (" + canonical + "\n) AS answer", args, used, nil
}

// view is the table as the asker sees it; it takes the table's name, so that
// the statement cannot reach the table itself.
func (t *Table) view() string {
	columns := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		columns[i] = quote(c.Name)
	}
	where := ""
	if t.where != "" {
		where = " WHERE " + t.where
	}
	return quote(t.Name) + " AS NOT MATERIALIZED (SELECT " + strings.Join(columns, ", ") + " FROM main." + quote(t.Name) + where + ")"
}

// parse lets DuckDB read the statement without running it.
func (s *Service) parse(ctx context.Context, text string) ([]byte, error) {
	tree, err := s.scalar(ctx, "SELECT CAST(json_serialize_sql(CAST(? AS VARCHAR)) AS VARCHAR)", text)
	if err != nil {
		return nil, errSyntax(err.Error())
	}
	return []byte(tree), nil
}

func (s *Service) scalar(ctx context.Context, query string, args ...any) (string, error) {
	rows, err := s.reader.Query(ctx, query, args...)
	if err != nil {
		return "", err
	}
	defer func() { _ = rows.Close() }()
	var out string
	for rows.Next() {
		if err := rows.Scan(&out); err != nil {
			return "", err
		}
	}
	return out, rows.Err()
}

// otherTables are the tables of the warehouse that the asker may not read.
func (s *Service) otherTables(ctx context.Context, visible []string) ([]string, error) {
	rows, err := s.reader.Query(ctx, "SELECT lower(table_name) FROM duckdb_tables() UNION SELECT lower(view_name) FROM duckdb_views()")
	if err != nil {
		return nil, fmt.Errorf("list tables: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var list []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, fmt.Errorf("list tables: %w", err)
		}
		if !slices.Contains(visible, name) {
			list = append(list, name)
		}
	}
	return list, rows.Err()
}

// explained turns the engine's words into a fault that says what to do.
func explained(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if cause, ok := fault.As(context.Cause(ctx)); ok && ctx.Err() != nil {
		return cause
	}
	if _, ok := fault.As(err); ok || ctx.Err() != nil {
		return err
	}
	reason, _, _ := strings.Cut(err.Error(), "\n\nLINE")
	return fault.New(fault.Invalid, "cube.sql_failed", "The statement failed: {why}", "why", reason)
}

func eachRow(rows warehouse.Rows, emit func(names []string, row []any) error) error {
	names, err := rows.Columns()
	if err != nil {
		return err
	}
	for rows.Next() {
		row := make([]any, len(names))
		dest := make([]any, len(names))
		for i := range row {
			dest[i] = &row[i]
		}
		if err := rows.Scan(dest...); err != nil {
			return err
		}
		for i := range row {
			row[i] = plain(row[i])
		}
		if err := emit(names, row); err != nil {
			return err
		}
	}
	return rows.Err()
}

// plain makes a number, text, truth or nothing of what the engine gives.
func plain(v any) any {
	switch x := v.(type) {
	case uint64:
		return fmt.Sprint(x)
	case *big.Int:
		if !x.IsInt64() {
			return x.String()
		}
	case []byte:
		return fmt.Sprintf("%x", x)
	}
	switch x := cube.Plain(v).(type) {
	case nil, bool, string, int64:
		return x
	case float64:
		return finite(x)
	case time.Time:
		if x.Hour() == 0 && x.Minute() == 0 && x.Second() == 0 && x.Nanosecond() == 0 {
			return x.Format(time.DateOnly)
		}
		return x.Format("2006-01-02 15:04:05.999999")
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(raw)
}

func finite(f float64) any {
	if f != f || f > 1e308 || f < -1e308 { // JSON has no such numbers
		return fmt.Sprint(f)
	}
	return f
}

func sizeOf(row []any) int {
	n := 16 * len(row)
	for _, v := range row {
		if s, ok := v.(string); ok {
			n += len(s)
		}
	}
	return n
}

func (a *Answer) name(names []string) {
	if a.Columns != nil {
		return
	}
	a.Columns = make([]AnswerColumn, len(names))
	for i, name := range names {
		a.Columns[i].Name = name
	}
}

func (a *Answer) markNumbers() {
	for i := range a.Columns {
		for _, row := range a.Rows {
			switch row[i].(type) {
			case nil:
				continue
			case int64, float64:
				a.Columns[i].IsNumber = true
			}
			break
		}
	}
}

// person is who asks, for the access log.
func person(ctx context.Context) auth.Person { return auth.From(ctx) }
