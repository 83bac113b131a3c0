// SPDX-License-Identifier: Apache-2.0

package match

import (
	"context"
	"fmt"

	"dangol/internal/customer"
	"dangol/internal/dataquality"
)

// Directory tells what is known before the records at hand come in; customer.Store implements it.
type Directory interface {
	// FindKeys returns the live records that hold one of the keys, which are sorted and distinct.
	FindKeys(ctx context.Context, keys []customer.Key) ([]customer.KeyHolder, error)
	// KeysOf returns the keys in the given schemes that live records of the customers hold.
	KeysOf(ctx context.Context, customerIDs []int64, schemes map[int64]bool) (map[int64][]customer.Key, error)
	// Partings returns the pairs (lower id first) of the customers that a person has told apart.
	Partings(ctx context.Context, customerIDs []int64) (map[[2]int64]bool, error)
	// ListSchemes returns all key schemes.
	ListSchemes(ctx context.Context) ([]customer.KeyScheme, error)
}

// Linker links records to customers by exact keys.
type Linker struct {
	directory Directory
}

// NewLinker makes a linker that reads the directory.
func NewLinker(directory Directory) *Linker { return &Linker{directory: directory} }

// person is a customer while records are being linked: one that exists or one to be made.
type person struct {
	id     int64 // 0 until it exists
	into   *person
	order  int // place in the plan's targets, -1 until used
	unique map[int64]string
}

func (p *person) root() *person {
	for p.into != nil {
		p = p.into
	}
	return p
}

// linking is the state of one Link.
type linking struct {
	plan       customer.Plan
	schemes    map[int64]customer.KeyScheme
	unique     map[int64]bool // schemes with one value per person
	holders    map[customer.Key][]*person
	existing   map[int64]*person
	byIdentity map[string]*person
	partings   map[[2]int64]bool
}

// Link finds the customer of each record; see customer.Linker.
func (l *Linker) Link(ctx context.Context, records []*customer.Record, versions []*customer.Version) (customer.Plan, error) {
	run, err := l.prepare(ctx, records, versions)
	if err != nil {
		return customer.Plan{}, err
	}
	run.plan.Places = make([]customer.Place, len(records))
	placed := make([]*person, len(records))
	for i, r := range records {
		p, place := run.place(r, versions[i])
		placed[i], run.plan.Places[i] = p, place
		run.hold(r, p)
	}
	for i, p := range placed {
		p = p.root()
		if p.order < 0 {
			p.order = len(run.plan.Targets)
			run.plan.Targets = append(run.plan.Targets, p.id)
		}
		run.plan.Places[i].Target = p.order
	}
	return run.plan, nil
}

// prepare reads everything that the records of the slice may touch, in a few questions.
func (l *Linker) prepare(ctx context.Context, records []*customer.Record, versions []*customer.Version) (*linking, error) {
	run := &linking{
		schemes: map[int64]customer.KeyScheme{}, unique: map[int64]bool{},
		holders:  make(map[customer.Key][]*person, 3*len(records)),
		existing: map[int64]*person{}, byIdentity: map[string]*person{},
	}
	schemes, err := l.directory.ListSchemes(ctx)
	if err != nil {
		return nil, fmt.Errorf("load key schemes: %w", err)
	}
	for _, s := range schemes {
		run.schemes[s.ID] = s
		if s.OnePerPerson {
			run.unique[s.ID] = true
		}
	}
	total := 0
	for _, r := range records {
		total += len(r.Keys)
	}
	keys := make([]customer.Key, 0, total)
	for _, r := range records {
		keys = append(keys, r.Keys...)
	}
	found, err := l.directory.FindKeys(ctx, customer.SortKeys(keys))
	if err != nil {
		return nil, err
	}
	for _, h := range found {
		p := run.known(h.CustomerID)
		run.holders[h.Key] = appendPerson(run.holders[h.Key], p)
	}
	for _, v := range versions {
		if v != nil && v.CustomerID != 0 {
			run.known(v.CustomerID)
		}
	}
	return run, l.readExisting(ctx, run)
}

// readExisting reads what may forbid a link: one-per-person keys and decisions of people.
func (l *Linker) readExisting(ctx context.Context, run *linking) error {
	if len(run.existing) == 0 {
		return nil
	}
	ids := make([]int64, 0, len(run.existing))
	for id := range run.existing {
		ids = append(ids, id)
	}
	var err error
	if run.partings, err = l.directory.Partings(ctx, ids); err != nil {
		return err
	}
	if len(run.unique) == 0 {
		return nil
	}
	keys, err := l.directory.KeysOf(ctx, ids, run.unique)
	if err != nil {
		return err
	}
	for id, list := range keys {
		for _, key := range list {
			run.existing[id].own(key)
		}
	}
	return nil
}

func (run *linking) known(id int64) *person {
	p, ok := run.existing[id]
	if !ok {
		p = &person{id: id, order: -1}
		run.existing[id] = p
	}
	return p
}

