// SPDX-License-Identifier: Apache-2.0

package database

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"dangol/internal/platform/fault"
)

const (
	manifestName    = "manifest.json"
	manifestVersion = 1
	sqliteName      = "dangol.db"
)

// Manifest describes a backup: what is in it and how to tell that it is whole.
type Manifest struct {
	Version int       `json:"version"`
	Engine  string    `json:"engine"`
	MadeAt  time.Time `json:"made_at"`
	// Migrations are the schema versions that the data has.
	Migrations []int64 `json:"migrations"`
	// Tables are in the order in which they can be loaded.
	Tables    []TableBackup    `json:"tables"`
	Sequences map[string]int64 `json:"sequences,omitempty"`
	Files     []FileBackup     `json:"files"`
}

// TableBackup is one table of a backup.
type TableBackup struct {
	Name    string   `json:"name"`
	Columns []string `json:"columns,omitempty"`
	Rows    int64    `json:"rows"`
	File    string   `json:"file,omitempty"`
}

// FileBackup is one file of a backup with its checksum.
type FileBackup struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// Rows is the number of rows in all tables.
func (m Manifest) Rows() (n int64) {
	for _, t := range m.Tables {
		n += t.Rows
	}
	return n
}

const (
	engineSQLite   = "sqlite"
	enginePostgres = "postgres"
)

// Backup writes a consistent copy of the database, as of one moment, into dir, which must be empty or
// absent. People go on working meanwhile. The manifest is written last: without it there is no backup.
func (db *DB) Backup(ctx context.Context, dir string) (Manifest, error) {
	m := Manifest{Version: manifestVersion, Engine: engineSQLite, MadeAt: db.Now(ctx)}
	if err := emptyFolder(dir); err != nil {
		return m, err
	}
	var err error
	if db.IsPostgres() {
		m.Engine = enginePostgres
		err = db.backupPostgres(ctx, dir, &m)
	} else {
		err = db.backupSQLite(ctx, dir, &m)
	}
	if err == nil {
		err = sealBackup(dir, &m)
	}
	if err != nil {
		return m, fmt.Errorf("backup into %s: %w", dir, backupFault(err))
	}
	return m, nil
}

func emptyFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return backupFault(err)
	}
	list, err := os.ReadDir(dir)
	if err != nil {
		return backupFault(err)
	}
	if len(list) > 0 {
		return fault.New(fault.Conflict, "database.folder_not_empty",
			"The folder {folder} is not empty. Choose a new folder for the backup.", "folder", dir)
	}
	return nil
}

// backupFault maps errors of the file system; those of the engine map themselves.
func backupFault(err error) error {
	var path *fs.PathError
	if _, ok := fault.As(err); !ok && errors.As(err, &path) {
		return fault.Wrap(err, fault.Unavailable, "database.backup_io",
			"The backup folder cannot be read or written ({reason}).", "reason", path.Err.Error())
	}
	return Fault(err)
}

// sealBackup adds checksums, syncs everything and writes the manifest.
func sealBackup(dir string, m *Manifest) error {
	list, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, entry := range list {
		f, err := checksum(filepath.Join(dir, entry.Name()))
		if err != nil {
			return err
		}
		m.Files = append(m.Files, f)
	}
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	path := filepath.Join(dir, manifestName)
	if err := os.WriteFile(path+".part", text, 0o600); err != nil {
		return err
	}
	if err := syncPath(path + ".part"); err != nil {
		return err
	}
	if err := os.Rename(path+".part", path); err != nil {
		return err
	}
	return syncPath(dir)
}

// checksum syncs and sums a file.
func checksum(path string) (FileBackup, error) {
	f := FileBackup{Name: filepath.Base(path)}
	file, err := os.Open(path)
	if err != nil {
		return f, err
	}
	defer func() { _ = file.Close() }()
	if err := file.Sync(); err != nil {
		return f, err
	}
	sum := sha256.New()
	f.Size, err = io.Copy(sum, file)
	f.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return f, err
}

func syncPath(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}

// CheckBackup reads a backup and compares all checksums.
func CheckBackup(dir string) (Manifest, error) {
	var m Manifest
	text, err := os.ReadFile(filepath.Join(dir, manifestName))
	if errors.Is(err, fs.ErrNotExist) {
		return m, fault.New(fault.Invalid, "database.no_backup",
			"There is no complete backup in {folder}: the file {file} is missing.", "folder", dir, "file", manifestName)
	}
	if err != nil {
		return m, backupFault(err)
	}
	if err := json.Unmarshal(text, &m); err != nil {
		return m, damagedBackup(dir, manifestName)
	}
	if m.Version > manifestVersion {
		return m, fault.New(fault.Invalid, "database.newer_backup",
			"The backup in {folder} was made by a newer version of Dangol. Use that version to restore it.", "folder", dir)
	}
	for _, want := range m.Files {
		got, err := checksum(filepath.Join(dir, filepath.Base(want.Name)))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return m, backupFault(err)
		}
		if got != want {
			return m, damagedBackup(dir, want.Name)
		}
	}
	return m, nil
}

func damagedBackup(dir, name string) error {
	return fault.New(fault.Invalid, "database.damaged_backup",
		"The backup in {folder} is damaged: {file} is not as it was written. Use another backup.", "folder", dir, "file", name)
}

// Restore fills an empty database, given by its address, from a backup of the same engine. Afterwards
// Open and Migrate it, and verify the journal's chain.
func Restore(ctx context.Context, dir, url string, opts Options) (Manifest, error) {
	m, err := CheckBackup(dir)
	if err != nil {
		return m, err
	}
	path, isSQLite := strings.CutPrefix(url, "sqlite:")
	if isSQLite != (m.Engine == engineSQLite) {
		return m, fault.New(fault.Invalid, "database.other_engine",
			"The backup was made from {engine} and can only be restored into the same.", "engine", m.Engine)
	}
	if isSQLite {
		err = restoreSQLite(ctx, dir, path, m)
	} else {
		err = restorePostgres(ctx, dir, url, m, opts)
	}
	if err != nil {
		return m, fmt.Errorf("restore %s: %w", dir, backupFault(err))
	}
	return m, nil
}

func notEmpty() error {
	return fault.New(fault.Conflict, "database.not_empty",
		"The database to restore into is not empty. Give a new data directory or an empty database.")
}

// compareRows fails when a table does not hold what the backup says.
func compareRows(table string, got, want int64) error {
	if got == want {
		return nil
	}
	return fault.New(fault.Unavailable, "database.restore_incomplete",
		"Table {table} has {got} rows after restoring, but the backup has {want}.", "table", table, "got", got, "want", want)
}
