// SPDX-License-Identifier: Apache-2.0

package cube

import (
	"context"
	"encoding/json"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"dangol/internal/cube/reckon"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
	"dangol/internal/platform/warehouse"
)

// Metric is a saved calculated measure: one definition for everybody.
type Metric struct {
	ID        int64          `json:"id"`
	Name      string         `json:"name" doc:"asked as calc.NAME"`
	Label     warehouse.Text `json:"label"`
	About     string         `json:"about"`
	Formula   string         `json:"formula"`
	Kind      warehouse.Kind `json:"kind"`
	OwnerID   int64          `json:"owner_id"`
	Owner     string         `json:"owner"`
	CreatedAt time.Time      `json:"created_at"`
	UpdatedAt time.Time      `json:"updated_at"`
	Version   int64          `json:"version"`
}

// MetricDraft is what people say of a calculated measure.
type MetricDraft struct {
	Name    string         `json:"name" maxLength:"40"`
	Label   warehouse.Text `json:"label"`
	About   string         `json:"about,omitempty" maxLength:"500"`
	Formula string         `json:"formula" maxLength:"500"`
	Kind    warehouse.Kind `json:"kind" enum:"number,money,percent,integer,quantity"`
	Version int64          `json:"version,omitempty" doc:"version that is changed; 0 for a new one"`
}

func (m *Metric) calculation(locale string) Calculation {
	label := m.Label.Ko
	if locale == "en" {
		label = m.Label.En
	}
	return Calculation{Name: m.Name, Label: label, Formula: m.Formula, Kind: m.Kind}
}

var metricName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

func (d *MetricDraft) check() error {
	d.Name = strings.TrimSpace(d.Name)
	if !metricName.MatchString(d.Name) {
		return fault.New(fault.Invalid, "cube.bad_metric_name",
			"{name} cannot be the name of a measure: use small Latin letters, digits and _, at most 40.", "name", d.Name)
	}
	for _, label := range []*string{&d.Label.Ko, &d.Label.En} {
		*label = strings.TrimSpace(*label)
		if utf8.RuneCountInString(*label) > 80 || strings.ContainsRune(*label, 0) {
			return fault.New(fault.Invalid, "cube.bad_metric_label", "A label has at most 80 letters.")
		}
	}
	if d.Label.Ko == "" && d.Label.En == "" {
		return fault.New(fault.Invalid, "cube.no_metric_label", "Say what the measure is called.")
	}
	if d.Label.Ko == "" {
		d.Label.Ko = d.Label.En
	}
	if d.Label.En == "" {
		d.Label.En = d.Label.Ko
	}
	return nil
}

// CheckFormula tries a formula out for whoever asks: every measure in it must
// exist, be permitted, and be askable together with the others.
func (s *Service) CheckFormula(ctx context.Context, name, formula string) ([]string, error) {
	if err := auth.Check(ctx, "cube:read"); err != nil {
		return nil, err
	}
	compiled, err := reckon.Compile(formula)
	if err != nil {
		return nil, badFormula(name, err)
	}
	for _, used := range compiled.Names() {
		if strings.HasPrefix(used, calculated+".") {
			return nil, fault.New(fault.Invalid, "cube.formula_in_formula",
				"The formula of {name} uses {other}; a formula is made of measures of the cubes, not of other formulas.", "name", name, "other", used)
		}
	}
	_, err = s.plans(ctx, &Query{Measures: compiled.Names()}, false)
	return compiled.Names(), err
}

// ListMetrics lists the calculated measures whose measures the asker may see.
func (s *Service) ListMetrics(ctx context.Context) ([]Metric, error) {
	if err := auth.Check(ctx, "cube:read"); err != nil {
		return nil, err
	}
	all, err := s.metrics.List(ctx)
	if err != nil {
		return nil, err
	}
	list := make([]Metric, 0, len(all))
	for _, m := range all {
		if _, err := s.CheckFormula(ctx, m.Name, m.Formula); err == nil {
			list = append(list, m)
		}
	}
	return list, nil
}

// SaveMetric makes a calculated measure, or changes the one with the id.
func (s *Service) SaveMetric(ctx context.Context, id int64, draft MetricDraft) (Metric, error) {
	var out Metric
	if err := auth.Check(ctx, "cube:define"); err != nil {
		return out, err
	}
	if err := draft.check(); err != nil {
		return out, err
	}
	if _, err := s.CheckFormula(ctx, draft.Name, draft.Formula); err != nil {
		return out, err
	}
	err := s.db.Within(ctx, func(ctx context.Context) error {
		before, err := s.metricToSave(ctx, id, &draft)
		if err != nil {
			return err
		}
		person := auth.From(ctx)
		out = before
		out.Name, out.Label, out.About, out.Formula, out.Kind = draft.Name, draft.Label, strings.TrimSpace(draft.About), draft.Formula, draft.Kind
		out.OwnerID, out.Owner, out.UpdatedAt, out.Version = person.ID, person.Name, database.Time(ctx), before.Version+1
		if id == 0 {
			out.CreatedAt = out.UpdatedAt
			if out.ID, err = s.metrics.Create(ctx, out); err != nil {
				return err
			}
			return s.Note(ctx, "metric_created", "metric", out.ID, nil, out)
		}
		if err := s.metrics.Update(ctx, out); err != nil {
			return err
		}
		return s.Note(ctx, "metric_updated", "metric", out.ID, before, out)
	})
	return out, err
}

func (s *Service) metricToSave(ctx context.Context, id int64, draft *MetricDraft) (Metric, error) {
	same, err := s.metrics.findByName(ctx, draft.Name)
	if err == nil && same.ID != id {
		return same, fault.New(fault.Conflict, "cube.metric_exists", "There is a measure called {name} already.", "name", draft.Name)
	}
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return same, err
	}
	if id == 0 {
		return Metric{}, nil
	}
	before, err := s.metrics.Find(ctx, id)
	if err == nil && before.Version != draft.Version {
		err = fault.New(fault.Conflict, "cube.metric_changed", "The measure {name} was changed meanwhile. Nothing was saved; open it again.", "name", before.Name)
	}
	return before, err
}

// DeleteMetric deletes a calculated measure; pivots that ask it say so from then on.
func (s *Service) DeleteMetric(ctx context.Context, id int64) error {
	if err := auth.Check(ctx, "cube:define"); err != nil {
		return err
	}
	return s.db.Within(ctx, func(ctx context.Context) error {
		m, err := s.metrics.Find(ctx, id)
		if err != nil {
			return err
		}
		if err := s.metrics.Delete(ctx, id); err != nil {
			return err
		}
		return s.Note(ctx, "metric_deleted", "metric", id, m, nil)
	})
}

// Note keeps a journal entry of a change of something saved in this capability.
func (s *Service) Note(ctx context.Context, kind, subject string, id int64, before, after any) error {
	if s.journal == nil {
		return nil
	}
	e := journal.Entry{Capability: "cube", Kind: "cube." + kind, SubjectKind: subject, SubjectIDs: []int64{id}}
	for _, part := range []struct {
		value any
		into  *json.RawMessage
	}{{before, &e.Before}, {after, &e.After}} {
		if part.value == nil {
			continue
		}
		raw, err := json.Marshal(part.value)
		if err != nil {
			return err
		}
		*part.into = raw
	}
	return s.journal.Append(ctx, e)
}
