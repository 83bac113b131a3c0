// SPDX-License-Identifier: Apache-2.0

package journal

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"dangol/internal/platform/database"
)

const (
	// spoolConsumer is the name under which the last generation that was moved is kept.
	spoolConsumer = "access_spool"
	spoolSuffix   = ".jsonl"
)

// spool makes entries of the access log durable in a file of their own, from where they are moved into the
// database: SQLite has one writer, and who only reads must not wait for an import that holds it. Each
// generation is one file; it is moved in one transaction that also keeps its number, so that after a crash
// no entry is lost or doubled.
type spool struct {
	dir    string
	moving sync.Mutex // held by whoever moves

	mu         sync.Mutex
	turned     sync.Cond // the next file was taken into use
	file       *os.File
	next       *os.File // the file after this one; the caller who is writing takes it into use
	generation int64
	durable    []AccessEntry // in the file and synced
	pending    round         // waits for its write
	isWriting  bool
	sealed     []sealedSpool
	broken     error // a write failed: what is in the file is not known any more
}

// round is the callers who share one sync.
type round struct {
	lines   []byte
	entries []AccessEntry
	result  *roundResult
}

type roundResult struct {
	done chan struct{}
	err  error
}

// sealedSpool is a generation that nobody writes to any more.
type sealedSpool struct {
	generation int64
	path       string
	entries    []AccessEntry
}

// OpenSpool lets the access log of a SQLite installation go through files in dir, and takes over what a
// crash left there. It must be called before anybody else uses the journal.
func (j *Journal) OpenSpool(ctx context.Context, dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make the folder of the access log: %w", err)
	}
	s := &spool{dir: dir}
	s.turned.L = &s.mu
	last, err := j.position(ctx, spoolConsumer)
	if err != nil {
		return err
	}
	if s.sealed, err = leftSpools(dir); err != nil {
		return err
	}
	for _, left := range s.sealed {
		last = max(last, left.generation)
	}
	if s.file, err = s.create(last + 1); err != nil {
		return err
	}
	s.generation = last + 1
	j.spool = s
	return j.moveAccess(ctx)
}

// leftSpools reads the files of the process before, in their order.
func leftSpools(dir string) ([]sealedSpool, error) {
	files, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("look for entries of the access log: %w", err)
	}
	var left []sealedSpool
	for _, f := range files {
		name, isSpool := strings.CutSuffix(f.Name(), spoolSuffix)
		generation, err := strconv.ParseInt(name, 10, 64)
		if !isSpool || err != nil {
			continue
		}
		path := filepath.Join(dir, f.Name())
		raw, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("read entries of the access log: %w", err)
		}
		left = append(left, sealedSpool{generation, path, parseSpool(raw)})
	}
	slices.SortFunc(left, func(a, b sealedSpool) int { return int(a.generation - b.generation) })
	return left, nil
}

// parseSpool reads the lines of a file up to the first that is cut: nobody was told that it was kept.
func parseSpool(raw []byte) (entries []AccessEntry) {
	lines := bufio.NewReader(bytes.NewReader(raw))
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return entries
		}
		var e AccessEntry
		if json.Unmarshal(line, &e) != nil || e.Work == "" {
			return entries
		}
		entries = append(entries, e)
	}
}

// create makes the file of a generation; its name is durable before anything is written to it.
func (s *spool) create(generation int64) (*os.File, error) {
	path := filepath.Join(s.dir, fmt.Sprintf("%016d%s", generation, spoolSuffix))
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("make a file of the access log: %w", err)
	}
	dir, err := os.Open(s.dir)
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	if err := errors.Join(dir.Sync(), dir.Close()); err != nil {
		return nil, errors.Join(fmt.Errorf("make a file of the access log durable: %w", err), file.Close())
	}
	return file, nil
}

