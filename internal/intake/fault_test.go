// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"context"
	"encoding/json"
	"path/filepath"
	"testing"
	"time"

	"dangol/internal/customer"
	"dangol/internal/dataquality"
	"dangol/internal/intake/reader"
	"dangol/internal/intake/recognise"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
)

// TestFullDiskLosesNothing lets the database reach its quota in the middle of an import, then gives it room.
func TestFullDiskLosesNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ctx := system()
	open := func(pages int) (*house, func()) {
		db, err := database.Open(ctx, "sqlite:"+filepath.Join(dir, "dangol.db"), database.Options{MaxPages: pages})
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Migrate(ctx); err != nil {
			t.Fatal(err)
		}
		return newHouse(t, db, dir), func() { _ = db.Close() }
	}
	h, closeHouse := open(1500)
	b, err := h.intake.Create(ctx, h.upload(t, ctx, "members.csv", "members", csvOf(20_000)))
	if err != nil {
		t.Fatal(err)
	}
	_, err = h.intake.Run(ctx, b.ID, nil)
	if f, ok := fault.As(err); !ok || f.Kind != fault.Unavailable {
		t.Fatalf("full disk: %v", err)
	}
	if n := h.count(t, "SELECT COUNT(*) FROM customers WHERE hidden = 0"); n == 20_000 {
		t.Fatal("the quota was not reached")
	}
	closeHouse()
	h, closeHouse = open(0)
	defer closeHouse()
	done, err := h.intake.Run(ctx, b.ID, nil)
	if err != nil || done.Counts.Rows != 20_000 || done.Counts.Created+done.Counts.Linked != 20_000 {
		t.Fatalf("%+v %v", done.Counts, err)
	}
	if n := h.count(t, "SELECT COUNT(*) FROM records"); n != 20_000 {
		t.Fatalf("%d records", n)
	}
}

// TestPaceKeepsTurnsShortForPeople checks that slices shrink as soon as somebody is there.
func TestPaceKeepsTurnsShortForPeople(t *testing.T) {
	t.Parallel()
	seen := time.Time{}
	p := newPace(func() time.Time { return seen })
	settle := func() int {
		for range 30 {
			p.learn(time.Duration(p.rows)*40*time.Microsecond, p.rows)
		}
		return p.rows
	}
	if rows := settle(); rows < aloneSlice || rows > largestSlice {
		t.Fatalf("alone: %d rows a slice", rows)
	}
	seen = time.Now()
	if rows := settle(); time.Duration(rows)*40*time.Microsecond > 2*sharedPace {
		t.Fatalf("with people: %d rows a slice", rows)
	}
}

// attributeless is customers without attributes, for plans that touch no database.
type attributeless struct{ Customers }

func (attributeless) ListAttributes(context.Context) ([]customer.Attribute, error) { return nil, nil }

func FuzzMapping(f *testing.F) {
	seed, err := json.Marshal(benchBatch().Mapping)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(seed, "0000000001", "한길동", "010-1234-5678")
	f.Add([]byte(`{"kind":"transactions","columns":[{"header":"a","index":5,"field":"key"},{"index":-1,"field":"attribute","attribute":{"slug":"x","type":"date"}}],"key_columns":[9,-1]}`), "", "1.2E+10", "900101-1000006")
	f.Fuzz(func(_ *testing.T, raw []byte, a, b, c string) {
		var m recognise.Mapping
		if json.Unmarshal(raw, &m) != nil || m.Validate() != nil {
			return
		}
		s := &Service{customers: attributeless{}, config: Config{Currency: "KRW"}}
		batch := &Batch{Kind: m.Kind, Mapping: m, Shape: reader.Shape{Columns: []reader.Column{{Header: "a"}, {Header: "b"}, {Header: "c"}}}}
		p := s.planWith(batch, nil, dataquality.Rules{Currency: "KRW", Today: dataquality.Date{Year: 2026, Month: 11, Day: 21}})
		var out chunkResult
		newWorker(p).take([]string{a, b, c}, 2, &out)
		if len(out.records)+len(out.facts)+len(out.rejects) != 1 {
			panic("a row must become a record, a fact or a reject")
		}
	})
}
