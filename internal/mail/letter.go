// SPDX-License-Identifier: Apache-2.0

package mail

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"html"
	"mime"
	netmail "net/mail"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"dangol/internal/consent"
	"dangol/internal/platform/fault"
)

// Letter is a version compiled for one campaign: parsed, labelled, with the
// footer of its sender and its links ready to be tracked. It is safe for many
// goroutines.
type Letter struct {
	parts    parts
	version  Version
	class    consent.Class
	sender   consent.Sender
	fromText string // encoded From header
	From     string // envelope sender
	site     string
	keys     *Keys
	campaign int64
	own      Profile
	kinds    map[string]Field
	links    []int64 // ids by index
	required []string
	zone     *time.Location
	boundary string
	pool     sync.Pool
}

// LetterOptions are what compiling needs beside the version.
type LetterOptions struct {
	Class      consent.Class
	Sender     consent.Sender
	From       string // "Name <address>"; empty is the sender's
	Site       string // address under which recipients reach this product
	CampaignID int64
	Campaign   string // its name
	Catalogue  []Field
	Keys       *Keys
	Zone       *time.Location
	// Track turns web addresses into ids of stored links, in order of
	// appearance; nil leaves them as they are.
	Track func(urls []string) ([]int64, error)
}

// Target is whom a message is for.
type Target struct {
	RecipientID int64
	RecordID    int64
	To          string
	Profile     Profile
	At          time.Time
}

// Compile makes a letter out of a version.
func Compile(v Version, o LetterOptions) (*Letter, error) {
	draft := Draft{
		Name: "letter", Class: o.Class, Subject: labelSubject(v.Subject, o.Class), HTML: v.HTML, Body: v.Body, Missing: v.Missing,
	}
	isText := strings.TrimSpace(v.HTML) == ""
	if strings.TrimSpace(draft.Body) == "" {
		draft.Body = textOf(v.HTML)
	}
	draft.Body += footerText(o.Sender, o.Class)
	if !isText {
		draft.HTML = withFooter(draft.HTML, footerHTML(o.Sender, o.Class))
	}
	draft.normalise()
	parsed, err := draft.parse(o.Catalogue)
	if err != nil {
		return nil, err
	}
	l := &Letter{
		parts: parsed, version: v, class: o.Class, sender: o.Sender, site: strings.TrimRight(o.Site, "/"), keys: o.Keys,
		campaign: o.CampaignID, zone: o.Zone, kinds: make(map[string]Field, len(o.Catalogue)), own: Profile{
			FieldSender: o.Sender.Name, FieldCampaign: o.Campaign,
		},
		pool: sync.Pool{New: func() any { return &writer{} }},
	}
	for _, f := range o.Catalogue {
		l.kinds[f.Name] = f
	}
	if isText {
		l.parts.html = nil
	}
	if l.zone == nil {
		l.zone = time.UTC
	}
	if err := l.setFrom(o.From); err != nil {
		return nil, err
	}
	l.findRequired()
	if l.boundary, err = newBoundary(); err != nil {
		return nil, err
	}
	return l, l.trackLinks(o.Track)
}

func (l *Letter) setFrom(from string) error {
	if from == "" {
		from = (&netmail.Address{Name: l.sender.Name, Address: l.sender.Email}).String()
	}
	address, err := netmail.ParseAddress(from)
	if err != nil || strings.ContainsAny(address.Address, "\r\n") {
		return fault.New(fault.Invalid, "mail.no_from", "There is no address to send from; set mail_from or the sender's e-mail.")
	}
	l.fromText, l.From = address.String(), address.Address
	return nil
}

func newBoundary() (string, error) {
	var random [12]byte
	if _, err := rand.Read(random[:]); err != nil {
		return "", fmt.Errorf("make boundary: %w", err)
	}
	return "=_" + hex.EncodeToString(random[:]), nil
}

// Fields lists the fields whose values the letter needs of each recipient.
func (l *Letter) Fields() []string {
	all := l.parts
	if all.html == nil {
		all.html = &program{}
	}
	return all.fields()
}

// Message is what the gate needs to know about the letter.
func (l *Letter) Message(t Template) consent.Message {
	m := consent.Message{
		Class: l.class, Channel: consent.Email, Sender: t.Sender, Category: t.Category, CampaignID: l.campaign,
		HasMarketing: len(MarketingWords(l.version)) > 0, HasFreeOptOut: l.class == consent.Ad && l.site != "",
	}
	if l.class == consent.Ad {
		m.MissingLabels = l.sender.Missing()
	}
	if t.ApprovedAt != nil {
		m.ApprovedReason = t.Reason
	}
	return m
}

// webLink finds whole web addresses in attributes of links and in plain text.
var (
	htmlLink     = regexp.MustCompile(`(?i)(<a\s[^>]*?href\s*=\s*["'])(https?://[^"'<>\s]+)(["'])`)
	textLink     = regexp.MustCompile(`https?://[^\s<>"']+`)
	htmlLinkText = regexp.MustCompile(`(?is)<a\s[^>]*?href\s*=\s*["'](https?://[^"'<>\s]+)["'][^>]*>(.*?)</a>`)
)

