// SPDX-License-Identifier: Apache-2.0

package nonlinear

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
)

// Verdict is what a series is.
type Verdict string

// The verdicts.
const (
	Noise     Verdict = "noise"     // nothing to predict from its own past
	Linear    Verdict = "linear"    // the spectrum tells everything
	Nonlinear Verdict = "nonlinear" // more than linear, but no sign of chaos
	Chaos     Verdict = "chaos"     // low-dimensional, neighbours part exponentially
	Constant  Verdict = "constant"
	Short     Verdict = "short" // too few values to tell
)

// Result is what was found.
type Result struct {
	Verdict   Verdict `json:"verdict"`
	N         int     `json:"n"`
	Delay     int     `json:"delay"`
	Dimension int     `json:"dimension"`
	// Lyapunov is the largest exponent per step, in natural logarithms, and
	// LyapunovFit how straight the growth was (R²).
	Lyapunov    float64 `json:"lyapunov"`
	LyapunovFit float64 `json:"lyapunov_fit"`
	// Error is that of nearest-neighbour forecasts one step ahead as a share of
	// the spread; LinearError that of an autoregression.
	Error       float64 `json:"neighbour_error"`
	LinearError float64 `json:"linear_error"`
	// Rank is the place of the series among its surrogates by forecast error,
	// 1 is better than all; P the chance of that without nonlinear structure.
	// TestError is the error that is compared with those of the surrogates.
	Surrogates int     `json:"surrogates"`
	TestError  float64 `json:"tested_error"`
	Rank       int     `json:"rank"`
	P          float64 `json:"p"`
	// Curves for pictures.
	Information    []float64 `json:"mutual_information"`
	FalseNeighbors []float64 `json:"false_neighbours"`
	Divergence     []float64 `json:"divergence"`
	ErrorByStep    []float64 `json:"error_by_step"`
	SurrogateError []float64 `json:"surrogate_errors"`
	// Forecast are the next steps by nearest neighbours.
	Forecast []float64 `json:"forecast,omitempty"`
	Words    Words     `json:"words"`
}

// Words are the same paragraph in both languages.
type Words struct {
	Ko string `json:"ko"`
	En string `json:"en"`
}

// Options say how a series is looked at.
type Options struct {
	Seed       uint64
	Surrogates int // 0 is 39: one-sided test at 2.5 %
	Horizon    int // of the forecast; 0 is none
	Delay      int // 0 is chosen
	Dimension  int // 0 is chosen
}

const (
	fewestValues     = 100
	mostValues       = 20_000
	usualSurrogates  = 39
	surrogateLimit   = 0.05
	straight         = 0.8  // R² of exponential growth
	hardlyPredicted  = 0.95 // of the spread
	lowDimensional   = 6
	clearlyBetter    = 0.9 // of the mean surrogate error
	smallestExponent = 0.005
)

// Analyse rebuilds the phase space of a series and tests what it is.
func Analyse(y []float64, o Options) (*Result, error) {
	for i, v := range y {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, fmt.Errorf("value %d is missing or infinite; fill the gaps first", i+1)
		}
	}
	if len(y) == 0 {
		return nil, errors.New("there is no value")
	}
	if len(y) > mostValues {
		y = y[len(y)-mostValues:]
	}
	r := &Result{N: len(y), P: 1}
	size := spread(y)
	switch {
	case size == 0:
		r.Verdict = Constant
		r.tell()
		return r, nil
	case len(y) < fewestValues:
		r.Verdict = Short
		r.tell()
		return r, nil
	}
	r.Delay, r.Information = delayOf(y)
	if o.Delay > 0 {
		r.Delay = o.Delay
	}
	window := meanPeriod(y)
	r.Dimension, r.FalseNeighbors = dimensionOf(y, r.Delay, window)
	if o.Dimension > 0 {
		r.Dimension = o.Dimension
	}
	// One more coordinate than the smallest never hurts the exponent.
	r.Lyapunov, r.LyapunovFit, r.Divergence = lyapunov(y, r.Delay, r.Dimension, window)
	for ahead := 1; ahead <= 10; ahead++ {
		r.ErrorByStep = append(r.ErrorByStep, predictError(y, r.Delay, r.Dimension, window, ahead))
	}
	r.Error = r.ErrorByStep[0]
	r.LinearError = linearError(y)
	r.test(y, window, o)
	r.judge()
	if o.Horizon > 0 {
		r.Forecast = ahead(y, r.Delay, r.Dimension, window, o.Horizon)
	}
	r.tell()
	return r, nil
}

// test compares the forecast error with that of surrogates.
func (r *Result) test(y []float64, window int, o Options) {
	count := o.Surrogates
	if count <= 0 {
		count = usualSurrogates
	}
	part := evenEnds(y)
	const most = 2048 // longer surrogates only take longer
	if len(part) > most {
		part = part[:most]
	}
	dimension := min(r.Dimension, 5)
	own := predictError(part, r.Delay, dimension, window, 1)
	random := rand.New(rand.NewPCG(o.Seed, 0xc4a05)) //nolint:gosec // a simulation, no secret
	r.Rank, r.TestError = 1, own
	for range count {
		e := predictError(surrogate(part, random), r.Delay, dimension, window, 1)
		r.SurrogateError = append(r.SurrogateError, e)
		if e <= own {
			r.Rank++
		}
	}
	r.Surrogates = count
	r.P = float64(r.Rank) / float64(count+1)
}

