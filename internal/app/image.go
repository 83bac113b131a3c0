// SPDX-License-Identifier: Apache-2.0

package app

import (
	"context"
	"path/filepath"

	"dangol/internal/platform/warehouse"
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
	return nil
}
