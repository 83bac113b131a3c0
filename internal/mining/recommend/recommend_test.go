// SPDX-License-Identifier: Apache-2.0

package recommend

import (
	"context"
	"math/rand/v2"
	"testing"
)

// tastes are customers of two tastes: 20 items each that only one taste likes,
// and two items that everybody takes.
func tastes(customers int, isReal bool) *Data {
	random := rand.New(rand.NewPCG(4, 2)) //nolint:gosec // no secret
	d := &Data{Customers: customers, Items: 42}
	for c := range int32(customers) {
		taste := c % 2
		for at := range int64(14) {
			item := 2 + taste*20 + random.Int32N(20)
			if !isReal {
				item = 2 + random.Int32N(40)
			}
			if random.Float64() < .2 {
				item = random.Int32N(2)
			}
			d.Events = append(d.Events, Event{c, item, at})
		}
	}
	return d
}

func TestTastesAreFound(t *testing.T) {
	t.Parallel()
	d := tastes(400, true)
	got, err := Compare(context.Background(), d, 9, 5, 1)
	if err != nil {
		t.Fatal(err)
	}
	if got.Chosen == Popular || got.Customers < 300 {
		t.Fatalf("%s chosen, tested on %d: %+v", got.Chosen, got.Customers, got.Methods)
	}
	for _, m := range got.Methods[1:] {
		if m.Recall < 1.5*got.Methods[0].Recall || m.NDCG <= got.Methods[0].NDCG || m.Coverage <= got.Methods[0].Coverage {
			t.Errorf("%s is no better than popularity: %+v against %+v", m.Method, m, got.Methods[0])
		}
	}
	offers, err := Offers(context.Background(), d, got.Chosen, 3, 1)
	if err != nil {
		t.Fatal(err)
	}
	histories := d.histories()
	wrong := 0
	for c, list := range offers {
		for _, o := range list {
			for _, had := range histories[c] {
				if had == o.Item {
					t.Fatalf("customer %d is offered item %d, which they have", c, o.Item)
				}
			}
			if o.Item >= 2 && (int(o.Item)-2)/20 != c%2 {
				wrong++
			}
			if o.Because < 0 {
				t.Errorf("customer %d: nothing speaks for item %d", c, o.Item)
			}
		}
	}
	if wrong > 3*len(offers)/20 {
		t.Errorf("%d of %d offers are of the other taste", wrong, 3*len(offers))
	}
}

// Where there are no tastes the simplest method is taken.
func TestNoTastes(t *testing.T) {
	t.Parallel()
	got, err := Compare(context.Background(), tastes(400, false), 9, 5, 1)
	if err != nil {
		t.Fatal(err)
	}
	if got.Chosen != Popular {
		t.Errorf("%s was chosen where everybody draws at random: %+v", got.Chosen, got.Methods)
	}
}

func TestFewData(t *testing.T) {
	t.Parallel()
	for _, d := range []*Data{{}, {Customers: 1, Items: 1, Events: []Event{{0, 0, 1}}}, {Customers: 3, Items: 2}} {
		if _, err := Compare(context.Background(), d, 1, 5, 1); err != nil {
			t.Error(err)
		}
		if _, err := Offers(context.Background(), d, Factors, 5, 1); err != nil {
			t.Error(err)
		}
	}
}
