// SPDX-License-Identifier: Apache-2.0

package dataquality

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Address is a Korean address taken apart (F-ADDR-10). Line and Detail together hold all of the text.
type Address struct {
	Line         string // first level to building or lot number, with region names of the day; the text itself when unreadable
	Detail       string // floor, unit, building name
	Reference    string // what stood in brackets: legal town, apartment name
	Sido         string
	SidoCode     string
	Sigungu      string
	Town         string // 읍·면·동·리
	Road         string
	BuildingMain int
	BuildingSub  int
	Underground  bool
	LotMain      int
	LotSub       int
	IsForest     bool
	PostalCode   string
	Confidence   float64 // 1 to building or lot, less when parts are missing, 0 when unreadable
}

// PostalCodeOf normalises a postal code (F-ADDR-9): five digits, a lost leading zero put back, the six digits of
// before August 2015 kept and marked.
func PostalCodeOf(raw string) (string, []Finding) {
	if len(raw) == 5 && isDigits(raw) && postalInRange(raw) {
		return raw, nil
	}
	s, findings := cell(raw)
	if s == "" {
		return "", findings
	}
	s = strings.TrimSuffix(asciiWidth(s), ".0")
	digits := onlyDigits(s)
	if len(digits)+3 < len(s) {
		digits = ""
	}
	switch {
	case len(digits) == 5 && postalInRange(digits):
		return digits, findings
	case len(digits) == 4 && postalInRange("0"+digits):
		return "0" + digits, append(findings, postalFinding("postal.lost_zero", Info, s, "The leading zero, lost in a spreadsheet, was put back.", ""))
	case len(digits) == 6 && digits[0] != '0':
		return digits, append(findings, postalFinding("postal.old", Warning, s, "Six digits are the postal codes of before August 2015.", "Look the address up to get the code of five digits."))
	}
	return "", append(findings, postalFinding("postal.unknown", Error, s, "A postal code has five digits and begins with 01 to 63.", "Check the code."))
}

func postalInRange(s string) bool {
	prefix := number(s, 0, 2)
	return prefix >= 1 && prefix <= 63
}

func postalFinding(code string, severity Severity, value, message, remedy string) Finding {
	return Finding{Field: "postal_code", Value: value, Rule: "F-ADDR-9", Code: code, Severity: severity, Message: message, Remedy: remedy}
}

// maxTokens bounds the words of an address that are looked at; what follows is detail.
const maxTokens = 24

// AddressOf takes an address apart in the order of F-ADDR-11, with the region names in force on the day. The
// postal code of another column helps where the text alone is ambiguous. No text is ever dropped.
func AddressOf(raw, postal string, on Date) (Address, []Finding) {
	s, findings := cell(raw)
	if s == "" {
		return Address{PostalCode: postal}, findings
	}
	p := addressText{on: on}
	p.address.PostalCode = postal
	s = p.peelPostal(s)
	s = p.peelBrackets(s)
	p.split(s)
	if !p.region() {
		p.address.Line, p.address.Reference = joinBracket(s, p.address.Reference), ""
		p.address.Confidence = 0
		if p.latin(s) {
			return p.address, findings
		}
		return p.address, append(findings, addressFinding("address.region", Warning, raw,
			"The region of the address cannot be told.", "Begin the address with the province or the big city, such as 경기도."))
	}
	p.street()
	if !p.settle() {
		findings = append(findings, addressFinding("address.split", Info, raw,
			p.address.Sido+" "+p.address.Sigungu+" was divided in July 2026 and the address does not tell which part it is in.",
			"Add the legal town (법정동) in brackets."))
	}
	p.compose()
	if p.road == "" && p.address.Town == "" {
		findings = append(findings, addressFinding("address.incomplete", Info, raw, "Behind the region there is no road or town that can be read.", ""))
	}
	return p.address, findings
}

func addressFinding(code string, severity Severity, value, message, remedy string) Finding {
	masked, _ := Redact(MaskAddress(value))
	return Finding{Field: "address", Value: masked, Rule: "F-ADDR-11", Code: code, Severity: severity, Message: message, Remedy: remedy}
}

func joinBracket(s, reference string) string {
	switch {
	case reference == "":
		return s
	case s == "":
		return "(" + reference + ")"
	}
	return s + " (" + reference + ")"
}

// addressText is an address while it is being read.
type addressText struct {
	address Address
	on      Date
	tokens  [maxTokens]string
	count   int
	at      int
	rest    string // text behind the last token
	glued   string // text that stood right behind the number
	sido    *sidoUnit
	sigungu *sigunguUnit
	road    string
	number  string // building or lot number as written in the stored form
	lot     string // town part for the line
}

