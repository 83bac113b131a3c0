// SPDX-License-Identifier: Apache-2.0

package tabular

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
	"unsafe"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/unicode"
)

// errNoText is about pictures, workbooks and the like.
var errNoText = errors.New("this is no text: CSV, gzip CSV and Parquet can be read")

// decode turns the bytes of a file into text and names the encoding.
func decode(raw []byte, wanted string) (string, string, error) {
	name := strings.ToLower(strings.NewReplacer("_", "-", " ", "").Replace(wanted))
	switch name {
	case "":
		name = recognise(raw)
	case "utf8":
		name = "utf-8"
	case "euc-kr", "euckr", "ms949", "windows-949", "uhc":
		name = "cp949"
	case "utf-16", "utf16", "utf16le":
		name = "utf-16le"
	}
	raw = bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
	var decoder encoding.Encoding
	switch name {
	case "utf-8":
		if bytes.IndexByte(raw, 0) >= 0 {
			return "", "", errNoText
		}
		return unsafe.String(unsafe.SliceData(raw), len(raw)), name, nil // raw is ours alone and never written again
	case "cp949":
		decoder = korean.EUCKR // the superset CP949
	case "utf-16le":
		decoder = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case "utf-16be":
		decoder = unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	default:
		return "", "", fmt.Errorf("%s is no encoding that can be read; choose utf-8, cp949, utf-16le or utf-16be", wanted)
	}
	if name == "cp949" && bytes.IndexByte(raw, 0) >= 0 {
		return "", "", errNoText
	}
	text, err := decoder.NewDecoder().Bytes(raw)
	if err != nil {
		return "", "", errors.New("the letters are neither UTF-8 nor " + name)
	}
	return string(text), name, nil
}

// recognise tells the encoding from the first bytes, or from all of them when
// no mark stands there: a name in CP949 may come late.
func recognise(raw []byte) string {
	switch {
	case bytes.HasPrefix(raw, []byte{0xff, 0xfe}):
		return "utf-16le"
	case bytes.HasPrefix(raw, []byte{0xfe, 0xff}):
		return "utf-16be"
	case len(raw) >= 4 && raw[1] == 0 && raw[3] == 0 && raw[0] != 0 && raw[2] != 0:
		return "utf-16le"
	case len(raw) >= 4 && raw[0] == 0 && raw[2] == 0 && raw[1] != 0 && raw[3] != 0:
		return "utf-16be"
	case utf8.Valid(raw):
		return "utf-8"
	}
	return "cp949"
}
