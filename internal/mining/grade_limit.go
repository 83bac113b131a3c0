// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
)

// gradeSight is what the rules hide, by version and grade.
type gradeSight struct {
	at     time.Time
	hidden map[gradeKey][]string
}

type gradeKey struct {
	version int64
	grade   string
}

// sightFor is how long it is remembered what rules hide; those saved here hold at once.
const sightFor = 10 * time.Second

// HiddenOf returns the kinds of data that whoever acts does not see of a customer,
// by the grade that the customer has now. Those who make the rules see everything,
// and so does whoever is asked of a customer without a grade.
func (s *Service) HiddenOf(ctx context.Context, customerID int64) ([]string, error) {
	if auth.Check(ctx, "mining:update") == nil {
		return nil, nil
	}
	sight, err := s.gradeSight(ctx)
	if err != nil || len(sight.hidden) == 0 {
		return nil, err
	}
	version, grade, err := s.store.GradeOf(ctx, customerID)
	return sight.hidden[gradeKey{version, grade}], err
}

func (s *Service) gradeSight(ctx context.Context) (*gradeSight, error) {
	if known := s.sight.Load(); known != nil && time.Since(known.at) < sightFor {
		return known, nil
	}
	versions, err := s.store.ListGradeVersions(ctx)
	if err != nil {
		return nil, err
	}
	sight := &gradeSight{at: time.Now(), hidden: map[gradeKey][]string{}}
	for _, v := range versions {
		for _, l := range v.Rules.Levels {
			if kinds := l.hidden(); len(kinds) > 0 {
				sight.hidden[gradeKey{v.ID, l.Name}] = kinds
			}
		}
	}
	s.sight.Store(sight)
	return sight, nil
}

// hidden are the kinds that a grade does not show; one that names none shows all.
func (l *GradeLevel) hidden() (kinds []string) {
	if len(l.Seen) == 0 {
		return nil
	}
	for _, kind := range GradeData {
		if !slices.Contains(l.Seen, kind) {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}

// Forgetter destroys the data of customers; app connects the erasure of customer.
type Forgetter interface {
	// Forget destroys the personal data of a customer whose time of keeping is over.
	Forget(ctx context.Context, customerID int64) error
}

// UseForgetter connects who destroys data when the time of keeping is over.
func (s *Service) UseForgetter(f Forgetter) { s.forgetter = f }

// GradeOverdue is how many of a grade have not bought for longer than their data is kept.
type GradeOverdue struct {
	Grade      string `json:"grade"`
	KeepMonths int    `json:"keep_months"`
	Customers  int64  `json:"customers"`
}

// Overdue tells, by grade, whose time of keeping is over.
type Overdue struct {
	Grades    []GradeOverdue `json:"grades"`
	IsErasing bool           `json:"is_erasing" doc:"whether they are erased each night"`
}

// ListOverdue counts those whose time of keeping by the rules in force is over.
func (s *Service) ListOverdue(ctx context.Context) (*Overdue, error) {
	if err := permitRuns(ctx); err != nil {
		return nil, err
	}
	out := &Overdue{Grades: []GradeOverdue{}}
	rules, ids, err := s.overdue(ctx)
	if err != nil || rules == nil {
		return out, err
	}
	out.IsErasing = rules.IsErasing
	for _, l := range rules.Levels {
		if l.KeepMonths > 0 {
			out.Grades = append(out.Grades, GradeOverdue{l.Name, l.KeepMonths, int64(len(ids[l.Name]))})
		}
	}
	return out, nil
}

// overdue finds, by grade, the customers whose last purchase lies before the time
// that the rules in force keep data of their grade.
func (s *Service) overdue(ctx context.Context) (*GradeRules, map[string][]int64, error) {
	versions, err := s.store.ListGradeVersions(ctx)
	if err != nil {
		return nil, nil, err
	}
	at := activeVersion(versions, s.today().Format(isoDate))
	if at < 0 {
		return nil, nil, nil
	}
	rules, limits := &versions[at].Rules, map[string]string{}
	for _, l := range rules.Levels {
		if l.KeepMonths > 0 {
			limits[l.Name] = s.today().AddDate(0, -l.KeepMonths, 0).Format(isoDate)
		}
	}
	found := map[string][]int64{}
	if len(limits) == 0 {
		return rules, found, nil
	}
	held, _, err := s.heldGrades(ctx)
	if err != nil {
		return nil, nil, err
	}
	rows, err := s.warehouse.Query(ctx, "SELECT l.customer_id, CAST(CAST(max(l.ordered_at) AS DATE) AS VARCHAR) FROM "+linesTable+" l GROUP BY 1 ORDER BY 1")
	if err != nil {
		return nil, nil, fmt.Errorf("find last purchases: %w", err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var id int64
		var last string
		if err := rows.Scan(&id, &last); err != nil {
			return nil, nil, err
		}
		if one := held[id]; one != nil && last < limits[one.grade] {
			found[one.grade] = append(found[one.grade], id)
		}
	}
	return rules, found, rows.Err()
}

// mostForgotten is how many are erased in one night, so that a slip in the rules is
// noticed before much is gone.
const mostForgotten = 5000

// forgetOverdue erases those whose time of keeping is over, where the rules ask for
// it (PIPA article 21). A customer that cannot be erased, such as one under a hold,
// is left and tried again the next night.
func (s *Service) forgetOverdue(ctx context.Context) error {
	rules, found, err := s.overdue(ctx)
	if err != nil || rules == nil || !rules.IsErasing || s.forgetter == nil {
		return err
	}
	done, left := 0, 0
	for _, l := range rules.Levels {
		for _, id := range found[l.Name] {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			if done >= mostForgotten {
				return nil
			}
			if err := s.forgetter.Forget(ctx, id); err != nil {
				var known *fault.Fault
				if !errors.As(err, &known) {
					return fmt.Errorf("erase customer %d after the time of keeping: %w", id, err)
				}
				left++
				continue
			}
			done++
		}
	}
	if done+left > 0 {
		slog.InfoContext(ctx, "erased after the time of keeping of their grade", "job", jobForget, "erased", done, "left", left)
	}
	return nil
}
