// SPDX-License-Identifier: Apache-2.0

package mail

import (
	"bytes"
	"encoding/base64"
	"math/rand/v2"
	"mime"
	"strings"
	"testing"
)

// A part built from kept base64 reads the same as the part itself, whatever
// lengths of literals and values meet.
func TestEncodedPartsReadTheSame(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(7, 9))
	piece := func(most int) string { return strings.Repeat("가나다 abc.\n", 1+most/12)[:random.IntN(most+1)] }
	for range 2000 {
		var source strings.Builder
		for range random.IntN(6) {
			source.WriteString(piece(400) + "{{name}}")
		}
		source.WriteString(piece(500))
		p, err := parseText(strings.ToValidUTF8(source.String(), ""), plainText)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.ToValidUTF8(piece(200), "")
		values := func(string) (Value, bool) { return Value{Text: name}, true }
		var w writer
		if err := w.run(p, values); err != nil {
			t.Fatal(err)
		}
		want := bytes.Clone(w.out)
		p.precode()
		coded, err := w.encode([]byte("before\r\n"), p, values)
		if err != nil {
			t.Fatal(err)
		}
		body := bytes.TrimPrefix(coded, []byte("before\r\n"))
		for _, line := range strings.Split(strings.TrimSuffix(string(body), "\r\n"), "\r\n") {
			if len(line) > 76 || (line == "" && len(want) > 0) {
				t.Fatalf("line of %d characters", len(line))
			}
		}
		got, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(string(body), "\r\n", ""))
		if err != nil || !bytes.Equal(got, want) {
			t.Fatalf("%q is read as %q (%v)", want, got, err)
		}
	}
}

func FuzzEncodeHeader(f *testing.F) {
	for _, seed := range []string{"plain", "가을 신상품이 왔습니다, 지금 만나 보세요 — 한국상사", "a\r\nBcc: x@y", "=?utf-8?q?x?=", strings.Repeat("각", 100), "\xff\xfe"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := encodeHeader(text)
		for _, line := range strings.Split(got, "\r\n ") {
			if strings.ContainsAny(line, "\r\n") || (line != text && len(line) > 75) {
				t.Fatalf("%q becomes %q", text, got)
			}
		}
		if text != strings.ToValidUTF8(text, "") || strings.ContainsAny(text, "\r\n\x00") {
			return
		}
		if back, err := new(mime.WordDecoder).DecodeHeader(got); err != nil || back != text {
			t.Fatalf("%q comes back as %q (%v)", text, back, err)
		}
	})
}
