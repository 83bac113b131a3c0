// SPDX-License-Identifier: Apache-2.0

package uplift

import (
	"context"
	"fmt"
	"math/rand/v2"

	"dangol/internal/mining/frame"
	"dangol/internal/mining/predict"
)

// Methods by which uplift is scored.
const (
	TwoLogistic = "two_logistic" // two logistic regressions, the difference of their scores
	TwoBoost    = "two_boost"    // the same with gradient boosting
	Transformed = "transformed"  // one regression on the transformed outcome (Athey and Imbens 2015)
	UpliftTree  = "uplift_tree"
	OneQuestion = "one_question" // the one best question
)

// People are what is known of those who took part.
type People struct {
	Frame   *frame.Frame // what was known before
	Treated []bool
	Outcome []float64 // 0 or 1, or an amount
}

// Take returns some of the people.
func (p *People) Take(rows []int) *People {
	out := &People{Frame: p.Frame.Take(rows)}
	for _, row := range rows {
		out.Treated, out.Outcome = append(out.Treated, p.Treated[row]), append(out.Outcome, p.Outcome[row])
	}
	return out
}

func (p *People) isBinary() bool {
	for _, y := range p.Outcome {
		if y != 0 && y != 1 {
			return false
		}
	}
	return true
}

// Result of one method.
type Result struct {
	Method string `json:"method"`
	// Qini is in outcomes of the people tested, PerTreated for each treated one.
	Qini       float64 `json:"qini"`
	PerTreated float64 `json:"qini_per_treated"`
	Low        float64 `json:"low"`
	High       float64 `json:"high"`
	// Learned is Qini in cross-validation among the people who were learned
	// from, for each treated one: by it the method is chosen.
	Learned     float64 `json:"learned_per_treated"`
	LearnedLow  float64 `json:"learned_low"`
	LearnedHigh float64 `json:"learned_high"`
	Top10       float64 `json:"uplift_top_10"`
	Top30       float64 `json:"uplift_top_30"`
	Top50       float64 `json:"uplift_top_50"`
	Curve       []Point `json:"curve"`
	Question    string  `json:"question,omitempty"` // of one_question
	IsChosen    bool    `json:"is_chosen"`
	// IsShown is true when both intervals lie above zero: what only one of two
	// parts of the people shows may be chance.
	IsShown bool `json:"is_shown"`
	scores  []float64
}

// Finding is the answer for one arm and one outcome.
type Finding struct {
	Treated  int      `json:"treated"` // people tested
	Control  int      `json:"control"`
	Effect   float64  `json:"effect"` // mean uplift of the people tested
	Results  []Result `json:"results"`
	IsShown  bool     `json:"is_shown"` // of the method chosen
	Chosen   string   `json:"chosen"`
	Problem  string   `json:"problem,omitempty"`
	Outcomes float64  `json:"outcomes"` // sum of outcomes of the people tested
}

// draws of the interval.
const draws = 400

// FewestArm is how many people each arm must have to learn and to test.
const FewestArm = 100

// Find learns from some people and tests on others.
func Find(ctx context.Context, learn, test *People, seed uint64, tell predict.Progress) (*Finding, error) {
	out := &Finding{}
	var all arms
	for i, treated := range test.Treated {
		all.add(treated, test.Outcome[i], 1)
		out.Outcomes += test.Outcome[i]
	}
	out.Treated, out.Control, out.Effect = int(all.nt), int(all.nc), all.uplift()
	var learned arms
	for i, treated := range learn.Treated {
		learned.add(treated, learn.Outcome[i], 1)
	}
	if min(all.nt, all.nc, learned.nt, learned.nc) < FewestArm {
		out.Problem = fmt.Sprintf("Each arm needs at least %d people to learn from and as many to test on; the smallest has %.0f.", FewestArm, min(all.nt, all.nc, learned.nt, learned.nc))
		return out, nil
	}
	methods := []string{OneQuestion, TwoLogistic, Transformed, UpliftTree, TwoBoost}
	if !learn.isBinary() {
		methods = []string{OneQuestion, TwoLogistic, Transformed, UpliftTree}
	}
	best := 0
	for i, method := range methods {
		r := Result{Method: method}
		if err := r.cross(ctx, learn, seed); err != nil {
			return nil, err
		}
		scores, question, err := scoresOf(ctx, method, learn, test.Frame, seed)
		if err != nil {
			return nil, err
		}
		r.scores, r.Question = scores, question
		ranked := rank(scores, test.Treated, test.Outcome)
		r.Qini, _ = ranked.qini(nil)
		r.PerTreated = r.Qini / all.nt
		r.Low, r.High = ranked.interval(draws, seed)
		r.Top10, r.Top30, r.Top50, r.Curve = ranked.top(0.1), ranked.top(0.3), ranked.top(0.5), ranked.curve()
		r.IsShown = r.Low > 0 && r.LearnedLow > 0
		out.Results = append(out.Results, r)
		if r.Learned > out.Results[best].Learned {
			best = i
		}
		if tell != nil {
			tell(i+1, len(methods))
		}
	}
	out.Results[best].IsChosen = true
	out.IsShown, out.Chosen = out.Results[best].IsShown, out.Results[best].Method
	return out, nil
}