// peelPostal takes a postal code from the beginning or the end of the text.
func (p *addressText) peelPostal(s string) string {
	trimmed := strings.TrimLeft(s, "([우편번호)] :")
	end := 0
	for end < len(trimmed) && (trimmed[end] >= '0' && trimmed[end] <= '9' || trimmed[end] == '-') {
		end++
	}
	if digits := onlyDigits(trimmed[:end]); end < len(trimmed) && (len(digits) == 5 && end == 5 && postalInRange(digits) || len(digits) == 6 && end == 7) {
		rest := strings.TrimLeft(trimmed[end:], ")], ")
		if r, _ := utf8.DecodeRuneInString(rest); IsSyllable(r) {
			p.setPostal(digits)
			return rest
		}
	}
	if i := strings.LastIndexByte(s, ' '); i > 0 {
		last := strings.Trim(s[i+1:], "()[]")
		if len(last) == 5 && isDigits(last) && postalInRange(last) {
			p.setPostal(last)
			return strings.TrimRight(s[:i], " ,")
		}
	}
	return s
}

func (p *addressText) setPostal(digits string) {
	if p.address.PostalCode == "" || len(p.address.PostalCode) != 5 && len(digits) == 5 {
		p.address.PostalCode = digits
	}
}

// peelBrackets takes the reference out of the first brackets that hold words; digits are no reference.
func (p *addressText) peelBrackets(s string) string {
	open := strings.IndexByte(s, '(')
	if open < 0 {
		return s
	}
	length := strings.IndexByte(s[open:], ')')
	if length < 2 || strings.IndexByte(s[open+1:open+length], '(') >= 0 {
		return s
	}
	inside := strings.TrimSpace(s[open+1 : open+length])
	if isDigits(inside) || inside == "" {
		return s
	}
	p.address.Reference = inside
	before, after := strings.TrimRight(s[:open], " "), strings.TrimLeft(s[open+length+1:], " ")
	if before == "" || after == "" {
		return before + after
	}
	return before + " " + after
}

func (p *addressText) split(s string) {
	for i := 0; i < len(s); {
		if s[i] == ' ' {
			i++
			continue
		}
		if p.count == maxTokens {
			p.rest = s[i:]
			return
		}
		end := strings.IndexByte(s[i:], ' ')
		if end < 0 {
			end = len(s)
		} else {
			end += i
		}
		p.tokens[p.count] = s[i:end]
		p.count++
		i = end
	}
}

func (p *addressText) token(i int) string {
	if i < p.count {
		return p.tokens[i]
	}
	return ""
}

// settle gives the regions the names that they have on the day.
func (p *addressText) settle() bool {
	if p.sigungu == nil {
		top := p.sido.in(p.on)
		p.address.Sido, p.address.SidoCode = top.Sido, top.Code
		return true
	}
	town := p.address.Town
	if p.address.Reference != "" && (p.road != "" || town == "") {
		town, _, _ = strings.Cut(p.address.Reference, ",")
		town = strings.TrimSpace(town)
	}
	sido, sigungu, ok := p.sigungu.at(p.sido, town, p.on)
	p.address.Sido, p.address.Sigungu = sido, sigungu
	if unit := regions.bySpell[sido]; unit != nil {
		p.address.SidoCode = unit.Code
	}
	return ok
}

// compose writes the line from its parts and gives what is left to the detail.
func (p *addressText) compose() {
	var space [256]byte
	line := append(space[:0], p.address.Sido...)
	for _, part := range [...]string{p.address.Sigungu, p.lot, p.road, p.number} {
		if part != "" {
			line = append(line, ' ')
			line = append(line, part...)
		}
	}
	p.address.Line = string(line)
	p.address.Confidence = p.confidence()
	p.address.Detail = p.detail(space[:0])
}

// detail joins all text that the line does not hold.
func (p *addressText) detail(space []byte) string {
	if p.at >= p.count && p.rest == "" && p.glued == "" {
		return ""
	}
	detail := append(space, p.glued...)
	for i := p.at; i < p.count; i++ {
		if len(detail) > 0 {
			detail = append(detail, ' ')
		}
		detail = append(detail, p.tokens[i]...)
	}
	if p.rest != "" {
		detail = append(append(detail, ' '), p.rest...)
	}
	return strings.Trim(string(detail), " ,")
}

func (p *addressText) confidence() float64 {
	confidence := 0.4
	if p.sigungu != nil || p.sido.in(p.on).Short == "세종" {
		confidence = 0.6
	}
	if p.address.Town != "" || p.road != "" {
		confidence += 0.1
	}
	if p.number != "" {
		confidence = 1
		if p.sigungu == nil && p.sido.in(p.on).Short != "세종" {
			confidence = 0.7
		}
	}
	return confidence
}

// latin finds the first level of an address in Roman letters, which goes from small to large (F-ADDR-13).
func (p *addressText) latin(s string) bool {
	if s == "" || s[0] >= 0x80 {
		return false
	}
	for word := range strings.FieldsFuncSeq(strings.ToLower(s), func(r rune) bool { return r == ',' || r == ' ' }) {
		if unit := regions.bySpell[word]; unit != nil && word[0] < 0x80 {
			p.address.Sido, p.address.SidoCode = unit.in(p.on).Sido, unit.in(p.on).Code
			p.address.Confidence = 0.3
		}
	}
	return p.address.Sido != ""
}

func atoi(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}
