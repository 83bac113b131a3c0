// SPDX-License-Identifier: Apache-2.0

package statistics

import (
	"math"
	"sort"
)

// CrossTable compares two categories: what was counted, what chance would
// give, and how far both are apart.
type CrossTable struct {
	Rows      []string    `json:"rows"`
	Columns   []string    `json:"columns"`
	Counts    [][]int     `json:"counts"`
	Expected  [][]float64 `json:"expected"`
	Residuals [][]float64 `json:"residuals"` // adjusted (Haberman 1973): beyond ±2 is more than chance
	N         int         `json:"n"`
	ChiSquare float64     `json:"chi_square"` // Pearson 1900
	Degrees   int         `json:"degrees"`
	P         float64     `json:"p"`
	CramerV   float64     `json:"cramer_v"` // Cramér 1946, corrected for bias (Bergsma 2013)
	IsThin    bool        `json:"is_thin"`  // a fifth of the cells expect fewer than 5 (Cochran 1954)
}

// Cross counts pairs of codes; codes below zero are missing. Rows and columns
// that never occur are left out.
func Cross(a, b []int32, rows, columns []string) *CrossTable {
	counts := make([][]int, len(rows))
	for i := range counts {
		counts[i] = make([]int, len(columns))
	}
	for i, x := range a {
		if x >= 0 && b[i] >= 0 {
			counts[x][b[i]]++
		}
	}
	t := &CrossTable{}
	var used []int
	for j := range columns {
		sum := 0
		for i := range rows {
			sum += counts[i][j]
		}
		if sum > 0 {
			used = append(used, j)
			t.Columns = append(t.Columns, columns[j])
		}
	}
	for i := range rows {
		line, sum := make([]int, len(used)), 0
		for k, j := range used {
			line[k] = counts[i][j]
			sum += counts[i][j]
		}
		if sum > 0 {
			t.Rows, t.Counts, t.N = append(t.Rows, rows[i]), append(t.Counts, line), t.N+sum
		}
	}
	t.test()
	return t
}

func (t *CrossTable) test() {
	r, c, n := len(t.Rows), len(t.Columns), float64(t.N)
	right, down := make([]float64, r), make([]float64, c)
	for i, line := range t.Counts {
		for j, count := range line {
			right[i] += float64(count)
			down[j] += float64(count)
		}
	}
	thin := 0
	for i, line := range t.Counts {
		expected, residuals := make([]float64, c), make([]float64, c)
		for j, count := range line {
			e := right[i] * down[j] / n
			expected[j] = e
			d := float64(count) - e
			t.ChiSquare += d * d / e
			if e < 5 {
				thin++
			}
			if spread := e * (1 - right[i]/n) * (1 - down[j]/n); spread > 0 {
				residuals[j] = d / math.Sqrt(spread)
			}
		}
		t.Expected, t.Residuals = append(t.Expected, expected), append(t.Residuals, residuals)
	}
	t.P, t.IsThin = 1, 5*thin > r*c
	t.Degrees = max(0, r-1) * max(0, c-1)
	if t.Degrees == 0 {
		return
	}
	t.P = ChiSquareTail(t.ChiSquare, float64(t.Degrees))
	phi := math.Max(0, t.ChiSquare/n-float64(t.Degrees)/(n-1))
	small := math.Min(float64(r)-float64((r-1)*(r-1))/(n-1), float64(c)-float64((c-1)*(c-1))/(n-1)) - 1
	if small > 0 {
		t.CramerV = math.Sqrt(phi / small)
	}
}

// GroupMean is one group of a comparison.
type GroupMean struct {
	Name   string  `json:"name"`
	N      int     `json:"n"`
	Mean   float64 `json:"mean"`
	Spread float64 `json:"sd"`
	Median float64 `json:"median"`
	Low    float64 `json:"low"` // 95 % interval of the mean
	High   float64 `json:"high"`
}

