// SPDX-License-Identifier: Apache-2.0

package cube_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"dangol/internal/cube"
	"dangol/internal/order"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/warehouse"
	"dangol/internal/platform/warehouse/duckdb"
)

// person and line are the rows of a little shop that tests compute by hand.
type person struct {
	id      int64
	sido    string
	sigungu string
	sex     string
	birth   time.Time
	branch  string
	owner   int64
	created time.Time
}

type line struct {
	id, customer, order, product int64
	at                           time.Time // local
	channel, status, currency    string
	counts                       int64
	firstLine, firstSale         int64
	quantity, amount, returned   int64
}

type product struct {
	id                                int64
	name, category, department, brand string
}

type store struct {
	people   []person
	lines    []line
	products []product
	zone     *time.Location
}

var now = time.Date(2026, 3, 15, 10, 0, 0, 0, time.UTC)

// newShop makes a shop in which most things that can be missing are missing somewhere.
func newShop(seed uint64, people, lines int) *store {
	r := rand.New(rand.NewPCG(seed, 1))
	s := &store{zone: time.FixedZone("KST", 9*3600)}
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	for i := range people {
		p := person{
			id: int64(i + 1), sido: pick("서울특별시", "부산광역시", "경기도", ""), sex: pick("male", "female", ""),
			branch: pick("강남", "서면", ""), owner: int64(r.IntN(3)),
			created: now.AddDate(0, -r.IntN(20), -r.IntN(28)),
		}
		if p.sido != "" {
			p.sigungu = pick("중구", "동구", "")
		}
		if r.IntN(5) > 0 {
			p.birth = time.Date(1940+r.IntN(80), time.Month(1+r.IntN(12)), 1+r.IntN(28), 0, 0, 0, 0, time.UTC)
		}
		s.people = append(s.people, p)
	}
	for i := range 12 {
		s.products = append(s.products, product{
			int64(i + 1), "상품" + string(rune('A'+i)), pick("과자", "음료", ""), pick("식품", "잡화"), pick("단골", "다른", ""),
		})
	}
	s.addLines(r, lines)
	return s
}

func (s *store) addLines(r *rand.Rand, lines int) {
	first := map[int64]int64{}
	for i, orderID := 0, int64(0); i < lines; {
		orderID++
		customer := int64(r.IntN(len(s.people)) + 1)
		if r.IntN(50) == 0 {
			customer = int64(len(s.people) + 5) // a hidden customer: not among the people
		}
		at := time.Date(2024, 10, 1, r.IntN(24), r.IntN(60), 0, 0, s.zone).AddDate(0, 0, int(orderID)*500/lines*3%520)
		channel := []string{"매장", "온라인", ""}[r.IntN(3)]
		hasSale := false
		for n := 1 + r.IntN(4); n > 0 && i < lines; n, i = n-1, i+1 {
			l := line{
				id: int64(i + 1), customer: customer, order: orderID, product: int64(r.IntN(14)), at: at, channel: channel,
				status: "paid", currency: "KRW", counts: 2, quantity: int64(1+r.IntN(3)) * 1000, amount: int64(r.IntN(100)) * 100,
			}
			switch r.IntN(12) {
			case 0:
				l.status, l.counts, l.amount = "refunded", 1, -l.amount
				l.returned = -l.amount
			case 1:
				l.status, l.counts, l.returned = "returned", 0, l.amount
			case 2:
				l.status, l.counts = "cancelled", 0
			}
			if l.counts == 2 && !hasSale {
				hasSale, l.firstLine = true, 1
				if _, ok := first[customer]; !ok {
					first[customer], l.firstSale = orderID, 1
				}
			}
			s.lines = append(s.lines, l)
		}
	}
}

