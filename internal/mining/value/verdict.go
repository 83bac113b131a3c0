// SPDX-License-Identifier: Apache-2.0

package value

import "fmt"

// Business is what a business line tells of its customers in a year.
type Business struct {
	Buyers     int64   `json:"buyers"`
	Revenue    float64 `json:"revenue"`
	Orders     int64   `json:"orders"`
	Before     int64   `json:"before" doc:"bought in the year before"`
	Kept       int64   `json:"kept" doc:"of these, bought again"`
	Reachable  int64   `json:"reachable" doc:"buyers with an address, number or mailbox"`
	Introduced int64   `json:"introduced" doc:"buyers whom a customer introduced"`
	Top        float64 `json:"top_20_share" doc:"of revenue, from the best 20 %"`
	// Margin is the share of revenue that stays.
	Margin float64 `json:"margin"`
}

// Programme is what customer relations would cost and are hoped to do.
type Programme struct {
	Cost     float64 `json:"cost" doc:"a customer and year, in minor units"`
	Points   float64 `json:"points" doc:"by how much more are kept, 0.05 by default"`
	Discount float64 `json:"discount_year"`
}

// Answer is the outcome for a business line.
type Answer string

// The answers.
const (
	DoIt      Answer = "do"
	Selective Answer = "selective" // for the best customers only
	Leave     Answer = "not"
)

// Reason is one ground of a verdict: good, fair or bad, in words.
type Reason struct {
	Code  string `json:"code"`
	Grade string `json:"grade" enum:"good,fair,bad"`
	Words
}

// Verdict says whether customer relations pay in a business line.
type Verdict struct {
	Answer Answer `json:"answer"`
	// Life is the expected margin of a customer's life, with those introduced.
	Life     float64 `json:"life"`
	Referral float64 `json:"referral" doc:"of it, from introductions"`
	// Gain is what the points more of retention add to it, Cost what the
	// programme costs over that life; BestGain is that of the best 20 %.
	Gain     float64  `json:"gain"`
	BestGain float64  `json:"best_gain"`
	Cost     float64  `json:"cost"`
	Rate     float64  `json:"rate" doc:"kept from year to year"`
	Often    float64  `json:"orders_each"`
	Reach    float64  `json:"reach"`
	Reasons  []Reason `json:"reasons"`
}

// lifetime is margin over a life, m·(1+d)/(1+d−r), the first year included
// (Gupta & Lehmann 2003, "Customers as assets").
func lifetime(margin, rate, discount float64) float64 {
	return margin * (1 + discount) / (1 + discount - rate)
}

// Bounds of what counts as direct and as frequent contact: below the first
// nobody can be spoken to often enough to learn, above the second it is a habit.
const (
	reachFair, reachGood = 0.3, 0.6
	oftenFair, oftenGood = 1.2, 2.5
	mostRate             = 0.98
)

// Judge weighs value per customer, directness and frequency of contact.
func (b Business) Judge(p Programme) Verdict {
	buyers := max(float64(b.Buyers), 1)
	v := Verdict{Often: float64(b.Orders) / buyers, Reach: float64(b.Reachable) / buyers}
	if b.Before > 0 {
		v.Rate = min(mostRate, float64(b.Kept)/float64(b.Before))
	}
	margin := b.Revenue * b.Margin / buyers
	more := min(mostRate, v.Rate+p.Points)
	own := lifetime(margin, v.Rate, p.Discount)
	v.Referral = own * float64(b.Introduced) / buyers
	v.Life = own + v.Referral
	v.Gain = lifetime(margin, more, p.Discount) - own
	v.BestGain = v.Gain * b.Top / 0.2 // the best fifth bring so much more each
	v.Cost = lifetime(p.Cost, more, p.Discount)
	v.Reasons = append(v.reasons(p), Reason{
		"referral", level(float64(b.Introduced)/buyers, 0.02, 0.1),
		Words{fmt.Sprintf("구매 고객의 %.1f %%가 소개로 왔습니다.", 100*float64(b.Introduced)/buyers), fmt.Sprintf("%.1f %% of the buyers came by an introduction.", 100*float64(b.Introduced)/buyers)},
	})
	reach, often := level(v.Reach, reachFair, reachGood), level(v.Often, oftenFair, oftenGood)
	switch {
	case b.Buyers == 0 || reach == "bad" || often == "bad" && v.Gain < v.Cost || v.BestGain < v.Cost:
		v.Answer = Leave
	case v.Gain >= v.Cost && reach == "good" && often == "good":
		v.Answer = DoIt
	default:
		v.Answer = Selective
	}
	return v
}

func level(v, fair, good float64) string {
	switch {
	case v >= good:
		return "good"
	case v >= fair:
		return "fair"
	}
	return "bad"
}

func (v *Verdict) reasons(p Programme) []Reason {
	worth := "bad"
	switch {
	case v.Gain >= v.Cost:
		worth = "good"
	case v.BestGain >= v.Cost:
		worth = "fair"
	}
	times := 0.0
	if v.Cost > 0 {
		times = v.Gain / v.Cost
	}
	ratio := func(language int) string {
		if v.Cost == 0 {
			return [2]string{"비용이 없습니다", "it costs nothing"}[language]
		}
		return [2]string{fmt.Sprintf("비용의 %.1f배입니다", times), fmt.Sprintf("%.1f times the cost", times)}[language]
	}
	return []Reason{
		{"value", worth, Words{
			fmt.Sprintf("유지율을 %.0f %%p 높여 얻는 이익은 %s.", 100*p.Points, ratio(0)),
			fmt.Sprintf("Keeping %.0f points more brings %s.", 100*p.Points, ratio(1)),
		}},
		{"direct", level(v.Reach, reachFair, reachGood), Words{
			fmt.Sprintf("구매 고객의 %.0f %%에게 직접 연락할 수 있습니다.", 100*v.Reach), fmt.Sprintf("%.0f %% of the buyers can be reached directly.", 100*v.Reach),
		}},
		{"frequency", level(v.Often, oftenFair, oftenGood), Words{
			fmt.Sprintf("고객 한 명이 한 해 %.1f번 삽니다.", v.Often), fmt.Sprintf("A customer buys %.1f times a year.", v.Often),
		}},
		{"kept", level(v.Rate, 0.3, 0.6), Words{
			fmt.Sprintf("지난해 고객의 %.0f %%가 다시 샀습니다.", 100*v.Rate), fmt.Sprintf("%.0f %% of last year's customers bought again.", 100*v.Rate),
		}},
	}
}
