// SPDX-License-Identifier: Apache-2.0

package dataquality

import (
	"strings"
)

var (
	residentWeights  = [12]int{2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5}
	businessWeights  = [9]int{1, 3, 7, 1, 3, 7, 1, 3, 5}
	newResidentSince = Date{2020, 10, 5} // numbers issued from this day on have no check digit
)

// Checksum says whether the check digit of a resident number fits.
type Checksum string

// The results of checking a check digit.
const (
	Match         Checksum = "match"
	Mismatch      Checksum = "mismatch"
	NotApplicable Checksum = "not_applicable"
)

// Resident is all that may be taken from a resident or foreign registration number (F-RRN-5); the number
// itself is never part of it.
type Resident struct {
	BirthOn   Date
	Sex       string // male or female
	IsForeign bool
	Checksum  Checksum
}

// ResidentNumber reads a resident or foreign registration number in memory. It answers false when the
// text is no such number; findings never hold a digit of it (F-RRN-5, F-RRN-8).
func ResidentNumber(raw string, today Date) (Resident, bool, []Finding) {
	s := asciiWidth(strings.TrimSpace(unwrapFormula(raw)))
	digits := onlyDigits(s)
	if len(digits) != 13 || len(s) > 20 {
		return Resident{}, false, []Finding{residentFinding("resident.length", Error, "A resident registration number has 13 digits.")}
	}
	year, male, foreign := century(digits[6])
	birth := Date{year + number(digits, 0, 2), number(digits, 2, 2), number(digits, 4, 2)}
	if !birth.IsValid() || today.Year > 0 && today.Before(birth) {
		return Resident{}, false, []Finding{residentFinding("resident.date", Error, "The first six digits are no birth date in the past.")}
	}
	r := Resident{BirthOn: birth, Sex: "female", IsForeign: foreign}
	if male {
		r.Sex = "male"
	}
	sum := 0
	for i, weight := range residentWeights {
		sum += weight * int(digits[i]-'0')
	}
	check := (11 - sum%11) % 10
	if foreign {
		check = (13 - sum%11) % 10
	}
	switch {
	case check == int(digits[12]-'0'):
		r.Checksum = Match
	case !birth.Before(newResidentSince):
		r.Checksum = NotApplicable
	default:
		r.Checksum = Mismatch
		return r, true, []Finding{residentFinding("resident.checksum", Warning, "The check digit does not fit; it may be a number issued again since October 2020.")}
	}
	return r, true, nil
}

// century follows the table of digit 7 (F-RRN-9).
func century(digit byte) (year int, male, foreign bool) {
	d := digit - '0'
	switch d {
	case 9, 0:
		year = 1800
	case 1, 2, 5, 6:
		year = 1900
	default:
		year = 2000
	}
	return year, d%2 == 1, d >= 5 && d <= 8
}

func residentFinding(code string, severity Severity, message string) Finding {
	return Finding{
		Field: "resident_number", Rule: "F-RRN", Code: code, Severity: severity, Message: message,
		Remedy: "Leave the number out: the law forbids keeping it.",
	}
}

// Business is a business registration number in its stored form.
type Business struct {
	Value string // ten digits
	Kind  string // sole, corporation, branch, non_profit, government, foreign, religious or other; by digits 4 and 5
}

// BusinessNumber normalises and checks a business registration number (F-BRN).
func BusinessNumber(raw string) (Business, []Finding) {
	s, findings := cell(raw)
	if s == "" {
		return Business{}, findings
	}
	digits := onlyDigits(asciiWidth(s))
	switch {
	case isScientific(s):
		return Business{}, append(findings, brnFinding("brn.e_notation", s, "The spreadsheet turned the number into "+s+" and its last digits are lost.",
			"Format the column as text in the spreadsheet, then export it again."))
	case len(digits) != 10:
		return Business{}, append(findings, brnFinding("brn.length", s, "A business registration number has ten digits.", "Check the digits."))
	}
	sum := 5 * int(digits[8]-'0') / 10
	for i, weight := range businessWeights {
		sum += weight * int(digits[i]-'0')
	}
	if (10-sum%10)%10 != int(digits[9]-'0') || digits == "0000000000" {
		return Business{}, append(findings, brnFinding("brn.checksum", s, "The check digit of the business registration number does not fit.", "Check the digits."))
	}
	return Business{Value: digits, Kind: businessKind(number(digits, 3, 2))}, findings
}

func businessKind(code int) string {
	switch {
	case code == 81, code >= 86 && code <= 88:
		return "corporation"
	case code == 82:
		return "non_profit"
	case code == 83:
		return "government"
	case code == 84:
		return "foreign"
	case code == 85:
		return "branch"
	case code == 89:
		return "religious"
	case code == 0:
		return "other"
	}
	return "sole"
}

// FormatBusinessNumber shows ten digits as NNN-NN-NNNNN.
func FormatBusinessNumber(s string) string {
	if len(s) != 10 {
		return s
	}
	return s[:3] + "-" + s[3:5] + "-" + s[5:]
}

func brnFinding(code, value, message, remedy string) Finding {
	return Finding{Field: "brn", Value: maskDigits(value, 5), Rule: "F-BRN", Code: code, Severity: Error, Message: message, Remedy: remedy}
}

// CorporateNumber normalises a corporate registration number (F-CRN): a wrong check digit is a warning.
func CorporateNumber(raw string) (string, []Finding) {
	s, findings := cell(raw)
	if s == "" {
		return "", findings
	}
	digits := onlyDigits(asciiWidth(s))
	if len(digits) != 13 {
		return "", append(findings, Finding{
			Field: "crn", Value: maskDigits(s, 5), Rule: "F-CRN", Code: "crn.length", Severity: Error,
			Message: "A corporate registration number has 13 digits.", Remedy: "Check the digits.",
		})
	}
	sum := 0
	for i := 0; i < 12; i++ {
		sum += int(digits[i]-'0') * (1 + i%2)
	}
	if (10-sum%10)%10 != int(digits[12]-'0') {
		findings = append(findings, Finding{
			Field: "crn", Value: maskDigits(s, 5), Rule: "F-CRN", Code: "crn.checksum", Severity: Warning,
			Message: "The check digit of the corporate registration number does not fit; numbers since 2025 may have none.",
		})
	}
	return digits, findings
}
