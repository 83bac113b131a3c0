// SPDX-License-Identifier: Apache-2.0

package linkage

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Kind is what a column holds, as far as matching is concerned.
type Kind string

// The kinds that are recognised.
const (
	Name       Kind = "name"
	Date       Kind = "date"
	Email      Kind = "email"
	Phone      Kind = "phone"
	Identifier Kind = "identifier" // a number or code that should be one person's
	Category   Kind = "category"   // few values
	Number     Kind = "number"
	Text       Kind = "text" // several words: addresses, titles
	Useless    Kind = "useless"
)

const (
	// sampleSize is how many distinct values are looked at.
	sampleSize = 2000
	// most is the share of values that must look like a kind; dirty data has
	// slips in a few per cent.
	most = 0.8
	// fewValues is the largest number of distinct values of a category.
	fewValues = 60
)

// shape counts what the values of a column look like.
type shape struct {
	total, dates, emails, phones, digitOnly, decimals, multiWord, letterOnly int
	length                                                                   int
}

func shapeOf(c *Column) shape {
	var s shape
	step := max(1, (len(c.Values)-1)/sampleSize)
	for code := 1; code < len(c.Values); code += step {
		s.see(c.Values[code])
	}
	return s
}

func (s *shape) see(value string) {
	s.total++
	d := digits(value)
	s.length += utf8.RuneCountInString(value)
	if date := dateDigits(value); date != "" && date[:4] >= "1850" && date[:4] <= "2100" {
		s.dates++
	}
	if strings.Count(value, "@") == 1 {
		s.emails++
	}
	if len(d) >= 9 && len(d) <= 13 && strings.IndexFunc(value, unicode.IsLetter) < 0 && strings.ContainsAny(value[:1], "0+(18") {
		s.phones++
	}
	switch {
	case len(d) == len(value):
		s.digitOnly++
	case len(d) > 0 && strings.Trim(value, "0123456789.,-+e") == "" && strings.Count(value, ".") == 1:
		s.decimals++
	case strings.IndexFunc(value, unicode.IsDigit) < 0:
		s.letterOnly++
	}
	if strings.ContainsRune(words(value), ' ') {
		s.multiWord++
	}
}

// hints are pieces of column names; values decide, names break ties.
var hints = map[Kind][]string{
	Phone: {"phone", "mobile", "tel", "전화", "휴대", "핸드폰", "연락처", "hp"},
	Date:  {"birth", "dob", "date", "생년", "생일", "출생"},
	Email: {"mail", "메일"},
	Name:  {"name", "이름", "성명", "고객명", "회원명"},
}

func hinted(name string, kind Kind) bool {
	name = strings.ToLower(name)
	for _, hint := range hints[kind] {
		if strings.Contains(name, hint) {
			return true
		}
	}
	return false
}

// Recognise answers what a column of tidied values holds.
func Recognise(c *Column) Kind {
	if c.Distinct() < 2 {
		return Useless
	}
	s := shapeOf(c)
	share := func(n int) float64 { return float64(n) / float64(s.total) }
	switch {
	case share(s.emails) >= most:
		return Email
	case share(s.dates) >= most && (s.digitOnly == 0 || hinted(c.Name, Date) || share(s.dates) > .95):
		return Date
	case share(s.phones) >= most && hinted(c.Name, Phone), share(s.phones) >= most && s.digitOnly < s.total/2:
		return Phone
	case share(s.decimals) > .3 && share(s.decimals+s.digitOnly) >= most:
		return Number
	}
	if c.Distinct() <= fewValues && c.Distinct()*10 < c.Present() {
		return Category
	}
	if share(s.digitOnly) >= most {
		return recogniseDigits(c, s)
	}
	if hinted(c.Name, Name) || (share(s.letterOnly) >= most && share(s.multiWord) < .5 && s.length < 20*s.total) {
		return Name
	}
	if share(s.multiWord) < .3 && c.Distinct()*2 > c.Present() {
		return Identifier
	}
	return Text
}

// recogniseDigits tells codes that many share (postal codes) and numbers of a
// person from running numbers, which are evidence of nothing.
func recogniseDigits(c *Column, s shape) Kind {
	if c.Distinct() == c.Present() && c.Present() > 20 {
		return Useless
	}
	if s.length < 3*s.total {
		return Category
	}
	return Identifier
}
