// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"context"
	"fmt"

	"dangol/internal/platform/warehouse"
)

// LineSettings part the scores by business line.
type LineSettings struct {
	// By is what parts the business; empty takes departments.
	By string `json:"by,omitempty" enum:"department,category,brand,channel,store,"`
	// Weights are those of single lines; others take the weights of everybody.
	Weights map[string]Weights `json:"weights,omitempty"`
}

func (l *LineSettings) fill() error {
	if l.By == "" {
		l.By = "department"
	}
	if err := checkBy(l.By); err != nil {
		return err
	}
	for name, w := range l.Weights {
		if err := w.check(); err != nil {
			return bad("weights."+name, "three numbers of at least 0 that add up to 1")
		}
	}
	return nil
}

// LineRFM is the scores within one business line.
type LineRFM struct {
	Value   string  `json:"value"`
	Weights Weights `json:"weights"`
	Buyers  int64   `json:"buyers"`
	Revenue int64   `json:"revenue"`
	Average float64 `json:"average_score"`
	// MedianR, MedianF and MedianM are of the buyers of the line.
	MedianR float64 `json:"median_recency_days"`
	MedianF float64 `json:"median_frequency"`
	MedianM float64 `json:"median_monetary"`
	Groups  []Group `json:"groups"`
}

// LinesRFM compares business lines.
type LinesRFM struct {
	Settings LineSettings `json:"settings"`
	Saved    LineSettings `json:"saved" doc:"what the fields of customers are computed by"`
	Currency string       `json:"currency"`
	Lines    []LineRFM    `json:"lines"`
	Names    []NamedGroup `json:"names"`
}

// linesInput is what a comparison of lines is asked with.
type linesInput struct {
	RFM RFMSettings `json:"rfm,omitempty"`
	LineSettings
}

// modelLines is the row of the saved weights of business lines.
const modelLines = "rfm.lines"

// RFMLines scores the buyers of each business line among themselves, with its weights.
func (s *Service) RFMLines(ctx context.Context, settings RFMSettings, lines LineSettings) (*LinesRFM, error) {
	if err := permit(ctx); err != nil {
		return nil, err
	}
	saved, err := s.savedLines(ctx)
	if err != nil {
		return nil, err
	}
	if lines.By == "" {
		lines.By = saved.By
	}
	if lines.Weights == nil && lines.By == saved.By {
		lines.Weights = saved.Weights
	}
	sizes, err := s.linesOf(ctx, &lines)
	if err != nil {
		return nil, err
	}
	out := &LinesRFM{Settings: lines, Saved: saved, Currency: s.currency, Lines: []LineRFM{}, Names: Groups()}
	for _, size := range sizes {
		one := lines.of(settings, size.Value)
		found, err := s.RFM(ctx, one)
		if err != nil {
			return nil, err
		}
		row := LineRFM{
			Value: size.Value, Weights: *found.Settings.Weights, Buyers: found.Buyers, Revenue: found.Revenue, Groups: found.Groups,
			MedianR: found.Sums.MedianR, MedianF: found.Sums.MedianF, MedianM: found.Sums.MedianM,
		}
		for _, b := range found.Boxes {
			row.Average += b.Score * float64(b.Customers) / float64(max(found.Buyers, 1))
		}
		out.Lines = append(out.Lines, row)
	}
	return out, nil
}

// linesOf lists the lines; when nobody says what parts the business, the first
// dimension with at least two values does.
func (s *Service) linesOf(ctx context.Context, lines *LineSettings) ([]LineSize, error) {
	choose := lines.By == ""
	if err := lines.fill(); err != nil {
		return nil, err
	}
	sizes, err := s.ListLines(ctx, lines.By)
	for _, by := range lineColumns {
		if err != nil || !choose || len(sizes) > 1 {
			break
		}
		lines.By = by
		sizes, err = s.ListLines(ctx, by)
	}
	return sizes, err
}

