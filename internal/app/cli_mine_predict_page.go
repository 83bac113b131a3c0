// SPDX-License-Identifier: Apache-2.0

package app

import (
	"fmt"
	"strconv"

	"dangol/internal/mining/predict"
	"dangol/internal/mining/report"
)

// studyPage shows a prediction: words, gains, calibration, what matters, tables.
func studyPage(lang string, s *predict.Study, notes []string) *report.Page {
	p := report.New(lang, s.Target.Column+" = "+s.Target.Positive)
	for _, one := range s.Statements {
		p.Words(p.Say(one.Ko, one.En))
	}
	p.Figures(report.Figure{Name: p.Say("모형", "model"), Value: s.Family.Name(lang)},
		report.Figure{Name: "AUC", Value: decimals(s.Test.AUC, 4)},
		report.Figure{Name: p.Say("로그 손실", "log loss"), Value: decimals(s.Test.LogLoss, 4)},
		report.Figure{Name: "Brier", Value: decimals(s.Test.Brier, 4)},
		report.Figure{Name: "KS", Value: decimals(s.Test.KS, 3)},
		report.Figure{Name: p.Say("상위 10 % 리프트", "lift of top 10 %"), Value: decimals(s.Test.Lift10, 3)},
		report.Figure{Name: p.Say("배운 행 / 시험한 행", "rows learned / tested"), Value: grouped(float64(s.Learned)) + " / " + grouped(float64(s.Tested))})
	gainsOn(p, s)
	importanceOn(p, s)
	familiesOn(p, s)
	dependenceOn(p, s)
	regressionOn(p, s.Regression)
	p.Words(notes...)
	return p
}

func decimals(v float64, n int) string { return strconv.FormatFloat(v, 'f', n, 64) }

func gainsOn(p *report.Page, s *predict.Study) {
	labels, captured, chance := []string{"0 %"}, []float64{0}, []float64{0}
	for _, g := range s.Test.Gains {
		labels, captured, chance = append(labels, fmt.Sprintf("%.0f %%", 100*g.Share)), append(captured, 100*g.Captured), append(chance, 100*g.Share)
	}
	p.Lines(p.Say("이득 곡선: 점수 상위 몇 %에서 예의 몇 %를 찾는가", "Gains: share of all yeses found among the best by score"), labels,
		[]report.Series{{Name: p.Say("모형", "model"), Values: captured}, {Name: p.Say("무작위", "at random"), Values: chance, IsDashed: true}}, nil)
	labels = nil
	var predicted, seen []float64
	for i, c := range s.Test.Calibration {
		labels, predicted, seen = append(labels, strconv.Itoa(i+1)), append(predicted, 100*c.Predicted), append(seen, 100*c.Seen)
	}
	p.Bars(p.Say("보정: 점수 십분위별 예측 비율과 실제 비율(%)", "Calibration: predicted and seen rate by tenth of scores (%)"), labels,
		[]report.Series{{Name: p.Say("예측", "predicted"), Values: predicted}, {Name: p.Say("실제", "seen"), Values: seen}})
	if len(s.Profit) > 0 {
		labels = nil
		var profit []float64
		for _, one := range s.Profit {
			labels, profit = append(labels, fmt.Sprintf("%.0f %%", 100*one.Share)), append(profit, one.Profit)
		}
		p.Lines(p.Say("이익 곡선", "Profit by share acted on"), labels, []report.Series{{Values: profit}}, nil)
	}
}

func importanceOn(p *report.Page, s *predict.Study) {
	const most = 15
	var rows [][]string
	for _, i := range s.Importance[:min(most, len(s.Importance))] {
		rows = append(rows, []string{i.Column, decimals(i.Loss, 4), decimals(i.Spread, 4), decimals(i.MeanEffect, 3)})
	}
	p.Table(p.Say("중요도: 열을 섞으면 AUC가 얼마나 떨어지는가", "Importance: loss of AUC when a column is shuffled"),
		[]string{p.Say("열", "column"), p.Say("AUC 손실", "AUC loss"), p.Say("표준편차", "sd"), p.Say("평균 영향(SHAP)", "mean effect (SHAP)")}, rows)
}

func familiesOn(p *report.Page, s *predict.Study) {
	crossed := map[predict.Family]predict.Crossed{}
	for _, c := range s.Crossed {
		crossed[c.Family] = c
	}
	var rows [][]string
	for _, f := range s.Families {
		row := []string{f.Family.Name(p.Lang), decimals(f.AUC, 4), decimals(f.LogLoss, 4), decimals(f.Accuracy, 4), decimals(f.Lift10, 3), "", ""}
		if c, known := crossed[f.Family]; known {
			row[5] = decimals(c.AUC, 4) + " ± " + decimals(c.Spread, 4)
			if c.IsProposed {
				row[6] = p.Say("제안", "proposed")
			}
		}
		rows = append(rows, row)
	}
	p.Table(p.Say("모형 비교", "Models"), []string{p.Say("모형", "model"), "AUC", p.Say("로그 손실", "log loss"), p.Say("정확도", "accuracy"), p.Say("리프트 10 %", "lift 10 %"), p.Say("교차검증 AUC", "cross-validated AUC"), ""}, rows)
}

func dependenceOn(p *report.Page, s *predict.Study) {
	for _, d := range s.Dependence {
		labels, values := d.Levels, make([]float64, len(d.Score))
		for i, v := range d.Score {
			values[i] = 100 * v
			if d.Kind != "category" {
				labels = append(labels, shortNumber(d.At[i]))
			}
		}
		title := p.Say("평균 점수(%)와 ", "Mean score (%) by ") + d.Column
		if d.Kind == "category" {
			p.Bars(title, labels, []report.Series{{Values: values}})
		} else {
			p.Lines(title, labels, []report.Series{{Values: values}}, nil)
		}
	}
}

func shortNumber(v float64) string { return strconv.FormatFloat(v, 'g', 5, 64) }

func regressionOn(p *report.Page, r *predict.Regression) {
	if r == nil {
		return
	}
	text := func(x *float64, n int) string {
		if x == nil {
			return "–"
		}
		return decimals(*x, n)
	}
	var rows [][]string
	for _, t := range r.Terms {
		rows = append(rows, []string{t.Name, text(t.Estimate, 6), text(t.Error, 6), text(t.Z, 2), text(t.P, 4), text(t.OddsRatio, 3)})
	}
	p.Table(p.Say("로지스틱 회귀표(모든 행)", "Logistic regression (all rows)"), []string{p.Say("항", "term"), p.Say("계수", "estimate"), p.Say("표준오차", "standard error"), "z", "p", p.Say("오즈비", "odds ratio")}, rows)
	p.Words(fmt.Sprintf("%s %.3f (%s %.3f), AIC %.3f", p.Say("이탈도", "Deviance"), r.Deviance, p.Say("상수만", "null"), r.NullDeviance, r.AIC))
}
