// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"dangol/internal/mining/frame"
	"dangol/internal/mining/predict"
	"dangol/internal/mining/statistics"
	"dangol/internal/platform/fault"
)

// kindStatistics is the run that sets one column of customers against all others.
const kindStatistics = "statistics"

// statisticsColumns are what can be asked about; the screen offers the same.
var statisticsColumns = []string{
	"grade", "sex", "age", "sido", "branch", "rfm_segment", "channel", "top_category",
	"orders", "revenue", "per_order", "recency_days", "known_days", "days_between", "categories", "discounts",
}

// StatisticsSettings say which column is looked at.
type StatisticsSettings struct {
	Column string `json:"column"`
}

func parseStatistics(raw json.RawMessage) (StatisticsSettings, error) {
	var s StatisticsSettings
	if err := json.Unmarshal(raw, &s); err != nil || !slices.Contains(statisticsColumns, s.Column) {
		return s, bad("column", "one of "+fmt.Sprint(statisticsColumns))
	}
	return s, nil
}

func checkStatistics(raw json.RawMessage) error {
	_, err := parseStatistics(raw)
	return err
}

// Statistics is what one column has to do with all others, the largest effect
// first.
type Statistics struct {
	Settings  StatisticsSettings `json:"settings"`
	Customers int                `json:"customers"`
	IsNumber  bool               `json:"is_number"`
	Pairs     []StatisticsPair   `json:"pairs"`
	// ByChance is how many of the tests would pass at 5 % if nothing were true.
	ByChance float64 `json:"by_chance"`
	// Regression explains the column by all others at once, when it is a number.
	Regression *statistics.LinearFit `json:"regression,omitempty"`
	TermsKo    []string              `json:"terms_ko,omitempty"`
	TermsEn    []string              `json:"terms_en,omitempty"`
}

// StatisticsPair compares the column with one other.
type StatisticsPair struct {
	Column string `json:"column"`
	// CategoryFirst is true when the column of the question is a category and
	// this one a number.
	CategoryFirst bool `json:"category_first"`
	// Effect is between 0 and 1, by name: cramer_v, omega_squared, superiority, spearman.
	Effect     float64                 `json:"effect"`
	EffectName string                  `json:"effect_name"`
	Strength   string                  `json:"strength" enum:"none,small,medium,large"`
	P          float64                 `json:"p"`
	Adjusted   float64                 `json:"p_adjusted"` // Holm, over all pairs
	Statement  predict.Statement       `json:"statement"`
	Table      *statistics.CrossTable  `json:"table,omitempty"`
	Groups     *statistics.GroupTest   `json:"groups,omitempty"`
	Line       *statistics.Correlation `json:"correlation,omitempty"`
	// Bins draw a correlation: the mean of the column by tenths of the other.
	Bins []StatisticsBin `json:"bins,omitempty"`
}

// StatisticsBin is a tenth of customers.
type StatisticsBin struct {
	From  float64 `json:"from"`
	To    float64 `json:"to"`
	Mean  float64 `json:"mean"`
	Count int     `json:"count"`
}

// mostLevels of a category are compared; the rarer ones share one.
const mostLevels = 12

// runStatistics compares the column with all others.
func (s *Service) runStatistics(ctx context.Context, run *Run, tell progress) (any, error) {
	settings, err := parseStatistics(run.Settings)
	if err != nil {
		return nil, err
	}
	day, err := s.scoreDay(ctx, "")
	if err != nil {
		return nil, err
	}
	all, err := s.readPeople(ctx, "SELECT p.*, CAST(c.grade AS VARCHAR) AS grade, CAST(c.branch AS VARCHAR) AS branch, CAST(r.segment AS VARCHAR) AS rfm_segment FROM ("+
		peopleAt(day)+") p JOIN "+customersTable+" c ON c.id = p.id LEFT JOIN "+ScoresTable+" r ON r.customer_id = p.id ORDER BY p.id", s.currency)
	if err != nil {
		return nil, err
	}
	const fewest = 10
	if all.frame.Rows < fewest {
		return nil, fault.New(fault.Invalid, "mining.few_buyers", "{count} buyers are too few to group.", "count", all.frame.Rows)
	}
	return compareAll(settings, all.frame, tell)
}

func compareAll(settings StatisticsSettings, f *frame.Frame, tell progress) (*Statistics, error) {
	subject := f.Find(settings.Column)
	if subject == nil {
		return nil, bad("column", "a column that the customers have")
	}
	out := &Statistics{Settings: settings, Customers: f.Rows, IsNumber: subject.Kind != frame.Category, Pairs: []StatisticsPair{}}
	var p []float64
	for i, name := range statisticsColumns {
		tell(int64(i), int64(len(statisticsColumns)))
		other := f.Find(name)
		if name == settings.Column || other == nil {
			continue
		}
		if pair := comparePair(subject, other); pair != nil {
			out.Pairs, p = append(out.Pairs, *pair), append(p, pair.P)
		}
	}
	for i, adjusted := range statistics.Holm(p, len(p)) {
		out.Pairs[i].Adjusted = adjusted
		out.Pairs[i].say(settings.Column)
	}
	const level = 0.05
	out.ByChance = level * float64(len(p))
	slices.SortStableFunc(out.Pairs, func(a, b StatisticsPair) int {
		if d := strengths[b.Strength] - strengths[a.Strength]; d != 0 {
			return d
		}
		switch {
		case a.Effect > b.Effect:
			return -1
		case a.Effect < b.Effect:
			return 1
		}
		return 0
	})
	if out.IsNumber {
		out.regress(subject, f)
	}
	return out, nil
}

