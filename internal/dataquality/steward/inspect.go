// SPDX-License-Identifier: Apache-2.0

package steward

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/zeebo/xxh3"

	"dangol/internal/customer"
	"dangol/internal/dataquality"
)

// Issue is one thing to mend.
type Issue struct {
	Kind      Kind
	Field     string
	SourceID  int64 // whose value it is
	Code      string
	Signature int64 // of the values that make it an issue
}

// Score is good out of total; good is a sum of shares.
type Score struct {
	Good  float64
	Total int64
}

func (s *Score) add(good float64) {
	s.Good += good
	s.Total++
}

func (s *Score) addIf(ok bool) {
	if ok {
		s.Good++
	}
	s.Total++
}

// Share is the score from 0 to 1; without anything to judge it is 1 and not known.
func (s Score) Share() (float64, bool) {
	if s.Total == 0 {
		return 1, false
	}
	return s.Good / float64(s.Total), true
}

// Cell names a score: a source (0 is the golden record), a field ("*" is the record) and a dimension.
type Cell struct {
	SourceID  int64
	Field     string
	Dimension Dimension
}

// around is what a customer is judged by that its records do not tell.
type around struct {
	now        time.Time
	department map[int64]string // by source
	shared     map[string]int   // contact values of several customers
	bounced    map[string]bool  // addresses that cannot be reached
	unproven   map[int64]bool   // customers whose consent is only claimed
	put        func(cell Cell) *Score
}

// inspection is one customer while it is judged.
type inspection struct {
	*around
	customer *customer.Customer
	records  []*customer.Record
	findings []map[string]dataquality.Finding // of each record, the worst by field
	issues   []Issue
	golden   map[Dimension]*Score
}

// inspect judges a customer: it adds to the scores of its sources and returns its card.
func (a *around) inspect(c *customer.Customer, records []*customer.Record) *inspection {
	in := &inspection{around: a, customer: c, records: records, golden: map[Dimension]*Score{}}
	for _, d := range Dimensions {
		in.golden[d] = &Score{}
	}
	for _, r := range records {
		in.findings = append(in.findings, findingsOf(r))
	}
	in.judgeRecords()
	for _, f := range watched {
		in.judgeField(f)
	}
	in.judgePerson()
	return in
}

// findingsOf are the worst findings of a record by field.
func findingsOf(r *customer.Record) map[string]dataquality.Finding {
	if len(r.Findings) == 0 {
		return nil
	}
	var list []dataquality.Finding
	if json.Unmarshal(r.Findings, &list) != nil {
		return nil // written by another version; the values themselves still tell
	}
	worst := map[string]dataquality.Finding{}
	for _, f := range list {
		if known, ok := worst[f.Field]; !ok || gravity(f) > gravity(known) {
			worst[f.Field] = f
		}
	}
	return worst
}

func gravity(f dataquality.Finding) int {
	switch {
	case f.Severity == dataquality.Error:
		return 3
	case strings.HasSuffix(f.Code, ".placeholder"):
		return 2
	case f.Severity == dataquality.Warning:
		return 1
	}
	return 0
}

// judgeRecords scores the records one by one.
func (in *inspection) judgeRecords() {
	seen := map[int64]bool{}
	for i, r := range in.records {
		if r.Kind == customer.RecordStub {
			continue
		}
		if r.Kind != customer.RecordStaff {
			in.put(Cell{r.SourceID, "*", Uniqueness}).addIf(!seen[r.SourceID])
			in.golden[Uniqueness].addIf(!seen[r.SourceID])
			seen[r.SourceID] = true
		}
		for _, f := range watched {
			in.judgeValue(r, in.findings[i], f)
		}
	}
}

