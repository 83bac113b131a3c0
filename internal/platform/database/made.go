// SPDX-License-Identifier: Apache-2.0

package database

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// IsMade reports whether an installation has ever used the database of the URL; it makes nothing.
func IsMade(ctx context.Context, url string) (bool, error) {
	if path, isSQLite := strings.CutPrefix(url, "sqlite:"); isSQLite {
		info, err := os.Stat(path)
		if errors.Is(err, fs.ErrNotExist) {
			return false, nil
		}
		if err != nil {
			return false, fmt.Errorf("look for the database: %w", err)
		}
		return info.Size() > 0, nil
	}
	db, err := Open(ctx, url, Options{})
	if err != nil {
		return false, err
	}
	defer func() { _ = db.Close() }()
	var made bool
	if err := db.Scan(ctx, []any{&made}, "SELECT to_regclass('schema_versions') IS NOT NULL"); err != nil {
		return false, fmt.Errorf("look for tables: %w", err)
	}
	return made, nil
}
