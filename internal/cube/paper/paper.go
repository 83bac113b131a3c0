// SPDX-License-Identifier: Apache-2.0

package paper

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"dangol/internal/cube"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/warehouse"
)

// Paper is what is written.
type Paper struct {
	Title  string
	Locale string // ko or en
	Zone   *time.Location
	Font   []byte // TrueType, with Hangul
	Sheets []cube.Sheet
}

const (
	family     = "text"
	margin     = 14.0
	lineHeight = 6.0
	size       = 9.0
	mostWide   = 9   // columns of a table on portrait paper; more lie across, the rest is named
	mostLines  = 400 // of one table; the workbook has them all
	longestAt  = 60.0
	bottom     = 16.0
)

// Write writes a PDF.
func (p *Paper) Write(w io.Writer) error {
	if len(p.Font) == 0 {
		return fault.New(fault.Unavailable, "cube.no_font", "This program was built without its pages and has no font for PDF; choose xlsx.")
	}
	orientation := "P"
	for _, s := range p.Sheets {
		if len(s.Kinds) > 6 {
			orientation = "L"
		}
	}
	pdf := fpdf.New(orientation, "mm", "A4", "")
	pdf.AddUTF8FontFromBytes(family, "", p.Font)
	pdf.SetMargins(margin, margin, margin)
	pdf.SetAutoPageBreak(true, bottom)
	pdf.SetTitle(p.Title, true)
	pdf.SetFooterFunc(func() {
		pdf.SetY(-12)
		pdf.SetFont(family, "", 8)
		pdf.SetTextColor(120, 126, 136)
		pdf.CellFormat(0, 6, fmt.Sprintf("%s · %d", p.Title, pdf.PageNo()), "", 0, "R", false, 0, "")
	})
	pdf.AddPage()
	pdf.SetFont(family, "", 16)
	pdf.SetTextColor(28, 32, 36)
	pdf.MultiCell(0, 9, p.Title, "", "L", false)
	p.subtitle(pdf)
	for i := range p.Sheets {
		p.sheet(pdf, &p.Sheets[i])
	}
	if err := pdf.Output(w); err != nil {
		return fmt.Errorf("write pdf: %w", err)
	}
	return nil
}

func (p *Paper) say(ko, en string) string {
	if p.Locale == "en" {
		return en
	}
	return ko
}

func (p *Paper) subtitle(pdf *fpdf.Fpdf) {
	if len(p.Sheets) == 0 {
		return
	}
	first := p.Sheets[0]
	text := p.say("데이터 기준 ", "Data as of ") + first.AsOf.At.In(p.Zone).Format("2006-01-02 15:04")
	if first.From != "" {
		text += " · " + first.From + " – " + first.To
	}
	pdf.SetFont(family, "", size)
	pdf.SetTextColor(91, 97, 107)
	pdf.CellFormat(0, lineHeight, text, "", 1, "L", false, 0, "")
}

func (p *Paper) sheet(pdf *fpdf.Fpdf, s *cube.Sheet) {
	pdf.Ln(4)
	if _, height := pdf.GetPageSize(); pdf.GetY() > height-50 {
		pdf.AddPage()
	}
	pdf.SetTextColor(28, 32, 36)
	if s.Title != "" {
		pdf.SetFont(family, "", 12)
		pdf.CellFormat(0, 8, s.Title, "", 1, "L", false, 0, "")
	}
	pdf.SetFont(family, "", size)
	columns := min(len(s.Kinds), mostWide)
	lines := s.Lines[:min(len(s.Lines), mostLines+s.Heads)]
	text := make([][]string, len(lines))
	for i, cells := range lines {
		for k := range columns {
			var cell any
			if k < len(cells) {
				cell = cells[k]
			}
			text[i] = append(text[i], Text(cell, s.Kinds[k]))
		}
	}
	t := p.table(pdf, s, text, columns)
	for i := range lines {
		t.line(i)
	}
	pdf.SetTextColor(91, 97, 107)
	if rest := len(s.Lines) - len(lines); rest > 0 {
		pdf.CellFormat(0, lineHeight, fmt.Sprintf(p.say("%d행이 더 있습니다. 전체는 Excel로 받으세요.", "%d more rows; choose Excel for all."), rest), "", 1, "L", false, 0, "")
	}
	if rest := len(s.Kinds) - columns; rest > 0 {
		pdf.CellFormat(0, lineHeight, fmt.Sprintf(p.say("%d열이 더 있습니다. 전체는 Excel로 받으세요.", "%d more columns; choose Excel for all."), rest), "", 1, "L", false, 0, "")
	}
}

