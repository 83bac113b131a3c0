// SPDX-License-Identifier: Apache-2.0

package reader

import "slices"

// The formats of files.
const (
	CSV   = "csv"
	TSV   = "tsv"
	XLSX  = "xlsx"
	VCard = "vcard"
	HTML  = "html" // a table in a web page, often named .xls
)

// The encodings of text.
const (
	UTF8    = "utf-8"
	UTF16LE = "utf-16le"
	UTF16BE = "utf-16be"
	CP949   = "cp949" // also what is called EUC-KR, see F-HAN-8
)

// NoHeader says in Options.HeaderRow that the file has no header row.
const NoHeader = -1

// Options override what would be detected; the zero Options detects everything.
type Options struct {
	Format    string // one of the formats
	Encoding  string // one of the encodings
	Delimiter byte   // , tab ; |
	HeaderRow int    // 1-based row of the (last) header row, NoHeader for none
	Sheet     string // name of the sheet of a workbook
	Password  string // of a protected workbook
	Limits    Limits
}

// Limits bound what one file may take; zero fields have the values of DefaultLimits.
type Limits struct {
	CellBytes     int   // longest cell
	RowBytes      int   // longest row
	Columns       int   // most columns
	UnpackedBytes int64 // most bytes that a compressed file may unpack to
	UnpackedRatio int64 // most bytes that one compressed byte may unpack to
	StringBytes   int64 // most bytes of a workbook's shared strings
}

// Column is one column of a file.
type Column struct {
	Index   int      `json:"index"`
	Header  string   `json:"header"` // flattened and unique within the file
	Samples []string `json:"samples"`
}

// Notice is something about the file that a person should know.
type Notice struct {
	Code     string `json:"code"`
	Row      int    `json:"row,omitempty"`
	Severity string `json:"severity"` // error, warning or info
	Message  string `json:"message"`
	Remedy   string `json:"remedy,omitempty"`
}

// Shape is what was found out about a file.
type Shape struct {
	Format      string     `json:"format"`
	Encoding    string     `json:"encoding,omitempty"`
	HasBOM      bool       `json:"has_bom,omitempty"`
	Compression string     `json:"compression,omitempty"` // gzip
	Delimiter   string     `json:"delimiter,omitempty"`
	IsQuoted    bool       `json:"is_quoted,omitempty"`
	Sheet       string     `json:"sheet,omitempty"`
	Sheets      []string   `json:"sheets,omitempty"`
	HeaderRow   int        `json:"header_row"`  // 1-based row of the last header row, 0 when there is none
	HeaderRows  int        `json:"header_rows"` // how many rows the header takes
	Columns     []Column   `json:"columns"`
	Sample      [][]string `json:"-"`          // sampled rows for recognise, from the start, the middle and the end of the file
	RowsAbout   int64      `json:"rows_about"` // estimated number of data rows, for progress
	Notices     []Notice   `json:"notices,omitempty"`
}

// Headers returns the headers of the columns.
func (s *Shape) Headers() []string {
	headers := make([]string, len(s.Columns))
	for i, c := range s.Columns {
		headers[i] = c.Header
	}
	return headers
}

// WithoutSamples returns the shape as it may be kept: values of people stay out, or an erasure would miss them.
func (s Shape) WithoutSamples() Shape {
	s.Sample, s.Columns = nil, slices.Clone(s.Columns)
	for i := range s.Columns {
		s.Columns[i].Samples = []string{}
	}
	return s
}

// RowError is a row that cannot be read; reading goes on with the next row.
type RowError struct {
	Row     int    // row number as Next returns it
	Column  string // header of the column, "" when it is the whole row
	Rule    string // stable id such as row.ragged, row.cut, row.quote, cell.too_long
	Message string
	Remedy  string
	Cells   []string // the cells as far as they could be told apart
	Raw     []byte   // the beginning of the row as it stands in the file, at most 64 KiB
}

// Error returns the message.
func (e *RowError) Error() string { return e.Message }

// Position is where reading can go on after a restart.
type Position struct {
	Row    int   `json:"row"`    // number of the last row that was read
	Offset int64 `json:"offset"` // byte offset behind it in the (unpacked) file, 0 when the format has none
}
