// SPDX-License-Identifier: Apache-2.0

package linkage

import (
	"bufio"
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"

	"dangol/internal/match/weight"
	"dangol/internal/platform/fault"
)

// outputs are the files that a run leaves.
var outputs = []string{"clusters.csv", "pairs.csv", "model.json", "report.html"}

// folder is the place of a run's results while the run has it for itself.
type folder struct {
	path string
	lock *os.File
}

// holdFolder takes the folder for one run; a second run at once is refused.
// What a killed run left behind is cleared away, or put back.
func holdFolder(path string) (*folder, error) {
	path = filepath.Clean(path)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "match.no_folder", "The folder {path} cannot be made.", "path", path)
	}
	if info, err := os.Stat(path); err == nil && !info.IsDir() {
		return nil, fault.New(fault.Invalid, "match.no_folder", fmt.Sprintf("%s is a file; --out wants a folder.", path))
	}
	f := &folder{path: path}
	lock, err := os.OpenFile(f.beside("lock"), os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "match.no_folder", "Nothing can be written beside {path}.", "path", path)
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(fault.New(fault.Busy, "match.folder_busy", fmt.Sprintf("Another run is writing to %s; wait for it or name another folder.", path)), lock.Close())
	}
	f.lock = lock
	if held, err := os.Stat(lock.Name()); err != nil || !isSame(held, lock) { // let go of and removed since we opened it
		return nil, errors.Join(fault.New(fault.Busy, "match.folder_busy", fmt.Sprintf("Another run has just ended in %s; try again.", path)), lock.Close())
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		_ = os.Rename(f.beside("old"), path) // a run was killed between its two renames
	}
	return f, errors.Join(os.RemoveAll(f.beside("partial")), os.RemoveAll(f.beside("old")))
}

func isSame(held fs.FileInfo, lock *os.File) bool {
	own, err := lock.Stat()
	return err == nil && os.SameFile(held, own)
}

func (f *folder) beside(what string) string {
	return filepath.Join(filepath.Dir(f.path), "."+filepath.Base(f.path)+"."+what)
}

// release lets the next run in.
func (f *folder) release() error {
	return errors.Join(os.RemoveAll(f.beside("partial")), os.Remove(f.lock.Name()), f.lock.Close())
}

// fill writes all files beside the folder and then puts them in its place at
// once: a killed run leaves the old results whole, or the new ones.
func (f *folder) fill(writers map[string]func(*bufio.Writer) error) error {
	stage := f.beside("partial")
	if err := os.MkdirAll(stage, 0o755); err != nil {
		return fmt.Errorf("make the output folder: %w", err)
	}
	for _, name := range outputs {
		if err := writeWhole(filepath.Join(stage, name), writers[name]); err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
	}
	foreign, err := f.foreign()
	if err != nil {
		return err
	}
	for _, name := range foreign { // files of others stay where they are
		if err := os.Link(filepath.Join(f.path, name), filepath.Join(stage, name)); err != nil {
			return f.replaceOneByOne(stage)
		}
	}
	if err := os.Rename(f.path, f.beside("old")); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return f.replaceOneByOne(stage)
	}
	if err := os.Rename(stage, f.path); err != nil {
		return errors.Join(err, os.Rename(f.beside("old"), f.path))
	}
	return os.RemoveAll(f.beside("old"))
}

// foreign lists what else lies in the folder.
func (f *folder) foreign() ([]string, error) {
	entries, err := os.ReadDir(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var names []string
	for _, e := range entries {
		if !slices.Contains(outputs, e.Name()) {
			names = append(names, e.Name())
		}
	}
	return names, err
}

// replaceOneByOne is for folders that cannot be moved, such as a mount point.
func (f *folder) replaceOneByOne(stage string) error {
	for _, name := range outputs {
		if err := os.Rename(filepath.Join(stage, name), filepath.Join(f.path, name)); err != nil {
			return fmt.Errorf("put %s in place: %w", name, err)
		}
	}
	return nil
}

func writeWhole(path string, write func(*bufio.Writer) error) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(file, 1<<20)
	if err := errors.Join(write(w), w.Flush(), file.Sync()); err != nil {
		return errors.Join(err, file.Close())
	}
	return file.Close()
}

