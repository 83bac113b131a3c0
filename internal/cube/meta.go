// SPDX-License-Identifier: Apache-2.0

package cube

import (
	"context"

	"dangol/internal/cube/reckon"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/warehouse"
	"dangol/internal/platform/warehouse/condition"
)

// Meta lists everything that whoever asks may ask.
type Meta struct {
	Measures   []MeasureMeta   `json:"measures"`
	Dimensions []DimensionMeta `json:"dimensions"`
	Currency   string          `json:"currency"`
	AsOf       AsOf            `json:"as_of"`
}

// MeasureMeta describes a measure.
type MeasureMeta struct {
	Name  string         `json:"name"`
	Cube  string         `json:"cube"`
	Label warehouse.Text `json:"label"`
	About warehouse.Text `json:"about"`
	Kind  warehouse.Kind `json:"kind"`
	// Dimensions lists the cubes whose dimensions it can be asked by.
	Cubes []string `json:"cubes"`
	// HasPeople says that its cells drill to customers.
	HasPeople bool `json:"has_people"`
	// HasShare says that name.share may be asked.
	HasShare bool `json:"has_share"`
	// HasTime says that a period applies.
	HasTime bool `json:"has_time"`
	// CanRun says that it may be added up along time (.running).
	CanRun bool `json:"can_run"`
}

// DimensionMeta describes a dimension.
type DimensionMeta struct {
	Name      string               `json:"name"`
	Cube      string               `json:"cube"`
	Label     warehouse.Text       `json:"label"`
	Kind      warehouse.Kind       `json:"kind"`
	Unit      warehouse.Unit       `json:"unit,omitempty"`
	Parent    string               `json:"parent,omitempty" doc:"the next coarser level of its hierarchy"`
	Values    []warehouse.Value    `json:"values,omitempty"`
	Operators []condition.Operator `json:"operators"`
	// FilterOnly dimensions cannot be grouped by.
	FilterOnly bool `json:"filter_only"`
}

// Meta lists what can be asked at this moment; custom attributes and scores
// are in it by themselves.
func (s *Service) Meta(ctx context.Context) (*Meta, error) {
	if err := auth.Check(ctx, "cube:read"); err != nil {
		return nil, err
	}
	model := s.Model(ctx)
	position := s.reader.Position()
	out := &Meta{Measures: []MeasureMeta{}, Dimensions: []DimensionMeta{}, Currency: s.currency, AsOf: AsOf{position.Seq, position.At}}
	for i := range model.cubes {
		c := &model.cubes[i]
		if permit(ctx, c) != nil {
			continue
		}
		for j := range c.Dimensions {
			d := &c.Dimensions[j]
			if d.IsPersonal && auth.Check(ctx, "customer:unmask") != nil {
				continue
			}
			out.Dimensions = append(out.Dimensions, model.describe(c, d))
		}
		for j := range c.Measures {
			m := &c.Measures[j]
			if m.Permission == "" || auth.Check(ctx, m.Permission) == nil {
				out.Measures = append(out.Measures, model.describeMeasure(c, m))
			}
		}
	}
	metrics, err := s.ListMetrics(ctx)
	if err != nil {
		return nil, err
	}
	for _, m := range metrics {
		out.Measures = append(out.Measures, s.describeMetric(model, &m))
	}
	return out, nil
}

// describeMetric shows a calculated measure like any other; it can be asked by
// what the first measure in it can be asked by.
func (s *Service) describeMetric(model *Model, m *Metric) MeasureMeta {
	out := MeasureMeta{
		Name: calculated + "." + m.Name, Cube: calculated, Label: m.Label, About: warehouse.Text{Ko: m.About, En: m.About}, Kind: m.Kind, Cubes: []string{},
	}
	formula, err := reckon.Compile(m.Formula)
	if err != nil {
		return out
	}
	if c, measure, err := model.measure(trimShare(formula.Names()[0])); err == nil {
		behind := model.describeMeasure(c, measure)
		out.Cubes, out.HasPeople, out.HasTime = behind.Cubes, behind.HasPeople, behind.HasTime
	}
	return out
}

func (m *Model) describe(c *warehouse.Cube, d *warehouse.Dimension) DimensionMeta {
	owner := c.Name
	if c.Profile {
		owner = m.customer.Name
	}
	out := DimensionMeta{
		Name: owner + "." + d.Name, Cube: owner, Label: d.Label, Kind: d.Kind, Unit: d.Unit, Values: d.Values,
		FilterOnly: d.FilterOnly, Operators: FieldOf(d.Name, d).Operators(),
	}
	if d.Parent != "" {
		out.Parent = owner + "." + d.Parent
	}
	for _, b := range d.Bands {
		out.Values = append(out.Values, warehouse.Value{Value: b.Name, Label: b.Label})
	}
	if d.Unit == warehouse.UnitWeekday {
		out.Values = weekdays
	}
	if isCalendar(d.Unit) {
		out.Operators = calendarOperators
	}
	return out
}

func (m *Model) describeMeasure(c *warehouse.Cube, measure *warehouse.Measure) MeasureMeta {
	out := MeasureMeta{
		Name: c.Name + "." + measure.Name, Cube: c.Name, Label: measure.Label, About: measure.About, Kind: measure.Kind,
		Cubes: []string{c.Name}, HasPeople: c.Customer != "" && (c.IsCustomers || len(c.Events) > 0),
		HasShare: measure.Aggregate != warehouse.Ratio, HasTime: c.Time != "", CanRun: isAdditive(measure) || measure.Flag != "",
	}
	for _, j := range c.Joins {
		out.Cubes = append(out.Cubes, j.Cube)
	}
	return out
}
