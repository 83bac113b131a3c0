// SPDX-License-Identifier: Apache-2.0

package value

import (
	"math"
)

// objective gives the negative log-likelihood at the logarithms of the
// parameters and writes its gradient.
type objective func(u, grad []float64) float64

// optimum is where a search ended.
type optimum struct {
	at, grad   []float64
	value      float64
	evaluated  int
	isSettled  bool // the gradient is as good as zero
	hessian    [][]float64
	isAtBorder bool
}

// border is how far the logarithm of a parameter may go: e^±border. A search
// that wants to go on has found a likelihood without a highest point.
const border = 11.0

// minimise searches from several starts by BFGS and polishes the best by
// Newton steps with a Hessian of differences of the exact gradient.
func minimise(f objective, starts [][]float64, scale float64) optimum {
	var best optimum
	evaluated := 0
	for i, start := range starts {
		o := bfgs(f, start, scale)
		evaluated += o.evaluated
		if i == 0 || o.value < best.value {
			best = o
		}
	}
	best.evaluated = evaluated
	best.polish(f, scale)
	for _, u := range best.at {
		best.isAtBorder = best.isAtBorder || math.Abs(u) > border-0.01
	}
	return best
}

// promising searches in a part of the data and returns where the best start
// led to; all starts, when that is at a border, where the part may mislead.
func promising(part objective, starts [][]float64, scale float64) [][]float64 {
	var best optimum
	for i, start := range starts {
		if o := bfgs(part, start, scale); i == 0 || o.value < best.value {
			best = o
		}
	}
	for _, u := range best.at {
		if math.Abs(u) > border-1 {
			return starts
		}
	}
	return [][]float64{best.at}
}

func bfgs(f objective, start []float64, scale float64) optimum {
	n := len(start)
	o := optimum{at: append([]float64(nil), start...), grad: make([]float64, n)}
	o.value = f(o.at, o.grad)
	o.evaluated = 1
	inverse := identity(n, 1/scale)
	direction, next, grad := make([]float64, n), make([]float64, n), make([]float64, n)
	const most = 200
	for range most {
		if norm(o.grad) < 1e-7*scale {
			break
		}
		slope := 0.0
		for i := range n {
			direction[i] = 0
			for j := range n {
				direction[i] -= inverse[i][j] * o.grad[j]
			}
			slope += direction[i] * o.grad[i]
		}
		if slope >= 0 || math.IsNaN(slope) {
			inverse = identity(n, 1/scale)
			for i := range n {
				direction[i] = -o.grad[i] / scale
			}
			slope = -dot(o.grad, o.grad) / scale
		}
		value, ok := o.search(f, direction, next, grad, slope)
		if !ok {
			break
		}
		update(inverse, o.at, next, o.grad, grad)
		gain := o.value - value
		copy(o.at, next)
		copy(o.grad, grad)
		o.value = value
		if gain < 1e-12*math.Abs(value) {
			break
		}
	}
	return o
}

// search halves the step until the value falls enough (Armijo).
func (o *optimum) search(f objective, direction, next, grad []float64, slope float64) (float64, bool) {
	step := 1.0
	const longest = 2.0 // in logarithms: a factor of 7 at a time
	if long := largest(direction); long > longest {
		step = longest / long
	}
	for range 40 {
		for i := range next {
			next[i] = max(-border, min(border, o.at[i]+step*direction[i]))
		}
		value := f(next, grad)
		o.evaluated++
		if value <= o.value+1e-4*step*slope && !math.IsNaN(value) {
			return value, true
		}
		step *= 0.4
	}
	return 0, false
}

