// SPDX-License-Identifier: Apache-2.0

package app

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/klauspost/compress/zstd"

	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
)

// backupFormat is the version of the layout of a backup file.
const backupFormat = 1

// Names inside a backup.
const (
	manifestName = "manifest.json"
	databaseName = "database"
	settingsName = fileName
	filesFolder  = "files"
)

// Manifest closes a backup: what it holds, and the checksum of each part. It is
// written last, so a backup cut short has none and is refused.
type Manifest struct {
	Format      int       `json:"format"`
	Version     string    `json:"version"`
	MadeAt      time.Time `json:"made_at"`
	Engine      string    `json:"engine"`
	JournalHead int64     `json:"journal_head"`
	JournalHash string    `json:"journal_hash"`
	Parts       []Part    `json:"parts"`
}

// Part is one file inside a backup.
type Part struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// Backup writes everything but the keys to w as a compressed tar: a snapshot of
// the database taken in one go while work goes on, the kept files, the settings.
// The keys that open personal values in the journal are left out on purpose:
// whoever finds the backup must not be able to undo an erasure.
func (a *App) Backup(ctx context.Context, w io.Writer) (Manifest, error) {
	manifest := Manifest{Format: backupFormat, Version: Version, MadeAt: time.Now().UTC(), Engine: "sqlite"}
	if a.DB.IsPostgres() {
		manifest.Engine = "postgres"
	}
	dir, err := os.MkdirTemp(a.Config.Data, "backup-")
	if err != nil {
		return manifest, fault.Wrap(err, fault.Unavailable, "app.no_directory", "The data directory {path} cannot be written.", "path", a.Config.Data)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	anchor, err := a.Journal.Anchor(ctx)
	if err != nil {
		return manifest, err
	}
	manifest.JournalHead, manifest.JournalHash = anchor.Seq, hex.EncodeToString(anchor.Hash)
	// Files are made once and never changed, so those of the snapshot are still
	// there afterwards unless they were deleted meanwhile.
	snapshot := filepath.Join(dir, databaseName)
	if _, err := a.DB.Backup(ctx, snapshot); err != nil {
		return manifest, fmt.Errorf("take a snapshot of the database: %w", err)
	}
	packed, err := zstd.NewWriter(w, zstd.WithEncoderConcurrency(1))
	if err != nil {
		return manifest, err
	}
	archive := tar.NewWriter(packed)
	if err := a.writeParts(ctx, archive, &manifest, snapshot); err != nil {
		return manifest, err
	}
	raw, err := json.MarshalIndent(manifest, "", " ")
	if err != nil {
		return manifest, err
	}
	header := &tar.Header{Name: manifestName, Mode: 0o600, Size: int64(len(raw)), ModTime: manifest.MadeAt}
	if err := archive.WriteHeader(header); err != nil {
		return manifest, err
	}
	if _, err := archive.Write(raw); err != nil {
		return manifest, err
	}
	return manifest, errors.Join(archive.Close(), packed.Close())
}

func (a *App) writeParts(ctx context.Context, archive *tar.Writer, manifest *Manifest, snapshot string) error {
	if err := writeSnapshot(archive, manifest, snapshot); err != nil {
		return err
	}
	settings := filepath.Join(a.Config.Data, fileName)
	if _, err := os.Stat(settings); err == nil {
		if err := writePart(archive, manifest, settingsName, settings); err != nil {
			return err
		}
	}
	root := filepath.Join(a.Config.Data, filesFolder)
	folders, err := os.ReadDir(root)
	if err != nil {
		return err
	}
	for _, folder := range folders {
		if _, err := strconv.Atoi(folder.Name()); err != nil {
			continue // incoming: not yet kept
		}
		names, err := os.ReadDir(filepath.Join(root, folder.Name()))
		if err != nil {
			return err
		}
		for _, name := range names {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			err := writePart(archive, manifest, path.Join(filesFolder, folder.Name(), name.Name()), filepath.Join(root, folder.Name(), name.Name()))
			if err != nil && !errors.Is(err, os.ErrNotExist) { // deleted meanwhile, and nobody will ask for it
				return err
			}
		}
	}
	return nil
}

// writeSnapshot writes the folder that the database made.
func writeSnapshot(archive *tar.Writer, manifest *Manifest, snapshot string) error {
	names, err := os.ReadDir(snapshot)
	if err != nil {
		return err
	}
	for _, name := range names {
		err := writePart(archive, manifest, path.Join(databaseName, name.Name()), filepath.Join(snapshot, name.Name()))
		if err != nil {
			return err
		}
	}
	return nil
}

func writePart(archive *tar.Writer, manifest *Manifest, name, from string) error {
	file, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if err := archive.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: info.Size(), ModTime: info.ModTime()}); err != nil {
		return err
	}
	sum := sha256.New()
	if _, err := io.CopyN(io.MultiWriter(archive, sum), file, info.Size()); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	manifest.Parts = append(manifest.Parts, Part{Name: name, Size: info.Size(), SHA256: hex.EncodeToString(sum.Sum(nil))})
	return nil
}

