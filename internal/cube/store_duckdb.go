// SPDX-License-Identifier: Apache-2.0

package cube

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"dangol/internal/platform/warehouse"
)

func (s *Service) readCurrencies(ctx context.Context, table, columnName string) ([]currencyCount, error) {
	rows, err := s.reader.Query(ctx, "SELECT "+quote(columnName)+", count(*) AS n FROM "+quote(table)+
		" WHERE "+quote(columnName)+" IS NOT NULL GROUP BY 1 ORDER BY n DESC, 1")
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var list []currencyCount
	for rows.Next() {
		var c currencyCount
		if err := rows.Scan(&c.currency, &c.rows); err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return list, rows.Err()
}

// namesPerQuery bounds one look-up of names.
const namesPerQuery = 5_000

func (s *Service) names(ctx context.Context, d *dimension, set map[int64]struct{}) ([]warehouse.Value, error) {
	ids := make([]int64, 0, len(set))
	for id := range set {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	list := make([]warehouse.Value, 0, len(ids))
	for part := range slices.Chunk(ids, namesPerQuery) {
		marks := make([]string, len(part))
		for i, id := range part {
			marks[i] = strconv.FormatInt(id, 10)
		}
		rows, err := s.reader.Query(ctx, "SELECT "+quote(d.cube.Key)+", COALESCE("+quote(d.Display)+", '') FROM "+quote(d.cube.Table)+
			" WHERE "+quote(d.cube.Key)+" IN ("+strings.Join(marks, ", ")+")")
		if err != nil {
			return nil, err
		}
		if list, err = readNames(rows, list); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func readNames(rows warehouse.Rows, list []warehouse.Value) ([]warehouse.Value, error) {
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var id int64
		var name string
		if err := rows.Scan(&id, &name); err != nil {
			return nil, err
		}
		list = append(list, warehouse.Value{Value: strconv.FormatInt(id, 10), Label: warehouse.Text{Ko: name, En: name}})
	}
	return list, rows.Err()
}

func (s *Service) countPeople(ctx context.Context, p *plan, measure *warehouse.Measure) (int64, error) {
	query, args := p.peopleSQL(measure)
	rows, err := s.reader.Query(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	defer func() { _ = rows.Close() }()
	var n int64
	for rows.Next() {
		if err := rows.Scan(&n); err != nil {
			return 0, err
		}
	}
	return n, rows.Err()
}
