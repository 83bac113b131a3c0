// SPDX-License-Identifier: Apache-2.0

package forecast

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"
)

// Rows are a series as a file has it; Micros are microseconds since 1970 or nil.
type Rows struct {
	Values     []float64
	Micros     []int64
	Regressors [][]float64
}

// Steps are a series at equal distances. Regressors may be longer than Values:
// they tell the future.
type Steps struct {
	Values     []float64
	Regressors [][]float64
	// Unit is half_hour, hour, day, week, month, quarter, year, or "" without
	// dates; Period is the season that goes with it, 0 if unknown.
	Unit   string
	Period int
	Notes  []Note

	// first is where the first step begins; shift leads from there to the moment
	// that its name shows.
	first time.Time
	shift time.Duration
}

const noMicros = math.MinInt64

// Regular orders rows by date, adds up rows of one step and leaves gaps where a
// step has no row. Rows at the end that lack a value are the future.
func Regular(rows Rows) (*Steps, error) {
	s := &Steps{}
	if rows.Micros == nil {
		s.Values, s.Regressors = rows.Values, rows.Regressors
		s.trim()
		if len(s.Values) == 0 {
			return nil, errors.New("the column has no value")
		}
		return s, nil
	}
	var order []int
	for i, at := range rows.Micros {
		if at != noMicros {
			order = append(order, i)
		}
	}
	if left := len(rows.Micros) - len(order); left > 0 {
		s.Notes = append(s.Notes, Note{"no_date", fmt.Sprintf("날짜 없는 %d행을 뺐습니다.", left), fmt.Sprintf("Rows without a date were left out: %d.", left)})
	}
	if len(order) == 0 {
		return nil, errors.New("no row has a date")
	}
	slices.SortStableFunc(order, func(a, b int) int { return int(min(max(rows.Micros[a]-rows.Micros[b], -1), 1)) })
	s.unit(rows.Micros, order)
	s.align(rows.Micros, order)
	s.fill(rows, order)
	s.trim()
	if len(s.Values) == 0 {
		return nil, errors.New("the column has no value")
	}
	return s, nil
}

// unit finds the distance of the steps: the most frequent one.
func (s *Steps) unit(micros []int64, order []int) {
	s.first = time.UnixMicro(micros[order[0]]).UTC()
	counts := map[int64]int{}
	for i := 1; i < len(order); i++ {
		if d := micros[order[i]] - micros[order[i-1]]; d > 0 {
			counts[d/int64(time.Minute/time.Microsecond)]++
		}
	}
	best, most := int64(0), 0
	for minutes, n := range counts {
		if n > most || n == most && minutes < best {
			best, most = minutes, n
		}
	}
	const day = 24 * 60
	switch {
	case best == 0:
		s.Unit, s.Period = "day", 7
	case best <= 30:
		s.Unit, s.Period = "half_hour", 48
	case best <= 60:
		s.Unit, s.Period = "hour", 24
	case best < 5*day:
		s.Unit, s.Period = "day", 7
	case best <= 14*day:
		s.Unit, s.Period = "week", 52
	case best <= 45*day:
		s.Unit, s.Period = "month", 12
	case best <= 200*day:
		s.Unit, s.Period = "quarter", 4
	default:
		s.Unit, s.Period = "year", 1
	}
}

// length of a half hour or hour.
func (s *Steps) length() time.Duration {
	if s.Unit == "hour" {
		return time.Hour
	}
	return 30 * time.Minute
}

// align lays half hours and hours on the clock, wherever the first row stands:
// rows are moments of a step. Rows that keep one distance from the clock but for
// a few minutes are a meter's readings: their steps lie around them, so that a
// reading that is a little early is not counted with the one before.
func (s *Steps) align(micros []int64, order []int) {
	if s.Unit != "half_hour" && s.Unit != "hour" {
		return
	}
	length := s.length()
	first := time.UnixMicro(micros[order[0]]).UTC()
	var sine, cosine float64
	for _, i := range order {
		at := time.UnixMicro(micros[i]).UTC()
		angle := 2 * math.Pi * float64(at.Sub(at.Truncate(length))) / float64(length)
		sine, cosine = sine+math.Sin(angle), cosine+math.Cos(angle)
	}
	n := float64(len(order))
	const together = 0.9 // mean length of the unit vectors; 1 is the same distance in every row
	if math.Hypot(sine, cosine)/n < together {
		s.first = first.Truncate(length)
		return
	}
	offset := time.Duration(math.Atan2(sine, cosine) / (2 * math.Pi) * float64(length)).Round(time.Minute)
	s.shift = length / 2
	s.first = first.Add(length/2 - offset).Truncate(length).Add(offset - length/2)
}

