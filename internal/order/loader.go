// SPDX-License-Identifier: Apache-2.0

package order

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"dangol/internal/platform/database"
)

// productCacheLimit bounds the product keys held in memory (about 100 bytes each).
const productCacheLimit = 1 << 20

// Loader writes the facts of one batch, slice by slice, each inside the
// caller's transaction. It is used by one goroutine.
type Loader struct {
	store    *store
	batch    Batch
	zone     *time.Location
	currency string // settled by Batch, an earlier slice or the first slice
	company  string
	slice    int64
	marks    *marks
	products map[string]int64
	learned  map[string]int64 // products of the slice that is not yet committed
}

// Write takes in one slice of facts. It must run inside database.Within or
// WithinBulk; what the loader remembers follows the fate of that transaction.
func (l *Loader) Write(ctx context.Context, facts []Fact) (Counts, error) {
	l.marks.forget()
	clear(l.learned)
	l.settleCurrency(facts)
	var counts Counts
	err := l.store.expectGrowth(ctx)
	if err != nil {
		return Counts{}, err
	}
	switch l.batch.Kind {
	case Products:
		err = l.writeProducts(ctx, facts, &counts)
	case Campaigns:
		err = l.writeCampaigns(ctx, facts, &counts)
	case Coupons:
		err = l.writeCoupons(ctx, facts, &counts)
	default:
		err = l.writeSales(ctx, facts, &counts)
	}
	if err != nil {
		return Counts{}, fmt.Errorf("write %d %s: %w", len(facts), l.batch.Kind, err)
	}
	if len(l.marks.staged) > 0 {
		if err := l.store.saveMarks(ctx, l.batch.ID, l.slice, l.marks.pack()); err != nil {
			return Counts{}, err
		}
	}
	slices.Sort(counts.Records)
	counts.Records = slices.Compact(counts.Records)
	database.AfterCommit(ctx, l.commit)
	return counts, nil
}

func (l *Loader) commit() {
	l.slice++
	l.marks.commit()
	if len(l.products)+len(l.learned) > productCacheLimit {
		clear(l.products)
	}
	maps.Copy(l.products, l.learned)
	clear(l.learned)
}

// Finish ends a batch that is complete or given up.
func (l *Loader) Finish(ctx context.Context) error {
	return l.store.dropMarks(ctx, l.batch.ID)
}

// currencyOf answers the currency of a fact.
func (l *Loader) currencyOf(f *Fact) string {
	if c := strings.ToUpper(strings.TrimSpace(f.Values[FieldCurrency])); len(c) == 3 {
		return c
	}
	return l.currency
}

// settleCurrency decides what amounts without a currency are in. Amounts with
// decimals cannot be in a currency without a minor unit such as the won.
func (l *Loader) settleCurrency(facts []Fact) {
	if l.currency != "" {
		return
	}
	l.currency = l.company
	if Digits(l.company) > 0 {
		return
	}
	withDecimals, seen := 0, 0
	for i := range facts {
		text := facts[i].Values[FieldAmount]
		if text == "" {
			text = facts[i].Values[FieldPrice]
		}
		if text == "" {
			continue
		}
		seen++
		if _, exact, err := parseDecimal(text, 0); err == nil && !exact {
			withDecimals++
		}
	}
	// A tenth, so that a few cents in a won file stay findings of their rows.
	if withDecimals*10 > seen {
		l.currency = "USD"
	}
}
