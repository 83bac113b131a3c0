// SPDX-License-Identifier: Apache-2.0

package performance

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"dangol/internal/campaign"
)

// Result is what a campaign brought.
type Result struct {
	CampaignID  int64           `json:"campaign_id"`
	State       campaign.State  `json:"state"`
	EvaluatedAt time.Time       `json:"evaluated_at"`
	Window      Window          `json:"window"`
	Currency    string          `json:"currency"`
	Counts      campaign.Counts `json:"counts"`
	// Sent and the rates below are over messages, the arms over people assigned.
	Sent              int64              `json:"sent"`
	ClickRate         float64            `json:"click_rate" doc:"Recipients who clicked over messages handed over."`
	UnsubscribeRate   float64            `json:"unsubscribe_rate"`
	BounceRate        float64            `json:"bounce_rate"`
	Links             []campaign.Link    `json:"links"`
	Treatment         ArmResult          `json:"treatment"`
	Control           ArmResult          `json:"control"`
	Conversion        Difference         `json:"conversion"`
	Revenue           Difference         `json:"revenue" doc:"Per person, in minor units."`
	IncrementalBuyers Estimate           `json:"incremental_buyers"`
	IncrementalSales  Estimate           `json:"incremental_revenue" doc:"Minor units, over all people assigned to treatment."`
	IncrementalMargin Estimate           `json:"incremental_margin"`
	MarginShare       int64              `json:"margin_share"`
	Cost              CostSum            `json:"cost"`
	Budget            *int64             `json:"budget,omitempty"`
	ROI               *Estimate          `json:"roi,omitempty" doc:"(incremental margin − cost) ÷ cost; absent without cost or control group."`
	CostPerOrder      *float64           `json:"cost_per_order,omitempty" doc:"Cost over orders that would not have happened."`
	Detectable        float64            `json:"detectable" doc:"Smallest difference in conversion that these groups show with 80 % power."`
	Objective         campaign.Objective `json:"objective" enum:"conversion,revenue"`
	Target            int64              `json:"target,omitempty"`
	Reached           *float64           `json:"reached,omitempty" doc:"Additional buyers or revenue over the target."`
	Payback           *int64             `json:"payback_day,omitempty" doc:"Day of the window by whose end the additional margin had paid the cost."`
	Groups            []Group            `json:"groups,omitempty"`
	Products          []ProductResult    `json:"products,omitempty" doc:"By product category, those with most revenue."`
	Variants          []VariantResult    `json:"variants,omitempty"`
	Leader            string             `json:"leader,omitempty" doc:"The variant that leads beyond chance."`
	Winner            string             `json:"winner,omitempty"`
	Stages            []StageCost        `json:"stages,omitempty"`
	Attribution       *Attribution       `json:"attribution,omitempty"`
	Plan              *campaign.Forecast `json:"plan,omitempty" doc:"What was expected before the start."`
	Verdict           Verdict            `json:"verdict" enum:"effect_positive,effect_negative,no_effect_shown,too_few,no_control"`
	Statements        []Statement        `json:"statements"`
}

// Window is the time in which purchases count, the same for both arms.
type Window struct {
	From       *time.Time `json:"from,omitempty"`
	To         *time.Time `json:"to,omitempty"`
	Days       int64      `json:"days"`
	IsComplete bool       `json:"is_complete"`
}

// ArmResult is what the people of one arm did in the window.
type ArmResult struct {
	People           int64   `json:"people" doc:"Assigned to the arm, whatever became of the message."`
	Buyers           int64   `json:"buyers"`
	Orders           int64   `json:"orders"`
	Conversion       float64 `json:"conversion"`
	Revenue          int64   `json:"revenue"`
	RevenuePerPerson float64 `json:"revenue_per_person"`
}

// Estimate is a number with its 95 % interval.
type Estimate struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

func (e Estimate) times(factor float64) Estimate {
	return Estimate{e.Value * factor, e.Low * factor, e.High * factor}
}

// CostSum is what a campaign cost.
type CostSum struct {
	Messages   int64  `json:"messages" doc:"Messages handed over times the cost of one."`
	Fixed      int64  `json:"fixed" doc:"The planned fixed cost, as long as no cost was entered."`
	Incentive  int64  `json:"incentive" doc:"The planned incentive times the buyers among those treated."`
	Components []Cost `json:"components"`
	Total      int64  `json:"total"`
}

// Cost is one component of what a campaign cost.
type Cost struct {
	ID         int64     `json:"id"`
	CampaignID int64     `json:"campaign_id"`
	Component  string    `json:"component" enum:"media,creative,agency,staff,incentive,points,other"`
	Amount     int64     `json:"amount"`
	Minutes    int64     `json:"minutes,omitempty" doc:"Staff minutes behind the amount."`
	Currency   string    `json:"currency"`
	Note       string    `json:"note"`
	CreatedAt  time.Time `json:"created_at"`
}

