// SPDX-License-Identifier: Apache-2.0

package app

import (
	"dangol/internal/mail"
	"dangol/internal/mail/smtp"
)

// transport is the mail server of the settings; without one messages stay in
// the outbox of the data directory.
func (a *App) transport(outbox *mail.Outbox) (mail.Transport, error) {
	if a.Config.SMTP == "" {
		return outbox, nil
	}
	return smtp.New(a.Config.SMTP)
}
