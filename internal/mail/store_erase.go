// SPDX-License-Identifier: Apache-2.0

package mail

import (
	"context"
	"database/sql"
	"fmt"

	"dangol/internal/customer"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
)

// Eraser tells what mail keeps of a person: the mails they sent, with the files of their letters and what staff noted
// beside them, and the single mails to them; what of those is still to go is cancelled.
func (s *Service) Eraser() customer.Eraser {
	return customer.Eraser{
		Traces: []customer.Trace{
			{What: "received_mails", Table: "received_mails", By: "record_id", OfRecord: true, Set: "sender = '', sender_name = '', subject = '', preview = '', message_id = '', thread = '', about = '', reach = ''"},
			{What: "planned_messages", Table: "dispatches", By: "record_id", OfRecord: true, When: "state = 'planned'", Set: "state = 'cancelled', settled_at = {now}"},
			{What: "messages", Table: "dispatches", By: "record_id", OfRecord: true, Set: "address = '', subject = '', given = '{}', content = '', reply = '', thread = ''"},
		},
		Around: s.eraseLetters,
	}
}

// eraseLetters deletes the files of their letters and what staff noted beside them, before the rows are emptied.
func (s *Service) eraseLetters(ctx context.Context, e *customer.Erasure, rows func() error) error {
	for _, record := range e.RecordIDs {
		letters, err := s.store.lettersOf(ctx, record)
		if err != nil {
			return err
		}
		for _, file := range letters {
			if err := s.files.Delete(ctx, file); err != nil && !fault.Is(err, fault.NotFound) {
				return fmt.Errorf("delete the letter of a mail: %w", err)
			}
		}
	}
	const notes = "DELETE FROM received_notes WHERE mail_id IN (SELECT id FROM received_mails WHERE record_id IN ({ids}))"
	if err := s.store.db.ExecIDs(ctx, notes, e.RecordIDs); err != nil {
		return err
	}
	// A forwarded copy belongs to whom it went to, but quotes the person.
	const about = " WHERE mail_id IN (SELECT id FROM received_mails WHERE record_id IN ({ids}))"
	for _, statement := range []string{
		fmt.Sprintf("UPDATE dispatches SET state = 'cancelled', settled_at = %d", e.ErasedAt.UnixMicro()) + about + " AND state = 'planned'",
		"UPDATE dispatches SET subject = '', given = '{}', content = '', reply = '', thread = ''" + about,
	} {
		if err := s.store.db.ExecIDs(ctx, statement, e.RecordIDs); err != nil {
			return err
		}
	}
	return rows()
}

func (s *store) lettersOf(ctx context.Context, recordID int64) ([]int64, error) {
	return database.List(ctx, s.db, func(rows *sql.Rows) (id int64, err error) { return id, rows.Scan(&id) },
		"SELECT file_id FROM received_mails WHERE record_id = ? AND file_id <> 0", recordID)
}
