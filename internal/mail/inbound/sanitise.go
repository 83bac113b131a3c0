// SPDX-License-Identifier: Apache-2.0

package inbound

import (
	"encoding/base64"
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/net/html"
)

// keptElements are those that a mail needs to look as it was meant; everything else
// goes, and of what is dropped whole also the content.
var (
	keptElements = words(`a abbr address article aside b bdi bdo big blockquote body br caption center cite code col colgroup dd del details dfn div dl dt em
		figcaption figure font footer h1 h2 h3 h4 h5 h6 head header hr html i img ins kbd li main mark nav ol p pre q rp rt ruby s samp section small span
		strike strong sub summary sup table tbody td tfoot th thead time tr tt u ul var wbr`)
	droppedWhole   = words(`script style title iframe object embed applet frame frameset noscript template svg math form select textarea button video audio canvas map`)
	keptAttributes = words(`align alt bgcolor border cellpadding cellspacing char charoff colspan color dir face headers height href lang rowspan size span
		src start style summary title type valign width`)
	voidElements = words(`br hr img col wbr`)
	// badStyle finds what a style could load, run or cover the page with.
	badStyle = regexp.MustCompile(`(?i)url\s*\(|expression|@import|javascript|behavior|-moz-binding|position\s*:|\\|content\s*:`)
	// dataPicture is a picture inside the mail that a browser shows without asking anybody.
	dataPicture = regexp.MustCompile(`(?i)^data:image/(png|jpe?g|gif|webp);base64,[A-Za-z0-9+/=\s]+$`)
)

func words(list string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(list) {
		set[w] = true
	}
	return set
}

// inlineMost bounds the pictures that are written into the text of a mail.
const inlineMost = 2 << 20

// Sanitised is the HTML part without anything that runs, sends or leaves its frame:
// an allow list of elements, attributes and addresses. Pictures of the mail itself
// (cid:, RFC 2392) are written into it.
func (m *Message) Sanitised() string {
	pictures := map[string]string{}
	for _, a := range m.Attachments {
		kind := strings.ToLower(a.Type)
		if a.ContentID != "" && len(a.Content) > 0 && len(a.Content) <= inlineMost && (kind == "image/png" || kind == "image/jpeg" || kind == "image/gif" || kind == "image/webp") {
			pictures[a.ContentID] = "data:" + kind + ";base64," + base64.StdEncoding.EncodeToString(a.Content)
		}
	}
	return sanitise(m.HTML, pictures)
}

func sanitise(source string, pictures map[string]string) string {
	var b strings.Builder
	tokens := html.NewTokenizer(strings.NewReader(source))
	var open []string
	dropping, depth := "", 0
	for {
		kind := tokens.Next()
		if kind == html.ErrorToken {
			break
		}
		t := tokens.Token()
		switch {
		case dropping != "":
			// Nested elements of the same name are counted; anything else inside is dropped.
			if t.Data == dropping && kind == html.StartTagToken {
				depth++
			} else if t.Data == dropping && kind == html.EndTagToken {
				if depth--; depth == 0 {
					dropping = ""
				}
			}
		case kind == html.TextToken:
			b.WriteString(html.EscapeString(t.Data))
		case kind == html.StartTagToken && droppedWhole[t.Data]:
			dropping, depth = t.Data, 1
		case (kind == html.StartTagToken || kind == html.SelfClosingTagToken) && keptElements[t.Data]:
			writeElement(&b, t, pictures)
			if !voidElements[t.Data] {
				open = append(open, t.Data)
			}
		case kind == html.EndTagToken && keptElements[t.Data] && !voidElements[t.Data]:
			open = closeElement(&b, open, t.Data)
		}
	}
	for i := len(open) - 1; i >= 0; i-- {
		b.WriteString("</" + open[i] + ">")
	}
	return b.String()
}

// closeElement closes what is open down to the element; one that is not open is left out,
// so that a mail cannot close what stands around it.
func closeElement(b *strings.Builder, open []string, name string) []string {
	for at := len(open) - 1; at >= 0; at-- {
		if open[at] != name {
			continue
		}
		for i := len(open) - 1; i >= at; i-- {
			b.WriteString("</" + open[i] + ">")
		}
		return open[:at]
	}
	return open
}

func writeElement(b *strings.Builder, t html.Token, pictures map[string]string) {
	b.WriteString("<" + t.Data)
	for _, a := range t.Attr {
		if !keptAttributes[a.Key] || a.Namespace != "" {
			continue
		}
		value, ok := a.Val, true
		switch a.Key {
		case "href":
			ok = t.Data == "a" && isSafeLink(value)
		case "src":
			value, ok = pictureSource(value, pictures)
			ok = ok && t.Data == "img"
		case "style":
			ok = !badStyle.MatchString(value)
		}
		if ok {
			b.WriteString(" " + a.Key + `="` + html.EscapeString(value) + `"`)
		}
	}
	if t.Data == "a" {
		b.WriteString(` rel="noopener noreferrer nofollow" target="_blank"`)
	}
	b.WriteString(">")
}

func isSafeLink(value string) bool {
	u, err := url.Parse(strings.TrimSpace(value))
	return err == nil && (u.Scheme == "http" || u.Scheme == "https" || u.Scheme == "mailto" || u.Scheme == "tel")
}

func pictureSource(value string, pictures map[string]string) (string, bool) {
	value = strings.TrimSpace(value)
	if id, ok := strings.CutPrefix(value, "cid:"); ok {
		if plain, err := url.PathUnescape(id); err == nil {
			id = plain
		}
		picture, known := pictures[id]
		return picture, known
	}
	if dataPicture.MatchString(value) {
		return value, true
	}
	u, err := url.Parse(value)
	return value, err == nil && (u.Scheme == "http" || u.Scheme == "https")
}
