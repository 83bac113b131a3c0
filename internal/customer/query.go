// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"slices"
	"strings"

	"dangol/internal/dataquality"
)

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
		s = "0" + strings.TrimLeft(strings.TrimPrefix(strings.TrimSpace(rest), "(0)"), "0-. ")
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