// append returns once the entry is durable. Whoever comes while nobody writes does so for all who came
// during the write before.
func (s *spool) append(e AccessEntry) error {
	line, err := json.Marshal(e)
	if err != nil {
		return err
	}
	s.mu.Lock()
	if s.broken != nil {
		defer s.mu.Unlock()
		return s.broken
	}
	if s.pending.result == nil {
		s.pending.result = &roundResult{done: make(chan struct{})}
	}
	mine := s.pending.result
	s.pending.lines = append(append(s.pending.lines, line...), '\n')
	s.pending.entries = append(s.pending.entries, e)
	if s.isWriting {
		s.mu.Unlock()
		<-mine.done
		return mine.err
	}
	s.isWriting = true
	for s.pending.result != nil {
		s.write()
	}
	s.isWriting = false
	s.mu.Unlock()
	return mine.err
}

// write makes the waiting round durable; mu is held on entry and return, and free in between.
func (s *spool) write() {
	r, file := s.pending, s.file
	s.pending = round{}
	err := s.broken
	s.mu.Unlock()
	if err == nil {
		_, err = file.Write(r.lines)
	}
	if err == nil {
		err = file.Sync()
	}
	s.mu.Lock()
	if err != nil {
		s.broken = err
	} else {
		s.durable = append(s.durable, r.entries...)
	}
	r.result.err = err
	close(r.result.done)
	if s.next != nil {
		s.turn()
	}
}

// turn seals the file and takes the next into use; mu is held.
func (s *spool) turn() {
	s.sealed = append(s.sealed, sealedSpool{s.generation, s.file.Name(), s.durable})
	if err := s.file.Close(); err != nil {
		slog.Error("journal: a file of the access log was not closed", "error", err)
	}
	s.file, s.next, s.durable = s.next, nil, nil
	s.generation++
	s.turned.Broadcast()
}

// seal ends the generation if it holds anything, and returns all that is to be moved.
func (s *spool) seal() ([]sealedSpool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.durable) > 0 {
		generation := s.generation + 1
		s.mu.Unlock()
		next, err := s.create(generation)
		s.mu.Lock()
		if err != nil {
			return s.sealed, err
		}
		s.next = next
		for s.isWriting && s.next != nil {
			s.turned.Wait()
		}
		if s.next != nil {
			s.turn()
		}
	}
	return s.sealed, nil
}

// moveAccess brings what the spool holds into the database.
func (j *Journal) moveAccess(ctx context.Context) error {
	s := j.spool
	if s == nil {
		return nil
	}
	s.moving.Lock()
	defer s.moving.Unlock()
	sealed, err := s.seal()
	for _, one := range sealed {
		if err := j.moveGeneration(ctx, one); err != nil {
			return fmt.Errorf("move the access log into the database: %w", err)
		}
		s.mu.Lock()
		s.sealed = s.sealed[1:]
		s.mu.Unlock()
		// A file left behind is known by its number.
		if err := os.Remove(one.path); err != nil {
			slog.Warn("journal: a file of the access log stays", "error", err)
		}
	}
	return err
}

func (j *Journal) moveGeneration(ctx context.Context, one sealedSpool) error {
	if len(one.entries) == 0 {
		return nil
	}
	return j.db.Within(database.Background(ctx), func(ctx context.Context) error {
		last, err := j.position(ctx, spoolConsumer)
		if err != nil || last >= one.generation {
			return err
		}
		for i := range one.entries {
			if err := j.insertAccess(ctx, &one.entries[i]); err != nil {
				return err
			}
		}
		return j.setPosition(ctx, spoolConsumer, one.generation)
	})
}

// Close moves what is left of the access log into the database.
func (j *Journal) Close(ctx context.Context) error {
	if j.spool == nil {
		return nil
	}
	err := j.moveAccess(ctx)
	j.spool.mu.Lock()
	defer j.spool.mu.Unlock()
	if len(j.spool.durable) == 0 && j.spool.broken == nil {
		err = errors.Join(err, os.Remove(j.spool.file.Name()))
	}
	j.spool.broken = errSpoolClosed
	return errors.Join(err, j.spool.file.Close())
}

var errSpoolClosed = errors.New("the access log is closed")
