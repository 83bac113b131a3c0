// SPDX-License-Identifier: Apache-2.0

package mail

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"dangol/internal/consent"
)

// Remark is something the check of a template found.
type Remark struct {
	Code     string         `json:"code"`
	Severity string         `json:"severity" enum:"error,warning,info"`
	Message  string         `json:"message"`
	Fields   map[string]any `json:"fields,omitempty"`
}

// adLabel is the only form that the law allows at the beginning of a subject (L-AD-10).
const adLabel = "(광고)"

// almostLabel finds the forms that are violations: (광 고), (광/고), [광고], (대출광고).
var almostLabel = regexp.MustCompile(`^\s*[\(\[（【<{]\s*[^\)\]）】>}]{0,6}광[^\)\]）】>}]{0,3}고[^\)\]）】>}]{0,3}[\)\]）】>}]`)

// marketing are the words of the rulebook's lint step; a percentage with a
// price word nearby counts too.
var (
	marketing = []string{"할인", "쿠폰", "이벤트", "특가", "무료", "혜택", "신상품", "프로모션", "세일", "사은품", "discount", "coupon", "sale", "free", "offer", "promotion"}
	percent   = regexp.MustCompile(`[0-9]{1,3}\s?%`)
	inTags    = regexp.MustCompile(`(?s)<style.*?</style>|<!--.*?-->|<[^>]*>`)
)

// labelSubject puts the label before the subject of an advertisement, once.
func labelSubject(subject string, class consent.Class) string {
	subject = strings.TrimSpace(subject)
	if class != consent.Ad || strings.HasPrefix(subject, adLabel) {
		return subject
	}
	return adLabel + " " + subject
}

// MarketingWords lists the words that make a message an advertisement.
func MarketingWords(v Version) []string {
	text := strings.ToLower(v.Subject + "\n" + v.Body + "\n" + inTags.ReplaceAllString(v.HTML, " "))
	var found []string
	for _, w := range marketing {
		if containsWord(text, w) {
			found = append(found, w)
		}
	}
	if hit := percent.FindString(text); hit != "" {
		found = append(found, hit)
	}
	return found
}

// containsWord looks for whole words in Latin script and for parts in Hangul,
// where particles follow without a space.
func containsWord(text, word string) bool {
	if word[0] >= utf8.RuneSelf {
		return strings.Contains(text, word)
	}
	for from := 0; ; {
		at := strings.Index(text[from:], word)
		if at < 0 {
			return false
		}
		at += from
		end := at + len(word)
		if (at == 0 || !isLetter(text[at-1])) && (end == len(text) || !isLetter(text[end])) {
			return true
		}
		from = end
	}
}

// check looks at a version as it would go out.
func check(t Template, v Version, sender consent.Sender) []Remark {
	var remarks []Remark
	add := func(severity, code, message string, fields map[string]any) {
		remarks = append(remarks, Remark{Code: code, Severity: severity, Message: message, Fields: fields})
	}
	words := MarketingWords(v)
	switch t.Class {
	case consent.Ad:
		if missing := sender.Missing(); len(missing) > 0 {
			add("error", "mail.sender_incomplete", "An advertisement must show the sender's name, e-mail, telephone and postal address; fill in: "+strings.Join(missing, ", ")+".", map[string]any{"missing": missing})
		}
		if almostLabel.MatchString(v.Subject) && !strings.HasPrefix(strings.TrimSpace(v.Subject), adLabel) {
			add("error", "mail.bad_label", "The subject has a label in a form that the law forbids; remove it, \"(광고)\" is added by itself.", nil)
		}
	case consent.Informational:
		if len(words) > 0 {
			add("warning", "mail.marketing_words", "The text looks like an advertisement: "+strings.Join(words, ", ")+". One advertising part makes the whole message one.", map[string]any{"words": words})
		}
		if t.Reason == "" {
			add("error", "mail.no_reason", "Say why this message is not an advertisement, for example \"order confirmation\".", nil)
		} else if t.ApprovedAt == nil {
			add("error", "mail.not_approved", "The reason why this message is not an advertisement has to be approved.", nil)
		}
	case consent.Statutory:
		if len(words) > 0 {
			add("error", "mail.marketing_in_notice", "A notice that the law demands must not advertise: "+strings.Join(words, ", ")+".", map[string]any{"words": words})
		}
	}
	if strings.TrimSpace(v.HTML) == "" {
		add("info", "mail.no_html", "There is no HTML part; the mail goes out as plain text.", nil)
	}
	return remarks
}
