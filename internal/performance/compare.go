// SPDX-License-Identifier: Apache-2.0

package performance

import "math"

// z95 is the 97.5 % point of the normal distribution, for 95 % intervals (P-CAM).
const z95 = 1.959963984540054

// fewest is the number of successes and failures in each arm below which the
// normal interval for rates says too little.
const fewest = 5

// smallArm is the size from which Student's t and the normal distribution give
// the same interval to three digits.
const smallArm = 500

// Arm is what was observed in one group.
type Arm struct {
	Count     int64 // people assigned
	Successes int64 // people who did it
	// Sum and SumSquares are over all people of the arm, those with nothing included.
	Sum, SumSquares float64
}

// Rate is the share of people who did it.
func (a Arm) Rate() float64 { return ratio(float64(a.Successes), float64(a.Count)) }

// Mean is the amount per person.
func (a Arm) Mean() float64 { return ratio(a.Sum, float64(a.Count)) }

// variance is the sample variance of the amount.
func (a Arm) variance() float64 {
	if a.Count < 2 {
		return 0
	}
	n := float64(a.Count)
	return max(0, (a.SumSquares-a.Sum*a.Sum/n)/(n-1))
}

func ratio(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}

// Verdict is the result of a comparison as a code.
type Verdict string

// Verdicts.
const (
	EffectPositive Verdict = "effect_positive"
	EffectNegative Verdict = "effect_negative"
	NoEffectShown  Verdict = "no_effect_shown"
	TooFew         Verdict = "too_few"
	NoControl      Verdict = "no_control"
)

// Difference is treatment minus control.
type Difference struct {
	Treatment     float64  `json:"treatment"`
	Control       float64  `json:"control"`
	Difference    float64  `json:"difference"`
	StandardError float64  `json:"standard_error"`
	Low           float64  `json:"low" doc:"Lower end of the 95 % interval."`
	High          float64  `json:"high" doc:"Upper end of the 95 % interval."`
	Lift          *float64 `json:"lift,omitempty" doc:"Difference over control; absent when control is zero."`
	Verdict       Verdict  `json:"verdict"`
	// T and Degrees belong to the comparison of means (Welch).
	T       float64 `json:"t,omitempty"`
	Degrees float64 `json:"degrees,omitempty"`
}

// Comparison is the outcome of a campaign by rate and by amount.
type Comparison struct {
	Rate Difference `json:"rate"`
	Mean Difference `json:"mean"`
}

// Compare compares two arms that were drawn at random from the same people.
func Compare(treatment, control Arm) Comparison {
	return Comparison{Rate: CompareRates(treatment, control), Mean: CompareMeans(treatment, control)}
}

// CompareRates compares shares, with the interval of two independent
// proportions (P-CAM): ±1.96·√(p₁q₁/n₁ + p₂q₂/n₂).
func CompareRates(treatment, control Arm) Difference { return compareRates(treatment, control, z95) }

func compareRates(treatment, control Arm, point float64) Difference {
	p1, p2 := treatment.Rate(), control.Rate()
	se := math.Sqrt(ratio(p1*(1-p1), float64(treatment.Count)) + ratio(p2*(1-p2), float64(control.Count)))
	d := between(p1, p2, se, point)
	for _, a := range []Arm{treatment, control} {
		if a.Successes < fewest || a.Count-a.Successes < fewest {
			d.Verdict = TooFew
		}
	}
	return withoutArm(d, treatment, control)
}

// CompareMeans compares amounts per person by Welch's test, which does not
// assume that both arms scatter alike.
func CompareMeans(treatment, control Arm) Difference { return compareMeans(treatment, control, z95) }

// compareMeans takes the normal point of the level; in small arms of a single
// comparison Student's takes its place.
func compareMeans(treatment, control Arm, point float64) Difference {
	v1, v2 := ratio(treatment.variance(), float64(treatment.Count)), ratio(control.variance(), float64(control.Count))
	se := math.Sqrt(v1 + v2)
	degrees := 0.0
	if se > 0 {
		degrees = (v1 + v2) * (v1 + v2) / (ratio(v1*v1, float64(treatment.Count-1)) + ratio(v2*v2, float64(control.Count-1)))
	}
	if point == z95 && min(treatment.Count, control.Count) < smallArm && degrees > 0 {
		point = studentPoint(degrees)
	}
	d := between(treatment.Mean(), control.Mean(), se, point)
	d.T, d.Degrees = ratio(d.Difference, se), degrees
	if treatment.Successes < fewest || control.Successes < fewest || se == 0 {
		d.Verdict = TooFew
	}
	return withoutArm(d, treatment, control)
}

