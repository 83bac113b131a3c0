// SPDX-License-Identifier: Apache-2.0

package mail

import (
	"strconv"
	"strings"
)

// File is a picture or an attachment of a message.
type File struct {
	Name string
	Type string // media type
	// ContentID is what the text calls a picture by (cid:); empty is an attachment.
	ContentID string
	coded     []byte
}

// NewFile makes a file; its content is kept as it goes out.
func NewFile(name, mediaType, contentID string, content []byte) File {
	return File{Name: name, Type: mediaType, ContentID: contentID, coded: appendBase64(nil, content)}
}

// appendTo writes the file as a part of a message.
func (f File) appendTo(dst []byte) []byte {
	kind := f.Type
	if kind == "" || strings.ContainsAny(kind, "\r\n;\"") {
		kind = "application/octet-stream"
	}
	how := "attachment"
	if f.ContentID != "" {
		how = "inline"
	}
	dst = append(append(append(dst, "Content-Type: "...), kind...), "\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: "...)
	dst = appendFileName(append(dst, how...), f.Name)
	if f.ContentID != "" {
		dst = append(append(append(dst, "\r\nContent-ID: <"...), f.ContentID...), '>')
	}
	return append(append(dst, "\r\n\r\n"...), f.coded...)
}

// segmentBytes is how much of a name stands in one line; with the parameter's own
// name it stays within the 78 characters that RFC 5322 2.1.1 asks for.
const segmentBytes = 54

// appendFileName writes a file name as RFC 2231 asks: percent-encoded UTF-8, and in
// numbered pieces when it is long, because a line must not be.
func appendFileName(dst []byte, name string) []byte {
	name = clean(name, oneLine)
	isPlain := name != ""
	for i := range len(name) {
		c := name[i]
		isPlain = isPlain && c > ' ' && c < 0x7f && c != '"' && c != '\\'
	}
	if isPlain && len(name) <= segmentBytes {
		return append(append(append(dst, ";\r\n filename=\""...), name...), '"')
	}
	pieces := [][]byte{nil}
	for i := 0; i < len(name); i++ {
		piece := &pieces[len(pieces)-1]
		if len(*piece)+3 > segmentBytes {
			pieces = append(pieces, nil)
			piece = &pieces[len(pieces)-1]
		}
		if c := name[i]; isLetter(c) || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' {
			*piece = append(*piece, c)
		} else {
			*piece = append(*piece, '%', hexDigits[c>>4], hexDigits[c&15])
		}
	}
	if len(pieces) == 1 {
		return append(append(dst, ";\r\n filename*=utf-8''"...), pieces[0]...)
	}
	for i, piece := range pieces {
		dst = strconv.AppendInt(append(dst, ";\r\n filename*"...), int64(i), 10)
		if dst = append(dst, "*="...); i == 0 {
			dst = append(dst, "utf-8''"...)
		}
		dst = append(dst, piece...)
	}
	return dst
}

func openParts(dst []byte, kind, boundary string) []byte {
	dst = append(append(append(dst, "Content-Type: multipart/"...), kind...), ";\r\n boundary=\""...)
	return append(append(dst, boundary...), "\"\r\n\r\n"...)
}

func nextPart(dst []byte, boundary string) []byte {
	return append(append(append(dst, "--"...), boundary...), "\r\n"...)
}

func closeParts(dst []byte, boundary string) []byte {
	return append(append(append(dst, "--"...), boundary...), "--\r\n"...)
}
