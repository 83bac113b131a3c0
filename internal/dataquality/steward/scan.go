// SPDX-License-Identifier: Apache-2.0

package steward

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"dangol/internal/customer"
	"dangol/internal/platform/database"
)

// scanPage is how many customers are judged and written at once, about 100 ms.
const scanPage = 500

// expectedFrom is the share of records from which on a field is expected of a source.
const expectedFrom = 0.01

// Summary is what a scan came to.
type Summary struct {
	Customers int64          `json:"customers"`
	Records   int64          `json:"records"`
	Score     float64        `json:"score" doc:"mean of the customers, percent"`
	Issues    map[Kind]int64 `json:"issues" doc:"open ones"`
	Opened    int64          `json:"opened"`
	Closed    int64          `json:"closed" doc:"no longer found"`
}

// scan is a scan while it runs.
type scan struct {
	*around
	service *Service
	cells   map[Cell]*Score
	summary Summary
	sum     int64
	on      string
}

// Scan judges everybody: scores by source, field and dimension for the day, a mark for each customer, and
// the worklists. It may be called again after a crash; a second scan of a day replaces the first.
func (s *Service) Scan(ctx context.Context, fence func(context.Context) error, progress func(done, total int64)) (Summary, error) {
	started := s.db.Now(ctx)
	a, err := s.around(ctx)
	if err != nil {
		return Summary{}, err
	}
	if a.shared, err = s.store.sharedContacts(ctx); err != nil {
		return Summary{}, err
	}
	w := &scan{around: a, service: s, cells: map[Cell]*Score{}, summary: Summary{Issues: map[Kind]int64{}}, on: started.In(s.zone).Format(time.DateOnly)}
	a.put = w.cell
	last, err := s.store.lastCustomer(ctx)
	if err != nil {
		return w.summary, err
	}
	for after := int64(0); ; {
		ids, err := s.store.customersAfter(ctx, after, scanPage)
		if err != nil {
			return w.summary, err
		}
		if len(ids) == 0 {
			break
		}
		if err := w.page(ctx, ids, fence); err != nil {
			return w.summary, fmt.Errorf("judge customers behind %d: %w", after, err)
		}
		after = ids[len(ids)-1]
		progress(after, last)
	}
	err = s.db.Within(ctx, func(ctx context.Context) error {
		if err := fence(ctx); err != nil {
			return err
		}
		return w.finish(ctx, started)
	})
	return w.summary, err
}

func (w *scan) cell(c Cell) *Score {
	score := w.cells[c]
	if score == nil {
		score = &Score{}
		w.cells[c] = score
	}
	return score
}

// page judges some customers outside the writer and writes what changed.
func (w *scan) page(ctx context.Context, ids []int64, fence func(context.Context) error) error {
	s := w.service
	customers, err := s.customers.Store().LoadCustomers(ctx, ids)
	if err != nil {
		return err
	}
	records, err := s.customers.Store().RecordsOf(ctx, ids)
	if err != nil {
		return err
	}
	if w.unproven, err = s.outside.UnprovenConsents(ctx, ids); err != nil {
		return err
	}
	slices.SortFunc(customers, func(a, b *customer.Customer) int { return cmp.Compare(a.ID, b.ID) })
	cards := make(map[int64]Card, len(customers))
	found := map[int64][]Issue{}
	for _, c := range customers {
		in := w.inspect(c, records[c.ID])
		cards[c.ID], found[c.ID] = in.card(), in.issues
		w.summary.Customers++
		w.summary.Records += int64(len(records[c.ID]))
		w.sum += int64(cards[c.ID].Score)
	}
	return s.db.WithinBulk(ctx, func(ctx context.Context) error {
		if err := fence(ctx); err != nil {
			return err
		}
		if err := s.store.saveMarks(ctx, ids, cards); err != nil {
			return err
		}
		return w.saveIssues(ctx, ids, found)
	})
}

// saveIssues opens what was found and closes what was not.
func (w *scan) saveIssues(ctx context.Context, ids []int64, found map[int64][]Issue) error {
	store := w.service.store
	known, err := store.issuesOf(ctx, ids)
	if err != nil {
		return err
	}
	var fresh []stored
	var reopen []stored
	for customerID, issues := range found {
		for _, issue := range issues {
			key := issueOf{customerID, issue.Kind, issue.Field}
			old, ok := known[key]
			delete(known, key)
			is := stored{Issue: issue, ID: old.ID, CustomerID: customerID}
			switch {
			case !ok:
				fresh = append(fresh, is)
			case old.Outcome == outcomeRight && old.Signature == issue.Signature:
				continue // a person has looked at it
			case old.State != stateOpen || old.Signature != issue.Signature || old.SourceID != issue.SourceID:
				reopen = append(reopen, is)
			}
			w.summary.Issues[issue.Kind]++
		}
	}
	var gone []int64
	for _, old := range known {
		if old.State == stateOpen {
			gone = append(gone, old.ID)
		}
	}
	w.summary.Opened += int64(len(fresh) + len(reopen))
	w.summary.Closed += int64(len(gone))
	slices.SortFunc(fresh, func(a, b stored) int {
		return cmp.Or(cmp.Compare(a.CustomerID, b.CustomerID), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Field, b.Field))
	})
	if err := store.openIssues(ctx, fresh); err != nil {
		return err
	}
	if err := store.reopenIssues(ctx, reopen); err != nil {
		return err
	}
	return store.closeGone(ctx, gone)
}

// finish writes the day's scores and the summary.
func (w *scan) finish(ctx context.Context, started time.Time) error {
	if w.summary.Customers > 0 {
		w.summary.Score = float64(w.sum) / float64(w.summary.Customers)
	}
	for cell := range w.cells { // what a source does not give at all is not missing from it
		if cell.Dimension == Completeness && cell.SourceID != 0 {
			if share, _ := w.cells[cell].Share(); share < expectedFrom {
				delete(w.cells, cell)
			}
		}
	}
	store := w.service.store
	if err := store.saveSnapshot(ctx, w.on, w.cells); err != nil {
		return err
	}
	if err := store.dropOrphans(ctx); err != nil {
		return err
	}
	return store.saveRun(ctx, started, database.Time(ctx), w.summary)
}
