// SPDX-License-Identifier: Apache-2.0

package order

import "encoding/binary"

// marks counts how often a batch has met each line identity. It is a set of
// 64-bit hashes with open addressing (about 12 bytes a row, so that 20 million
// rows fit in 256 MB) and a small table of those met more than once.
type marks struct {
	slots   []uint64
	filled  int
	repeats map[uint64]int
	// staged are the marks of the slice that is not yet committed.
	staged  []uint64
	counted map[uint64]int
}

func newMarks() *marks {
	return &marks{slots: make([]uint64, 1<<10), repeats: map[uint64]int{}, counted: map[uint64]int{}}
}

// meet answers how often the mark was met before, and stages one more.
func (m *marks) meet(mark uint64) int {
	if mark == 0 {
		mark = 1 // 0 is an empty slot
	}
	before, seen := m.counted[mark]
	if !seen {
		before = m.repeats[mark]
		if before == 0 && m.has(mark) {
			before = 1
		}
	}
	m.counted[mark] = before + 1
	m.staged = append(m.staged, mark)
	return before
}

func (m *marks) has(mark uint64) bool {
	mask := uint64(len(m.slots) - 1)
	for i := mark & mask; m.slots[i] != 0; i = (i + 1) & mask {
		if m.slots[i] == mark {
			return true
		}
	}
	return false
}

// commit takes the staged marks in for good.
func (m *marks) commit() {
	for mark, count := range m.counted {
		if count > 1 {
			m.repeats[mark] = count
		}
		m.add(mark)
	}
	m.forget()
}

// forget drops the staged marks of a slice that was undone.
func (m *marks) forget() {
	m.staged = m.staged[:0]
	clear(m.counted)
}

func (m *marks) add(mark uint64) {
	if m.has(mark) {
		return
	}
	if m.filled*4 >= len(m.slots)*3 {
		m.grow()
	}
	m.place(mark)
	m.filled++
}

func (m *marks) place(mark uint64) {
	mask := uint64(len(m.slots) - 1)
	i := mark & mask
	for m.slots[i] != 0 {
		i = (i + 1) & mask
	}
	m.slots[i] = mark
}

func (m *marks) grow() {
	old := m.slots
	m.slots = make([]uint64, 2*len(old))
	for _, mark := range old {
		if mark != 0 {
			m.place(mark)
		}
	}
}

// pack is the staged marks as bytes, for a batch that goes on after a crash.
func (m *marks) pack() []byte {
	packed := make([]byte, 0, 8*len(m.staged))
	for _, mark := range m.staged {
		packed = binary.LittleEndian.AppendUint64(packed, mark)
	}
	return packed
}

// unpack takes in the marks of an earlier slice.
func (m *marks) unpack(packed []byte) {
	for ; len(packed) >= 8; packed = packed[8:] {
		m.meet(binary.LittleEndian.Uint64(packed))
	}
	m.commit()
}
