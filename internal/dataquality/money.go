// SPDX-License-Identifier: Apache-2.0

package dataquality

import (
	"math"
	"strconv"
	"strings"
)

// Amount is a sum of money in minor units of its ISO currency.
type Amount struct {
	Minor    int64
	Currency string
	IsSet    bool // false when the cell was empty or unreadable
}

// minorDigits are the decimal places of currencies that do not have two (ISO 4217).
var minorDigits = map[string]int{
	"KRW": 0, "JPY": 0, "VND": 0, "CLP": 0, "ISK": 0, "PYG": 0, "UGX": 0, "XAF": 0, "XOF": 0, "XPF": 0,
	"KWD": 3, "BHD": 3, "JOD": 3, "OMR": 3, "TND": 3, "IQD": 3, "LYD": 3,
}

// MinorDigits returns the decimal places of the currency.
func MinorDigits(currency string) int {
	if digits, ok := minorDigits[currency]; ok {
		return digits
	}
	return 2
}

// currencySigns in the order in which they are looked for: longer ones first.
var currencySigns = []struct{ sign, currency string }{
	{"KRW", "KRW"},
	{"USD", "USD"},
	{"US$", "USD"},
	{"EUR", "EUR"},
	{"JPY", "JPY"},
	{"GBP", "GBP"},
	{"CNY", "CNY"},
	{"HK$", "HKD"},
	{"HKD", "HKD"},
	{"TWD", "TWD"},
	{"VND", "VND"},
	{"₩", "KRW"},
	{"￦", "KRW"},
	{"원", "KRW"},
	{"$", "USD"},
	{"＄", "USD"},
	{"달러", "USD"},
	{"불", "USD"},
	{"€", "EUR"},
	{"유로", "EUR"},
	{"£", "GBP"},
	{"￥", "JPY"},
	{"¥", "JPY"},
	{"엔", "JPY"},
	{"위안", "CNY"},
	{"元", "CNY"},
}

// CurrencyOf returns the currency that the text names by sign or code, "" when it names none.
func CurrencyOf(s string) string {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c >= 0x80 || c == '$' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' {
			currency, _ := takeCurrency(s)
			return currency
		}
	}
	return ""
}

func takeCurrency(s string) (currency, rest string) {
	upper := strings.ToUpper(s)
	if len(upper) != len(s) {
		upper = s
	}
	for _, c := range currencySigns {
		if i := strings.Index(upper, c.sign); i >= 0 {
			return c.currency, s[:i] + s[i+len(c.sign):]
		}
	}
	return "", s
}

// Money reads an amount; currency is that of the column ("" is KRW) and gives way to a sign in the cell.
// It takes thousands separators, 원 ₩ and other signs, brackets, △ and ▲ for negatives, 만 and 억.
// Decimals that the currency does not have are rounded half away from zero and reported.
func Money(raw, currency string) (Amount, []Finding) {
	if currency == "" {
		currency = "KRW"
	}
	if minor, ok := plainDecimal(raw, MinorDigits(currency)); ok {
		return Amount{Minor: minor, Currency: currency, IsSet: true}, nil
	}
	s, findings := cell(raw)
	if s == "" {
		return Amount{Currency: currency}, findings
	}
	var own string
	if own, s = takeCurrency(foldNumber(s)); own != "" {
		currency = own
	}
	value, rounded, problem := readDecimal(s, MinorDigits(currency))
	if problem != "" {
		return Amount{Currency: currency}, append(findings, numberFinding("amount", "F-KRW", "money."+problem, Error, raw,
			"This is not an amount of money that can be read.", "Write amounts in digits, such as 12,000."))
	}
	if rounded {
		findings = append(findings, numberFinding("amount", "F-KRW", "money.rounded", Info, raw,
			"The amount has more decimal places than "+currency+" has and was rounded.", ""))
	}
	return Amount{Minor: value, Currency: currency, IsSet: true}, findings
}

