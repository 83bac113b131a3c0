// SPDX-License-Identifier: Apache-2.0

package value

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

// Totals are what a paragraph about customer value tells.
type Totals struct {
	Customers                     int
	Alive, Expected, Value, Top20 float64
	Horizon                       float64
	Unit                          string // days or weeks
}

// Tell puts a fit into words that need no statistics.
func Tell(f *Fit, s *Spend, check *HoldOut, t Totals) Words {
	share := 100 * t.Alive / math.Max(float64(t.Customers), 1)
	unitKo := map[string]string{"weeks": "주", "days": "일"}[t.Unit]
	ko := []string{fmt.Sprintf("고객 %s명 가운데 약 %s명(%.0f %%)이 아직 사는 고객으로 보이며, 앞으로 %g%s 동안 %s번의 구매가 예상됩니다.",
		whole(float64(t.Customers)), whole(t.Alive), share, t.Horizon, unitKo, whole(t.Expected))}
	en := []string{fmt.Sprintf("Of %s customers, about %s (%.0f %%) still seem to buy; %s purchases are expected within %g %s.",
		whole(float64(t.Customers)), whole(t.Alive), share, whole(t.Expected), t.Horizon, t.Unit)}
	if s != nil && t.Value > 0 {
		ko = append(ko, fmt.Sprintf("그 가치는 %s이고, 상위 20 %% 고객이 그 가운데 %.0f %%를 차지합니다.", whole(t.Value), 100*t.Top20))
		en = append(en, fmt.Sprintf("They are worth %s, of which the best 20 %% of customers bring %.0f %%.", whole(t.Value), 100*t.Top20))
	}
	if check != nil && check.Length > 0 && check.Actual > 0 {
		off := 100 * (check.Predicted/check.Actual - 1)
		ko = append(ko, fmt.Sprintf("모형이 보지 못한 기간에서 실제 구매는 %s번, 예측은 %s번(%+.0f %%)이었습니다.", whole(check.Actual), whole(check.Predicted), off))
		en = append(en, fmt.Sprintf("In the time that the model had not seen there were %s purchases, and it predicted %s (%+.0f %%).", whole(check.Actual), whole(check.Predicted), off))
	}
	problems := f.Problems
	if s != nil {
		problems = append(append([]Problem(nil), problems...), s.Problems...)
	}
	for _, p := range problems {
		ko, en = append(ko, p.Ko), append(en, p.En)
	}
	return Words{strings.Join(ko, " "), strings.Join(en, " ")}
}

// whole writes a number without decimals and with thousands apart.
func whole(v float64) string {
	text := fmt.Sprintf("%.0f", v)
	for i := len(text) - 3; i > 0 && text[i-1] != '-'; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
