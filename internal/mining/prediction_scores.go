// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"dangol/internal/mining/predict"
	"dangol/internal/platform/warehouse"
)

// The tables of deployed scores: one for leaving, one for buying.
const (
	leaveTable = "leave_scores"
	buyTable   = "buy_scores"
)

// scoreRow is one customer of such a table.
type scoreRow struct {
	CustomerID int64   `json:"customer_id"`
	Score      float64 `json:"score"`
	Decile     int     `json:"decile"`
	Band       string  `json:"band"`
	Reason     string  `json:"reason"`
	ReasonEn   string  `json:"reason_en"`
}

// reasonText keeps reasons short enough for a cell of a list.
func reasonText(reasons []predict.Reason, lang string) string {
	parts := make([]string, len(reasons))
	for i, r := range reasons {
		sign := "+"
		if r.Effect < 0 {
			sign = "−"
		}
		parts[i] = words(r.Column, "", lang) + " " + shortValue(r.Value) + " " + sign
	}
	return strings.Join(parts, ", ")
}

func shortValue(text string) string {
	if whole, _, found := strings.Cut(text, "."); found && len(text) > 8 {
		return whole
	}
	return text
}

func scoresTable(s PredictionSettings) string {
	if s.Event == EventBuys {
		return buyTable
	}
	return leaveTable
}

// deploy writes the scores of everybody and keeps the model for the next run.
func (s *Service) deploy(ctx context.Context, out *Prediction, m *predict.Model, list []scoreRow) error {
	if err := s.writeScores(ctx, scoresTable(out.Settings), list); err != nil {
		return fmt.Errorf("write scores: %w", err)
	}
	var text bytes.Buffer
	if err := m.Write(&text); err != nil {
		return err
	}
	if err := s.store.Save(ctx, modelName(out.Settings), text.String()); err != nil {
		return err
	}
	out.IsDeployed = true
	return nil
}

// writeScores hands the rows over as JSON, which the engine unpacks by itself.
func (s *Service) writeScores(ctx context.Context, table string, list []scoreRow) error {
	if list == nil {
		list = []scoreRow{}
	}
	text, err := json.Marshal(list)
	if err != nil {
		return err
	}
	const shape = `'[{"customer_id":"BIGINT","score":"DOUBLE","decile":"INTEGER","band":"VARCHAR","reason":"VARCHAR","reason_en":"VARCHAR"}]'`
	return s.warehouse.Replace(ctx, table, `SELECT r.customer_id, r.score, r.decile, r.band, r.reason, r.reason_en FROM (SELECT unnest(from_json(CAST(? AS JSON), `+shape+`)) AS r)`, string(text))
}

// ensureScores makes the tables that segments and lists look into, before the
// first prediction was deployed.
func (s *Service) ensureScores(ctx context.Context) error {
	for _, table := range []string{leaveTable, buyTable} {
		if _, there := s.warehouse.Column(table, "reason_en"); there {
			continue
		}
		if err := s.writeScores(ctx, table, nil); err != nil {
			return err
		}
	}
	for table, shapes := range map[string][]string{ScorecardTable: cardShapes, SharesTable: shareShapes, UpliftTable: upliftShapes} {
		if _, there := s.warehouse.Column(table, "customer_id"); there {
			continue
		}
		if err := s.writeColumns(ctx, table, shapes, make([][]string, len(shapes))...); err != nil {
			return err
		}
	}
	if err := s.writeGrades(ctx); err != nil {
		return err
	}
	if _, there := s.warehouse.Column(GradeSimulationTable, "grade"); !there {
		err := s.warehouse.Replace(ctx, GradeSimulationTable, "SELECT CAST(0 AS BIGINT) AS customer_id, '' AS grade, '' AS move WHERE false")
		if err != nil {
			return err
		}
	}
	if _, there := s.warehouse.Column(offersTable, "offers"); there {
		return nil
	}
	return s.writeOffers(ctx, []offerRow{})
}

// scoreCubes are the scores as fields of customers.
func scoreCubes() []warehouse.Cube {
	dim := func(name, column string, kind warehouse.Kind, ko, en string) warehouse.Dimension {
		return warehouse.Dimension{Name: name, Column: column, Kind: kind, Label: warehouse.Text{Ko: ko, En: en}}
	}
	cube := func(name, table, ko, en string) warehouse.Cube {
		band := dim(name+"_band", "band", warehouse.KindChoice, ko+" 등급", en+" band")
		for _, v := range [][3]string{{"high", "높음(상위 10 %)", "high (top 10 %)"}, {"middle", "중간(다음 30 %)", "middle (next 30 %)"}, {"low", "낮음", "low"}} {
			band.Values = append(band.Values, warehouse.Value{Value: v[0], Label: warehouse.Text{Ko: v[1], En: v[2]}})
		}
		score := dim(name+"_score", "score", warehouse.KindNumber, ko+" 점수", en+" score")
		reason := dim(name+"_reason", "reason", warehouse.KindText, ko+" 이유", en+" reasons (Korean)")
		english := dim(name+"_reason_en", "reason_en", warehouse.KindText, ko+" 이유 (영어)", en+" reasons")
		english.FilterOnly = true
		score.FilterOnly, reason.FilterOnly = true, true
		return warehouse.Cube{
			Name: name, Label: warehouse.Text{Ko: ko, En: en}, Table: table, Customer: "customer_id", Profile: true, Permission: "customer:read",
			Dimensions: []warehouse.Dimension{band, dim(name+"_decile", "decile", warehouse.KindInteger, ko+" 십분위", en+" decile"), score, reason, english},
		}
	}
	return []warehouse.Cube{cube("leave", leaveTable, "이탈 예측", "Leaving"), cube("buy", buyTable, "구매 예측", "Buying")}
}
