// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"context"
	"fmt"
	"time"

	"dangol/internal/platform/fault"
	"dangol/internal/platform/warehouse"
)

// CustomerScore is what a model in use says of one customer, with its reasons.
type CustomerScore struct {
	Event       string         `json:"event"`
	Target      warehouse.Text `json:"target"`
	HorizonDays int            `json:"horizon_days"`
	Score       float64        `json:"score"`
	// Share is that of all customers the model learned from.
	Share    float64        `json:"share"`
	Decile   int            `json:"decile" doc:"1 is the tenth with the highest scores"`
	Band     string         `json:"band"`
	Reason   warehouse.Text `json:"reason"`
	ScoredAt *time.Time     `json:"scored_at,omitempty"`
}

// FindScores returns what the models in use say of a customer. It returns
// fault.NotFound for a customer whom whoever acts in ctx may not see.
func (s *Service) FindScores(ctx context.Context, customerID int64) ([]CustomerScore, error) {
	if err := permit(ctx); err != nil {
		return nil, err
	}
	visible, args := scope(ctx)
	ids, err := s.idsOf(ctx, "SELECT c.id FROM "+customersTable+" c WHERE c.id = ? AND "+visible, append([]any{customerID}, args...)...)
	if err != nil {
		return nil, err
	}
	if !ids[customerID] {
		return nil, fault.New(fault.NotFound, "mining.no_customer", "There is no customer {id} whom you may see.", "id", customerID)
	}
	models, err := s.store.ListModels(ctx)
	if err != nil {
		return nil, err
	}
	out := []CustomerScore{}
	for _, m := range models {
		kind, _ := targetOfEvent(m.Event)
		one := CustomerScore{Event: m.Event, Target: m.Champion.Target, HorizonDays: m.Settings.HorizonDays, Share: m.Champion.Share, ScoredAt: m.ScoredAt}
		found, err := s.readScore(ctx, kind.table, customerID, &one)
		if err != nil {
			return nil, fmt.Errorf("score of %s: %w", m.Event, err)
		}
		if found {
			out = append(out, one)
		}
	}
	return out, nil
}

func (s *Service) readScore(ctx context.Context, table string, customerID int64, into *CustomerScore) (bool, error) {
	if _, there := s.warehouse.Column(table, "reason_en"); !there {
		return false, nil
	}
	rows, err := s.warehouse.Query(ctx, "SELECT score, CAST(decile AS BIGINT), band, coalesce(reason, ''), coalesce(reason_en, '') FROM "+table+" WHERE customer_id = ?", customerID)
	if err != nil {
		return false, err
	}
	defer func() { _ = rows.Close() }()
	if !rows.Next() {
		return false, rows.Err()
	}
	var decile int64
	err = rows.Scan(&into.Score, &decile, &into.Band, &into.Reason.Ko, &into.Reason.En)
	into.Decile = int(decile)
	return err == nil, err
}
