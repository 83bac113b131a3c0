// SPDX-License-Identifier: Apache-2.0

package predict

import (
	"math"
	"slices"

	"dangol/internal/mining/statistics"
)

// Evaluation is how good scores are on rows that were not learned from.
type Evaluation struct {
	Rows      int     `json:"rows"`
	Positives int     `json:"positives"`
	AUC       float64 `json:"auc"`
	// Low and High are the 95 % interval of the AUC (Hanley and McNeil 1982).
	Low      float64 `json:"auc_low"`
	High     float64 `json:"auc_high"`
	LogLoss  float64 `json:"log_loss"`
	Brier    float64 `json:"brier"`
	KS       float64 `json:"ks"`
	Accuracy float64 `json:"accuracy"` // at .5
	Lift10   float64 `json:"lift_10"`  // yes rate of the best tenth over that of all
	// Slope and Intercept of the calibration line: 1 and 0 when scores are
	// probabilities (Cox 1958).
	Slope       float64      `json:"calibration_slope"`
	Intercept   float64      `json:"calibration_intercept"`
	Calibration []Calibrated `json:"calibration"`
	Gains       []Gain       `json:"gains"`
	Confusion   Confusion    `json:"confusion"`
}

// Calibrated compares predicted with seen rates in a tenth of the rows.
type Calibrated struct {
	Rows      int     `json:"rows"`
	Predicted float64 `json:"predicted"`
	Seen      float64 `json:"seen"`
	Low       float64 `json:"low"`
	High      float64 `json:"high"`
}

// Gain is what the best share of the rows brings.
type Gain struct {
	Share    float64 `json:"share"`
	Captured float64 `json:"captured"` // of all yeses
	Lift     float64 `json:"lift"`
	Score    float64 `json:"score"` // of the last row taken
}

// Confusion counts decisions at the score .5.
type Confusion struct {
	TruePositive  int `json:"true_positive"`
	FalsePositive int `json:"false_positive"`
	TrueNegative  int `json:"true_negative"`
	FalseNegative int `json:"false_negative"`
}

// AUC is the chance that a yes scores higher than a no; ties count half.
func AUC(scores []float64, yes []bool) float64 {
	order := byScore(scores)
	positives, rankSum := 0.0, 0.0
	for from := 0; from < len(order); {
		to, ties := from, 0.0
		for to < len(order) && scores[order[to]] == scores[order[from]] {
			if yes[order[to]] {
				ties++
			}
			to++
		}
		rankSum += ties * float64(from+to+1) / 2
		positives += ties
		from = to
	}
	negatives := float64(len(scores)) - positives
	if positives == 0 || negatives == 0 {
		return 0.5
	}
	return (rankSum - positives*(positives+1)/2) / (positives * negatives)
}

// byScore lists the rows by ascending score; equal scores keep their order.
func byScore(scores []float64) []int {
	order := make([]int, len(scores))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case scores[a] < scores[b]:
			return -1
		case scores[a] > scores[b]:
			return 1
		}
		return 0
	})
	return order
}

// LogLoss is the mean of −log of the probability given to what happened.
func LogLoss(scores []float64, yes []bool) float64 {
	const least = 1e-15
	sum := 0.0
	for i, p := range scores {
		p = math.Min(math.Max(p, least), 1-least)
		if yes[i] {
			sum -= math.Log(p)
		} else {
			sum -= math.Log1p(-p)
		}
	}
	return sum / math.Max(1, float64(len(scores)))
}

// Evaluate computes all figures.
func Evaluate(scores []float64, yes []bool) Evaluation {
	e := Evaluation{Rows: len(yes), AUC: AUC(scores, yes), LogLoss: LogLoss(scores, yes)}
	for i, p := range scores {
		y := 0.0
		switch {
		case yes[i] && p > 0.5:
			e.Confusion.TruePositive++
		case yes[i]:
			e.Confusion.FalseNegative++
		case p > 0.5:
			e.Confusion.FalsePositive++
		default:
			e.Confusion.TrueNegative++
		}
		if yes[i] {
			y = 1
			e.Positives++
		}
		e.Brier += (p - y) * (p - y) / float64(len(yes))
	}
	e.Accuracy = float64(e.Confusion.TruePositive+e.Confusion.TrueNegative) / math.Max(1, float64(e.Rows))
	half := 1.959963984540054 * e.spread()
	e.Low, e.High = math.Max(0, e.AUC-half), math.Min(1, e.AUC+half)
	e.gains(scores, yes)
	e.calibrate(scores, yes)
	return e
}

// spread is the standard error of the AUC (Hanley and McNeil 1982, formula 1).
func (e *Evaluation) spread() float64 {
	p, n, a := float64(e.Positives), float64(e.Rows-e.Positives), e.AUC
	if p == 0 || n == 0 {
		return 0.5
	}
	q1, q2 := a/(2-a), 2*a*a/(1+a)
	return math.Sqrt(math.Max(0, (a*(1-a)+(p-1)*(q1-a*a)+(n-1)*(q2-a*a))/(p*n)))
}

