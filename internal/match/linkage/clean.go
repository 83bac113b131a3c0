// SPDX-License-Identifier: Apache-2.0

package linkage

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// absent are the words that people and programs write for "no value".
var absent = map[string]bool{
	"": true, "nan": true, "null": true, "none": true, "n/a": true, "na": true, "-": true, "--": true,
	"unknown": true, "없음": true, "미상": true, "모름": true, "\\n": true, "undefined": true,
}

// tidy is what every value passes first: NFC, lower case, single spaces,
// without the words for "no value".
func tidy(value string) string {
	if !norm.NFC.IsNormalString(value) {
		value = norm.NFC.String(value)
	}
	value = strings.ToLower(strings.Join(strings.Fields(value), " "))
	if absent[value] {
		return ""
	}
	return value
}

// words keeps letters and digits; everything else separates words.
func words(value string) string {
	var out strings.Builder
	gap := false
	for _, r := range value {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			if gap && out.Len() > 0 {
				out.WriteByte(' ')
			}
			gap = false
			out.WriteRune(r)
			continue
		}
		if r != '\'' && r != '’' { // o'neil is one word
			gap = true
		}
	}
	return out.String()
}

// letters keeps letters and digits without the gaps: "김 철수" = "김철수".
func letters(value string) string { return strings.ReplaceAll(words(value), " ", "") }

// digits keeps the digits.
func digits(value string) string {
	var out []byte
	for i := range len(value) {
		if value[i] >= '0' && value[i] <= '9' {
			out = append(out, value[i])
		}
	}
	return string(out)
}

// dateDigits writes a date as YYYYMMDD, "" when it is none. Dates that do not
// exist (month 13) stay: a slip of the pen is still evidence.
func dateDigits(value string) string {
	parts := strings.FieldsFunc(value, func(r rune) bool { return r < '0' || r > '9' })
	if len(parts) >= 3 && len(parts[0]) == 4 {
		return parts[0] + twoDigits(parts[1]) + twoDigits(parts[2])
	}
	if len(parts) >= 3 && len(parts[2]) == 4 {
		return parts[2] + twoDigits(parts[1]) + twoDigits(parts[0])
	}
	if d := digits(value); len(d) == 8 || len(d) == 14 {
		return d[:8]
	}
	return ""
}

func twoDigits(s string) string {
	if len(s) == 1 {
		return "0" + s
	}
	return s[:2]
}

// phoneDigits drops the country code and the leading zero, and joins the old
// 01x mobile numbers to their 010 successors where only the prefix changed.
func phoneDigits(value string) string {
	d := digits(value)
	d = strings.TrimPrefix(d, "0082")
	if len(d) > 10 {
		d = strings.TrimPrefix(d, "82")
	}
	return strings.TrimLeft(d, "0")
}