// of is how one line is scored.
func (l *LineSettings) of(settings RFMSettings, value string) RFMSettings {
	settings.Line = &Line{By: l.By, Value: value}
	if w, own := l.Weights[value]; own {
		settings.Weights = &w
	}
	return settings
}

// LineScoresTable holds the scores of buyers within each business line.
const LineScoresTable = "rfm_line_scores"

// lineScoresColumns are those of LineScoresTable without rows.
const lineScoresColumns = "SELECT CAST(0 AS BIGINT) AS id, CAST(0 AS BIGINT) AS customer_id, '' AS line, CAST(0 AS INTEGER) AS r, CAST(0 AS INTEGER) AS f, CAST(0 AS INTEGER) AS m, " +
	"CAST(0 AS DOUBLE) AS score, '' AS segment, TIMESTAMP '1970-01-01' AS scored_at"

// writeLineScores replaces the table of scores within lines.
func (s *Service) writeLineScores(ctx context.Context, settings RFMSettings, lines LineSettings) error {
	sizes, err := s.ListLines(ctx, lines.By)
	if err != nil {
		return err
	}
	text := lineScoresColumns + " WHERE false"
	var args []any
	for _, size := range sizes {
		one := lines.of(settings, size.Value)
		if err := one.fill(s.today(), s.currency); err != nil {
			return err
		}
		w := one.Weights
		text += " UNION ALL SELECT CAST(0 AS BIGINT), id, CAST(? AS VARCHAR), CAST(rs AS INTEGER), CAST(fs AS INTEGER), CAST(ms AS INTEGER), " +
			fmt.Sprintf("CAST(%g * rs + %g * fs + %g * ms AS DOUBLE), ", w.R, w.F, w.M) + groupSQL() + ", TIMESTAMP '" + one.At + "' FROM (WITH " + one.scoredSQL("true") + " SELECT * FROM scored)"
		args = append(append(args, size.Value), one.buyersArgs()...)
	}
	return s.warehouse.Replace(ctx, LineScoresTable, "SELECT row_number() OVER (ORDER BY customer_id, line) AS id, * EXCLUDE (id) FROM ("+text+") ORDER BY customer_id, line", args...)
}

// lineCube is the scores within business lines as something that is said of customers.
func lineCube() warehouse.Cube {
	dim := func(name string, kind warehouse.Kind, ko, en string) warehouse.Dimension {
		return warehouse.Dimension{Name: name, Column: name, Kind: kind, Label: warehouse.Text{Ko: ko, En: en}}
	}
	group := dim("segment", warehouse.KindChoice, "RFM 그룹", "RFM group")
	for _, g := range groups {
		group.Values = append(group.Values, warehouse.Value{Value: g.name, Label: g.label})
	}
	score := dim("score", warehouse.KindNumber, "RFM 점수", "RFM score")
	score.FilterOnly = true
	return warehouse.Cube{
		Name: "rfm_line", Label: warehouse.Text{Ko: "사업 부문 RFM", En: "RFM of business lines"}, Table: LineScoresTable, Key: "id", Time: "scored_at", Customer: "customer_id", Permission: "order:read",
		Joins: []warehouse.Join{{Cube: "customer", Column: "customer_id"}},
		Dimensions: append(warehouse.TimeDimensions("", "scored_at", warehouse.Text{Ko: "기준일", En: "As of"}),
			dim("line", warehouse.KindChoice, "사업 부문", "Business line"), group,
			dim("r", warehouse.KindInteger, "R (최근성)", "R (recency)"), dim("f", warehouse.KindInteger, "F (빈도)", "F (frequency)"), dim("m", warehouse.KindInteger, "M (금액)", "M (monetary)"), score),
		Measures: []warehouse.Measure{{Name: "customers", Aggregate: warehouse.Distinct, Column: "customer_id", Kind: warehouse.KindInteger, Label: warehouse.Text{Ko: "고객 수", En: "Customers"}}},
		Events:   []warehouse.Event{{Name: "rfm_line", Label: warehouse.Text{Ko: "사업 부문에서 RFM", En: "RFM in a business line"}}},
	}
}
