// SPDX-License-Identifier: Apache-2.0

package campaign

import "dangol/internal/customer"

// Eraser tells what campaigns keep of a person: what is still to be sent to them is cancelled, and their address goes
// out of the ledger.
func (s *Service) Eraser() customer.Eraser {
	return customer.Eraser{Traces: []customer.Trace{
		{What: "planned_messages", Table: "recipients", By: "customer_id", When: "state = 'planned'", Set: "state = 'cancelled', settled_at = {now}"},
		{What: "messages", Table: "recipients", By: "customer_id", Set: "address = '', reply = ''"},
	}}
}
