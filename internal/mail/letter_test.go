// SPDX-License-Identifier: Apache-2.0

package mail

import (
	"bytes"
	"io"
	"mime"
	netmail "net/mail"
	"regexp"
	"strings"
	"testing"
	"time"

	"dangol/internal/consent"
	"dangol/internal/platform/fault"
)

var (
	company = consent.Sender{ID: 1, Code: "company", Name: "한국상사", NameEn: "Hankook Trading", Email: "news@shop.kr", Phone: "02-345-6789", Address: "서울특별시 중구 세종대로 110"}
	fields  = append(append([]Field(nil), fixedFields...), append(letterFields, Field{Name: "attr.points", Kind: "number", slug: "points"}, Field{Name: "attr.spent", Kind: "money", Currency: "KRW", slug: "spent"})...)
	keys    = NewKeys([]Key{{ID: 1, Secret: []byte("0123456789abcdef0123456789abcdef")}})
	noon    = time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC)
)

func compile(t testing.TB, v Version, class consent.Class, track bool) *Letter {
	t.Helper()
	o := LetterOptions{
		Class: class, Sender: company, Site: "https://crm.shop.kr/", CampaignID: 7, Campaign: "가을", Catalogue: fields, Keys: keys,
		Zone: time.FixedZone("KST", 9*3600),
	}
	if track {
		o.Track = func(urls []string) ([]int64, error) {
			ids := make([]int64, len(urls))
			for i := range ids {
				ids[i] = int64(100 + i)
			}
			return ids, nil
		}
	}
	l, err := Compile(v, o)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func render(t testing.TB, v Version, p Profile) Rendered {
	t.Helper()
	r, err := compile(t, v, consent.Informational, false).Render(Target{RecipientID: 5, RecordID: 9, To: "a@b.kr", Profile: p, At: noon})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestMergeFields(t *testing.T) {
	t.Parallel()
	profile := Profile{"name": "김철수", "grade": "", "birth_on": "1990-03-05", "attr.points": "1234567", "attr.spent": "98000", "joined_on": "2020-01-02T00:00:00Z"}
	cases := map[string]string{
		`{{name}}님`:                                           "김철수님",
		`{{ name }}{{josa "이/가"}} 왔다`:                         "김철수가 왔다",
		`{{name}}님{{josa "은/는"}}`:                             "김철수님은",
		`서울{{josa "으로/로"}} 부산{{josa "으로/로"}}`:                 "서울로 부산으로",
		`3{{josa "을/를"}} 4{{josa "을/를"}} 7{{josa "으로/로"}}`:    "3을 4를 7로",
		`{{grade | default "고객"}}`:                            "고객",
		`{{grade|default "VIP"}}{{josa "을/를"}}`:               "VIP를",
		`{{birth_on | date "YYYY년 M월 D일"}}`:                   "1990년 3월 5일",
		`{{joined_on|date "YY/MM/DD"}}`:                       "20/01/02",
		`{{attr.points | number}}점`:                           "1,234,567점",
		`{{attr.spent}}`:                                      "98,000원",
		`{{attr.spent | money}}`:                              "98,000원",
		`{{name | mask}}`:                                     "김*수",
		`{{"{{"}}name}}`:                                      "{{name}}",
		`Kim{{josa "이/가"}} Lee{{josa "이/가"}} ★{{josa "이/가"}}`: "Kim이 Lee가 ★이(가)",
		`{{today}}`:                "2026-11-21",
		`「{{name}}」{{josa "을/를"}}`: "「김철수」를",
	}
	for source, want := range cases {
		got := render(t, Version{Subject: "s", Body: source, Missing: MissingEmpty}, profile).Text
		if got, _, _ = strings.Cut(got, "\n\n--\n"); got != want {
			t.Errorf("%s gives %q, want %q", source, got, want)
		}
	}
	r := render(t, Version{Subject: "{{grade}}", Body: "{{company}} {{company}}", HTML: "<p>{{grade}}</p>"}, profile)
	if strings.Join(r.Missing, " ") != "grade company" {
		t.Errorf("missing: %v", r.Missing)
	}
}

func TestTemplatesThatAreRefused(t *testing.T) {
	t.Parallel()
	bodies := []string{
		`{{`, `{{}}`, `{{name`, `{{name | }}`, `{{name | nothing}}`, `{{name | default}}`, `{{name | money "x"}}`, `{{josa}}`, `{{josa "이"}}`,
		`{{name name}}`, `{{name | default "x}}`, `{{nobody}}`, `{{na-me}}`, "{{na\nme}}", `{{.}}`, `{{name.}}`, `{{printf "%s"}}`,
	}
	for _, body := range bodies {
		if _, err := (&Draft{Name: "n", Class: consent.Ad, Subject: "s", Body: body, Missing: MissingSkip}).parse(fields); !fault.Is(err, fault.Invalid) {
			t.Errorf("text %q: %v", body, err)
		}
	}
	markup := []string{
		`<script>alert(1)</script>`, `<p onclick="x()">`, `<a href="javascript:x()">`, `<a href="java&#10;script:x()">`, `<a href=" JaVaScRiPt:x()">`,
		`<iframe src="https://x"></iframe>`, `<form action="https://x">`, `<img src="data:text/html,x">`, `<a href="vbscript:x">`,
		`<meta http-equiv="refresh" content="0;url=x">`, `<base href="https://x">`, `<p style="width:expression(1)">`, `<svg/onload=x>`,
		`<{{name}}>`, `<p {{name}}>`, `<p title={{name}}>`, `<a href="{{name}}">`, `<a href="{{name}}://x">`, `<!-- {{name}} -->`,
		`<style>p{color:{{grade}}}</style>`, `<p style="color:{{grade}}">`, `<style>@import url(x)</style>`,
	}
	for _, html := range markup {
		if _, err := (&Draft{Name: "n", Class: consent.Ad, Subject: "s", HTML: html, Missing: MissingSkip}).parse(fields); !fault.Is(err, fault.Invalid) {
			t.Errorf("HTML %q: %v", html, err)
		}
	}
	for _, subject := range []string{"", "a\r\nBcc: x@y", "a\nb"} {
		if _, err := (&Draft{Name: "n", Class: consent.Ad, Subject: subject, Body: "b", Missing: MissingSkip}).parse(fields); !fault.Is(err, fault.Invalid) {
			t.Errorf("subject %q: %v", subject, err)
		}
	}
}

func TestValuesCannotBreakOut(t *testing.T) {
	t.Parallel()
	evil := `"><script>alert(1)</script>'&` + "\r\nBcc: victim@example.com\x00\u202e{{name}}"
	v := Version{Subject: "안녕 {{name}}", Body: "{{name}}", HTML: `<p title="{{name}}" class='{{name}}'>{{name}}</p><a href="https://x.kr/?n={{name}}&m=1">x</a>`}
	r := render(t, v, Profile{"name": evil})
	if strings.ContainsAny(r.Subject, "\r\n\x00") {
		t.Errorf("subject: %q", r.Subject)
	}
	if strings.Contains(r.HTML, "<script") || strings.Contains(r.HTML, `n="`) || strings.Contains(r.HTML, "\u202e") {
		t.Errorf("HTML: %q", r.HTML)
	}
	if !strings.Contains(r.HTML, "?n=%22%3E%3Cscript") {
		t.Errorf("address: %q", r.HTML)
	}
	raw, err := compile(t, v, consent.Ad, false).Build(nil, Target{To: "a@b.kr", Profile: Profile{"name": evil}, At: noon})
	if err != nil {
		t.Fatal(err)
	}
	m, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil || m.Header.Get("Bcc") != "" {
		t.Errorf("a header was injected: %v %v", m.Header, err)
	}
}

func TestLettersOfAdvertisements(t *testing.T) {
	t.Parallel()
	v := Version{
		Subject: "가을 신상품 안내 - {{name}}님만을 위한 아주 긴 제목이 여러 줄로 나뉘어도 제대로 보이는지", Body: "",
		HTML: `<html><body><p>{{name}}님, <a href="https://shop.kr/a?x=1&amp;y=2">보기</a> <a href='https://shop.kr/b'>또</a> <a href="https://shop.kr/a?x=1&amp;y=2">다시</a></p></body></html>`,
	}
	l := compile(t, v, consent.Ad, true)
	target := Target{RecipientID: 5, RecordID: 9, To: "a@b.kr", Profile: Profile{"name": "김철수"}, At: noon}
	raw, err := l.Build(nil, target)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(string(raw), "\r\n") {
		if len(line) > 998 || strings.ContainsAny(line, "\r\n") {
			t.Errorf("a line that SMTP does not allow: %q", line)
		}
		for i := range len(line) {
			if line[i] > 126 {
				t.Fatalf("not ASCII: %q", line)
			}
		}
	}
	message, err := readMessage(Kept{}, raw)
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(message.Headers["Subject"])
	if err != nil || !strings.HasPrefix(subject, "(광고) 가을 신상품 안내 - 김철수님") {
		t.Errorf("subject %q %v", subject, err)
	}
	unsubscribe := regexp.MustCompile(`^<https://crm\.shop\.kr/u/([A-Za-z0-9_-]+)>$`).FindStringSubmatch(message.Headers["List-Unsubscribe"])
	if unsubscribe == nil || message.Headers["List-Unsubscribe-Post"] != "List-Unsubscribe=One-Click" {
		t.Fatalf("headers: %v", message.Headers)
	}
	if u, err := keys.ReadUnsubscribe(unsubscribe[1]); err != nil || u != (Unsubscribe{RecordID: 9, SenderID: 1, RecipientID: 5}) {
		t.Errorf("unsubscribe token: %+v %v", u, err)
	}
	for name, part := range map[string]string{"HTML": message.HTML, "text": message.Text} {
		for _, want := range []string{company.Name, company.Email, company.Phone, company.Address, "수신거부", "nsubscribe", "/u/" + unsubscribe[1]} {
			if !strings.Contains(part, want) {
				t.Errorf("%s does not show %q", name, want)
			}
		}
	}
	tokens := regexp.MustCompile(`https://crm\.shop\.kr/t/([A-Za-z0-9_-]+)"`).FindAllStringSubmatch(message.HTML, -1)
	if len(tokens) != 2 { // the one in single quotes ends with '
		t.Fatalf("tracked links: %v in %s", tokens, message.HTML)
	}
	for _, token := range tokens {
		if c, err := keys.ReadClick(token[1]); err != nil || c != (Click{RecipientID: 5, LinkID: 100}) {
			t.Errorf("click token: %+v %v", c, err)
		}
	}
	if strings.Contains(message.HTML, "shop.kr/a") {
		t.Error("a link is not tracked")
	}
	if strings.Contains(compileSubject(t, "(광고) 이미 있음"), "(광고) (광고)") {
		t.Error("the label stands twice")
	}
}

func compileSubject(t *testing.T, subject string) string {
	t.Helper()
	r, err := compile(t, Version{Subject: subject, Body: "b"}, consent.Ad, false).Render(Target{At: noon})
	if err != nil {
		t.Fatal(err)
	}
	return r.Subject
}

func TestChecks(t *testing.T) {
	t.Parallel()
	approved := noon
	cases := []struct {
		name   string
		t      Template
		v      Version
		sender consent.Sender
		want   string
	}{
		{"good advertisement", Template{Class: consent.Ad}, Version{Subject: "가을", HTML: "x"}, company, ""},
		{"sender without address", Template{Class: consent.Ad}, Version{Subject: "가을", HTML: "x"}, consent.Sender{Name: "한국상사"}, "mail.sender_incomplete"},
		{"label with space", Template{Class: consent.Ad}, Version{Subject: "(광 고) 가을", HTML: "x"}, company, "mail.bad_label"},
		{"label with slash", Template{Class: consent.Ad}, Version{Subject: "(광/고) 가을", HTML: "x"}, company, "mail.bad_label"},
		{"label in other brackets", Template{Class: consent.Ad}, Version{Subject: "[광고] 가을", HTML: "x"}, company, "mail.bad_label"},
		{"label with a word", Template{Class: consent.Ad}, Version{Subject: "(대출광고) 가을", HTML: "x"}, company, "mail.bad_label"},
		{"information without reason", Template{Class: consent.Informational}, Version{Subject: "배송", HTML: "x"}, company, "mail.no_reason"},
		{"information not approved", Template{Class: consent.Informational, Reason: "배송 안내"}, Version{Subject: "배송", HTML: "x"}, company, "mail.not_approved"},
		{"information with marketing", Template{Class: consent.Informational, Reason: "배송 안내", ApprovedAt: &approved}, Version{Subject: "배송", HTML: "<b>20% 할인</b> 쿠폰"}, company, "mail.marketing_words"},
		{"freedom is not free", Template{Class: consent.Informational, Reason: "배송 안내", ApprovedAt: &approved}, Version{Subject: "freedom", HTML: "<p class=\"sale\">ok</p>"}, company, ""},
		{"notice with marketing", Template{Class: consent.Statutory}, Version{Subject: "개인정보 이용내역", HTML: "쿠폰"}, company, "mail.marketing_in_notice"},
	}
	for _, c := range cases {
		var codes []string
		for _, r := range check(c.t, c.v, c.sender) {
			codes = append(codes, r.Code)
		}
		if strings.Join(codes, " ") != c.want {
			t.Errorf("%s: %v, want %s", c.name, codes, c.want)
		}
	}
}

func TestAlteredTokensAreNotFound(t *testing.T) {
	t.Parallel()
	token := keys.ClickToken(Click{RecipientID: 1 << 40, LinkID: 3})
	if c, err := keys.ReadClick(token); err != nil || c.RecipientID != 1<<40 || c.LinkID != 3 {
		t.Fatal(c, err)
	}
	for i := range len(token) {
		for _, b := range []byte{'A', 'b', '-', '='} {
			altered := token[:i] + string(b) + token[i+1:]
			if altered == token {
				continue
			}
			if _, err := keys.ReadClick(altered); !fault.Is(err, fault.NotFound) {
				t.Fatalf("altered at %d: %v", i, err)
			}
		}
	}
	if _, err := keys.ReadUnsubscribe(token); err == nil {
		t.Error("a click token unsubscribes")
	}
	other := NewKeys([]Key{{ID: 1, Secret: []byte("another secret of thirty-two byte")}})
	if _, err := other.ReadClick(token); err == nil {
		t.Error("a token of another installation is read")
	}
	rotated := NewKeys([]Key{{ID: 1, Secret: []byte("0123456789abcdef0123456789abcdef")}, {ID: 2, Secret: []byte("new")}})
	if _, err := rotated.ReadClick(token); err != nil {
		t.Error("an old key no longer reads:", err)
	}
}

func FuzzTokens(f *testing.F) {
	f.Add(keys.ClickToken(Click{1, 2}))
	f.Add(keys.UnsubscribeToken(Unsubscribe{1, 2, 3}))
	f.Add("")
	f.Fuzz(func(t *testing.T, token string) {
		if c, err := keys.ReadClick(token); err == nil && keys.ClickToken(c) != token {
			t.Errorf("two spellings of one click: %q", token)
		}
		if u, err := keys.ReadUnsubscribe(token); err == nil && keys.UnsubscribeToken(u) != token {
			t.Errorf("two spellings of one refusal: %q", token)
		}
	})
}

func FuzzTemplate(f *testing.F) {
	for _, seed := range []string{`{{name}}`, `<p>{{name | default "x"}}</p>`, `<a href="https://x?{{name}}">`, `{{josa "이/가"}}`, `<!--`, `<style>`, `{{"`} {
		f.Add(seed, "값")
	}
	f.Fuzz(func(t *testing.T, source, value string) {
		l, err := Compile(Version{Subject: "s", HTML: source, Body: source, Missing: MissingEmpty}, LetterOptions{
			Class: consent.Ad, Sender: company, Site: "https://x.kr", Catalogue: fields, Keys: keys,
			Track: func(urls []string) ([]int64, error) { return make([]int64, len(urls)), nil },
		})
		if err != nil {
			return
		}
		target := Target{To: "a@b.kr", Profile: Profile{"name": value}, At: noon}
		raw, err := l.Build(nil, target)
		if err != nil {
			return
		}
		m, err := netmail.ReadMessage(bytes.NewReader(raw))
		if err != nil {
			t.Fatalf("no message: %v", err)
		}
		if _, err := io.Copy(io.Discard, m.Body); err != nil || len(m.Header) < 9 || len(m.Header) > 10 || m.Header.Get("Bcc") != "" {
			t.Fatalf("headers: %v %v", m.Header, err)
		}
	})
}

func BenchmarkBuild(b *testing.B) {
	paragraph := "<p>안녕하세요 {{name}}님, 이번 달 혜택을 알려 드립니다. <a href=\"https://shop.kr/1\">보기</a></p>"
	l := compile(b, Version{Subject: "{{name}}님께", HTML: "<html><body>" + strings.Repeat(paragraph, 20) + "</body></html>"}, consent.Ad, true)
	target := Target{RecipientID: 5, RecordID: 9, To: "a@b.kr", Profile: Profile{"name": "김철수"}, At: noon}
	var buffer []byte
	for b.Loop() {
		var err error
		if buffer, err = l.Build(buffer[:0], target); err != nil {
			b.Fatal(err)
		}
	}
	b.SetBytes(int64(len(buffer)))
}
