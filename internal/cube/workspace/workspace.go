// SPDX-License-Identifier: Apache-2.0

package workspace

import (
	"context"
	"slices"
	"strings"
	"time"

	"dangol/internal/cube"
	"dangol/internal/cube/saved"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
	"dangol/internal/platform/warehouse"
)

// Limits of a statement; each is told when it is met, with what to do.
const (
	mostRows   = 10_000 // shown on the page; exports have no limit
	mostBytes  = 24 << 20
	mostText   = 50_000
	timeLimit  = 30 * time.Second
	exportTime = 30 * time.Minute
	minPurpose = 2
)

// Cubes tell what the tables of the warehouse mean and who may see them.
type Cubes interface {
	Model(ctx context.Context) *cube.Model
	// Note keeps a journal entry of a change of something saved.
	Note(ctx context.Context, kind, subject string, id int64, before, after any) error
}

// AccessLog records who took what out of the product, and why.
type AccessLog interface {
	// LogAccess keeps the entry before it returns; when it fails nothing may be handed out.
	LogAccess(ctx context.Context, e journal.AccessEntry) error
}

// Service answers statements of analysts.
type Service struct {
	reader warehouse.Reader
	cubes  Cubes
	access AccessLog
	shelf  *saved.Shelf[string]
	guard  *guard
}

// New makes the service over a warehouse; db keeps saved statements.
func New(db *database.DB, reader warehouse.Reader, cubes Cubes, access AccessLog) *Service {
	return &Service{
		reader: reader, cubes: cubes, access: access, guard: newGuard(), shelf: saved.NewShelf[string](db, "statement", "statements", "cube:sql", cubes.Note),
	}
}

// Table is a table as the asker may see it.
type Table struct {
	Name    string         `json:"name"`
	Label   warehouse.Text `json:"label"`
	Columns []TableColumn  `json:"columns"`
	// IsLimited says that only rows of the customers in the asker's scope are in it.
	IsLimited bool `json:"limited"`
	where     string
	args      []any
}

// TableColumn is a column that may be read.
type TableColumn struct {
	Name  string         `json:"name"`
	Type  string         `json:"type"`
	Label warehouse.Text `json:"label"`
	About warehouse.Text `json:"about"`
}

// Schema lists the tables and columns that whoever asks may read. Columns
// with personal values are in none, however clear they are elsewhere.
func (s *Service) Schema(ctx context.Context) ([]Table, error) {
	if err := auth.Check(ctx, "cube:sql"); err != nil {
		return nil, err
	}
	cubes := s.cubes.Model(ctx).Cubes()
	personal := personalColumns(cubes)
	customers := customerTable(cubes)
	var list []Table
	for i := range cubes {
		c := &cubes[i]
		if c.Permission != "" && auth.Check(ctx, c.Permission) != nil || slices.ContainsFunc(list, func(t Table) bool { return t.Name == c.Table }) {
			continue
		}
		t := Table{Name: c.Table, Label: c.Label}
		if !t.limit(ctx, c, customers) {
			continue
		}
		t.addColumns(s.reader, c, personal[c.Table])
		if len(t.Columns) > 0 {
			list = append(list, t)
		}
	}
	return list, nil
}

func customerTable(cubes []warehouse.Cube) *warehouse.Cube {
	for i := range cubes {
		if cubes[i].IsCustomers {
			return &cubes[i]
		}
	}
	return nil
}

// personalColumns are those that some dimension marks as personal: a column is
// hidden even where another dimension makes harmless bands of it.
func personalColumns(cubes []warehouse.Cube) map[string]map[string]bool {
	out := map[string]map[string]bool{}
	for _, c := range cubes {
		if out[c.Table] == nil {
			out[c.Table] = map[string]bool{}
		}
		for _, d := range c.Dimensions {
			if d.IsPersonal {
				for _, column := range []string{d.Column, d.MonthDay, d.Display} {
					out[c.Table][column] = true
				}
			}
		}
	}
	return out
}

// limit sets the row policy; false when the table cannot be limited at all.
func (t *Table) limit(ctx context.Context, c, customers *warehouse.Cube) bool {
	if auth.ScopeOf(ctx).All {
		return true
	}
	condition, args := auth.ScopeSQL(ctx, "")
	switch {
	case c.IsCustomers:
		t.where, t.args = condition, args
	case c.Customer != "" && customers != nil:
		t.where = quote(c.Customer) + " IN (SELECT " + quote(customers.Key) + " FROM main." + quote(customers.Table) + " WHERE " + condition + ")"
		t.args = args
	case c.Customer == "" && len(c.Events) == 0 && c.Time == "": // master data such as products: about nobody
		return true
	default:
		return false
	}
	t.IsLimited = true
	return true
}

func (t *Table) addColumns(reader warehouse.Reader, c *warehouse.Cube, hidden map[string]bool) {
	add := func(column string, label, about warehouse.Text) {
		if column == "" || hidden[column] {
			return
		}
		kind, ok := reader.Column(c.Table, column)
		if !ok || slices.ContainsFunc(t.Columns, func(have TableColumn) bool { return have.Name == column }) {
			return
		}
		t.Columns = append(t.Columns, TableColumn{Name: column, Type: kind, Label: label, About: about})
	}
	none := warehouse.Text{}
	add(c.Key, warehouse.Text{Ko: "번호", En: "Number"}, none)
	add(c.Customer, warehouse.Text{Ko: "고객 번호", En: "Customer number"}, none)
	for _, j := range c.Joins {
		add(j.Column, warehouse.Text{Ko: j.Cube + " 번호", En: "Number of " + j.Cube}, none)
	}
	add(c.Time, warehouse.Text{Ko: "시각", En: "Time"}, none)
	for _, d := range c.Dimensions {
		add(d.Column, d.Label, none)
		add(d.Display, d.Label, none)
		add(d.Month, warehouse.Text{Ko: "월 번호 (연도×12+월−1)", En: "Month number (year × 12 + month − 1)"}, none)
	}
	for _, m := range c.Measures {
		add(m.Column, m.Label, m.About)
		add(m.Flag, m.Label, none)
		add(m.Currency, warehouse.Text{Ko: "통화", En: "Currency"}, none)
		for _, w := range m.Where {
			add(w.Column, none, none)
		}
	}
}

func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

func errSyntax(reason string) error {
	return fault.New(fault.Invalid, "cube.sql_syntax", "The statement cannot be read: {why}", "why", reason)
}
