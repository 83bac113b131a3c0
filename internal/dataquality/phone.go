// SPDX-License-Identifier: Apache-2.0

package dataquality

import (
	"strings"
	"unicode/utf8"
)

// PhoneClass is the sort of a telephone number (section 1.7 of the rulebook).
type PhoneClass string

// The classes of telephone numbers.
const (
	ClassMobile         PhoneClass = "mobile"
	ClassLegacyMobile   PhoneClass = "legacy_mobile"
	ClassSeoul          PhoneClass = "seoul"
	ClassArea           PhoneClass = "area"
	ClassInternet       PhoneClass = "internet"
	ClassVirtual        PhoneClass = "virtual"
	ClassUnified        PhoneClass = "unified"
	ClassTollFree       PhoneClass = "toll_free"
	ClassPremium        PhoneClass = "premium"
	ClassRepresentative PhoneClass = "representative"
	ClassFree           PhoneClass = "free"
	ClassSpecial        PhoneClass = "special"
	ClassForeign        PhoneClass = "foreign"
)

// PhoneNumber is a telephone number in its stored form.
type PhoneNumber struct {
	Value     string // E.164, or national digits for 15xx and 14xxxx numbers (F-TEL-1); "" when unusable
	Class     PhoneClass
	Extension string
	Rest      []PhoneNumber // further numbers of the same cell
}

// CanText reports whether text messages reach the class of the number.
func (p PhoneNumber) CanText() bool { return p.Class == ClassMobile }

// IsIdentity reports whether the number may help to tell people apart: own numbers do, safe numbers that
// expire, company numbers and service numbers do not.
func (p PhoneNumber) IsIdentity() bool {
	switch p.Class {
	case ClassMobile, ClassLegacyMobile, ClassSeoul, ClassArea, ClassInternet, ClassForeign:
		return p.Value != ""
	}
	return false
}

// Phone normalises a cell of one or more telephone numbers (F-TEL-1 to 3).
func Phone(raw string) (PhoneNumber, []Finding) {
	if number, ok := plainMobile(raw); ok {
		return number, nil
	}
	s, findings := cell(raw)
	if s == "" {
		return PhoneNumber{}, findings
	}
	s = asciiWidth(s)
	if strings.IndexByte(s, '/') < 0 && strings.IndexByte(s, ',') < 0 && strings.IndexByte(s, ';') < 0 && strings.IndexByte(s, '\n') < 0 {
		return onePhone(s, findings)
	}
	if number, found := onePhone(strings.NewReplacer("/", "-", ",", "-").Replace(s), nil); number.Value != "" && number.Class != ClassForeign {
		return number, append(findings, found...) // 010/1234/5678 is one number
	}
	return manyPhones(s, findings)
}

func manyPhones(s string, findings []Finding) (PhoneNumber, []Finding) {
	var first PhoneNumber
	var rejected []Finding
	for _, part := range strings.FieldsFunc(s, func(r rune) bool { return r == '/' || r == ',' || r == ';' || r == '\n' }) {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		number, found := onePhone(part, nil)
		switch {
		case number.Value == "":
			rejected = append(rejected, found...)
			continue
		case first.Value == "":
			first = number
		case number.Value != first.Value:
			first.Rest = append(first.Rest, number)
		}
		findings = append(findings, found...)
	}
	switch {
	case first.Value == "" && len(rejected) > 0:
		return first, append(findings, rejected[0])
	case len(rejected) > 0:
		rejected[0].Severity = Warning
		findings = append(findings, rejected[0])
	case len(first.Rest) > 0:
		findings = append(findings, phoneFinding("F-TEL-2", "phone.several", Info, s,
			"The cell holds several numbers; the first one is used and the others are kept beside it.", ""))
	}
	return first, findings
}

