// SPDX-License-Identifier: Apache-2.0

package match

import (
	"context"
	"fmt"
	"math"
	"time"

	"dangol/internal/match/linkage"
	"dangol/internal/platform/fault"
)

const (
	// rehearsed is how many records a run is rehearsed with to tell what it will cost.
	rehearsed = 20_000
	// rehearsePage is how many neighbours are taken at one place: reading them is cheap, and all sources are met.
	rehearsePage = 250
	// mostPairs is the ceiling that the engine keeps, in pairs a record.
	mostPairs = 60
	// mostPerRule is the same of one rule.
	mostPerRule = 24
)

// RuleCost is what one blocking rule will cost; a pair that several rules find counts for each.
type RuleCost struct {
	Label string `json:"label"`
	Pairs int64  `json:"pairs"`
}

// ColumnUse is how a field of the customers is understood.
type ColumnUse struct {
	Name   string  `json:"name"`
	Kind   string  `json:"kind"`
	Filled float64 `json:"filled" doc:"share of the records that say something"`
}

// Cost is what a run will do, told before it starts.
type Cost struct {
	Records int64       `json:"records"`
	Sampled int         `json:"sampled" doc:"records of the rehearsal"`
	Columns []ColumnUse `json:"columns"`
	Rules   []RuleCost  `json:"rules"`
	Pairs   int64       `json:"pairs" doc:"pairs that will be compared, never more than 60 a record"`
	Seconds float64     `json:"seconds" doc:"reading and comparing on this machine; merges are written afterwards, while people work"`
}

// Estimate rehearses a run with a sample of the base and tells what the whole one will cost; nothing is kept.
// Pairs by chance grow with the square of the records, which the ceiling of the engine bounds.
func (s *Service) Estimate(ctx context.Context, settings Settings) (*Cost, error) {
	if err := wholeBase(ctx); err != nil {
		return nil, err
	}
	total, err := s.customers.Store().CountLive(ctx)
	if err != nil {
		return nil, err
	}
	started := time.Now()
	table, err := s.sample(ctx)
	if err != nil {
		return nil, err
	}
	reading := time.Since(started).Seconds()
	options := linkage.Options{Seed: 1}
	saved, err := s.store.findModel(ctx, 0)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return nil, err
	}
	if saved != nil && !settings.Train && saved.Spec.Validate() == nil && saved.Spec.Fits(table) {
		options.Spec = saved.Spec
	}
	result, err := linkage.Run(ctx, table, options)
	if err != nil {
		return nil, fmt.Errorf("rehearse a run: %w", err)
	}
	return costOf(total, table, result, reading), nil
}

func costOf(total int64, table *linkage.Table, result *linkage.Result, reading float64) *Cost {
	c := &Cost{Records: total, Sampled: table.Rows}
	grown := float64(total) / float64(table.Rows)
	var found, expected float64 // by the rules, pairs that several find counted for each
	for _, rule := range result.Rules {
		pairs := float64(rule.Pairs) * grown * grown
		if pairs > mostPerRule*float64(total) {
			continue // right for a sample, too broad for the whole: the engine will choose others
		}
		found, expected = found+float64(rule.Pairs), expected+pairs
		c.Rules = append(c.Rules, RuleCost{rule.Label, int64(math.Round(pairs))})
	}
	once := float64(result.Candidates) / max(found, float64(result.Candidates), 1)
	c.Pairs = int64(math.Round(min(expected*once, mostPairs*float64(total))))
	for _, column := range result.Columns {
		c.Columns = append(c.Columns, ColumnUse{column.Name, string(column.Kind), float64(column.Present) / float64(table.Rows)})
	}
	c.Seconds = math.Ceil((reading + result.Seconds) * grown)
	return c
}

// sample reads records from places spread over the whole base.
func (s *Service) sample(ctx context.Context) (*linkage.Table, error) {
	reader := s.customers.Store()
	last, err := reader.LastRecord(ctx)
	if err != nil {
		return nil, err
	}
	builder, rows := linkage.NewBuilder(evidenceColumns), 0
	values := make([]string, 0, len(evidenceFields))
	step := max(last*rehearsePage/rehearsed, rehearsePage)
	for after, seen := int64(0), int64(0); after < last; after += step {
		page, err := reader.LiveAfter(ctx, max(after, seen), rehearsePage)
		if err != nil {
			return nil, err
		}
		for _, r := range page {
			seen = r.ID
			if values = evidenceOf(values[:0], &r.Values); !isBlank(values) {
				builder.Add(values)
				rows++
			}
		}
	}
	if rows < 2 {
		return nil, errTooFew()
	}
	return builder.Table(), nil
}
