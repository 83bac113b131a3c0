// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"fmt"
	"strconv"
	"strings"

	"dangol/internal/mining/frame"
)

// Text writes a condition as people do.
func (c *Condition) Text() string {
	value := func(x float64) string {
		if c.Kind == string(frame.Date) {
			return frame.DateText(x)
		}
		return strconv.FormatFloat(x, 'g', 6, 64)
	}
	switch {
	case c.Level != "":
		return c.Column + " = " + c.Level
	case c.Above != nil && c.UpTo != nil:
		return value(*c.Above) + " < " + c.Column + " ≤ " + value(*c.UpTo)
	case c.Above != nil:
		return c.Column + " > " + value(*c.Above)
	case c.UpTo != nil:
		return c.Column + " ≤ " + value(*c.UpTo)
	}
	return c.Column
}

// Sentence says a rule in words.
func (r *Rule) Sentence(target string, rate float64) (ko, en string) {
	parts := make([]string, len(r.Conditions))
	for i := range r.Conditions {
		parts[i] = r.Conditions[i].Text()
	}
	return fmt.Sprintf("%s인 사람의 %.0f %%는 [%s]입니다(전체에서는 %.0f %%). 이들 가운데 %.0f %%가 해당하여 평균(%.1f %%)의 %.2f배입니다(95 %% 구간 %.2f~%.2f).",
			target, 100*r.Share, strings.Join(parts, ", "), 100*r.Coverage, 100*r.Rate, 100*rate, r.Lift, r.Low, r.High),
		fmt.Sprintf("%.0f %% of those with %s have %s (of all: %.0f %%). Of these %.0f %% have it, %.2f times the mean of %.1f %% (95 %% interval %.2f to %.2f).",
			100*r.Share, target, strings.Join(parts, " and "), 100*r.Coverage, 100*r.Rate, r.Lift, 100*rate, r.Low, r.High)
}
