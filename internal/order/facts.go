// SPDX-License-Identifier: Apache-2.0

package order

import (
	"context"
	"strings"
	"time"

	"dangol/internal/platform/database"
	"dangol/internal/platform/warehouse"
)

// How a line takes part in sums and counts (P-RFM-1): kept as a number,
// because comparing words twenty million times costs more.
const (
	countsNot    = 0 // pending, cancelled, or returned on its own row
	countsRefund = 1 // takes back an earlier sale: part of sums only
	countsSale   = 2 // part of sums and counts
)

var lineFacts = []warehouse.Column{
	{Name: "id", Type: warehouse.BigInt},
	{Name: "customer_id", Type: warehouse.BigInt},
	{Name: "record_id", Type: warehouse.BigInt},
	{Name: "order_id", Type: warehouse.BigInt},
	{Name: "source_id", Type: warehouse.BigInt},
	{Name: "ordered_at", Type: warehouse.Timestamp},
	{Name: "ordered_month", Type: warehouse.Integer},
	{Name: "product_id", Type: warehouse.BigInt},
	{Name: "channel", Type: warehouse.Varchar},
	{Name: "store", Type: warehouse.Varchar},
	{Name: "status", Type: warehouse.Varchar},
	{Name: "counts", Type: warehouse.Integer},
	// first_line is 1 on one counted line of each order, first_sale on one
	// counted line of each customer's first order: distinct counts become sums.
	{Name: "first_line", Type: warehouse.Integer},
	{Name: "first_sale", Type: warehouse.Integer},
	// first_on is the day of the customer's first order, the same on all of their lines.
	{Name: "first_on", Type: warehouse.Date},
	{Name: "quantity", Type: warehouse.BigInt},
	{Name: "amount", Type: warehouse.BigInt},
	{Name: "returned", Type: warehouse.BigInt},
	{Name: "discount", Type: warehouse.BigInt},
	{Name: "coupon_discount", Type: warehouse.BigInt},
	{Name: "currency", Type: warehouse.Varchar},
	{Name: "campaign_id", Type: warehouse.BigInt},
	// margin is amount less cost, and costed the amount, of lines whose product
	// has a cost; without one both are missing, not nothing.
	{Name: "margin", Type: warehouse.BigInt},
	{Name: "costed", Type: warehouse.BigInt},
}

var productFacts = []warehouse.Column{
	{Name: "id", Type: warehouse.BigInt},
	{Name: "product_key", Type: warehouse.Varchar},
	{Name: "name", Type: warehouse.Varchar},
	{Name: "category", Type: warehouse.Varchar},
	{Name: "department", Type: warehouse.Varchar},
	{Name: "brand", Type: warehouse.Varchar},
}

// Tables returns the warehouse tables of order lines, products and targets of past campaigns; zone is
// where months begin, nil is Asia/Seoul.
func Tables(db *database.DB, zone *time.Location) []warehouse.Table {
	if zone == nil {
		zone = time.FixedZone("Asia/Seoul", 9*60*60) // no summer time since 1988
	}
	s := &store{db: db}
	products, costs := &watch{state: s.productState, rows: s.loadProductFacts}, &costWatch{store: s}
	return []warehouse.Table{
		{
			Name: "order_lines", Key: "customer_id", Subject: "customer", Columns: lineFacts,
			Follows: []string{"order.*", "intake.*", "customer.*", "match.*"},
			Subjects: func(ctx context.Context, e warehouse.Entry) ([]int64, bool, error) {
				if changed, err := costs.changed(ctx, e); err != nil || changed {
					return nil, changed, err
				}
				return s.touchedBuyers(ctx, e)
			},
			Load: func(ctx context.Context, ids []int64, emit func(row ...any) error) error {
				return s.loadLineFacts(ctx, zone, ids, emit)
			},
			Parts:   func(ctx context.Context, n int) ([]warehouse.Part, error) { return s.lineFactParts(ctx, zone, n) },
			Cluster: "customer_id, ordered_at, id", Aged: "ordered_at",
		},
		{
			Name: "products", Key: "id", Subject: "product", Columns: productFacts,
			Follows:  []string{"order.*", "intake.*", "product.*"},
			Subjects: products.productsTouched,
			Load:     products.load,
		},
		targetTable(db),
	}
}

// touchedBuyers leaves out entries that bring no line and move none from one
// customer to another: creating and editing customers, and imports of
// customers alone (their merges are entries of their own).
func (s *store) touchedBuyers(ctx context.Context, e warehouse.Entry) ([]int64, bool, error) {
	return touchedBy(ctx, e, s.hasLines)
}

