// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"dangol/internal/platform/fault"
)

// erasureList is a file beside the database, which no backup holds: one line of ids for each erasure, so that a
// restore can do again what was done after its backup was made. A line is written before the keys go, perhaps twice.
type erasureList struct {
	mu   sync.Mutex
	path string // "" keeps none
}

// longestErasure is how long an erasure may take: one that began before a backup and ended after it says an earlier
// time than the backup, which does not know it.
const longestErasure = time.Hour

// listedErasure is one line; it names nobody.
type listedErasure struct {
	ErasedAt   time.Time `json:"erased_at"`
	CustomerID int64     `json:"customer_id"`
	Reason     string    `json:"reason"`
	Records    []int64   `json:"records"`
}

// UseErasureList keeps the list of erasures in a file; app calls it at start.
func (s *Service) UseErasureList(path string) { s.list.path = path }

// add writes a line durably before it returns.
func (l *erasureList) add(e *Erasure) error {
	if l.path == "" {
		return nil
	}
	line, err := json.Marshal(listedErasure{e.ErasedAt, e.CustomerID, e.Reason, e.RecordIDs})
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	file, err := os.OpenFile(l.path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return listFault(err, l.path)
	}
	// A line that a crash cut short is ended first; its erasure is still open and gets a line of its own.
	line = append(append([]byte{'\n'}, line...), '\n')
	_, err = file.Write(line)
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return listFault(err, l.path)
	}
	dir, err := os.Open(filepath.Dir(l.path)) // a new file's name, too, is to survive a power cut
	if err == nil {
		err = errors.Join(dir.Sync(), dir.Close())
	}
	if err != nil {
		return listFault(err, l.path)
	}
	return nil
}

func listFault(err error, path string) error {
	return fault.Wrap(err, fault.Unavailable, "customer.erasure_list",
		"The list of erasures {path} cannot be written, so the keys of the erased records stand until it can.", "path", path)
}

// EraseAgain erases those of the list that were erased since the moment and whose records are here again; since is
// when the backup was made, and nothing may have been taken in after it. It returns how many customers went.
func (s *Service) EraseAgain(ctx context.Context, list io.Reader, since time.Time) (erased int, err error) {
	raw, err := io.ReadAll(list) // at once: what follows may add to the same file
	if err != nil {
		return 0, fmt.Errorf("read the list of erasures: %w", err)
	}
	for line := range bytes.Lines(raw) {
		var one listedErasure
		if json.Unmarshal(line, &one) != nil || one.ErasedAt.Before(since.Add(-longestErasure)) {
			continue // an empty line, one that a crash cut short, or what the backup knows
		}
		n, err := s.eraseRecords(ctx, &one)
		if erased += n; err != nil {
			return erased, fmt.Errorf("erase customer %d again: %w", one.CustomerID, err)
		}
	}
	return erased, nil
}

// eraseRecords erases whoever has the records now. In the backup they may hang on several customers, and on one
// together with records of somebody else who was told apart later: those stay.
func (s *Service) eraseRecords(ctx context.Context, one *listedErasure) (erased int, err error) {
	holders, err := s.store.holdersOf(ctx, one.Records)
	if err != nil {
		return 0, err
	}
	for _, holder := range holders {
		if at, err := s.store.erasedAt(ctx, holder); err != nil {
			return erased, err
		} else if !at.IsZero() {
			continue
		}
		records, err := s.store.everyRecordOf(ctx, holder)
		if err != nil {
			return erased, err
		}
		var theirs []int64
		for _, r := range records {
			if slices.Contains(one.Records, r.ID) {
				theirs = append(theirs, r.ID)
			}
		}
		if len(theirs) < len(records) {
			parted, err := s.Unmerge(ctx, holder, theirs)
			if err != nil {
				return erased, err
			}
			holder = parted.ID
		}
		if _, err := s.erase(ctx, holder, one.Reason, true); err != nil {
			return erased, err
		}
		erased++
	}
	return erased, nil
}
