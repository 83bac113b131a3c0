// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"context"
	"database/sql"
	"fmt"

	"dangol/internal/platform/database"
)

// sortColumn is a column whose order an index serves.
type sortColumn struct {
	column   string
	isNumber bool
	canLack  bool // may have no value
}

// sortColumns are the sorts that an index of the system of record serves, by their name in the API.
var sortColumns = map[string]sortColumn{
	"id":         {column: "id", isNumber: true},
	"full_name":  {column: "name_key", canLack: true},
	"created_at": {column: "created_at", isNumber: true},
	"updated_at": {column: "updated_at", isNumber: true},
}

// sampleOrder reads every anchorStep-th visible customer in the order of an indexed column.
func (s *Store) sampleOrder(ctx context.Context, name string) (*sample, error) {
	c, ok := sortColumns[name]
	if !ok {
		return nil, fmt.Errorf("no index serves the order of %s", name)
	}
	var taken sample
	condition := "hidden = 0"
	if c.canLack {
		condition += " AND " + c.column + " IS NOT NULL"
		row := s.db.QueryRow(ctx, "SELECT COUNT(*) FROM customers WHERE hidden = 0 AND "+c.column+" IS NULL")
		if err := row.Scan(&taken.empty); err != nil {
			return nil, fmt.Errorf("count customers without %s: %w", name, database.Fault(err))
		}
	}
	row := s.db.QueryRow(ctx, "SELECT COUNT(*) FROM customers WHERE "+condition)
	if err := row.Scan(&taken.total); err != nil {
		return nil, fmt.Errorf("count customers: %w", database.Fault(err))
	}
	var err error
	if taken.points, err = s.samplePart(ctx, c, c.column, condition); err != nil {
		return nil, err
	}
	if taken.empty > 0 {
		taken.blanks, err = s.samplePart(ctx, sortColumn{column: "id", isNumber: true}, "id", "hidden = 0 AND "+c.column+" IS NULL")
	}
	return &taken, err
}

func (s *Store) samplePart(ctx context.Context, c sortColumn, order, condition string) ([]Anchor, error) {
	by := order + ", id"
	if order == "id" {
		by = "id"
	}
	points, err := database.List(ctx, s.db, func(rows *sql.Rows) (Anchor, error) { return scanAnchor(rows, c) },
		"SELECT v, id FROM (SELECT "+order+" AS v, id, ROW_NUMBER() OVER (ORDER BY "+by+") AS n FROM customers WHERE "+
			condition+") t WHERE (n - 1) % ? = 0 ORDER BY n", anchorStep)
	if err != nil {
		return nil, fmt.Errorf("sample the order of %s: %w", order, err)
	}
	return points, nil
}

func scanAnchor(rows *sql.Rows, c sortColumn) (Anchor, error) {
	var a Anchor
	if c.isNumber {
		var n int64
		err := rows.Scan(&n, &a.ID)
		a.Value = n
		return a, err
	}
	var text string
	err := rows.Scan(&text, &a.ID)
	a.Value = text
	return a, err
}

// pageBy reads one row more than the limit along an index: from a row (inclusive after a jump), with
// skip rows left out; inEmpty reads among the rows without a value, which come last.
func (s *Store) pageBy(ctx context.Context, at place, from *Anchor, inclusive, inEmpty bool, skip int64) ([]*Customer, error) {
	c := sortColumns[at.sort]
	want := at.limit + 1
	var rows []*Customer
	if !inEmpty {
		part, err := s.pageWith(ctx, c, at, from, inclusive, skip, want)
		if err != nil {
			return nil, err
		}
		rows, from, inclusive, skip = part, nil, false, 0
	}
	if !c.canLack || len(rows) >= want {
		return rows, nil
	}
	part, err := s.pageWithout(ctx, c, from, inclusive, skip, want-len(rows))
	return append(rows, part...), err
}

func (s *Store) pageWith(ctx context.Context, c sortColumn, at place, from *Anchor, inclusive bool, skip int64, want int) ([]*Customer, error) {
	direction, operator := "", ">"
	if at.desc {
		direction, operator = " DESC", "<"
	}
	if inclusive {
		operator += "="
	}
	query := "SELECT " + customerSelect + " FROM customers c WHERE c.hidden = 0"
	var args []any
	if c.canLack {
		query += " AND c." + c.column + " IS NOT NULL"
	}
	switch {
	case from != nil && c.column == "id":
		query += " AND c.id " + operator + " ?"
		args = append(args, from.ID)
	case from != nil:
		query += " AND (c." + c.column + ", c.id) " + operator + " (?, ?)"
		args = append(args, from.Value, from.ID)
	}
	if c.column == "id" {
		query += " ORDER BY c.id" + direction
	} else {
		query += " ORDER BY c." + c.column + direction + ", c.id" + direction
	}
	rows, err := database.List(ctx, s.db, scanCustomer, query+" LIMIT ? OFFSET ?", append(args, want, skip)...)
	if err != nil {
		return nil, fmt.Errorf("list customers by %s: %w", c.column, err)
	}
	return rows, nil
}

func (s *Store) pageWithout(ctx context.Context, c sortColumn, from *Anchor, inclusive bool, skip int64, want int) ([]*Customer, error) {
	query := "SELECT " + customerSelect + " FROM customers c WHERE c.hidden = 0 AND c." + c.column + " IS NULL"
	var args []any
	if from != nil {
		operator := ">"
		if inclusive {
			operator = ">="
		}
		query += " AND c.id " + operator + " ?"
		args = append(args, from.ID)
	}
	rows, err := database.List(ctx, s.db, scanCustomer, query+" ORDER BY c.id LIMIT ? OFFSET ?", append(args, want, skip)...)
	if err != nil {
		return nil, fmt.Errorf("list customers without %s: %w", c.column, err)
	}
	return rows, nil
}

// scanVisible reads visible customers within the person's scope.
func (s *Store) scanVisible(ctx context.Context, limit int) ([]*Customer, error) {
	scope, args := scopeOf(ctx)
	rows, err := database.List(ctx, s.db, scanCustomer, "SELECT "+customerSelect+
		" FROM customers c WHERE c.hidden = 0 AND "+scope+" LIMIT ?", append(args, limit)...)
	if err != nil {
		return nil, fmt.Errorf("scan customers: %w", err)
	}
	return rows, nil
}
