// SPDX-License-Identifier: Apache-2.0

package tabular

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// parsePeriod reads what names a month, a quarter or a year, as its first day,
// and days with the month as a word: "2020-01", "202001", "2020년 1월",
// "2020M01", "2020 Q1", "1949", "Jan 2020", "05-Jan-2020", "Jan 5, 2020".
func parsePeriod(cell string, allowDigits bool) (int64, bool) {
	const longest = 24
	if len(cell) < 4 || len(cell) > longest {
		return 0, false
	}
	words := wordsOf(cell)
	var numbers []int
	month, isQuarter, hasWord := 0, false, false
	for _, word := range words {
		lower := strings.ToLower(word)
		switch {
		case lower == "q" || word == "분기":
			isQuarter = true
		case (lower == "m" || word == "년" || word == "월") && len(words) > 1:
		case strings.Trim(word, "0123456789") == "":
			n, err := strconv.Atoi(word)
			if err != nil {
				return 0, false
			}
			numbers = append(numbers, n)
		default:
			if month > 0 {
				return 0, false
			}
			if month = monthNamed(lower); month == 0 {
				return 0, false
			}
			hasWord = true
		}
	}
	y, m, d, ok := periodOf(numbers, month, isQuarter, hasWord, allowDigits)
	if !ok {
		return 0, false
	}
	at := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	if y < 1000 || y > 9999 || int(at.Month()) != m || at.Day() != d {
		return 0, false
	}
	return at.UnixMicro(), true
}

// wordsOf parts a cell into runs of digits and runs of letters.
func wordsOf(cell string) []string {
	var out []string
	isDigit := func(r rune) bool { return r >= '0' && r <= '9' }
	for _, word := range strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune(" -/.,", r) }) {
		from := 0
		for at, r := range word {
			before, _ := utf8.DecodeLastRuneInString(word[:at])
			if at > 0 && isDigit(r) != isDigit(before) {
				out, from = append(out, word[from:at]), at
			}
		}
		out = append(out, word[from:])
	}
	return out
}

// periodOf tells which number is the year, and what the other ones are.
func periodOf(numbers []int, month int, isQuarter, hasWord, allowDigits bool) (y, m, d int, ok bool) {
	const century, leastYear, months, quarters = 100, 1000, 12, 4
	year, rest := 0, []int(nil)
	for _, n := range numbers {
		switch {
		case n >= leastYear && year == 0:
			year = n
		default:
			rest = append(rest, n)
		}
	}
	switch {
	case hasWord && !isQuarter && year > 0 && len(rest) <= 1:
		if d = 1; len(rest) == 1 {
			d = rest[0]
		}
		return year, month, d, true
	case hasWord && !isQuarter && year == 0 && len(rest) == 1: // Jan-49
		return shortYear(rest[0]), month, 1, rest[0] < century
	case hasWord && !isQuarter && year == 0 && len(rest) == 2: // 05-Jan-49
		return shortYear(rest[1]), month, rest[0], rest[1] < century
	case hasWord || year == 0 || len(rest) > 1:
		return 0, 0, 0, false
	case isQuarter:
		return year, 3*quarterOf(rest) - 2, 1, len(rest) == 1 && rest[0] >= 1 && rest[0] <= quarters
	case len(rest) == 1:
		return year, rest[0], 1, rest[0] >= 1 && rest[0] <= months
	case allowDigits && year > leastYear*century: // 202001
		return year / century, year % century, 1, year%century >= 1 && year%century <= months
	}
	return year, 1, 1, allowDigits
}

func quarterOf(rest []int) int {
	if len(rest) == 0 {
		return 1
	}
	return rest[0]
}

// shortYear is a year of two digits, within the hundred years that end thirty
// years from 2000, as spreadsheets read it.
func shortYear(n int) int {
	const turn = 30
	if n < turn {
		return 2000 + n
	}
	return 1900 + n
}

// monthNamed is the number of a month by its English name, whole or short, or 0.
func monthNamed(word string) int {
	for m := time.January; m <= time.December; m++ {
		name := strings.ToLower(m.String())
		if word == name || len(word) >= 3 && word == name[:min(3, len(name))] || word == "sept" && m == time.September {
			return int(m)
		}
	}
	return 0
}
