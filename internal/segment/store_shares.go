// SPDX-License-Identifier: Apache-2.0

package segment

import (
	"context"
	"fmt"
	"strings"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/warehouse"
	"dangol/internal/platform/warehouse/condition"
)

// overlapInDuckDB counts customers by which of the programs they answer.
func (s *Service) overlapInDuckDB(ctx context.Context, programs []*Program) ([]int64, error) {
	q := &statement{}
	q.add("SELECT m, count(*) FROM (SELECT ")
	key := programs[0].id()
	for i, p := range programs {
		if i > 0 {
			q.add(" + ")
		}
		q.add(fmt.Sprintf("CASE WHEN %s IN (", key))
		p.begin(ctx, q, p.id())
		q.add(fmt.Sprintf(") THEN %d ELSE 0 END", 1<<i))
	}
	q.add(" AS m FROM " + quote(programs[0].Reads[0].Table) + " " + customerAlias)
	if !auth.ScopeOf(ctx).All {
		scope, args := auth.ScopeSQL(ctx, customerAlias)
		q.add(" WHERE "+scope, args...)
	}
	q.add(") t GROUP BY 1")
	rows, err := s.reader.Query(ctx, q.String(), q.args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	counts := make([]int64, 1<<len(programs))
	for rows.Next() {
		var place, n int64
		if err := rows.Scan(&place, &n); err != nil {
			return nil, err
		}
		counts[place] = n
	}
	return counts, rows.Err()
}

// sharesInDuckDB counts the values of one attribute among all customers, and
// among those who answer the program.
func (s *Service) sharesInDuckDB(ctx context.Context, p *Program, a attribute, today time.Time) ([]share, error) {
	q := &statement{}
	q.add("WITH m AS MATERIALIZED (")
	p.begin(ctx, q, p.id()+" AS id")
	key, from := quote(p.Reads[0].Key), quote(p.Reads[0].Table)+" c"
	column := "c." + quote(a.dim.Column)
	if a.cube.Profile {
		from += " LEFT JOIN " + quote(a.cube.Table) + " p ON p." + quote(a.cube.Customer) + " = c." + key
		column = "p." + quote(a.dim.Column)
	}
	value := column
	if len(a.dim.Bands) > 0 {
		value = bandSQL(a.dim, column, today)
	}
	q.add(") SELECT v, count(*), count(m) FROM (SELECT " + value + " AS v, m.id AS m FROM " + from + " LEFT JOIN m ON m.id = c." + key)
	if !auth.ScopeOf(ctx).All {
		scope, args := auth.ScopeSQL(ctx, "c")
		q.add(" WHERE "+scope, args...)
	}
	q.add(") t GROUP BY 1")
	rows, err := s.reader.Query(ctx, q.String(), q.args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	list := []share{}
	for rows.Next() {
		var one share
		if err := rows.Scan(&one.value, &one.all, &one.some); err != nil {
			return nil, err
		}
		if n, ok := one.value.(int32); ok {
			one.value = int64(n)
		}
		list = append(list, one)
	}
	return labelled(&a, list), rows.Err()
}

// bandSQL is the place of the band of a value.
func bandSQL(d *warehouse.Dimension, column string, today time.Time) string {
	out := "CASE"
	for i, b := range d.Bands {
		low, high := fmt.Sprintf("%s >= %d", column, b.From), fmt.Sprintf("%s < %d", column, b.To)
		if d.Unit == warehouse.UnitAge { // who is older was born earlier
			born := func(years int64) string { return condition.LatestBirth(today, years).Format("2006-01-02") }
			low, high = column+" <= DATE '"+born(b.From)+"'", column+" > DATE '"+born(b.To)+"'"
		}
		if b.To != 0 {
			low += " AND " + high
		}
		out += fmt.Sprintf(" WHEN %s THEN CAST(%d AS BIGINT)", low, i)
	}
	return out + " END"
}

// holdersOfValue finds the customers who have one of the values in a field, by
// value as given.
func (s *Service) holdersOfValue(ctx context.Context, a attribute, values []string) (map[string][]int64, error) {
	kept := make(map[string][]string, len(values)) // by what the column keeps
	var list strings.Builder
	for _, value := range values {
		column := value
		if a.dim.Read != nil {
			column = a.dim.Read(value)
		}
		if column == "" || strings.ContainsAny(column, "\n\r") {
			continue
		}
		if kept[column] == nil {
			list.WriteString(column + "\n")
		}
		kept[column] = append(kept[column], value)
	}
	name := quote(a.dim.Column)
	rows, err := s.reader.Query(ctx, "SELECT CAST("+name+" AS VARCHAR), "+quote(a.cube.Customer)+" FROM "+quote(a.cube.Table)+
		" WHERE CAST("+name+" AS VARCHAR) IN (SELECT unnest(string_split(?, chr(10))))", strings.TrimSuffix(list.String(), "\n"))
	if err != nil {
		return nil, fmt.Errorf("look up keys: %w", err)
	}
	defer func() { _ = rows.Close() }()
	found := make(map[string][]int64, len(values))
	for rows.Next() {
		var column string
		var id int64
		if err := rows.Scan(&column, &id); err != nil {
			return nil, fmt.Errorf("look up keys: %w", err)
		}
		for _, value := range kept[column] {
			found[value] = append(found[value], id)
		}
	}
	return found, rows.Err()
}