var components = []string{"media", "creative", "agency", "staff", "incentive", "points", "other"}

// Statement is one sentence of the result: a code with numbers, and the
// sentence itself in both languages.
type Statement struct {
	Code   string         `json:"code"`
	Fields map[string]any `json:"fields,omitempty"`
	Ko     string         `json:"ko"`
	En     string         `json:"en"`
}

// bought is what was observed of both arms.
type bought struct {
	treatment, control             Arm
	ordersTreatment, ordersControl int64
}

// evaluate does the arithmetic of a result.
func evaluate(c campaign.Campaign, window Window, b bought, cost CostSum, now time.Time) Result {
	r := Result{
		CampaignID: c.ID, State: c.State, EvaluatedAt: now, Window: window, Currency: c.Currency, Counts: c.Counts, Sent: c.Counts.Sent(),
		MarginShare: c.MarginShare, Cost: cost, Budget: c.Budget,
		Treatment: armResult(b.treatment, b.ordersTreatment), Control: armResult(b.control, b.ordersControl),
	}
	r.ClickRate = ratio(float64(c.Counts.Clicked), float64(r.Sent))
	r.UnsubscribeRate = ratio(float64(c.Counts.Unsubscribed), float64(r.Sent))
	r.BounceRate = ratio(float64(c.Counts.Bounced), float64(r.Sent+c.Counts.Bounced))
	compared := Compare(b.treatment, b.control)
	r.Conversion, r.Revenue = compared.Rate, compared.Mean
	r.Verdict = r.Conversion.Verdict
	people := float64(b.treatment.Count)
	r.Detectable = Detectable(math.Max(b.control.Rate(), ratio(1, float64(b.control.Count))), b.treatment.Count, b.control.Count)
	if r.Verdict != NoControl {
		r.IncrementalBuyers = Estimate{r.Conversion.Difference, r.Conversion.Low, r.Conversion.High}.times(people)
		r.IncrementalSales = Estimate{r.Revenue.Difference, r.Revenue.Low, r.Revenue.High}.times(people)
		r.IncrementalMargin = r.IncrementalSales.times(float64(c.MarginShare) / 10_000)
		r.addReturn(b)
	}
	r.Objective, r.Target, r.Winner = c.Intent.Objective, c.Intent.Target, c.Winner
	if r.Target > 0 && r.Verdict != NoControl {
		reached := r.IncrementalBuyers.Value / float64(r.Target)
		if r.Objective == campaign.Revenue {
			reached = r.IncrementalSales.Value / float64(r.Target)
		}
		r.Reached = &reached
	}
	return r
}

// StageCost is what it cost to win, keep or win back a customer, counting only
// those who would not have bought without the campaign.
type StageCost struct {
	Stage      string   `json:"stage" enum:"acquired,retained,reactivated"`
	Added      Estimate `json:"added" doc:"Buyers of the stage beyond what the control group says would have come anyway."`
	CostPer    *float64 `json:"cost_per,omitempty" doc:"Share of the cost over added buyers; absent unless more were added than chance explains."`
	CostShared int64    `json:"cost_shared" doc:"The cost, shared by the people treated in the stage."`
}

// addStageCosts shares the cost among the stages by the people treated.
func (r *Result) addStageCosts() {
	for _, g := range r.Groups {
		if g.Kind != "stage" {
			continue
		}
		n := float64(g.Treatment.People)
		c := StageCost{Stage: g.Key, Added: Estimate{g.Conversion.Difference, g.Conversion.Low, g.Conversion.High}.times(n)}
		c.CostShared = int64(math.Round(float64(r.Cost.Total) * ratio(n, float64(r.Treatment.People))))
		if g.Conversion.Verdict == EffectPositive && c.CostShared > 0 {
			per := float64(c.CostShared) / c.Added.Value
			c.CostPer = &per
		}
		r.Stages = append(r.Stages, c)
	}
}

func (r *Result) addReturn(b bought) {
	total := float64(r.Cost.Total)
	if total <= 0 || r.Revenue.Verdict == TooFew {
		return // with nothing bought, an interval around −100 % would claim knowledge
	}
	roi := func(margin float64) float64 { return (margin - total) / total }
	r.ROI = &Estimate{roi(r.IncrementalMargin.Value), roi(r.IncrementalMargin.Low), roi(r.IncrementalMargin.High)}
	perPerson := ratio(float64(b.ordersTreatment), float64(b.treatment.Count)) - ratio(float64(b.ordersControl), float64(b.control.Count))
	if extra := perPerson * float64(b.treatment.Count); extra > 0 {
		per := total / extra
		r.CostPerOrder = &per
	}
}