// Quantity reads an amount of goods in thousandths; unit words behind it (개, EA, kg) are left out.
func Quantity(raw string) (thousandths int64, isSet bool, findings []Finding) {
	const places = 3
	if value, ok := plainDecimal(raw, places); ok {
		return value, true, nil
	}
	s, findings := cell(raw)
	if s == "" {
		return 0, false, findings
	}
	s = foldNumber(s)
	if !isScientific(s) {
		s = strings.TrimRightFunc(s, func(r rune) bool { return r != ')' && r != '.' && r != '-' && (r < '0' || r > '9') })
	}
	value, rounded, problem := readDecimal(s, places)
	if problem != "" {
		return 0, false, append(findings, numberFinding("quantity", "M-IMP-7", "quantity."+problem, Error, raw,
			"This is not a quantity that can be read.", "Write quantities in digits."))
	}
	if rounded {
		findings = append(findings, numberFinding("quantity", "M-IMP-7", "quantity.rounded", Info, raw,
			"The quantity has more than three decimal places and was rounded.", ""))
	}
	return value, true, findings
}

// Number reads a decimal number in plain form, such as "-12.5", from the ways of writing that Money takes.
func Number(raw string) (string, []Finding) {
	s, findings := cell(raw)
	if s == "" {
		return "", findings
	}
	s = strings.TrimSuffix(foldNumber(s), "%")
	if _, err := strconv.ParseFloat(s, 64); err == nil && !strings.ContainsAny(s, "xXpPnN_+eE") {
		return s, findings
	}
	const places = 6
	value, _, problem := readDecimal(s, places)
	if problem != "" {
		return "", append(findings, numberFinding("number", "M-IMP-7", "number."+problem, Error, raw,
			"This is not a number that can be read.", "Write numbers in digits."))
	}
	text := strconv.FormatInt(value/1_000_000, 10)
	if fraction := value % 1_000_000; fraction != 0 {
		digits := strconv.FormatInt(1_000_000+max(fraction, -fraction), 10)[1:]
		if text == "0" && value < 0 {
			text = "-0"
		}
		text += "." + strings.TrimRight(digits, "0")
	}
	return text, findings
}

func numberFinding(field, rule, code string, severity Severity, value, message, remedy string) Finding {
	value, _ = Redact(value)
	if len(value) > 40 {
		value = keepRunes(value, 30)
	}
	return Finding{Field: field, Value: value, Rule: rule, Code: code, Severity: severity, Message: message, Remedy: remedy}
}

// plainDecimal is the short way for 12000, -3 and 3.86.
func plainDecimal(s string, places int) (int64, bool) {
	if s == "" || len(s) > 15 {
		return 0, false
	}
	i, negative := 0, false
	if s[0] == '-' {
		i, negative = 1, true
	}
	var value int64
	digits, decimals := 0, -1
	for ; i < len(s); i++ {
		c := s[i]
		switch {
		case c >= '0' && c <= '9':
			if decimals >= 0 {
				if decimals == places {
					if c != '0' {
						return 0, false
					}
					continue
				}
				decimals++
			}
			value = value*10 + int64(c-'0')
			digits++
		case c == '.' && decimals < 0 && digits > 0:
			decimals = 0
		default:
			return 0, false
		}
	}
	if digits == 0 {
		return 0, false
	}
	for n := max(decimals, 0); n < places; n++ {
		value *= 10
	}
	if negative {
		value = -value
	}
	return value, true
}

// foldNumber turns full-width signs into ASCII and drops spaces.
func foldNumber(s string) string {
	return strings.ReplaceAll(asciiWidth(s), " ", "")
}

var bigUnits = []struct {
	word  string
	zeros int
}{{"조", 12}, {"억", 8}, {"천만", 7}, {"백만", 6}, {"만", 4}, {"천", 3}}

