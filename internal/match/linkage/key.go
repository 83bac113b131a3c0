// SPDX-License-Identifier: Apache-2.0

package linkage

import (
	"cmp"
	"slices"
	"strings"

	"github.com/zeebo/xxh3"

	"dangol/internal/match/compare"
)

// Form is what of a value a blocking key takes.
type Form string

// The forms of blocking keys.
const (
	Whole    Form = "whole"
	Letters  Form = "first letters"
	Sound    Form = "sound or order of words"
	YearOf   Form = "year"
	DayOf    Form = "month and day"
	Tail     Form = "last digits"
	Head     Form = "first digits"
	Local    Form = "before the @"
	Area     Form = "first three"
	Rare     Form = "a rare word"
	AnyOrder Form = "given and family name in any order"
)

// survives says which slips leave a coarser form the same, as a part of all
// slips from 0 to 1 in the order of where they fall: one in the last digits of
// a telephone leaves the first, and the reverse. It only orders the blocking
// rules.
var survives = map[Form][2]float64{
	Whole: {}, Letters: {0, .5}, Sound: {.7, 1}, YearOf: {0, .5}, DayOf: {.5, .9}, Head: {0, .5}, Tail: {.5, 1},
	Local: {0, .3}, Area: {0, .5}, Rare: {0, .6}, AnyOrder: {.9, 1},
}

const (
	prefixLetters = 5
	phoneTail     = 4
	areaLength    = 3
)

// formsOf lists the key forms of a kind, the most exact first.
func formsOf(kind Kind) []Form {
	switch kind {
	case Name:
		return []Form{Whole, Sound, Letters}
	case Given, Family, Word:
		return []Form{Whole, Letters}
	case Date:
		return []Form{Whole, YearOf, DayOf}
	case Phone:
		return []Form{Whole, Tail, Head}
	case Email:
		return []Form{Whole, Local}
	case Postal:
		return []Form{Whole, Area}
	case Text, Address, Company:
		return []Form{Whole, Rare}
	}
	return []Form{Whole}
}

// isCoarse: too many strangers share it to be a key alone.
func (f Form) isCoarse(kind Kind) bool {
	switch f {
	case Letters, YearOf, DayOf, Tail, Head, Area:
		return true
	}
	return kind == Sex || kind == Category || kind == Number || kind == Year
}

// keyText is the part of a cleaned value that the form takes; "" for none.
func keyText(form Form, value string) string {
	switch form {
	case Whole:
		return value
	case Letters:
		spelled := compare.Letters(strings.ReplaceAll(value, " ", ""))
		if len(spelled) < prefixLetters-2 {
			return ""
		}
		return string(spelled[:min(len(spelled), prefixLetters)])
	case Sound:
		if loose := compare.LooseName(value); loose != "" {
			return loose
		}
		return sortedWords(value)
	case YearOf:
		return value[:min(4, len(value))]
	case DayOf:
		if len(value) != 8 {
			return ""
		}
		return "d" + max(value[4:6], value[6:]) + min(value[4:6], value[6:]) // swapped day and month meet
	case Tail:
		if len(value) < phoneTail {
			return ""
		}
		return value[len(value)-phoneTail:]
	case Head:
		if len(value) < 2*phoneTail {
			return ""
		}
		return "h" + value[:len(value)-phoneTail]
	case Local:
		local, _, _ := strings.Cut(value, "@")
		return local
	case Area:
		return value[:min(areaLength, len(value))]
	}
	return value
}

// hashKey is never 0, which stands for "no key".
func hashKey(text string) uint32 {
	if text == "" {
		return 0
	}
	return uint32(xxh3.HashString(text)) | 1<<31
}

func mixKeys(a, b uint32) uint32 {
	if a == 0 || b == 0 {
		return 0
	}
	x := uint64(a)<<32 | uint64(b)
	x ^= x >> 29
	x *= 0xbf58476d1ce4e5b9
	x ^= x >> 32
	return uint32(x) | 1<<31
}

// part is one form of one field, ready to give keys.
type part struct {
	field, other int // other is the second field of AnyOrder, else −1
	form         Form
	label        string
	hashes       []uint32   // by code
	others       []uint32   // by code of the other field
	words        [][]uint32 // by code, for Rare: the hashes of its rarest words
	common       []uint32   // words too common for that
}