// trackLinks cuts web addresses out of the literals, so that each recipient
// gets links of their own. Addresses that hold fields stay as they are.
func (l *Letter) trackLinks(track func([]string) ([]int64, error)) error {
	if track == nil {
		return nil
	}
	var urls []string
	if l.parts.html != nil {
		l.parts.html = cutLinks(l.parts.html, htmlLink, 2, urlWhole, &urls)
	}
	l.parts.body = cutLinks(l.parts.body, textLink, 0, plainText, &urls)
	if len(urls) == 0 {
		return nil
	}
	ids, err := track(urls)
	if err == nil && len(ids) != len(urls) {
		err = fmt.Errorf("%d ids for %d links", len(ids), len(urls))
	}
	l.links = ids
	return err
}

// cutLinks replaces the addresses that the pattern finds in literals by link nodes.
func cutLinks(p *program, pattern *regexp.Regexp, group int, how escape, urls *[]string) *program {
	out := &program{fields: p.fields}
	for i, n := range p.nodes {
		if n.kind != literal {
			out.add(n)
			continue
		}
		rest, from := n.text, 0
		for _, m := range pattern.FindAllStringSubmatchIndex(n.text, -1) {
			start, end := m[2*group], m[2*group+1]
			if end == len(n.text) && i+1 < len(p.nodes) {
				continue // goes on with a field
			}
			url := n.text[start:end]
			if how == plainText {
				url = strings.TrimRight(url, ".,;:!?)")
				end = start + len(url)
			} else {
				url = html.UnescapeString(url)
			}
			out.add(node{kind: literal, text: n.text[from:start], last: lastVisible(n.text[from:start], how != plainText)})
			out.add(node{kind: link, index: indexOf(urls, url), escape: how})
			from = end
		}
		rest = rest[from:]
		out.add(node{kind: literal, text: rest, last: n.last})
	}
	return out
}

func indexOf(urls *[]string, url string) int {
	for i, u := range *urls {
		if u == url {
			return i
		}
	}
	*urls = append(*urls, url)
	return len(*urls) - 1
}

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
		case FieldToday:
			return Value{Text: t.At.In(l.zone).Format(time.DateOnly), Kind: "date"}, true
		}
		return values(name)
	}
}

func (l *Letter) unsubscribeURL(t Target) string {
	return l.site + "/u/" + l.keys.UnsubscribeToken(Unsubscribe{RecordID: t.RecordID, SenderID: l.sender.ID, RecipientID: t.RecipientID})
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
	var missing []string
	for _, name := range l.required {
		if strings.TrimSpace(p[name]) == "" && strings.TrimSpace(l.own[name]) == "" {
			missing = append(missing, name)
		}
	}
	return missing
}

// findRequired lists the fields of a recipient that some place shows without default.
func (l *Letter) findRequired() {
	for _, part := range []*program{l.parts.subject, l.parts.html, l.parts.body} {
		if part == nil {
			continue
		}
		for _, n := range part.nodes {
			isGiven := n.text == FieldUnsubscribe || n.text == FieldToday
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
	if l.parts.html == nil {
		return l.appendPart(dst, w, values, l.parts.body, "text/plain")
	}
	dst = append(dst, "Content-Type: multipart/alternative;\r\n boundary=\""...)
	dst = append(append(dst, l.boundary...), "\"\r\n\r\n"...)
	var err error
	for _, part := range []struct {
		program *program
		kind    string
	}{{l.parts.body, "text/plain"}, {l.parts.html, "text/html"}} {
		dst = append(append(append(dst, "--"...), l.boundary...), "\r\n"...)
		if dst, err = l.appendPart(dst, w, values, part.program, part.kind); err != nil {
			return dst, err
		}
	}
	return append(append(append(dst, "--"...), l.boundary...), "--\r\n"...), nil
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
	line("Message-ID", "<c"+strconv.FormatInt(l.campaign, 10)+".r"+strconv.FormatInt(t.RecipientID, 10)+"."+l.boundary[2:12]+"@"+domain+">")
	line("MIME-Version", "1.0")
	if l.class == consent.Ad {
		// RFC 8058: one POST without any page in between (L-EM-2).
		line("List-Unsubscribe", "<"+l.unsubscribeURL(t)+">")
		line("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
	}
	return dst
}

func (l *Letter) appendPart(dst []byte, w *writer, values Values, p *program, kind string) ([]byte, error) {
	w.out, w.last = w.out[:0], 0
	if err := w.run(p, values); err != nil {
		return dst, err
	}
	dst = append(append(append(dst, "Content-Type: "...), kind...), "; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"...)
	return appendBase64(dst, w.out), nil
}

// encodeHeader encodes a header value as RFC 2047 words, folded.
func encodeHeader(text string) string {
	text = strings.Map(func(r rune) rune {
		if r == '\r' || r == '\n' || r == 0 {
			return ' '
		}
		return r
	}, text)
	return strings.ReplaceAll(mime.BEncoding.Encode("utf-8", text), "?= =?", "?=\r\n =?")
}

// base64Line is the bytes of one line of 76 characters (RFC 2045).
const base64Line = 57

func appendBase64(dst, src []byte) []byte {
	for len(src) > 0 {
		n := min(len(src), base64Line)
		dst = base64.StdEncoding.AppendEncode(dst, src[:n])
		dst = append(dst, '\r', '\n')
		src = src[n:]
	}
	return dst
}
