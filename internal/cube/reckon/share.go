// SPDX-License-Identifier: Apache-2.0

package reckon

import (
	"cmp"
	"math"
	"slices"
)

// Portion is a part of a share: what counts, of what there is.
type Portion struct{ Over, Under float64 }

// ShareMember is a member of a dimension with its portion of a share now and before.
type ShareMember struct {
	Key         any
	Now, Before Portion
}

// ShareContributions splits the difference of a share Σ over ÷ Σ under by members, the largest first, at most n. A
// member has to do with it by its own share changing, at its average weight, and by its weight changing, as far as
// its share differs from the whole; the parts add up to the difference (Kitagawa 1955, with the midpoint of both
// times). Concentration nears 1 when one member is the whole story.
func ShareContributions(members []ShareMember, n int) (list []Contribution, concentration float64) {
	var now, before Portion
	for _, m := range members {
		now.Over, now.Under = now.Over+m.Now.Over, now.Under+m.Now.Under
		before.Over, before.Under = before.Over+m.Before.Over, before.Under+m.Before.Under
	}
	delta := now.share() - before.share()
	middle := (now.share() + before.share()) / 2
	var moved float64
	for _, m := range members {
		shareNow, shareBefore := m.Now.share(), m.Before.share()
		if m.Now.Under == 0 { // it is not there now: only its weight has changed
			shareNow = shareBefore
		}
		if m.Before.Under == 0 {
			shareBefore = shareNow
		}
		weightNow, weightBefore := part(m.Now.Under, now.Under), part(m.Before.Under, before.Under)
		c := Contribution{Key: m.Key, Now: m.Now.share(), Before: m.Before.share()}
		c.Delta = (weightNow+weightBefore)/2*(shareNow-shareBefore) + (weightNow-weightBefore)*((shareNow+shareBefore)/2-middle)
		if delta != 0 {
			c.Share = c.Delta / delta
		}
		// Had every share changed as the whole did, the member would have its average weight of the difference.
		c.Surprise = c.Delta - (weightNow+weightBefore)/2*delta
		moved += math.Abs(c.Delta)
		concentration += math.Abs(c.Surprise)
		list = append(list, c)
	}
	if moved > 0 {
		concentration = math.Min(1, concentration/(2*moved))
	}
	slices.SortStableFunc(list, func(a, b Contribution) int { return cmp.Compare(math.Abs(b.Delta), math.Abs(a.Delta)) })
	return list[:min(n, len(list))], concentration
}

func (p Portion) share() float64 { return part(p.Over, p.Under) }

func part(over, under float64) float64 {
	if under == 0 {
		return 0
	}
	return over / under
}
