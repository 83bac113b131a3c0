// SPDX-License-Identifier: Apache-2.0

package inbound

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/mail"
	"strings"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // EUC-KR, ISO-2022-KR and the rest of what arrives
	"golang.org/x/text/encoding/korean"
)

const (
	// mostDepth and mostParts bound what a message may be nested from.
	mostDepth = 12
	mostParts = 200
	// mostText is how much of a text is kept; nobody reads more on a screen.
	mostText = 1 << 20
	// mostHeader is how much of one header value is kept.
	mostHeader = 2000
	// mostReferences bounds a thread's chain.
	mostReferences = 50
	// MostAttachment is how much of one attachment is kept.
	MostAttachment = 25 << 20
)

// reader collects a message while its parts are walked.
type reader struct {
	out      *Message
	parts    int
	report   *report
	isReport bool
	original bytes.Buffer // headers of the message that a notice returns
}

// Read understands a message. It fails only when there is none at all.
func Read(raw []byte) (*Message, error) {
	if len(bytes.TrimSpace(raw)) == 0 {
		return nil, errors.New("the message is empty")
	}
	entity, err := message.Read(bytes.NewReader(raw))
	if entity == nil {
		return unreadable(raw, err), nil
	}
	r := &reader{out: &Message{Kind: Reply}}
	r.headers(&entity.Header)
	r.walk(entity, 0)
	r.out.classify(&entity.Header, r.report)
	if len(r.out.Statuses) == 0 && r.out.Kind == Reply {
		r.out.guessBounce(&entity.Header)
	}
	if r.out.OriginalID == "" {
		r.out.OriginalID = idOf(headerIn(r.original.Bytes(), "message-id"))
	}
	return r.out, nil
}

// unreadable keeps a message that is no MIME at all.
func unreadable(raw []byte, err error) *Message {
	return &Message{Kind: Reply, Text: cut(strings.ToValidUTF8(string(raw), "�"), mostText), Notes: []string{fmt.Sprint("the message has no readable header: ", err)}}
}

func (r *reader) headers(h *message.Header) {
	m := r.out
	m.Subject = text(h, "Subject")
	m.MessageID = idOf(h.Get("Message-Id"))
	m.InReplyTo = idOf(h.Get("In-Reply-To"))
	for _, id := range strings.Fields(cut(h.Get("References"), mostReferences*mostHeader)) {
		if id = idOf(id); id != "" && len(m.References) < mostReferences {
			m.References = append(m.References, id)
		}
	}
	if at, err := mail.ParseDate(h.Get("Date")); err == nil {
		m.At = at.UTC()
	}
	if list := addresses(h, "From"); len(list) > 0 {
		m.From, m.FromName = strings.ToLower(list[0].Address), cut(list[0].Name, mostHeader)
	} else if list := addresses(h, "Sender"); len(list) > 0 {
		m.From, m.FromName = strings.ToLower(list[0].Address), cut(list[0].Name, mostHeader)
	}
	seen := map[string]bool{}
	for _, name := range []string{"To", "Cc", "Delivered-To", "X-Original-To"} {
		for _, a := range addresses(h, name) {
			if address := strings.ToLower(a.Address); !seen[address] && len(m.To) < mostParts {
				seen[address] = true
				m.To = append(m.To, address)
			}
		}
	}
}

// text decodes a header; one that is raw EUC-KR, as old Korean programs write it, is read as that.
func text(h *message.Header, name string) string {
	value, err := h.Text(name)
	if err != nil || value == "" {
		value = h.Get(name)
	}
	return cut(strings.Join(strings.Fields(korean8(value)), " "), mostHeader)
}

// korean8 turns undeclared bytes into text: UTF-8 if they are, else CP949.
func korean8(value string) string {
	if strings.ToValidUTF8(value, "") == value {
		return value
	}
	if decoded, err := korean.EUCKR.NewDecoder().String(value); err == nil {
		return decoded
	}
	return strings.ToValidUTF8(value, "�")
}

func addresses(h *message.Header, name string) []*mail.Address {
	value := h.Get(name)
	if value == "" {
		return nil
	}
	parser := mail.AddressParser{WordDecoder: &mime.WordDecoder{CharsetReader: message.CharsetReader}}
	if list, err := parser.ParseList(value); err == nil {
		return list
	}
	// "MAILER-DAEMON (Mail Delivery System)" and unquoted names: what stands in angle brackets or has an @
	for _, word := range strings.FieldsFunc(value, func(r rune) bool { return strings.ContainsRune(" <>,;\t\"()", r) }) {
		if at := strings.IndexByte(word, '@'); at > 0 && at < len(word)-1 {
			return []*mail.Address{{Address: word}}
		}
	}
	return nil
}

