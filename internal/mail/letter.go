// SPDX-License-Identifier: Apache-2.0

package mail

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"html"
	netmail "net/mail"
	"regexp"
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
	From     string // address of the From header
	returns  string // return address without token, "" for From itself
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
	// hasBlocks says that what the letter needs depends on its conditions
	hasBlocks   bool
	asksReceipt bool
	confirms    bool
	images      []File // shown in the text
	files       []File // attached
}

// LetterOptions are what compiling needs beside the version.
type LetterOptions struct {
	Class      consent.Class
	Sender     consent.Sender
	From       string // "Name <address>"; empty is the sender's
	Site       string // address under which recipients reach this product
	Return     string // where notices of delivery go; empty is From
	CampaignID int64
	Campaign   string // its name
	Catalogue  []Field
	Keys       *Keys
	Zone       *time.Location
	// Track turns web addresses into ids of stored links, in order of
	// appearance; nil leaves them as they are.
	Track func(urls []string) ([]int64, error)
	// AsksReceipt asks the recipient's program to confirm reading (RFC 8098).
	AsksReceipt bool
	// Opens puts a picture into the HTML part that tells when it is shown, and a link that no person sees.
	Opens bool
	// Confirms asks mail servers for notices of delivery (RFC 3461).
	Confirms bool
	// Images are shown in the text, Files attached.
	Images, Files []File
}

// Target is whom a message is for.
type Target struct {
	RecipientID int64
	RecordID    int64
	To          string
	Profile     Profile
	At          time.Time
	// Return is the return address of this message; empty is EnvelopeFrom.
	Return string
	// MessageID replaces the letter's own, without brackets.
	MessageID string
	Headers   []Header
	Files     []File // attached to this message, beside the letter's own
}

// Header is a further header line, encoded as it goes out.
type Header struct{ Name, Value string }

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
		if o.Opens {
			draft.HTML = withFooter(draft.HTML, watchers)
		}
	}
	draft.normalise()
	parsed, err := draft.parse(o.Catalogue)
	if err != nil {
		return nil, err
	}
	l := &Letter{
		parts: parsed, version: v, class: o.Class, sender: o.Sender, site: strings.TrimRight(o.Site, "/"), keys: o.Keys,
		campaign: o.CampaignID, zone: o.Zone, returns: o.Return, kinds: make(map[string]Field, len(o.Catalogue)), own: Profile{
			FieldSender: o.Sender.Name, FieldCampaign: o.Campaign,
		},
		asksReceipt: o.AsksReceipt && o.Return != "", confirms: o.Confirms && o.Return != "", images: o.Images, files: o.Files,
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
	err = l.trackLinks(o.Track)
	l.parts.html.precode()
	l.parts.body.precode()
	return l, err
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

// EnvelopeFrom is the return address of one recipient's message. It names the
// recipient (VERP), because notices of failure often do not.
func (l *Letter) EnvelopeFrom(recipientID int64) string {
	local, domain, ok := strings.Cut(l.returns, "@")
	if !ok || recipientID == 0 {
		return l.From
	}
	return local + "+" + l.keys.returnSign(recipientID) + "@" + domain
}

// returnPath is where notices about the message of a target go.
func (l *Letter) returnPath(t Target) string {
	if t.Return != "" {
		return t.Return
	}
	return l.EnvelopeFrom(t.RecipientID)
}

// Confirms reports whether mail servers are asked for notices of delivery.
func (l *Letter) Confirms() bool { return l.confirms }

// Returns is the return address of something else than a recipient, named by a signed token.
func (l *Letter) Returns(token string) string {
	local, domain, ok := strings.Cut(l.returns, "@")
	if !ok {
		return l.From
	}
	return local + "+" + token + "@" + domain
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
	_ = out.bind() // it was bound before, and no block was cut
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
