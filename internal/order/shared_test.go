// SPDX-License-Identifier: Apache-2.0

package order

import (
	"context"
	"testing"

	"dangol/internal/platform/database"
	"dangol/internal/platform/database/databasetest"
)

// Shops sell what the product master of another source lists, whichever of the
// two comes first.
func TestShopsSellWhatTheMasterLists(t *testing.T) {
	t.Parallel()
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		b := newBench(t, db, 2)
		sale := func(row int64, product string) Fact {
			return sold(row, 1, FieldOrderKey, product, FieldProductKey, product, FieldAmount, "1000", FieldOrderedAt, "2026-01-02")
		}
		master := func(row int64, product, category string) Fact {
			return Fact{Row: row, Values: map[string]string{FieldProductKey: product, FieldProductName: "이름 " + product, FieldCategory: category}}
		}
		b.load(Batch{ID: 1, SourceID: 9, Kind: Products}, []Fact{master(2, "early", "식품")}, 10)
		b.load(Batch{ID: 2, SourceID: 1, Kind: Transactions}, []Fact{sale(2, "early"), sale(3, "late"), sale(4, "twice")}, 10)
		b.load(Batch{ID: 3, SourceID: 9, Kind: Products}, []Fact{master(3, "late", "의류"), master(4, "twice", "가")}, 10)
		b.load(Batch{ID: 4, SourceID: 8, Kind: Products}, []Fact{master(2, "twice", "나")}, 10)
		categories := map[int64]any{}
		err := b.s.store.loadProductFacts(b.ctx, nil, func(row ...any) error {
			categories[row[0].(int64)] = row[3]
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for product, want := range map[string]any{"early": "식품", "late": "의류", "twice": nil} {
			id := b.number("SELECT l.product_id "+liveSales[:len("FROM order_lines")]+" l JOIN orders o ON o.id = l.order_id WHERE o.order_key = ?", product)
			if categories[id] != want {
				t.Errorf("%s: category %v, want %v", product, categories[id], want)
			}
			var one []any
			if err := b.s.store.loadProductFacts(context.Background(), []int64{id}, func(row ...any) error { one = append([]any(nil), row...); return nil }); err != nil || one[3] != want {
				t.Errorf("%s by id: %v %v", product, one, err)
			}
		}
		if n := b.number("SELECT COUNT(*) FROM products WHERE product_key = 'early'"); n != 1 {
			t.Errorf("%d products for one", n)
		}
	})
}
