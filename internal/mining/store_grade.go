// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
)

// CreateGradeVersion stores rules and gives them their id.
func (s *store) CreateGradeVersion(ctx context.Context, v *GradeVersion) error {
	id, err := s.db.NextID(ctx, "grade_versions")
	if err != nil {
		return err
	}
	text, err := json.Marshal(v.Rules)
	if err != nil {
		return err
	}
	v.ID, v.CreatedAt = id, database.Time(ctx)
	_, err = s.db.Exec(ctx, `INSERT INTO grade_versions (id, rules, note, from_on, person_id, created_at) VALUES (?, ?, ?, ?, ?, ?)`, id, string(text), v.Note, v.FromOn, v.PersonID, v.CreatedAt)
	if err != nil {
		return fmt.Errorf("create grade version: %w", err)
	}
	return nil
}

// ListGradeVersions returns all versions, the latest first.
func (s *store) ListGradeVersions(ctx context.Context) ([]GradeVersion, error) {
	list, err := database.List(ctx, s.db, func(rows *sql.Rows) (GradeVersion, error) {
		var v GradeVersion
		var rules string
		var created int64
		if err := rows.Scan(&v.ID, &rules, &v.Note, &v.FromOn, &v.PersonID, &created); err != nil {
			return v, err
		}
		v.CreatedAt = time.UnixMicro(created).UTC()
		return v, json.Unmarshal([]byte(rules), &v.Rules)
	}, `SELECT id, rules, note, from_on, person_id, created_at FROM grade_versions ORDER BY id DESC`)
	if err != nil {
		return nil, fmt.Errorf("list grade versions: %w", err)
	}
	return list, nil
}

// CountGrades returns how many have which grade now, the best first.
func (s *store) CountGrades(ctx context.Context) ([]GradeCount, error) {
	list, err := database.List(ctx, s.db, func(rows *sql.Rows) (GradeCount, error) {
		var c GradeCount
		return c, rows.Scan(&c.Grade, &c.Customers, &c.Falling)
	}, `SELECT h.grade, COUNT(DISTINCT k.customer_id), COUNT(DISTINCT CASE WHEN h.falls_on <> '' THEN k.customer_id END)
		FROM grade_spells h JOIN record_links k ON k.record_id = h.record_id WHERE h.until_on = '' GROUP BY h.grade ORDER BY MIN(h.rank), h.grade`)
	if err != nil {
		return nil, fmt.Errorf("count grades: %w", err)
	}
	return list, nil
}

// ListSpells returns the grades of a customer whom the person may see, the latest first.
func (s *store) ListSpells(ctx context.Context, customerID int64) ([]GradeSpell, error) {
	condition, args := auth.ScopeSQL(ctx, "c")
	list, err := database.List(ctx, s.db, func(rows *sql.Rows) (GradeSpell, error) {
		var g GradeSpell
		return g, rows.Scan(&g.Grade, &g.Reason, &g.FromOn, &g.UntilOn, &g.FallsTo, &g.FallsOn, &g.VersionID)
	}, `SELECT h.grade, h.reason, h.from_on, h.until_on, h.falls_to, h.falls_on, h.version_id FROM grade_spells h
		JOIN record_links k ON k.record_id = h.record_id JOIN customers c ON c.id = k.customer_id
		WHERE `+condition+` AND c.id = ? AND c.hidden = 0 ORDER BY h.from_on DESC, h.id DESC`, append(args, customerID)...)
	if err != nil {
		return nil, fmt.Errorf("grades of customer %d: %w", customerID, err)
	}
	return list, nil
}

// GradeOf returns the grade that a customer has now, the best after a merge; "" is none.
func (s *store) GradeOf(ctx context.Context, customerID int64) (version int64, grade string, err error) {
	_, err = database.List(ctx, s.db, func(rows *sql.Rows) (int64, error) {
		return version, rows.Scan(&version, &grade)
	}, `SELECT h.version_id, h.grade FROM grade_spells h JOIN record_links k ON k.record_id = h.record_id
		WHERE k.customer_id = ? AND h.until_on = '' ORDER BY h.rank, h.id LIMIT 1`, customerID)
	if err != nil {
		return 0, "", fmt.Errorf("grade of customer %d: %w", customerID, err)
	}
	return version, grade, nil
}

