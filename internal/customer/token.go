// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"strings"

	"dangol/internal/dataquality"
)

// AppendTokens appends the search tokens of a customer, separated by spaces. The engines index them as
// they are: Hangul bigrams (two-syllable names defeat trigram indexes), initial consonants in pairs, the
// parts of telephone numbers that people remember, and e-mail addresses whole (prefixes are looked up).
func AppendTokens(dst []byte, golden *Values, records []*Record, searchable []string) []byte {
	dst = appendPairs(dst, golden.NameKey)
	dst = appendChosungPairs(dst, golden.Chosung)
	if latin := golden.Text[NameLatin]; latin != "" {
		dst = appendPairs(dst, dataquality.SearchKey(latin))
	}
	if company := golden.Text[Company]; company != "" {
		dst = appendPairs(dst, dataquality.SearchKey(company))
	}
	for _, name := range searchable {
		if text, ok := golden.Attributes[name].(string); ok {
			dst = appendPairs(dst, dataquality.SearchKey(text))
		}
	}
	dst = appendContacts(dst, golden)
	if len(records) > 1 {
		for _, r := range records { // an older number finds the customer too
			dst = appendOtherContacts(dst, golden, &r.Values)
		}
	}
	return dst
}

func appendPairs(dst []byte, key string) []byte {
	if key == "" {
		return dst
	}
	return dataquality.AppendBigrams(dst, key)
}

// appendChosungPairs leaves out what the pairs of the name hold already.
func appendChosungPairs(dst []byte, chosung string) []byte {
	if chosung == "" || !hasJamo(chosung) {
		return dst
	}
	return dataquality.AppendBigrams(dst, chosung)
}

func hasJamo(s string) bool {
	return strings.ContainsFunc(s, dataquality.IsJamo)
}

func appendContacts(dst []byte, v *Values) []byte {
	dst = appendNumber(dst, v.Text[Mobile])
	dst = appendNumber(dst, v.Text[Phone])
	return appendEmail(dst, v.Text[Email])
}

func appendOtherContacts(dst []byte, golden, other *Values) []byte {
	for _, f := range []Field{Mobile, Phone} {
		if number := other.Text[f]; number != golden.Text[f] {
			dst = appendNumber(dst, number)
		}
	}
	if email := other.Text[Email]; email != golden.Text[Email] {
		dst = appendEmail(dst, email)
	}
	return dst
}

// appendNumber appends the whole national number, its last eight digits, its middle block and its last
// four digits.
func appendNumber(dst []byte, number string) []byte {
	if number == "" {
		return dst
	}
	dst = append(dst, ' ')
	start := len(dst)
	dst = appendNational(dst, number)
	size := len(dst) - start
	if size < 7 {
		return dst
	}
	if size > 8 {
		dst = append(append(dst, ' '), dst[start+size-8:start+size]...)
	}
	if middle := size - 4 - areaLength(dst[start:start+size]); middle >= 3 {
		dst = append(append(dst, ' '), dst[start+size-4-middle:start+size-4]...)
	}
	return append(append(dst, ' '), dst[start+size-4:start+size]...)
}

// appendNational appends the digits of a number with the leading zero of national form.
func appendNational(dst []byte, number string) []byte {
	if rest, ok := strings.CutPrefix(number, "+82"); ok {
		return append(append(dst, '0'), rest...)
	}
	for i := range len(number) {
		if number[i] >= '0' && number[i] <= '9' {
			dst = append(dst, number[i])
		}
	}
	return dst
}

// areaLength is the length of the area or service code: 02 is the only one of two digits.
func areaLength(national []byte) int {
	switch {
	case len(national) <= 8:
		return 0 // 1588-1234 and the like have none
	case national[0] == '0' && national[1] == '2':
		return 2
	}
	return 3
}

func appendEmail(dst []byte, email string) []byte {
	if email == "" {
		return dst
	}
	dst = append(dst, ' ')
	return appendToken(dst, email)
}

// appendToken appends s in the letters that the index keeps together: e-mail addresses may hold others.
func appendToken(dst []byte, s string) []byte {
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= 'A' && c <= 'Z':
			c += 'a' - 'A'
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9', c >= 0x80, strings.IndexByte("@._+-#", c) >= 0:
		default:
			c = '_'
		}
		dst = append(dst, c)
	}
	return dst
}
