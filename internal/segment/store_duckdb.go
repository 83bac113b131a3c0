// SPDX-License-Identifier: Apache-2.0

package segment

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/warehouse"
	"dangol/internal/platform/warehouse/image"
)

// begin writes the customers who answer the program inside the scope of whoever
// acts in ctx, up to and with the condition.
func (p *Program) begin(ctx context.Context, s *statement, columns string) {
	s.add("SELECT " + columns + " FROM ")
	p.from(s)
	s.add(" WHERE ")
	if !auth.ScopeOf(ctx).All {
		scope, args := auth.ScopeSQL(ctx, customerAlias)
		s.add(scope+" AND ", args...)
	}
	p.where(s)
}

func (p *Program) id() string { return customerAlias + "." + quote(p.Reads[0].Key) }

// count counts the members.
func (s *Service) count(ctx context.Context, p *Program) (int64, error) {
	c, err := s.countExplained(ctx, p, image.Want{}, nil)
	return c.n, err
}

// counted is what a count found.
type counted struct {
	n       int64
	sample  []int64
	sum     int64
	asOf    AsOf
	explain Explain
}

// countExplained counts in the image, or in DuckDB when the image cannot.
// money, when given, is the deed that adds up what the members bought.
func (s *Service) countExplained(ctx context.Context, p *Program, want image.Want, money *Program) (counted, error) {
	if money != nil {
		want.Sum = money.Rule().Deed
	}
	found, asOf, e, ok := s.ask(ctx, p, want)
	if ok {
		return counted{found.Count, found.Sample, found.Sum, asOf, e}, nil
	}
	if ctx.Err() != nil {
		return counted{}, context.Cause(ctx)
	}
	position := s.reader.Position()
	out := counted{asOf: AsOf{position.Seq, position.At}, explain: e}
	var err error
	if out.n, out.sample, err = s.countInDuckDB(ctx, p, want.Sample); err == nil && money != nil {
		out.sum, err = s.sumInDuckDB(ctx, p, money)
	}
	return out, err
}

// sumInDuckDB adds up the rows of a deed for those who answer a program.
func (s *Service) sumInDuckDB(ctx context.Context, p, money *Program) (int64, error) {
	d := money.root.deed
	q := &statement{}
	q.add("SELECT CAST(COALESCE(sum(" + d.by() + "), 0) AS BIGINT)")
	d.renderRows(q, money)
	q.add(" AND " + d.key(money) + " IN (")
	p.begin(ctx, q, p.id())
	q.add(")")
	list, err := s.ids(ctx, q)
	if err != nil || len(list) != 1 {
		return 0, err
	}
	return list[0], nil
}

func (s *Service) countInDuckDB(ctx context.Context, p *Program, faces int) (int64, []int64, error) {
	q := &statement{}
	if faces == 0 {
		p.begin(ctx, q, "count(*), NULL")
	} else {
		q.add("WITH members AS MATERIALIZED (")
		p.begin(ctx, q, p.id()+" AS id")
		q.add(fmt.Sprintf(") SELECT (SELECT count(*) FROM members), id FROM (SELECT id FROM members ORDER BY hash(id) LIMIT %d) t"+
			" UNION ALL SELECT count(*), NULL FROM members", faces))
	}
	rows, err := s.reader.Query(ctx, q.String(), q.args...)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = rows.Close() }()
	var n int64
	var ids []int64
	for rows.Next() {
		var id *int64
		if err := rows.Scan(&n, &id); err != nil {
			return 0, nil, err
		}
		if id != nil {
			ids = append(ids, *id)
		}
	}
	return n, ids, rows.Err()
}

// total counts the customers that whoever acts in ctx may see.
func (s *Service) total(ctx context.Context) (int64, error) {
	p := &Program{root: &node{op: "and"}}
	model, _ := s.cubes.Asks(ctx)
	p.Reads = []Read{{Table: model.Customer().Table, Key: model.Customer().Key}}
	return s.count(ctx, p)
}

// membersAfter lists members by id, above one, at most limit.
func (s *Service) membersAfter(ctx context.Context, p *Program, after int64, limit int) ([]int64, error) {
	if found, _, _, ok := s.ask(ctx, p, image.Want{Keys: true}); ok {
		return pageOf(found.Keys, after, limit), nil
	}
	return s.membersInDuckDB(ctx, p, after, limit)
}

func (s *Service) membersInDuckDB(ctx context.Context, p *Program, after int64, limit int) ([]int64, error) {
	q := &statement{}
	p.begin(ctx, q, p.id())
	q.add(" AND " + p.id() + fmt.Sprintf(" > %d ORDER BY 1", after))
	if limit > 0 {
		q.add(fmt.Sprintf(" LIMIT %d", limit))
	}
	return s.ids(ctx, q)
}

