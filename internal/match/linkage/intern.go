// SPDX-License-Identifier: Apache-2.0

package linkage

import (
	"strings"
	"unsafe"

	"github.com/zeebo/xxh3"
)

// interner gives equal texts one code. Texts lie end to end in large pieces of
// memory, and the table holds the upper half of each hash beside the code, so
// that a look-up that misses touches one cache line.
type interner struct {
	slots  []uint64 // hash<<32 | code+1
	mask   uint64
	values []string
	arena  []byte
	piece  int // size of the arena's last piece
	spill  *spill
}

const (
	firstSlots = 1 << 10
	arenaPiece = 1 << 20
	// firstPiece is small: a look-up of one person interns a few hundred texts.
	firstPiece = 4 << 10
)

func newInterner(room *spill) *interner {
	in := &interner{slots: make([]uint64, firstSlots), mask: firstSlots - 1, spill: room}
	in.add([]byte{})
	return in
}

// add answers the code of a text and whether it is new; the text is copied.
func (in *interner) add(text []byte) (uint32, bool) {
	return in.put(string(text), xxh3.Hash(text), true)
}

// addString is add for a text that nobody changes.
func (in *interner) addString(text string) (uint32, bool) {
	return in.put(text, xxh3.HashString(text), false)
}

func (in *interner) put(text string, hash uint64, copies bool) (uint32, bool) {
	high := hash >> 32 << 32
	for i := hash & in.mask; ; i = (i + 1) & in.mask {
		slot := in.slots[i]
		if slot == 0 {
			code := uint32(len(in.values))
			if copies {
				text = in.keep(text)
			}
			in.values = append(in.values, text)
			in.slots[i] = high | uint64(code+1)
			if uint64(len(in.values))*2 > in.mask {
				in.grow()
			}
			return code, true
		}
		if slot>>32<<32 == high {
			if code := uint32(slot) - 1; in.values[code] == text {
				return code, false
			}
		}
	}
}

// find answers the code of a text, 0 for one that is not there.
func (in *interner) find(text string) uint32 {
	hash := xxh3.HashString(text)
	high := hash >> 32 << 32
	for i := hash & in.mask; in.slots[i] != 0; i = (i + 1) & in.mask {
		if slot := in.slots[i]; slot>>32<<32 == high {
			if code := uint32(slot) - 1; in.values[code] == text {
				return code
			}
		}
	}
	return missing
}

func (in *interner) keep(text string) string {
	if len(text) > arenaPiece/8 {
		return strings.Clone(text)
	}
	if text == "" {
		return ""
	}
	if cap(in.arena)-len(in.arena) < len(text) {
		in.piece = min(max(4*in.piece, firstPiece, 8*len(text)), arenaPiece)
		in.arena = in.spill.room(in.piece)[:0]
	}
	start := len(in.arena)
	in.arena = append(in.arena, text...)
	return unsafe.String(&in.arena[start], len(text)) //nolint:gosec // these bytes never change any more
}

func (in *interner) grow() {
	old := in.slots
	in.mask = in.mask<<1 | 1
	in.slots = in.spill.longs(int(in.mask) + 1) //nolint:gosec // a power of two that memory holds
	defer in.spill.freeLongs(old)
	for _, slot := range old {
		if slot == 0 {
			continue
		}
		// the low half of the hash is not kept; the text gives it again
		i := xxh3.HashString(in.values[uint32(slot)-1]) & in.mask
		for in.slots[i] != 0 {
			i = (i + 1) & in.mask
		}
		in.slots[i] = slot
	}
}
