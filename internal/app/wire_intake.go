// SPDX-License-Identifier: Apache-2.0

package app

import (
	"context"

	"dangol/internal/intake"
	"dangol/internal/order"
)

// orderFacts lets intake hand transactions, products, campaigns and coupons to
// order; the two do not know each other.
type orderFacts struct{ orders *order.Service }

// Begin starts, or goes on with, the loading of a batch.
func (o orderFacts) Begin(ctx context.Context, batch intake.FactBatch) (intake.FactLoader, error) {
	loader, err := o.orders.Begin(ctx, order.Batch{
		ID: batch.ID, SourceID: batch.SourceID, Kind: order.Kind(batch.Kind), Currency: batch.Currency, Location: batch.Location, IsResumed: batch.IsResumed,
	})
	if err != nil {
		return nil, err
	}
	return orderLoader{loader}, nil
}

// Undo withdraws what the batch brought.
func (o orderFacts) Undo(ctx context.Context, batchID int64, progress func(ctx context.Context, recordIDs []int64) error) error {
	return o.orders.Undo(ctx, batchID, progress)
}

// RecordsInUse returns those of the records that facts of other batches hang on.
func (o orderFacts) RecordsInUse(ctx context.Context, recordIDs []int64, exceptBatchID int64) ([]int64, error) {
	return o.orders.RecordsInUse(ctx, recordIDs, exceptBatchID)
}

type orderLoader struct{ *order.Loader }

// Write takes in one slice.
func (o orderLoader) Write(ctx context.Context, facts []intake.Fact) (intake.FactCounts, error) {
	given := make([]order.Fact, len(facts))
	for i := range facts {
		given[i] = order.Fact(facts[i])
	}
	counts, err := o.Loader.Write(ctx, given)
	taken := intake.FactCounts{Created: counts.Created, Updated: counts.Updated, Unchanged: counts.Unchanged, Rejected: counts.Rejected, Records: counts.Records}
	for _, reject := range counts.Rejects {
		taken.Rejects = append(taken.Rejects, intake.FactReject(reject))
	}
	for _, finding := range counts.Findings {
		taken.Findings = append(taken.Findings, intake.FactFinding(finding))
	}
	return taken, err
}
