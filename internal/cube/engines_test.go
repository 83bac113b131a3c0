// SPDX-License-Identifier: Apache-2.0

package cube_test

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"

	"dangol/internal/cube"
	"dangol/internal/order"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/warehouse"
	"dangol/internal/platform/warehouse/clickhouse"
	"dangol/internal/platform/warehouse/clickhouse/clickhousetest"
	"dangol/internal/platform/warehouse/duckdb"
	"dangol/internal/platform/warehouse/image"
)

func specOf(w *duckdb.Warehouse) func(ctx context.Context) image.Spec {
	return func(ctx context.Context) image.Spec {
		return image.SpecOf(ctx, append(order.Cubes(), customerCube()), w.Column)
	}
}

// mirrorOf brings a warehouse to servers and asks them.
func mirrorOf(t *testing.T, w *duckdb.Warehouse, c *clickhousetest.Cluster) *clickhouse.Mirror {
	t.Helper()
	m, err := clickhouse.Open(clickhouse.Options{Address: c.Address(), Source: w.Columns(), Spec: specOf(w)})
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Level(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.Attach(m)
	return m
}

// TestClickHouseAnswersLikeDuckDB asks random questions of one server and of two shards: equal to the letter,
// before and after rows were replaced.
func TestClickHouseAnswersLikeDuckDB(t *testing.T) {
	t.Parallel()
	for _, shards := range []int{1, 2} {
		servers := clickhousetest.Start(t, shards)
		r := rand.New(rand.NewPCG(78, 3))
		shop := newShop(9, 120, 1500)
		service, w := shop.openWith(t, nil)
		m := mirrorOf(t, w, servers)
		service.UseCluster(m)
		narrow := auth.With(context.Background(), auth.Person{ID: 2, Permissions: auth.Permit("*"), Scope: auth.Scope{Branch: "강남", OwnerID: 2}})
		answered := 0
		const rounds = 150
		for round := range rounds {
			if round == rounds/2 {
				replaceSome(t, shop, w, m)
			}
			q := randomQuery(r)
			ctx := boss()
			if r.IntN(5) == 0 {
				ctx = narrow
			}
			q.Engine = "duckdb"
			a, errA := service.Query(ctx, q)
			q.Engine = "clickhouse"
			b, errB := service.Query(ctx, q)
			if fault.CodeOf(errB) == "cube.engine_cannot" && !strings.Contains(errB.Error(), "refused") && !strings.Contains(errB.Error(), "behind") {
				continue
			}
			if (errA == nil) != (errB == nil) {
				t.Fatalf("%+v: DuckDB %v, ClickHouse %v", q, errA, errB)
			}
			if errA != nil {
				continue
			}
			answered++
			a.Explain, a.Milliseconds, a.AsOf, a.IsCached = b.Explain, b.Milliseconds, b.AsOf, b.IsCached
			x, _ := json.Marshal(a)
			y, _ := json.Marshal(b)
			if string(x) != string(y) {
				text, _ := json.Marshal(q)
				t.Fatalf("%d shards, %s\nDuckDB     %s\nClickHouse %s", shards, text, x, y)
			}
		}
		if answered < rounds/2 {
			t.Errorf("ClickHouse answered only %d of %d questions", answered, rounds)
		}
	}
}

// replaceSome changes rows of some customers, as the feed does.
func replaceSome(t *testing.T, shop *store, w *duckdb.Warehouse, m *clickhouse.Mirror) {
	t.Helper()
	for i := range shop.lines {
		if shop.lines[i].customer%7 == 0 {
			shop.lines[i].amount += 1000
		}
		if shop.lines[i].customer == 3 { // merged into 4
			shop.lines[i].customer = 4
		}
	}
	ids := []int64{3, 4}
	for id := int64(7); id < 120; id += 7 {
		ids = append(ids, id)
	}
	if err := w.Apply(t.Context(), []warehouse.Entry{{Seq: 50, Kind: "customer.merged", SubjectKind: "customer", SubjectIDs: ids}}); err != nil {
		t.Fatal(err)
	}
	if err := m.Level(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// TestShardDown: a question never gets the answer of what is left; DuckDB answers, and the reason is told.
func TestShardDown(t *testing.T) {
	t.Parallel()
	servers := clickhousetest.Start(t, 2)
	service, w := newShop(9, 120, 1500).openWith(t, nil)
	m := mirrorOf(t, w, servers)
	service.UseCluster(m)
	q := cube.Query{Measures: []string{"order.revenue", "order.customers"}, Dimensions: []string{"order.channel"}}
	before, err := service.Query(boss(), q)
	if err != nil || before.Explain.Engine != "clickhouse" {
		t.Fatalf("%+v %v", before, err)
	}
	servers.Servers[1].Kill()
	q.Limit = 999 // another question for the cache
	after, err := service.Query(boss(), q)
	if err != nil {
		t.Fatal(err)
	}
	if after.Explain.Engine != "duckdb" || !strings.Contains(after.Explain.Why, "ClickHouse does not answer") {
		t.Errorf("explained as %+v", after.Explain)
	}
	x, _ := json.Marshal(before.Rows)
	y, _ := json.Marshal(after.Rows)
	if string(x) != string(y) {
		t.Errorf("before %s\nafter  %s", x, y)
	}
	if s := m.Status(); s.State != clickhouse.StateLost || s.Error == "" {
		t.Errorf("the mirror says %+v", s)
	}
	q.Engine = "clickhouse"
	if _, err := service.Query(boss(), q); fault.CodeOf(err) != "cube.engine_cannot" {
		t.Errorf("the broken cluster answered: %v", err)
	}
}
