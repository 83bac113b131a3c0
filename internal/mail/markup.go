// SPDX-License-Identifier: Apache-2.0

package mail

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"dangol/internal/platform/fault"
)

// forbiddenTags run code, load pages or send forms; mail programs drop them,
// and a preview must not run them.
var forbiddenTags = map[string]bool{
	"script": true, "iframe": true, "object": true, "embed": true, "form": true, "input": true, "button": true,
	"textarea": true, "select": true, "base": true, "link": true, "applet": true, "frame": true, "frameset": true,
	"noscript": true, "template": true, "svg": true, "math": true, "audio": true, "video": true, "portal": true,
}

// addressAttributes hold addresses.
var addressAttributes = map[string]bool{"href": true, "src": true, "background": true, "cite": true, "longdesc": true, "action": true, "srcset": true, "poster": true}

var cssThreat = regexp.MustCompile(`(?i)expression\s*\(|javascript:|@import|behavior\s*:|-moz-binding`)

// checkMarkup refuses markup that is not for mail.
func checkMarkup(source string) error {
	z := html.NewTokenizer(strings.NewReader(source))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return nil // the end: the tokenizer knows no other error for a string
		case html.StartTagToken, html.SelfClosingTagToken:
			if err := checkTag(z.Token()); err != nil {
				return err
			}
		case html.TextToken:
			if cssThreat.Match(z.Raw()) && strings.Contains(strings.ToLower(source), "<style") {
				return markupFault("a style that loads or runs something")
			}
		}
	}
}

func checkTag(tag html.Token) error {
	if forbiddenTags[tag.Data] {
		return markupFault("<" + tag.Data + ">")
	}
	for _, a := range tag.Attr {
		name, value := strings.ToLower(a.Key), strings.TrimSpace(a.Val)
		switch {
		case strings.HasPrefix(name, "on"):
			return markupFault(name + "=")
		case tag.Data == "meta" && name == "http-equiv" && strings.EqualFold(value, "refresh"):
			return markupFault("<meta http-equiv=refresh>")
		case name == "style" && cssThreat.MatchString(value):
			return markupFault("style=" + value)
		case addressAttributes[name] && !isSafeAddress(value):
			return markupFault(name + "=" + value)
		}
	}
	return nil
}

// isSafeAddress allows web and mail addresses, telephone numbers, anchors,
// inline pictures and merge fields.
func isSafeAddress(value string) bool {
	compact := strings.ToLower(strings.Map(func(r rune) rune {
		if r <= ' ' || r == 0x7f {
			return -1 // browsers skip control characters inside a scheme
		}
		return r
	}, value))
	scheme, _, hasScheme := strings.Cut(compact, ":")
	if !hasScheme || strings.ContainsAny(scheme, "/?#{") {
		return true
	}
	switch scheme {
	case "http", "https", "mailto", "tel", "sms", "cid":
		return true
	case "data":
		return slices.ContainsFunc([]string{"data:image/png", "data:image/jpeg", "data:image/gif"}, func(p string) bool { return strings.HasPrefix(compact, p) })
	}
	return false
}

func markupFault(what string) error {
	return fault.New(fault.Invalid, "mail.markup", "The template contains {what}, which does not belong in a mail; remove it.", "what", what)
}

// place is where the scanner of HTML stands.
type place uint8

const (
	inText place = iota
	inTag
	inValue // of a quoted attribute
	inComment
	inRaw // style and title
)

// scanner follows HTML through the literals of a template, so that every field
// is escaped for its place.
type scanner struct {
	place     place
	quote     byte
	tag       strings.Builder // what of the open tag was read
	attribute string
	value     strings.Builder
	rawEnd    string
	isOpen    bool // the literal ended with <, so that what follows would be a tag
}

// parseHTML parses the HTML part.
func parseHTML(source string) (*program, error) {
	p, err := parseNodes(source)
	if err != nil {
		return nil, err
	}
	probe := make([]string, 0, len(p.nodes))
	for _, n := range p.nodes {
		switch {
		case n.kind == literal:
			probe = append(probe, n.text)
		case !n.isControl():
			probe = append(probe, "x")
		}
	}
	if err := checkMarkup(strings.Join(probe, "")); err != nil {
		return nil, err
	}
	var s scanner
	for i := range p.nodes {
		n := &p.nodes[i]
		if n.kind == literal {
			s.read(n.text)
			n.last = lastVisible(n.text, true)
			continue
		}
		if n.isControl() {
			// Between tags only: then every branch leaves the markup as it found it.
			if s.place != inText || s.isOpen {
				return nil, fault.New(fault.Invalid, "mail.block_place", "Conditions and lists must stand between tags, not inside one.")
			}
			continue
		}
		if n.escape, err = s.escapeFor(n); err != nil {
			return nil, err
		}
		if s.place == inValue {
			s.value.WriteString("x")
		}
	}
	return p, nil
}

