// SPDX-License-Identifier: Apache-2.0

package clickhouse

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"dangol/internal/platform/warehouse"
	"dangol/internal/platform/warehouse/image"
)

// Columns beside those of the warehouse: keyColumn is the subject or key, never NULL; versionColumn tells when the
// row was mirrored; timeColumn is what rows of a customer are ordered by.
const (
	prefix        = "dangol_"
	gonePrefix    = "dangol_gone_"
	localSuffix   = "_local"
	keyColumn     = "k_"
	versionColumn = "v_"
	timeColumn    = "t_"
	monthSuffix   = "__month"    // year*12+month-1 of a date or time
	monthDaySufix = "__monthday" // month*100+day of it
	noKey         = math.MinInt64
)

func quoted(name string) string {
	return "`" + strings.NewReplacer(`\`, `\\`, "`", "\\`").Replace(name) + "`"
}

func isDated(kind string) bool { return kind == warehouse.Date || kind == warehouse.Timestamp }

// columnsOf lists the columns of a mirrored table with their types, in the order in which rows are written.
func columnsOf(t *image.Table) (names, kinds []string) {
	add := func(name, kind string) { names, kinds = append(names, name), append(kinds, kind) }
	add(keyColumn, "Int64")
	add(versionColumn, "Int64")
	add(timeColumn, "Int64")
	add(t.Key, "Nullable(Int64)")
	for _, c := range t.Columns {
		switch c.Type {
		case warehouse.Varchar:
			add(c.Name, "Nullable(String)")
		case warehouse.Double:
			add(c.Name, "Nullable(Float64)")
		default:
			add(c.Name, "Nullable(Int64)")
		}
		if isDated(c.Type) {
			add(c.Name+monthSuffix, "Nullable(Int64)")
			add(c.Name+monthDaySufix, "Nullable(Int64)")
		}
	}
	return names, kinds
}

// create makes the tables of a warehouse table anew on every host.
func (c *client) create(ctx context.Context, t *image.Table) error {
	names, kinds := columnsOf(t)
	parts := make([]string, len(names))
	for i := range names {
		parts[i] = quoted(names[i]) + " " + kinds[i]
	}
	gone := []string{keyColumn + " Int64", versionColumn + " Int64"}
	for _, host := range c.hosts {
		if err := c.createOn(ctx, host, prefix+t.Name, parts, timeColumn); err != nil {
			return err
		}
		if err := c.createOn(ctx, host, gonePrefix+t.Name, gone, versionColumn); err != nil {
			return err
		}
	}
	return nil
}

func (c *client) createOn(ctx context.Context, host, name string, columns []string, then string) error {
	local := name
	statements := []string{}
	if c.cluster != "" {
		local = name + localSuffix
		statements = append(statements, "DROP TABLE IF EXISTS "+quoted(name))
	}
	statements = append(statements, "DROP TABLE IF EXISTS "+quoted(local), "CREATE TABLE "+quoted(local)+" ("+strings.Join(columns, ", ")+
		") ENGINE = MergeTree PARTITION BY tuple() ORDER BY ("+keyColumn+", "+then+")")
	if c.cluster != "" {
		statements = append(statements, "CREATE TABLE "+quoted(name)+" AS "+quoted(local)+" ENGINE = Distributed("+quoted(c.cluster)+", "+
			quoted(c.database)+", "+quoted(local)+", intHash64("+keyColumn+"))")
	}
	for _, s := range statements {
		if err := c.exec(ctx, host, s, nil); err != nil {
			return fmt.Errorf("make table %s: %w", name, err)
		}
	}
	return nil
}

// load streams rows of the warehouse into the mirror.
func (c *client) load(ctx context.Context, source image.Reading, t *image.Table, which image.Which, version int64) (rows int64, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	reader, writer := io.Pipe()
	read := make(chan error, 1)
	go func() {
		out := bufio.NewWriterSize(writer, 1<<20)
		n, err := writeRows(ctx, out, source, t, which, version)
		rows = n
		err = errors.Join(err, out.Flush())
		_ = writer.CloseWithError(err) // nil is the end of the data
		read <- err
	}()
	names, _ := columnsOf(t)
	for i := range names {
		names[i] = quoted(names[i])
	}
	statement := "INSERT INTO " + quoted(prefix+t.Name) + " (" + strings.Join(names, ", ") + ") FORMAT TabSeparated"
	answer, err := c.send(ctx, c.hosts[0], statement, reader, map[string]string{"insert_distributed_sync": "1"})
	if err == nil {
		_, err = io.Copy(io.Discard, answer)
		err = errors.Join(err, answer.Close())
	}
	cancel()
	_ = reader.CloseWithError(err)
	readErr := <-read
	if err != nil {
		return 0, fmt.Errorf("mirror %s: %w", t.Name, err)
	}
	return rows, readErr
}

func writeRows(ctx context.Context, out *bufio.Writer, source image.Reading, t *image.Table, which image.Which, version int64) (n int64, err error) {
	at := -1
	for i := range t.Columns {
		if t.Columns[i].Name == t.Time {
			at = i
		}
	}
	w := rowWriter{out: out, table: t, version: strconv.FormatInt(version, 10), time: at}
	err = source.Read(ctx, t.Name, t.Key, t.Columns, which, func(rows int, series []image.Series) error {
		for i := range rows {
			if err := w.write(i, series); err != nil {
				return err
			}
		}
		n += int64(rows)
		return ctx.Err()
	})
	return n, err
}

// rowWriter writes rows as TabSeparated.
type rowWriter struct {
	out     *bufio.Writer
	table   *image.Table
	version string
	time    int
	scratch []byte
}

func (w *rowWriter) write(i int, series []image.Series) error {
	line := w.scratch[:0]
	whole := func(n int64) { line = append(strconv.AppendInt(line, n, 10), '\t') }
	none := func() { line = append(line, `\N`+"\t"...) }
	key, moment := int64(noKey), int64(0)
	if series[0].Has(i) {
		key = series[0].Number(i)
	}
	if w.time >= 0 && series[w.time+1].Has(i) {
		moment = series[w.time+1].Number(i)
	}
	whole(key)
	line = append(append(line, w.version...), '\t')
	whole(moment)
	if key == noKey {
		none()
	} else {
		whole(key)
	}
	for c, column := range w.table.Columns {
		s := &series[c+1]
		switch {
		case !s.Has(i):
			none()
		case column.Type != warehouse.Varchar && s.Decimal == nil:
			whole(s.Number(i))
		case s.Decimal != nil:
			line = append(strconv.AppendFloat(line, s.Decimal[i], 'g', -1, 64), '\t')
		default:
			line = append(append(line, escaper.Replace(string(s.Bytes[s.Offsets[i]:s.Offsets[i+1]]))...), '\t')
		}
		if isDated(column.Type) {
			if !s.Has(i) {
				none()
				none()
				continue
			}
			day := dayOf(column.Type, s.Number(i))
			whole(int64(day.Year())*12 + int64(day.Month()) - 1)
			whole(int64(day.Month())*100 + int64(day.Day()))
		}
	}
	line[len(line)-1] = '\n'
	w.scratch = line
	_, err := w.out.Write(line)
	return err
}

func dayOf(kind string, n int64) time.Time {
	if kind == warehouse.Timestamp {
		return time.UnixMicro(n).UTC()
	}
	return time.Unix(n*24*60*60, 0).UTC()
}
