// SPDX-License-Identifier: Apache-2.0

package offer

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"dangol/internal/platform/fault"
)

// Answers to an offer.
const (
	Accepted = "accepted"
	Declined = "declined"
	Ignored  = "ignored"
)

// Offer is what we would like to happen. Money is in minor units.
type Offer struct {
	ID          int64     `json:"id"`
	Name        string    `json:"name"`
	Kind        string    `json:"kind" enum:"product,discount,coupon,content,script"`
	Category    string    `json:"category,omitempty" doc:"Offers of one category are not shown side by side if others are nearly as good."`
	Description string    `json:"description,omitempty" doc:"What the person is told."`
	Value       int64     `json:"value" doc:"What an acceptance earns."`
	Cost        int64     `json:"cost" doc:"What an acceptance costs."`
	Currency    string    `json:"currency"`
	SegmentID   int64     `json:"segment_id,omitempty" doc:"Who may have it; 0 is everybody."`
	Stock       *int64    `json:"stock,omitempty" doc:"How many may accept; absent is no limit."`
	StartsOn    string    `json:"starts_on,omitempty"`
	EndsOn      string    `json:"ends_on,omitempty" doc:"The last day."`
	IsActive    bool      `json:"is_active"`
	Accepted    int64     `json:"accepted"`
	Declined    int64     `json:"declined"`
	Ignored     int64     `json:"ignored"`
	Shown       int64     `json:"shown"`
	Rate        float64   `json:"rate" doc:"Expected chance of acceptance from what was answered so far: (1 + accepted) ÷ (2 + answers)."`
	CreatedAt   time.Time `json:"created_at"`
	UpdatedAt   time.Time `json:"updated_at"`
	Version     int64     `json:"version"`
}

// Content is what people set of an offer; nil leaves a value as it is.
type Content struct {
	Name        *string `json:"name,omitempty" maxLength:"120"`
	Kind        *string `json:"kind,omitempty" enum:"product,discount,coupon,content,script"`
	Category    *string `json:"category,omitempty" maxLength:"60"`
	Description *string `json:"description,omitempty" maxLength:"2000"`
	Value       *int64  `json:"value,omitempty" minimum:"0"`
	Cost        *int64  `json:"cost,omitempty" minimum:"0"`
	SegmentID   *int64  `json:"segment_id,omitempty" minimum:"0"`
	Stock       *int64  `json:"stock,omitempty" minimum:"-1" doc:"-1 is no limit."`
	StartsOn    *string `json:"starts_on,omitempty"`
	EndsOn      *string `json:"ends_on,omitempty"`
	IsActive    *bool   `json:"is_active,omitempty"`
}

var kinds = []string{"product", "discount", "coupon", "content", "script"}

const longestName = 120

// unlimited is the stock that means none is counted.
const unlimited = -1

func (o *Offer) change(c Content) error {
	for _, pair := range []struct{ to, from *string }{
		{&o.Name, c.Name}, {&o.Kind, c.Kind}, {&o.Category, c.Category}, {&o.Description, c.Description}, {&o.StartsOn, c.StartsOn}, {&o.EndsOn, c.EndsOn},
	} {
		if pair.from != nil {
			*pair.to = strings.TrimSpace(*pair.from)
		}
	}
	for _, pair := range []struct{ to, from *int64 }{{&o.Value, c.Value}, {&o.Cost, c.Cost}, {&o.SegmentID, c.SegmentID}} {
		if pair.from != nil {
			*pair.to = *pair.from
		}
	}
	if c.Stock != nil {
		if o.Stock = c.Stock; *c.Stock == unlimited {
			o.Stock = nil
		}
	}
	if c.IsActive != nil {
		o.IsActive = *c.IsActive
	}
	return o.validate()
}

func (o *Offer) validate() error {
	bad := func(code, message string) error { return fault.New(fault.Invalid, "campaign.offer_"+code, message) }
	for _, day := range []string{o.StartsOn, o.EndsOn} {
		if _, err := time.Parse(time.DateOnly, day); day != "" && err != nil {
			return bad("bad_day", "A day is written like 2026-12-31.")
		}
	}
	switch {
	case o.Name == "" || utf8.RuneCountInString(o.Name) > longestName:
		return bad("bad_name", "Give the offer a name of 1 to 120 characters.")
	case !slices.Contains(kinds, o.Kind):
		return bad("bad_kind", "An offer is a product, discount, coupon, content or script.")
	case o.Value < 0 || o.Cost < 0 || o.Stock != nil && *o.Stock < 0:
		return bad("negative", "Numbers must not be negative.")
	case o.Value <= o.Cost:
		return bad("no_gain", "An acceptance has to earn more than it costs, or the offer would never be chosen.")
	case o.StartsOn != "" && o.EndsOn != "" && o.EndsOn < o.StartsOn:
		return bad("bad_days", "The last day lies before the first.")
	}
	return nil
}

// isOn says whether the offer can be had on a day.
func (o *Offer) isOn(today string) bool {
	return o.IsActive && (o.StartsOn == "" || today >= o.StartsOn) && (o.EndsOn == "" || today <= o.EndsOn) && (o.Stock == nil || o.Accepted < *o.Stock)
}

// Show is an offer before a person.
type Show struct {
	ID         int64     `json:"id" doc:"Name it with the answer."`
	Offer      Offer     `json:"offer"`
	At         time.Time `json:"at"`
	Place      string    `json:"place"`
	IsHeld     bool      `json:"is_held" doc:"The offer was shown at another place lately and is the same here."`
	IsExplored bool      `json:"is_explored" doc:"Chosen to learn about it."`
	IsWanted   bool      `json:"is_wanted" doc:"About something that the person may want by what was bought so far."`
	Expected   int64     `json:"expected" doc:"Expected earning in minor units when it was chosen."`
}

// Next is the answer to the question for the next best offer.
type Next struct {
	Shows  []Show `json:"shows"`
	Reason string `json:"reason,omitempty" enum:",contact_pressure,nothing_eligible" doc:"Why there is none."`
	// Proposals are products that the person may want by what was bought so far;
	// offers about them weigh more.
	Proposals []Proposal `json:"proposals"`
}

// Proposal is a product that a person may want next, with the purchase that
// speaks for it.
type Proposal struct {
	Product  string `json:"product"`
	Category string `json:"category,omitempty"`
	Because  string `json:"because,omitempty"`
}