func armResult(a Arm, orders int64) ArmResult {
	return ArmResult{
		People: a.Count, Buyers: a.Successes, Orders: orders, Conversion: a.Rate(), Revenue: int64(math.Round(a.Sum)), RevenuePerPerson: a.Mean(),
	}
}

// speak puts the result into sentences. What the interval does not carry is
// not claimed.
func (r *Result) speak() []Statement {
	var list []Statement
	say := func(code string, fields map[string]any) { list = append(list, statement(code, fields)) }
	if r.Window.From == nil {
		say("not_started", nil)
		return list
	}
	if !r.Window.IsComplete {
		say("window_open", map[string]any{"until": r.Window.To.Format(time.DateOnly)})
	}
	numbers := map[string]any{
		"difference": percent(r.Conversion.Difference), "low": percent(r.Conversion.Low), "high": percent(r.Conversion.High),
		"treatment": percent(r.Treatment.Conversion), "control": percent(r.Control.Conversion),
		"treatment_people": r.Treatment.People, "control_people": r.Control.People, "detectable": percent(r.Detectable),
		"buyers": math.Round(r.IncrementalBuyers.Value),
	}
	say("conversion_"+string(r.Conversion.Verdict), numbers)
	if r.Conversion.Verdict != NoControl {
		say("revenue_"+string(r.Revenue.Verdict), map[string]any{
			"value": math.Round(r.IncrementalSales.Value), "low": math.Round(r.IncrementalSales.Low), "high": math.Round(r.IncrementalSales.High), "currency": r.Currency,
		})
	}
	r.speakOfMore(say)
	switch {
	case r.ROI == nil:
	case r.ROI.Low > 0:
		say("roi_positive", map[string]any{"value": percent(r.ROI.Value), "low": percent(r.ROI.Low), "high": percent(r.ROI.High)})
	case r.ROI.High < 0:
		say("roi_negative", map[string]any{"value": percent(r.ROI.Value), "low": percent(r.ROI.Low), "high": percent(r.ROI.High)})
	default:
		say("roi_open", map[string]any{"low": percent(r.ROI.Low), "high": percent(r.ROI.High)})
	}
	if r.Budget != nil && r.Cost.Total > *r.Budget {
		say("over_budget", map[string]any{"cost": r.Cost.Total, "budget": *r.Budget, "currency": r.Currency})
	}
	if r.Counts.Unknown > 0 {
		say("unknown", map[string]any{"count": r.Counts.Unknown})
	}
	return list
}

// percent is a share in percent with two decimals.
func percent(share float64) float64 { return math.Round(share*10_000) / 100 }

// sentences in Korean and English, by code.
// speakOfMore says what the target, the variants and the side effects come to.
func (r *Result) speakOfMore(say func(string, map[string]any)) {
	if r.Reached != nil && r.Window.IsComplete {
		value, unit := r.IncrementalBuyers.Value, ""
		if r.Objective == campaign.Revenue {
			value, unit = r.IncrementalSales.Value, " "+r.Currency
		}
		code := "target_missed"
		if *r.Reached >= 1 {
			code = "target_reached"
		}
		say(code, map[string]any{"value": math.Round(value), "target": r.Target, "unit": unit})
	}
	if len(r.Variants) > 1 {
		code := "variants_open"
		if r.Leader != "" {
			code = "variants_shown"
		}
		say(code, map[string]any{"winner": r.Leader})
	}
	if r.Payback != nil {
		say("payback", map[string]any{"day": *r.Payback})
	}
	if r.Sent >= fewestSent && r.UnsubscribeRate >= manyUnsubscribed {
		say("many_unsubscribed", map[string]any{"rate": percent(r.UnsubscribeRate)})
	}
}

// From half a percent of refusals on, a message costs more goodwill than usual
// (rates of 0.1–0.3 % are ordinary for permission mail).
const (
	manyUnsubscribed = 0.005
	fewestSent       = 200
)