// touchedBy are the customers of an entry whose facts may have moved; of a batch
// only when it brought any.
func touchedBy(ctx context.Context, e warehouse.Entry, has func(ctx context.Context, batchID int64) (bool, error)) ([]int64, bool, error) {
	if e.SubjectKind != "customer" || isBeside(e.Kind) {
		return nil, false, nil
	}
	if !e.Bulk {
		if e.Kind == "customer.updated" || e.Kind == "customer.created" {
			return nil, false, nil
		}
		return e.SubjectIDs, false, nil
	}
	if e.Batch != 0 {
		if brought, err := has(ctx, e.Batch); err != nil || !brought {
			return nil, false, err
		}
	}
	var ids []int64
	err := e.Touched(ctx, func(id int64) error {
		ids = append(ids, id)
		return nil
	})
	return ids, false, err
}

// isBeside reports whether the change is of what stands beside customers: no line moves with it.
func isBeside(kind string) bool {
	return strings.HasPrefix(kind, "customer.household") || strings.HasPrefix(kind, "customer.rela") || kind == "customer.unrelated"
}

// costWatch sees whether the costs of products have changed: then every line
// has another margin. Few imports tell costs, and fewer change them.
type costWatch struct {
	store *store
	last  [2]int64
	known bool
}

func (w *costWatch) changed(ctx context.Context, e warehouse.Entry) (bool, error) {
	if strings.HasPrefix(e.Kind, "order.") || strings.HasPrefix(e.Kind, "customer.") || strings.HasPrefix(e.Kind, "match.") {
		return false, nil
	}
	state, err := w.store.costState(ctx)
	if err != nil {
		return false, err
	}
	isNew := !w.known && state != [2]int64{} || w.known && state != w.last
	w.last, w.known = state, true
	return isNew, nil
}

// watch remembers the state of a described table as of its last whole load:
// imports describe products and promotions by the way, and few of them do.
type watch struct {
	state func(ctx context.Context) ([2]int64, error)
	rows  func(ctx context.Context, ids []int64, emit func(row ...any) error) error
	last  [2]int64
	known bool
}

// load is rows that remembers what it has seen.
func (w *watch) load(ctx context.Context, ids []int64, emit func(row ...any) error) error {
	state, err := w.state(ctx)
	if err != nil {
		return err
	}
	if err := w.rows(ctx, ids, emit); err != nil {
		return err
	}
	if ids == nil {
		w.last, w.known = state, true
	}
	return nil
}

// productsTouched answers which products an entry may have changed.
func (w *watch) productsTouched(ctx context.Context, e warehouse.Entry) ([]int64, bool, error) {
	if e.SubjectKind == "product" && !e.Bulk {
		return e.SubjectIDs, false, nil
	}
	if !e.Bulk && strings.HasPrefix(e.Kind, "order.") {
		return nil, false, nil
	}
	state, err := w.state(ctx)
	if err != nil || w.known && state == w.last {
		return nil, false, err
	}
	return nil, true, nil
}

// Cubes returns the cube of orders, the one of products that it joins, and the one of past campaigns.
func Cubes() []warehouse.Cube {
	return []warehouse.Cube{orderCube(), productCube(), promotionCube()}
}

func orderCube() warehouse.Cube {
	times := warehouse.TimeDimensions("", "ordered_at", warehouse.Text{Ko: "주문", En: "Ordered"})
	for i := range times {
		times[i].Month = "ordered_month"
	}
	for _, d := range warehouse.DateDimensions("first_", "first_on", warehouse.Text{Ko: "첫 구매", En: "First purchase"}) {
		if d.Unit == warehouse.UnitYear || d.Unit == warehouse.UnitQuarter || d.Unit == warehouse.UnitMonth {
			times = append(times, d) // rows of a cohort
		}
	}
	choice := func(name, ko, en string, values ...warehouse.Value) warehouse.Dimension {
		return warehouse.Dimension{Name: name, Column: name, Kind: warehouse.KindChoice, Label: warehouse.Text{Ko: ko, En: en}, Values: values}
	}
	status := choice("status", "상태", "Status", statusValues...)
	status.Line = true
	return warehouse.Cube{
		Name: "order", Label: warehouse.Text{Ko: "주문", En: "Orders"},
		Table: "order_lines", Key: "id", Time: "ordered_at", Customer: "customer_id", Permission: "order:read",
		Joins: []warehouse.Join{{Cube: "customer", Column: "customer_id"}, {Cube: "product", Column: "product_id"}},
		Dimensions: append(times,
			warehouse.Dimension{Name: "at", Column: "ordered_at", Kind: warehouse.KindTime, FilterOnly: true, Label: warehouse.Text{Ko: "주문 시각", En: "Ordered at"}},
			choice("channel", "채널", "Channel"), choice("store", "매장", "Store"), status,
			choice("currency", "통화", "Currency"),
			warehouse.Dimension{Name: "source_id", Column: "source_id", Kind: warehouse.KindID, Label: warehouse.Text{Ko: "출처", En: "Source"}},
			warehouse.Dimension{Name: "campaign_id", Column: "campaign_id", Kind: warehouse.KindID, Label: warehouse.Text{Ko: "캠페인", En: "Campaign"}},
			warehouse.Dimension{Name: "product_id", Column: "product_id", Kind: warehouse.KindID, Line: true, FilterOnly: true, Label: warehouse.Text{Ko: "상품 번호", En: "Product number"}},
			warehouse.Dimension{Name: "amount", Column: "amount", Kind: warehouse.KindMoney, Line: true, FilterOnly: true, Label: warehouse.Text{Ko: "상품 금액", En: "Line amount"}},
			warehouse.Dimension{Name: "quantity", Column: "quantity", Kind: warehouse.KindQuantity, Line: true, FilterOnly: true, Label: warehouse.Text{Ko: "수량", En: "Quantity"}},
		),
		Measures: orderMeasures(),
		Events:   orderEvents(),
	}
}

