// SPDX-License-Identifier: Apache-2.0

package compare

const (
	// prefixWeight and longestPrefix are Winkler's constants (Winkler 1990,
	// "String comparator metrics and enhanced decision rules in the
	// Fellegi–Sunter model of record linkage").
	prefixWeight  = 0.1
	longestPrefix = 4
	// bonusAbove is the similarity above which the common prefix counts, as in
	// Winkler's own code and in DuckDB.
	bonusAbove = 0.7
	// onStack is the length up to which marks need no allocation.
	onStack = 64
)

// JaroWinkler answers the similarity of two texts in [0, 1], character by
// character; empty texts are alike only to each other.
func JaroWinkler(a, b string) float64 {
	if a == b {
		return 1
	}
	if isASCII(a) && isASCII(b) {
		return jaroWinkler([]byte(a), []byte(b))
	}
	return jaroWinkler([]rune(a), []rune(b))
}

// JaroWinklerBytes is JaroWinkler over bytes; use it with Letters.
func JaroWinklerBytes(a, b []byte) float64 { return jaroWinkler(a, b) }

func jaroWinkler[T comparable](a, b []T) float64 {
	similarity := jaro(a, b)
	if similarity <= bonusAbove {
		return similarity
	}
	prefix := 0
	for prefix < min(len(a), len(b), longestPrefix) && a[prefix] == b[prefix] {
		prefix++
	}
	return similarity + float64(prefix)*prefixWeight*(1-similarity)
}

// jaro is (c/|a| + c/|b| + (c−t)/c) / 3 with c common characters within half
// the longer length and t half transpositions (Jaro 1989, JASA 84:406).
func jaro[T comparable](a, b []T) float64 {
	if len(a) == 0 || len(b) == 0 {
		if len(a) == len(b) {
			return 1
		}
		return 0
	}
	if len(a) > len(b) {
		a, b = b, a // the comparison of marks must not depend on the order of the arguments
	}
	window := max(len(b)/2-1, 0)
	var stackA, stackB [onStack]bool
	markA, markB := stackA[:], stackB[:]
	if len(b) > onStack {
		markA, markB = make([]bool, len(a)), make([]bool, len(b))
	}
	common := 0
	for i := range a {
		for j := max(0, i-window); j < min(len(b), i+window+1); j++ {
			if !markB[j] && a[i] == b[j] {
				markA[i], markB[j] = true, true
				common++
				break
			}
		}
	}
	if common == 0 {
		return 0
	}
	moved, j := 0, 0
	for i := range a {
		if !markA[i] {
			continue
		}
		for !markB[j] {
			j++
		}
		if a[i] != b[j] {
			moved++
		}
		j++
	}
	c := float64(common)
	return (c/float64(len(a)) + c/float64(len(b)) + (c-float64(moved/2))/c) / 3
}
