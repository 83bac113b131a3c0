// SPDX-License-Identifier: Apache-2.0

package cube

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"dangol/internal/platform/fault"
	"dangol/internal/platform/warehouse"
	"dangol/internal/platform/warehouse/condition"
)

// Model is all cubes with the dimensions known at this moment.
type Model struct {
	cubes    []warehouse.Cube
	byName   map[string]*warehouse.Cube
	customer *warehouse.Cube
	extra    map[string]int // cube → where its run-time dimensions begin
	closed   map[time.Time]bool
}

// CheckCubes refuses cubes that contradict each other, at start.
func CheckCubes(cubes []warehouse.Cube) error {
	m := &Model{byName: map[string]*warehouse.Cube{}}
	for i := range cubes {
		c := &cubes[i]
		if m.byName[c.Name] != nil {
			return fmt.Errorf("two cubes are named %s", c.Name)
		}
		m.byName[c.Name] = c
		if c.IsCustomers {
			m.customer = c
		}
	}
	for _, c := range cubes {
		for _, j := range c.Joins {
			if m.byName[j.Cube] == nil {
				return fmt.Errorf("cube %s joins %s, which does not exist", c.Name, j.Cube)
			}
		}
		for _, meas := range c.Measures {
			if meas.Aggregate == warehouse.Ratio && (find(c.Measures, meas.Over) == nil || find(c.Measures, meas.Under) == nil) {
				return fmt.Errorf("measure %s.%s divides measures that do not exist", c.Name, meas.Name)
			}
		}
	}
	if m.customer == nil {
		return fmt.Errorf("no cube is the one of customers")
	}
	return nil
}

// newModel asks the cubes for their run-time dimensions.
func newModel(ctx context.Context, cubes []warehouse.Cube, fiscal int) *Model {
	m := &Model{cubes: slices.Clone(cubes), byName: map[string]*warehouse.Cube{}, extra: map[string]int{}}
	for i := range m.cubes {
		c := &m.cubes[i]
		m.byName[c.Name] = c
		c.Dimensions = append(slices.Clone(c.Dimensions), calendarDimensions(c, fiscal)...)
		m.extra[c.Name] = len(c.Dimensions)
		if c.Extra != nil {
			c.Dimensions = append(slices.Clone(c.Dimensions), c.Extra(ctx)...)
		}
		if c.IsCustomers {
			m.customer = c
		}
	}
	return m
}

func find(measures []warehouse.Measure, name string) *warehouse.Measure {
	for i := range measures {
		if measures[i].Name == name {
			return &measures[i]
		}
	}
	return nil
}

// side says from which table a dimension comes, seen from the base cube.
type side int

const (
	sideBase side = iota
	sideCustomer
	sideJoined
)

// dimension is a dimension with its place.
type dimension struct {
	*warehouse.Dimension
	name  string          // full name
	cube  *warehouse.Cube // whose table holds it
	side  side
	alias string // of the table in the rendered question
}

// field is the dimension as conditions see it.
func (d *dimension) field() condition.Field { return FieldOf(d.name, d.Dimension) }

// FieldOf is a dimension as conditions see it, under a name of the caller's.
func FieldOf(name string, d *warehouse.Dimension) condition.Field {
	return condition.Field{
		Name: name, Kind: d.Kind, Unit: d.Unit, Column: d.Column, MonthDay: d.MonthDay, Month: d.Month, Flag: d.Flag,
		Read: d.Read,
	}
}

// Customer is the cube of customers.
func (m *Model) Customer() *warehouse.Cube { return m.customer }

// Cubes lists the cubes with the dimensions known at this moment.
func (m *Model) Cubes() []warehouse.Cube { return m.cubes }

// Joined returns the cube that a join leads to.
func (m *Model) Joined(j warehouse.Join) *warehouse.Cube { return m.byName[j.Cube] }

// baseAlias, customerAlias and the aliases of profiles and joined cubes name
// the tables of a rendered question.
const (
	baseAlias     = "l"
	customerAlias = "c"
)

// dimension finds a dimension as seen from the base cube.
func (m *Model) dimension(base *warehouse.Cube, name string) (*dimension, error) {
	cubeName, local, ok := strings.Cut(name, ".")
	c := m.byName[cubeName]
	if !ok || c == nil {
		return nil, errUnknown(name)
	}
	if cubeName == m.customer.Name {
		return m.customerDimension(base, name, local)
	}
	d := findDimension(c, local)
	if d == nil {
		return nil, errUnknown(name)
	}
	if c == base {
		return &dimension{Dimension: d, name: name, cube: c, side: sideBase, alias: baseAlias}, nil
	}
	for _, j := range base.Joins {
		if j.Cube == cubeName && d.Column == c.Key {
			own := *d // the base holds the key itself: no join is needed
			own.Column = j.Column
			return &dimension{Dimension: &own, name: name, cube: c, side: sideBase, alias: baseAlias}, nil
		}
		if j.Cube == cubeName {
			return &dimension{Dimension: d, name: name, cube: c, side: sideJoined, alias: "j_" + c.Name}, nil
		}
	}
	return nil, errApart(name, base.Name)
}

func (m *Model) customerDimension(base *warehouse.Cube, name, local string) (*dimension, error) {
	if base.Customer == "" {
		return nil, errApart(name, base.Name)
	}
	if d := findDimension(m.customer, local); d != nil {
		return &dimension{Dimension: d, name: name, cube: m.customer, side: sideCustomer, alias: customerAlias}, nil
	}
	for i := range m.cubes {
		c := &m.cubes[i]
		if !c.Profile {
			continue
		}
		if d := findDimension(c, local); d != nil {
			return &dimension{Dimension: d, name: name, cube: c, side: sideCustomer, alias: "p_" + c.Name}, nil
		}
	}
	return nil, errUnknown(name)
}

func findDimension(c *warehouse.Cube, name string) *warehouse.Dimension {
	for i := range c.Dimensions {
		if c.Dimensions[i].Name == name {
			return &c.Dimensions[i]
		}
	}
	return nil
}

// measure finds a measure by its full name.
func (m *Model) measure(name string) (*warehouse.Cube, *warehouse.Measure, error) {
	cubeName, local, ok := strings.Cut(name, ".")
	c := m.byName[cubeName]
	if !ok || c == nil {
		return nil, nil, errUnknown(name)
	}
	found := find(c.Measures, local)
	if found == nil {
		return nil, nil, errUnknown(name)
	}
	return c, found, nil
}

func errUnknown(name string) error {
	return fault.New(fault.Invalid, "cube.unknown_name",
		"{name} is no dimension or measure; GET /api/cube/meta lists them.", "name", name)
}

func errApart(name, base string) error {
	return fault.New(fault.Invalid, "cube.not_joined",
		"{name} cannot be asked together with measures of {cube}: nothing connects them.", "name", name, "cube", base)
}
