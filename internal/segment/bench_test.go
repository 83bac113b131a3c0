// SPDX-License-Identifier: Apache-2.0

package segment_test

import (
	"encoding/json"
	"testing"
	"time"

	"dangol/bench/shop"
	"dangol/internal/cube"
	"dangol/internal/customer"
	"dangol/internal/segment"
)

func openShop(b *testing.B) *segment.Service {
	b.Helper()
	w := shop.Open(b)
	c, err := cube.New(nil, w, shop.Cubes(), cube.Options{Clock: func() time.Time { return shop.Today }})
	if err != nil {
		b.Fatal(err)
	}
	return segment.New(nil, nil, w, c, segment.Options{})
}

func preview(b *testing.B, rules string) {
	b.Helper()
	s := openShop(b)
	for b.Loop() {
		if _, err := s.Preview(shop.Boss(), []byte(rules)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPreviewAttributes(b *testing.B) {
	preview(b, `{"op":"and","rules":[{"field":"sido","is":"in","value":["서울특별시","경기도"]},{"field":"age","is":"between","value":[30,49]},{"field":"sex","is":"eq","value":"female"}]}`)
}

func BenchmarkPreviewBoughtLately(b *testing.B) {
	preview(b, `{"op":"and","rules":[{"field":"sido","is":"eq","value":"서울특별시"},{"event":"order","within":{"last_days":90}}]}`)
}

func BenchmarkPreviewSpentMuch(b *testing.B) {
	preview(b, `{"op":"and","rules":[{"event":"order","sum":{"of":"amount","is":"gte","value":1000000},"within":{"last_days":365}},{"event":"order","last":{"is":"not_in_last_days","value":60}}]}`)
}

func BenchmarkPreviewBoughtCategory(b *testing.B) {
	preview(b, `{"op":"and","rules":[{"event":"order","where":{"field":"product.category","is":"eq","value":"분류 7"},"count":{"is":"gte","value":2}},{"op":"not","rules":[{"event":"order","where":{"field":"product.category","is":"eq","value":"분류 8"}}]}]}`)
}

func list(b *testing.B, q customer.Question) {
	b.Helper()
	s := openShop(b)
	for b.Loop() {
		if _, err := s.FindIDs(shop.Boss(), q); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkListFilterAndSort(b *testing.B) {
	list(b, customer.Question{
		Rules: json.RawMessage(`{"op":"and","rules":[{"field":"grade","is":"eq","value":"VIP"},{"field":"has_email","is":"eq","value":true}]}`),
		Sort:  "full_name", Limit: 100, CountTo: 10_000,
	})
}

func BenchmarkListSortEverybody(b *testing.B) {
	list(b, customer.Question{Sort: "record_count", Desc: true, Limit: 100, CountTo: 10_000})
}

func BenchmarkListDeepPage(b *testing.B) {
	list(b, customer.Question{Sort: "full_name", After: &customer.Anchor{Value: "하하하", ID: 5}, Limit: 100})
}

func BenchmarkListJump(b *testing.B) {
	list(b, customer.Question{Sort: "full_name", Offset: int64(shop.Customers() / 2), Limit: 100})
}