func (in *inspection) judgeValue(r *customer.Record, findings map[string]dataquality.Finding, f customer.Field) {
	name, value := f.String(), r.Values.Text[f]
	finding, found := findings[name]
	isRefused := found && gravity(finding) >= 2
	cell := func(d Dimension) *Score { return in.put(Cell{r.SourceID, name, d}) }
	if r.Kind != customer.RecordStaff { // staff type only what they change
		cell(Completeness).addIf(value != "")
	}
	if value == "" {
		if isRefused {
			cell(Validity).addIf(false)
		}
		return
	}
	cell(Validity).addIf(!r.Values.IsDoubtful(f) && !isRefused)
	cell(Freshness).add(fresh(f, in.now.Sub(r.ReceivedAt)))
	if in.isKnownElsewhere(r, f) {
		cell(Consistency).addIf(comparable(f, value) == comparable(f, in.customer.Values.Text[f]))
	}
	if f == customer.Mobile || f == customer.Email {
		cell(Uniqueness).addIf(in.shared[value] < 2)
	}
}

func (in *inspection) isKnownElsewhere(r *customer.Record, f customer.Field) bool {
	for _, other := range in.records {
		if other.SourceID != r.SourceID && other.Values.Text[f] != "" {
			return true
		}
	}
	return false
}

// comparable is the form in which two sources' values are compared: marks, brackets and blanks do not count.
func comparable(f customer.Field, value string) string {
	switch f {
	case customer.FullName:
		return strings.ReplaceAll(dataquality.SearchKey(value), " ", "")
	case customer.Email:
		return dataquality.EmailKey(value)
	case customer.Address:
		line, _, _ := strings.Cut(value, " (")
		return strings.ReplaceAll(line, " ", "")
	}
	return value
}

// judgeField scores one field of the golden record and finds what is to be mended about it.
func (in *inspection) judgeField(f customer.Field) {
	name, value := f.String(), in.customer.Values.Text[f]
	origin := in.originOf(name)
	in.scoreGolden(Completeness, Cell{0, name, Completeness}, value != "")
	if value == "" {
		in.missing(f)
		return
	}
	isDoubtful := origin != nil && origin.Values.IsDoubtful(f)
	in.scoreGolden(Validity, Cell{0, name, Validity}, !isDoubtful)
	if origin != nil {
		share := fresh(f, in.now.Sub(origin.ReceivedAt))
		in.golden[Freshness].add(share)
		in.put(Cell{0, name, Freshness}).add(share)
		in.ageing(f, value, origin, share)
	}
	if isDoubtful {
		in.doubt(f, value, origin)
	}
	if f == customer.Mobile || f == customer.Email {
		in.scoreGolden(Uniqueness, Cell{0, name, Uniqueness}, in.shared[value] < 2)
		if in.shared[value] >= sharedFrom {
			in.add(Shared, f, origin, "", value)
		}
	}
	if in.bounced[value] {
		in.add(Returned, f, origin, "", value)
	}
	in.compare(f)
}

func (in *inspection) scoreGolden(d Dimension, cell Cell, ok bool) {
	in.golden[d].addIf(ok)
	in.put(cell).addIf(ok)
}

func (in *inspection) originOf(field string) *customer.Record {
	id := in.customer.Provenance.Of(field).RecordID
	for _, r := range in.records {
		if r.ID == id {
			return r
		}
	}
	return nil
}

func (in *inspection) add(kind Kind, f customer.Field, origin *customer.Record, code string, values ...string) {
	issue := Issue{Kind: kind, Field: f.String(), Code: code, Signature: signature(values...)}
	if origin != nil {
		issue.SourceID = origin.SourceID
	}
	in.issues = append(in.issues, issue)
}

// sharedFrom is the number of people from which on a shared number is looked at: two may be a couple.
const sharedFrom = 3

// signature is a fingerprint of values.
func signature(values ...string) int64 {
	return int64(xxh3.HashString(strings.Join(values, "\x00")) >> 1) // one bit less, so that it is positive
}

// missing looks whether a source gave something that could not be used.
func (in *inspection) missing(f customer.Field) {
	if _, pinned := in.customer.Pins[f.String()]; pinned {
		return // emptied by hand
	}
	for i, r := range in.records {
		if finding, ok := in.findings[i][f.String()]; ok && gravity(finding) >= 2 {
			in.add(Invalid, f, r, finding.Code, finding.Code, finding.Value)
			return
		}
	}
}

