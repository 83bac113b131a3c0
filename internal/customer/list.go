// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"strings"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
)

const (
	// countLimit caps counts that would need counting: beyond it people filter anyway.
	countLimit = 10_000
	pageLimit  = 500
)

// ListRequest asks for a page of customers.
type ListRequest struct {
	Query  string          // search box
	Rules  json.RawMessage // rule tree of segments; nil is everybody
	Sort   string          // field or attr.<name>, with - before it for descending; "" is newest change first
	Cursor string
	Offset int64 // row number to jump to, when there is no cursor
	Limit  int
}

// Page is a page of customers.
type Page struct {
	Customers  []*Customer
	NextCursor string
	Total      int64
	IsCapped   bool // there are more than Total
	IsExact    bool // false when row numbers are approximate
}

// place is where a page starts.
type place struct {
	sort   string
	desc   bool
	after  *Anchor
	offset int64
	limit  int
	// byRow says that cursors name the row only: its value is personal and must not travel in addresses.
	byRow bool
}

// List returns a page of the customers that the person may see.
func (s *Service) List(ctx context.Context, request ListRequest) (*Page, error) {
	at, err := placeOf(request)
	if err != nil {
		return nil, err
	}
	if err := s.checkSort(ctx, at.sort); err != nil {
		return nil, err
	}
	if at.byRow = s.isPersonal(ctx, at.sort); at.byRow && at.after != nil && at.after.ID > 0 {
		if at.after, err = s.locate(ctx, at.sort, at.after.ID); err != nil {
			return nil, err
		}
	}
	q := ParseQuery(request.Query)
	var page *Page
	switch {
	case !q.IsEmpty():
		page, err = s.searchPage(ctx, q, request.Rules, at)
	case s.isServed(ctx, request.Rules, at):
		page, err = s.indexPage(ctx, at)
	case s.finder != nil:
		page, err = s.finderPage(ctx, request.Rules, at)
	default:
		page, err = s.scanPage(ctx, request.Rules, at)
	}
	if err != nil {
		return nil, err
	}
	ids := make([]int64, len(page.Customers))
	for i, c := range page.Customers {
		ids[i] = c.ID
	}
	return page, s.logClear(ctx, "customer.list", ids)
}

func placeOf(request ListRequest) (place, error) {
	at := place{sort: request.Sort, offset: max(request.Offset, 0), limit: request.Limit}
	if at.limit <= 0 || at.limit > pageLimit {
		at.limit = min(max(at.limit, 50), pageLimit)
	}
	if at.sort == "" {
		at.sort = "-updated_at"
	}
	at.sort, at.desc = strings.CutPrefix(at.sort, "-")
	var err error
	at.after, err = parseCursor(request.Cursor)
	return at, err
}

// cursorText is the place behind the last row of a page.
type cursorText struct {
	Value any   `json:"v"`
	ID    int64 `json:"i"`
}

func formatCursor(a Anchor) string {
	raw, _ := json.Marshal(cursorText(a)) // numbers and text only
	return base64.RawURLEncoding.EncodeToString(raw)
}

func parseCursor(cursor string) (*Anchor, error) {
	if cursor == "" {
		return nil, nil //nolint:nilnil // the top of the list
	}
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return nil, errBadCursor()
	}
	var text struct {
		Value json.RawMessage `json:"v"`
		ID    int64           `json:"i"`
	}
	if json.Unmarshal(raw, &text) != nil || text.ID <= 0 {
		return nil, errBadCursor()
	}
	a := &Anchor{ID: text.ID}
	if len(text.Value) > 0 {
		a.Value = plainValue(text.Value)
	}
	switch a.Value.(type) {
	case nil, int64, float64, string, bool:
		return a, nil
	}
	return nil, errBadCursor()
}

// checkSort refuses to sort by what the person may not see: the order would tell the values.
func (s *Service) checkSort(ctx context.Context, sort string) error {
	if _, ok := sortColumns[sort]; ok {
		return nil
	}
	if !s.isField(ctx, sort) && sort != "record_count" && sort != "household_state" && sort != "household_size" {
		return errUnknownField(sort)
	}
	if s.isPersonal(ctx, sort) && !auth.CanSeeClear(ctx) {
		return fault.New(fault.Forbidden, "customer.sort_masked",
			"The list cannot be sorted by {field} while its values are masked; unmask first.", "field", sort)
	}
	return nil
}

