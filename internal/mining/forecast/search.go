// SPDX-License-Identifier: Apache-2.0

package forecast

import "math"

// minimise is BFGS from a start; f writes the gradient. It returns the lowest
// value found and leaves its place in at.
func minimise(f func(x, grad []float64) float64, at []float64, most int) float64 {
	n := len(at)
	grad, next, nextGrad := make([]float64, n), make([]float64, n), make([]float64, n)
	direction, s, y, hy := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	inverse := make([]float64, n*n)
	reset := func() {
		clear(inverse)
		size := math.Max(length(grad), 1e-12)
		for i := range n {
			inverse[i*n+i] = math.Min(1, 0.3/size)
		}
	}
	value := f(at, grad)
	reset()
	still := 0
	for range most {
		slope := 0.0
		for i := range n {
			direction[i] = 0
			for j := range n {
				direction[i] -= inverse[i*n+j] * grad[j]
			}
			slope += direction[i] * grad[i]
		}
		if !(slope < 0) {
			reset()
			slope = 0
			for i := range n {
				direction[i] = -inverse[i*n+i] * grad[i]
				slope += direction[i] * grad[i]
			}
			if !(slope < 0) {
				return value
			}
		}
		step, found, now := 1.0, false, 0.0
		for range 25 {
			for i := range n {
				next[i] = at[i] + step*direction[i]
			}
			now = f(next, nextGrad)
			if now <= value+1e-4*step*slope {
				found = true
				break
			}
			step *= 0.35
		}
		if !found {
			return value
		}
		sy, yy := 0.0, 0.0
		for i := range n {
			s[i], y[i] = next[i]-at[i], nextGrad[i]-grad[i]
			sy += s[i] * y[i]
			yy += y[i] * y[i]
		}
		gain := value - now
		copy(at, next)
		copy(grad, nextGrad)
		value = now
		if gain < 1e-8*(1+math.Abs(value)) {
			if still++; still > 1 {
				return value
			}
		} else {
			still = 0
		}
		if sy > 1e-12*math.Sqrt(yy)*length(s) {
			updateInverse(inverse, s, y, hy, sy)
		}
	}
	return value
}

func updateInverse(inverse, s, y, hy []float64, sy float64) {
	n := len(s)
	yhy := 0.0
	for i := range n {
		hy[i] = 0
		for j := range n {
			hy[i] += inverse[i*n+j] * y[j]
		}
		yhy += y[i] * hy[i]
	}
	factor := (1 + yhy/sy) / sy
	for i := range n {
		for j := range n {
			inverse[i*n+j] += factor*s[i]*s[j] - (hy[i]*s[j]+s[i]*hy[j])/sy
		}
	}
}

func length(v []float64) float64 {
	sum := 0.0
	for _, x := range v {
		sum += x * x
	}
	return math.Sqrt(sum)
}

// numeric gives f a gradient of central differences.
func numeric(f func([]float64) float64) func(x, grad []float64) float64 {
	return func(x, grad []float64) float64 {
		value := f(x)
		const step = 1e-5
		for i := range x {
			keep := x[i]
			x[i] = keep + step
			up := f(x)
			x[i] = keep - step
			down := f(x)
			x[i] = keep
			grad[i] = (up - down) / (2 * step)
			if math.IsInf(grad[i], 0) || math.IsNaN(grad[i]) {
				grad[i] = 0
			}
		}
		return value
	}
}

func sigmoid(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

func logit(p float64) float64 { return math.Log(p / (1 - p)) }
