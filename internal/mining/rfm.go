// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"encoding/json"
	"fmt"
	"math"
	"time"

	"dangol/internal/platform/fault"
	"dangol/internal/platform/warehouse"
)

// Methods of quintiles (P-RFM-3).
const (
	Independent = "independent" // each measure over all buyers
	Nested      = "nested"      // F within R, M within F
)

// What frequency counts (P-RFM-1).
const (
	CountOrders = "orders"
	CountDays   = "days" // one order a day
)

// RFMSettings say how RFM is computed; zero values are the defaults of P-RFM.
type RFMSettings struct {
	// At is the reference date, ISO; empty is today.
	At string `json:"at,omitempty" doc:"reference date; empty is today"`
	// PeriodMonths is how far back purchases count; 0 is 12, -1 everything.
	PeriodMonths int    `json:"period_months,omitempty" doc:"12 by default; -1 is everything"`
	Method       string `json:"method,omitempty" enum:"independent,nested,"`
	// CountBy is what frequency counts: orders, or days with an order.
	CountBy string   `json:"count_by,omitempty" enum:"orders,days,"`
	Weights *Weights `json:"weights,omitempty"`
	// Cuts are hand-set limits instead of quintiles: four ascending numbers for
	// each measure, in days, orders and minor units.
	Cuts *Cuts `json:"cuts,omitempty"`
	// Currency of the money; empty is the company's.
	Currency string `json:"currency,omitempty"`
	// Line limits the purchases to one business line.
	Line *Line `json:"line,omitempty"`
}

// Weights of the combined score; they add up to 1 (P-RFM-4).
type Weights struct {
	R float64 `json:"r"`
	F float64 `json:"f"`
	M float64 `json:"m"`
}

// Cuts are the upper limits of the four lower parts of each measure.
type Cuts struct {
	R []float64 `json:"r,omitempty"`
	F []float64 `json:"f,omitempty"`
	M []float64 `json:"m,omitempty"`
}

// RFM is what the scoring of all buyers came to.
type RFM struct {
	Settings RFMSettings `json:"settings"`
	From     string      `json:"from,omitempty"`
	To       string      `json:"to"`
	Currency string      `json:"currency"`
	// Buyers were scored, NonBuyers bought nothing in the period (미구매).
	Buyers    int64 `json:"buyers"`
	NonBuyers int64 `json:"non_buyers"`
	Revenue   int64 `json:"revenue"`
	// Limits are the quintile limits (type 7 quantiles at 20, 40, 60, 80 %); of
	// the nested method only R's are of everybody.
	Limits Cuts `json:"limits"`
	// Quintiles are the sizes and sums of the five parts of each measure.
	Quintiles map[string][]Part `json:"quintiles"`
	Boxes     []Box             `json:"boxes"`
	Groups    []Group           `json:"groups"`
	// Sums of the measures over all buyers.
	Sums    Totals  `json:"sums"`
	AsOf    AsOf    `json:"as_of"`
	Explain Explain `json:"explain" doc:"which engine answered"`

	customers int64
}

// Totals are sums and medians over all buyers.
type Totals struct {
	Recency   int64   `json:"recency_days"`
	Frequency int64   `json:"frequency"`
	Monetary  int64   `json:"monetary"`
	MedianR   float64 `json:"median_recency_days"`
	MedianF   float64 `json:"median_frequency"`
	MedianM   float64 `json:"median_monetary"`
}

// Part is one quintile of a measure.
type Part struct {
	Score     int     `json:"score"`
	Customers int64   `json:"customers"`
	Revenue   int64   `json:"revenue"`
	Share     float64 `json:"share" doc:"of revenue"`
}

// Box is one combination of scores.
type Box struct {
	R         int     `json:"r"`
	F         int     `json:"f"`
	M         int     `json:"m"`
	Group     string  `json:"group"`
	Score     float64 `json:"score" doc:"weighted, 1 to 5"`
	Customers int64   `json:"customers"`
	Revenue   int64   `json:"revenue"`
	Share     float64 `json:"share" doc:"of revenue"`
}

// Group is a named set of boxes with what to do about it.
type Group struct {
	Name      string          `json:"name"`
	Label     warehouse.Text  `json:"label"`
	Action    warehouse.Text  `json:"action"`
	Customers int64           `json:"customers"`
	Revenue   int64           `json:"revenue"`
	Share     float64         `json:"share" doc:"of revenue"`
	Average   float64         `json:"average_score"`
	Rules     json.RawMessage `json:"rules" doc:"rule tree of its customers, once scores are saved"`
}

// AsOf says what an answer includes.
type AsOf struct {
	Seq int64     `json:"seq"`
	At  time.Time `json:"at"`
}

const (
	defaultMonths = 12
	longestMonths = 600
	// The default weights follow R > F > M (P-RFM-4).
	defaultWeightR = 0.5
	defaultWeightF = 0.3
	defaultWeightM = 0.2
)

