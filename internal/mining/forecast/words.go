// SPDX-License-Identifier: Apache-2.0

package forecast

import (
	"fmt"
	"math"
	"strings"
)

// Words are the same paragraph in both languages.
type Words struct {
	Ko string `json:"ko"`
	En string `json:"en"`
}

// Tell puts a forecast into words: where it goes, how sure it is, how well it
// did before.
func Tell(y []float64, r *Result, held *Errors) Words {
	h := len(r.Points)
	ahead, before, n := 0.0, 0.0, 0
	for _, v := range r.Points {
		ahead += v
	}
	// Like is compared with like: the same steps one season before.
	back := h
	if r.Period > 1 {
		back = (h + r.Period - 1) / r.Period * r.Period
	}
	for i := range h {
		if k := len(y) - back + i; k >= 0 && k < len(y) && !math.IsNaN(y[k]) {
			before += y[k]
			n++
		}
	}
	ko := []string{fmt.Sprintf("앞으로 %d단계의 예측 합은 %s입니다.", h, round(ahead))}
	en := []string{fmt.Sprintf("The next %d steps are forecast to add up to %s.", h, round(ahead))}
	if n == h && before != 0 {
		change := 100 * (ahead/before - 1)
		ko = append(ko, fmt.Sprintf("비교할 지난 기간보다 %+.1f %%입니다.", change))
		en = append(en, fmt.Sprintf("That is %+.1f %% against the comparable time before.", change))
	}
	if len(r.Intervals) > 0 {
		in := r.Intervals[len(r.Intervals)-1]
		ko = append(ko, fmt.Sprintf("마지막 단계의 값은 %.0f %% 확률로 %s에서 %s 사이입니다.", 100*in.Level, round(in.Low[h-1]), round(in.High[h-1])))
		en = append(en, fmt.Sprintf("The last step lies between %s and %s with %.0f %% confidence.", round(in.Low[h-1]), round(in.High[h-1]), 100*in.Level))
	}
	if held != nil && held.MASE > 0 {
		ko = append(ko, fmt.Sprintf("따로 떼어 둔 기간에서 평균 오차는 %s(sMAPE %.1f %%)였습니다.", round(held.MAE), held.SMAPE))
		en = append(en, fmt.Sprintf("On the steps held back the mean error was %s (sMAPE %.1f %%).", round(held.MAE), held.SMAPE))
	}
	if b := r.Back; b != nil && b.Naive > 0 {
		if b.Errors.MASE < b.Naive {
			ko = append(ko, fmt.Sprintf("지난 %d개 시점에서 시험하니 '지난 계절 그대로'보다 오차가 %.0f %% 작았습니다.", b.Origins, 100*(1-b.Errors.MASE/b.Naive)))
			en = append(en, fmt.Sprintf("Tried from %d past origins, its error was %.0f %% smaller than that of repeating the last season.", b.Origins, 100*(1-b.Errors.MASE/b.Naive)))
		} else {
			ko = append(ko, fmt.Sprintf("지난 %d개 시점에서 시험하니 '지난 계절 그대로'보다 낫지 않았습니다. 이 예측은 조심해서 쓰세요.", b.Origins))
			en = append(en, fmt.Sprintf("Tried from %d past origins, it was no better than repeating the last season: use it with care.", b.Origins))
		}
	}
	return Words{strings.Join(ko, " "), strings.Join(en, " ")}
}

// round writes a number with as many digits as people read.
func round(v float64) string {
	if math.Abs(v) < 100 {
		return fmt.Sprintf("%.2f", v)
	}
	text := fmt.Sprintf("%.0f", v)
	for i := len(text) - 3; i > 0 && text[i-1] != '-'; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