func (s *Service) ids(ctx context.Context, q *statement) ([]int64, error) {
	rows, err := s.reader.Query(ctx, q.String(), q.args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	list := []int64{}
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		list = append(list, id)
	}
	return list, rows.Err()
}

// page is one question of a customer list.
type page struct {
	sort    string // column expression, "" is the id
	kind    string // its type
	desc    bool
	after   any // value of the sort column in the last row, nil when it had none
	afterID int64
	isNext  bool
	offset  int64
	limit   int
}

// pageIDs answers a page of a list. Rows without a value come last, by id;
// equal values are ordered by id in the direction of the list, so that pages
// neither repeat nor skip.
func (s *Service) pageIDs(ctx context.Context, p *Program, g page) (ids []int64, values []any, err error) {
	q := &statement{}
	sort, id := g.sort, p.id()
	if sort == "" {
		sort, g.kind = id, warehouse.BigInt
	}
	q.add("SELECT id, v FROM (")
	p.begin(ctx, q, id+" AS id, "+sort+" AS v")
	direction, beyond, tie := " ASC", ">", "id"
	if g.desc {
		direction, beyond, tie = " DESC", "<", "CASE WHEN v IS NULL THEN id ELSE -id END"
	}
	value := "CAST(? AS " + g.kind + ")"
	switch {
	case !g.isNext:
	case g.after == nil:
		q.add(" AND "+sort+" IS NULL AND "+id+" > ?", g.afterID)
	default:
		q.add(" AND ("+sort+" "+beyond+" "+value+" OR "+sort+" = "+value+" AND "+id+" "+beyond+" ? OR "+sort+" IS NULL)", g.after, g.after, g.afterID)
	}
	q.add(") t ORDER BY v" + direction + " NULLS LAST, " + tie + fmt.Sprintf(" LIMIT %d", g.limit))
	if g.offset > 0 && !g.isNext {
		q.add(fmt.Sprintf(" OFFSET %d", g.offset))
	}
	rows, err := s.reader.Query(ctx, q.String(), q.args...)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = rows.Close() }()
	ids = []int64{}
	for rows.Next() {
		var id int64
		var value any
		if err := rows.Scan(&id, &value); err != nil {
			return nil, nil, err
		}
		ids, values = append(ids, id), append(values, plain(value))
	}
	return ids, values, rows.Err()
}

// plain makes values that survive a cursor: dates and times as text.
func plain(v any) any {
	switch x := v.(type) {
	case time.Time:
		return x.Format("2006-01-02 15:04:05.000000")
	case int32:
		return int64(x)
	}
	return v
}

// manyRows is where stopping a count early no longer pays.
const manyRows = 1_000_000

// countUpTo counts members but stops at a bound.
func (s *Service) countUpTo(ctx context.Context, p *Program, bound int64) (int64, error) {
	if bound >= manyRows {
		return s.count(ctx, p)
	}
	q := &statement{}
	q.add("SELECT count(*) FROM (")
	p.begin(ctx, q, "1")
	q.add(fmt.Sprintf(" LIMIT %d) t", bound+1))
	list, err := s.ids(ctx, q)
	if err != nil || len(list) != 1 {
		return 0, err
	}
	return list[0], nil
}

// readProfile loads rows of a derived table, which only the warehouse has.
func (s *Service) readProfile(ctx context.Context, t *Tables, r Read, ids []int64) error {
	names := []string{r.Key}
	for _, c := range r.Columns {
		if !slices.Contains(names, c.Name) {
			names = append(names, c.Name)
		}
	}
	columns := make([]warehouse.Column, len(names))
	quoted := make([]string, len(names))
	for i, name := range names {
		kind, _ := s.reader.Column(r.Table, name)
		columns[i] = warehouse.Column{Name: name, Type: kind}
		quoted[i] = quote(name)
	}
	t.Add(r.Table, r.Key, columns)
	marks := make([]string, len(ids))
	for i, id := range ids {
		marks[i] = strconv.FormatInt(id, 10)
	}
	rows, err := s.reader.Query(ctx, "SELECT "+strings.Join(quoted, ", ")+" FROM "+quote(r.Table)+
		" WHERE "+quote(r.Key)+" IN ("+strings.Join(marks, ", ")+")")
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		row := make([]any, len(names))
		dest := make([]any, len(names))
		for i := range row {
			dest[i] = &row[i]
		}
		if err := rows.Scan(dest...); err != nil {
			return err
		}
		if err := t.Put(r.Table, row...); err != nil {
			return err
		}
	}
	return rows.Err()
}
