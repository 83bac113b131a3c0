// SPDX-License-Identifier: Apache-2.0

package predict

import (
	"bytes"
	"context"
	"math"
	"math/rand/v2"
	"strconv"
	"testing"

	"dangol/internal/mining/frame"
)

// Coefficients are those of R's glm to 1e-6, errors to 1e-4 (reference figures,
// section 5).
func TestRegressionIsThatOfR(t *testing.T) {
	f := load(t, "telco_churn/wa_churn.csv")
	_, _, yes, err := FindTarget(f, "churn", "Yes")
	if err != nil {
		t.Fatal(err)
	}
	f, _ = f.Only("tenure", "contract", "internet_service", "paperless_billing", "senior_citizen", "monthly_charges")
	r, err := Regress(context.Background(), f, yes)
	if err != nil {
		t.Fatal(err)
	}
	want := []struct {
		name            string
		estimate, error float64
	}{
		{"(intercept)", -.76308215859, .15978983},
		{"tenure", -.03386055657, .00209429},
		{"contract=One year", -.78996664416, .10392445},
		{"contract=Two year", -1.59653975192, .17045016},
		{"internet_service=Fiber optic", .94945146821, .12790576},
		{"internet_service=No", -.81142665342, .15053717},
		{"paperless_billing", .42976990458, .07243590},
		{"senior_citizen", .36222014079, .08132945},
		{"monthly_charges", .00359930617, .00300947},
	}
	for i, w := range want {
		term := r.Terms[i]
		if term.Name != w.name || math.Abs(*term.Estimate-w.estimate) > 1e-6 || math.Abs(*term.Error-w.error) > 1e-5 {
			t.Errorf("%s: %.11f (%.8f), want %s %.11f (%.8f)", term.Name, *term.Estimate, *term.Error, w.name, w.estimate, w.error)
		}
	}
	if math.Abs(r.Deviance-6005.392042) > 1e-5 || math.Abs(r.NullDeviance-8150.145899) > 1e-5 || math.Abs(r.AIC-6023.392042) > 1e-5 {
		t.Errorf("deviance %.6f, null %.6f, AIC %.6f", r.Deviance, r.NullDeviance, r.AIC)
	}
}

// Minutes and charges are collinear to the cent.
func TestRegressionStandsIllConditionedColumns(t *testing.T) {
	f := load(t, "mlc_churn/mlc_churn.csv").Without("state", "area_code")
	_, _, yes, err := FindTarget(f, "churn", "yes")
	if err != nil {
		t.Fatal(err)
	}
	r, err := Regress(context.Background(), f.Without("churn").Take(identity(3333)), yes[:3333])
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(r.Deviance-2158.724) > 5e-4 || math.Abs(r.AIC-2194.724) > 5e-4 || len(r.Aliased) > 0 {
		t.Errorf("deviance %.4f, AIC %.4f, aliased %v", r.Deviance, r.AIC, r.Aliased)
	}
}

func column(name string, values ...float64) *frame.Column { return frame.Numeric(name, values) }

func TestRegressionTellsSeparationAndAliases(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	n := 400
	x, twice, perfect := make([]float64, n), make([]float64, n), make([]float64, n)
	yes := make([]bool, n)
	for i := range n {
		x[i] = random.NormFloat64()
		twice[i] = 2*x[i] + 1
		yes[i] = random.Float64() < sigmoid(x[i])
		if yes[i] && random.Float64() < .5 {
			perfect[i] = 1
		}
	}
	r, err := Regress(context.Background(), &frame.Frame{Rows: n, Columns: []*frame.Column{column("x", x...), column("twice", twice...), column("perfect", perfect...)}}, yes)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Aliased) != 1 || r.Aliased[0] != "twice" {
		t.Errorf("aliased: %v, want twice", r.Aliased)
	}
	if len(r.Separated) != 1 || r.Separated[0] != "perfect" || !r.IsPenalised {
		t.Errorf("separated: %v, want perfect", r.Separated)
	}
	for _, term := range r.Terms {
		if term.Estimate != nil && math.Abs(*term.Estimate) > 20 {
			t.Errorf("%s ran away: %g", term.Name, *term.Estimate)
		}
	}
}

// Shapley values by their definition: the mean over all orders in which columns
// become known, with unknown columns averaged by cover.
func shapley(m *Ensemble, bins [][]uint16, row, columns int) []float64 {
	value := func(known int) float64 {
		sum := m.Start
		for _, t := range m.Trees {
			var walk func(at int32) float64
			walk = func(at int32) float64 {
				n := &t[at]
				if n.Left == 0 {
					return n.Value
				}
				if known>>n.Column&1 == 1 {
					if n.goesLeft(bins[n.Column][row]) {
						return walk(n.Left)
					}
					return walk(n.Right)
				}
				l, r := t[n.Left].Cover, t[n.Right].Cover
				return (l*walk(n.Left) + r*walk(n.Right)) / (l + r)
			}
			sum += walk(0)
		}
		return sum
	}
	factorial := func(n int) float64 { return math.Gamma(float64(n + 1)) }
	out := make([]float64, columns)
	for i := range out {
		for set := range 1 << columns {
			if set>>i&1 == 1 {
				continue
			}
			size := 0
			for k := range columns {
				size += set >> k & 1
			}
			weight := factorial(size) * factorial(columns-size-1) / factorial(columns)
			out[i] += weight * (value(set|1<<i) - value(set))
		}
	}
	return out
}

