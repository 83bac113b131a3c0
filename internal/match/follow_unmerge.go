// SPDX-License-Identifier: Apache-2.0

package match

import (
	"context"
	"encoding/json"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/journal"
)

// learnFromUnmerge counts a merge of a run that a person takes back by hand as a decision: it is the only
// thing people say about pairs above the threshold, which nobody is asked about.
func (s *Service) learnFromUnmerge(ctx context.Context, e *journal.Entry) error {
	var parted struct {
		SurvivorID int64  `json:"survivor_id"`
		OtherID    int64  `json:"other_id"`
		Reason     string `json:"reason"`
	}
	if err := json.Unmarshal(e.After, &parted); err != nil || parted.Reason != "manual" {
		return nil // erased since, or taken back by a run or an undo
	}
	return s.db.Within(ctx, func(ctx context.Context) error {
		m, err := s.store.findMerge(ctx, parted.SurvivorID, parted.OtherID)
		if err != nil || m == nil {
			return err
		}
		run, err := s.store.findRun(ctx, m.RunID)
		if err != nil {
			return err
		}
		if err := s.store.setMergeState(ctx, *m, "kept"); err != nil { // seen twice it counts once
			return err
		}
		d := &Decision{
			RunID: m.RunID, ModelID: run.ModelID, LowID: min(m.SurvivorID, m.OtherID), HighID: max(m.SurvivorID, m.OtherID),
			Weight: m.Weight, Pattern: m.Pattern, Decision: Different, Via: "unmerge",
		}
		by := auth.From(ctx)
		by.ID = e.ActorID
		return s.store.createDecision(auth.With(ctx, by), d)
	})
}
