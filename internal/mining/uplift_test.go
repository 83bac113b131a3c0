// SPDX-License-Identifier: Apache-2.0

package mining_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"dangol/internal/mining"
	"dangol/internal/platform/database"
	"dangol/internal/platform/database/databasetest"
	"dangol/internal/platform/warehouse"
	"dangol/internal/platform/warehouse/duckdb"
)

// mailed is a warehouse of people who bought before 2025-03-01, when some of
// them were written to: of women who were, moved more buy than of those held back.
func mailed(t *testing.T, people int, moved float64) *duckdb.Warehouse {
	t.Helper()
	random := rand.New(rand.NewPCG(7, 2)) //nolint:gosec // no secret
	start := time.Date(2025, 3, 1, 0, 0, 0, 0, time.UTC)
	var customers, lines, targets [][]any
	order := int64(0)
	buy := func(id int64, at time.Time) {
		order++
		lines = append(lines, []any{id, order, at, 2, 1, int64(1000), int64(5000 + random.IntN(5000)), "USD", int64(1), int64(0), int64(0), "web"})
	}
	for id := int64(1); id <= int64(people); id++ {
		sex := []string{"female", "male"}[random.IntN(2)]
		customers = append(customers, []any{id, "강남", nil, sex, "서울특별시", time.Date(1960+random.IntN(40), 5, 1, 0, 0, 0, 0, time.UTC), nil, nil, "person"})
		for range 1 + random.IntN(4) {
			buy(id, start.AddDate(0, 0, -1-random.IntN(300)))
		}
		arm, chance := "treatment", 0.1
		if random.Float64() < 0.4 {
			arm = "control"
		} else if sex == "female" {
			chance += moved
		}
		if random.Float64() < chance {
			buy(id, start.AddDate(0, 0, random.IntN(14)))
		}
		targets = append(targets, []any{id, id, int64(7), "봄맞이", start, start.AddDate(0, 0, 13), arm})
		if id%10 == 0 {
			targets = append(targets, []any{id + 1e6, id, int64(8), "대조군 없음", start, nil, "treatment"}, []any{id + 2e6, id, int64(9), "진행 중", start.AddDate(0, 3, 0), nil, arm})
		}
	}
	return opened(t, map[string][][]any{
		"customers: id BIGINT, branch VARCHAR, owner_id BIGINT, sex VARCHAR, sido VARCHAR, birth_on DATE, grade VARCHAR, job_title VARCHAR, kind VARCHAR": customers,
		"products: id BIGINT, name VARCHAR, category VARCHAR": {{int64(1), "녹차", "차"}},
		"order_lines: customer_id BIGINT, order_id BIGINT, ordered_at TIMESTAMP, counts INTEGER, first_line INTEGER, quantity BIGINT, amount BIGINT, currency VARCHAR, product_id BIGINT, discount BIGINT, coupon_discount BIGINT, channel VARCHAR": lines,
		"promotion_targets: id BIGINT, customer_id BIGINT, promotion_id BIGINT, promotion VARCHAR, start_on DATE, end_on DATE, arm VARCHAR, targeted_at TIMESTAMP":                                                                                  targets,
		"campaign_recipients: id BIGINT, customer_id BIGINT, campaign_id BIGINT, campaign VARCHAR, planned_at TIMESTAMP, arm VARCHAR":                                                                                                               nil,
	})
}

// opened is a warehouse of tables, each named with its columns; values that are
// missing at the end of a row are nothing.
func opened(t *testing.T, tables map[string][][]any) *duckdb.Warehouse {
	t.Helper()
	var list []warehouse.Table
	for text, rows := range tables {
		name, columns, _ := strings.Cut(text, ": ")
		table := warehouse.Table{Name: name}
		for _, column := range strings.Split(columns, ", ") {
			name, kind, _ := strings.Cut(column, " ")
			table.Columns = append(table.Columns, warehouse.Column{Name: name, Type: kind})
		}
		table.Key = table.Columns[0].Name
		table.Load = func(_ context.Context, _ []int64, emit func(row ...any) error) error {
			for _, row := range rows {
				if err := emit(append(slices.Clone(row), make([]any, len(table.Columns)-len(row))...)...); err != nil {
					return err
				}
			}
			return nil
		}
		list = append(list, table)
	}
	w, err := duckdb.Open(t.Context(), duckdb.Options{Zone: time.UTC}, list...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	if err := w.Rebuild(t.Context(), func(context.Context) (int64, error) { return 3, nil }, nil); err != nil {
		t.Fatal(err)
	}
	return w
}

func TestUpliftOfPastCampaigns(t *testing.T) {
	t.Parallel()
	w := mailed(t, 8000, 0.2)
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		s := withQueue(t, db, w, "2025-06-05")
		list, err := s.ListTested(boss())
		if err != nil || len(list) != 3 {
			t.Fatalf("%d campaigns, %v", len(list), err)
		}
		got := found[mining.Uplift](t, s, "uplift", `{"of":"promotion"}`)
		problems := map[string]string{}
		for _, c := range got.Campaigns {
			problems[c.Name] = c.Problem
		}
		if problems["봄맞이"] != "" || problems["대조군 없음"] != "no_control" || problems["진행 중"] != "not_over" {
			t.Errorf("problems %v", problems)
		}
		if got.Mean.Low > 0.1 || got.Mean.High < 0.1 || got.Mean.Low < 0.05 || !got.IsShown || !got.IsDeployed || len(got.Unbalanced) > 0 || got.Scored != 8000 {
			t.Errorf("mean %+v, shown %t, unbalanced %v, scored %d", got.Mean, got.IsShown, got.Unbalanced, got.Scored)
		}
		if len(got.Tenths) != 10 || got.Tenths[0].Uplift < 0.12 || !strings.Contains(got.Words.Ko, "누구에게 연락하느냐가 중요") {
			t.Errorf("best tenth %+v, %s", got.Tenths[0], got.Words.Ko)
		}
		rows, err := w.Query(t.Context(), "SELECT avg(CASE WHEN c.sex = 'female' THEN 1.0 ELSE 0 END) FROM customer_uplifts u JOIN customers c ON c.id = u.customer_id WHERE u.tenth <= 4")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = rows.Close() }()
		var women float64
		for rows.Next() {
			if err := rows.Scan(&women); err != nil {
				t.Fatal(err)
			}
		}
		if women < 0.9 {
			t.Errorf("%.2f of the best tenths are women", women)
		}
		if money := found[mining.Uplift](t, s, "uplift", `{"of":"promotion","id":7,"outcome":"revenue","deploy":false}`); money.Currency != "USD" || money.Mean.Low < 0 || money.IsDeployed {
			t.Errorf("revenue %+v, deployed %t", money.Mean, money.IsDeployed)
		}
		if run := computed(t, s, "uplift", `{"of":"campaign"}`); run.State != mining.RunFailed || !strings.Contains(run.Problem, "control group") {
			t.Errorf("own campaigns: %s %s", run.State, run.Problem)
		}
	})
}

func TestUpliftSaysThatThereIsNone(t *testing.T) {
	t.Parallel()
	s := withQueue(t, databasetest.SQLite(t, database.Options{}), mailed(t, 4000, 0), "2025-06-05")
	got := found[mining.Uplift](t, s, "uplift", `{"of":"promotion","id":7}`)
	if got.IsShown || got.IsDeployed || got.Mean.Low > 0 || got.Mean.High < 0 || !strings.Contains(got.Words.En, "nothing to be found") || !strings.Contains(got.Words.Ko, "우연과 구별되지 않습니다") {
		t.Errorf("%+v: %s", got.Mean, got.Words.En)
	}
}
