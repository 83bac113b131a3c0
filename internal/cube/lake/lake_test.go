// SPDX-License-Identifier: Apache-2.0

package lake_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"dangol/internal/cube/lake"
	"dangol/internal/cube/workspace"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/database/databasetest"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/warehouse"
	"dangol/internal/platform/warehouse/duckdb"
)

type tables struct{}

func (tables) Schema(context.Context) ([]workspace.Table, error) {
	return []workspace.Table{{Name: "sales", Label: warehouse.Text{Ko: "판매", En: "Sales"}, Columns: []workspace.TableColumn{
		{Name: "id", Type: "BIGINT"}, {Name: "city", Type: "VARCHAR", Label: warehouse.Text{Ko: "도시", En: "City"}}, {Name: "at", Type: "TIMESTAMP"}, {Name: "on_day", Type: "DATE"}, {Name: "ok", Type: "BOOLEAN"}, {Name: "n", Type: "INTEGER"}, {Name: "x", Type: "DOUBLE"},
	}}}, nil
}

func source(t *testing.T) *duckdb.Warehouse {
	t.Helper()
	column := func(name, kind string) warehouse.Column { return warehouse.Column{Name: name, Type: kind} }
	at := time.Date(2026, 7, 15, 9, 30, 0, 0, time.UTC)
	w, err := duckdb.Open(context.Background(), duckdb.Options{Zone: time.UTC}, warehouse.Table{
		Name: "sales", Key: "id",
		Columns: []warehouse.Column{column("id", "BIGINT"), column("city", "VARCHAR"), column("secret", "VARCHAR"), column("at", "TIMESTAMP"), column("on_day", "DATE"), column("ok", "BOOLEAN"), column("n", "INTEGER"), column("x", "DOUBLE")},
		Load: func(_ context.Context, _ []int64, emit func(...any) error) error {
			if err := emit(int64(1), "서울", "010-1234-5678", at, at, true, 7, 1.5); err != nil {
				return err
			}
			return emit(int64(2), nil, nil, nil, nil, nil, nil, nil)
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	if err := w.Rebuild(context.Background(), func(context.Context) (int64, error) { return 9, nil }, nil); err != nil {
		t.Fatal(err)
	}
	return w
}

func TestAnEditionHoldsTheTablesAndItsManifest(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		dir := t.TempDir()
		note := func(context.Context, string, string, int64, any, any) error { return nil }
		s := lake.New(dir, db, source(t), tables{}, nil, note, time.UTC)
		ctx := auth.System(context.Background(), "test")
		for range 5 { // older editions go, the newest stay
			if _, err := s.Write(ctx, func(int, int) {}); err != nil {
				t.Fatal(err)
			}
		}
		raw, err := os.ReadFile(filepath.Join(dir, "current.json"))
		if err != nil {
			t.Fatal(err)
		}
		var m lake.Manifest
		if err := json.Unmarshal(raw, &m); err != nil || len(m.Tables) != 1 || m.Tables[0].Rows != 2 || m.DataSeq != 9 || m.Tables[0].Columns[1].Label.Ko != "도시" {
			t.Fatalf("%s %v", raw, err)
		}
		content, err := os.ReadFile(filepath.Join(dir, m.Edition, m.Tables[0].Path))
		if err != nil {
			t.Fatal(err)
		}
		if sum := sha256.Sum256(content); hex.EncodeToString(sum[:]) != m.Tables[0].SHA256 || int64(len(content)) != m.Tables[0].Bytes {
			t.Error("the checksum is not that of the file")
		}
		if bytes.Contains(content, []byte("010-1234")) {
			t.Error("a column that is not in the schema left")
		}
		read(t, content)
		status, err := s.SetHour(ctx, 4)
		if err != nil || status.Hour != 4 || status.Current == nil {
			t.Errorf("%+v %v", status, err)
		}
		narrow := auth.With(ctx, auth.Person{ID: 1, Permissions: auth.Permit("cube:*"), Scope: auth.Scope{Branch: "강남"}})
		if _, err := s.Write(narrow, func(int, int) {}); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a narrow scope takes everything out: %v", err)
		}
	})
}

func read(t *testing.T, content []byte) {
	t.Helper()
	r, err := file.NewParquetReader(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	arrows, err := pqarrow.NewFileReader(r, pqarrow.ArrowReadProperties{}, memory.DefaultAllocator)
	if err != nil {
		t.Fatal(err)
	}
	table, err := arrows.ReadTable(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer table.Release()
	want := []string{"1", "서울", "2026-07-15T09:30:00", "2026-07-15", "true", "7", "1.5"}
	for i, w := range want {
		column := table.Column(i).Data().Chunk(0)
		if got := column.ValueStr(0); got != w {
			t.Errorf("%s is %s, want %s", table.Column(i).Name(), got, w)
		}
		if i > 0 && !column.IsNull(1) {
			t.Errorf("%s of the second row is not null", table.Column(i).Name())
		}
	}
}
