// SPDX-License-Identifier: Apache-2.0

package inbound

import (
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

func TestSanitised(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ in, want string }{
		{`<p style="color:red" onclick="x()">안녕 <b>하세요</b></p>`, `<p style="color:red">안녕 <b>하세요</b></p>`},
		{`<script>alert(1)</script>본문`, `본문`},
		{`<SCRIPT SRC=http://x></SCRIPT><img src=x onerror=alert(1)>`, `<img>`},
		{
			`<a href="javascript:alert(1)">a</a><a href=" https://shop.kr/?a=1&amp;b=2">b</a>`,
			`<a rel="noopener noreferrer nofollow" target="_blank">a</a><a href=" https://shop.kr/?a=1&amp;b=2" rel="noopener noreferrer nofollow" target="_blank">b</a>`,
		},
		{`<div style="background:url(https://spy.kr/x.gif)">x</div>`, `<div>x</div>`},
		{`<div style="position:fixed;top:0">x</div>`, `<div>x</div>`},
		{`<form action="https://evil"><input name=pw><button>go</button></form>after`, `after`},
		{`<iframe src="https://evil"></iframe><svg><script>1</script></svg>x`, `x`},
		{`</div></body></html>text<b>open`, `text<b>open</b>`},
		{`<img src="cid:logo%40x"><img src="cid:none"><img src="data:image/svg+xml;base64,AAAA">`, `<img src="data:image/png;base64,AQI="><img><img>`},
		{`<svg><svg></svg><b>in</b></svg>out`, `out`},
	} {
		m := Message{HTML: row.in, Attachments: []Attachment{{Type: "image/png", ContentID: "logo@x", Content: []byte{1, 2}}}}
		if got := m.Sanitised(); got != row.want {
			t.Errorf("%s\n got %s\nwant %s", row.in, got, row.want)
		}
	}
}

var runs = regexp.MustCompile(`(?i)^on|^srcdoc$|^formaction$|^action$`)

// Whatever comes in, what goes out holds only allowed elements and attributes, and is
// the same when it is sanitised again.
func FuzzSanitise(f *testing.F) {
	for _, seed := range []string{`<p onload=x>`, `<<script>script>alert(1)</script>`, `<a href="java&#10;script:x">`, `<!--><img src=x onerror=y>-->`, `<style><img src=x></style>`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, source string) {
		out := sanitise(source, nil)
		tokens := html.NewTokenizer(strings.NewReader(out))
		for {
			kind := tokens.Next()
			if kind == html.ErrorToken {
				break
			}
			token := tokens.Token()
			if kind == html.TextToken {
				continue
			}
			if !keptElements[token.Data] {
				t.Fatalf("%q leaves <%s> in %q", source, token.Data, out)
			}
			for _, a := range token.Attr {
				if runs.MatchString(a.Key) || strings.HasPrefix(strings.ToLower(strings.TrimSpace(a.Val)), "javascript:") {
					t.Fatalf("%q leaves %s=%q", source, a.Key, a.Val)
				}
			}
		}
	})
}