// GroupTest compares a number between groups.
type GroupTest struct {
	Groups []GroupMean `json:"groups"`
	// Welch's t test of two groups (1947), or his analysis of variance of more
	// (1951): unequal spreads are no harm.
	Statistic float64 `json:"statistic"`
	Degrees   float64 `json:"degrees"`
	P         float64 `json:"p"`
	// The rank test: Mann and Whitney 1947, Kruskal and Wallis 1952, with ties.
	Rank  float64 `json:"rank_statistic"`
	RankP float64 `json:"rank_p"`
	// Difference of the two means with its interval, and its size: Hedges' g
	// (1981) of two groups, omega squared (Hays 1963) of more.
	Difference *Estimate `json:"difference,omitempty"`
	Effect     float64   `json:"effect"`
	// Superiority is the chance that one of the first group exceeds one of the second.
	Superiority float64 `json:"superiority,omitempty"`
}

// Estimate is a number with its 95 % interval.
type Estimate struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// CompareGroups compares the values of groups; groups of fewer than two values
// are left out. It returns nil when fewer than two are left.
func CompareGroups(names []string, values [][]float64) *GroupTest {
	t := &GroupTest{P: 1, RankP: 1}
	var kept [][]float64
	for i, list := range values {
		if len(list) < 2 {
			continue
		}
		kept = append(kept, list)
		mean, variance := meanAndVariance(list)
		sorted := append([]float64(nil), list...)
		sort.Float64s(sorted)
		g := GroupMean{Name: names[i], N: len(list), Mean: mean, Spread: math.Sqrt(variance), Median: (sorted[(len(sorted)-1)/2] + sorted[len(sorted)/2]) / 2}
		half := StudentQuantile(.975, float64(len(list)-1)) * math.Sqrt(variance/float64(len(list)))
		g.Low, g.High = mean-half, mean+half
		t.Groups = append(t.Groups, g)
	}
	switch {
	case len(kept) < 2:
		return nil
	case len(kept) == 2:
		t.welch()
	default:
		t.welchMany()
	}
	t.ranks(kept)
	return t
}

func meanAndVariance(list []float64) (mean, variance float64) {
	for _, x := range list {
		mean += x / float64(len(list))
	}
	for _, x := range list {
		variance += (x - mean) * (x - mean) / float64(len(list)-1)
	}
	return mean, variance
}

func (t *GroupTest) welch() {
	a, b := t.Groups[0], t.Groups[1]
	na, nb := float64(a.N), float64(b.N)
	va, vb := a.Spread*a.Spread/na, b.Spread*b.Spread/nb
	d := Estimate{Value: a.Mean - b.Mean, Low: a.Mean - b.Mean, High: a.Mean - b.Mean}
	if se := math.Sqrt(va + vb); se > 0 {
		t.Degrees = (va + vb) * (va + vb) / (va*va/(na-1) + vb*vb/(nb-1))
		t.Statistic = d.Value / se
		t.P = StudentTail(math.Abs(t.Statistic), t.Degrees)
		half := StudentQuantile(.975, t.Degrees) * se
		d.Low, d.High = d.Value-half, d.Value+half
	}
	t.Difference = &d
	if pooled := math.Sqrt(((na-1)*a.Spread*a.Spread + (nb-1)*b.Spread*b.Spread) / (na + nb - 2)); pooled > 0 {
		t.Effect = d.Value / pooled * (1 - 3/(4*(na+nb)-9))
	}
}

func (t *GroupTest) welchMany() {
	k := float64(len(t.Groups))
	var weights, mean, n, grand float64
	for _, g := range t.Groups {
		if g.Spread == 0 {
			return // without a spread there is nothing to weigh by
		}
		w := float64(g.N) / (g.Spread * g.Spread)
		weights, mean = weights+w, mean+w*g.Mean
		n, grand = n+float64(g.N), grand+float64(g.N)*g.Mean
	}
	mean, grand = mean/weights, grand/n
	var between, loss, within, across float64
	for _, g := range t.Groups {
		w := float64(g.N) / (g.Spread * g.Spread)
		between += w * (g.Mean - mean) * (g.Mean - mean) / (k - 1)
		loss += (1 - w/weights) * (1 - w/weights) / float64(g.N-1)
		within += float64(g.N-1) * g.Spread * g.Spread
		across += float64(g.N) * (g.Mean - grand) * (g.Mean - grand)
	}
	t.Statistic = between / (1 + 2*(k-2)/(k*k-1)*loss)
	t.Degrees = (k*k - 1) / (3 * loss)
	t.P = FTail(t.Statistic, k-1, t.Degrees)
	noise := within / (n - k)
	t.Effect = math.Max(0, (across-(k-1)*noise)/(across+within+noise))
}

