// SPDX-License-Identifier: Apache-2.0

package order

import (
	"compress/gzip"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"dangol/internal/customer"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/database/databasetest"
)

// bench is a database with customers 1…n, each with the record 100+id.
type bench struct {
	t   *testing.T
	db  *database.DB
	s   *Service
	ctx context.Context
}

func newBench(t *testing.T, db *database.DB, customers int) *bench {
	t.Helper()
	b := &bench{t: t, db: db, s: New(db, Options{}), ctx: auth.System(context.Background(), "test")}
	err := db.Within(b.ctx, func(ctx context.Context) error {
		var rows, links []any
		for id := int64(1); id <= int64(customers); id++ {
			rows = append(rows, id, int64(0), int64(0), "서울")
			links = append(links, 100+id, id, "key", int64(0))
		}
		if err := db.InsertRows(ctx, "customers", []string{"id", "created_at", "updated_at", "branch"}, rows, ""); err != nil {
			return err
		}
		return db.InsertRows(ctx, "record_links", []string{"record_id", "customer_id", "reason", "linked_at"}, links, "")
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// load writes facts as a batch of its own, in slices.
func (b *bench) load(batch Batch, facts []Fact, slice int) Counts {
	b.t.Helper()
	l, err := b.s.Begin(b.ctx, batch)
	if err != nil {
		b.t.Fatal(err)
	}
	var total Counts
	for len(facts) > 0 {
		n := min(slice, len(facts))
		c := b.write(l, facts[:n])
		total.Created += c.Created
		total.Updated += c.Updated
		total.Unchanged += c.Unchanged
		total.Rejected += c.Rejected
		total.Rejects = append(total.Rejects, c.Rejects...)
		total.Findings = append(total.Findings, c.Findings...)
		facts = facts[n:]
	}
	if err := l.Finish(b.ctx); err != nil {
		b.t.Fatal(err)
	}
	return total
}

func (b *bench) write(l *Loader, facts []Fact) (counts Counts) {
	b.t.Helper()
	err := b.db.WithinBulk(b.ctx, func(ctx context.Context) error {
		var err error
		counts, err = l.Write(ctx, facts)
		return err
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return counts
}

func (b *bench) number(query string, args ...any) (n int64) {
	b.t.Helper()
	if err := b.db.Scan(b.ctx, []any{&n}, query, args...); err != nil {
		b.t.Fatalf("%s: %v", query, err)
	}
	return n
}

const liveSales = `FROM order_lines WHERE withdrawn_at IS NULL AND replaced_by IS NULL`

// sums answers the live lines, their amount and the amount of live orders,
// which must be the same.
func (b *bench) sums() (lines, amount int64) {
	b.t.Helper()
	lines = b.number("SELECT COUNT(*) " + liveSales)
	amount = b.number("SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) " + liveSales + " AND status IN ('paid', 'refunded')")
	ofOrders := b.number("SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM orders WHERE withdrawn_at IS NULL")
	counted := b.number("SELECT CAST(COALESCE(SUM(line_count), 0) AS BIGINT) FROM orders WHERE withdrawn_at IS NULL")
	if amount != ofOrders || lines != counted {
		b.t.Errorf("lines: %d with %d, orders say %d with %d", lines, amount, counted, ofOrders)
	}
	return lines, amount
}

func sold(row int64, customer int64, values ...string) Fact {
	f := Fact{Row: row, RecordID: 100 + customer, Values: map[string]string{}}
	for i := 0; i+1 < len(values); i += 2 {
		f.Values[values[i]] = values[i+1]
	}
	return f
}

func TestImportAgainUndoAndReplace(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		b := newBench(t, db, 3)
		first := []Fact{
			sold(2, 1, FieldOrderKey, "A", FieldProductKey, "p1", FieldAmount, "1000", FieldOrderedAt, "2026-01-02"),
			sold(3, 1, FieldOrderKey, "A", FieldProductKey, "p1", FieldAmount, "1000", FieldOrderedAt, "2026-01-02"),
			sold(4, 1, FieldOrderKey, "A", FieldProductKey, "p2", FieldAmount, "500", FieldOrderedAt, "2026-01-02"),
			sold(5, 2, FieldOrderKey, "B", FieldProductKey, "p1", FieldAmount, "700", FieldOrderedAt, "2026-01-03", FieldStatus, "취소"),
			sold(6, 2, FieldAmount, "40", FieldOrderedAt, "2026-01-04"),
			sold(7, 2, FieldAmount, "40", FieldOrderedAt, "2026-01-04"),
		}
		defer func() {
			used, err := b.s.RecordsInUse(b.ctx, []int64{101, 102, 103}, 999)
			if err != nil || len(used) != 2 {
				t.Errorf("records in use: %v %v", used, err)
			}
			if used, _ = b.s.RecordsInUse(b.ctx, []int64{101, 102, 103}, 6); len(used) != 0 {
				t.Errorf("records in use by other batches: %v", used)
			}
		}()
		for slice := range 3 { // the same file three times, cut at other places
			c := b.load(Batch{ID: int64(slice + 1), SourceID: 7}, first, slice+2)
			if slice == 0 && c.Created != 6 || slice > 0 && c.Unchanged != 6 {
				t.Errorf("import %d: %+v", slice, c)
			}
			if lines, amount := b.sums(); lines != 6 || amount != 2580 {
				t.Errorf("import %d: %d lines, %d", slice, lines, amount)
			}
		}
		changed := []Fact{
			sold(2, 1, FieldOrderKey, "A", FieldProductKey, "p2", FieldAmount, "900", FieldOrderedAt, "2026-01-02"),
			sold(3, 2, FieldOrderKey, "B", FieldProductKey, "p1", FieldAmount, "700", FieldOrderedAt, "2026-01-03"),
			sold(4, 3, FieldOrderKey, "C", FieldAmount, "-50", FieldOrderedAt, "2026-01-05"),
		}
		if c := b.load(Batch{ID: 4, SourceID: 7}, changed, 10); c.Updated != 2 || c.Created != 1 {
			t.Errorf("changed file: %+v", c)
		}
		if lines, amount := b.sums(); lines != 7 || amount != 2580+400+700-50 {
			t.Errorf("after the changed file: %d lines, %d", lines, amount)
		}
		changed[0].Values[FieldAmount] = "901"
		b.load(Batch{ID: 5, SourceID: 7}, changed[:1], 10)
		// Undoing the middle batch leaves what came after it, and of the rest the state before.
		for _, undo := range []struct{ batch, lines, amount int64 }{{4, 6, 2580 + 401}, {5, 6, 2580}, {1, 0, 0}} {
			if err := b.s.Undo(b.ctx, undo.batch, nil); err != nil {
				t.Fatal(err)
			}
			if lines, amount := b.sums(); lines != undo.lines || amount != undo.amount {
				t.Errorf("after undo of %d: %d lines, %d; want %d, %d", undo.batch, lines, amount, undo.lines, undo.amount)
			}
		}
		if c := b.load(Batch{ID: 6, SourceID: 7}, first, 4); c.Created != 6 {
			t.Errorf("import after undo: %+v", c)
		}
		if lines, amount := b.sums(); lines != 6 || amount != 2580 {
			t.Errorf("import after undo: %d lines, %d", lines, amount)
		}
	})
}

func TestSliceThatIsUndoneLeavesNoTrace(t *testing.T) {
	t.Parallel()
	db := databasetest.SQLite(t, database.Options{})
	b := newBench(t, db, 1)
	facts := []Fact{
		sold(2, 1, FieldOrderKey, "A", FieldProductKey, "p", FieldAmount, "10", FieldOrderedAt, "2026-01-02"),
		sold(3, 1, FieldOrderKey, "A", FieldProductKey, "p", FieldAmount, "10", FieldOrderedAt, "2026-01-02"),
	}
	l, err := b.s.Begin(b.ctx, Batch{ID: 1, SourceID: 1})
	if err != nil {
		t.Fatal(err)
	}
	broken := errors.New("the process was killed")
	err = db.WithinBulk(b.ctx, func(ctx context.Context) error {
		_, err := l.Write(ctx, facts[:1])
		return errors.Join(err, broken)
	})
	if !errors.Is(err, broken) {
		t.Fatal(err)
	}
	b.write(l, facts[:1])
	// A new process goes on with the second half.
	if l, err = b.s.Begin(b.ctx, Batch{ID: 1, SourceID: 1, IsResumed: true}); err != nil {
		t.Fatal(err)
	}
	if c := b.write(l, facts[1:]); c.Created != 1 {
		t.Errorf("second half: %+v", c)
	}
	if lines, amount := b.sums(); lines != 2 || amount != 20 {
		t.Errorf("%d lines, %d", lines, amount)
	}
}

func TestRejects(t *testing.T) {
	t.Parallel()
	db := databasetest.SQLite(t, database.Options{})
	b := newBench(t, db, 2)
	b.load(Batch{ID: 1, SourceID: 1}, []Fact{sold(1, 1, FieldOrderKey, "A", FieldAmount, "1", FieldOrderedAt, "2026-01-01")}, 1)
	anonymous := sold(2, 1, FieldOrderKey, "Z", FieldAmount, "1", FieldOrderedAt, "2026-01-01")
	anonymous.RecordID = 0
	cases := map[string]Fact{
		"order.no_customer":    anonymous,
		"order.time":           sold(3, 1, FieldOrderKey, "B", FieldAmount, "1", FieldOrderedAt, "yesterday"),
		"order.number":         sold(4, 1, FieldOrderKey, "C", FieldAmount, "one", FieldOrderedAt, "2026-01-01"),
		"order.other_customer": sold(5, 2, FieldOrderKey, "A", FieldAmount, "1", FieldOrderedAt, "2026-01-01"),
		"order.mixed_currency": sold(6, 1, FieldOrderKey, "A", FieldAmount, "1", FieldOrderedAt, "2026-01-01", FieldCurrency, "usd"),
	}
	for rule, fact := range cases {
		c := b.load(Batch{ID: 2, SourceID: 1}, []Fact{fact}, 1)
		if c.Rejected != 1 || len(c.Rejects) != 1 || c.Rejects[0].Rule != rule || c.Rejects[0].Remedy == "" {
			t.Errorf("%s: %+v", rule, c)
		}
	}
}

func TestProductsBeforeAndAfterSales(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		b := newBench(t, db, 1)
		describe := func(batch int64, key, name string) Counts {
			return b.load(Batch{ID: batch, SourceID: 1, Kind: Products}, []Fact{{Row: 2, Values: map[string]string{FieldProductKey: key, FieldProductName: name, FieldPrice: "1200"}}}, 10)
		}
		describe(1, "early", "사과")
		sale := func(key string) Fact {
			return sold(1, 1, FieldOrderKey, key, FieldProductKey, key, FieldAmount, "1", FieldOrderedAt, "2026-01-01")
		}
		b.load(Batch{ID: 2, SourceID: 1}, []Fact{sale("early"), sale("late")}, 10)
		if c := describe(3, "late", "배"); c.Created != 1 {
			t.Errorf("late description: %+v", c)
		}
		if c := describe(4, "late", "배"); c.Unchanged != 1 {
			t.Errorf("the same again: %+v", c)
		}
		if c := describe(5, "late", "신고배"); c.Updated != 1 {
			t.Errorf("new name: %+v", c)
		}
		names := func() string {
			orders, _, _, _, err := b.s.List(b.ctx, Filter{})
			if err != nil || len(orders) != 2 {
				t.Fatal(orders, err)
			}
			var names []string
			for _, o := range orders {
				found, err := b.s.Find(b.ctx, o.ID)
				if err != nil {
					t.Fatal(err)
				}
				names = append(names, found.Lines[0].ProductName)
			}
			return strings.Join(names, " ")
		}
		for i, want := range []string{"신고배 사과", "신고배 사과", "배 사과", " 사과"} {
			if batch := int64([]int{0, 4, 5, 3}[i]); batch != 0 {
				if err := b.s.Undo(b.ctx, batch, nil); err != nil {
					t.Fatal(err)
				}
			}
			if got := names(); got != want {
				t.Errorf("step %d: %q, want %q", i, got, want)
			}
		}
	})
}

func TestRowsOutsideTheScopeAreNotThere(t *testing.T) {
	t.Parallel()
	db := databasetest.SQLite(t, database.Options{})
	b := newBench(t, db, 1)
	b.load(Batch{ID: 1, SourceID: 1}, []Fact{sold(1, 1, FieldOrderKey, "A", FieldAmount, "1", FieldOrderedAt, "2026-01-01")}, 1)
	for branch, want := range map[string]int{"서울": 1, "부산": 0} {
		ctx := auth.With(context.Background(), auth.Person{ID: 5, Permissions: auth.Permit("order:read"), Scope: auth.Scope{Branch: branch}})
		list, _, count, _, err := b.s.List(ctx, Filter{})
		if err != nil || len(list) != want || count != int64(want) {
			t.Errorf("%s: %d orders, count %d, %v", branch, len(list), count, err)
		}
		if _, err := b.s.Find(ctx, 1); (err == nil) != (want == 1) {
			t.Errorf("%s: find: %v", branch, err)
		}
	}
	ctx := auth.With(context.Background(), auth.Person{ID: 5, Permissions: auth.Permit("customer:read"), Scope: auth.Scope{All: true}})
	if _, err := b.s.Find(ctx, 1); err == nil {
		t.Error("without permission an order is found")
	}
}

// shared finds the folder of data sets, or skips.
func shared(t testing.TB, parts ...string) string {
	t.Helper()
	dir := os.Getenv("DANGOL_SHARED")
	for up := "."; dir == "" && len(up) < 40; up = filepath.Join(up, "..") {
		if _, err := os.Stat(filepath.Join(up, "shared", "data")); err == nil {
			dir = filepath.Join(up, "shared", "data")
		}
	}
	path := filepath.Join(append([]string{dir}, parts...)...)
	if _, err := os.Stat(path); dir == "" || err != nil {
		t.Skipf("the data set %s is not here", filepath.Join(parts...))
	}
	return path
}

// readFacts reads a data set with the mapping header → field; customers get
// records in order of appearance.
func readFacts(t testing.TB, path, customer string, fields map[string]string, records map[string]int64) []Fact {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	var in io.Reader = file
	if strings.HasSuffix(path, ".gz") {
		if in, err = gzip.NewReader(file); err != nil {
			t.Fatal(err)
		}
	}
	r := csv.NewReader(in)
	header, err := r.Read()
	if err != nil {
		t.Fatal(err)
	}
	var facts []Fact
	for row := int64(2); ; row++ {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return facts
		}
		if err != nil {
			t.Fatal(err)
		}
		f := Fact{Row: row, Values: map[string]string{}}
		var extra []string
		for i, h := range header {
			switch field := fields[h]; {
			case h == customer:
				if records[cells[i]] == 0 {
					records[cells[i]] = int64(101 + len(records))
				}
				f.RecordID, f.Customer = records[cells[i]], cells[i]
			case field != "":
				f.Values[field] = cells[i]
			default:
				extra = append(extra, strconv.Quote(h)+":"+strconv.Quote(cells[i]))
			}
		}
		if len(extra) > 0 {
			f.Extra = "{" + strings.Join(extra, ",") + "}"
		}
		facts = append(facts, f)
	}
}