func orNil(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func idOrNil(n int64) any {
	if n == 0 {
		return nil
	}
	return n
}

func text(name string) warehouse.Column { return warehouse.Column{Name: name, Type: warehouse.Varchar} }

func number(name string) warehouse.Column {
	return warehouse.Column{Name: name, Type: warehouse.BigInt}
}

func (s *store) tables() []warehouse.Table {
	return []warehouse.Table{
		{
			Name: "customers", Key: "id", Subject: "customer", Columns: []warehouse.Column{
				number("id"), text("sido"), text("sigungu"), text("sex"),
				{Name: "birth_on", Type: warehouse.Date},
				text("branch"), number("owner_id"),
				{Name: "created_at", Type: warehouse.Timestamp},
			},
			Load: func(_ context.Context, ids []int64, emit func(row ...any) error) error {
				for _, p := range s.people {
					if ids != nil && !slices.Contains(ids, p.id) {
						continue
					}
					var birth any
					if !p.birth.IsZero() {
						birth = p.birth
					}
					err := emit(p.id, orNil(p.sido), orNil(p.sigungu), orNil(p.sex), birth, orNil(p.branch), idOrNil(p.owner), p.created)
					if err != nil {
						return err
					}
				}
				return nil
			},
		},
		{
			Name: "order_lines", Key: "customer_id", Subject: "customer", Follows: []string{"customer.merged"}, Cluster: "customer_id, ordered_at", Columns: []warehouse.Column{
				number("id"), number("customer_id"), number("order_id"), number("product_id"),
				{Name: "ordered_at", Type: warehouse.Timestamp},
				{Name: "ordered_month", Type: warehouse.Integer},
				text("channel"), text("store"), text("status"),
				{Name: "counts", Type: warehouse.Integer},
				{Name: "first_line", Type: warehouse.Integer},
				{Name: "first_sale", Type: warehouse.Integer},
				number("quantity"), number("amount"), number("returned"), number("discount"), number("coupon_discount"), text("currency"),
				number("source_id"), number("campaign_id"),
			},
			Load: func(_ context.Context, ids []int64, emit func(row ...any) error) error {
				for _, l := range s.lines {
					if ids != nil && !slices.Contains(ids, l.customer) {
						continue
					}
					month := int64(l.at.Year())*12 + int64(l.at.Month()) - 1
					err := emit(l.id, l.customer, l.order, idOrNil(l.product), l.at.UTC(), month, orNil(l.channel), nil, l.status,
						l.counts, l.firstLine, l.firstSale, l.quantity, l.amount, l.returned, int64(5), int64(0), l.currency, int64(1), nil)
					if err != nil {
						return err
					}
				}
				return nil
			},
		},
		{
			Name: "products", Key: "id", Columns: []warehouse.Column{number("id"), text("name"), text("category"), text("department"), text("brand")},
			Load: func(_ context.Context, _ []int64, emit func(row ...any) error) error {
				for _, p := range s.products {
					if err := emit(p.id, p.name, orNil(p.category), p.department, orNil(p.brand)); err != nil {
						return err
					}
				}
				return nil
			},
		},
	}
}

func customerCube() warehouse.Cube {
	choice := func(name string, values ...warehouse.Value) warehouse.Dimension {
		return warehouse.Dimension{Name: name, Column: name, Kind: warehouse.KindChoice, Label: warehouse.Text{Ko: name, En: name}, Values: values}
	}
	sigungu := choice("sigungu")
	sigungu.Parent, sigungu.Within = "sido", true
	return warehouse.Cube{
		Name: "customer", Table: "customers", Key: "id", Customer: "id", IsCustomers: true, Permission: "customer:read",
		Dimensions: append([]warehouse.Dimension{
			choice("sido", warehouse.Value{Value: "서울특별시"}, warehouse.Value{Value: "부산광역시"}, warehouse.Value{Value: "경기도"}), sigungu, choice("sex"), choice("branch"),
			{Name: "age", Column: "birth_on", Kind: warehouse.KindInteger, Unit: warehouse.UnitAge, Bands: []warehouse.Band{
				{Name: "0-29", From: 0, To: 30}, {Name: "30-59", From: 30, To: 60}, {Name: "60+", From: 60},
			}},
		}, warehouse.TimeDimensions("created_", "created_at", warehouse.Text{})...),
		Measures: []warehouse.Measure{{Name: "count", Aggregate: warehouse.Count, Kind: warehouse.KindInteger}},
	}
}

func (s *store) open(t testing.TB) *cube.Service {
	t.Helper()
	service, _ := s.openWith(t, nil)
	return service
}

func (s *store) openFiscal(t testing.TB, month int) *cube.Service {
	t.Helper()
	service, _ := s.openOptions(t, cube.Options{FiscalMonth: month})
	return service
}

func (s *store) openWith(t testing.TB, access cube.AccessLog) (*cube.Service, *duckdb.Warehouse) {
	t.Helper()
	return s.openOptions(t, cube.Options{Access: access})
}

func (s *store) openOptions(t testing.TB, options cube.Options) (*cube.Service, *duckdb.Warehouse) {
	t.Helper()
	w, err := duckdb.Open(context.Background(), duckdb.Options{Zone: s.zone, Clock: func() time.Time { return now }}, s.tables()...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	if err := w.Rebuild(context.Background(), func(context.Context) (int64, error) { return 42, nil }, nil); err != nil {
		t.Fatal(err)
	}
	options.Zone, options.Clock = s.zone, func() time.Time { return now }
	service, err := cube.New(nil, w, append(order.Cubes(), customerCube()), options)
	if err != nil {
		t.Fatal(err)
	}
	return service, w
}

func boss() context.Context {
	return auth.With(context.Background(), auth.Person{ID: 1, Permissions: auth.Permit("*"), Scope: auth.Scope{All: true}})
}
