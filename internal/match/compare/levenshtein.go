// SPDX-License-Identifier: Apache-2.0

package compare

import "unicode/utf8"

// wordBits is the length of the pattern that one machine word can hold in the
// bit-parallel edit distance.
const wordBits = 64

// Levenshtein counts the insertions, deletions and substitutions of characters
// that turn a into b. ASCII texts whose shorter side has at most 64 characters
// take Myers' bit-parallel way (Myers 1999, "A fast bit-vector algorithm for
// approximate string matching", J. ACM 46:3, with Hyyrö's 2003 formulation).
func Levenshtein(a, b string) int {
	if a == b {
		return 0
	}
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) == 0 {
		return utf8.RuneCountInString(b)
	}
	if len(a) <= wordBits && isASCII(a) && isASCII(b) {
		return bitParallel(a, b)
	}
	return rowByRow([]rune(a), []rune(b))
}

// LevenshteinBytes is Levenshtein over bytes; use it with Letters.
func LevenshteinBytes(a, b []byte) int {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) == 0 {
		return len(b)
	}
	if len(a) <= wordBits {
		return bitParallel(string(a), string(b))
	}
	return rowByRow(a, b)
}

// bitParallel wants 1 ≤ len(pattern) ≤ 64; both texts are read as bytes.
func bitParallel(pattern, text string) int {
	var places [256]uint64
	for i := range len(pattern) {
		places[pattern[i]] |= 1 << i
	}
	positive, negative := ^uint64(0), uint64(0)
	distance := len(pattern)
	last := uint64(1) << (len(pattern) - 1)
	for i := range len(text) {
		equal := places[text[i]]
		diagonal := (((equal & positive) + positive) ^ positive) | equal | negative
		up := negative | ^(diagonal | positive)
		down := positive & diagonal
		if up&last != 0 {
			distance++
		} else if down&last != 0 {
			distance--
		}
		up = up<<1 | 1
		down <<= 1
		positive = down | ^(diagonal | up)
		negative = up & diagonal
	}
	return distance
}

func rowByRow[T comparable](a, b []T) int {
	row := make([]int, len(a)+1)
	for i := range row {
		row[i] = i
	}
	for j := range b {
		before := row[0]
		row[0] = j + 1
		for i := range a {
			cost := before
			if a[i] != b[j] {
				cost++
			}
			before = row[i+1]
			row[i+1] = min(cost, row[i+1]+1, row[i]+1)
		}
	}
	return row[len(a)]
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
