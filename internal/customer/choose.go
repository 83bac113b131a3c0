// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"bytes"
)

// candidate tells what choose needs to know of a record for one field or group.
type candidate struct {
	has    func(*Record) bool
	pinned func(*Record) bool // counts as a value when the record is pinned, emptied by hand included
	value  func(*Record) string
	doubt  func(*Record) bool
	size   func(*Record) int
}

// choose applies the criteria one after the other until one record is left or all left agree.
func (s *Survivorship) choose(records []*Record, pin int64, criteria []Criterion, c candidate) (*Record, Criterion) {
	left := make([]*Record, 0, len(records))
	for _, r := range records {
		if pin != 0 && r.ID == pin && c.pinned(r) {
			return r, Pin
		}
		if c.has(r) {
			left = append(left, r)
		}
	}
	switch len(left) {
	case 0:
		return nil, Only
	case 1:
		return left[0], Only
	}
	reason := Last
	if agree(left, c) {
		reason = Agreed
	}
	for _, criterion := range criteria {
		before := len(left)
		left = s.best(left, criterion, c)
		if reason == Last && len(left) < before && (len(left) == 1 || agree(left, c)) {
			reason = criterion
		}
		if len(left) == 1 {
			break
		}
	}
	winner := left[0]
	for _, r := range left[1:] {
		if r.ID > winner.ID {
			winner = r
		}
	}
	return winner, reason
}

func agree(records []*Record, c candidate) bool {
	first := c.value(records[0])
	for _, r := range records[1:] {
		if c.value(r) != first {
			return false
		}
	}
	return true
}

func (s *Survivorship) best(records []*Record, criterion Criterion, c candidate) []*Record {
	score := func(r *Record) int64 {
		switch criterion {
		case Validity:
			if c.doubt(r) {
				return 0
			}
			return 1
		case Trust:
			return int64(s.trust[r.SourceID])
		case Recency:
			return r.ReceivedAt.UnixMicro()
		case Completeness:
			return int64(c.size(r))
		}
		return 0
	}
	top := score(records[0])
	for _, r := range records[1:] {
		top = max(top, score(r))
	}
	kept := records[:0]
	for _, r := range records {
		if score(r) == top {
			kept = append(kept, r)
		}
	}
	return kept
}

// gatherProvenance makes the most frequent origin the main one, so that most rows need no list.
func gatherProvenance(origins map[string]Origin, records []*Record) Provenance {
	counts := map[Origin]int{}
	for _, origin := range origins {
		counts[origin]++
	}
	var p Provenance
	if len(records) > 0 {
		p.Main = Origin{RecordID: records[0].ID}
	}
	for origin, n := range counts {
		m := counts[p.Main]
		if n > m || (n == m && (origin.RecordID < p.Main.RecordID ||
			origin.RecordID == p.Main.RecordID && origin.Reason < p.Main.Reason)) {
			p.Main = origin
		}
	}
	for name, origin := range origins {
		if origin != p.Main {
			if p.Fields == nil {
				p.Fields = map[string]Origin{}
			}
			p.Fields[name] = origin
		}
	}
	return p
}

// sameValues reports whether two golden rows hold the same.
func sameValues(a, b *Values) bool {
	return a.Text == b.Text && a.NameKey == b.NameKey &&
		bytes.Equal(appendAttributes(nil, a.Attributes), appendAttributes(nil, b.Attributes))
}