// place is the number of the step that a moment belongs to.
func (s *Steps) place(at time.Time) int {
	switch s.Unit {
	case "half_hour", "hour":
		return int(math.Floor(float64(at.Sub(s.first)) / float64(s.length())))
	case "day":
		return int(at.Truncate(24*time.Hour).Sub(s.first.Truncate(24*time.Hour)).Hours() / 24)
	case "week":
		return int(math.Round(at.Sub(s.first).Hours() / 24 / 7))
	case "month":
		return (at.Year()-s.first.Year())*12 + int(at.Month()) - int(s.first.Month())
	case "quarter":
		return (at.Year()-s.first.Year())*4 + (int(at.Month())-1)/3 - (int(s.first.Month())-1)/3
	}
	return at.Year() - s.first.Year()
}

// mostSteps keeps a wild date from asking for a billion gaps.
const mostSteps = 200_000

func (s *Steps) fill(rows Rows, order []int) {
	last := s.place(time.UnixMicro(rows.Micros[order[len(order)-1]]).UTC())
	if last >= mostSteps {
		last = mostSteps - 1
	}
	s.Values = make([]float64, last+1)
	s.Regressors = make([][]float64, len(rows.Regressors))
	for i := range s.Values {
		s.Values[i] = math.NaN()
	}
	for k := range s.Regressors {
		s.Regressors[k] = make([]float64, last+1)
	}
	twice := 0
	for _, i := range order {
		at := s.place(time.UnixMicro(rows.Micros[i]).UTC())
		if at > last {
			break
		}
		v := rows.Values[i]
		switch {
		case math.IsNaN(v):
		case math.IsNaN(s.Values[at]):
			s.Values[at] = v
		default:
			s.Values[at] += v
			twice++
		}
		for k, x := range rows.Regressors {
			s.Regressors[k][at] = x[i]
		}
	}
	if twice > 0 {
		s.Notes = append(s.Notes, Note{"added_up", fmt.Sprintf("같은 시점의 %d행을 더했습니다.", twice), fmt.Sprintf("Rows of one step added up: %d.", twice)})
	}
}

// trim cuts steps without a value off the end; regressors keep them.
func (s *Steps) trim() {
	n := len(s.Values)
	for n > 0 && math.IsNaN(s.Values[n-1]) {
		n--
	}
	s.Values = s.Values[:n]
}

// Start is the beginning of a step.
func (s *Steps) Start(i int) time.Time {
	switch s.Unit {
	case "half_hour", "hour":
		return s.first.Add(s.shift + time.Duration(i)*s.length())
	case "day":
		return s.first.Truncate(24*time.Hour).AddDate(0, 0, i)
	case "week":
		return s.first.AddDate(0, 0, 7*i)
	case "month":
		return time.Date(s.first.Year(), s.first.Month()+time.Month(i), 1, 0, 0, 0, 0, time.UTC)
	case "quarter":
		return time.Date(s.first.Year(), (s.first.Month()-1)/3*3+1+time.Month(3*i), 1, 0, 0, 0, 0, time.UTC)
	}
	return time.Date(s.first.Year()+i, 1, 1, 0, 0, 0, 0, time.UTC)
}

// Ahead are the beginnings of the first n steps.
func (s *Steps) Ahead(n int) []time.Time {
	out := make([]time.Time, n)
	for i := range out {
		out[i] = s.Start(i)
	}
	return out
}

// Name writes a step for people.
func (s *Steps) Name(i int) string {
	at := s.Start(i)
	switch s.Unit {
	case "":
		return strconv.Itoa(i + 1)
	case "half_hour", "hour":
		return at.Format("2006-01-02 15:04")
	case "month":
		return at.Format("2006-01")
	case "quarter":
		return fmt.Sprintf("%d Q%d", at.Year(), (int(at.Month())-1)/3+1)
	case "year":
		return at.Format("2006")
	}
	return at.Format(time.DateOnly)
}
