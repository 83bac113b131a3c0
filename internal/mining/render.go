// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// The tables that models read. Their columns are those of order's and
// customer's facts; a test holds both together.
const (
	linesTable     = "order_lines"
	customersTable = "customers"
	// ScoresTable holds the scores of all buyers.
	ScoresTable = "rfm_scores"
)

// buyersSQL writes one row per buyer with recency in days, frequency, and the
// net amount in minor units. Refunds take off money and count for nothing else.
// Hidden customers are not scored; asking that after grouping costs one look
// per customer instead of one per line.
func (s *RFMSettings) buyersSQL(scope string) string {
	frequency := "sum(l.first_line)"
	switch {
	case s.CountBy == CountDays:
		frequency = "count(DISTINCT CAST(l.ordered_at AS DATE)) FILTER (WHERE l.counts = 2)"
	case !s.Line.isOfOrders(): // the line that stands for its order may be of another business line
		frequency = "count(DISTINCT l.order_id) FILTER (WHERE l.counts = 2)"
	}
	where := "l.counts > 0 AND l.currency = ? AND l.ordered_at < DATE '" + s.At + "' + 1" + s.Line.whereSQL()
	if from := s.from(); from != "" {
		where += " AND l.ordered_at >= TIMESTAMP '" + from + "'"
	}
	return "SELECT * FROM (SELECT l.customer_id AS id, date_diff('day', CAST(max(CASE WHEN l.counts = 2 THEN l.ordered_at END) AS DATE), DATE '" + s.At +
		"') AS r, CAST(" + frequency + " AS BIGINT) AS f, CAST(sum(l.amount) AS BIGINT) AS m FROM " + linesTable + " l WHERE " + where +
		" GROUP BY 1) b WHERE f > 0 AND id IN (SELECT c.id FROM " + customersTable + " c WHERE " + scope + ")"
}

// buyersArgs are the parameters of buyersSQL before those of the scope.
func (s *RFMSettings) buyersArgs() []any { return append([]any{s.Currency}, s.Line.args()...) }

// from is the first day of the period, "" for everything.
func (s *RFMSettings) from() string {
	if s.PeriodMonths < 0 {
		return ""
	}
	at, err := time.Parse(isoDate, s.At)
	if err != nil {
		return ""
	}
	return at.AddDate(0, -s.PeriodMonths, 1).Format(isoDate)
}

// limitsSQL writes the quantiles of type 7 at 20, 40, 50, 60 and 80 %, or
// hand-set cuts around an empty middle: the third is the median.
func limitsSQL(column string, cuts []float64) string {
	if len(cuts) == 4 {
		number := func(i int) string { return "CAST(" + strconv.FormatFloat(cuts[i], 'g', -1, 64) + " AS DOUBLE)" }
		return "[" + strings.Join([]string{number(0), number(1), "NULL", number(2), number(3)}, ", ") + "]"
	}
	return "quantile_cont(" + column + ", [0.2, 0.4, 0.5, 0.6, 0.8])"
}

// scoreSQL writes a score from 1 to 5: one more for each limit passed, so that
// equal values always share a part. For recency the fewest days are best.
func scoreSQL(column, limits string, isFewBest bool) string {
	var parts []string
	for _, i := range []int{1, 2, 4, 5} {
		parts = append(parts, fmt.Sprintf("CAST(%s > %s[%d] AS INTEGER)", column, limits, i))
	}
	passed := strings.Join(parts, " + ")
	if isFewBest {
		return "5 - (" + passed + ")"
	}
	return "1 + " + passed
}

// scoredSQL writes the common parts of a WITH: buyers, the limits over all of
// them (lim), and buyers with their three scores (scored).
func (s *RFMSettings) scoredSQL(scope string) string {
	cuts := Cuts{}
	if s.Cuts != nil {
		cuts = *s.Cuts
	}
	with := "buyers AS MATERIALIZED (" + s.buyersSQL(scope) + "), lim AS MATERIALIZED (SELECT " + limitsSQL("r", cuts.R) + " AS lr, " +
		limitsSQL("f", cuts.F) + " AS lf, " + limitsSQL("m", cuts.M) + " AS lm FROM buyers), "
	if s.Method != Nested {
		return with + "scored AS (SELECT buyers.*, " + scoreSQL("r", "lim.lr", true) + " AS rs, " + scoreSQL("f", "lim.lf", false) + " AS fs, " +
			scoreSQL("m", "lim.lm", false) + " AS ms FROM buyers, lim)"
	}
	return with +
		"sr AS MATERIALIZED (SELECT buyers.*, " + scoreSQL("r", "lim.lr", true) + " AS rs FROM buyers, lim), " +
		"lf AS (SELECT rs AS k, " + limitsSQL("f", cuts.F) + " AS l FROM sr GROUP BY 1), " +
		"sf AS MATERIALIZED (SELECT sr.*, " + scoreSQL("f", "lf.l", false) + " AS fs FROM sr JOIN lf ON lf.k = sr.rs), " +
		"lm AS (SELECT rs AS k, fs AS k2, " + limitsSQL("m", cuts.M) + " AS l FROM sf GROUP BY 1, 2), " +
		"scored AS (SELECT sf.*, " + scoreSQL("m", "lm.l", false) + " AS ms FROM sf JOIN lm ON lm.k = sf.rs AND lm.k2 = sf.fs)"
}

