// SPDX-License-Identifier: Apache-2.0

package mail

import (
	"context"
	"database/sql"
	"fmt"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
)

// checkPerson refuses to give a mail to somebody who cannot sign in.
func (s *store) checkPerson(ctx context.Context, id int64) error {
	var n int64
	if err := s.db.Scan(ctx, []any{&n}, `SELECT COUNT(*) FROM people WHERE id = ? AND disabled_at = 0`, id); err != nil {
		return err
	}
	if n == 0 {
		return fault.New(fault.Invalid, "mail.no_person", "Nobody of the staff has the number {id}.", "id", id)
	}
	return nil
}

func (s *store) listNotes(ctx context.Context, mailID int64) ([]StaffNote, error) {
	list, err := database.List(ctx, s.db, func(rows *sql.Rows) (StaffNote, error) {
		var n StaffNote
		var created int64
		err := rows.Scan(&n.ID, &n.Text, &n.PersonID, &n.Person, &created)
		n.CreatedAt = moment(created)
		return n, err
	}, `SELECT id, text, person_id, person, created_at FROM received_notes WHERE mail_id = ? ORDER BY id`, mailID)
	if err != nil {
		return nil, fmt.Errorf("list notes of mail %d: %w", mailID, err)
	}
	return list, nil
}

func (s *store) insertNote(ctx context.Context, mailID int64, n *StaffNote) error {
	var err error
	if n.ID, err = s.db.NextID(ctx, "received_notes"); err != nil {
		return err
	}
	_, err = s.db.Exec(ctx, `INSERT INTO received_notes (id, mail_id, text, person_id, person, created_at) VALUES (?, ?, ?, ?, ?, ?)`,
		n.ID, mailID, n.Text, n.PersonID, n.Person, n.CreatedAt.UnixMicro())
	if err != nil {
		return fmt.Errorf("write note about mail %d: %w", mailID, err)
	}
	return nil
}

// answered gives the mail to who answered it, and settles it when wanted.
func (s *store) answered(ctx context.Context, id int64, isDone bool) error {
	person, now := auth.From(ctx).ID, database.Time(ctx).UnixMicro()
	if _, err := s.db.Exec(ctx, `UPDATE received_mails SET assignee_id = COALESCE(assignee_id, ?), version = version + 1 WHERE id = ?`,
		none(person), id); err != nil {
		return fmt.Errorf("settle answered mail %d: %w", id, err)
	}
	if !isDone {
		return nil
	}
	_, err := s.db.Exec(ctx, `UPDATE received_mails SET state = 'done', settled_at = ?, person_id = ? WHERE id = ? AND state = 'open'`, now, none(person), id)
	return err
}
