// SPDX-License-Identifier: Apache-2.0

package dataquality

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// MailAddress is an e-mail address in its stored form.
type MailAddress struct {
	Value      string // local part as given, domain in lower case (F-MAIL)
	Suggestion string // the address that was probably meant; never put in its place silently
	Rest       []string
}

// frequentDomains are those that typing errors are measured against.
var frequentDomains = []string{"naver.com", "hanmail.net", "daum.net", "kakao.com", "gmail.com", "nate.com", "hotmail.com", "outlook.com", "yahoo.com", "icloud.com"}

// knownDomains look like typing errors of others and are not.
var knownDomains = map[string]bool{
	"naver.com": true, "hanmail.net": true, "daum.net": true, "kakao.com": true, "gmail.com": true, "nate.com": true, "hotmail.com": true,
	"outlook.com": true, "yahoo.com": true, "icloud.com": true, "mail.com": true, "email.com": true, "ymail.com": true, "gmx.com": true,
	"me.com": true, "live.com": true, "msn.com": true, "korea.com": true, "kakao.co.kr": true, "navercorp.com": true, "lycos.co.kr": true,
	"yahoo.co.kr": true, "outlook.kr": true, "hanmir.com": true, "dreamwiz.com": true, "empal.com": true, "paran.com": true, "nave.com": false, "kakaocorp.com": true,
}

var typoDomains = map[string]string{
	"hanmail.com": "hanmail.net", "daum.com": "daum.net", "naver.net": "naver.com", "naver.co.kr": "naver.com", "gmail.co.kr": "gmail.com",
	"gmail.net": "gmail.com", "hanmail.co.kr": "hanmail.net", "nate.net": "nate.com", "navercom": "naver.com", "gmailcom": "gmail.com",
	"naver.co": "naver.com", "gmail.co": "gmail.com", "naver": "naver.com", "gmail": "gmail.com", "hanmail": "hanmail.net", "daum": "daum.net", "kakao": "kakao.com", "nate": "nate.com",
}

var sampleLocals = map[string]bool{"test": true, "tester": true, "example": true, "sample": true, "aaa": true, "abc": true, "asdf": true, "noemail": true, "noreply": true, "no-reply": true, "none": true, "null": true}

var sampleDomains = map[string]bool{"example.com": true, "example.org": true, "example.net": true, "test.com": true, "test.co.kr": true, "aaa.com": true, "abc.com": true, "noemail.com": true}

// Email normalises a cell of one or more e-mail addresses.
func Email(raw string) (MailAddress, []Finding) {
	if isPlainEmail(raw) {
		return judgeEmail(MailAddress{Value: raw}, nil)
	}
	s, findings := cell(raw)
	s = asciiWidth(s)
	if s == "" {
		return MailAddress{}, findings
	}
	s = strings.TrimSpace(s)
	if !strings.ContainsAny(s, ",;/ <") {
		return oneEmail(s, findings)
	}
	var first MailAddress
	for _, part := range emailParts(s) {
		mail, found := oneEmail(part, nil)
		switch {
		case mail.Value == "":
			continue
		case first.Value == "":
			first = mail
			findings = append(findings, found...)
		case !strings.EqualFold(mail.Value, first.Value):
			first.Rest = append(first.Rest, mail.Value)
		}
	}
	if first.Value == "" {
		return oneEmail(strings.ReplaceAll(s, " ", ""), findings)
	}
	if len(first.Rest) > 0 {
		findings = append(findings, emailFinding("email.several", Info, s,
			"The cell holds several addresses; the first one is used and the others are kept beside it.", ""))
	}
	return first, findings
}

// emailParts takes lists and "Name <address>" apart.
func emailParts(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool {
		return r == ',' || r == ';' || r == ' ' || r == '<' || r == '>' || r == '/' || r == '"'
	})
}

func oneEmail(s string, findings []Finding) (MailAddress, []Finding) {
	s = strings.TrimPrefix(s, "mailto:")
	s = strings.Trim(s, "<>\"'()[],;: ")
	s = strings.TrimRight(s, ".")
	local, domain, ok := cutLast(s, '@')
	if !ok {
		return MailAddress{}, append(findings, emailFinding("email.no_at", Error, s, "An e-mail address needs one @.", "Check the address."))
	}
	if !isLocal(local) {
		return MailAddress{}, append(findings, emailFinding("email.local", Error, s, "The part before @ is not one of an e-mail address.", "Check the address."))
	}
	domain = strings.ToLower(domain)
	if !strings.Contains(domain, ".") {
		finding := emailFinding("email.domain", Error, s, "The domain after @ is not complete.", "Check the part after @.")
		if meant := typoDomains[domain]; meant != "" {
			finding.Remedy = "Did you mean " + meant + "?"
			return MailAddress{Suggestion: local + "@" + meant}, append(findings, finding)
		}
		return MailAddress{}, append(findings, finding)
	}
	if !isDomain(domain) {
		return MailAddress{}, append(findings, emailFinding("email.domain", Error, s, "The part after @ is not a domain.", "Check the part after @."))
	}
	return judgeEmail(MailAddress{Value: local + "@" + domain}, findings)
}

