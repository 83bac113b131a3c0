// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"dangol/internal/platform/fault"
)

// Where campaigns come from: the product's own, or files of past ones.
const (
	ofCampaigns  = "campaign"
	ofPromotions = "promotion"
)

// TestedCampaign is a campaign that held a control group back.
type TestedCampaign struct {
	Of      string `json:"of" enum:"campaign,promotion"`
	ID      int64  `json:"id"`
	Name    string `json:"name"`
	StartOn string `json:"start_on,omitempty"`
	EndOn   string `json:"end_on,omitempty"`
	Treated int64  `json:"treated"`
	Control int64  `json:"control"`
}

// testedSQL are the campaigns with customers in both arms, the latest first.
const testedSQL = `SELECT '` + ofCampaigns + `' AS kind, campaign_id, max(campaign), CAST(CAST(min(planned_at) AS DATE) AS VARCHAR), CAST(NULL AS VARCHAR),
		count(DISTINCT CASE WHEN arm = 'treatment' THEN customer_id END), count(DISTINCT CASE WHEN arm = 'control' THEN customer_id END)
		FROM campaign_recipients WHERE arm IN ('treatment', 'control') GROUP BY 1, 2
	UNION ALL SELECT '` + ofPromotions + `', promotion_id, max(promotion), CAST(coalesce(max(start_on), CAST(min(targeted_at) AS DATE)) AS VARCHAR), CAST(max(end_on) AS VARCHAR),
		count(DISTINCT CASE WHEN arm = 'treatment' THEN customer_id END), count(DISTINCT CASE WHEN arm = 'control' THEN customer_id END)
		FROM promotion_targets GROUP BY 1, 2 ORDER BY 4 DESC NULLS LAST, 2`

// ListTested returns the campaigns that can be looked at for uplift; those
// without a control group are there too, with none in it.
func (s *Service) ListTested(ctx context.Context) ([]TestedCampaign, error) {
	if err := permitRuns(ctx); err != nil {
		return nil, err
	}
	if !s.warehouse.Ready() {
		return nil, fault.New(fault.Unavailable, "mining.not_ready", "The analysis data are being built; try again in a moment.")
	}
	return s.tested(ctx)
}

func (s *Service) tested(ctx context.Context) ([]TestedCampaign, error) {
	rows, err := s.warehouse.Query(ctx, testedSQL)
	if err != nil {
		return nil, fmt.Errorf("list campaigns with control groups: %w", err)
	}
	defer func() { _ = rows.Close() }()
	list := []TestedCampaign{}
	for rows.Next() {
		var c TestedCampaign
		var start, end *string
		if err := rows.Scan(&c.Of, &c.ID, &c.Name, &start, &end, &c.Treated, &c.Control); err != nil {
			return nil, err
		}
		if start != nil {
			c.StartOn = *start
		}
		if end != nil {
			c.EndOn = *end
		}
		list = append(list, c)
	}
	return list, rows.Err()
}

// knownBefore are the columns of customers when a campaign began.
var knownBefore = []string{
	"recency_days", "known_days", "orders", "revenue", "per_order", "days_between", "orders_90_days", "revenue_90_days",
	"categories", "pieces", "discounts", "channel", "top_category",
}

// peopleSQL is everybody assigned to an arm of the campaign, with what was
// known when it began and what they bought until it was over (intention to
// treat: who was assigned counts, whatever became of the message). Who became
// one customer with somebody of the other arm is left out. share thousandths of
// the customers are read. Its parameters are the currency, twice.
func (c *TestedCampaign) peopleSQL(number int, from, to time.Time, share int64) string {
	table, key := "campaign_recipients", "campaign_id"
	if c.Of == ofPromotions {
		table, key = "promotion_targets", "promotion_id"
	}
	start, end := from.Format(isoDate), to.Format(isoDate)
	columns := ""
	for _, name := range knownBefore {
		columns += ", p." + name
	}
	return `SELECT t.id, t.arm, CAST(` + strconv.Itoa(number) + ` AS DOUBLE) AS campaign, coalesce(o.orders, 0) AS orders_after, coalesce(o.revenue, 0) AS revenue_after, CAST(c.sex AS VARCHAR) AS sex, CAST(c.sido AS VARCHAR) AS sido,
		CAST(date_diff('year', c.birth_on, DATE '` + start + `') AS DOUBLE) AS age` + columns + `
		FROM (SELECT customer_id AS id, min(arm) AS arm FROM ` + table + ` WHERE ` + key + ` = ` + strconv.FormatInt(c.ID, 10) + ` AND arm IN ('treatment', 'control') AND customer_id * 7919 % 1000 < ` + strconv.FormatInt(share, 10) + `
			GROUP BY 1 HAVING count(DISTINCT arm) = 1) t
		JOIN ` + customersTable + ` c ON c.id = t.id
		LEFT JOIN (` + peopleAt(from) + `) p ON p.id = t.id
		LEFT JOIN (SELECT l.customer_id AS id, CAST(sum(l.first_line) AS DOUBLE) AS orders, CAST(sum(l.amount) AS DOUBLE) AS revenue FROM ` + linesTable + ` l
			WHERE l.counts > 0 AND l.currency = ? AND l.ordered_at >= DATE '` + start + `' AND l.ordered_at < DATE '` + end + `' GROUP BY 1) o ON o.id = t.id`
}

// customersForUplift is what is known of everybody now, in the columns of peopleSQL.
func customersForUplift(day time.Time) string {
	at := day.Format(isoDate)
	columns := ""
	for _, name := range knownBefore {
		columns += ", p." + name
	}
	return `SELECT c.id, CAST(c.sex AS VARCHAR) AS sex, CAST(c.sido AS VARCHAR) AS sido, CAST(date_diff('year', c.birth_on, DATE '` + at + `') AS DOUBLE) AS age` + columns + `
		FROM ` + customersTable + ` c LEFT JOIN (` + peopleAt(day) + `) p ON p.id = c.id WHERE c.kind = 'person' OR c.kind IS NULL ORDER BY c.id`
}
