// SPDX-License-Identifier: Apache-2.0

package mail

import (
	"strconv"
	"strings"
	"time"

	"dangol/internal/dataquality"
)

// Value is the value of a merge field for one customer.
type Value struct {
	Text     string
	Kind     string // text, date, money, number, address
	Currency string // of money; Text is then minor units
}

// apply runs the functions of a field. default applies to missing values only.
func (v Value) apply(calls []call) Value {
	for _, c := range calls {
		switch c.name {
		case "default":
			if strings.TrimSpace(v.Text) == "" {
				v = Value{Text: c.arg}
			}
		case "date":
			v = Value{Text: formatDate(v.Text, c.arg)}
		case "money":
			v = Value{Text: formatMoney(v.Text, v.Currency)}
		case "number":
			v = Value{Text: groupDigits(v.Text)}
		case "upper":
			v.Text = strings.ToUpper(v.Text)
		case "mask":
			v.Text = dataquality.MaskName(v.Text)
		}
	}
	if len(calls) == 0 && v.Kind == "money" {
		v.Text = formatMoney(v.Text, v.Currency)
	}
	return v
}

// formatDate writes an ISO date by a pattern such as "YYYY년 M월 D일".
func formatDate(text, pattern string) string {
	if len(text) > len(time.DateOnly) {
		text = text[:len(time.DateOnly)]
	}
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return text
	}
	return strings.NewReplacer(
		"YYYY", day.Format("2006"), "YY", day.Format("06"), "MM", day.Format("01"), "M", day.Format("1"),
		"DD", day.Format("02"), "D", day.Format("2"),
	).Replace(pattern)
}

// formatMoney writes minor units as people read them: 12,000원, $12.50.
func formatMoney(text, currency string) string {
	minor, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return text
	}
	if currency == "KRW" || currency == "" {
		return groupDigits(strconv.FormatInt(minor, 10)) + "원"
	}
	sign := ""
	if minor < 0 {
		sign, minor = "-", -minor
	}
	if currency == "JPY" {
		return sign + "¥" + groupDigits(strconv.FormatInt(minor, 10))
	}
	cents := strconv.FormatInt(minor%100+100, 10)[1:]
	amount := groupDigits(strconv.FormatInt(minor/100, 10)) + "." + cents
	if currency == "USD" {
		return sign + "$" + amount
	}
	return sign + amount + " " + currency
}

// groupDigits puts commas between thousands of a whole number.
func groupDigits(text string) string {
	sign := ""
	if strings.HasPrefix(text, "-") {
		sign, text = "-", text[1:]
	}
	whole, fraction, hasFraction := strings.Cut(text, ".")
	if whole == "" || strings.Trim(whole, "0123456789") != "" {
		return sign + text
	}
	var b strings.Builder
	for i, c := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(c)
	}
	if hasFraction {
		return sign + b.String() + "." + fraction
	}
	return sign + b.String()
}
