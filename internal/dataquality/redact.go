// SPDX-License-Identifier: Apache-2.0

package dataquality

import "strings"

const (
	residentDigits = 13
	// redactMark takes the place of what is left out, as F-RRN-7 shows it.
	redactMark = "******"
)

// Redact replaces the last six digits of every resident or foreign registration number in the text
// (F-RRN-7) and reports how many it found. Text without 13 digits comes back as it is, at no cost.
// A wrong check digit does not make a number safe. It scans digits with one hyphen, dash, dot or spaces
// between, full-width digits too.
func Redact(text string) (string, int) {
	if !mayHoldResident(text) {
		return text, 0
	}
	var b strings.Builder
	found, copied := 0, 0
	for i := 0; i < len(text); {
		if _, size := digitAt(text, i); size == 0 {
			i++
			continue
		}
		keep, end, ok := residentAt(text, i)
		if ok {
			b.WriteString(text[copied:keep])
			b.WriteString(redactMark)
			copied, i = end, end
			found++
			continue
		}
		for { // a longer run of digits is looked at once, at its start
			_, size := digitAt(text, i)
			if size == 0 {
				break
			}
			i += size
		}
	}
	if found == 0 {
		return text, 0
	}
	b.WriteString(text[copied:])
	return b.String(), found
}

// HasResidentNumber reports whether Redact would change the text.
func HasResidentNumber(text string) bool {
	_, found := Redact(text)
	return found > 0
}

// mayHoldResident answers no for nearly every cell: those with fewer than 13 digits.
func mayHoldResident(s string) bool {
	if len(s) < residentDigits {
		return false
	}
	count := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c-'0' <= 9 || c == 0xEF { // 0xEF begins full-width digits
			if count++; count == residentDigits {
				return true
			}
		}
	}
	return false
}

// digitAt returns the digit at s[i:] and how many bytes it takes, 0 when there is none.
func digitAt(s string, i int) (digit byte, size int) {
	if i >= len(s) {
		return 0, 0
	}
	if c := s[i]; c >= '0' && c <= '9' {
		return c, 1
	}
	if i+2 < len(s) && s[i] == 0xEF && s[i+1] == 0xBC && s[i+2] >= 0x90 && s[i+2] <= 0x99 {
		return s[i+2] - 0x90 + '0', 3
	}
	return 0, 0
}

// residentAt matches a number that begins at s[i:]; keep is the offset behind digit 7, end that behind it.
func residentAt(s string, i int) (keep, end int, ok bool) {
	if i > 0 && s[i-1] >= '0' && s[i-1] <= '9' || i > 2 && isWideDigit(s, i-3) {
		return 0, 0, false
	}
	var digits [residentDigits]byte
	at := i
	for n := 0; n < 6; n++ {
		digit, size := digitAt(s, at)
		if size == 0 {
			return 0, 0, false
		}
		digits[n] = digit
		at += size
	}
	gap := separatorAt(s, at)
	if gap == 0 && i > 0 && isWordByte(s[i-1]) {
		return 0, 0, false // AB9001011234567 is a code
	}
	at += gap
	for n := 6; n < residentDigits; n++ {
		digit, size := digitAt(s, at)
		if size == 0 {
			return 0, 0, false
		}
		digits[n] = digit
		at += size
		if n == 6 {
			keep = at
		}
	}
	if _, size := digitAt(s, at); size > 0 || gap == 0 && at < len(s) && isWordByte(s[at]) {
		return 0, 0, false
	}
	year, _, _ := century(digits[6])
	birth := Date{year + int(digits[0]-'0')*10 + int(digits[1]-'0'), int(digits[2]-'0')*10 + int(digits[3]-'0'), int(digits[4]-'0')*10 + int(digits[5]-'0')}
	return keep, at, birth.IsValid()
}

func isWideDigit(s string, i int) bool {
	_, size := digitAt(s, i)
	return size == 3
}

func isWordByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_'
}

// separatorAt returns the length of what people write between the two halves: - , a dash, a dot, or spaces
// around them.
func separatorAt(s string, i int) int {
	at := i
	skip := func() {
		for n := 0; n < 2 && at < len(s) && s[at] == ' '; n++ {
			at++
		}
	}
	skip()
	for _, mark := range [...]string{"-", "－", "–", "—", "‐", "‑", "−", ".", "~", "ㅡ", "\u00A0"} {
		if strings.HasPrefix(s[at:], mark) {
			at += len(mark)
			break
		}
	}
	skip()
	return at - i
}
