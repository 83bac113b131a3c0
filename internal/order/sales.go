// SPDX-License-Identifier: Apache-2.0

package order

import (
	"context"
	"maps"
	"slices"
)

func (l *Loader) writeSales(ctx context.Context, facts []Fact, counts *Counts) error {
	sales := make([]*sale, 0, len(facts))
	for i := range facts {
		if s := l.readSale(&facts[i], counts); s != nil {
			s.identify(l.marks.meet(s.mark()))
			sales = append(sales, s)
		}
	}
	if err := l.findOrders(ctx, sales); err != nil {
		return err
	}
	sales, err := l.refuseForeign(ctx, sales, counts)
	if err != nil {
		return err
	}
	fresh := compare(refuseMixed(sales, counts), counts)
	if err := l.nameProducts(ctx, fresh); err != nil {
		return err
	}
	return l.storeSales(ctx, fresh, counts)
}

// findOrders gives every sale its order: one of the database or a new one.
func (l *Loader) findOrders(ctx context.Context, sales []*sale) error {
	orders := make(map[string]*header, len(sales)/2)
	for _, s := range sales {
		orders[s.orderKey] = nil
	}
	found, err := l.store.headers(ctx, l.batch.SourceID, slices.Collect(maps.Keys(orders)))
	if err != nil {
		return err
	}
	live := make(map[int64]*header, len(found))
	for _, h := range found {
		orders[h.key] = h
		if !h.withdrawn {
			live[h.id] = h
		}
	}
	if err := l.store.liveLines(ctx, live); err != nil {
		return err
	}
	for _, s := range sales {
		h := orders[s.orderKey]
		if h == nil {
			h = &header{key: s.orderKey, recordID: s.fact.RecordID, at: s.at, store: s.store, channel: s.channel, currency: s.currency}
			orders[s.orderKey] = h
		}
		if h.withdrawn && !h.touched {
			h.recordID, h.at, h.status, h.currency = s.fact.RecordID, s.at, "", s.currency
		}
		h.touched = true
		s.order = h
	}
	return nil
}

// refuseForeign rejects lines whose order belongs to another customer: two
// customers cannot have bought with one slip, so one of the files is wrong.
func (l *Loader) refuseForeign(ctx context.Context, sales []*sale, counts *Counts) ([]*sale, error) {
	var asked []int64
	for _, s := range sales {
		if s.order.recordID != s.fact.RecordID {
			asked = append(asked, s.order.recordID, s.fact.RecordID)
		}
	}
	if len(asked) == 0 {
		return sales, nil
	}
	customers, err := l.store.customersOf(ctx, asked)
	if err != nil {
		return nil, err
	}
	kept := sales[:0]
	for _, s := range sales {
		if s.order.recordID != s.fact.RecordID && customers[s.order.recordID] != customers[s.fact.RecordID] {
			counts.reject(s.fact, FieldOrderKey, "order.other_customer", "The order number belongs to another customer already.",
				"Correct the customer or the order number; if the earlier file was wrong, undo its import first.")
			continue
		}
		kept = append(kept, s)
	}
	return kept, nil
}

// refuseMixed rejects lines in another currency than their order's, whose sum
// would mean nothing.
func refuseMixed(sales []*sale, counts *Counts) []*sale {
	kept := sales[:0]
	for _, s := range sales {
		if s.order.currency != s.currency {
			counts.reject(s.fact, FieldCurrency, "order.mixed_currency", "The order has lines in another currency already.",
				"Give each currency an order number of its own.")
			continue
		}
		kept = append(kept, s)
	}
	return kept
}

// compare sorts out what is there already; it answers the lines to write.
func compare(sales []*sale, counts *Counts) []*sale {
	fresh := sales[:0]
	for _, s := range sales {
		earlier, exists := s.order.lines[s.identity]
		switch {
		case !exists:
			counts.Created++
		case earlier.content == s.content:
			counts.Unchanged++
			continue
		default:
			counts.Updated++
			s.replaces = earlier.id
			s.order.mustSum = true
		}
		s.order.add(s)
		counts.Records = append(counts.Records, s.order.recordID)
		fresh = append(fresh, s)
	}
	return fresh
}

// add counts a new line into the sums of its order.
func (h *header) add(s *sale) {
	h.count++
	h.at = min(h.at, s.at)
	if s.status.Counts() {
		h.amount += s.amount
		h.discount += s.discount
		h.coupon += s.coupon
		h.status = Paid
	} else if h.status == "" {
		h.status = s.status
	}
	if h.store == "" {
		h.store = s.store
	}
	if h.channel == "" {
		h.channel = s.channel
	}
}

// storeSales writes orders, lines and sums.
func (l *Loader) storeSales(ctx context.Context, fresh []*sale, counts *Counts) error {
	var created, changed []*header
	var sums []int64
	seen := make(map[*header]bool, len(fresh))
	for _, s := range fresh {
		if seen[s.order] {
			continue
		}
		seen[s.order] = true
		if s.order.exists {
			changed = append(changed, s.order)
			if s.order.mustSum {
				sums = append(sums, s.order.id)
			}
			continue
		}
		created = append(created, s.order)
	}
	if err := l.store.insertHeaders(ctx, l.batch, created); err != nil {
		return err
	}
	if err := l.store.updateHeaders(ctx, l.batch, changed); err != nil {
		return err
	}
	if err := l.store.insertLines(ctx, l.batch, fresh); err != nil {
		return err
	}
	return l.store.sumOrders(ctx, sums)
}

// nameProducts gives every line its product; a key never seen makes a product
// without description, which a product file may fill later.
func (l *Loader) nameProducts(ctx context.Context, fresh []*sale) error {
	asked := map[string]*Fact{}
	for _, s := range fresh {
		if s.product != "" && l.products[s.product] == 0 {
			asked[s.product] = s.fact
		}
	}
	if err := l.learnProducts(ctx, asked, true); err != nil {
		return err
	}
	for _, s := range fresh {
		if s.product == "" {
			continue
		}
		if s.productID = l.products[s.product]; s.productID == 0 {
			s.productID = l.learned[s.product]
		}
	}
	return nil
}

// learnProducts finds or makes the products with the keys. With shared, a
// product that only another source describes is taken as well: shops sell what
// the company's product master lists.
func (l *Loader) learnProducts(ctx context.Context, asked map[string]*Fact, shared bool) error {
	keys := slices.Sorted(maps.Keys(asked))
	if err := l.store.productIDs(ctx, l.batch.SourceID, keys, l.learned); err != nil {
		return err
	}
	if shared {
		unknown := slices.DeleteFunc(slices.Clone(keys), func(key string) bool { return l.learned[key] != 0 })
		if err := l.store.sharedProductIDs(ctx, unknown, l.learned); err != nil {
			return err
		}
	}
	var missing []Product
	for _, key := range keys {
		if l.learned[key] != 0 {
			continue
		}
		v := asked[key].Values
		missing = append(missing, Product{
			ProductKey: key, Name: v[FieldProductName], Category: v[FieldCategory],
			Department: v[FieldDepartment], Brand: v[FieldBrand],
		})
	}
	return l.store.insertProducts(ctx, l.batch, missing, l.learned)
}
