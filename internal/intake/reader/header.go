// SPDX-License-Identifier: Apache-2.0

package reader

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"dangol/internal/dataquality"
	"dangol/internal/intake/recognise"
)

const (
	// headerSearch is how many rows from the top may be notices and headers.
	headerSearch = 30
	// fullEnough is the share of the width that a header row fills; notices above it fill less.
	fullEnough = 0.6
)

// physical is one row of the beginning of a file.
type physical struct {
	cells  []string
	number int
}

// header is where the header stands and what it says.
type header struct {
	row   int // number of the last header row, 0 when there is none
	rows  int
	texts []string
}

// findHeader looks for the header row among the first rows: below the notices that exporters put above it
// (M-IMP-2), in one row or in two where header cells were merged. forced is Options.HeaderRow.
func findHeader(rows []physical, forced int) header {
	width := commonWidth(rows)
	if forced == NoHeader {
		return header{texts: emptyTexts(width)}
	}
	for i := range rows {
		if forced > 0 {
			if rows[i].number == forced {
				return flatten(rows, i, width, true)
			}
			continue
		}
		if i >= headerSearch {
			break
		}
		if width > 1 && distinct(rows[i].cells) < 2 && filled(rows[i].cells) != 1 { // a title merged over all columns
			continue
		}
		if filled(rows[i].cells) == 0 || float64(filled(rows[i].cells)) < fullEnough*float64(width) && !isGroupRow(rows, i, width) {
			continue
		}
		if !looksLikeHeader(rows, i) {
			break
		}
		if i+1 < len(rows) && knownShare(rows[i].cells) == 0 && knownShare(rows[i+1].cells) >= 0.5 && allHeaderLike(rows[i+1].cells) && !labelsGroups(rows[i].cells, rows[i+1].cells) {
			continue // words above the header, such as who made the list
		}
		return flatten(rows, i, width, false)
	}
	if forced > 0 {
		return header{row: forced, rows: 1, texts: emptyTexts(width)}
	}
	return header{texts: emptyTexts(width)}
}

func emptyTexts(width int) []string { return make([]string, width) }

// commonWidth is the number of columns that most rows fill up to.
func commonWidth(rows []physical) int {
	counts := map[int]int{}
	widest := 0
	for i, row := range rows {
		last := len(row.cells)
		for last > 0 && strings.TrimSpace(row.cells[last-1]) == "" {
			last--
		}
		counts[len(row.cells)]++
		if i < headerSearch || last <= 2*widest {
			widest = max(widest, last)
		}
	}
	common, often := widest, 0
	for width, n := range counts {
		if width > 1 && (n > often || n == often && width > common) {
			common, often = width, n
		}
	}
	if often*2 < len(rows) {
		return widest
	}
	return min(max(common, 1), max(widest, 1))
}

func filled(cells []string) int {
	n := 0
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			n++
		}
	}
	return n
}

// distinct counts the different texts of a row: a title merged over all columns has one.
func distinct(cells []string) int {
	seen := map[string]bool{}
	for _, c := range cells {
		if c = strings.TrimSpace(c); c != "" {
			seen[c] = true
		}
	}
	return len(seen)
}

// isGroupRow reports the upper row of a two-row header: at least two labels, and a full header row below.
func isGroupRow(rows []physical, i, width int) bool {
	if i+1 >= len(rows) || distinct(rows[i].cells) < 2 {
		return false
	}
	return completesHeader(rows, i, width) && labelsGroups(rows[i].cells, rows[i+1].cells)
}

// labelsGroups reports that the upper of two rows names groups of columns and is no notice: its cells were
// merged, or its words are those of headers, or the lower row needs it to tell its columns apart.
func labelsGroups(top, bottom []string) bool {
	const enough = 1.0 / 3
	return isRepeated(top) || knownShare(top) >= enough || distinct(bottom) < filled(bottom)
}