// plainMobile is the short way for what most cells hold: 010-1234-5678 and 01012345678.
func plainMobile(s string) (PhoneNumber, bool) {
	var e164 [13]byte
	copy(e164[:], "+8210")
	switch {
	case len(s) == 13 && s[3] == '-' && s[8] == '-':
		copy(e164[5:], s[4:8])
		copy(e164[9:], s[9:13])
	case len(s) == 11:
		copy(e164[5:], s[3:11])
	default:
		return PhoneNumber{}, false
	}
	if s[0] != '0' || s[1] != '1' || s[2] != '0' || e164[5] < '2' {
		return PhoneNumber{}, false
	}
	for _, c := range e164[5:] {
		if c < '0' || c > '9' {
			return PhoneNumber{}, false
		}
	}
	return PhoneNumber{Value: string(e164[:]), Class: ClassMobile}, true
}

func onePhone(s string, findings []Finding) (PhoneNumber, []Finding) {
	if isScientific(s) {
		return PhoneNumber{}, append(findings, phoneFinding("F-TEL-3", "phone.e_notation", Error, s,
			"The spreadsheet turned the number into "+s+" and the last digits are lost.",
			"Format the column as text in the spreadsheet, then export it again."))
	}
	var p phoneText
	p.read(s)
	if p.letters {
		return PhoneNumber{}, append(findings, phoneFinding("F-TEL-2", "phone.letters", Error, s,
			"The number has letters between its digits.", "Enter digits only."))
	}
	number, repaired := p.number()
	if p.remark && p.count > 0 {
		findings = append(findings, phoneFinding("F-TEL-2", "phone.remark", Info, s, "Words beside the number were left out.", ""))
	}
	if number.Class == "" {
		return PhoneNumber{}, append(findings, p.explain(s))
	}
	number.Extension = p.extension
	if repaired {
		findings = append(findings, phoneFinding("F-TEL-3", "phone.lost_zero", Info, s,
			"The leading zero, lost in a spreadsheet, was put back.", ""))
	}
	return judgePhone(number, s, findings)
}

// judgePhone reports classes that are of limited use and empties those that are no customer's number.
func judgePhone(number PhoneNumber, s string, findings []Finding) (PhoneNumber, []Finding) {
	switch number.Class {
	case ClassMobile:
		switch {
		case number.Value == "+821011111111":
			return PhoneNumber{}, append(findings, phoneFinding("F-TEL", "phone.placeholder", Info, s,
				"The number is one that people type to get past a form; it was left out.", ""))
		case number.Value[5] == '1':
			findings = append(findings, phoneFinding("F-TEL", "phone.unassigned", Info, s,
				"Mobile numbers that go on with 1 after 010 are not given out; it may be an example.", ""))
		}
	case ClassLegacyMobile:
		findings = append(findings, phoneFinding("F-TEL", "phone.legacy", Warning, s,
			"Numbers of this range went out of service in 2021.", "Ask the customer for the present 010 number."))
	case ClassVirtual:
		findings = append(findings, phoneFinding("F-TEL", "phone.virtual", Info, s,
			"A safe number (050) expires; it is not used to recognise people or to advertise.", ""))
	case ClassPremium, ClassSpecial:
		findings = append(findings, phoneFinding("F-TEL", "phone.service", Error, s,
			"This is a service number and not a customer's.", "Ask for the customer's own number."))
		number.Value = ""
	}
	return number, findings
}

// phoneText is a written number taken apart.
type phoneText struct {
	digits    [24]byte
	count     int
	plus      bool
	separated bool
	letters   bool // between digits
	remark    bool // words before or behind
	overflow  bool
	extension string
}

func (p *phoneText) read(s string) {
	s = p.dropFraction(s)
	s = p.takeExtension(s)
	s = p.dropRemark(s)
	wordAfter := false // a word stands behind digits: only right when no digit follows
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c >= '0' && c <= '9':
			if wordAfter {
				p.letters = true
			}
			if p.count == len(p.digits) {
				p.overflow = true
			} else {
				p.digits[p.count] = c
				p.count++
			}
			i++
		case c == '+' && p.count == 0:
			p.plus = true
			i++
		case c == ' ' || c == '-' || c == '.' || c == '(' || c == ')' || c == '_' || c == '~' || c == ':' || c == '*' || c == '#' || c == '[' || c == ']':
			p.separated = true
			i++
		default:
			_, size := utf8.DecodeRuneInString(s[i:])
			i += size
			p.remark = true
			wordAfter = p.count > 0
		}
	}
}

