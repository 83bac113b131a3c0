// SPDX-License-Identifier: Apache-2.0

package reader

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"io"

	"dangol/internal/platform/fault"
)

// DefaultLimits are generous for real files and far below what would hurt the machine.
var DefaultLimits = Limits{
	CellBytes:     10 << 20,
	RowBytes:      32 << 20,
	Columns:       2000,
	UnpackedBytes: 32 << 30,
	UnpackedRatio: 250, // sheets and exports reach 100 at most, bombs 1,000
	StringBytes:   512 << 20,
}

// ratioFloor is the unpacked size below which any ratio is harmless.
const ratioFloor = 64 << 20

func (l Limits) withDefaults() Limits {
	set := func(value *int, standard int) {
		if *value <= 0 {
			*value = standard
		}
	}
	set64 := func(value *int64, standard int64) {
		if *value <= 0 {
			*value = standard
		}
	}
	set(&l.CellBytes, DefaultLimits.CellBytes)
	set(&l.RowBytes, max(DefaultLimits.RowBytes, 2*l.CellBytes))
	set(&l.Columns, DefaultLimits.Columns)
	set64(&l.UnpackedBytes, DefaultLimits.UnpackedBytes)
	set64(&l.UnpackedRatio, DefaultLimits.UnpackedRatio)
	set64(&l.StringBytes, DefaultLimits.StringBytes)
	return l
}

func tooLarge() error {
	return fault.New(fault.TooLarge, "file.bomb", "The file unpacks to far more than such a file can hold; it was made to harm or is damaged. Save it again in the program that it comes from.")
}

func damagedPack(cause error) error {
	return fault.Wrap(cause, fault.Invalid, "file.packed", "The packed data of the file is damaged. Pack it again or upload it unpacked.")
}

// source opens the bytes of a file again and again, unpacked where they are packed.
type source struct {
	at     io.ReaderAt
	size   int64
	isGzip bool
	limits Limits
	packed *counter // of the reader opened last, for packed files
}

var gzipMagic = []byte{0x1F, 0x8B}

func newSource(at io.ReaderAt, size int64, limits Limits) *source {
	var magic [2]byte
	n, _ := at.ReadAt(magic[:], 0)
	return &source{at: at, size: size, limits: limits, isGzip: n == 2 && bytes.Equal(magic[:], gzipMagic)}
}

// open returns the unpacked bytes from the offset on; a packed file is unpacked from its beginning.
func (s *source) open(offset int64) (io.Reader, error) {
	if !s.isGzip {
		return io.NewSectionReader(s.at, offset, s.size-offset), nil
	}
	packed := &counter{r: io.NewSectionReader(s.at, 0, s.size)}
	unpacked, err := gzip.NewReader(packed)
	if err != nil {
		return nil, damagedPack(err)
	}
	s.packed = packed
	r := &bounded{r: unpacked, packed: packed, limits: s.limits}
	if _, err := io.CopyN(io.Discard, r, offset); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return r, nil
}

// head returns the first bytes of the unpacked file.
func (s *source) head(n int) ([]byte, error) {
	r, err := s.open(0)
	if err != nil {
		return nil, err
	}
	buffer := make([]byte, n)
	n, err = io.ReadFull(r, buffer)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, err
	}
	return buffer[:n], nil
}

// text returns the file as UTF-8 or CP949 bytes from the offset on; UTF-16 is turned into UTF-8, and the
// offset then counts the bytes after that.
func (s *source) text(encoding string, bom int, offset int64) (io.Reader, error) {
	if encoding != UTF16LE && encoding != UTF16BE {
		return s.open(int64(bom) + offset)
	}
	raw, err := s.open(int64(bom))
	if err != nil {
		return nil, err
	}
	u := &utf16Reader{r: raw, order: binary.LittleEndian}
	if encoding == UTF16BE {
		u.order = binary.BigEndian
	}
	if _, err := io.CopyN(io.Discard, u, offset); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return u, nil
}

// counter counts the bytes read through it.
type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// bounded stops unpacking that passes the limits.
type bounded struct {
	r      io.Reader
	packed *counter
	limits Limits
	n      int64
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	b.n += int64(n)
	if b.n > b.limits.UnpackedBytes || b.n > ratioFloor && b.n/max(b.packed.n, 1) > b.limits.UnpackedRatio {
		return 0, tooLarge()
	}
	var corrupt flate.CorruptInputError
	if errors.As(err, &corrupt) || errors.Is(err, gzip.ErrChecksum) || errors.Is(err, gzip.ErrHeader) || errors.Is(err, zip.ErrChecksum) {
		return n, damagedPack(err)
	}
	return n, err
}
