// SPDX-License-Identifier: Apache-2.0

package app

import (
	"context"
	"fmt"
	"time"

	"dangol/internal/platform/warehouse/duckdb"
)

// positionEvery is how often open pages hear that analysis has newer data.
const positionEvery = 500 * time.Millisecond

// follow keeps the warehouse up to date until ctx ends.
func (a *App) follow(ctx context.Context) error {
	if err := a.mendWarehouse(ctx); err != nil && ctx.Err() == nil {
		// The product works without analysis; screens say that it is being built.
		a.log.Error("the analysis data could not be built; it is tried again at the next start or with \"dangol rebuild\"", "error", err)
	}
	return a.Warehouse.Follow(ctx, a.Journal)
}

// mendWarehouse builds a warehouse anew that is ahead of the journal: the
// system of record was restored from a backup.
func (a *App) mendWarehouse(ctx context.Context) error {
	head, err := a.Journal.Flush(ctx)
	if err != nil {
		return fmt.Errorf("find the end of the journal: %w", err)
	}
	if a.Warehouse.Position().Seq <= head {
		return nil
	}
	a.log.Info("the analysis data is ahead of the journal and is built anew")
	return a.rebuild(ctx, nil)
}

// rebuild loads the analysis data anew from the system of record.
func (a *App) rebuild(ctx context.Context, progress duckdb.Progress) error {
	if _, err := a.Journal.Flush(ctx); err != nil {
		return err
	}
	return a.Warehouse.RebuildFrom(ctx, a.Journal, progress)
}

// catchUp returns when the warehouse holds everything committed before the
// call: a running feed is waited for, else the entries are taken in here.
func (a *App) catchUp(ctx context.Context) error {
	head, err := a.Journal.Flush(ctx)
	if err != nil {
		return err
	}
	if a.stop != nil {
		return a.Warehouse.Await(ctx, a.Journal, head)
	}
	return a.Warehouse.CatchUp(ctx, a.Journal)
}

// tellPosition publishes how far analysis has come whenever its data changed.
func (a *App) tellPosition(ctx context.Context) error {
	ticker := time.NewTicker(positionEvery)
	defer ticker.Stop()
	last := a.Warehouse.Position().Version
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
		if position := a.Warehouse.Position(); position.Version != last {
			last = position.Version
			a.Web.Hub().Publish("warehouse:position", position)
		}
	}
}
