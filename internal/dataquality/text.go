// SPDX-License-Identifier: Apache-2.0

package dataquality

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Text brings free text of several lines into its stored form: NFC (F-HAN-1), spaces of all sorts to
// plain spaces, invisible and control characters away, line ends to \n, trimmed. It never applies
// NFKC (F-HAN-2): ㄱㅏ, ㆍ, ㈜ and ① stay what they are.
func Text(raw string) (string, []Finding) {
	if isPlain(raw, false) {
		return raw, nil
	}
	return cleanText(raw, true)
}

// Line is Text for values of one line: line ends and tabs become spaces and runs of spaces one space.
func Line(raw string) (string, []Finding) {
	if isPlain(raw, true) {
		return raw, nil
	}
	return cleanText(raw, false)
}

// isPlain reports whether cleaning would change nothing, for the characters that nearly all values are
// made of: printable ASCII, Hangul syllables and common Han.
func isPlain(s string, single bool) bool {
	if s == "" {
		return true
	}
	if s[0] <= ' ' || s[len(s)-1] <= ' ' {
		return false
	}
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c > ' ' && c < 0x7F:
			i++
		case c == ' ':
			if single && s[i+1] == ' ' { // the last byte is not a space
				return false
			}
			i++
		case c == '\n' && !single && s[i-1] != ' ':
			i++
		case c >= 0xE4 && c <= 0xED && i+2 < len(s) && isPlainHigh(c, s[i+1], s[i+2]):
			i += 3
		default:
			return false
		}
	}
	return true
}

// isPlainHigh accepts U+4E00–9FFF and U+AC00–D7A3 by their UTF-8 bytes.
func isPlainHigh(a, b, c byte) bool {
	if b&0xC0 != 0x80 || c&0xC0 != 0x80 {
		return false
	}
	switch {
	case a >= 0xEB && a <= 0xEC:
		return true
	case a == 0xEA:
		return b >= 0xB0
	case a == 0xED:
		return b < 0x9E || b == 0x9E && c <= 0xA3
	case a >= 0xE5 && a <= 0xE9:
		return true
	default: // 0xE4
		return b >= 0xB8
	}
}

// isInvisible reports format characters that only do harm in stored values: zero-width, soft hyphen,
// byte order mark and direction overrides (which make a name read differently from what it is).
func isInvisible(r rune) bool {
	switch {
	case r == 0x00AD, r == 0x200B, r == 0x200C, r == 0x200E, r == 0x200F, r == 0x2060, r == 0xFEFF, r == 0x3164, r == 0x115F, r == 0x1160:
		return true
	case r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069, r >= 0xFFF9 && r <= 0xFFFB:
		return true
	}
	return false
}

func isSpace(r rune) bool {
	switch {
	case r == ' ', r == 0x00A0, r == 0x1680, r == 0x202F, r == 0x205F, r == 0x3000, r == 0x2028, r == 0x2029, r == 0x0085:
		return true
	}
	return r >= 0x2000 && r <= 0x200A
}

// joinsEmoji reports whether a zero-width joiner after r is part of a picture (👨‍👩‍👧) and has to stay.
func joinsEmoji(r rune) bool {
	return r >= 0x1F000 || r == 0xFE0F || r >= 0x2600 && r <= 0x27BF
}

func cleanText(raw string, multiline bool) (string, []Finding) {
	var findings []Finding
	var b strings.Builder
	b.Grow(len(raw))
	var previous rune
	pending := 0 // spaces not yet written, so that trailing ones never are
	broken := false
	for i := 0; i < len(raw); {
		r, size := utf8.DecodeRuneInString(raw[i:])
		broken = broken || r == utf8.RuneError
		i += size
		switch {
		case r == '\r' && i < len(raw) && raw[i] == '\n':
			continue
		case multiline && (r == '\n' || r == '\r' || r == 0x2028 || r == 0x2029 || r == 0x0085):
			r, pending = '\n', 0
		case isSpace(r), r == '\t', r == '\n', r == '\r', r == '\v', r == '\f':
			pending++
			continue
		case r < 0x20, r >= 0x7F && r < 0xA0, isInvisible(r), r == 0x200D && !joinsEmoji(previous):
			continue
		}
		if b.Len() > 0 || r != '\n' {
			if pending > 0 && b.Len() > 0 {
				if !multiline {
					pending = 1
				}
				for ; pending > 0; pending-- {
					b.WriteByte(' ')
				}
			}
			b.WriteRune(r)
		}
		pending, previous = 0, r
	}
	if broken {
		findings = append(findings, Finding{
			Field: "text", Rule: "F-HAN-10", Code: "text.broken", Severity: Warning,
			Message: "The text holds characters that were lost in an earlier conversion.",
			Remedy:  "Read the file with another encoding (CP949 or UTF-8) or export it again.",
		})
	}
	text := strings.TrimRight(norm.NFC.String(b.String()), " \n\u200d")
	return text, findings
}

