// SPDX-License-Identifier: Apache-2.0

package dkim

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

const letter = "From: =?utf-8?b?64uo6rOo?= <news@shop.kr>\r\nTo: <c1@x.kr>\r\nSubject: =?utf-8?b?6rCA7J2E?=\r\n" +
	"Date: Mon, 30 Nov 2026 09:00:00 +0900\r\nMessage-ID: <1@shop.kr>\r\nList-Unsubscribe: <https://shop.kr/u/1>\r\n" +
	"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"

func keys(t testing.TB, algorithms ...string) ([]Key, map[string]string) {
	t.Helper()
	var list []Key
	records := map[string]string{}
	for i, algorithm := range algorithms {
		private, err := Generate(algorithm)
		if err != nil {
			t.Fatal(err)
		}
		k, err := Parse("Shop.kr", fmt.Sprintf("s%d", i), private)
		if err != nil {
			t.Fatal(err)
		}
		if records[k.Name()], err = k.Record(); err != nil {
			t.Fatal(err)
		}
		list = append(list, k)
	}
	return list, records
}

// Both signatures verify with what stands in the DNS, and break with the message.
func TestSignaturesHold(t *testing.T) {
	t.Parallel()
	list, records := keys(t, RSA, Ed25519)
	message := []byte(letter + strings.Repeat("안녕하세요\r\n", 50))
	head, err := NewSigner(list).Sign("news@shop.kr", message)
	if err != nil {
		t.Fatal(err)
	}
	lookup := func(name string) ([]string, error) { return []string{records[name]}, nil }
	cases := map[string]struct {
		change func([]byte) []byte
		isGood bool
	}{
		"as sent":        {func(b []byte) []byte { return b }, true},
		"another text":   {func(b []byte) []byte { return bytes.Replace(b, []byte("안녕"), []byte("돈을"), 1) }, false},
		"another sender": {func(b []byte) []byte { return bytes.Replace(b, []byte("<news@"), []byte("<boss@"), 1) }, false},
		"second subject": {func(b []byte) []byte { return bytes.Replace(b, []byte("Date:"), []byte("Subject: x\r\nDate:"), 1) }, false},
		"no unsubscribe": {func(b []byte) []byte { return bytes.Replace(b, []byte("List-Unsubscribe:"), []byte("X-List:"), 1) }, false},
	}
	for name, c := range cases {
		verdicts, err := Verify(append(bytes.Clone(head), c.change(message)...), lookup)
		if err != nil || len(verdicts) != 2 {
			t.Fatalf("%s: %v %v", name, verdicts, err)
		}
		for _, v := range verdicts {
			if (v.Err == nil) != c.isGood {
				t.Errorf("%s: %v", name, v.Err)
			}
		}
	}
	if none, err := NewSigner(list).Sign("news@other.kr", message); err != nil || len(none) > 0 {
		t.Errorf("signed for a domain without key: %s %v", none, err)
	}
}

func BenchmarkDKIM(b *testing.B) {
	message := []byte(letter + strings.Repeat(strings.Repeat("A", 76)+"\r\n", 120))
	for _, algorithm := range []string{RSA, Ed25519} {
		b.Run(algorithm, func(b *testing.B) {
			list, _ := keys(b, algorithm)
			signer := NewSigner(list)
			for b.Loop() {
				if _, err := signer.Sign("news@shop.kr", message); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