// gains walks down the rows from the highest score. Rows of equal score have no
// order, so that each brings the mean of its tie.
func (e *Evaluation) gains(scores []float64, yes []bool) {
	order := byScore(scores)
	slices.Reverse(order)
	n, positives := len(order), float64(e.Positives)
	captured := make([]float64, n+1)
	for from := 0; from < n; {
		to, count := from, 0.0
		for to < n && scores[order[to]] == scores[order[from]] {
			if yes[order[to]] {
				count++
			}
			to++
		}
		for i := from; i < to; i++ {
			captured[i+1] = captured[from] + count*float64(i+1-from)/float64(to-from)
		}
		seen := captured[to]
		if positives > 0 && n > e.Positives {
			e.KS = math.Max(e.KS, math.Abs(seen/positives-(float64(to)-seen)/(float64(n)-positives)))
		}
		from = to
	}
	at := func(share float64) Gain {
		take := min(n, int(math.Ceil(share*float64(n)-1e-9)))
		g := Gain{Share: share}
		if take > 0 && positives > 0 {
			g.Captured, g.Score = captured[take]/positives, scores[order[take-1]]
			g.Lift = g.Captured / (float64(take) / float64(n))
		}
		return g
	}
	if n == 0 {
		return
	}
	e.Lift10 = at(0.1).Lift
	for i := 1; i <= 20; i++ {
		e.Gains = append(e.Gains, at(float64(i)/20))
	}
}

func (e *Evaluation) calibrate(scores []float64, yes []bool) {
	order := byScore(scores)
	const parts = 10
	for k := range parts {
		rows := order[k*len(order)/parts : (k+1)*len(order)/parts]
		if len(rows) == 0 {
			continue
		}
		c, count := Calibrated{Rows: len(rows)}, 0
		for _, row := range rows {
			c.Predicted += scores[row] / float64(len(rows))
			if yes[row] {
				count++
			}
		}
		c.Seen = float64(count) / float64(len(rows))
		c.Low, c.High = statistics.Wilson(count, len(rows))
		e.Calibration = append(e.Calibration, c)
	}
	margins := make([]float64, len(scores))
	for i, p := range scores {
		margins[i] = logit(math.Min(math.Max(p, 1e-6), 1-1e-6))
	}
	line := fitLine(margins, yes)
	e.Slope, e.Intercept = line.Slope, line.Intercept
}

// Line turns margins into calibrated margins (Platt 1999).
type Line struct {
	Slope     float64 `json:"slope"`
	Intercept float64 `json:"intercept"`
}

// fitLine is a logistic regression on one number, by Newton's method; a weak
// pull towards the identity keeps it finite.
func fitLine(margins []float64, yes []bool) Line {
	const pull = 1e-3
	l := Line{Slope: 1}
	for range 50 {
		ga, gb := -pull*l.Intercept, -pull*(l.Slope-1)
		haa, hab, hbb := pull, 0.0, pull
		for i, m := range margins {
			q := sigmoid(l.Intercept + l.Slope*m)
			y := 0.0
			if yes[i] {
				y = 1
			}
			w := q * (1 - q)
			ga, gb = ga+y-q, gb+(y-q)*m
			haa, hab, hbb = haa+w, hab+w*m, hbb+w*m*m
		}
		det := haa*hbb - hab*hab
		if !(det > 1e-12) {
			return l
		}
		da, db := (hbb*ga-hab*gb)/det, (haa*gb-hab*ga)/det
		da, db = math.Max(-5, math.Min(5, da)), math.Max(-5, math.Min(5, db))
		l.Intercept, l.Slope = l.Intercept+da, l.Slope+db
		if math.Abs(da)+math.Abs(db) < 1e-9 {
			break
		}
	}
	return l
}

// Profit is what acting on the best share of the rows earns.
type Profit struct {
	Share  float64 `json:"share"`
	Count  int     `json:"count"`
	Score  float64 `json:"score"`
	Profit float64 `json:"profit"`
}

// ProfitCurve tells for every hundredth what acting on the best rows earns when
// a yes brings gain and acting costs cost, and the best of them.
func ProfitCurve(scores []float64, yes []bool, gain, cost float64) (curve []Profit, best Profit) {
	order := byScore(scores)
	slices.Reverse(order)
	sum, next := 0.0, 1
	curve = append(curve, Profit{Score: 1})
	for i, row := range order {
		sum -= cost
		if yes[row] {
			sum += gain
		}
		if i+1 >= int(math.Ceil(float64(next)*float64(len(order))/100)) {
			curve = append(curve, Profit{float64(i+1) / float64(len(order)), i + 1, scores[row], sum})
			for next <= 100 && i+1 >= int(math.Ceil(float64(next)*float64(len(order))/100)) {
				next++
			}
		}
	}
	best = curve[0]
	for _, p := range curve {
		if p.Profit > best.Profit {
			best = p
		}
	}
	return curve, best
}
