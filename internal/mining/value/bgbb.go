// SPDX-License-Identifier: Apache-2.0

package value

import (
	"fmt"
	"math"
)

// Donation is how many customers bought in X of N periods, the last time in
// period Tx.
type Donation struct{ X, Tx, N, Customers float64 }

// Donations is the BG/BB model for purchases in discrete periods (Fader, Hardie
// & Shang 2010).
type Donations struct {
	Parameters    []Parameter `json:"parameters"` // alpha, beta, gamma, delta
	LogLikelihood float64     `json:"log_likelihood"`
	Customers     float64     `json:"customers"`
	Problems      []Problem   `json:"problems,omitempty"`

	p []float64
}

// FitDonations fits the model by maximum likelihood.
func FitDonations(list []Donation) (*Donations, error) {
	d := &Donations{}
	for i, one := range list {
		if !(one.X >= 0 && one.Tx >= one.X && one.N >= one.Tx && one.Customers > 0) {
			return nil, fmt.Errorf("row %d: %g purchases, the last in period %g of %g, cannot be", i+1, one.X, one.Tx, one.N)
		}
		d.Customers += one.Customers
	}
	if len(list) < 4 {
		return nil, fmt.Errorf("%d different histories are too few for four parameters", len(list))
	}
	names := []string{"alpha", "beta", "gamma", "delta"}
	p := make([]float64, 4)
	target := func(u, grad []float64) float64 {
		for i := range u {
			p[i] = math.Exp(u[i])
		}
		sum := 0.0
		clear(grad)
		for _, one := range list {
			value, g := bgbb(p, one)
			sum -= one.Customers * value
			for i := range g {
				grad[i] -= one.Customers * g[i] * p[i]
			}
		}
		return sum
	}
	l := math.Log(2)
	o := minimise(target, [][]float64{{0, 0, 0, l}, {l, l, -l, l}, {-l, 0, l, 2 * l}}, d.Customers)
	covariance := invert(o.hessian)
	d.LogLikelihood = -o.value
	for i, name := range names {
		one := Parameter{Name: name, Value: math.Exp(o.at[i])}
		if covariance != nil {
			one.Error = one.Value * math.Sqrt(covariance[i][i])
		}
		d.p, d.Parameters = append(d.p, one.Value), append(d.Parameters, one)
	}
	if covariance == nil || o.isAtBorder || !o.isSettled {
		d.Problems = append(d.Problems, Problem{
			"not_identified", "이 자료로는 BG/BB 모형의 모수를 정할 수 없습니다.",
			"These data do not determine the parameters of the BG/BB model.",
		})
	}
	return d, nil
}

// bgbb is the log-likelihood of one history (their eq. 5) with its gradient.
func bgbb(p []float64, d Donation) (value float64, grad [4]float64) {
	alpha, beta, gamma, delta := p[0], p[1], p[2], p[3]
	base := -lbeta(alpha, beta) - lbeta(gamma, delta)
	type part struct {
		log  float64
		grad [4]float64
	}
	psi := [4]float64{digamma(alpha), digamma(beta), digamma(gamma), digamma(delta)}
	psiAB, psiGD := digamma(alpha+beta), digamma(gamma+delta)
	term := func(b, g, dd float64) part { // B(α+x, β+b) B(γ+g, δ+dd)
		ab, gd := digamma(alpha+beta+d.X+b), digamma(gamma+delta+g+dd)
		return part{base + lbeta(alpha+d.X, beta+b) + lbeta(gamma+g, delta+dd), [4]float64{
			digamma(alpha+d.X) - ab - psi[0] + psiAB, digamma(beta+b) - ab - psi[1] + psiAB,
			digamma(gamma+g) - gd - psi[2] + psiGD, digamma(delta+dd) - gd - psi[3] + psiGD,
		}}
	}
	parts := []part{term(d.N-d.X, 0, d.N)}
	for i := 0.0; i < d.N-d.Tx; i++ {
		parts = append(parts, term(d.Tx-d.X+i, 1, d.Tx+i))
	}
	high := math.Inf(-1)
	for _, one := range parts {
		high = max(high, one.log)
	}
	sum := 0.0
	for _, one := range parts {
		w := math.Exp(one.log - high)
		sum += w
		for i := range grad {
			grad[i] += w * one.grad[i]
		}
	}
	for i := range grad {
		grad[i] /= sum
	}
	return high + math.Log(sum), grad
}

// Expected is the number of purchases in the next periods (their eq. 13).
func (m *Donations) Expected(d Donation, periods float64) float64 {
	alpha, beta, gamma, delta := m.p[0], m.p[1], m.p[2], m.p[3]
	if math.Abs(gamma-1) < 1e-9 {
		gamma += 1e-9 // the limit exists; the formula divides by γ − 1
	}
	value, _ := bgbb(m.p, d)
	ratio := func(n float64) float64 { return math.Exp(lgamma(1+delta+n) - lgamma(gamma+delta+n)) }
	front := math.Exp(lbeta(alpha+d.X+1, beta+d.N-d.X) - lbeta(alpha, beta) - value + lgamma(gamma+delta) - lgamma(1+delta))
	return front * delta / (gamma - 1) * (ratio(d.N) - ratio(d.N+periods))
}

// Alive is the chance that a customer still buys in the next period.
func (m *Donations) Alive(d Donation) float64 {
	value, _ := bgbb(m.p, d)
	return math.Exp(lbeta(m.p[0]+d.X, m.p[1]+d.N-d.X) - lbeta(m.p[0], m.p[1]) + lbeta(m.p[2], m.p[3]+d.N+1) - lbeta(m.p[2], m.p[3]) - value)
}
