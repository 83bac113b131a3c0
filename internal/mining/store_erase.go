// SPDX-License-Identifier: Apache-2.0

package mining

import "dangol/internal/customer"

// Eraser tells what findings keep of a person: their grades.
func (s *Service) Eraser() customer.Eraser {
	return customer.Eraser{Traces: []customer.Trace{
		{What: "grades", Table: "grade_spells", By: "record_id", OfRecord: true},
	}}
}