func orderEvents() []warehouse.Event {
	sums := []warehouse.Dimension{
		{Name: "amount", Column: "amount", Kind: warehouse.KindMoney, Label: warehouse.Text{Ko: "금액", En: "Amount"}},
		{Name: "quantity", Column: "quantity", Kind: warehouse.KindQuantity, Label: warehouse.Text{Ko: "수량", En: "Quantity"}},
		{Name: "discount", Column: "discount", Kind: warehouse.KindMoney, Label: warehouse.Text{Ko: "할인", En: "Discount"}},
	}
	given := []warehouse.Condition{{Column: "status", Values: []any{string(Returned), string(Refunded)}}}
	return []warehouse.Event{
		{
			Name: "order", Label: warehouse.Text{Ko: "구매", En: "Purchase"}, CountBy: "order_id", CountFlag: "first_line", Currency: "currency",
			Base:    []warehouse.Condition{{Column: "counts", Values: []any{int64(countsRefund), int64(countsSale)}}},
			Counted: []warehouse.Condition{{Column: "counts", Values: []any{int64(countsSale)}}},
			Sums:    sums,
		},
		{
			Name: "return", Label: warehouse.Text{Ko: "반품·환불", En: "Return"}, CountBy: "order_id", Currency: "currency",
			Base: given, Counted: given,
			Sums: []warehouse.Dimension{{Name: "amount", Column: "returned", Kind: warehouse.KindMoney, Label: warehouse.Text{Ko: "금액", En: "Amount"}}},
		},
	}
}

var statusValues = []warehouse.Value{
	{Value: string(Paid), Label: warehouse.Text{Ko: "결제", En: "Paid"}},
	{Value: string(Refunded), Label: warehouse.Text{Ko: "환불", En: "Refunded"}},
	{Value: string(Returned), Label: warehouse.Text{Ko: "반품", En: "Returned"}},
	{Value: string(Pending), Label: warehouse.Text{Ko: "결제 대기", En: "Pending"}},
	{Value: string(Cancelled), Label: warehouse.Text{Ko: "취소", En: "Cancelled"}},
}

