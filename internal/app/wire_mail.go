// SPDX-License-Identifier: Apache-2.0

package app

import (
	"context"
	"strings"
	"sync"

	"dangol/internal/customer"
	"dangol/internal/mail"
	"dangol/internal/mail/door"
	"dangol/internal/mail/imap"
	"dangol/internal/mail/pop3"
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

// mailbox opens an account of the settings; nothing is asked of its server yet.
func mailbox(address string) (mail.Mailbox, error) {
	if strings.HasPrefix(address, "pop3") {
		return pop3.New(address)
	}
	return imap.New(address)
}

// connectInbox connects what receiving needs.
func (a *App) connectInbox() error {
	s := &a.services
	s.mail.UseInbox(a.Files, s.campaign, writers{a.DB, a.Journal, s.customer})
	s.mail.UseSingles(s.dispatch)
	s.dispatch.UseInbox(s.mail)
	var boxes []mail.Mailbox
	for _, address := range a.Config.Mailboxes {
		box, err := mailbox(address)
		if err != nil {
			return err
		}
		boxes = append(boxes, box)
	}
	s.mail.UseMailboxes(boxes...)
	return nil
}

// mindMail keeps relays up to date and serves the door for mail until ctx ends.
func (a *App) mindMail(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	var relays sync.WaitGroup
	defer relays.Wait()
	defer stop()
	relays.Go(func() { a.mindRelays(ctx) })
	relays.Go(func() { _ = a.services.dispatch.Run(ctx) }) // it ends with ctx only
	if err := a.takeMail(ctx); err != nil || a.Config.MailDoor != "" {
		return err
	}
	<-ctx.Done()
	return nil
}

// takeMail serves the door for mail until ctx ends; without one it does nothing.
func (a *App) takeMail(ctx context.Context) error {
	if a.Config.MailDoor == "" {
		return nil
	}
	takes := a.Config.MailInbox
	if a.Config.MailReturn != "" {
		takes = append([]string{a.Config.MailReturn}, takes...)
	}
	d := &door.Door{Address: a.Config.MailDoor, Takes: takes, Inbox: a.services.mail}
	return d.Listen(ctx, func(address string) { a.log.Info("taking mail", "address", address) })
}

// senders finds who writes from an address (mail.Senders).
type senders struct{ customers *customer.Service }

// RecordOf answers the oldest record of the one customer with the address; of
// several, nobody: a shared address says nothing about who wrote.
func (s senders) RecordOf(ctx context.Context, address string) (int64, error) {
	if !strings.Contains(address, "@") {
		return 0, nil
	}
	hits, err := s.customers.Suggest(ctx, address, 5)
	if err != nil {
		return 0, err
	}
	var found int64
	for _, hit := range hits {
		if !strings.EqualFold(hit.Customer.Values.Text[customer.Email], address) {
			continue
		}
		if found != 0 {
			return 0, nil
		}
		found = hit.Customer.ID
	}
	if found == 0 {
		return 0, nil
	}
	records, err := s.customers.ListRecords(ctx, found)
	if err != nil || len(records) == 0 {
		return 0, err
	}
	return records[0].ID, nil
}

// startMail encrypts what an older version kept in clear, and sets up the relays.
func (s *services) startMail(ctx context.Context) error {
	if err := s.mail.SealSecrets(ctx); err != nil {
		return err
	}
	return s.mail.RefreshRelays(ctx)
}
