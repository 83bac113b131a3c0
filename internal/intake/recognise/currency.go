// SPDX-License-Identifier: Apache-2.0

package recognise

import (
	"slices"
	"strings"

	"dangol/internal/dataquality"
)

var moneyFields = []string{FieldAmount, FieldUnitPrice, FieldPrice, FieldUnitCost, FieldDiscount, FieldCouponDiscount}

// currencies decides the currency of the amount columns: by the header, by signs in the values, else the
// company's. Amounts with decimals where the company's currency has none are proposed as US dollars, with a
// warning, for all columns of the file that say nothing themselves.
func (p *proposal) currencies() {
	company := p.in.Currency
	if company == "" {
		company = "KRW"
	}
	var open []int
	decimals := -1
	for i := range p.mapping.Columns {
		c := &p.mapping.Columns[i]
		if !slices.Contains(moneyFields, c.Field) {
			continue
		}
		if c.Currency = currencyOf(&p.columns[i]); c.Currency != "" {
			continue
		}
		open = append(open, i)
		if p.columns[i].decimals > 0 && (decimals < 0 || c.Field == FieldAmount) {
			decimals = i
		}
	}
	currency := company
	if decimals >= 0 && dataquality.MinorDigits(company) == 0 && !p.has(FieldCurrency) {
		currency = "USD"
		header := p.columns[decimals].header
		p.notice(&Notice{
			Code: "currency.decimals", Column: header, Severity: "warning",
			Message: "The amounts of column " + header + " have decimals, which " + company + " does not have; US dollars were assumed.",
			Remedy:  "Choose the currency of the column when that is wrong.",
		})
	}
	for _, i := range open {
		p.mapping.Columns[i].Currency = currency
	}
}

func currencyOf(c *column) string {
	header := strings.ToLower(c.header)
	for _, word := range [...]struct{ word, currency string }{
		{"krw", "KRW"}, {"(원)", "KRW"}, {"₩", "KRW"}, {"[원]", "KRW"}, {"usd", "USD"}, {"($)", "USD"}, {"달러", "USD"}, {"eur", "EUR"}, {"(€)", "EUR"}, {"gbp", "GBP"}, {"jpy", "JPY"}, {"엔)", "JPY"}, {"cny", "CNY"},
	} {
		if strings.Contains(header, word.word) {
			return word.currency
		}
	}
	counts := map[string]int{}
	for _, value := range c.values {
		if currency := dataquality.CurrencyOf(value); currency != "" {
			counts[currency]++
		}
	}
	best, most := "", 0
	for currency, n := range counts {
		if n > most || n == most && currency < best {
			best, most = currency, n
		}
	}
	if most*2 < len(c.values) {
		return ""
	}
	return best
}
