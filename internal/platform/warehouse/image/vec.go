// SPDX-License-Identifier: Apache-2.0

package image

import (
	"math"
	"math/bits"
	"unsafe"
)

// missing stands for a value that is not there. No column holds it otherwise:
// whole numbers of the warehouse stay far inside, and -0.0, whose bits it has,
// is stored as 0.0.
const missing = math.MinInt64

// vec is one column of a chunk in codes of 0 to 64 bits:
// value = base + step × code; with hasMissing, code 0 is no value and base is
// one step lower. Codes of 64 bits are the values themselves.
type vec struct {
	bits       uint8
	hasMissing bool
	base, step int64
	low, high  int64 // of the values present; low > high: none
	most       uint64
	data       []byte
}

// wholeBits is the width at which codes are the values themselves.
const wholeBits = 64

// encode makes a vec of values; its data is appended to out, which is returned.
func encode(values []int64, out []byte) (vec, []byte) {
	v := vec{step: 1}
	v.low, v.high, v.hasMissing = extent(values)
	if v.low > v.high { // nothing at all
		v.base, v.step = missing, 0
		return v, out
	}
	spread := uint64(v.high) - uint64(v.low)
	if spread > math.MaxInt64/2 {
		v.bits, v.base = wholeBits, 0
		return v, v.put(values, out)
	}
	v.step = divisor(values, v.low)
	v.base = v.low
	v.most = spread / uint64(v.step)
	if v.hasMissing {
		v.base -= v.step
		v.most++
	}
	v.bits = width(v.most)
	if v.bits == wholeBits {
		v.base, v.step, v.most = 0, 1, 0
	}
	return v, v.put(values, out)
}

// constantVec is what encode makes of values that are all x.
func constantVec(x int64) vec {
	if x == missing {
		return vec{hasMissing: true, base: missing, low: math.MaxInt64, high: math.MinInt64}
	}
	return vec{step: 1, base: x, low: x, high: x}
}

// extent finds the least and the greatest value present, and whether any is
// missing, which is less than all that are present.
func extent(values []int64) (low, high int64, hasMissing bool) {
	low, high = math.MaxInt64, math.MinInt64
	for _, x := range values {
		if x > high {
			high = x
		}
		if x < low {
			if x == missing {
				hasMissing = true
				continue
			}
			low = x
		}
	}
	return low, high, hasMissing
}

// width is the narrowest code that holds n.
func width(n uint64) uint8 {
	switch {
	case n == 0:
		return 0
	case n < 2:
		return 1
	case n < 4:
		return 2
	case n < 16:
		return 4
	case n < 1<<8:
		return 8
	case n < 1<<16:
		return 16
	case n < 1<<32:
		return 32
	}
	return wholeBits
}

// divisor is the greatest common divisor of the distances from low: times to
// the minute and amounts of thousands need far fewer bits.
func divisor(values []int64, low int64) int64 {
	var g uint64
	var by exact
	for _, x := range values {
		if x == missing {
			continue
		}
		d := uint64(x - low)
		if g != 0 && by.divides(d) {
			continue
		}
		for d != 0 {
			g, d = d, g%d
		}
		if g == 1 {
			break
		}
		by = exactBy(g)
	}
	if g == 0 {
		return 1
	}
	return int64(g) //nolint:gosec // a distance, below 2^62
}

// exact divides numbers that are known to be multiples, and finds out whether
// they are, by multiplying with the inverse of the divisor modulo 2^64 (Warren,
// Hacker's Delight, 10-16 and 10-17): a division takes ten times as long.
type exact struct {
	inverse uint64 // of the odd part
	shift   int
	most    uint64
}

func exactBy(d uint64) exact {
	if d == 0 {
		return exact{}
	}
	e := exact{shift: bits.TrailingZeros64(d), most: math.MaxUint64 / d}
	odd := d >> e.shift
	e.inverse = odd // right in three bits; each round doubles them
	for range 5 {
		e.inverse *= 2 - odd*e.inverse
	}
	return e
}

func (e exact) divides(n uint64) bool {
	return bits.RotateLeft64(n*e.inverse, -e.shift) <= e.most
}

func (e exact) quotient(n uint64) uint64 { return n >> e.shift * e.inverse }

// put appends the codes of values to out, begun at a multiple of eight.
func (v *vec) put(values []int64, out []byte) []byte {
	if v.bits == 0 {
		return out
	}
	for len(out)%8 != 0 {
		out = append(out, 0)
	}
	begin := len(out)
	size := (len(values)*int(v.bits) + 7) / 8
	out = append(out, make([]byte, size)...)
	data := out[begin:]
	switch v.bits {
	case 8:
		putCodes(v, values, data)
	case 16:
		putCodes(v, values, cast[uint16](data))
	case 32:
		putCodes(v, values, cast[uint32](data))
	case wholeBits:
		copy(cast[int64](data), values)
	default:
		v.pack(values, data)
	}
	v.data = data
	return out
}

// pack lays codes of 1, 2 or 4 bits side by side, the first lowest.
func (v *vec) pack(values []int64, to []byte) {
	var room [8 * 128]uint8
	per, shift := 8/int(v.bits), uint(v.bits)
	for len(values) > 0 {
		codes := room[:min(len(values), len(room))]
		putCodes(v, values[:len(codes)], codes)
		values = values[len(codes):]
		for len(codes) >= per {
			var b uint8
			for i := per - 1; i >= 0; i-- {
				b = b<<shift | codes[i]
			}
			to[0], to, codes = b, to[1:], codes[per:]
		}
		for i, c := range codes { // the last byte is not full
			to[0] |= c << (uint(i) * shift) //nolint:gosec // i is below 8
		}
	}
}

