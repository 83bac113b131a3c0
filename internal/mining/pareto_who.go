// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"dangol/internal/platform/warehouse"
)

// Loss is what losing 5 % of the best 20 % costs, in the measure and period asked.
type Loss struct {
	Top       int64   `json:"top" doc:"customers of the best 20 %"`
	TopValue  int64   `json:"top_value"`
	Customers int64   `json:"customers" doc:"5 % of them"`
	Value     float64 `json:"value"`
	Share     float64 `json:"share" doc:"of the total"`
	// Others is how many customers of the other 80 % make up for it.
	Others float64 `json:"others"`
}

const (
	bestShare = 0.2
	lostShare = 0.05
)

// lose fills Loss from the hundredths.
func (p *Pareto) lose(parts []part) {
	var rest, restValue int64
	for _, one := range parts {
		if float64(one.number) < bestShare*100 {
			p.Loss.Top, p.Loss.TopValue = p.Loss.Top+one.customers, p.Loss.TopValue+one.value
		} else {
			rest, restValue = rest+one.customers, restValue+one.value
		}
	}
	p.Loss.Customers = max(1, int64(math.Round(lostShare*float64(p.Loss.Top))))
	p.Loss.Value = float64(p.Loss.TopValue) * float64(p.Loss.Customers) / float64(max(p.Loss.Top, 1))
	p.Loss.Share = p.Loss.Value / float64(max(p.Total, 1))
	if restValue > 0 {
		p.Loss.Others = p.Loss.Value / (float64(restValue) / float64(rest))
	}
}

// Trait is a property that the best customers have more or less often than all.
type Trait struct {
	Column string         `json:"column"`
	Label  warehouse.Text `json:"label"`
	Level  string         `json:"level"`
	Words  warehouse.Text `json:"words" doc:"property and value as people say it"`
	Best   int64          `json:"best"`
	All    int64          `json:"all"`
	// BestShare is among the best, Share among all buyers; Lift is their ratio.
	BestShare float64 `json:"best_share"`
	Share     float64 `json:"share"`
	Lift      float64 `json:"lift"`
	// StandsOut says that the difference is no chance, with all comparisons counted.
	StandsOut bool `json:"stands_out"`
}

// Who is who the best customers are.
type Who struct {
	Best   int64   `json:"best"`
	All    int64   `json:"all"`
	Traits []Trait `json:"traits"`
}

// traitColumns are the properties compared; the key is the column of the rule tree.
var traitColumns = []struct{ name, sql string }{
	{"sex", "CAST(c.sex AS VARCHAR)"},
	{"age_band", "CAST(CAST(date_diff('year', c.birth_on, CAST(? AS DATE)) // 10 * 10 AS INTEGER) AS VARCHAR)"},
	{"sido", "CAST(c.sido AS VARCHAR)"},
	{"grade", "CAST(c.grade AS VARCHAR)"},
	{"branch", "CAST(c.branch AS VARCHAR)"},
	{"job_title", "CAST(c.job_title AS VARCHAR)"},
}

// whoSQL counts the levels of each property among the best 20 % and all buyers.
func (s *ParetoSettings) whoSQL(scope string) string {
	text := "WITH v AS MATERIALIZED (" + s.contributionSQL(scope) + "), ranked AS MATERIALIZED (SELECT id, row_number() OVER (ORDER BY v DESC, id) * 5 <= count(*) OVER () AS best FROM v) "
	for i, column := range traitColumns {
		if i > 0 {
			text += " UNION ALL "
		}
		text += "SELECT '" + column.name + "', coalesce(" + column.sql + ", '') AS level, count(*) FILTER (WHERE r.best), count(*) FROM ranked r JOIN " + customersTable + " c ON c.id = r.id GROUP BY 2"
	}
	return text
}

// ParetoWho tells who the best 20 % are.
func (s *Service) ParetoWho(ctx context.Context, settings ParetoSettings) (*Who, error) {
	if err := permit(ctx); err != nil {
		return nil, err
	}
	if err := settings.fill(s.currency); err != nil {
		return nil, err
	}
	condition, args := scope(ctx)
	rows, err := s.warehouse.Query(ctx, settings.whoSQL(condition), append(append(settings.contributionArgs(), args...), s.today().Format(isoDate))...)
	if err != nil {
		return nil, fmt.Errorf("who the best customers are: %w", err)
	}
	defer func() { _ = rows.Close() }()
	out := &Who{Traits: []Trait{}}
	for rows.Next() {
		var t Trait
		if err := rows.Scan(&t.Column, &t.Level, &t.Best, &t.All); err != nil {
			return nil, err
		}
		if t.Column == traitColumns[0].name {
			out.Best, out.All = out.Best+t.Best, out.All+t.All
		}
		out.Traits = append(out.Traits, t)
	}
	out.compare()
	return out, rows.Err()
}

// compare keeps the levels that tell something, the clearest first.
func (w *Who) compare() {
	const fewest, most, level = 20, 30, 0.01
	w.Traits = slices.DeleteFunc(w.Traits, func(t Trait) bool { return t.Level == "" || t.All < fewest })
	distance := make(map[string]float64, len(w.Traits))
	for i := range w.Traits {
		t := &w.Traits[i]
		t.BestShare, t.Share = float64(t.Best)/float64(max(w.Best, 1)), float64(t.All)/float64(max(w.All, 1))
		t.Lift = t.BestShare / t.Share
		rest, others := float64(w.All-w.Best), float64(t.All-t.Best)
		pooled := t.Share * (1 - t.Share) * (1/float64(max(w.Best, 1)) + 1/max(rest, 1))
		z := 0.0
		if pooled > 0 {
			z = math.Abs(t.BestShare-others/max(rest, 1)) / math.Sqrt(pooled)
		}
		t.StandsOut = math.Erfc(z/math.Sqrt2)*float64(len(w.Traits)) < level // Bonferroni
		distance[t.Column+"="+t.Level] = z
		t.name()
	}
	slices.SortStableFunc(w.Traits, func(a, b Trait) int {
		return cmp.Or(cmp.Compare(distance[b.Column+"="+b.Level], distance[a.Column+"="+a.Level]), cmp.Compare(a.Column+a.Level, b.Column+b.Level))
	})
	w.Traits = w.Traits[:min(most, len(w.Traits))]
}

func (t *Trait) name() {
	if t.Column == "age_band" {
		t.Label = warehouse.Text{Ko: "나이", En: "Age"}
		t.Words = warehouse.Text{Ko: t.Level + "대", En: "aged " + t.Level + "–" + t.Level[:max(len(t.Level)-1, 0)] + "9"}
		return
	}
	t.Label = warehouse.Text{Ko: words(t.Column, "", "ko"), En: capitalised(words(t.Column, "", "en"))}
	t.Words = warehouse.Text{Ko: words(t.Column, t.Level, "ko"), En: words(t.Column, t.Level, "en")}
}
