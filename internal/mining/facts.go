// SPDX-License-Identifier: Apache-2.0

package mining

import "dangol/internal/platform/warehouse"

// Cubes returns the scores as fields of customers: rfm_r … rfm_segment.
func Cubes() []warehouse.Cube {
	dim := func(name, column string, kind warehouse.Kind, ko, en string) warehouse.Dimension {
		return warehouse.Dimension{Name: name, Column: column, Kind: kind, Label: warehouse.Text{Ko: ko, En: en}}
	}
	group := dim("rfm_segment", "segment", warehouse.KindChoice, "RFM 그룹", "RFM group")
	for _, g := range groups {
		group.Values = append(group.Values, warehouse.Value{Value: g.name, Label: g.label})
	}
	frequency := dim("rfm_frequency", "frequency", warehouse.KindInteger, "RFM 구매 횟수", "RFM purchases")
	days := dim("rfm_recency_days", "recency_days", warehouse.KindInteger, "RFM 마지막 구매 경과일", "RFM days since last purchase")
	money := dim("rfm_monetary", "monetary", warehouse.KindMoney, "RFM 구매 금액", "RFM amount")
	score := dim("rfm_score", "score", warehouse.KindNumber, "RFM 점수", "RFM score")
	frequency.FilterOnly, days.FilterOnly, money.FilterOnly, score.FilterOnly = true, true, true, true
	return append(append(scoreCubes(), gradeCubes()...), offerCube(), upliftCube(), lookalikeCube(), clusterCube(), scorecardCube(), shareCube(), valueCube(), lineCube(), warehouse.Cube{
		Name: "rfm", Label: warehouse.Text{Ko: "RFM", En: "RFM"}, Table: ScoresTable, Customer: "customer_id", Profile: true, Permission: "customer:read",
		Dimensions: []warehouse.Dimension{
			group, dim("rfm_r", "r", warehouse.KindInteger, "R (최근성)", "R (recency)"), dim("rfm_f", "f", warehouse.KindInteger, "F (빈도)", "F (frequency)"),
			dim("rfm_m", "m", warehouse.KindInteger, "M (금액)", "M (monetary)"), dim("rfm_box", "box", warehouse.KindInteger, "RFM 상자", "RFM box"),
			score, days, frequency, money,
		},
	})
}

// valueCube is what the last value run found of each customer.
func valueCube() warehouse.Cube {
	dim := func(name, column string, kind warehouse.Kind, ko, en string) warehouse.Dimension {
		return warehouse.Dimension{Name: name, Column: column, Kind: kind, Label: warehouse.Text{Ko: ko, En: en}, FilterOnly: true}
	}
	stage := dim("value_stage", "stage", warehouse.KindChoice, "생애 단계", "Life-cycle stage")
	stage.FilterOnly = false
	for _, one := range stageLabels {
		stage.Values = append(stage.Values, warehouse.Value{Value: string(one.stage), Label: one.label})
	}
	tenth := dim("value_tenth", "tenth", warehouse.KindInteger, "고객 가치 10분위 (1이 최고)", "Value tenth (1 is best)")
	tenth.FilterOnly = false
	return warehouse.Cube{
		Name: "value", Label: warehouse.Text{Ko: "고객 가치", En: "Customer value"}, Table: ValuesTable, Customer: "customer_id", Profile: true, Permission: "customer:read",
		Dimensions: []warehouse.Dimension{
			stage, tenth,
			dim("value_clv", "clv", warehouse.KindMoney, "고객 가치 (기간 안)", "Customer value (within the horizon)"),
			dim("value_alive", "alive", warehouse.KindPercent, "아직 살 확률", "Chance of still buying"),
			dim("value_expected", "expected", warehouse.KindNumber, "예상 구매 횟수", "Expected purchases"),
			dim("value_interval_days", "interval_days", warehouse.KindInteger, "평균 구매 간격 (일)", "Mean purchase interval (days)"),
			dim("value_referral", "referral", warehouse.KindMoney, "소개 가치", "Value of introductions"),
			dim("value_household", "household", warehouse.KindMoney, "가구 가치", "Household value"),
			dim("value_next_on", "next_on", warehouse.KindDate, "다음 구매 예상일", "Next purchase expected on"),
		},
	}
}
