// SPDX-License-Identifier: Apache-2.0

package campaign

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
)

// messagesOf reads the ledger rows of a customer whom the person may see.
func (s *store) messagesOf(ctx context.Context, customerID int64) ([]Message, error) {
	scope, args := auth.ScopeSQL(ctx, "c")
	list, err := database.List(ctx, s.db, func(rows *sql.Rows) (Message, error) {
		var m Message
		var at int64
		err := rows.Scan(&m.ID, &m.CampaignID, &m.CampaignName, &m.State, &m.Reason, &m.Basis, &m.Rules, &m.Code, &m.Reply, &m.Attempts, &at)
		m.At = time.UnixMicro(at).UTC()
		return m, err
	}, `SELECT r.id, r.campaign_id, g.name, r.state, r.reason, r.basis, r.rules, r.code, r.reply, r.attempts, COALESCE(r.settled_at, r.retry_at)
		FROM record_links k JOIN customers c ON c.id = k.customer_id JOIN recipients r ON r.record_id = k.record_id
		JOIN campaigns g ON g.id = r.campaign_id WHERE k.customer_id = ? AND `+scope+` ORDER BY r.id DESC LIMIT ?`,
		append(append([]any{customerID}, args...), messagesMost)...)
	if err != nil {
		return nil, fmt.Errorf("list messages of customer %d: %w", customerID, err)
	}
	return list, nil
}
