// SPDX-License-Identifier: Apache-2.0

package forecast

import (
	"math"
	"testing"
	"time"
)

func rowsAt(texts []string, values ...float64) Rows {
	r := Rows{Values: values}
	for _, text := range texts {
		at, err := time.Parse("2006-01-02 15:04:05", text)
		if err != nil {
			panic(err)
		}
		r.Micros = append(r.Micros, at.UnixMicro())
	}
	return r
}

func TestHalfHoursStandOnTheClock(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		rows  Rows
		want  []float64
		first string
	}{
		{
			"calls at odd minutes, the first one just before the half hour",
			rowsAt([]string{"2026-03-02 09:29:00", "2026-03-02 09:31:00", "2026-03-02 09:50:00", "2026-03-02 10:05:00", "2026-03-02 10:29:59", "2026-03-02 11:10:00"}, 1, 1, 1, 1, 1, 1),
			[]float64{1, 2, 2, math.NaN(), 1},
			"2026-03-02 09:00",
		},
		{
			"half hours as they are",
			rowsAt([]string{"2026-03-02 09:00:00", "2026-03-02 09:30:00", "2026-03-02 10:00:00"}, 3, 4, 5),
			[]float64{3, 4, 5},
			"2026-03-02 09:00",
		},
		{
			"a meter that is read a little early or late",
			rowsAt([]string{"2026-03-02 08:59:58", "2026-03-02 09:30:02", "2026-03-02 09:59:57", "2026-03-02 10:30:01"}, 3, 4, 5, 6),
			[]float64{3, 4, 5, 6},
			"2026-03-02 09:00",
		},
		{
			"a meter that is read at ten past",
			rowsAt([]string{"2026-03-02 09:10:00", "2026-03-02 09:40:00", "2026-03-02 10:10:00"}, 3, 4, 5),
			[]float64{3, 4, 5},
			"2026-03-02 09:10",
		},
	} {
		s, err := Regular(c.rows)
		if err != nil {
			t.Fatal(c.name, err)
		}
		same := s.Unit == "half_hour" && len(s.Values) == len(c.want) && s.Name(0) == c.first
		for i := range c.want {
			same = same && (s.Values[i] == c.want[i] || math.IsNaN(c.want[i]) && math.IsNaN(s.Values[i]))
		}
		if !same {
			t.Errorf("%s: %s %v from %s, should be %v from %s", c.name, s.Unit, s.Values, s.Name(0), c.want, c.first)
		}
	}
}
