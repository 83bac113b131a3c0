// SPDX-License-Identifier: Apache-2.0

package reader

import (
	"bytes"
	"encoding/binary"
	"io"
	"strings"
	"sync"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/korean"

	"dangol/internal/platform/fault"
)

// cp949Table maps the two bytes of a CP949 character to its code point, 0 when there is none.
type cp949Table [(0xFF - 0x81) * (0xFF - 0x41)]uint16

const (
	cp949Low   = 0x81
	cp949Trail = 0x41
	cp949Width = 0xFF - cp949Trail
)

// cp949 is made once, when the first such file is read: korean.EUCKR is the superset CP949 (F-HAN-8).
var cp949 = sync.OnceValue(func() *cp949Table {
	table := new(cp949Table)
	decoder := korean.EUCKR.NewDecoder()
	var out [8]byte
	for lead := cp949Low; lead < 0xFF; lead++ {
		for trail := cp949Trail; trail < 0xFF; trail++ {
			decoder.Reset()
			n, used, err := decoder.Transform(out[:], []byte{byte(lead), byte(trail)}, true)
			r, size := utf8.DecodeRune(out[:n])
			if err == nil && used == 2 && size == n && r != utf8.RuneError && r >= 0x80 {
				table[(lead-cp949Low)*cp949Width+trail-cp949Trail] = uint16(r)
			}
		}
	}
	return table
})

// appendCP949 appends the decoded text to dst; what is no CP949 becomes U+FFFD.
func (t *cp949Table) append(dst, src []byte) []byte {
	for i := 0; i < len(src); {
		c := src[i]
		if c < 0x80 {
			dst = append(dst, c)
			i++
			continue
		}
		if r := t.at(src, i); r != 0 {
			dst = utf8.AppendRune(dst, rune(r))
			i += 2
			continue
		}
		dst = utf8.AppendRune(dst, utf8.RuneError)
		i++
	}
	return dst
}

func (t *cp949Table) at(src []byte, i int) uint16 {
	if i+1 >= len(src) || src[i] < cp949Low || src[i] == 0xFF || src[i+1] < cp949Trail || src[i+1] == 0xFF {
		return 0
	}
	return t[(int(src[i])-cp949Low)*cp949Width+int(src[i+1])-cp949Trail]
}

// isValid counts characters of two bytes and what is no CP949, leaving a character cut off at the end out.
func (t *cp949Table) count(src []byte) (good, bad int) {
	for i := 0; i < len(src); {
		switch {
		case src[i] < 0x80:
			i++
		case t.at(src, i) != 0:
			good++
			i += 2
		case i == len(src)-1:
			i++
		default:
			bad++
			i++
		}
	}
	return good, bad
}

// encodingOf accepts the names under which people know the encodings.
func encodingOf(name string) (string, error) {
	switch strings.ToLower(strings.NewReplacer("_", "-", " ", "").Replace(name)) {
	case "":
		return "", nil
	case "utf-8", "utf8", "utf-8-sig", "utf-8-bom":
		return UTF8, nil
	case "utf-16", "utf-16le", "utf16", "utf16le", "unicode":
		return UTF16LE, nil
	case "utf-16be", "utf16be":
		return UTF16BE, nil
	case "cp949", "euc-kr", "euckr", "ms949", "windows-949", "ks-c-5601-1987", "uhc", "ansi", "ksc5601":
		return CP949, nil
	}
	return "", fault.New(fault.Invalid, "file.encoding_name", "{encoding} is no encoding that can be read; choose utf-8, cp949, utf-16le or utf-16be.", "encoding", name)
}

const (
	sniffBytes    = 64 << 10
	longestSearch = 512 << 20 // how far the first character beyond ASCII is looked for
)

var (
	bomUTF8    = []byte{0xEF, 0xBB, 0xBF}
	bomUTF16LE = []byte{0xFF, 0xFE}
	bomUTF16BE = []byte{0xFE, 0xFF}
)

// detected is what detectEncoding found.
type detected struct {
	encoding string
	bom      int  // bytes of the mark at the beginning
	doubtful bool // neither encoding fits without errors
}

// detectEncoding follows F-HAN-10: marks, then UTF-8 when valid, then CP949. head is the beginning of the text;
// when it is plain ASCII, rest is read on until other characters come.
func detectEncoding(head []byte, rest io.Reader) detected {
	switch {
	case bytes.HasPrefix(head, bomUTF8):
		return detected{encoding: UTF8, bom: len(bomUTF8)}
	case bytes.HasPrefix(head, bomUTF16LE):
		return detected{encoding: UTF16LE, bom: len(bomUTF16LE)}
	case bytes.HasPrefix(head, bomUTF16BE):
		return detected{encoding: UTF16BE, bom: len(bomUTF16BE)}
	}
	if encoding := utf16WithoutMark(head); encoding != "" {
		return detected{encoding: encoding}
	}
	if isASCII(head) {
		head = beyondASCII(rest)
	}
	return judgeEncoding(head)
}

