// SPDX-License-Identifier: Apache-2.0

package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"

	"dangol/internal/platform/database"
	"dangol/internal/platform/warehouse/duckdb"
)

type versionCommand struct{}

// Run prints what the program is made of.
func (versionCommand) Run(s *session) error {
	v := Versions{Dangol: Version, Go: runtime.Version(), SQLite: database.SQLiteVersion(), DuckDB: engineVersion()}
	return s.print(v, fmt.Sprintf("Dangol %s\nGo     %s\nSQLite %s\nDuckDB %s", v.Dangol, v.Go, v.SQLite, v.DuckDB))
}

// duckDBVersion asks an empty warehouse in memory.
func duckDBVersion(ctx context.Context) string {
	w, err := duckdb.Open(ctx, duckdb.Options{})
	if err != nil {
		return err.Error()
	}
	defer func() { _ = w.Close() }()
	if err := w.Rebuild(ctx, func(context.Context) (int64, error) { return 0, nil }, nil); err != nil {
		return err.Error()
	}
	rows, err := w.Query(ctx, "SELECT version()")
	if err != nil {
		return err.Error()
	}
	defer func() { _ = rows.Close() }()
	version := ""
	if rows.Next() {
		err = rows.Scan(&version)
	}
	if err := errors.Join(err, rows.Err()); err != nil {
		return err.Error()
	}
	return version
}

type openAPICommand struct{}

// Help tells what it is for.
func (openAPICommand) Help() string {
	return "The same document as GET /openapi.json, without a server; the typed client of the pages is made from it."
}

// Run prints the document of an installation that exists only in memory.
func (openAPICommand) Run(s *session) (err error) {
	dir, err := os.MkdirTemp("", "dangol-openapi-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	config := Defaults()
	config.Data = dir
	app, err := New(s.ctx, config, Options{Command: "openapi", Log: s.logger(config, true)})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, app.Close()) }()
	raw, err := app.Web.Document()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(s.Out, string(raw))
	return err
}

type rebuildCommand struct{}

// Help tells when it is needed.
func (rebuildCommand) Help() string {
	return "The analysis data is derived: it can be thrown away at any time. Screens stay usable meanwhile."
}

// Run builds the analysis data anew.
func (rebuildCommand) Run(s *session) (err error) {
	c, err := s.open("rebuild")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	var ordered struct {
		JobID int64 `json:"job_id"`
	}
	if err := c.call(s.ctx, "POST", "/api/system/rebuild", nil, &ordered); err != nil {
		return err
	}
	bar := s.progress("rebuild")
	_, err = c.waitForJob(s.ctx, ordered.JobID, bar.job)
	bar.finish()
	if err != nil {
		return err
	}
	var status Status
	if err := c.call(s.ctx, "GET", "/api/system", nil, &status); err != nil {
		return err
	}
	var text strings.Builder
	for _, table := range status.Warehouse.Tables {
		fmt.Fprintf(&text, "%-24s %12d rows\n", table.Name, table.Rows)
	}
	return s.print(status.Warehouse, text.String())
}

type checkCommand struct{}

// Help tells what is checked.
func (checkCommand) Help() string {
	return `Verifies the structure of the database, the hash chains of journal and access log, that the analysis
data holds exactly what the system of record holds (counts, sums and content), and the checksum of every
kept file. Exit code 3 when something is found.`
}

// Run checks and reports.
func (checkCommand) Run(s *session) (err error) {
	c, err := s.open("check")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	if err := c.settle(s.ctx); err != nil {
		return err
	}
	var ordered struct {
		JobID int64 `json:"job_id"`
	}
	if err := c.call(s.ctx, "POST", "/api/system/check", nil, &ordered); err != nil {
		return err
	}
	bar := s.progress("check")
	done, err := c.waitForJob(s.ctx, ordered.JobID, bar.job)
	bar.finish()
	if err != nil {
		return err
	}
	var report CheckReport
	if err := json.Unmarshal(done.Result, &report); err != nil {
		return fmt.Errorf("read the report: %w", err)
	}
	if err := s.print(report, report.text()); err != nil {
		return err
	}
	if !report.OK {
		return partial{fmt.Sprintf("%d problems were found", len(report.Problems))}
	}
	return nil
}

func (r CheckReport) text() string {
	var out strings.Builder
	fmt.Fprintf(&out, "database   %s\njournal    %d entries, %d row changes in %d chunks, %d accesses: chains whole up to %d\n",
		r.Database, r.Journal.Entries, r.Journal.Changes, r.Journal.Chunks, r.Journal.Access, r.Journal.Anchor.Seq)
	for _, table := range r.Warehouse {
		state := "agrees"
		if !table.Agrees() {
			state = fmt.Sprintf("DIFFERS in %d subjects", table.Differing)
		}
		fmt.Fprintf(&out, "warehouse  %-20s %10d rows  %s\n", table.Table, table.Rows, state)
	}
	fmt.Fprintf(&out, "files      %d\n", r.Files)
	for _, problem := range r.Problems {
		fmt.Fprintf(&out, "PROBLEM    %s\n", problem)
	}
	if r.OK {
		out.WriteString("everything is in order\n")
	}
	return out.String()
}
