// SPDX-License-Identifier: Apache-2.0

package compare

import (
	"strings"
	"unicode/utf8"
)

// Letters of the Revised Romanisation of Korean (Ministry notice 2014-42),
// without the sound changes between syllables, as ch. 3 item 4 asks for names.
var (
	romanInitials = [...]string{"g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "", "j", "jj", "ch", "k", "t", "p", "h"}
	romanMedials  = [...]string{"a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa", "wae", "oe", "yo", "u", "wo", "we", "wi", "yu", "eu", "ui", "i"}
	romanFinals   = [...]string{"", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "l", "l", "l", "p", "l", "m", "p", "p", "t", "t", "ng", "t", "t", "k", "t", "p", "t"}
)

// initialLaw joins the two spellings of family names under the initial-sound
// law (rulebook F-NAME-5).
var initialLaw = map[rune]rune{'리': '이', '류': '유', '림': '임', '라': '나', '로': '노', '량': '양', '려': '여', '련': '연', '륙': '육', '룡': '용'}

// family is a family name with its rank by frequency.
type family struct {
	hangul string
	rank   int
}

// familySpellings are the free spellings of family names (rulebook F-NAME,
// table), each with the Hangul it stands for.
var familySpellings = func() map[string]family {
	spellings := map[string]family{}
	for rank, line := range strings.Split(familyTable, "\n") {
		hangul, latin, _ := strings.Cut(strings.TrimSpace(line), " ")
		for _, spelling := range strings.Fields(latin) {
			if _, known := spellings[spelling]; !known {
				spellings[spelling] = family{hangul, rank}
			}
		}
	}
	return spellings
}()

const familyTable = `김 kim gim
이 lee yi rhee ri i rhie yee
박 park pak bak
최 choi choe choy
정 jung jeong chung chong
강 kang gang
조 cho jo
윤 yoon yun youn
장 jang chang
임 lim im rim yim
한 han
오 oh o
서 seo suh sur
신 shin sin
권 kwon gwon
황 hwang
안 ahn an
송 song
유 yoo yu you ryu ryoo lyu
홍 hong
전 jeon jun chun
고 ko go koh
문 moon mun
손 son sohn
양 yang ryang
배 bae pae
백 baek paik back baik
허 heo hur huh
노 noh roh no
심 shim sim
곽 kwak gwak
성 sung seong
주 joo ju
우 woo u
구 koo gu ku
나 na ra
엄 um eom
현 hyun hyeon
변 byun byeon
염 yeom yum
천 cheon
석 seok suk
남궁 namgung namkoong
선우 sunwoo seonu
황보 hwangbo
제갈 jegal chegal
독고 dokgo dokko
사공 sagong
민 min
진 jin
지 ji
차 cha
하 ha
방 bang
원 won
도 do
류 ryu`

// Romanise writes Hangul in Latin letters, syllable by syllable; other
// characters stay.
func Romanise(s string) string {
	var out strings.Builder
	for _, r := range s {
		if r < firstSyllable || r > lastSyllable {
			out.WriteRune(r)
			continue
		}
		index := int(r - firstSyllable)
		out.WriteString(romanInitials[index/(medials*finals)])
		out.WriteString(romanMedials[index%(medials*finals)/finals])
		out.WriteString(romanFinals[index%finals])
	}
	return out.String()
}

// JoinInitialLaw writes the first syllable of a Hangul name in its form of the
// South: 리 = 이, 류 = 유.
func JoinInitialLaw(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	if to, ok := initialLaw[first]; ok {
		return string(to) + s[size:]
	}
	return s
}

// LooseName is the sound of a Korean personal name, the same for Hangul and for
// the common Latin spellings of it: "이수진", "Lee Su-jin" and "Sujin Rhee" are
// one. It is "" for what is no Korean name, so that other names never meet here.
func LooseName(s string) string {
	if isHangul(s) {
		joined := strings.ReplaceAll(s, " ", "")
		family, given := splitHangul(joined)
		return looseLetters(Romanise(JoinInitialLaw(family))) + "|" + looseLetters(Romanise(given))
	}
	if !isASCII(s) {
		return ""
	}
	tokens := strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '-' || r == ',' || r == '.' })
	if len(tokens) < 2 || len(tokens) > 4 {
		return ""
	}
	last := len(tokens) - 1
	found, isFamily := familySpellings[tokens[0]]
	given := tokens[1:]
	// where both ends could be the family name, the commoner one is
	if other, ok := familySpellings[tokens[last]]; ok && (!isFamily || other.rank < found.rank) {
		found, isFamily, given = other, true, tokens[:last]
	}
	if !isFamily {
		return ""
	}
	return looseLetters(Romanise(JoinInitialLaw(found.hangul))) + "|" + looseLetters(strings.Join(given, ""))
}

func isHangul(s string) bool {
	for _, r := range s {
		if (r < firstSyllable || r > lastSyllable) && r != ' ' {
			return false
		}
	}
	return s != ""
}

const syllableBytes = 3

// splitHangul cuts off the family name; the two-syllable ones are those of
// rulebook F-NAME-3 that are common enough.
func splitHangul(s string) (family, given string) {
	cut := min(syllableBytes, len(s))
	if len(s) > 2*syllableBytes {
		switch s[:2*syllableBytes] {
		case "남궁", "제갈", "사공", "독고":
			cut = 2 * syllableBytes
		case "황보", "선우", "서문", "동방":
			if len(s) > 3*syllableBytes {
				cut = 2 * syllableBytes
			}
		}
	}
	return s[:cut], s[cut:]
}

// looseLetters folds what free romanisations mix up: k and g, t and d, p and b,
// ch and j, r and l; eo, o, u, eu, oo and ou; ae and e; glides; doubled letters.
func looseLetters(s string) string {
	var out []byte
	put := func(b byte) {
		if len(out) == 0 || out[len(out)-1] != b {
			out = append(out, b)
		}
	}
	for i := 0; i < len(s); i++ {
		next := byte(0)
		if i+1 < len(s) {
			next = s[i+1]
		}
		switch c := s[i]; c {
		case 'g', 'k', 'q', 'x':
			put('k')
		case 'c':
			if next == 'h' {
				put('j')
				i++
			} else {
				put('k')
			}
		case 'd', 't':
			put('t')
		case 'b', 'p', 'f', 'v':
			put('p')
		case 'j', 'z':
			put('j')
		case 'r', 'l':
			put('r')
		case 's':
			put('s')
			if next == 'h' {
				i++
			}
		case 'e':
			switch next {
			case 'o', 'u':
				put('o')
				i++
			case 'e':
				put('i')
				i++
			default:
				put('e')
			}
		case 'a':
			if next == 'e' || next == 'i' {
				put('e')
				i++
			} else {
				put('a')
			}
		case 'o', 'u':
			if c == 'u' && next == 'i' { // 희 is hui, hee, hi
				continue
			}
			put('o')
		case 'i':
			put('i')
		case 'y':
			if !isVowel(next) {
				put('i')
			}
		case 'w':
			if !isVowel(next) {
				put('o')
			}
		case 'h':
			if isVowel(next) || next == 'w' || next == 'y' { // a silent h only lengthens: Ahn, Noh, Suh
				put('h')
			}
		case 'm', 'n':
			put(c)
		}
	}
	return string(out)
}

func isVowel(b byte) bool {
	return b == 'a' || b == 'e' || b == 'i' || b == 'o' || b == 'u'
}
