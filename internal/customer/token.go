// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"slices"
	"strings"

	"dangol/internal/dataquality"
)

// AppendTokens appends the search tokens of a customer, separated by spaces. The engines index them as
// they are: Hangul bigrams (two-syllable names defeat trigram indexes), initial consonants in pairs, the
// parts of telephone numbers that people remember, and e-mail addresses whole (prefixes are looked up).
func AppendTokens(dst []byte, golden *Values, records []*Record, searchable []string) []byte {
	dst = appendPairs(dst, golden.NameKey)
	dst = appendChosungPairs(dst, golden.Chosung)
	if latin := golden.Text[NameLatin]; latin != "" {
		dst = appendPairs(dst, dataquality.SearchKey(latin))
	}
	if company := golden.Text[Company]; company != "" {
		dst = appendPairs(dst, dataquality.SearchKey(company))
	}
	for _, name := range searchable {
		if text, ok := golden.Attributes[name].(string); ok {
			dst = appendPairs(dst, dataquality.SearchKey(text))
		}
	}
	dst = appendContacts(dst, golden)
	if len(records) > 1 {
		for _, r := range records { // an older number finds the customer too
			dst = appendOtherContacts(dst, golden, &r.Values)
		}
	}
	return dst
}

func appendPairs(dst []byte, key string) []byte {
	if key == "" {
		return dst
	}
	return dataquality.AppendBigrams(dst, key)
}

// appendChosungPairs leaves out what the pairs of the name hold already.
func appendChosungPairs(dst []byte, chosung string) []byte {
	if chosung == "" || !hasJamo(chosung) {
		return dst
	}
	return dataquality.AppendBigrams(dst, chosung)
}

func hasJamo(s string) bool {
	return strings.ContainsFunc(s, dataquality.IsJamo)
}

func appendContacts(dst []byte, v *Values) []byte {
	dst = appendNumber(dst, v.Text[Mobile])
	dst = appendNumber(dst, v.Text[Phone])
	return appendEmail(dst, v.Text[Email])
}

func appendOtherContacts(dst []byte, golden, other *Values) []byte {
	for _, f := range []Field{Mobile, Phone} {
		if number := other.Text[f]; number != golden.Text[f] {
			dst = appendNumber(dst, number)
		}
	}
	if email := other.Text[Email]; email != golden.Text[Email] {
		dst = appendEmail(dst, email)
	}
	return dst
}

// appendNumber appends the whole national number, its last eight digits, its middle block and its last
// four digits.
func appendNumber(dst []byte, number string) []byte {
	if number == "" {
		return dst
	}
	dst = append(dst, ' ')
	start := len(dst)
	dst = appendNational(dst, number)
	size := len(dst) - start
	if size < 7 {
		return dst
	}
	if size > 8 {
		dst = append(append(dst, ' '), dst[start+size-8:start+size]...)
	}
	if middle := size - 4 - areaLength(dst[start:start+size]); middle >= 3 {
		dst = append(append(dst, ' '), dst[start+size-4-middle:start+size-4]...)
	}
	return append(append(dst, ' '), dst[start+size-4:start+size]...)
}

// appendNational appends the digits of a number with the leading zero of national form.
func appendNational(dst []byte, number string) []byte {
	if rest, ok := strings.CutPrefix(number, "+82"); ok {
		return append(append(dst, '0'), rest...)
	}
	for i := range len(number) {
		if number[i] >= '0' && number[i] <= '9' {
			dst = append(dst, number[i])
		}
	}
	return dst
}

// areaLength is the length of the area or service code: 02 is the only one of two digits.
func areaLength(national []byte) int {
	switch {
	case len(national) <= 8:
		return 0 // 1588-1234 and the like have none
	case national[0] == '0' && national[1] == '2':
		return 2
	}
	return 3
}

func appendEmail(dst []byte, email string) []byte {
	if email == "" {
		return dst
	}
	dst = append(dst, ' ')
	return appendToken(dst, email)
}

// appendToken appends s in the letters that the index keeps together: e-mail addresses may hold others.
func appendToken(dst []byte, s string) []byte {
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= 'A' && c <= 'Z':
			c += 'a' - 'A'
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9', c >= 0x80, strings.IndexByte("@._+-#", c) >= 0:
		default:
			c = '_'
		}
		dst = append(dst, c)
	}
	return dst
}

// Query is what a person typed into the search box, understood.
type Query struct {
	text    string // as typed, trimmed
	key     string // search key
	words   []string
	digits  string // when it is a number
	email   string // when it may be (the beginning of) an e-mail address
	chosung string // when it is initial consonants only
}