// unpackBackup writes the parts of a backup into an empty directory and
// verifies each against the manifest.
func unpackBackup(ctx context.Context, from io.Reader, dir string) (Manifest, error) {
	var manifest Manifest
	packed, err := zstd.NewReader(from, zstd.WithDecoderConcurrency(1))
	if err != nil {
		return manifest, errBadBackup("it cannot be unpacked", err)
	}
	defer packed.Close()
	archive := tar.NewReader(packed)
	found := map[string]Part{}
	for {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return manifest, errBadBackup("it is cut short or damaged", err)
		}
		if ctx.Err() != nil {
			return manifest, ctx.Err()
		}
		if header.Name == manifestName {
			if err := json.NewDecoder(archive).Decode(&manifest); err != nil {
				return manifest, errBadBackup("its manifest cannot be read", err)
			}
			continue
		}
		part, err := unpackPart(archive, header, dir)
		if err != nil {
			return manifest, err
		}
		found[part.Name] = part
	}
	return manifest, manifest.verify(found)
}

func unpackPart(archive *tar.Reader, header *tar.Header, dir string) (Part, error) {
	part := Part{Name: header.Name}
	if header.Typeflag != tar.TypeReg || !isPartName(header.Name) {
		return part, errBadBackup("it holds "+strconv.Quote(header.Name)+", which no backup holds", nil)
	}
	target := filepath.Join(dir, filepath.FromSlash(header.Name))
	if err := os.MkdirAll(filepath.Dir(target), 0o700); err != nil {
		return part, err
	}
	file, err := os.OpenFile(target, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return part, err
	}
	sum := sha256.New()
	part.Size, err = io.Copy(io.MultiWriter(file, sum), archive)
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return part, errBadBackup("the part "+header.Name+" cannot be unpacked", err)
	}
	part.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return part, nil
}

// isPartName lets no name out of the directory.
func isPartName(name string) bool {
	if name == settingsName {
		return true
	}
	parts := strings.Split(name, "/")
	if len(parts) == 2 && parts[0] == databaseName {
		return strings.Trim(parts[1], "abcdefghijklmnopqrstuvwxyz0123456789_.") == "" && !strings.HasPrefix(parts[1], ".")
	}
	if len(parts) != 3 || parts[0] != filesFolder {
		return false
	}
	_, errFolder := strconv.ParseUint(parts[1], 10, 63)
	_, errFile := strconv.ParseUint(parts[2], 10, 63)
	return errFolder == nil && errFile == nil
}

func (m Manifest) verify(found map[string]Part) error {
	if m.Format == 0 {
		return errBadBackup("it is cut short: the manifest at its end is missing", nil)
	}
	if m.Format > backupFormat {
		return fault.New(fault.Invalid, "app.newer_backup", "The backup was made by a newer version of Dangol ({version}).", "version", m.Version)
	}
	for _, part := range m.Parts {
		if found[part.Name] != part {
			return errBadBackup("the part "+part.Name+" is not what was backed up", nil)
		}
	}
	if len(found) != len(m.Parts) {
		return errBadBackup("it holds parts that its manifest does not name", nil)
	}
	return nil
}

func errBadBackup(why string, cause error) error {
	return fault.Wrap(cause, fault.Invalid, "app.bad_backup", "The backup cannot be used: {why}. Nothing was restored.", "why", why)
}

// restoreInto makes the data directory of config out of a backup and returns
// what the backup said of itself. The directory must not hold an installation.
func restoreInto(ctx context.Context, config Config, from io.Reader, keys string) (Manifest, error) {
	if _, err := os.Stat(filepath.Join(config.Data, "keys")); err == nil {
		return Manifest{}, errNotEmpty(config.Data)
	}
	if _, err := os.Stat(filepath.Join(config.Data, "dangol.db")); err == nil {
		return Manifest{}, errNotEmpty(config.Data)
	}
	held, err := holdDirectory(config.Data, Holder{PID: os.Getpid(), Command: "restore", Since: time.Now()})
	if err != nil {
		return Manifest{}, err
	}
	defer func() { _ = held.release() }()
	dir, err := os.MkdirTemp(config.Data, "restore-")
	if err != nil {
		return Manifest{}, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	manifest, err := unpackBackup(ctx, from, dir)
	if err != nil {
		return manifest, err
	}
	if keys != "" {
		if err := copyFile(keys, filepath.Join(config.Data, "keys")); err != nil {
			return manifest, fmt.Errorf("restore the keys: %w", err)
		}
	}
	for _, name := range []string{filesFolder, settingsName} {
		if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
			if err := os.Rename(filepath.Join(dir, name), filepath.Join(config.Data, name)); err != nil {
				return manifest, err
			}
		}
	}
	_, err = database.Restore(ctx, filepath.Join(dir, databaseName), config.databaseURL(), database.Options{})
	if err != nil {
		return manifest, fmt.Errorf("restore the database: %w", err)
	}
	return manifest, nil
}

func errNotEmpty(dir string) error {
	return fault.New(fault.Conflict, "app.directory_not_empty", "{path} holds an installation already; restore into a new directory.", "path", dir)
}

func copyFile(from, to string) error {
	source, err := os.Open(from)
	if err != nil {
		return fault.Wrap(err, fault.NotFound, "app.no_file", "{path} cannot be read.", "path", from)
	}
	defer func() { _ = source.Close() }()
	return createFile(to, func(w io.Writer) error {
		_, err := io.Copy(w, source)
		return err
	})
}
