// SPDX-License-Identifier: Apache-2.0

package duckdb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	driverpkg "github.com/duckdb/duckdb-go/v2"

	"dangol/internal/platform/warehouse"
	"dangol/internal/platform/warehouse/image"
)

var _ image.Source = (*Columns)(nil)

// Follower hears of every change before the next one is taken in.
type Follower interface {
	// Changed tells what was taken in; from reads exactly the state at position.
	Changed(ctx context.Context, from image.Reading, position warehouse.Position, changes []image.Change)
	// Replaced tells that a derived table was written anew.
	Replaced(table string, position warehouse.Position)
}

// Attach makes f hear of changes from now on; it is called before Follow.
func (w *Warehouse) Attach(f Follower) {
	w.writing.Lock()
	defer w.writing.Unlock()
	w.followers = append(w.followers, f)
}

func (w *Warehouse) tellChanged(ctx context.Context, changes []change) {
	if len(w.followers) == 0 {
		return
	}
	list := make([]image.Change, len(changes))
	for i, c := range changes {
		list[i] = image.Change{Table: c.table.Name, IDs: c.ids, All: c.all}
	}
	for _, f := range w.followers {
		f.Changed(ctx, &Columns{w: w}, w.Position(), list)
	}
}

// Columns reads the warehouse column by column, for the image.
type Columns struct{ w *Warehouse }

// Columns returns the source of the image.
func (w *Warehouse) Columns() *Columns { return &Columns{w} }

// Position is what the rows read include, if nothing changes meanwhile.
func (c *Columns) Position() warehouse.Position { return c.w.Position() }

// Column says whether a table has a column at this moment, and its type.
func (c *Columns) Column(table, column string) (string, bool) { return c.w.Column(table, column) }

// Hold keeps the warehouse as it is while fn reads it.
func (c *Columns) Hold(ctx context.Context, fn func(image.Reading) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	c.w.writing.Lock()
	defer c.w.writing.Unlock()
	return fn(c)
}

// Same looks at one row and asks for a single row that differs: the least and
// greatest values kept beside the columns answer that without reading them.
func (c *Columns) Same(ctx context.Context, table string, columns []warehouse.Column) ([]image.Same, error) {
	list := make([]image.Same, len(columns))
	for i, col := range columns {
		if err := c.same(ctx, table, col, &list[i]); err != nil {
			return nil, fmt.Errorf("look at %s of %s: %w", col.Name, table, problem(ctx, err))
		}
	}
	return list, nil
}

func (c *Columns) same(ctx context.Context, table string, col warehouse.Column, to *image.Same) error {
	name, from := quote(col.Name), " FROM "+quote(table)
	value := "CAST(" + plainExpression(col) + " AS BIGINT)"
	var number sql.NullInt64
	var text sql.NullString
	var decimal sql.NullFloat64
	dest, isThere := any(&number), &number.Valid
	switch col.Type {
	case warehouse.Varchar:
		dest, isThere, value = &text, &text.Valid, name
	case warehouse.Double:
		dest, isThere, value = &decimal, &decimal.Valid, name
	case warehouse.Timestamp:
		value = "epoch_us(" + name + ")"
	case warehouse.Date:
		value = "CAST(" + name + " - DATE '1970-01-01' AS BIGINT)"
	}
	if err := c.w.db.QueryRowContext(ctx, "SELECT "+value+from+" LIMIT 1").Scan(dest); err != nil {
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	}
	to.Whole, to.Text, to.Decimal, to.IsMissing = number.Int64, text.String, decimal.Float64, !*isThere
	others := []string{name + " IS NOT NULL"}
	if !to.IsMissing {
		others = []string{name + " IS NULL", name + " <> (SELECT " + name + from + " LIMIT 1)"}
	}
	for _, where := range others {
		var one int
		switch err := c.w.db.QueryRowContext(ctx, "SELECT 1"+from+" WHERE "+where+" LIMIT 1").Scan(&one); {
		case err == nil:
			return nil // a row that differs
		case !errors.Is(err, sql.ErrNoRows):
			return err
		}
	}
	to.IsSame = true
	return nil
}

// idsInText is up to how many ids stand in the statement itself.
const idsInText = 500