// SearchKey folds text for search and comparison (F-HAN-3): NFC, full-width letters to ASCII, strange
// spaces to plain ones, invisible characters away, half-width Hangul to letters, lower case, single spaces.
func SearchKey(s string) string {
	if isPlain(s, true) && !hasUpper(s) {
		return s
	}
	line, _ := Line(s)
	line = strings.ReplaceAll(line, "\u200d", "")
	line = norm.NFC.String(strings.ToLower(strings.Map(foldWidth, line)))
	return strings.Join(strings.Fields(line), " ")
}

func hasUpper(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= 'A' && s[i] <= 'Z' {
			return true
		}
	}
	return false
}

func foldWidth(r rune) rune {
	switch {
	case r >= 0xFF01 && r <= 0xFF5E:
		return r - 0xFEE0
	case r == 0xFFA0:
		return -1
	case r >= 0xFFA1 && r <= 0xFFBE:
		return r - 0xFFA1 + 0x3131
	case r >= 0xFFC2 && r <= 0xFFC7:
		return r - 0xFFC2 + 0x314F
	case r >= 0xFFCA && r <= 0xFFCF:
		return r - 0xFFCA + 0x3155
	case r >= 0xFFD2 && r <= 0xFFD7:
		return r - 0xFFD2 + 0x315B
	case r >= 0xFFDA && r <= 0xFFDC:
		return r - 0xFFDA + 0x3161
	case r == 0xFFE6:
		return '₩'
	}
	return r
}

// asciiWidth turns full-width ASCII into ASCII, for values that are made of ASCII only by nature.
func asciiWidth(s string) string {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return strings.Map(func(r rune) rune {
				switch {
				case r >= 0xFF01 && r <= 0xFF5E:
					return r - 0xFEE0
				case r == 0x2010, r == 0x2011, r == 0x2012, r == 0x2013, r == 0x2014, r == 0x2015, r == 0x2212, r == 0x30FC:
					return '-'
				}
				return r
			}, s)
		}
	}
	return s
}

var missingWords = map[string]bool{
	"-": true, "--": true, "---": true, ".": true, "?": true, "n/a": true, "nan": true, "null": true, "(null)": true,
	"none": true, "nil": true, "#n/a": true, "#value!": true, "#ref!": true, "#name?": true, "#null!": true, "\\n": true,
	"없음": true, "미상": true, "해당없음": true, "해당 없음": true, "모름": true, "미입력": true, "undefined": true, "<na>": true,
}

// IsMissing reports words that stand for an empty cell (M-IMP-7): nan, NULL, #N/A, 없음, - and the like.
func IsMissing(s string) bool {
	if s == "" {
		return true
	}
	if len(s) > 15 {
		return false
	}
	if c := s[0]; c >= '0' && c <= '9' {
		return false
	}
	var lower [15]byte
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		lower[i] = c
	}
	return missingWords[string(lower[:len(s)])]
}

// cell cleans one single-line cell and empties words that stand for nothing.
func cell(raw string) (string, []Finding) {
	s, findings := unwrapped(raw)
	if IsMissing(s) {
		return "", findings
	}
	return s, findings
}

// unwrapped is Line without the wrappings that spreadsheets put around text.
func unwrapped(raw string) (string, []Finding) {
	s, findings := Line(raw)
	for inner := unwrapFormula(s); inner != s; inner = unwrapFormula(s) {
		s, _ = Line(inner)
	}
	return s, findings
}

// unwrapFormula takes ="010…" apart, the trick by which exporters keep leading zeros in spreadsheets,
// and drops the leading apostrophe that marks text there.
func unwrapFormula(s string) string {
	if len(s) < 2 {
		return s
	}
	switch {
	case s[0] == '\'':
		return s[1:]
	case s[0] == '=' && len(s) > 3 && s[1] == '"' && s[len(s)-1] == '"' && strings.Count(s, `"`) == 2:
		return s[2 : len(s)-1]
	}
	return s
}
