// SPDX-License-Identifier: Apache-2.0

package lake

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"dangol/internal/cube/workspace"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/warehouse"
)

// Names inside the folder.
const (
	currentName  = "current.json"
	manifestName = "manifest.json"
	editionName  = "20060102T150405.000000Z"
	// keptEditions is how many stay: who has just read current.json can still open its files.
	keptEditions = 3
)

// File is one table of an edition.
type File struct {
	Name    string                  `json:"name"`
	Path    string                  `json:"path"`
	Label   warehouse.Text          `json:"label"`
	Rows    int64                   `json:"rows"`
	Bytes   int64                   `json:"bytes"`
	SHA256  string                  `json:"sha256"`
	Columns []workspace.TableColumn `json:"columns"`
}

// Manifest documents an edition.
type Manifest struct {
	Edition     string    `json:"edition"`
	WrittenAt   time.Time `json:"written_at"`
	DataSeq     int64     `json:"data_seq"`
	DataVersion int64     `json:"data_version"`
	DataAt      time.Time `json:"data_at"`
	Millis      int64     `json:"took_ms"`
	Tables      []File    `json:"tables"`
}

// Tables list what may leave for whoever acts in ctx.
type Tables interface {
	Schema(ctx context.Context) ([]workspace.Table, error)
}

// write makes an edition in dir of the rows that one transaction sees.
func write(ctx context.Context, dir string, source warehouse.Writer, tables []workspace.Table, now time.Time, tell func(done, total int)) (*Manifest, error) {
	m := &Manifest{Edition: now.UTC().Format(editionName), WrittenAt: now.UTC()}
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fmt.Errorf("write parquet files: %w", err)
	}
	work := filepath.Join(dir, m.Edition+".part")
	if err := errors.Join(os.RemoveAll(work), os.MkdirAll(work, 0o750)); err != nil {
		return nil, fmt.Errorf("write parquet files: %w", err)
	}
	defer func() { _ = os.RemoveAll(work) }() // gone already when all went well
	err := source.Session(ctx, func(s warehouse.Session) (err error) {
		if err := begin(ctx, s, source, m); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, s.Exec(context.WithoutCancel(ctx), "ROLLBACK")) }()
		for i, t := range tables {
			tell(i, len(tables))
			file, err := writeTable(ctx, s, work, &t)
			if err != nil {
				return fmt.Errorf("write %s: %w", t.Name, err)
			}
			m.Tables = append(m.Tables, file)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	m.Millis = time.Since(now).Milliseconds()
	if err := putJSON(filepath.Join(work, manifestName), m); err != nil {
		return nil, err
	}
	if err := os.Rename(work, filepath.Join(dir, m.Edition)); err != nil {
		return nil, fmt.Errorf("name the edition: %w", err)
	}
	if err := putJSON(filepath.Join(dir, currentName), m); err != nil {
		return nil, err
	}
	tell(len(tables), len(tables))
	return m, sweep(dir)
}

// begin opens a transaction whose rows are those of one known version.
func begin(ctx context.Context, s warehouse.Session, source warehouse.Reader, m *Manifest) error {
	const tries = 50
	for range tries {
		before := source.Position()
		if err := s.Exec(ctx, "BEGIN TRANSACTION READ ONLY"); err != nil {
			return err
		}
		// The snapshot is taken by the first statement that reads.
		rows, err := s.Query(ctx, "SELECT count(*) FROM duckdb_tables()")
		if err == nil {
			for rows.Next() {
				continue
			}
			err = errors.Join(rows.Err(), rows.Close())
		}
		if err == nil && source.Position().Version == before.Version {
			m.DataSeq, m.DataVersion, m.DataAt = before.Seq, before.Version, before.At
			return nil
		}
		if err := errors.Join(err, s.Exec(ctx, "ROLLBACK")); err != nil {
			return err
		}
	}
	return fault.New(fault.Unavailable, "cube.lake_busy", "So much is being taken in that no version of the data stays still; try again later.")
}

// putJSON replaces a file in one go.
func putJSON(path string, v any) error {
	raw, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return fmt.Errorf("write %s: %w", filepath.Base(path), err)
	}
	if err := os.WriteFile(path+".new", append(raw, '\n'), 0o640); err != nil { //nolint:gosec // readable by the group: that is what it is for
		return fmt.Errorf("write %s: %w", filepath.Base(path), err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		return fmt.Errorf("write %s: %w", filepath.Base(path), err)
	}
	return nil
}

// current reads the manifest of the current edition; nil when there is none.
func current(dir string) (*Manifest, error) {
	raw, err := os.ReadFile(filepath.Join(dir, currentName))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil //nolint:nilnil // nothing was written yet
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", currentName, err)
	}
	m := &Manifest{}
	if err := json.Unmarshal(raw, m); err != nil {
		return nil, fmt.Errorf("read %s: %w", currentName, err)
	}
	return m, nil
}

// sweep removes the oldest editions and what was left half written.
func sweep(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("list editions: %w", err)
	}
	var names []string
	for _, e := range entries {
		if e.IsDir() && !strings.HasSuffix(e.Name(), ".part") {
			names = append(names, e.Name())
		}
	}
	slices.Sort(names)
	for _, name := range names[:max(len(names)-keptEditions, 0)] {
		if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
			return fmt.Errorf("remove edition %s: %w", name, err)
		}
	}
	return nil
}

// counting adds up bytes and their checksum on the way.
type counting struct {
	io.Writer
	n int64
}

// Write passes bytes on.
func (c *counting) Write(p []byte) (int, error) {
	n, err := c.Writer.Write(p)
	c.n += int64(n)
	return n, err
}

func writeTable(ctx context.Context, s warehouse.Session, dir string, t *workspace.Table) (file File, err error) {
	file = File{Name: t.Name, Path: t.Name + ".parquet", Label: t.Label, Columns: t.Columns}
	out, err := os.OpenFile(filepath.Join(dir, file.Path), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o640) //nolint:gosec // the name is of our own tables
	if err != nil {
		return file, err
	}
	sum := sha256.New()
	count := &counting{Writer: io.MultiWriter(out, sum)}
	if file.Rows, err = copyRows(ctx, s, t, count); err == nil {
		err = out.Sync()
	}
	err = errors.Join(err, out.Close())
	file.Bytes, file.SHA256 = count.n, hex.EncodeToString(sum.Sum(nil))
	return file, err
}
