// SPDX-License-Identifier: Apache-2.0

package reader

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strings"

	"github.com/xuri/excelize/v2"

	"dangol/internal/platform/fault"
)

var (
	zipMagic = []byte("PK\x03\x04")
	oleMagic = []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")
	// encryptedPackage is the name of the stream in which protected workbooks lie, as UTF-16.
	encryptedPackage = []byte("E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00")
)

const (
	// smallPart bounds the parts of a workbook that are read whole: its list of sheets, relations and styles.
	smallPart = 32 << 20
	// protectedLimit bounds protected workbooks, which have to be decrypted in memory.
	protectedLimit = 256 << 20
)

// workbook is an open XLSX file.
type workbook struct {
	parts   map[string]*zip.File
	limits  Limits
	sheets  []sheetEntry
	strings *sharedStrings
	styles  []numberFormat
	is1904  bool
}

type sheetEntry struct {
	name   string
	part   string
	hidden bool
}

// openSheet opens a workbook and stands in front of the first data row of its sheet.
func (f *File) openSheet(s *source, o Options) error {
	at, size, err := plainWorkbook(s, o)
	if err != nil {
		return err
	}
	book, err := readWorkbook(at, size, o.Limits)
	if err != nil {
		return err
	}
	for _, entry := range book.sheets {
		f.shape.Sheets = append(f.shape.Sheets, entry.name)
	}
	rows, err := f.chooseSheet(book, o)
	if err != nil {
		return err
	}
	f.rows, f.pads = rows, true
	if err := f.describe(o, nil); err != nil {
		return err
	}
	rows.estimate()
	rows.fillTo = f.shape.HeaderRow
	f.shape.RowsAbout = max(f.shape.RowsAbout, rows.about-int64(f.shape.HeaderRow))
	return rows.skipTo(f.start(rows))
}

// chooseSheet takes the sheet of the options, else the first visible one that holds a row.
func (f *File) chooseSheet(book *workbook, o Options) (*sheet, error) {
	var first *sheet
	for pass := range 2 {
		for _, entry := range book.sheets {
			if o.Sheet != "" && entry.name != o.Sheet || o.Sheet == "" && entry.hidden != (pass == 1) {
				continue
			}
			rows, err := newSheet(book, entry)
			if err != nil {
				return nil, err
			}
			f.shape.Sheet = entry.name
			if first == nil {
				first = rows
			}
			if o.Sheet != "" || rows.hasRows() {
				return rows, rows.skipTo(Position{})
			}
		}
		if o.Sheet != "" {
			return nil, fault.New(fault.Invalid, "file.sheet", "The workbook has no sheet {sheet}. Its sheets are {sheets}.", "sheet", o.Sheet, "sheets", strings.Join(f.shape.Sheets, ", "))
		}
	}
	if first == nil {
		return nil, damagedWorkbook(nil)
	}
	f.shape.Sheet = f.shape.Sheets[0]
	return first, first.skipTo(Position{})
}

func damagedWorkbook(cause error) error {
	if cause != nil {
		return fault.Wrap(cause, fault.Invalid, "file.workbook", "The workbook is damaged or was cut in the middle. Save it again in the spreadsheet program and upload it again.")
	}
	return fault.New(fault.Invalid, "file.workbook", "The workbook is damaged or was cut in the middle. Save it again in the spreadsheet program and upload it again.")
}

// plainWorkbook returns the bytes of the workbook, decrypted when it is protected.
func plainWorkbook(s *source, o Options) (io.ReaderAt, int64, error) {
	var magic [8]byte
	n, err := s.at.ReadAt(magic[:], 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, 0, err
	}
	if !bytes.Equal(magic[:n], oleMagic) && !s.isGzip {
		return s.at, s.size, nil
	}
	r, err := s.open(0)
	if err != nil {
		return nil, 0, err
	}
	raw, err := io.ReadAll(io.LimitReader(r, protectedLimit+1))
	switch {
	case err != nil:
		return nil, 0, err
	case len(raw) > protectedLimit:
		return nil, 0, fault.New(fault.TooLarge, "file.protected_size", "A protected or packed workbook may have at most {limit}. Save it without protection or as CSV.", "limit", megabytes(protectedLimit))
	case !bytes.HasPrefix(raw, oleMagic):
		return bytes.NewReader(raw), int64(len(raw)), nil
	case !bytes.Contains(raw, encryptedPackage):
		return nil, 0, fault.New(fault.Invalid, "file.old_workbook", "This is a workbook of before 2007 (.xls). Open it in the spreadsheet program and save it as .xlsx or CSV.")
	case o.Password == "":
		return nil, 0, fault.New(fault.Invalid, "file.password", "The workbook is protected with a password. Give the password, or save the workbook without one.")
	}
	plain, err := decrypt(raw, o.Password)
	if err != nil || !bytes.HasPrefix(plain, zipMagic) {
		return nil, 0, fault.New(fault.Invalid, "file.wrong_password", "The password does not open the workbook.")
	}
	return bytes.NewReader(plain), int64(len(plain)), nil
}

// decrypt guards against panics of the decryption of damaged files.
func decrypt(raw []byte, password string) (plain []byte, err error) {
	defer func() {
		if recover() != nil {
			err = damagedWorkbook(nil)
		}
	}()
	return excelize.Decrypt(raw, &excelize.Options{Password: password})
}

