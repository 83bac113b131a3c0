// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"context"
	"math"
	"strconv"
	"strings"

	"dangol/internal/mining/value"
)

// purchasesSQL writes one row per buyer and day with its net amount in minor
// units; hidden customers are left out.
const purchasesSQL = "SELECT l.customer_id, date_diff('day', DATE '1970-01-01', CAST(l.ordered_at AS DATE)), CAST(sum(l.amount) AS DOUBLE) FROM " + linesTable +
	" l WHERE l.counts > 0 AND l.currency = ? AND l.customer_id IN (SELECT c.id FROM " + customersTable + " c) GROUP BY 1, 2 ORDER BY 1, 2"

// readPurchases reads the log of everybody; customers are numbered, ids gives
// their ids by number.
func (s *Service) readPurchases(ctx context.Context, currency string) (log []value.Purchase, ids []int64, err error) {
	rows, err := s.warehouse.Query(ctx, purchasesSQL, currency)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = rows.Close() }()
	last := int64(math.MinInt64)
	for rows.Next() {
		var id, day int64
		var amount float64
		if err := rows.Scan(&id, &day, &amount); err != nil {
			return nil, nil, err
		}
		if id != last {
			ids = append(ids, id)
			last = id
		}
		log = append(log, value.Purchase{Customer: int32(len(ids) - 1), Day: int32(day), Amount: amount}) //nolint:gosec // fewer than 2^31 customers and days
	}
	return log, ids, rows.Err()
}

// writeValues replaces the table of customer values. The columns go as lists in
// text: the engine may read no file, and takes no arrays as parameters.
func (s *Service) writeValues(ctx context.Context, rows []valueRow, ids []int64) error {
	columns := make([]strings.Builder, 10)
	for i := range rows {
		r := &rows[i]
		next := r.nextOn
		if next == "" {
			next = "-"
		}
		for k, text := range []string{
			strconv.FormatInt(ids[r.customer], 10), strconv.FormatFloat(r.Alive, 'g', 6, 64), strconv.FormatFloat(r.Expected, 'g', 6, 64),
			strconv.FormatInt(int64(math.Round(r.Value)), 10), string(r.stage), strconv.Itoa(r.tenth), strconv.Itoa(r.interval), next,
			strconv.FormatInt(int64(math.Round(r.referral)), 10), strconv.FormatInt(int64(math.Round(r.household)), 10),
		} {
			if i > 0 {
				columns[k].WriteByte(' ')
			}
			columns[k].WriteString(text)
		}
	}
	args := make([]any, len(columns))
	for i := range columns {
		args[i] = columns[i].String()
	}
	const list = "unnest(string_split(?, ' '))"
	return s.warehouse.Replace(ctx, ValuesTable, "WITH v AS MATERIALIZED (SELECT CAST(id AS BIGINT) AS customer_id, CAST(alive AS DOUBLE) AS alive, CAST(expected AS DOUBLE) AS expected, "+
		"CAST(clv AS BIGINT) AS clv, stage, CAST(tenth AS INTEGER) AS tenth, NULLIF(CAST(days AS INTEGER), 0) AS interval_days, "+
		"CAST(NULLIF(next_on, '-') AS DATE) AS next_on, CAST(referral AS BIGINT) AS referral, CAST(household AS BIGINT) AS household FROM (SELECT "+
		list+" AS id, "+list+" AS alive, "+list+" AS expected, "+list+" AS clv, "+list+" AS stage, "+list+" AS tenth, "+list+" AS days, "+list+" AS next_on, "+
		list+" AS referral, "+list+" AS household)) "+
		// Whoever has not bought is a prospect and has no other value.
		"SELECT * FROM v UNION ALL SELECT c.id, NULL, NULL, NULL, '"+string(value.Prospect)+"', NULL, NULL, NULL, NULL, NULL FROM "+customersTable+
		" c WHERE c.id NOT IN (SELECT customer_id FROM v) ORDER BY 1", args...)
}