func putCodes[T uint8 | uint16 | uint32](v *vec, values []int64, to []T) {
	if v.step == 1 && !v.hasMissing {
		for i, x := range values {
			to[i] = T(x - v.base) //nolint:gosec // fits by width
		}
		return
	}
	by := exactBy(uint64(v.step)) //nolint:gosec // a step is positive
	for i, x := range values {
		if x == missing {
			to[i] = 0
			continue
		}
		to[i] = T(by.quotient(uint64(x - v.base))) //nolint:gosec // fits by width
	}
}

// value is what a code stands for.
func (v *vec) value(code uint64) int64 {
	if v.bits == wholeBits {
		return int64(code) //nolint:gosec // the bits of the value
	}
	if v.hasMissing && code == 0 {
		return missing
	}
	return v.base + v.step*int64(code) //nolint:gosec // below 2^32
}

// cast reads bytes as numbers of another width, in the machine's order.
func cast[T any](data []byte) []T {
	var one T
	n := len(data) / int(unsafe.Sizeof(one))
	if n == 0 {
		return nil
	}
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(data))), n)
}

// size is how many bytes of data n codes take.
func (v *vec) size(n int) int { return (n*int(v.bits) + 7) / 8 }

// at is one value.
func (v *vec) at(i int) int64 {
	switch v.bits {
	case 0:
		return v.constant()
	case 8:
		return v.value(uint64(v.data[i]))
	case 16:
		return v.value(uint64(cast[uint16](v.data)[i]))
	case 32:
		return v.value(uint64(cast[uint32](v.data)[i]))
	case wholeBits:
		return cast[int64](v.data)[i]
	}
	per := 8 / int(v.bits)
	return v.value(uint64(v.data[i/per]>>((i%per)*int(v.bits))) & (1<<v.bits - 1))
}

// constant is the one value of a vec without codes.
func (v *vec) constant() int64 {
	if v.low > v.high {
		return missing
	}
	return v.base
}

// bytes gives the codes lo…hi of a vec of at most 8 bits as bytes: index i of
// the answer is row i. buffer has room for all rows.
func (v *vec) bytes(buffer []byte, lo, hi int) []byte {
	if v.bits == 8 {
		return v.data
	}
	switch v.bits {
	case 1:
		unpack(v.data, buffer, lo, hi, 1)
	case 2:
		unpack(v.data, buffer, lo, hi, 2)
	case 4:
		unpack(v.data, buffer, lo, hi, 4)
	}
	return buffer
}

func unpack(data, to []byte, lo, hi int, width uint) {
	per := int(8 / width)
	mask := byte(1<<width - 1)
	first, last := lo/per, (hi+per-1)/per
	spread := spreads[width]
	whole := min(last, len(to)/per)
	for i := first; i < whole; i++ {
		// One look-up spreads all codes of a byte over a word.
		word := spread[data[i]]
		switch width {
		case 1:
			*(*uint64)(unsafe.Pointer(&to[i*8])) = word
		case 2:
			*(*uint32)(unsafe.Pointer(&to[i*4])) = uint32(word) //nolint:gosec // four codes
		default:
			*(*uint16)(unsafe.Pointer(&to[i*2])) = uint16(word) //nolint:gosec // two codes
		}
	}
	for i := max(whole*per, first*per); i < min(hi, len(to)); i++ {
		to[i] = data[i/per] >> (uint(i%per) * width) & mask
	}
}

// spreads holds, for widths of 1, 2 and 4 bits, the codes of each byte as bytes.
var spreads = func() (out [5][256]uint64) {
	for _, width := range []uint{1, 2, 4} {
		for b := range 256 {
			var word uint64
			for i := range 8 / width {
				word |= uint64(byte(b)>>(i*width)&(1<<width-1)) << (8 * i)
			}
			out[width][b] = word
		}
	}
	return out
}()

// decode writes the values lo…hi of a vec to the same places of to.
func (v *vec) decode(to []int64, buffer []byte, lo, hi int) {
	switch v.bits {
	case 0:
		x := v.constant()
		for i := lo; i < hi; i++ {
			to[i] = x
		}
	case 16:
		decodeCodes(v, cast[uint16](v.data), to, lo, hi)
	case 32:
		decodeCodes(v, cast[uint32](v.data), to, lo, hi)
	case wholeBits:
		copy(to[lo:hi], cast[int64](v.data)[lo:hi])
	default:
		decodeCodes(v, v.bytes(buffer, lo, hi), to, lo, hi)
	}
}

func decodeCodes[T uint8 | uint16 | uint32](v *vec, codes []T, to []int64, lo, hi int) {
	base, step := v.base, v.step
	if v.hasMissing {
		for i := lo; i < hi; i++ {
			x := base + step*int64(codes[i])
			if codes[i] == 0 {
				x = missing
			}
			to[i] = x
		}
		return
	}
	part := to[lo:hi]
	for i, c := range codes[lo:hi] {
		part[i] = base + step*int64(c)
	}
}
