// SPDX-License-Identifier: Apache-2.0

package order

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"time"
)

// quantityScale is the number of stored units in one piece: thousandths.
const quantityScale = 1000

// minorDigits lists currencies without two minor digits (ISO 4217).
var minorDigits = map[string]int{"KRW": 0, "JPY": 0, "VND": 0, "CLP": 0, "ISK": 0, "KWD": 3, "BHD": 3, "JOD": 3, "TND": 3, "OMR": 3}

// Digits returns how many decimals an amount of the currency has.
func Digits(currency string) int {
	if digits, ok := minorDigits[currency]; ok {
		return digits
	}
	return 2
}

var (
	errNumber = errors.New("not a number")
	errRange  = errors.New("number out of range")
	errTime   = errors.New("not a date or time")
)

// parseDecimal reads a number into units of 10^-digits, rounding half away from
// zero; exact is false when decimals were lost. It takes thousands separators,
// currency signs, brackets for negative amounts and E-notation, as exports of
// tills and spreadsheets have them (M-IMP-7).
func parseDecimal(text string, digits int) (value int64, exact bool, err error) {
	s, negative := trimAmount(text)
	if s == "" {
		return 0, false, errNumber
	}
	if strings.ContainsAny(s, "eE") {
		return parseFloat(s, digits, negative)
	}
	whole, fraction, _ := strings.Cut(s, ".")
	if whole == "" && fraction == "" {
		return 0, false, errNumber
	}
	for i := 0; i < len(whole); i++ {
		c := whole[i]
		if c == ',' {
			continue
		}
		if c < '0' || c > '9' {
			return 0, false, errNumber
		}
		if value > (math.MaxInt64-9)/10 {
			return 0, false, errRange
		}
		value = value*10 + int64(c-'0')
	}
	value, exact, err = addFraction(value, fraction, digits)
	if negative {
		value = -value
	}
	return value, exact, err
}

func addFraction(value int64, fraction string, digits int) (int64, bool, error) {
	exact, up := true, false
	for i := range max(len(fraction), digits) {
		c := byte('0')
		if i < len(fraction) {
			c = fraction[i]
		}
		switch {
		case c < '0' || c > '9':
			return 0, false, errNumber
		case i < digits:
			if value > (math.MaxInt64-9)/10 {
				return 0, false, errRange
			}
			value = value*10 + int64(c-'0')
		case i == digits:
			up = c >= '5'
			exact = exact && c == '0'
		default:
			exact = exact && c == '0'
		}
	}
	if up {
		value++
	}
	return value, exact, nil
}

func parseFloat(s string, digits int, negative bool) (int64, bool, error) {
	f, err := strconv.ParseFloat(strings.ReplaceAll(s, ",", ""), 64)
	if err != nil || math.IsNaN(f) {
		return 0, false, errNumber
	}
	if negative {
		f = -f
	}
	scaled := f * math.Pow10(digits)
	if math.Abs(scaled) > 1<<53 {
		return 0, false, errRange
	}
	rounded := math.Round(scaled)
	return int64(rounded), rounded == scaled, nil
}

// trimAmount takes off spaces, currency signs and the sign of an amount.
func trimAmount(text string) (string, bool) {
	s := strings.TrimSpace(text)
	negative := false
	if strings.HasPrefix(s, "(") && strings.HasSuffix(s, ")") {
		s, negative = s[1:len(s)-1], true
	}
	for _, sign := range []string{"₩", "￦", "$", "원", "KRW", "USD"} {
		s = strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(s, sign), sign))
	}
	switch {
	case strings.HasPrefix(s, "-"), strings.HasPrefix(s, "△"), strings.HasPrefix(s, "▲"), strings.HasPrefix(s, "−"):
		_, rest, _ := strings.Cut(s, s[:firstRune(s)])
		return strings.TrimSpace(rest), !negative
	case strings.HasPrefix(s, "+"):
		return s[1:], negative
	}
	return strings.TrimSpace(strings.TrimPrefix(s, "₩")), negative
}

func firstRune(s string) int {
	for i := range s {
		if i > 0 {
			return i
		}
	}
	return len(s)
}

// timeLayouts are the forms of times that files have; a zone in the text wins
// over the company's.
var timeLayouts = []string{
	"2006-01-02 15:04:05", "2006-01-02", "2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05", "2006-01-02 15:04",
	"2006-01-02T15:04", "2006-01-02 15:04:05Z07:00", "2006/01/02 15:04:05", "2006/01/02 15:04", "2006/01/02",
	"2006.01.02 15:04:05", "2006.01.02 15:04", "2006.01.02", "2006. 1. 2.", "2006-1-2", "2006/1/2", "2006.1.2",
	"20060102", "20060102150405", "20060102 150405", "2006년 1월 2일", "2006년 01월 02일",
}

// parseTime reads a time of a file as UTC; hasClock says that it has a time of day.
func parseTime(text string, zone *time.Location) (at time.Time, hasClock bool, err error) {
	s := strings.TrimSpace(text)
	for _, layout := range timeLayouts {
		if at, err := time.ParseInLocation(layout, s, zone); err == nil {
			if at.Year() < 1900 || at.Year() > 2200 {
				return time.Time{}, false, errTime
			}
			return at.UTC(), strings.Contains(layout, "15"), nil
		}
	}
	return time.Time{}, false, errTime
}

// parseDay reads a date as ISO text.
func parseDay(text string, zone *time.Location) (string, error) {
	at, _, err := parseTime(text, zone)
	if err != nil {
		return "", err
	}
	return at.In(zone).Format(time.DateOnly), nil
}