// table is a table being drawn.
type table struct {
	pdf    *fpdf.Fpdf
	sheet  *cube.Sheet
	text   [][]string
	widths []float64
	bar    float64 // width of the bars, 0 for none
	first  int     // column of the first measure
	most   float64
}

func (p *Paper) table(pdf *fpdf.Fpdf, s *cube.Sheet, text [][]string, columns int) *table {
	t := &table{pdf: pdf, sheet: s, text: text, widths: make([]float64, columns), first: -1}
	total := 0.0
	for k := range columns {
		for _, cells := range text {
			t.widths[k] = max(t.widths[k], min(pdf.GetStringWidth(cells[k])+4, longestAt))
		}
		total += t.widths[k]
	}
	pageWidth, _ := pdf.GetPageSize()
	room := pageWidth - 2*margin
	if total > room {
		for k := range t.widths {
			t.widths[k] *= room / total
		}
		return t
	}
	for k, kind := range s.Kinds[:columns] {
		if kind != warehouse.KindText {
			t.first = k
			break
		}
	}
	if t.first < 1 || len(text) < s.Heads+2 {
		return t
	}
	for i, cells := range s.Lines[s.Heads:len(text)] {
		if t.isTotal(s.Heads + i) { // it would dwarf the others
			continue
		}
		t.most = max(t.most, valueAt(cells, t.first))
	}
	if t.most > 0 {
		t.bar = min(room-total, 60)
	}
	return t
}

// isTotal says that a line is the total of the others.
func (t *table) isTotal(i int) bool { return t.sheet.HasTotal && i == len(t.sheet.Lines)-1 }

func valueAt(cells []any, k int) float64 {
	if k >= len(cells) {
		return 0
	}
	switch x := cells[k].(type) {
	case int64:
		return float64(x)
	case float64:
		return x
	}
	return 0
}

func (t *table) line(i int) {
	pdf, isHead := t.pdf, i < t.sheet.Heads
	pdf.SetDrawColor(230, 232, 236)
	if isHead {
		pdf.SetTextColor(91, 97, 107)
	} else {
		pdf.SetTextColor(28, 32, 36)
	}
	for k, text := range t.text[i] {
		align := "L"
		if t.sheet.Kinds[k] != warehouse.KindText {
			align = "R"
		}
		pdf.CellFormat(t.widths[k], lineHeight, fitted(pdf, text, t.widths[k]-2), "B", 0, align, false, 0, "")
	}
	if value := valueAt(t.sheet.Lines[i], max(t.first, 0)); !isHead && !t.isTotal(i) && t.bar > 0 && value > 0 {
		pdf.SetFillColor(62, 99, 221)
		pdf.Rect(pdf.GetX()+2, pdf.GetY()+1.6, (t.bar-4)*value/t.most, lineHeight-3.2, "F")
	}
	pdf.Ln(lineHeight)
}

// fitted cuts a text that is wider than its cell.
func fitted(pdf *fpdf.Fpdf, text string, width float64) string {
	if pdf.GetStringWidth(text) <= width {
		return text
	}
	letters := []rune(text)
	for len(letters) > 1 && pdf.GetStringWidth(string(letters)+"…") > width {
		letters = letters[:len(letters)-1]
	}
	return string(letters) + "…"
}

// Text writes a cell as people read it.
func Text(v any, kind warehouse.Kind) string {
	switch x := v.(type) {
	case nil:
		return ""
	case int64:
		return grouped(strconv.FormatInt(x, 10))
	case float64:
		if kind == warehouse.KindPercent {
			return strconv.FormatFloat(x*100, 'f', 1, 64) + "%"
		}
		if x == math.Trunc(x) && math.Abs(x) < 1e15 {
			return grouped(strconv.FormatFloat(x, 'f', 0, 64))
		}
		return grouped(strconv.FormatFloat(x, 'f', 2, 64))
	}
	return fmt.Sprint(v)
}

// grouped sets commas between thousands.
func grouped(digits string) string {
	whole, rest, hasRest := strings.Cut(digits, ".")
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "-", whole[1:]
	}
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if hasRest {
		return sign + whole + "." + rest
	}
	return sign + whole
}
