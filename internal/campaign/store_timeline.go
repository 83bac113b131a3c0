// SPDX-License-Identifier: Apache-2.0

package campaign

import (
	"context"
	"fmt"
	"time"

	"dangol/internal/customer"
	"dangol/internal/platform/database"
)

// eventsMost bounds what is read of one customer; nobody gets more mails.
const eventsMost = 5000

// events lists what happened to records in campaigns: one for the message, one
// for the first click, one for unsubscribing.
func (s *store) events(ctx context.Context, records []int64) ([]customer.TimelineItem, error) {
	args := make([]any, 0, len(records)+1)
	for _, id := range records {
		args = append(args, id)
	}
	rows, err := s.db.Query(ctx, `SELECT r.id, r.campaign_id, r.record_id, r.state, COALESCE(r.settled_at, 0), COALESCE(r.clicked_at, 0),
		COALESCE(r.unsubscribed_at, 0), c.name FROM recipients r JOIN campaigns c ON c.id = r.campaign_id
		WHERE r.record_id IN (`+database.Marks(len(records))+`) ORDER BY r.id DESC LIMIT ?`, append(args, eventsMost)...)
	if err != nil {
		return nil, fmt.Errorf("list campaign events: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var items []customer.TimelineItem
	for rows.Next() {
		var id, campaignID, recordID, settled, clicked, unsubscribed int64
		var step Step
		var name string
		if err := rows.Scan(&id, &campaignID, &recordID, &step, &settled, &clicked, &unsubscribed, &name); err != nil {
			return nil, fmt.Errorf("list campaign events: %w", err)
		}
		for _, e := range []struct {
			kind string
			at   int64
		}{{eventKinds[step], settled}, {"campaign.clicked", clicked}, {"campaign.unsubscribed", unsubscribed}} {
			if e.at != 0 && e.kind != "" {
				items = append(items, customer.TimelineItem{
					At: time.UnixMicro(e.at).UTC(), Capability: "campaign", Kind: e.kind, ID: id, RecordID: recordID, Title: name,
					Detail: map[string]any{"campaign_id": campaignID}, URL: fmt.Sprintf("/campaigns/%d", campaignID),
				})
			}
		}
	}
	return items, database.Fault(rows.Err())
}

// eventKinds names what the message's step means for the person; who was
// skipped or is in the control group has seen nothing.
var eventKinds = map[Step]string{
	StepHandedOver: "campaign.sent", StepDelivered: "campaign.sent", StepBounced: "campaign.bounced",
	StepFailed: "campaign.failed", StepUnknown: "campaign.unknown",
}
