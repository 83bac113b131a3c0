// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"context"
	"database/sql"
	"fmt"
	"math"

	"dangol/internal/platform/database"
	"dangol/internal/platform/warehouse"
)

const (
	// factPage is how many customers one read of the system of record takes.
	factPage = 10_000
	// factMarks is how many ids one statement names.
	factMarks = 500
)

const factSelect = `SELECT id, kind, name_key, sex, birth_on, birth_calendar, postal_code, sido, sigungu, company,
	job_title, department, grade, branch, owner_id, joined_on, name_latin, mobile, phone, email,
	address, address_detail, brn, crn, memo, record_count, created_at, updated_at,
	household_id, household_state, household_size, household_id IS NULL OR household_head = 1, attributes FROM customers WHERE hidden = 0 AND `

// factSelected is the number of columns of factSelect.
const factSelected = 33

// loadFacts streams the warehouse rows of customers: those of ids, or all.
func (s *Store) loadFacts(ctx context.Context, ids []int64, emit func(row ...any) error) error {
	attributes, err := s.ListAttributes(ctx)
	if err != nil {
		return err
	}
	f := factReader{attributes: attributes, emit: emit, row: make([]any, len(factColumns)+len(attributes))}
	if ids == nil {
		return s.loadFactRange(ctx, &f, 0, math.MaxInt64)
	}
	for len(ids) > 0 {
		if n := neighbours(ids); n >= factMarks { // new customers come in a row
			if err := s.loadFactRange(ctx, &f, ids[0]-1, ids[n-1]); err != nil {
				return err
			}
			ids = ids[n:]
			continue
		}
		part := ids[:min(len(ids), factMarks)]
		args := make([]any, len(part))
		for i, id := range part {
			args[i] = id
		}
		if _, err := f.read(ctx, s.db, factSelect+"id IN ("+database.Marks(len(part))+")", args...); err != nil {
			return err
		}
		ids = ids[len(part):]
	}
	return nil
}

// neighbours is how many of the sorted ids follow one another without a gap.
func neighbours(ids []int64) int {
	n := 1
	for n < len(ids) && ids[n] == ids[n-1]+1 {
		n++
	}
	return n
}

// factParts splits the customers into ranges of ids that load side by side.
func (s *Store) factParts(ctx context.Context, n int) ([]warehouse.Part, error) {
	attributes, err := s.ListAttributes(ctx)
	if err != nil {
		return nil, err
	}
	var last sql.NullInt64
	if err := s.db.Scan(ctx, []any{&last}, "SELECT MAX(id) FROM customers"); err != nil {
		return nil, fmt.Errorf("find last customer: %w", err)
	}
	step := last.Int64/int64(n) + 1
	var parts []warehouse.Part
	for from := int64(0); from <= last.Int64; from += step {
		parts = append(parts, func(ctx context.Context, emit func(row ...any) error) error {
			f := factReader{attributes: attributes, emit: emit, row: make([]any, len(factColumns)+len(attributes))}
			return s.loadFactRange(ctx, &f, from, from+step)
		})
	}
	return parts, nil
}

// loadFactRange reads customers with from < id ≤ to in pages.
func (s *Store) loadFactRange(ctx context.Context, f *factReader, from, to int64) error {
	for {
		n, err := f.read(ctx, s.db, factSelect+"id > ? AND id <= ? ORDER BY id LIMIT ?", from, to, factPage)
		if err != nil {
			return err
		}
		if n < factPage {
			return nil
		}
		from = f.id
	}
}

// factReader turns rows of the system of record into rows of the warehouse.
type factReader struct {
	attributes []Attribute
	emit       func(row ...any) error
	row        []any
	id         int64
}

// read hands on the rows of the query, whose columns are those of factSelect, and returns their number.
func (f *factReader) read(ctx context.Context, db *database.DB, query string, args ...any) (int, error) {
	n := 0
	err := db.Each(ctx, func(values []any) error {
		id, isID := values[0].(int64)
		if !isID || len(values) != factSelected {
			return fmt.Errorf("load customers for the warehouse: unexpected row of %d values", len(values))
		}
		f.id = id
		n++
		birth, calendar := text(values[4]), text(values[5])
		row := append(f.row[:0], values[:4]...)
		row = append(row, realDate(birth), monthDayOf(birth, calendar))
		row = append(row, values[6:16]...)
		row = appendContact(row, values[16:25], values[5])
		row = append(row, values[25:32]...)
		row, err := f.appendAttributes(row, text(values[32]))
		if err != nil {
			return fmt.Errorf("attributes of customer %d: %w", id, err)
		}
		return f.emit(row...)
	}, query, args...)
	if err != nil {
		return n, fmt.Errorf("load customers for the warehouse: %w", err)
	}
	return n, nil
}

// text is a value of the database as a string, "" for NULL.
func text(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case []byte:
		return string(v)
	}
	return ""
}

// appendContact adds how somebody is reached, and whether at all, in the order of factColumns.
func appendContact(row, contact []any, calendar any) []any {
	latin, mobile, phone, email, address := contact[0], contact[1], contact[2], contact[3], contact[4]
	row = append(row, domainOf(text(email)), latin, warehoused("mobile", mobile), warehoused("phone", phone), warehoused("email", email), calendar)
	row = append(row, contact[4:]...)
	return append(row, mobile != nil, phone != nil, email != nil, address != nil)
}

func (f *factReader) appendAttributes(row []any, text string) ([]any, error) {
	if len(f.attributes) == 0 {
		return row, nil
	}
	values, err := parseAttributes(text)
	if err != nil {
		return row, err
	}
	for _, a := range f.attributes {
		row = append(row, values[a.Name])
	}
	return row, nil
}