func between(a, b, se, point float64) Difference {
	d := Difference{Treatment: a, Control: b, Difference: a - b, StandardError: se, Verdict: NoEffectShown}
	d.Low, d.High = d.Difference-point*se, d.Difference+point*se
	if b > 0 {
		lift := d.Difference / b
		d.Lift = &lift
	}
	switch {
	case d.Low > 0:
		d.Verdict = EffectPositive
	case d.High < 0:
		d.Verdict = EffectNegative
	}
	return d
}

func withoutArm(d Difference, treatment, control Arm) Difference {
	if control.Count == 0 || treatment.Count == 0 {
		d.Verdict, d.Lift = NoControl, nil
	}
	return d
}

// ChiSquare is Pearson's statistic of a table of successes by arms, with its
// degrees of freedom.
func ChiSquare(arms ...Arm) (statistic float64, degrees int) {
	var all Arm
	for _, a := range arms {
		all.Count += a.Count
		all.Successes += a.Successes
	}
	p := all.Rate()
	for _, a := range arms {
		for _, cell := range [][2]float64{{float64(a.Successes), p}, {float64(a.Count - a.Successes), 1 - p}} {
			expected := float64(a.Count) * cell[1]
			statistic += ratio((cell[0]-expected)*(cell[0]-expected), expected)
		}
	}
	return statistic, len(arms) - 1
}

// NeededSize is how many people each arm needs to show a difference of delta in
// a rate near p with 80 % power (P-CAM): 16·p(1−p)/δ².
func NeededSize(p, delta float64) int64 {
	if delta == 0 {
		return 0
	}
	return int64(math.Ceil(16 * p * (1 - p) / (delta * delta)))
}

// Detectable is the smallest difference in a rate near p that arms of these
// sizes show with 80 % power: the reverse of NeededSize for unequal arms.
func Detectable(p float64, treatment, control int64) float64 {
	if treatment == 0 || control == 0 {
		return 0
	}
	return math.Sqrt(8 * p * (1 - p) * (1/float64(treatment) + 1/float64(control)))
}

// studentPoint is the 97.5 % point of Student's t, by bisection on its
// distribution function.
func studentPoint(degrees float64) float64 {
	low, high := 0.0, 1000.0
	for range 100 {
		middle := (low + high) / 2
		if studentTail(middle, degrees) > 0.025 {
			low = middle
		} else {
			high = middle
		}
	}
	return (low + high) / 2
}

// studentTail is P(T > t) for t ≥ 0, by the regularised incomplete beta function.
func studentTail(t, degrees float64) float64 {
	x := degrees / (degrees + t*t)
	return incompleteBeta(x, degrees/2, 0.5) / 2
}

// incompleteBeta is I_x(a, b) by its continued fraction (Abramowitz and Stegun
// 26.5.8, evaluated by Lentz's method).
func incompleteBeta(x, a, b float64) float64 {
	if x <= 0 || x >= 1 {
		return math.Max(0, math.Min(1, x))
	}
	if x > (a+1)/(a+b+2) { // the fraction converges fast below this point
		return 1 - incompleteBeta(1-x, b, a)
	}
	la, _ := math.Lgamma(a)
	lb, _ := math.Lgamma(b)
	lab, _ := math.Lgamma(a + b)
	front := math.Exp(lab-la-lb+a*math.Log(x)+b*math.Log(1-x)) / a
	const tiny = 1e-300
	f, c, d := 1.0, 1.0, 0.0
	for i := range 400 {
		m := float64(i / 2)
		var numerator float64
		switch {
		case i == 0:
			numerator = 1
		case i%2 == 0:
			numerator = m * (b - m) * x / ((a + 2*m - 1) * (a + 2*m))
		default:
			numerator = -(a + m) * (a + b + m) * x / ((a + 2*m) * (a + 2*m + 1))
		}
		d = 1 / notZero(1+numerator*d, tiny)
		c = notZero(1+numerator/c, tiny)
		f *= c * d
		if math.Abs(1-c*d) < 1e-14 {
			break
		}
	}
	return front * (f - 1)
}

func notZero(x, tiny float64) float64 {
	if math.Abs(x) < tiny {
		return tiny
	}
	return x
}
