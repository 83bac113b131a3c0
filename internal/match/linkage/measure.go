// SPDX-License-Identifier: Apache-2.0

package linkage

import (
	"strings"
	"unicode/utf8"

	"dangol/internal/match/compare"
)

// feature is a value made ready for comparison.
type feature struct {
	text    string   // the value; equal texts are equal values
	letters []byte   // jamo-wise spelling of a name, local part of an e-mail
	loose   string   // sound of a Korean name
	sorted  string   // the words in alphabetical order
	words   []uint64 // hashes of the pieces of a text, sorted
	weights []float32
	norm    float32
	number  float64
}

// measure compares two values of a kind. Level 1 is equality and the last one
// "else"; levels up to alike count as agreement.
type measure struct {
	labels  []string
	alike   uint8
	clean   func(string) string
	prepare func(text string) feature
	// level is asked only for different texts; it is symmetric.
	level func(a, b *feature) uint8
	// isUnlike, where set, tells from two signatures that the level is the last
	// one; sign makes them.
	sign     func(f *feature) uint64
	isUnlike func(a, b uint64) bool
}

func (m *measure) other() uint8 { return uint8(len(m.labels) - 1) }

// Winkler's similarity bands, as Splink's NameComparison sets them.
const (
	veryAlike = 0.92
	alike     = 0.88
	faintly   = 0.70
)

// measureOf answers how values of the kind are compared.
func measureOf(kind Kind, order dateOrder, rarity func(hash uint64) float32) *measure {
	switch kind {
	case Name, Given, Family, Word:
		return nameMeasure(kind)
	case Date:
		return dateMeasure(order)
	case Phone:
		return phoneMeasure()
	case Email:
		return emailMeasure()
	case Identifier:
		return codeMeasure()
	case Postal:
		return postalMeasure()
	case Company, Address, Text:
		return textMeasure(kind, rarity)
	case Number:
		return amountMeasure()
	}
	clean := words
	if kind == Sex {
		clean = sexOf
	}
	return &measure{
		labels: []string{"missing", "equal", "else"}, alike: 1, clean: clean, prepare: plain,
		level: func(_, _ *feature) uint8 { return 2 },
	}
}

func textDigits(f *feature) uint64 { return digitsSignature(f.text) }

func plain(text string) feature { return feature{text: text} }

func nameMeasure(kind Kind) *measure {
	clean := personName
	if kind == Word {
		clean = words
	}
	return &measure{
		labels: []string{"missing", "equal", "written otherwise", "similarity ≥ 0.92", "similarity ≥ 0.88", "similarity ≥ 0.70", "else"},
		alike:  4, clean: clean, prepare: nameFeature, level: nameLevel,
		sign: nameSignature, isUnlike: isUnlikeName,
	}
}

func nameFeature(text string) feature {
	joined := strings.ReplaceAll(text, " ", "")
	f := feature{text: text, letters: compare.Letters(joined), loose: compare.LooseName(text)}
	if strings.Contains(text, " ") {
		f.sorted = sortedWords(text)
	}
	return f
}

func nameLevel(a, b *feature) uint8 {
	if string(a.letters) == string(b.letters) || (a.loose != "" && a.loose == b.loose && isOtherScript(a, b)) ||
		(a.sorted != "" && a.sorted == b.sorted) || isTurned(a.text, b.text) || compare.JoinInitialLaw(a.text) == compare.JoinInitialLaw(b.text) {
		return 2
	}
	s := compare.JaroWinklerBytes(a.letters, b.letters)
	if a.loose != "" && b.loose != "" && isOtherScript(a, b) {
		s = compare.JaroWinkler(a.loose, b.loose)
	}
	if a.sorted != "" && b.sorted != "" && s < veryAlike {
		s = max(s, compare.JaroWinkler(a.sorted, b.sorted))
	}
	switch {
	case s >= veryAlike:
		return 3
	case s >= alike:
		return 4
	case s >= faintly:
		return 5
	}
	return 6
}

