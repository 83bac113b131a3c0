// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"

	"dangol/internal/mining/predict"
	"dangol/internal/mining/uplift"
	"dangol/internal/platform/warehouse"
)

// UpliftTable holds how much contact changes every customer, by the last run
// that found anything.
const UpliftTable = "customer_uplifts"

var upliftShapes = []string{"CAST(%s AS BIGINT) AS customer_id", "CAST(%s AS DOUBLE) AS uplift", "CAST(%s AS INTEGER) AS tenth"}

// best finds how many tenths bring most: where the Qini curve of the people
// tested is highest.
func (u *Uplift) best() {
	var curve []uplift.Point
	for i := range u.Results {
		if u.Results[i].IsChosen {
			curve = u.Results[i].Curve
		}
	}
	if len(curve) == 0 {
		return
	}
	end := curve[len(curve)-1].Gain
	most := math.Inf(-1)
	for tenth := 1; tenth <= 10; tenth++ {
		gain := gainAt(curve, float64(tenth)/10)
		if gain > most {
			most, u.Best = gain, tenth
		}
	}
	if end > 0 {
		u.Kept = most / end
	}
}

// gainAt reads the curve between its points.
func gainAt(curve []uplift.Point, share float64) float64 {
	for i := 1; i < len(curve); i++ {
		a, b := curve[i-1], curve[i]
		if share <= b.Share {
			return a.Gain + (b.Gain-a.Gain)*(share-a.Share)/(b.Share-a.Share)
		}
	}
	return curve[len(curve)-1].Gain
}

// scoreUplift learns from everybody assigned and scores all customers of today.
func (s *Service) scoreUplift(ctx context.Context, out *Uplift, people *uplift.People, seed uint64) error {
	day, err := s.scoreDay(ctx, "")
	if err != nil {
		return err
	}
	now, err := s.readPeople(ctx, customersForUplift(day), s.currency)
	if err != nil {
		return err
	}
	only, _ := now.frame.Only(people.Frame.Names()...)
	scores, err := uplift.Score(ctx, out.Chosen, people, only, seed)
	if err != nil {
		return err
	}
	out.Scored = len(scores)
	if !out.Settings.Deploy || len(scores) == 0 {
		return nil
	}
	order := make([]int, len(scores))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(scores[b], scores[a]) })
	columns := make([][]string, len(upliftShapes))
	for place, row := range order {
		for i, text := range []string{strconv.FormatInt(now.ids[row], 10), strconv.FormatFloat(scores[row], 'g', 6, 64), strconv.Itoa(1 + place*10/len(order))} {
			columns[i] = append(columns[i], text)
		}
	}
	out.IsDeployed = true
	return s.writeColumns(ctx, UpliftTable, upliftShapes, columns...)
}

// upliftCube is the uplift of customers as fields.
func upliftCube() warehouse.Cube {
	dim := func(name, column string, kind warehouse.Kind, ko, en string) warehouse.Dimension {
		return warehouse.Dimension{Name: name, Column: column, Kind: kind, Label: warehouse.Text{Ko: ko, En: en}}
	}
	score := dim("uplift_score", "uplift", warehouse.KindNumber, "업리프트", "Uplift")
	score.FilterOnly = true
	return warehouse.Cube{
		Name: "uplift", Label: warehouse.Text{Ko: "업리프트", En: "Uplift"}, Table: UpliftTable, Customer: "customer_id", Profile: true, Permission: "customer:read",
		Dimensions: []warehouse.Dimension{dim("uplift_tenth", "tenth", warehouse.KindInteger, "업리프트 10분위 (1이 최고)", "Uplift tenth (1 is best)"), score},
	}
}

// effectWords write an effect with its interval.
func (u *Uplift) effectWords(e *uplift.Effect) (ko, en string) {
	if u.Settings.Outcome == outcomeBought {
		return fmt.Sprintf("%+.1f %%p(95 %% 구간 %+.1f~%+.1f)", 100*e.Uplift, 100*e.Low, 100*e.High),
			fmt.Sprintf("%+.1f points (95 %% interval %+.1f to %+.1f)", 100*e.Uplift, 100*e.Low, 100*e.High)
	}
	return fmt.Sprintf("1인당 %s(95 %% 구간 %s~%s)", signed(e.Uplift, u.Currency), signed(e.Low, u.Currency), signed(e.High, u.Currency)),
		fmt.Sprintf("%s each (95 %% interval %s to %s)", signed(e.Uplift, u.Currency), signed(e.Low, u.Currency), signed(e.High, u.Currency))
}