// boxesSQL writes the boxes with their sizes and sums, each beside the limits
// of everybody: all other figures are made of these.
func (s *RFMSettings) boxesSQL(scope string) string {
	return "WITH " + s.scoredSQL(scope) + ", boxes AS (SELECT rs, fs, ms, count(*) AS n, CAST(sum(m) AS BIGINT) AS m, CAST(sum(r) AS BIGINT) AS r, " +
		"CAST(sum(f) AS BIGINT) AS f FROM scored GROUP BY 1, 2, 3) " +
		"SELECT CAST(rs AS INTEGER), CAST(fs AS INTEGER), CAST(ms AS INTEGER), n, m, r, f, " +
		"lr[1], lr[2], lr[3], lr[4], lr[5], lf[1], lf[2], lf[3], lf[4], lf[5], lm[1], lm[2], lm[3], lm[4], lm[5] " +
		"FROM boxes, lim ORDER BY 1 DESC, 2 DESC, 3 DESC"
}

// tableSQL writes the rows of the scores table.
func (s *RFMSettings) tableSQL() string {
	w := s.Weights
	return "WITH " + s.scoredSQL("true") + " SELECT id AS customer_id, CAST(r AS INTEGER) AS recency_days, f AS frequency, m AS monetary, " +
		"CAST(rs AS INTEGER) AS r, CAST(fs AS INTEGER) AS f, CAST(ms AS INTEGER) AS m, CAST(rs * 100 + fs * 10 + ms AS INTEGER) AS box, " +
		fmt.Sprintf("%g * rs + %g * fs + %g * ms AS score, ", w.R, w.F, w.M) + groupSQL() + " AS segment FROM scored ORDER BY 1"
}

// groupSQL writes the group of a box, as GroupOf finds it.
func groupSQL() string {
	text := "CASE"
	for _, g := range groups {
		text += fmt.Sprintf(" WHEN rs BETWEEN %d AND %d AND (fs + ms + 1) // 2 BETWEEN %d AND %d AND fs <= %d THEN '%s'",
			g.rLow, g.rHigh, g.fmLow, g.fmHigh, g.fHigh, g.name)
	}
	return text + " END"
}

// contributionArgs are the parameters of contributionSQL before those of the scope.
func (s *ParetoSettings) contributionArgs() []any {
	if s.Measure == "revenue" {
		return append([]any{s.Currency}, s.Line.args()...)
	}
	return s.Line.args()
}

// contributionSQL writes what each buyer contributed, more than nothing; by
// whole numbers, so that ties are ties.
func (s *ParetoSettings) contributionSQL(scope string) string {
	value := map[string]string{"revenue": "sum(l.amount)", "orders": "sum(l.first_line)", "quantity": "sum(l.quantity)"}[s.Measure]
	if s.Measure == "orders" && !s.Line.isOfOrders() {
		value = "count(DISTINCT l.order_id) FILTER (WHERE l.counts = 2)"
	}
	where := "l.counts > 0"
	if s.Measure == "revenue" {
		where += " AND l.currency = ?"
	}
	where += s.Line.whereSQL()
	if s.From != "" {
		where += " AND l.ordered_at >= TIMESTAMP '" + s.From + "'"
	}
	if s.To != "" {
		where += " AND l.ordered_at < DATE '" + s.To + "' + 1"
	}
	return "SELECT id, v FROM (SELECT l.customer_id AS id, CAST(" + value + " AS BIGINT) AS v FROM " + linesTable + " l WHERE " + where +
		" GROUP BY 1) b WHERE v > 0 AND id IN (SELECT c.id FROM " + customersTable + " c WHERE " + scope + ")"
}

// curveSQL writes contributions in hundredths of the customers, best first.
// ntile cannot be used: with fewer than a hundred customers it makes fewer
// parts. The weighted rank sum gives the Gini coefficient.
func (s *ParetoSettings) curveSQL(scope string) string {
	return "WITH v AS MATERIALIZED (" + s.contributionSQL(scope) + "), n AS (SELECT count(*) AS n FROM v), " +
		"ranked AS (SELECT v, row_number() OVER (ORDER BY v DESC) AS rk FROM v) " +
		"SELECT CAST((rk - 1) * 100 // n.n AS INTEGER) AS part, count(*), CAST(sum(v) AS BIGINT), min(v), max(v), max(rk), " +
		"CAST(sum(CAST(v AS DOUBLE) * (n.n - rk + 1)) AS DOUBLE), n.n FROM ranked, n GROUP BY 1, n.n ORDER BY 1"
}
