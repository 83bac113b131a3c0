// SPDX-License-Identifier: Apache-2.0

package journal

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"

	"github.com/klauspost/compress/zstd"

	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
)

const (
	// ChunkRows is the most row changes in one chunk.
	ChunkRows = 1000
	// chunkVersion starts every chunk, so that later programs can read earlier ones.
	chunkVersion = 1
	saltSize     = 8
	// maxHeader bounds what a damaged chunk can make the reader allocate.
	maxHeader = 1 << 20
)

// The coders are shared: EncodeAll and DecodeAll may be called by many goroutines.
var coders = sync.OnceValues(func() (*zstd.Encoder, *zstd.Decoder) {
	encoder, _ := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1))
	decoder, _ := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxHeader))
	return encoder, decoder
})

// chunk is a packed slice of changes: version, salt, length of the header, header (compressed: per row
// the ids, the kind and the length of its sealed value), sealed values. Every value is sealed by itself
// with the key of its record, which is why values are not compressed together: erasing one person must
// leave the others readable.
type chunk struct {
	subjects []byte
	min, max int64
	rows     int
	body     []byte
}

// packChunk seals and packs up to ChunkRows changes of an entry.
func (k *Keys) packChunk(entry int64, changes []Change) (chunk, error) {
	c := chunk{rows: len(changes)}
	var salt [saltSize]byte
	if _, err := rand.Read(salt[:]); err != nil {
		return c, err
	}
	header := make([]byte, 0, len(changes)*8)
	size := 0
	for i := range changes {
		size += len(changes[i].Before) + len(changes[i].After) + 24
	}
	sealed, plain := make([]byte, 0, size), make([]byte, 0, 1024)
	kinds := kindTable{}
	ids := make([]int64, len(changes))
	var customer, record int64
	for i := range changes {
		change := &changes[i]
		from := len(sealed)
		var err error
		if sealed, plain, err = k.sealChange(sealed, plain, entry, i, salt, change); err != nil {
			return c, err
		}
		header = binary.AppendVarint(header, change.CustomerID-customer)
		header = binary.AppendVarint(header, change.RecordID-record)
		header = binary.AppendUvarint(header, kinds.index(change.Kind))
		header = binary.AppendUvarint(header, uint64(len(sealed)-from))
		customer, record = change.CustomerID, change.RecordID
		ids[i] = change.CustomerID
	}
	c.subjects, c.min, c.max = packIDs(ids)
	encoder, _ := coders()
	packed := encoder.EncodeAll(append(kinds.encode(), header...), nil)
	c.body = make([]byte, 0, 1+saltSize+binary.MaxVarintLen64*2+len(packed)+len(sealed))
	c.body = append(append(c.body, chunkVersion), salt[:]...)
	c.body = binary.AppendUvarint(c.body, uint64(len(changes)))
	c.body = binary.AppendUvarint(c.body, uint64(len(packed)))
	c.body = append(append(c.body, packed...), sealed...)
	return c, nil
}

// sealChange appends the sealed value of one change to dst; a change without values takes no room.
func (k *Keys) sealChange(dst, plain []byte, entry int64, row int, salt [saltSize]byte, c *Change) ([]byte, []byte, error) {
	if c.Before == nil && c.After == nil {
		return dst, plain, nil
	}
	aead, err := k.aead(c.RecordID)
	if errors.Is(err, errErased) {
		return nil, nil, fault.New(fault.Conflict, "journal.record_erased",
			"The source record {record} was erased and cannot be changed any more.", "record", c.RecordID)
	}
	if err != nil {
		return nil, nil, err
	}
	plain = join(plain[:0], c.Before, c.After)
	nonce := nonceOf(salt, row)
	return aead.Seal(dst, nonce[:], plain, bound(entry, row)), plain, nil
}

// nonceOf is unique for a key as long as the random salt of two chunks with the same record differs.
func nonceOf(salt [saltSize]byte, row int) (nonce [nonceSize]byte) {
	copy(nonce[:], salt[:])
	binary.LittleEndian.PutUint32(nonce[saltSize:], uint32(row))
	return nonce
}

// unpackChunk opens all changes of a chunk; only, if not 0, keeps those of one subject.
func (k *Keys) unpackChunk(entry int64, body []byte, only int64) ([]Change, error) {
	h, sealed, salt, err := openHeader(body)
	if err != nil {
		return nil, err
	}
	var changes []Change
	var customer, record int64
	for row := range h.rows {
		customer += h.varint()
		record += h.varint()
		kind, length := h.uvarint(), h.uvarint()
		if h.failed || kind >= uint64(len(h.kinds)) || length > uint64(len(sealed)) {
			return nil, errDamaged
		}
		value := sealed[:length]
		sealed = sealed[length:]
		if only != 0 && customer != only {
			continue
		}
		change := Change{CustomerID: customer, RecordID: record, Kind: h.kinds[kind]}
		if len(value) > 0 {
			if err := k.openChange(&change, entry, row, salt, value); err != nil {
				return nil, err
			}
		}
		changes = append(changes, change)
	}
	return changes, nil
}

func (k *Keys) openChange(c *Change, entry int64, row int, salt [saltSize]byte, value []byte) error {
	aead, err := k.aead(c.RecordID)
	if errors.Is(err, errErased) {
		c.IsErased = true
		return nil
	}
	if err != nil {
		return err
	}
	nonce := nonceOf(salt, row)
	plain, err := aead.Open(nil, nonce[:], value, bound(entry, row))
	if err != nil {
		c.IsErased = true
		return nil
	}
	c.Before, c.After, err = part(plain)
	return err
}

