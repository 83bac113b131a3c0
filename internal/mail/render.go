// SPDX-License-Identifier: Apache-2.0

package mail

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"dangol/internal/platform/fault"
)

// Values answers the value of a field for one recipient; ok is false when the
// field has none.
type Values func(field string) (value Value, ok bool)

// writer renders a program into a buffer that is used again for the next message.
type writer struct {
	out     []byte
	last    rune // the last visible character, for particles
	missing []string
	links   func(index int) string
	// addresses of the tracked links of one message, by index
	addresses []string
	// loops are the lists that are being written, the innermost last
	loops []loop
}

// run renders one part. Values without a text and without default are noted as missing.
func (w *writer) run(p *program, values Values) error {
	start := len(w.out)
	w.loops = w.loops[:0]
	for i := 0; i < len(p.nodes); {
		i = w.node(p, i, values)
		if len(w.out)-start > outputMost {
			return errOutput()
		}
	}
	return nil
}

func errOutput() error {
	return fault.New(fault.TooLarge, "mail.output_too_large", "The message grows larger than {most} MB.", "most", outputMost>>20)
}

// node writes one node and answers which one is next.
func (w *writer) node(p *program, i int, values Values) int {
	n := &p.nodes[i]
	switch n.kind {
	case literal:
		w.out = append(w.out, n.text...)
		if n.last != 0 {
			w.last = n.last
		}
	case josa:
		w.append(particle(n.text, w.last), n.escape)
	case link:
		w.append(w.links(n.index), n.escape)
	case merge:
		w.merge(n, values, p.hasJosa)
	default:
		return w.control(n, i, values)
	}
	return i + 1
}

func (w *writer) merge(n *node, values Values, hasJosa bool) {
	value := w.value(n, values)
	text := value.apply(n.calls).Text
	if strings.TrimSpace(text) == "" || (n.escape == urlWhole && !isSafeAddress(strings.TrimSpace(text))) {
		w.missing = append(w.missing, n.text)
		return
	}
	w.append(clean(text, n.escape), n.escape)
	if !hasJosa {
		return
	}
	if r := lastVisible(text, false); r != 0 {
		w.last = r
	}
}

// clean takes out what must not come from data: line breaks where they would
// start a header, control characters everywhere, and endless values.
func clean(text string, how escape) string {
	if !needsCleaning(text) {
		return text
	}
	var b strings.Builder
	count := 0
	for _, r := range text {
		if count++; count > valueLongest {
			break
		}
		switch {
		case r == '\n' && how == plainText:
			b.WriteRune(r)
		case r == '\n' || r == '\t' || r == '\r' || r == '\u2028' || r == '\u2029':
			b.WriteByte(' ')
		case unicode.IsControl(r) || r == utf8.RuneError || unicode.In(r, unicode.Bidi_Control):
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func needsCleaning(text string) bool {
	if len(text) > valueLongest {
		return true
	}
	for _, r := range text {
		if (r >= ' ' && r < 0x7f) || (r >= 0xAC00 && r <= 0xD7A3) {
			continue
		}
		if unicode.IsControl(r) || r == utf8.RuneError || r == '\u2028' || r == '\u2029' || unicode.In(r, unicode.Bidi_Control) {
			return true
		}
	}
	return false
}

const hexDigits = "0123456789ABCDEF"

// append escapes for the place.
func (w *writer) append(text string, how escape) {
	switch how {
	case htmlText, urlWhole:
		for i := 0; i < len(text); i++ {
			switch c := text[i]; c {
			case '&':
				w.out = append(w.out, "&amp;"...)
			case '<':
				w.out = append(w.out, "&lt;"...)
			case '>':
				w.out = append(w.out, "&gt;"...)
			case '"':
				w.out = append(w.out, "&#34;"...)
			case '\'':
				w.out = append(w.out, "&#39;"...)
			default:
				w.out = append(w.out, c)
			}
		}
	case urlPart:
		for i := 0; i < len(text); i++ {
			c := text[i]
			if isLetter(c) || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '~' {
				w.out = append(w.out, c)
				continue
			}
			w.out = append(w.out, '%', hexDigits[c>>4], hexDigits[c&15])
		}
	default:
		w.out = append(w.out, text...)
	}
}
