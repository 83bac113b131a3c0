// SPDX-License-Identifier: Apache-2.0

package consent

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"dangol/internal/platform/database"
)

// addressOf is where a customer is reached by a channel.
func (s *store) addressOf(ctx context.Context, customerID int64, channel Channel) (string, error) {
	column := "COALESCE(mobile, '')"
	if channel == Email {
		column = "COALESCE(email, '')"
	}
	var address string
	err := s.db.Scan(ctx, []any{&address}, "SELECT "+column+" FROM customers WHERE id = ?", customerID)
	return address, err
}

// givenTo answers which addresses customers gave to sources themselves, by
// customer: what the records of these sources say.
func (s *store) givenTo(ctx context.Context, customerIDs, sourceIDs []int64) (map[int64]map[string]bool, error) {
	given := map[int64]map[string]bool{}
	if len(sourceIDs) == 0 {
		return given, nil
	}
	for from := 0; from < len(customerIDs); from += askChunk {
		part := customerIDs[from:min(from+askChunk, len(customerIDs))]
		rows, err := s.db.Query(ctx, `SELECT k.customer_id, r.normal FROM record_links k JOIN records r ON r.id = k.record_id
			WHERE r.withdrawn_at IS NULL AND r.source_id IN (`+database.Marks(len(sourceIDs))+`) AND k.customer_id IN (`+database.Marks(len(part))+`)`,
			append(args(sourceIDs), args(part)...)...)
		if err != nil {
			return nil, fmt.Errorf("find addresses given to sources: %w", err)
		}
		for rows.Next() {
			var id int64
			var text string
			if err := rows.Scan(&id, &text); err != nil {
				_ = rows.Close()
				return nil, fmt.Errorf("find addresses given to sources: %w", err)
			}
			var values struct {
				Email  string `json:"email"`
				Mobile string `json:"mobile"`
			}
			if json.Unmarshal([]byte(text), &values) != nil {
				continue // a record of another shape gives no address
			}
			if given[id] == nil {
				given[id] = map[string]bool{}
			}
			given[id][strings.ToLower(values.Email)], given[id][values.Mobile] = true, true
		}
		err = rows.Err()
		_ = rows.Close()
		if err != nil {
			return nil, database.Fault(err)
		}
	}
	return given, nil
}
