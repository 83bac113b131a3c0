// SPDX-License-Identifier: Apache-2.0

package compare

import "unicode/utf8"

const (
	firstSyllable, lastSyllable = 0xAC00, 0xD7A3
	medials, finals             = 21, 28
	// Letters writes jamo into bytes above ASCII: 19 initials, 21 medials and
	// 27 finals need 67 of the 128 values.
	initialByte = 0x80
	medialByte  = initialByte + 19
	finalByte   = medialByte + medials
	// otherByte marks a character that is neither ASCII nor a Hangul syllable;
	// its low bits follow in the next bytes.
	otherByte = 0xF0
)

// Letters spells a text for letter-wise comparison: a Hangul syllable becomes
// its two or three jamo, one byte each, so that 김 and 긴 differ in one letter
// of three, not in the whole character (rulebook F-HAN-4). ASCII stays as it is.
func Letters(s string) []byte {
	out := make([]byte, 0, len(s))
	for _, r := range s {
		switch {
		case r < utf8.RuneSelf:
			out = append(out, byte(r))
		case r >= firstSyllable && r <= lastSyllable:
			index := int(r - firstSyllable)
			out = append(out, byte(initialByte+index/(medials*finals)), byte(medialByte+index%(medials*finals)/finals))
			if final := index % finals; final > 0 {
				out = append(out, byte(finalByte+final-1))
			}
		default:
			out = append(out, otherByte|byte(r>>16&0x0F), byte(r>>8), byte(r))
		}
	}
	return out
}

// HangulSimilarity is JaroWinkler over letters: 1 for equal texts, high for a
// slip of one jamo.
func HangulSimilarity(a, b string) float64 {
	if a == b {
		return 1
	}
	return jaroWinkler(Letters(a), Letters(b))
}

// HangulDistance counts the letters (jamo) to change between two texts.
func HangulDistance(a, b string) int {
	if a == b {
		return 0
	}
	return LevenshteinBytes(Letters(a), Letters(b))
}
