// SPDX-License-Identifier: Apache-2.0

package app

import (
	"context"

	"dangol/internal/platform/job"
	"dangol/internal/platform/journal"
	"dangol/internal/platform/warehouse"
	"dangol/internal/platform/web"
)

// Capability is what one capability brings along; capabilities.go lists them all.
type Capability struct {
	Name string
	// Routes registers its HTTP routes.
	Routes func(api web.API)
	// Jobs registers its kinds of background work.
	Jobs func(queue *job.Queue)
	// Tables are its analytic tables, Cubes what can be asked of them.
	Tables []warehouse.Table
	Cubes  []warehouse.Cube
	// Consumers follow the journal, each under a name of its own.
	Consumers map[string]func(ctx context.Context, entries []journal.Entry) error
	// Topics are kinds of live topics with the permission to hear them.
	Topics map[string]string
	// Start prepares the capability once the database is there (makes what
	// every installation has); it must be quick and may be called at every start.
	Start func(ctx context.Context) error
	// Run works until ctx ends, in a server only.
	Run func(ctx context.Context) error
}
