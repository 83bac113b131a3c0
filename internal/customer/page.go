// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"context"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"dangol/internal/dataquality"
	"dangol/internal/platform/auth"
)

// Row is a golden row as the API shows it; personal values are masked unless the person unmasked them.
type Row struct {
	ID            int64          `json:"id"`
	Kind          string         `json:"kind"`
	FullName      string         `json:"full_name"`
	NameLatin     string         `json:"name_latin,omitempty"`
	Mobile        string         `json:"mobile,omitempty"`
	Phone         string         `json:"phone,omitempty"`
	Email         string         `json:"email,omitempty"`
	BirthOn       string         `json:"birth_on,omitempty"`
	BirthCalendar string         `json:"birth_calendar,omitempty"`
	Sex           string         `json:"sex,omitempty"`
	PostalCode    string         `json:"postal_code,omitempty"`
	Address       string         `json:"address,omitempty"`
	AddressDetail string         `json:"address_detail,omitempty"`
	Sido          string         `json:"sido,omitempty"`
	Sigungu       string         `json:"sigungu,omitempty"`
	Company       string         `json:"company,omitempty"`
	BRN           string         `json:"brn,omitempty"`
	CRN           string         `json:"crn,omitempty"`
	JobTitle      string         `json:"job_title,omitempty"`
	Department    string         `json:"department,omitempty"`
	Grade         string         `json:"grade,omitempty"`
	Branch        string         `json:"branch,omitempty"`
	OwnerID       int64          `json:"owner_id,omitempty"`
	JoinedOn      string         `json:"joined_on,omitempty"`
	Memo          string         `json:"memo,omitempty"`
	Attributes    map[string]any `json:"attributes,omitempty"`
	RecordCount   int            `json:"record_count"`

	HouseholdID     int64  `json:"household_id,omitempty"`
	HouseholdState  string `json:"household_state,omitempty" enum:"suggested,confirmed"`
	HouseholdSize   int    `json:"household_size,omitempty" doc:"members; left out for people who may not see all customers"`
	IsHouseholdHead bool   `json:"is_household_head,omitempty" doc:"whom a campaign addresses for the household"`

	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
	Version   int64     `json:"version"`
}

// RowOf returns the golden row as the person may see it.
func (s *Service) RowOf(ctx context.Context, c *Customer) Row {
	v := limited(s.Masked(ctx, c.Values), s.HiddenOf(ctx, c.ID))
	t := &v.Text
	owner, _ := strconv.ParseInt(t[OwnerID], 10, 64) // empty is nobody
	kind := t[KindField]
	if kind == "" {
		kind = Kinds[0]
	}
	size := c.Household.Size
	if !auth.ScopeOf(ctx).All {
		size = 0 // would tell of members outside the person's rows
	}
	return Row{
		HouseholdID: c.Household.ID, HouseholdState: c.Household.State, HouseholdSize: size, IsHouseholdHead: c.Household.IsHead,
		ID: c.ID, Kind: kind, FullName: t[FullName], NameLatin: t[NameLatin], Mobile: t[Mobile], Phone: t[Phone], Email: t[Email],
		BirthOn: t[BirthOn], BirthCalendar: t[BirthCalendar], Sex: t[Sex], PostalCode: t[PostalCode], Address: t[Address],
		AddressDetail: t[AddressDetail], Sido: t[Sido], Sigungu: t[Sigungu], Company: t[Company], BRN: t[BRN], CRN: t[CRN],
		JobTitle: t[JobTitle], Department: t[Department], Grade: t[Grade], Branch: t[Branch], OwnerID: owner, JoinedOn: t[JoinedOn],
		Memo: t[Memo], Attributes: v.Attributes, RecordCount: c.Records, CreatedAt: c.CreatedAt, UpdatedAt: c.UpdatedAt, Version: c.Version,
	}
}

// ShownOrigin is where a value came from, for people.
type ShownOrigin struct {
	RecordID int64     `json:"record_id"`
	Source   string    `json:"source"`
	At       time.Time `json:"at"`
	Rule     string    `json:"rule" doc:"only, agreed, pin, validity, trust, recency, completeness or last"`
}

// ShownKey is a key by which a customer is known somewhere.
type ShownKey struct {
	Scheme   string `json:"scheme"`
	Label    string `json:"label"`
	Value    string `json:"value"`
	RecordID int64  `json:"record_id"`
}

