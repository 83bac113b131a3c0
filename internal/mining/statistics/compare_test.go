// SPDX-License-Identifier: Apache-2.0

package statistics

import (
	"math"
	"testing"
)

func same(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-6*math.Max(1, math.Abs(want)) {
		t.Errorf("%s is %.8g, want %.8g", what, got, want)
	}
}

// The expected values are those of SciPy 1.17 and NumPy on the same numbers.
func TestCrossTable(t *testing.T) {
	t.Parallel()
	var a, b []int32
	for i, line := range [][]int{{30, 20, 10}, {15, 25, 35}} {
		for j, n := range line {
			for range n {
				a, b = append(a, int32(i)), append(b, int32(j))
			}
		}
	}
	a, b = append(a, -1), append(b, 0)
	c := Cross(a, b, []string{"x", "y", "never"}, []string{"p", "q", "r"})
	same(t, "chi square", c.ChiSquare, 18)
	same(t, "p", c.P, 0.00012340980408667962)
	if c.Degrees != 2 || c.N != 135 || len(c.Rows) != 2 || c.IsThin {
		t.Errorf("%d degrees, n %d, rows %v", c.Degrees, c.N, c.Rows)
	}
	same(t, "Cramér's V", c.CramerV, math.Sqrt((18.0/135-2.0/134)/(2-1.0/134-1)))
	same(t, "expected", c.Expected[0][0], 20)
}

func TestGroups(t *testing.T) {
	t.Parallel()
	a, b, c := []float64{1, 2, 3, 4, 5, 9}, []float64{2, 3, 3, 5, 8, 8, 9, 12}, []float64{7, 8, 9, 10, 14}
	two := CompareGroups([]string{"a", "b", "one"}, [][]float64{a, b, {5}})
	same(t, "t", two.Statistic, -1.322195688560858)
	same(t, "degrees", two.Degrees, 11.90617462189904)
	same(t, "p", two.P, 0.2109414650005264)
	same(t, "p by ranks", two.RankP, 0.2682414534148869)
	same(t, "superiority", two.Superiority, 15.5/48)
	same(t, "Hedges g", two.Effect, -0.6462087991139547)
	if len(two.Groups) != 2 || two.Difference.Low > two.Difference.Value || two.Difference.High < 0 {
		t.Errorf("%+v", two)
	}
	three := CompareGroups([]string{"a", "b", "c"}, [][]float64{a, b, c})
	same(t, "Welch's F", three.Statistic, 5.305384395606523)
	same(t, "degrees", three.Degrees, 10.175759487364262)
	same(t, "p", three.P, 0.026403575354994015)
	same(t, "Kruskal–Wallis", three.Rank, 5.748490230905877)
	same(t, "its p", three.RankP, 0.05645874325412685)
	if CompareGroups([]string{"a"}, [][]float64{a}) != nil {
		t.Error("one group is no comparison")
	}
	equal := CompareGroups([]string{"a", "b"}, [][]float64{{3, 3, 3}, {3, 3}})
	if equal == nil || equal.P != 1 || equal.RankP != 1 || equal.Effect != 0 || math.IsNaN(equal.Difference.Low) {
		t.Errorf("equal values: %+v", equal)
	}
}

func TestCorrelationAndRegression(t *testing.T) {
	t.Parallel()
	x, y := []float64{1, 2, 3, 4, 5, 6, 7, 8, math.NaN()}, []float64{2, 1, 4, 3, 7, 8, 6, 9, 1}
	c := Correlate(x, y)
	same(t, "r", c.Pearson, 0.8964214570007951)
	same(t, "p", c.P, 0.002566766096253243)
	same(t, "low", c.Low, 0.520608645286509)
	same(t, "rho", c.Spearman, 0.880952380952381)
	same(t, "its p", c.SpearmanP, 0.0038503204637324005)
	if Correlate([]float64{1, 2}, []float64{1, 2}) != nil {
		t.Error("two pairs say nothing")
	}
	z := []float64{1, 3, 2, 5, 7, 8, 8, 10, 3}
	fit := LeastSquares(z, []string{"x", "y", "twice"}, [][]float64{x, y, {2, 4, 6, 8, 10, 12, 14, 16, 0}})
	want := [][2]float64{{-0.303030303, 0.7376034}, {1.181818182, 0.32884024}, {0.0969696970, 0.27512749}}
	for i, w := range want {
		same(t, fit.Terms[i].Name, fit.Terms[i].Estimate, w[0])
		same(t, fit.Terms[i].Name+" error", fit.Terms[i].Error, w[1])
	}
	if !fit.Terms[3].IsAliased || fit.N != 8 {
		t.Errorf("n %d, %+v", fit.N, fit.Terms[3])
	}
	if LeastSquares([]float64{1, 2}, []string{"x"}, [][]float64{{1, 2}}) != nil {
		t.Error("two rows cannot carry two terms with an error")
	}
}
