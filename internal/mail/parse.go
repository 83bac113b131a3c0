// SPDX-License-Identifier: Apache-2.0

package mail

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"dangol/internal/platform/fault"
)

// Limits of one part of a template.
const (
	partLongest  = 512 << 10
	nodesMost    = 2000
	outputMost   = 2 << 20 // of one rendered part, whatever the fields hold
	valueLongest = 2000    // runes of one merged value
)

// nodeKind is what a piece of a template does.
type nodeKind uint8

const (
	literal   nodeKind = iota
	merge              // a field with its functions
	josa               // a particle that fits what stands before it
	link               // a tracked link, by index
	choose             // {{#if …}}: goes on with to when its conditions do not hold
	otherwise          // {{else}}: goes on with to
	endChoose          // {{/if}}
	repeat             // {{#each list}}: goes on with to when the list is empty
	endRepeat          // {{/each}}: goes back to to while there are more
)

// escape is what the place of a field asks of its value.
type escape uint8

const (
	plainText escape = iota // text part: line breaks stay
	oneLine                 // subject
	htmlText                // between tags or in a quoted attribute
	urlPart                 // inside the value of href or src, after its beginning
	urlWhole                // the whole value of href: only fields that are addresses
)

type node struct {
	kind       nodeKind
	text       string // literal; field name; particle pair
	escape     escape
	calls      []call
	index      int // of a link
	to         int // where control nodes go on
	conditions []condition
	isAny      bool // one of the conditions is enough
	isItem     bool // a field of the current item of a list
	last       rune // the last visible character of a literal, 0 when it shows none
	// coded is a long literal in base64, in whole lines, for each number of bytes
	// that the text before it may need to complete a group of three.
	coded [3][]byte
}

type call struct {
	name string
	arg  string
}

// program is a parsed part of a template.
type program struct {
	nodes  []node
	fields []string
	// hasJosa says that the last visible character has to be known
	hasJosa bool
	// hasBlocks says that there are conditions or lists
	hasBlocks bool
}

// functions are all that a template can call, with whether they take an argument.
var functions = map[string]bool{"default": true, "date": true, "money": false, "number": false, "upper": false, "mask": false}

// parseText parses the text part or a subject.
func parseText(source string, how escape) (*program, error) {
	p, err := parseNodes(source)
	if err != nil {
		return nil, err
	}
	for i := range p.nodes {
		n := &p.nodes[i]
		n.escape = how
		if n.kind == literal {
			n.last = lastVisible(n.text, false)
		}
	}
	return p, nil
}

// parseNodes splits a template into literals and what stands in {{ }}.
func parseNodes(source string) (*program, error) {
	if len(source) > partLongest {
		return nil, fault.New(fault.TooLarge, "mail.template_too_large", "The template is larger than {most} KB.", "most", partLongest>>10)
	}
	p := &program{}
	seen := map[string]bool{}
	rest, offset := source, 0
	for {
		start := strings.Index(rest, "{{")
		if start < 0 {
			p.add(node{kind: literal, text: rest})
			if err := p.bind(); err != nil {
				return nil, syntaxError(source, len(source), err.Error())
			}
			return p, nil
		}
		p.add(node{kind: literal, text: rest[:start]})
		length := closing(rest[start+2:])
		if length < 0 {
			return nil, syntaxError(source, offset+start, "the field is not closed with }}")
		}
		n, err := parseExpression(rest[start+2 : start+2+length])
		if err != nil {
			return nil, syntaxError(source, offset+start, err.Error())
		}
		for _, name := range n.fields() {
			if !seen[name] {
				seen[name] = true
				p.fields = append(p.fields, name)
			}
		}
		p.add(n)
		if len(p.nodes) > nodesMost {
			return nil, syntaxError(source, offset+start, "there are too many fields")
		}
		rest, offset = rest[start+2+length+2:], offset+start+2+length+2
	}
}

func (p *program) add(n node) {
	if n.kind != literal || n.text != "" {
		p.nodes = append(p.nodes, n)
		p.hasJosa = p.hasJosa || n.kind == josa
		p.hasBlocks = p.hasBlocks || n.isControl()
	}
}

// closing finds }} outside quotes; -1 when there is none.
func closing(s string) int {
	quoted := false
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '"':
			quoted = !quoted
		case !quoted && strings.HasPrefix(s[i:], "}}"):
			return i
		case s[i] == '\n':
			return -1
		}
	}
	return -1
}

func syntaxError(source string, offset int, what string) error {
	line := 1 + strings.Count(source[:offset], "\n")
	return fault.New(fault.Invalid, "mail.template_syntax", "Line {line} of the template: {what}.", "line", line, "what", what)
}

