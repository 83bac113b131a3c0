// SPDX-License-Identifier: Apache-2.0

package app

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
	"dangol/internal/platform/web"
)

// backupRoutes give a whole installation away, so they are for administrators,
// and the keys for the operator's socket alone.
func (a *App) backupRoutes(api web.API) {
	tags := []string{"system"}
	web.Register(api, web.Operation{Method: http.MethodPost, Path: "/api/system/backup", ID: "backup", Permission: "system:backup", Cost: web.Batch, Summary: "Download a backup of everything but the keys", Tags: tags},
		func(ctx context.Context, _ *struct{}) (*web.Download, error) {
			if err := a.noteBackup(ctx, "system.backup"); err != nil {
				return nil, err
			}
			name := "dangol-" + time.Now().In(a.Config.location()).Format("20060102-150405") + ".tar.zst"
			return web.NewDownload(name, "application/zstd", func(ctx context.Context, w io.Writer) error {
				_, err := a.Backup(ctx, w)
				return err
			}), nil
		})
	web.Register(api, web.Operation{Method: http.MethodPost, Path: "/api/system/backup/keys", ID: "backup-keys", Permission: "system:backup", Cost: web.Batch, Summary: "Download the keys; from the operator's socket only", Tags: tags},
		func(ctx context.Context, _ *struct{}) (*web.Download, error) {
			if !auth.From(ctx).IsSystem {
				return nil, fault.New(fault.Forbidden, "app.keys_by_operator", "The keys are given out to the command line on the server only.")
			}
			if err := a.noteBackup(ctx, "system.backup_keys"); err != nil {
				return nil, err
			}
			return web.NewDownload("keys", "application/octet-stream", func(_ context.Context, w io.Writer) error {
				file, err := os.Open(a.keysPath())
				if err != nil {
					return err
				}
				_, err = io.Copy(w, file)
				return errors.Join(err, file.Close())
			}), nil
		})
}

func (a *App) noteBackup(ctx context.Context, work string) error {
	return a.Journal.LogAccess(ctx, journal.AccessEntry{Work: work, Purpose: "backup", IP: auth.From(ctx).Address, SubjectKind: "installation"})
}
