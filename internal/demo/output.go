// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"strconv"
)

// output is the open files; the call center's sheet is written as XML inside its archive.
type output struct {
	company  *Company
	files    [fileCount]*os.File
	writers  [fileCount]*bufio.Writer
	sheet    *sheet
	truth    *os.File
	truthOut *bufio.Writer
	count    [counterCount]int64
	revenues []int64
	scratch  []byte
}

const writeBuffer = 1 << 18

func openOutput(o Options, company *Company) (*output, error) {
	out := &output{company: company}
	for i := range company.Files {
		f, err := os.Create(company.Files[i].Path)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("create an export: %w", err), out.close())
		}
		out.files[i], out.writers[i] = f, bufio.NewWriterSize(f, writeBuffer)
		if _, err := out.writers[i].WriteString(headerOf(i)); err != nil {
			return nil, errors.Join(fmt.Errorf("write %s: %w", f.Name(), err), out.close())
		}
	}
	var err error
	if out.sheet, err = newSheet(out.writers[fileCalls]); err != nil {
		return nil, errors.Join(fmt.Errorf("write the sheet: %w", err), out.close())
	}
	if o.TruthFile != "" {
		if out.truth, err = os.OpenFile(o.TruthFile, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600); err != nil {
			return nil, errors.Join(fmt.Errorf("create the truth file: %w", err), out.close())
		}
		out.truthOut = bufio.NewWriterSize(out.truth, writeBuffer)
		if _, err := out.truthOut.WriteString("file,row,person_id,household_id\n"); err != nil {
			return nil, errors.Join(fmt.Errorf("write the truth file: %w", err), out.close())
		}
	}
	return out, nil
}

func (out *output) write(c *chunk) error {
	for i := range c.files {
		f := &c.files[i]
		if out.truth != nil {
			out.writeTruth(i, f, c)
		}
		out.company.Files[i].Rows += f.rows
		if i == fileCalls {
			if err := out.writeCalls(f); err != nil {
				return fmt.Errorf("write the sheet: %w", err)
			}
			continue
		}
		if _, err := out.writers[i].Write(f.data); err != nil {
			return fmt.Errorf("write %s: %w", out.files[i].Name(), err)
		}
	}
	for i, n := range c.count {
		out.count[i] += n
	}
	out.revenues = append(out.revenues, c.revenues...)
	return nil
}

// writeTruth relies on the buffered writer to keep the first error until it is flushed.
func (out *output) writeTruth(file int, f *part, c *chunk) {
	row := out.company.Files[file].Rows
	for i, person := range f.owners {
		out.scratch = append(append(out.scratch[:0], out.company.Files[file].Name...), ',')
		out.scratch = append(strconv.AppendInt(out.scratch, row+int64(i)+1, 10), ',')
		out.scratch = append(strconv.AppendInt(out.scratch, int64(person)+1, 10), ',')
		out.scratch = append(strconv.AppendInt(out.scratch, int64(c.households[person-c.plan.firstPerson])+1, 10), '\n')
		_, _ = out.truthOut.Write(out.scratch)
	}
}

func (out *output) writeCalls(f *part) error {
	start := 0
	for _, end := range f.ends {
		if err := out.sheet.row(bytes.Split(f.data[start:end], []byte(cellSeparator))); err != nil {
			return err
		}
		start = end
	}
	return nil
}

// finish writes the small files and the end of the sheet, and turns counters into rates.
func (out *output) finish(w *world) error {
	if err := out.sheet.close(); err != nil {
		return fmt.Errorf("write the sheet: %w", err)
	}
	for file, data := range map[int][]byte{fileProducts: w.goods.csv(), fileCampaigns: campaignsCSV(w.campaigns, w.calendar)} {
		if _, err := out.writers[file].Write(data); err != nil {
			return fmt.Errorf("write %s: %w", out.files[file].Name(), err)
		}
	}
	for _, writer := range append(out.writers[:], out.truthOut) {
		if writer == nil {
			continue
		}
		if err := writer.Flush(); err != nil {
			return fmt.Errorf("write the exports: %w", err)
		}
	}
	c := out.company
	c.Files[fileProducts].Rows, c.Files[fileCampaigns].Rows = int64(len(w.goods.products)), int64(len(w.campaigns))
	c.Rates = append(rates(&out.count), topShare(out.revenues))
	c.Records, c.Orders = out.count[countRecords], out.count[countOrders]
	c.Lines = c.Files[fileOrdersMember].Rows + c.Files[fileOrdersStore].Rows + c.Files[fileOrdersOnline].Rows
	return nil
}

func (out *output) close() error {
	var err error
	for _, f := range append(out.files[:], out.truth) {
		if f != nil {
			err = errors.Join(err, f.Close())
		}
	}
	return err
}

func (out *output) remove() {
	for _, f := range append(out.files[:], out.truth) {
		if f != nil {
			_ = os.Remove(f.Name())
		}
	}
}
