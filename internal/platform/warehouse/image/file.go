// SPDX-License-Identifier: Apache-2.0

package image

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync"
	"time"

	"github.com/zeebo/xxh3"

	"dangol/internal/platform/warehouse"
)

// A file is: magic, chunks (each at a multiple of eight), the directory, and a
// tail of fixed size that says where the directory lies. Chunks and directory
// carry checksums. It is never changed: another version is another file.
const (
	magic    = "DNGLIMG3"
	tailSize = 40
)

// errDamaged says that a file is not what was written.
var errDamaged = errors.New("the image file is damaged")

// header is the readable part of the directory.
type header struct {
	Spec     Spec
	Texts    [][][]string // table, column; nil for other columns
	Dropped  [][]bool     // columns with too many texts
	Position warehouse.Position
	Chunks   int
	Subjects int64
	Rows     []int64 // by table
}

// file is an open image file.
type file struct {
	header
	path    string
	bytes   int64
	chunks  []*chunk
	sums    []uint64
	mapping *mapping
}

// writer writes a file; chunks may come from several workers at once.
type writer struct {
	mu     sync.Mutex
	out    *os.File
	at     int64
	chunks []*chunk
	places []place
}

type place struct {
	at, size int64
	sum      uint64
}

func newWriter(path string) (*writer, error) {
	out, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_RDWR, 0o600) //nolint:gosec // a path of our own
	if err != nil {
		return nil, fmt.Errorf("make the image file: %w", err)
	}
	w := &writer{out: out, at: int64(len(magic))}
	if _, err := out.WriteString(magic); err != nil {
		return nil, errors.Join(err, out.Close())
	}
	return w, nil
}

// add writes a chunk; only its description is kept.
func (w *writer) add(c *chunk) error {
	size := int64(len(c.data))
	w.mu.Lock()
	at := w.at
	w.at += (size + 7) &^ 7
	w.chunks = append(w.chunks, c.bare())
	w.places = append(w.places, place{at, size, xxh3.Hash(c.data)})
	w.mu.Unlock()
	if _, err := w.out.WriteAt(c.data, at); err != nil {
		return fmt.Errorf("write the image file: %w", err)
	}
	return nil
}

// flushEvery is how often what is written is sent to the disk, so that the end
// need not wait for all of it.
const flushEvery = 300 * time.Millisecond

func (w *writer) flushUntil(ctx context.Context) {
	ticker := time.NewTicker(flushEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			_ = w.out.Sync() // an error comes again at the end
		}
	}
}

// finish writes directory and tail, and makes sure that all of it is on disk.
func (w *writer) finish(h header) error {
	h.Chunks = len(w.chunks)
	directory, err := w.directory(h)
	if err != nil {
		return err
	}
	if _, err := w.out.WriteAt(directory, w.at); err != nil {
		return fmt.Errorf("write the image file: %w", err)
	}
	tail := make([]byte, 0, tailSize)
	tail = binary.LittleEndian.AppendUint64(tail, uint64(w.at))           //nolint:gosec // a place in a file
	tail = binary.LittleEndian.AppendUint64(tail, uint64(len(directory))) //nolint:gosec // a size
	tail = binary.LittleEndian.AppendUint64(tail, xxh3.Hash(directory))
	tail = binary.LittleEndian.AppendUint64(tail, byteOrder())
	tail = append(tail, magic...)
	if _, err := w.out.WriteAt(tail, w.at+int64(len(directory))); err != nil {
		return fmt.Errorf("write the image file: %w", err)
	}
	if err := w.out.Sync(); err != nil {
		return fmt.Errorf("write the image file: %w", err)
	}
	return w.out.Close()
}

// byteOrder is a number whose bytes tell the order of the machine: codes are
// read as they lie in memory.
func byteOrder() uint64 { return cast[uint64]([]byte{1, 2, 3, 4, 5, 6, 7, 8})[0] }

func (w *writer) directory(h header) ([]byte, error) {
	text, err := json.Marshal(h)
	if err != nil {
		return nil, fmt.Errorf("write the image's directory: %w", err)
	}
	out := binary.LittleEndian.AppendUint64(nil, uint64(len(text)))
	out = append(out, text...)
	for i, c := range w.chunks {
		p := w.places[i]
		out = appendNumbers(out, p.at, p.size, int64(p.sum), int64(c.subjects), c.first, c.last) //nolint:gosec // bits of the sum
		out = appendVec(out, &c.keys)
		for t := range c.tables {
			hasOffsets := int64(0)
			if c.tables[t].offsets != nil {
				hasOffsets = 1
			}
			out = appendNumbers(out, int64(c.tables[t].rows), hasOffsets)
			for j := range c.tables[t].columns {
				out = appendVec(out, &c.tables[t].columns[j])
			}
		}
	}
	return out, nil
}

func appendNumbers(out []byte, list ...int64) []byte {
	for _, n := range list {
		out = binary.AppendVarint(out, n)
	}
	return out
}

