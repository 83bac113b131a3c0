// SPDX-License-Identifier: Apache-2.0

package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
)

type backupCommand struct {
	Out  string `help:"File to write (default dangol-DATE.tar.zst here)." placeholder:"FILE"`
	Keys string `help:"Also write the keys that open personal values in the journal, to a file of their own. Keep it apart from the backup." placeholder:"FILE"`
}

// Help tells what a backup holds.
func (backupCommand) Help() string {
	return `Writes a snapshot of the database, the kept files and the settings to one compressed file with checksums.
People can go on working. The keys of the journal are not in it: keep them apart (--keys), else an erased
person could be brought back by restoring. Backups hold personal data in clear: encrypt and store them well.

Examples:
  dangol backup --out /backup/monday.tar.zst
  dangol backup --out monday.tar.zst --keys /vault/keys-monday`
}

// Run writes the backup.
func (b backupCommand) Run(s *session) (err error) {
	if b.Out == "" {
		b.Out = "dangol-" + time.Now().Format("20060102-150405") + ".tar.zst"
	}
	c, err := s.open("backup")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	size, err := c.fetch(s.ctx, "POST", "/api/system/backup", b.Out)
	if err != nil {
		return err
	}
	text := fmt.Sprintf("%s: %.1f MB", b.Out, float64(size)/(1<<20))
	if b.Keys != "" {
		if _, err := c.fetch(s.ctx, "POST", "/api/system/backup/keys", b.Keys); err != nil {
			return err
		}
		text += "\n" + b.Keys + ": the keys; keep them apart from the backup"
	}
	return s.print(map[string]any{"file": b.Out, "bytes": size, "keys": b.Keys}, text)
}

// fetch writes the answer to a file, which appears only when it is whole.
func (c *client) fetch(ctx context.Context, method, path, to string) (int64, error) {
	response, err := c.send(ctx, method, path, "", nil)
	if err != nil {
		return 0, err
	}
	defer func() { _ = response.Body.Close() }()
	var size int64
	err = createFile(to, func(w io.Writer) error {
		var err error
		size, err = io.Copy(w, response.Body)
		return err
	})
	return size, err
}

type restoreCommand struct {
	File string `arg:"" help:"Backup file." type:"path"`
	Keys string `help:"The keys that belong to it; without them personal values in the journal stay closed." placeholder:"FILE" type:"path"`

	Erasures string `help:"The list of erasures of the installation that was lost (erasures.jsonl in its data directory, or the setting erasure_list): whoever was erased since the backup is erased again." placeholder:"FILE" type:"path"`
}

// Help tells how to restore.
func (restoreCommand) Help() string {
	return `Unpacks a backup into a new data directory (or, with --database postgres://…, into an empty database),
verifies every checksum, builds the analysis data anew and checks everything. Nothing is overwritten.
People who were erased after the backup was made would be back: give --erasures, and they are erased again. Without
it the setting erasure_list is used when its file is there.

Example:
  dangol restore monday.tar.zst --keys /vault/keys-monday --erasures /srv/dangol/erasures.jsonl --data /srv/dangol-new`
}

// restored is the result of a restore.
type restored struct {
	Data        string      `json:"data"`
	MadeAt      time.Time   `json:"made_at"`
	JournalHead int64       `json:"journal_head"`
	Seconds     float64     `json:"seconds"`
	ErasedAgain *int        `json:"erased_again"` // null: no list was there, so whoever was erased since the backup is back
	Check       CheckReport `json:"check"`
}

// Run restores and checks.
func (r restoreCommand) Run(s *session) (err error) {
	start := time.Now()
	config, err := s.config(nil)
	if err != nil {
		return err
	}
	logger := s.logger(config, true)
	slog.SetDefault(logger)
	file, err := os.Open(r.File)
	if err != nil {
		return fault.Wrap(err, fault.NotFound, "app.no_file", "{path} cannot be read.", "path", r.File)
	}
	defer func() { _ = file.Close() }()
	if r.Erasures != "" {
		if _, err := os.Stat(r.Erasures); err != nil { // before anything is made
			return fault.Wrap(err, fault.NotFound, "app.no_file", "{path} cannot be read.", "path", r.Erasures)
		}
	}
	manifest, err := restoreInto(s.ctx, config, file, r.Keys)
	if err != nil {
		return err
	}
	if config, err = s.config(nil); err != nil { // the settings came with the backup
		return err
	}
	a, err := New(s.ctx, config, Options{Command: "restore", Log: logger})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	again, err := a.eraseAgain(s.ctx, r.Erasures, manifest.MadeAt)
	if err != nil {
		return err
	}
	report, err := a.afterRestore(s.ctx, manifest)
	if err != nil {
		return err
	}
	dir, err := filepath.Abs(config.Data)
	if err != nil {
		return err
	}
	result := restored{Data: dir, MadeAt: manifest.MadeAt, JournalHead: manifest.JournalHead, Seconds: time.Since(start).Seconds(), ErasedAgain: again, Check: report}
	var text strings.Builder
	fmt.Fprintf(&text, "%s was restored from the backup of %s in %.1f s.\n", dir, manifest.MadeAt.In(config.location()).Format(time.DateTime), result.Seconds)
	if again == nil {
		text.WriteString("No list of erasures was there: whoever was erased since the backup is back. Restore again with --erasures FILE.\n")
	} else {
		fmt.Fprintf(&text, "%d customers who were erased since the backup are erased again.\n", *again)
	}
	text.WriteString(report.text())
	if err := s.print(result, text.String()); err != nil {
		return err
	}
	if !report.OK {
		return partial{fmt.Sprintf("restored, but %d problems were found", len(report.Problems))}
	}
	return nil
}

// eraseAgain does the erasures again that the list holds since the moment; nil says that there is no list.
func (a *App) eraseAgain(ctx context.Context, path string, since time.Time) (*int, error) {
	file, err := os.Open(cmp.Or(path, a.Config.erasureList()))
	if errors.Is(err, os.ErrNotExist) && path == "" {
		return nil, nil //nolint:nilnil // there is no list, which is not a failure
	}
	if err != nil {
		return nil, fault.Wrap(err, fault.NotFound, "app.no_file", "{path} cannot be read.", "path", path)
	}
	defer func() { _ = file.Close() }()
	ctx = auth.System(auth.WithDirectory(ctx, a.Team), "restore")
	n, err := a.services.customer.EraseAgain(ctx, file, since)
	return &n, err
}

// afterRestore builds the analysis data and checks that the journal reaches at
// least where it was when the backup was made.
func (a *App) afterRestore(ctx context.Context, manifest Manifest) (CheckReport, error) {
	ctx = auth.System(auth.WithDirectory(ctx, a.Team), "restore")
	if err := a.rebuild(ctx, nil); err != nil {
		return CheckReport{}, err
	}
	hash, err := hexBytes(manifest.JournalHash)
	if err != nil {
		return CheckReport{}, err
	}
	anchor := &journal.Anchor{Seq: manifest.JournalHead, Hash: hash}
	// The backup does not know what was sent after it was made: a person decides.
	if err := a.services.campaign.PauseAll(ctx, "The database was restored from a backup; messages may have gone out since. Check before going on."); err != nil {
		return CheckReport{}, err
	}
	return a.Check(ctx, CheckOptions{Anchor: anchor}, func(string) {})
}
