// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"dangol/internal/platform/auth"
)

const (
	// suggestLimit is how many customers the search box shows.
	suggestLimit = 10
	// candidateLimit bounds the customers loaded and compared for one search; a search that finds more is
	// too vague to be ranked.
	candidateLimit = 250
)

// Hit is a customer that a search found.
type Hit struct {
	Customer *Customer
	Rank     int
	Reason   string // "name", "key", "contact"
}

// Suggest finds the customers that a person most likely means: by name or part of it, initial
// consonants, digits of a telephone number, e-mail address, customer number, or any key.
func (s *Service) Suggest(ctx context.Context, text string, limit int) ([]Hit, error) {
	q := ParseQuery(text)
	if q.IsEmpty() {
		return nil, nil
	}
	if limit <= 0 || limit > 50 {
		limit = suggestLimit
	}
	hits, err := s.search(ctx, q)
	if err != nil {
		return nil, err
	}
	if hits, err = s.hydrate(ctx, hits[:min(limit, len(hits))]); err != nil {
		return nil, err
	}
	ids := make([]int64, len(hits))
	for i := range hits {
		ids[i] = hits[i].Customer.ID
	}
	return hits, s.logClear(ctx, "customer.suggest", ids)
}

// hydrate loads the whole golden rows of hits; while they were ranked only a few columns were read.
func (s *Service) hydrate(ctx context.Context, hits []Hit) ([]Hit, error) {
	ids := make([]int64, len(hits))
	for i := range hits {
		ids[i] = hits[i].Customer.ID
	}
	rows, err := s.rowsInOrder(ctx, ids)
	if err != nil {
		return nil, err
	}
	byID := make(map[int64]*Customer, len(rows))
	for _, c := range rows {
		byID[c.ID] = c
	}
	var whole []Hit
	for _, hit := range hits {
		if c := byID[hit.Customer.ID]; c != nil {
			hit.Customer = c
			whole = append(whole, hit)
		}
	}
	return whole, nil
}

// search gathers candidates from the indexes, compares them in full and orders them by rank.
func (s *Service) search(ctx context.Context, q Query) ([]Hit, error) {
	byKey, err := s.FindByKey(ctx, "", q.text)
	if err != nil {
		return nil, err
	}
	hits := map[int64]Hit{}
	for _, c := range byKey {
		if !c.Hidden {
			hits[c.ID] = Hit{Customer: c, Rank: 120, Reason: "key"}
		}
	}
	ids, err := s.store.searchIDs(ctx, q, candidateLimit)
	if err != nil {
		return nil, err
	}
	if id, err := strconv.ParseInt(q.text, 10, 64); err == nil && id > 0 {
		ids = append(ids, id)
	}
	rows, err := s.store.loadCandidates(ctx, uniqueIDs(ids), len(s.rules.current(ctx).searchable) > 0)
	if err != nil {
		return nil, err
	}
	rows = slices.DeleteFunc(rows, func(c *Customer) bool { return c.Hidden || !canSee(ctx, c) })
	ranked, err := s.rankRows(ctx, q, rows)
	if err != nil {
		return nil, err
	}
	for _, hit := range ranked {
		if known, ok := hits[hit.Customer.ID]; !ok || known.Rank < hit.Rank {
			hits[hit.Customer.ID] = hit
		}
	}
	list := make([]Hit, 0, len(hits))
	for _, hit := range hits {
		list = append(list, hit)
	}
	slices.SortFunc(list, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(b.Rank, a.Rank), strings.Compare(a.Customer.Values.NameKey, b.Customer.Values.NameKey),
			cmp.Compare(a.Customer.ID, b.Customer.ID))
	})
	return list, nil
}

func uniqueIDs(ids []int64) []int64 {
	slices.Sort(ids)
	return slices.Compact(ids)
}

// rankRows compares candidates in full. Those whose golden row does not answer may have been found by an
// older number or address, so their records are looked at as well.
func (s *Service) rankRows(ctx context.Context, q Query, rows []*Customer) ([]Hit, error) {
	var hits []Hit
	var open []*Customer
	var ids []int64
	for _, c := range rows {
		rank := q.rankOf(&c.Values)
		if strconv.FormatInt(c.ID, 10) == q.text {
			rank = max(rank, 110)
		}
		if rank > 0 {
			hits = append(hits, Hit{Customer: c, Rank: rank, Reason: q.reason()})
		} else if c.Records > 1 {
			open = append(open, c)
			ids = append(ids, c.ID)
		}
	}
	if len(open) == 0 {
		return hits, nil
	}
	records, err := s.store.RecordsOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, c := range open {
		if rank := q.rank(&c.Values, records[c.ID]); rank > 0 {
			hits = append(hits, Hit{Customer: c, Rank: rank, Reason: q.reason()})
		}
	}
	return hits, nil
}

func (q Query) reason() string {
	if q.digits != "" || q.email != "" && strings.Contains(q.email, "@") {
		return "contact"
	}
	return "name"
}

// searchPage shows what a search found, best first; with rules only those that answer them.
func (s *Service) searchPage(ctx context.Context, q Query, rules json.RawMessage, at place) (*Page, error) {
	hits, err := s.search(ctx, q)
	if err != nil {
		return nil, err
	}
	if !isEverybody(rules) && s.finder != nil {
		ids := make([]int64, len(hits))
		for i := range hits {
			ids[i] = hits[i].Customer.ID
		}
		matching, err := s.finder.MatchIDs(ctx, rules, ids)
		if err != nil {
			return nil, err
		}
		hits = slices.DeleteFunc(hits, func(h Hit) bool { return !slices.Contains(matching, h.Customer.ID) })
	}
	page := &Page{Total: int64(len(hits)), IsCapped: len(hits) >= candidateLimit, IsExact: true}
	start := int(min(at.offset, int64(len(hits))))
	if at.after != nil { // a page of search results is found by row number: ranks are no order of the data
		start = int(min(at.after.ID, int64(len(hits))))
	}
	end := min(start+at.limit, len(hits))
	shown, err := s.hydrate(ctx, hits[start:end])
	if err != nil {
		return nil, err
	}
	for _, hit := range shown {
		page.Customers = append(page.Customers, hit.Customer)
	}
	if end < len(hits) {
		page.NextCursor = formatCursor(Anchor{ID: int64(end)})
	}
	return page, nil
}

// scopeOf returns the row scope of the person for statements over customers c.
func scopeOf(ctx context.Context) (string, []any) { return auth.ScopeSQL(ctx, "c") }
