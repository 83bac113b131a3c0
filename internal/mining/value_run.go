// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"slices"
	"time"

	"dangol/internal/mining/value"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/warehouse"
)

const kindValue = "value"

// ValuesTable holds what the last value run found of each buyer.
const ValuesTable = "customer_values"

// ValueSettings say how customer value is computed; zero values are the usual.
type ValueSettings struct {
	Model    string  `json:"model,omitempty" enum:"bgnbd,mbgnbd,paretonbd,"`
	Horizon  int     `json:"horizon_weeks,omitempty" doc:"52 by default"`
	Margin   float64 `json:"margin,omitempty" doc:"share of revenue that stays; 1 by default: value is revenue"`
	Discount float64 `json:"discount_month,omitempty" doc:"0.01 by default"`
	// CompareDays is how far back movement between stages and groups looks.
	CompareDays int               `json:"compare_days,omitempty" doc:"90 by default"`
	Rules       *value.StageRules `json:"rules,omitempty"`
	Currency    string            `json:"currency,omitempty"`
	// Acquisition is what winning one customer costs, Service what keeping one
	// costs a year, in minor units.
	Acquisition int64 `json:"acquisition_cost,omitempty"`
	Service     int64 `json:"service_cost,omitempty"`
	// Referral is the share of the value of those whom somebody introduced that
	// counts for the introducer; 0.25 by default, below 0 is none.
	Referral float64 `json:"referral_share,omitempty"`
}

const (
	usualReferral = 0.25
	usualHorizon  = 52
	usualDiscount = 0.01
	usualCompare  = 90
	longestWeeks  = 520
	weekDays      = 7
	weeksAMonth   = 365.25 / 12 / weekDays
)

func readValue(raw json.RawMessage) (ValueSettings, error) {
	var v ValueSettings
	if err := json.Unmarshal(raw, &v); err != nil {
		return v, bad("settings", "an object like {\"horizon_weeks\": 52}")
	}
	if v.Model == "" {
		v.Model = string(value.BGNBD)
	}
	if !slices.Contains([]value.Model{value.BGNBD, value.MBGNBD, value.ParetoNBD}, value.Model(v.Model)) {
		return v, bad("model", "bgnbd, mbgnbd or paretonbd")
	}
	if v.Horizon == 0 {
		v.Horizon = usualHorizon
	}
	if v.Horizon < 1 || v.Horizon > longestWeeks {
		return v, bad("horizon_weeks", fmt.Sprintf("1 to %d", longestWeeks))
	}
	if v.Margin == 0 {
		v.Margin = 1
	}
	if !(v.Margin > 0 && v.Margin <= 1) {
		return v, bad("margin", "above 0 and at most 1")
	}
	if v.Discount == 0 {
		v.Discount = usualDiscount
	}
	if !(v.Discount >= 0 && v.Discount < 1) {
		return v, bad("discount_month", "at least 0 and below 1")
	}
	if v.CompareDays == 0 {
		v.CompareDays = usualCompare
	}
	if v.CompareDays < 1 || v.CompareDays > 10*365 {
		return v, bad("compare_days", "1 to 3650")
	}
	if v.Rules == nil {
		usual := value.UsualStages
		v.Rules = &usual
	}
	if v.Acquisition < 0 || v.Service < 0 {
		return v, bad("acquisition_cost", "0 or more, like service_cost")
	}
	if v.Referral == 0 {
		v.Referral = usualReferral
	}
	if v.Referral = max(v.Referral, 0); !(v.Referral <= 1) {
		return v, bad("referral_share", "at most 1")
	}
	r := v.Rules
	if r.NewDays < 1 || r.SleepingDays <= r.NewDays || r.LostDays <= r.SleepingDays || r.LoyalPurchases < 2 || !(r.OverdueFactor >= 1) {
		return v, bad("rules", "0 < new < sleeping < lost days, at least 2 purchases for loyal, a factor of at least 1")
	}
	return v, nil
}

func checkValue(raw json.RawMessage) error {
	_, err := readValue(raw)
	return err
}