// isTurned: a Korean name with the family name behind the given one and no
// space between them, "지훈정" for "정지훈".
func isTurned(a, b string) bool {
	if len(a) != len(b) || len(a) < 3*hangulBytes {
		return false
	}
	for _, family := range [...]int{hangulBytes, 2 * hangulBytes} { // one syllable, or two (F-NAME-3)
		if len(a) > family && (a[family:]+a[:family] == b || b[family:]+b[:family] == a) {
			first, _ := utf8.DecodeRuneInString(a)
			return isHangulSyllable(first)
		}
	}
	return false
}

// hangulBytes is the length of a syllable in UTF-8.
const hangulBytes = 3

// isOtherScript reports that the sound decides: two Hangul names are compared
// by their letters, every other couple by its spelling rules.
func isOtherScript(a, b *feature) bool {
	return a.letters[0] < firstHangulLetter || b.letters[0] < firstHangulLetter
}

// firstHangulLetter is where compare.Letters puts jamo.
const firstHangulLetter = 0x80

func codeMeasure() *measure {
	return &measure{
		labels: []string{"missing", "equal", "one slip", "else"}, alike: 2, clean: letters, prepare: plain,
		level: func(a, b *feature) uint8 {
			if isOneSlip(a.text, b.text) {
				return 2
			}
			return 3
		},
	}
}

// lastDigits of a telephone number stay when an old prefix (011-234-5678)
// became a new one (010-5234-5678), or a country or area code is left out
// (rulebook 1.7).
const lastDigits = 7

func phoneMeasure() *measure {
	return &measure{
		labels: []string{"missing", "equal", "last seven digits equal", "one slip", "else"}, alike: 3, clean: phoneDigits, prepare: plain,
		sign: textDigits, isUnlike: isUnlikePhone,
		level: func(a, b *feature) uint8 {
			x, y := a.text, b.text
			switch {
			case len(x) >= lastDigits && len(y) >= lastDigits && x[len(x)-lastDigits:] == y[len(y)-lastDigits:]:
				return 2
			case isOneSlip(x, y):
				return 3
			}
			return 4
		},
	}
}

func emailMeasure() *measure {
	return &measure{
		labels: []string{"missing", "equal", "same name at another provider", "similarity ≥ 0.92", "similarity ≥ 0.80", "else"}, alike: 4, clean: email,
		prepare: plain, sign: mailSignature, isUnlike: isUnlikeMail,
		level: func(a, b *feature) uint8 {
			x, _, _ := strings.Cut(a.text, "@")
			y, _, _ := strings.Cut(b.text, "@")
			if x == y {
				return 2
			}
			switch s := compare.JaroWinkler(x, y); {
			case s >= veryAlike && compare.JaroWinkler(a.text, b.text) >= alike:
				return 3
			case s >= emailAlike:
				return 4
			}
			return 5
		},
	}
}

// emailAlike is the similarity of local parts below which nothing is left to see.
const emailAlike = 0.80

func postalMeasure() *measure {
	return &measure{
		labels: []string{"missing", "equal", "one slip", "same area", "else"}, alike: 3, clean: letters, prepare: plain,
		level: func(a, b *feature) uint8 {
			x, y := a.text, b.text
			switch {
			case len(x) != len(y) && (len(x) == 6 || len(y) == 6) && isDigits(x) && isDigits(y) && (len(x) == 5 || len(y) == 5):
				return missing // the old six digits and the new five say nothing about each other (F-ADDR-9)
			case isOneSlip(x, y):
				return 2
			case len(x) > 2 && len(y) > 2 && x[:2] == y[:2]:
				return 3
			}
			return 4
		},
	}
}

// isOneSlip: one character changed, dropped, added, or two neighbours swapped.
func isOneSlip(x, y string) bool {
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(y)-len(x) > 1 || len(x) < 4 {
		return false
	}
	start := 0
	for start < len(x) && x[start] == y[start] {
		start++
	}
	end := 0
	for end < len(x)-start && x[len(x)-1-end] == y[len(y)-1-end] {
		end++
	}
	restX, restY := x[start:len(x)-end], y[start:len(y)-end]
	if len(restX) <= 1 && len(restY) <= 1 {
		return true
	}
	return len(restX) == 2 && len(restY) == 2 && restX[0] == restY[1] && restX[1] == restY[0]
}