// completesHeader reports whether the row below fills the columns that row i leaves open, with header words.
func completesHeader(rows []physical, i, width int) bool {
	if i+1 >= len(rows) {
		return false
	}
	top, bottom := rows[i].cells, rows[i+1].cells
	both := 0
	for c := range width {
		if cellAt(top, c) != "" || cellAt(bottom, c) != "" {
			both++
		}
	}
	return float64(both) >= fullEnough*float64(width) && allHeaderLike(bottom) && knownShare(bottom) > 0
}

func cellAt(cells []string, i int) string {
	if i < len(cells) {
		return strings.TrimSpace(cells[i])
	}
	return ""
}

// looksLikeHeader weighs the words of the row against the rows below it.
func looksLikeHeader(rows []physical, i int) bool {
	cells := rows[i].cells
	if !allHeaderLike(cells) {
		return knownShare(cells) >= 0.5 || isCodeRow(rows, i)
	}
	if knownShare(cells) > 0 {
		return true
	}
	if contrasts(rows, i) {
		return true
	}
	return !repeatsBelow(rows, i)
}

// allHeaderLike reports that no cell is a number, date, address or other value.
func allHeaderLike(cells []string) bool {
	for _, c := range cells {
		if isValue(c) {
			return false
		}
	}
	return true
}

// longestCode is the length of a short code that heads a column, such as Q1, X9 or VAR_12.
const longestCode = 12

// isCodeRow reports a row in which whatever looks like a value is a short code of a shape that its column
// never has again: surveys and statistics programs head their columns so.
func isCodeRow(rows []physical, i int) bool {
	cells := rows[i].cells
	if len(rows)-i < 3 || distinct(cells) < filled(cells) || repeatsBelow(rows, i) {
		return false
	}
	for c, text := range cells {
		if text = strings.TrimSpace(text); !isValue(text) {
			continue
		}
		own := shapeOf(text)
		if len(text) > longestCode || !strings.HasPrefix(own, "a") || strings.Trim(own, "a0_") != "" {
			return false
		}
		for _, below := range rows[i+1:] {
			if shapeOf(cellAt(below.cells, c)) == own {
				return false
			}
		}
	}
	return true
}

// shapeOf writes runs of letters as a and runs of digits as 0: VAR_12 is a_0.
func shapeOf(text string) string {
	var shape []rune
	for _, r := range text {
		switch {
		case unicode.IsDigit(r):
			r = '0'
		case unicode.IsLetter(r):
			r = 'a'
		}
		if n := len(shape); n == 0 || shape[n-1] != r {
			shape = append(shape, r)
		}
	}
	return string(shape)
}

// isValue reports cells that are data and never the name of a column.
func isValue(c string) bool {
	c = strings.TrimSpace(c)
	if c == "" {
		return false
	}
	if len(c) > 120 || strings.Contains(c, "@") && strings.Contains(c, ".") {
		return true
	}
	digits := 0
	for i := 0; i < len(c); i++ {
		if c[i] >= '0' && c[i] <= '9' {
			digits++
		}
	}
	return digits > 0 && 2*digits >= len(c)
}

func knownShare(cells []string) float64 {
	known, total := 0, 0
	for _, c := range cells {
		if c = strings.TrimSpace(c); c != "" {
			total++
			if recognise.Known(c) {
				known++
			}
		}
	}
	if total == 0 {
		return 0
	}
	return float64(known) / float64(total)
}

// contrasts reports a column whose rows below are values while the cell of row i is none.
func contrasts(rows []physical, i int) bool {
	for c, text := range rows[i].cells {
		if strings.TrimSpace(text) == "" || isValue(text) {
			continue
		}
		values, total := 0, 0
		for _, below := range rows[i+1:] {
			if cell := cellAt(below.cells, c); cell != "" {
				total++
				if isValue(cell) {
					values++
				}
			}
		}
		if total > 0 && float64(values) >= 0.8*float64(total) {
			return true
		}
	}
	return false
}

// repeatsBelow reports that a text of row i comes again in its column, as values do and headers do not.
func repeatsBelow(rows []physical, i int) bool {
	for c, text := range rows[i].cells {
		text = strings.TrimSpace(text)
		if text == "" {
			continue
		}
		for _, below := range rows[i+1:] {
			if cellAt(below.cells, c) == text {
				return true
			}
		}
	}
	return false
}

