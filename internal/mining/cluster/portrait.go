// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"math"
	"slices"

	"dangol/internal/mining/frame"
	"dangol/internal/mining/statistics"
)

// Portrait is what a group looks like.
type Portrait struct {
	Number int     `json:"number"` // from 1
	Size   int     `json:"size"`
	Share  float64 `json:"share"`
	Traits []Trait `json:"traits"` // what stands out most, first
	// Centre are the means of the measures.
	Centre map[string]float64 `json:"centre"`
}

// Trait is a column in which a group differs from all.
type Trait struct {
	Column string `json:"column"`
	Level  string `json:"level,omitempty"` // of a category
	// Mean and Overall are means of a number, or shares of a level.
	Mean    float64 `json:"mean"`
	Overall float64 `json:"overall"`
	// Effect is the distance in standard deviations (numbers), or the lift
	// (shares) minus one.
	Effect float64 `json:"effect"`
	// Strength orders traits of both kinds: |z| of the difference per row.
	Strength float64 `json:"strength"`
}

// Portraits describes the groups by all columns of a table, also those that did
// not take part in the division. Rows are the places of the points in the table.
func Portraits(f *frame.Frame, s *Scaled, g *Groups) []Portrait {
	out := make([]Portrait, len(g.Sizes))
	for k := range out {
		out[k] = Portrait{Number: k + 1, Size: g.Sizes[k], Share: float64(g.Sizes[k]) / float64(max(1, s.Len())), Centre: map[string]float64{}}
	}
	for _, c := range f.Columns {
		if c.Kind == frame.Category {
			levels(out, c, s, g)
		} else {
			numbers(out, c, s, g)
		}
	}
	for k := range out {
		slices.SortStableFunc(out[k].Traits, func(a, b Trait) int {
			switch {
			case a.Strength > b.Strength:
				return -1
			case a.Strength < b.Strength:
				return 1
			}
			return 0
		})
		const most = 12
		out[k].Traits = out[k].Traits[:min(most, len(out[k].Traits))]
	}
	return out
}

func numbers(out []Portrait, c *frame.Column, s *Scaled, g *Groups) {
	sums, counts := make([]float64, len(out)), make([]float64, len(out))
	sum, squares, count := 0.0, 0.0, 0.0
	for i, row := range s.Rows {
		if x := c.Numbers[row]; !math.IsNaN(x) {
			sums[g.Of[i]] += x
			counts[g.Of[i]]++
			sum, count = sum+x, count+1
		}
	}
	mean := sum / math.Max(1, count)
	for _, row := range s.Rows {
		if x := c.Numbers[row]; !math.IsNaN(x) {
			squares += (x - mean) * (x - mean)
		}
	}
	spread := math.Sqrt(squares / math.Max(1, count-1))
	for k := range out {
		if counts[k] == 0 || !(spread > 0) {
			continue
		}
		own := sums[k] / counts[k]
		out[k].Centre[c.Name] = own
		effect := (own - mean) / spread
		out[k].Traits = append(out[k].Traits, Trait{c.Name, "", own, mean, effect, math.Abs(effect)})
	}
}

func levels(out []Portrait, c *frame.Column, s *Scaled, g *Groups) {
	const most = 200
	if len(c.Levels) > most || len(c.Levels) == 0 || 2*len(c.Levels) > s.Len() {
		return // a name or a number of a customer is no trait
	}
	counts, all := make([][]int, len(out)), make([]int, len(c.Levels))
	for k := range counts {
		counts[k] = make([]int, len(c.Levels))
	}
	for i, row := range s.Rows {
		if code := c.Codes[row]; code >= 0 {
			counts[g.Of[i]][code]++
			all[code]++
		}
	}
	n := float64(max(1, s.Len()))
	for k := range out {
		for level, count := range counts[k] {
			own, share := float64(count)/float64(max(1, out[k].Size)), float64(all[level])/n
			if all[level] == 0 || share == 1 {
				continue
			}
			low, high := statistics.Wilson(count, out[k].Size)
			if share >= low && share <= high {
				continue
			}
			out[k].Traits = append(out[k].Traits, Trait{c.Name, c.Levels[level], own, share, own/share - 1, math.Abs(own-share) / math.Sqrt(share*(1-share))})
		}
	}
}

// Name proposes a name out of the two traits that stand out most.
func (p *Portrait) Name(lang string) string {
	const clear = 0.25
	name := ""
	used := 0
	for _, t := range p.Traits {
		if used == 2 || t.Strength < clear {
			break
		}
		part := t.Column
		switch {
		case t.Level != "" && t.Effect > 0:
			part += " " + t.Level
		case t.Level != "":
			continue // what a group is not is no name
		case lang == "en" && t.Effect > 0:
			part = "high " + part
		case lang == "en":
			part = "low " + part
		case t.Effect > 0:
			part += " 높음"
		default:
			part += " 낮음"
		}
		if used > 0 {
			name += ", "
		}
		name += part
		used++
	}
	if name != "" {
		return name
	}
	if lang == "en" {
		return "average"
	}
	return "평균"
}