func (u *Uplift) say() {
	of := [2]string{"구매율", "The share of buyers"}
	if u.Settings.Outcome == outcomeRevenue {
		of = [2]string{"매출", "Revenue"}
	}
	used := 0
	for _, c := range u.Campaigns {
		if c.Problem == "" {
			used++
		}
	}
	meanKo, meanEn := u.effectWords(&u.Mean)
	ko := fmt.Sprintf("캠페인 %d개에서 연락한 %s명과 연락하지 않은 대조군 %s명을 비교했습니다. %s은 연락하면 평균 %s 달라집니다.", used, counted(u.Mean.Treated), counted(u.Mean.Control), of[0], meanKo)
	en := fmt.Sprintf("%d campaigns were compared: %s customers who were contacted with %s who were held back. %s changes by %s when contacted.", used, counted(u.Mean.Treated), counted(u.Mean.Control), of[1], meanEn)
	if u.Mean.Low <= 0 && u.Mean.High >= 0 {
		ko, en = ko+" 이 차이는 우연과 구별되지 않습니다.", en+" That cannot be told from chance."
	}
	moreKo, moreEn := u.sayWhom()
	ko, en = ko+moreKo, en+moreEn
	if len(u.Unbalanced) > 0 {
		ko += fmt.Sprintf(" 주의: 대조군이 무작위로 뽑히지 않은 것 같습니다(%s). 위 수치는 캠페인의 효과가 아닐 수 있습니다.", u.Labels[0][0])
		en += fmt.Sprintf(" Beware: the control group does not look as if drawn at random (%s). The figures may not be effects of the campaign.", u.Labels[0][1])
	}
	u.Words = predict.Statement{Code: map[bool]string{true: "shown", false: "nothing"}[u.IsShown], Ko: ko, En: en}
}

// sayWhom tells whether it matters who is contacted.
func (u *Uplift) sayWhom() (ko, en string) {
	switch {
	case u.Problem != "":
		return fmt.Sprintf(" 사람이 너무 적어 누구에게 더 통하는지는 말할 수 없습니다. 배우는 쪽과 시험하는 쪽에 실험군과 대조군이 각각 %d명 이상 있어야 합니다.", uplift.FewestArm), " " + u.Problem
	case !u.IsShown:
		return " 누구에게 연락하느냐에 따라 효과가 달라진다는 근거는 찾지 못했습니다. 대상을 골라 효과를 높이려 하지 말고 평균 효과만 믿으세요.",
			" There is nothing to be found that tells on whom contact works better: do not expect more from choosing, and trust the mean effect only."
	}
	top, rest := merge(u.Tenths[:3]), merge(u.Tenths[3:])
	topKo, topEn := u.effectWords(&top)
	restKo, restEn := u.effectWords(&rest)
	ko = fmt.Sprintf(" 누구에게 연락하느냐가 중요합니다. 점수 상위 30 %%에서는 %s, 나머지에서는 %s입니다(배우는 데 쓰지 않은 %s명에서 확인).", topKo, restKo, counted(u.Treated+u.Control))
	en = fmt.Sprintf(" It matters who is contacted: among the best 30 %% it is %s, among the others %s (on %s whom the method had not seen).", topEn, restEn, counted(u.Treated+u.Control))
	switch {
	case u.Best == 10:
		ko += " 그래도 모두에게 보낼 때 효과의 합이 가장 큽니다. 예산이 모자라면 점수가 높은 고객부터 보내세요."
		en += " Still, contacting all adds most in total: begin with the highest scores when the budget is short."
	case u.Kept >= 1:
		ko += fmt.Sprintf(" 상위 %d %%에게만 보내면 모두에게 보낼 때 효과의 %.0f %%를 얻습니다.", 10*u.Best, 100*u.Kept)
		en += fmt.Sprintf(" Contacting the best %d %% only brings %.0f %% of the effect of contacting all.", 10*u.Best, 100*u.Kept)
	}
	return ko, en
}

// merge adds effects of parts up, weighted by their treated people.
func merge(parts []uplift.Effect) uplift.Effect {
	var out uplift.Effect
	var weight, reach float64
	for _, p := range parts {
		w := float64(p.Treated + p.Control)
		out.Treated, out.Control = out.Treated+p.Treated, out.Control+p.Control
		out.Uplift += w * p.Uplift
		weight += w
		half := (p.High - p.Low) / 2
		reach += w * w * half * half
	}
	if weight > 0 {
		out.Uplift /= weight
		out.Low, out.High = out.Uplift-math.Sqrt(reach)/weight, out.Uplift+math.Sqrt(reach)/weight
	}
	return out
}