var journeyFields = map[string]string{
	"store_id": FieldStore, "basket_id": FieldOrderKey, "product_id": FieldProductKey, "quantity": FieldQuantity,
	"sales_value": FieldAmount, "retail_disc": FieldDiscount, "coupon_disc": FieldCouponDiscount, "transaction_timestamp": FieldOrderedAt,
}

// The totals are those of the data sets' FIGURES.md. Its sum of sales,
// 233,935.20, was printed with seven digits; the file holds 233,935.24.
func TestCompleteJourney(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		records := map[string]int64{}
		sales := readFacts(t, shared(t, "completejourney", "transactions_sample.csv.gz"), "household_id", journeyFields, records)
		members := readFacts(t, shared(t, "completejourney", "campaigns.csv"), "household_id", map[string]string{"campaign_id": FieldCampaignKey}, records)
		described := readFacts(t, shared(t, "completejourney", "campaign_descriptions.csv"), "", map[string]string{
			"campaign_id": FieldCampaignKey, "campaign_type": FieldCampaignType, "start_date": FieldStartOn, "end_date": FieldEndOn,
		}, nil)
		couponList := readFacts(t, shared(t, "completejourney", "coupons.csv.gz"), "", map[string]string{
			"coupon_upc": FieldCouponKey, "product_id": FieldProductKey, "campaign_id": FieldCampaignKey,
		}, nil)
		used := readFacts(t, shared(t, "completejourney", "coupon_redemptions.csv"), "household_id", map[string]string{
			"coupon_upc": FieldCouponKey, "campaign_id": FieldCampaignKey, "redemption_date": FieldRedeemedOn,
		}, records)
		products := readFacts(t, shared(t, "completejourney", "products.csv.gz"), "", map[string]string{
			"product_id": FieldProductKey, "product_type": FieldProductName, "product_category": FieldCategory, "department": FieldDepartment, "brand": FieldBrand,
		}, nil)
		b := newBench(t, db, len(records))
		files := []struct {
			kind  Kind
			facts []Fact
			rows  int64
		}{
			{Transactions, sales, 75000},
			{Campaigns, members, 6589},
			{Campaigns, described, 27},
			{Coupons, couponList, 111332},
			{Coupons, used, 2102},
			{Products, products, 92331},
		}
		for again := range 2 {
			for i, f := range files {
				start := time.Now()
				c := b.load(Batch{ID: int64(10*again + i + 1), SourceID: 1, Kind: f.kind}, f.facts, 10_000)
				t.Logf("%s %d rows: %v", f.kind, len(f.facts), time.Since(start))
				if c.Created+c.Unchanged != int64(len(f.facts)) || again == 0 && c.Created != f.rows || again == 1 && c.Unchanged != int64(len(f.facts)) {
					t.Errorf("%s, time %d: created %d updated %d unchanged %d rejected %d of %d", f.kind, again, c.Created, c.Updated, c.Unchanged, c.Rejected, f.rows)
				}
			}
		}
		lines, amount := b.sums()
		figures := map[string][2]int64{
			"lines":           {lines, 75000},
			"sales in cents":  {amount, 23393524},
			"retail discount": {b.number("SELECT CAST(SUM(discount) AS BIGINT) FROM orders"), 4018091},
			"coupon discount": {b.number("SELECT CAST(SUM(coupon_discount) AS BIGINT) FROM orders"), 135671},
			"households":      {b.number("SELECT COUNT(DISTINCT record_id) FROM orders"), 2377},
			"stores":          {b.number("SELECT COUNT(DISTINCT store) FROM orders"), 293},
			"baskets":         {b.number("SELECT COUNT(*) FROM orders"), 47243},
			"products sold":   {b.number("SELECT COUNT(DISTINCT product_id) FROM order_lines"), 20902},
			"currencies":      {b.number("SELECT COUNT(*) FROM orders WHERE currency = 'USD'"), 47243},
			"no product":      {b.number("SELECT COUNT(*) FROM order_lines l JOIN products p ON p.id = l.product_id WHERE p.is_described = 0"), 222},
			"no category":     {b.number("SELECT COUNT(*) FROM order_lines l JOIN products p ON p.id = l.product_id WHERE p.category = ''"), 331},
			"targets":         {b.number("SELECT COUNT(*) FROM promotion_targets"), 6589},
			"redemptions":     {b.number("SELECT COUNT(*) FROM coupon_redemptions"), 2102},
		}
		for name, pair := range figures {
			if pair[0] != pair[1] {
				t.Errorf("%s: %d, want %d", name, pair[0], pair[1])
			}
		}
		subject := customer.Subject{CustomerIDs: []int64{1}, RecordIDs: []int64{101}}
		all, err := b.s.Timeline(b.ctx, subject, customer.Position{}, 1000)
		if err != nil || len(all) == 0 {
			t.Fatalf("timeline: %d events, %v", len(all), err)
		}
		var paged []customer.TimelineItem
		var before customer.Position
		for {
			page, err := b.s.Timeline(b.ctx, subject, before, 3)
			if err != nil {
				t.Fatal(err)
			}
			if len(page) == 0 {
				break
			}
			paged = append(paged, page...)
			last := page[len(page)-1]
			before = customer.Position{At: last.At, Capability: last.Capability, Kind: last.Kind, ID: last.ID}
		}
		if len(paged) != len(all) {
			t.Errorf("timeline: %d events at once, %d in pages", len(all), len(paged))
		}
	})
}

