// SPDX-License-Identifier: Apache-2.0

package mining_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"dangol/internal/mining"
	"dangol/internal/platform/database"
	"dangol/internal/platform/database/databasetest"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/warehouse"
	"dangol/internal/platform/warehouse/duckdb"
)

// town is a warehouse of a made-up town: women of 41 to 50 buy tea, whoever
// buys tea buys cups in the same order, and customers with an even number stop
// buying more and more.
func town(t *testing.T, people int) *duckdb.Warehouse {
	t.Helper()
	columns := func(text string) (out []warehouse.Column) {
		for _, c := range strings.Split(text, ", ") {
			name, kind, _ := strings.Cut(c, " ")
			out = append(out, warehouse.Column{Name: name, Type: kind})
		}
		return out
	}
	random := rand.New(rand.NewPCG(5, 1)) //nolint:gosec // no secret
	start := time.Date(2024, 1, 1, 9, 0, 0, 0, time.UTC)
	var customers, lines [][]any
	order := int64(0)
	for id := int64(1); id <= int64(people); id++ {
		sex, born := []string{"female", "male"}[random.IntN(2)], 1955+random.IntN(50)
		customers = append(customers, []any{id, []string{"강남", "서면"}[random.IntN(2)], nil, sex, "서울특별시", time.Date(born, 5, 1, 0, 0, 0, 0, time.UTC), "VIP", "사원", "person"})
		drinksTea := sex == "female" && born > 1974 && born <= 1984
		gap := 20.0
		for day := float64(random.IntN(60)); day < 700; day += gap * (.5 + random.Float64()) {
			order++
			items := []int64{4}
			if random.Float64() < .15 || drinksTea && random.Float64() < .7 {
				items = []int64{1, 2}
			}
			if random.Float64() < .3 {
				items = append(items, 3)
			}
			for i, product := range items {
				first := 0
				if i == 0 {
					first = 1
				}
				lines = append(lines, []any{id, order, start.AddDate(0, 0, int(day)), 2, first, int64(1000), int64(1000 + random.IntN(9000)), "USD", product, int64(0), int64(0), nil}) // nobody noted the channel
			}
			if id%2 == 0 {
				gap *= 1.25
			}
		}
	}
	products := [][]any{{int64(1), "녹차", "차"}, {int64(2), "찻잔", "그릇"}, {int64(3), "떡", "간식"}, {int64(4), "쌀", "곡식"}}
	load := func(rows [][]any) func(context.Context, []int64, func(...any) error) error {
		return func(_ context.Context, _ []int64, emit func(row ...any) error) error {
			for _, row := range rows {
				if err := emit(row...); err != nil {
					return err
				}
			}
			return nil
		}
	}
	w, err := duckdb.Open(t.Context(), duckdb.Options{Zone: time.UTC},
		warehouse.Table{Name: "customers", Key: "id", Columns: columns("id BIGINT, branch VARCHAR, owner_id BIGINT, sex VARCHAR, sido VARCHAR, birth_on DATE, grade VARCHAR, job_title VARCHAR, kind VARCHAR"), Load: load(customers)},
		warehouse.Table{Name: "products", Key: "id", Columns: columns("id BIGINT, name VARCHAR, category VARCHAR"), Load: load(products)},
		warehouse.Table{
			Name: "order_lines", Key: "customer_id", Cluster: "customer_id, ordered_at", Load: load(lines),
			Columns: columns("customer_id BIGINT, order_id BIGINT, ordered_at TIMESTAMP, counts INTEGER, first_line INTEGER, quantity BIGINT, amount BIGINT, currency VARCHAR, product_id BIGINT, discount BIGINT, coupon_discount BIGINT, channel VARCHAR"),
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

// found runs a model over the town and reads its result.
func found[Result any](t *testing.T, s *mining.Service, kind, settings string) Result {
	t.Helper()
	run := computed(t, s, kind, settings)
	var out Result
	if run.State != mining.RunDone {
		t.Fatalf("%s %s: %s", kind, run.State, run.Problem)
	}
	if err := json.Unmarshal(run.Result, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestFindingsOfATown(t *testing.T) {
	t.Parallel()
	w := town(t, 1500)
	s := withQueue(t, databasetest.SQLite(t, database.Options{}), w, "2025-12-20")
	if err := s.RefreshRFM(boss()); err != nil {
		t.Fatal(err)
	}
	t.Run("basket", func(t *testing.T) {
		got := found[mining.Basket](t, s, "basket", `{"by":"category","support":0.05,"confidence":0.5}`)
		if len(got.Rules) == 0 {
			t.Fatal("no rule")
		}
		best := got.Rules[0]
		pair := strings.Join(best.Left, "+") + ">" + best.Right
		if pair != "차>그릇" && pair != "그릇>차" || best.Confidence != 1 || best.Lift < 2 {
			t.Errorf("%s, confidence %g, lift %g", pair, best.Confidence, best.Lift)
		}
		if len(got.Names) != 4 || len(got.Lift) != 4 {
			t.Errorf("a matrix of %v", got.Names)
		}
	})
	t.Run("basket against the year before", func(t *testing.T) {
		got := found[mining.Basket](t, s, "basket", `{"by":"category","support":0.05,"confidence":0.5,"from":"2025-01-01","to":"2025-06-30","against":"before"}`)
		if got.Others == 0 || len(got.Rules) == 0 || got.Rules[0].Against == nil || got.Rules[0].Against.Confidence != 1 || got.Rules[0].Against.P < .05 {
			t.Errorf("%d baskets before, %+v", got.Others, got.Rules)
		}
		if f, c := got.Sets["frequent"], got.Sets["closed"]; f.Count != got.Itemsets || c.Count == 0 || c.Count > f.Count || got.Sets["maximal"].Count > c.Count || len(f.First) == 0 {
			t.Errorf("sets %+v", got.Sets)
		}
	})
	t.Run("basket of champions against others", func(t *testing.T) {
		all := found[mining.Basket](t, s, "basket", `{"by":"category","support":0.05,"confidence":0.5}`)
		got := found[mining.Basket](t, s, "basket", `{"by":"category","support":0.05,"confidence":0.5,"group":"champion","against":"others"}`)
		if got.Baskets == 0 || got.Baskets+got.Others != all.Baskets {
			t.Errorf("%d of champions and %d of others are not all %d baskets", got.Baskets, got.Others, all.Baskets)
		}
	})
	t.Run("profile", func(t *testing.T) {
		got := found[mining.Portrayal](t, s, "profile", `{"of":"category","value":"차","months":3}`)
		if len(got.Rules) == 0 {
			t.Fatal("no rule")
		}
		for _, want := range []string{"여성", "나이 4", "‘차’ 상품을 산 고객"} {
			if !strings.Contains(got.Sentences[0].Ko, want) {
				t.Errorf("%q lacks %q", got.Sentences[0].Ko, want)
			}
		}
		if !strings.Contains(string(got.Segments[0]), `"field":"sex"`) || strings.Contains(got.Sentences[0].En, "sex =") {
			t.Errorf("segment %s, sentence %q", got.Segments[0], got.Sentences[0].En)
		}
	})
	t.Run("cluster", func(t *testing.T) {
		got := found[mining.Clusters](t, s, "cluster", `{"k":3}`)
		total := 0
		for i, p := range got.Portraits {
			total += p.Size
			if got.NamesKo[i] == "" || strings.Contains(got.NamesKo[i]+got.NamesEn[i], "_") {
				t.Errorf("group %d is named %q, %q", i, got.NamesKo[i], got.NamesEn[i])
			}
		}
		rows, err := w.Query(t.Context(), "SELECT count(*) FROM cluster_members WHERE number = 1")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = rows.Close() }()
		var members int
		if !rows.Next() || rows.Scan(&members) != nil || members != got.Portraits[0].Size {
			t.Errorf("%d members of the first group, which has %d", members, got.Portraits[0].Size)
		}
		_ = rows.Close()
		if len(got.Portraits) != 3 || total != got.Customers || len(got.Trials) != 8 {
			t.Errorf("%d groups of %d customers, %d in all, %d trials", len(got.Portraits), got.Customers, total, len(got.Trials))
		}
		tree := found[mining.Clusters](t, s, "cluster", `{"k":2,"method":"hierarchical","measures":["orders","recency_days","age"]}`)
		if len(tree.Portraits) != 2 || tree.Sample != 1500 || len(tree.Heights) != 14 || tree.Heights[0] < tree.Heights[1] || tree.Stability < 0.2 {
			t.Errorf("tree of %d: %d groups, heights %v, stability %g", tree.Sample, len(tree.Portraits), tree.Heights, tree.Stability)
		}
		for _, p := range tree.Portraits {
			if n := rowsOf(t, w, fmt.Sprintf("cluster_members WHERE number = %d", p.Number)); n != int64(p.Size) {
				t.Errorf("group %d: %d rows, portrait of %d", p.Number, n, p.Size)
			}
		}
	})
	t.Run("statistics", func(t *testing.T) {
		got := found[mining.Statistics](t, s, "statistics", `{"column":"orders"}`)
		if got.Customers == 0 || len(got.Pairs) < 8 || got.Regression == nil || len(got.TermsKo) != len(got.Regression.Terms) {
			t.Fatalf("%d customers, %d pairs, regression %v", got.Customers, len(got.Pairs), got.Regression)
		}
		first := got.Pairs[0]
		if first.Strength != "large" || first.Adjusted > .001 {
			t.Errorf("the strongest is %s: %s, p %g", first.Column, first.Strength, first.Adjusted)
		}
		for i, pair := range got.Pairs {
			if strings.Contains(pair.Statement.Ko+pair.Statement.En, "_") {
				t.Errorf("raw names in %q", pair.Statement.En)
			}
			if pair.Column == "sex" && (pair.Strength == "large" || pair.Groups == nil || len(pair.Groups.Groups) != 2) {
				t.Errorf("sex has nothing to do with it: %+v", pair)
			}
			if i > 0 && pair.P < 0 || pair.Adjusted < pair.P {
				t.Errorf("p %g, adjusted %g", pair.P, pair.Adjusted)
			}
		}
		sexes := found[mining.Statistics](t, s, "statistics", `{"column":"sex"}`)
		for _, pair := range sexes.Pairs {
			if pair.Column == "branch" && (pair.Table == nil || pair.Table.N != sexes.Customers) {
				t.Errorf("sex by branch: %+v", pair.Table)
			}
		}
	})
	t.Run("recommendation", func(t *testing.T) {
		got := found[mining.Recommendation](t, s, "recommendation", `{"months":0,"deploy":true}`)
		if got.Products != 4 || got.Customers == 0 || len(got.Compared.Methods) != 3 || !got.IsDeployed || got.CutOn < "2025-01-01" {
			t.Fatalf("%d products, %d customers, cut %s, %+v", got.Products, got.Customers, got.CutOn, got.Compared)
		}
		example := got.Examples[0]
		offers, err := s.ProposedTo(boss(), []int64{example.CustomerID, 1 << 40})
		if err != nil || len(offers) != 1 || len(offers[example.CustomerID]) != len(example.Offers) || offers[example.CustomerID][0] != example.Offers[0] {
			t.Errorf("%v, %v; the run says %v", offers, err, example.Offers)
		}
	})
	t.Run("lookalike", func(t *testing.T) {
		s.UseMembers(&club{ids: tea(t, w)})
		got := found[mining.Lookalikes](t, s, "lookalike", `{"segment_id":1,"drop":["top_category","categories"]}`)
		if got.Buyers == 0 || got.Study.Test.AUC < .75 || len(got.Found) == 0 || got.Found[0].Count != 100 || got.Found[0].Lift < 1.5 {
			t.Fatalf("%d buyers, AUC %.3f, %+v", got.Buyers, got.Study.Test.AUC, got.Found)
		}
		if len(got.Best) == 0 || len(got.Best[0].Reasons) == 0 || got.Labels["age"][0] != "나이" {
			t.Errorf("%+v, %v", got.Best, got.Labels)
		}
		s.UseMembers(&club{ids: []int64{1, 2}})
		if run := computed(t, s, "lookalike", `{"segment_id":1}`); run.State != mining.RunFailed || !strings.Contains(run.Problem, "30") {
			t.Errorf("an example of two: %s %q", run.State, run.Problem)
		}
	})
	t.Run("prediction", func(t *testing.T) {
		got := found[mining.Prediction](t, s, "prediction", `{"event":"stops","horizon_days":60,"model":"logistic","deploy":true}`)
		if got.Study.Test.AUC < .75 {
			t.Errorf("AUC %.3f: customers whose purchases grow rarer are not recognised", got.Study.Test.AUC)
		}
		if got.LearnedOn >= got.TestedOn || got.TestedOn >= got.ScoredOn || !got.IsDeployed || got.Scored == 0 {
			t.Errorf("learned on %s, tested on %s, scored on %s, %d scores, deployed %v", got.LearnedOn, got.TestedOn, got.ScoredOn, got.Scored, got.IsDeployed)
		}
		for _, one := range got.Study.Statements {
			if strings.Contains(one.Ko+one.En, "_days") || strings.Contains(one.Ko, "target") {
				t.Errorf("raw names in %q / %q", one.Ko, one.En)
			}
		}
		customers := 0
		for _, band := range got.Bands {
			customers += band.Customers
		}
		if customers != got.Scored || len(got.Best) == 0 || len(got.Best[0].Reasons) == 0 {
			t.Errorf("%d in bands, %d scored, %d shown", customers, got.Scored, len(got.Best))
		}
		again := found[mining.Prediction](t, s, "prediction", `{"event":"stops","horizon_days":60,"model":"logistic","deploy":true}`)
		if again.Compared == nil || again.Drift == nil || !again.IsChallenger || again.IsDeployed {
			t.Error("the second run does not set itself against the model in use")
		}
	})
}

func TestFindingsRefuse(t *testing.T) {
	t.Parallel()
	s := withQueue(t, databasetest.SQLite(t, database.Options{}), open(t, nil), "2026-01-01")
	for _, c := range [][2]string{
		{"basket", `{"by":"x"}`},
		{"basket", `{"support":2}`},
		{"basket", `{"from":"1.1.2020"}`},
		{"profile", `{"of":"grade"}`},
		{"profile", `{"of":"x","value":"y"}`},
		{"cluster", `{"k":1}`},
		{"cluster", `{"measures":["name"]}`},
		{"cluster", `{"method":"magic"}`},
		{"cluster", `[]`},
		{"prediction", `{}`},
		{"prediction", `{"event":"buys"}`},
		{"prediction", `{"event":"buys","category":"차","product":"녹차"}`},
		{"prediction", `{"event":"complains"}`},
		{"prediction", `{"event":"late"}`},
		{"prediction", `{"event":"stops","gap_days":-1}`},
		{"prediction", `{"event":"stops","gain":-1}`},
		{"rescore", `{"event":"x"}`},
		{"lookalike", `{}`},
		{"lookalike", `{"segment_id":1,"model":"oracle"}`},
		{"prediction", `{"event":"stops","horizon_days":1}`},
		{"prediction", `{"event":"stops","model":"oracle"}`},
		{"statistics", `{"column":"shoe_size"}`},
		{"recommendation", `{"months":-1}`},
	} {
		if _, err := s.StartRun(boss(), c[0], json.RawMessage(c[1]), 0); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s %s: %v", c[0], c[1], err)
		}
	}
}

// tea are half of those whom the town is told to drink it: women of 41 to 50.
func tea(t *testing.T, w *duckdb.Warehouse) (ids []int64) {
	t.Helper()
	rows, err := w.Query(t.Context(), "SELECT id FROM customers WHERE sex = 'female' AND year(birth_on) BETWEEN 1975 AND 1984 AND id % 3 <> 0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return ids
}

// Levels are told by their words, not as they are stored.
func TestStatisticsTellLevelsInWords(t *testing.T) {
	t.Parallel()
	s := withQueue(t, databasetest.SQLite(t, database.Options{}), town(t, 400), "2025-12-20")
	if err := s.RefreshRFM(boss()); err != nil {
		t.Fatal(err)
	}
	got := found[mining.Statistics](t, s, "statistics", `{"column":"revenue"}`)
	for _, pair := range got.Pairs {
		if pair.Column == "sex" && (!strings.Contains(pair.Statement.Ko, "여성") || !strings.Contains(pair.Statement.En, "women") || strings.Contains(pair.Statement.En, "female")) {
			t.Errorf("%q, %q", pair.Statement.Ko, pair.Statement.En)
		}
	}
}