func (r *Result) judge() {
	mean := 0.0
	for _, e := range r.SurrogateError {
		mean += e / float64(len(r.SurrogateError))
	}
	// A rule of few dimensions shows itself in forecasts at least as good as those
	// of a straight line through the past: growing sales with a season, which no
	// surrogate of a stationary series resembles, are no chaos.
	structured := r.P <= surrogateLimit && r.Error < clearlyBetter*mean && r.Error < r.LinearError
	switch {
	case structured && r.Lyapunov > smallestExponent && r.LyapunovFit > straight && r.Dimension <= lowDimensional:
		r.Verdict = Chaos
	case structured:
		r.Verdict = Nonlinear
	case math.Min(r.LinearError, r.Error) > hardlyPredicted:
		r.Verdict = Noise
	default:
		r.Verdict = Linear
	}
}

// linearError is the one-step error of an autoregression (Yule-Walker, order by
// AIC) as a share of the spread.
func linearError(y []float64) float64 {
	n := len(y)
	most := min(20, n/10)
	m := 0.0
	for _, v := range y {
		m += v / float64(n)
	}
	gamma := make([]float64, most+1)
	for lag := range gamma {
		for i := lag; i < n; i++ {
			gamma[lag] += (y[i] - m) * (y[i-lag] - m) / float64(n)
		}
	}
	phi := make([]float64, most+1)
	v, best, bestV := gamma[0], 0.0, gamma[0]
	for k := 1; k <= most; k++ {
		sum := gamma[k]
		for j := 1; j < k; j++ {
			sum -= phi[j] * gamma[k-j]
		}
		last := sum / v
		old := append([]float64(nil), phi...)
		for j := 1; j < k; j++ {
			phi[j] = old[j] - last*old[k-j]
		}
		phi[k] = last
		if v *= 1 - last*last; v <= 0 {
			return 0
		}
		if aic := float64(n)*math.Log(v/gamma[0]) + 2*float64(k); aic < best {
			best, bestV = aic, v
		}
	}
	return math.Sqrt(bestV / gamma[0])
}

// meanPeriod keeps neighbours in time from counting as neighbours in space: the
// mean distance between upward crossings of the mean.
func meanPeriod(y []float64) int {
	m := 0.0
	for _, v := range y {
		m += v / float64(len(y))
	}
	crossings := 0
	for i := 1; i < len(y); i++ {
		if y[i-1] < m && y[i] >= m {
			crossings++
		}
	}
	if crossings == 0 {
		return len(y) / 10
	}
	return max(1, min(len(y)/crossings, len(y)/10))
}

// ahead continues the series by its nearest neighbours, feeding back each step.
func ahead(y []float64, delay, dimension, window, horizon int) []float64 {
	long := append([]float64(nil), y...)
	for range horizon {
		s := embed(long, delay, dimension)
		v, ok := s.index().continued(s.count-1, window, s.count-1, (dimension-1)*delay+1)
		if !ok {
			v = long[len(long)-1]
		}
		long = append(long, v)
	}
	return long[len(y):]
}

func (r *Result) tell() {
	ko, en := []string{}, []string{}
	say := func(k, e string, args ...any) {
		ko, en = append(ko, fmt.Sprintf(k, args...)), append(en, fmt.Sprintf(e, args...))
	}
	switch r.Verdict {
	case Constant:
		say("값이 변하지 않습니다. 볼 것이 없습니다.", "The series does not vary: there is nothing to find.")
	case Short:
		say("값이 %d개뿐이라 혼돈인지 판단할 수 없습니다(적어도 %d개).", "With %d values nothing can be said about chaos (at least %d are needed).", r.N, fewestValues)
	case Chaos:
		say("낮은 차원의 혼돈이 보입니다. 규칙이 움직이지만 작은 차이가 한 단계마다 %.2f배로 커집니다.", "The series shows low-dimensional chaos: a rule drives it, but small differences grow by a factor of %.2f a step.", math.Exp(r.Lyapunov))
		say("그래서 약 %.0f단계 앞까지만 예측할 수 있습니다.", "So forecasts reach about %.0f steps.", math.Max(1, math.Log(math.Max(1/math.Max(r.Error, 1e-3), 1.1))/r.Lyapunov))
	case Nonlinear:
		say("선형 모형이 설명하지 못하는 구조가 있지만 혼돈의 뚜렷한 증거는 없습니다.", "There is structure beyond a linear model, but no clear sign of chaos.")
	case Linear:
		say("과거로 예측할 수 있지만 선형 모형이면 충분합니다. 혼돈의 증거는 없습니다.", "Its past predicts it, but a linear model is enough; there is no sign of chaos.")
	case Noise:
		say("스스로의 과거로는 예측되지 않습니다. 잡음과 구별되지 않습니다.", "Its past does not predict it: it cannot be told from noise.")
	}
	if r.Verdict == Linear && r.P <= surrogateLimit {
		say("시험은 작은 비선형을 가리키지만, 그것으로 예측이 뚜렷이 나아지지는 않습니다.", "The test points to a little more than that, but forecasts gain next to nothing by it.")
	}
	if r.Surrogates > 0 {
		say("같은 스펙트럼을 가진 대리 시계열 %d개 가운데 예측 오차 순위는 %d위(p = %.3f)입니다.", "Among %d surrogates of the same spectrum its forecast error ranks number %d (p = %.3f).", r.Surrogates, r.Rank, r.P)
	}
	r.Words = Words{strings.Join(ko, " "), strings.Join(en, " ")}
}