// Read streams the key and the columns of rows, in any order.
func (c *Columns) Read(ctx context.Context, table, key string, columns []warehouse.Column, which image.Which, emit func(rows int, columns []image.Series) error) (err error) {
	conn, err := c.w.db.Conn(ctx)
	if err != nil {
		return asFault(err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	where, err := c.where(ctx, conn, key, which)
	if err != nil {
		return asFault(err)
	}
	parts := make([]string, 0, len(columns)+1)
	parts = append(parts, quote(key))
	for _, col := range columns {
		parts = append(parts, plainExpression(col))
	}
	query := "SELECT " + strings.Join(parts, ", ") + " FROM " + quote(table) + where
	err = conn.Raw(func(raw any) error {
		link, err := driverpkg.NewArrowFromConn(raw.(driver.Conn))
		if err != nil {
			return err
		}
		rows, err := link.QueryContext(ctx, query)
		if err != nil {
			return err
		}
		defer rows.Release()
		series := make([]image.Series, len(parts))
		for rows.Next() {
			batch := rows.RecordBatch()
			for i := range series {
				if err := toSeries(batch.Column(i), &series[i]); err != nil {
					return err
				}
			}
			if err := emit(int(batch.NumRows()), series); err != nil {
				return err
			}
		}
		return rows.Err()
	})
	if err != nil {
		return fmt.Errorf("read %s for the image: %w", table, problem(ctx, err))
	}
	return nil
}

// plainExpression reads a column as a type that toSeries knows.
func plainExpression(c warehouse.Column) string {
	if c.Type == warehouse.Boolean {
		return "CAST(" + quote(c.Name) + " AS INTEGER)"
	}
	return quote(c.Name)
}

func (c *Columns) where(ctx context.Context, conn *sql.Conn, key string, which image.Which) (string, error) {
	name := quote(key)
	switch {
	case which.All:
		return "", nil
	case which.IsNull:
		return " WHERE " + name + " IS NULL", nil
	case which.IDs == nil:
		return fmt.Sprintf(" WHERE %s BETWEEN %d AND %d", name, which.From, which.To), nil
	case len(which.IDs) <= idsInText:
		marks := make([]string, len(which.IDs))
		for i, id := range which.IDs {
			marks[i] = strconv.FormatInt(id, 10)
		}
		return " WHERE " + name + " IN (" + strings.Join(marks, ", ") + ")", nil
	}
	const table = "image_ids"
	if _, err := conn.ExecContext(ctx, "CREATE OR REPLACE TEMP TABLE "+table+" (id BIGINT)"); err != nil {
		return "", err
	}
	load := func(_ context.Context, emit func(row ...any) error) error {
		for _, id := range which.IDs {
			if err := emit(id); err != nil {
				return err
			}
		}
		return nil
	}
	idColumn := []warehouse.Column{{Name: "id", Type: warehouse.BigInt}}
	if _, err := c.w.fill(ctx, conn, table, idColumn, []warehouse.Part{load}, nil); err != nil {
		return "", err
	}
	return fmt.Sprintf(" WHERE %s BETWEEN %d AND %d AND %s IN (SELECT id FROM %s)", name, which.IDs[0], which.IDs[len(which.IDs)-1], name, table), nil
}

func toSeries(column arrow.Array, to *image.Series) error {
	*to = image.Series{}
	if column.NullN() > 0 {
		to.Valid, to.First = column.NullBitmapBytes(), column.Data().Offset()
	}
	switch c := column.(type) {
	case *array.Int64:
		to.Whole = c.Int64Values()
	case *array.Timestamp: // µs
		to.Whole = arrow.Int64Traits.CastFromBytes(arrow.TimestampTraits.CastToBytes(c.TimestampValues()))
	case *array.Int32:
		to.Short = c.Int32Values()
	case *array.Date32: // days since 1970-01-01
		to.Short = arrow.Int32Traits.CastFromBytes(arrow.Date32Traits.CastToBytes(c.Date32Values()))
	case *array.Float64:
		to.Decimal = c.Float64Values()
	case *array.String:
		to.Offsets, to.Bytes = c.ValueOffsets(), c.Data().Buffers()[2].Bytes()
	default:
		return fmt.Errorf("a column of type %s cannot be read", column.DataType())
	}
	return nil
}

// Bounds are the least and the greatest key.
func (c *Columns) Bounds(ctx context.Context, table, key string) (from, to int64, ok bool, err error) {
	var low, high sql.NullInt64
	row := c.w.db.QueryRowContext(ctx, "SELECT min("+quote(key)+"), max("+quote(key)+") FROM "+quote(table))
	if err := row.Scan(&low, &high); err != nil {
		return 0, 0, false, fmt.Errorf("bounds of %s: %w", table, problem(ctx, err))
	}
	return low.Int64, high.Int64, low.Valid, nil
}

// Buckets counts rows by ranges of the key.
func (c *Columns) Buckets(ctx context.Context, table, key string, from, to int64, n int) (list []image.Bucket, err error) {
	spread := uint64(to) - uint64(from) //nolint:gosec // a distance
	width := spread/uint64(n) + 1       //nolint:gosec // n is small
	value := quote(key)
	if spread >= 1<<62 {
		value = "CAST(" + value + " AS HUGEINT)"
	}
	rows, err := c.w.db.QueryContext(ctx, fmt.Sprintf("SELECT CAST((%s - (%d)) // %d AS BIGINT) AS b, count(*) FROM %s WHERE %s BETWEEN %d AND %d GROUP BY 1 ORDER BY 1",
		value, from, width, quote(table), quote(key), from, to))
	if err != nil {
		return nil, fmt.Errorf("count keys of %s: %w", table, problem(ctx, err))
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var b, count int64
		if err := rows.Scan(&b, &count); err != nil {
			return nil, err
		}
		low := uint64(from) + uint64(b)*width //nolint:gosec // inside the bounds
		one := image.Bucket{From: int64(low), To: to, Rows: count}
		if spread-(low-uint64(from)) >= width { //nolint:gosec // a distance
			one.To = int64(low + width - 1) //nolint:gosec // inside the bounds
		}
		list = append(list, one)
	}
	return list, rows.Err()
}
