// SPDX-License-Identifier: Apache-2.0

package mining

import "time"

// ParetoSettings say whose share of what is asked.
type ParetoSettings struct {
	// Measure is revenue, orders or quantity.
	Measure string `json:"measure,omitempty" enum:"revenue,orders,quantity,"`
	// From and To limit the purchases, ISO dates; empty is everything.
	From     string `json:"from,omitempty"`
	To       string `json:"to,omitempty"`
	Currency string `json:"currency,omitempty"`
	// Line limits the purchases to one business line.
	Line *Line `json:"line,omitempty"`
}

// fill completes and checks settings.
func (s *ParetoSettings) fill(currency string) error {
	if s.Measure == "" {
		s.Measure = "revenue"
	}
	if s.Measure != "revenue" && s.Measure != "orders" && s.Measure != "quantity" {
		return bad("measure", "revenue, orders or quantity")
	}
	for field, day := range map[string]string{"from": s.From, "to": s.To} {
		if at, err := time.Parse(isoDate, day); day != "" && (err != nil || at.Year() < 1000 || at.Year() > 9998) {
			return bad(field, "a date like 2026-11-21")
		}
	}
	if err := s.Line.check(); err != nil {
		return err
	}
	if s.Currency == "" && s.Measure == "revenue" {
		s.Currency = currency
	}
	return nil
}

// Pareto is how unevenly customers contribute.
type Pareto struct {
	Settings ParetoSettings `json:"settings"`
	Buyers   int64          `json:"buyers"`
	Total    int64          `json:"total"`
	Currency string         `json:"currency,omitempty"`
	// Curve has up to 101 points: the best share of customers, and the share
	// of the total that they bring.
	Curve []Point `json:"curve"`
	// Deciles are tenths of the customers, best first.
	Deciles []Decile `json:"deciles"`
	// Top are the shares of the best 10, 20 and 30 % (P-GRD: as they are, not
	// as the rule of thumb has them).
	Top map[string]float64 `json:"top"`
	// CustomersFor80 is the share of customers that brings 80 % of the total.
	CustomersFor80 float64 `json:"customers_for_80"`
	// Gini is 0 when all contribute alike, near 1 when one brings everything.
	Gini    float64 `json:"gini"`
	Loss    Loss    `json:"loss"`
	AsOf    AsOf    `json:"as_of"`
	Explain Explain `json:"explain" doc:"which engine answered"`
}

// Point is a point of the Pareto curve.
type Point struct {
	Customers float64 `json:"customers"`
	Share     float64 `json:"share"`
}

// Decile is a tenth of the customers.
type Decile struct {
	Decile    int     `json:"decile"`
	Customers int64   `json:"customers"`
	Value     int64   `json:"value"`
	Share     float64 `json:"share"`
	Least     int64   `json:"least"`
	Most      int64   `json:"most"`
}
