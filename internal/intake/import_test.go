// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/text/encoding/korean"

	"dangol/internal/customer"
	"dangol/internal/intake/recognise"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/database/databasetest"
	"dangol/internal/platform/fault"
)

func each(t *testing.T, test func(t *testing.T, ctx context.Context, h *house)) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		test(t, auth.System(t.Context(), "test"), newHouse(t, db, t.TempDir()))
	})
}

// upload keeps a file and returns a request for it.
func (h *house) upload(t *testing.T, ctx context.Context, name, source string, content []byte) Request {
	t.Helper()
	kept, err := h.intake.Upload(ctx, name, bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	return Request{FileID: kept.ID, Source: source}
}

func (h *house) load(t *testing.T, ctx context.Context, request Request) *Batch {
	t.Helper()
	b, err := h.intake.Create(ctx, request)
	if err != nil {
		t.Fatal(err)
	}
	if b, err = h.intake.Run(ctx, b.ID, nil); err != nil {
		t.Fatal(err)
	}
	return b
}

func csvOf(n int) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	headers := make([]string, len(benchColumns))
	for i, c := range benchColumns {
		headers[i] = c.Header
	}
	_ = w.Write(headers)
	row := make([]string, len(benchColumns))
	for i := range n {
		person(i, row)
		_ = w.Write(row)
	}
	w.Flush()
	return b.Bytes()
}

func TestImportAgainUndoAgain(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		file := csvOf(3000)
		b := h.load(t, ctx, h.upload(t, ctx, "회원.csv", "members", file))
		if b.State != Done || b.Counts.Rows != 3000 || b.Counts.Created+b.Counts.Linked != 3000 || b.Counts.Rejected != 0 {
			t.Fatalf("first: %+v %s", b.Counts, b.Error)
		}
		page, err := h.customers.List(ctx, customer.ListRequest{Sort: "full_name", Limit: 3})
		if err != nil || page.Total != b.Counts.Created {
			t.Fatalf("list: %+v %v", page, err)
		}
		again := h.load(t, ctx, h.upload(t, ctx, "회원.csv", "members", file))
		if again.Counts.Unchanged != 3000 || again.Counts.Updated+again.Counts.Created+again.Counts.Linked != 0 {
			t.Fatalf("again: %+v", again.Counts)
		}
		changed := bytes.Replace(file, []byte("SILVER"), []byte("PLATINUM"), 1)
		update := h.load(t, ctx, h.upload(t, ctx, "회원.csv", "members", changed))
		if update.Counts.Updated != 1 || update.Counts.Unchanged != 2999 {
			t.Fatalf("update: %+v", update.Counts)
		}
		for _, id := range []int64{update.ID, b.ID} {
			undone, err := h.intake.Undo(ctx, id, nil)
			if err != nil || undone.State != Undone {
				t.Fatalf("undo %d: %+v %v", id, undone, err)
			}
		}
		if n := h.count(t, "SELECT COUNT(*) FROM customers WHERE hidden = 0"); n != 0 {
			t.Fatalf("%d customers are left", n)
		}
		if n := h.count(t, "SELECT COUNT(*) FROM record_keys"); n != 0 {
			t.Fatalf("%d keys are left", n)
		}
		if _, err := h.intake.Undo(ctx, b.ID, nil); fault.CodeOf(err) != "intake.wrong_state" {
			t.Fatalf("undo twice: %v", err)
		}
		back := h.load(t, ctx, h.upload(t, ctx, "회원.csv", "members", file))
		if back.Counts.Created+back.Counts.Linked != 3000 {
			t.Fatalf("back: %+v", back.Counts)
		}
	})
}

func (h *house) count(t *testing.T, query string) int64 {
	t.Helper()
	var n int64
	if err := h.db.QueryRow(context.Background(), query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestRejectsComeBackAsAFile(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		text := "회원번호,이름,휴대폰,주민번호,메모\n" +
			"1001,김하나,010-1234-5678,900101-1000006,\"문의, 재구매\"\n" +
			",이두리,010-2222-3333,,\n" +
			"1.01235E+10,박세나,010-3333-4444,,\n" +
			"1004,최네로,010-4444-5555,,주민 850315-2000007 메모\n" +
			"1005,\"정다섯,010-5555-6666,,\n"
		encoded, err := korean.EUCKR.NewEncoder().Bytes([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		b := h.load(t, ctx, h.upload(t, ctx, "cp949.csv", "crm", encoded))
		if b.Counts.Created != 2 || b.Counts.Rejected < 3 {
			t.Fatalf("%+v", b.Counts)
		}
		given := "CAST(given AS TEXT)"
		if h.db.IsPostgres() {
			given = "convert_from(given, 'UTF8')"
		}
		for _, column := range []string{given, "normal", "findings", "keys"} {
			for _, number := range []string{"1000006", "2000007"} {
				if n := h.count(t, "SELECT COUNT(*) FROM records WHERE "+column+" LIKE '%"+number+"%'"); n != 0 {
					t.Fatalf("resident number in %s", column)
				}
			}
		}
		var out bytes.Buffer
		if err := h.intake.WriteRejects(ctx, b.ID, &out); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out.String(), "dangol_reason") || strings.Contains(out.String(), "1000006") {
			t.Fatalf("rejects file:\n%s", out.String())
		}
		mended := strings.Replace(out.String(), ",이두리", "1002,이두리", 1)
		mended = strings.Replace(mended, "1.01235E+10", "1003", 1)
		again := h.load(t, ctx, h.upload(t, ctx, "mended.csv", "crm", []byte(mended)))
		if again.Counts.Created < 2 {
			t.Fatalf("mended: %+v\n%s", again.Counts, mended)
		}
		rows, _, err := h.intake.ListRows(ctx, b.ID, "rejected", 0, 10)
		if err != nil || len(rows) < 3 || rows[0].Findings[0].Message == "" {
			t.Fatalf("rows %+v %v", rows, err)
		}
	})
}

func TestDryRunTellsWhatWillHappen(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		h.load(t, ctx, h.upload(t, ctx, "a.csv", "members", csvOf(500)))
		before := h.count(t, "SELECT COUNT(*) FROM records")
		file := bytes.Replace(csvOf(800), []byte("SILVER"), []byte("PLATINUM"), 1)
		b, err := h.intake.Create(ctx, h.upload(t, ctx, "b.csv", "members", file))
		if err != nil {
			t.Fatal(err)
		}
		tried, err := h.intake.Try(ctx, b.ID, nil)
		if err != nil {
			t.Fatal(err)
		}
		if h.count(t, "SELECT COUNT(*) FROM records") != before {
			t.Fatal("a dry run wrote records")
		}
		want := tried.Preview.Counts
		run, err := h.intake.Run(ctx, b.ID, nil)
		if err != nil {
			t.Fatal(err)
		}
		if run.Counts != want || want.Unchanged != 499 || want.Updated != 1 {
			t.Fatalf("dry run %+v, run %+v", want, run.Counts)
		}
	})
}

