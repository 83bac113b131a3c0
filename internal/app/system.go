// SPDX-License-Identifier: Apache-2.0

package app

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"dangol/internal/platform/database"
	"dangol/internal/platform/job"
	"dangol/internal/platform/warehouse/clickhouse"
	"dangol/internal/platform/warehouse/duckdb"
	"dangol/internal/platform/warehouse/image"
)

// Kinds of the app's own jobs.
const (
	rebuildJob = "system.rebuild"
	checkJob   = "system.check"
	tidyJob    = "system.tidy"
)

// Status is what the page of the system shows.
type Status struct {
	Versions      Versions      `json:"versions"`
	StartedAt     time.Time     `json:"started_at"`
	Engine        string        `json:"engine" enum:"sqlite,postgres"`
	DataBytes     int64         `json:"data_bytes" doc:"Size of the data directory."`
	DatabaseBytes int64         `json:"database_bytes"`
	JournalHead   int64         `json:"journal_head"`
	FeedPosition  int64         `json:"feed_position" doc:"How far the journal has been taken into the analysis data."`
	Warehouse     duckdb.Status `json:"warehouse"`
	Image         image.Status  `json:"image"`
	// ClickHouse is the mirror; absent without one.
	ClickHouse  *clickhouse.Status `json:"clickhouse,omitempty"`
	MemoryBytes int64              `json:"memory_bytes"`
	CanSendMail bool               `json:"can_send_mail"`
}

// Versions names what the product is made of.
type Versions struct {
	Dangol string `json:"dangol"`
	Go     string `json:"go"`
	SQLite string `json:"sqlite"`
	DuckDB string `json:"duckdb"`
}

// Status collects sizes and positions.
func (a *App) Status(ctx context.Context) (Status, error) {
	status := Status{Versions: a.versions(), StartedAt: a.started, Engine: "sqlite", CanSendMail: a.Config.SMTP != ""}
	if a.Mirror != nil {
		mirror := a.Mirror.Status()
		status.ClickHouse = &mirror
	}
	var err error
	if status.JournalHead, err = a.Journal.Head(ctx); err != nil {
		return status, err
	}
	status.Warehouse, err = a.Warehouse.Status(ctx)
	if err != nil && a.Warehouse.Ready() {
		return status, err
	}
	status.Image = a.Image.Status()
	status.FeedPosition = status.Warehouse.Position.Seq
	if a.DB.IsPostgres() {
		status.Engine = "postgres"
		if err := a.DB.QueryRow(ctx, `SELECT pg_database_size(current_database())`).Scan(&status.DatabaseBytes); err != nil {
			return status, database.Fault(err)
		}
	} else {
		status.DatabaseBytes = sizeOf(a.DB.Path()) + sizeOf(a.DB.Path()+"-wal")
	}
	status.DataBytes, err = directorySize(ctx, a.Config.Data)
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	status.MemoryBytes = int64(memory.Sys)
	return status, err
}

func (a *App) versions() Versions {
	return Versions{Dangol: Version, Go: runtime.Version(), SQLite: database.SQLiteVersion(), DuckDB: engineVersion()}
}

// engineVersion asks once; the installation's own warehouse may still be being built.
var engineVersion = sync.OnceValue(func() string { return duckDBVersion(context.Background()) })

func sizeOf(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}

func directorySize(ctx context.Context, dir string) (int64, error) {
	var size int64
	err := filepath.WalkDir(dir, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return ctx.Err() // files come and go while we look
		}
		if info, err := entry.Info(); err == nil {
			size += info.Size()
		}
		return nil
	})
	return size, err
}

// systemJobs registers the app's own background work.
func (a *App) systemJobs() {
	a.Jobs.Register(rebuildJob, func(ctx context.Context, j *job.Job) error {
		var before int64
		return a.rebuild(ctx, func(table string, rows int64) { j.Progress(ctx, before+rows, 0, table) })
	}, job.RegisterOptions{Queue: "warehouse", MaxAttempts: 3})
	a.Jobs.Register(checkJob, func(ctx context.Context, j *job.Job) error {
		report, err := a.Check(ctx, CheckOptions{}, func(step string) { j.Progress(ctx, 0, 0, step) })
		if err != nil {
			return err
		}
		return j.SetResult(report)
	}, job.RegisterOptions{Queue: "warehouse", MaxAttempts: 1})
	a.Jobs.Register(tidyJob, func(ctx context.Context, _ *job.Job) error { return a.tidy(ctx) }, job.RegisterOptions{Timeout: time.Hour, MaxAttempts: 3})
	a.Jobs.Periodic(tidyJob, "20 3 * * *", struct{}{})
}

// tidy removes what has lapsed.
func (a *App) tidy(ctx context.Context) error {
	if err := a.Auth.Purge(ctx); err != nil {
		return fmt.Errorf("purge sessions: %w", err)
	}
	if err := a.Files.Sweep(ctx, time.Now().Add(-24*time.Hour)); err != nil {
		return fmt.Errorf("sweep files: %w", err)
	}
	return a.Warehouse.Compact(ctx)
}