// ranks is the test of Kruskal and Wallis; of two groups it is that of Mann and
// Whitney without correction for continuity.
func (t *GroupTest) ranks(values [][]float64) {
	type one struct {
		value float64
		group int
	}
	var all []one
	for g, list := range values {
		for _, x := range list {
			all = append(all, one{x, g})
		}
	}
	sort.Slice(all, func(i, j int) bool { return all[i].value < all[j].value })
	sums, ties, n := make([]float64, len(values)), 0.0, float64(len(all))
	for i := 0; i < len(all); {
		j := i
		for j < len(all) && all[j].value == all[i].value {
			j++
		}
		tied := float64(j - i)
		ties += tied*tied*tied - tied
		for _, x := range all[i:j] {
			sums[x.group] += float64(i+j+1) / 2
		}
		i = j
	}
	h := 0.0
	for g, sum := range sums {
		h += sum * sum / float64(len(values[g]))
	}
	h = 12/(n*(n+1))*h - 3*(n+1)
	if corrected := 1 - ties/(n*n*n-n); corrected > 0 {
		t.Rank = h / corrected
		t.RankP = ChiSquareTail(t.Rank, float64(len(values)-1))
	}
	if len(values) == 2 {
		na, nb := float64(len(values[0])), float64(len(values[1]))
		t.Superiority = (sums[0] - na*(na+1)/2) / (na * nb)
	}
}

// Correlation is how two numbers move together: on a line (Pearson) and in
// order (Spearman), with intervals by Fisher's z.
type Correlation struct {
	N         int     `json:"n"`
	Pearson   float64 `json:"pearson"`
	Low       float64 `json:"low"`
	High      float64 `json:"high"`
	P         float64 `json:"p"`
	Spearman  float64 `json:"spearman"`
	SpearmanP float64 `json:"spearman_p"`
}

// Correlate looks at pairs of numbers of which none is missing; nil is too few.
func Correlate(a, b []float64) *Correlation {
	var x, y []float64
	for i := range a {
		if !math.IsNaN(a[i]) && !math.IsNaN(b[i]) && !math.IsInf(a[i], 0) && !math.IsInf(b[i], 0) {
			x, y = append(x, a[i]), append(y, b[i])
		}
	}
	const fewest = 4
	if len(x) < fewest {
		return nil
	}
	c := &Correlation{N: len(x)}
	c.Pearson, c.P = pearson(x, y)
	c.Spearman, c.SpearmanP = pearson(rankOf(x), rankOf(y))
	z, half := math.Atanh(math.Max(-1+1e-15, math.Min(1-1e-15, c.Pearson))), Z95/math.Sqrt(float64(len(x)-3))
	c.Low, c.High = math.Tanh(z-half), math.Tanh(z+half)
	return c
}

func pearson(x, y []float64) (r, p float64) {
	mx, vx := meanAndVariance(x)
	my, vy := meanAndVariance(y)
	if vx == 0 || vy == 0 {
		return 0, 1
	}
	sum := 0.0
	for i := range x {
		sum += (x[i] - mx) * (y[i] - my)
	}
	n := float64(len(x))
	r = math.Max(-1, math.Min(1, sum/(n-1)/math.Sqrt(vx*vy)))
	if math.Abs(r) == 1 {
		return r, 0
	}
	return r, StudentTail(math.Abs(r)*math.Sqrt((n-2)/(1-r*r)), n-2)
}

// rankOf gives ranks from 1; equal values share the mean of theirs.
func rankOf(x []float64) []float64 {
	order := ascending(x)
	out := make([]float64, len(x))
	for i := 0; i < len(order); {
		j := i
		for j < len(order) && x[order[j]] == x[order[i]] {
			j++
		}
		for _, at := range order[i:j] {
			out[at] = float64(i+j+1) / 2
		}
		i = j
	}
	return out
}