func comparePair(a, b *frame.Column) *StatisticsPair {
	pair := &StatisticsPair{Column: b.Name}
	isA, isB := a.Kind == frame.Category, b.Kind == frame.Category
	switch {
	case isA && isB:
		x, y := merged(a), merged(b)
		t := statistics.Cross(x.Codes, y.Codes, x.Levels, y.Levels)
		if t.Degrees == 0 {
			return nil
		}
		pair.Table, pair.P, pair.Effect, pair.EffectName = t, t.P, t.CramerV, "cramer_v"
		// Cohen 1988: .1, .3, .5 of w, which is V times the root of the smaller side less one.
		pair.Strength = strengthOf(t.CramerV*math.Sqrt(float64(min(len(t.Rows), len(t.Columns))-1)), .1, .3, .5)
	case isA != isB:
		category, number := a, b
		if isB {
			category, number = b, a
		}
		pair.CategoryFirst = isA
		pair.groups(merged(category), number)
	default:
		c := statistics.Correlate(a.Numbers, b.Numbers)
		if c == nil {
			return nil
		}
		// Money and counts are skewed: the order of customers says more than the line.
		pair.Line, pair.P, pair.Effect, pair.EffectName = c, c.SpearmanP, math.Abs(c.Spearman), "spearman"
		pair.Strength, pair.Bins = strengthOf(pair.Effect, .1, .3, .5), tenths(b.Numbers, a.Numbers)
	}
	if pair.EffectName == "" {
		return nil
	}
	return pair
}

// groups compares a number between the levels of a category. Two levels are
// told by the chance that one exceeds the other, more by omega squared.
func (pair *StatisticsPair) groups(category, number *frame.Column) {
	values := make([][]float64, len(category.Levels))
	for row, code := range category.Codes {
		if x := number.Numbers[row]; code >= 0 && !math.IsNaN(x) && !math.IsInf(x, 0) {
			values[code] = append(values[code], x)
		}
	}
	t := statistics.CompareGroups(category.Levels, values)
	if t == nil {
		return
	}
	pair.Groups, pair.P = t, t.RankP
	if len(t.Groups) == 2 {
		pair.Effect, pair.EffectName = 2*math.Abs(t.Superiority-.5), "superiority"
		pair.Strength = strengthOf(math.Abs(t.Effect), .2, .5, .8) // Cohen 1988, of g
		return
	}
	pair.Effect, pair.EffectName = t.Effect, "omega_squared"
	pair.Strength = strengthOf(t.Effect, .01, .06, .14) // Cohen 1988
}

var strengths = map[string]int{"none": 0, "small": 1, "medium": 2, "large": 3}

func strengthOf(effect, small, medium, large float64) string {
	switch {
	case effect >= large:
		return "large"
	case effect >= medium:
		return "medium"
	case effect >= small:
		return "small"
	}
	return "none"
}

// merged lets the rarer levels of a category share one.
func merged(c *frame.Column) *frame.Column {
	if len(c.Levels) <= mostLevels {
		return c
	}
	counts := make([]int, len(c.Levels))
	for _, code := range c.Codes {
		if code >= 0 {
			counts[code]++
		}
	}
	order := make([]int, len(counts))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return counts[b] - counts[a] })
	place := make([]int32, len(counts))
	out := &frame.Column{Name: c.Name, Kind: c.Kind, Codes: make([]int32, len(c.Codes))}
	for i, level := range order {
		place[level] = int32(min(i, mostLevels-1)) //nolint:gosec // a count of levels
		if i < mostLevels-1 {
			out.Levels = append(out.Levels, c.Levels[level])
		}
	}
	out.Levels = append(out.Levels, "…")
	for row, code := range c.Codes {
		out.Codes[row] = frame.Missing
		if code >= 0 {
			out.Codes[row] = place[code]
		}
	}
	return out
}

// tenths are the means of y in ten parts of x of equal size.
func tenths(x, y []float64) []StatisticsBin {
	const parts = 10
	var rows []int
	for i := range x {
		if !math.IsNaN(x[i]) && !math.IsNaN(y[i]) {
			rows = append(rows, i)
		}
	}
	slices.SortStableFunc(rows, func(a, b int) int {
		switch {
		case x[a] < x[b]:
			return -1
		case x[a] > x[b]:
			return 1
		}
		return 0
	})
	var out []StatisticsBin
	for from := 0; from < len(rows); {
		to := min(len(rows), max(from+1, (len(out)+1)*len(rows)/parts))
		for to < len(rows) && x[rows[to]] == x[rows[to-1]] { // equal values stay together
			to++
		}
		bin := StatisticsBin{From: x[rows[from]], To: x[rows[to-1]], Count: to - from}
		for _, row := range rows[from:to] {
			bin.Mean += y[row] / float64(to-from)
		}
		out, from = append(out, bin), to
	}
	return out
}
