// SPDX-License-Identifier: Apache-2.0

package recognise

import (
	"slices"
	"strconv"
	"strings"

	"dangol/internal/dataquality"
)

// column is one column of the file with what its sampled values show.
type column struct {
	header string
	names  []string // see namesOf
	index  int
	values []string // not empty, cleaned, in file order
	rows   int      // sampled rows, empty cells included

	distinct   int
	longest    int
	integers   int // values that are whole numbers without leading zeros
	numbers    int // whole or decimal numbers
	decimals   int // numbers with digits behind the point
	zeroLed    int // digits with a leading zero
	minimum    float64
	maximum    float64
	isCounting bool // 1, 2, 3 … from the first row on
}

// isSparse says that fewer than half of the rows have a value, such as the member number in a list of calls.
func (c *column) isSparse() bool { return len(c.values)*2 < c.rows }

func newColumns(in *Input) []column {
	columns := make([]column, len(in.Headers))
	for i, header := range in.Headers {
		columns[i] = column{header: header, names: namesOf(header), index: i, rows: len(in.Rows)}
		columns[i].read(in.Rows)
	}
	return columns
}

func (c *column) read(rows [][]string) {
	seen := map[string]struct{}{}
	c.isCounting = len(rows) > 0
	for i, row := range rows {
		if c.index >= len(row) {
			c.isCounting = false
			continue
		}
		value, _ := dataquality.Line(row[c.index])
		if dataquality.IsMissing(value) {
			c.isCounting = false
			continue
		}
		c.values = append(c.values, value)
		seen[value] = struct{}{}
		c.longest = max(c.longest, len(value))
		c.measure(value)
		if i < 20 && value != strconv.Itoa(i+1) {
			c.isCounting = false
		}
	}
	c.distinct = len(seen)
	c.isCounting = c.isCounting && len(c.values) > 1
}

func (c *column) measure(value string) {
	digits := strings.TrimPrefix(value, "-")
	mantissa, exponent, hasExponent := strings.Cut(strings.Replace(digits, "E", "e", 1), "e")
	whole, fraction, hasPoint := strings.Cut(mantissa, ".")
	if !isDigits(whole) || hasPoint && !isDigits(fraction) || hasExponent && !isDigits(strings.TrimLeft(exponent, "+-")) {
		return
	}
	number, err := strconv.ParseFloat(value, 64)
	if err != nil {
		return
	}
	if len(whole) > 1 && whole[0] == '0' {
		c.zeroLed++
	} else if !hasPoint && !hasExponent {
		c.integers++
	}
	if strings.Trim(fraction, "0") != "" || hasExponent {
		c.decimals++
	}
	if c.numbers == 0 || number < c.minimum {
		c.minimum = number
	}
	if c.numbers == 0 || number > c.maximum {
		c.maximum = number
	}
	c.numbers++
}

func isDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// is reports whether one of the column's names is in the set.
func (c *column) is(set map[string]bool) bool {
	return slices.ContainsFunc(c.names, func(name string) bool { return set[name] })
}

// share is the part of the values that the test accepts; at most 300 values are tried.
func (c *column) share(test func(string) bool) float64 {
	const tried = 300
	step := max(1, len(c.values)/tried)
	good, total := 0, 0
	for i := 0; i < len(c.values); i += step {
		total++
		if test(c.values[i]) {
			good++
		}
	}
	if total == 0 {
		return 0
	}
	return float64(good) / float64(total)
}

func (c *column) isUnique() bool {
	return len(c.values) > 1 && float64(c.distinct) >= 0.98*float64(len(c.values))
}

// isRate reports a discount that is written as a part of one, such as 0.15, and is no amount.
func (c *column) isRate() bool {
	const enough = 20
	return len(c.values) >= enough && c.numbers == len(c.values) && c.decimals > 0 && c.minimum >= 0 && c.maximum < 1
}

func (c *column) isMostlyFilled() bool { return 10*len(c.values) >= 9*c.rows }

// tests tell kinds of values where the header says nothing or has to be doubted.
func isEmail(s string) bool {
	if !strings.Contains(s, "@") {
		return false
	}
	mail, _ := dataquality.Email(s)
	return mail.Value != "" || mail.Suggestion != ""
}

