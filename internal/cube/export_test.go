// SPDX-License-Identifier: Apache-2.0

package cube_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"dangol/internal/cube"
	"dangol/internal/order"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/database/databasetest"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
)

type accessList struct{ entries []journal.AccessEntry }

func (a *accessList) LogAccess(_ context.Context, e journal.AccessEntry) error {
	a.entries = append(a.entries, e)
	return nil
}

func TestExportsAreCompleteAndHarmless(t *testing.T) {
	t.Parallel()
	s := newShop(11, 300, 6000)
	s.products[0].name, s.products[1].name = "=cmd|'/C calc'!A0", "@SUM(1,2)\t\"x\""
	log := &accessList{}
	service, _ := s.openWith(t, log)
	q := cube.Query{
		Measures: []string{"order.revenue", "order.customers"}, Dimensions: []string{"product.name", "order.day"}, Columns: []string{"order.channel"},
		Limit: 2, // of the screen; an export knows none
	}
	want := map[string]bool{}
	for _, l := range s.lines {
		if l.counts > 0 {
			want[strconv.FormatInt(l.product, 10)+l.at.Format("2006-01-02")] = true
		}
	}
	read := func(format string) [][]string {
		t.Helper()
		e, err := service.Export(boss(), q, format, "월간 보고")
		if err != nil {
			t.Fatal(err)
		}
		var file bytes.Buffer
		if err := e.Write(context.Background(), &file); err != nil {
			t.Fatal(err)
		}
		if format == "xlsx" {
			book, err := excelize.OpenReader(&file)
			if err != nil {
				t.Fatal(err)
			}
			rows, err := book.GetRows("Sheet1")
			if err != nil {
				t.Fatal(err)
			}
			return rows
		}
		text, hasBOM := strings.CutPrefix(file.String(), "\ufeff")
		if !hasBOM {
			t.Error("no byte order mark")
		}
		reader := csv.NewReader(strings.NewReader(text))
		reader.FieldsPerRecord = -1
		rows, err := reader.ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		return rows
	}
	for _, format := range []string{"csv", "xlsx"} {
		rows := read(format)
		if len(rows) != len(want)+2 { // channels, then titles
			t.Errorf("%s: %d rows, should be %d", format, len(rows), len(want)+2)
		}
		if rows[0][2] != "매장" && rows[0][2] != "온라인" || rows[1][2] != "매출 (KRW)" {
			t.Errorf("%s: heads %v %v", format, rows[0], rows[1])
		}
		for _, row := range rows {
			for _, cell := range row {
				if cell != "" && strings.ContainsRune("=+@", rune(cell[0])) {
					t.Errorf("%s: a cell that is a formula: %q", format, cell)
				}
			}
		}
	}
	if len(log.entries) != 2 || log.entries[0].Purpose != "월간 보고" || log.entries[0].Work != "cube.export" {
		t.Errorf("access log: %+v", log.entries)
	}
	if _, err := service.Export(boss(), q, "csv", " "); fault.KindOf(err) != fault.Invalid {
		t.Errorf("without purpose: %v", err)
	}
	reader := auth.With(context.Background(), auth.Person{ID: 3, Permissions: auth.Permit("cube:read", "order:read", "customer:read"), Scope: auth.Scope{All: true}})
	if _, err := service.Export(reader, q, "csv", "보고"); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("without permission: %v", err)
	}
}

func TestPivots(t *testing.T) {
	t.Parallel()
	s := newShop(12, 20, 100)
	_, w := s.openWith(t, nil)
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		service, err := cube.New(db, w, append(order.Cubes(), customerCube()), cube.Options{Zone: s.zone})
		if err != nil {
			t.Fatal(err)
		}
		as := func(id int64) context.Context {
			return auth.With(context.Background(), auth.Person{ID: id, Permissions: auth.Permit("cube:read", "order:read", "customer:read"), Scope: auth.Scope{All: true}})
		}
		q := cube.Query{Measures: []string{"order.revenue"}, Dimensions: []string{"order.month"}}
		saved, err := service.CreatePivot(as(1), cube.Pivot{Name: " 월별 매출 ", Query: q})
		if err != nil || saved.Name != "월별 매출" || saved.Version != 1 {
			t.Fatalf("create: %+v, %v", saved, err)
		}
		if _, err := service.CreatePivot(as(1), cube.Pivot{Name: "나쁜", Query: cube.Query{Measures: []string{"x.y"}}}); fault.KindOf(err) != fault.Invalid {
			t.Errorf("a pivot that cannot be asked: %v", err)
		}
		if _, err := service.FindPivot(as(2), saved.ID); fault.KindOf(err) != fault.NotFound {
			t.Errorf("somebody else's: %v", err)
		}
		shared := true
		if saved, err = service.UpdatePivot(as(1), saved.ID, cube.PivotPatch{IsShared: &shared, Version: 1}); err != nil || saved.Version != 2 {
			t.Fatalf("share: %+v, %v", saved, err)
		}
		if _, err = service.UpdatePivot(as(1), saved.ID, cube.PivotPatch{IsShared: &shared, Version: 1}); fault.KindOf(err) != fault.Conflict {
			t.Errorf("an old version: %v", err)
		}
		if list, err := service.ListPivots(as(2)); err != nil || len(list) != 1 || list[0].Query.Measures[0] != "order.revenue" {
			t.Errorf("shared list: %+v, %v", list, err)
		}
		if err := service.DeletePivot(as(2), saved.ID); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("deleting somebody else's: %v", err)
		}
		if err := service.DeletePivot(as(1), saved.ID); err != nil {
			t.Error(err)
		}
	})
}

func TestMetaShowsWhatMayBeAsked(t *testing.T) {
	t.Parallel()
	service := newShop(13, 10, 20).open(t)
	meta, err := service.Meta(boss())
	if err != nil || len(meta.Measures) < 15 || len(meta.Dimensions) < 30 {
		t.Fatalf("%d measures, %d dimensions, %v", len(meta.Measures), len(meta.Dimensions), err)
	}
	few := auth.With(context.Background(), auth.Person{ID: 3, Permissions: auth.Permit("cube:read", "customer:read"), Scope: auth.Scope{All: true}})
	if meta, err = service.Meta(few); err != nil {
		t.Fatal(err)
	}
	for _, m := range meta.Measures {
		if m.Cube == "order" {
			t.Errorf("%s is shown to somebody without order:read", m.Name)
		}
	}
}
