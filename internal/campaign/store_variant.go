// SPDX-License-Identifier: Apache-2.0

package campaign

import (
	"context"
	"fmt"

	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
)

// setWinner keeps the winner of a test; a second one is fault.Conflict.
func (s *store) setWinner(ctx context.Context, id int64, key, how string) error {
	result, err := s.db.Exec(ctx, `UPDATE campaigns SET winner = ?, winner_how = ?, winner_at = ?, version = version + 1 WHERE id = ? AND winner = ''`,
		key, how, database.Time(ctx), id)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return fault.New(fault.Conflict, "campaign.has_winner", "The winner is {winner} already; its message is on the way to the rest.", "winner", "")
	}
	return nil
}

// releaseHeld gives a slice of the held recipients the winner; it answers how many.
func (s *store) releaseHeld(ctx context.Context, id int64, key string, limit int) (int, error) {
	result, err := s.db.Exec(ctx, `UPDATE recipients SET variant = ?, retry_at = ? WHERE id IN (SELECT id FROM recipients
		WHERE campaign_id = ? AND state = 'planned' AND retry_at = ? LIMIT ?)`, key, database.Time(ctx), id, heldUntil, limit)
	if err != nil {
		return 0, fmt.Errorf("release recipients: %w", err)
	}
	n, err := result.RowsAffected()
	return int(n), err
}

// setApproval keeps where the approval stands; by is who said so.
func (s *store) setApproval(ctx context.Context, id int64, state string, askedBy, by int64, note string) error {
	_, err := s.db.Exec(ctx, `UPDATE campaigns SET approval = ?, approval_asked_by = ?, approval_by = ?, approval_at = ?, approval_note = ?,
		version = version + 1 WHERE id = ?`, state, askedBy, by, database.Time(ctx), note, id)
	return err
}

// setting reads a value that the running product keeps, "" when there is none.
func (s *store) setting(ctx context.Context, name string) (string, error) {
	var text string
	err := s.db.Scan(ctx, []any{&text}, `SELECT COALESCE(MAX(value), '') FROM settings WHERE name = ?`, name)
	return text, err
}

func (s *store) saveSetting(ctx context.Context, name, value string) error {
	_, err := s.db.Exec(ctx, `INSERT INTO settings (name, value, updated_at) VALUES (?, ?, ?)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at`, name, value, database.Time(ctx))
	return err
}
