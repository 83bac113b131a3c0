// SPDX-License-Identifier: Apache-2.0

package dataquality

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Confidence says how sure a split or parse is.
type Confidence string

// The confidences.
const (
	High   Confidence = "high"
	Medium Confidence = "medium"
	Low    Confidence = "low"
)

// PersonName is a name with the parts that could be told apart.
type PersonName struct {
	Full       string
	Family     string
	Given      string
	Latin      string // when the name is or carries a Latin spelling
	Hanja      string
	Confidence Confidence // of the split, "" when there is none
}

// longestName is the limit of F-NAME-1.
const longestName = 100

var (
	// compoundFamilies are the two-syllable family names of F-NAME-3.
	compoundFamilies = map[string]bool{
		"남궁": true, "황보": true, "제갈": true, "사공": true, "선우": true, "서문": true, "독고": true, "동방": true,
		"어금": true, "망절": true, "장곡": true, "강전": true, "소봉": true,
	}
	// oftenCompound start a three-syllable name as a family name, the rest of F-NAME-4 do not.
	oftenCompound  = map[string]bool{"남궁": true, "제갈": true, "사공": true, "독고": true}
	rarelyCompound = map[string]bool{"황보": true, "선우": true, "서문": true, "동방": true}
	honorifics     = []string{" 고객님", "고객님", " 회원님", "회원님", " 님", " 귀하", " 씨", "님", " 귀중"}
	samplePersons  = map[string]bool{
		"홍길동": true, "홍길순": true, "테스트": true, "아무개": true, "test": true, "tester": true, "관리자": true, "admin": true,
		"고객": true, "손님": true, "비회원": true, "무명": true, "john doe": true, "jane doe": true, "guest": true, "unknown": true, "이름없음": true, "알수없음": true,
	}
)

// Name normalises a personal name and splits it where that is safe enough (F-NAME-1 to 4).
func Name(raw string) (PersonName, []Finding) {
	s, findings := cell(raw)
	if s == "" {
		return PersonName{}, findings
	}
	if utf8.RuneCountInString(s) > longestName {
		return PersonName{}, append(findings, nameFinding("F-NAME-1", "name.too_long", Error, s,
			"The name is longer than 100 characters.", "Check whether the column holds names."))
	}
	name := PersonName{}
	s = takeAlternative(s, &name)
	for {
		shorter := dropHonorific(s)
		if shorter == s {
			break
		}
		if len(findings) == 0 || findings[len(findings)-1].Code != "name.honorific" {
			findings = append(findings, nameFinding("F-NAME-7", "name.honorific", Info, s,
				"A form of address behind the name was left out.", ""))
		}
		s = shorter
	}
	name.Full = joinHangul(s, &name)
	findings = judgeName(&name, findings)
	if name.Confidence == "" && isHangulName(name.Full) {
		splitName(&name)
	}
	return name, findings
}

// joinHangul writes a Korean name without the space between family and given name (F-NAME-1); the space
// is a split given by the user.
func joinHangul(s string, name *PersonName) string {
	first, rest, ok := strings.Cut(s, " ")
	if !ok || !isHangulName(first) || !isHangulName(rest) {
		return s
	}
	syllables := len(first) / 3
	if (syllables == 1 || compoundFamilies[first]) && len(rest) <= 9 {
		name.Family, name.Given, name.Confidence = first, rest, High
		return first + rest
	}
	return s
}

// takeAlternative takes a spelling in brackets apart: 홍길동(洪吉童), 홍길동 (Hong Gildong).
func takeAlternative(s string, name *PersonName) string {
	open := strings.IndexByte(s, '(')
	if open <= 0 || !strings.HasSuffix(s, ")") || strings.Count(s, "(") != 1 {
		return s
	}
	inside := strings.TrimSpace(s[open+1 : len(s)-1])
	outside := strings.TrimSpace(s[:open])
	switch {
	case outside == "" || !isHangulName(strings.ReplaceAll(outside, " ", "")):
		return s
	case isAll(inside, func(r rune) bool { return unicode.Is(unicode.Han, r) }):
		name.Hanja = inside
		return outside
	case len(inside) > 3 && isLatinName(inside):
		name.Latin = inside
		return outside
	}
	return s
}

