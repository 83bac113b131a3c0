// SPDX-License-Identifier: Apache-2.0

package predict

import (
	"fmt"
	"strings"
)

// Statement is a sentence in both languages.
type Statement struct {
	Code string `json:"code"`
	Ko   string `json:"ko"`
	En   string `json:"en"`
}

var familyNames = map[Family][2]string{
	Baseline: {"기준(모두 같은 확률)", "baseline (same probability for all)"},
	Logistic: {"로지스틱 회귀", "logistic regression"},
	OneTree:  {"의사결정나무", "decision tree"},
	Forest:   {"랜덤 포레스트", "random forest"},
	Boost:    {"그레이디언트 부스팅", "gradient boosting"},
	MLP:      {"신경망(MLP)", "neural network (MLP)"},
}

// Name is the name of a family in a language.
func (f Family) Name(lang string) string {
	if lang == "en" {
		return familyNames[f][1]
	}
	return familyNames[f][0]
}

func (s *Study) add(code, ko, en string) {
	s.Statements = append(s.Statements, Statement{code, ko, en})
}

// say puts the study into words.
func (s *Study) say(o StudyOptions) {
	t := s.Target
	base := 100 * float64(t.Yes) / float64(t.Rows)
	if o.TargetKo != "" {
		s.add("target", fmt.Sprintf("%s: %d명 가운데 %d명(%.1f %%).", o.TargetKo, t.Rows, t.Yes, base), fmt.Sprintf("%s: %d of %d customers (%.1f %%).", o.TargetEn, t.Yes, t.Rows, base))
	} else {
		s.add("target", fmt.Sprintf("%s = %s인 행은 %d개 가운데 %d개(%.1f %%)입니다.", t.Column, t.Positive, t.Rows, t.Yes, base),
			fmt.Sprintf("%d of %d rows have %s = %s (%.1f %%).", t.Yes, t.Rows, t.Column, t.Positive, base))
	}
	e := s.Test
	switch {
	case e.Low <= 0.5:
		s.add("nothing", fmt.Sprintf("이 자료로는 예측할 수 없습니다. AUC %.3f은 우연과 구별되지 않습니다(95 %% 구간 %.3f~%.3f).", e.AUC, e.Low, e.High),
			fmt.Sprintf("These data cannot predict it: an AUC of %.3f cannot be told from chance (95 %% interval %.3f to %.3f).", e.AUC, e.Low, e.High))
	default:
		s.add("quality", fmt.Sprintf("%s: 배우지 않은 %d건에서 AUC %.3f(95 %% 구간 %.3f~%.3f). 점수가 높은 10 %%에서는 비율이 평균의 %.1f배입니다.", s.Family.Name("ko"), e.Rows, e.AUC, e.Low, e.High, e.Lift10),
			fmt.Sprintf("%s: AUC %.3f (95 %% interval %.3f to %.3f) on %d rows it has not seen. Among the top 10 %% by score the rate is %.1f times the mean.", capital(s.Family.Name("en")), e.AUC, e.Low, e.High, e.Rows, e.Lift10))
	}
	if o.Family == Auto {
		s.sayChoice()
	}
	if len(s.Importance) > 0 && s.Importance[0].Loss > 0 {
		var ko, en []string
		for _, i := range s.Importance[:min(3, len(s.Importance))] {
			if i.Loss > 0 {
				ko, en = append(ko, o.Words.Column(i.Column, "ko")), append(en, o.Words.Column(i.Column, "en"))
			}
		}
		s.add("drivers", "가장 중요한 것: "+strings.Join(ko, ", ")+".", "What matters most: "+strings.Join(en, ", ")+".")
	}
	s.sayNotices(o)
	const off = 0.2
	if e.Slope < 1-off || e.Slope > 1+off {
		s.add("calibration", fmt.Sprintf("점수는 확률로 그대로 읽을 수 없습니다(보정 기울기 %.2f). 순서로만 쓰십시오.", e.Slope),
			fmt.Sprintf("Scores are not quite probabilities (calibration slope %.2f): use them as an order.", e.Slope))
	}
	if s.BestCut != nil {
		s.add("profit", fmt.Sprintf("이익이 가장 큰 선은 점수 %.3f 이상, 상위 %.0f %%(%d명)이며 이익은 %.0f입니다.", s.BestCut.Score, 100*s.BestCut.Share, s.BestCut.Count, s.BestCut.Profit),
			fmt.Sprintf("Profit is largest from a score of %.3f on: the top %.0f %% (%d rows), %.0f.", s.BestCut.Score, 100*s.BestCut.Share, s.BestCut.Count, s.BestCut.Profit))
	}
	if r := s.Regression; r != nil && len(r.Separated) > 0 {
		s.add("separation", "다음 항은 예와 아니요를 빈틈없이 갈라 회귀계수가 유한하지 않습니다: "+strings.Join(r.Separated, ", ")+". 벌점을 준 계수를 보입니다.",
			"These terms tell yes from no without fail, so that their coefficients are not finite: "+strings.Join(r.Separated, ", ")+". Penalised coefficients are shown.")
	}
	if r := s.Regression; r != nil && len(r.Aliased) > 0 {
		s.add("aliased", "앞의 항으로 정해지는 항은 회귀표에서 뺐습니다: "+strings.Join(r.Aliased, ", ")+".",
			"Terms that follow from earlier ones are left out of the regression table: "+strings.Join(r.Aliased, ", ")+".")
	}
}

