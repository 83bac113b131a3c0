// SPDX-License-Identifier: Apache-2.0

package app

import (
	"encoding/csv"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strconv"

	"dangol/internal/mining/value"
	"dangol/internal/platform/fault"
)

type mineCLVCommand struct {
	mineFlags
	File        string  `arg:"" help:"CSV, gzip CSV or Parquet file, one purchase a row." type:"path"`
	Customer    string  `help:"Column of the customer." required:"" placeholder:"COL"`
	Date        string  `help:"Column of the date." required:"" placeholder:"COL"`
	Amount      string  `help:"Column of the amount; without it only purchases are predicted." placeholder:"COL"`
	Until       string  `help:"Last day that the model learns from; what follows checks it (default: the last day of the file)." placeholder:"DATE"`
	TimeUnit    string  `help:"Unit of time: days or weeks." enum:"days,weeks" default:"weeks"`
	Model       string  `help:"bgnbd, mbgnbd or paretonbd." enum:"bgnbd,mbgnbd,paretonbd" default:"bgnbd"`
	Horizon     float64 `help:"How far to look ahead, in units of time (default: one year)." placeholder:"N"`
	Margin      float64 `help:"Share of an amount that stays." default:"1" placeholder:"0..1"`
	Discount    float64 `help:"Discount rate a month." default:"0.01" placeholder:"RATE"`
	Rate        float64 `help:"Also the discounted number of all purchases to come, at this continuous rate per unit of time." placeholder:"RATE"`
	Predictions string  `help:"Also write a row for each customer to this CSV file." placeholder:"FILE" type:"path"`
}

// Help teaches by examples.
func (mineCLVCommand) Help() string {
	return `Fits how often customers buy and when they stop (BG/NBD, MBG/NBD or Pareto/NBD) and what a purchase is worth
(Gamma-Gamma), by maximum likelihood. All purchases of a customer on one day are one purchase. When the data do
not determine the model, it says so and takes a simpler one.

Examples:
  dangol mine clv orders.csv --customer 회원번호 --date 주문일 --amount 결제금액 --html value.html
  dangol mine clv cdnow.csv --customer id --date date --amount spend --until 1997-09-30 --horizon 39 --json`
}

type minedCLV struct {
	First       string            `json:"first"`
	Until       string            `json:"until"`
	End         string            `json:"end"`
	TimeUnit    string            `json:"time_unit"`
	Customers   int               `json:"customers"`
	Purchases   int               `json:"purchases"`
	Horizon     float64           `json:"horizon"`
	Economics   value.Economics   `json:"economics"`
	Model       *value.Fit        `json:"model"`
	Spend       *value.Spend      `json:"spend,omitempty"`
	Frequencies []value.Bar       `json:"frequencies"`
	HoldOut     *value.HoldOut    `json:"holdout"`
	Totals      minedTotals       `json:"totals"`
	Predictions []minedPrediction `json:"predictions"`
	Notes       []string          `json:"notes,omitempty"`
	Words       value.Words       `json:"words"`
}

type minedTotals struct {
	Alive    float64 `json:"alive"`
	Expected float64 `json:"expected"`
	Value    float64 `json:"value"`
	Residual float64 `json:"residual,omitempty"`
	Top20    float64 `json:"top_20_share"`
}

type minedPrediction struct {
	Customer string  `json:"customer"`
	X        float64 `json:"x"`
	Tx       float64 `json:"t_x"`
	T        float64 `json:"t"`
	Mean     float64 `json:"mean_amount,omitempty"`
	Held     float64 `json:"actual_x"`
	value.Prediction
	Residual float64 `json:"residual,omitempty"`
}

// weeksAMonth is the number that the library lifetimes counts with.
const weeksAMonth = 4.345