// OpenSpells returns the grades that hold, with whose they are now.
func (s *store) OpenSpells(ctx context.Context) ([]openSpell, error) {
	list, err := database.List(ctx, s.db, func(rows *sql.Rows) (openSpell, error) {
		var o openSpell
		return o, rows.Scan(&o.id, &o.customer, &o.record, &o.grade, &o.rank, &o.since, &o.fallsTo, &o.fallsOn)
	}, `SELECT h.id, k.customer_id, h.record_id, h.grade, h.rank, h.from_on, h.falls_to, h.falls_on
		FROM grade_spells h JOIN record_links k ON k.record_id = h.record_id WHERE h.until_on = '' ORDER BY k.customer_id, h.id`)
	if err != nil {
		return nil, fmt.Errorf("list grades: %w", err)
	}
	return list, nil
}

// CloseSpells ends grades that a merge has left over.
func (s *store) CloseSpells(ctx context.Context, ids []int64, day string) error {
	return s.db.WithinBulk(ctx, func(ctx context.Context) error {
		for _, id := range ids {
			if _, err := s.db.Exec(ctx, `UPDATE grade_spells SET until_on = ?, falls_to = '', falls_on = '' WHERE id = ?`, day, id); err != nil {
				return fmt.Errorf("close grade %d: %w", id, err)
			}
		}
		return nil
	})
}

// ApplyGrades writes changes in one transaction; a new grade hangs on the oldest record of its customer.
func (s *store) ApplyGrades(ctx context.Context, version int64, changes []gradeChange, day string) error {
	if len(changes) == 0 {
		return nil
	}
	return s.db.WithinBulk(ctx, func(ctx context.Context) error {
		records, err := s.firstRecords(ctx, changes)
		if err != nil {
			return err
		}
		ids, err := s.db.NextIDs(ctx, "grade_spells", len(changes))
		if err != nil {
			return err
		}
		for i, c := range changes {
			if c.old != nil && c.reason == "" {
				_, err = s.db.Exec(ctx, `UPDATE grade_spells SET falls_to = ?, falls_on = ? WHERE id = ?`, c.fallsTo, c.fallsOn, c.old.id)
			} else {
				err = s.turn(ctx, ids[i], version, c, records[c.customer], day)
			}
			if err != nil {
				return fmt.Errorf("grade of customer %d: %w", c.customer, err)
			}
		}
		return nil
	})
}

func (s *store) turn(ctx context.Context, id, version int64, c gradeChange, record int64, day string) error {
	if record == 0 {
		return nil // erased or hidden since the warehouse was asked
	}
	if c.old != nil {
		if _, err := s.db.Exec(ctx, `UPDATE grade_spells SET until_on = ?, falls_to = '', falls_on = '' WHERE id = ?`, day, c.old.id); err != nil {
			return err
		}
	}
	_, err := s.db.Exec(ctx, `INSERT INTO grade_spells (id, record_id, version_id, grade, rank, reason, from_on) VALUES (?, ?, ?, ?, ?, ?, ?)`, id, record, version, c.grade, c.rank, c.reason, day)
	return err
}

func (s *store) firstRecords(ctx context.Context, changes []gradeChange) (map[int64]int64, error) {
	records := make(map[int64]int64, len(changes))
	const slice = 500 // SQLite takes a limited number of parameters
	for from := 0; from < len(changes); from += slice {
		part := changes[from:min(len(changes), from+slice)]
		args := make([]any, len(part))
		for i, c := range part {
			args[i] = c.customer
		}
		_, err := database.List(ctx, s.db, func(rows *sql.Rows) (int64, error) {
			var customer, record int64
			err := rows.Scan(&customer, &record)
			records[customer] = record
			return record, err
		}, `SELECT customer_id, MIN(record_id) FROM record_links WHERE customer_id IN (?`+strings.Repeat(", ?", len(part)-1)+`) GROUP BY customer_id`, args...)
		if err != nil {
			return nil, fmt.Errorf("find records: %w", err)
		}
	}
	return records, nil
}
