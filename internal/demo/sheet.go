// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"archive/zip"
	"bufio"
	"compress/flate"
	"io"
	"strconv"
	"unicode/utf8"
)

// sheetRows is the limit of a sheet; further rows go to a second sheet, as the export program of the call
// center does.
const sheetRows = 1_000_000

// sheet streams an Office Open XML workbook: nothing of it is kept in memory, and the bytes depend only on the
// rows (archive entries carry no time).
type sheet struct {
	archive *zip.Writer
	out     *bufio.Writer
	rows    int
	number  int
	line    []byte
}

const (
	xmlHead     = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	sheetStart  = xmlHead + `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cols><col min="1" max="8" width="16" customWidth="1"/></cols><sheetData>`
	sheetMerges = `</sheetData><mergeCells count="4"><mergeCell ref="A1:H1"/><mergeCell ref="A2:C2"/><mergeCell ref="D2:G2"/><mergeCell ref="H2:H3"/></mergeCells></worksheet>`
)

var (
	sheetTop = [][]string{
		{"※ 상담 이력 내려받기: 개인정보가 들어 있으니 외부 반출을 금합니다. 문의: 고객센터 운영파트"},
		{"고객 정보", "", "", "상담", "", "", "", "상담원"},
		{"성명", "전화번호", "회원번호", "상담일시", "상담유형", "상담내용", "처리결과", ""},
	}
	bookFiles = []struct{ name, text string }{
		{"_rels/.rels", xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/styles.xml", xmlHead + `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd\ hh:mm"/></numFmts><fonts count="1"><font><sz val="11"/><name val="맑은 고딕"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf/><xf numFmtId="164" applyNumberFormat="1"/></cellXfs></styleSheet>`},
	}
)

func newSheet(w io.Writer) (*sheet, error) {
	s := &sheet{archive: zip.NewWriter(w)}
	s.archive.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestSpeed) })
	for _, f := range bookFiles {
		if err := s.file(f.name, f.text); err != nil {
			return nil, err
		}
	}
	return s, s.begin()
}

func (s *sheet) file(name, text string) error {
	w, err := s.archive.Create(name)
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, text)
	return err
}

func (s *sheet) begin() error {
	s.number++
	s.rows = 0
	w, err := s.archive.Create("xl/worksheets/sheet" + strconv.Itoa(s.number) + ".xml")
	if err != nil {
		return err
	}
	s.out = bufio.NewWriterSize(w, writeBuffer)
	if _, err := s.out.WriteString(sheetStart); err != nil {
		return err
	}
	for _, top := range sheetTop {
		cells := make([][]byte, len(top))
		for i, text := range top {
			cells[i] = []byte(text)
		}
		if err := s.row(cells); err != nil {
			return err
		}
	}
	return nil
}

// row writes one row; a cell that starts with # is a number, and the fourth column holds times.
func (s *sheet) row(cells [][]byte) error {
	if s.rows == sheetRows {
		if err := s.end(); err != nil {
			return err
		}
		if err := s.begin(); err != nil {
			return err
		}
	}
	s.rows++
	b := strconv.AppendInt(append(s.line[:0], `<row r="`...), int64(s.rows), 10)
	b = append(b, `">`...)
	for i, cell := range cells {
		if len(cell) == 0 {
			continue
		}
		b = strconv.AppendInt(append(append(b, `<c r="`...), byte('A'+i)), int64(s.rows), 10)
		if cell[0] == '#' {
			if i == 3 {
				b = append(b, `" s="1`...)
			}
			b = append(append(append(b, `"><v>`...), cell[1:]...), `</v></c>`...)
			continue
		}
		b = append(b, `" t="inlineStr"><is><t xml:space="preserve">`...)
		b = append(appendXML(b, cell), `</t></is></c>`...)
	}
	s.line = append(b, `</row>`...)
	_, err := s.out.Write(s.line)
	return err
}

func appendXML(b, text []byte) []byte {
	for len(text) > 0 {
		c, n := utf8.DecodeRune(text)
		switch c {
		case '&':
			b = append(b, "&amp;"...)
		case '<':
			b = append(b, "&lt;"...)
		case '>':
			b = append(b, "&gt;"...)
		default:
			b = append(b, text[:n]...)
		}
		text = text[n:]
	}
	return b
}

func (s *sheet) end() error {
	if _, err := s.out.WriteString(sheetMerges); err != nil {
		return err
	}
	return s.out.Flush()
}

// close writes what lists the sheets, last because their number is known only now.
func (s *sheet) close() error {
	if err := s.end(); err != nil {
		return err
	}
	book := xmlHead + `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>`
	links := xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`
	types := xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>`
	for i := 1; i <= s.number; i++ {
		n := strconv.Itoa(i)
		book += `<sheet name="상담이력` + n + `" sheetId="` + n + `" r:id="rId` + n + `"/>`
		links += `<Relationship Id="rId` + n + `" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet` + n + `.xml"/>`
		types += `<Override PartName="/xl/worksheets/sheet` + n + `.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>`
	}
	links += `<Relationship Id="rIdStyles" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/>`
	for _, f := range [][2]string{{"xl/workbook.xml", book + `</sheets></workbook>`}, {"xl/_rels/workbook.xml.rels", links + `</Relationships>`}, {"[Content_Types].xml", types + `</Types>`}} {
		if err := s.file(f[0], f[1]); err != nil {
			return err
		}
	}
	return s.archive.Close()
}
