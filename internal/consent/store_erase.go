// SPDX-License-Identifier: Apache-2.0

package consent

import "dangol/internal/customer"

// Eraser tells what consents keep of a person: what proves them goes. That they said yes or no, and when, stays as a
// number; so do the addresses that want nothing any more, or they would be written to again.
func (s *Service) Eraser() customer.Eraser {
	return customer.Eraser{Traces: []customer.Trace{
		{What: "consents", Table: "consents", By: "record_id", OfRecord: true, Set: "evidence = NULL"},
		{What: "consents", Table: "consent_invitations", By: "record_id", OfRecord: true},
	}}
}
