// SPDX-License-Identifier: Apache-2.0

// Package reader turns files of customers and sales into rows of text.
//
// Words: the format of a file is how its rows are written (csv, tsv, xlsx, vcard, html); its shape is
// all that Detect finds out (format, encoding, delimiter, header row, columns with samples); a row
// error is a row that cannot be read while the rows around it can; a position is where to go on later.
// It uses excelize only to open password-protected workbooks, and recognise to know header words.
// It offers Open, File.Next, File.SkipTo, Detect and a CSV writer that is safe to open in a spreadsheet.
package reader