// ParseQuery understands the search box: names and parts of names, initial consonants, digits of a
// telephone number, e-mail addresses; any of them may be a key as well.
func ParseQuery(text string) Query {
	text = strings.TrimSpace(text)
	q := Query{text: text, key: dataquality.SearchKey(text)}
	q.words = strings.Fields(q.key)
	compact := strings.ReplaceAll(q.key, " ", "")
	switch {
	case compact == "":
	case isNumber(compact):
		q.digits = nationalDigits(compact)
	case strings.IndexFunc(compact, func(r rune) bool { return !dataquality.IsJamo(r) }) < 0:
		q.chosung = compact
	case strings.Contains(compact, "@") || isASCIIWord(compact):
		q.email = strings.ToLower(compact)
	}
	return q
}

// IsEmpty reports whether nothing was asked.
func (q Query) IsEmpty() bool { return q.key == "" }

func isNumber(s string) bool {
	digits := 0
	for _, c := range s {
		switch {
		case c >= '0' && c <= '9':
			digits++
		case strings.ContainsRune("+-.()", c):
		default:
			return false
		}
	}
	return digits >= 2
}

// nationalDigits writes +82 10-1234-5678 as 01012345678.
func nationalDigits(s string) string {
	if rest, ok := strings.CutPrefix(strings.TrimLeft(s, "("), "+82"); ok {
		s = "0" + strings.TrimLeft(strings.TrimPrefix(rest, "(0)"), "0-.")
	}
	return string(appendNational(nil, s))
}

func isASCIIWord(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool {
		return r >= 0x80 || !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._+-", r))
	}) < 0
}

// lookups are the index questions that together find what may match; each is a list of tokens that must
// all be there, and a trailing * asks for a prefix. What they find is compared in full afterwards.
func (q Query) lookups() [][]string {
	var asked [][]string
	switch {
	case q.digits != "":
		switch n := len(q.digits); {
		case n >= 9:
			asked = append(asked, []string{q.digits})
		case n == 8 || n == 4 || n == 3:
			asked = append(asked, []string{q.digits})
		}
		if len(q.digits) >= 5 && strings.HasPrefix(q.digits, "0") && len(q.digits) < 11 {
			asked = append(asked, []string{q.digits + "*"})
		} else if n := len(q.digits); n > 4 && n < 8 {
			// the end of a number or of its last eight digits
			asked = append(asked, []string{q.digits + "*"}, []string{q.digits[n-4:]})
		}
	case q.chosung != "":
		asked = append(asked, pairs(q.chosung))
	default:
		if tokens := pairs(q.key); len(tokens) > 0 {
			asked = append(asked, tokens)
		}
	}
	if len(q.email) >= 3 {
		asked = append(asked, []string{string(appendToken(nil, q.email)) + "*"})
	}
	return asked
}

// pairs are the tokens that a name holding s must have.
func pairs(s string) []string {
	tokens := strings.Fields(string(dataquality.AppendBigrams(nil, s)))
	slices.Sort(tokens)
	return slices.Compact(tokens)
}

// rank says how well a customer answers the query: the higher the better, 0 not at all.
func (q Query) rank(v *Values, records []*Record) int {
	best := q.rankOf(v)
	for _, r := range records {
		best = max(best, q.rankOf(&r.Values)-1)
	}
	return best
}

func (q Query) rankOf(v *Values) int {
	switch {
	case q.digits != "":
		return max(rankNumber(q.digits, v.Text[Mobile]), rankNumber(q.digits, v.Text[Phone]))
	case q.chosung != "":
		return rankText(q.chosung, v.chosung())
	}
	best := max(rankText(q.key, v.nameKey()), rankText(q.key, dataquality.SearchKey(v.Text[NameLatin])),
		rankText(q.key, dataquality.SearchKey(v.Text[Company]))-5, 0)
	if q.email != "" && strings.HasPrefix(strings.ToLower(v.Text[Email]), q.email) {
		best = max(best, 60)
	}
	for _, value := range v.Attributes {
		if text, ok := value.(string); ok && strings.Contains(dataquality.SearchKey(text), q.key) {
			best = max(best, 20)
		}
	}
	return best
}

func rankText(asked, text string) int {
	switch {
	case text == "" || asked == "":
		return 0
	case text == asked:
		return 100
	case strings.HasPrefix(text, asked):
		return 80
	case strings.Contains(text, asked):
		return 50
	case strings.Contains(strings.ReplaceAll(text, " ", ""), strings.ReplaceAll(asked, " ", "")):
		return 40
	}
	return 0
}

func rankNumber(digits, number string) int {
	if number == "" {
		return 0
	}
	national := string(appendNational(nil, number))
	switch {
	case national == digits:
		return 100
	case strings.HasSuffix(national, digits):
		return 80
	case strings.HasPrefix(national, digits):
		return 70
	case strings.Contains(national, digits):
		return 50
	}
	return 0
}

func (v *Values) nameKey() string {
	if v.NameKey != "" {
		return v.NameKey
	}
	return dataquality.SearchKey(v.Text[FullName])
}

func (v *Values) chosung() string {
	if v.Chosung != "" {
		return v.Chosung
	}
	return dataquality.Chosung(v.Text[FullName])
}