// isPersonal reports whether the values of what a list is sorted by may tell who somebody is.
func (s *Service) isPersonal(ctx context.Context, sort string) bool {
	if attribute, ok := strings.CutPrefix(sort, attributePrefix); ok {
		a := s.rules.current(ctx).attributes[attribute]
		return a != nil && a.IsPersonal
	}
	f, ok := fieldByName[sort]
	return ok && fields[f].IsPersonal
}

// locate finds the place of a row in the order of a list.
func (s *Service) locate(ctx context.Context, sort string, id int64) (*Anchor, error) {
	rows, err := s.store.LoadCustomers(ctx, []int64{id})
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 { // erased since the page before
		return nil, errBadCursor()
	}
	return &Anchor{sortValue(rows[0], sort), id}, nil
}

// isServed reports whether an index of the system of record answers the question at once.
func (s *Service) isServed(ctx context.Context, rules json.RawMessage, at place) bool {
	_, ok := sortColumns[at.sort]
	return ok && isEverybody(rules) && auth.ScopeOf(ctx).All
}

// isEverybody reports whether a rule tree has no rule.
func isEverybody(rules json.RawMessage) bool {
	if len(rules) == 0 || string(rules) == "null" || string(rules) == "{}" {
		return true
	}
	var tree struct {
		Op    string            `json:"op"`
		Rules []json.RawMessage `json:"rules"`
		Field string            `json:"field"`
		Event string            `json:"event"`
		Seg   json.RawMessage   `json:"segment"`
	}
	return json.Unmarshal(rules, &tree) == nil && tree.Op != "" && len(tree.Rules) == 0 && tree.Field == "" && tree.Event == "" && tree.Seg == nil
}

// indexPage reads along an index: a million customers cost as much as a hundred.
func (s *Service) indexPage(ctx context.Context, at place) (*Page, error) {
	sample, err := s.anchors.of(ctx, at.sort)
	if err != nil {
		return nil, err
	}
	from, skip, inEmpty, inclusive := at.after, int64(0), false, false
	if at.after != nil {
		inEmpty = at.after.Value == nil && sortColumns[at.sort].canLack
	} else if at.offset > 0 {
		from, skip, inEmpty = sample.start(at.offset, at.desc)
		inclusive = from != nil
	}
	rows, err := s.store.pageBy(ctx, at, from, inclusive, inEmpty, skip)
	if err != nil {
		return nil, err
	}
	page := &Page{Customers: rows, Total: sample.total + sample.empty}
	page.cut(at)
	return page, nil
}

// cut shortens the page to the limit and sets the cursor behind its last row.
func (p *Page) cut(at place) {
	if len(p.Customers) <= at.limit {
		return
	}
	p.Customers = p.Customers[:at.limit]
	last := p.Customers[at.limit-1]
	place := Anchor{sortValue(last, at.sort), last.ID}
	if at.byRow {
		place.Value = nil
	}
	p.NextCursor = formatCursor(place)
}

// sortValue is the value of a row in the order of a list, nil for none.
func sortValue(c *Customer, sort string) any {
	switch sort {
	case "id":
		return c.ID
	case "full_name":
		if c.Values.NameKey == "" {
			return nil
		}
		return c.Values.NameKey
	case "created_at":
		return c.CreatedAt.UnixMicro()
	case "updated_at":
		return c.UpdatedAt.UnixMicro()
	case "household_state":
		return c.Household.State
	case "household_size":
		return int64(c.Household.Size)
	case "record_count":
		return int64(c.Records)
	}
	return warehoused(sort, c.Values.current(sort))
}

// Count says how many customers answer the question.
func (s *Service) Count(ctx context.Context, request ListRequest) (total int64, capped bool, err error) {
	request.Limit, request.Sort, request.Cursor = 1, "", ""
	at, err := placeOf(request)
	if err != nil {
		return 0, false, err
	}
	q := ParseQuery(request.Query)
	var page *Page
	switch {
	case !q.IsEmpty():
		page, err = s.searchPage(ctx, q, request.Rules, at)
	case s.isServed(ctx, request.Rules, at):
		page, err = s.indexPage(ctx, at)
	case s.finder != nil:
		page, err = s.finderPage(ctx, request.Rules, at)
	default:
		page, err = s.scanPage(ctx, request.Rules, at)
	}
	if err != nil {
		return 0, false, err
	}
	return page.Total, page.IsCapped, nil
}