// cross is Qini of scores that were made for people who were not learned from.
func (r *Result) cross(ctx context.Context, people *People, seed uint64) error {
	const folds = 3
	scores := make([]float64, len(people.Outcome))
	fold := make([]int, len(scores))
	for i, at := range rand.New(rand.NewPCG(seed, 21)).Perm(len(scores)) { //nolint:gosec // no secret
		fold[at] = i % folds
	}
	treated := 0.0
	for k := range folds {
		var in, out []int
		for i, f := range fold {
			if f == k {
				out = append(out, i)
			} else {
				in = append(in, i)
			}
		}
		part, _, err := scoresOf(ctx, r.Method, people.Take(in), people.Frame.Take(out), seed)
		if err != nil {
			return err
		}
		for i, row := range out {
			scores[row] = part[i]
		}
	}
	for _, t := range people.Treated {
		if t {
			treated++
		}
	}
	ranked := rank(scores, people.Treated, people.Outcome)
	r.Learned, _ = ranked.qini(nil)
	r.LearnedLow, r.LearnedHigh = ranked.interval(draws, seed)
	r.Learned, r.LearnedLow, r.LearnedHigh = r.Learned/treated, r.LearnedLow/treated, r.LearnedHigh/treated
	return nil
}

func scoresOf(ctx context.Context, method string, learn *People, f *frame.Frame, seed uint64) (scores []float64, question string, err error) {
	switch method {
	case TwoLogistic, TwoBoost:
		scores, err = twoModels(ctx, method, learn, f, seed)
		return scores, "", err
	case Transformed:
		return predict.FitAmount(learn.Frame, learn.transformed()).Score(f), "", nil
	}
	rows := make([]int, len(learn.Outcome))
	for i := range rows {
		rows[i] = i
	}
	depth := treeDeep
	if method == OneQuestion {
		depth = 1
	}
	n := grow(learn.Frame, rows, learn.Treated, learn.Outcome, depth)
	if method == OneQuestion && n.left != nil {
		question = fmt.Sprintf("%s ≤ %g", n.column, n.limit)
		if n.isCategory {
			question = fmt.Sprintf("%s = %s", n.column, n.level)
		}
	}
	return n.score(f), question, nil
}

// transformed outcome: its mean is the uplift.
func (p *People) transformed() []float64 {
	treated := 0.0
	for _, t := range p.Treated {
		if t {
			treated++
		}
	}
	share := treated / float64(len(p.Treated))
	out := make([]float64, len(p.Outcome))
	for i, y := range p.Outcome {
		if p.Treated[i] {
			out[i] = y / share
		} else {
			out[i] = -y / (1 - share)
		}
	}
	return out
}

func twoModels(ctx context.Context, method string, learn *People, f *frame.Frame, seed uint64) ([]float64, error) {
	var parts [2][]int
	for i, t := range learn.Treated {
		arm := 0
		if t {
			arm = 1
		}
		parts[arm] = append(parts[arm], i)
	}
	var scores [2][]float64
	for arm, rows := range parts {
		people := learn.Take(rows)
		if !learn.isBinary() {
			scores[arm] = predict.FitAmount(people.Frame, people.Outcome).Score(f)
			continue
		}
		yes := make([]bool, len(rows))
		for i, y := range people.Outcome {
			yes[i] = y == 1
		}
		var err error
		if scores[arm], err = oneModel(ctx, method, learn.Frame, people.Frame, yes, f, seed); err != nil {
			return nil, err
		}
	}
	for i := range scores[1] {
		scores[1][i] -= scores[0][i]
	}
	return scores[1], nil
}

func oneModel(ctx context.Context, method string, all, arm *frame.Frame, yes []bool, f *frame.Frame, seed uint64) ([]float64, error) {
	if method == TwoLogistic {
		m, err := predict.FitPart(ctx, all, arm, yes)
		if err != nil {
			return nil, err
		}
		return m.Score(f), nil
	}
	m, err := predict.Fit(ctx, predict.Boost, arm, yes, seed)
	if err != nil {
		return nil, err
	}
	return m.Score(f), nil
}
