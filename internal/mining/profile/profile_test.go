// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"context"
	"math/rand/v2"
	"strings"
	"testing"

	"dangol/internal/mining/frame"
)

// crowd makes people of whom women of 41 to 50 have the target far more often;
// with even odds nobody differs.
func crowd(n int, odds float64, seed uint64) (*frame.Frame, []bool) {
	random := rand.New(rand.NewPCG(seed, 1)) //nolint:gosec // no secret
	sexes, regions, ages, yes := make([]string, n), make([]string, n), make([]float64, n), make([]bool, n)
	for i := range n {
		sexes[i], regions[i] = []string{"female", "male"}[random.IntN(2)], []string{"서울", "부산", "대구"}[random.IntN(3)]
		ages[i] = float64(20 + random.IntN(50))
		chance := .1
		if sexes[i] == "female" && ages[i] > 40 && ages[i] <= 50 {
			chance = odds
		}
		yes[i] = random.Float64() < chance
	}
	return &frame.Frame{Rows: n, Columns: []*frame.Column{frame.Categories("sex", sexes), frame.Categories("sido", regions), frame.Numeric("age", ages)}}, yes
}

func TestAPlantedGroupIsFound(t *testing.T) {
	t.Parallel()
	f, yes := crowd(8000, .6, 3)
	found, err := Find(context.Background(), f, yes, Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	if len(found.Rules) == 0 {
		t.Fatal("nothing was found")
	}
	best := found.Rules[0]
	columns := map[string]bool{}
	for _, c := range best.Conditions {
		columns[c.Column] = true
		if c.Column == "sex" && c.Level != "female" {
			t.Errorf("the best rule is about %s", c.Level)
		}
	}
	if !columns["sex"] || !columns["age"] || columns["sido"] {
		t.Errorf("the best rule looks at %v", columns)
	}
	if best.Lift < 2.5 || best.Low > best.Lift || best.High < best.Lift || best.Adjusted > .001 {
		t.Errorf("lift %.2f (%.2f to %.2f), p %.3g", best.Lift, best.Low, best.High, best.Adjusted)
	}
}

// Rules hold by a test at 5 % over all of them together: in noise about one run
// in twenty may find something.
func TestNothingIsFoundWhereNobodyDiffers(t *testing.T) {
	t.Parallel()
	const runs, most = 40, 5
	wrong := 0
	for seed := range uint64(runs) {
		f, yes := crowd(2000, .1, seed+10)
		found, err := Find(context.Background(), f, yes, Options{Seed: seed})
		if err != nil {
			t.Fatal(err)
		}
		if len(found.Rules) > 0 {
			wrong++
		}
	}
	if wrong > most {
		t.Errorf("%d of %d runs found something in noise", wrong, runs)
	}
}

func TestSentences(t *testing.T) {
	t.Parallel()
	low, high := 40.0, 50.0
	r := Rule{Conditions: []Condition{{Column: "sex", Level: "female"}, {Column: "age", Above: &low, UpTo: &high}}, Share: .42, Coverage: .1, Rate: .6, Lift: 4, Low: 3.5, High: 4.6}
	words := func(column, level, lang string) string {
		if level != "" {
			return map[string]string{"ko": "여성", "en": "women"}[lang]
		}
		return map[string]string{"ko": "나이", "en": "age"}[lang]
	}
	ko, en := r.Sentence(Target{Ko: "‘차’ 상품을 산 고객", En: "those who bought ‘tea’"}, .15, words)
	for _, want := range []string{"‘차’ 상품을 산 고객의 42 %는 여성, 나이 41–50입니다", "평균 15.0 %의 4.00배", "3.50~4.60"} {
		if !strings.Contains(ko, want) {
			t.Errorf("%q lacks %q", ko, want)
		}
	}
	for _, want := range []string{"42 % of those who bought ‘tea’: women, age 41–50", "4.00 times the mean of 15.0 %"} {
		if !strings.Contains(en, want) {
			t.Errorf("%q lacks %q", en, want)
		}
	}
	ko, _ = r.Sentence(Target{Ko: "y = 1인 행"}, .15, nil)
	if !strings.Contains(ko, "sex = female, 40 < age ≤ 50") {
		t.Errorf("a file keeps its own names: %q", ko)
	}
	for _, c := range []struct {
		condition Condition
		want      string
	}{{Condition{Column: "age", Above: &low}, "나이 41 이상"}, {Condition{Column: "age", UpTo: &high}, "나이 50 이하"}} {
		if got := c.condition.words(words, "ko"); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}
