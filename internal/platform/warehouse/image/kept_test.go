// SPDX-License-Identifier: Apache-2.0

package image

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"strconv"
	"testing"

	"dangol/internal/platform/warehouse"
	"dangol/internal/platform/warehouse/condition"
)

func compiled(t *testing.T, column string, kind warehouse.Kind, is condition.Operator, value any) *condition.Test {
	t.Helper()
	test, err := condition.Compile(condition.Field{Name: column, Column: column, Kind: kind}, is, value, condition.Moment{})
	if err != nil {
		t.Fatal(err)
	}
	return test
}

// TestTypingAnswersAlike types bounds with and without kept numbers, between
// changes of people and of the things they bought.
func TestTypingAnswersAlike(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(21, 22))
	s := newFake(r, 6000)
	m := openFake(t, s)
	city := &Rule{Table: "people", Column: "city", Test: compiled(t, "city", warehouse.KindText, condition.Equal, "서울")}
	rules := func(bound int) []*Rule {
		number := strconv.Itoa(bound)
		of := func(a Aggregate, column string, where *Row) *Rule {
			return &Rule{Deed: &Deed{Table: "deeds", Where: where, Aggregate: a, Column: column, Test: compiled(t, "n", warehouse.KindInteger, condition.AtLeast, json.Number(number))}}
		}
		buys := &Row{Column: "kind", Test: compiled(t, "kind", warehouse.KindText, condition.Equal, "buy")}
		sort := &Row{Via: "thing", Lookup: "things", Column: "sort", Test: compiled(t, "sort", warehouse.KindText, condition.Equal, "부산")}
		return []*Rule{
			of(Sum, "amount", nil), of(Sum, "amount", buys), of(Count, "", sort), of(Count, "", buys), of(Last, "at", buys), of(First, "weight", nil), of(Last, "weight", buys),
			And(city, of(Sum, "weight", buys)),
			{Op: "not", Rules: []*Rule{of(Sum, "amount", sort)}},
			{Op: "or", Rules: []*Rule{of(Count, "", nil), city}},
		}
	}
	revenue := &Deed{Table: "deeds", Aggregate: Sum, Column: "amount", Where: nil, Test: compiled(t, "n", warehouse.KindInteger, condition.IsSet, nil)}
	for round := range 5 {
		for _, bound := range []int{-5000, 0, 1, 2, 3, 500, 5000} {
			for i, rule := range rules(bound) {
				now, why := m.Current()
				if now == nil {
					t.Fatal(why)
				}
				plain, err := now.Select(context.Background(), rule, Want{Keys: true, Sum: revenue})
				if err != nil {
					t.Fatal(err)
				}
				typed, err := now.Select(context.Background(), rule, Want{Keys: true, Sum: revenue, Typing: true})
				if err != nil {
					t.Fatal(err)
				}
				if !reflect.DeepEqual(plain, typed) {
					t.Fatalf("round %d, rule %d, bound %d: %d who come to %d while typing, %d and %d otherwise", round, i, bound, typed.Count, typed.Sum, plain.Count, plain.Sum)
				}
			}
		}
		ids := make([]int64, 40)
		for i := range ids {
			ids[i] = int64(1 + i*140 + round)
		}
		s.change(r, ids)
		if round == 2 {
			if err := m.Build(context.Background(), nil); err != nil {
				t.Fatal(err)
			}
		}
	}
	if now, _ := m.Current(); now.kept.bytes.Load() == 0 {
		t.Error("nothing was kept")
	}
}

// TestKeptNumbersAreBounded fills more than there is room for.
func TestKeptNumbersAreBounded(t *testing.T) {
	t.Parallel()
	k := &keeper{}
	c := make([]*chunk, 40)
	for i := range c {
		c[i] = &chunk{}
	}
	for key := range 6 {
		n := k.numbersOf(strconv.Itoa(key), nil)
		for i := range c {
			n.put(c[i], make([]int64, 1<<16))
			n.put(c[i], make([]int64, 1<<16)) // by another worker at the same time
		}
	}
	var sum int64
	for _, n := range k.list {
		sum += n.bytes
	}
	if sum != k.bytes.Load() || sum > mostKept || sum < mostKept/4 {
		t.Errorf("%d bytes are kept, %d counted, at most %d", sum, k.bytes.Load(), mostKept)
	}
}
