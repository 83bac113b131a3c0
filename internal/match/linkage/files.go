// SPDX-License-Identifier: Apache-2.0

package linkage

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"dangol/internal/platform/fault"
)

// Task is one run over files.
type Task struct {
	Files []string
	// Out is the folder of the results.
	Out string
	// Model is a file of a model to use instead of learning one.
	Model string
	// TruthPairs is a file of pairs of ids that are one.
	TruthPairs string
	// TruthRows is a file that tells, by file and row, whom each record is about.
	TruthRows string
	Read      ReadOptions
	Match     Options
	// Review is the probability from which pairs are written.
	Review float64
	// Language is that of the report; English when empty.
	Language Language
	// Memory is how many bytes the run should get along with; 0 means three
	// quarters of what is free. Beyond half of it arrays go to disk.
	Memory int64
}

// Summary is what a run says of itself.
type Summary struct {
	Records         int      `json:"records"`
	CandidatePairs  int64    `json:"candidate_pairs"`
	Matches         int64    `json:"matches"`
	Clusters        int      `json:"clusters"`
	LargestCluster  int      `json:"largest_cluster"`
	Lambda          float64  `json:"lambda"`
	Threshold       float64  `json:"threshold"`
	Seconds         float64  `json:"seconds"`
	PeakMemoryBytes int64    `json:"peak_memory_bytes"`
	Precision       *float64 `json:"precision"`
	Recall          *float64 `json:"recall"`
	F1              *float64 `json:"f1"`
}

// Do reads, matches and writes.
func (task Task) Do(ctx context.Context) (summary Summary, err error) {
	started := time.Now()
	if err := task.check(); err != nil {
		return summary, err
	}
	defer debug.SetGCPercent(debug.SetGCPercent(collectAt))
	limit := task.Memory
	if limit == 0 {
		limit = freeMemory() / 4 * 3
	}
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(limit))
	out, err := holdFolder(task.Out)
	if err != nil {
		return summary, err
	}
	defer func() { err = errors.Join(err, out.release()) }()
	if task.Model != "" {
		if task.Match.Spec, err = LoadSpecFile(task.Model); err != nil {
			return summary, err
		}
	}
	tell := task.Match.Progress
	if tell == nil {
		tell = func(string, int64, int64) {}
	}
	room := newSpill(uint64(limit)/2, filepath.Dir(out.path)) //nolint:gosec // checked not to be negative
	defer func() { err = errors.Join(err, room.close()) }()
	task.Read.spill = room
	tell("reading", 0, 0)
	task.Read.Progress = func(rows int64) { tell("reading", rows, 0) }
	table, err := Read(ctx, task.Files, task.Read)
	if err != nil {
		return summary, err
	}
	if err := task.learnTruth(table); err != nil {
		return summary, err
	}
	result, err := Run(ctx, table, task.Match)
	if err != nil {
		return summary, err
	}
	var quality *Quality
	if table.Truth != nil {
		q := Measure(result.Cluster, table.Truth, table.Source, task.Match.LinkOnly)
		quality = &q
	}
	tell("writing", 0, 0)
	if err := ctx.Err(); err != nil {
		return summary, err
	}
	result.Threshold, result.Sources, result.Language = task.Match.Threshold, table.Sources, task.Language
	if err := result.writeTo(out, table, task.Review, quality); err != nil {
		return summary, err
	}
	summary = result.summary(table, quality)
	summary.Threshold, summary.Seconds, summary.PeakMemoryBytes = task.Match.Threshold, round(time.Since(started).Seconds()), peakMemory()
	return summary, nil
}

func (task *Task) learnTruth(t *Table) error {
	switch {
	case task.TruthPairs != "":
		return t.TruthFromPairs(task.TruthPairs)
	case task.TruthRows != "":
		return t.TruthFromRows(task.TruthRows)
	}
	return nil
}

// collectAt lets the heap double before it is swept: most of it stays until the end.
const collectAt = 100

func round(x float64) float64 { return math.Round(x*1000) / 1000 }

func (task *Task) check() error {
	invalid := func(code, message string, args ...any) error {
		return fault.New(fault.Invalid, code, fmt.Sprintf(message, args...))
	}
	if task.Match.Threshold == 0 {
		task.Match.Threshold = .5
	}
	switch {
	case len(task.Files) == 0:
		return invalid("match.no_file", "Name at least one file.")
	case task.Out == "":
		return invalid("match.no_folder", "Name the folder for the results with --out.")
	case task.Match.LinkOnly && len(task.Files) < 2:
		return invalid("match.one_file", "--link-only links between files; name two.")
	case !(task.Match.Threshold > 0 && task.Match.Threshold < 1):
		return invalid("match.bad_threshold", "The threshold is a probability between 0 and 1, not %v.", task.Match.Threshold)
	case task.Memory < 0:
		return invalid("match.bad_memory", "The memory is a number of bytes, not %d.", task.Memory)
	case !(task.Review >= 0 && task.Review < 1):
		return invalid("match.bad_review", "--review is a probability from 0 to below 1, not %v.", task.Review)
	}
	truths := 0
	for _, given := range []bool{task.Read.Truth != "", task.Read.TruthPattern != nil, task.TruthPairs != "", task.TruthRows != ""} {
		if given {
			truths++
		}
	}
	if truths > 1 {
		return invalid("match.two_truths", "Only one of --truth, --truth-pattern, --truth-pairs and --truth-rows can say what is true.")
	}
	return nil
}

func (r *Result) summary(t *Table, quality *Quality) Summary {
	s := Summary{
		Records: t.Rows, CandidatePairs: r.Candidates, Matches: r.Matches, Clusters: r.Clusters, LargestCluster: r.Largest, Lambda: r.Model.Lambda,
	}
	if quality != nil {
		s.Precision, s.Recall, s.F1 = &quality.Precision, &quality.Recall, &quality.F1
	}
	return s
}

// peakMemory is the most memory that the process has held; where the system
// does not tell, what Go has taken.
func peakMemory() int64 {
	raw, err := os.ReadFile("/proc/self/status")
	if err == nil {
		for _, line := range strings.Split(string(raw), "\n") {
			if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
				if kib, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64); err == nil {
					return kib << 10
				}
			}
		}
	}
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.Sys)
}
