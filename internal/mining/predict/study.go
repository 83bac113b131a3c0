// SPDX-License-Identifier: Apache-2.0

package predict

import (
	"context"
	"math/rand/v2"
	"slices"

	"dangol/internal/mining/frame"
)

// Auto lets cross-validation choose the family.
const Auto Family = "auto"

// StudyOptions say what is to be predicted, and how it is tested.
type StudyOptions struct {
	Target, Positive string
	Family           Family
	Drop, Keep       []string
	// Test picks the rows that are held out, Other is a table of its own.
	Test  func(row int) bool
	Other *frame.Frame
	Seed  uint64
	// Gain is what a yes brings, Cost what acting on a row costs.
	Gain, Cost float64
	Tell       Progress
	// Today are columns that are known as of today, and not as of the day learned from.
	Today []string
	// Words name the columns in sentences, TargetKo and TargetEn what a yes is;
	// without them the table's own names are used.
	Words              frame.Words
	TargetKo, TargetEn string
}

// Study is a prediction from the table to the model, with everything that
// tells whether it can be trusted.
type Study struct {
	Target   Target     `json:"target"`
	Columns  []string   `json:"columns"`
	Notices  []Notice   `json:"notices"`
	Learned  int        `json:"rows_learned"`
	Tested   int        `json:"rows_tested"`
	Family   Family     `json:"model"`
	Seed     uint64     `json:"seed"`
	Test     Evaluation `json:"test"`
	Families []Tried    `json:"families"`
	// Crossed are the families in cross-validation, when one was to be chosen.
	Crossed    []Crossed    `json:"cross_validation,omitempty"`
	CrossRows  int          `json:"cross_validation_rows,omitempty"`
	Importance []Importance `json:"importance"`
	Dependence []Dependence `json:"partial_dependence"`
	// Effects are what the columns add to the scores of some tested rows (SHAP).
	Effects []Effects `json:"effects,omitempty"`
	// Regression is fitted to all rows, without penalty; Plain is its test when
	// fitted to the rows learned from only.
	Regression *Regression  `json:"regression,omitempty"`
	Profit     []Profit     `json:"profit,omitempty"`
	BestCut    *Profit      `json:"best_cut,omitempty"`
	Statements []Statement  `json:"statements"`
	Model      *Model       `json:"-"`
	Rows       []int        `json:"-"` // places of the tested rows in their table
	Scores     []float64    `json:"-"`
	Answers    []bool       `json:"-"`
	TestFrame  *frame.Frame `json:"-"`
}

// Tried is one family on the rows held out.
type Tried struct {
	Family   Family  `json:"model"`
	AUC      float64 `json:"auc"`
	Low      float64 `json:"auc_low"`
	High     float64 `json:"auc_high"`
	LogLoss  float64 `json:"log_loss"`
	Brier    float64 `json:"brier"`
	KS       float64 `json:"ks"`
	Accuracy float64 `json:"accuracy"`
	Lift10   float64 `json:"lift_10"`
}

const (
	crossFolds = 5
	// crossMost rows are enough to compare families.
	crossMost = 15_000
	// dependenceColumns are drawn, the most important first.
	dependenceColumns = 6
	// comparedRows is up to how many rows the families that were not proposed
	// learn from everything too; above it they learn from a sample.
	comparedRows = 100_000
	// effectColumns and effectRows are drawn, the most important columns first.
	effectColumns = 8
	effectRows    = 250
	// regressionTerms is how long a table of coefficients may be to be read.
	regressionTerms = 80
)

// Learn runs a study.
func Learn(ctx context.Context, f *frame.Frame, o StudyOptions) (*Study, error) {
	target, rows, yes, err := FindTarget(f, o.Target, o.Positive)
	if err != nil {
		return nil, err
	}
	if err := fewest(yes); err != nil {
		return nil, err
	}
	s := &Study{Target: target, Seed: o.Seed, Importance: []Importance{}, Dependence: []Dependence{}}
	learn, learnYes, test, testYes, err := s.part(f, rows, yes, o)
	if err != nil {
		return nil, err
	}
	if err := fewest(learnYes); err != nil {
		return nil, err
	}
	used, notices := Prepare(learn.Without(o.Target), learnYes, o.Drop, o.Keep)
	used, notices = withLate(used, notices, late(o.Today, learn, test, learnYes, testYes), o.Keep)
	s.Notices, s.Columns = notices, used.Names()
	if len(used.Columns) == 0 {
		return nil, problem("no_columns", "No column is left to predict from: %s.", why(notices))
	}
	s.Learned, s.Tested, s.Answers, s.TestFrame = learn.Rows, test.Rows, testYes, test
	if err := s.fit(ctx, used, learnYes, o); err != nil {
		return nil, err
	}
	s.Scores = s.Model.Score(test)
	s.Test = Evaluate(s.Scores, testYes)
	s.Model.Quality = &s.Test
	s.Model.Profile = SpreadOf(used, s.Model.Score(used), s.Model.Share)
	if err := s.explain(ctx, f, rows, yes, o); err != nil {
		return nil, err
	}
	s.say(o)
	return s, nil
}