// Detail is the page of a customer.
type Detail struct {
	Row
	Provenance map[string]ShownOrigin `json:"provenance"`
	Pins       map[string]int64       `json:"pins"`
	Keys       []ShownKey             `json:"keys"`
	Relations  []Relation             `json:"relations"`
	Aliases    []int64                `json:"aliases,omitempty" doc:"ids of customers merged into this one"`
	AliasOf    int64                  `json:"alias_of,omitempty"`
	PartedID   int64                  `json:"parted_id,omitempty" doc:"after an un-merge: the customer that the records went to"`
	EntryID    int64                  `json:"entry_id,omitempty"`
	// HiddenKinds are the kinds of data that the person does not see of this customer.
	HiddenKinds []string   `json:"hidden_kinds,omitempty" doc:"contact, purchases, campaigns, relations, attributes or memo: not shown of customers of this grade"`
	ErasedAt    *time.Time `json:"erased_at,omitempty" doc:"when the personal data was destroyed"`
}

// Open returns the page of a customer; a merged id gives the survivor.
func (s *Service) Open(ctx context.Context, id int64) (*Detail, error) {
	c, err := s.Find(ctx, id)
	if err != nil {
		return nil, err
	}
	records, err := s.store.RecordsOf(ctx, []int64{c.ID})
	if err != nil {
		return nil, err
	}
	d := &Detail{Row: s.RowOf(ctx, c), Provenance: map[string]ShownOrigin{}, Pins: map[string]int64{}, HiddenKinds: s.HiddenOf(ctx, c.ID)}
	for name, record := range c.Pins {
		if !strings.HasPrefix(name, shadowed) {
			d.Pins[name] = record
		}
	}
	if c.Hidden {
		if at, err := s.store.erasedAt(ctx, c.ID); err != nil {
			return nil, err
		} else if !at.IsZero() {
			d.ErasedAt = &at
		}
	}
	rules := s.rules.current(ctx)
	byID := map[int64]*Record{}
	for _, r := range records[c.ID] {
		byID[r.ID] = r
		d.Keys = append(d.Keys, shownKeys(ctx, rules, r)...)
	}
	slices.SortFunc(d.Keys, func(a, b ShownKey) int { return strings.Compare(a.Scheme+"\x00"+a.Value, b.Scheme+"\x00"+b.Value) })
	d.Keys = slices.CompactFunc(d.Keys, func(a, b ShownKey) bool { return a.Scheme == b.Scheme && a.Value == b.Value })
	s.showProvenance(d, c, rules, byID)
	if d.Relations, err = s.ListRelations(ctx, c.ID); err != nil {
		return nil, err
	}
	tree, err := s.store.aliasTree(ctx, c.ID)
	for alias := range tree {
		d.Aliases = append(d.Aliases, alias)
	}
	slices.Sort(d.Aliases)
	return d, err
}

// shownKeys are the keys of a record that are customer numbers.
func shownKeys(ctx context.Context, rules *ruleSet, r *Record) []ShownKey {
	var keys []ShownKey
	for _, key := range r.Keys {
		if scheme := rules.schemes[key.SchemeID]; scheme != nil && scheme.Kind == "declared" {
			keys = append(keys, ShownKey{scheme.Name, scheme.Label, maskedKey(ctx, key.Value), r.ID})
		}
	}
	return keys
}

// mobileKey is a mobile number that some system uses as its customer number.
var mobileKey = regexp.MustCompile(`^(?:0|\+?82)-?1[016789]-?\d{3,4}-?\d{4}$`)

// maskedKey returns a key as the person may see it: some systems know their customers by e-mail address
// or mobile number.
func maskedKey(ctx context.Context, key string) string {
	switch {
	case auth.CanSeeClear(ctx):
		return key
	case strings.Contains(key, "@"):
		return dataquality.MaskEmail(key)
	case mobileKey.MatchString(key):
		return dataquality.MaskPhone(key)
	}
	return key
}

func (s *Service) showProvenance(d *Detail, c *Customer, rules *ruleSet, records map[int64]*Record) {
	show := func(name string) {
		origin := c.Provenance.Of(name)
		shown := ShownOrigin{RecordID: origin.RecordID, Rule: origin.Reason.String()}
		if r := records[origin.RecordID]; r != nil {
			shown.At = r.ReceivedAt
			if source := rules.sources[r.SourceID]; source != nil {
				shown.Source = source.Label
			}
		}
		d.Provenance[name] = shown
	}
	for f, text := range c.Values.Text {
		if text != "" {
			show(fields[f].Name)
		}
	}
	for name := range c.Values.Attributes {
		show(attributePrefix + name)
	}
	for name := range c.Pins { // emptied by hand
		if _, ok := d.Provenance[name]; !ok && !strings.HasPrefix(name, shadowed) {
			show(name)
		}
	}
}

