// SPDX-License-Identifier: Apache-2.0

package consent

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"dangol/internal/platform/database"
)

const invitationColumns = `i.id, i.record_id, COALESCE(k.customer_id, 0), i.sender, i.channels, i.is_night, i.origin, i.state, i.actor, i.asked_at,
	i.expires_at, i.answered_at FROM consent_invitations i LEFT JOIN record_links k ON k.record_id = i.record_id`

func scanInvitation(rows *sql.Rows) (Invitation, error) {
	var i Invitation
	var list string
	var asked, expires int64
	var answered *int64
	err := rows.Scan(&i.ID, &i.recordID, &i.CustomerID, &i.Sender, &list, &i.IsNight, &i.Origin, &i.State, &i.Actor, &asked, &expires, &answered)
	for _, channel := range strings.Fields(list) {
		i.Channels = append(i.Channels, Channel(channel))
	}
	i.AskedAt, i.ExpiresAt = time.UnixMicro(asked).UTC(), time.UnixMicro(expires).UTC()
	if answered != nil {
		i.AnsweredAt = time.UnixMicro(*answered).UTC()
	}
	return i, err
}

func (s *store) insertInvitation(ctx context.Context, i *Invitation, actorID int64) error {
	var err error
	if i.ID, err = s.db.NextID(ctx, "consent_invitations"); err != nil {
		return err
	}
	list := make([]string, 0, len(i.Channels))
	for _, channel := range i.Channels {
		list = append(list, string(channel))
	}
	_, err = s.db.Exec(ctx, `INSERT INTO consent_invitations (id, record_id, sender, channels, is_night, origin, state, actor_id, actor, asked_at, expires_at)
		VALUES (?, ?, ?, ?, ?, ?, 'open', ?, ?, ?, ?)`, i.ID, i.recordID, i.Sender, strings.Join(list, " "), flag(i.IsNight), i.Origin, actorID, i.Actor,
		i.AskedAt.UnixMicro(), i.ExpiresAt.UnixMicro())
	if err != nil {
		return fmt.Errorf("write invitation: %w", err)
	}
	return nil
}

func (s *store) findInvitation(ctx context.Context, id int64) (Invitation, error) {
	list, err := database.List(ctx, s.db, scanInvitation, "SELECT "+invitationColumns+" WHERE i.id = ?", id)
	if err != nil {
		return Invitation{}, fmt.Errorf("find invitation %d: %w", id, err)
	}
	if len(list) == 0 {
		return Invitation{}, badLink()
	}
	return list[0], nil
}

// answerInvitation settles an open invitation; false says that it was answered before.
func (s *store) answerInvitation(ctx context.Context, id int64, state string) (bool, error) {
	result, err := s.db.Exec(ctx, `UPDATE consent_invitations SET state = ?, answered_at = ? WHERE id = ? AND state = 'open'`,
		state, database.Time(ctx).UnixMicro(), id)
	if err != nil {
		return false, fmt.Errorf("answer invitation %d: %w", id, err)
	}
	n, err := result.RowsAffected()
	return n == 1, err
}

func (s *store) listInvitations(ctx context.Context, customerID int64) ([]Invitation, error) {
	list, err := database.List(ctx, s.db, scanInvitation, "SELECT "+invitationColumns+" WHERE k.customer_id = ? ORDER BY i.id DESC LIMIT 50", customerID)
	if err != nil {
		return nil, fmt.Errorf("list invitations: %w", err)
	}
	return list, nil
}

// orderNotice notes that a notice is on its way; false says that it is since before.
func (s *store) orderNotice(ctx context.Context, due Due, before time.Time) (bool, error) {
	result, err := s.db.Exec(ctx, `INSERT INTO consent_notice_orders (consent_id, kind, due_on, ordered_at) VALUES (?, ?, ?, ?)
		ON CONFLICT (consent_id, kind, due_on) DO UPDATE SET ordered_at = excluded.ordered_at WHERE consent_notice_orders.ordered_at < ?`,
		due.ConsentID, string(due.Kind), due.DueOn, database.Time(ctx).UnixMicro(), before.UnixMicro())
	if err != nil {
		return false, fmt.Errorf("order notice about consent %d: %w", due.ConsentID, err)
	}
	n, err := result.RowsAffected()
	return n == 1, err
}
