// SPDX-License-Identifier: Apache-2.0

package dispatch

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"dangol/internal/platform/database"
)

// conversationMost bounds what is shown of a conversation.
const conversationMost = 200

// conversation lists what staff wrote in a thread, or about one mail that is in none.
func (s *store) conversation(ctx context.Context, thread string, mailID int64) ([]SentLetter, error) {
	scope, args := seen(ctx)
	// A conversation that one of our own mails began is named after it.
	local, _, _ := strings.Cut(thread, "@")
	var first int64
	if _, err := fmt.Sscanf(local, "d%d.", &first); err != nil {
		first = 0
	}
	list, err := database.List(ctx, s.db, scan, "SELECT "+columns+" WHERE "+scope+` AND (((d.thread = ? AND d.thread <> '') OR d.mail_id = ?)
		AND d.kind IN ('answer', 'forward', 'personal') OR d.id = ? AND d.message_id = ?) ORDER BY d.id LIMIT ?`,
		append(args, thread, mailID, first, local, conversationMost)...)
	if err != nil {
		return nil, fmt.Errorf("list conversation: %w", err)
	}
	letters := make([]SentLetter, 0, len(list))
	for _, d := range list {
		letters = append(letters, sentLetter(d))
	}
	return letters, s.addPeople(ctx, letters)
}

// addPeople fills in who wrote.
func (s *store) addPeople(ctx context.Context, list []SentLetter) error {
	for i := range list {
		names, err := database.List(ctx, s.db, func(rows *sql.Rows) (name string, err error) { return name, rows.Scan(&name) },
			`SELECT p.name FROM dispatches d JOIN people p ON p.id = d.person_id WHERE d.id = ?`, list[i].ID)
		if err != nil {
			return fmt.Errorf("find who wrote: %w", err)
		}
		if len(names) > 0 {
			list[i].Person = names[0]
		}
	}
	return nil
}
