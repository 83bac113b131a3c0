// SPDX-License-Identifier: Apache-2.0

package app

import (
	"context"

	"dangol/internal/platform/fault"
	"dangol/internal/team"
)

// staff lets the send gate know the company's own people, who alone get test mails.
type staff struct{ team *team.Service }

// IsStaffAddress reports whether somebody of the staff has the address.
func (s staff) IsStaffAddress(ctx context.Context, address string) (bool, error) {
	person, err := s.team.FindByEmail(ctx, address)
	if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Invalid) {
		return false, nil
	}
	return err == nil && !person.IsDisabled, err
}
