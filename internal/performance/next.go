// SPDX-License-Identifier: Apache-2.0

package performance

import (
	"context"
	"fmt"
	"math"
	"strings"

	"dangol/internal/campaign"
	"dangol/internal/platform/auth"
)

// longestName is how long the name of a campaign may be.
const longestName = 200

// PlanNext makes a draft that starts from what a campaign has shown: the rate of
// the control group is what to expect without it, the measured difference what
// to expect of it, and the order value what buyers spent. An effect that was not
// shown is not expected again.
func (s *Service) PlanNext(ctx context.Context, id int64) (campaign.Campaign, error) {
	if err := auth.Check(ctx, "campaign:create"); err != nil {
		return campaign.Campaign{}, err
	}
	c, err := s.campaigns.Find(ctx, id)
	if err != nil {
		return c, err
	}
	r, err := s.Result(ctx, id)
	if err != nil {
		return c, err
	}
	intent := c.Intent
	intent.OriginID, intent.ExpectedLift = id, 0
	if r.Control.People > 0 {
		intent.ExpectedRate = points(r.Control.Conversion)
	}
	if r.Conversion.Verdict == EffectPositive {
		intent.ExpectedLift = points(r.Conversion.Difference)
	}
	if r.Treatment.Buyers > 0 {
		intent.OrderValue = r.Treatment.Revenue / r.Treatment.Buyers
	}
	if best := firstNonEmpty(r.Leader, c.Winner); best != "" {
		for _, v := range intent.Variants {
			if v.Key == best {
				c.TemplateID = v.TemplateID
			}
		}
		intent.Variants, intent.TestShare = nil, 0
	}
	for i := range intent.Variants {
		intent.Variants[i].VersionID = 0
	}
	name := nextName(c.Name)
	return s.campaigns.Create(ctx, campaign.Content{
		Name: &name, Goal: &c.Goal, SegmentID: &c.SegmentID, TemplateID: &c.TemplateID, ControlShare: &c.ControlShare, ControlMinimum: &c.ControlMinimum,
		WindowDays: &c.WindowDays, Budget: c.Budget, MessageCost: &c.MessageCost, MarginShare: &c.MarginShare, RatePerMinute: &c.RatePerMinute,
		IsTracked: &c.IsTracked, Intent: &intent,
	})
}

func points(share float64) int64 { return int64(math.Round(share * 10_000)) }

func firstNonEmpty(list ...string) string {
	for _, text := range list {
		if text != "" {
			return text
		}
	}
	return ""
}

// nextName counts a name up: "Autumn" → "Autumn (2)" → "Autumn (3)".
func nextName(name string) string {
	n := 2
	if at := strings.LastIndex(name, " ("); at > 0 && strings.HasSuffix(name, ")") {
		if _, err := fmt.Sscanf(name[at:], " (%d)", &n); err == nil {
			name, n = name[:at], n+1
		}
	}
	suffix := fmt.Sprintf(" (%d)", n)
	runes := []rune(name)
	return string(runes[:min(len(runes), longestName-len(suffix))]) + suffix
}
