// SPDX-License-Identifier: Apache-2.0

package value

import (
	"fmt"
	"math"
)

// Spend is the Gamma-Gamma model of the value of a purchase (Fader & Hardie
// 2013, "The Gamma-Gamma model of monetary value").
type Spend struct {
	Parameters    []Parameter `json:"parameters"` // p, q, v
	LogLikelihood float64     `json:"log_likelihood"`
	Customers     int         `json:"customers"`
	// Mean and Correlation (of the number of purchases with their mean value)
	// are over the customers that were fitted.
	Mean        float64 `json:"mean"`
	Correlation float64 `json:"correlation"`
	// Left counts customers whose mean value is not above zero.
	Left     int       `json:"left_out,omitempty"`
	Problems []Problem `json:"problems,omitempty"`

	// Method is how the value of a purchase is told: "gamma-gamma", "credibility"
	// (by frequency, as value and frequency go together), or "common" (drawn to the mean of all).
	Method string `json:"method,omitempty"`

	p        []float64
	isSimple bool         // the overall mean is taken for everybody
	byOften  *credibility // when value and frequency go together
}

// Spender is the number of purchases of one customer and their mean value.
type Spender struct{ X, Mean float64 }

// correlated is the correlation beyond which the model's assumption, that value
// and frequency are independent, is called broken.
const correlated = 0.3

// FitSpend fits the model to customers with x > 0. It falls back to each
// customer's mean drawn to the common one when the model has no solution.
func FitSpend(spenders []Spender) *Spend {
	s := &Spend{}
	var list []Spender
	for _, one := range spenders {
		switch {
		case one.X <= 0:
		case !(one.Mean > 0) || math.IsInf(one.Mean, 0):
			s.Left++
		default:
			list = append(list, one)
		}
	}
	s.Customers = len(list)
	s.Mean, s.Correlation = meanAndCorrelation(list)
	if s.Left > 0 {
		s.Problems = append(s.Problems, Problem{
			"no_value",
			fmt.Sprintf("평균 구매액이 0 이하인 고객 %d명은 금액 모형에서 뺐습니다.", s.Left),
			fmt.Sprintf("Customers with a mean purchase of zero or less were left out of the value model: %d.", s.Left),
		})
	}
	if math.Abs(s.Correlation) > correlated {
		s.Problems = append(s.Problems, Problem{
			"correlated",
			fmt.Sprintf("구매 횟수와 구매액이 함께 움직입니다(상관 %.2f). 둘이 무관하다고 보는 금액 모형 대신, 같은 횟수로 산 고객의 평균 쪽으로 당긴 값을 썼습니다.", s.Correlation),
			fmt.Sprintf("Number and value of purchases move together (correlation %.2f). Instead of the value model, which takes them as independent, each mean was drawn to that of customers who bought as often.", s.Correlation),
		})
	}
	s.fit(list)
	s.Method = "gamma-gamma"
	if s.isSimple {
		s.Method = "common"
	}
	if math.Abs(s.Correlation) > correlated && len(list) >= fewest {
		s.byOften, s.Method = newCredibility(list, s.Mean), "credibility"
	}
	return s
}

// fewest is the number of customers below which three parameters are not worth
// asking for.
const fewest = 10