func orderMeasures() []warehouse.Measure {
	sold := []warehouse.Condition{{Column: "counts", Values: []any{int64(countsRefund), int64(countsSale)}}}
	sale := []warehouse.Condition{{Column: "counts", Values: []any{int64(countsSale)}}}
	money := func(name, column, ko, en string, where []warehouse.Condition) warehouse.Measure {
		return warehouse.Measure{
			Name: name, Aggregate: warehouse.Sum, Column: column, Where: where, Kind: warehouse.KindMoney, Currency: "currency",
			Label: warehouse.Text{Ko: ko, En: en},
		}
	}
	ratio := func(name, over, under, ko, en string, kind warehouse.Kind) warehouse.Measure {
		m := warehouse.Measure{Name: name, Aggregate: warehouse.Ratio, Over: over, Under: under, Kind: kind, Label: warehouse.Text{Ko: ko, En: en}}
		if kind == warehouse.KindMoney {
			m.Currency = "currency"
		}
		return m
	}
	revenue := money("revenue", "amount", "매출", "Revenue", sold)
	revenue.About = warehouse.Text{
		Ko: "결제된 주문 금액에서 환불을 뺀 금액 (취소·반품 제외)", En: "Amounts paid less refunds; cancelled and returned lines do not count",
	}
	returned := money("returned", "returned", "반품·환불 금액", "Returned", nil)
	returned.Event = "return"
	margin := money("margin", "margin", "매출 총이익", "Margin", sold)
	margin.About = warehouse.Text{
		Ko: "매출에서 상품 원가를 뺀 금액. 원가를 모르는 상품은 세지 않습니다", En: "Revenue less the cost of goods; lines of products without a cost do not count",
	}
	costed := money("costed", "costed", "원가를 아는 매출", "Revenue with known cost", sold)
	costed.About = warehouse.Text{Ko: "원가가 있는 상품의 매출", En: "Revenue of products that have a cost"}
	rate := ratio("return_rate", "returned", "sales", "반품률", "Return rate", warehouse.KindPercent)
	rate.Event = "return"
	return []warehouse.Measure{
		revenue,
		{
			Name: "count", Aggregate: warehouse.Distinct, Column: "order_id", Where: sale, Flag: "first_line", Kind: warehouse.KindInteger,
			Label: warehouse.Text{Ko: "주문 수", En: "Orders"}, About: warehouse.Text{Ko: "결제된 주문의 수", En: "Orders with at least one paid line"},
		},
		{
			Name: "customers", Aggregate: warehouse.Distinct, Column: "customer_id", Where: sale, Kind: warehouse.KindInteger,
			Label: warehouse.Text{Ko: "구매 고객 수", En: "Buyers"}, About: warehouse.Text{Ko: "구매한 고객 수 (중복 제외)", En: "Distinct customers who bought"},
		},
		{
			Name: "new_customers", Aggregate: warehouse.Sum, Column: "first_sale", Where: sale, Kind: warehouse.KindInteger,
			Label: warehouse.Text{Ko: "첫 구매 고객 수", En: "First-time buyers"}, About: warehouse.Text{Ko: "첫 구매가 여기에 속하는 고객 수", En: "Customers whose first purchase is here"},
		},
		{Name: "lines", Aggregate: warehouse.Count, Where: sale, Kind: warehouse.KindInteger, Label: warehouse.Text{Ko: "주문 상품 수", En: "Order lines"}},
		{Name: "quantity", Aggregate: warehouse.Sum, Column: "quantity", Where: sold, Kind: warehouse.KindQuantity, Label: warehouse.Text{Ko: "수량", En: "Quantity"}},
		money("discount", "discount", "할인", "Discount", sold),
		money("coupon_discount", "coupon_discount", "쿠폰 할인", "Coupon discount", sold),
		returned,
		money("sales", "amount", "총매출", "Gross sales", sale),
		{
			Name: "products", Aggregate: warehouse.Distinct, Column: "product_id", Where: sale, Kind: warehouse.KindInteger,
			Label: warehouse.Text{Ko: "상품 종류 수", En: "Distinct products"},
		},
		margin, costed,
		ratio("margin_rate", "margin", "costed", "매출 총이익률", "Margin rate", warehouse.KindPercent),
		ratio("costed_rate", "costed", "revenue", "원가를 아는 매출 비중", "Share of revenue with known cost", warehouse.KindPercent),
		ratio("average", "revenue", "count", "주문당 금액", "Average order value", warehouse.KindMoney),
		ratio("revenue_each", "revenue", "customers", "고객당 매출", "Revenue per buyer", warehouse.KindMoney),
		ratio("orders_each", "count", "customers", "고객당 주문 수", "Orders per buyer", warehouse.KindNumber),
		ratio("lines_each", "lines", "count", "주문당 상품 수", "Lines per order", warehouse.KindNumber),
		rate,
		ratio("discount_rate", "discount", "sales", "할인율", "Discount rate", warehouse.KindPercent),
	}
}

func productCube() warehouse.Cube {
	choice := func(name, ko, en string) warehouse.Dimension {
		return warehouse.Dimension{Name: name, Column: name, Kind: warehouse.KindChoice, Line: true, Label: warehouse.Text{Ko: ko, En: en}}
	}
	product := warehouse.Dimension{
		Name: "name", Column: "id", Display: "name", Kind: warehouse.KindID, Line: true, Parent: "category", Label: warehouse.Text{Ko: "상품", En: "Product"},
	}
	category := choice("category", "분류", "Category")
	category.Parent = "department"
	return warehouse.Cube{
		Name: "product", Label: warehouse.Text{Ko: "상품", En: "Products"}, Table: "products", Key: "id", Permission: "order:read",
		Dimensions: []warehouse.Dimension{choice("department", "부문", "Department"), category, choice("brand", "브랜드", "Brand"), product},
		Measures: []warehouse.Measure{
			{Name: "count", Aggregate: warehouse.Count, Kind: warehouse.KindInteger, Label: warehouse.Text{Ko: "등록 상품 수", En: "Products"}},
		},
	}
}
