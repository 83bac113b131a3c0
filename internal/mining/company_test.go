// SPDX-License-Identifier: Apache-2.0

package mining_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"dangol/internal/mining"
	"dangol/internal/platform/database"
	"dangol/internal/platform/job"
	"dangol/internal/platform/warehouse"
	"dangol/internal/platform/warehouse/duckdb"
)

// sold is a line of the shop of tests.
type sold struct {
	customer, order int64
	at              time.Time
	product         int64
	channel         string
	amount          int64
	isFirst         bool
}

// contacted is a recipient of a campaign of the shop of tests.
type contacted struct {
	customer int64
	at       time.Time
	arm      string
	clicked  int64
}

// company is a company with every table that models read.
type company struct {
	lines    []sold
	contacts []contacted
	people   int64
}

var companyToday = time.Date(2026, 6, 30, 0, 0, 0, 0, time.UTC)

var departments = []string{"가전", "식품"}

// newCompany makes two years of orders of 400 customers; the first ten times busier.
func newCompany() *company {
	s := &company{people: 400}
	random := rand.New(rand.NewPCG(7, 7)) //nolint:gosec // a test
	order := int64(0)
	for c := int64(1); c <= s.people-20; c++ { // the last twenty buy nothing
		rate := 0.02 * random.ExpFloat64()
		for day := random.IntN(300); day < 730; day += 1 + int(random.ExpFloat64()/rate) {
			order++
			at := companyToday.AddDate(0, 0, day-729).Add(10 * time.Hour)
			channel := []string{"매장", "온라인"}[random.IntN(2)]
			for line := range 1 + random.IntN(2) {
				s.lines = append(s.lines, sold{c, order, at, int64(1 + random.IntN(4)), channel, int64(1000 * (1 + random.IntN(50))), line == 0})
			}
		}
		arm, clicked := "treatment", int64(random.IntN(2))
		if c%4 == 0 {
			arm, clicked = "control", 0
		}
		s.contacts = append(s.contacts, contacted{c, companyToday.AddDate(0, 0, -90).Add(time.Hour), arm, clicked})
	}
	return s
}

func (s *company) open(t *testing.T) *duckdb.Warehouse {
	t.Helper()
	columns := func(text string) (out []warehouse.Column) {
		for _, c := range strings.Split(text, ", ") {
			name, kind, _ := strings.Cut(c, " ")
			out = append(out, warehouse.Column{Name: name, Type: kind})
		}
		return out
	}
	w, err := duckdb.Open(t.Context(), duckdb.Options{Zone: time.UTC}, warehouse.Table{
		Name: "customers", Key: "id", Columns: columns("id BIGINT, branch VARCHAR, owner_id BIGINT, kind VARCHAR, sex VARCHAR, birth_on DATE, sido VARCHAR, grade VARCHAR, job_title VARCHAR, " +
			"household_id BIGINT, household_state VARCHAR, created_at TIMESTAMP, joined_on DATE, has_email BOOLEAN, has_mobile BOOLEAN, has_phone BOOLEAN, has_address BOOLEAN, attr_spending BIGINT"),
		Load: func(_ context.Context, _ []int64, emit func(row ...any) error) error {
			for id := int64(1); id <= s.people; id++ {
				birth := fmt.Sprintf("%d-03-01", 1950+id%50)
				spending := any(int64(3_000_000))
				if id%2 == 0 {
					spending = nil
				}
				if err := emit(id, []string{"강남", "서면"}[id%2], nil, "person", []string{"female", "male"}[id%2], birth, []string{"서울", "부산"}[id%2], "", "",
					(id+1)/2, "confirmed", companyToday.AddDate(-3, 0, 0), companyToday.AddDate(-3, 0, 0).Format(time.DateOnly), id%3 != 0, id%3 == 0, false, true, spending); err != nil {
					return err
				}
			}
			return nil
		},
	}, warehouse.Table{
		Name: "order_lines", Key: "customer_id", Cluster: "customer_id, ordered_at", Columns: columns("id BIGINT, customer_id BIGINT, order_id BIGINT, ordered_at TIMESTAMP, product_id BIGINT, channel VARCHAR, store VARCHAR, " +
			"counts INTEGER, first_line INTEGER, quantity BIGINT, amount BIGINT, discount BIGINT, coupon_discount BIGINT, currency VARCHAR, margin BIGINT, costed BIGINT"),
		Load: func(_ context.Context, _ []int64, emit func(row ...any) error) error {
			for i, l := range s.lines {
				first := int64(0)
				if l.isFirst {
					first = 1
				}
				if err := emit(int64(i+1), l.customer, l.order, l.at, l.product, l.channel, "", int64(2), first, int64(1000), l.amount, int64(0), int64(0), "KRW", l.amount/4, l.amount); err != nil {
					return err
				}
			}
			return nil
		},
	}, warehouse.Table{
		Name: "products", Key: "id", Columns: columns("id BIGINT, name VARCHAR, category VARCHAR, department VARCHAR, brand VARCHAR"),
		Load: func(_ context.Context, _ []int64, emit func(row ...any) error) error {
			for id := range int64(4) {
				if err := emit(id+1, fmt.Sprint("상품", id), fmt.Sprint("분류", id), departments[id%2], ""); err != nil {
					return err
				}
			}
			return nil
		},
	}, warehouse.Table{
		Name: "events", Key: "customer_id", Columns: columns("id BIGINT, customer_id BIGINT, at TIMESTAMP, kind VARCHAR"),
		Load: func(_ context.Context, _ []int64, emit func(row ...any) error) error {
			for i, c := range s.contacts {
				if c.arm == "control" {
					continue
				}
				if err := emit(int64(2*i), c.customer, c.at, "sent"); err != nil {
					return err
				}
				if c.clicked == 0 {
					continue
				}
				if err := emit(int64(2*i+1), c.customer, c.at.Add(time.Hour), "clicked"); err != nil {
					return err
				}
			}
			return nil
		},
	}, warehouse.Table{
		Name: "campaign_recipients", Key: "customer_id", Columns: columns("id BIGINT, campaign_id BIGINT, customer_id BIGINT, arm VARCHAR, planned_at TIMESTAMP, sent INTEGER, clicked INTEGER, unsubscribed INTEGER"),
		Load: func(_ context.Context, _ []int64, emit func(row ...any) error) error {
			for i, c := range s.contacts {
				sent := int64(1)
				if c.arm == "control" {
					sent = 0
				}
				if err := emit(int64(i+1), int64(1), c.customer, c.arm, c.at, sent, c.clicked, int64(0)); err != nil {
					return err
				}
			}
			return nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	if err := w.Rebuild(t.Context(), func(context.Context) (int64, error) { return 3, nil }, nil); err != nil {
		t.Fatal(err)
	}
	return w
}

// withQueueKRW is a service that does its work, on the day of the company.
func withQueueKRW(t *testing.T, db *database.DB, w *duckdb.Warehouse) *mining.Service {
	t.Helper()
	s := mining.New(db, nil, w, mining.Options{Currency: "KRW", Zone: time.UTC, Clock: func() time.Time { return companyToday }})
	queue := job.New(db, job.Config{Poll: 10 * time.Millisecond})
	s.RegisterJobs(queue)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); _ = queue.Run(ctx) }()
	t.Cleanup(func() { stop(); <-done })
	return s
}
