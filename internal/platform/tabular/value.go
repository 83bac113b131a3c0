// SPDX-License-Identifier: Apache-2.0

package tabular

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"time"
)

// isBlank reports whether a cell says that there is no number or date.
func isBlank(cell string) bool {
	switch cell {
	case "", "NA", "N/A", "NaN", "nan", "NULL", "null", "None", "-", ".", "?", "#N/A":
		return true
	}
	return false
}

// parseNumber reads a number as people write it: thousands in groups, a won or
// dollar sign, per cent left alone (it would change the value).
func parseNumber(cell string) (float64, bool) {
	cell = strings.TrimSpace(cell)
	if cell == "" || cell[0] > '9' && cell[0] != 'i' && cell[0] != 'I' && cell[0] < 0x80 {
		return 0, false
	}
	if v, err := parseFloat(cell); err == nil {
		return v, !strings.ContainsAny(cell, "xX_")
	}
	if inner, isLoss := loss(cell); isLoss {
		v, ok := parseNumber(inner)
		return -v, ok && v >= 0
	}
	cell = bare(cell)
	if strings.HasPrefix(cell, "∞") || strings.HasPrefix(cell, "-∞") {
		return math.Inf(1 - 2*strings.Index(cell, "∞")), true // 0 or 1 byte before it
	}
	if !strings.Contains(cell, ",") || !isGrouped(cell) {
		v, err := parseFloat(strings.TrimSpace(cell))
		return v, err == nil && !strings.ContainsAny(cell, "xX_")
	}
	v, err := parseFloat(strings.ReplaceAll(cell, ",", ""))
	return v, err == nil
}

// parseFloat takes a number too large for the machine as infinite, which callers
// leave out as they leave out "inf".
func parseFloat(text string) (float64, error) {
	v, err := strconv.ParseFloat(text, 64)
	if errors.Is(err, strconv.ErrRange) {
		err = nil
	}
	return v, err
}

// loss is what bookkeepers write for a number below zero: (1,200), △1,200, 1,200-.
func loss(cell string) (string, bool) {
	if inner, found := strings.CutPrefix(cell, "("); found && strings.HasSuffix(inner, ")") {
		return strings.TrimSuffix(inner, ")"), len(inner) > 1
	}
	for _, mark := range []string{"△", "▲"} {
		if inner, found := strings.CutPrefix(cell, mark); found {
			return inner, inner != ""
		}
	}
	inner, found := strings.CutSuffix(cell, "-")
	return inner, found && inner != ""
}

// bare is a number without its currency.
func bare(cell string) string {
	for _, sign := range []string{"₩", "$", "€", "£", "¥"} {
		cell = strings.TrimSuffix(strings.TrimPrefix(cell, sign), sign)
	}
	return strings.TrimSpace(strings.TrimSuffix(cell, "원"))
}

// parseComma reads a number whose decimals follow a comma: 1.234,5.
func parseComma(cell string) (float64, bool) {
	cell = strings.TrimSpace(cell)
	if inner, isLoss := loss(cell); isLoss {
		v, ok := parseComma(inner)
		return -v, ok && v >= 0
	}
	whole, decimals, _ := strings.Cut(bare(cell), ",")
	if strings.Contains(decimals, ".") || strings.Contains(decimals, ",") {
		return 0, false
	}
	if grouped := strings.NewReplacer(".", ",", " ", ",", "\u00a0", ",", "'", ",").Replace(whole); grouped != whole && !isGrouped(grouped) {
		return 0, false
	}
	return parseNumber(strings.NewReplacer(".", "", " ", "", "\u00a0", "", "'", "").Replace(whole) + "." + decimals)
}

// isGrouped reports whether commas stand before groups of three digits only.
func isGrouped(cell string) bool {
	whole, _, _ := strings.Cut(strings.TrimLeft(cell, "+-"), ".")
	groups := strings.Split(whole, ",")
	const three = 3
	for i, g := range groups {
		if i > 0 && len(g) != three || i == 0 && (g == "" || len(g) > three) || strings.Trim(g, "0123456789") != "" {
			return false
		}
	}
	return true
}

// isCode reports whether a cell of digits starts with a zero that a number
// would lose: postcodes, telephone and customer numbers.
func isCode(cell string) bool {
	return len(cell) > 1 && cell[0] == '0' && strings.Trim(cell, "0123456789") == ""
}

