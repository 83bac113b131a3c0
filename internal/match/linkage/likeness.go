// SPDX-License-Identifier: Apache-2.0

package linkage

import (
	"math"
	"slices"
	"strings"

	"dangol/internal/match/compare"
)

// evidence is one comparison at work: it answers the level of two codes of its
// column. Level 1 is equality, the last level is "else"; 0 is missing.
type evidence struct {
	name   string
	column *Column
	labels []string
	alike  func(a, b uint32) uint8
	kind   Kind
	// partner is the index of the evidence whose values may stand in this
	// column by mistake (given and family name swapped); −1 for none.
	partner int
}

func (e *evidence) level(a, b uint32) uint8 {
	switch {
	case a == missing || b == missing:
		return 0
	case a == b:
		return 1
	}
	return e.alike(a, b)
}

// Winkler's similarity bands, as Splink's NameComparison sets them.
const (
	veryAlike = 0.92
	alike     = 0.88
	faintly   = 0.70
)

func newEvidence(c *Column, kind Kind) *evidence {
	e := &evidence{name: c.Name, kind: kind, partner: -1}
	switch kind {
	case Name:
		e.column = c.derive(c.Name, letters)
		e.labels = []string{"missing", "equal", "similarity ≥ 0.92", "similarity ≥ 0.88", "similarity ≥ 0.70", "else"}
		e.alike = nameLikeness(e.column)
	case Date:
		e.column = c.derive(c.Name, dateDigits)
		e.labels = []string{"missing", "equal", "one slip or day and month swapped", "two parts of three equal", "else"}
		e.alike = dateLikeness(e.column)
	case Phone:
		e.column = c.derive(c.Name, phoneDigits)
		e.labels = []string{"missing", "equal", "last eight equal or one slip", "else"}
		e.alike = numberLikeness(e.column, 8)
	case Identifier:
		e.column = c.derive(c.Name, letters)
		e.labels = []string{"missing", "equal", "one slip", "else"}
		e.alike = numberLikeness(e.column, 0)
	case Email:
		e.column = c
		e.labels = []string{"missing", "equal", "same name at another provider", "similarity ≥ 0.88", "else"}
		e.alike = emailLikeness(e.column)
	case Text:
		e.column = c.derive(c.Name, words)
		e.labels = []string{"missing", "equal", "words ≥ 0.8", "words ≥ 0.6", "words ≥ 0.4", "words ≥ 0.2", "else"}
		e.alike = wordLikeness(e.column)
	case Number:
		e.column = c
		e.labels = []string{"missing", "equal", "within 1 %", "within 10 %", "else"}
		e.alike = amountLikeness(e.column)
	default:
		e.column = c.derive(c.Name, words)
		e.labels = []string{"missing", "equal", "else"}
		e.alike = func(uint32, uint32) uint8 { return 2 }
	}
	return e
}

func nameLikeness(c *Column) func(a, b uint32) uint8 {
	spelled := make([][]byte, len(c.Values))
	for code, value := range c.Values {
		spelled[code] = compare.Letters(value)
	}
	return func(a, b uint32) uint8 {
		switch s := compare.JaroWinklerBytes(spelled[a], spelled[b]); {
		case s >= veryAlike:
			return 2
		case s >= alike:
			return 3
		case s >= faintly:
			return 4
		}
		return 5
	}
}

func dateLikeness(c *Column) func(a, b uint32) uint8 {
	return func(a, b uint32) uint8 {
		x, y := c.Values[a], c.Values[b]
		if len(x) != 8 || len(y) != 8 {
			return 4
		}
		differing, swapped := 0, false
		for i := range 8 {
			if x[i] != y[i] {
				differing++
				if i > 0 && x[i] == y[i-1] && x[i-1] == y[i] {
					swapped = true
				}
			}
		}
		if differing == 1 || (differing == 2 && swapped) || (x[:4] == y[:4] && x[4:6] == y[6:] && x[6:] == y[4:6]) {
			return 2
		}
		equal := 0
		for _, part := range [][2]int{{0, 4}, {4, 6}, {6, 8}} {
			if x[part[0]:part[1]] == y[part[0]:part[1]] {
				equal++
			}
		}
		if equal >= 2 {
			return 3
		}
		return 4
	}
}