func cutLast(s string, sep byte) (before, after string, ok bool) {
	i := strings.LastIndexByte(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+1:], true
}

// isPlainEmail is the short way for addresses in their stored form already.
func isPlainEmail(s string) bool {
	at := strings.IndexByte(s, '@')
	if at < 1 || at > 64 || len(s) > 254 || s[0] == '.' || s[at-1] == '.' {
		return false
	}
	for i := 0; i < at; i++ {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' && c != '-' && (c != '.' || s[i+1] == '.') {
			return false
		}
	}
	dot := 0
	for i := at + 1; i < len(s); i++ {
		c := s[i]
		switch {
		case c >= 'a' && c <= 'z':
		case c == '.':
			if i == at+1 || s[i-1] == '.' {
				return false
			}
			dot = i
		default:
			return false
		}
	}
	return dot > 0 && len(s)-dot > 2
}

func isLocal(s string) bool {
	if s == "" || len(s) > 64 || s[0] == '.' || s[len(s)-1] == '.' || strings.Contains(s, "..") {
		return false
	}
	for _, r := range s {
		switch {
		case r < 0x80:
			if r <= ' ' || r == 0x7F || strings.ContainsRune("@\"(),:;<>[\\]", r) {
				return false
			}
		case r == utf8.RuneError, !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r):
			return false
		}
	}
	return true
}

func isDomain(s string) bool {
	if len(s) > 253 {
		return false
	}
	label := ""
	rest, more := s, true
	for more {
		label, rest, more = strings.Cut(rest, ".")
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for _, r := range label {
			isLetter := r >= 'a' && r <= 'z' || r >= 0x80 && r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsMark(r))
			if !isLetter && (r < '0' || r > '9') && r != '-' {
				return false
			}
		}
	}
	return utf8.RuneCountInString(label) >= 2 && !isDigits(label)
}

// judgeEmail looks for typing errors in the domain and for addresses that nobody reads.
func judgeEmail(mail MailAddress, findings []Finding) (MailAddress, []Finding) {
	local, domain, _ := cutLast(mail.Value, '@')
	if meant := meantDomain(domain); meant != "" {
		mail.Suggestion = local + "@" + meant
		findings = append(findings, emailFinding("email.typo", Warning, mail.Value,
			"The domain "+domain+" is probably a typing error.", "Did you mean "+meant+"?"))
	}
	if len(local) <= 8 && (sampleLocals[local] || sampleLocals[strings.ToLower(local)]) || sampleDomains[domain] {
		findings = append(findings, emailFinding("email.placeholder", Info, mail.Value,
			"The address is one that people type as an example.", ""))
	}
	return mail, findings
}

func meantDomain(domain string) string {
	if knownDomains[domain] {
		return ""
	}
	if meant := typoDomains[domain]; meant != "" {
		return meant
	}
	for _, frequent := range frequentDomains {
		if difference := len(domain) - len(frequent); difference >= -1 && difference <= 1 && isOneTypo(domain, frequent) {
			return frequent
		}
	}
	return ""
}

// isOneTypo reports whether one letter was added, left out, changed, or two were swapped.
func isOneTypo(a, b string) bool {
	start := 0
	for start < len(a) && start < len(b) && a[start] == b[start] {
		start++
	}
	restA, restB := a[start:], b[start:]
	switch {
	case len(restA) > 0 && restA[1:] == restB, len(restB) > 0 && restB[1:] == restA:
		return true
	case len(restA) > 0 && len(restA) == len(restB) && restA[1:] == restB[1:]:
		return true
	case len(restA) > 1 && len(restA) == len(restB):
		return restA[0] == restB[1] && restA[1] == restB[0] && restA[2:] == restB[2:]
	}
	return false
}

// EmailKey returns the address as it is compared: the local part too in lower case.
func EmailKey(s string) string { return strings.ToLower(s) }

func emailFinding(code string, severity Severity, value, message, remedy string) Finding {
	return Finding{Field: "email", Value: MaskEmail(value), Rule: "F-MAIL", Code: code, Severity: severity, Message: message, Remedy: remedy}
}

// CompanyDomain is the domain of an e-mail address that a company of its own may hold; "" for addresses of the
// big mail services, which say nothing of where somebody works.
func CompanyDomain(address string) string {
	_, domain, ok := cutLast(address, '@')
	if !ok || knownDomains[strings.ToLower(domain)] {
		return ""
	}
	return strings.ToLower(domain)
}
