// SPDX-License-Identifier: Apache-2.0

package linkage

import (
	"fmt"
	"regexp"
	"strings"
)

// Language is that of the report.
type Language string

// The languages that the report is written in.
const (
	English Language = "en"
	Korean  Language = "ko"
)

// text is a fixed text in the language; the English one is its key.
func (l Language) text(english string) string {
	if l == Korean {
		if korean, known := koreanTexts[english]; known {
			return korean
		}
	}
	return english
}

// formOfPart takes a part of a blocking rule, "surname (first letters)", apart.
var (
	formOfPart = regexp.MustCompile(`^(.*) \((.*)\)$`)
	pairOfPart = regexp.MustCompile(`^(.*) and (.*) in any order$`)
	differs    = regexp.MustCompile(`^(.*) differs$`)
)

// rule is the label of a blocking rule or a condition in the language.
func (l Language) rule(label string) string {
	if l != Korean {
		return label
	}
	parts := strings.Split(label, " + ")
	for i, part := range parts {
		if found := formOfPart.FindStringSubmatch(part); found != nil {
			parts[i] = found[1] + " (" + l.text(found[2]) + ")"
		} else if found := pairOfPart.FindStringSubmatch(part); found != nil {
			parts[i] = found[1] + "·" + found[2] + " (" + l.text(string(AnyOrder)) + ")"
		} else if found := differs.FindStringSubmatch(part); found != nil {
			parts[i] = found[1] + " 다름"
		}
	}
	return strings.Join(parts, " + ")
}

// notePattern is the form of an English note and its Korean words; where a
// value is a blocking rule, isRule says so.
type notePattern struct {
	english *regexp.Regexp
	korean  string
}

// notePatterns are made from koreanNotes: %s stands for any value.
var notePatterns = func() (made []notePattern) {
	for _, pair := range koreanNotes {
		quoted := strings.ReplaceAll(regexp.QuoteMeta(pair[0]), "%s", "(.+?)")
		made = append(made, notePattern{regexp.MustCompile("^" + quoted + "$"), pair[1]})
	}
	return made
}()

// note is a remark of the run in the language. Remarks reach us as English
// sentences, so that the steps of a run need not know of languages.
func (l Language) note(english string) string {
	if l != Korean {
		return english
	}
	for _, pattern := range notePatterns {
		if found := pattern.english.FindStringSubmatch(english); found != nil {
			values := make([]any, len(found)-1)
			for i, value := range found[1:] {
				values[i] = l.text(l.rule(value))
			}
			return fmt.Sprintf(pattern.korean, values...)
		}
	}
	return english
}

// koreanNotes are the remarks of a run; the longer of two that begin alike comes first.
var koreanNotes = [][2]string{
	{"%s took %s s", "%s: %s초"},
	{"%s: left out, %s comparisons are the most", "%s: 뺐습니다. 비교 항목은 %s개까지입니다"},
	{"%s: left out, it is (nearly) constant or empty", "%s: 뺐습니다. 값이 (거의) 하나뿐이거나 비어 있습니다"},
	{"%s: left out, it says little about who it is", "%s: 뺐습니다. 누구인지 알려 주는 것이 적습니다"},
	{"%s: left out, the file has the whole name", "%s: 뺐습니다. 전체 이름이 따로 있습니다"},
	{"%s: %s stands in %s records and is taken for a default", "%[1]s: %[2]s 값이 기록 %[3]s개에 있어 기본값으로 봅니다"},
	{"%s: %s default values in %s records in all", "%[1]s: 기본값 %[2]s가지가 모두 기록 %[3]s개에 있습니다"},
	{"%s rows have fewer or more cells than the header; missing ones count as empty, surplus ones are left out", "%s행은 칸 수가 머리행과 다릅니다. 모자란 칸은 빈 값으로 보고 남는 칸은 버렸습니다"},
	{"%s cells are longer than %s KiB; only their beginning is compared", "%s칸은 %sKiB보다 길어 앞부분만 비교했습니다"},
	{"%s records share their id with another; they are told apart by their place", "기록 %s개는 다른 기록과 id가 같아 자리로 구별했습니다"},
	{"rule %s left out: %s pairs are more than the budget", "규칙 %s: 뺐습니다. %s쌍은 정한 한도를 넘습니다"},
	{"%s: about %s % of its pairs match; chance counted in %s pairs; others than one person share it", "%s: 쌍의 약 %s%%가 일치하며, 우연의 일치는 %s쌍에서 셌습니다. 여러 사람이 함께 쓰는 값입니다"},
	{"%s: about %s % of its pairs match; chance counted in %s pairs", "%s: 쌍의 약 %s%%가 일치하며, 우연의 일치는 %s쌍에서 셌습니다"},
	{"no rule shows matches; λ is taken as one pair of all", "일치하는 쌍을 보여 주는 규칙이 없어 λ를 모든 쌍 가운데 하나로 둡니다"},
	{"the rules estimate %s matching pairs (between %s and %s)", "규칙들은 일치하는 쌍을 %s쌍으로 추정합니다 (%s~%s)"},
	{"%s pairs of %s name records that are not there", "%[2]s의 %[1]s쌍은 없는 기록을 가리킵니다"},
	{"of %s records %s says nothing", "%[2]s에는 기록 %[1]s개에 관한 말이 없습니다"},
}