func appendVec(out []byte, v *vec) []byte {
	flag := byte(0)
	if v.hasMissing {
		flag = 1
	}
	out = append(out, v.bits, flag)
	return appendNumbers(out, v.base, v.step, v.low, v.high, int64(v.most)) //nolint:gosec // below 2^62
}

// reader reads a directory; err is the first thing that did not fit.
type reader struct {
	rest []byte
	err  error
}

func (r *reader) number() int64 {
	n, size := binary.Varint(r.rest)
	if size <= 0 {
		r.err = errDamaged
		return 0
	}
	r.rest = r.rest[size:]
	return n
}

func (r *reader) vec() vec {
	if len(r.rest) < 2 {
		r.err = errDamaged
		return vec{}
	}
	v := vec{bits: r.rest[0], hasMissing: r.rest[1] == 1}
	r.rest = r.rest[2:]
	v.base, v.step, v.low, v.high, v.most = r.number(), r.number(), r.number(), r.number(), uint64(r.number()) //nolint:gosec // see appendVec
	return v
}

// openFile maps a file and checks all of it.
func openFile(path string) (*file, error) {
	m, err := mapFile(path)
	if err != nil {
		return nil, err
	}
	f, err := openMapped(path, m)
	if err != nil {
		return nil, err
	}
	return f, nil
}

// openMapped reads what a mapped file says of itself. A file may lie, and it
// may be cut while it is read.
func openMapped(path string, m *mapping) (f *file, err error) {
	defer guard(&err)()
	f = &file{path: path, mapping: m, bytes: int64(len(m.data))}
	if err := f.readDirectory(m.data); err != nil {
		return nil, err
	}
	return f, f.check()
}

func (f *file) readDirectory(data []byte) error {
	if len(data) < len(magic)+tailSize || string(data[:len(magic)]) != magic || string(data[len(data)-len(magic):]) != magic {
		return errDamaged
	}
	tail := data[len(data)-tailSize:]
	at, size := binary.LittleEndian.Uint64(tail), binary.LittleEndian.Uint64(tail[8:])
	if binary.LittleEndian.Uint64(tail[24:]) != byteOrder() || at+size+tailSize != uint64(len(data)) {
		return errDamaged
	}
	directory := data[at : at+size]
	if xxh3.Hash(directory) != binary.LittleEndian.Uint64(tail[16:]) {
		return errDamaged
	}
	length := binary.LittleEndian.Uint64(directory)
	if err := json.Unmarshal(directory[8:8+length], &f.header); err != nil {
		return fmt.Errorf("%w: %w", errDamaged, err)
	}
	r := &reader{rest: directory[8+length:]}
	for range f.Chunks {
		f.readChunk(r, data)
		if r.err != nil {
			return r.err
		}
	}
	sortChunks(f.chunks, f.sums)
	return nil
}

func (f *file) readChunk(r *reader, data []byte) {
	at, size, sum := r.number(), r.number(), r.number()
	c := &chunk{subjects: int(r.number()), first: r.number(), last: r.number(), keys: r.vec(), tables: make([]part, len(f.Spec))}
	for t := range c.tables {
		p := &c.tables[t]
		p.rows = int(r.number())
		if r.number() == 1 {
			p.offsets = []uint32{} // attach points it at its place
		}
		p.columns = make([]vec, len(f.Spec[t].Columns))
		for i := range p.columns {
			p.columns[i] = r.vec()
		}
	}
	if r.err != nil {
		return
	}
	c.attach(data[at : at+size : at+size])
	f.chunks, f.sums = append(f.chunks, c), append(f.sums, uint64(sum)) //nolint:gosec // bits of the sum
}

// check compares all chunks with their checksums; a mapped file may have been
// changed or cut since it was opened. That touches every page, so all are let
// go afterwards: what rests takes no memory.
func (f *file) check() (err error) {
	defer guard(&err)()
	defer f.mapping.rest()
	for i, c := range f.chunks {
		if xxh3.Hash(c.data) != f.sums[i] {
			return errDamaged
		}
	}
	runtime.KeepAlive(f)
	return nil
}

// size says whether the file still has the length it was opened with.
func (f *file) isWhole() bool {
	info, err := os.Stat(f.path)
	return err == nil && info.Size() == f.bytes
}

// noteSuffix names the small file that says up to which position a file is
// right although it was written earlier: nothing it keeps has changed since.
const noteSuffix = ".at"

func (f *file) note(position warehouse.Position) error {
	text, err := json.Marshal(position)
	if err != nil {
		return fmt.Errorf("note the image's position: %w", err)
	}
	if err := os.WriteFile(f.path+noteSuffix, text, 0o600); err != nil {
		return fmt.Errorf("note the image's position: %w", err)
	}
	return nil
}

func (f *file) readNote() {
	text, err := os.ReadFile(f.path + noteSuffix)
	if err != nil {
		return
	}
	var position warehouse.Position
	if json.Unmarshal(text, &position) == nil && position.Seq >= f.Position.Seq {
		f.Position = position
	}
	_ = os.Remove(f.path + noteSuffix) // it holds for this opening only
}
