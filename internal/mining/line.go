// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"context"
	"fmt"
	"slices"
)

// Line is a business line: the purchases with one value of a dimension.
type Line struct {
	By    string `json:"by" enum:"department,category,brand,channel,store" doc:"what parts the business into lines"`
	Value string `json:"value"`
}

// lineColumns are what can part a business into lines; those of products part orders too.
var lineColumns = []string{"department", "category", "brand", "channel", "store"}

func (l *Line) check() error {
	if l == nil {
		return nil
	}
	if err := checkBy(l.By); err != nil {
		return err
	}
	if l.Value == "" {
		return bad("line.value", "the name of a business line")
	}
	return nil
}

func checkBy(by string) error {
	if !slices.Contains(lineColumns, by) {
		return bad("by", "department, category, brand, channel or store")
	}
	return nil
}

// isOfOrders says that whole orders belong to a line, and not single lines of them.
func (l *Line) isOfOrders() bool { return l == nil || l.By == "channel" || l.By == "store" }

// whereSQL is the condition on order lines l; its parameter is the value.
func (l *Line) whereSQL() string {
	switch {
	case l == nil:
		return ""
	case l.isOfOrders():
		return " AND l." + l.By + " = ?"
	}
	return " AND l.product_id IN (SELECT p.id FROM products p WHERE p." + l.By + " = ?)"
}

func (l *Line) args() []any {
	if l == nil {
		return nil
	}
	return []any{l.Value}
}

// LineSize is a business line with what it sold.
type LineSize struct {
	Value   string `json:"value"`
	Buyers  int64  `json:"buyers"`
	Revenue int64  `json:"revenue"`
}

// mostLines is how many business lines are compared, the largest first.
const mostLines = 12

// ListLines returns the largest business lines by one dimension.
func (s *Service) ListLines(ctx context.Context, by string) ([]LineSize, error) {
	if err := permit(ctx); err != nil {
		return nil, err
	}
	if err := checkBy(by); err != nil {
		return nil, err
	}
	condition, args := scope(ctx)
	column, join := "l."+by, ""
	if !(&Line{By: by}).isOfOrders() {
		column, join = "p."+by, " JOIN products p ON p.id = l.product_id"
	}
	rows, err := s.warehouse.Query(ctx, "SELECT "+column+" AS v, count(DISTINCT l.customer_id) FILTER (WHERE l.counts = 2), CAST(sum(l.amount) AS BIGINT) AS m FROM "+linesTable+" l"+join+
		" WHERE l.counts > 0 AND l.currency = ? AND "+column+" <> '' AND l.customer_id IN (SELECT c.id FROM "+customersTable+" c WHERE "+condition+
		") GROUP BY 1 ORDER BY m DESC, v LIMIT "+fmt.Sprint(mostLines), append([]any{s.currency}, args...)...)
	if err != nil {
		return nil, fmt.Errorf("list business lines: %w", err)
	}
	defer func() { _ = rows.Close() }()
	list := []LineSize{}
	for rows.Next() {
		var one LineSize
		if err := rows.Scan(&one.Value, &one.Buyers, &one.Revenue); err != nil {
			return nil, err
		}
		list = append(list, one)
	}
	return list, rows.Err()
}
