// SPDX-License-Identifier: Apache-2.0

package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/files"
	"dangol/internal/platform/job"
	"dangol/internal/platform/journal"
	"dangol/internal/platform/warehouse"
	"dangol/internal/platform/warehouse/clickhouse"
	"dangol/internal/platform/warehouse/duckdb"
	"dangol/internal/platform/warehouse/image"
	"dangol/internal/platform/web"
	"dangol/internal/team"
)

// Version is the product's version; the linker may replace it.
var Version = "0.1.0"

// App is one running installation.
type App struct {
	Config    Config
	DB        *database.DB
	Journal   *journal.Journal
	Jobs      *job.Queue
	Files     *files.Store
	Warehouse *duckdb.Warehouse
	// Mirror is ClickHouse beside the warehouse; nil without one.
	Mirror *clickhouse.Mirror
	Image  *image.Image
	Auth   *auth.Service
	Team   *team.Service
	Web    *web.Server

	services     services
	capabilities []Capability
	keys         *journal.Keys
	lock         *lock
	log          *slog.Logger
	started      time.Time
	stop         context.CancelFunc // ends the loops that New began
	loops        *loops
	isLoading    atomic.Bool // the demo company is on its way in
}

// Options say what New is to do besides opening.
type Options struct {
	// Command is noted in the lock file: serve, import…
	Command string
	// Pages holds the built user interface; may be nil.
	Pages fs.FS
	// Log is where messages go; nil means slog.Default().
	Log *slog.Logger
}

// New opens the data directory and puts everything together. It migrates the
// schema but starts no work in the background. Close gives everything back.
func New(ctx context.Context, config Config, options Options) (a *App, err error) {
	a = &App{Config: config, log: options.Log, started: time.Now(), loops: &loops{}}
	if a.log == nil {
		a.log = slog.Default()
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.Close())
			a = nil
		}
	}()
	if a.lock, err = holdDirectory(config.Data, Holder{PID: os.Getpid(), Command: options.Command, Listen: config.Listen, Since: a.started}); err != nil {
		return a, err
	}
	if err = a.openPlatform(ctx); err != nil {
		return a, err
	}
	if !a.DB.IsPostgres() { // the lock says that nobody else works on this file
		if err = a.Jobs.Inherit(ctx); err != nil {
			return a, err
		}
	}
	if err = a.connect(); err != nil {
		return a, err
	}
	if err = a.openWarehouse(ctx); err != nil {
		return a, err
	}
	if err = a.openWeb(options); err != nil {
		return a, err
	}
	system := auth.System(auth.WithDirectory(ctx, a.Team), "start")
	for _, capability := range a.capabilities {
		if capability.Start == nil {
			continue
		}
		if err = capability.Start(system); err != nil {
			return a, fmt.Errorf("start %s: %w", capability.Name, err)
		}
	}
	return a, nil
}

// openPlatform opens what holds data: database, keys, journal, files, jobs.
func (a *App) openPlatform(ctx context.Context) error {
	var err error
	if a.DB, err = database.Open(ctx, a.Config.databaseURL(), database.Options{}); err != nil {
		return fmt.Errorf("open the database: %w", err)
	}
	if err := a.DB.Migrate(ctx); err != nil {
		return fmt.Errorf("bring the database to this version: %w", err)
	}
	if a.keys, err = journal.OpenKeys(a.keysPath()); err != nil {
		return fmt.Errorf("open the key file: %w", err)
	}
	a.Journal = journal.New(a.DB, a.keys, journal.Options{Actor: actor})
	if !a.DB.IsPostgres() {
		if err := a.Journal.OpenSpool(ctx, filepath.Join(a.Config.Data, "access")); err != nil {
			return err
		}
	}
	if a.Files, err = files.Open(a.DB, filepath.Join(a.Config.Data, "files"), int64(a.Config.UploadLimitMB)<<20); err != nil {
		return fmt.Errorf("open the folder of files: %w", err)
	}
	a.Jobs = job.New(a.DB, job.Config{
		Zone: a.Config.location(), Workers: jobWorkers, Context: a.jobContext,
		Actor: func(ctx context.Context) int64 { return auth.From(ctx).ID },
		Publish: func(topic string, data any) {
			if a.Web != nil {
				a.Web.Hub().Publish(topic, data)
			}
		},
	})
	return nil
}