func why(notices []Notice) string {
	text := ""
	for i, n := range notices {
		if i > 0 {
			text += ", "
		}
		text += n.Column + " " + n.Code
	}
	return text
}

// part divides the rows into those learned from and those held out.
func (s *Study) part(f *frame.Frame, rows []int, yes []bool, o StudyOptions) (learn *frame.Frame, learnYes []bool, test *frame.Frame, testYes []bool, err error) {
	if o.Other != nil {
		_, held, answers, err := FindTarget(o.Other, o.Target, s.Target.Positive)
		if err != nil {
			return nil, nil, nil, nil, err
		}
		s.Rows = held
		return f.Take(rows), yes, o.Other.Take(held), answers, nil
	}
	var in, out []int
	for i, row := range rows {
		if o.Test(row) {
			out = append(out, i)
		} else {
			in = append(in, i)
		}
	}
	if len(out) == 0 || len(in) == 0 {
		return nil, nil, nil, nil, problem("no_test", "Of %d rows %d would be learned from and %d tested: choose another --test.", len(rows), len(in), len(out))
	}
	s.Rows = pick(rows, out)
	return f.Take(pick(rows, in)), pick(yes, in), f.Take(s.Rows), pick(yes, out), nil
}

// fit learns the family asked for, or all of them and the one that
// cross-validation proposes.
func (s *Study) fit(ctx context.Context, used *frame.Frame, yes []bool, o StudyOptions) error {
	families := []Family{Baseline, o.Family}
	s.Family = o.Family
	sample, answers := used, yes
	if o.Family == Auto {
		families = Families
		if used.Rows > crossMost {
			rows := rand.New(rand.NewPCG(o.Seed, 8)).Perm(used.Rows)[:crossMost] //nolint:gosec // no secret
			slices.Sort(rows)
			sample, answers = used.Take(rows), pick(yes, rows)
		}
		crossed, err := CrossValidate(ctx, families, sample, answers, crossFolds, o.Seed, o.Tell)
		if err != nil {
			return err
		}
		s.Crossed, s.CrossRows = crossed, sample.Rows
		s.Family = Proposed(crossed).Family
	}
	for _, family := range families {
		rows, known := used, yes
		if family != s.Family && used.Rows > comparedRows {
			rows, known = sample, answers
		}
		m, err := Fit(ctx, family, rows, known, o.Seed)
		if err != nil {
			return err
		}
		if o.Family == Auto {
			for _, c := range s.Crossed {
				if c.Family == family {
					m.Calibrate(c)
				}
			}
		}
		e := Evaluate(m.Score(s.TestFrame), s.Answers)
		s.Families = append(s.Families, Tried{family, e.AUC, e.Low, e.High, e.LogLoss, e.Brier, e.KS, e.Accuracy, e.Lift10})
		if family == s.Family {
			s.Model = m
		}
	}
	s.Model.Target, s.Model.Positive = s.Target.Column, s.Target.Positive
	return nil
}

func (s *Study) explain(ctx context.Context, f *frame.Frame, rows []int, yes []bool, o StudyOptions) error {
	var err error
	if s.Importance, err = s.Model.Permutation(ctx, s.TestFrame, s.Answers, o.Seed); err != nil {
		return err
	}
	s.meanEffects(o.Seed)
	for _, i := range s.Importance[:min(len(s.Importance), dependenceColumns)] {
		if d, ok := s.Model.PartialDependence(s.TestFrame, i.Column, o.Seed); ok {
			s.Dependence = append(s.Dependence, d)
		}
	}
	if o.Family == Auto || o.Family == Logistic {
		all, _ := f.Take(rows).Only(s.Columns...)
		if e, _ := referenceEncoder(all); len(e.Features) <= regressionTerms {
			if s.Regression, err = Regress(ctx, all, yes); err != nil {
				if _, isProblem := err.(ProblemError); !isProblem { //nolint:errorlint // made by Regress itself
					return err
				}
			}
		}
	}
	if o.Gain > 0 {
		curve, best := ProfitCurve(s.Scores, s.Answers, o.Gain, o.Cost)
		s.Profit, s.BestCut = curve, &best
	}
	return nil
}