// ValueResult is what a value run found.
type ValueResult struct {
	Settings  ValueSettings `json:"settings"`
	At        string        `json:"at"`
	From      string        `json:"from"`
	Currency  string        `json:"currency"`
	Customers int           `json:"customers"`
	Purchases int           `json:"purchases"`
	Model     *value.Fit    `json:"model"`
	Spend     *value.Spend  `json:"spend"`
	// HoldOut judges a fit that had not seen the last part of the time.
	HoldOut     *value.HoldOut `json:"holdout,omitempty"`
	Frequencies []value.Bar    `json:"frequencies"`
	Alive       []int          `json:"alive" doc:"customers by tenths of the chance of still buying"`
	Totals      ValueTotals    `json:"totals"`
	Tenths      []ValueTenth   `json:"tenths"`
	Stages      []StageRow     `json:"stages"`
	// Moves are customers by stage before and now.
	Moves       [][]int         `json:"moves"`
	StageNames  []value.Stage   `json:"stage_names"`
	ComparedOn  string          `json:"compared_on"`
	Cohorts     []value.Cohort  `json:"cohorts"`
	FirstMonth  string          `json:"first_month"`
	Gaps        []value.Gap     `json:"gaps"`
	MedianGap   float64         `json:"median_gap_days"`
	Retention   value.Kept      `json:"retention"`
	Survival    *value.Survival `json:"survival"`
	Acquire     Acquire         `json:"acquire"`
	Family      Family          `json:"family"`
	Words       value.Words     `json:"words"`
	RefundDays  int             `json:"refund_days"`
	DataThrough string          `json:"data_through"`
}

// ValueTotals are sums over all buyers; value is in minor units.
type ValueTotals struct {
	Alive    float64 `json:"alive"`
	Expected float64 `json:"expected"`
	Value    float64 `json:"value"`
	Top20    float64 `json:"top_20_share"`
	// DueSoon counts customers whose next purchase is expected within 30 days.
	DueSoon int `json:"due_soon"`
}

// ValueTenth is a tenth of the customers by value, best first.
type ValueTenth struct {
	Customers int     `json:"customers"`
	Least     float64 `json:"least"`
	Value     float64 `json:"value"`
	Share     float64 `json:"share"`
}

// StageRow is one stage of the life cycle.
type StageRow struct {
	Stage     value.Stage    `json:"stage"`
	Label     warehouse.Text `json:"label"`
	Customers int            `json:"customers"`
	Revenue   float64        `json:"revenue_year"`
	Value     float64        `json:"value"`
	Average   float64        `json:"average_value"`
	// Kept is the share of those in the stage before that have not slipped to
	// sleeping or lost since.
	Kept float64 `json:"kept"`
	// Profit is what a customer brings between the two days, Stays the chance to
	// be active a year on, Lifetime the expected discounted profit over the horizon.
	Profit   float64         `json:"profit"`
	Stays    float64         `json:"stays"`
	Lifetime float64         `json:"lifetime"`
	Rules    json.RawMessage `json:"rules"`
}

// stageLabels name the stages for people.
var stageLabels = []struct {
	stage value.Stage
	label warehouse.Text
}{
	{value.Prospect, warehouse.Text{Ko: "가망", En: "Prospect"}},
	{value.New, warehouse.Text{Ko: "신규", En: "New"}},
	{value.Growing, warehouse.Text{Ko: "성장", En: "Growing"}},
	{value.Loyal, warehouse.Text{Ko: "단골", En: "Loyal"}},
	{value.AtRisk, warehouse.Text{Ko: "이탈 우려", En: "At risk"}},
	{value.Sleeping, warehouse.Text{Ko: "휴면", En: "Sleeping"}},
	{value.Lost, warehouse.Text{Ko: "이탈", En: "Lost"}},
	{value.WonBack, warehouse.Text{Ko: "되찾음", En: "Won back"}},
}