// doubt tells why a kept value is doubtful.
func (in *inspection) doubt(f customer.Field, value string, origin *customer.Record) {
	for i, r := range in.records {
		if r != origin {
			continue
		}
		finding, ok := in.findings[i][f.String()]
		switch {
		case !ok:
			in.add(Doubtful, f, origin, "", value)
		case finding.Code == "phone.legacy" || finding.Code == "postal.old":
			in.add(Stale, f, origin, finding.Code, value)
		case gravity(finding) >= 2:
			in.add(Invalid, f, origin, finding.Code, value)
		default:
			in.add(Doubtful, f, origin, finding.Code, value)
		}
	}
}

// ageing finds values that time has passed by.
func (in *inspection) ageing(f customer.Field, value string, origin *customer.Record, share float64) {
	const worn = 0.4 // three of the five years of an address
	if share < worn && f != customer.PostalCode {
		in.add(Stale, f, origin, "age", value)
		return
	}
	for i, r := range in.records {
		if r == origin && f == customer.Address && in.findings[i][f.String()].Code == "address.split" {
			in.add(Stale, f, origin, "address.split", value)
		}
	}
}

// compare looks for departments, or for birth and sex any records, that say different things.
func (in *inspection) compare(f customer.Field) {
	if f == customer.PostalCode {
		return // goes with its address
	}
	values, byDepartment := []string{}, map[string]string{}
	differs := false
	for _, r := range in.records {
		value := comparable(f, r.Values.Text[f])
		if value == "" || r.Values.IsDoubtful(f) || f == customer.FullName && !isHangul(value) {
			continue
		}
		department := in.department[r.SourceID]
		if known, ok := byDepartment[department]; !ok || known == value {
			byDepartment[department] = value
		}
		if !slices.Contains(values, value) {
			values = append(values, value)
		}
	}
	if len(values) > 1 {
		first := ""
		for _, value := range byDepartment {
			differs = differs || first != "" && value != first
			first = value
		}
	}
	in.agreement(f, len(values), len(byDepartment))
	if _, pinned := in.customer.Pins[f.String()]; pinned || len(values) < 2 {
		return
	}
	slices.Sort(values)
	origin := in.originOf(f.String())
	switch {
	case f == customer.BirthOn || f == customer.Sex:
		in.add(Contradicted, f, origin, "", values...)
	case differs:
		in.add(Disagreement, f, origin, "", values...)
	}
}

// agreement scores the consistency of a golden field that several departments know.
func (in *inspection) agreement(f customer.Field, values, departments int) {
	if departments > 1 {
		in.scoreGolden(Consistency, Cell{0, f.String(), Consistency}, values == 1)
	}
}

func isHangul(s string) bool {
	for _, r := range s {
		if !dataquality.IsSyllable(r) {
			return false
		}
	}
	return s != ""
}

// judgePerson finds what concerns the person as a whole.
func (in *inspection) judgePerson() {
	v := &in.customer.Values.Text
	if v[customer.Mobile] == "" && v[customer.Phone] == "" && v[customer.Email] == "" && v[customer.Address] == "" {
		in.issues = append(in.issues, Issue{Kind: Unreachable, Field: "*"})
	}
	if in.unproven[in.customer.ID] {
		in.issues = append(in.issues, Issue{Kind: Unproven, Field: "*"})
	}
}

// Card is one customer judged, in percent.
type Card struct {
	Score      int               `json:"score"`
	Dimensions map[Dimension]int `json:"dimensions" doc:"percent; a dimension without anything to judge is left out"`
}

// card sums up the golden record: the mean of the dimensions that could be judged.
func (in *inspection) card() Card {
	c := Card{Dimensions: map[Dimension]int{}}
	sum, n := 0.0, 0
	for _, d := range Dimensions {
		share, known := in.golden[d].Share()
		if !known {
			continue
		}
		c.Dimensions[d] = int(share*100 + 0.5)
		sum += share
		n++
	}
	if n > 0 {
		c.Score = int(sum/float64(n)*100 + 0.5)
	}
	return c
}
