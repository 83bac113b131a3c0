// SPDX-License-Identifier: Apache-2.0

package linkage

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"dangol/internal/match/weight"
	"dangol/internal/platform/fault"
)

// Options say how to match; the zero value is right for most files.
type Options struct {
	// LinkOnly compares only records of different files and links at most one
	// of each.
	LinkOnly bool
	// Threshold is the probability from which records are joined; 0 means 0.5.
	Threshold float64
	// Model replaces the estimated m, u and λ.
	Model *weight.Model
	// Seed makes the random pairs repeatable.
	Seed uint64
}

// ColumnReport says how a column was understood.
type ColumnReport struct {
	Name     string `json:"name"`
	Kind     Kind   `json:"kind"`
	Present  int    `json:"present"`
	Distinct int    `json:"distinct"`
}

// Result is what a run found.
type Result struct {
	Columns    []ColumnReport
	Rules      []*Rule
	Model      *weight.Model
	Notes      []string
	Pairs      []Pair   // scored pairs worth showing
	Cluster    []uint32 // the cluster of each record, named by its first record
	Clusters   int
	Largest    int
	Candidates int64
	Seconds    float64
}

// Run matches the records of a table.
func Run(ctx context.Context, t *Table, options Options) (*Result, error) {
	started := time.Now()
	if options.Threshold == 0 {
		options.Threshold = .5
	}
	random := rand.New(rand.NewPCG(options.Seed, 0x5eed))
	result := &Result{}
	all := evidences(t, result)
	if len(all) == 0 {
		return nil, fault.New(fault.Invalid, "match.no_usable_column",
			"No column can tell records apart: each is empty, constant or a running number. Name the columns that describe the person.")
	}
	result.Rules = proposeRules(t, all, options.LinkOnly)
	if len(result.Rules) == 0 {
		return nil, fault.New(fault.Invalid, "match.no_blocking_rule",
			"No pair of records agrees on any column closely enough to be compared.")
	}
	result.Model = newModel(all)
	countU(t, all, result.Model, random)
	result.Notes = trainM(t, all, result.Rules, result.Model, options.LinkOnly)
	if options.Model != nil {
		result.Model = options.Model
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s := newScorer(all, result.Model)
	total := pairsOf(t, options.LinkOnly)
	keep := float32(math.Log2(total/float64(t.Rows)) - 12) // far below any λ that could turn out
	pairs, looked := candidates(t, s, result.Rules, options.LinkOnly, keep)
	result.Candidates = looked
	if options.Model == nil {
		result.Model.Lambda = settleLambda(pairs, total, math.Min(.5, float64(t.Rows)/total))
	}
	prior := float32(result.Model.PriorWeight())
	clusters := newClusters(t, s, prior, options.LinkOnly)
	clusters.joinAll(pairs, float32(math.Log2(options.Threshold/(1-options.Threshold))))
	result.Pairs = pairs
	result.Cluster = make([]uint32, t.Rows)
	for row := range result.Cluster {
		result.Cluster[row] = clusters.find(uint32(row))
		if result.Cluster[row] == uint32(row) {
			result.Clusters++
		}
	}
	result.Largest = clusters.largest
	result.Seconds = time.Since(started).Seconds()
	return result, nil
}

func evidences(t *Table, result *Result) []*evidence {
	var all []*evidence
	for _, raw := range t.Columns {
		column := raw.derive(raw.Name, tidy)
		kind := Recognise(column)
		result.Columns = append(result.Columns, ColumnReport{Name: raw.Name, Kind: kind, Present: column.Present(), Distinct: column.Distinct()})
		if kind == Useless {
			continue
		}
		if len(all) == mostEvidence {
			result.Notes = append(result.Notes, fmt.Sprintf("%s: left out, %d comparisons are the most", raw.Name, mostEvidence))
			continue
		}
		all = append(all, newEvidence(column, kind))
	}
	return all
}

func newModel(all []*evidence) *weight.Model {
	model := &weight.Model{Lambda: .001}
	for _, e := range all {
		c := weight.Comparison{Name: e.name}
		start := startM(len(e.labels))
		for l, label := range e.labels {
			c.Levels = append(c.Levels, weight.Level{Label: label, M: start[l]})
		}
		c.Levels[1].FrequencyWeight = 1
		model.Comparisons = append(model.Comparisons, c)
	}
	return model
}

func pairsOf(t *Table, linkOnly bool) float64 {
	n := float64(t.Rows)
	if !linkOnly {
		return n * (n - 1) / 2
	}
	first := 0.0
	for _, s := range t.Source {
		if s == 0 {
			first++
		}
	}
	return first * (n - first)
}
