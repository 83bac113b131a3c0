// SPDX-License-Identifier: Apache-2.0

package predict

import (
	"math/rand/v2"
	"slices"

	"dangol/internal/mining/frame"
)

// meanEffects adds the mean size of contributions, from a sample of rows.
func (s *Study) meanEffects(seed uint64) {
	most := 1000
	if s.Model.Family == MLP {
		most = 100 // each row costs hundreds of scores
	}
	rows := rand.New(rand.NewPCG(seed, 12)).Perm(s.TestFrame.Rows) //nolint:gosec // no secret
	rows = rows[:min(most, len(rows))]
	_, effects := s.Model.Contributions(s.TestFrame.Take(rows), seed)
	columns := s.Model.Columns()
	for i := range s.Importance {
		at := slices.Index(columns, s.Importance[i].Column)
		if i < effectColumns {
			s.Effects = append(s.Effects, s.effectsOf(s.Importance[i].Column, rows, effects, at))
		}
		for _, e := range effects {
			x := e[at]
			if x < 0 {
				x = -x
			}
			s.Importance[i].MeanEffect += x / float64(len(effects))
		}
	}
}

// Effects are what one column adds to the log odds of some rows, and where its
// value lies among all of them: 0 the lowest, 1 the highest. A category has no
// order: Levels name its values.
type Effects struct {
	Column string    `json:"column"`
	Effect []float64 `json:"effect"`
	Place  []float64 `json:"place,omitempty"`
	Levels []string  `json:"levels,omitempty"`
}

func (s *Study) effectsOf(name string, rows []int, effects [][]float64, at int) Effects {
	out := Effects{Column: name}
	c := s.TestFrame.Find(name)
	rows = rows[:min(len(rows), effectRows)]
	for i := range rows {
		out.Effect = append(out.Effect, effects[i][at])
	}
	if c == nil {
		return out
	}
	part := c.Take(rows)
	if part.Kind == frame.Category {
		for row := range rows {
			out.Levels = append(out.Levels, part.Text(row))
		}
		return out
	}
	sorted := spacedQuantiles(c.Numbers, 101)
	for row := range rows {
		place, _ := slices.BinarySearch(sorted, part.Numbers[row])
		if part.IsMissing(row) {
			out.Place = append(out.Place, -1)
			continue
		}
		out.Place = append(out.Place, float64(place)/float64(max(1, len(sorted))))
	}
	return out
}