// update is the BFGS formula of the inverse Hessian.
func update(inverse [][]float64, at, next, before, grad []float64) {
	n := len(at)
	s, y, hy := make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range n {
		s[i], y[i] = next[i]-at[i], grad[i]-before[i]
	}
	sy := dot(s, y)
	if sy <= 1e-14*math.Sqrt(dot(s, s)*dot(y, y)) {
		return
	}
	for i := range n {
		hy[i] = dot(inverse[i], y)
	}
	factor := (1 + dot(y, hy)/sy) / sy
	for i := range n {
		for j := range n {
			inverse[i][j] += factor*s[i]*s[j] - (hy[i]*s[j]+s[i]*hy[j])/sy
		}
	}
}

// polish takes Newton steps while they make the gradient smaller, and leaves
// the Hessian of the end.
func (o *optimum) polish(f objective, scale float64) {
	n := len(o.at)
	next, grad := make([]float64, n), make([]float64, n)
	for range 8 {
		o.hessian = hessian(f, o.at)
		o.evaluated += 2 * n
		if norm(o.grad) < 1e-11*scale {
			break
		}
		step := solve(o.hessian, o.grad)
		if step == nil || largest(step) > 1 {
			break
		}
		for i := range n {
			next[i] = max(-border, min(border, o.at[i]-step[i]))
		}
		value := f(next, grad)
		o.evaluated++
		if !(norm(grad) < norm(o.grad)) || value > o.value+1e-9*math.Abs(o.value) {
			break
		}
		copy(o.at, next)
		copy(o.grad, grad)
		o.value = value
	}
	o.isSettled = norm(o.grad) < 1e-5*scale
}

// hessian is the symmetric matrix of central differences of the gradient.
func hessian(f objective, at []float64) [][]float64 {
	n := len(at)
	h := identity(n, 0)
	moved, up, down := append([]float64(nil), at...), make([]float64, n), make([]float64, n)
	const step = 1e-4
	for j := range n {
		moved[j] = at[j] + step
		f(moved, up)
		moved[j] = at[j] - step
		f(moved, down)
		moved[j] = at[j]
		for i := range n {
			h[i][j] += (up[i] - down[i]) / (4 * step)
			h[j][i] += (up[i] - down[i]) / (4 * step)
		}
	}
	return h
}

// invert gives the inverse of a positive definite matrix, nil if it is none.
func invert(m [][]float64) [][]float64 {
	n := len(m)
	out := identity(n, 0)
	for j := range n {
		unit := make([]float64, n)
		unit[j] = 1
		column := solve(m, unit)
		if column == nil {
			return nil
		}
		for i := range n {
			out[i][j] = column[i]
		}
	}
	return out
}

// solve is Cholesky's method; nil says that the matrix is not positive definite.
func solve(m [][]float64, b []float64) []float64 {
	n := len(b)
	l := identity(n, 0)
	for i := range n {
		for j := 0; j <= i; j++ {
			sum := m[i][j]
			for k := range j {
				sum -= l[i][k] * l[j][k]
			}
			if i != j {
				l[i][j] = sum / l[j][j]
				continue
			}
			if !(sum > 1e-13*math.Abs(m[i][i])) {
				return nil
			}
			l[i][i] = math.Sqrt(sum)
		}
	}
	x := append([]float64(nil), b...)
	for i := range n {
		for k := range i {
			x[i] -= l[i][k] * x[k]
		}
		x[i] /= l[i][i]
	}
	for i := n - 1; i >= 0; i-- {
		for k := i + 1; k < n; k++ {
			x[i] -= l[k][i] * x[k]
		}
		x[i] /= l[i][i]
	}
	return x
}

func identity(n int, diagonal float64) [][]float64 {
	m := make([][]float64, n)
	for i := range m {
		m[i] = make([]float64, n)
		m[i][i] = diagonal
	}
	return m
}

func dot(a, b []float64) float64 {
	sum := 0.0
	for i := range a {
		sum += a[i] * b[i]
	}
	return sum
}

func norm(a []float64) float64 { return math.Sqrt(dot(a, a)) }

func largest(a []float64) float64 {
	most := 0.0
	for _, v := range a {
		most = max(most, math.Abs(v))
	}
	return most
}
