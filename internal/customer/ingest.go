// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"context"
	"fmt"
	"time"

	"dangol/internal/dataquality"
	"dangol/internal/platform/database"
	"dangol/internal/platform/journal"
)

// Outcome is what became of a row.
type Outcome uint8

// The outcomes of rows that were taken.
const (
	Created   Outcome = iota + 1 // a customer of its own
	Updated                      // a newer version of a record that was there
	Linked                       // a new record of a customer that was there
	Unchanged                    // the source had said the same before
)

// Linker decides who is who: match implements it.
type Linker interface {
	// Link finds the customer of each record. Versions, parallel to records, holds the record that each
	// one replaces, nil for none. It reads the store of ctx's transaction and writes nothing.
	Link(ctx context.Context, records []*Record, versions []*Version) (Plan, error)
}

// Plan is what a Linker decided.
type Plan struct {
	// Places are parallel to the records.
	Places []Place
	// Targets are the customers that records go to: an id, or 0 for one to be made.
	Targets []int64
	// Merges are pairs of customers that a record has shown to be one.
	Merges []MergePair
}

// Place is where a record goes and why.
type Place struct {
	Target   int    // index in Plan.Targets
	Reason   string // "new", "version", or the name of the scheme whose key it shares
	Findings []dataquality.Finding
}

// MergePair is two customers to be merged; the survivor keeps its id.
type MergePair struct {
	SurvivorID, OtherID int64
	Reason              string
}

// Slice is a number of records of one source that go in together.
type Slice struct {
	SourceID int64
	SchemeID int64 // scheme under which records with a source key hold it as a key; 0 when none has one
	BatchID  int64
	EntryID  int64 // bulk journal entry of the batch
	PersonID int64
	Records  []*Record // ID 0; Hash, SourceKey, Keys and Values filled in
}

// SliceResult tells what became of the records of a slice, in their order.
type SliceResult struct {
	Outcomes []Outcome
	Findings int // found by linking, on top of the records' own
	Merged   int
	Codes    map[string]int // findings found by linking, by code
}

// Ingest puts the records of a slice into the system of record: versions are told apart, customers found
// or made, golden rows computed, everything journalled. It must run inside a transaction; a slice of
// some thousand records is best.
func (s *Service) Ingest(ctx context.Context, slice *Slice) (SliceResult, error) {
	in := ingest{s: s, slice: slice, at: database.Time(ctx), result: SliceResult{
		Outcomes: make([]Outcome, len(slice.Records)), Codes: map[string]int{},
	}}
	steps := []func(context.Context) error{in.findVersions, in.link, in.number, in.withdraw, in.insert, in.golden, in.log}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return in.result, fmt.Errorf("take in records of source %d: %w", slice.SourceID, err)
		}
		if len(in.fresh) == 0 {
			break // all unchanged
		}
	}
	return in.result, nil
}

// Judge is Ingest without writing: it tells what would become of the records.
func (s *Service) Judge(ctx context.Context, slice *Slice) (SliceResult, error) {
	in := ingest{s: s, slice: slice, at: database.Time(ctx), result: SliceResult{
		Outcomes: make([]Outcome, len(slice.Records)), Codes: map[string]int{},
	}}
	if err := in.findVersions(ctx); err != nil {
		return in.result, err
	}
	if len(in.fresh) == 0 {
		return in.result, nil
	}
	return in.result, in.link(ctx)
}

// ingest is the state of one Ingest.
type ingest struct {
	s      *Service
	slice  *Slice
	at     time.Time
	result SliceResult

	same     []unchanged
	fresh    []*Record  // records that are not unchanged
	place    []int      // index of each fresh record in the slice
	versions []*Version // what each fresh record replaces
	plan     Plan
	isNew    []bool // by target: made by this slice

	changes []journal.Change
}

// unchanged is a record that says the same as an earlier one of its slice.
type unchanged struct{ record, earlier *Record }

// identity tells records of one source apart: by source key, else by content.
func identity(r *Record) string {
	if r.SourceKey != "" {
		return r.SourceKey
	}
	return string(r.Hash[:])
}

// findVersions tells new, changed and unchanged records apart.
func (in *ingest) findVersions(ctx context.Context) error {
	known, err := in.s.knownVersions(ctx, in.slice)
	if err != nil {
		return err
	}
	inSlice := make(map[string]*Record, len(in.slice.Records))
	for i, r := range in.slice.Records {
		id := identity(r)
		if earlier, ok := inSlice[id]; ok {
			if earlier.Hash == r.Hash {
				in.result.Outcomes[i] = Unchanged
				in.same = append(in.same, unchanged{r, earlier})
				continue
			}
			// The later row of the slice wins; the earlier one is kept as its older version.
			earlier.Withdrawn = true
			in.take(i, r, &Version{Identity: id, Hash: earlier.Hash, RecordID: -1})
			inSlice[id] = r
			continue
		}
		version := known[id]
		if version != nil && version.Hash == r.Hash && version.Kind == r.Kind {
			in.result.Outcomes[i] = Unchanged
			r.ID, r.CustomerID = version.RecordID, version.CustomerID
			continue
		}
		in.take(i, r, version)
		inSlice[id] = r
	}
	return nil
}

func (in *ingest) take(i int, r *Record, version *Version) {
	in.fresh = append(in.fresh, r)
	in.place = append(in.place, i)
	in.versions = append(in.versions, version)
}

func (s *Service) knownVersions(ctx context.Context, slice *Slice) (map[string]*Version, error) {
	var keys []string
	var hashes [][]byte
	for _, r := range slice.Records {
		if r.SourceKey != "" {
			keys = append(keys, r.SourceKey)
		} else {
			hashes = append(hashes, r.Hash[:])
		}
	}
	found, err := s.store.FindVersions(ctx, slice.SourceID, slice.SchemeID, keys)
	if err != nil {
		return nil, fmt.Errorf("find earlier versions: %w", err)
	}
	same, err := s.store.FindSame(ctx, slice.SourceID, hashes)
	if err != nil {
		return nil, fmt.Errorf("find equal records: %w", err)
	}
	found = append(found, same...)
	known := make(map[string]*Version, len(found))
	for i := range found {
		known[found[i].Identity] = &found[i]
	}
	return known, nil
}

// link asks the linker and counts what it decided.
func (in *ingest) link(ctx context.Context) error {
	plan, err := in.s.linker.Link(ctx, in.fresh, in.versions)
	if err != nil {
		return fmt.Errorf("link records: %w", err)
	}
	in.plan = plan
	in.isNew = make([]bool, len(plan.Targets))
	used := make([]bool, len(plan.Targets))
	for t, id := range plan.Targets {
		in.isNew[t] = id == 0
	}
	for i, place := range plan.Places {
		outcome := Linked
		switch {
		case in.versions[i] != nil:
			outcome = Updated
		case in.isNew[place.Target] && !used[place.Target]:
			outcome = Created
		}
		used[place.Target] = true
		in.result.Outcomes[in.place[i]] = outcome
		in.addFindings(in.fresh[i], place.Findings)
	}
	in.result.Merged = len(plan.Merges)
	return nil
}

func (in *ingest) addFindings(r *Record, findings []dataquality.Finding) {
	if len(findings) == 0 {
		return
	}
	r.Findings = appendFindings(r.Findings, findings)
	in.result.Findings += len(findings)
	for _, f := range findings {
		in.result.Codes[f.Code]++
	}
}
