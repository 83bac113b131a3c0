// SPDX-License-Identifier: Apache-2.0

package predict

import (
	"context"
	"math"

	"dangol/internal/mining/frame"
)

// Crossed is how a family did in cross-validation.
type Crossed struct {
	Family Family    `json:"family"`
	AUC    float64   `json:"auc"`
	Spread float64   `json:"auc_sd"` // standard deviation over folds
	Folds  []float64 `json:"auc_folds"`
	// Behind is how far the AUC lies behind the best family, fold by fold, and
	// Noise the standard error of that.
	Behind      float64 `json:"behind"`
	Noise       float64 `json:"noise"`
	LogLoss     float64 `json:"log_loss"`
	WithinNoise bool    `json:"within_noise"`
	IsProposed  bool    `json:"is_proposed"`
	Line        Line    `json:"calibration"`
	scores      []float64
}

// Progress is told how much of the work is done.
type Progress func(done, total int)

// CrossValidate tries families on k folds of the same rows and proposes the
// simplest whose AUC is within one standard error of the best (Breiman et al.
// 1984, the rule of one standard error, on differences fold by fold).
func CrossValidate(ctx context.Context, families []Family, f *frame.Frame, yes []bool, k int, seed uint64, tell Progress) ([]Crossed, error) {
	fold := foldsOf(yes, k, seed)
	out := make([]Crossed, len(families))
	for i, family := range families {
		c := Crossed{Family: family, scores: make([]float64, len(yes))}
		margins := make([]float64, len(yes))
		for held := range k {
			learn, test := split(fold, held)
			m, err := Fit(ctx, family, f.Take(learn), pick(yes, learn), seed)
			if err != nil {
				return nil, err
			}
			part := f.Take(test)
			scores := m.Score(part)
			for j, row := range test {
				c.scores[row], margins[row] = scores[j], logit(scores[j])
			}
			c.Folds = append(c.Folds, AUC(scores, pick(yes, test)))
			if tell != nil {
				tell(i*k+held+1, len(families)*k)
			}
		}
		c.AUC, c.Spread = meanAndSpread(c.Folds)
		c.LogLoss = LogLoss(c.scores, yes)
		c.Line = fitLine(margins, yes)
		out[i] = c
	}
	propose(out)
	return out, nil
}

func propose(list []Crossed) {
	best := 0
	for i := range list {
		if list[i].AUC > list[best].AUC {
			best = i
		}
	}
	proposed := false
	for i := range list {
		c := &list[i]
		differences := make([]float64, len(c.Folds))
		for j := range differences {
			differences[j] = list[best].Folds[j] - c.Folds[j]
		}
		mean, spread := meanAndSpread(differences)
		c.Behind, c.Noise = mean, spread/math.Sqrt(float64(len(differences)))
		c.WithinNoise, c.IsProposed = i == best || c.Behind <= c.Noise, false
		if c.WithinNoise && !proposed {
			c.IsProposed, proposed = true, true
		}
	}
}

func meanAndSpread(values []float64) (mean, spread float64) {
	n := float64(len(values))
	for _, x := range values {
		mean += x / n
	}
	for _, x := range values {
		spread += (x - mean) * (x - mean)
	}
	return mean, math.Sqrt(spread / math.Max(1, n-1))
}

// Proposed is the family that was proposed.
func Proposed(list []Crossed) Crossed {
	for _, c := range list {
		if c.IsProposed {
			return c
		}
	}
	return list[0]
}

// needsLine tells whether scores are so far from probabilities that they are
// worth correcting.
func (c Crossed) needsLine() bool {
	const off = 0.1
	return math.Abs(c.Line.Slope-1) > off || math.Abs(c.Line.Intercept) > off
}

// Calibrate gives the model the calibration line that cross-validation found,
// when its scores are no probabilities without it.
func (m *Model) Calibrate(c Crossed) {
	if m.Family != Baseline && c.needsLine() && c.Line.Slope > 0 {
		line := c.Line
		m.Line = &line
	}
}
