// SPDX-License-Identifier: Apache-2.0

package mail

import (
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"dangol/internal/consent"
)

// Rendered is a message as people see it.
type Rendered struct {
	Subject string   `json:"subject"`
	HTML    string   `json:"html"`
	Text    string   `json:"text"`
	Missing []string `json:"missing" doc:"Fields without a value."`
}

// start prepares a writer and the values of a target.
func (l *Letter) start(t Target) (*writer, Values) {
	w := l.pool.Get().(*writer)
	w.out, w.missing, w.last = w.out[:0], w.missing[:0], 0
	w.addresses = append(w.addresses[:0], make([]string, len(l.links))...)
	w.links = func(index int) string {
		if w.addresses[index] == "" { // the same link stands in both parts
			w.addresses[index] = l.site + "/t/" + l.keys.ClickToken(Click{RecipientID: t.RecipientID, LinkID: l.links[index]})
		}
		return w.addresses[index]
	}
	values := valuesOf(t.Profile, l.own, l.kinds)
	refuse := ""
	return w, func(name string) (Value, bool) {
		switch name {
		case FieldUnsubscribe:
			if refuse == "" {
				refuse = l.unsubscribeURL(t)
			}
			return Value{Text: refuse}, true
		case fieldOpen:
			return Value{Text: l.site + "/o/" + l.keys.OpenToken(t.RecipientID)}, true
		case fieldTrap:
			return Value{Text: l.site + "/h/" + l.keys.TrapToken(t.RecipientID)}, true
		case FieldPreferences:
			return Value{Text: l.preferencesURL(t)}, true
		case FieldToday:
			return Value{Text: t.At.In(l.zone).Format(time.DateOnly), Kind: "date"}, true
		}
		return values(name)
	}
}

func (l *Letter) unsubscribeURL(t Target) string {
	return l.site + "/u/" + l.keys.UnsubscribeToken(Unsubscribe{RecordID: t.RecordID, SenderID: l.sender.ID, RecipientID: t.RecipientID})
}

func (l *Letter) preferencesURL(t Target) string {
	return l.site + "/p/" + l.keys.PreferenceToken(Unsubscribe{RecordID: t.RecordID, SenderID: l.sender.ID, RecipientID: t.RecipientID})
}

// Render makes the message of a target as people see it.
func (l *Letter) Render(t Target) (Rendered, error) {
	w, values := l.start(t)
	defer l.pool.Put(w)
	var r Rendered
	for _, part := range []struct {
		program *program
		into    *string
	}{{l.parts.subject, &r.Subject}, {l.parts.html, &r.HTML}, {l.parts.body, &r.Text}} {
		if part.program == nil {
			continue
		}
		w.out, w.last = w.out[:0], 0
		if err := w.run(part.program, values); err != nil {
			return r, err
		}
		*part.into = string(w.out)
	}
	r.Missing = unique(w.missing)
	return r, nil
}

func unique(list []string) []string {
	out := []string{}
	for _, s := range list {
		found := false
		for _, o := range out {
			found = found || o == s
		}
		if !found {
			out = append(out, s)
		}
	}
	return out
}

// MissingFor lists the fields without default that have no value for a profile.
func (l *Letter) MissingFor(p Profile) []string {
	if l.hasBlocks {
		return l.missingInBlocks(p)
	}
	var missing []string
	for _, name := range l.required {
		if strings.TrimSpace(p[name]) == "" && strings.TrimSpace(l.own[name]) == "" {
			missing = append(missing, name)
		}
	}
	return missing
}

// missingInBlocks writes the letter for the profile: which fields it needs depends on its conditions.
func (l *Letter) missingInBlocks(p Profile) []string {
	r, err := l.Render(Target{Profile: p, At: time.Now()})
	if err != nil {
		return nil // building the message says what is wrong
	}
	return r.Missing
}

// findRequired lists the fields of a recipient that some place shows without default.
func (l *Letter) findRequired() {
	for _, part := range []*program{l.parts.subject, l.parts.html, l.parts.body} {
		if part == nil {
			continue
		}
		l.hasBlocks = l.hasBlocks || part.hasBlocks
		for _, n := range part.nodes {
			isGiven := n.text == FieldUnsubscribe || n.text == FieldToday || n.text == FieldPreferences || n.text == fieldOpen || n.text == fieldTrap
			hasDefault := slices.ContainsFunc(n.calls, func(c call) bool { return c.name == "default" })
			if n.kind == merge && !isGiven && !hasDefault && !slices.Contains(l.required, n.text) {
				l.required = append(l.required, n.text)
			}
		}
	}
}

// SkipsMissing reports whether recipients with missing values get nothing.
func (l *Letter) SkipsMissing() bool { return l.version.Missing == MissingSkip }

