// SPDX-License-Identifier: Apache-2.0

package match

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
)

const (
	// stratumWidth is how many bits of match weight one stratum covers.
	stratumWidth = 2.0
	// pseudo is how many decisions the model's own estimate counts for in a stratum.
	pseudo = 2.0
	// draws of the posterior give the interval; the seed makes it repeatable.
	draws, drawSeed = 4000, 7
)

// Stratum is the pairs of one band of weights: how many there are and what people said about some.
type Stratum struct {
	From     float64 `json:"from"`
	To       float64 `json:"to"`
	Pairs    int64   `json:"pairs"`
	Expected float64 `json:"expected"`
	Decided  int     `json:"decided"`
	Same     int     `json:"same"`
}

// Estimate is a share with its 95 % interval.
type Estimate struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// Quality is what people's decisions say about the links.
type Quality struct {
	RunID     int64     `json:"run_id"`
	LinkAt    float64   `json:"link_at"`
	Decisions int       `json:"decisions"`
	Same      int       `json:"same"`
	Precision Estimate  `json:"precision"`
	Recall    Estimate  `json:"recall" doc:"Among the pairs that the blocking rules compare."`
	Strata    []Stratum `json:"strata"`
}

// Quality estimates precision and recall of linking from a weight on (nil: the model's own threshold).
// Decisions are stratified by weight, because reviewers see the doubtful middle and not a fair sample:
// each stratum's share of true matches has a Beta posterior that starts at the model's expectation, and
// strata weigh by how many pairs the last run found in them.
func (s *Service) Quality(ctx context.Context, linkAt *float64) (*Quality, error) {
	runs, err := s.store.listRuns(ctx, 0, 20)
	if err != nil {
		return nil, err
	}
	q := &Quality{Strata: []Stratum{}}
	at := slices.IndexFunc(runs, func(r *Run) bool { return len(r.Figures.Histogram) > 0 })
	if at < 0 {
		return q, nil
	}
	run := runs[at]
	q.RunID, q.LinkAt = run.ID, run.Figures.LinkAt
	if model, err := s.store.findModel(ctx, 0); err == nil {
		q.LinkAt = model.LinkAt
	}
	if linkAt != nil {
		q.LinkAt = *linkAt
	}
	decisions, err := s.store.standing(ctx)
	if err != nil {
		return nil, err
	}
	q.Strata = strataOf(run.Figures.Histogram, decisions, q.LinkAt)
	for _, d := range decisions {
		q.Decisions++
		if d.Decision == Same {
			q.Same++
		}
	}
	q.Precision, q.Recall = estimate(q.Strata, q.LinkAt)
	return q, nil
}

// strataOf cuts the weights into bands; one band ends at the threshold, so that none lies on both sides.
func strataOf(bins []Bin, decisions []Decision, linkAt float64) []Stratum {
	place := func(w float64) int { return int(math.Floor((w - linkAt) / stratumWidth)) }
	byPlace := map[int]*Stratum{}
	for _, bin := range bins {
		k := place(bin.Weight)
		if byPlace[k] == nil {
			byPlace[k] = &Stratum{From: linkAt + float64(k)*stratumWidth, To: linkAt + float64(k+1)*stratumWidth}
		}
		byPlace[k].Pairs += bin.Pairs
		byPlace[k].Expected += bin.Expected
	}
	for _, d := range decisions {
		if stratum := byPlace[place(d.Weight)]; stratum != nil {
			stratum.Decided++
			if d.Decision == Same {
				stratum.Same++
			}
		}
	}
	strata := make([]Stratum, 0, len(byPlace))
	for _, stratum := range byPlace {
		strata = append(strata, *stratum)
	}
	slices.SortFunc(strata, func(x, y Stratum) int { return int(math.Round(x.From*2 - y.From*2)) })
	return strata
}

func estimate(strata []Stratum, linkAt float64) (precision, recall Estimate) {
	random := rand.New(rand.NewPCG(drawSeed, drawSeed))
	precisions, recalls := make([]float64, draws), make([]float64, draws)
	once := func(share func(a, b float64) float64) (float64, float64) {
		var linked, found, all float64
		for _, stratum := range strata {
			p := stratum.Expected / float64(stratum.Pairs)
			a := pseudo*p + float64(stratum.Same)
			b := pseudo*(1-p) + float64(stratum.Decided-stratum.Same)
			matches := float64(stratum.Pairs) * share(a, b)
			all += matches
			if stratum.From >= linkAt {
				linked, found = linked+float64(stratum.Pairs), found+matches
			}
		}
		return ratio(found, linked), ratio(found, all)
	}
	precision.Value, recall.Value = once(func(a, b float64) float64 { return a / (a + b) })
	for i := range draws {
		precisions[i], recalls[i] = once(func(a, b float64) float64 { return beta(random, a, b) })
	}
	slices.Sort(precisions)
	slices.Sort(recalls)
	precision.Low, precision.High = precisions[draws/40], precisions[draws-1-draws/40]
	recall.Low, recall.High = recalls[draws/40], recalls[draws-1-draws/40]
	return precision, recall
}

func ratio(part, whole float64) float64 {
	if whole <= 0 {
		return 1
	}
	return part / whole
}

// beta draws from a Beta distribution as the share of two Gamma draws.
func beta(random *rand.Rand, a, b float64) float64 {
	x, y := gamma(random, max(a, 1e-3)), gamma(random, max(b, 1e-3))
	if x+y == 0 {
		return a / (a + b)
	}
	return x / (x + y)
}

// gamma draws from a Gamma distribution of the shape and scale 1 (Marsaglia and Tsang 2000).
func gamma(random *rand.Rand, shape float64) float64 {
	if shape < 1 {
		return gamma(random, shape+1) * math.Pow(random.Float64(), 1/shape)
	}
	d := shape - 1.0/3
	c := 1 / math.Sqrt(9*d)
	for {
		x := random.NormFloat64()
		v := 1 + c*x
		if v <= 0 {
			continue
		}
		v = v * v * v
		if math.Log(random.Float64()) < x*x/2+d-d*v+d*math.Log(v) {
			return d * v
		}
	}
}