// header reads the varints of a chunk's header.
type header struct {
	rows   int
	kinds  []string
	rest   []byte
	failed bool
}

func openHeader(body []byte) (h header, sealed []byte, salt [saltSize]byte, err error) {
	if len(body) < 1+saltSize || body[0] != chunkVersion {
		return h, nil, salt, errDamaged
	}
	copy(salt[:], body[1:])
	h.rest = body[1+saltSize:]
	rows, length := h.uvarint(), h.uvarint()
	if h.failed || rows > math.MaxInt32 || length > uint64(len(h.rest)) {
		return h, nil, salt, errDamaged
	}
	h.rows, sealed = int(rows), h.rest[length:]
	_, decoder := coders()
	if h.rest, err = decoder.DecodeAll(h.rest[:length], nil); err != nil {
		return h, nil, salt, fmt.Errorf("%w: %w", errDamaged, err)
	}
	for range h.uvarint() {
		n := h.uvarint()
		if h.failed || n > uint64(len(h.rest)) {
			return h, nil, salt, errDamaged
		}
		h.kinds = append(h.kinds, string(h.rest[:n]))
		h.rest = h.rest[n:]
	}
	return h, sealed, salt, nil
}

func (h *header) uvarint() uint64 {
	n, used := binary.Uvarint(h.rest)
	if used <= 0 {
		h.failed = true
		return 0
	}
	h.rest = h.rest[used:]
	return n
}

func (h *header) varint() int64 {
	n, used := binary.Varint(h.rest)
	if used <= 0 {
		h.failed = true
		return 0
	}
	h.rest = h.rest[used:]
	return n
}

// kindTable numbers the few kinds of a chunk.
type kindTable struct{ names []string }

func (t *kindTable) index(kind string) uint64 {
	i := slices.Index(t.names, kind)
	if i < 0 {
		i = len(t.names)
		t.names = append(t.names, kind)
	}
	return uint64(i)
}

func (t *kindTable) encode() []byte {
	b := binary.AppendUvarint(nil, uint64(len(t.names)))
	for _, name := range t.names {
		b = append(binary.AppendUvarint(b, uint64(len(name))), name...)
	}
	return b
}

// packIDs sorts ids, drops doubles and packs the differences; it reorders its argument.
func packIDs(ids []int64) (packed []byte, low, high int64) {
	if len(ids) == 0 {
		return nil, 0, 0
	}
	slices.Sort(ids)
	packed = make([]byte, 0, len(ids)*2)
	var last int64
	for i, id := range ids {
		if i > 0 && id == last {
			continue
		}
		packed = binary.AppendVarint(packed, id-last)
		last = id
	}
	return packed, ids[0], ids[len(ids)-1]
}

// unpackIDs is the reverse of packIDs.
func unpackIDs(packed []byte) ([]int64, error) {
	var ids []int64
	var last int64
	for len(packed) > 0 {
		n, used := binary.Varint(packed)
		if used <= 0 {
			return nil, errDamaged
		}
		last += n
		ids = append(ids, last)
		packed = packed[used:]
	}
	return ids, nil
}

// AppendBulk writes a bulk entry with its first slice of changes in the transaction of ctx and returns
// its id; later slices follow by AppendChunks, each in the transaction of its data.
func (j *Journal) AppendBulk(ctx context.Context, e Entry, changes []Change) (int64, error) {
	e.chunks, e.Rows = (len(changes)+ChunkRows-1)/ChunkRows, len(changes)
	id, err := j.append(ctx, &e)
	if err != nil {
		return 0, err
	}
	return id, j.insertChunks(ctx, id, changes)
}

// AppendChunks writes one more slice of a bulk entry in the transaction of ctx.
func (j *Journal) AppendChunks(ctx context.Context, entryID int64, changes []Change) error {
	if len(changes) == 0 {
		return nil
	}
	if !j.db.InTransaction(ctx) {
		return fmt.Errorf("journal slice of entry %d: no transaction is open", entryID)
	}
	row, err := j.insertSlice(ctx, entryID, (len(changes)+ChunkRows-1)/ChunkRows, len(changes))
	if err != nil {
		return fmt.Errorf("journal slice of entry %d: %w", entryID, err)
	}
	database.AfterCommit(ctx, j.wakeSequencer)
	return j.insertChunks(ctx, row, changes)
}

func (j *Journal) insertChunks(ctx context.Context, row int64, changes []Change) error {
	for part := range slices.Chunk(changes, ChunkRows) {
		c, err := j.keys.packChunk(row, part)
		if err != nil {
			return fmt.Errorf("pack chunk of entry %d: %w", row, err)
		}
		if err := j.insertChunk(ctx, row, c, chunkHash(row, c)); err != nil {
			return fmt.Errorf("save chunk of entry %d: %w", row, err)
		}
	}
	return nil
}

func chunkHash(row int64, c chunk) []byte {
	h := sha256.New()
	var b []byte
	b = binary.AppendVarint(b, row)
	b = binary.AppendVarint(b, int64(c.rows))
	b = binary.AppendUvarint(b, uint64(len(c.subjects)))
	h.Write(b)
	h.Write(c.subjects)
	h.Write(c.body)
	return h.Sum(nil)
}

// holdsID reports whether a packed list holds an id, without unpacking it all.
func holdsID(packed []byte, id int64) bool {
	var at int64
	for len(packed) > 0 {
		n, used := binary.Varint(packed)
		if used <= 0 {
			return false
		}
		if at += n; at >= id {
			return at == id
		}
		packed = packed[used:]
	}
	return false
}