// jobWorkers is how many jobs of each queue run at once: imports take turns at
// the one writer, and models each want a core.
var jobWorkers = map[string]int{"intake": 1, "warehouse": 1, "model": 1, "send": 2}

func (a *App) keysPath() string { return filepath.Join(a.Config.Data, "keys") }

func (a *App) warehousePath() string { return filepath.Join(a.Config.Data, "warehouse.duckdb") }

func (a *App) coldPath() string {
	if a.Config.ColdDir != "" {
		return a.Config.ColdDir
	}
	return filepath.Join(a.Config.Data, "cold")
}

// actor tells journal and access log who acts.
func actor(ctx context.Context) (int64, string) {
	person := auth.From(ctx)
	return person.ID, person.Name
}

// jobContext gives a job the rights that the person who ordered it holds now.
func (a *App) jobContext(ctx context.Context, j *job.Job) (context.Context, error) {
	ctx = auth.WithDirectory(ctx, a.Team)
	if j.PersonID == 0 {
		return auth.System(ctx, j.Kind), nil
	}
	return auth.ActAs(ctx, j.PersonID)
}

func (a *App) openWarehouse(ctx context.Context) error {
	var tables []warehouse.Table
	for _, capability := range a.capabilities {
		tables = append(tables, capability.Tables...)
	}
	opened, err := duckdb.Open(ctx, duckdb.Options{
		Path: a.warehousePath(), MemoryMB: a.Config.WarehouseMemoryMB, Threads: a.Config.WarehouseThreads, Zone: a.Config.location(),
		ColdDir: a.coldPath(),
	}, tables...)
	if err != nil {
		return err
	}
	a.Warehouse = opened
	return a.afterWarehouse()
}

func (a *App) openWeb(options Options) error {
	proxies, err := a.Config.proxies()
	if err != nil {
		return err
	}
	a.Web = web.NewServer(web.Options{
		Auth: a.Auth, Version: Version, Pages: options.Pages, PublicURL: a.Config.PublicURL, TrustedProxies: proxies,
		Log: a.log, Ready: a.ready,
	})
	a.afterWeb()
	api := a.Web.API()
	for _, capability := range a.capabilities {
		if capability.Routes != nil {
			capability.Routes(api)
		}
		for kind, permission := range capability.Topics {
			api.Hub().Allow(kind, permission)
		}
		if capability.Jobs != nil {
			capability.Jobs(a.Jobs)
		}
	}
	a.systemRoutes(api)
	a.backupRoutes(api)
	a.systemJobs()
	return nil
}

// ready says why the installation cannot do its work, or nil.
func (a *App) ready(ctx context.Context) error {
	if a.isLoading.Load() {
		return fault.New(fault.Unavailable, "app.loading_demo", "The demo company is being loaded.")
	}
	return a.DB.Ping(ctx)
}

// Close ends the loops and gives everything back, newest first.
func (a *App) Close() error {
	var errs []error
	if a.stop != nil {
		a.stop()
	}
	errs = append(errs, a.loops.wait())
	if a.Image != nil {
		errs = append(errs, a.Image.Close())
	}
	if a.Warehouse != nil {
		errs = append(errs, a.Warehouse.Close())
	}
	if a.Journal != nil && a.DB != nil {
		errs = append(errs, a.Journal.Close(context.Background()))
	}
	if a.keys != nil {
		errs = append(errs, a.keys.Close())
	}
	if a.DB != nil {
		errs = append(errs, a.DB.Close())
	}
	return errors.Join(append(errs, a.lock.release())...)
}
