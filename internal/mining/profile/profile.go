// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"context"
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"

	"dangol/internal/mining/frame"
	"dangol/internal/mining/statistics"
)

// Condition is one part of a rule.
type Condition struct {
	Column string `json:"column"`
	// Level is set for categories; Above < x ≤ UpTo for numbers and dates.
	Level string   `json:"level,omitempty"`
	Above *float64 `json:"above,omitempty"`
	UpTo  *float64 `json:"up_to,omitempty"`
	Kind  string   `json:"kind"`
	set   []uint64
	place int // of the column
}

// Rule is a combination of conditions that is over-represented. All counts are
// of the half of the people on which it was tested.
type Rule struct {
	Conditions []Condition `json:"conditions"`
	Size       int         `json:"size"`  // people whom the rule describes
	Hits       int         `json:"hits"`  // of them with the target
	Rate       float64     `json:"rate"`  // hits / size
	Share      float64     `json:"share"` // of all with the target
	Coverage   float64     `json:"coverage"`
	Lift       float64     `json:"lift"`
	Low        float64     `json:"lift_low"` // 95 % interval
	High       float64     `json:"lift_high"`
	P          float64     `json:"p"`          // one-sided
	Adjusted   float64     `json:"p_adjusted"` // Holm, over all rules tested
	Learned    float64     `json:"lift_learned"`
	// Gain is the rate over that of the rule without its weakest condition.
	Gain float64 `json:"gain"`
	set  []uint64
}

// Profile is what was found.
type Profile struct {
	Rows    int     `json:"rows"`
	Hits    int     `json:"hits"`
	Rate    float64 `json:"rate"`
	Looked  int     `json:"combinations_looked_at"`
	Tested  int     `json:"rules_tested"`
	Rules   []Rule  `json:"rules"`
	Dropped int     `json:"rules_that_failed"`
}

// Options of Find.
type Options struct {
	Depth int // conditions of a rule at most; 0 is 3
	Most  int // rules to return; 0 is 20
	Seed  uint64
	// LeastShare of the people whom a rule must describe; 0 is 1 %.
	LeastShare float64
}

const (
	beam       = 60 // rules that are refined further
	tested     = 100
	leastSize  = 20
	levelLimit = 200 // levels of a category that are tried
)

// half is one part of the people.
type half struct {
	f    *frame.Frame
	hits []uint64
	n    int
	yes  int
}

func newHalf(f *frame.Frame, yes []bool, rows []int) *half {
	h := &half{f: f.Take(rows), n: len(rows), hits: make([]uint64, (len(rows)+63)/64)}
	for i, row := range rows {
		if yes[row] {
			h.hits[i/64] |= 1 << (i % 64)
			h.yes++
		}
	}
	return h
}

func count(a []uint64) (n int) {
	for _, w := range a {
		n += bits.OnesCount64(w)
	}
	return n
}

func common(a, b []uint64) (n int) {
	for i, w := range a {
		n += bits.OnesCount64(w & b[i])
	}
	return n
}

func and(a, b []uint64) []uint64 {
	out := make([]uint64, len(a))
	for i, w := range a {
		out[i] = w & b[i]
	}
	return out
}

// Find looks for combinations of attributes that are over-represented among
// those with the target.
func Find(ctx context.Context, f *frame.Frame, yes []bool, o Options) (*Profile, error) {
	if o.Depth == 0 {
		o.Depth = 3
	}
	if o.Most == 0 {
		o.Most = 20
	}
	if o.LeastShare == 0 {
		o.LeastShare = 0.01
	}
	out := &Profile{Rows: f.Rows, Rules: []Rule{}}
	order := rand.New(rand.NewPCG(o.Seed, 31)).Perm(f.Rows) //nolint:gosec // no secret
	a, b := newHalf(f, yes, order[:f.Rows/2]), newHalf(f, yes, order[f.Rows/2:])
	out.Hits = a.yes + b.yes
	out.Rate = float64(out.Hits) / math.Max(1, float64(f.Rows))
	if a.yes == 0 || b.yes == 0 || a.yes == a.n || b.yes == b.n {
		return out, nil
	}
	found, err := search(ctx, a, o, out)
	if err != nil {
		return nil, err
	}
	out.test(b, found, o)
	return out, nil
}

// search is a beam search for the most surprising rules (Klösgen 1996).
func search(ctx context.Context, h *half, o Options, out *Profile) ([]Rule, error) {
	conditions := h.conditions()
	least := max(leastSize, int(o.LeastShare*float64(h.n)))
	var all, level []Rule
	level = append(level, Rule{set: ones(h.n)})
	for range o.Depth {
		var next []Rule
		for _, parent := range level {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			after := -1
			if n := len(parent.Conditions); n > 0 {
				after = parent.Conditions[n-1].place
			}
			for _, c := range conditions {
				if c.place <= after && after >= 0 && slices.ContainsFunc(parent.Conditions, func(p Condition) bool { return p.place == c.place }) {
					continue
				}
				out.Looked++
				set := and(parent.set, c.set)
				r := Rule{Conditions: append(slices.Clone(parent.Conditions), c), set: set}
				h.measure(&r)
				if r.Size < least || r.Lift <= 1 || r.Size == h.n {
					continue
				}
				if len(parent.Conditions) > 0 && r.Rate <= parent.Rate {
					continue
				}
				next = append(next, r)
			}
		}
		next = distinct(next)
		all = append(all, next[:min(len(next), 4*beam)]...)
		level = next[:min(len(next), beam)]
	}
	all = distinct(all)
	return all[:min(len(all), tested)], nil
}

