// SPDX-License-Identifier: Apache-2.0

package linkage

import (
	"bufio"
	"cmp"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"dangol/internal/match/weight"
)

// Write puts clusters.csv, pairs.csv, model.json and report.html into a
// folder; each file appears whole or not at all.
func (r *Result) Write(folder string, t *Table, review float64, quality *Quality) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return fmt.Errorf("make the output folder: %w", err)
	}
	for name, write := range map[string]func(*bufio.Writer) error{
		"clusters.csv": func(w *bufio.Writer) error { return r.writeClusters(w, t) },
		"pairs.csv":    func(w *bufio.Writer) error { return r.writePairs(w, t, review) },
		"model.json":   r.writeModel,
		"report.html":  func(w *bufio.Writer) error { return r.writeReport(w, t, quality) },
	} {
		if err := whole(filepath.Join(folder, name), write); err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
	}
	return nil
}

// whole writes beside the target and renames, so that a killed run leaves no
// half file under the final name.
func whole(path string, write func(*bufio.Writer) error) error {
	file, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	w := bufio.NewWriterSize(file, 1<<20)
	if err := write(w); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if err := file.Sync(); err != nil {
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}

func (r *Result) writeClusters(w *bufio.Writer, t *Table) error {
	out := csv.NewWriter(w)
	if err := out.Write([]string{"source", "id", "cluster_id"}); err != nil {
		return err
	}
	for row, cluster := range r.Cluster {
		if err := out.Write([]string{t.Sources[t.Source[row]], t.IDs[row], strconv.Itoa(int(cluster))}); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func (r *Result) writePairs(w *bufio.Writer, t *Table, review float64) error {
	out := csv.NewWriter(w)
	header := []string{"id_l", "id_r", "match_weight", "match_probability"}
	for _, c := range r.Model.Comparisons {
		header = append(header, "level_"+c.Name)
	}
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
			row[4+i] = c.Levels[p.level(i)].Label
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// level is the level of the i-th comparison in this pair.
func (p Pair) level(i int) uint8 { return uint8(p.Pattern >> (i * levelBits) & (1<<levelBits - 1)) }

func (r *Result) writeModel(w *bufio.Writer) error {
	raw, err := r.Model.Save()
	if err != nil {
		return err
	}
	_, err = w.Write(raw)
	return err
}

// around answers up to n pairs whose weight is nearest to the threshold.
func (r *Result) around(threshold float64, n int) []Pair {
	prior := r.Model.PriorWeight()
	place, _ := slices.BinarySearchFunc(r.Pairs, float32(threshold-prior), func(p Pair, want float32) int {
		return cmp.Compare(want, p.Bits)
	})
	from := max(0, place-n/2)
	return r.Pairs[from:min(len(r.Pairs), from+n)]
}