// Write puts clusters.csv, pairs.csv, model.json and report.html into a
// folder, all of them or none.
func (r *Result) Write(path string, t *Table, review float64, quality *Quality) error {
	f, err := holdFolder(path)
	if err != nil {
		return err
	}
	return errors.Join(r.writeTo(f, t, review, quality), f.release())
}

func (r *Result) writeTo(f *folder, t *Table, review float64, quality *Quality) error {
	return f.fill(map[string]func(*bufio.Writer) error{
		"clusters.csv": func(w *bufio.Writer) error { return r.writeClusters(w, t) },
		"pairs.csv":    func(w *bufio.Writer) error { return r.writePairs(w, t, review) },
		"model.json":   r.writeModel,
		"report.html":  func(w *bufio.Writer) error { return r.writeReport(w, t, quality) },
	})
}

func (r *Result) writeClusters(w *bufio.Writer, t *Table) error {
	if _, err := w.WriteString("source,id,cluster_id\n"); err != nil {
		return err
	}
	var line []byte
	for row, cluster := range r.Cluster {
		line = appendCell(line[:0], t.Sources[t.Source[row]])
		line = append(line, ',')
		line = appendCell(line, t.IDs[row])
		line = append(line, ',')
		line = strconv.AppendUint(line, uint64(cluster), 10)
		if _, err := w.Write(append(line, '\n')); err != nil {
			return err
		}
	}
	return nil
}

// appendCell quotes where RFC 4180 asks for it.
func appendCell(line []byte, cell string) []byte {
	for i := range len(cell) {
		switch cell[i] {
		case ',', '"', '\n', '\r':
			line = append(line, '"')
			for k := range len(cell) {
				if cell[k] == '"' {
					line = append(line, '"')
				}
				line = append(line, cell[k])
			}
			return append(line, '"')
		}
	}
	return append(line, cell...)
}

func (r *Result) writePairs(w *bufio.Writer, t *Table, review float64) error {
	header := []string{"id_l", "id_r", "match_weight", "match_probability"}
	for _, c := range r.Model.Comparisons {
		header = append(header, "level_"+c.Name)
	}
	if len(t.Sources) > 1 { // ids of two files may be the same
		header = append(header, "source_l", "source_r")
	}
	out := csv.NewWriter(w)
	if err := out.Write(header); err != nil {
		return err
	}
	prior := r.Model.PriorWeight()
	row := make([]string, len(header))
	for _, p := range r.Pairs { // sorted by weight
		bits := float64(p.Bits) + prior
		probability := weight.Probability(bits)
		if probability < review {
			break
		}
		a, b := min(p.A, p.B), max(p.A, p.B)
		row[0], row[1] = t.IDs[a], t.IDs[b]
		row[2], row[3] = strconv.FormatFloat(bits, 'f', 4, 64), strconv.FormatFloat(probability, 'g', 6, 64)
		for i, c := range r.Model.Comparisons {
			row[4+i] = c.Levels[levelAt(p.Pattern, i)].Label
		}
		if len(t.Sources) > 1 {
			row[len(row)-2], row[len(row)-1] = t.Sources[t.Source[a]], t.Sources[t.Source[b]]
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func (r *Result) writeModel(w *bufio.Writer) error {
	raw, err := r.Spec().Save()
	if err != nil {
		return err
	}
	_, err = w.Write(raw)
	return err
}

// around answers up to n pairs whose weight is nearest to the threshold, half
// of them on each side where there are as many.
func (r *Result) around(threshold float64, n int) []Pair {
	prior := r.Model.PriorWeight()
	place, _ := slices.BinarySearchFunc(r.Pairs, float32(threshold-prior), func(p Pair, want float32) int {
		return cmp.Compare(want, p.Bits)
	})
	from := max(0, min(place-n/2, len(r.Pairs)-n))
	return r.Pairs[from:min(len(r.Pairs), from+n)]
}
