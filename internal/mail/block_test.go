// SPDX-License-Identifier: Apache-2.0

package mail

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-message"

	"dangol/internal/consent"
	"dangol/internal/platform/fault"
)

// write renders a text template with values.
func write(t *testing.T, source string, values Profile) string {
	t.Helper()
	p, err := parseText(source, plainText)
	if err != nil {
		t.Fatalf("%s: %v", source, err)
	}
	w := &writer{}
	if err := w.run(p, valuesOf(values, Profile{}, nil)); err != nil {
		t.Fatal(err)
	}
	return string(w.out)
}

func TestConditionsAndLists(t *testing.T) {
	t.Parallel()
	items := `[{"name":"쌀","quantity":2},{"name":"기름","quantity":1}]`
	for source, want := range map[string]string{
		`{{#if grade}}등급 {{grade}}{{else}}없음{{/if}}`:                                                       "등급 VIP",
		`{{#if branch}}지점{{else}}없음{{/if}}`:                                                                "없음",
		`{{#if grade == "VIP" and points >= 1000}}큰 손님{{/if}}`:                                             "큰 손님",
		`{{#if grade == "GOLD" or points < 1000}}x{{else}}y{{/if}}`:                                        "y",
		`{{#unless grade == "VIP" and points >= 1000}}x{{else}}y{{/unless}}`:                               "y",
		`{{#unless branch}}지점 없음{{/unless}}`:                                                               "지점 없음",
		`{{#if points < 900}}less{{else}}{{#if points < 2000}}between{{/if}}{{/if}}`:                       "between",
		`{{#if branch < 5}}x{{else}}nothing is not less{{/if}}`:                                            "nothing is not less",
		`{{#each order.items}}{{item.position}}.{{item.name}}{{josa "을/를"}} {{item.quantity}}개 {{/each}}끝`: "1.쌀을 2개 2.기름을 1개 끝",
		`{{#each order.items}}{{#if item.quantity > 1}}{{item.name}}{{/if}}{{/each}}`:                      "쌀",
		`{{#each value.none}}x{{/each}}끝`:                                                                  "끝",
		`{{#each order.items}}{{#each order.items}}{{item.name}}{{/each}}|{{/each}}`:                       "쌀기름|쌀기름|",
		`{{#if order.items}}있다{{/if}}`:                                                                     "있다",
	} {
		if got := write(t, source, Profile{"grade": "VIP", "points": "1200", "order.items": items}); got != want {
			t.Errorf("%s: %q, want %q", source, got, want)
		}
	}
	for _, source := range []string{
		`{{#if grade}}`, `{{/if}}`, `{{#if}}x{{/if}}`, `{{#each a}}{{/if}}`, `{{else}}`, `{{#if a}}{{#each b}}{{/if}}{{/each}}`, `{{item.name}}`,
		`{{#if a == b}}x{{/if}}`, `{{#if a and b or c}}x{{/if}}`, `{{#loop a}}`, `{{#each a}}{{else}}{{/each}}`, `{{#if item.a}}x{{/if}}`,
	} {
		if _, err := parseText(source, plainText); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s is taken: %v", source, err)
		}
	}
}

func TestBlocksStandBetweenTags(t *testing.T) {
	t.Parallel()
	for source, isGood := range map[string]bool{
		`<p>{{#if grade}}<b>{{grade}}</b>{{/if}}</p>`:                true,
		`<a href="https://x.kr/{{#if a}}b{{/if}}">x</a>`:             false,
		`<p {{#if a}}class="b"{{/if}}>x</p>`:                         false,
		`{{#each order.items}}<img src="{{item.picture}}">{{/each}}`: true,
	} {
		if _, err := parseHTML(source); (err == nil) != isGood {
			t.Errorf("%s: %v", source, err)
		}
	}
}

// TestGivenAddressesAreChecked: a value that fills a whole address must not run anything.
func TestGivenAddressesAreChecked(t *testing.T) {
	t.Parallel()
	p, err := parseHTML(`<a href="{{value.link}}">x</a>`)
	if err != nil {
		t.Fatal(err)
	}
	for value, want := range map[string]string{
		"https://x.kr/a?b=1&c=2": `<a href="https://x.kr/a?b=1&amp;c=2">x</a>`, "javascript:alert(1)": `<a href="">x</a>`, " java\tscript:x": `<a href="">x</a>`,
	} {
		w := &writer{}
		if err := w.run(p, valuesOf(Profile{"value.link": value}, Profile{}, nil)); err != nil || string(w.out) != want {
			t.Errorf("%s: %s %v", value, w.out, err)
		}
	}
}

// TestFilesOfAMessage reads a message with pictures and attachments back with another library.
func TestFilesOfAMessage(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("가을 신상품 안내서 ", 8) + ".pdf"
	l, err := Compile(Version{Subject: "안내", HTML: `<p>{{#if grade}}{{grade}}{{/if}}</p><img src="cid:a@dangol">`, Missing: MissingSkip}, LetterOptions{
		Class: consent.Informational, Sender: company, Keys: NewKeys([]Key{{ID: 1, Secret: make([]byte, 32)}}), Catalogue: fixedFields,
		Images: []File{NewFile("a.png", "image/png", "a@dangol", []byte("png"))},
		Files:  []File{NewFile(long, "application/pdf", "", []byte("%PDF-")), NewFile("plain.txt", "text/plain", "", bytes.Repeat([]byte("x"), 500))},
	})
	if err != nil {
		t.Fatal(err)
	}
	raw, err := l.Build(nil, Target{To: "a@x.kr", At: time.Unix(0, 0), Profile: Profile{"grade": "VIP"}, MessageID: "d1.00@x.kr"})
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(string(raw), "\r\n") {
		if len(line) > 78 && !strings.HasPrefix(line, "Message-ID") {
			t.Errorf("a line of %d: %s", len(line), line)
		}
	}
	entity, err := message.Read(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	var kinds []string
	names := map[string]int{}
	err = entity.Walk(func(_ []int, part *message.Entity, err error) error {
		kind, _, _ := part.Header.ContentType()
		kinds = append(kinds, kind)
		if _, params, err := part.Header.ContentDisposition(); err == nil {
			names[params["filename"]]++
		}
		return err
	})
	want := "multipart/mixed multipart/alternative text/plain multipart/related text/html image/png application/pdf text/plain"
	if got := strings.Join(kinds, " "); err != nil || got != want {
		t.Errorf("parts %s, want %s: %v", got, want, err)
	}
	if names[strings.TrimSpace(long)] != 1 || names["plain.txt"] != 1 || names["a.png"] != 1 {
		t.Errorf("names %v", names)
	}
	if got := entity.Header.Get("Message-Id"); got != "<d1.00@x.kr>" {
		t.Error(got)
	}
}
