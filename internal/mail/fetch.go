// SPDX-License-Identifier: Apache-2.0

package mail

import (
	"context"
	"errors"
	"log/slog"

	"dangol/internal/platform/fault"
	"dangol/internal/platform/job"
)

// Mailbox is an account at a mail provider that is looked into; pop3 and imap
// implement it.
type Mailbox interface {
	// Name says which mailbox it is, without secrets.
	Name() string
	// Each gives every mail whose mark is not known to take, and stops at its first error.
	Each(ctx context.Context, known func(mark string) bool, take func(mark string, raw []byte) error) error
}

const (
	// fetchJob looks into the mailboxes.
	fetchJob = "mail.fetch"
	// fetchEvery minute is what people expect of an inbox.
	fetchEvery = "* * * * *"
)

// UseMailboxes names the mailboxes that are looked into.
func (s *Service) UseMailboxes(boxes ...Mailbox) { s.mailboxes = boxes }

// fetchAll looks into every mailbox; one that cannot be read does not keep the
// others waiting.
func (s *Service) fetchAll(ctx context.Context, j *job.Job) error {
	var errs []error
	for _, box := range s.mailboxes {
		if err := s.fetch(ctx, box); err != nil {
			slog.Warn("mail: a mailbox could not be read", "mailbox", box.Name(), "error", err)
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// fetch takes in what is new in a mailbox. A mail is marked as read after it is
// kept: a crash between the two fetches it again, and its fingerprint is known.
func (s *Service) fetch(ctx context.Context, box Mailbox) error {
	marks, err := s.store.seenMarks(ctx, box.Name())
	if err != nil {
		return err
	}
	return box.Each(ctx, func(mark string) bool { return marks[mark] }, func(mark string, raw []byte) error {
		err := s.Receive(ctx, box.Name(), nil, raw)
		if fault.Is(err, fault.Invalid) {
			slog.Warn("mail: a mail of a mailbox is none and stays there", "mailbox", box.Name(), "error", err)
			err = nil
		}
		if err != nil {
			return err
		}
		return s.db.Within(ctx, func(ctx context.Context) error { return s.store.addMark(ctx, box.Name(), mark) })
	})
}
