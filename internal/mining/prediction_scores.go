// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"

	"dangol/internal/mining/frame"
	"dangol/internal/mining/predict"
	"dangol/internal/platform/warehouse"
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
func reasonText(reasons []predict.Reason, names frame.Words, lang string) string {
	parts := make([]string, len(reasons))
	for i, r := range reasons {
		sign := "+"
		if r.Effect < 0 {
			sign = "−"
		}
		parts[i] = names.Column(r.Column, lang) + " " + valueText(r.Column, r.Value, lang) + " " + sign
	}
	return strings.Join(parts, ", ")
}

func shortValue(text string) string {
	if whole, _, found := strings.Cut(text, "."); found && len(text) > 8 {
		return whole
	}
	return text
}

// rankScores scores people, best first; order are their places in the table.
func rankScores(m *predict.Model, now *people) (list []scoreRow, order []int) {
	scores := m.Score(now.frame)
	order = make([]int, len(scores))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(scores[b], scores[a]) })
	list = make([]scoreRow, len(order))
	for place, row := range order {
		list[place] = scoreRow{CustomerID: now.ids[row], Score: scores[row], Band: bandAt(place, len(order)), Decile: place*10/len(order) + 1}
	}
	return list, order
}

func bandsOf(list []scoreRow) []ScoreBand {
	out := make([]ScoreBand, len(bands))
	for i, name := range bands {
		out[i].Band = name
		for _, row := range list {
			if row.Band == name {
				out[i].Customers++
				out[i].Mean += row.Score
			}
		}
		out[i].Mean /= float64(max(1, out[i].Customers))
	}
	return out
}

// explain writes the reasons of the first scores, slice by slice, and says how
// many were explained.
func explain(ctx context.Context, m *predict.Model, now *people, order []int, list []scoreRow, seed uint64, names frame.Words, show func(ScoredOne)) (int, error) {
	const slice, least, each = 500, 20, 3
	most := min(reasonRows, len(order), max(least, int(reasonSteps/m.ReasonCost())))
	if m.Family == predict.MLP {
		most = min(most, 10*slice) // each costs hundreds of scores
	}
	for from := 0; from < most; from += slice {
		if err := ctx.Err(); err != nil {
			return from, err
		}
		rows := order[from:min(most, from+slice)]
		part := now.frame.Take(rows)
		_, effects := m.Contributions(part, seed)
		for i := range rows {
			reasons := m.Reasons(part, i, effects[i], each)
			list[from+i].Reason, list[from+i].ReasonEn = reasonText(reasons, names, "ko"), reasonText(reasons, names, "en")
			show(ScoredOne{list[from+i].CustomerID, list[from+i].Score, reasons})
		}
	}
	return most, nil
}

// bands divide customers by rank: the first tenth, the next three, the rest.
var bands = []string{"high", "middle", "low"}

func bandAt(place, count int) string {
	switch {
	case place*10 < count:
		return bands[0]
	case place*10 < 4*count:
		return bands[1]
	}
	return bands[2]
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
	for _, t := range targets {
		if _, there := s.warehouse.Column(t.table, "reason_en"); there {
			continue
		}
		if err := s.writeScores(ctx, t.table, nil); err != nil {
			return err
		}
	}
	for table, shapes := range map[string][]string{ScorecardTable: cardShapes, lookalikeTable: lookalikeShapes, clusterTable: clusterShapes, SharesTable: shareShapes, UpliftTable: upliftShapes} {
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
	var out []warehouse.Cube
	for _, t := range targets {
		out = append(out, cube(t.field, t.table, t.label.Ko, t.label.En))
	}
	return out
}
