// SPDX-License-Identifier: Apache-2.0

package linkage

import (
	"math/bits"
	"strings"
	"unicode/utf8"
)

// A signature is a few bytes of a value from which most unlike couples are
// seen to be unlike without reading the values themselves, which lie scattered
// in memory. It only ever says "else" where the measure would.

const (
	// letterPlaces is how many of the bits of a name's signature stand for letters.
	letterPlaces = 48
	lengthShift  = 48
	lengthMask   = 0xff
	// isLoose marks a name with a sound of its own, isLatin one not in Hangul,
	// isSeveral one of several words: their couples are compared in more ways.
	isLoose, isLatin, isSeveral = 1 << 56, 1 << 57, 1 << 58
	hasSignature                = 1 << 63
)

// lettersSignature notes which letters there are, and how many.
func lettersSignature(letters []byte) uint64 {
	if len(letters) == 0 || len(letters) > lengthMask {
		return 0
	}
	sig := uint64(len(letters))<<lengthShift | hasSignature
	for _, c := range letters {
		sig |= 1 << (c % letterPlaces)
	}
	return sig
}

// mailSignature is that of the part before the @; letters beyond ASCII are
// compared by another count than bytes and have none.
func mailSignature(f *feature) uint64 {
	local, _, _ := strings.Cut(f.text, "@")
	for i := range len(local) {
		if local[i] >= utf8.RuneSelf {
			return 0
		}
	}
	return lettersSignature([]byte(local))
}

func nameSignature(f *feature) uint64 {
	sig := lettersSignature(f.letters)
	if sig == 0 {
		return 0
	}
	if f.letters[0] < firstHangulLetter {
		sig |= isLatin
	}
	if f.loose != "" {
		sig |= isLoose
	}
	if f.sorted != "" {
		sig |= isSeveral
	}
	return sig
}

// isUnlikeName: even if every letter that both have stood in its place, Jaro's
// similarity would stay below what is called faintly alike.
func isUnlikeName(a, b uint64) bool {
	if a&b&hasSignature == 0 || a&b&isSeveral != 0 || (a|b)&isLatin != 0 && (a&b&isLoose != 0 || (a^b)&isLatin != 0) {
		return false
	}
	return mostJaro(a, b) < faintly
}

// isUnlikeMail: the same for the parts before the @; Winkler's bonus begins above 0.7.
func isUnlikeMail(a, b uint64) bool { return a&b&hasSignature != 0 && mostJaro(a, b) <= faintly }

// mostJaro bounds Jaro's similarity: a letter that the other value does not
// have has no partner.
func mostJaro(a, b uint64) float64 {
	const places = 1<<letterPlaces - 1
	lenA, lenB := int(a>>lengthShift&lengthMask), int(b>>lengthShift&lengthMask)
	common := min(lenA-bits.OnesCount64(a&^b&places), lenB-bits.OnesCount64(b&^a&places))
	if common <= 0 {
		return 0
	}
	c := float64(common)
	return (c/float64(lenA) + c/float64(lenB) + 1) / 3
}

// digitsSignature packs up to 15 digits, the last one lowest, below their number.
func digitsSignature(text string) uint64 {
	if len(text) > 15 || !isDigits(text) {
		return 0
	}
	sig := uint64(len(text))
	for i := range len(text) {
		sig = sig<<4 | uint64(text[i]-'0')
	}
	return sig | uint64(len(text))<<60
}

// isUnlikePhone: numbers of one length with three or more different digits,
// one of them among the last seven, or of lengths too different for a slip.
func isUnlikePhone(a, b uint64) bool {
	if a == 0 || b == 0 {
		return false
	}
	lenA, lenB := int(a>>60), int(b>>60)
	differing := a ^ b
	if differing&(1<<(4*lastDigits)-1) == 0 {
		return false
	}
	if lenA != lenB {
		return lenA-lenB > 1 || lenB-lenA > 1
	}
	return nibbles(differing) > 2
}

// nibbles counts the digits that are not zero.
func nibbles(x uint64) int {
	x |= x >> 1
	x |= x >> 2
	return bits.OnesCount64(x & 0x1111111111111111)
}

// isUnlikeDate: years more than one apart, and neither the months nor the days
// equal or swapped, and more than two digits different.
func isUnlikeDate(a, b uint64) bool {
	if a>>60 != 8 || b>>60 != 8 {
		return false
	}
	x, y := uint32(a), uint32(b)
	if x>>16 == y>>16 || x>>8&0xff == y>>8&0xff || x&0xff == y&0xff || nibbles(uint64(x^y)) <= 2 {
		return false
	}
	gap := int(yearOf(x)) - int(yearOf(y))
	return gap > 1 || gap < -1
}

func yearOf(x uint32) uint32 {
	return x>>28*1000 + x>>24&15*100 + x>>20&15*10 + x>>16&15
}
