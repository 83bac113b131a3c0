// SPDX-License-Identifier: Apache-2.0

package linkage

import (
	"bufio"
	"bytes"
	"math"
	"os"
	"runtime/metrics"
	"strconv"
	"strings"
	"sync"
	"unsafe"
)

const (
	// leastMapped is the least array, in bytes, that is worth a mapping of its own.
	leastMapped = 1 << 20
	// textPiece is how many bytes are mapped at once for texts.
	textPiece = 64 << 20
)

// spill gives room for arrays without pointers: in the heap while that is
// small, else in a mapped temporary file that has no name any more. The system
// writes such arrays to disk and reads them back as memory allows. A nil spill
// gives room in the heap only.
type spill struct {
	limit  uint64 // bytes of heap from which arrays go to disk
	folder string
	least  int

	lock  sync.Mutex
	maps  map[*byte][]byte
	texts []byte // what is left of the last piece for texts
	bytes int64  // ever mapped
}

func newSpill(limit uint64, folder string) *spill {
	return &spill{limit: limit, folder: folder, least: leastMapped, maps: map[*byte][]byte{}}
}

// isShort reports whether the heap has no room for so many bytes.
func (s *spill) isShort(size int) bool {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()+uint64(size) > s.limit
}

// mapped is a piece of a file, nil where the heap has room or there is no file to be had.
func (s *spill) mapped(size int) []byte {
	if s == nil || size < s.least || !s.isShort(size) {
		return nil
	}
	s.lock.Lock()
	defer s.lock.Unlock()
	return s.mapPiece(size)
}

// mapPiece is called with the lock held.
func (s *spill) mapPiece(size int) []byte {
	piece, err := mapFile(s.folder, size)
	if err != nil {
		return nil // the disk is full too: the heap is the last resort
	}
	s.maps[&piece[0]] = piece
	s.bytes += int64(size)
	return piece
}

// words is room for n codes, all 0.
func (s *spill) words(n int) []uint32 {
	if piece := s.mapped(4 * n); piece != nil {
		return unsafe.Slice((*uint32)(unsafe.Pointer(&piece[0])), n) //nolint:gosec // a page begins where any word may
	}
	return make([]uint32, n)
}

// longs is room for n numbers of 64 bits, all 0.
func (s *spill) longs(n int) []uint64 {
	if piece := s.mapped(8 * n); piece != nil {
		return unsafe.Slice((*uint64)(unsafe.Pointer(&piece[0])), n) //nolint:gosec // a page begins where any long may
	}
	return make([]uint64, n)
}

// kept is the same codes where there is room for them.
func (s *spill) kept(codes []uint32) []uint32 {
	if s == nil || 4*len(codes) < s.least || !s.isShort(0) {
		return codes
	}
	room := s.words(len(codes))
	copy(room, codes)
	return room
}

// room is n bytes for texts.
func (s *spill) room(n int) []byte {
	if s == nil || !s.isShort(n) {
		return make([]byte, n)
	}
	s.lock.Lock()
	defer s.lock.Unlock()
	if len(s.texts) < n {
		piece := s.mapPiece(max(textPiece, n))
		if piece == nil {
			return make([]byte, n)
		}
		s.texts = piece
	}
	left := s.texts
	s.texts = left[n:]
	return left[:n:n]
}

// freeLongs gives back what longs has given, which nobody may use any more.
func (s *spill) freeLongs(room []uint64) {
	if s == nil || len(room) == 0 {
		return
	}
	s.lock.Lock()
	defer s.lock.Unlock()
	first := (*byte)(unsafe.Pointer(&room[0])) //nolint:gosec // only compared
	if piece, known := s.maps[first]; known {
		delete(s.maps, first)
		_ = unmap(piece)
	}
}

// close gives back everything: no text and no array of the run may be used afterwards.
func (s *spill) close() error {
	s.lock.Lock()
	defer s.lock.Unlock()
	var err error
	for first, piece := range s.maps {
		delete(s.maps, first)
		if e := unmap(piece); e != nil {
			err = e
		}
	}
	s.texts = nil
	return err
}

// freeMemory is how many bytes the machine, or the control group of the
// process, has to give; MaxInt64 where that is not told.
func freeMemory() int64 {
	free := int64(math.MaxInt64)
	if data, err := os.ReadFile("/proc/meminfo"); err == nil {
		lines := bufio.NewScanner(bytes.NewReader(data))
		for lines.Scan() {
			if f := strings.Fields(lines.Text()); len(f) >= 2 && f[0] == "MemAvailable:" {
				if n, err := strconv.ParseInt(f[1], 10, 64); err == nil {
					free = min(free, n<<10)
				}
			}
		}
	}
	if data, err := os.ReadFile("/sys/fs/cgroup/memory.max"); err == nil {
		if n, err := strconv.ParseInt(strings.TrimSpace(string(data)), 10, 64); err == nil {
			free = min(free, n)
		}
	}
	return free
}
