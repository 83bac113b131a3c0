// SPDX-License-Identifier: Apache-2.0

package consent

import (
	"bytes"
	"html/template"
	"time"
)

// words of the public pages.
var words = map[string]map[string]string{
	"ko": {
		"title": "수신 설정", "intro": "광고성 정보를 어떤 방법으로 받을지 직접 정하실 수 있습니다. 저장하면 바로 적용됩니다.",
		"on": "받기", "night": "밤에도 받기 (오후 9시~오전 8시)", "save": "저장", "all": "모두 받지 않기", "since": "부터", "free": "비용은 들지 않습니다.",
		"ad": "광고성 정보", "call_individual": "두낫콜 등록과 관계없이 전화 받기", "saved": "저장했습니다.", "nothing": "바뀐 것이 없습니다.",
		"stale": "그사이 설정이 바뀌었습니다. 아래의 현재 설정을 확인하고 다시 저장해 주세요.",
		"test":  "미리보기 또는 시험 메일의 링크입니다. 실제 수신자는 이 화면에서 본인의 수신 설정을 바꿉니다.",
		"stays": "주문과 배송 안내처럼 광고가 아닌 연락은 계속 받으실 수 있습니다.", "agree": "동의하는 내용",
		"granted": "받기로 하셨습니다", "withdrawn": "받지 않기로 하셨습니다", "atNight": "밤",
		"bad": "유효하지 않은 링크입니다.", "badHelp": "메일에 있는 링크를 그대로 다시 눌러 주세요. 계속 문제가 있으면 메일을 보낸 곳에 연락해 주세요.",
		"error": "잠시 후 다시 시도해 주세요.", "other": "English", "from": "보내는 곳",
		"email": "이메일", "sms": "문자 메시지", "kakao": "카카오톡", "push": "앱 알림", "call": "전화", "post": "우편", "fax": "팩스", "channel.all": "모든 방법",
		"askTitle": "광고성 정보 수신 동의", "askIntro": "동의를 요청하신 것이 맞는지 확인해 주세요. 아래 단추를 눌러야 동의가 됩니다.", "yes": "동의합니다", "no": "동의하지 않습니다",
		"agreed": "동의가 처리되었습니다.", "declined": "동의하지 않으신 것으로 처리했습니다. 광고를 보내지 않습니다.",
		"over": "답하실 수 있는 기간이 지났습니다.", "change": "수신 설정 바꾸기", "result": "처리 일시",
	},
	"en": {
		"title": "Communication preferences", "intro": "Choose how you would like to receive advertising. Changes apply as soon as you save.",
		"on": "Receive", "night": "Also at night (9 p.m. to 8 a.m.)", "save": "Save", "all": "Receive nothing at all", "since": "since", "free": "It is free of charge.",
		"ad": "Advertising", "call_individual": "Calls although the number is in the do-not-call register", "saved": "Saved.", "nothing": "Nothing has changed.",
		"stale": "Your preferences were changed meanwhile. Please look at them below and save again.",
		"test":  "This is the link of a preview or test e-mail. Real recipients change their preferences here.",
		"stays": "Messages that are not advertising, such as order and delivery notices, may still reach you.", "agree": "What you agree to",
		"granted": "you chose to receive it", "withdrawn": "you chose not to receive it", "atNight": "night",
		"bad": "This link is not valid.", "badHelp": "Please open the link in the e-mail again exactly as it is. If the problem stays, contact the sender of the e-mail.",
		"error": "Please try again in a moment.", "other": "한국어", "from": "Sender",
		"email": "E-mail", "sms": "Text message", "kakao": "KakaoTalk", "push": "App notification", "call": "Telephone", "post": "Letter", "fax": "Fax", "channel.all": "All channels",
		"askTitle": "Consent to advertising", "askIntro": "Please confirm that you asked for this. You consent only when you press the button below.", "yes": "I agree", "no": "I do not agree",
		"agreed": "Your consent is recorded.", "declined": "We noted that you do not agree. No advertising will be sent.",
		"over": "The time to answer is over.", "change": "Change preferences", "result": "Recorded at",
	},
}

// pageData fills the template.
type pageData struct {
	Lang, Other string
	State       string // edit, saved, ask, agreed, declined, over, test, bad, error
	W           map[string]string
	Centre      Centre
	Invitation  Invitation
	Link        string // of the preference centre
	zone        *time.Location
}

// Word is a text in the language of the page.
func (d pageData) Word(name string) string { return d.W[name] }