func TestMillionLines(t *testing.T) {
	if os.Getenv("DANGOL_BENCH") == "" {
		t.Skip("DANGOL_BENCH is not set")
	}
	db := databasetest.SQLite(t, database.Options{})
	const customers, lines = 20_000, 1_000_000
	b := newBench(t, db, customers)
	facts := make([]Fact, lines)
	for i := range facts {
		basket := i / 3
		facts[i] = sold(int64(i+2), int64(basket*7919%customers+1),
			FieldOrderKey, strconv.Itoa(30000000+basket), FieldProductKey, strconv.Itoa(i*31%40000), FieldQuantity, "2",
			FieldAmount, strconv.Itoa(1000+i%900), FieldOrderedAt, "2025-03-0"+strconv.Itoa(1+basket%9)+" 10:20:30", FieldStore, "S"+strconv.Itoa(i%300))
	}
	for batch := int64(1); batch <= 2; batch++ {
		start := time.Now()
		c := b.load(Batch{ID: batch, SourceID: 1}, facts, 10_000)
		t.Logf("import %d: created %d unchanged %d in %v", batch, c.Created, c.Unchanged, time.Since(start))
	}
	start := time.Now()
	if err := b.s.Undo(b.ctx, 1, nil); err != nil {
		t.Fatal(err)
	}
	t.Logf("undo in %v", time.Since(start))
	b.sums()
}