func formatNumber(v float64) string {
	if math.IsNaN(v) {
		return ""
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

func formatDate(micro int64) string {
	if micro == NoDate {
		return ""
	}
	at := time.UnixMicro(micro).UTC()
	if at.Hour() == 0 && at.Minute() == 0 && at.Second() == 0 {
		return at.Format(time.DateOnly)
	}
	return at.Format(time.DateTime)
}

// order is how the parts of a date with slashes follow each other.
type order int

const (
	yearFirst order = iota
	dayFirst
	monthFirst
)

// parseDate reads a date, with or without a time, as microseconds of its wall
// clock. Eight digits are a date only where a date is expected.
func parseDate(cell string, o order, allowDigits bool) (int64, bool) {
	cell = strings.TrimSpace(cell)
	if at, ok := parseDay(cell, o, allowDigits); ok {
		return at, true
	}
	return parsePeriod(cell, allowDigits)
}

func parseDay(cell string, o order, allowDigits bool) (int64, bool) {
	if len(cell) < 6 || cell[0] < '0' || cell[0] > '9' {
		return 0, false
	}
	day, clock := cell, ""
	if i := strings.IndexAny(cell, "T "); i >= 8 || i > 0 && strings.Trim(cell[:i], "0123456789./-") == "" && cell[i-1] != '.' {
		day, clock = cell[:i], strings.TrimSpace(cell[i+1:])
	} else if strings.Contains(cell, "년") || strings.Count(cell, ".") > 1 {
		day, clock = koreanDay(cell)
	}
	parts, ok := dayParts(day, allowDigits)
	if !ok {
		return 0, false
	}
	y, m, d := parts[0], parts[1], parts[2]
	switch {
	case o == dayFirst && parts[0] <= 31:
		y, d = parts[2], parts[0]
	case o == monthFirst && parts[0] <= 31:
		y, m, d = parts[2], parts[0], parts[1]
	}
	at := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	if y < 1000 || y > 9999 || at.Day() != d || int(at.Month()) != m {
		return 0, false
	}
	rest, ok := parseClock(clock)
	return at.UnixMicro() + rest, ok
}

// koreanDay separates "2024년 3월 5일 10:20" and "2024. 3. 5. 10:20".
func koreanDay(cell string) (day, clock string) {
	clean := strings.NewReplacer("년", "-", "월", "-", "일", " ", ". ", "-", ".", "-").Replace(cell)
	if head, tail, found := strings.Cut(clean, ":"); found {
		i := strings.LastIndexAny(head, " -")
		if i < 0 {
			return clean, ""
		}
		clean, clock = head[:i], head[i+1:]+":"+tail
	}
	return strings.Trim(strings.ReplaceAll(clean, " ", ""), "-"), clock
}

// dayParts gives the three numbers of a day in the order they are written.
func dayParts(day string, allowDigits bool) (parts [3]int, ok bool) {
	const eight = 8
	if allowDigits && len(day) == eight && strings.Trim(day, "0123456789") == "" {
		day = day[:4] + "-" + day[4:6] + "-" + day[6:]
	}
	at, seen := 0, 0
	for i := 0; i < len(day); i++ {
		switch c := day[i]; {
		case c >= '0' && c <= '9':
			parts[at] = parts[at]*10 + int(c-'0')
			if seen++; seen > 4 {
				return parts, false
			}
		case (c == '-' || c == '/' || c == '.') && at < 2 && seen > 0:
			at, seen = at+1, 0
		default:
			return parts, false
		}
	}
	return parts, at == 2 && seen > 0
}

// parseClock reads hh:mm, hh:mm:ss and fractions; a zone is left out because
// the wall clock counts.
func parseClock(clock string) (int64, bool) {
	if clock == "" {
		return 0, true
	}
	clock = strings.TrimSuffix(clock, "Z")
	if i := strings.LastIndexAny(clock, "+-"); i > 0 {
		clock = strings.TrimSpace(clock[:i])
	}
	for _, layout := range []string{"15:04:05", "15:04", "15:04:05.999999999", "3:04:05 PM", "3:04 PM"} {
		if at, err := time.Parse(layout, strings.ToUpper(clock)); err == nil {
			return int64(at.Sub(time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC)) / time.Microsecond), true
		}
	}
	return 0, false
}
