// SPDX-License-Identifier: Apache-2.0

package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"

	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
	"dangol/internal/platform/warehouse/duckdb"
)

// CheckOptions narrow a check.
type CheckOptions struct {
	// Anchor is the end of the journal as noted elsewhere earlier.
	Anchor *journal.Anchor
}

// CheckReport says what a check looked at and what is wrong.
type CheckReport struct {
	OK        bool                `json:"ok"`
	Problems  []string            `json:"problems"`
	Database  string              `json:"database"`
	Journal   journal.Report      `json:"journal"`
	Warehouse []duckdb.TableCheck `json:"warehouse"`
	Files     int                 `json:"files"`
}

// Check verifies the database's own structure, both chains of the journal, the
// warehouse against the system of record, and every file's checksum. What is
// wrong stands in the report; an error means that the check could not be made.
func (a *App) Check(ctx context.Context, options CheckOptions, step func(string)) (CheckReport, error) {
	report := CheckReport{Problems: []string{}}
	step("database")
	if err := a.checkDatabase(ctx, &report); err != nil {
		return report, err
	}
	step("journal")
	var err error
	if report.Journal, err = a.Journal.Verify(ctx, options.Anchor); err != nil {
		if !fault.Is(err, fault.Conflict) {
			return report, err
		}
		report.Problems = append(report.Problems, err.Error())
	}
	step("warehouse")
	if err := a.checkWarehouse(ctx, &report); err != nil {
		return report, err
	}
	step("files")
	if err := a.checkFiles(ctx, &report); err != nil {
		return report, err
	}
	report.OK = len(report.Problems) == 0
	return report, nil
}

func (a *App) checkDatabase(ctx context.Context, report *CheckReport) error {
	report.Database = "ok"
	if a.DB.IsPostgres() {
		return a.DB.Ping(ctx) // the server checks its pages itself
	}
	rows, err := a.DB.Query(ctx, "PRAGMA integrity_check(20)")
	if err != nil {
		return fmt.Errorf("check the database: %w", err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			return err
		}
		if line != "ok" {
			report.Database = "damaged"
			report.Problems = append(report.Problems, "database: "+line)
		}
	}
	return rows.Err()
}

func (a *App) checkWarehouse(ctx context.Context, report *CheckReport) error {
	if !a.Warehouse.Ready() {
		report.Problems = append(report.Problems, "warehouse: it has not been built yet; run \"dangol rebuild\"")
		return nil
	}
	if err := a.catchUp(ctx); err != nil {
		return err
	}
	var err error
	if report.Warehouse, err = a.Warehouse.Check(ctx, a.catchUp); err != nil {
		return err
	}
	for _, table := range report.Warehouse {
		if !table.Agrees() {
			report.Problems = append(report.Problems, fmt.Sprintf("warehouse: table %s holds %d rows, the system of record %d, and %d subjects differ; run \"dangol rebuild\"",
				table.Table, table.Rows, table.Expected, table.Differing))
		}
	}
	return nil
}

// checkFiles reads every kept file and compares its checksum.
func (a *App) checkFiles(ctx context.Context, report *CheckReport) error {
	rows, err := a.DB.Query(ctx, "SELECT id FROM files ORDER BY id")
	if err != nil {
		return fmt.Errorf("list files: %w", err)
	}
	var ids []int64
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return errors.Join(err, rows.Close())
		}
		ids = append(ids, id)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	for _, id := range ids {
		if err := a.checkFile(ctx, id); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			report.Problems = append(report.Problems, fmt.Sprintf("file %d: %s", id, err))
		}
		report.Files++
	}
	return nil
}

func (a *App) checkFile(ctx context.Context, id int64) error {
	info, err := a.Files.Find(ctx, id)
	if err != nil {
		return err
	}
	content, err := a.Files.Open(ctx, id)
	if err != nil {
		return err
	}
	defer func() { _ = content.Close() }()
	sum := sha256.New()
	size, err := io.Copy(sum, content)
	if err != nil {
		return err
	}
	if size != info.Size || hex.EncodeToString(sum.Sum(nil)) != info.SHA256 {
		return errors.New("its content is not what was stored")
	}
	return nil
}
