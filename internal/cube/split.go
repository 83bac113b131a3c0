// SPDX-License-Identifier: Apache-2.0

package cube

import (
	"context"
	"strings"

	"dangol/internal/platform/warehouse"
)

// Split parts customers by a dimension, for numbers that are computed of whole customers.
type Split struct {
	Column Column
	// SQL is the key of a customer, over the table of customers with the alias c.
	SQL string
	// Read makes a key readable: the text that a filter takes.
	Read func(key any) any
}

// CustomerSplits lists the usual dimensions of customers that the asker may see.
func (s *Service) CustomerSplits(ctx context.Context) []Split {
	p := plan{model: s.Model(ctx), today: s.Today()}
	if p.model.customer == nil {
		return nil
	}
	p.base = p.model.customer
	var list []Split
	for _, name := range usualSuspects {
		if !strings.HasPrefix(name, p.model.customer.Name+".") {
			continue
		}
		d, err := p.model.dimension(p.base, name)
		if err != nil || d.FilterOnly || d.alias != customerAlias || d.Display != "" || p.mayRead(ctx, d, "") != nil {
			continue
		}
		column := Column{Name: d.name, Role: "row", Label: d.Label, Kind: d.Kind, Unit: d.Unit, Values: d.Values}
		for _, b := range d.Bands {
			column.Values = append(column.Values, warehouse.Value{Value: b.Name, Label: b.Label})
		}
		list = append(list, Split{Column: column, SQL: p.expression(d), Read: func(key any) any { return shownKey(d, Plain(key)) }})
	}
	return list
}