// Build appends the message for a target to dst, with CRLF line ends.
func (l *Letter) Build(dst []byte, t Target) ([]byte, error) {
	w, values := l.start(t)
	defer l.pool.Put(w)
	if err := w.run(l.parts.subject, values); err != nil {
		return dst, err
	}
	dst = l.headers(dst, t, string(w.out))
	files := l.files
	if len(t.Files) > 0 {
		files = append(append([]File(nil), l.files...), t.Files...)
	}
	if len(files) == 0 {
		return l.content(dst, w, values)
	}
	mixed := l.boundary + "m"
	dst = openParts(dst, "mixed", mixed)
	dst = nextPart(dst, mixed)
	var err error
	if dst, err = l.content(dst, w, values); err != nil {
		return dst, err
	}
	for _, f := range files {
		dst = f.appendTo(nextPart(dst, mixed))
	}
	return closeParts(dst, mixed), nil
}

// content appends the text of the message in its two forms.
func (l *Letter) content(dst []byte, w *writer, values Values) ([]byte, error) {
	if l.parts.html == nil {
		return l.appendPart(dst, w, values, l.parts.body, "text/plain")
	}
	dst = openParts(dst, "alternative", l.boundary)
	dst, err := l.appendPart(nextPart(dst, l.boundary), w, values, l.parts.body, "text/plain")
	if err != nil {
		return dst, err
	}
	dst = nextPart(dst, l.boundary)
	if len(l.images) == 0 {
		dst, err = l.appendPart(dst, w, values, l.parts.html, "text/html")
		return closeParts(dst, l.boundary), err
	}
	related := l.boundary + "r"
	dst = nextPart(openParts(dst, "related", related), related)
	if dst, err = l.appendPart(dst, w, values, l.parts.html, "text/html"); err != nil {
		return dst, err
	}
	for _, f := range l.images {
		dst = f.appendTo(nextPart(dst, related))
	}
	return closeParts(closeParts(dst, related), l.boundary), nil
}

func (l *Letter) headers(dst []byte, t Target, subject string) []byte {
	line := func(name, value string) {
		dst = append(append(append(append(dst, name...), ": "...), value...), "\r\n"...)
	}
	line("From", l.fromText)
	line("To", "<"+t.To+">")
	line("Subject", encodeHeader(subject))
	line("Date", t.At.In(l.zone).Format(time.RFC1123Z))
	_, domain, _ := strings.Cut(l.From, "@")
	if t.MessageID != "" {
		line("Message-ID", "<"+t.MessageID+">")
	} else {
		line("Message-ID", "<c"+strconv.FormatInt(l.campaign, 10)+".r"+strconv.FormatInt(t.RecipientID, 10)+"."+l.boundary[2:12]+"@"+domain+">")
	}
	line("MIME-Version", "1.0")
	for _, h := range t.Headers {
		line(h.Name, h.Value)
	}
	if l.asksReceipt {
		// RFC 8098 2.1: programs answer unasked only when it is the return path.
		line("Disposition-Notification-To", "<"+l.returnPath(t)+">")
	}
	if l.class == consent.Ad {
		// RFC 8058: one POST without any page in between (L-EM-2).
		line("List-Unsubscribe", "<"+l.unsubscribeURL(t)+">")
		line("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
	}
	return dst
}

func (l *Letter) appendPart(dst []byte, w *writer, values Values, p *program, kind string) ([]byte, error) {
	dst = append(append(append(dst, "Content-Type: "...), kind...), "; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"...)
	return w.encode(dst, p, values)
}

// wordBytes is how many bytes one encoded word of RFC 2047 holds: 75 characters
// with "=?utf-8?b?" and "?=".
const wordBytes = 45

// encodeHeader encodes a header value as RFC 2047 words, folded. A word never
// ends inside a character (RFC 2047 5).
func encodeHeader(text string) string {
	isPlain := true
	for i := range len(text) {
		isPlain = isPlain && text[i] >= ' ' && text[i] < 0x7f
	}
	if isPlain && !strings.Contains(text, "=?") {
		return text
	}
	text = strings.Map(func(r rune) rune {
		if r == '\r' || r == '\n' || r == 0 {
			return ' '
		}
		return r
	}, text)
	out := make([]byte, 0, 2*len(text)+16)
	for len(text) > 0 {
		n := min(wordBytes, len(text))
		for n < len(text) && !utf8.RuneStart(text[n]) {
			n--
		}
		if len(out) > 0 {
			out = append(out, "\r\n "...)
		}
		out = append(base64.StdEncoding.AppendEncode(append(out, "=?utf-8?b?"...), []byte(text[:n])), "?="...)
		text = text[n:]
	}
	return string(out)
}
