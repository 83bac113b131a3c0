// SPDX-License-Identifier: Apache-2.0

package forecast

import (
	"fmt"
	"math"
	"slices"
)

// Method is a way to continue a series.
type Method string

// The methods.
const (
	Auto          Method = "auto"        // the median of ETS, damped ETS and Theta
	Naive         Method = "naive"       // the last value
	SeasonalNaive Method = "snaive"      // the value one season before
	ETS           Method = "ets"         // exponential smoothing, chosen by AICc
	SES           Method = "ses"         // simple smoothing
	Holt          Method = "holt"        // with a trend
	Damped        Method = "damped"      // with a damped trend
	Theta         Method = "theta"       //
	ARIMA         Method = "arima"       // with orders chosen by AICc
	Winters       Method = "hw"          // Holt-Winters, additive season
	WintersMult   Method = "hwm"         // Holt-Winters, multiplicative season
	Combination   Method = "combination" // the median of ETS, damped ETS, Theta and ARIMA
)

// Methods lists what can be asked for.
var Methods = []Method{Auto, Naive, SeasonalNaive, SES, Holt, Damped, ETS, Theta, ARIMA, Winters, WintersMult, Combination}

// Options say what is asked; zero values are decided from the series.
type Options struct {
	Method  Method
	Horizon int
	Period  int // 1 is none
	Seed    uint64
	// Levels of the intervals, as shares; nil is 0.8 and 0.95.
	Levels []float64
	// Regressors explain the series (holidays, promotions), one value a step;
	// Future continues them over the horizon. They make the method ARIMA.
	Regressors, Future [][]float64
	Names              []string // of the regressors
	// KeepOutliers leaves values alone that no method should learn from.
	KeepOutliers bool
	// Origins is how many past origins check the intervals; 0 is as many as
	// the series allows, up to 12; -1 none.
	Origins int
}

// Interval is a range that should hold a share of the outcomes.
type Interval struct {
	Level float64   `json:"level"`
	Low   []float64 `json:"low"`
	High  []float64 `json:"high"`
}

// Result is a continued series.
type Result struct {
	Method    Method     `json:"method"`
	Model     string     `json:"model"` // what was chosen, as books write it
	Period    int        `json:"period"`
	Points    []float64  `json:"points"`
	Spread    []float64  `json:"standard_deviation"`
	Intervals []Interval `json:"intervals"`
	// Parameters are the fitted numbers, AICc that of a single model.
	Parameters map[string]float64 `json:"parameters,omitempty"`
	AICc       float64            `json:"aicc,omitempty"`
	// Back is how the method did from past origins.
	Back *Back `json:"backtest,omitempty"`
	// Notes say what was repaired or decided.
	Notes []Note `json:"notes,omitempty"`
}

// Note is a remark in both languages.
type Note struct {
	Code string `json:"code"`
	Ko   string `json:"ko"`
	En   string `json:"en"`
}

// Forecast continues a series; NaN values are gaps. The error is about input
// that cannot be used at all.
func Forecast(y []float64, o Options) (*Result, error) {
	if o.Horizon < 1 {
		return nil, fmt.Errorf("the horizon must be at least 1")
	}
	if o.Method == "" {
		o.Method = Auto
	}
	if !slices.Contains(Methods, o.Method) {
		return nil, fmt.Errorf("%s is no method; choose one of %v", o.Method, Methods)
	}
	clean, notes, err := Clean(y, o)
	if err != nil {
		return nil, err
	}
	if o.Period == 0 {
		o.Period = PeriodOf(clean)
	}
	if o.Levels == nil {
		o.Levels = []float64{0.8, 0.95}
	}
	if len(o.Regressors) > 0 {
		o.Method = ARIMA
	}
	r := &Result{Period: o.Period, Notes: notes}
	r.take(continued(clean, o))
	if o.Method != r.Method {
		r.Notes = append(r.Notes, fellBack(o.Method, r.Method))
	}
	if o.Origins >= 0 {
		r.Back = Backtest(clean, o)
	}
	r.bounds(clean, o)
	return r, nil
}

func (r *Result) take(c continuation) {
	r.Method, r.Model, r.Points, r.Spread, r.Parameters, r.AICc = c.method, c.model, c.points, c.spread, c.parameters, c.aicc
	if math.IsInf(r.AICc, 0) || math.IsNaN(r.AICc) {
		r.AICc = 0
	}
}