// readDecimal reads a decimal number into an integer of the places.
func readDecimal(s string, places int) (value int64, rounded bool, problem string) {
	negative := false
	if inside, ok := strings.CutPrefix(s, "("); ok && strings.HasSuffix(inside, ")") {
		s, negative = inside[:len(inside)-1], true
	}
	for _, mark := range [...]string{"-", "△", "▲", "−"} {
		if rest, ok := strings.CutPrefix(s, mark); ok {
			s, negative = rest, !negative
			break
		}
	}
	if rest, ok := strings.CutSuffix(s, "-"); ok {
		s, negative = rest, true
	}
	s = strings.TrimPrefix(s, "+")
	for _, unit := range bigUnits {
		if before, after, ok := strings.Cut(s, unit.word); ok && before != "" {
			return bigUnit(before, after, unit.zeros, places, negative)
		}
	}
	exponent := 0
	if isScientific(s) {
		i := strings.IndexAny(s, "eE")
		n, err := strconv.Atoi(s[i+1:])
		if err != nil || n > 18 || n < -400 {
			return 0, false, "range"
		}
		exponent, s = n, s[:i]
	}
	digits, point, ok := decimalDigits(s)
	if !ok {
		return 0, false, "unknown"
	}
	value, rounded, ok = scale(digits, point+exponent+places)
	if !ok {
		return 0, false, "range"
	}
	if negative {
		value = -value
	}
	return value, rounded, ""
}

// bigUnit reads 3만5천 as the sum of its parts.
func bigUnit(before, after string, zeros, places int, negative bool) (value int64, rounded bool, problem string) {
	value, rounded, problem = readDecimal(before, places+zeros)
	if problem != "" || value < 0 {
		return 0, false, "unknown"
	}
	if after != "" {
		rest, alsoRounded, problem := readDecimal(after, places)
		if problem != "" || rest < 0 || value > math.MaxInt64-rest {
			return 0, false, "unknown"
		}
		value, rounded = value+rest, rounded || alsoRounded
	}
	if negative {
		value = -value
	}
	return value, rounded, ""
}

// decimalDigits returns the digits without separators and how many stand before the decimal point. The last of
// "," and "." is the decimal mark when both occur; a lone comma separates thousands when three digits follow.
func decimalDigits(s string) (digits string, point int, ok bool) {
	if s == "" || len(s) > 40 {
		return "", 0, false
	}
	comma, dot := strings.LastIndexByte(s, ','), strings.LastIndexByte(s, '.')
	mark := byte('.')
	switch {
	case comma >= 0 && dot >= 0 && comma > dot:
		mark = ','
	case comma >= 0 && dot < 0 && len(s)-comma != 4 && strings.Count(s, ",") == 1:
		mark = ','
	case dot >= 0 && comma < 0 && strings.Count(s, ".") > 1: // 1.234.567
		mark = 0
	}
	var b strings.Builder
	point = -1
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c >= '0' && c <= '9':
			b.WriteByte(c)
		case c == mark && point < 0:
			point = b.Len()
		case (c == ',' || c == '.' || c == '\'') && point < 0 && b.Len() > 0 && groupFollows(s[i+1:]):
		default:
			return "", 0, false
		}
	}
	if point < 0 {
		point = b.Len()
	}
	return b.String(), point, b.Len() > 0
}

// groupFollows reports whether three digits and no fourth stand behind a thousands separator.
func groupFollows(s string) bool {
	return len(s) >= 3 && isDigits(s[:3]) && (len(s) == 3 || s[3] < '0' || s[3] > '9')
}

// scale reads the first point digits as an integer and rounds the rest half away from zero.
func scale(digits string, point int) (value int64, rounded, ok bool) {
	for i := 0; i < point; i++ {
		digit := int64(0)
		if i < len(digits) {
			digit = int64(digits[i] - '0')
		}
		if value > (math.MaxInt64-digit)/10 {
			return 0, false, false
		}
		value = value*10 + digit
	}
	if point >= len(digits) {
		return value, false, true
	}
	rest := digits[max(point, 0):]
	rounded = strings.Trim(rest, "0") != ""
	if point >= 0 && rest[0] >= '5' {
		if value == math.MaxInt64 {
			return 0, false, false
		}
		value++
	}
	return value, rounded, true
}
