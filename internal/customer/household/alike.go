// SPDX-License-Identifier: Apache-2.0

package household

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"dangol/internal/dataquality"
)

// isSamePerson reports whether the two may be one person twice: the same name, whatever stands behind it, in
// whatever order and script, or names one letter apart that nothing tells apart. Brothers share a syllable of their
// names, but seldom all letters but one. Whether they are one person is for match and its reviewers to say; here it
// only keeps doubles from looking like a family.
func isSamePerson(a, b *Human) bool {
	x, y := plainName(a.Name), plainName(b.Name)
	sharesMobile := a.Mobile != 0 && a.Mobile == b.Mobile
	if x == "" || y == "" {
		return sharesMobile
	}
	if x == y || strings.HasPrefix(x, y) || strings.HasPrefix(y, x) {
		return true // with a title or a note behind it
	}
	if a.Birth != unknownBirth && b.Birth != unknownBirth && a.Birth != b.Birth {
		return false
	}
	if a.Birth != unknownBirth && a.Birth == b.Birth && sharesMobile {
		return true
	}
	if isTransliterated(x, y) || isTransliterated(y, x) {
		return true
	}
	most := 1
	if sharesMobile {
		most = 3 // one number and nearly one name
	}
	return lettersApart(x, y) <= most || isTurned(x, y)
}

// addressForms are what people write behind a name when they speak of somebody (F-NAME-7).
var addressForms = []string{"고객님", "선생님", "사모님", "여사님", "사모", "여사", "님"}

// plainName takes notes and forms of address off: 김수진(모), 이준영씨, 김윤주*, 정지석사모.
func plainName(name string) string {
	const shortestWithMister = 4 // 김씨 is a name of its own
	name, _, _ = strings.Cut(name, "(")
	name = strings.TrimRightFunc(name, func(r rune) bool { return !unicode.IsLetter(r) })
	for _, form := range addressForms {
		if rest := strings.TrimSuffix(name, form); rest != name && utf8.RuneCountInString(rest) >= 2 {
			name = rest
			break
		}
	}
	if utf8.RuneCountInString(name) >= shortestWithMister {
		name = strings.TrimSuffix(name, "씨")
	}
	return name
}

// isTurned reports a name whose family name stands behind the given one: 지은나 for 나지은, a letter apart at most.
func isTurned(x, y string) bool {
	_, size := utf8.DecodeRuneInString(x)
	if lettersApart(x[size:]+x[:size], y) <= 1 {
		return true
	}
	_, size = utf8.DecodeRuneInString(y)
	return lettersApart(x, y[size:]+y[:size]) <= 1
}

// isTransliterated reports that the consonants of a Hangul given name stand in their order in a name in Latin
// letters: vowels have too many spellings (F-NAME-6), and the family name stands before or behind.
func isTransliterated(hangul, latin string) bool {
	const fewest = 2 // consonants that say anything
	runes := []rune(hangul)
	if len(runes) < 2 || !dataquality.IsSyllable(runes[0]) || latin == "" || latin[0] >= utf8.RuneSelf {
		return false
	}
	frame := latinFrame(latin)
	for _, given := range [2][]rune{runes[1:], runes[:len(runes)-1]} {
		if own := hangulFrame(given); len(own) >= fewest && strings.Contains(frame, own) {
			return true
		}
	}
	return false
}

// Frames of consonants: sounds that romanisations mix up fall together, ㅇ at the end (ng) is n.
const (
	initialFrame = "ggnddrmbbss\x00jjjgdbh"
	finalFrame   = "\x00gggnnndrrrrrrrrmbbssnjjgdbh"
)

func hangulFrame(syllables []rune) string {
	var frame strings.Builder
	for _, r := range syllables {
		if !dataquality.IsSyllable(r) {
			return ""
		}
		s := int(r - 0xAC00) // F-HAN-4
		for _, consonant := range [2]byte{initialFrame[s/588], finalFrame[s%28]} {
			if consonant != 0 {
				frame.WriteByte(consonant)
			}
		}
	}
	return frame.String()
}

var latinSounds = strings.NewReplacer("ng", "n", "ch", "j", "sh", "s", "k", "g", "t", "d", "p", "b", "l", "r", "c", "g", "z", "j",
	"a", "", "e", "", "i", "", "o", "", "u", "", "w", "", "y", "", "-", "", " ", "", ".", "")

func latinFrame(name string) string { return latinSounds.Replace(strings.ToLower(name)) }

// lettersApart counts the letters (jamo) in which two Hangul names of one length differ; 99 when they
// cannot be compared.
func lettersApart(a, b string) int {
	const incomparable = 99
	if utf8.RuneCountInString(a) != utf8.RuneCountInString(b) {
		return incomparable
	}
	other, apart := []rune(b), 0
	i := 0
	for _, x := range a {
		y := other[i]
		i++
		if x == y {
			continue
		}
		if !dataquality.IsSyllable(x) || !dataquality.IsSyllable(y) {
			return incomparable
		}
		s, t := int(x-0xAC00), int(y-0xAC00) // F-HAN-4
		for _, differs := range [3]bool{s/588 != t/588, s%588/28 != t%588/28, s%28 != t%28} {
			if differs {
				apart++
			}
		}
	}
	return apart
}