func judgeEncoding(text []byte) detected {
	good, bad := countUTF8(text)
	if bad == 0 {
		return detected{encoding: UTF8}
	}
	hangul, wrong := cp949().count(text)
	switch {
	case wrong == 0:
		return detected{encoding: CP949}
	case bad*20 < good: // a few damaged characters do not make it another encoding
		return detected{encoding: UTF8, doubtful: true}
	case wrong*20 < hangul:
		return detected{encoding: CP949, doubtful: true}
	case good > hangul:
		return detected{encoding: UTF8, doubtful: true}
	}
	return detected{encoding: CP949, doubtful: true}
}

// countUTF8 counts characters beyond ASCII and wrong bytes, leaving a character cut off at the end out.
func countUTF8(text []byte) (good, bad int) {
	for i := 0; i < len(text); {
		if text[i] < 0x80 {
			i++
			continue
		}
		r, size := utf8.DecodeRune(text[i:])
		switch {
		case r != utf8.RuneError || size > 1:
			good++
		case len(text)-i < utf8.UTFMax && !utf8.FullRune(text[i:]):
			return good, bad
		default:
			bad++
		}
		i += size
	}
	return good, bad
}

func isASCII(b []byte) bool {
	for len(b) >= 8 {
		if binary.LittleEndian.Uint64(b)&0x8080808080808080 != 0 {
			return false
		}
		b = b[8:]
	}
	for _, c := range b {
		if c >= 0x80 {
			return false
		}
	}
	return true
}

// beyondASCII reads on to the first chunk that is not plain ASCII and returns it, nil when there is none.
func beyondASCII(r io.Reader) []byte {
	if r == nil {
		return nil
	}
	chunk := make([]byte, 256<<10)
	for total := 0; total < longestSearch; {
		n, err := io.ReadFull(r, chunk)
		if !isASCII(chunk[:n]) {
			i := 0
			for chunk[i] < 0x80 {
				i++
			}
			return chunk[i:n]
		}
		if err != nil {
			return nil
		}
		total += n
	}
	return nil
}

// utf16WithoutMark tells UTF-16 by the zero bytes that stand on one side of line ends, delimiters and digits.
func utf16WithoutMark(head []byte) string {
	const enough = 0.9
	var plain, little, big int // ASCII marks, and those with a zero behind or before them
	for i, c := range head {
		if c != '\n' && c != '\r' && c != ',' && c != '\t' && c != ';' && (c < '0' || c > '9') {
			continue
		}
		plain++
		if i%2 == 0 && i+1 < len(head) && head[i+1] == 0 {
			little++
		}
		if i%2 == 1 && head[i-1] == 0 {
			big++
		}
	}
	switch {
	case plain < 2:
		return ""
	case float64(little) >= enough*float64(plain):
		return UTF16LE
	case float64(big) >= enough*float64(plain):
		return UTF16BE
	}
	return ""
}

// utf16Reader turns UTF-16 into UTF-8.
type utf16Reader struct {
	r     io.Reader
	order binary.ByteOrder
	in    [8 << 10]byte
	held  int // bytes in in that wait for their other half
	out   []byte
	at    int
	err   error
}

func (u *utf16Reader) Read(p []byte) (int, error) {
	for u.at == len(u.out) {
		if u.err != nil {
			return 0, u.err
		}
		u.fill()
	}
	n := copy(p, u.out[u.at:])
	u.at += n
	return n, nil
}

func (u *utf16Reader) fill() {
	n, err := u.r.Read(u.in[u.held:])
	n += u.held
	u.out, u.at, u.err = u.out[:0], 0, err
	i := 0
	for ; i+1 < n; i += 2 {
		r := rune(u.order.Uint16(u.in[i:]))
		if utf16.IsSurrogate(r) {
			if i+3 >= n && err == nil {
				break
			}
			if i+3 < n {
				if pair := utf16.DecodeRune(r, rune(u.order.Uint16(u.in[i+2:]))); pair != utf8.RuneError {
					r = pair
					i += 2
				}
			}
		}
		u.out = utf8.AppendRune(u.out, r)
	}
	u.held = copy(u.in[:], u.in[i:n])
	if err != nil && u.held > 0 {
		u.out = utf8.AppendRune(u.out, utf8.RuneError)
		u.held = 0
	}
}
