// SPDX-License-Identifier: Apache-2.0

package cube_test

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"testing"

	"dangol/internal/cube"
	"dangol/internal/order"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/warehouse/image"
)

// TestImageAnswersLikeDuckDB asks random questions of both engines: the answers
// must be equal to the letter.
func TestImageAnswersLikeDuckDB(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(77, 3))
	shop := newShop(9, 120, 1500)
	quick, w := shop.openWith(t, nil)
	duck, _ := shop.openWith(t, nil)
	m, err := image.Open(w.Columns(), image.Options{Dir: t.TempDir(), Spec: func(ctx context.Context) image.Spec {
		return image.SpecOf(ctx, append(order.Cubes(), customerCube()), w.Column)
	}})
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Build(boss(), nil); err != nil {
		t.Fatal(err)
	}
	quick.UseImage(m)
	narrow := auth.With(context.Background(), auth.Person{ID: 2, Permissions: auth.Permit("*"), Scope: auth.Scope{Branch: "강남", OwnerID: 2}})
	images := 0
	const rounds = 400
	for range rounds {
		q := randomQuery(r)
		ctx := boss()
		if r.IntN(5) == 0 {
			ctx = narrow
		}
		a, errA := duck.Query(ctx, q)
		b, errB := quick.Query(ctx, q)
		if (errA == nil) != (errB == nil) {
			t.Fatalf("%+v: DuckDB %v, image %v", q, errA, errB)
		}
		if errA != nil {
			continue
		}
		if b.Explain.Engine == "image" {
			images++
		}
		a.Explain, a.Milliseconds, a.AsOf, a.IsCached = b.Explain, b.Milliseconds, b.AsOf, b.IsCached
		x, _ := json.Marshal(a)
		y, _ := json.Marshal(b)
		if string(x) != string(y) {
			text, _ := json.Marshal(q)
			at := 0
			for at < min(len(x), len(y)) && x[at] == y[at] {
				at++
			}
			from := max(at-60, 0)
			t.Fatalf("%s\nDuckDB …%s\n%-6s …%s (%s)", text, x[from:min(at+200, len(x))], b.Explain.Engine, y[from:min(at+200, len(y))], b.Explain.Why)
		}
	}
	if images < rounds/2 {
		t.Errorf("the image answered only %d of %d questions", images, rounds)
	}
}

func randomQuery(r *rand.Rand) cube.Query {
	dims := []string{
		"customer.sido", "customer.sex", "customer.age", "order.month", "order.year", "order.quarter", "order.week", "order.day", "order.weekday",
		"order.hour", "order.channel", "order.status", "order.currency", "product.category", "product.name",
	}
	measures := []string{
		"order.revenue", "order.count", "order.customers", "order.new_customers", "order.lines", "order.quantity", "order.products", "order.returned",
		"order.average", "order.revenue_each", "order.return_rate", "order.revenue.share", "customer.count",
	}
	r.Shuffle(len(dims), func(i, j int) { dims[i], dims[j] = dims[j], dims[i] })
	r.Shuffle(len(measures), func(i, j int) { measures[i], measures[j] = measures[j], measures[i] })
	rows := r.IntN(3)
	q := cube.Query{Measures: measures[:1+r.IntN(4)], Dimensions: dims[:rows]}
	if r.IntN(3) == 0 {
		q.Columns = dims[rows : rows+1]
	}
	if r.IntN(2) == 0 {
		q.Totals = []string{"rows", "columns", "grand"}[:1+r.IntN(3)]
	}
	if r.IntN(3) == 0 {
		q.Period = &cube.Period{From: "2025-02-01", To: []string{"2025-10-31", "2026-01-17"}[r.IntN(2)]}
		if r.IntN(3) == 0 {
			q.Compare = "previous_year"
		}
	}
	if r.IntN(4) == 0 {
		q.Order = []cube.Order{{By: q.Measures[0], Desc: r.IntN(2) == 0}}
	}
	leaf := func() cube.Filter {
		return []cube.Filter{
			{Field: "customer.sido", Is: "in", Value: []byte(`["서울특별시","경기도"]`)},
			{Field: "customer.age", Is: "gte", Value: []byte(`35`)},
			{Field: "order.channel", Is: "ne", Value: []byte(`"온라인"`)},
			{Field: "product.category", Is: "is_set"},
			{Field: "order.month", Is: "gte", Value: []byte(`"2025-03"`)},
			{Field: "order.weekday", Is: "in", Value: []byte(`[1,2,6]`)},
		}[r.IntN(6)]
	}
	switch r.IntN(4) {
	case 0:
		f := leaf()
		q.Filters = &f
	case 1:
		q.Filters = &cube.Filter{Op: []string{"and", "or"}[r.IntN(2)], Rules: []cube.Filter{leaf(), {Op: "not", Rules: []cube.Filter{leaf()}}}}
	}
	return q
}
