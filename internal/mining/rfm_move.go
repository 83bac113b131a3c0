// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"context"
	"fmt"
	"time"
)

// MovementSettings compare the scores of two days, by the same settings.
type MovementSettings struct {
	RFMSettings
	// Before is the earlier day, ISO; empty is three months before At.
	Before string `json:"before,omitempty" doc:"the earlier day; empty is three months before"`
}

// Movement is how customers moved between RFM groups.
type Movement struct {
	Settings MovementSettings `json:"settings"`
	Before   string           `json:"before"`
	After    string           `json:"after"`
	Currency string           `json:"currency"`
	// Names are the groups, best first; the last row and column of Customers and
	// Revenue are those who bought nothing in the period.
	Names     []NamedGroup `json:"names"`
	Customers [][]int64    `json:"customers"`
	Revenue   [][]int64    `json:"revenue" doc:"of the later period"`
	// Up, Down and Same count those with scores on both days by their weighted score.
	Up      int64   `json:"up"`
	Down    int64   `json:"down"`
	Same    int64   `json:"same"`
	Came    int64   `json:"came" doc:"scored only on the later day"`
	Left    int64   `json:"left" doc:"scored only on the earlier day"`
	AsOf    AsOf    `json:"as_of"`
	Explain Explain `json:"explain"`
}

const usualMonthsBefore = 3

func (m *MovementSettings) fill(today time.Time, currency string) error {
	if err := m.RFMSettings.fill(today, currency); err != nil {
		return err
	}
	at, _ := time.Parse(isoDate, m.At) // checked by fill
	if m.Before == "" {
		m.Before = at.AddDate(0, -usualMonthsBefore, 0).Format(isoDate)
	}
	before, err := time.Parse(isoDate, m.Before)
	if err != nil || before.Year() < 1000 || !before.Before(at) {
		return bad("before", "a date before the reference date")
	}
	return nil
}

// movementSQL counts customers by their groups on both days; ” is no score.
func (m *MovementSettings) movementSQL(scope string) string {
	earlier, w := m.RFMSettings, m.Weights
	earlier.At = m.Before
	one := func(s *RFMSettings) string {
		return "(WITH " + s.scoredSQL(scope) + " SELECT id, m, " + groupSQL() + " AS g, " + fmt.Sprintf("round(%g * rs + %g * fs + %g * ms, 6)", w.R, w.F, w.M) + " AS score FROM scored)"
	}
	return "WITH a AS MATERIALIZED " + one(&earlier) + ", b AS MATERIALIZED " + one(&m.RFMSettings) +
		" SELECT coalesce(a.g, ''), coalesce(b.g, ''), coalesce(CAST(sign(b.score - a.score) AS INTEGER), 0), count(*), CAST(coalesce(sum(b.m), 0) AS BIGINT) " +
		"FROM a FULL JOIN b ON b.id = a.id GROUP BY 1, 2, 3"
}

// RFMMovement compares the groups of two days.
func (s *Service) RFMMovement(ctx context.Context, settings MovementSettings) (*Movement, error) {
	if err := permit(ctx); err != nil {
		return nil, err
	}
	if err := settings.fill(s.today(), s.currency); err != nil {
		return nil, err
	}
	position := s.warehouse.Position()
	out := &Movement{
		Settings: settings, Before: settings.Before, After: settings.At, Currency: settings.Currency, Names: Groups(),
		AsOf: AsOf{position.Seq, position.At}, Explain: Explain{Engine: "duckdb", Why: "two days are compared"},
	}
	condition, args := scope(ctx)
	one := append(settings.buyersArgs(), args...)
	rows, err := s.warehouse.Query(ctx, settings.movementSQL(condition), append(one, one...)...)
	if err != nil {
		return nil, fmt.Errorf("compare scores: %w", err)
	}
	defer func() { _ = rows.Close() }()
	number := map[string]int{"": len(out.Names)}
	for i, g := range out.Names {
		number[g.Name] = i
	}
	for range len(out.Names) + 1 {
		out.Customers = append(out.Customers, make([]int64, len(out.Names)+1))
		out.Revenue = append(out.Revenue, make([]int64, len(out.Names)+1))
	}
	for rows.Next() {
		var from, to string
		var way int
		var customers, revenue int64
		if err := rows.Scan(&from, &to, &way, &customers, &revenue); err != nil {
			return nil, err
		}
		out.Customers[number[from]][number[to]] += customers
		out.Revenue[number[from]][number[to]] += revenue
		out.count(from, to, way, customers)
	}
	return out, rows.Err()
}

func (m *Movement) count(from, to string, way int, customers int64) {
	switch {
	case from == "":
		m.Came += customers
	case to == "":
		m.Left += customers
	case way > 0:
		m.Up += customers
	case way < 0:
		m.Down += customers
	default:
		m.Same += customers
	}
}
