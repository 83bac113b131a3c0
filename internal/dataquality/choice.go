// SPDX-License-Identifier: Apache-2.0

package dataquality

import "strings"

// SexOf reads 남 여 M F male female 1 2 and the like into male, female or "".
func SexOf(raw string) (string, []Finding) {
	switch raw {
	case "남", "M", "남자", "남성", "male":
		return "male", nil
	case "여", "F", "여자", "여성", "female":
		return "female", nil
	case "":
		return "", nil
	}
	s, findings := cell(raw)
	switch SearchKey(s) {
	case "":
		return "", findings
	case "남", "남자", "남성", "m", "male", "man", "1", "3", "男", "남(m)", "mr", "mr.", "5", "7":
		return "male", findings
	case "여", "여자", "여성", "f", "female", "woman", "2", "4", "0", "女", "w", "여(f)", "ms", "ms.", "mrs", "6", "8":
		return "female", findings
	case "법인", "기타", "other", "o", "u", "unknown", "x", "n", "선택안함", "비공개", "9":
		return "", findings
	}
	return "", append(findings, Finding{
		Field: "sex", Value: s, Rule: "M-IMP", Code: "sex.unknown", Severity: Warning,
		Message: "This is no sex that can be read.", Remedy: "Write 남 or 여, M or F.",
	})
}

var truthWords = map[string]bool{
	"y": true, "yes": true, "t": true, "true": true, "1": true, "o": true, "on": true, "예": true, "네": true, "유": true, "있음": true, "동의": true,
	"동의함": true, "수신": true, "수신동의": true, "수신함": true, "허용": true, "승인": true, "사용": true, "참": true, "v": true, "√": true, "✓": true, "●": true, "○": true, "agree": true, "agreed": true, "opt-in": true,
	"n": false, "no": false, "f": false, "false": false, "0": false, "x": false, "off": false, "아니오": false, "아니요": false, "무": false, "없음": false,
	"미동의": false, "비동의": false, "동의안함": false, "동의하지않음": false, "거부": false, "미수신": false, "수신거부": false, "수신안함": false, "거절": false, "철회": false, "미사용": false, "거짓": false, "disagree": false, "opt-out": false, "거부함": false,
}

// Boolean reads yes and no in Korean and English; isSet is false when the cell is empty or unreadable.
func Boolean(raw string) (value, isSet bool, findings []Finding) {
	s, findings := unwrapped(raw)
	key := strings.ReplaceAll(SearchKey(s), " ", "")
	value, isSet = truthWords[key]
	if isSet || key == "" || IsMissing(s) {
		return value, isSet, findings
	}
	return false, false, append(findings, Finding{
		Field: "boolean", Value: shorten(s), Rule: "M-IMP", Code: "boolean.unknown", Severity: Error,
		Message: "This is neither yes nor no.", Remedy: "Write Y or N, 동의 or 거부.",
	})
}

func shorten(s string) string {
	s, _ = Redact(s)
	if len(s) > 40 {
		return keepRunes(s, 12)
	}
	return s
}

// The answers to a question for consent.
const (
	Granted = "granted"
	Refused = "refused"
)

// Consent reads a consent column into granted, refused or "". It is a claim of the source: without date and
// method it is no consent (M-IMP).
func Consent(raw string) (string, []Finding) {
	value, isSet, findings := Boolean(raw)
	for i := range findings {
		findings[i].Field, findings[i].Code = "consent", "consent.unknown"
	}
	switch {
	case !isSet:
		return "", findings
	case value:
		return Granted, findings
	}
	return Refused, findings
}

// consentMethods are the words by which sources say how a consent was given, the more telling ones first: "매장
// 서면" is a sheet of paper that happened to be signed in a shop.
var consentMethods = []struct{ word, method string }{
	{"서면", "paper"},
	{"종이", "paper"},
	{"신청서", "paper"},
	{"동의서", "paper"},
	{"paper", "paper"},
	{"전화", "call"},
	{"콜", "call"},
	{"구두", "call"},
	{"call", "call"},
	{"phone", "call"},
	{"메일", "mail"},
	{"mail", "mail"},
	{"앱", "app"},
	{"어플", "app"},
	{"모바일", "app"},
	{"app", "app"},
	{"웹", "web"},
	{"홈페이지", "web"},
	{"인터넷", "web"},
	{"온라인", "web"},
	{"web", "web"},
	{"online", "web"},
	{"매장", "store"},
	{"지점", "store"},
	{"방문", "store"},
	{"점포", "store"},
	{"store", "store"},
	{"shop", "store"},
}

// ConsentMethod reads how a consent was given into web, app, paper, call, store, mail or "".
func ConsentMethod(raw string) (string, []Finding) {
	s, findings := cell(raw)
	key := strings.ToLower(s)
	for _, m := range consentMethods {
		if strings.Contains(key, m.word) {
			return m.method, findings
		}
	}
	if s == "" || IsMissing(s) {
		return "", findings
	}
	return "", append(findings, Finding{
		Field: "consent_method", Value: s, Rule: "M-IMP", Code: "consent.method_unknown", Severity: Warning,
		Message: "It is not clear how this consent was given, so it cannot be relied on.",
		Remedy:  "Write web, app, paper, call, store or mail (웹, 앱, 서면, 전화, 매장, 메일).",
	})
}

// GradeOf normalises the name of a customer grade: VIP등급 is VIP.
func GradeOf(raw string) (string, []Finding) {
	s, findings := cell(raw)
	for _, suffix := range [...]string{" 등급", "등급"} {
		if rest, ok := strings.CutSuffix(s, suffix); ok && rest != "" {
			return strings.TrimRight(rest, " "), findings
		}
	}
	return s, findings
}

// Choice finds the value among the choices, whatever its width, case and spacing; a value that is none of them
// is a finding.
func Choice(raw string, choices []string) (string, []Finding) {
	s, findings := unwrapped(raw)
	if s == "" {
		return "", findings
	}
	key := SearchKey(s)
	for _, choice := range choices {
		if choice == s || SearchKey(choice) == key {
			return choice, findings
		}
	}
	if IsMissing(s) {
		return "", findings
	}
	return "", append(findings, Finding{
		Field: "choice", Value: shorten(s), Rule: "M-IMP", Code: "choice.unknown", Severity: Error,
		Message: "This is none of the choices of the attribute.", Remedy: "Add the choice to the attribute or correct the value.",
	})
}
