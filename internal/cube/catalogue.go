// SPDX-License-Identifier: Apache-2.0

package cube

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"dangol/internal/cube/reckon"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/warehouse"
)

// Definition is what the catalogue says of one measure.
type Definition struct {
	Name  string         `json:"name"`
	Cube  string         `json:"cube"`
	Label warehouse.Text `json:"label"`
	About warehouse.Text `json:"about"`
	Kind  warehouse.Kind `json:"kind"`
	// Formula is how it is computed, in one line.
	Formula string `json:"formula"`
	// Owner is the capability or the person who answers for the definition.
	Owner string `json:"owner"`
	// Metric is the id of a calculated measure, 0 for those of the product.
	Metric int64 `json:"metric,omitempty"`
	// Version is the one to name when a calculated measure is changed.
	Version int64 `json:"version,omitempty"`
	// Permissions are needed to see it; Roles hold them all.
	Permissions []string         `json:"permissions"`
	Roles       []warehouse.Text `json:"roles"`
	// IsAdditive says that it may be added up over time and over members.
	IsAdditive bool `json:"additive"`
}

// Catalogue is every measure with its meaning, and how fresh the numbers are.
type Catalogue struct {
	Items []Definition `json:"items"`
	AsOf  AsOf         `json:"as_of"`
}

// Catalogue lists what each measure means, how it is computed, who answers for
// it and who may see it.
func (s *Service) Catalogue(ctx context.Context) (*Catalogue, error) {
	if err := auth.Check(ctx, "cube:read"); err != nil {
		return nil, err
	}
	position := s.reader.Position()
	out := &Catalogue{Items: []Definition{}, AsOf: AsOf{position.Seq, position.At}}
	model := s.Model(ctx)
	book := &roleBook{roles: s.roles, known: map[string][]warehouse.Text{}}
	for i := range model.cubes {
		c := &model.cubes[i]
		if permit(ctx, c) != nil {
			continue
		}
		for j := range c.Measures {
			m := &c.Measures[j]
			if m.Permission != "" && auth.Check(ctx, m.Permission) != nil {
				continue
			}
			d := Definition{
				Name: c.Name + "." + m.Name, Cube: c.Name, Label: m.Label, About: m.About, Kind: m.Kind, Formula: formulaOf(c, m),
				Owner: c.Name, Permissions: permissionsOf(c, m), IsAdditive: isAdditive(m),
			}
			if err := book.add(ctx, &d); err != nil {
				return nil, err
			}
			out.Items = append(out.Items, d)
		}
	}
	return out, s.addMetrics(ctx, model, book, out)
}

func (s *Service) addMetrics(ctx context.Context, model *Model, book *roleBook, out *Catalogue) error {
	metrics, err := s.ListMetrics(ctx)
	if err != nil {
		return err
	}
	for _, m := range metrics {
		d := Definition{
			Name: calculated + "." + m.Name, Cube: calculated, Label: m.Label, About: warehouse.Text{Ko: m.About, En: m.About}, Kind: m.Kind,
			Formula: m.Formula, Owner: m.Owner, Metric: m.ID, Version: m.Version,
		}
		formula, err := reckon.Compile(m.Formula)
		if err != nil {
			continue
		}
		for _, name := range formula.Names() {
			c, measure, err := model.measure(trimShare(name))
			if err != nil {
				continue
			}
			for _, p := range permissionsOf(c, measure) {
				if !slices.Contains(d.Permissions, p) {
					d.Permissions = append(d.Permissions, p)
				}
			}
		}
		if err := book.add(ctx, &d); err != nil {
			return err
		}
		out.Items = append(out.Items, d)
	}
	return nil
}

// roleBook asks for the roles of each set of permissions once.
type roleBook struct {
	roles Roles
	known map[string][]warehouse.Text
}

func (b *roleBook) add(ctx context.Context, d *Definition) error {
	d.Roles = []warehouse.Text{}
	if b.roles == nil {
		return nil
	}
	key := strings.Join(d.Permissions, " ")
	roles, ok := b.known[key]
	if !ok {
		var err error
		if roles, err = b.roles.RolesWith(ctx, d.Permissions); err != nil {
			return fmt.Errorf("roles that may see %s: %w", d.Name, err)
		}
		b.known[key] = roles
	}
	d.Roles = append(d.Roles, roles...)
	return nil
}

func permissionsOf(c *warehouse.Cube, m *warehouse.Measure) []string {
	list := []string{"cube:read"}
	for _, p := range []string{c.Permission, m.Permission} {
		if p != "" {
			list = append(list, p)
		}
	}
	return list
}

func isAdditive(m *warehouse.Measure) bool {
	return m.Aggregate == warehouse.Sum || m.Aggregate == warehouse.Count
}

func trimShare(name string) string { return strings.TrimSuffix(name, shareSuffix) }

// formulaOf writes how a measure is computed, in the form of SQL that analysts read.
func formulaOf(c *warehouse.Cube, m *warehouse.Measure) string {
	if m.Aggregate == warehouse.Ratio {
		return c.Name + "." + m.Over + " / " + c.Name + "." + m.Under
	}
	what := m.Column
	if what == "" {
		what = "*"
	}
	text := string(m.Aggregate) + "(" + what + ")"
	if m.Aggregate == warehouse.Distinct {
		text = "count(DISTINCT " + what + ")"
	}
	text += " FROM " + c.Table
	for i, w := range m.Where {
		word := " WHERE "
		if i > 0 {
			word = " AND "
		}
		text += word + strings.ReplaceAll(conditionSQL("", w), `."`, `"`)
	}
	return strings.ReplaceAll(text, `"`, "")
}