// runValue fits the models to all purchases, looks at behaviour, and writes
// what it found to each customer.
func (s *Service) runValue(ctx context.Context, run *Run, tell progress) (any, error) {
	settings, err := readValue(run.Settings)
	if err != nil {
		return nil, err
	}
	if settings.Currency == "" {
		settings.Currency = s.currency
	}
	const steps = 6
	tell(0, steps)
	log, ids, err := s.readPurchases(ctx, settings.Currency)
	if err != nil {
		return nil, fmt.Errorf("read purchases: %w", err)
	}
	if len(log) == 0 {
		return nil, fault.New(fault.Invalid, "mining.no_purchases", "There are no purchases in {currency} yet; import transactions first.", "currency", settings.Currency)
	}
	// Time without data is no time without purchases: the look ends where the data end.
	at := log[0].Day
	for _, one := range log {
		at = max(at, one.Day)
	}
	at = min(at, dayOf(s.today()))
	summary := value.Summarise(log, at, weekDays)
	if len(summary.Customers) == 0 {
		return nil, fault.New(fault.Invalid, "mining.no_purchases", "There are no purchases in {currency} yet; import transactions first.", "currency", settings.Currency)
	}
	tell(1, steps)
	out := &ValueResult{Settings: settings, At: dayName(at), From: dayName(summary.First), Currency: settings.Currency, Customers: len(summary.Customers), Purchases: summary.Purchases, RefundDays: summary.Refunds, DataThrough: dayName(min(summary.End, at))}
	if out.Model, err = value.FitModel(value.Model(settings.Model), summary.Histories()); err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "mining.bad_purchases", "The purchases do not fit the model: {why}.", "why", err.Error())
	}
	out.Spend = value.FitSpend(summary.Spenders())
	tell(2, steps)
	if err := out.judge(ctx, summary, at); err != nil {
		return nil, err
	}
	tell(3, steps)
	economics := value.Economics{Margin: settings.Margin, Discount: settings.Discount, Step: weeksAMonth, Horizon: float64(settings.Horizon)}
	predictions := value.Predict(out.Model, out.Spend, summary.Customers, economics, max(1, runtime.GOMAXPROCS(0)/2))
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	tell(4, steps)
	customers, err := s.countCustomers(ctx)
	if err != nil {
		return nil, fmt.Errorf("count customers: %w", err)
	}
	rows := out.look(summary, predictions, at, int(customers))
	if err := s.related(ctx, out, rows, ids); err != nil {
		return nil, fmt.Errorf("value of introductions and households: %w", err)
	}
	out.Frequencies = out.Model.Frequencies(summary)
	out.Words = value.Tell(out.Model, nil, out.HoldOut, value.Totals{Customers: out.Customers, Alive: out.Totals.Alive, Expected: out.Totals.Expected, Horizon: float64(settings.Horizon), Unit: "weeks"})
	tell(5, steps)
	if err := s.writeValues(ctx, rows, ids); err != nil {
		return nil, fmt.Errorf("write customer values: %w", err)
	}
	tell(steps, steps)
	return out, nil
}

// judge fits the model once more without the last quarter of the time, and
// compares it with what came.
func (v *ValueResult) judge(ctx context.Context, summary *value.Summary, at int32) error {
	const leastWeeks = 26
	end := min(summary.End, at)
	span := end - summary.First
	if span < leastWeeks*weekDays {
		return nil
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	earlier := summary.UpTo(end-span/4, end)
	if len(earlier.Customers) == 0 {
		return nil
	}
	fit, err := value.FitModel(v.Model.Model, earlier.Histories())
	if err != nil {
		return nil //nolint:nilerr // a model that cannot be judged is still a model; its page shows no hold-out
	}
	v.HoldOut = fit.Check(earlier)
	return nil
}

func dayOf(at time.Time) int32 {
	return int32(time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, time.UTC).Unix() / (24 * 60 * 60)) //nolint:gosec // years of people
}

func dayName(day int32) string {
	return time.Unix(int64(day)*24*60*60, 0).UTC().Format(isoDate)
}