// flatten gives each column one text; two-row headers become "주소 / 우편번호".
func flatten(rows []physical, i, width int, forced bool) header {
	cells := rows[i].cells
	width = max(width, len(cells))
	top, bottom := -1, i
	switch {
	case forced && i > 0 && isTopOf(rows, i-1, width):
		top = i - 1
	case !forced && filled(cells) < width && distinct(cells) > 1 && isGroupRow(rows, i, width) && fillsGap(cells, rows[i+1].cells, width):
		top, bottom = i, i+1
	case !forced && isRepeated(cells) && completesHeader(rows, i, width):
		top, bottom = i, i+1
	case !forced && i > 0 && isTopOf(rows, i-1, width):
		top = i - 1
	}
	h := header{row: rows[bottom].number, rows: 1, texts: make([]string, width)}
	if top >= 0 {
		h.rows = rows[bottom].number - rows[top].number + 1
	}
	label := ""
	for c := range width {
		below := clean(cellAt(rows[bottom].cells, c))
		if top < 0 {
			h.texts[c] = below
			continue
		}
		if own := clean(cellAt(rows[top].cells, c)); own != "" {
			label = own
		} else if below == "" {
			label = ""
		}
		h.texts[c] = joinLabels(label, below)
	}
	return h
}

// isTopOf reports whether row i holds the labels of groups of the header row below it.
func isTopOf(rows []physical, i, width int) bool {
	cells := rows[i].cells
	return rows[i+1].number == rows[i].number+1 && distinct(cells) > 1 && allHeaderLike(cells) && labelsGroups(cells, rows[i+1].cells) &&
		(filled(cells) < width || isRepeated(cells))
}

// fillsGap reports that the row below writes something where the upper one is empty.
func fillsGap(top, bottom []string, width int) bool {
	for c := range width {
		if cellAt(top, c) == "" && cellAt(bottom, c) != "" {
			return true
		}
	}
	return false
}

// isRepeated reports a row with a text that stands in neighbouring cells, as merged cells do once filled.
func isRepeated(cells []string) bool {
	for i := 1; i < len(cells); i++ {
		if cells[i] != "" && cells[i] == cells[i-1] {
			return true
		}
	}
	return false
}

func joinLabels(top, below string) string {
	switch {
	case top == "" || top == below:
		return below
	case below == "":
		return top
	}
	return top + " / " + below
}

func clean(s string) string {
	line, _ := dataquality.Line(s)
	return line
}

// columnsOf names the columns uniquely and drops empty ones at the end.
func columnsOf(texts []string, sample [][]string) []Column {
	width := len(texts)
	for _, row := range sample {
		for len(row) > width && strings.TrimSpace(row[len(row)-1]) == "" {
			row = row[:len(row)-1]
		}
	}
	for width > 1 && texts[width-1] == "" && !slices.ContainsFunc(sample, func(row []string) bool { return cellAt(row, width-1) != "" }) {
		width--
	}
	columns := make([]Column, width)
	seen := map[string]int{}
	for i := range columns {
		text := texts[i]
		if text == "" {
			text = fmt.Sprintf("column %d", i+1)
		}
		name := text
		for n := 2; seen[strings.ToLower(name)] > 0; n++ {
			name = fmt.Sprintf("%s (%d)", text, n)
		}
		seen[strings.ToLower(name)]++
		columns[i] = Column{Index: i, Header: name, Samples: samplesOf(sample, i)}
	}
	return columns
}

// samplesOf returns up to five different values of the column, without resident numbers.
func samplesOf(sample [][]string, column int) []string {
	const wanted, longest = 5, 200
	samples := []string{}
	for _, row := range sample {
		value := cellAt(row, column)
		if value == "" || slices.Contains(samples, value) {
			continue
		}
		value, _ = dataquality.Redact(value)
		if len(value) > longest {
			value = strings.ToValidUTF8(value[:longest], "") + "…"
		}
		if samples = append(samples, value); len(samples) == wanted {
			break
		}
	}
	return samples
}
