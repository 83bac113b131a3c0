// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"fmt"
	"math"
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

// words writes a condition in a language; whole numbers as the stretch that
// they are, both ends included.
func (c *Condition) words(words frame.Words, lang string) string {
	name := words.Column(c.Column, lang)
	isWhole := c.Kind != string(frame.Date) && (c.Above == nil || *c.Above == math.Floor(*c.Above)) && (c.UpTo == nil || *c.UpTo == math.Floor(*c.UpTo))
	switch {
	case c.Level != "":
		return words.Level(c.Column, c.Level, lang)
	case words == nil || !isWhole:
		renamed := *c
		renamed.Column = name
		return renamed.Text()
	case c.Above != nil && c.UpTo != nil && *c.Above+1 == *c.UpTo:
		return fmt.Sprintf("%s %.0f", name, *c.UpTo)
	case c.Above != nil && c.UpTo != nil:
		return fmt.Sprintf("%s %.0f–%.0f", name, *c.Above+1, *c.UpTo)
	case c.Above != nil && lang == "en":
		return fmt.Sprintf("%s %.0f or more", name, *c.Above+1)
	case c.Above != nil:
		return fmt.Sprintf("%s %.0f 이상", name, *c.Above+1)
	case lang == "en":
		return fmt.Sprintf("%s %.0f or less", name, *c.UpTo)
	}
	return fmt.Sprintf("%s %.0f 이하", name, *c.UpTo)
}

// Target is who is described, in both languages: "등급 VIP 고객", "customers of grade VIP".
type Target struct{ Ko, En string }

// Sentence says a rule in words.
func (r *Rule) Sentence(target Target, rate float64, words frame.Words) (ko, en string) {
	join := func(lang, between string) string {
		parts := make([]string, len(r.Conditions))
		for i := range r.Conditions {
			parts[i] = r.Conditions[i].words(words, lang)
		}
		return strings.Join(parts, between)
	}
	return fmt.Sprintf("%s의 %.0f %%는 %s입니다(비교한 모두에서는 %.0f %%). 이런 사람은 %.1f %%가 여기에 들어 평균 %.1f %%의 %.2f배입니다(95 %% 구간 %.2f~%.2f).",
			target.Ko, 100*r.Share, join("ko", ", "), 100*r.Coverage, 100*r.Rate, 100*rate, r.Lift, r.Low, r.High),
		fmt.Sprintf("%.0f %% of %s: %s (of all compared: %.0f %%). Of such people %.1f %% belong here, %.2f times the mean of %.1f %% (95 %% interval %.2f to %.2f).",
			100*r.Share, target.En, join("en", ", "), 100*r.Coverage, 100*r.Rate, r.Lift, 100*rate, r.Low, r.High)
}
