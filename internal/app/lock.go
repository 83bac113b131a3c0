// SPDX-License-Identifier: Apache-2.0

package app

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"dangol/internal/platform/fault"
)

// lockName is the file in the data directory that says which process holds it.
const lockName = "dangol.lock"

// socketName is the operator's own way in while a server holds the directory.
const socketName = "dangol.sock"

// Holder is the process that holds a data directory.
type Holder struct {
	PID     int       `json:"pid"`
	Command string    `json:"command"` // serve, import…
	Listen  string    `json:"listen,omitempty"`
	Since   time.Time `json:"since"`
}

// lock is the hold on a data directory. The kernel lets go of it when the
// process ends, however it ends.
type lock struct{ file *os.File }

// holdDirectory takes the directory, making it when absent. When another
// process has it, the fault is Busy with code app.directory_held.
func holdDirectory(dir string, holder Holder) (*lock, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fault.Wrap(err, fault.Unavailable, "app.no_directory", "The data directory {path} cannot be made.", "path", dir)
	}
	path := filepath.Join(dir, lockName)
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fault.Wrap(err, fault.Unavailable, "app.no_directory", "The data directory {path} cannot be written.", "path", dir)
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		held := readHolder(dir)
		_ = file.Close()
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("lock %s: %w", path, err)
		}
		return nil, fault.New(fault.Busy, "app.directory_held", "The data directory {path} is held by \"dangol {command}\" (process {pid}).",
			"path", dir, "command", held.Command, "pid", held.PID)
	}
	l := &lock{file: file}
	return l, l.write(holder)
}

func (l *lock) write(holder Holder) error {
	raw, err := json.Marshal(holder)
	if err != nil {
		return err
	}
	if err := l.file.Truncate(0); err != nil {
		return fmt.Errorf("write the lock file: %w", err)
	}
	if _, err := l.file.WriteAt(append(raw, '\n'), 0); err != nil {
		return fmt.Errorf("write the lock file: %w", err)
	}
	return nil
}

func (l *lock) release() error {
	if l == nil {
		return nil
	}
	return errors.Join(l.file.Truncate(0), l.file.Close())
}

func readHolder(dir string) Holder {
	var holder Holder
	raw, err := os.ReadFile(filepath.Join(dir, lockName))
	if err == nil {
		_ = json.Unmarshal(raw, &holder) // an unreadable note is only less to tell
	}
	return holder
}

func socketPath(dir string) string { return filepath.Join(dir, socketName) }
