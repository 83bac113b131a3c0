// SPDX-License-Identifier: Apache-2.0

package segment_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"dangol/internal/cube"
	"dangol/internal/order"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/warehouse"
	"dangol/internal/platform/warehouse/condition"
	"dangol/internal/platform/warehouse/duckdb"
	"dangol/internal/platform/warehouse/image"
	"dangol/internal/segment"
)

var (
	seoul = time.FixedZone("KST", 9*3600)
	today = time.Date(2026, 3, 15, 10, 0, 0, 0, seoul)
)

// sheet is a table of a test with its rows.
type sheet struct {
	name, key string
	columns   []warehouse.Column
	rows      [][]any
}

func columns(list ...string) []warehouse.Column {
	var out []warehouse.Column
	for _, c := range list {
		name, kind, _ := strings.Cut(c, " ")
		out = append(out, warehouse.Column{Name: name, Type: kind})
	}
	return out
}

func sheets() map[string]*sheet {
	return map[string]*sheet{
		"customers": {name: "customers", key: "id", columns: columns(
			"id BIGINT", "name_key VARCHAR", "sido VARCHAR", "sex VARCHAR", "birth_on DATE", "birth_md INTEGER", "grade VARCHAR",
			"branch VARCHAR", "owner_id BIGINT", "has_email BOOLEAN", "created_at TIMESTAMP", "attr_hobby VARCHAR", "attr_points BIGINT", "attr_rate DOUBLE",
		)},
		"order_lines": {name: "order_lines", key: "customer_id", columns: columns(
			"id BIGINT", "customer_id BIGINT", "order_id BIGINT", "product_id BIGINT", "ordered_at TIMESTAMP", "ordered_month INTEGER",
			"channel VARCHAR", "store VARCHAR", "status VARCHAR", "counts INTEGER", "first_line INTEGER", "first_sale INTEGER",
			"quantity BIGINT", "amount BIGINT", "returned BIGINT", "discount BIGINT", "coupon_discount BIGINT", "currency VARCHAR",
			"source_id BIGINT", "campaign_id BIGINT", "first_on DATE",
		)},
		"clicks":     {name: "clicks", key: "customer_id", columns: columns("id BIGINT", "customer_id BIGINT", "at TIMESTAMP", "kind VARCHAR")},
		"products":   {name: "products", key: "id", columns: columns("id BIGINT", "name VARCHAR", "category VARCHAR", "department VARCHAR", "brand VARCHAR")},
		"rfm_scores": {name: "rfm_scores", key: "customer_id", columns: columns("customer_id BIGINT", "r INTEGER", "segment VARCHAR")},
	}
}

func cubes() []warehouse.Cube {
	dim := func(name, column string, kind warehouse.Kind) warehouse.Dimension {
		return warehouse.Dimension{Name: name, Column: column, Kind: kind}
	}
	customer := warehouse.Cube{
		Name: "customer", Table: "customers", Key: "id", Customer: "id", IsCustomers: true, Permission: "customer:read",
		Measures: []warehouse.Measure{{Name: "count", Aggregate: warehouse.Count, Kind: warehouse.KindInteger}},
		Dimensions: append([]warehouse.Dimension{
			dim("full_name", "name_key", warehouse.KindText), dim("sido", "sido", warehouse.KindChoice), dim("sex", "sex", warehouse.KindChoice),
			dim("grade", "grade", warehouse.KindChoice), dim("owner_id", "owner_id", warehouse.KindID), dim("branch", "branch", warehouse.KindChoice),
			dim("has_email", "has_email", warehouse.KindBoolean), dim("created_at", "created_at", warehouse.KindTime),
			{Name: "birth_on", Column: "birth_on", MonthDay: "birth_md", Kind: warehouse.KindDate},
			{Name: "age", Column: "birth_on", Kind: warehouse.KindInteger, Unit: warehouse.UnitAge},
		}, warehouse.TimeDimensions("created_", "created_at", warehouse.Text{})...),
		Extra: func(context.Context) []warehouse.Dimension {
			return []warehouse.Dimension{
				dim("attr.hobby", "attr_hobby", warehouse.KindText), dim("attr.points", "attr_points", warehouse.KindInteger),
				dim("attr.rate", "attr_rate", warehouse.KindNumber), dim("attr.unborn", "attr_unborn", warehouse.KindNumber),
			}
		},
	}
	scores := warehouse.Cube{
		Name: "rfm", Table: "rfm_scores", Customer: "customer_id", Profile: true,
		Dimensions: []warehouse.Dimension{dim("rfm_r", "r", warehouse.KindInteger), dim("rfm_segment", "segment", warehouse.KindChoice)},
	}
	kind := dim("kind", "kind", warehouse.KindChoice)
	clicks := warehouse.Cube{
		Name: "click", Table: "clicks", Key: "id", Time: "at", Customer: "customer_id", Dimensions: []warehouse.Dimension{kind},
		Events: []warehouse.Event{{
			Name: "click", Base: []warehouse.Condition{{Column: "kind", Values: []any{"click"}}},
			Counted: []warehouse.Condition{{Column: "kind", Values: []any{"click"}}},
		}},
	}
	return append(order.Cubes(), customer, scores, clicks)
}

