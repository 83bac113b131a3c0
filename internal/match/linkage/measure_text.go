// SPDX-License-Identifier: Apache-2.0

package linkage

import (
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/zeebo/xxh3"
)

// textMeasure is the cosine of the two sets of letter triples, each piece
// weighing by its rarity (idf, Spärck Jones 1972).
func textMeasure(kind Kind, rarity func(hash uint64) float32) *measure {
	clean := words
	switch kind {
	case Company:
		clean = companyName
	case Address:
		clean = address
	}
	return &measure{
		labels: []string{"missing", "equal", "words ≥ 0.8", "words ≥ 0.7", "words ≥ 0.6", "words ≥ 0.5", "words ≥ 0.4", "words ≥ 0.3", "words ≥ 0.2", "else"},
		alike:  6, clean: clean,
		prepare: func(text string) feature { return textFeature(text, rarity) },
		level:   textLevel,
	}
}

func textFeature(text string, rarity func(hash uint64) float32) feature {
	f := feature{text: text, words: pieces(text)}
	f.weights = make([]float32, len(f.words))
	sum := 0.0
	for i, piece := range f.words {
		w := float32(1)
		if rarity != nil {
			w = rarity(piece)
		}
		f.weights[i] = w
		sum += float64(w) * float64(w)
	}
	f.norm = float32(math.Sqrt(sum))
	return f
}

// longestText bounds the pieces of one value, so that a cell of megabytes
// costs no more than a long one.
const longestText = 1 << 10

// pieces cuts a value into letter triples of its words, as sorted hashes.
func pieces(text string) []uint64 {
	if len(text) > longestText {
		text = text[:longestText]
	}
	own := make([]uint64, 0, len(text))
	for _, word := range strings.Fields(text) {
		padded := "^" + word + "$"
		starts := make([]int, 0, 32)
		for at := range padded {
			starts = append(starts, at)
		}
		starts = append(starts, len(padded))
		// Hangul syllables carry as much as two or three Latin letters
		width := 3
		if utf8.RuneCountInString(word)*2 < len(word) {
			width = 2
		}
		for i := 0; i+width < len(starts); i++ {
			own = append(own, xxh3.HashString(padded[starts[i]:starts[i+width]]))
		}
	}
	slices.Sort(own)
	return slices.Compact(own)
}

func textLevel(a, b *feature) uint8 {
	shared := float32(0)
	for i, j := 0, 0; i < len(a.words) && j < len(b.words); {
		switch {
		case a.words[i] < b.words[j]:
			i++
		case a.words[i] > b.words[j]:
			j++
		default:
			shared += a.weights[i] * b.weights[j]
			i++
			j++
		}
	}
	s := shared / max(a.norm*b.norm, 1e-9)
	if s < leastShared {
		return 9
	}
	return uint8(9 - min(int((s-leastShared)/sharedStep+1), 7))
}

// Levels of shared words begin here and are so far apart.
const leastShared, sharedStep = .2, .1

func amountMeasure() *measure {
	return &measure{
		labels: []string{"missing", "equal", "within 1 %", "within 10 %", "within 30 %", "else"}, alike: 3, clean: strings.TrimSpace,
		prepare: func(text string) feature { return feature{text: text, number: parseAmount(text)} },
		level: func(a, b *feature) uint8 {
			if math.IsNaN(a.number) || math.IsNaN(b.number) {
				return missing
			}
			gap := math.Abs(a.number-b.number) / max(math.Abs(a.number), math.Abs(b.number), 1e-9)
			switch {
			case gap <= .01:
				return 2
			case gap <= .1:
				return 3
			case gap <= .3:
				return 4
			}
			return 5
		},
	}
}