// koreanTexts are the fixed texts of the report, the kinds of columns, the
// levels of comparisons and the forms of keys.
var koreanTexts = map[string]string{
	"Who is who": "같은 사람 찾기", "match report": "매칭 보고서",
	"records": "기록", "clusters: different people or things": "묶음: 서로 다른 사람이나 물건", "pairs of records in one cluster": "한 묶음에 든 기록의 쌍",
	"records in the largest cluster": "가장 큰 묶음의 기록", "candidate pairs, %.1f a record": "비교한 쌍, 기록당 %.1f쌍", "λ: share of all pairs that match": "λ: 모든 쌍 가운데 일치하는 비율",
	"precision": "정밀도", "recall": "재현율", "F1, of %s true pairs": "F1, 실제 %s쌍 기준",

	"Columns as recognised": "알아본 열",
	"Values decide what a column holds; its name settles what values leave open. Columns that mean the same share one comparison.": "열에 무엇이 들었는지는 값을 보고 정하고, 값으로 알 수 없으면 열 이름을 봅니다. 뜻이 같은 열은 한 항목으로 함께 비교합니다.",
	"column": "열", "holds": "내용", "with a value": "값 있음", "distinct": "서로 다른 값", "comparison": "비교 항목", "not compared": "비교하지 않음",

	"Blocking rules": "비교할 쌍을 고르는 규칙",
	"Only records that share one of these keys are compared. The estimate was made before anything ran; a pair counts as new for the first rule that finds it.": "이 가운데 하나가 같은 기록끼리만 비교합니다. 예상은 비교하기 전에 셈한 것이고, 새 쌍은 그 쌍을 처음 찾은 규칙에 셉니다.",
	"records share": "이것이 같으면 비교", "estimate": "예상", "pairs": "쌍", "new pairs": "새 쌍", "records left out: key too common": "너무 흔해서 뺀 기록",

	"Match weights over candidate pairs": "비교한 쌍의 매칭 점수 분포",
	"Height on a logarithmic scale. Pairs right of the line are believed to be one (%.3g probability, %s bits); pairs far to the left were given up early and are not drawn.": "높이는 로그 눈금입니다. 선의 오른쪽은 같은 것으로 봅니다 (확률 %.3g, %s비트). 왼쪽 먼 쌍은 일찍 제외해 그리지 않았습니다.",
	"Histogram of match weights": "매칭 점수 분포", "from %.1f bits: %s pairs": "%.1f비트부터: %s쌍",
	"match weight in bits: each bit doubles the odds": "매칭 점수(비트): 1비트마다 가능성의 비가 두 배",

	"Precision and recall": "정밀도와 재현율", "Of the pairs above each weight, before clustering.": "묶기 전에, 각 점수 이상인 쌍에 대한 값입니다.",
	"Precision and recall by match weight": "매칭 점수별 정밀도와 재현율", "As a table": "표로 보기", "match weight from": "매칭 점수",

	"The model": "모델",
	"m is how often a level occurs among records of one person, u among strangers. Their ratio is the match weight; a rare value adds to it when it agrees. A missing value counts for nothing.": "m은 한 사람의 기록 사이에서, u는 남의 기록 사이에서 그 결과가 나오는 비율입니다. 둘의 비가 매칭 점수이고, 드문 값이 같으면 점수가 더해집니다. 값이 없으면 점수에 넣지 않습니다.",
	"m, among matches": "m, 같은 사람일 때", "u, among non-matches": "u, 다른 사람일 때", "speaks for one": "같다는 증거", "speaks against": "다르다는 증거",
	"level": "비교 결과", "m": "m", "u": "u", "bits": "비트",

	"What strangers have in common": "남끼리도 함께 같은 것",
	"Strangers who share one thing often share another. What follows from the first is not counted again: agreement then weighs only what it says beyond that.": "한 가지가 같은 남남은 다른 것도 같은 일이 많습니다. 앞의 것에서 따라 나오는 일치는 다시 세지 않고, 그 너머로 말해 주는 것만 셉니다.",
	"when they agree on": "이것이 같을 때", "they also agree on": "함께 같은 것", "counted in pairs": "센 쌍",
	"What changes together": "함께 바뀌는 것", "One event, such as a move, changes several things at once. It is held against a pair only once.": "이사 같은 한 가지 일로 여러 값이 함께 바뀝니다. 그럴 때 점수는 한 번만 깎습니다.",
	"within one person, when": "한 사람 안에서, 이것이 다를 때", "these differ as well": "함께 다른 것", "%s %s instead of %s": "%s %s (보통 %s)",

	"Pairs around the threshold": "기준 점수에 가까운 쌍",
	"The most doubtful pairs, with what speaks for and against each. Open one to see its waterfall: from the odds of two records at random to the final weight.": "가장 애매한 쌍과 그 증거입니다. 펼치면 아무 두 기록의 처음 점수에서 마지막 점수까지 폭포 그림이 보입니다.",
	"linked": "묶음", "apart": "나눔", "in truth one": "실제로 같음", "in truth two": "실제로 다름", "%s bits · probability %.3f": "%s비트 · 확률 %.3f",
	"left": "왼쪽", "right": "오른쪽", "sum": "합계", "two records at random": "처음 점수",
	"Measured among strangers who agree on: %s.": "이것이 같은 남남 사이에서 잰 값: %s.", "Measured within one person where: %s.": "한 사람 안에서 이럴 때 잰 값: %s.",
	"How it went": "진행 기록",

	"reading": "읽기", "recognising columns": "열 알아보기", "choosing blocking rules": "규칙 고르기", "training": "학습", "comparing": "비교", "clustering": "묶기", "writing": "쓰기",

	string(Name): "이름", string(Given): "이름(성 제외)", string(Family): "성", string(Company): "회사", string(Date): "날짜", string(Year): "연도", string(Email): "이메일",
	string(Phone): "전화", string(Address): "주소", string(Detail): "상세주소", string(Postal): "우편번호", string(Sex): "성별", string(Identifier): "번호", string(Category): "분류",
	string(Word): "낱말", string(Number): "숫자", string(Text): "글", string(Useless): "쓸모없음",

	string(Letters): "앞 글자", string(Sound): "소리·순서", string(DayOf): "월일", string(Tail): "끝자리", string(Head): "앞자리", string(Local): "@ 앞", string(Area): "앞 세 자리",
	string(Rare): "드문 낱말", string(AnyOrder): "성·이름 순서 무관",

	"missing": "값 없음", "equal": "같음", "else": "다름", "written otherwise": "표기만 다름",
	"similarity ≥ 0.92": "거의 같음 (0.92 이상)", "similarity ≥ 0.88": "매우 비슷함 (0.88 이상)", "similarity ≥ 0.80": "비슷함 (0.80 이상)", "similarity ≥ 0.70": "조금 비슷함 (0.70 이상)",
	"one slip": "한 글자 차이", "last seven digits equal": "뒤 일곱 자리 같음", "same name at another provider": "다른 메일사의 같은 이름", "same area": "같은 지역",
	"one slip, day and month swapped, or other calendar": "한 자리 차이, 일·월 바뀜, 음력·양력", "two parts of three equal": "연·월·일 가운데 둘 같음", "same year": "연도 같음",
	"words ≥ 0.8": "낱말 0.8 이상 같음", "words ≥ 0.7": "낱말 0.7 이상 같음", "words ≥ 0.6": "낱말 0.6 이상 같음", "words ≥ 0.5": "낱말 0.5 이상 같음",
	"words ≥ 0.4": "낱말 0.4 이상 같음", "words ≥ 0.3": "낱말 0.3 이상 같음", "words ≥ 0.2": "낱말 0.2 이상 같음",
	"within 1 %": "1% 이내", "within 10 %": "10% 이내", "within 30 %": "30% 이내",
}
