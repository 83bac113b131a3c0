// SPDX-License-Identifier: Apache-2.0

package mail

import (
	"html"
	"strings"

	"dangol/internal/consent"
)

// The notices of refusal that an advertisement carries in Korean and English (L-AD-10).
const (
	refusalKo = "메일 수신을 원하지 않으시면 아래 수신거부를 눌러 주세요. 비용은 들지 않습니다."
	refusalEn = "If you do not wish to receive these e-mails, use the link to unsubscribe; it is free of charge."
)

// quoteBraces keeps values of the sender from being read as fields.
func quoteBraces(text string) string { return strings.ReplaceAll(text, "{{", "{ {") }

func identity(s consent.Sender) (ko, en string) {
	join := func(list ...string) string {
		var filled []string
		for _, item := range list {
			if item != "" {
				filled = append(filled, quoteBraces(item))
			}
		}
		return strings.Join(filled, " · ")
	}
	return join(s.Name, s.Email, s.Phone, s.Address), join(s.NameEn, s.AddressEn)
}

// footerText ends the plain part with who sends, and how to refuse.
func footerText(s consent.Sender, class consent.Class) string {
	ko, en := identity(s)
	lines := []string{"", "--", ko}
	if en != "" {
		lines = append(lines, en)
	}
	if class == consent.Ad {
		lines = append(lines, "", refusalKo, "수신거부: {{"+FieldUnsubscribe+"}}", refusalEn, "Unsubscribe: {{"+FieldUnsubscribe+"}}")
	}
	return "\n" + strings.Join(lines, "\n") + "\n"
}

// footerHTML is footerText as a table, which every mail program shows.
func footerHTML(s consent.Sender, class consent.Class) string {
	ko, en := identity(s)
	var b strings.Builder
	b.WriteString(`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="margin-top:32px;border-top:1px solid #d5dae0"><tr>` +
		`<td style="padding:16px 8px;font-size:12px;line-height:1.6;color:#5b6570;font-family:sans-serif">`)
	b.WriteString(html.EscapeString(ko))
	if en != "" {
		b.WriteString("<br>" + html.EscapeString(en))
	}
	if class == consent.Ad {
		b.WriteString("<br><br>" + refusalKo + ` <a href="{{` + FieldUnsubscribe + `}}" style="color:#5b6570">수신거부</a><br>` +
			refusalEn + ` <a href="{{` + FieldUnsubscribe + `}}" style="color:#5b6570">Unsubscribe</a>`)
	}
	b.WriteString("</td></tr></table>")
	return b.String()
}

// withFooter puts the footer before the end of the body.
func withFooter(source, footer string) string {
	if at := strings.LastIndex(strings.ToLower(source), "</body>"); at >= 0 {
		return source[:at] + footer + source[at:]
	}
	return source + footer
}

// textOf makes a plain part out of the HTML part, fields kept.
func textOf(source string) string {
	text := source
	for _, tag := range []string{"</p>", "<br>", "<br/>", "<br />", "</div>", "</tr>", "</h1>", "</h2>", "</h3>", "</li>"} {
		text = strings.ReplaceAll(text, tag, tag+"\n")
	}
	// The target of a link is told behind its text.
	text = htmlLinkText.ReplaceAllString(text, "$2 ($1)")
	text = html.UnescapeString(inTags.ReplaceAllString(text, ""))
	lines := strings.Split(text, "\n")
	out := make([]string, 0, len(lines))
	for _, line := range lines {
		line = strings.Join(strings.Fields(line), " ")
		if line == "" && (len(out) == 0 || out[len(out)-1] == "") {
			continue
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}
