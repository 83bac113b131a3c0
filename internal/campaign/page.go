// SPDX-License-Identifier: Apache-2.0

package campaign

import (
	"bytes"
	"html/template"

	"dangol/internal/dataquality"
)

func maskAddress(address string) string {
	if address == "" {
		return ""
	}
	return dataquality.MaskEmail(address)
}

// words of the public pages.
var words = map[string]map[string]string{
	"ko": {
		"title": "수신거부", "ask": "아래 주소로 보내는 광고 메일을 더 이상 받지 않으시겠습니까?", "button": "수신거부", "all": "이메일 외에 문자, 전화 등 모든 광고도 받지 않겠습니다.",
		"done": "수신거부가 처리되었습니다.", "after": "광고 메일을 더 이상 보내지 않습니다. 주문과 배송 안내처럼 광고가 아닌 메일은 계속 받으실 수 있습니다.",
		"test": "미리보기 또는 시험 메일의 링크입니다. 실제 수신자에게는 이 자리에 수신거부 버튼이 나타납니다.", "free": "비용은 들지 않습니다.",
		"bad": "유효하지 않은 링크입니다.", "badHelp": "메일에 있는 링크를 그대로 다시 눌러 주세요. 계속 문제가 있으면 메일을 보낸 곳에 연락해 주세요.",
		"error": "잠시 후 다시 시도해 주세요.", "other": "English", "from": "보내는 곳",
	},
	"en": {
		"title": "Unsubscribe", "ask": "Would you like to stop advertising e-mails to this address?", "button": "Unsubscribe", "all": "Also stop advertising by text message, telephone and all other channels.",
		"done": "You are unsubscribed.", "after": "No more advertising e-mails will be sent. Messages that are not advertising, such as order and delivery notices, may still reach you.",
		"test": "This is the link of a preview or test e-mail. Real recipients see the unsubscribe button here.", "free": "It is free of charge.",
		"bad": "This link is not valid.", "badHelp": "Please open the link in the e-mail again exactly as it is. If the problem stays, contact the sender of the e-mail.",
		"error": "Please try again in a moment.", "other": "한국어", "from": "Sender",
	},
}

// pageData fills the template.
type pageData struct {
	Lang, Other string
	W           map[string]string
	Head        Letterhead
	State       string // ask, done, test, bad, error
}

// pageText needs no script and loads nothing.
var pageText = template.Must(template.New("page").Parse(`<!doctype html>
<html lang="{{.Lang}}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<title>{{.W.title}}</title>
<style>
:root{color-scheme:light dark}
body{margin:0;font:16px/1.6 system-ui,"Apple SD Gothic Neo","Malgun Gothic",sans-serif;background:Canvas;color:CanvasText;display:grid;min-height:100vh;place-items:center}
main{max-width:30rem;padding:2rem 1.5rem;word-break:keep-all}
h1{font-size:1.5rem;margin:0 0 1rem}
button{font:inherit;font-weight:600;padding:.75rem 1.5rem;border:0;border-radius:.5rem;background:#1f6feb;color:#fff;cursor:pointer;min-height:2.75rem}
button:focus-visible,a:focus-visible{outline:3px solid #f59f00;outline-offset:2px}
label{display:flex;gap:.5rem;margin:1rem 0;align-items:flex-start}
.quiet{opacity:.75;font-size:.875rem}
</style>
</head>
<body>
<main>
{{if eq .State "bad"}}<h1>{{.W.bad}}</h1><p>{{.W.badHelp}}</p>
{{else if eq .State "error"}}<h1>{{.W.error}}</h1>
{{else}}
<p class="quiet">{{.W.from}}: {{.Head.Sender.Name}}{{with .Head.Sender.NameEn}} ({{.}}){{end}}</p>
{{if eq .State "done"}}<h1>{{.W.done}}</h1><p>{{.W.after}}</p>
{{else if eq .State "test"}}<h1>{{.W.title}}</h1><p>{{.W.test}}</p>
{{else}}<h1>{{.W.title}}</h1>
<p>{{.W.ask}}<br><strong>{{.Head.Address}}</strong></p>
<form method="post">
<input type="hidden" name="lang" value="{{.Lang}}">
<label><input type="checkbox" name="all" value="1"> <span>{{.W.all}}</span></label>
<button type="submit">{{.W.button}}</button>
</form>
<p class="quiet">{{.W.free}}</p>
{{end}}
<p class="quiet">{{with .Head.Sender}}{{.Email}} {{.Phone}}<br>{{.Address}}{{end}}</p>
{{end}}
<p class="quiet"><a href="?lang={{.Other}}" lang="{{.Other}}">{{.W.other}}</a></p>
</main>
</body>
</html>
`))

// renderPage makes the public page.
func renderPage(lang, state string, head Letterhead) []byte {
	data := pageData{Lang: lang, Other: "en", W: words[lang], Head: head, State: state}
	if lang == "en" {
		data.Other = "ko"
	}
	var b bytes.Buffer
	if err := pageText.Execute(&b, data); err != nil {
		return []byte(words[lang]["error"])
	}
	return b.Bytes()
}
