// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"context"
	"fmt"
	"strings"

	"dangol/internal/mining/cluster"
	"dangol/internal/mining/frame"
	"dangol/internal/mining/profile"
)

// columnWords are the columns of tables of customers, as sentences name them.
var columnWords = map[string][2]string{
	"recency_days": {"마지막 구매 후 일수", "days since the last purchase"}, "known_days": {"첫 구매 후 일수", "days since the first purchase"},
	"orders": {"주문 수", "orders"}, "revenue": {"구매 금액", "revenue"}, "per_order": {"주문당 금액", "revenue per order"},
	"days_between": {"평균 구매 간격(일)", "days between orders"}, "orders_90_days": {"최근 90일 주문 수", "orders of the last 90 days"},
	"revenue_90_days": {"최근 90일 금액", "revenue of the last 90 days"}, "categories": {"산 분류 수", "categories bought"},
	"returns": {"반품 횟수", "returns"}, "mails_sent": {"받은 캠페인 메일", "campaign mails"}, "mails_clicked": {"캠페인 메일 클릭", "clicks in campaign mails"},
	"pieces": {"수량", "pieces"}, "discounts": {"할인 금액", "discounts"}, "channel": {"채널", "channel"}, "top_category": {"주로 산 분류", "main category"},
	"sex": {"성별", "sex"}, "sido": {"시·도", "region"}, "age": {"나이", "age"}, "grade": {"등급", "grade"}, "branch": {"지점", "branch"}, "job_title": {"직책", "job title"},
	"rfm_r": {"최근성 점수", "recency score"}, "rfm_f": {"빈도 점수", "frequency score"}, "rfm_m": {"금액 점수", "money score"}, "rfm_segment": {"RFM 고객군", "RFM group"},
}

// levelWords are values that mean nothing to a reader as they are stored.
var levelWords = map[string][2]string{
	"sex=female": {"여성", "women"}, "sex=male": {"남성", "men"}, "sex=F": {"여성", "women"}, "sex=M": {"남성", "men"},
}

// words names the columns of the product, see frame.Words.
func words(column, level, lang string) string {
	at := 0
	if lang == "en" {
		at = 1
	}
	name := column
	if both, known := columnWords[column]; known {
		name = both[at]
	}
	if level == "" {
		return name
	}
	if both, known := levelWords[column+"="+level]; known {
		return both[at]
	}
	if column == "rfm_segment" {
		level = groupLabel(level, at)
	}
	return name + " " + level
}

// groupLabel is the label of an RFM group.
func groupLabel(name string, at int) string {
	for _, rule := range groups {
		if rule.name == name {
			return [2]string{rule.label.Ko, rule.label.En}[at]
		}
	}
	return name
}

// targetOf says who is described.
func targetOf(s ProfileSettings) profile.Target {
	period := [2]string{"", ""}
	if s.Months > 0 {
		period = [2]string{fmt.Sprintf("최근 %d개월 동안 ", s.Months), fmt.Sprintf(" in the last %d months", s.Months)}
	}
	switch s.Of {
	case "category", "product":
		return profile.Target{Ko: period[0] + "‘" + s.Value + "’ 상품을 산 고객", En: "those who bought ‘" + s.Value + "’" + period[1]}
	case "group":
		return profile.Target{Ko: "RFM 고객군 ‘" + groupLabel(s.Value, 0) + "’ 고객", En: "customers of the RFM group ‘" + groupLabel(s.Value, 1) + "’"}
	}
	return profile.Target{Ko: "등급 ‘" + s.Value + "’ 고객", En: "customers of grade ‘" + s.Value + "’"}
}

