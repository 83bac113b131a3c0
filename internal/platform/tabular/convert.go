// SPDX-License-Identifier: Apache-2.0

package tabular

import (
	"fmt"
	"math"

	"dangol/internal/platform/fault"
)

// As gives the column in another kind: itself when it is of that kind. Numbers
// of eight digits become dates; whatever does not fit is fault.Invalid.
func (c *Column) As(kind Kind) (*Column, error) {
	if kind == Any || kind == c.Kind {
		return c, nil
	}
	out := &Column{Name: c.Name, Kind: kind}
	b := &builder{column: out}
	rows := c.Len()
	b.prepare(rows)
	for row := range rows {
		if !b.add(c.Text(row)) {
			return nil, fault.New(fault.Invalid, "tabular.wrong_kind", "Row {row}: {value} in column {column} is no {kind}.",
				"row", row+1, "value", fmt.Sprintf("%q", c.Text(row)), "column", c.Name, "kind", kind.String())
		}
	}
	return out, nil
}

// Finite reports whether every number that is there is finite.
func (c *Column) Finite() bool {
	for _, v := range c.Numbers {
		if math.IsInf(v, 0) {
			return false
		}
	}
	return true
}
