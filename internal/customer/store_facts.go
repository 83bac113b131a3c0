// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"slices"

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
	for part := range slices.Chunk(ids, factMarks) {
		args := make([]any, len(part))
		for i, id := range part {
			args[i] = id
		}
		rows, err := s.db.Query(ctx, factSelect+"id IN ("+database.Marks(len(part))+")", args...)
		if _, err := f.read(rows, err); err != nil {
			return err
		}
	}
	return nil
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
		rows, err := s.db.Query(ctx, factSelect+"id > ? AND id <= ? ORDER BY id LIMIT ?", from, to, factPage)
		n, err := f.read(rows, err)
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

func (f *factReader) read(rows *sql.Rows, err error) (int, error) {
	if err != nil {
		return 0, fmt.Errorf("load customers for the warehouse: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var (
		text                          [13]sql.NullString
		contact                       [9]sql.NullString // as factSelect names them
		owner                         sql.NullInt64
		attributes                    sql.NullString
		recordCount, created, updated int64
		household, size               sql.NullInt64
		householdState                sql.NullString
		isOne                         bool
	)
	dest := []any{&f.id}
	for i := range text {
		dest = append(dest, &text[i])
	}
	dest = append(dest, &owner)
	var joined sql.NullString
	dest = append(dest, &joined)
	for i := range contact {
		dest = append(dest, &contact[i])
	}
	dest = append(dest, &recordCount, &created, &updated, &household, &householdState, &size, &isOne, &attributes)
	n := 0
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return n, fmt.Errorf("read customer for the warehouse: %w", err)
		}
		n++
		row := append(f.row[:0], f.id)
		for i, t := range text {
			switch i {
			case 3: // birth_on, followed by its calendar
				row = append(row, realDate(t.String), monthDayOf(t.String, text[4].String))
			case 4:
			default:
				row = append(row, nullable(t))
			}
		}
		row = append(row, nullableInt(owner), nullable(joined))
		row = appendContact(row, &contact, text[4])
		row = append(row, recordCount, created, updated, nullableInt(household), nullable(householdState), nullableInt(size), isOne)
		row, err := f.appendAttributes(row, attributes.String)
		if err != nil {
			return n, fmt.Errorf("attributes of customer %d: %w", f.id, err)
		}
		if err := f.emit(row...); err != nil {
			return n, err
		}
	}
	return n, database.Fault(rows.Err())
}

// appendContact adds how somebody is reached, and whether at all, in the order of factColumns.
func appendContact(row []any, contact *[9]sql.NullString, calendar sql.NullString) []any {
	latin, mobile, phone, email, address := contact[0], contact[1], contact[2], contact[3], contact[4]
	row = append(row, domainOf(email.String), nullable(latin), warehoused("mobile", nullable(mobile)), warehoused("phone", nullable(phone)),
		warehoused("email", nullable(email)), nullable(calendar))
	for _, c := range contact[4:] {
		row = append(row, nullable(c))
	}
	return append(row, mobile.Valid, phone.Valid, email.Valid, address.Valid)
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

func nullable(s sql.NullString) any {
	if !s.Valid {
		return nil
	}
	return s.String
}

func nullableInt(n sql.NullInt64) any {
	if !n.Valid {
		return nil
	}
	return n.Int64
}
