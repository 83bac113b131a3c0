// SPDX-License-Identifier: Apache-2.0

package mail

import "strings"

// ending is how the sound before a particle ends.
type ending uint8

const (
	unknownEnd ending = iota
	vowelEnd
	rieulEnd
	consonantEnd
)

// digitEnds are the ends of 영 일 이 삼 사 오 육 칠 팔 구.
var digitEnds = [10]ending{consonantEnd, rieulEnd, vowelEnd, consonantEnd, vowelEnd, vowelEnd, consonantEnd, rieulEnd, rieulEnd, vowelEnd}

// endOf tells how a character sounds at the end of a Korean word.
func endOf(r rune) ending {
	switch {
	case r >= 0xAC00 && r <= 0xD7A3:
		switch (r - 0xAC00) % 28 {
		case 0:
			return vowelEnd
		case 8:
			return rieulEnd
		}
		return consonantEnd
	case r >= '0' && r <= '9':
		return digitEnds[r-'0']
	case r >= 'A' && r <= 'Z':
		return letterEnd(byte(r))
	case r >= 'a' && r <= 'z':
		return latinEnd(byte(r))
	}
	return unknownEnd
}

// letterEnd follows the names of letters, by which abbreviations are read: VIP 브이아이피.
func letterEnd(c byte) ending {
	switch c {
	case 'L', 'R':
		return rieulEnd
	case 'M', 'N':
		return consonantEnd
	}
	return vowelEnd
}

// latinEnd follows how romanised words are read out: Kim 킴, Paul 폴, Park 박.
func latinEnd(c byte) ending {
	switch c {
	case 'l':
		return rieulEnd
	case 'm', 'n', 'k', 'p', 'b', 'c', 'g', 't':
		return consonantEnd
	}
	return vowelEnd
}

// particle chooses from a pair such as "이/가" what fits the character before;
// when its sound is not known both are written, as official letters do: 이(가).
func particle(pair string, before rune) string {
	closed, open, _ := strings.Cut(pair, "/")
	end := endOf(before)
	if strings.HasPrefix(closed, "으로") && end == rieulEnd {
		return open
	}
	switch end {
	case vowelEnd:
		return open
	case rieulEnd, consonantEnd:
		return closed
	}
	return closed + "(" + open + ")"
}