func readWorkbook(at io.ReaderAt, size int64, limits Limits) (*workbook, error) {
	archive, err := zip.NewReader(at, size)
	if err != nil {
		return nil, damagedWorkbook(err)
	}
	book := &workbook{parts: map[string]*zip.File{}, limits: limits}
	for _, part := range archive.File {
		if len(book.parts) > 100_000 {
			return nil, tooLarge()
		}
		book.parts[strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(part.Name, `\`, "/"), "/"))] = part
	}
	if err := book.readSheets(); err != nil {
		return nil, err
	}
	return book, nil
}

// open opens a part of the workbook within the limits.
func (b *workbook) open(name string) (*partReader, *zip.File, error) {
	part := b.parts[strings.ToLower(name)]
	if part == nil {
		return nil, nil, nil
	}
	r, err := part.Open()
	if err != nil {
		return nil, nil, damagedWorkbook(err)
	}
	packed := &counter{n: int64(part.CompressedSize64)}
	limited := &bounded{r: r, packed: packed, limits: b.limits}
	return &partReader{bounded: limited, closer: r}, part, nil
}

// partReader reads one part of a workbook.
type partReader struct {
	*bounded
	closer io.Closer
}

// Close releases the part.
func (p *partReader) Close() error { return p.closer.Close() }

// small reads a small part whole into the value; a part that is not there leaves it as it is.
func (b *workbook) small(name string, into any) error {
	r, part, err := b.open(name)
	if err != nil || part == nil {
		return err
	}
	defer r.Close() //nolint:errcheck // nothing is written
	err = xml.NewDecoder(io.LimitReader(r, smallPart)).Decode(into)
	if _, isFault := fault.As(err); err != nil && !isFault {
		return damagedWorkbook(err)
	}
	return err
}

type relations struct {
	List []struct {
		ID     string `xml:"Id,attr"`
		Type   string `xml:"Type,attr"`
		Target string `xml:"Target,attr"`
	} `xml:"Relationship"`
}

// readSheets follows the relations from the package to the workbook and on to its sheets, strings and styles.
func (b *workbook) readSheets() error {
	var root relations
	if err := b.small("_rels/.rels", &root); err != nil {
		return err
	}
	main := "xl/workbook.xml"
	for _, r := range root.List {
		if strings.HasSuffix(r.Type, "/officeDocument") {
			main = strings.TrimPrefix(r.Target, "/")
		}
	}
	if b.parts[strings.ToLower(main)] == nil {
		return fault.New(fault.Invalid, "file.zip", "This packed file holds no workbook. Unpack it and upload the files in it one by one.")
	}
	var content struct {
		Properties struct {
			Date1904 string `xml:"date1904,attr"`
		} `xml:"workbookPr"`
		Sheets []struct {
			Name  string     `xml:"name,attr"`
			State string     `xml:"state,attr"`
			Attrs []xml.Attr `xml:",any,attr"`
		} `xml:"sheets>sheet"`
	}
	if err := b.small(main, &content); err != nil {
		return err
	}
	b.is1904 = content.Properties.Date1904 == "1" || content.Properties.Date1904 == "true"
	var own relations
	if err := b.small(path.Join(path.Dir(main), "_rels", path.Base(main)+".rels"), &own); err != nil {
		return err
	}
	targets := map[string]string{}
	stringsPart, stylesPart := "", ""
	for _, r := range own.List {
		target := r.Target
		if !strings.HasPrefix(target, "/") {
			target = path.Join(path.Dir(main), target)
		}
		target = strings.TrimPrefix(target, "/")
		targets[r.ID] = target
		switch {
		case strings.HasSuffix(r.Type, "/sharedStrings"):
			stringsPart = target
		case strings.HasSuffix(r.Type, "/styles"):
			stylesPart = target
		}
	}
	for _, s := range content.Sheets {
		for _, a := range s.Attrs {
			if a.Name.Local == "id" && b.parts[strings.ToLower(targets[a.Value])] != nil {
				b.sheets = append(b.sheets, sheetEntry{name: s.Name, part: targets[a.Value], hidden: s.State != "" && s.State != "visible"})
			}
		}
	}
	if len(b.sheets) == 0 {
		return damagedWorkbook(nil)
	}
	if err := b.readStyles(stylesPart); err != nil {
		return err
	}
	return b.readStrings(stringsPart)
}

// sharedStrings are the texts of a workbook, one behind the other.
type sharedStrings struct {
	text []byte
	ends []uint32
}

func (s *sharedStrings) at(i int) []byte {
	if i < 0 || i >= len(s.ends) {
		return nil
	}
	start := uint32(0)
	if i > 0 {
		start = s.ends[i-1]
	}
	return s.text[start:s.ends[i]]
}

func (b *workbook) readStrings(part string) error {
	b.strings = &sharedStrings{}
	if part == "" {
		return nil
	}
	r, entry, err := b.open(part)
	if err != nil || entry == nil {
		return err
	}
	defer r.Close() //nolint:errcheck // nothing is written
	x := newXMLScanner(r, b.limits.CellBytes)
	reading, phonetic := false, false
	for {
		token, err := x.next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			if _, isFault := fault.As(err); isFault {
				return err
			}
			return damagedWorkbook(err)
		case token.kind == 't':
			if reading && !phonetic {
				b.strings.text = appendText(b.strings.text, token.text)
			}
		case token.ends("si"):
			b.strings.ends = append(b.strings.ends, uint32(len(b.strings.text)))
			if int64(len(b.strings.text))+4*int64(len(b.strings.ends)) > min(b.limits.StringBytes, 1<<32-1) {
				return fault.New(fault.TooLarge, "file.strings", "The texts of the workbook take more than {limit}. Save the sheet as CSV and load that.", "limit", megabytes(int(b.limits.StringBytes)))
			}
		case string(token.name) == "t":
			reading = token.kind == '<'
		case string(token.name) == "rPh":
			phonetic = token.kind == '<'
		}
	}
}
