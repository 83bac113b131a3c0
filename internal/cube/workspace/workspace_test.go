// SPDX-License-Identifier: Apache-2.0

package workspace_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"dangol/internal/cube"
	"dangol/internal/cube/workspace"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
	"dangol/internal/platform/warehouse"
	"dangol/internal/platform/warehouse/duckdb"
)

const canary = "01012345678"

// access remembers what was logged.
type access struct{ entries []journal.AccessEntry }

func (a *access) LogAccess(_ context.Context, e journal.AccessEntry) error {
	a.entries = append(a.entries, e)
	return nil
}

func label(name string) warehouse.Text { return warehouse.Text{Ko: name, En: name} }

func open(t *testing.T) (*workspace.Service, *access) {
	t.Helper()
	column := func(name, kind string) warehouse.Column { return warehouse.Column{Name: name, Type: kind} }
	tables := []warehouse.Table{
		{
			Name: "customers", Key: "id", Columns: []warehouse.Column{column("id", "BIGINT"), column("sido", "VARCHAR"), column("branch", "VARCHAR"), column("owner_id", "BIGINT"), column("mobile", "VARCHAR")},
			Load: func(_ context.Context, _ []int64, emit func(...any) error) error {
				for i := range 100 {
					if err := emit(int64(i+1), []string{"서울", "부산"}[i%2], []string{"강남", "서면"}[i%2], int64(i%3), canary); err != nil {
						return err
					}
				}
				return nil
			},
		},
		{
			Name: "order_lines", Key: "customer_id", Columns: []warehouse.Column{column("id", "BIGINT"), column("customer_id", "BIGINT"), column("amount", "BIGINT"), column("ordered_at", "TIMESTAMP")},
			Load: func(_ context.Context, _ []int64, emit func(...any) error) error {
				for i := range 1000 {
					if err := emit(int64(i+1), int64(i%100+1), int64(i), time.Date(2026, 1, 1, 0, 0, i, 0, time.UTC)); err != nil {
						return err
					}
				}
				return nil
			},
		},
		{
			Name: "secrets", Key: "id", Columns: []warehouse.Column{column("id", "BIGINT"), column("word", "VARCHAR")},
			Load: func(_ context.Context, _ []int64, emit func(...any) error) error { return emit(int64(1), canary) },
		},
	}
	w, err := duckdb.Open(context.Background(), duckdb.Options{Path: t.TempDir() + "/w.duckdb"}, tables...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	if err := w.Rebuild(context.Background(), func(context.Context) (int64, error) { return 7, nil }, nil); err != nil {
		t.Fatal(err)
	}
	cubes := []warehouse.Cube{
		{
			Name: "customer", Label: label("customers"), Table: "customers", Key: "id", Customer: "id", IsCustomers: true, Permission: "customer:read",
			Dimensions: []warehouse.Dimension{
				{Name: "sido", Column: "sido", Kind: warehouse.KindChoice},
				{Name: "branch", Column: "branch", Kind: warehouse.KindChoice},
				{Name: "mobile", Column: "mobile", Kind: warehouse.KindText, IsPersonal: true},
			},
			Measures: []warehouse.Measure{{Name: "count", Aggregate: warehouse.Count}},
		},
		{
			Name: "order", Label: label("orders"), Table: "order_lines", Key: "id", Customer: "customer_id", Time: "ordered_at", Permission: "order:read",
			Joins:    []warehouse.Join{{Cube: "customer", Column: "customer_id"}},
			Measures: []warehouse.Measure{{Name: "revenue", Aggregate: warehouse.Sum, Column: "amount"}},
		},
		{
			Name: "secret", Label: label("secrets"), Table: "secrets", Key: "id", Permission: "secret:read",
			Dimensions: []warehouse.Dimension{{Name: "word", Column: "word", Kind: warehouse.KindText}},
		},
	}
	c, err := cube.New(nil, w, cubes, cube.Options{})
	if err != nil {
		t.Fatal(err)
	}
	log := &access{}
	return workspace.New(nil, w, c, log), log
}

func as(scope auth.Scope, permissions ...string) context.Context {
	return auth.With(context.Background(), auth.Person{ID: 5, Name: "분석가", Permissions: auth.Permit(permissions...), Scope: scope})
}

func analyst() context.Context {
	return as(auth.Scope{All: true}, "cube:*", "customer:read", "order:read")
}

func TestAnalystsAskInSQL(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	for sql, want := range map[string]string{
		"SELECT count(*) FROM customers":                                                                                                   "[[100]]",
		"select sum(amount) as n from order_lines -- a remark; with a semicolon":                                                           "[[499500]]",
		"WITH big AS (SELECT customer_id, sum(amount) s FROM order_lines GROUP BY 1) SELECT max(s) FROM big;":                              "[[5490]]",
		"SELECT c.sido, count(DISTINCT o.customer_id) FROM order_lines o JOIN customers c ON c.id = o.customer_id GROUP BY ALL ORDER BY 1": "[[부산 50] [서울 50]]",
		"SELECT * FROM (SELECT id FROM customers ORDER BY id DESC LIMIT 2)":                                                                "[[100] [99]]",
		"SELECT sum(r) FROM range(10) t(r)":                                                                                                "[[45]]",
		"FROM customers SELECT count(*)":                                                                                                   "[[100]]",
		"WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT sum(i) FROM n":                               "[[15]]",
		"SELECT id, row_number() OVER (ORDER BY id) FROM customers QUALIFY row_number() OVER (ORDER BY id) < 2":                            "[[1 1]]",
		"SELECT DATE '2026-01-02' + INTERVAL 1 DAY, 1.5::DOUBLE, NULL, [1, 2]":                                                             "[[2026-01-03 1.5 <nil> [1,2]]]",
	} {
		a, err := s.Run(analyst(), sql)
		if err != nil {
			t.Errorf("%s: %v", sql, err)
			continue
		}
		if got := fmt.Sprint(a.Rows); got != want {
			t.Errorf("%s = %s, want %s", sql, got, want)
		}
		if a.AsOf.Seq != 7 {
			t.Errorf("as of %d", a.AsOf.Seq)
		}
	}
}

// What the policy hides, and whatever would reach out of the warehouse, is
// refused before it runs; no answer and no message holds a hidden value.
func TestNothingReachesAroundThePolicy(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	for _, sql := range []string{
		"ATTACH '/tmp/x.db' AS x", "DETACH main", "USE main", "COPY customers TO '/tmp/out.csv'", "COPY (SELECT 1) TO '/tmp/out.csv'",
		"SELECT * FROM read_csv('/etc/passwd')", "SELECT * FROM read_csv_auto('/etc/passwd')", "SELECT * FROM '/etc/passwd'", "SELECT * FROM \"/etc/passwd\"",
		"SELECT * FROM read_text('/etc/passwd')", "SELECT * FROM read_blob('/etc/passwd')", "SELECT * FROM read_parquet('/tmp/x.parquet')",
		"SELECT * FROM glob('/*')", "SELECT * FROM read_json('/tmp/x')", "SELECT * FROM 'https://example.com/x.parquet'",
		"INSTALL httpfs", "LOAD httpfs", "INSTALL '/tmp/x.duckdb_extension'", "PRAGMA database_list", "PRAGMA version", "CALL pragma_version()",
		"SET memory_limit = '1TB'", "RESET memory_limit", "SET enable_external_access = true", "SELECT current_setting('temp_directory')",
		"SELECT * FROM duckdb_settings()", "SELECT * FROM duckdb_tables()", "SELECT * FROM duckdb_columns()", "SELECT * FROM pragma_table_info('secrets')",
		"SELECT * FROM information_schema.tables", "SELECT * FROM pg_catalog.pg_tables", "SELECT * FROM sqlite_master", "SELECT * FROM duckdb_secrets()",
		"SELECT 1; SELECT 2", "SELECT 1; DROP TABLE customers", "DROP TABLE customers", "DELETE FROM customers", "INSERT INTO customers VALUES (1)",
		"UPDATE customers SET sido = 'x'", "CREATE TABLE x AS SELECT 1", "CREATE VIEW v AS SELECT * FROM main.secrets", "CREATE MACRO m() AS 1", "EXPORT DATABASE '/tmp/x'", "IMPORT DATABASE '/tmp/x'",
		"CHECKPOINT", "VACUUM", "EXPLAIN SELECT 1", "EXPLAIN ANALYZE SELECT * FROM secrets", "DESCRIBE secrets", "SHOW TABLES", "SUMMARIZE secrets",
		"SELECT * FROM (DESCRIBE secrets)", "SELECT * FROM (SHOW TABLES)", "SELECT * FROM (SUMMARIZE secrets)", "PREPARE p AS SELECT 1", "EXECUTE p", "BEGIN", "COMMIT",
		"SELECT * FROM secrets", "SELECT * FROM main.secrets", "SELECT * FROM main.customers", "SELECT * FROM \"SECRETS\"", "SELECT mobile FROM customers", "SELECT c.mobile FROM customers c",
		"SELECT (SELECT word FROM secrets)", "SELECT 1 WHERE EXISTS (SELECT 1 FROM secrets)", "SELECT * FROM customers WHERE id IN (SELECT id FROM secrets)",
		"WITH secrets AS (SELECT 1 AS word) SELECT * FROM secrets", "SELECT * FROM (WITH secrets AS (SELECT 1) SELECT * FROM secrets) x, secrets",
		"WITH x AS (SELECT * FROM secrets) SELECT * FROM x", "SELECT 1 UNION SELECT word FROM secrets", "SELECT * FROM customers UNION ALL SELECT * FROM main.customers",
		"SELECT * FROM query('SELECT * FROM main.secrets')", "SELECT * FROM query_table('secrets')", "SELECT * FROM query_table(['secrets'])",
		"SELECT * FROM json_execute_serialized_sql(json_serialize_sql('SELECT * FROM main.secrets'))", "SELECT getvariable('x')", "SELECT getenv('HOME')",
		"SELECT * FROM histogram(secrets, word)", "SELECT * FROM histogram_values(secrets, word)", "PIVOT secrets ON word", "FROM secrets", "TABLE secrets",
		"SELECT * FROM customers POSITIONAL JOIN secrets", "SELECT * FROM customers, LATERAL (SELECT word FROM secrets) x", "SELECT * FROM customers ASOF JOIN secrets USING (id)",
		"SELECT list(x) FROM (VALUES ((SELECT word FROM secrets))) t(x)", "SELECT word FROM memory.secrets", "SELECT * FROM temp.secrets", "SELECT * FROM w.main.secrets",
		"SELECT * FROM test_all_types()", "SELECT * FROM repeat_row(1, num_rows=1)", "SELECT write_log('x')", "SELECT nextval('x')", "SELECT * FROM storage_info('secrets')",
		"SELECT * FROM summary((SELECT * FROM secrets))", "SELECT error('x')", "", ";", "--", "/* */", "SELECT \x00 1",
	} {
		a, err := s.Run(analyst(), sql)
		if err == nil {
			t.Errorf("%q ran: %v", sql, a.Rows)
			continue
		}
		if _, ok := fault.As(err); !ok {
			t.Errorf("%q: %v is no fault", sql, err)
		}
		if strings.Contains(err.Error(), canary) {
			t.Errorf("%q tells what is hidden: %v", sql, err)
		}
	}
	all, err := s.Run(analyst(), "SELECT * FROM customers")
	if err != nil || len(all.Columns) != 3 || strings.Contains(fmt.Sprint(all.Rows), canary) {
		t.Errorf("%+v %v", all, err)
	}
}

func TestRowsOutsideTheScopeAreNotThere(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	narrow := as(auth.Scope{Branch: "강남"}, "cube:*", "customer:read", "order:read", "secret:read")
	for sql, want := range map[string]string{
		"SELECT count(*) FROM customers":                           "[[50]]",
		"SELECT count(*) FROM order_lines":                         "[[500]]",
		"SELECT count(*) FROM customers WHERE sido = '부산' OR true": "[[50]]",
		"SELECT count(*) FROM customers a, customers b":            "[[2500]]",
	} {
		a, err := s.Run(narrow, sql)
		if err != nil || fmt.Sprint(a.Rows) != want {
			t.Errorf("%s = %v %v, want %s", sql, a, err, want)
		}
	}
	if _, err := s.Run(as(auth.Scope{}, "cube:*", "customer:read"), "SELECT * FROM order_lines"); fault.CodeOf(err) != "cube.sql_no_table" {
		t.Errorf("a table without permission: %v", err)
	}
	if a, err := s.Run(as(auth.Scope{}, "cube:*", "customer:read"), "SELECT count(*) FROM customers"); err != nil || fmt.Sprint(a.Rows) != "[[0]]" {
		t.Errorf("an empty scope: %v %v", a, err)
	}
	if _, err := s.Run(as(auth.Scope{All: true}, "cube:read"), "SELECT 1"); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("without cube:sql: %v", err)
	}
}

