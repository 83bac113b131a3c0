// SPDX-License-Identifier: Apache-2.0

package household

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"dangol/internal/customer"
	"dangol/internal/dataquality"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
)

// ShownMember is a member as the person may see it.
type ShownMember struct {
	customer.Row
	State      string            `json:"state" enum:"in,suggested"`
	IsHead     bool              `json:"is_head"`
	Confidence int               `json:"confidence" doc:"thousandths"`
	Evidence   []Evidence        `json:"evidence,omitempty"`
	Figures    *customer.Figures `json:"figures,omitempty"`
}

// Shown is a household as the person may see it: members outside their rows are left out.
type Shown struct {
	ID         int64         `json:"id"`
	State      string        `json:"state" enum:"suggested,confirmed"`
	Name       string        `json:"name,omitempty"`
	Confidence int           `json:"confidence" doc:"thousandths; probability of the least sure member"`
	Members    []ShownMember `json:"members"`
	DecidedAt  *time.Time    `json:"decided_at,omitempty"`
	UpdatedAt  time.Time     `json:"updated_at"`
	Version    int64         `json:"version"`
}

// Kinship is a relation between two members: one that is known, or one that ages and names suggest.
type Kinship struct {
	RelationID  int64  `json:"relation_id,omitempty" doc:"0 for a suggestion"`
	CustomerID  int64  `json:"customer_id"`
	OtherID     int64  `json:"other_id"`
	Kind        string `json:"kind" doc:"what the other one is to the customer"`
	IsSuggested bool   `json:"is_suggested,omitempty"`
}

// Detail is the page of a household.
type Detail struct {
	Shown
	Relations []Kinship         `json:"relations"`
	Total     *customer.Figures `json:"total,omitempty" doc:"of the members together"`
}

// shown shows households with the members that the person may see; those without any are left out.
func (s *Service) shown(ctx context.Context, list []*Household) ([]Shown, error) {
	var stored []int64
	for _, h := range list {
		stored = append(stored, h.ids()...)
	}
	now, err := s.store.current(ctx, stored)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, 0, len(now))
	for _, id := range now {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	rows, err := s.customers.RowsOf(ctx, "customer.household", slices.Compact(ids))
	if err != nil {
		return nil, err
	}
	byID := map[int64]customer.Row{}
	for _, row := range rows {
		byID[row.ID] = row
	}
	result := make([]Shown, 0, len(list))
	for _, h := range list {
		if one := showOne(h, now, byID); len(one.Members) > 0 {
			result = append(result, one)
		}
	}
	return result, nil
}

func showOne(h *Household, now map[int64]int64, rows map[int64]customer.Row) Shown {
	shown := Shown{ID: h.ID, State: h.State, Name: h.Name, Confidence: h.Confidence, UpdatedAt: h.UpdatedAt, Version: h.Version}
	if !h.DecidedAt.IsZero() {
		shown.DecidedAt = &h.DecidedAt
	}
	seen := map[int64]bool{}
	for _, m := range h.Members {
		id := now[m.CustomerID]
		row, ok := rows[id]
		if !ok || seen[id] || m.State == In && row.HouseholdID != 0 && row.HouseholdID != h.ID {
			continue // outside the person's rows, merged with another member, or in a surer household now
		}
		seen[id] = true
		one := ShownMember{Row: row, State: m.State, IsHead: row.IsHouseholdHead, Confidence: m.Confidence}
		for _, e := range m.Evidence {
			with, known := now[e.WithID]
			if !known {
				with = e.WithID
			}
			if _, visible := rows[with]; visible && with != id {
				e.WithID = with
				one.Evidence = append(one.Evidence, e)
			}
		}
		shown.Members = append(shown.Members, one)
	}
	return shown
}

// Open returns the page of a household.
func (s *Service) Open(ctx context.Context, id int64) (*Detail, error) {
	h, err := s.store.find(ctx, id)
	if err != nil {
		return nil, err
	}
	list, err := s.shown(ctx, []*Household{h})
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, errNoHousehold(id)
	}
	d := &Detail{Shown: list[0], Relations: []Kinship{}}
	if err := s.addFigures(ctx, d); err != nil {
		return nil, err
	}
	return d, s.addRelations(ctx, d)
}

func (s *Service) addFigures(ctx context.Context, d *Detail) error {
	if s.ledger == nil {
		return nil
	}
	ids := make([]int64, len(d.Members))
	for i, m := range d.Members {
		ids[i] = m.ID
	}
	figures, err := s.ledger.FiguresOf(ctx, ids)
	if err != nil || figures == nil {
		return err
	}
	d.Total = &customer.Figures{Channels: []string{}}
	for i, m := range d.Members {
		f := figures[m.ID]
		if f.Channels == nil {
			f.Channels = []string{}
		}
		d.Members[i].Figures = &f
		if m.State != In {
			continue
		}
		d.Total.Add(f)
	}
	return nil
}

// addRelations shows the relations between members and suggests missing ones from ages and names.
func (s *Service) addRelations(ctx context.Context, d *Detail) error {
	ids := make([]int64, len(d.Members))
	for i, m := range d.Members {
		ids[i] = m.ID
	}
	known, err := s.customers.RelationsAmong(ctx, ids)
	if err != nil {
		return err
	}
	told := map[Pair]bool{}
	for _, r := range known {
		told[PairOf(r.CustomerID, r.OtherID)] = true
		if r.State != customer.RelationDeclined {
			d.Relations = append(d.Relations, Kinship{RelationID: r.ID, CustomerID: r.CustomerID, OtherID: r.OtherID, Kind: r.Kind})
		}
	}
	humans, err := s.store.humansOf(ctx, ids, dataquality.Date{})
	if err != nil {
		return err
	}
	for i := range humans {
		for j := i + 1; j < len(humans); j++ {
			a, b := &humans[i], &humans[j]
			if kind := kinOf(a, b); kind != "" && !told[PairOf(a.ID, b.ID)] && !isSamePerson(a, b) {
				d.Relations = append(d.Relations, Kinship{CustomerID: a.ID, OtherID: b.ID, Kind: kind, IsSuggested: true})
			}
		}
	}
	return nil
}

