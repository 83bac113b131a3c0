// SPDX-License-Identifier: Apache-2.0

package campaign

import (
	"context"
	"fmt"

	"dangol/internal/mail"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
)

// replyLongest is how much of a server's words the ledger keeps.
const replyLongest = 500

// heard moves a recipient to a step if it stands in one of from; it answers
// whether it did. The step it came from decides which counter goes down.
func (s *store) heard(ctx context.Context, a addressee, to Step, from []Step, n mail.Notice) (bool, error) {
	var was Step
	var arm, reason string
	if err := s.db.Scan(ctx, []any{&was, &arm, &reason}, `SELECT state, arm, reason FROM recipients WHERE id = ?`, a.id); err != nil {
		return false, err
	}
	if was == StepLeased { // the server was faster than our ledger
		return false, fault.New(fault.Busy, "campaign.being_sent", "The message is being sent at this moment; try again in a minute.")
	}
	isFrom := false
	for _, step := range from {
		isFrom = isFrom || step == was
	}
	if !isFrom {
		return false, nil
	}
	text := ""
	if to == StepBounced {
		text = cut(n.Text, replyLongest)
	}
	result, err := s.db.Exec(ctx, `UPDATE recipients SET state = ?, settled_at = ?, reply = CASE WHEN ? = '' THEN reply ELSE ? END
		WHERE id = ? AND state = ?`, string(to), database.Time(ctx).UnixMicro(), text, text, a.id, string(was))
	if err != nil {
		return false, fmt.Errorf("write notice about recipient %d: %w", a.id, err)
	}
	if changed, err := result.RowsAffected(); err != nil || changed == 0 {
		return false, err
	}
	return true, s.addToCounts(ctx, a.campaignID, map[countKey]int64{{arm, was, reason}: -1, {arm, to, reason}: 1})
}

// senderOf is the code of the sender in whose name a campaign wrote.
func (s *store) senderOf(ctx context.Context, campaignID int64) (string, error) {
	var code string
	err := s.db.Scan(ctx, []any{&code}, `SELECT t.sender FROM campaigns g JOIN templates t ON t.id = g.template_id WHERE g.id = ?`, campaignID)
	return code, err
}