func TestAnswersAreBoundAndExportsAreNot(t *testing.T) {
	t.Parallel()
	s, log := open(t)
	a, err := s.Run(analyst(), "SELECT r FROM range(20000) t(r)")
	if err != nil || len(a.Rows) != 10_000 || !a.IsTruncated {
		t.Fatalf("%v %v", a, err)
	}
	e, err := s.Export(analyst(), "SELECT r, '=1+1' AS formula FROM range(20000) t(r)", "csv", "시험")
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := e.Write(analyst(), &out); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(out.String(), "\r\n"); n != 20_001 || strings.Contains(out.String(), ",=1") {
		t.Errorf("%d lines; %.60s", n, out.String())
	}
	if len(log.entries) != 1 || log.entries[0].Purpose != "시험" {
		t.Errorf("access log %+v", log.entries)
	}
	if _, err := s.Export(analyst(), "SELECT 1", "csv", ""); fault.CodeOf(err) != "cube.no_purpose" {
		t.Errorf("without a purpose: %v", err)
	}
	if _, err := s.Export(analyst(), "SELECT * FROM secrets", "csv", "시험"); err == nil {
		t.Error("a hidden table was exported")
	}
}

func TestStatementsThatRunTooLongAreStopped(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	ctx, cancel := context.WithCancel(analyst())
	time.AfterFunc(200*time.Millisecond, cancel)
	started := time.Now()
	if _, err := s.Run(ctx, "SELECT sum(a.range * b.range) FROM range(10000000) a, range(1000000) b"); err == nil {
		t.Error("it ended")
	}
	if took := time.Since(started); took > 20*time.Second {
		t.Errorf("stopped after %v only", took)
	}
	s.LimitMemory(100)
	_, err := s.Run(analyst(), "SELECT count(*) FROM (SELECT DISTINCT r, hash(r) h, repeat('x', 20) || r AS t FROM range(20000000) s(r))")
	if fault.CodeOf(err) != "cube.sql_too_much_memory" {
		t.Errorf("a statement that held more than 100 MB: %v", err)
	}
	s.LimitMemory(100_000)
	_, err = s.Run(analyst(), "SELECT string_agg(repeat('x', 100000), '') OVER (ORDER BY r) FROM range(1000000) t(r)")
	if err == nil {
		t.Error("a statement beyond the memory was answered")
	} else if _, ok := fault.As(err); !ok {
		t.Errorf("no advice: %v", err)
	}
}
