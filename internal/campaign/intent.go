// SPDX-License-Identifier: Apache-2.0

package campaign

import (
	"encoding/json"
	"slices"

	"dangol/internal/platform/fault"
)

// Objective is the measure that decides whether a campaign has done its work.
type Objective string

// Objectives: more buyers, or more revenue, than without the campaign.
const (
	Conversion Objective = "conversion"
	Revenue    Objective = "revenue"
)

// Intent is what a campaign is meant to reach and at what price. Shares are in
// basis points, money in minor units.
type Intent struct {
	Objective    Objective `json:"objective,omitempty" enum:"conversion,revenue"`
	Target       int64     `json:"target,omitempty" minimum:"0" doc:"Buyers or minor units beyond what the control group says would have come anyway; 0 is none set."`
	ExpectedRate int64     `json:"expected_rate,omitempty" minimum:"0" maximum:"10000" doc:"Share of buyers without the campaign; 0 takes what the segment did lately."`
	ExpectedLift int64     `json:"expected_lift,omitempty" minimum:"0" maximum:"10000" doc:"Percentage points of buyers, times 100, that the campaign shall add."`
	OrderValue   int64     `json:"order_value,omitempty" minimum:"0" doc:"What a buyer spends; 0 takes what the segment did lately."`
	Incentive    int64     `json:"incentive,omitempty" minimum:"0" doc:"Discount or gift that each buyer among the recipients gets."`
	FixedCost    int64     `json:"fixed_cost,omitempty" minimum:"0" doc:"Media, creation, staff: costs whatever the number of messages."`
	// PressureMost in PressureDays is the contact pressure of this campaign; consent's cap holds beside it.
	PressureMost int64     `json:"pressure_most,omitempty" minimum:"0" maximum:"1000" doc:"Leave out who got so many messages already; 0 leaves out nobody."`
	PressureDays int64     `json:"pressure_days,omitempty" minimum:"0" maximum:"365"`
	OfferID      int64     `json:"offer_id,omitempty"`
	OriginID     int64     `json:"origin_id,omitempty" doc:"The campaign whose result this plan starts from."`
	TestShare    int64     `json:"test_share,omitempty" minimum:"0" maximum:"10000" doc:"Share of the recipients on whom the variants are tried first; 0 tries them on everybody."`
	TestHours    int64     `json:"test_hours,omitempty" minimum:"0" maximum:"720" doc:"Hours after which the rest is sent whatever the test shows."`
	Variants     []Variant `json:"variants,omitempty" maxItems:"5"`
	Breakdown    []int64   `json:"breakdown,omitempty" maxItems:"20" doc:"Segments by which the result is told apart; who is in them is frozen by planning."`
}

// Variant is one of several messages that are tried against each other.
type Variant struct {
	Key        string `json:"key" minLength:"1" maxLength:"1" doc:"A, B, C…"`
	TemplateID int64  `json:"template_id"`
	VersionID  int64  `json:"version_id,omitempty" doc:"The version that planning has pinned."`
	Share      int64  `json:"share" minimum:"1" maximum:"10000" doc:"Relative to the other variants."`
}

// mostBreakdown bounds the segments of a breakdown; each takes a bit of every recipient.
const mostBreakdown = 20

// variantKeys are the names of variants, in order.
const variantKeys = "ABCDE"

// HasTest says that the variants are tried on a part first.
func (i Intent) HasTest() bool {
	return len(i.Variants) > 1 && i.TestShare > 0 && i.TestShare < basisPoints
}

// sameOnPlan says whether what planning freezes is the same.
func (i Intent) sameOnPlan(other Intent) bool {
	same := func(a, b Variant) bool { return a.Key == b.Key && a.TemplateID == b.TemplateID && a.Share == b.Share }
	return i.PressureMost == other.PressureMost && i.PressureDays == other.PressureDays && i.TestShare == other.TestShare &&
		slices.EqualFunc(i.Variants, other.Variants, same) && slices.Equal(i.Breakdown, other.Breakdown)
}

func (i *Intent) validate() error {
	bad := func(code, message string) error { return fault.New(fault.Invalid, "campaign."+code, message) }
	if i.Objective == "" {
		i.Objective = Conversion
	}
	switch {
	case i.Objective != Conversion && i.Objective != Revenue:
		return bad("bad_objective", "The objective is conversion or revenue.")
	case i.PressureMost > 0 && i.PressureDays == 0:
		return bad("bad_pressure", "Say within how many days the messages count.")
	case min(i.Target, i.ExpectedRate, i.ExpectedLift, i.OrderValue, i.Incentive, i.FixedCost, i.PressureMost, i.PressureDays, i.TestShare) < 0:
		return bad("negative", "Numbers must not be negative.")
	case i.ExpectedRate+i.ExpectedLift > basisPoints:
		return bad("bad_expectation", "More than everybody cannot buy: rate and lift add up to more than 100 %.")
	case len(i.Breakdown) > mostBreakdown:
		return bad("many_segments", "The result can be told apart by at most 20 segments.")
	case len(i.Variants) == 1:
		return bad("one_variant", "One variant is none; give at least two, or none at all.")
	case len(i.Variants) > len(variantKeys):
		return bad("many_variants", "There may be at most five variants.")
	}
	for n := range i.Variants {
		v := &i.Variants[n]
		v.Key = variantKeys[n : n+1]
		if v.TemplateID == 0 || v.Share < 1 {
			return bad("bad_variant", "Each variant needs a template and a share.")
		}
	}
	return nil
}

func (i Intent) text() (string, error) {
	raw, err := json.Marshal(i)
	return string(raw), err
}

// Steps of an approval.
const (
	ApprovalAsked   = "asked"
	ApprovalGiven   = "approved"
	ApprovalRefused = "refused"
)
