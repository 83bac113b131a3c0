// SPDX-License-Identifier: Apache-2.0

package app

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"dangol/internal/mining/report"
	"dangol/internal/mining/value"
)

// page shows the fit: pictures and words first.
func (m *minedCLV) page(lang string) *report.Page {
	p := report.New(lang, p2(lang, "고객 가치", "Customer value")+" · "+m.Until)
	p.Words(p.Say(m.Words.Ko, m.Words.En))
	head := []report.Figure{
		{Name: p.Say("고객", "customers"), Value: grouped(float64(m.Customers))},
		{Name: p.Say("아직 사는 고객(추정)", "still buying (estimate)"), Value: grouped(m.Totals.Alive)},
		{Name: p.Say("예상 구매", "purchases expected"), Value: strconv.FormatFloat(m.Totals.Expected, 'f', 1, 64)},
	}
	if m.Spend != nil {
		head = append(head, report.Figure{Name: p.Say("고객 가치 합", "value of all customers"), Value: grouped(m.Totals.Value)})
	}
	p.Figures(head...)
	m.pictures(p)
	var rows [][]string
	for _, one := range m.Model.Parameters {
		rows = append(rows, []string{m.Model.Model.Title(), one.Name, six(one.Value), six(one.Error)})
	}
	if m.Spend != nil {
		for _, one := range m.Spend.Parameters {
			rows = append(rows, []string{"Gamma-Gamma", one.Name, six(one.Value), six(one.Error)})
		}
	}
	p.Table(p.Say("모수", "Parameters"), []string{p.Say("모형", "model"), "", p.Say("값", "value"), p.Say("표준오차", "standard error")}, rows)
	figures := []report.Figure{{Name: p.Say("로그 가능도", "log-likelihood"), Value: strconv.FormatFloat(m.Model.LogLikelihood, 'f', 3, 64)}, {Name: "AIC", Value: strconv.FormatFloat(m.Model.AIC, 'f', 2, 64)}}
	if m.Spend != nil {
		figures = append(figures, report.Figure{Name: p.Say("금액 모형 로그 가능도", "log-likelihood of value"), Value: strconv.FormatFloat(m.Spend.LogLikelihood, 'f', 3, 64)},
			report.Figure{Name: p.Say("횟수와 금액의 상관", "correlation of frequency and value"), Value: strconv.FormatFloat(m.Spend.Correlation, 'f', 4, 64)})
	}
	if m.HoldOut.Length > 0 {
		figures = append(figures, report.Figure{Name: p.Say("검증: 실제 / 예측", "hold-out: actual / predicted"), Value: grouped(m.HoldOut.Actual) + " / " + strconv.FormatFloat(m.HoldOut.Predicted, 'f', 1, 64)},
			report.Figure{Name: "MAE / RMSE / r", Value: fmt.Sprintf("%.4f / %.4f / %.4f", m.HoldOut.MAE, m.HoldOut.RMSE, m.HoldOut.Correlation)})
	}
	p.Figures(figures...)
	m.best(p)
	if len(m.Notes) > 0 {
		p.Words(m.Notes...)
	}
	return p
}

func (m *minedCLV) pictures(p *report.Page) {
	var actual, predicted []float64
	var labels []string
	for _, t := range m.HoldOut.Tracking {
		actual, predicted = append(actual, t.Actual), append(predicted, t.Predicted)
		labels = append(labels, strconv.FormatFloat(t.Time, 'f', 0, 64))
	}
	names := [2]string{p.Say("실제", "actual"), p.Say("모형", "model")}
	if len(actual) > 1 {
		p.Lines(p.Say("누적 재구매 (가로: ", "Repeat purchases so far (across: ")+p.Say(map[string]string{"weeks": "주", "days": "일"}[m.TimeUnit], m.TimeUnit)+")",
			labels, []report.Series{{Name: names[0], Values: actual}, {Name: names[1], Values: predicted, IsDashed: true}}, nil)
	}
	bars := func(title string, list []value.Bar) {
		var labels []string
		var actual, predicted []float64
		for _, b := range list {
			labels = append(labels, strconv.Itoa(b.X))
			actual, predicted = append(actual, b.Actual), append(predicted, b.Predicted)
		}
		labels[len(labels)-1] += "+"
		p.Bars(title, labels, []report.Series{{Name: names[0], Values: actual}, {Name: names[1], Values: predicted}})
	}
	bars(p.Say("재구매 횟수별 고객", "Customers by repeat purchases"), m.Frequencies)
	if len(m.HoldOut.ByFrequency) > 0 {
		var held []value.Bar
		for _, step := range m.HoldOut.ByFrequency {
			held = append(held, value.Bar{X: step.X, Actual: step.Actual, Predicted: step.Predicted})
		}
		bars(p.Say("검증 기간의 평균 구매, 이전 재구매 횟수별", "Mean purchases in the hold-out by earlier repeat purchases"), held)
	}
	alive := make([]float64, 10)
	for _, one := range m.Predictions {
		alive[min(int(one.Alive*10), 9)]++
	}
	p.Bars(p.Say("아직 사는 확률별 고객", "Customers by the chance of still buying"),
		[]string{"0", "0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7", "0.8", "0.9"}, []report.Series{{Name: "", Values: alive}})
}

// best lists the customers of the highest value.
func (m *minedCLV) best(p *report.Page) {
	order := make([]*minedPrediction, len(m.Predictions))
	for i := range order {
		order[i] = &m.Predictions[i]
	}
	slices.SortStableFunc(order, func(a, b *minedPrediction) int {
		return cmp.Or(cmp.Compare(b.Value, a.Value), cmp.Compare(b.Expected, a.Expected))
	})
	var rows [][]string
	const shown = 15
	for _, one := range order[:min(shown, len(order))] {
		row := []string{one.Customer, plain(one.X), fmt.Sprintf("%.1f", one.Tx), fmt.Sprintf("%.3f", one.Alive), fmt.Sprintf("%.2f", one.Expected)}
		if m.Spend != nil {
			row = append(row, fmt.Sprintf("%.2f", one.Spend), fmt.Sprintf("%.2f", one.Value))
		}
		rows = append(rows, row)
	}
	title := p.Say("앞으로 많이 살 고객", "Customers who will buy most")
	header := []string{p.Say("고객", "customer"), p.Say("재구매(x)", "repeats (x)"), p.Say("마지막 구매(t_x)", "last (t_x)"), p.Say("아직 살 확률", "P(alive)"), p.Say("예상 구매", "expected")}
	if m.Spend != nil {
		title = p.Say("가치가 큰 고객", "Customers of the highest value")
		header = append(header, p.Say("1회 금액", "spend"), p.Say("가치", "value"))
	}
	p.Table(title, header, rows)
}

func six(v float64) string { return strconv.FormatFloat(v, 'g', 7, 64) }

func p2(lang, ko, en string) string {
	if lang == "en" {
		return en
	}
	return ko
}