// fake has numbers with gaps, categories and an answer that depends on both.
func fake(n int, seed uint64) (*frame.Frame, []bool) {
	random := rand.New(rand.NewPCG(seed, seed))
	a, b, c, d := make([]float64, n), make([]float64, n), make([]string, n), make([]string, n)
	yes := make([]bool, n)
	for i := range n {
		a[i], b[i] = random.NormFloat64(), float64(random.IntN(5))
		if random.Float64() < .2 {
			a[i] = math.NaN()
		}
		c[i], d[i] = string(rune('p'+random.IntN(4))), strconv.Itoa(random.IntN(400))+"x"
		m := -1 + b[i]/2
		if c[i] == "p" {
			m += 2
		}
		if math.IsNaN(a[i]) {
			m--
		} else {
			m += a[i] * b[i] / 2
		}
		yes[i] = random.Float64() < sigmoid(m)
	}
	return &frame.Frame{Rows: n, Columns: []*frame.Column{frame.Numeric("a", a), frame.Numeric("b", b), frame.Categories("c", c), frame.Categories("d", d)}}, yes
}

func TestShapleyValuesAreExact(t *testing.T) {
	f, yes := fake(600, 3)
	boost, err := fitBoost(context.Background(), f, yes, BoostOptions{Rounds: 8, Depth: 4, Rate: .3, Lambda: 1, Least: 1, Share: 1}, 1)
	if err != nil {
		t.Fatal(err)
	}
	forest, err := fitForest(context.Background(), f, yes, ForestOptions{Trees: 6, Least: 5}, 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range []*Ensemble{boost, forest} {
		m := &Model{Trees: e}
		start, effects := m.Contributions(f, 1)
		raw, _ := m.raw(f)
		bins := e.Binner.encode(f).bins
		for row := range 40 {
			want, sum := shapley(e, bins, row, 4), start
			for i, got := range effects[row] {
				sum += got
				if math.Abs(got-want[i]) > 1e-9 {
					t.Fatalf("row %d column %d: %.12f, by definition %.12f", row, i, got, want[i])
				}
			}
			if math.Abs(sum-raw[row]) > 1e-9 {
				t.Fatalf("row %d: parts add up to %g, the score is %g", row, sum, raw[row])
			}
		}
	}
}

func TestContributionsAddUp(t *testing.T) {
	for _, family := range []Family{Logistic, MLP, Forest} {
		f, yes := fake(400, 5)
		if family == Forest { // deep and wide enough to be followed, not computed exactly
			f, yes = fake(3000, 5)
		}
		m, err := Fit(context.Background(), family, f, yes, 1)
		if err != nil {
			t.Fatal(err)
		}
		if exact, _ := m.shapCost(); family == Forest && exact <= shapSteps {
			t.Fatalf("this forest costs %g only", exact)
		}
		part := f.Take(identity(30))
		start, effects := m.Contributions(part, 1)
		raw, _ := m.raw(part)
		for row := range effects {
			sum := start
			for _, e := range effects[row] {
				sum += e
			}
			if math.Abs(sum-raw[row]) > 1e-6 {
				t.Fatalf("%s, row %d: parts add up to %g, the score is %g", family, row, sum, raw[row])
			}
		}
	}
}

// Fast scoring walks flat trees; it must agree with asking node by node.
func TestFlatTreesAgree(t *testing.T) {
	f, yes := fake(1000, 7)
	e, err := fitBoost(context.Background(), f, yes, BoostOptions{Rounds: 30, Depth: 6, Rate: .2, Lambda: 1, Least: .5, Share: .7}, 1)
	if err != nil {
		t.Fatal(err)
	}
	other, _ := fake(777, 8)
	bins, sums := e.Binner.encode(other).bins, e.sums(other)
	for row, got := range sums {
		want := e.Start
		for _, tree := range e.Trees {
			want += tree[tree.leaf(bins, row)].Value
		}
		if math.Abs(got-want) > 1e-9 {
			t.Fatalf("row %d: %g, want %g", row, got, want)
		}
	}
}

func TestModelsSurviveJSON(t *testing.T) {
	f, yes := fake(500, 9)
	for _, family := range Families {
		m, err := Fit(context.Background(), family, f, yes, 1)
		if err != nil {
			t.Fatal(err)
		}
		m.Profile = SpreadOf(f, m.Score(f), m.Share)
		var text bytes.Buffer
		if err := m.Write(&text); err != nil {
			t.Fatal(err)
		}
		back, err := Read(&text)
		if err != nil {
			t.Fatal(err)
		}
		a, b := m.Score(f), back.Score(f)
		for row := range a {
			if math.Abs(a[row]-b[row]) > 1e-12 {
				t.Fatalf("%s, row %d: %g became %g", family, row, a[row], b[row])
			}
		}
		if d := back.Drift(f, b, yes); d.ShouldRetrain || d.Score.PSI > 1e-6 {
			t.Errorf("%s: the same table drifts: %+v", family, d)
		}
	}
}

func TestBadTables(t *testing.T) {
	ctx := context.Background()
	three := &frame.Frame{Rows: 3, Columns: []*frame.Column{column("x", 1, 2, 3), frame.Categories("y", []string{"a", "b", "a"})}}
	if _, rows, yes, err := FindTarget(three, "y", ""); err != nil || len(rows) != 3 {
		t.Errorf("three rows: %v", err)
	} else if _, err := Fit(ctx, Logistic, three.Without("y"), yes, 1); err == nil {
		t.Error("three rows must be refused")
	}
	one := &frame.Frame{Rows: 3, Columns: []*frame.Column{frame.Categories("y", []string{"a", "a", "a"})}}
	if _, _, _, err := FindTarget(one, "y", ""); err == nil {
		t.Error("one class must be refused")
	}
	if _, _, _, err := FindTarget(one, "z", ""); err == nil {
		t.Error("a target that is not there must be refused")
	}
	f, yes := fake(3000, 11)
	ids, leak, constant, infinite := make([]float64, 3000), make([]string, 3000), make([]float64, 3000), make([]float64, 3000)
	many := make([]string, 3000)
	for i := range ids {
		ids[i], leak[i], infinite[i], many[i] = float64(i), map[bool]string{true: "left", false: "here"}[yes[i]], math.Inf(i%2*2-1), strconv.Itoa(i)+"k"
	}
	f.Columns = append(f.Columns, column("id", ids...), frame.Categories("leak", leak), column("constant", constant...), column("infinite", infinite...), frame.Categories("many", many), &frame.Column{Name: "twin", Kind: frame.Number, Numbers: f.Columns[1].Numbers})
	used, notices := Prepare(f, yes, nil, nil)
	want := map[string]string{"id": IsIdentity, "leak": IsLeak, "constant": IsConstant, "infinite": IsEmpty, "many": IsIdentity, "twin": IsCopy, "d": ManyLevels}
	for _, n := range notices {
		if want[n.Column] != n.Code {
			t.Errorf("%s: %s, want %q", n.Column, n.Code, want[n.Column])
		}
		delete(want, n.Column)
	}
	if len(want) > 0 || len(used.Columns) != 4 {
		t.Errorf("not told: %v; used %v", want, used.Names())
	}
}

func TestSimplestModelWithinNoise(t *testing.T) {
	list := []Crossed{
		{Family: Logistic, Folds: []float64{.80, .81, .79, .80, .80}, AUC: .80},
		{Family: Boost, Folds: []float64{.802, .806, .795, .80, .797}, AUC: .8},
		{Family: MLP, Folds: []float64{.81, .80, .80, .80, .795}, AUC: .801},
	}
	propose(list)
	if Proposed(list).Family != Logistic {
		t.Errorf("proposed %s, want the simplest", Proposed(list).Family)
	}
	list[0].Folds, list[0].AUC = []float64{.70, .71, .69, .70, .70}, .70
	propose(list)
	if Proposed(list).Family != Boost {
		t.Errorf("proposed %s, want boost: logistic is worse beyond noise", Proposed(list).Family)
	}
}

// Small trees are looked up; that must be what walking them gives, also where a
// column is asked twice on one way.
func TestTablesOfShapleyValuesAgree(t *testing.T) {
	f, yes := fake(600, 3)
	boost, err := fitBoost(context.Background(), f, yes, BoostOptions{Rounds: 20, Depth: 5, Rate: .3, Lambda: 1, Least: 1, Share: 1}, 1)
	if err != nil {
		t.Fatal(err)
	}
	bins := boost.Binner.encode(f).bins
	for i, tree := range boost.Trees {
		if !tree.canTable() {
			t.Fatalf("tree %d of depth %d has no table", i, tree.depth(0))
		}
		table := tree.table()
		for row := range 50 {
			looked, walked := make([]float64, 4), make([]float64, 4)
			table.add(looked, tree, bins, row)
			tree.explain(walked, bins, row)
			for k := range walked {
				if math.Abs(looked[k]-walked[k]) > 1e-12 {
					t.Fatalf("tree %d row %d column %d: %g looked up, %g walked", i, row, k, looked[k], walked[k])
				}
			}
		}
	}
}
