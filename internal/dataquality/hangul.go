// SPDX-License-Identifier: Apache-2.0

package dataquality

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	firstSyllable = 0xAC00
	lastSyllable  = 0xD7A3
	finals        = 28      // per initial and medial, F-HAN-4
	perInitial    = 21 * 28 // syllables of one initial
	finalRieul    = 8       // ㄹ, after which 로 stands and not 으로
)

var initials = [19]rune{'ㄱ', 'ㄲ', 'ㄴ', 'ㄷ', 'ㄸ', 'ㄹ', 'ㅁ', 'ㅂ', 'ㅃ', 'ㅅ', 'ㅆ', 'ㅇ', 'ㅈ', 'ㅉ', 'ㅊ', 'ㅋ', 'ㅌ', 'ㅍ', 'ㅎ'}

// IsSyllable reports whether r is a modern Hangul syllable.
func IsSyllable(r rune) bool { return r >= firstSyllable && r <= lastSyllable }

// IsJamo reports whether r is a loose Hangul letter (F-HAN-6).
func IsJamo(r rune) bool { return r >= 0x3131 && r <= 0x318E }

// Chosung returns the initial consonants of Hangul syllables for initial-consonant search (F-HAN-5);
// other letters and digits are folded as SearchKey does, everything else is left out: 홍길동 is ㅎㄱㄷ.
func Chosung(s string) string {
	var space [64]byte
	return string(AppendChosung(space[:0], s))
}

// AppendChosung appends Chosung(s) to dst.
func AppendChosung(dst []byte, s string) []byte {
	for _, r := range SearchKey(s) {
		switch {
		case IsSyllable(r):
			dst = utf8.AppendRune(dst, initials[(r-firstSyllable)/perInitial])
		case r < 0x80 && (r >= 'a' && r <= 'z' || r >= '0' && r <= '9'):
			dst = append(dst, byte(r))
		case r >= 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			dst = utf8.AppendRune(dst, r)
		}
	}
	return dst
}

// Bigrams cuts text into overlapping pairs of letters for the search index: 김철수 과장 becomes
// 김철 철수 과장. A word of one letter stays itself.
func Bigrams(s string) string {
	return string(AppendBigrams(nil, s))
}

// AppendBigrams appends Bigrams(s) to dst, with a space before when dst is not empty.
func AppendBigrams(dst []byte, s string) []byte {
	var previous rune
	length := 0 // letters of the current word seen so far
	end := func() {
		if length == 1 {
			dst = utf8.AppendRune(separate(dst), previous)
		}
		length = 0
	}
	for _, r := range SearchKey(s) {
		if !isWordRune(r) {
			end()
			continue
		}
		if length > 0 {
			dst = utf8.AppendRune(separate(dst), previous)
			dst = utf8.AppendRune(dst, r)
		}
		previous = r
		length++
	}
	end()
	return dst
}

func isWordRune(r rune) bool {
	if r < 0x80 {
		return r >= 'a' && r <= 'z' || r >= '0' && r <= '9'
	}
	return IsSyllable(r) || unicode.IsLetter(r) || unicode.IsDigit(r)
}

func separate(dst []byte) []byte {
	if len(dst) > 0 {
		return append(dst, ' ')
	}
	return dst
}

// digitFinals are the final consonants of the digits as they are read: 영 일 이 삼 사 오 육 칠 팔 구.
var digitFinals = [10]int{21, finalRieul, 0, 16, 0, 0, 1, finalRieul, finalRieul, 0}

// JosaOf returns the form of a particle that fits the word (F-HAN-7). The pair is written 은/는, 이/가,
// 을/를, 과/와, 아/야, 으로/로 or any other "after consonant/after vowel"; words that end in Latin letters
// get both forms, as in 이(가).
func JosaOf(word, pair string) string {
	closed, open, ok := strings.Cut(pair, "/")
	if !ok {
		return pair
	}
	if isReversedPair(closed) {
		closed, open = open, closed
	}
	final, known := finalOf(word)
	switch {
	case !known && closed == "으로":
		return "(으)로"
	case !known:
		return closed + "(" + open + ")"
	case final == 0, final == finalRieul && strings.HasPrefix(closed, "으로"):
		return open
	}
	return closed
}

func isReversedPair(first string) bool {
	switch first {
	case "는", "가", "를", "와", "야", "로", "랑", "나", "라", "며", "든지":
		return true
	}
	return false
}

// finalOf returns the final consonant (0 for none) with which the word is read.
func finalOf(word string) (final int, known bool) {
	word = strings.TrimRightFunc(word, func(r rune) bool {
		return !IsSyllable(r) && !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	r, _ := utf8.DecodeLastRuneInString(word)
	switch {
	case IsSyllable(r):
		return int(r-firstSyllable) % finals, true
	case r >= '0' && r <= '9':
		return digitFinals[r-'0'], true
	case r >= 0x3131 && r <= 0x314E: // a loose consonant is read with a final: 기역, 니은
		return 1, true
	case r >= 0x314F && r <= 0x3163:
		return 0, true
	}
	return 0, false
}