// parseExpression reads what stands between {{ and }}: a field with functions
// behind bars, josa "이/가", or a quoted text.
func parseExpression(source string) (node, error) {
	words, err := tokens(source)
	if err != nil {
		return node{}, err
	}
	if len(words) == 0 {
		return node{}, fmt.Errorf("the braces are empty")
	}
	switch first := words[0]; {
	case !first.isText && (strings.HasPrefix(first.text, "#") || strings.HasPrefix(first.text, "/") || first.text == "else"):
		return parseBlock(first.text, words[1:])
	case first.isText && len(words) == 1:
		return node{kind: literal, text: first.text}, nil
	case first.text == "josa" && len(words) == 2 && words[1].isText:
		if _, _, ok := strings.Cut(words[1].text, "/"); !ok {
			return node{}, fmt.Errorf("josa needs a pair such as \"이/가\"")
		}
		return node{kind: josa, text: words[1].text}, nil
	case first.isText || !isFieldName(first.text):
		return node{}, fmt.Errorf("%q is no field name", first.text)
	}
	n := node{kind: merge, text: words[0].text, isItem: strings.HasPrefix(words[0].text, itemPrefix)}
	return parseCalls(n, words[1:])
}

func parseCalls(n node, words []word) (node, error) {
	for len(words) > 0 {
		if words[0].text != "|" || words[0].isText || len(words) < 2 {
			return node{}, fmt.Errorf("after %s a | and a function are expected", n.text)
		}
		c := call{name: words[1].text}
		takesArgument, known := functions[c.name]
		if !known || words[1].isText {
			return node{}, fmt.Errorf("there is no function %q; there are default, date, money, number, upper and mask", c.name)
		}
		words = words[2:]
		if len(words) > 0 && words[0].isText {
			if !takesArgument {
				return node{}, fmt.Errorf("%s takes no text", c.name)
			}
			c.arg, words = words[0].text, words[1:]
		} else if takesArgument {
			return node{}, fmt.Errorf("%s needs a text in quotes", c.name)
		}
		n.calls = append(n.calls, c)
	}
	return n, nil
}

// Literal writes a text so that a template shows it as it stands, braces included.
func Literal(text string) string { return strings.ReplaceAll(text, "{{", `{{"{{"}}`) }

// Plain is the reverse of Literal.
func Plain(text string) string { return strings.ReplaceAll(text, `{{"{{"}}`, "{{") }

type word struct {
	text   string
	isText bool // it stood in quotes
}

func tokens(source string) ([]word, error) {
	var words []word
	for i := 0; i < len(source); {
		switch c := source[i]; {
		case c == ' ' || c == '\t':
			i++
		case c == '|':
			words = append(words, word{text: "|"})
			i++
		case c == '"':
			end := strings.IndexByte(source[i+1:], '"')
			if end < 0 {
				return nil, fmt.Errorf("a quote is not closed")
			}
			words = append(words, word{source[i+1 : i+1+end], true})
			i += end + 2
		default:
			end := strings.IndexAny(source[i:], " \t|\"")
			if end < 0 {
				end = len(source) - i
			}
			words = append(words, word{text: source[i : i+end]})
			i += end
		}
	}
	return words, nil
}

// isFieldName allows letters, digits, _ and dots between them.
func isFieldName(s string) bool {
	for _, part := range strings.Split(s, ".") {
		if part == "" {
			return false
		}
		for _, r := range part {
			if r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
				return false
			}
		}
	}
	return true
}

// lastVisible finds the last character that a reader sees, leaving out tags in HTML.
func lastVisible(text string, isHTML bool) rune {
	if !isHTML {
		return lastOfText(text)
	}
	var last rune
	inTag := false
	for _, r := range text {
		switch {
		case r == '<':
			inTag = true
		case inTag:
			inTag = r != '>'
		case isVisible(r):
			last = r
		}
	}
	return last
}

// lastOfText looks from the end, because values are long and particles want one character.
func lastOfText(text string) rune {
	for len(text) > 0 {
		r, size := utf8.DecodeLastRuneInString(text)
		if isVisible(r) {
			return r
		}
		text = text[:len(text)-size]
	}
	return 0
}

func isVisible(r rune) bool {
	switch {
	case r >= 0xAC00 && r <= 0xD7A3, r >= '0' && r <= '9', r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z':
		return true
	case unicode.IsSpace(r), r == '"', r == '\'':
		return false
	}
	return !unicode.In(r, unicode.Cf, unicode.Pe, unicode.Pf, unicode.Pi, unicode.Ps)
}
