// SPDX-License-Identifier: Apache-2.0

package linkage

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"dangol/internal/dataquality"
)

// absent are the words that people and programs write for "no value".
var absent = map[string]bool{
	"": true, "nan": true, "null": true, "none": true, "n/a": true, "na": true, "-": true, "--": true, ".": true,
	"unknown": true, "없음": true, "미상": true, "모름": true, "\\n": true, "undefined": true, "미입력": true, "#n/a": true, "(null)": true,
}

// tidy is what every value passes first: NFC, full-width signs made plain,
// lower case, single spaces, without the words for "no value".
func tidy(value string) string {
	if isTidy(value) {
		if len(value) < 10 && absent[value] {
			return ""
		}
		return value
	}
	if !norm.NFC.IsNormalString(value) {
		value = norm.NFC.String(value)
	}
	if strings.IndexByte(value, fullWidthByte) >= 0 {
		value = strings.Map(plainWidth, value)
	}
	value = strings.ToLower(strings.Join(strings.Fields(value), " "))
	if absent[value] {
		return ""
	}
	return value
}

// fullWidthByte begins every full-width sign in UTF-8.
const fullWidthByte = 0xEF

// plainWidth is the ASCII character of a full-width one: ０１０ is 010 (Unicode
// block Halfwidth and Fullwidth Forms, U+FF01 to U+FF5E).
func plainWidth(r rune) rune {
	if r >= 0xFF01 && r <= 0xFF5E {
		return r - 0xFF01 + '!'
	}
	return r
}

// isTidy: lower-case ASCII without spaces, which needs no work.
func isTidy(value string) bool {
	for i := range len(value) {
		if c := value[i]; c <= ' ' || c >= utf8.RuneSelf || (c >= 'A' && c <= 'Z') {
			return false
		}
	}
	return true
}

// words keeps letters and digits; everything else separates words.
func words(value string) string {
	value = tidy(value)
	var out strings.Builder
	gap := false
	for _, r := range value {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			if gap && out.Len() > 0 {
				out.WriteByte(' ')
			}
			gap = false
			out.WriteRune(r)
			continue
		}
		if r != '\'' && r != '’' && !unicode.Is(unicode.Mn, r) { // o'neil is one word
			gap = true
		}
	}
	return out.String()
}

// letters keeps letters and digits without the gaps: "김 철수" = "김철수".
func letters(value string) string { return strings.ReplaceAll(words(value), " ", "") }

// digits keeps the digits.
func digits(value string) string {
	var out []byte
	for i := range len(value) {
		if value[i] >= '0' && value[i] <= '9' {
			out = append(out, value[i])
		}
	}
	return string(out)
}

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// sortedWords writes the words in alphabetical order.
func sortedWords(text string) string {
	list := strings.Fields(text)
	for i := 1; i < len(list); i++ {
		for j := i; j > 0 && list[j] < list[j-1]; j-- {
			list[j], list[j-1] = list[j-1], list[j]
		}
	}
	return strings.Join(list, " ")
}

// titles stand before or behind Latin names and name nobody.
var titles = map[string]bool{"mr": true, "mrs": true, "ms": true, "miss": true, "dr": true, "prof": true, "sir": true, "jr": true, "sr": true}

const longestName = 100

// personName drops forms of address and accents, joins Hangul names, and
// empties the names that people type as an example (홍길동, test).
func personName(value string) string {
	value = tidy(value)
	if len(value) > longestName {
		return words(value)
	}
	name, findings := dataquality.Name(value)
	for _, f := range findings {
		if f.Code == "name.placeholder" {
			return ""
		}
	}
	if name.Full != "" {
		value = strings.ToLower(name.Full)
	}
	value = words(plainLetters(value))
	if !strings.Contains(value, " ") {
		return value
	}
	if strings.IndexFunc(value, func(r rune) bool { return r != ' ' && !isHangulSyllable(r) }) < 0 {
		return strings.ReplaceAll(value, " ", "") // a Korean name has no gap (F-NAME-1)
	}
	kept := make([]string, 0, 4)
	for _, word := range strings.Fields(value) {
		if !titles[word] {
			kept = append(kept, word)
		}
	}
	return strings.Join(kept, " ")
}

// plainLetters takes the accents off Latin letters: é is e.
func plainLetters(s string) string {
	for i := range len(s) {
		if s[i] >= 0xC3 && s[i] <= 0xCC { // Latin-1 Supplement to combining marks
			return norm.NFC.String(strings.Map(func(r rune) rune {
				if unicode.Is(unicode.Mn, r) {
					return -1
				}
				return r
			}, norm.NFD.String(s)))
		}
	}
	return s
}