func fellBack(wanted, got Method) Note {
	return Note{
		"fell_back", fmt.Sprintf("이 시계열에는 %s 방법을 쓸 수 없어 %s 방법을 썼습니다.", wanted, got),
		fmt.Sprintf("The method %s cannot be used for this series; %s was taken.", wanted, got),
	}
}

// continuation is what one method says.
type continuation struct {
	method         Method
	model          string
	points, spread []float64
	parameters     map[string]float64
	aicc           float64
}

// continued applies a method to a clean series; what it cannot do, a simpler
// one does.
func continued(y []float64, o Options) continuation {
	if isConstant(y) || len(y) < 4 {
		return simple(y, o, Naive)
	}
	if o.Period > mostETSPeriod && len(y) >= 2*o.Period && o.Method != Naive && o.Method != SeasonalNaive && len(o.Regressors) == 0 {
		if c, ok := byDay(y, o); ok {
			return c
		}
		return withoutSeason(y, o)
	}
	if c, ok := attempt(y, o); ok && finite(c.points) && finite(c.spread) {
		return c
	}
	if o.Period > 1 && len(y) > o.Period {
		return simple(y, o, SeasonalNaive)
	}
	return simple(y, o, Naive)
}

func attempt(y []float64, o Options) (continuation, bool) {
	switch o.Method {
	case Naive, SeasonalNaive:
		return simple(y, o, o.Method), true
	case ETS, SES, Holt, Damped:
		return smoothing(y, o)
	case Theta:
		f := fitTheta(y, o.Period)
		return continuation{Theta, "Theta", f.points(o.Horizon), f.spread(o.Horizon), map[string]float64{"alpha": f.alpha, "drift": f.drift}, 0}, true
	case ARIMA:
		return boxJenkins(y, o)
	case Winters, WintersMult:
		return holtWinters(y, o)
	}
	return combined(y, o)
}

func holtWinters(y []float64, o Options) (continuation, bool) {
	w, err := fitWinters(y, o.Period, o.Method == WintersMult)
	if err != nil {
		return continuation{}, false
	}
	spread := make([]float64, o.Horizon)
	sum := 0.0
	for i := range spread {
		// ψ of the additive model (Yar & Chatfield 1990): α(1 + jβ), and γ(1 − α) at whole seasons.
		if i > 0 {
			c := w.alpha * (1 + float64(i)*w.beta)
			if i%o.Period == 0 {
				c += w.gamma * (1 - w.alpha)
			}
			sum += c * c
		}
		spread[i] = math.Sqrt(w.sigma2 * (1 + sum))
	}
	return continuation{o.Method, "Holt-Winters", w.points(o.Horizon), spread, map[string]float64{
		"alpha": w.alpha, "beta": w.beta, "gamma": w.gamma, "level": w.level, "slope": w.slope,
	}, 0}, true
}

func smoothing(y []float64, o Options) (continuation, bool) {
	var f *etsFit
	var err error
	scale := meanSize(y)
	switch o.Method {
	case ETS:
		f, _, err = chooseETS(y, o.Period)
	case SES:
		f, err = fitETS(over(y, scale), etsModel{additive, none, none, false, 1}, scale)
	case Holt:
		f, err = fitETS(over(y, scale), etsModel{additive, additive, none, false, 1}, scale)
	default:
		f, err = fitETS(over(y, scale), etsModel{additive, additive, none, true, 1}, scale)
	}
	if err != nil {
		return continuation{}, false
	}
	return f.continuation(o.Method, o), true
}

func (f *etsFit) continuation(m Method, o Options) continuation {
	parameters := map[string]float64{"alpha": f.alpha, "level": f.level, "log_likelihood": f.logLikelihood, "aic": f.aic}
	if f.trend != none {
		parameters["beta"], parameters["slope"] = f.beta, f.slope
	}
	if f.etsModel.season != none {
		parameters["gamma"] = f.gamma
	}
	if f.isDamped {
		parameters["phi"] = f.phi
	}
	return continuation{m, "ETS(" + f.String() + ")", f.points(o.Horizon), f.spread(o.Horizon, o.Seed), parameters, f.aicc}
}

