// SPDX-License-Identifier: Apache-2.0

package dataquality

import "strings"

func isDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// onlyDigits returns the ASCII digits of s, s itself when it has nothing else.
func onlyDigits(s string) string {
	if isDigits(s) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] >= '0' && s[i] <= '9' {
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

// isScientific reports numbers that a spreadsheet shows as 1.01235E+10.
func isScientific(s string) bool {
	i := strings.IndexAny(s, "eE")
	if i < 1 {
		return false
	}
	exponent := strings.TrimLeft(s[i+1:], "+-")
	if len(exponent) > 3 || len(s)-i-1-len(exponent) > 1 || !isDigits(exponent) {
		return false
	}
	mantissa := strings.TrimLeft(s[:i], "+-")
	whole, fraction, hasPoint := strings.Cut(mantissa, ".")
	return isDigits(whole) && (!hasPoint || isDigits(fraction))
}

// number reads n decimal digits at s[at:]; -1 when there are fewer.
func number(s string, at, n int) int {
	if at+n > len(s) {
		return -1
	}
	value := 0
	for i := at; i < at+n; i++ {
		c := s[i] - '0'
		if c > 9 {
			return -1
		}
		value = value*10 + int(c)
	}
	return value
}
