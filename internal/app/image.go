// SPDX-License-Identifier: Apache-2.0

package app

import (
	"context"
	"path/filepath"

	"dangol/internal/platform/warehouse"
	"dangol/internal/platform/warehouse/clickhouse"
	"dangol/internal/platform/warehouse/image"
)

// openImage opens the customer image beside the warehouse, which feeds it.
func (a *App) openImage(cubes []warehouse.Cube) error {
	opened, err := image.Open(a.Warehouse.Columns(), image.Options{
		Dir:  filepath.Join(a.Config.Data, "image"),
		Spec: func(ctx context.Context) image.Spec { return image.SpecOf(ctx, cubes, a.Warehouse.Column) },
		Tell: func(s image.Status) {
			if a.Web != nil {
				a.Web.Hub().Publish("warehouse:image", s)
			}
		},
		IsBusy: func() bool { return a.services.intake != nil && a.services.intake.IsBusy() },
	})
	if err != nil {
		return err
	}
	a.Image = opened
	a.Warehouse.Attach(opened)
	return a.openMirror(cubes)
}

// openMirror connects ClickHouse, when there is one.
func (a *App) openMirror(cubes []warehouse.Cube) error {
	if a.Config.ClickHouse == "" {
		return nil
	}
	opened, err := clickhouse.Open(clickhouse.Options{
		Address: a.Config.ClickHouse, Source: a.Warehouse.Columns(),
		Spec: func(ctx context.Context) image.Spec { return image.SpecOf(ctx, cubes, a.Warehouse.Column) },
		Tell: func(s clickhouse.Status) {
			if a.Web != nil {
				a.Web.Hub().Publish("warehouse:clickhouse", s)
			}
		},
	})
	if err != nil {
		return err
	}
	a.Mirror = opened
	a.Warehouse.Attach(opened)
	return nil
}

// followMirror keeps ClickHouse level with the analysis data until ctx ends.
func (a *App) followMirror(ctx context.Context) error {
	if a.Mirror == nil {
		return nil
	}
	return a.Mirror.Follow(ctx)
}