// escapeFor decides how a field is escaped where the scanner stands.
func (s *scanner) escapeFor(n *node) (escape, error) {
	wrong := func(what string) error {
		return fault.New(fault.Invalid, "mail.field_place", "The field {field} stands {place}; put it between tags or inside a quoted attribute.",
			"field", n.text, "place", what)
	}
	switch s.place {
	case inText:
		if s.isOpen {
			return 0, wrong("behind <")
		}
		return htmlText, nil
	case inValue:
		isAddress := addressAttributes[s.attribute]
		switch {
		case s.attribute == "style" || strings.HasPrefix(s.attribute, "on"):
			return 0, wrong("inside a style")
		case isAddress && strings.TrimSpace(s.value.String()) == "":
			if n.kind != merge || !isAddressField(n) {
				return 0, wrong("at the beginning of an address")
			}
			return urlWhole, nil
		case isAddress:
			return urlPart, nil
		}
		return htmlText, nil
	case inComment:
		return 0, wrong("inside a comment")
	case inRaw:
		return 0, wrong("inside a style or title")
	}
	return 0, wrong("inside a tag")
}

// isAddressField allows whole addresses from the product itself, and from the
// given values and lists, whose addresses are checked when they are given.
func isAddressField(n *node) bool {
	return n.text == FieldUnsubscribe || n.text == FieldPreferences || n.text == fieldOpen || n.text == fieldTrap || n.isItem || strings.HasPrefix(n.text, givenPrefix)
}

// read moves the scanner over a literal.
func (s *scanner) read(text string) {
	s.isOpen = strings.HasSuffix(text, "<") || strings.HasSuffix(text, "</") || strings.HasSuffix(text, "<!")
	for i := 0; i < len(text); {
		i += s.step(text[i:])
	}
}

// step consumes at least one byte.
func (s *scanner) step(text string) int {
	c := text[0]
	switch s.place {
	case inText:
		switch {
		case strings.HasPrefix(text, "<!--"):
			s.place = inComment
			return 4
		case c == '<' && len(text) > 1 && (isLetter(text[1]) || text[1] == '/' || text[1] == '!'):
			s.place = inTag
			s.tag.Reset()
		}
	case inComment:
		if strings.HasPrefix(text, "-->") {
			s.place = inText
			return 3
		}
	case inTag:
		s.stepTag(c)
	case inValue:
		if c == s.quote {
			s.place = inTag
			s.tag.WriteByte(' ')
		} else {
			s.value.WriteByte(c)
		}
	case inRaw:
		if len(text) >= len(s.rawEnd) && strings.EqualFold(text[:len(s.rawEnd)], s.rawEnd) {
			s.place = inTag
			s.tag.Reset()
		}
	}
	return 1
}

func (s *scanner) stepTag(c byte) {
	switch {
	case c == '>':
		s.place = inText
		name := strings.ToLower(tagName(s.tag.String()))
		if name == "style" || name == "title" {
			s.place, s.rawEnd = inRaw, "</"+name
		}
	case (c == '"' || c == '\'') && strings.HasSuffix(strings.TrimRight(s.tag.String(), " \t\r\n"), "="):
		s.place, s.quote = inValue, c
		s.attribute = attributeName(s.tag.String())
		s.value.Reset()
	default:
		s.tag.WriteByte(c)
	}
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

func tagName(tag string) string {
	end := strings.IndexAny(tag, " \t\r\n/>")
	if end < 0 {
		return tag
	}
	return tag[:end]
}

// attributeName is the name before the last "=".
func attributeName(tag string) string {
	tag = strings.TrimRight(strings.TrimSuffix(strings.TrimRight(tag, " \t\r\n"), "="), " \t\r\n")
	return strings.ToLower(tag[strings.LastIndexAny(tag, " \t\r\n/\"'")+1:])
}