// walk reads the parts of an entity.
func (r *reader) walk(e *message.Entity, depth int) {
	if r.parts++; r.parts > mostParts || depth > mostDepth {
		r.note("it has more parts than are read")
		return
	}
	kind, parameters, err := e.Header.ContentType()
	if err != nil {
		kind = "text/plain"
	}
	if strings.EqualFold(kind, "multipart/report") {
		r.isReport = true
	}
	if multi := e.MultipartReader(); multi != nil {
		for {
			part, err := multi.NextPart()
			if part != nil {
				r.walk(part, depth+1)
			}
			if part == nil || (err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err)) {
				return
			}
			if r.parts > mostParts {
				return
			}
		}
	}
	r.leaf(e, strings.ToLower(kind), parameters, depth)
}

func (r *reader) leaf(e *message.Entity, kind string, parameters map[string]string, depth int) {
	disposition, details, _ := e.Header.ContentDisposition()
	name := firstOf(details["filename"], parameters["name"])
	switch {
	case kind == "message/delivery-status" || kind == "message/global-delivery-status":
		r.report = readReport(body(e, mostText), r.report)
	case kind == "message/disposition-notification" || kind == "message/global-disposition-notification":
		r.report = readReceipt(body(e, mostText), r.report)
	case kind == "message/feedback-report":
		r.report = readFeedback(body(e, mostText), r.report)
	case r.isReport && (kind == "text/rfc822-headers" || kind == "message/rfc822" || kind == "message/global"):
		r.original.Write(body(e, 1<<16))
	case kind == "message/rfc822" && depth < mostDepth:
		r.attach(e, firstOf(name, "message.eml"), kind)
	case strings.EqualFold(disposition, "attachment") || (name != "" && !strings.HasPrefix(kind, "text/")):
		r.attach(e, name, kind)
	case kind == "text/html":
		r.out.HTML = join(r.out.HTML, string(body(e, mostText)))
	case strings.HasPrefix(kind, "text/"):
		r.out.Text = join(r.out.Text, string(body(e, mostText)))
	default:
		r.attach(e, name, kind)
	}
}

func join(before, more string) string {
	more = korean8(more)
	if before == "" {
		return cut(more, mostText)
	}
	return cut(before+"\n"+more, mostText)
}

func body(e *message.Entity, most int64) []byte {
	content, _ := io.ReadAll(io.LimitReader(e.Body, most)) // what could be read before a defect is better than nothing
	return content
}

func (r *reader) attach(e *message.Entity, name, kind string) {
	content, err := io.ReadAll(io.LimitReader(e.Body, MostAttachment+1))
	name = safeName(name)
	switch {
	case len(content) > MostAttachment:
		r.note(name + " is too large and was left out")
		content = nil
	case err != nil:
		r.note(name + " is damaged")
	}
	r.out.Attachments = append(r.out.Attachments, Attachment{
		Name: name, Type: kind, Size: int64(len(content)), Content: content, ContentID: idOf(e.Header.Get("Content-Id")),
	})
}

// safeName keeps the last element of a name, without what could end a header or leave a folder.
func safeName(name string) string {
	name = korean8(name)
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || strings.ContainsRune(`"<>|:*?`, r) {
			return -1
		}
		return r
	}, name)
	name = strings.Trim(cut(name, 200), ". ")
	return firstOf(name, "attachment")
}

func (r *reader) note(text string) {
	if len(r.out.Notes) < 20 {
		r.out.Notes = append(r.out.Notes, text)
	}
}

func firstOf(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

// cut shortens text without splitting a character.
func cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "")
}

// idOf takes a message id out of its brackets.
func idOf(value string) string {
	value = strings.TrimSpace(value)
	if from := strings.IndexByte(value, '<'); from >= 0 {
		value = value[from+1:]
		if to := strings.IndexByte(value, '>'); to >= 0 {
			value = value[:to]
		}
	}
	if strings.ContainsAny(value, " \t\r\n") {
		return ""
	}
	return cut(value, 500)
}

// headerIn finds a header in raw lines, "" when it is not there.
func headerIn(raw []byte, name string) string {
	scanner := bufio.NewScanner(bytes.NewReader(raw))
	scanner.Buffer(nil, 1<<16)
	value, isIn := "", false
	for scanner.Scan() {
		line := strings.TrimRight(scanner.Text(), "\r")
		switch {
		case line == "":
			return value
		case isIn && (line[0] == ' ' || line[0] == '\t'):
			value += " " + strings.TrimSpace(line)
		case isIn:
			return value
		case len(line) > len(name) && line[len(name)] == ':' && strings.EqualFold(line[:len(name)], name):
			value, isIn = strings.TrimSpace(line[len(name)+1:]), true
		}
	}
	return value
}