// world is the sheets in DuckDB and in memory.
type world struct {
	sheets    map[string]*sheet
	warehouse *duckdb.Warehouse
	tables    *segment.Tables
	catalogue *segment.Catalogue
	cubes     *cube.Service
	at        condition.Moment
	image     *image.Image
}

func openWorld(t testing.TB, data map[string]*sheet) *world {
	t.Helper()
	w := &world{sheets: data, tables: segment.NewTables(seoul), at: condition.Moment{Today: today, Anniversaries: segment.Anniversaries}}
	var tables []warehouse.Table
	names := []string{"customers", "order_lines", "products", "rfm_scores", "clicks"}
	for _, name := range names {
		s := data[name]
		w.tables.Add(s.name, s.key, s.columns)
		for _, row := range s.rows {
			if err := w.tables.Put(s.name, row...); err != nil {
				t.Fatal(err)
			}
		}
		follows := []string{"customer.*"}
		if name == "products" {
			follows = nil
		}
		tables = append(tables, warehouse.Table{
			Name: s.name, Key: s.key, Columns: s.columns, Subject: "customer", Follows: follows,
			Load: func(_ context.Context, ids []int64, emit func(row ...any) error) error {
				key := slices.IndexFunc(s.columns, func(c warehouse.Column) bool { return c.Name == s.key })
				for _, row := range s.rows {
					if ids != nil && !slices.Contains(ids, row[key].(int64)) {
						continue
					}
					if err := emit(row...); err != nil {
						return err
					}
				}
				return nil
			},
		})
	}
	var err error
	w.warehouse, err = duckdb.Open(context.Background(), duckdb.Options{Zone: seoul, Clock: func() time.Time { return today }}, tables...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.warehouse.Close() })
	if err := w.warehouse.Rebuild(context.Background(), func(context.Context) (int64, error) { return 0, nil }, nil); err != nil {
		t.Fatal(err)
	}
	w.cubes, err = cube.New(nil, w.warehouse, cubes(), cube.Options{Zone: seoul, Clock: func() time.Time { return today }})
	if err != nil {
		t.Fatal(err)
	}
	w.catalogue = segment.NewCatalogue(w.cubes.Model(boss()))
	w.image, err = image.Open(w.warehouse.Columns(), image.Options{
		Dir: t.TempDir(), Spec: func(ctx context.Context) image.Spec { return image.SpecOf(ctx, cubes(), w.warehouse.Column) },
	})
	if err != nil {
		t.Fatal(err)
	}
	w.warehouse.Attach(w.image)
	if err := w.image.Build(boss(), nil); err != nil {
		t.Fatal(err)
	}
	return w
}

// inImage answers a program out of the image.
func (w *world) inImage(p *segment.Program) ([]int64, error) {
	s, why := w.image.Current()
	if s == nil {
		return nil, errors.New(why)
	}
	found, err := s.Select(context.Background(), p.Rule(), image.Want{Keys: true, Sample: 3})
	if err == nil && (int(found.Count) != len(found.Keys) || len(found.Sample) != min(3, len(found.Keys))) {
		err = fmt.Errorf("count %d, keys %d, sample %d", found.Count, len(found.Keys), len(found.Sample))
	}
	return found.Keys, err
}

func boss() context.Context {
	return auth.With(context.Background(), auth.Person{ID: 1, Permissions: auth.Permit("*"), Scope: auth.Scope{All: true}})
}

func (w *world) compile(r *segment.Rule, saved segment.Resolver) (*segment.Program, error) {
	return w.catalogue.Compile(boss(), r, w.at, "KRW", saved)
}

// inDuckDB answers a program with SQL.
func (w *world) inDuckDB(p *segment.Program) ([]int64, error) {
	query, args := p.Select()
	rows, err := w.warehouse.Query(context.Background(), query, args...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", query, err)
	}
	defer func() { _ = rows.Close() }()
	list := []int64{}
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		list = append(list, id)
	}
	slices.Sort(list)
	return list, rows.Err()
}

// inGo answers a program customer by customer.
func (w *world) inGo(p *segment.Program) []int64 {
	list := []int64{}
	for _, row := range w.sheets["customers"].rows {
		id := row[0].(int64)
		if s, ok := w.tables.Slice(p, id); ok && p.Matches(s) {
			list = append(list, id)
		}
	}
	slices.Sort(list)
	return list
}