func newPart(fields []*field, i int, form Form) *part {
	f := fields[i]
	p := &part{field: i, other: -1, form: form, label: f.name}
	if form != Whole {
		p.label += " (" + string(form) + ")"
	}
	if form == Rare {
		p.words, p.common = rareWords(f)
		return p
	}
	p.hashes = hashesOf(f, form)
	return p
}

func hashesOf(f *field, form Form) []uint32 {
	hashes := make([]uint32, len(f.values))
	parallel(len(f.values), func(from, to int) {
		for code := max(from, 1); code < to; code++ {
			hashes[code] = hashKey(keyText(form, f.values[code]))
		}
	})
	return hashes
}

// anyOrder is the key of given and family name that is the same when they are swapped.
func anyOrder(fields []*field, i, j int) *part {
	return &part{
		field: i, other: j, form: AnyOrder, label: fields[i].name + " and " + fields[j].name + " in any order",
		hashes: hashesOf(fields[i], Whole), others: hashesOf(fields[j], Whole),
	}
}

// rareWordsEach is how many of the rarest words of a text become keys.
const rareWordsEach = 12

// mostHolders bounds the records that share a word which is still called
// rare; where that makes too many pairs, a smaller number is taken.
var mostHolders = [...]uint32{400, 200, 100, 50, 25, 12, 6}

// commonWords is how many common words a spec keeps.
const commonWords = 4000

// pairsOfWords is the most pairs a record that rare words may cost.
const pairsOfWords = 20

// rareWords picks the words that few records hold; a word that only one record
// holds meets nobody.
func rareWords(f *field) (lists [][]uint32, common []uint32) {
	holders := map[uint32]uint32{}
	lists = make([][]uint32, len(f.values))
	parallel(len(f.values), func(from, to int) {
		for code := max(from, 1); code < to; code++ {
			lists[code] = wordKeys(f.values[code])
		}
	})
	for code, list := range lists {
		for _, word := range list {
			holders[word] += max(f.counts[code], 1)
		}
	}
	most := rareLimit(holders, f.present)
	parallel(len(lists), func(from, to int) {
		for code := max(from, 1); code < to; code++ {
			lists[code] = rarest(lists[code], holders, 2, most)
		}
	})
	for word, n := range holders {
		if n > most {
			common = append(common, word)
		}
	}
	slices.SortFunc(common, func(a, b uint32) int { return cmp.Or(cmp.Compare(holders[b], holders[a]), cmp.Compare(a, b)) })
	return lists, slices.Clip(common[:min(len(common), commonWords)])
}

func rareLimit(holders map[uint32]uint32, present int) uint32 {
	for _, most := range mostHolders {
		pairs := 0.0
		for _, n := range holders {
			if n <= most {
				pairs += float64(n) * float64(n-1) / 2
			}
		}
		if pairs <= pairsOfWords*float64(present) {
			return most
		}
	}
	return 2
}

func rarest(list []uint32, holders map[uint32]uint32, least, most uint32) []uint32 {
	kept := list[:0]
	for _, word := range list {
		if n := holders[word]; n >= least && n <= most {
			kept = append(kept, word)
		}
	}
	slices.SortFunc(kept, func(a, b uint32) int { return cmp.Or(cmp.Compare(holders[a], holders[b]), cmp.Compare(a, b)) })
	return slices.Clip(kept[:min(len(kept), rareWordsEach)])
}

// wordKeys hashes the words of a text, and neighbours joined, so that "psl
// x350h" and "pslx350h" meet.
func wordKeys(text string) []uint32 {
	if len(text) > longestText {
		text = text[:longestText]
	}
	list := strings.Fields(text)
	keys := make([]uint32, 0, 2*len(list))
	for i, word := range list {
		if len(word) > 1 {
			keys = append(keys, hashKey(word))
		}
		if i+1 < len(list) {
			keys = append(keys, hashKey(word+list[i+1]))
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// keysAt appends the keys that a record has under the part.
func (p *part) keysAt(fields []*field, row int, out []uint32) []uint32 {
	f := fields[p.field]
	if p.other >= 0 {
		a, b := p.hashes[f.slots[0][row]], p.others[fields[p.other].slots[0][row]]
		if a > b {
			a, b = b, a
		}
		if key := mixKeys(a, b); key != 0 {
			out = append(out, key)
		}
		return out
	}
	for _, slot := range f.slots {
		code := slot[row]
		if code == missing {
			continue
		}
		if p.words != nil {
			out = append(out, p.words[code]...)
		} else if h := p.hashes[code]; h != 0 {
			out = append(out, h)
		}
	}
	return out
}
