// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"math"
	"strconv"
	"strings"
)

type product struct {
	code, name, brand, department, category string
	price, cost                             int
}

// kind is a type of goods with its five variants, cheapest first.
type kind struct {
	category  int
	products  [5]int
	companion int // the kind bought with it, or -1
}

type assortment struct {
	products []product
	kinds    []kind
	inside   [categoryCount][]int // kinds of a category, best seller first
	popular  [categoryCount]weights
	season   [categoryCount][12]float64
}

func newAssortment(seed uint64) *assortment {
	a := &assortment{}
	r := newRandom(seed, streamProduct, 0)
	byName := map[string]int{}
	companions := []string{}
	for c, line := range strings.Split(categoryTable, "\n") {
		part := strings.Split(line, "|")
		for m, text := range strings.Fields(part[2]) {
			tenths, _ := strconv.Atoi(text)
			a.season[c][m] = float64(tenths) / 10
		}
		var shares []float64
		for i, entry := range strings.Split(part[3], ",") {
			f := strings.Split(entry, ":")
			hundreds, _ := strconv.Atoi(f[1])
			byName[f[0]] = len(a.kinds)
			companions = append(companions, f[2])
			a.inside[c] = append(a.inside[c], len(a.kinds))
			a.kinds = append(a.kinds, a.newKind(&r, c, part[0], part[1], f[0], hundreds*100))
			shares = append(shares, 1/math.Pow(float64(i+1), 0.7))
		}
		a.popular[c] = newWeights(shares)
	}
	for i, name := range companions {
		a.kinds[i].companion = -1
		if k, ok := byName[name]; ok {
			a.kinds[i].companion = k
		}
	}
	return a
}

func (a *assortment) newKind(r *random, c int, department, category, name string, price int) kind {
	k := kind{category: c}
	for v, text := range variantTable[department] {
		label, factor, _ := strings.Cut(text, " ")
		percent, _ := strconv.Atoi(factor)
		// Prices end in 900 won as on real shelves; small ones in 90.
		amount := price * percent / 100 * r.between(92, 108) / 100
		step := 1000
		if amount < 5000 {
			step = 100
		}
		amount = max(step, amount/step*step) - step/10
		brand := brandTable[department][(v+len(a.kinds))%5]
		k.products[v] = len(a.products)
		a.products = append(a.products, product{
			code: "P" + strconv.Itoa(10001+len(a.products)), name: brand + " " + label + " " + name, brand: brand,
			department: department, category: category, price: amount, cost: amount * r.between(48, 74) / 100,
		})
	}
	return k
}

func (a *assortment) csv() []byte {
	b := []byte("\ufeff상품코드,상품명,대분류,중분류,브랜드,판매가,원가,과세구분\r\n")
	for i := range a.products {
		p := &a.products[i]
		tax := "과세"
		if p.category == "신선식품" {
			tax = "면세" // unprocessed food is exempt from VAT
		}
		b = appendRow(b, p.code, p.name, p.department, p.category, p.brand, strconv.Itoa(p.price), strconv.Itoa(p.cost), tax)
	}
	return b
}

// appendRow writes one CSV row with CRLF and quotes where needed.
func appendRow(b []byte, fields ...string) []byte {
	for i, f := range fields {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendField(b, f)
	}
	return append(b, '\r', '\n')
}

func appendField(b []byte, f string) []byte {
	if !strings.ContainsAny(f, ",\"\r\n") {
		return append(b, f...)
	}
	b = append(b, '"')
	for i := range len(f) {
		if f[i] == '"' {
			b = append(b, '"')
		}
		b = append(b, f[i])
	}
	return append(b, '"')
}

func categoryNames() []string {
	names := make([]string, 0, categoryCount)
	for line := range strings.SplitSeq(categoryTable, "\n") {
		names = append(names, strings.Split(line, "|")[1])
	}
	return names
}