func TestMappingIsRememberedPerSource(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		text := "번호,성함,특이점\n1,김하나,단골\n2,이두리,신규\n"
		request := h.upload(t, ctx, "a.csv", "store", []byte(text))
		look, err := h.intake.Look(ctx, request)
		if err != nil {
			t.Fatal(err)
		}
		mapping := look.Mapping
		mapping.Columns[2].Field, mapping.Columns[2].Attribute = recognise.FieldAttribute, &recognise.Attribute{Slug: "note", Label: "특이점", Type: "text"}
		mapping.Columns[1].Field, mapping.Columns[1].Attribute = "full_name", nil
		request.Mapping, request.Kind = &mapping, recognise.Customers
		b := h.load(t, ctx, request)
		if b.Counts.Created != 2 {
			t.Fatalf("%+v %s", b.Counts, b.Error)
		}
		next, err := h.intake.Look(ctx, h.upload(t, ctx, "b.csv", "store", []byte(text+"3,박세나,휴면\n")))
		if err != nil {
			t.Fatal(err)
		}
		if !next.IsRemembered || next.Mapping.Columns[2].Field != recognise.FieldAttribute || next.Mapping.Columns[2].Attribute.Slug != "note" {
			t.Fatalf("remembered %v %+v", next.IsRemembered, next.Mapping.Columns[2])
		}
		list, err := h.customers.Suggest(ctx, "김하나", 1)
		if err != nil || len(list) != 1 || list[0].Customer.Values.Attributes["note"] != "단골" {
			t.Fatalf("%+v %v", list, err)
		}
		if attributes, err := h.customers.ListAttributes(ctx); err != nil || len(attributes) != 1 || !attributes[0].IsPersonal {
			t.Fatalf("free text of a file is masked until somebody opens it: %+v %v", attributes, err)
		}
	})
}

func TestBadFilesWriteNothing(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		twice := recognise.Mapping{Kind: recognise.Customers, Columns: []recognise.Column{{Header: "이름", Field: "full_name"}, {Header: "별명", Index: 1, Field: "email"}, {Header: "이메일", Index: 2, Field: "email"}}}
		for name, c := range map[string]struct {
			content string
			mapping *recognise.Mapping
		}{
			"empty":                  {"", nil},
			"header only":            {"이름,휴대폰\n", nil},
			"two columns, one field": {"이름,별명,이메일\n김하나,a@b.kr,c@d.kr\n", &twice},
			"zip bomb name":          {"PK\x03\x04garbage", nil},
		} {
			request := h.upload(t, ctx, name+".csv", "x", []byte(c.content))
			request.Mapping = c.mapping
			b, err := h.intake.Create(ctx, request)
			if err == nil {
				b, err = h.intake.Run(ctx, b.ID, nil)
			}
			if err == nil {
				t.Errorf("%s was imported: %+v", name, b.Counts)
				continue
			}
			if _, ok := fault.As(err); !ok {
				t.Errorf("%s: no clear message: %v", name, err)
			}
		}
		if n := h.count(t, "SELECT COUNT(*) FROM records"); n != 0 {
			t.Fatalf("%d records were written", n)
		}
	})
}

func TestManyColumnsAndLongCells(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, h *house) {
		var b strings.Builder
		b.WriteString("회원번호,이름")
		for i := range 198 {
			fmt.Fprintf(&b, ",항목%d", i)
		}
		b.WriteByte('\n')
		for n := range 20 {
			fmt.Fprintf(&b, "%d,김하나", n)
			for i := range 198 {
				fmt.Fprintf(&b, ",%d", i*n)
			}
			b.WriteByte('\n')
		}
		batch := h.load(t, ctx, h.upload(t, ctx, "wide.csv", "wide", []byte(b.String())))
		if batch.Counts.Created != 20 {
			t.Fatalf("%+v %s", batch.Counts, batch.Error)
		}
		long := "회원번호,이름,메모\n7001,김하나,\"" + strings.Repeat("가", 4<<20) + "\"\n7002,이두리,짧다\n"
		batch = h.load(t, ctx, h.upload(t, ctx, "long.csv", "long", []byte(long)))
		if batch.Counts.Created != 1 || batch.Counts.Rejected != 1 {
			t.Fatalf("long cell: %+v %s", batch.Counts, batch.Error)
		}
	})
}