// ShownRecord is a source record for people.
type ShownRecord struct {
	ID          int64                 `json:"id"`
	SourceID    int64                 `json:"source_id"`
	Source      string                `json:"source"`
	SourceKey   string                `json:"source_key,omitempty"`
	Kind        string                `json:"kind"`
	BatchID     int64                 `json:"batch_id,omitempty"`
	RowNumber   int64                 `json:"row_number,omitempty"`
	ReceivedAt  time.Time             `json:"received_at"`
	IsWithdrawn bool                  `json:"is_withdrawn"`
	WithdrawnAt *time.Time            `json:"withdrawn_at,omitempty"`
	LinkedAt    time.Time             `json:"linked_at"`
	Reason      string                `json:"reason" doc:"new, version, staff, or the scheme of the key it was linked by"`
	HomeID      int64                 `json:"home_id,omitempty" doc:"customer it belonged to before a merge"`
	Given       map[string]string     `json:"given,omitempty" doc:"as given; only while personal values are shown in clear"`
	Values      map[string]any        `json:"values"`
	Keys        []ShownKey            `json:"keys,omitempty"`
	Findings    []dataquality.Finding `json:"findings,omitempty"`
}

// ListRecords returns the source records of a customer, newest first. Rows as given cannot be masked cell
// by cell, so they are shown in clear or not at all.
func (s *Service) ListRecords(ctx context.Context, id int64) ([]ShownRecord, error) {
	c, err := s.Find(ctx, id)
	if err != nil {
		return nil, err
	}
	records, err := s.store.AllRecordsOf(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	links, err := s.store.linkNotes(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	given, kinds := map[int64]map[string]string{}, s.HiddenOf(ctx, c.ID)
	if auth.CanSeeClear(ctx) && len(kinds) == 0 { // rows as given cannot be hidden cell by cell
		if given, err = s.givenOf(ctx, records); err != nil {
			return nil, err
		}
	}
	rules := s.rules.current(ctx)
	shown := make([]ShownRecord, len(records))
	for i, r := range records {
		note := links[r.ID]
		shown[i] = ShownRecord{
			ID: r.ID, SourceID: r.SourceID, SourceKey: maskedKey(ctx, r.SourceKey), Kind: r.Kind, BatchID: r.BatchID, RowNumber: r.RowNumber,
			ReceivedAt: r.ReceivedAt, IsWithdrawn: r.Withdrawn, WithdrawnAt: note.withdrawnAt, LinkedAt: note.linkedAt, Reason: note.reason,
			HomeID: r.HomeID, Given: given[r.ID], Values: s.shownValues(ctx, &r.Values, kinds), Keys: shownKeys(ctx, rules, r),
		}
		if source := rules.sources[r.SourceID]; source != nil {
			shown[i].Source = source.Label
		}
		if len(r.Findings) > 0 {
			_ = json.Unmarshal(r.Findings, &shown[i].Findings) // findings of another version are left out
		}
	}
	return shown, nil
}

func (s *Service) shownValues(ctx context.Context, v *Values, kinds []string) map[string]any {
	masked := limited(s.Masked(ctx, *v), kinds)
	values := map[string]any{}
	for f := range fields {
		switch {
		case masked.IsCleared(Field(f)):
			values[fields[f].Name] = nil
		case masked.Text[f] != "":
			values[fields[f].Name] = masked.Text[f]
		}
	}
	for name, value := range masked.Attributes {
		values[attributePrefix+name] = value
	}
	return values
}

// givenOf reads rows as they were given, by header where the batch still knows it.
func (s *Service) givenOf(ctx context.Context, records []*Record) (map[int64]map[string]string, error) {
	ids := make([]int64, len(records))
	batches := map[int64]int64{}
	for i, r := range records {
		ids[i] = r.ID
		batches[r.ID] = r.BatchID
	}
	raw, err := s.store.Given(ctx, ids)
	if err != nil {
		return nil, err
	}
	headers := map[int64][]string{}
	found := map[int64]map[string]string{}
	for id, text := range raw {
		var cells []string
		if json.Unmarshal(text, &cells) != nil {
			continue
		}
		batch := batches[id]
		if _, ok := headers[batch]; !ok && s.headers != nil {
			if headers[batch], err = s.headers(ctx, batch); err != nil {
				return nil, err
			}
		}
		row := map[string]string{}
		for i, cell := range cells {
			name := strconv.Itoa(i + 1)
			if i < len(headers[batch]) {
				name = headers[batch][i]
			}
			if cell != "" {
				row[name] = cell
			}
		}
		found[id] = row
	}
	return found, nil
}

// UseHeaders connects who knows the headers of the file of a batch.
func (s *Service) UseHeaders(headers func(ctx context.Context, batchID int64) ([]string, error)) {
	s.headers = headers
}
