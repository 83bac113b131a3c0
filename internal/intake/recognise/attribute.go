// SPDX-License-Identifier: Apache-2.0

package recognise

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"dangol/internal/dataquality"
)

const (
	longestSlug = 48
	// mostChoices is how many different values an attribute of type choice may have.
	mostChoices   = 50
	longestChoice = 60 // characters
)

// Slug makes the name of an attribute from a header: lower case Latin letters and digits, words joined by _,
// not beginning with a digit; Hangul is romanised, because the name becomes a column of the warehouse.
func Slug(header string) string {
	slug := strings.Trim(latin(SchemeName(header)), "_")
	if slug == "" || slug[0] >= '0' && slug[0] <= '9' {
		slug = "a_" + slug
	}
	return strings.TrimRight(slug[:min(len(slug), longestSlug)], "_")
}

// attributeOf proposes a custom attribute for a column that fills no field.
func attributeOf(c *column, taken map[string]bool) (attribute *Attribute, format, reason string) {
	slug := Slug(c.header)
	for n := 2; taken[slug]; n++ {
		slug = Slug(c.header) + "_" + strconv.Itoa(n)
	}
	taken[slug] = true
	attribute = &Attribute{Slug: slug, Label: c.header, Type: TypeText}
	attribute.Type, format, reason = typeOf(c)
	if attribute.Type == TypeChoice {
		attribute.Choices = choicesOf(c)
	}
	return attribute, format, reason
}

// typeOf infers the type of an attribute from the whole sample.
func typeOf(c *column) (kind, format, reason string) {
	total := len(c.values)
	if total == 0 {
		return TypeText, "", "The sampled cells are empty."
	}
	if c.numbers == total && c.zeroLed == 0 {
		if dates := numericDates(c, false); dates.format == dataquality.FormatYMD && total > 1 {
			return TypeDate, dates.format, "The values are dates."
		}
		switch {
		case c.integers == total && c.isFlag():
			return TypeBoolean, "", "The header asks a yes or no question and the values are 0 and 1."
		case c.integers == total:
			return TypeInteger, "", "All sampled values are whole numbers."
		}
		return TypeNumber, "", "All sampled values are numbers."
	}
	if c.zeroLed == 0 {
		if dates := datesOf(c, false); dates.share >= 0.95 {
			return TypeDate, dates.format, "The values are dates."
		}
	}
	if c.distinct <= 2 && c.share(isTruth) == 1 {
		return TypeBoolean, "", "The values are yes and no."
	}
	if c.isChoice() {
		return TypeChoice, "", "The column has " + strconv.Itoa(c.distinct) + " different values that come again and again."
	}
	return TypeText, "", "The values differ from row to row."
}

func isTruth(s string) bool {
	_, isSet, _ := dataquality.Boolean(s)
	return isSet
}

// isFlag reports columns of 0 and 1 whose header names a condition: 0 and 1 alone may be a count.
func (c *column) isFlag() bool {
	if c.minimum < 0 || c.maximum > 1 || c.distinct > 2 {
		return false
	}
	name := dataquality.SearchKey(c.header)
	for _, end := range []string{"여부", "유무", "yn", "flag", "_yn"} {
		if strings.HasSuffix(name, end) {
			return true
		}
	}
	return strings.HasPrefix(name, "is_") || strings.HasPrefix(name, "has_") || strings.HasPrefix(name, "is ") || strings.HasPrefix(name, "has ")
}

func (c *column) isChoice() bool {
	if c.distinct > mostChoices || c.zeroLed > 0 && c.zeroLed == len(c.values) || c.longest > 3*longestChoice {
		return false
	}
	return c.distinct*2 <= len(c.values) || c.distinct <= 3 && len(c.values) > c.distinct
}

func choicesOf(c *column) []string {
	var list []string
	for _, value := range c.values {
		if !slices.Contains(list, value) {
			list = append(list, value)
		}
	}
	slices.SortFunc(list, compareChoices)
	return list
}

// compareChoices orders values that begin with numbers by those: 5-9 before 10-19.
func compareChoices(a, b string) int {
	numberA, numberB := leadingNumber(a), leadingNumber(b)
	if numberA >= 0 && numberB >= 0 && numberA != numberB {
		return numberA - numberB
	}
	return strings.Compare(a, b)
}

func leadingNumber(s string) int {
	end := strings.IndexFunc(s, func(r rune) bool { return !unicode.IsDigit(r) })
	if end < 0 {
		end = len(s)
	}
	if n, err := strconv.Atoi(s[:end]); err == nil {
		return n
	}
	return -1
}