// companyName folds the form of a company, before or behind the name (F-NAME-8).
func companyName(value string) string {
	value = tidy(value)
	if folded := dataquality.CompanyKey(value); folded != "" && strings.IndexFunc(value, isHangulSyllable) >= 0 {
		return words(folded)
	}
	kept := make([]string, 0, 8)
	for i, word := range strings.Fields(words(plainLetters(value))) {
		if i == 0 || !companyForms[word] {
			kept = append(kept, word)
		}
	}
	return strings.Join(kept, " ")
}

var companyForms = map[string]bool{
	"co": true, "ltd": true, "inc": true, "corp": true, "llc": true, "limited": true, "corporation": true, "company": true,
	"gmbh": true, "plc": true, "sa": true, "ag": true, "bv": true, "incorporated": true, "oy": true, "ab": true, "srl": true, "spa": true,
}

func isHangulSyllable(r rune) bool { return r >= 0xAC00 && r <= 0xD7A3 }

// regionsOn is the day whose region names addresses are written in; any fixed
// day joins old and new names (F-ADDR-7).
var regionsOn = dataquality.Date{Year: 2026, Month: 12, Day: 1}

// streetWords joins the short and the long form of what stands in Latin addresses.
var streetWords = map[string]string{
	"street": "st", "road": "rd", "avenue": "ave", "av": "ave", "boulevard": "blvd", "drive": "dr", "lane": "ln", "court": "ct", "place": "pl",
	"square": "sq", "north": "n", "south": "s", "east": "e", "west": "w", "apartment": "apt", "suite": "ste", "highway": "hwy", "crescent": "cres",
	"terrace": "tce", "parade": "pde", "first": "1st", "second": "2nd", "third": "3rd",
}

// address writes Korean addresses with the region names of one day and in one
// order (rulebook 1.8), Latin ones with short words.
func address(value string) string {
	value = tidy(value)
	if strings.IndexFunc(value, isHangulSyllable) >= 0 {
		a, _ := dataquality.AddressOf(value, "", regionsOn)
		if a.Confidence > 0 {
			return words(a.Line + " " + a.Detail + " " + a.Reference)
		}
	}
	list := strings.Fields(words(plainLetters(value)))
	for i, word := range list {
		if short := streetWords[word]; short != "" {
			list[i] = short
		}
	}
	return strings.Join(list, " ")
}

// phoneDigits drops the country code and the leading zeros; a number that only
// fills a field is no value (010-0000-0000, 010-1234-5678).
func phoneDigits(value string) string {
	value, _, _ = strings.Cut(tidy(value), "x") // extension
	if isExponent(value) {
		return ""
	}
	d := digits(value)
	d = strings.TrimPrefix(d, "0082")
	if len(d) > 10 {
		d = strings.TrimPrefix(d, "82")
	}
	d = strings.TrimLeft(d, "0")
	if len(d) < 6 || isFiller(d) {
		return ""
	}
	return d
}

// isExponent: a spreadsheet has rounded the number, "1.08022E+10"; what is left
// of it is many people's (F-TEL-3).
func isExponent(value string) bool {
	mantissa, exponent, found := strings.Cut(value, "e")
	return found && strings.Contains(mantissa, ".") && len(digits(mantissa)) < 10 && strings.HasPrefix(exponent, "+")
}

const fillerDigits = 8

func isFiller(d string) bool {
	tail := d[max(0, len(d)-fillerDigits):]
	return tail == "12345678" || strings.Count(tail, tail[:1]) == len(tail) || strings.Count(tail, tail[len(tail)-1:]) >= len(tail)-1
}

// fillers are local parts of addresses that nobody reads.
var fillers = map[string]bool{
	"test": true, "noemail": true, "no": true, "none": true, "na": true, "unknown": true, "abc": true, "asdf": true, "a": true, "aa": true,
	"aaa": true, "xxx": true, "noreply": true, "no-reply": true, "nomail": true, "email": true, "mail": true, "example": true, "123": true, "1234": true,
}

// email joins what slips take apart in an address, " @", "@@" and a comma for
// a dot (F-MAIL), and empties those that nobody reads.
func email(value string) string {
	value = strings.ReplaceAll(strings.ReplaceAll(tidy(value), " ", ""), "@@", "@")
	local, domain, found := strings.Cut(value, "@")
	if strings.Contains(domain, ",") {
		domain = strings.ReplaceAll(domain, ",", ".")
		value = local + "@" + domain
	}
	if fillers[local] || (!found && len(value) < 4) || domain == "example.com" && len(local) < 5 {
		return ""
	}
	return value
}

func sexOf(value string) string {
	if sex, _ := dataquality.SexOf(value); sex != "" {
		return sex
	}
	cleaned := words(value)
	if sex, _ := dataquality.SexOf(cleaned); sex != "" { // "F." and "(여)" as well
		return sex
	}
	return cleaned
}
