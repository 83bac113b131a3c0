// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"slices"
	"strings"

	"dangol/internal/dataquality"
	"dangol/internal/platform/fault"
)

// attributePrefix comes before the name of a custom attribute wherever standard fields and attributes
// share a namespace: provenance, pins, filters, sorts.
const attributePrefix = "attr."

// Survivorship chooses the values of golden rows.
type Survivorship struct {
	criteria map[string][]Criterion // by field; "*" is the default
	trust    map[int64]int          // by source
}

// NewSurvivorship makes the rules out of the configured criteria per field and the trust per source.
func NewSurvivorship(criteria map[string][]Criterion, trust map[int64]int) *Survivorship {
	return &Survivorship{criteria: criteria, trust: trust}
}

// DefaultCriteria is the order that holds unless it is configured otherwise.
var DefaultCriteria = []Criterion{Validity, Trust, Recency, Completeness}

// ParseCriteria reads "validity,trust,recency,completeness".
func ParseCriteria(text string) ([]Criterion, error) {
	var criteria []Criterion
	for _, name := range strings.Split(text, ",") {
		c := Criterion(slices.Index(criterionNames[:], strings.TrimSpace(name)))
		if c < Validity || c > Completeness {
			return nil, fault.New(fault.Invalid, "customer.bad_criterion",
				"{name} is no survivorship criterion; use validity, trust, recency, completeness.", "name", name)
		}
		if slices.Contains(criteria, c) {
			return nil, fault.New(fault.Invalid, "customer.criterion_twice", "{name} stands twice in the list.", "name", name)
		}
		criteria = append(criteria, c)
	}
	return criteria, nil
}

func (s *Survivorship) of(field string) []Criterion {
	if criteria, ok := s.criteria[field]; ok {
		return criteria
	}
	if criteria, ok := s.criteria["*"]; ok {
		return criteria
	}
	return DefaultCriteria
}

// groupHeads are the fields whose rule decides for their whole group.
var groupHeads = map[group]Field{addressGroup: Address, birthGroup: BirthOn}

// Golden computes the values of a customer from its live records and pins.
func (s *Survivorship) Golden(records []*Record, pins map[string]int64) (Values, Provenance) {
	if len(records) == 1 && len(pins) == 0 {
		return goldenOfOne(records[0])
	}
	var golden Values
	origins := map[string]Origin{}
	for f := range Field(fieldCount) {
		if fields[f].group == alone {
			s.chooseField(&golden, origins, records, pins, f)
		}
	}
	for g, head := range groupHeads {
		s.chooseGroup(&golden, origins, records, pins, g, head)
	}
	s.chooseAttributes(&golden, origins, records, pins)
	finishName(&golden)
	return golden, gatherProvenance(origins, records)
}

// goldenOfOne is the path of most customers: everything comes from the only record.
func goldenOfOne(record *Record) (Values, Provenance) {
	golden := record.Values
	golden.Claims, golden.cleared, golden.doubtful = nil, 0, 0
	if golden.Chosung == "" && golden.NameKey != "" {
		finishName(&golden)
	}
	return golden, Provenance{Main: Origin{RecordID: record.ID, Reason: Only}}
}

func finishName(golden *Values) {
	golden.NameKey = dataquality.SearchKey(golden.Text[FullName])
	golden.Chosung = dataquality.Chosung(golden.Text[FullName])
}

func (s *Survivorship) chooseField(golden *Values, origins map[string]Origin, records []*Record, pins map[string]int64, f Field) {
	name := fields[f].Name
	winner, reason := s.choose(records, pins[name], s.of(name), candidate{
		has:    func(r *Record) bool { return r.Values.Text[f] != "" },
		pinned: func(r *Record) bool { return r.Values.Has(f) },
		value:  func(r *Record) string { return r.Values.Text[f] },
		doubt:  func(r *Record) bool { return r.Values.IsDoubtful(f) },
		size:   func(r *Record) int { return len(r.Values.Text[f]) },
	})
	if winner != nil {
		golden.Text[f] = winner.Values.Text[f]
		origins[name] = Origin{winner.ID, reason}
	}
}

// chooseGroup takes all fields of a group from one record: a postal code of one address with the street
// of another would be nobody's address. A field of the group pinned by hand comes on top.
func (s *Survivorship) chooseGroup(golden *Values, origins map[string]Origin, records []*Record, pins map[string]int64, g group, head Field) {
	members := groupMembers(g)
	joined := func(r *Record) string {
		var b strings.Builder
		for _, f := range members {
			b.WriteString(r.Values.Text[f])
			b.WriteByte(0)
		}
		return b.String()
	}
	filled := func(r *Record) int {
		n := 0
		for _, f := range members {
			if r.Values.Text[f] != "" {
				n++
			}
		}
		return n
	}
	winner, reason := s.choose(records, pins[fields[head].Name], s.of(fields[head].Name), candidate{
		// A record with the head field beats records that know only, say, the province.
		has:    func(r *Record) bool { return r.Values.Text[head] != "" },
		pinned: func(r *Record) bool { return r.Values.Has(head) },
		value:  joined,
		doubt:  func(r *Record) bool { return r.Values.IsDoubtful(head) },
		size:   filled,
	})
	if winner == nil {
		winner, reason = s.choose(records, 0, s.of(fields[head].Name), candidate{
			has:    func(r *Record) bool { return filled(r) > 0 },
			pinned: func(*Record) bool { return false },
			value:  joined,
			doubt:  func(*Record) bool { return false },
			size:   filled,
		})
	}
	for _, f := range members {
		if winner != nil && winner.Values.Text[f] != "" {
			golden.Text[f] = winner.Values.Text[f]
			origins[fields[f].Name] = Origin{winner.ID, reason}
		}
		if f != head {
			pinMember(golden, origins, records, pins, f)
		}
	}
}

func pinMember(golden *Values, origins map[string]Origin, records []*Record, pins map[string]int64, f Field) {
	name := fields[f].Name
	pin := pins[name]
	if pin == 0 {
		return
	}
	for _, r := range records {
		if r.ID == pin && r.Values.Has(f) {
			golden.Text[f] = r.Values.Text[f]
			origins[name] = Origin{r.ID, Pin}
		}
	}
}

func groupMembers(g group) []Field {
	var members []Field
	for f := range Field(fieldCount) {
		if fields[f].group == g {
			members = append(members, f)
		}
	}
	return members
}

func (s *Survivorship) chooseAttributes(golden *Values, origins map[string]Origin, records []*Record, pins map[string]int64) {
	seen := map[string]bool{}
	for _, r := range records {
		for name := range r.Values.Attributes {
			if seen[name] {
				continue
			}
			seen[name] = true
			key := attributePrefix + name
			winner, reason := s.choose(records, pins[key], s.of(key), candidate{
				has:    func(r *Record) bool { return r.Values.Attributes[name] != nil },
				pinned: func(r *Record) bool { _, ok := r.Values.Attributes[name]; return ok },
				value:  func(r *Record) string { return string(appendValue(nil, r.Values.Attributes[name])) },
				doubt:  func(*Record) bool { return false },
				size:   func(r *Record) int { return len(appendValue(nil, r.Values.Attributes[name])) },
			})
			if winner == nil {
				continue
			}
			if value := winner.Values.Attributes[name]; value != nil {
				golden.SetAttribute(name, value)
			}
			origins[key] = Origin{winner.ID, reason}
		}
	}
}
