// SPDX-License-Identifier: Apache-2.0

package order

import (
	"context"
	"fmt"
	"slices"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
)

// Options are the settings of the service.
type Options struct {
	Zone     *time.Location // of times without one; nil is Asia/Seoul
	Currency string         // the company's currency; "" is KRW
}

// Service answers questions about orders and takes in facts.
type Service struct {
	store    *store
	db       *database.DB
	zone     *time.Location
	currency string
	sight    Sight // nil where all purchases are seen
}

// Sight says what whoever acts does not see of a customer; app connects customer.
type Sight interface {
	// HiddenOf returns the hidden kinds of data, among them purchases.
	HiddenOf(ctx context.Context, customerID int64) []string
}

// UseSight connects who says whose purchases are not seen.
func (s *Service) UseSight(sight Sight) { s.sight = sight }

func (s *Service) hides(ctx context.Context, customerID int64) bool {
	return s.sight != nil && customerID != 0 && slices.Contains(s.sight.HiddenOf(ctx, customerID), "purchases")
}

// New makes the service.
func New(db *database.DB, options Options) *Service {
	s := &Service{store: &store{db: db}, db: db, zone: options.Zone, currency: options.Currency}
	if s.zone == nil {
		s.zone = time.FixedZone("Asia/Seoul", 9*60*60) // no summer time since 1988
	}
	if s.currency == "" {
		s.currency = "KRW"
	}
	return s
}

// Begin starts, or goes on with, the loading of a batch.
func (s *Service) Begin(ctx context.Context, batch Batch) (*Loader, error) {
	l := &Loader{
		store: s.store, batch: batch, zone: batch.Location, currency: batch.Currency, company: s.currency,
		marks: newMarks(), products: map[string]int64{}, learned: map[string]int64{},
	}
	if l.zone == nil {
		l.zone = s.zone
	}
	if !batch.IsResumed {
		return l, nil
	}
	var err error
	if l.slice, err = s.store.loadMarks(ctx, batch.ID, l.marks.unpack); err != nil {
		return nil, err
	}
	if l.currency == "" {
		l.currency, err = s.store.currencyOfBatch(ctx, batch.ID)
	}
	return l, err
}

// undoSlice is how many lines one transaction of an undo withdraws.
const undoSlice = 5000

// Undo withdraws what a batch brought and gives back what it had replaced. It
// works in slices of its own and may be called again after a crash. progress,
// which may be nil, is called inside each transaction with the records touched.
func (s *Service) Undo(ctx context.Context, batchID int64, progress func(ctx context.Context, records []int64) error) error {
	after := int64(0)
	for {
		var done int
		err := s.db.WithinBulk(ctx, func(ctx context.Context) error {
			records, last, count, err := s.store.withdrawLines(ctx, batchID, after, undoSlice)
			if err != nil {
				return err
			}
			done, after = count, last
			if progress != nil && len(records) > 0 {
				return progress(ctx, records)
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("undo batch %d: %w", batchID, err)
		}
		if done < undoSlice {
			break
		}
	}
	err := s.db.WithinBulk(ctx, func(ctx context.Context) error {
		records, err := s.store.withdrawRest(ctx, batchID)
		if err == nil && progress != nil && len(records) > 0 {
			err = progress(ctx, records)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("undo batch %d: %w", batchID, err)
	}
	return nil
}

// RecordsInUse returns those of the records that facts of other batches hang on.
func (s *Service) RecordsInUse(ctx context.Context, recordIDs []int64, exceptBatchID int64) ([]int64, error) {
	return s.store.recordsInUse(ctx, recordIDs, exceptBatchID)
}

// Find returns an order with its lines, or fault.NotFound when it does not
// exist or belongs to a customer outside the person's rows.
func (s *Service) Find(ctx context.Context, id int64) (Order, error) {
	if err := auth.Check(ctx, "order:read"); err != nil {
		return Order{}, err
	}
	found, err := s.store.findOrder(ctx, id)
	if err == nil && s.hides(ctx, found.CustomerID) {
		return Order{}, fault.New(fault.Forbidden, "order.hidden", "Purchases of customers of this grade are not shown to you.")
	}
	return found, err
}

// countLimit caps counts of lists: beyond it people filter anyway.
const countLimit = 10_000

// List returns a page of orders, newest first, and how many there are up to a cap.
func (s *Service) List(ctx context.Context, filter Filter) (orders []Order, next string, count int64, capped bool, err error) {
	if err := auth.Check(ctx, "order:read"); err != nil {
		return nil, "", 0, false, err
	}
	if filter.Limit <= 0 || filter.Limit > 500 {
		filter.Limit = 50
	}
	if orders, next, err = s.store.listOrders(ctx, filter); err != nil {
		return nil, "", 0, false, err
	}
	if count, err = s.store.countOrders(ctx, filter, countLimit+1); err != nil {
		return nil, "", 0, false, err
	}
	orders = slices.DeleteFunc(orders, func(o Order) bool { return s.hides(ctx, o.CustomerID) })
	if len(orders) == 0 && filter.CustomerID != 0 && s.hides(ctx, filter.CustomerID) {
		count = 0
	}
	return orders, next, min(count, countLimit), count > countLimit, nil
}

// ListProducts returns a page of products whose name or number begins with the query.
func (s *Service) ListProducts(ctx context.Context, query, cursor string, limit int) ([]Product, string, error) {
	if err := auth.Check(ctx, "order:read"); err != nil {
		return nil, "", err
	}
	return s.store.listProducts(ctx, query, cursor, limit)
}

// EachPurchase emits the amount and number of orders of each customer from one
// moment to before another, in one currency; performance asks it.
func (s *Service) EachPurchase(ctx context.Context, from, to time.Time, currency string, emit func(customerID, amount, orders int64) error) error {
	return s.store.eachPurchase(ctx, from, to, currency, emit)
}

// EachPaid emits every paid order of a window with its time in Unix microseconds.
func (s *Service) EachPaid(ctx context.Context, from, to time.Time, currency string, emit func(customerID, orderedAt, amount int64) error) error {
	return s.store.eachPaid(ctx, from, to, currency, emit)
}

// EachPaidCategory emits every line of the paid orders of a window with the
// category of its product, "" if that is not known.
func (s *Service) EachPaidCategory(ctx context.Context, from, to time.Time, currency string, emit func(customerID int64, category string, amount int64) error) error {
	return s.store.eachPaidCategory(ctx, from, to, currency, emit)
}

// EachNewPaid emits paid orders since a moment whose id is above one.
func (s *Service) EachNewPaid(ctx context.Context, afterID int64, since time.Time, emit func(orderID, customerID int64) error) error {
	return s.store.eachNewPaid(ctx, afterID, since, emit)
}

// LastPaid answers when customers last bought, in Unix microseconds.
func (s *Service) LastPaid(ctx context.Context, customerIDs []int64) (map[int64]int64, error) {
	return s.store.lastPaid(ctx, customerIDs)
}

// EachHistory emits of each customer the time of the last paid order before a moment and how many there were.
func (s *Service) EachHistory(ctx context.Context, before time.Time, currency string, emit func(customerID, lastAt, orders int64) error) error {
	return s.store.eachHistory(ctx, before, currency, emit)
}
