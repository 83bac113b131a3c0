// SPDX-License-Identifier: Apache-2.0

package segment

import (
	"strings"

	"dangol/internal/cube"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/warehouse"
	"dangol/internal/platform/warehouse/condition"
)

// Field describes a field for the builder on screen.
type Field struct {
	Name       string               `json:"name"`
	Label      warehouse.Text       `json:"label"`
	Kind       warehouse.Kind       `json:"kind"`
	Unit       warehouse.Unit       `json:"unit,omitempty"`
	Operators  []condition.Operator `json:"operators"`
	Values     []warehouse.Value    `json:"values,omitempty"`
	IsPersonal bool                 `json:"is_personal,omitempty"`
}

// Event describes behaviour for the builder on screen.
type Event struct {
	Name   string         `json:"name"`
	Label  warehouse.Text `json:"label"`
	Fields []Field        `json:"fields"`
	Sums   []Field        `json:"sums"`
	// Different are the fields of which different values may be counted.
	Different []Field `json:"different"`
}

// Catalogue is everything that rules may speak of at this moment.
type Catalogue struct {
	model *cube.Model
}

// attribute is a field of the customer with its table.
type attribute struct {
	cube *warehouse.Cube
	dim  *warehouse.Dimension
}

// behaviour is an event with its table.
type behaviour struct {
	cube  *warehouse.Cube
	event *warehouse.Event
}

func (c *Catalogue) attribute(name string) (attribute, error) {
	for i := range c.model.Cubes() {
		k := &c.model.Cubes()[i]
		if !k.IsCustomers && !k.Profile {
			continue
		}
		for d := range k.Dimensions {
			if k.Dimensions[d].Name == name {
				return attribute{k, &k.Dimensions[d]}, nil
			}
		}
	}
	return attribute{}, fault.New(fault.Invalid, "rule.unknown_field",
		"{field} is no field of a customer; GET /api/segments/fields lists them.", "field", name)
}

func (c *Catalogue) behaviour(name string) (behaviour, error) {
	for i := range c.model.Cubes() {
		k := &c.model.Cubes()[i]
		for e := range k.Events {
			if k.Events[e].Name == name {
				return behaviour{k, &k.Events[e]}, nil
			}
		}
	}
	return behaviour{}, fault.New(fault.Invalid, "rule.unknown_event",
		"{event} is no event; GET /api/segments/fields lists them.", "event", name)
}

// eventField finds a field of an event: its own ("channel") or one of what it
// joins ("product.category"); via is the joining column.
func (c *Catalogue) eventField(b behaviour, name string) (k *warehouse.Cube, d *warehouse.Dimension, via string, err error) {
	unknown := fault.New(fault.Invalid, "rule.unknown_field",
		"{field} is no field of the event {event}; GET /api/segments/fields lists them.", "field", name, "event", b.event.Name)
	other, local, isJoined := strings.Cut(name, ".")
	if !isJoined {
		for i := range b.cube.Dimensions {
			if b.cube.Dimensions[i].Name == name {
				return b.cube, &b.cube.Dimensions[i], "", nil
			}
		}
		return nil, nil, "", unknown
	}
	for _, j := range b.cube.Joins {
		k := c.model.Joined(j)
		if j.Cube != other || k == nil || k.IsCustomers {
			continue
		}
		for i := range k.Dimensions {
			if k.Dimensions[i].Name == local {
				return k, &k.Dimensions[i], j.Column, nil
			}
		}
	}
	return nil, nil, "", unknown
}

// Fields lists the fields of customers.
func (c *Catalogue) Fields() []Field {
	var list []Field
	for _, k := range c.model.Cubes() {
		if !k.IsCustomers && !k.Profile {
			continue
		}
		for i := range k.Dimensions {
			list = append(list, describe(k.Dimensions[i].Name, &k.Dimensions[i]))
		}
	}
	return list
}

// Events lists the behaviour.
func (c *Catalogue) Events() []Event {
	list := []Event{}
	for _, k := range c.model.Cubes() {
		for _, e := range k.Events {
			out := Event{Name: e.Name, Label: e.Label, Fields: []Field{}, Sums: []Field{}, Different: []Field{}}
			add := func(name string, d *warehouse.Dimension) {
				f := describe(name, d)
				out.Fields = append(out.Fields, f)
				if _, ok := countedBy(d); ok && d.Kind != warehouse.KindMoney && d.Kind != warehouse.KindQuantity && (d.Kind != warehouse.KindTime || d.Unit != warehouse.UnitNone) {
					out.Different = append(out.Different, f)
				}
			}
			for i := range k.Dimensions {
				add(k.Dimensions[i].Name, &k.Dimensions[i])
			}
			for _, j := range k.Joins {
				other := c.model.Joined(j)
				if other == nil || other.IsCustomers {
					continue
				}
				for i := range other.Dimensions {
					add(other.Name+"."+other.Dimensions[i].Name, &other.Dimensions[i])
				}
			}
			for i := range e.Sums {
				out.Sums = append(out.Sums, describe(e.Sums[i].Name, &e.Sums[i]))
			}
			list = append(list, out)
		}
	}
	return list
}

// countedBy is the column by which different values of a dimension are told apart.
func countedBy(d *warehouse.Dimension) (string, bool) {
	if d.Unit == warehouse.UnitMonth && d.Month != "" {
		return d.Month, true
	}
	return d.Column, d.Unit == warehouse.UnitNone
}

func describe(name string, d *warehouse.Dimension) Field {
	f := cube.FieldOf(name, d)
	out := Field{Name: name, Label: d.Label, Kind: d.Kind, Unit: d.Unit, Operators: f.Operators(), Values: d.Values, IsPersonal: d.IsPersonal}
	if d.Unit == warehouse.UnitAge {
		out.Kind = warehouse.KindInteger
	}
	return out
}

// NewCatalogue makes the catalogue of a model.
func NewCatalogue(model *cube.Model) *Catalogue { return &Catalogue{model: model} }