func (p *person) own(key customer.Key) {
	if p.unique == nil {
		p.unique = map[int64]string{}
	}
	p.unique[key.SchemeID] = key.Value
}

func appendPerson(list []*person, p *person) []*person {
	for _, known := range list {
		if known.root() == p.root() {
			return list
		}
	}
	return append(list, p)
}

// place decides for one record. A newer version stays with the customer of the older one; else the
// strongest key decides, declared ones before derived ones.
func (run *linking) place(r *customer.Record, version *customer.Version) (*person, customer.Place) {
	var place customer.Place
	base := run.versionOf(r, version)
	if base != nil {
		place.Reason = "version"
	}
	for _, key := range run.byStrength(r.Keys) {
		for _, holder := range run.holders[key] {
			other := holder.root()
			switch {
			case base == nil:
				if scheme, ok := run.fits(r, other); !ok {
					place.Findings = append(place.Findings, run.conflict(r, scheme))
					continue
				}
				base, place.Reason = other, run.schemes[key.SchemeID].Name
			case other != base:
				if finding := run.join(base, other, run.schemes[key.SchemeID].Name); finding != nil {
					place.Findings = append(place.Findings, *finding)
				}
				base = base.root()
			}
		}
	}
	if base == nil {
		base = &person{order: -1}
		place.Reason = "new"
	}
	return base, place
}

func (run *linking) versionOf(r *customer.Record, version *customer.Version) *person {
	switch {
	case version == nil:
		return nil
	case version.CustomerID != 0:
		return run.known(version.CustomerID).root()
	}
	return run.byIdentity[version.Identity].root()
}

// byStrength orders declared keys before derived ones; in the common case they come that way.
func (run *linking) byStrength(keys []customer.Key) []customer.Key {
	ordered := make([]customer.Key, 0, len(keys))
	for _, key := range keys {
		if run.schemes[key.SchemeID].Kind == "declared" {
			ordered = append(ordered, key)
		}
	}
	for _, key := range keys {
		if run.schemes[key.SchemeID].Kind != "declared" {
			ordered = append(ordered, key)
		}
	}
	return ordered
}

// fits reports whether the record may belong to the person, else the scheme in which both differ.
func (run *linking) fits(r *customer.Record, p *person) (int64, bool) {
	for _, key := range r.Keys {
		if run.unique[key.SchemeID] && p.unique[key.SchemeID] != "" && p.unique[key.SchemeID] != key.Value {
			return key.SchemeID, false
		}
	}
	return 0, true
}

// join merges two people that a record has shown to be one, unless that cannot be.
func (run *linking) join(base, other *person, reason string) *dataquality.Finding {
	for scheme, value := range other.unique {
		if mine := base.unique[scheme]; mine != "" && mine != value {
			finding := run.bridge(scheme, base.id, other.id)
			return &finding
		}
	}
	if base.id != 0 && other.id != 0 && run.partings[[2]int64{min(base.id, other.id), max(base.id, other.id)}] {
		return nil // a person has told them apart
	}
	winner, loser := base, other
	if winner.id == 0 || (loser.id != 0 && loser.id < winner.id) {
		winner, loser = loser, winner
	}
	for scheme, value := range loser.unique {
		winner.own(customer.Key{SchemeID: scheme, Value: value})
	}
	loser.into = winner
	if loser.id != 0 {
		run.plan.Merges = append(run.plan.Merges, customer.MergePair{SurvivorID: winner.id, OtherID: loser.id, Reason: reason})
	}
	return nil
}

// hold makes the record known to the ones after it in the slice.
func (run *linking) hold(r *customer.Record, p *person) {
	for _, key := range r.Keys {
		list := run.holders[key]
		if len(list) == 0 {
			run.holders[key] = []*person{p}
		} else {
			run.holders[key] = appendPerson(list, p)
		}
		if run.unique[key.SchemeID] {
			p.own(key)
		}
	}
	if r.SourceKey != "" {
		run.byIdentity[r.SourceKey] = p
	}
}

func (run *linking) conflict(r *customer.Record, scheme int64) dataquality.Finding {
	return dataquality.Finding{
		Field: "key", Rule: "match.one_per_person", Code: "match.key_conflict", Severity: dataquality.Warning,
		Message: fmt.Sprintf("The row shares name and contact with a customer who has another %s; it was not linked.", run.schemes[scheme].Label),
		Remedy:  "Compare both customers and merge them by hand if they are one person.",
	}
}

func (run *linking) bridge(scheme, a, b int64) dataquality.Finding {
	return dataquality.Finding{
		Field: "key", Rule: "match.one_per_person", Code: "match.key_conflict", Severity: dataquality.Warning,
		Message: fmt.Sprintf("The row belongs to customers %d and %d, which have different values of %s; they were not merged.", a, b, run.schemes[scheme].Label),
		Remedy:  "Compare both customers and merge them by hand if they are one person.",
	}
}
