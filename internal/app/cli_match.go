// SPDX-License-Identifier: Apache-2.0

package app

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"dangol/internal/intake/reader"
	"dangol/internal/match/linkage"
	"dangol/internal/platform/fault"
)

type matchCommand struct {
	Files        []string `arg:"" name:"file" help:"Files of records: CSV, gzip CSV, Parquet, XLSX or vCard. With one, its duplicates are found; with several, those within and between them." type:"path"`
	Out          string   `help:"Folder for clusters.csv, pairs.csv, model.json and report.html." required:"" placeholder:"DIR" type:"path"`
	Model        string   `help:"Use this model.json instead of learning one." placeholder:"FILE" type:"path"`
	Truth        string   `help:"Column that says who is really who; precision and recall are measured against it. Never evidence." placeholder:"COLUMN" xor:"truth"`
	TruthPattern string   `help:"Take the truth from the id: the first group of this regular expression." placeholder:"REGEXP" xor:"truth"`
	TruthPairs   string   `help:"File of two columns with the ids of records that are one." placeholder:"FILE" type:"path" xor:"truth"`
	TruthRows    string   `help:"File of three columns: file, number of the row from 1, and who it is about (as \"dangol demo --truth\" writes)." placeholder:"FILE" type:"path" xor:"truth"`
	ID           string   `help:"Column that names a record (default: a first column called id, unique_id, 번호…, else the row number from 0). Never evidence." name:"id" placeholder:"COLUMN"`
	Ignore       []string `help:"Column that is no evidence; may be repeated." sep:"none" placeholder:"COLUMN"`
	LinkOnly     bool     `help:"Link only between files, each free of duplicates: at most one record of each file in a cluster."`
	Threshold    float64  `help:"Probability from which records are one." default:"0.5" placeholder:"P"`
	Review       float64  `help:"Probability from which pairs are written to pairs.csv." default:"0.1" placeholder:"P"`
	One          []string `help:"Column of which a person has one value, such as a member number: two different ones are never joined; may be repeated." name:"one-per-person" sep:"none" placeholder:"COLUMN"`
	Memory       string   `help:"Memory to get along with, such as 2GiB or 800MiB (default: three quarters of what is free). Beyond half of it, what can lie on disk does." placeholder:"SIZE"`
	Lang         string   `help:"Language of the report: ko or en (default: that of LC_ALL, LC_MESSAGES or LANG)." enum:"ko,en," default:""`
	Seed         uint64   `help:"The same seed gives the same result." default:"1" placeholder:"S"`
}

// Help teaches by examples.
func (matchCommand) Help() string {
	return `Finds the records of one person (company, product…) without a server, training labels or configuration: what
columns hold is recognised, blocking rules are chosen by their cost, a Fellegi-Sunter model is learnt from the
file itself, and everything is explained in report.html. Results appear whole or not at all.

Examples:
  dangol match customers.csv --out result
  dangol match members.csv stores.csv online.csv --out result --one-per-person 회원번호
  dangol match shop.csv supplier.csv --out links --link-only --threshold 0.9
  dangol match people.csv --out test --truth person_id --ignore note --json
  dangol match dataset.csv --out test --id rec_id --truth-pattern 'rec-(\d+)-' --ignore soc_sec_id
  dangol match demo/members.csv demo/stores.csv demo/callcenter.xlsx --out test --truth-rows truth.csv
  dangol match new.csv --out result --model result/model.json

Files:
  clusters.csv  source,id,cluster_id: one line a record; equal cluster_id means one person
  pairs.csv     id_l,id_r,match_weight,match_probability and the level of each comparison, the surest first
  model.json    what was learnt: m, u, λ, kinds of columns, blocking rules; it can be edited and used with --model
  report.html   columns, rules, model, weights, doubtful pairs with what speaks for and against them

With --json: {"records":…,"candidate_pairs":…,"matches":…,"clusters":…,"largest_cluster":…,"lambda":…,"threshold":…,
"seconds":…,"peak_memory_bytes":…,"precision":…,"recall":…,"f1":…}; the last three are null without a truth.`
}