func numberLikeness(c *Column, tail int) func(a, b uint32) uint8 {
	return func(a, b uint32) uint8 {
		x, y := c.Values[a], c.Values[b]
		if tail > 0 && len(x) >= tail && len(y) >= tail && x[len(x)-tail:] == y[len(y)-tail:] {
			return 2
		}
		if isOneSlip(x, y) {
			return 2
		}
		return 3
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

func emailLikeness(c *Column) func(a, b uint32) uint8 {
	local := make([]string, len(c.Values))
	for code, value := range c.Values {
		local[code], _, _ = strings.Cut(value, "@")
	}
	return func(a, b uint32) uint8 {
		switch {
		case local[a] == local[b]:
			return 2
		case compare.JaroWinkler(c.Values[a], c.Values[b]) >= alike && compare.JaroWinkler(local[a], local[b]) >= alike:
			return 3
		}
		return 4
	}
}

// wordLikeness is the cosine of the two sets of words and of letter triples,
// whichever is larger, with each piece weighing by its rarity (idf, Spärck
// Jones 1972).
func wordLikeness(c *Column) func(a, b uint32) uint8 {
	pieces, rarity := piecesOf(c)
	norms := make([]float64, len(pieces))
	for code, own := range pieces {
		for _, p := range own {
			norms[code] += rarity[p] * rarity[p]
		}
		norms[code] = math.Sqrt(norms[code])
	}
	return func(a, b uint32) uint8 {
		x, y := pieces[a], pieces[b]
		shared := 0.0
		for i, j := 0, 0; i < len(x) && j < len(y); {
			switch {
			case x[i] < y[j]:
				i++
			case x[i] > y[j]:
				j++
			default:
				shared += rarity[x[i]] * rarity[x[i]]
				i++
				j++
			}
		}
		switch s := shared / max(norms[a]*norms[b], 1e-9); {
		case s >= .8:
			return 2
		case s >= .6:
			return 3
		case s >= .4:
			return 4
		case s >= .2:
			return 5
		}
		return 6
	}
}

// piecesOf cuts every value into letter triples of its words, as sorted ids.
func piecesOf(c *Column) ([][]uint32, []float64) {
	ids := map[string]uint32{}
	var holders []float64
	pieces := make([][]uint32, len(c.Values))
	for code, value := range c.Values {
		var own []uint32
		for _, word := range strings.Fields(value) {
			padded := "^" + word + "$"
			runes := []rune(padded)
			for i := 0; i+3 <= len(runes); i++ {
				piece := string(runes[i : i+3])
				id, known := ids[piece]
				if !known {
					id = uint32(len(holders))
					ids[piece] = id
					holders = append(holders, 0)
				}
				own = append(own, id)
			}
		}
		slices.Sort(own)
		own = slices.Compact(own)
		for _, id := range own {
			holders[id]++
		}
		pieces[code] = own
	}
	rarity := make([]float64, len(holders))
	for id, n := range holders {
		rarity[id] = math.Log(1 + float64(len(c.Values))/n)
	}
	return pieces, rarity
}

func amountLikeness(c *Column) func(a, b uint32) uint8 {
	numbers := make([]float64, len(c.Values))
	for code, value := range c.Values {
		numbers[code] = parseAmount(value)
	}
	return func(a, b uint32) uint8 {
		x, y := numbers[a], numbers[b]
		if math.IsNaN(x) || math.IsNaN(y) {
			return 4
		}
		gap := math.Abs(x-y) / max(math.Abs(x), math.Abs(y), 1e-9)
		switch {
		case gap <= .01:
			return 2
		case gap <= .1:
			return 3
		}
		return 4
	}
}
