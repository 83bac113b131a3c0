// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"fmt"
	"math"

	"dangol/internal/mining/frame"
	"dangol/internal/mining/predict"
	"dangol/internal/mining/statistics"
)

var strengthWords = map[string][2]string{
	"none": {"관계가 거의 없습니다", "hardly related"}, "small": {"약한 관계가 있습니다", "weakly related"},
	"medium": {"뚜렷한 관계가 있습니다", "clearly related"}, "large": {"강한 관계가 있습니다", "strongly related"},
}

// say tells a pair in words: the size first, then whether chance explains it.
func (pair *StatisticsPair) say(subject string) {
	const level = 0.05
	ko, en := fmt.Sprintf("%s · %s: ", words(subject, "", "ko"), words(pair.Column, "", "ko")), capitalised(words(subject, "", "en"))+" and "+words(pair.Column, "", "en")+" are "
	strength := strengthWords[pair.Strength]
	ko, en = ko+strength[0], en+strength[1]
	category := pair.Column
	if pair.CategoryFirst {
		category = subject
	}
	detailKo, detailEn := pair.detail(category)
	ko, en = ko+"("+detailKo+").", en+" ("+detailEn+")."
	switch {
	case pair.Adjusted > level:
		ko += " 여러 가지를 함께 시험했으므로 우연일 수 있습니다."
		en += " As many things were tested at once, this may be chance."
	case pair.Strength == "none":
		ko += " 우연은 아니지만 실무에서 쓰기에는 너무 작습니다."
		en += " It is no chance, but too small to act upon."
	}
	pair.Statement = predict.Statement{Code: pair.Strength, Ko: ko, En: en}
}

// detail is the size of the effect; category is the column whose levels are compared.
func (pair *StatisticsPair) detail(category string) (ko, en string) {
	level := func(name, lang string) string { return words(category, name, lang) }
	switch {
	case pair.Table != nil:
		return fmt.Sprintf("크라메르 V %.2f", pair.Effect), fmt.Sprintf("Cramér's V %.2f", pair.Effect)
	case pair.Line != nil:
		return fmt.Sprintf("순위 상관 %.2f", pair.Line.Spearman), fmt.Sprintf("rank correlation %.2f", pair.Line.Spearman)
	}
	g := pair.Groups
	if len(g.Groups) == 2 {
		first, second := g.Groups[0], g.Groups[1]
		higher := first.Name
		chance := g.Superiority
		if chance < .5 {
			higher, chance = second.Name, 1-chance
		}
		return fmt.Sprintf("평균 %s %s · %s %s, 둘을 하나씩 뽑으면 %.0f %%는 %s 쪽이 큼", level(first.Name, "ko"), short(first.Mean), level(second.Name, "ko"), short(second.Mean), 100*chance, level(higher, "ko")),
			fmt.Sprintf("means %s %s, %s %s; of two drawn, that of %s is larger in %.0f %%", level(first.Name, "en"), short(first.Mean), level(second.Name, "en"), short(second.Mean), level(higher, "en"), 100*chance)
	}
	low, high := g.Groups[0], g.Groups[0]
	for _, one := range g.Groups {
		if one.Mean < low.Mean {
			low = one
		}
		if one.Mean > high.Mean {
			high = one
		}
	}
	return fmt.Sprintf("평균 %s %s에서 %s %s까지, 차이의 %.0f %%를 설명", level(low.Name, "ko"), short(low.Mean), level(high.Name, "ko"), short(high.Mean), 100*pair.Effect),
		fmt.Sprintf("means from %s %s to %s %s, %.0f %% of the differences explained", level(low.Name, "en"), short(low.Mean), level(high.Name, "en"), short(high.Mean), 100*pair.Effect)
}

// short writes a number with as many digits as a sentence can bear.
func short(x float64) string {
	const whole = 100
	if math.Abs(x) >= whole {
		sign := ""
		if x < 0 {
			sign = "−"
		}
		return sign + thousands(fmt.Sprintf("%.0f", math.Abs(x)))
	}
	return fmt.Sprintf("%.1f", x)
}

// regress explains a number by all other columns at once; columns made of the
// same purchases explain each other, and those that follow are marked.
func (out *Statistics) regress(subject *frame.Column, f *frame.Frame) {
	var names []string
	var columns [][]float64
	for _, name := range statisticsColumns {
		c := f.Find(name)
		if c == nil || name == subject.Name || name == "rfm_segment" || mostlyMissing(c, f.Rows) { // groups are made of the other columns
			continue
		}
		if c.Kind != frame.Category {
			names, columns = append(names, name), append(columns, c.Numbers)
			out.TermsKo, out.TermsEn = append(out.TermsKo, words(name, "", "ko")), append(out.TermsEn, words(name, "", "en"))
			continue
		}
		c = merged(c)
		for level := 1; level < len(c.Levels); level++ {
			hot := make([]float64, len(c.Codes))
			for row, code := range c.Codes {
				if int(code) == level {
					hot[row] = 1
				}
			}
			names, columns = append(names, name+"="+c.Levels[level]), append(columns, hot)
			out.TermsKo, out.TermsEn = append(out.TermsKo, words(name, c.Levels[level], "ko")), append(out.TermsEn, words(name, c.Levels[level], "en"))
		}
	}
	if out.Regression = statistics.LeastSquares(subject.Numbers, names, columns); out.Regression == nil {
		out.TermsKo, out.TermsEn = nil, nil
		return
	}
	out.TermsKo, out.TermsEn = append([]string{"절편"}, out.TermsKo...), append([]string{"intercept"}, out.TermsEn...)
}

// mostlyMissing tells whether a column would cost more than half of the rows.
func mostlyMissing(c *frame.Column, rows int) bool {
	missing := 0
	for row := range rows {
		if c.IsMissing(row) {
			missing++
		}
	}
	return 2*missing > rows
}
