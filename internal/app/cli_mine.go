// SPDX-License-Identifier: Apache-2.0

package app

import (
	"fmt"
	"io"
	"maps"
	"slices"

	"dangol/internal/mining/report"
)

// mineCommand groups the models that work on a file, without a server or a
// data directory.
type mineCommand struct {
	RFM      mineRFMCommand      `cmd:"" name:"rfm" help:"Recency, frequency and money of each customer, with scores and groups."`
	CLV      mineCLVCommand      `cmd:"" name:"clv" help:"Who still buys, how often, and what each customer is worth."`
	Forecast mineForecastCommand `cmd:"" help:"Continue a series: ETS, Theta, ARIMA and their median, with intervals that hold."`
	Chaos    mineChaosCommand    `cmd:"" help:"Whether a series is noise, linear, or shows low-dimensional chaos."`

	Itemsets mineItemsetsCommand `cmd:"" help:"What is bought together: frequent, closed or maximal sets of items."`
	Rules    mineRulesCommand    `cmd:"" help:"Who buys this also buys that: association rules with their measures."`
	Profile  mineProfileCommand  `cmd:"" help:"Who are they: combinations of attributes that are over-represented."`
	Cluster  mineClusterCommand  `cmd:"" help:"Groups of customers who are alike, with portraits."`
	Uplift   mineUpliftCommand   `cmd:"" help:"Whom a campaign changes, by its control group."`
	Score    mineScoreCommand    `cmd:"" help:"Score a file with a saved model, and see drift."`
	Predict  minePredictCommand  `cmd:"" help:"Who will say yes: learn from a column, test, explain."`
	Model    mineModelCommand    `cmd:"" help:"Models of predictions in use: list, export, import, score anew."`
}

// mineFlags are what every model takes.
type mineFlags struct {
	HTML string `help:"Also write a report with pictures to this file." name:"html" placeholder:"FILE" type:"path"`
	Lang string `help:"Language of report and text." enum:"ko,en" default:"ko"`
}

// mined prints the result of a model and writes its report: value is what
// --json prints, page what people see.
func (s *session) mined(flags mineFlags, value any, page *report.Page) error {
	if flags.HTML != "" {
		if err := createFile(flags.HTML, func(w io.Writer) error { return page.HTML(w) }); err != nil {
			return err
		}
		s.say("%s", fmt.Sprintf("report: %s", flags.HTML))
	}
	return s.print(value, page.Text())
}

// sortedNames are the keys of a map in order.
func sortedNames(m map[string]float64) []string { return slices.Sorted(maps.Keys(m)) }
