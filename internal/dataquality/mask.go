// SPDX-License-Identifier: Apache-2.0

package dataquality

import (
	"strings"
	"unicode/utf8"
)

// MaskName hides the first character of the given name or more (F-MASK): 홍*동, 남궁**, 이*.
func MaskName(s string) string {
	runes := []rune(s)
	switch n := len(runes); {
	case n == 0:
		return ""
	case n == 1:
		return "*"
	case !IsSyllable(runes[0]):
		return maskWords(runes)
	case n == 2:
		return string(runes[0]) + "*"
	case n >= 4 && compoundFamilies[string(runes[:2])]:
		return string(runes[:2]) + strings.Repeat("*", n-2)
	case n == 3 && oftenCompound[string(runes[:2])]:
		return string(runes[:2]) + "*"
	default:
		return string(runes[0]) + strings.Repeat("*", n-2) + string(runes[n-1])
	}
}

// maskWords leaves the first letter of each word of a Latin name: H*** G******.
func maskWords(runes []rune) string {
	start := true
	for i, r := range runes {
		switch {
		case r == ' ' || r == '-':
			start = true
		case start:
			start = false
		default:
			runes[i] = '*'
		}
	}
	if len(runes) <= 2 {
		return string(runes[0]) + "*"
	}
	return string(runes)
}

// MaskPhone hides the middle block: 010-****-5678. It takes E.164, national digits or written forms.
func MaskPhone(s string) string {
	if s == "" {
		return ""
	}
	parts := strings.Split(FormatPhone(s), "-")
	if len(parts) < 3 {
		return maskDigits(s, 4)
	}
	middle := len(parts) - 2
	parts[middle] = strings.Repeat("*", len(parts[middle]))
	return strings.Join(parts, "-")
}

// maskDigits hides all digits but the first two and the last keep-2.
func maskDigits(s string, keep int) string {
	total := 0
	for i := 0; i < len(s); i++ {
		if s[i] >= '0' && s[i] <= '9' {
			total++
		}
	}
	b := []byte(s)
	seen := 0
	for i, c := range b {
		if c < '0' || c > '9' {
			continue
		}
		seen++
		if seen > 2 && seen <= total-(keep-2) || total <= keep {
			b[i] = '*'
		}
	}
	return string(b)
}

// MaskEmail hides what follows two characters of the local part: ho***@naver.com.
func MaskEmail(s string) string {
	at := strings.LastIndexByte(s, '@')
	if at < 0 {
		return keepRunes(s, 2)
	}
	local := s[:at]
	shown := 0
	for i := 0; i < 2 && shown < len(local); i++ {
		_, size := utf8.DecodeRuneInString(local[shown:])
		shown += size
	}
	if shown == len(local) {
		shown = 0
		if utf8.RuneCountInString(local) > 1 {
			_, shown = utf8.DecodeRuneInString(local)
		}
	}
	return local[:shown] + "***" + s[at:]
}

func keepRunes(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i] + "***"
		}
		n--
	}
	if s == "" {
		return ""
	}
	return "***"
}

// MaskAddress hides what follows the road name or the 읍·면·동: 서울특별시 강남구 테헤란로 ***.
func MaskAddress(s string) string {
	words := strings.Fields(s)
	for i, word := range words {
		if i > 0 && isRoadName(word) || i > 1 && isTownName(word) {
			return strings.Join(words[:i+1], " ") + " ***"
		}
	}
	if len(words) > 2 {
		return strings.Join(words[:2], " ") + " ***"
	}
	if len(words) == 0 {
		return ""
	}
	return words[0] + " ***"
}

// MaskBirthDate hides month and day: 1990-**-**.
func MaskBirthDate(s string) string {
	if len(s) >= 4 && isDigits(s[:4]) {
		return s[:4] + "-**-**"
	}
	if s == "" {
		return ""
	}
	return "****-**-**"
}

// MaskResident hides the last six digits of a resident or foreign registration number: 900101-1******.
func MaskResident(s string) string {
	digits := onlyDigits(s)
	if len(digits) < 7 {
		return strings.Repeat("*", len(digits))
	}
	return digits[:6] + "-" + digits[6:7] + "******"
}

// MaskCard hides digits 7 to 12: 1234-56**-****-3456.
func MaskCard(s string) string {
	b := []byte(s)
	seen := 0
	for i, c := range b {
		if c >= '0' && c <= '9' {
			if seen++; seen >= 7 && seen <= 12 {
				b[i] = '*'
			}
		}
	}
	return string(b)
}

// MaskAccount hides the last five digits of a bank account: 110-123-*****.
func MaskAccount(s string) string {
	b := []byte(s)
	seen := 0
	for i := len(b) - 1; i >= 0 && seen < 5; i-- {
		if b[i] >= '0' && b[i] <= '9' {
			b[i] = '*'
			seen++
		}
	}
	return string(b)
}

// MaskIP hides the third octet of an IPv4 address and the second half of an IPv6 one: 203.0.***.7.
func MaskIP(s string) string {
	if parts := strings.Split(s, "."); len(parts) == 4 {
		parts[2] = "***"
		return strings.Join(parts, ".")
	}
	if parts := strings.Split(s, ":"); len(parts) > 2 {
		for i := len(parts) / 2; i < len(parts); i++ {
			parts[i] = "***"
		}
		return strings.Join(parts, ":")
	}
	return "***"
}

// Mask hides a value by the name of its column in the customers table; columns that name no person
// (region, grade, sex) come back as they are.
func Mask(field, value string) string {
	if value == "" {
		return ""
	}
	switch field {
	case "full_name", "given_name", "name_latin", "name_key":
		return MaskName(value)
	case "name_chosung":
		return keepRunes(value, 1)
	case "mobile", "phone", "contact":
		return MaskPhone(value)
	case "email":
		return MaskEmail(value)
	case "address":
		return MaskAddress(value)
	case "address_detail", "memo":
		return "***"
	case "birth_on":
		return MaskBirthDate(value)
	case "resident_number":
		return MaskResident(value)
	case "brn", "crn":
		return maskDigits(value, 5)
	}
	return value
}