// SenderName is the sender in the language of the page, with the other name beside it.
func (d pageData) SenderName() string {
	name, other := d.Centre.Sender.Name, d.Centre.Sender.NameEn
	if d.Lang == "en" && other != "" {
		name, other = other, name
	}
	if other == "" {
		return name
	}
	return name + " (" + other + ")"
}

// Day writes a date.
func (d pageData) Day(at time.Time) string { return at.In(d.zone).Format("2006-01-02") }

// Moment writes a date with its time.
func (d pageData) Moment(at time.Time) string { return at.In(d.zone).Format("2006-01-02 15:04") }

// Wording is what a switch of the page stands for.
func (d pageData) Wording(purpose Purpose, isNight bool) string {
	return wordingOf(d.Lang, purpose, isNight)
}

// ChannelName is a channel in the language of the page.
func (d pageData) ChannelName(c Channel) string {
	if c == All {
		return d.W["channel.all"]
	}
	return d.W[string(c)]
}

// pageText needs no script and loads nothing.
var pageText = template.Must(template.New("page").Parse(`<!doctype html>
<html lang="{{.Lang}}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<title>{{if .Invitation.ID}}{{.W.askTitle}}{{else}}{{.W.title}}{{end}}</title>
<style>
:root{color-scheme:light dark;--line:light-dark(#e6e8ec,#2a2d34);--soft:light-dark(#f7f8fa,#17191d);--dim:light-dark(#5b616b,#a5abb5)}
*{box-sizing:border-box}
body{margin:0;font:16px/1.6 system-ui,"Apple SD Gothic Neo","Malgun Gothic",sans-serif;background:light-dark(#fff,#101215);color:light-dark(#1c2024,#eceef1);word-break:keep-all}
main{max-width:34rem;margin:0 auto;padding:2rem 1.25rem}
h1{font-size:1.5rem;margin:.25rem 0 .75rem}
h2{font-size:1rem;margin:1.5rem 0 .5rem}
ul{list-style:none;margin:0;padding:0;border:1px solid var(--line);border-radius:.75rem;overflow:hidden}
li{padding:.75rem 1rem;border-top:1px solid var(--line)}
li:first-child{border-top:0}
li>div{display:flex;justify-content:space-between;gap:1rem;align-items:center;flex-wrap:wrap}
li label{margin:0 0 0 auto}
label{display:flex;gap:.5rem;align-items:center;min-height:2.25rem;cursor:pointer}
input[type=checkbox]{inline-size:1.25rem;block-size:1.25rem;accent-color:#3e63dd}
button,.button{display:inline-block;font:inherit;font-weight:600;padding:.75rem 1.5rem;border:1px solid transparent;border-radius:.5rem;background:#3e63dd;color:#fff;cursor:pointer;min-height:2.75rem;text-decoration:none}
button.second{background:transparent;color:inherit;border-color:light-dark(#c3c7cf,#4a4f59)}
button:focus-visible,a:focus-visible,input:focus-visible{outline:3px solid #f59f00;outline-offset:2px}
.row{display:flex;gap:.75rem;flex-wrap:wrap;margin:1.25rem 0}
.quiet{color:var(--dim);font-size:.875rem;margin:.5rem 0}
li label.quiet{margin:0 0 0 auto}
.note{background:light-dark(#e8f6f4,#10302c);border-radius:.5rem;padding:.75rem 1rem;margin:1rem 0}
.note.warn{background:light-dark(#fff3dc,#3a2b0b)}
.note p{margin:0}
details{margin:1rem 0}summary{cursor:pointer}
a{color:light-dark(#2f4fc0,#9db2ff)}
</style>
</head>
<body>
<main>
{{$d := .}}
{{if eq .State "bad"}}<h1>{{.W.bad}}</h1><p>{{.W.badHelp}}</p>
{{else if eq .State "error"}}<h1>{{.W.error}}</h1>
{{else}}
<p class="quiet">{{.W.from}}: {{.SenderName}}{{with .Centre.Address}} · {{.}}{{end}}</p>
{{if .Invitation.ID}}{{template "invitation" .}}{{else}}{{template "centre" .}}{{end}}
<p class="quiet">{{with .Centre.Sender}}{{.Email}} {{.Phone}}<br>{{.Address}}{{end}}</p>
{{end}}
<p class="quiet"><a href="?lang={{.Other}}" lang="{{.Other}}">{{.W.other}}</a></p>
</main>
</body>
</html>
{{define "invitation"}}{{$d := .}}
<h1>{{.W.askTitle}}</h1>
{{if eq .State "agreed"}}<div class="note" role="status"><p><strong>{{.W.agreed}}</strong><br>{{.W.result}}: {{.Moment .Invitation.AnsweredAt}}</p></div>
{{else if eq .State "declined"}}<div class="note" role="status"><p><strong>{{.W.declined}}</strong><br>{{.W.result}}: {{.Moment .Invitation.AnsweredAt}}</p></div>
{{else if eq .State "over"}}<div class="note warn"><p>{{.W.over}}</p></div>
{{else}}<p>{{.W.askIntro}}</p>
<ul>{{range .Invitation.Channels}}<li><strong>{{$d.ChannelName .}}</strong></li>{{end}}</ul>
<p>{{.Wording "ad" false}}</p>
{{if .Invitation.IsNight}}<p>{{.Wording "ad" true}}</p>{{end}}
<form method="post"><input type="hidden" name="lang" value="{{.Lang}}">
<div class="row"><button type="submit" name="answer" value="yes">{{.W.yes}}</button><button class="second" type="submit" name="answer" value="no">{{.W.no}}</button></div></form>
<p class="quiet">{{.W.free}}</p>{{end}}
{{with .Link}}<p><a href="{{.}}">{{$d.W.change}}</a></p>{{end}}
{{end}}
{{define "centre"}}{{$d := .}}
<h1>{{.W.title}}</h1>
{{if .Centre.IsTest}}<div class="note warn"><p>{{.W.test}}</p></div>{{end}}
{{if .Centre.IsStale}}<div class="note warn" role="status"><p>{{.W.stale}}</p></div>
{{else if eq .State "saved"}}<div class="note" role="status"><p><strong>{{if .Centre.Changes}}{{.W.saved}}{{else}}{{.W.nothing}}{{end}}</strong></p>
{{range .Centre.Changes}}<p>{{$d.Moment .At}} · {{$d.ChannelName .Channel}}{{if .IsNight}} ({{$d.W.atNight}}){{end}}{{if eq .Purpose "call_individual"}} ({{$d.W.call_individual}}){{end}}: {{if .Action.Denies}}{{$d.W.withdrawn}}{{else}}{{$d.W.granted}}{{end}}</p>{{end}}</div>{{end}}
<p>{{.W.intro}}</p>
<form method="post">
<input type="hidden" name="lang" value="{{.Lang}}"><input type="hidden" name="seen" value="{{.Centre.Seen}}">
<h2>{{.W.ad}}</h2>
<ul>{{range .Centre.Rows}}<li><div><span><strong>{{if eq .Purpose "call_individual"}}{{$d.W.call_individual}}{{else}}{{$d.ChannelName .Channel}}{{end}}</strong>{{if and .IsOn (not .Since.IsZero)}} <small class="quiet">{{if eq $d.Lang "en"}}{{$d.W.since}} {{$d.Day .Since}}{{else}}{{$d.Day .Since}}{{$d.W.since}}{{end}}</small>{{end}}</span>
<label><input type="checkbox" name="on" value="{{.Name}}"{{if .IsOn}} checked{{end}}> <span>{{$d.W.on}}</span></label></div>
{{if .HasNight}}<div><span></span><label class="quiet"><input type="checkbox" name="night" value="{{.Name}}"{{if .IsNight}} checked{{end}}> <span>{{$d.W.night}}</span></label></div>{{end}}</li>{{end}}</ul>
<details><summary>{{.W.agree}}</summary><p class="quiet">{{.Wording "ad" false}}</p><p class="quiet">{{.Wording "ad" true}}</p><p class="quiet">{{.Wording "call_individual" false}}</p></details>
{{if not .Centre.IsTest}}<div class="row"><button type="submit">{{.W.save}}</button><button class="second" type="submit" name="all" value="1">{{.W.all}}</button></div>{{end}}
</form>
<p class="quiet">{{.W.free}} {{.W.stays}}</p>
{{end}}`))

// renderPage makes a public page.
func (s *Service) renderPage(d pageData) []byte {
	d.W, d.Other, d.zone = words[d.Lang], "en", s.zone
	if d.Lang == "en" {
		d.Other = "ko"
	}
	var b bytes.Buffer
	if err := pageText.Execute(&b, d); err != nil {
		return []byte(words[d.Lang]["error"])
	}
	return b.Bytes()
}
