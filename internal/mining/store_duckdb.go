// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"context"
	"database/sql"
	"math"
)

// readBoxes asks for the boxes and the limits beside them.
func (s *Service) readBoxes(ctx context.Context, out *RFM) error {
	condition, args := scope(ctx)
	rows, err := s.warehouse.Query(ctx, out.Settings.boxesSQL(condition), append(out.Settings.buyersArgs(), args...)...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	var limits [15]sql.NullFloat64
	for rows.Next() {
		var b Box
		var days, count int64
		dest := []any{&b.R, &b.F, &b.M, &b.Customers, &b.Revenue, &days, &count}
		for i := range limits {
			dest = append(dest, &limits[i])
		}
		if err := rows.Scan(dest...); err != nil {
			return err
		}
		out.Boxes = append(out.Boxes, b)
		out.Buyers += b.Customers
		out.Revenue += b.Revenue
		out.Sums.Recency += days
		out.Sums.Frequency += count
		out.Sums.Monetary += b.Revenue
	}
	// Interpolation leaves dust behind the decimals that anybody needs.
	at := func(i int) float64 { return math.Round(limits[i].Float64*1e6) / 1e6 }
	four := func(from int) []float64 { return []float64{at(from), at(from + 1), at(from + 3), at(from + 4)} }
	out.Limits = Cuts{four(0), four(5), four(10)}
	out.Sums.MedianR, out.Sums.MedianF, out.Sums.MedianM = at(2), at(7), at(12)
	return rows.Err()
}

func (s *Service) countCustomers(ctx context.Context) (int64, error) {
	condition, args := scope(ctx)
	return s.number(ctx, "SELECT count(*) FROM "+customersTable+" c WHERE "+condition, args...)
}

func (s *Service) countScores(ctx context.Context) (int64, error) {
	return s.number(ctx, "SELECT count(*) FROM "+ScoresTable)
}

func (s *Service) number(ctx context.Context, query string, args ...any) (n int64, err error) {
	rows, err := s.warehouse.Query(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := rows.Scan(&n); err != nil {
			return 0, err
		}
	}
	return n, rows.Err()
}

// readParts asks for the hundredths of the Pareto curve.
func (s *Service) readParts(ctx context.Context, settings ParetoSettings) ([]part, error) {
	condition, args := scope(ctx)
	rows, err := s.warehouse.Query(ctx, settings.curveSQL(condition), append(settings.contributionArgs(), args...)...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var list []part
	for rows.Next() {
		var p part
		var n int64
		if err := rows.Scan(&p.number, &p.customers, &p.value, &p.least, &p.most, &p.ranked, &p.weighted, &n); err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, rows.Err()
}
