// SPDX-License-Identifier: Apache-2.0

package tabular

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"dangol/internal/platform/fault"
)

// Options say how a file is read; zero values are recognised by themselves.
type Options struct {
	// Kinds fixes the kind of named columns; a value that does not fit is an error that names its row.
	Kinds map[string]Kind
	// Columns limits what is read; empty is everything.
	Columns []string
	// Delimiter parts the cells of a CSV row.
	Delimiter rune
	// Encoding is utf-8, cp949, utf-16le or utf-16be.
	Encoding string
	// IsHeaderless says that the first row holds values; columns are then named c1, c2 …
	IsHeaderless bool
}

// largestFile is how much text is read into memory; beyond it a file belongs
// into the warehouse.
const largestFile = 4 << 30

var parquetMark = []byte("PAR1")

// Read reads a CSV, gzip CSV or Parquet file. It returns fault.NotFound when
// there is no such file and fault.Invalid when it cannot be read as a table.
func Read(path string, o Options) (*Table, error) {
	raw, err := load(path)
	if err != nil {
		return nil, err
	}
	if bytes.HasPrefix(raw, parquetMark) {
		return readParquet(path, raw, o)
	}
	text, encoding, err := decode(raw, o.Encoding)
	if err != nil {
		return nil, inFile(path, err)
	}
	table, err := readCSV(text, o)
	if err != nil {
		return nil, inFile(path, err)
	}
	table.Encoding = encoding
	return table, nil
}

// Text reads a file, packed or not, as UTF-8 text.
func Text(path string) (string, error) {
	raw, err := load(path)
	if err != nil {
		return "", err
	}
	text, _, err := decode(raw, "")
	if err != nil {
		return "", inFile(path, err)
	}
	return text, nil
}

func inFile(path string, err error) error {
	return fault.New(fault.Invalid, "tabular.bad_file", "{file}: {why}", "file", filepath.Base(path), "why", err.Error())
}

// load reads a file into memory and unpacks gzip.
func load(path string) ([]byte, error) {
	file, err := os.Open(path) //nolint:gosec // the person names the file on the command line
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fault.New(fault.NotFound, "tabular.no_file", "There is no file {file}.", "file", path)
	}
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "tabular.cannot_open", "{file} cannot be opened.", "file", path)
	}
	defer func() { _ = file.Close() }()
	if info, err := file.Stat(); err == nil && info.IsDir() {
		return nil, fault.New(fault.Invalid, "tabular.is_folder", "{file} is a folder; name a file.", "file", path)
	}
	raw, err := readAll(file)
	if err == nil && bytes.HasPrefix(raw, []byte{0x1f, 0x8b}) {
		raw, err = unpack(raw)
	}
	if err != nil {
		return nil, inFile(path, err)
	}
	return raw, nil
}

func unpack(raw []byte) ([]byte, error) {
	packed, err := gzip.NewReader(bytes.NewReader(raw))
	if err == nil {
		raw, err = readAll(packed)
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, errors.New("the packed file breaks off; copy it again")
	}
	if err != nil {
		return nil, fmt.Errorf("the packed file is damaged; copy it again (%w)", err)
	}
	return raw, nil
}

func readAll(r io.Reader) ([]byte, error) {
	raw, err := io.ReadAll(io.LimitReader(r, largestFile+1))
	if err == nil && len(raw) > largestFile {
		err = errors.New("more than 4 GiB of text do not fit into memory; write the file as Parquet with fewer columns")
	}
	return raw, err
}