func isMobile(s string) bool {
	number, _ := dataquality.Phone(s)
	return number.Class == dataquality.ClassMobile && hasPhoneForm(s)
}

func isPhone(s string) bool {
	number, _ := dataquality.Phone(s)
	return number.Value != "" && hasPhoneForm(s)
}

// hasPhoneForm keeps bare numbers from being taken for telephones: those begin with 0 or +, or have hyphens.
func hasPhoneForm(s string) bool {
	return strings.HasPrefix(s, "0") || strings.HasPrefix(s, "+") || strings.Contains(s, "-") || len(s) == 10 && strings.HasPrefix(s, "10")
}

func isAddress(s string) bool {
	address, _ := dataquality.AddressOf(s, "", dataquality.Date{Year: 2026, Month: 7, Day: 1})
	return address.Confidence >= 0.6
}

func isResident(s string) bool {
	_, ok, _ := dataquality.ResidentNumber(s, dataquality.Date{})
	return ok
}

func isBusinessNumber(s string) bool {
	number, _ := dataquality.BusinessNumber(s)
	return number.Value != ""
}

func isSex(s string) bool {
	switch s {
	case "남", "여", "M", "F", "남자", "여자", "남성", "여성", "male", "female", "Male", "Female":
		return true
	}
	return false
}

func isMasked(s string) bool { return strings.Contains(s, "**") }

// commonFamilies begin more than four of five Korean names (F-NAME-2).
const commonFamilies = "김이박최정강조윤장임한오서신권황안송류유홍전고문양손배백허남심노하곽성차주우구나민진지엄채원천방공현함변염여추도소석선설마길연위표명기반왕금옥육인맹제모탁국어은편용"

func isKoreanName(s string) bool {
	if len(s) < 6 || len(s) > 12 {
		return false
	}
	name, _ := dataquality.Name(s)
	return name.Family != "" && strings.Contains(commonFamilies, name.Family[:3])
}

// samples returns up to five different values without resident numbers.
func (c *column) samples() []string {
	const wanted, longest = 5, 100
	var list []string
	for _, value := range c.values {
		value, _ = dataquality.Redact(value)
		if len(value) > longest {
			value = strings.ToValidUTF8(value[:longest], "") + "…"
		}
		if !slices.Contains(list, value) {
			if list = append(list, value); len(list) == wanted {
				break
			}
		}
	}
	return list
}

// sameEntity reports that two columns count the same things: each value of one stands beside one value of the
// other only.
func sameEntity(rows [][]string, a, b int) bool {
	forward, backward := map[string]string{}, map[string]string{}
	seen := 0
	for _, row := range rows {
		if a >= len(row) || b >= len(row) || row[a] == "" || row[b] == "" {
			continue
		}
		seen++
		if other, known := forward[row[a]]; known && other != row[b] {
			return false
		}
		if other, known := backward[row[b]]; known && other != row[a] {
			return false
		}
		forward[row[a]], backward[row[b]] = row[b], row[a]
	}
	return seen > 1
}

// growsWith reports that the numbers of two columns rise together, as quantity and amount do.
func growsWith(rows [][]string, a, b int) bool {
	var n, sumA, sumB, sumAB, sumAA, sumBB float64
	for _, row := range rows {
		if a >= len(row) || b >= len(row) {
			continue
		}
		x, errA := strconv.ParseFloat(strings.TrimSpace(row[a]), 64)
		y, errB := strconv.ParseFloat(strings.TrimSpace(row[b]), 64)
		if errA != nil || errB != nil {
			continue
		}
		n++
		sumA, sumB, sumAB, sumAA, sumBB = sumA+x, sumB+y, sumAB+x*y, sumAA+x*x, sumBB+y*y
	}
	covariance, varianceA, varianceB := n*sumAB-sumA*sumB, n*sumAA-sumA*sumA, n*sumBB-sumB*sumB
	const related = 0.5
	return n >= 10 && varianceA > 0 && varianceB > 0 && covariance > 0 && covariance*covariance > related*related*varianceA*varianceB
}