// distinct sorts by surprise and keeps one of the rules that describe the same
// people, the shortest.
func distinct(rules []Rule) []Rule {
	slices.SortStableFunc(rules, func(a, b Rule) int {
		switch {
		case a.P < b.P:
			return -1
		case a.P > b.P:
			return 1
		}
		return len(a.Conditions) - len(b.Conditions)
	})
	seen, out := map[[2]int][]int{}, rules[:0:0]
next:
	for _, r := range rules {
		key := [2]int{r.Size, r.Hits}
		for _, i := range seen[key] {
			if slices.Equal(out[i].set, r.set) {
				continue next
			}
		}
		seen[key] = append(seen[key], len(out))
		out = append(out, r)
	}
	return out
}

func ones(n int) []uint64 {
	out := make([]uint64, (n+63)/64)
	for i := range n {
		out[i/64] |= 1 << (i % 64)
	}
	return out
}

// measure fills in the counts and P = log of the one-sided p value by the
// normal approximation, which orders also what is far out.
func (h *half) measure(r *Rule) {
	r.Size, r.Hits = count(r.set), common(r.set, h.hits)
	p := float64(h.yes) / float64(h.n)
	if r.Size == 0 {
		return
	}
	r.Rate = float64(r.Hits) / float64(r.Size)
	r.Lift = r.Rate / p
	r.Share, r.Coverage = float64(r.Hits)/float64(h.yes), float64(r.Size)/float64(h.n)
	// Without replacement: the variance of the hypergeometric distribution.
	spread := math.Sqrt(float64(r.Size) * p * (1 - p) * float64(h.n-r.Size) / math.Max(1, float64(h.n-1)))
	if spread > 0 {
		r.P = -(float64(r.Hits) - float64(r.Size)*p) / spread
	}
}

// test measures the rules on the other half and keeps those that hold there,
// and that say more than the same rule with one condition less.
func (out *Profile) test(h *half, found []Rule, o Options) {
	out.Tested = len(found)
	exact := statistics.NewFactorials(h.n) // the normal approximation finds too much in small groups
	p := make([]float64, len(found))
	for i := range found {
		r := &found[i]
		r.Learned = r.Lift
		r.set = ones(h.n)
		for k := range r.Conditions {
			r.Conditions[k].set = h.holds(&r.Conditions[k])
			r.set = and(r.set, r.Conditions[k].set)
		}
		h.measure(r)
		r.P = exact.Fisher(r.Hits, r.Size, h.yes, h.n)
		p[i] = r.P
		r.interval(h)
	}
	adjusted := statistics.Holm(p, len(found))
	var held []Rule
	for i, r := range found {
		r.Adjusted = adjusted[i]
		const level = 0.05
		if r.Size < leastSize || r.Lift <= 1 || r.Adjusted > level || !h.saysMore(&r) {
			out.Dropped++
			continue
		}
		held = append(held, r)
	}
	for _, r := range held {
		if len(out.Rules) < o.Most && !out.repeats(&r) {
			out.Rules = append(out.Rules, r)
		}
	}
}

// saysMore compares a rule with each one that lacks one of its conditions: its
// rate must be higher by more than chance.
func (h *half) saysMore(r *Rule) bool {
	r.Gain = r.Lift
	if len(r.Conditions) < 2 {
		return true
	}
	for skip := range r.Conditions {
		wider := Rule{set: ones(h.n)}
		for k, c := range r.Conditions {
			if k != skip {
				wider.set = and(wider.set, c.set)
			}
		}
		h.measure(&wider)
		rest, restHits := wider.Size-r.Size, wider.Hits-r.Hits
		if rest <= 0 {
			return false // the condition is always met here
		}
		q := float64(restHits) / float64(rest)
		pooled := wider.Rate
		spread := math.Sqrt(pooled * (1 - pooled) * (1/float64(rest) + 1/float64(r.Size)))
		if !(r.Rate-q > statistics.Z95*spread) {
			return false
		}
		r.Gain = math.Min(r.Gain, r.Rate/math.Max(wider.Rate, 1e-12))
	}
	return true
}

// repeats tells whether a rule describes nearly the same people as one before.
func (out *Profile) repeats(r *Rule) bool {
	const alike = 0.6
	for i := range out.Rules {
		other := &out.Rules[i]
		both := common(r.set, other.set)
		if float64(both) > alike*float64(r.Size+other.Size-both) {
			return true
		}
	}
	return false
}

// interval is that of a ratio of rates, on the logarithmic scale (Katz et al.
// 1978), between those whom the rule describes and all.
func (r *Rule) interval(h *half) {
	if r.Hits == 0 {
		r.High = float64(h.n) / float64(h.yes)
		return
	}
	// The people of the rule are part of all, so that only the rest varies freely.
	spread := math.Sqrt(math.Max(0, (1/float64(r.Hits)-1/float64(r.Size))*(1-r.Coverage)))
	r.Low, r.High = r.Lift*math.Exp(-statistics.Z95*spread), r.Lift*math.Exp(statistics.Z95*spread)
}