func dropHonorific(s string) string {
	for _, suffix := range honorifics {
		if rest, ok := strings.CutSuffix(s, suffix); ok && len(rest) >= 6 {
			if rest = strings.TrimRight(rest, " "); rest != "" {
				return rest
			}
		}
	}
	return s
}

func isAll(s string, fits func(rune) bool) bool {
	for _, r := range s {
		if !fits(r) {
			return false
		}
	}
	return s != ""
}

func isHangulName(s string) bool { return isAll(s, IsSyllable) }

func isLatinName(s string) bool {
	return isAll(s, func(r rune) bool {
		return r < 0x80 && (r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == ' ' || r == '-' || r == '\'' || r == '.' || r == ',') ||
			r >= 0xC0 && r < 0x250 && unicode.IsLetter(r)
	})
}

func splitName(name *PersonName) {
	const syllable = 3 // bytes
	count := len(name.Full) / syllable
	cut, confidence := 1, High
	if count < 2 || count > 7 {
		return
	}
	first := name.Full[:2*syllable]
	switch {
	case count == 2 && (oftenCompound[first] || rarelyCompound[first]):
		confidence = Low
	case count == 3 && oftenCompound[first]:
		cut, confidence = 2, Medium
	case count == 3 && rarelyCompound[first]:
		confidence = Low
	case count == 4 && compoundFamilies[first]:
		cut = 2
	case count >= 4:
		confidence = Medium
	}
	name.Family, name.Given, name.Confidence = name.Full[:cut*syllable], name.Full[cut*syllable:], confidence
}

// judgeName reports what looks wrong with the name and notes a Latin spelling.
func judgeName(name *PersonName, findings []Finding) []Finding {
	hasJamo, hasDigit := false, false
	for _, r := range name.Full {
		hasJamo = hasJamo || IsJamo(r)
		hasDigit = hasDigit || r >= '0' && r <= '9'
	}
	if hasJamo {
		findings = append(findings, nameFinding("F-HAN-6", "name.loose_letters", Warning, name.Full,
			"The name holds loose Hangul letters, probably a typing error.", "Complete the syllable."))
	}
	if hasDigit {
		findings = append(findings, nameFinding("F-NAME-1", "name.digits", Warning, name.Full,
			"The name holds digits.", "Check whether the column holds names or numbers."))
	}
	if name.Latin == "" && isLatinName(name.Full) {
		name.Latin = name.Full
	}
	if len(name.Full) <= 12 && samplePersons[SearchKey(name.Full)] {
		findings = append(findings, nameFinding("F-NAME-1", "name.placeholder", Info, name.Full,
			"The name is one that people type as an example.", ""))
	}
	return findings
}

func nameFinding(rule, code string, severity Severity, value, message, remedy string) Finding {
	return Finding{Field: "full_name", Value: MaskName(value), Rule: rule, Code: code, Severity: severity, Message: message, Remedy: remedy}
}

var companyForms = []string{
	"주식회사", "(주)", "㈜", "유한회사", "유한책임회사", "(유)", "(사)", "(재)", "(합)", "사단법인", "재단법인", "합자회사", "합명회사", "㈔", "(복)",
}

var latinCompanyForms = map[string]bool{
	"co": true, "ltd": true, "inc": true, "corp": true, "llc": true, "limited": true, "corporation": true, "company": true, "gmbh": true, "plc": true,
}

// IsCompanyName reports whether the name carries the form of a company, such as ㈜ or Co., Ltd.
func IsCompanyName(s string) bool {
	const fourSyllables = 12
	if len(s) <= fourSyllables && isHangulName(s) {
		return false
	}
	for _, form := range companyForms {
		if strings.Contains(s, form) {
			return true
		}
	}
	words := strings.FieldsFunc(strings.ToLower(s), isCompanyBreak)
	return len(words) > 1 && latinCompanyForms[words[len(words)-1]]
}

func isCompanyBreak(r rune) bool { return r == ' ' || r == ',' || r == '.' }

// CompanyKey folds the name of a company for matching: form words, spaces and marks away (F-NAME-8).
func CompanyKey(s string) string {
	key := SearchKey(s)
	for _, form := range companyForms {
		key = strings.ReplaceAll(key, form, " ")
	}
	words := strings.FieldsFunc(key, isCompanyBreak)
	kept := words[:0]
	for i, word := range words {
		if i == 0 || !latinCompanyForms[word] {
			kept = append(kept, word)
		}
	}
	return strings.Join(kept, "")
}