// dropFraction takes the .0 away that programs add to numbers.
func (p *phoneText) dropFraction(s string) string {
	if rest, ok := strings.CutSuffix(s, ".0"); ok && len(rest) >= 8 && isDigits(rest) {
		return rest
	}
	return s
}

// takeExtension takes 내선 123, ext. 123 and the like away.
func (p *phoneText) takeExtension(s string) string {
	for _, word := range [...]string{"내선번호", "내선", "구내", "교환", "ext.", "ext", "Ext.", "Ext", "EXT", "#"} {
		before, after, ok := strings.Cut(s, word)
		after = strings.Trim(after, " .:()-번")
		if ok && len(before) > 6 && len(after) > 0 && len(after) < 7 && isDigits(after) {
			p.extension = after
			return strings.TrimRight(before, " (,-")
		}
	}
	return s
}

// dropRemark takes words in brackets away: 010-1234-5678(어머니). Digits in brackets stay: (02) 345-6789.
func (p *phoneText) dropRemark(s string) string {
	for {
		open := strings.IndexByte(s, '(')
		if open < 0 {
			return s
		}
		length := strings.IndexByte(s[open:], ')')
		if length < 0 {
			return s
		}
		inside := s[open+1 : open+length]
		if onlyDigits(inside) != "" || inside == "" {
			return s
		}
		p.remark = true
		s = s[:open] + " " + s[open+length+1:]
	}
}

// number finds the national digits behind all ways of writing the country code, and the class.
func (p *phoneText) number() (number PhoneNumber, repaired bool) {
	if p.overflow || p.count < 3 {
		return PhoneNumber{}, false
	}
	var national [26]byte
	digits := p.digits[:p.count]
	international := p.plus
	if !international && p.count > 4 && string(digits[:4]) == "0082" {
		digits, international = digits[2:], true
	}
	switch {
	case len(digits) > 9 && string(digits[:2]) == "82" && (international || !isClass(digits)):
		digits = digits[2:]
		if len(digits) > 8 && digits[0] == '0' {
			digits = digits[1:]
		}
		if class := classOf(digits); class == ClassRepresentative {
			return PhoneNumber{Value: string(digits), Class: class}, false
		}
		national[0] = '0'
		digits = national[:1+copy(national[1:], digits)]
	case international && len(digits) >= 7 && len(digits) <= 15 && digits[0] != '0':
		return PhoneNumber{Value: "+" + string(digits), Class: ClassForeign}, false
	case international:
		return PhoneNumber{}, false
	}
	class := classOf(digits)
	if class == "" && digits[0] != '0' && (len(digits) == 10 && digits[0] == '1' && digits[1] == '0' || !p.separated && len(digits) >= 9 && len(digits) <= 10) {
		national[0] = '0'
		digits = national[:1+copy(national[1:], digits)]
		class, repaired = classOf(digits), true
	}
	switch class {
	case "":
		return PhoneNumber{}, false
	case ClassRepresentative, ClassFree, ClassSpecial:
		return PhoneNumber{Value: string(digits), Class: class}, repaired
	}
	var e164 [28]byte
	copy(e164[:], "+82")
	n := copy(e164[3:], digits[1:])
	return PhoneNumber{Value: string(e164[:3+n]), Class: class}, repaired
}