func (s *Spend) fit(list []Spender) {
	names := []string{"p", "q", "v"}
	spread := false
	for _, one := range list {
		spread = spread || math.Abs(one.Mean-s.Mean) > 1e-9*s.Mean
	}
	if len(list) >= fewest && spread {
		p := make([]float64, 3)
		target := func(u, grad []float64) float64 {
			for i := range u {
				p[i] = math.Exp(u[i])
			}
			value := -gammaGamma(list, s.Mean, p, grad)
			for i := range grad {
				grad[i] *= -p[i]
			}
			if math.IsNaN(value) {
				return math.Inf(1)
			}
			return value
		}
		// The scale of money is taken out of the search: v is in units of the mean.
		starts := [][]float64{{math.Log(6), math.Log(4), math.Log(0.5)}, {0, math.Log(2), 0}, {math.Log(2), math.Log(8), math.Log(4)}}
		o := minimise(target, starts, float64(len(list)))
		covariance := invert(o.hessian)
		bad := covariance == nil || o.isAtBorder || !o.isSettled
		for i := range p {
			p[i] = math.Exp(o.at[i])
			bad = bad || math.Sqrt(covariance[i][i]) > looseError
		}
		if !bad && p[1] > 1 { // the mean of everybody, v·p/(q−1), exists only for q > 1
			p[2] *= s.Mean
			s.LogLikelihood, s.p = -o.value, p
			for i, name := range names {
				s.Parameters = append(s.Parameters, Parameter{name, p[i], p[i] * math.Sqrt(covariance[i][i])})
			}
			return
		}
	}
	s.isSimple = true
	s.Problems = append(s.Problems, Problem{
		"value_not_identified",
		"구매액 모형의 모수를 정할 수 없어, 고객의 평균을 전체 평균과 섞어 썼습니다.",
		"The parameters of the value model cannot be determined; each customer's mean was drawn towards the common one instead.",
	})
}

// gammaGamma is the log-likelihood at p, q and v·scale of mean values z over x
// purchases (their eq. 1a), with its gradient in p, q, v.
func gammaGamma(list []Spender, scale float64, par, grad []float64) float64 {
	p, q, v := par[0], par[1], par[2]
	sum := -float64(len(list)) * lgamma(q)
	dp, dq, dv := 0.0, -float64(len(list))*digamma(q), 0.0
	logV := math.Log(v)
	for _, one := range list {
		x, z := one.X, one.Mean/scale
		logZ, logX, logAll := math.Log(z), math.Log(x), math.Log(v+x*z)
		px := p * x
		sum += lgamma(px+q) - lgamma(px) + q*logV + (px-1)*logZ + px*logX - (px+q)*logAll - math.Log(scale)
		both := digamma(px + q)
		dp += x * (both - digamma(px) + logZ + logX - logAll)
		dq += both + logV - logAll
		dv += q/v - (px+q)/(v+x*z)
	}
	grad[0], grad[1], grad[2] = dp, dq, dv
	return sum
}

// WithSpend makes a model with given parameters.
func WithSpend(p, q, v float64) *Spend {
	return &Spend{p: []float64{p, q, v}, Parameters: []Parameter{{Name: "p", Value: p}, {Name: "q", Value: q}, {Name: "v", Value: v}}}
}

// Expected is the value of the next purchase of a customer with x purchases of
// a mean value (their eq. 5): the own mean, drawn to that of everybody.
func (s *Spend) Expected(x, mean float64) float64 {
	if s.byOften != nil {
		return s.byOften.expected(x, mean)
	}
	if s.isSimple {
		const weight = 3 // as if everybody had bought three times at the common value
		if x <= 0 || math.IsNaN(mean) {
			return s.Mean
		}
		return (x*mean + weight*s.Mean) / (x + weight)
	}
	p, q, v := s.p[0], s.p[1], s.p[2]
	if x <= 0 || math.IsNaN(mean) {
		return v * p / (q - 1)
	}
	return p * (v + x*max(mean, 0)) / (p*x + q - 1)
}

func meanAndCorrelation(list []Spender) (mean, correlation float64) {
	n := float64(len(list))
	if n == 0 {
		return 0, 0
	}
	var sx, sz float64
	for _, one := range list {
		sx, sz = sx+one.X, sz+one.Mean
	}
	mx, mz := sx/n, sz/n
	var xx, zz, xz float64
	for _, one := range list {
		xx += (one.X - mx) * (one.X - mx)
		zz += (one.Mean - mz) * (one.Mean - mz)
		xz += (one.X - mx) * (one.Mean - mz)
	}
	if xx == 0 || zz == 0 {
		return mz, 0
	}
	return mz, xz / math.Sqrt(xx*zz)
}
