// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"html/template"
	"io"
	"strings"
	"unicode/utf8"
)

// Page is a report in the making.
type Page struct {
	Title, Lang string
	parts       []part
}

// part is one block in both forms.
type part struct {
	html template.HTML
	text string
}

// New begins a page; lang is ko or en.
func New(lang, title string) *Page { return &Page{Title: title, Lang: lang} }

// Say chooses between the languages.
func (p *Page) Say(ko, en string) string {
	if p.Lang == "en" {
		return en
	}
	return ko
}

// Words adds paragraphs.
func (p *Page) Words(paragraphs ...string) {
	var out part
	for _, one := range paragraphs {
		out.html += "<p>" + escape(one) + "</p>\n"
		out.text += wrap(one, textWidth) + "\n"
	}
	p.parts = append(p.parts, out)
}

// Heading adds a heading.
func (p *Page) Heading(text string) {
	p.parts = append(p.parts, part{"<h2>" + escape(text) + "</h2>\n", text + "\n"})
}

// Figure is one number with its name.
type Figure struct{ Name, Value string }

// Figures adds numbers side by side.
func (p *Page) Figures(figures ...Figure) {
	out := part{html: `<dl class="figures">`}
	wide := 0
	for _, f := range figures {
		wide = max(wide, width(f.Name))
	}
	for _, f := range figures {
		out.html += "<div><dt>" + escape(f.Name) + "</dt><dd>" + escape(f.Value) + "</dd></div>"
		out.text += f.Name + strings.Repeat(" ", wide-width(f.Name)+2) + f.Value + "\n"
	}
	out.html += "</dl>\n"
	p.parts = append(p.parts, out)
}

// Table adds rows below a header; cells that look like numbers stand right.
func (p *Page) Table(title string, header []string, rows [][]string) {
	out := part{html: "<h3>" + escape(title) + `</h3><div class="wide"><table><thead><tr>`}
	for _, h := range header {
		out.html += `<th scope="col">` + escape(h) + "</th>"
	}
	out.html += "</tr></thead><tbody>"
	for _, row := range rows {
		out.html += "<tr>"
		for _, cell := range row {
			class := ""
			if isNumber(cell) {
				class = ` class="n"`
			}
			out.html += template.HTML("<td"+class+">") + escape(cell) + "</td>" //nolint:gosec // a fixed word
		}
		out.html += "</tr>"
	}
	out.html += "</tbody></table></div>\n"
	out.text = title + "\n" + Grid(header, rows)
	p.parts = append(p.parts, out)
}

// picture adds an SVG that has no plain-text form.
func (p *Page) picture(title, svg string) {
	p.parts = append(p.parts, part{html: "<figure><figcaption>" + escape(title) + "</figcaption>" + template.HTML(svg) + "</figure>\n"}) //nolint:gosec // drawn here, every text escaped
}

func escape(text string) template.HTML {
	return template.HTML(template.HTMLEscapeString(text)) //nolint:gosec // just escaped
}

const head = `<!doctype html>
<html lang="%s"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>%s</title>
<style>
:root{--ink:#1c2330;--dim:#667085;--line:#e4e7ec;--paper:#fff;--a:#3b6fd4;--b:#e07b39;--c:#2f9e77;--d:#a05bc4}
@media (prefers-color-scheme:dark){:root{--ink:#e6e9ef;--dim:#98a2b3;--line:#323a48;--paper:#161b24;--a:#7aa5f5;--b:#f0a36b;--c:#62c9a3;--d:#c792e6}}
body{font:15px/1.6 system-ui,"Pretendard","Apple SD Gothic Neo","Malgun Gothic",sans-serif;color:var(--ink);background:var(--paper);max-width:60rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}h3{font-size:1rem;margin:1.5rem 0 .4rem}
.figures{display:flex;flex-wrap:wrap;gap:.6rem 2rem;margin:1rem 0}dt{color:var(--dim);font-size:.85rem}dd{margin:0;font-size:1.2rem;font-variant-numeric:tabular-nums}
.wide{overflow-x:auto}table{border-collapse:collapse;font-variant-numeric:tabular-nums}th,td{padding:.25rem .8rem .25rem 0;text-align:left;border-bottom:1px solid var(--line)}th{color:var(--dim);font-weight:500}td.n{text-align:right;white-space:nowrap}
figure{margin:1.5rem 0}figcaption{font-weight:600;margin-bottom:.3rem}svg{max-width:100%%;height:auto}svg text{font-size:11px;fill:var(--dim)}
</style></head><body><h1>%s</h1>
`

// HTML writes the page as one file that needs no other.
func (p *Page) HTML(w io.Writer) error {
	title := template.HTMLEscapeString(p.Title)
	if _, err := fmt.Fprintf(w, head, template.HTMLEscapeString(p.Lang), title, title); err != nil {
		return err
	}
	for _, one := range p.parts {
		if _, err := io.WriteString(w, string(one.html)); err != nil {
			return err
		}
	}
	_, err := io.WriteString(w, "</body></html>\n")
	return err
}

// Text is the page for a terminal, without pictures.
func (p *Page) Text() string {
	out := p.Title + "\n\n"
	for _, one := range p.parts {
		if one.text != "" {
			out += one.text + "\n"
		}
	}
	return strings.TrimRight(out, "\n") + "\n"
}

const textWidth = 100

// wrap breaks lines at spaces.
func wrap(text string, limit int) string {
	out, line := "", 0
	for i, word := range strings.Fields(text) {
		w := width(word)
		switch {
		case i == 0:
		case line+1+w > limit:
			out, line = out+"\n", 0
		default:
			out, line = out+" ", line+1
		}
		out, line = out+word, line+w
	}
	return out
}

// width is how many columns a terminal needs: Hangul and other wide letters
// take two.
func width(text string) int {
	n := 0
	for _, r := range text {
		n++
		if r >= 0x1100 && (r <= 0x115f || r >= 0x2e80 && r <= 0xa4cf || r >= 0xac00 && r <= 0xd7a3 || r >= 0xf900 && r <= 0xfaff || r >= 0xff00 && r <= 0xff60) {
			n++
		}
	}
	return n
}

func isNumber(cell string) bool {
	r, _ := utf8.DecodeRuneInString(strings.TrimLeft(cell, "−-+±₩$ "))
	return r >= '0' && r <= '9' && !strings.ContainsAny(cell, ":") && strings.Count(cell, "-") < 2
}

// Grid aligns the columns of a table for a terminal.
func Grid(header []string, rows [][]string) string {
	wide := make([]int, len(header))
	right := make([]bool, len(header))
	for i, h := range header {
		wide[i] = width(h)
		right[i] = len(rows) > 0
	}
	for _, row := range rows {
		for i, cell := range row {
			wide[i] = max(wide[i], width(cell))
			right[i] = right[i] && (cell == "" || isNumber(cell))
		}
	}
	var out strings.Builder
	write := func(row []string) {
		line := ""
		for i, cell := range row {
			gap := strings.Repeat(" ", wide[i]-width(cell))
			if right[i] {
				line += gap + cell + "  "
			} else {
				line += cell + gap + "  "
			}
		}
		out.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	write(header)
	for _, row := range rows {
		write(row)
	}
	return out.String()
}
