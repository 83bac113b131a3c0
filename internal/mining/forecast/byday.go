// SPDX-License-Identifier: Apache-2.0

package forecast

import "math"

// byDay continues half hours or hours as call centres do: the days by a method
// for days, each day parted by the usual shares of its hours on that weekday. A
// day here is the 24 hours that end where the series ends. It answers false for
// series that are no counts of a week's hours.
func byDay(y []float64, o Options) (continuation, bool) {
	const week, least = 7, 3 // weeks to know the shares by
	slots := o.Period / week
	if o.Period%week != 0 || slots < 24 || len(y) < least*o.Period || minimum(y) < 0 || o.Method == Naive || o.Method == SeasonalNaive {
		return continuation{}, false
	}
	days := len(y) / slots
	from := len(y) - days*slots
	totals := make([]float64, days)
	for d := range totals {
		for _, v := range y[from+d*slots : from+(d+1)*slots] {
			totals[d] += v
		}
	}
	inner := o
	inner.Period, inner.Horizon = week, (o.Horizon+slots-1)/slots
	whole := continued(totals, inner)
	shares, noise := daily(y[from:], totals, slots)
	c := continuation{method: whole.method, model: whole.model + " × shares of the day", parameters: whole.parameters, points: make([]float64, o.Horizon), spread: make([]float64, o.Horizon)}
	for i := range c.points {
		d := i / slots
		at := (days+d)%week*slots + i%slots
		c.points[i] = math.Max(0, whole.points[d]) * shares[at]
		own := whole.spread[d] * shares[at]
		c.spread[i] = math.Sqrt(own*own + noise[at])
	}
	return c, finite(c.points) && finite(c.spread)
}

// daily are the shares of a day's slots by weekday in the last weeks, and the
// variance of what they leave open.
func daily(y, totals []float64, slots int) (shares, noise []float64) {
	const week, most = 7, 8 // weeks: shops change their hours
	shares, noise = make([]float64, week*slots), make([]float64, week*slots)
	sums, counts := make([]float64, week), make([]float64, week)
	first := max(0, len(totals)-most*week)
	for d := first; d < len(totals); d++ {
		sums[d%week] += totals[d]
		counts[d%week]++
		for s := range slots {
			shares[d%week*slots+s] += y[d*slots+s]
		}
	}
	for at := range shares {
		if sum := sums[at/slots]; sum > 0 {
			shares[at] /= sum
		}
	}
	for d := first; d < len(totals); d++ {
		for s := range slots {
			at := d%week*slots + s
			off := y[d*slots+s] - totals[d]*shares[at]
			noise[at] += off * off / math.Max(1, counts[d%week]-1)
		}
	}
	for at := range noise { // what never happened may happen: counts vary as much as they are large
		noise[at] = math.Max(noise[at], sums[at/slots]/math.Max(1, counts[at/slots])*shares[at])
	}
	return shares, noise
}
