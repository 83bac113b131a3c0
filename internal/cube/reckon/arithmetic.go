// SPDX-License-Identifier: Apache-2.0

package reckon

import "math"

// arithmetic are the operations of formulas. A missing value makes the result
// missing, as NULL does in SQL; coalesce gives the first that is there.
var arithmetic = map[string]any{
	"_add": both(func(x, y float64) any { return x + y }),
	"_sub": both(func(x, y float64) any { return x - y }),
	"_mul": both(func(x, y float64) any { return x * y }),
	"_div": both(func(x, y float64) any {
		if y == 0 {
			return nil
		}
		return x / y
	}),
	"_pow":   both(func(x, y float64) any { return math.Pow(x, y) }),
	"_lt":    compare(func(x, y float64) bool { return x < y }),
	"_le":    compare(func(x, y float64) bool { return x <= y }),
	"_gt":    compare(func(x, y float64) bool { return x > y }),
	"_ge":    compare(func(x, y float64) bool { return x >= y }),
	"_abs":   one(math.Abs),
	"_round": one(math.Round),
	"_floor": one(math.Floor),
	"_ceil":  one(math.Ceil),
	"_min":   many(math.Min),
	"_max":   many(math.Max),
	"coalesce": func(values ...any) any {
		for _, v := range values {
			if v != nil {
				return v
			}
		}
		return nil
	},
}

func both(f func(x, y float64) any) func(x, y any) any {
	return func(a, b any) any {
		x, okX := number(a)
		y, okY := number(b)
		if !okX || !okY {
			return nil
		}
		return f(x, y)
	}
}

func compare(f func(x, y float64) bool) func(x, y any) bool {
	return func(a, b any) bool {
		x, okX := number(a)
		y, okY := number(b)
		return okX && okY && f(x, y)
	}
}

func one(f func(x float64) float64) func(x any) any {
	return func(a any) any {
		x, ok := number(a)
		if !ok {
			return nil
		}
		return f(x)
	}
}

func many(f func(x, y float64) float64) func(values ...any) any {
	return func(values ...any) any {
		var out float64
		for i, v := range values {
			x, ok := number(v)
			if !ok {
				return nil
			}
			if i == 0 {
				out = x
				continue
			}
			out = f(out, x)
		}
		return out
	}
}