// Run fits the models to a file.
func (c mineCLVCommand) Run(s *session) error {
	if c.Horizon < 0 || c.Margin < 0 || c.Margin > 1 || c.Discount < 0 || c.Rate < 0 {
		return fault.New(fault.Invalid, "app.bad_economics", "--horizon, --discount and --rate must not be negative, and --margin must lie between 0 and 1.")
	}
	log, err := readLog(c.File, c.Customer, c.Date, c.Amount)
	if err != nil {
		return err
	}
	until, err := parseDay("until", c.Until, log.last)
	if err != nil {
		return err
	}
	unit, year, month := 7.0, 52.0, weeksAMonth
	if c.TimeUnit == "days" {
		unit, year, month = 1, 365, 7*weeksAMonth
	}
	if c.Horizon == 0 {
		c.Horizon = year
	}
	summary := value.Summarise(log.purchases, until, unit)
	if len(summary.Customers) == 0 {
		return fault.New(fault.Invalid, "app.nothing_before", "Nobody bought up to {day}; choose a later day with --until.", "day", dayText(until))
	}
	out := &minedCLV{
		First: dayText(summary.First), Until: dayText(until), End: dayText(summary.End), TimeUnit: c.TimeUnit, Customers: len(summary.Customers),
		Purchases: summary.Purchases, Horizon: c.Horizon, Economics: value.Economics{Margin: c.Margin, Discount: c.Discount, Step: month, Horizon: c.Horizon}, Notes: log.notes,
	}
	if err := out.fit(c, summary, log.names); err != nil {
		return fault.New(fault.Invalid, "app.bad_log", "The purchases cannot be used: {why}.", "why", err.Error())
	}
	if c.Predictions != "" {
		if err := createFile(c.Predictions, out.write); err != nil {
			return err
		}
		s.say("predictions: %s", c.Predictions)
	}
	return s.mined(c.mineFlags, out, out.page(c.Lang))
}

func (m *minedCLV) fit(c mineCLVCommand, summary *value.Summary, names []string) (err error) {
	if m.Model, err = value.FitModel(value.Model(c.Model), summary.Histories()); err != nil {
		return err
	}
	if c.Amount != "" {
		m.Spend = value.FitSpend(summary.Spenders())
	}
	if summary.Refunds > 0 {
		m.Notes = append(m.Notes, fmt.Sprintf("%d days of a customer came to less than nothing: they take off money and are no purchase.", summary.Refunds))
	}
	if summary.After > 0 {
		m.Notes = append(m.Notes, fmt.Sprintf("%d customers bought first after %s; the model does not know them.", summary.After, m.Until))
	}
	m.HoldOut = m.Model.Check(summary)
	m.Frequencies = m.Model.Frequencies(summary)
	predictions := value.Predict(m.Model, m.Spend, summary.Customers, m.Economics, runtime.GOMAXPROCS(0))
	var values []float64
	for i, p := range predictions {
		one := &summary.Customers[i]
		row := minedPrediction{Customer: names[one.Customer], X: one.X, Tx: one.Tx, T: one.T, Mean: one.Mean, Held: one.HeldX, Prediction: p}
		if c.Rate > 0 && m.Model.Repeaters > 0 {
			row.Residual = m.Model.Residual(one.History, c.Rate)
		}
		m.Totals.Alive += p.Alive
		m.Totals.Expected += p.Expected
		m.Totals.Value += p.Value
		m.Totals.Residual += row.Residual
		m.Predictions = append(m.Predictions, row)
		values = append(values, p.Value)
	}
	m.Totals.Top20 = topShare(values, 0.2)
	m.Words = value.Tell(m.Model, m.Spend, m.HoldOut, value.Totals{Customers: m.Customers, Alive: m.Totals.Alive, Expected: m.Totals.Expected, Value: m.Totals.Value, Top20: m.Totals.Top20, Horizon: m.Horizon, Unit: m.TimeUnit})
	return nil
}

// topShare is what the best part brings of the whole.
func topShare(values []float64, part float64) float64 {
	slices.Sort(values)
	all, best := 0.0, 0.0
	for i, v := range values {
		all += v
		if float64(i) >= (1-part)*float64(len(values)) {
			best += v
		}
	}
	if all == 0 {
		return 0
	}
	return best / all
}

// write puts a row for each customer.
func (m *minedCLV) write(w io.Writer) error {
	out := csv.NewWriter(w)
	_ = out.Write([]string{"customer", "x", "t_x", "t", "alive", "expected", "spend", "value", "next_time", "residual", "actual_x"}) // reported by Error
	f := func(v float64) string { return strconv.FormatFloat(v, 'g', 10, 64) }
	for _, p := range m.Predictions {
		_ = out.Write([]string{p.Customer, f(p.X), f(p.Tx), f(p.T), f(p.Alive), f(p.Expected), f(p.Spend), f(p.Value), f(p.Next), f(p.Residual), f(p.Held)})
	}
	out.Flush()
	return out.Error()
}