// OfCustomer returns the household of a customer, nil when none is known or the person may not see it.
func (s *Service) OfCustomer(ctx context.Context, customerID int64) (*Shown, error) {
	rows, err := s.customers.RowsOf(ctx, "customer.household", []int64{customerID})
	if err != nil || len(rows) == 0 || rows[0].HouseholdID == 0 {
		return nil, err
	}
	h, err := s.store.find(ctx, rows[0].HouseholdID)
	if err != nil {
		return nil, err
	}
	list, err := s.shown(ctx, []*Household{h})
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[0], nil
}

// Filter chooses households for a list.
type Filter struct {
	State  string
	From   int
	To     int
	Cursor string
	Limit  int
}

// countLimit caps the count of a list.
const countLimit = 100_000

// List returns households that have a member whom the person may see, surest first.
func (s *Service) List(ctx context.Context, f Filter) (list []Shown, next string, total int64, err error) {
	a := ask{state: f.State, from: f.From, to: f.To, limit: f.Limit + 1}
	if f.Cursor != "" {
		a.after = &cursor{}
		raw, err := base64.RawURLEncoding.DecodeString(f.Cursor)
		if err != nil || json.Unmarshal(raw, a.after) != nil {
			return nil, "", 0, fault.New(fault.Invalid, "customer.bad_cursor", "The cursor is not one that a page gave; start at the top.")
		}
	}
	found, err := s.store.list(ctx, a)
	if err != nil {
		return nil, "", 0, err
	}
	if len(found) > f.Limit {
		found = found[:f.Limit]
		last := found[len(found)-1]
		raw, _ := json.Marshal(cursor{last.Confidence, last.ID}) // numbers always encode
		next = base64.RawURLEncoding.EncodeToString(raw)
	}
	if f.Cursor == "" {
		if total, err = s.store.count(ctx, a, countLimit); err != nil {
			return nil, "", 0, err
		}
	}
	list, err = s.shown(ctx, found)
	return list, next, total, err
}

// Timeline returns what happened with the members that the person may see.
func (s *Service) Timeline(ctx context.Context, id int64, cursor string, limit int, only string) (customer.TimelinePage, error) {
	d, err := s.Open(ctx, id)
	if err != nil {
		return customer.TimelinePage{}, err
	}
	var ids []int64
	for _, m := range d.Members {
		if m.State == In {
			ids = append(ids, m.ID)
		}
	}
	var capabilities []string
	if only != "" {
		capabilities = strings.Split(only, ",")
	}
	return s.customers.TimelineOf(ctx, ids, cursor, limit, capabilities)
}

// Overview is what the page of all households shows on top.
type Overview struct {
	Suggested int64            `json:"suggested"`
	Sure      int64            `json:"sure" doc:"suggestions with a confidence of 95 % or more"`
	Confirmed int64            `json:"confirmed"`
	Last      *Run             `json:"last,omitempty"`
	Crowded   []ShownCrowd     `json:"crowded,omitempty" doc:"places with too many people for a home"`
	Bands     map[string]int64 `json:"bands" doc:"suggestions by confidence: 95, 80, 65, 50"`
}

// ShownCrowd is a crowded place as the person may see it.
type ShownCrowd struct {
	CustomerID int64  `json:"customer_id"`
	People     int    `json:"people"`
	Address    string `json:"address"`
}

// confidenceBands are the lower limits of the bands of an overview, in hundredths.
var confidenceBands = []struct {
	name     string
	from, to int
}{{"95", 950, 1000}, {"80", 800, 949}, {"65", 650, 799}, {"50", 0, 649}}

// FindOverview counts households and tells of the last search.
func (s *Service) FindOverview(ctx context.Context) (*Overview, error) {
	o := &Overview{Bands: map[string]int64{}}
	for _, band := range confidenceBands {
		n, err := s.store.count(ctx, ask{state: Suggested, from: band.from, to: band.to}, countLimit)
		if err != nil {
			return nil, err
		}
		o.Bands[band.name] = n
		o.Suggested += n
	}
	o.Sure = o.Bands["95"]
	var err error
	if o.Confirmed, err = s.store.count(ctx, ask{state: Confirmed, to: 1000}, countLimit); err != nil {
		return nil, err
	}
	if o.Last, err = s.store.lastRun(ctx); err != nil || o.Last == nil {
		return o, err
	}
	if !auth.ScopeOf(ctx).All {
		return o, nil
	}
	ids := make([]int64, len(o.Last.Crowded))
	for i, c := range o.Last.Crowded {
		ids[i] = c.CustomerID
	}
	rows, err := s.customers.RowsOf(ctx, "customer.household", ids)
	if err != nil {
		return nil, err
	}
	for _, c := range o.Last.Crowded {
		at := slices.IndexFunc(rows, func(r customer.Row) bool { return r.ID == c.CustomerID })
		if at >= 0 {
			o.Crowded = append(o.Crowded, ShownCrowd{c.CustomerID, c.People, rows[at].Address})
		}
	}
	return o, nil
}
