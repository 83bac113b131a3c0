// SPDX-License-Identifier: Apache-2.0

package value

import "math"

// HoldOut compares predictions with the time after the end of the calibration.
type HoldOut struct {
	Length      float64 `json:"length"` // in units of the model
	Actual      float64 `json:"actual"`
	Predicted   float64 `json:"predicted"`
	MAE         float64 `json:"mae"`
	RMSE        float64 `json:"rmse"`
	Correlation float64 `json:"correlation"`
	// Tracking is the cumulated number of repeat purchases by unit of time,
	// over calibration and hold-out; ByFrequency compares means by the number
	// of purchases in the calibration, the last row being all above.
	Tracking    []Track `json:"tracking"`
	ByFrequency []Step  `json:"by_frequency"`
}

// Track is one point of the tracking plot.
type Track struct {
	Time      float64 `json:"time"`
	Actual    float64 `json:"actual"`
	Predicted float64 `json:"predicted"`
}

// Step is one bar of a comparison.
type Step struct {
	X         int     `json:"x"`
	Customers int     `json:"customers"`
	Actual    float64 `json:"actual"`
	Predicted float64 `json:"predicted"`
}

const mostFrequency = 7

// Check compares the fit with the log; a summary without days after Until has
// tracking only.
func (f *Fit) Check(s *Summary) *HoldOut {
	out := &HoldOut{Length: float64(s.End-s.Until) / s.UnitDays, Tracking: f.track(s)}
	if s.End <= s.Until {
		return out
	}
	var sx, sy, xx, yy, xy float64
	steps := make([]Step, mostFrequency+1)
	for i := range s.Customers {
		c := &s.Customers[i]
		p := f.Expected(c.History, out.Length)
		e := p - c.HeldX
		out.Actual, out.Predicted = out.Actual+c.HeldX, out.Predicted+p
		out.MAE, out.RMSE = out.MAE+math.Abs(e), out.RMSE+e*e
		sx, sy, xx, yy, xy = sx+c.HeldX, sy+p, xx+c.HeldX*c.HeldX, yy+p*p, xy+c.HeldX*p
		step := &steps[min(int(c.X), mostFrequency)]
		step.Customers++
		step.Actual, step.Predicted = step.Actual+c.HeldX, step.Predicted+p
	}
	n := float64(len(s.Customers))
	out.MAE, out.RMSE = out.MAE/n, math.Sqrt(out.RMSE/n)
	if vx, vy := xx-sx*sx/n, yy-sy*sy/n; vx > 0 && vy > 0 {
		out.Correlation = (xy - sx*sy/n) / math.Sqrt(vx*vy)
	}
	for x, step := range steps {
		if step.Customers > 0 {
			step.X = x
			step.Actual, step.Predicted = step.Actual/float64(step.Customers), step.Predicted/float64(step.Customers)
			out.ByFrequency = append(out.ByFrequency, step)
		}
	}
	return out
}

// mostTracks is how many points a tracking plot has at most.
const mostTracks = 120

func (f *Fit) track(s *Summary) []Track {
	last := float64(s.End-s.First) / s.UnitDays
	if last <= 0 || len(s.Customers) == 0 {
		return nil
	}
	every := max(1, math.Ceil(last/mostTracks))
	count := int(math.Ceil(last / every))
	actual := make([]float64, count+1)
	born := map[int32]float64{} // first day → customers
	at, first := 0, map[int32]int32{}
	for i := range s.Customers {
		born[s.Customers[i].First]++
		first[s.Customers[i].Customer] = s.Customers[i].First
	}
	for ; at < len(s.purchases); at++ {
		p := s.purchases[at]
		if start, known := first[p.Customer]; known && p.Day > start && p.Amount >= 0 {
			actual[min(count, int(math.Ceil(float64(p.Day-s.First)/s.UnitDays/every)))]++
		}
	}
	tracks := make([]Track, 0, count)
	sum := 0.0
	for i := 0; i <= count; i++ {
		time := float64(i) * every
		sum += actual[i]
		predicted := 0.0
		for day, n := range born {
			if since := time - float64(day-s.First)/s.UnitDays; since > 0 {
				predicted += n * f.Population(since)
			}
		}
		tracks = append(tracks, Track{time, sum, predicted})
	}
	return tracks
}

// Bar is how many customers made x repeat purchases in the calibration, and how
// many the model says.
type Bar struct {
	X         int     `json:"x"`
	Actual    float64 `json:"actual"`
	Predicted float64 `json:"predicted"`
}

// Frequencies compares the distribution of repeat purchases; the model's part
// is computed by simulation-free summation only for models with a closed form,
// so that it is missing (−1) for the others.
func (f *Fit) Frequencies(s *Summary) []Bar {
	bars := make([]Bar, mostFrequency+1)
	since := map[float64]float64{}
	for i := range s.Customers {
		bars[min(int(s.Customers[i].X), mostFrequency)].Actual++
		since[s.Customers[i].T]++
	}
	for x := range bars {
		bars[x].X = x
		for t, n := range since {
			if x < mostFrequency {
				bars[x].Predicted += n * f.Probability(x, t)
			}
		}
	}
	rest := float64(len(s.Customers))
	for x := range mostFrequency {
		rest -= bars[x].Predicted
	}
	bars[mostFrequency].Predicted = max(rest, 0)
	return bars
}