// targetWords say what a prediction is about.
func (s PredictionSettings) targetWords() (ko, en string) {
	afterKo, afterEn := "", ""
	if s.GapDays > 0 {
		afterKo, afterEn = fmt.Sprintf("%d일 뒤부터 ", s.GapDays), fmt.Sprintf(", counted from %d days later on", s.GapDays)
	}
	switch s.Event {
	case EventBuys:
		what := s.Category
		if s.Product != "" {
			what = s.Product
		}
		return fmt.Sprintf("%s%d일 안에 ‘%s’ 상품을 살 고객", afterKo, s.HorizonDays, what), fmt.Sprintf("Bought ‘%s’ within %d days%s", what, s.HorizonDays, afterEn)
	case EventAnswers:
		return fmt.Sprintf("%s%d일 안에 캠페인 메일을 받고 링크를 누를 고객", afterKo, s.HorizonDays), fmt.Sprintf("Followed a link of a campaign's mail within %d days%s", s.HorizonDays, afterEn)
	case EventRefuses:
		return fmt.Sprintf("%s%d일 안에 캠페인 메일을 받고 수신을 거부할 고객", afterKo, s.HorizonDays), fmt.Sprintf("Unsubscribed after a campaign's mail within %d days%s", s.HorizonDays, afterEn)
	case EventReturns:
		return fmt.Sprintf("%s%d일 안에 상품을 반품할 고객", afterKo, s.HorizonDays), fmt.Sprintf("Returned goods within %d days%s", s.HorizonDays, afterEn)
	}
	return fmt.Sprintf("앞으로 %s%d일 동안 아무것도 사지 않은 고객", afterKo, s.HorizonDays), fmt.Sprintf("Bought nothing within %d days%s", s.HorizonDays, afterEn)
}

// valueText is a value of a column in a reason.
func valueText(column, value, lang string) string {
	at := 0
	if lang == "en" {
		at = 1
	}
	if both, known := levelWords[column+"="+value]; known {
		return both[at]
	}
	return shortValue(value)
}

// namesOf names the columns of customers, custom attributes by their labels.
func (s *Service) namesOf(ctx context.Context, attributes []string) (frame.Words, error) {
	if len(attributes) == 0 || s.attributes == nil {
		return words, nil
	}
	list, err := s.attributes.ListLabels(ctx)
	if err != nil {
		return nil, fmt.Errorf("labels of attributes: %w", err)
	}
	labels := map[string]AttributeLabel{}
	for _, one := range list {
		labels[one.Name] = one
	}
	return func(column, level, lang string) string {
		label, known := labels[column]
		switch {
		case !known || level != "":
			return words(column, level, lang)
		case lang == "en":
			return label.LabelEn
		}
		return label.LabelKo
	}, nil
}

// traitWords say what much and little of a measure makes of people.
var traitWords = map[string][2][2]string{
	"recency_days": {{"한동안 안 산", "quiet for long"}, {"최근에 산", "bought lately"}},
	"orders":       {{"자주 사는", "many orders"}, {"드물게 사는", "few orders"}},
	"per_order":    {{"한 번에 많이 쓰는", "large baskets"}, {"한 번에 적게 쓰는", "small baskets"}},
	"known_days":   {{"오래된", "long known"}, {"새로 온", "new"}},
	"categories":   {{"여러 분류를 사는", "many categories"}, {"한두 분류만 사는", "few categories"}},
	"revenue":      {{"많이 쓴", "high revenue"}, {"적게 쓴", "low revenue"}},
}

// nameGroup proposes a name from what stands out most.
func nameGroup(p *cluster.Portrait) (ko, en string) {
	const clear, most = 0.25, 2
	var partsKo, partsEn []string
	for _, t := range p.Traits {
		both, known := traitWords[t.Column]
		if !known || t.Strength < clear || len(partsKo) == most {
			continue
		}
		side := 0
		if t.Effect < 0 {
			side = 1
		}
		partsKo, partsEn = append(partsKo, both[side][0]), append(partsEn, both[side][1])
	}
	if len(partsKo) == 0 {
		return "평균에 가까운 고객", "average customers"
	}
	return strings.Join(partsKo, ", ") + " 고객", capitalised(strings.Join(partsEn, ", "))
}

func capitalised(text string) string { return strings.ToUpper(text[:1]) + text[1:] }