func (p *phoneText) explain(s string) Finding {
	digits := string(p.digits[:p.count])
	switch {
	case p.count == 0:
		return phoneFinding("F-TEL", "phone.no_digits", Error, s, "There is no telephone number in the cell.", "Leave the cell empty or enter a number.")
	case len(digits) >= 10 && digits[:3] == "010" && digits[3] == '0' && strings.Trim(digits[3:], digits[3:4]) == "":
		return phoneFinding("F-TEL", "phone.placeholder", Info, s, "The number is one that people type to get past a form; it was left out.", "")
	case (p.count == 7 || p.count == 8) && !p.plus:
		return phoneFinding("F-TEL", "phone.no_area", Error, s, "The number has no area code.", "Put the area code before it, such as 02 for Seoul.")
	case strings.HasPrefix(digits, "010") || strings.HasPrefix(digits, "10"):
		return phoneFinding("F-TEL", "phone.mobile_length", Error, s, "A mobile number has 11 digits and does not go on with 0 after 010.", "Check the digits.")
	case len(strings.Trim(digits, "0")) == 0:
		return phoneFinding("F-TEL", "phone.placeholder", Info, s, "The number is one that people type to get past a form; it was left out.", "")
	}
	return phoneFinding("F-TEL", "phone.unknown", Error, s, "This is not a Korean telephone number.", "Write foreign numbers with + and the country code.")
}

func phoneFinding(rule, code string, severity Severity, value, message, remedy string) Finding {
	return Finding{Field: "phone", Value: maskDigits(value, 4), Rule: rule, Code: code, Severity: severity, Message: message, Remedy: remedy}
}

func isClass(digits []byte) bool { return classOf(digits) != "" }

// classOf follows the patterns of section 1.7 on national digits.
func classOf(d []byte) PhoneClass {
	n := len(d)
	if n < 3 {
		return ""
	}
	if d[0] == '1' {
		switch {
		case n == 8 && (d[1] == '5' || d[1] == '6' || d[1] == '8'):
			return ClassRepresentative
		case n == 6 && d[1] == '4':
			return ClassFree
		case (n == 3 || n == 4) && d[1] <= '3':
			return ClassSpecial
		}
		return ""
	}
	if d[0] != '0' || n < 9 || n > 12 {
		return ""
	}
	switch d[1] {
	case '1':
		switch {
		case d[2] == '0' && n == 11 && d[3] >= '1': // the rulebook's own examples are 010-1234-5678, outside its pattern 010[2-9]
			return ClassMobile
		case (d[2] == '1' || d[2] >= '6' && d[2] <= '9') && (n == 10 || n == 11):
			return ClassLegacyMobile
		}
	case '2':
		if (n == 9 || n == 10) && d[2] >= '2' {
			return ClassSeoul
		}
	case '7':
		if d[2] == '0' && n == 11 {
			return ClassInternet
		}
	case '8':
		if d[2] == '0' && (n == 10 || n == 11) {
			return ClassTollFree
		}
	default:
		return areaClass(d)
	}
	return ""
}

func areaClass(d []byte) PhoneClass {
	n := len(d)
	last := map[byte]byte{'3': '3', '4': '4', '5': '5', '6': '4'}[d[1]]
	switch {
	case d[1] == '5' && d[2] == '0':
		if (n == 11 || n == 12) && d[3] >= '2' && d[3] <= '8' {
			return ClassVirtual
		}
	case d[1] == '3' && d[2] == '0':
		if n == 11 || n == 12 {
			return ClassUnified
		}
	case d[1] == '6' && d[2] == '0':
		if n == 10 || n == 11 {
			return ClassPremium
		}
	case d[2] >= '1' && d[2] <= last && (n == 10 || n == 11) && d[3] >= '2':
		return ClassArea
	}
	return ""
}

// FormatPhone shows a stored number as Koreans write it: +821012345678 is 010-1234-5678.
func FormatPhone(s string) string {
	national := s
	if rest, ok := strings.CutPrefix(s, "+82"); ok {
		national = "0" + rest
	}
	d := []byte(national)
	n := len(d)
	switch class := classOf(d); {
	case class == "" || !isDigits(national):
		return s
	case class == ClassRepresentative:
		return national[:4] + "-" + national[4:]
	case class == ClassFree:
		return national[:4] + "-" + national[4:]
	case class == ClassSpecial:
		return national
	case class == ClassSeoul:
		return national[:2] + "-" + national[2:n-4] + "-" + national[n-4:]
	case class == ClassVirtual, class == ClassUnified && n == 12:
		return national[:4] + "-" + national[4:n-4] + "-" + national[n-4:]
	}
	return national[:3] + "-" + national[3:n-4] + "-" + national[n-4:]
}
