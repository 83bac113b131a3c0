// SPDX-License-Identifier: Apache-2.0

package offer

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// Policy is how offers are chosen.
type Policy struct {
	// Floor is the share of choices, in basis points, that take any eligible
	// offer with the same chance: what was unlucky early is not forgotten.
	Floor        int64 `json:"floor" minimum:"0" maximum:"10000" doc:"Basis points of choices that try any eligible offer."`
	PressureMost int64 `json:"pressure_most" minimum:"0" maximum:"1000" doc:"Most offers that a person is shown in pressure_days; 0 is no limit."`
	PressureDays int64 `json:"pressure_days" minimum:"1" maximum:"365"`
	RestDays     int64 `json:"rest_days" minimum:"0" maximum:"3650" doc:"Days for which an offer rests for a person who declined it."`
	HoldHours    int64 `json:"hold_hours" minimum:"0" maximum:"720" doc:"Hours for which every place shows a person the same offer."`
	IgnoreDays   int64 `json:"ignore_days" minimum:"1" maximum:"365" doc:"Days after which no answer counts as ignored."`
}

// DefaultPolicy is what a company has that decided nothing.
var DefaultPolicy = Policy{Floor: 500, PressureMost: 10, PressureDays: 7, RestDays: 30, HoldHours: 24, IgnoreDays: 7}

// Reasons why nothing is offered.
const (
	ReasonPressure = "contact_pressure"
	ReasonNone     = "nothing_eligible"
)

// seen is an offer that a person was shown.
type seen struct {
	showID, offerID, at int64
	answer              string
}

// pick is a chosen offer.
type pick struct {
	offer      *Offer
	chance     float64 // sampled chance of acceptance
	expected   float64 // minor units
	isExplored bool
}

const (
	// sameCategory is how much an offer counts when one of its category was shown
	// lately or is chosen beside it (diversity in the spirit of maximal marginal
	// relevance, Carbonell and Goldstein 1998).
	sameCategory = 0.5
	// wantedWeight is how much more an offer counts that is about what the person
	// may want: as much as an offer of another category counts more.
	wantedWeight = 1 / sameCategory
	// lately is how long a shown category counts.
	lately = 7 * 24 * time.Hour
)

// choose takes up to count offers out of the eligible ones. Each gets a chance of
// acceptance drawn from its Beta(1 + accepted, 1 + declined + ignored) (Thompson
// 1933; Chapelle and Li, An Empirical Evaluation of Thompson Sampling, 2011), so
// that what is uncertain is tried as often as it may be the best. The score is
// what an acceptance earns times that chance; what earns nothing is never chosen.
// What the person may want (wanted, by offer) weighs more.
func choose(eligible []*Offer, history []seen, wanted map[int64]bool, count int, p Policy, now time.Time, random *rand.Rand) []pick {
	recent := map[string]int{}
	for _, h := range history {
		if now.UnixMicro()-h.at < lately.Microseconds() {
			for _, o := range eligible {
				if o.ID == h.offerID && o.Category != "" {
					recent[o.Category]++
				}
			}
		}
	}
	scored := make([]pick, 0, len(eligible))
	for _, o := range eligible {
		if o.Value <= o.Cost {
			continue
		}
		chance := beta(random, float64(1+o.Accepted), float64(1+o.Declined+o.Ignored))
		scored = append(scored, pick{offer: o, chance: chance, expected: chance * float64(o.Value-o.Cost)})
	}
	var list []pick
	for len(list) < count && len(scored) > 0 {
		best := 0
		isExplored := random.Int64N(basisPoints) < p.Floor
		if isExplored {
			best = random.IntN(len(scored))
		} else {
			weight := func(c pick) float64 {
				w := c.expected * math.Pow(sameCategory, float64(recent[c.offer.Category]))
				if wanted[c.offer.ID] {
					w *= wantedWeight
				}
				return w
			}
			for i := range scored {
				if weight(scored[i]) > weight(scored[best]) {
					best = i
				}
			}
		}
		taken := scored[best]
		taken.isExplored = isExplored
		list = append(list, taken)
		if taken.offer.Category != "" {
			recent[taken.offer.Category]++
		}
		scored = slices.Delete(scored, best, best+1)
	}
	return list
}

const basisPoints = 10_000

// eligible are the offers that a person may be shown now.
func eligible(catalogue []Offer, in func(segmentID int64) bool, history []seen, p Policy, now time.Time) []*Offer {
	today := now.Format(time.DateOnly)
	blocked := map[int64]bool{}
	for _, h := range history {
		isResting := h.answer == Declined && now.UnixMicro()-h.at < p.RestDays*24*time.Hour.Microseconds()
		blocked[h.offerID] = blocked[h.offerID] || isResting || h.answer == Accepted
	}
	list := make([]*Offer, 0, len(catalogue))
	for i := range catalogue {
		o := &catalogue[i]
		if o.isOn(today) && !blocked[o.ID] && (o.SegmentID == 0 || in(o.SegmentID)) {
			list = append(list, o)
		}
	}
	return list
}

// isPressed says whether a person was shown as much as the policy allows.
func isPressed(history []seen, p Policy, now time.Time) bool {
	if p.PressureMost == 0 {
		return false
	}
	var n int64
	for _, h := range history {
		if now.UnixMicro()-h.at < p.PressureDays*24*time.Hour.Microseconds() {
			n++
		}
	}
	return n >= p.PressureMost
}

// beta draws from a beta distribution by two gamma ones.
func beta(random *rand.Rand, a, b float64) float64 {
	x, y := gamma(random, a), gamma(random, b)
	return x / (x + y)
}

// gamma draws from a gamma distribution with shape ≥ 1 (Marsaglia and Tsang, A
// Simple Method for Generating Gamma Variables, ACM TOMS 26(3), 2000).
func gamma(random *rand.Rand, shape float64) float64 {
	d := shape - 1.0/3
	c := 1 / math.Sqrt(9*d)
	for {
		x := random.NormFloat64()
		v := 1 + c*x
		if v <= 0 {
			continue
		}
		v = v * v * v
		u := random.Float64()
		if u < 1-0.0331*x*x*x*x || math.Log(u) < 0.5*x*x+d*(1-v+math.Log(v)) {
			return d * v
		}
	}
}

// wantedOf are the offers about what a person may want: of a proposed category,
// or named after a proposed product.
func wantedOf(list []*Offer, proposals []Proposal) map[int64]bool {
	out := map[int64]bool{}
	for _, o := range list {
		out[o.ID] = slices.ContainsFunc(proposals, func(p Proposal) bool {
			return o.Category != "" && (o.Category == p.Category || o.Category == p.Product) || strings.Contains(o.Name, p.Product)
		})
	}
	return out
}