func boxJenkins(y []float64, o Options) (continuation, bool) {
	f, err := chooseARIMA(y, o.Regressors, o.Period)
	if err != nil {
		return continuation{}, false
	}
	points, spread := f.points(o.Horizon, o.Future)
	parameters := map[string]float64{"sigma2": f.sigma2, "log_likelihood": f.logLikelihood}
	at := 0
	for _, part := range []struct {
		name  string
		count int
	}{{"ar", f.p}, {"ma", f.q}, {"sar", f.sp}, {"sma", f.sq}} {
		for i := range part.count {
			parameters[fmt.Sprintf("%s%d", part.name, i+1)] = f.coefficients[at]
			at++
		}
	}
	beta := f.beta
	if f.hasConstant {
		parameters["constant"] = beta[0]
		beta = beta[1:]
	}
	for i, b := range beta {
		name := fmt.Sprintf("x%d", i+1)
		if i < len(o.Names) {
			name = o.Names[i]
		}
		parameters[name] = b
	}
	return continuation{ARIMA, f.String(), points, spread, parameters, f.aicc}, true
}

// combined is the median of several methods, step by step: none of them can
// lead it far astray (Petropoulos & Svetunkov 2020).
func combined(y []float64, o Options) (continuation, bool) {
	best, damped, err := chooseETS(y, o.Period)
	if err != nil {
		return continuation{}, false
	}
	theta := fitTheta(y, o.Period)
	parts := []continuation{
		best.continuation(ETS, o), damped.continuation(Damped, o), {method: Theta, model: "Theta", points: theta.points(o.Horizon), spread: theta.spread(o.Horizon)},
	}
	if o.Method == Combination {
		if c, ok := boxJenkins(y, o); ok {
			parts = append(parts, c)
		}
	}
	out := continuation{method: o.Method, points: make([]float64, o.Horizon), spread: make([]float64, o.Horizon), parameters: parts[0].parameters}
	for i, p := range parts {
		if i > 0 {
			out.model += " · "
		}
		out.model += p.model
	}
	for i := range o.Horizon {
		var points, spreads []float64
		for _, p := range parts {
			points, spreads = append(points, p.points[i]), append(spreads, p.spread[i])
		}
		out.points[i], out.spread[i] = median(points), median(spreads)
	}
	return out, true
}

func over(y []float64, scale float64) []float64 {
	out := make([]float64, len(y))
	for i, v := range y {
		out[i] = v / scale
	}
	return out
}

func median(v []float64) float64 {
	slices.Sort(v)
	n := len(v)
	return (v[(n-1)/2] + v[n/2]) / 2
}

func finite(v []float64) bool {
	for _, x := range v {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return false
		}
	}
	return true
}

// simple is the naive method, with or without a season.
func simple(y []float64, o Options, m Method) continuation {
	lag := 1
	if m == SeasonalNaive && o.Period > 1 && len(y) > o.Period {
		lag = o.Period
	}
	c := continuation{method: m, model: map[Method]string{Naive: "naive", SeasonalNaive: "seasonal naive"}[m], points: make([]float64, o.Horizon), spread: make([]float64, o.Horizon)}
	sum, n := 0.0, 0.0
	for i := lag; i < len(y); i++ {
		sum += (y[i] - y[i-lag]) * (y[i] - y[i-lag])
		n++
	}
	sigma := math.Sqrt(sum / math.Max(n, 1))
	for i := range c.points {
		c.points[i] = y[len(y)-lag+i%lag]
		c.spread[i] = sigma * math.Sqrt(float64(i/lag+1))
	}
	return c
}

// withoutSeason takes a long season out by a decomposition, continues the rest
// and puts the season back.
func withoutSeason(y []float64, o Options) continuation {
	multiplicative := minimum(y) > 0
	indices := decompose(y, o.Period, multiplicative)
	rest := make([]float64, len(y))
	for i, v := range y {
		if multiplicative {
			rest[i] = v / indices[i%o.Period]
		} else {
			rest[i] = v - indices[i%o.Period]
		}
	}
	inner := o
	inner.Period = 1
	c := continued(rest, inner)
	for i := range c.points {
		s := indices[(len(y)+i)%o.Period]
		if multiplicative {
			c.points[i] *= s
			c.spread[i] *= s
		} else {
			c.points[i] += s
		}
	}
	c.model += fmt.Sprintf(" + season[%d]", o.Period)
	return c
}
