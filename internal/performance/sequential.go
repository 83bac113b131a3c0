// SPDX-License-Identifier: Apache-2.0

package performance

import "math"

// alpha is how often a test of variants may name a winner where there is none.
const alpha = 0.05

// Sequential is a comparison that may be looked at as often as one likes: the
// interval holds at all times at once.
type Sequential struct {
	Difference float64 `json:"difference"`
	Low        float64 `json:"low"`
	High       float64 `json:"high"`
	PValue     float64 `json:"p_value" doc:"Always-valid p-value."`
	IsShown    bool    `json:"is_shown"`
}

// sequential compares two estimates whose difference has the standard error se.
// It is the mixture sequential probability ratio test with a normal mixture of
// the standard deviation tau (Johari, Koomen, Pekelis, Walsh: Always Valid
// Inference, Operations Research 70(3), 2022, eq. 11) in the form for estimates
// that are asymptotically normal (Waudby-Smith et al.: Time-uniform central
// limit theory and asymptotic confidence sequences, Annals of Statistics 52(6),
// 2024, theorem 2.2): with V = se² the likelihood ratio against no difference is
// √(V/(V+τ²))·exp(τ²d²/(2V(V+τ²))), and it exceeds 1/α at any time with
// probability at most α.
func sequential(difference, se, tau, level float64) Sequential {
	s := Sequential{Difference: difference, Low: math.Inf(-1), High: math.Inf(1), PValue: 1}
	if se <= 0 || tau <= 0 {
		s.Low, s.High = difference, difference
		return s
	}
	v, t := se*se, tau*tau
	logRatio := 0.5*math.Log(v/(v+t)) + t*difference*difference/(2*v*(v+t))
	s.PValue = math.Min(1, math.Exp(-logRatio))
	radius := math.Sqrt(2 * v * (v + t) / t * (math.Log(1/level) + 0.5*math.Log((v+t)/v)))
	s.Low, s.High = difference-radius, difference+radius
	s.IsShown = s.Low > 0 || s.High < 0
	return s
}

// leader compares variants pairwise by rate or by mean. It answers the index of
// the best, and whether it differs from every other one beyond chance. All pairs
// share alpha (Bonferroni), because the best is chosen after looking.
func leader(arms []Arm, byMean bool) (best int, isShown bool, against []Sequential) {
	value := Arm.Rate
	if byMean {
		value = Arm.Mean
	}
	for i := range arms {
		if value(arms[i]) > value(arms[best]) {
			best = i
		}
	}
	pairs := float64(len(arms)*(len(arms)-1)) / 2
	isShown = len(arms) > 1
	against = make([]Sequential, len(arms))
	for i := range arms {
		if i == best {
			continue
		}
		d, se := value(arms[best])-value(arms[i]), spread(arms[best], arms[i], byMean)
		against[i] = sequential(d, se, mixture(arms[best], arms[i], byMean), alpha/pairs)
		isEnough := arms[best].Successes >= fewest && arms[i].Count-arms[i].Successes >= fewest && arms[i].Successes >= fewest
		against[i].IsShown = against[i].IsShown && isEnough
		isShown = isShown && against[i].IsShown
	}
	return best, isShown, against
}

// spread is the standard error of the difference of two arms.
func spread(a, b Arm, byMean bool) float64 {
	one := func(x Arm) float64 {
		if byMean {
			return ratio(x.variance(), float64(x.Count))
		}
		return ratio(x.Rate()*(1-x.Rate()), float64(x.Count))
	}
	return math.Sqrt(one(a) + one(b))
}

// mixtureShare is the size of effects that the test looks for first, as a share
// of the pooled value: any choice keeps the error rate, this one is quick for
// differences of about a fifth.
const mixtureShare = 0.2

func mixture(a, b Arm, byMean bool) float64 {
	pooled := Arm{Count: a.Count + b.Count, Successes: a.Successes + b.Successes, Sum: a.Sum + b.Sum}
	if byMean {
		return mixtureShare * math.Abs(pooled.Mean())
	}
	return mixtureShare * pooled.Rate()
}

// point is the two-sided normal point for a level shared by so many comparisons.
func point(comparisons int) float64 {
	return math.Sqrt2 * math.Erfinv(1-alpha/float64(max(comparisons, 1)))
}
