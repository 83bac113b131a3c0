// SPDX-License-Identifier: Apache-2.0

package steward

import "dangol/internal/customer"

// Eraser tells what worklists keep of a person.
func (s *Service) Eraser() customer.Eraser {
	return customer.Eraser{Traces: []customer.Trace{
		{What: "worklists", Table: "quality_issues", By: "customer_id"},
		{What: "worklists", Table: "quality_marks", By: "customer_id"},
	}}
}
