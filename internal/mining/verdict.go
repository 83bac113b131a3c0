// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"dangol/internal/mining/value"
)

// VerdictSettings ask whether customer relations pay in each business line.
type VerdictSettings struct {
	By string `json:"by,omitempty" enum:"department,category,brand,channel,store,"`
	// Cost is that of the programme, a customer and year, in minor units.
	Cost     int64   `json:"cost,omitempty"`
	Points   float64 `json:"points,omitempty" doc:"by how much more are kept; 0.05 by default"`
	Discount float64 `json:"discount_year,omitempty" doc:"0.1 by default"`
	// Margin is used where products have no cost; 0.3 by default.
	Margin float64 `json:"margin,omitempty"`
}

const (
	usualPoints       = 0.05
	usualYearDiscount = 0.1
	usualMargin       = 0.3
)

func (v *VerdictSettings) fill() error {
	if v.By != "" {
		if err := checkBy(v.By); err != nil {
			return err
		}
	}
	for _, one := range []struct {
		into  *float64
		usual float64
		name  string
	}{{&v.Points, usualPoints, "points"}, {&v.Discount, usualYearDiscount, "discount_year"}, {&v.Margin, usualMargin, "margin"}} {
		if *one.into == 0 {
			*one.into = one.usual
		}
		if !(*one.into > 0 && *one.into <= 1) {
			return bad(one.name, "above 0 and at most 1")
		}
	}
	if v.Cost < 0 {
		return bad("cost", "0 or more")
	}
	return nil
}

// LineVerdict is the verdict on one business line; "" is the whole business.
type LineVerdict struct {
	Value string `json:"value"`
	value.Business
	// IsCosted says that the margin is of the products' costs, and not assumed.
	IsCosted bool          `json:"is_costed"`
	Verdict  value.Verdict `json:"verdict"`
}

// Verdicts are those of all lines, the whole business first.
type Verdicts struct {
	Settings VerdictSettings `json:"settings"`
	Currency string          `json:"currency"`
	Until    string          `json:"until"`
	Lines    []LineVerdict   `json:"lines"`
}

// verdictSQL sums up the last two years of one line before a day.
func verdictSQL(line *Line, scope, day string) string {
	return "WITH y AS MATERIALIZED (SELECT l.customer_id AS id, CAST(coalesce(sum(l.amount) FILTER (WHERE recent), 0) AS DOUBLE) AS m, count(DISTINCT l.order_id) FILTER (WHERE recent AND l.counts = 2) AS n, " +
		"coalesce(bool_or(NOT recent AND l.counts = 2), false) AS before, CAST(coalesce(sum(l.margin) FILTER (WHERE recent), 0) AS DOUBLE) AS margin, " +
		"CAST(coalesce(sum(l.costed) FILTER (WHERE recent), 0) AS DOUBLE) AS costed FROM (SELECT l.*, l.ordered_at >= DATE '" + day + "' - 365 AS recent FROM " + linesTable +
		" l WHERE l.counts > 0 AND l.currency = ? AND l.ordered_at < DATE '" + day + "' AND l.ordered_at >= DATE '" + day + "' - 730" + line.whereSQL() + ") l GROUP BY 1), " +
		"b AS (SELECT y.*, c.has_email OR c.has_mobile OR c.has_phone OR c.has_address AS reach, row_number() OVER (ORDER BY CASE WHEN y.n > 0 THEN y.m END DESC NULLS LAST) AS rk, count(*) FILTER (WHERE y.n > 0) OVER () AS buyers " +
		"FROM y JOIN " + customersTable + " c ON c.id = y.id WHERE " + scope + ") " +
		"SELECT count(*) FILTER (WHERE n > 0), coalesce(sum(m) FILTER (WHERE n > 0), 0), CAST(coalesce(sum(n), 0) AS BIGINT), count(*) FILTER (WHERE before), count(*) FILTER (WHERE before AND n > 0), " +
		"count(*) FILTER (WHERE n > 0 AND reach), count(*) FILTER (WHERE n > 0 AND id IN (SELECT CAST(unnest(string_split(?, ' ')) AS BIGINT))), " +
		"coalesce(sum(m) FILTER (WHERE n > 0 AND rk * 5 <= buyers), 0), coalesce(sum(margin), 0), coalesce(sum(costed), 0) FROM b"
}

// Verdicts tells for each business line whether customer relations pay.
func (s *Service) Verdicts(ctx context.Context, settings VerdictSettings) (*Verdicts, error) {
	if err := permit(ctx); err != nil {
		return nil, err
	}
	if err := settings.fill(); err != nil {
		return nil, err
	}
	lines := LineSettings{By: settings.By}
	sizes, err := s.linesOf(ctx, &lines)
	if err != nil {
		return nil, err
	}
	settings.By = lines.By
	day, err := s.scoreDay(ctx, "")
	if err != nil {
		return nil, err
	}
	introduced := []string{"-1"} // an empty list has no number
	if s.introducers != nil {
		by, err := s.introducers.IntroducerOf(ctx)
		if err != nil {
			return nil, err
		}
		for id := range by {
			introduced = append(introduced, strconv.FormatInt(id, 10))
		}
	}
	out := &Verdicts{Settings: settings, Currency: s.currency, Until: day.AddDate(0, 0, -1).Format(isoDate), Lines: []LineVerdict{}}
	asked := []*Line{nil}
	for _, size := range sizes {
		asked = append(asked, &Line{By: lines.By, Value: size.Value})
	}
	for _, line := range asked {
		one, err := s.verdictOf(ctx, line, settings, day.Format(isoDate), strings.Join(introduced, " "))
		if err != nil {
			return nil, fmt.Errorf("judge business lines: %w", err)
		}
		out.Lines = append(out.Lines, *one)
	}
	return out, nil
}

func (s *Service) verdictOf(ctx context.Context, line *Line, settings VerdictSettings, day, introduced string) (*LineVerdict, error) {
	condition, args := scope(ctx)
	all := append(append([]any{s.currency}, line.args()...), args...)
	rows, err := s.warehouse.Query(ctx, verdictSQL(line, condition, day), append(all, introduced)...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	out := &LineVerdict{}
	if line != nil {
		out.Value = line.Value
	}
	for rows.Next() {
		var top, margin, costed float64
		if err := rows.Scan(&out.Buyers, &out.Revenue, &out.Orders, &out.Before, &out.Kept, &out.Reachable, &out.Introduced, &top, &margin, &costed); err != nil {
			return nil, err
		}
		if out.Revenue > 0 {
			out.Top = top / out.Revenue
		}
		out.Margin, out.IsCosted = settings.Margin, costed > 0
		if out.IsCosted {
			out.Margin = max(0, margin/costed)
		}
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	out.Verdict = out.Judge(value.Programme{Cost: float64(settings.Cost), Points: settings.Points, Discount: settings.Discount})
	return out, nil
}
