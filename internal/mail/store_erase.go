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

// Erase takes the received mails of a person whose data is destroyed out, with the files of their letters.
func (s *Service) Erase(ctx context.Context, e *customer.Erasure) error {
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
	return s.store.erase(ctx, e)
}

func (s *store) erase(ctx context.Context, e *customer.Erasure) error {
	return s.db.ExecIDs(ctx, "UPDATE received_mails SET sender = '', sender_name = '', subject = '', preview = '', message_id = '', about = '', reach = '' "+
		"WHERE record_id IN ({ids})", e.RecordIDs)
}

func (s *store) lettersOf(ctx context.Context, recordID int64) ([]int64, error) {
	return database.List(ctx, s.db, func(rows *sql.Rows) (id int64, err error) { return id, rows.Scan(&id) },
		"SELECT file_id FROM received_mails WHERE record_id = ? AND file_id <> 0", recordID)
}