var sentences = map[string][2]string{
	"not_started":                {"아직 발송을 시작하지 않았습니다.", "Sending has not begun."},
	"window_open":                {"측정 기간이 {until}까지입니다. 지금 값은 중간 결과입니다.", "The window is open until {until}; these are interim figures."},
	"conversion_effect_positive": {"캠페인 효과가 확인되었습니다. 구매율이 대조군보다 {difference}%p 높습니다(95% 신뢰구간 {low}~{high}%p).", "The campaign worked: conversion is {difference} points above the control group (95 % interval {low} to {high})."},
	"conversion_effect_negative": {"대조군보다 구매율이 {difference}%p 낮습니다(95% 신뢰구간 {low}~{high}%p). 캠페인이 역효과를 냈습니다.", "Conversion is {difference} points against the control group (95 % interval {low} to {high}): the campaign did harm."},
	"conversion_no_effect_shown": {"효과가 확인되지 않았습니다. 차이 {difference}%p는 우연일 수 있습니다(95% 신뢰구간 {low}~{high}%p). 이 규모로는 {detectable}%p 이상의 차이만 확인할 수 있습니다.", "No effect could be shown: the difference of {difference} points may be chance (95 % interval {low} to {high}). Groups of this size show differences from {detectable} points."},
	"conversion_too_few":         {"구매자가 너무 적어 효과를 말할 수 없습니다(구매율 {treatment}% 대 {control}%).", "Too few people bought to speak of an effect ({treatment} % against {control} %)."},
	"conversion_no_control":      {"대조군이 없어 캠페인 때문에 늘어난 구매를 알 수 없습니다.", "Without a control group nobody knows what the campaign has caused."},
	"revenue_effect_positive":    {"캠페인으로 늘어난 매출은 {value} {currency}입니다(95% 신뢰구간 {low}~{high}).", "The campaign brought {value} {currency} of additional revenue (95 % interval {low} to {high})."},
	"revenue_effect_negative":    {"캠페인으로 매출이 {value} {currency} 변했습니다(95% 신뢰구간 {low}~{high}).", "The campaign changed revenue by {value} {currency} (95 % interval {low} to {high})."},
	"revenue_no_effect_shown":    {"매출 증가는 확인되지 않았습니다. 추정치 {value} {currency}, 95% 신뢰구간 {low}~{high}.", "No additional revenue could be shown: {value} {currency}, 95 % interval {low} to {high}."},
	"revenue_too_few":            {"구매가 너무 적어 매출 효과를 말할 수 없습니다.", "Too few purchases to speak of an effect on revenue."},
	"roi_positive":               {"투자수익률(ROI)은 {value}%입니다(95% 신뢰구간 {low}~{high}%).", "The return on investment is {value} % (95 % interval {low} to {high})."},
	"roi_negative":               {"비용을 회수하지 못했습니다. 투자수익률(ROI) {value}%(95% 신뢰구간 {low}~{high}%).", "The cost was not earned back: return on investment {value} % (95 % interval {low} to {high})."},
	"roi_open":                   {"비용을 회수했는지 확인할 수 없습니다(ROI 95% 신뢰구간 {low}~{high}%).", "Whether the cost was earned back cannot be told (return 95 % interval {low} to {high} %)."},
	"over_budget":                {"비용 {cost} {currency}가 예산 {budget} {currency}를 넘었습니다.", "The cost of {cost} {currency} is over the budget of {budget} {currency}."},
	"target_reached":             {"목표를 달성했습니다. 목표 {target}{unit}, 추정 {value}{unit}.", "The target was reached: {value}{unit} of {target}{unit}."},
	"target_missed":              {"목표에 미치지 못했습니다. 목표 {target}{unit}, 추정 {value}{unit}.", "The target was missed: {value}{unit} of {target}{unit}."},
	"variants_shown":             {"메시지 {winner}의 효과가 다른 메시지보다 크다는 것이 확인되었습니다.", "Variant {winner} does better than the others beyond chance."},
	"variants_open":              {"메시지 사이의 차이는 확인되지 않았습니다.", "No difference between the variants could be shown."},
	"payback":                    {"{day}일째에 늘어난 마진이 비용을 넘었습니다.", "By day {day} the additional margin had paid the cost."},
	"many_unsubscribed":          {"수신거부율 {rate}%는 높은 편입니다. 대상과 빈도를 살펴보세요.", "{rate} % unsubscribed, which is a lot: look at whom you write to and how often."},
	"unknown":                    {"{count}명은 전달 여부를 알 수 없습니다. 중복 발송을 막기 위해 다시 보내지 않았습니다.", "For {count} people it is not known whether the message arrived; it was not sent again."},
}

func statement(code string, fields map[string]any) Statement {
	s := Statement{Code: code, Fields: fields, Ko: sentences[code][0], En: sentences[code][1]}
	for name, value := range fields {
		text := fmt.Sprint(value)
		if f, ok := value.(float64); ok {
			text = strconv.FormatFloat(f, 'f', -1, 64)
		}
		s.Ko = strings.ReplaceAll(s.Ko, "{"+name+"}", text)
		s.En = strings.ReplaceAll(s.En, "{"+name+"}", text)
	}
	return s
}