// fill completes and checks settings; today is the company's.
func (s *RFMSettings) fill(today time.Time, currency string) error {
	if s.At == "" {
		s.At = today.Format(isoDate)
	}
	at, err := time.Parse(isoDate, s.At)
	if err != nil || at.Year() < 1000 || at.Year() > 9998 {
		return bad("at", "a date like 2026-11-21")
	}
	if s.PeriodMonths == 0 {
		s.PeriodMonths = defaultMonths
	}
	if s.PeriodMonths < -1 || s.PeriodMonths > longestMonths {
		return bad("period_months", fmt.Sprintf("1 to %d, or -1 for everything", longestMonths))
	}
	if s.Method == "" {
		s.Method = Independent
	}
	if s.Method != Independent && s.Method != Nested {
		return bad("method", "independent or nested")
	}
	if s.CountBy == "" {
		s.CountBy = CountOrders
	}
	if s.CountBy != CountOrders && s.CountBy != CountDays {
		return bad("count_by", "orders or days")
	}
	if s.Weights == nil {
		s.Weights = &Weights{defaultWeightR, defaultWeightF, defaultWeightM}
	}
	if err := s.Weights.check(); err != nil {
		return err
	}
	if s.Currency == "" {
		s.Currency = currency
	}
	if err := s.Line.check(); err != nil {
		return err
	}
	return s.Cuts.check()
}

func (w *Weights) check() error {
	const slack = 1e-9
	if !(w.R >= 0 && w.F >= 0 && w.M >= 0) || math.Abs(w.R+w.F+w.M-1) > slack {
		return bad("weights", "three numbers of at least 0 that add up to 1")
	}
	return nil
}

func (c *Cuts) check() error {
	if c == nil {
		return nil
	}
	for name, list := range map[string][]float64{"r": c.R, "f": c.F, "m": c.M} {
		if len(list) != 0 && len(list) != 4 {
			return bad("cuts."+name, "four ascending numbers, or none")
		}
		for i := range list {
			if math.IsNaN(list[i]) || math.IsInf(list[i], 0) || i > 0 && list[i] <= list[i-1] {
				return bad("cuts."+name, "four ascending numbers, or none")
			}
		}
	}
	return nil
}

func bad(field, want string) error {
	return fault.New(fault.Invalid, "mining.bad_setting", "{field} must be {want}.", "field", field, "want", want)
}

const isoDate = "2006-01-02"

// groupRule is a set of boxes; the first that holds names the group.
type groupRule struct {
	name          string
	rLow, rHigh   int
	fmLow, fmHigh int // of the rounded mean of F and M
	fHigh         int // of F alone; 5 is any
	label, action warehouse.Text
}

// groups follow P-RFM-5: the names Korean marketers use, with the action that
// fits. Every box lies in exactly one.
var groups = []groupRule{
	{"champion", 4, 5, 4, 5, 5, warehouse.Text{Ko: "우수 고객", En: "Champions"}, warehouse.Text{Ko: "감사 혜택과 신상품 먼저 알리기", En: "Reward them and show them new things first"}},
	{"new", 5, 5, 1, 5, 1, warehouse.Text{Ko: "신규 고객", En: "New"}, warehouse.Text{Ko: "첫 구매 감사와 두 번째 구매 제안", En: "Welcome them and invite the second purchase"}},
	{"loyal", 3, 5, 3, 5, 5, warehouse.Text{Ko: "충성 고객", En: "Loyal"}, warehouse.Text{Ko: "등급 혜택과 교차 판매", En: "Offer more of what they like, and a higher grade"}},
	{"promising", 4, 5, 1, 2, 5, warehouse.Text{Ko: "잠재 충성", En: "Promising"}, warehouse.Text{Ko: "재구매 쿠폰으로 습관 만들기", En: "Make a habit of it with a coupon for the next purchase"}},
	{"at_risk", 1, 2, 4, 5, 5, warehouse.Text{Ko: "이탈 우려", En: "At risk"}, warehouse.Text{Ko: "직접 연락과 되찾기 제안", En: "Call them and win them back before they are gone"}},
	{"needs_attention", 3, 3, 1, 2, 5, warehouse.Text{Ko: "관심 필요", En: "Needs attention"}, warehouse.Text{Ko: "관심 분류의 기획전 안내", En: "Remind them of what they looked for"}},
	{"dormant", 2, 2, 1, 3, 5, warehouse.Text{Ko: "휴면", En: "Dormant"}, warehouse.Text{Ko: "휴면 고객 재방문 혜택", En: "Give them a reason to come back"}},
	{"lost", 1, 1, 1, 3, 5, warehouse.Text{Ko: "이탈", En: "Lost"}, warehouse.Text{Ko: "비용이 적은 채널만 사용", En: "Spend little: only channels that cost nothing"}},
}

// GroupOf names the group of a box.
func GroupOf(r, f, m int) string {
	mean := (f + m + 1) / 2
	for _, g := range groups {
		if r >= g.rLow && r <= g.rHigh && mean >= g.fmLow && mean <= g.fmHigh && f <= g.fHigh {
			return g.name
		}
	}
	return ""
}

// NamedGroup is a group with its words.
type NamedGroup struct {
	Name   string         `json:"name"`
	Label  warehouse.Text `json:"label"`
	Action warehouse.Text `json:"action"`
}

// Groups lists the named groups, best first.
func Groups() []NamedGroup {
	list := make([]NamedGroup, len(groups))
	for i, g := range groups {
		list[i] = NamedGroup{g.name, g.label, g.action}
	}
	return list
}