func (s *Study) sayChoice() {
	best, chosen := s.Crossed[0], Proposed(s.Crossed)
	for _, c := range s.Crossed {
		if c.AUC > best.AUC {
			best = c
		}
	}
	if best.Family == chosen.Family {
		s.add("choice", fmt.Sprintf("교차검증에서 가장 좋은 모형은 %s입니다(AUC %.4f).", chosen.Family.Name("ko"), chosen.AUC),
			fmt.Sprintf("In cross-validation the %s was best (AUC %.4f).", chosen.Family.Name("en"), chosen.AUC))
		return
	}
	s.add("choice", fmt.Sprintf("교차검증에서 AUC가 가장 높은 모형은 %s(%.4f)이지만, 더 단순한 %s(%.4f)도 잡음 범위 안에 있어 단순한 쪽을 제안합니다.", best.Family.Name("ko"), best.AUC, chosen.Family.Name("ko"), chosen.AUC),
		fmt.Sprintf("In cross-validation the %s had the highest AUC (%.4f); the simpler %s (%.4f) is within noise of it and is proposed.", best.Family.Name("en"), best.AUC, chosen.Family.Name("en"), chosen.AUC))
}

var noticeWords = map[string][2]string{
	IsConstant:   {"값이 하나뿐이라 뺐습니다", "left out: one value only"},
	IsEmpty:      {"값이 없어 뺐습니다", "left out: no value"},
	IsIdentity:   {"행마다 값이 다른 번호나 이름이라 뺐습니다", "left out: a number or name of its own for every row"},
	IsLeak:       {"혼자서 답을 거의 알고 있어(미래의 정보일 수 있어) 뺐습니다", "left out: it knows the answer nearly by itself, so it may give the future away"},
	MayLeak:      {"혼자서 너무 잘 맞힙니다. 미래의 정보인지 확인하십시오", "kept, but predicts suspiciously well by itself: make sure it is known beforehand"},
	IsCopy:       {"다른 열과 같아 뺐습니다", "left out: the same as another column"},
	ManyLevels:   {"범주가 많아 드문 것은 하나로 묶었습니다", "has many categories; rare ones share one"},
	WasExcluded:  {"요청에 따라 뺐습니다", "left out as asked"},
	IsOfToday:    {"오늘의 값만 알 수 있어, 답이 나온 뒤에 적힌 것일 수 있습니다. 확인하십시오", "kept, but known as of today only: it may have been written after the answer"},
	IsLate:       {"오늘의 값이고 혼자서 답을 너무 잘 알아, 답이 나온 뒤에 적힌 것으로 보고 뺐습니다", "left out: known as of today only, and it knows the answer so well that it must have been written after it"},
	MostlyAbsent: {"절반 넘게 비어 있습니다. 빈 것도 정보로 씁니다", "is missing in more than half of the rows; missing is used as information"},
}

func (s *Study) sayNotices(o StudyOptions) {
	for _, n := range s.Notices {
		words := noticeWords[n.Code]
		detail, detailEn := "", ""
		switch n.Code {
		case IsLeak, MayLeak:
			detail = fmt.Sprintf(" (AUC %.3f)", n.Value)
			detailEn = detail
		case IsOfToday, IsLate:
			detail = fmt.Sprintf(" (AUC %.3f → %.3f)", n.Value, n.Held)
			detailEn = detail
		case IsCopy:
			detail, detailEn = " ("+o.Words.Column(n.With, "ko")+")", " ("+o.Words.Column(n.With, "en")+")"
		case ManyLevels:
			detail = fmt.Sprintf(" (%.0f)", n.Value)
			detailEn = detail
		}
		s.add("column_"+n.Code, o.Words.Column(n.Column, "ko")+": "+words[0]+detail+".", o.Words.Column(n.Column, "en")+": "+words[1]+detailEn+".")
	}
}

func capital(text string) string {
	if text == "" {
		return text
	}
	return strings.ToUpper(text[:1]) + text[1:]
}
