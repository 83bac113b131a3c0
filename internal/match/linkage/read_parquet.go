// SPDX-License-Identifier: Apache-2.0

package linkage

import (
	"context"
	"fmt"
	"io"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"dangol/internal/platform/fault"
)

// parquetBatch is how many rows are decoded at a time.
const parquetBatch = 16 << 10

type parquetSource struct {
	path   string
	file   *file.Reader
	rows   pqarrow.RecordReader
	names  []string
	batch  arrow.RecordBatch
	at     int
	values []string
}

// badParquet says that a file is damaged.
func badParquet(path string, why any) error {
	return fault.New(fault.Invalid, "match.bad_parquet", fmt.Sprintf("%s cannot be read as Parquet: %v.", path, why))
}

// caught turns a panic of the library, which trusts the pages of a file, into an error.
func caught(path string, err *error) {
	if recover() != nil {
		*err = badParquet(path, "it is damaged")
	}
}

func openParquet(path string) (source RowSource, err error) {
	defer caught(path, &err)
	bad := func(err error) error { return badParquet(path, err) }
	reader, err := file.OpenParquetFile(path, true)
	if err != nil {
		return nil, bad(err)
	}
	records, err := pqarrow.NewFileReader(reader, pqarrow.ArrowReadProperties{BatchSize: parquetBatch}, memory.DefaultAllocator)
	if err != nil {
		return nil, bad(err)
	}
	rows, err := records.GetRecordReader(context.Background(), nil, nil)
	if err != nil {
		return nil, bad(err)
	}
	s := &parquetSource{path: path, file: reader, rows: rows}
	for _, field := range rows.Schema().Fields() {
		s.names = append(s.names, field.Name)
	}
	s.values = make([]string, len(s.names))
	return s, nil
}

// Header returns the names of the columns.
func (s *parquetSource) Header() []string { return s.names }

// Close lets go of the file.
func (s *parquetSource) Close() error {
	s.rows.Release()
	return s.file.Close()
}

// Next returns the next row.
func (s *parquetSource) Next() (row []string, err error) {
	defer caught(s.path, &err)
	for s.batch == nil || s.at == int(s.batch.NumRows()) {
		if !s.rows.Next() {
			if err := s.rows.Err(); err != nil {
				return nil, badParquet(s.path, err)
			}
			return nil, io.EOF
		}
		s.batch, s.at = s.rows.RecordBatch(), 0
	}
	for i, column := range s.batch.Columns() {
		s.values[i] = ""
		if !column.IsNull(s.at) {
			s.values[i] = column.ValueStr(s.at)
		}
	}
	s.at++
	return s.values, nil
}
