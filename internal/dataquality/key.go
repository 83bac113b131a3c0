// SPDX-License-Identifier: Apache-2.0

package dataquality

import "strings"

// Key normalises a customer number, order number or other code: trimmed, NFC, full-width ASCII folded, words for
// nothing emptied, the .0 that programs add to numbers dropped. Leading zeros and letter case stay.
func Key(raw string) (string, []Finding) {
	if isPlainKey(raw) {
		return raw, nil
	}
	s, findings := cell(raw)
	if s == "" {
		return "", findings
	}
	s = asciiWidth(s)
	if isScientific(s) {
		return "", append(findings, Finding{
			Field: "key", Value: s, Rule: "M-IMP-7", Code: "key.e_notation", Severity: Error,
			Message: "The spreadsheet turned the number into " + s + " and its last digits are lost.",
			Remedy:  "Format the column as text in the spreadsheet, then export it again.",
		})
	}
	if whole, ok := strings.CutSuffix(s, ".0"); ok && isDigits(whole) {
		s = whole
	}
	if safe, found := Redact(s); found > 0 {
		return "", append(findings, residentFinding("resident.redacted", Error, safe+" is a resident registration number and cannot be a key."))
	}
	return s, findings
}

// isPlainKey is the short way for short numbers that begin with a digit other than 0.
func isPlainKey(s string) bool {
	return s != "" && len(s) < residentDigits && s[0] > '0' && isDigits(s)
}
