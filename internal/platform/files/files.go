// SPDX-License-Identifier: Apache-2.0

package files

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
)

// File is a stored file.
type File struct {
	ID        int64
	Size      int64
	SHA256    string
	CreatedAt time.Time
}

// Content is an open file.
type Content interface {
	io.ReadSeekCloser
	io.ReaderAt
}

// Store keeps files in a folder and their list in the database.
type Store struct {
	db    *database.DB
	dir   string
	limit int64
}

// Open makes a store over a migrated database; limit is the most bytes of one file, 0 means no limit.
func Open(db *database.DB, dir string, limit int64) (*Store, error) {
	if err := os.MkdirAll(filepath.Join(dir, "incoming"), 0o700); err != nil {
		return nil, diskFault(err)
	}
	return &Store{db: db, dir: dir, limit: limit}, nil
}

func diskFault(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return fault.Wrap(err, fault.Unavailable, "files.disk_full",
			"The disk is full. The file was not kept; free some space and try again.")
	}
	return fault.Wrap(err, fault.Unavailable, "files.io",
		"The folder for files cannot be read or written. Check the data directory.")
}

// Put keeps the content of r; when it returns, the file survives a power loss. In a transaction the
// file is listed only if that commits.
func (s *Store) Put(ctx context.Context, r io.Reader) (File, error) {
	f := File{CreatedAt: s.db.Now(ctx)}
	temp, err := os.CreateTemp(filepath.Join(s.dir, "incoming"), "put-*")
	if err != nil {
		return f, diskFault(err)
	}
	defer func() { _ = os.Remove(temp.Name()) }()
	f.Size, f.SHA256, err = s.write(ctx, temp, r)
	if err := errors.Join(err, temp.Close()); err != nil {
		return f, err
	}
	if f.ID, err = s.db.NextID(ctx, "files"); err != nil {
		return f, fmt.Errorf("keep file: %w", err)
	}
	if err := s.move(temp.Name(), f.ID); err != nil {
		return f, diskFault(err)
	}
	if err := s.insert(ctx, f); err != nil {
		_ = os.Remove(s.path(f.ID))
		return f, fmt.Errorf("keep file: %w", err)
	}
	return f, nil
}

// write copies r, within the limit, and syncs.
func (s *Store) write(ctx context.Context, to *os.File, r io.Reader) (int64, string, error) {
	limited := r
	if s.limit > 0 {
		limited = io.LimitReader(r, s.limit+1)
	}
	sum := sha256.New()
	source := &source{ctx: ctx, r: limited}
	n, err := io.Copy(io.MultiWriter(to, sum), source)
	switch {
	case source.err != nil:
		return n, "", fmt.Errorf("read upload: %w", source.err)
	case err != nil:
		return n, "", diskFault(err)
	case s.limit > 0 && n > s.limit:
		return n, "", fault.New(fault.TooLarge, "files.too_large",
			"The file is larger than {megabytes} MB. Split it and send the parts.", "megabytes", s.limit>>20)
	}
	if err := to.Sync(); err != nil {
		return n, "", diskFault(err)
	}
	return n, hex.EncodeToString(sum.Sum(nil)), nil
}

// source stops reading when ctx ends and tells errors of reading from those of writing.
type source struct {
	ctx context.Context
	r   io.Reader
	err error
}

// Read reads unless ctx is over.
func (s *source) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		s.err = err
		return 0, err
	}
	n, err := s.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return n, err
}

// path spreads files over folders of a thousand.
func (s *Store) path(id int64) string {
	return filepath.Join(s.dir, strconv.FormatInt(id/1000, 10), strconv.FormatInt(id, 10))
}

// move gives the file its final name and syncs both folders, so that a name once given stays.
func (s *Store) move(temp string, id int64) error {
	path := s.path(id)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	if err := os.Rename(temp, path); err != nil {
		return err
	}
	return errors.Join(syncFolder(filepath.Dir(path)), syncFolder(s.dir))
}

func syncFolder(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// Open opens a file or gives fault.NotFound.
func (s *Store) Open(ctx context.Context, id int64) (Content, error) {
	if _, err := s.Find(ctx, id); err != nil {
		return nil, err
	}
	content, err := os.Open(s.path(id))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, notFound(id)
	}
	if err != nil {
		return nil, diskFault(err)
	}
	return content, nil
}

// Path returns where the content stands, for engines that read files by name.
func (s *Store) Path(ctx context.Context, id int64) (string, error) {
	if _, err := s.Find(ctx, id); err != nil {
		return "", err
	}
	return s.path(id), nil
}

// Delete removes a file, its content once the transaction of ctx is durable; removing one that is gone
// is no error. Content that could not be removed is left to Sweep.
func (s *Store) Delete(ctx context.Context, id int64) error {
	if err := s.remove(ctx, id); err != nil {
		return fmt.Errorf("delete file %d: %w", id, err)
	}
	database.AfterCommit(ctx, func() {
		if err := os.Remove(s.path(id)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			slog.Error("files: content not removed", "file_id", id, "error", err)
		}
	})
	return nil
}

// Sweep removes what uploads cut off before the given time left behind.
func (s *Store) Sweep(ctx context.Context, before time.Time) error {
	folders, err := os.ReadDir(s.dir)
	if err != nil {
		return diskFault(err)
	}
	for _, folder := range folders {
		names, err := os.ReadDir(filepath.Join(s.dir, folder.Name()))
		if err != nil {
			return diskFault(err)
		}
		for _, name := range names {
			info, err := name.Info()
			if err != nil || !info.ModTime().Before(before) {
				continue
			}
			if err := s.sweepOne(ctx, filepath.Join(s.dir, folder.Name(), name.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

// sweepOne removes a file that is not listed.
func (s *Store) sweepOne(ctx context.Context, path string) error {
	name := filepath.Base(path)
	if !strings.HasPrefix(name, "put-") {
		id, err := strconv.ParseInt(name, 10, 64)
		if err != nil {
			return nil //nolint:nilerr // not ours: leave it
		}
		if _, err := s.Find(ctx, id); err == nil || !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	if err := os.Remove(path); err != nil {
		return diskFault(err)
	}
	return nil
}

func notFound(id int64) error {
	return fault.New(fault.NotFound, "files.not_found", "There is no file {id}.", "id", id)
}