// Run matches the files.
func (m matchCommand) Run(s *session) error {
	task := linkage.Task{
		Files: m.Files, Out: m.Out, Model: m.Model, TruthPairs: m.TruthPairs, TruthRows: m.TruthRows, Review: m.Review,
		Language: linkage.Language(language(m.Lang, s.Environ)),
		Read:     linkage.ReadOptions{ID: m.ID, Truth: m.Truth, Ignore: m.Ignore, Open: openRows},
		Match:    linkage.Options{LinkOnly: m.LinkOnly, Threshold: m.Threshold, OnePerPerson: m.One, Seed: m.Seed},
	}
	if m.TruthPattern != "" {
		pattern, err := regexp.Compile(m.TruthPattern)
		if err != nil {
			return fault.Wrap(err, fault.Invalid, "match.bad_pattern", "--truth-pattern is no regular expression: {why}.", "why", err.Error())
		}
		task.Read.TruthPattern = pattern
	}
	var err error
	if task.Memory, err = memorySize(m.Memory); err != nil {
		return err
	}
	bar := s.progress("reading")
	task.Match.Progress = func(stage string, done, total int64) { bar.set(done, total, stage) }
	var summary linkage.Summary
	summary, err = task.Do(s.ctx)
	bar.finish()
	if err != nil {
		return err
	}
	return s.print(summary, matchText(summary, m.Out))
}

// memoryUnits are the units of --memory (IEC 80000-13).
var memoryUnits = map[string]float64{"": 1, "b": 1, "kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30, "kb": 1e3, "mb": 1e6, "gb": 1e9, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30}

// memorySize reads an amount of memory, "" for 0.
func memorySize(text string) (int64, error) {
	if text == "" {
		return 0, nil
	}
	folded := strings.ToLower(strings.TrimSpace(text))
	number := strings.TrimRight(folded, "abcdefghijklmnopqrstuvwxyz ")
	size, err := strconv.ParseFloat(number, 64)
	unit, known := memoryUnits[strings.TrimSpace(folded[len(number):])]
	if err != nil || !known || !(size > 0) || size*unit > 1<<50 {
		return 0, fault.New(fault.Invalid, "match.bad_memory", "--memory is a size such as 2GiB or 800MiB, not {size}.", "size", text)
	}
	return int64(size * unit), nil
}

// language is the one asked for, or that of the shell (POSIX: LC_ALL goes before LC_MESSAGES, and that before LANG).
func language(asked string, environ []string) string {
	if asked != "" {
		return asked
	}
	for _, name := range []string{"LC_ALL=", "LC_MESSAGES=", "LANG="} {
		for _, entry := range environ {
			if value, is := strings.CutPrefix(entry, name); is && value != "" {
				if strings.HasPrefix(value, "ko") {
					return "ko"
				}
				return "en"
			}
		}
	}
	return "en"
}

func matchText(r linkage.Summary, out string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d records are %d different ones (largest: %d records); %d pairs of records are one.\n", r.Records, r.Clusters, r.LargestCluster, r.Matches)
	if r.F1 != nil {
		fmt.Fprintf(&b, "Against the truth: precision %.4f, recall %.4f, F1 %.4f.\n", *r.Precision, *r.Recall, *r.F1)
	}
	fmt.Fprintf(&b, "%d candidate pairs (%.1f a record), %.1f s, %d MiB. λ = %.3g, threshold %g.\n",
		r.CandidatePairs, float64(r.CandidatePairs)/float64(max(r.Records, 1)), r.Seconds, r.PeakMemoryBytes>>20, r.Lambda, r.Threshold)
	fmt.Fprintf(&b, "See %s.\n", filepath.Join(out, "report.html"))
	return b.String()
}

// rowFile reads workbooks and address books with intake's reader.
type rowFile struct {
	file   *reader.File
	header []string
}

// openRows answers nil for the formats that the engine reads by itself.
func openRows(path string) (linkage.RowSource, error) {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".xlsx", ".xls", ".vcf", ".html":
	default:
		return nil, nil //nolint:nilnil // "not mine" is no error
	}
	file, err := reader.Open(path, reader.Options{})
	if err != nil {
		return nil, err
	}
	return &rowFile{file, file.Shape().Headers()}, nil
}

// Header returns the names of the columns.
func (f *rowFile) Header() []string { return f.header }

// Close lets go of the file.
func (f *rowFile) Close() error { return f.file.Close() }

// Next returns the next row that can be read.
func (f *rowFile) Next() ([]string, error) {
	for {
		row, _, err := f.file.Next()
		var bad *reader.RowError
		if errors.As(err, &bad) && !errors.Is(err, io.EOF) {
			continue
		}
		return row, err
	}
}
