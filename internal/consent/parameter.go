// SPDX-License-Identifier: Apache-2.0

package consent

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Parameter is a figure of the law with the days it holds.
type Parameter struct {
	Name      string `json:"name"`
	Value     string `json:"value"`
	ValidFrom string `json:"valid_from"`
	ValidTo   string `json:"valid_to,omitempty"`
	Source    string `json:"source"`
}

// Law is the figures that hold on one day, in the zone of the law.
type Law struct {
	Zone *time.Location
	// Version names the newest figure in force, for the record of a decision.
	Version string
	values  map[string]string
}

// LawOn picks from all parameters those that hold on the day of t.
func LawOn(all []Parameter, t time.Time, zone *time.Location) Law {
	day := t.In(zone).Format(time.DateOnly)
	law := Law{Zone: zone, values: map[string]string{}}
	for _, p := range all {
		if p.ValidFrom <= day && (p.ValidTo == "" || day <= p.ValidTo) {
			law.values[p.Name] = p.Value
			law.Version = max(law.Version, p.ValidFrom)
		}
	}
	return law
}

// Text returns a figure, or fallback when the law of that day has none.
func (l Law) Text(name, fallback string) string {
	if value, ok := l.values[name]; ok {
		return value
	}
	return fallback
}

// Has reports whether a list of words, such as channels, contains the word.
func (l Law) Has(name, fallback, word string) bool {
	return slices.Contains(strings.FieldsFunc(l.Text(name, fallback), func(r rune) bool { return r == ',' || r == ' ' }), word)
}

// IsTrue reports whether a figure is "true".
func (l Law) IsTrue(name string) bool { return l.Text(name, "") == "true" }

// Number returns a figure as a number.
func (l Law) Number(name string, fallback int) int {
	n, err := strconv.Atoi(l.Text(name, ""))
	if err != nil {
		return fallback
	}
	return n
}

// Period returns a figure as a span of calendar time.
func (l Law) Period(name, fallback string) Period {
	p, err := ParsePeriod(l.Text(name, fallback))
	if err != nil {
		p, _ = ParsePeriod(fallback)
	}
	return p
}

// Period is a span of calendar time (ISO 8601: P2Y, P6M, P14D).
type Period struct{ Years, Months, Days int }

// ParsePeriod reads an ISO 8601 duration of years, months, weeks and days.
func ParsePeriod(text string) (Period, error) {
	rest, ok := strings.CutPrefix(text, "P")
	if !ok || rest == "" {
		return Period{}, fmt.Errorf("period %q does not start with P", text)
	}
	var p Period
	for rest != "" {
		end := strings.IndexAny(rest, "YMWD")
		if end <= 0 {
			return Period{}, fmt.Errorf("period %q: number and unit expected", text)
		}
		n, err := strconv.Atoi(rest[:end])
		if err != nil || n < 0 || n > 1000 {
			return Period{}, fmt.Errorf("period %q: %q is no number", text, rest[:end])
		}
		switch rest[end] {
		case 'Y':
			p.Years += n
		case 'M':
			p.Months += n
		case 'W':
			p.Days += 7 * n
		case 'D':
			p.Days += n
		}
		rest = rest[end+1:]
	}
	return p, nil
}

// times repeats the period.
func (p Period) times(n int) Period { return Period{n * p.Years, n * p.Months, n * p.Days} }

// After returns the start of the day that lies the period after the day of t,
// in the zone; the last day of a month stands for days that the month lacks.
func (p Period) After(t time.Time, zone *time.Location) time.Time {
	local := t.In(zone)
	first := time.Date(local.Year()+p.Years, local.Month()+time.Month(p.Months), 1, 0, 0, 0, 0, zone)
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(local.Day(), last)-1+p.Days)
}

// clock reads "21:00" as time since midnight.
func clock(text string, fallback time.Duration) time.Duration {
	at, err := time.Parse("15:04", text)
	if err != nil {
		return fallback
	}
	return time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute
}

// Night answers whether t is inside the hours in which advertising by the
// channel needs a consent of its own, and when they end.
func (l Law) Night(channel Channel, t time.Time) (inside bool, ends time.Time) {
	if l.Has("ad.night.exempt_channels", "email", string(channel)) {
		return false, time.Time{}
	}
	name := "ad.night"
	if channel == Kakao {
		name = "ad.kakao_brand.block"
	}
	start := clock(l.Text(name+".start", "21:00"), 21*time.Hour)
	end := clock(l.Text(name+".end", "08:00"), 8*time.Hour)
	local := t.In(l.Zone)
	midnight := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, l.Zone)
	since := local.Sub(midnight)
	switch {
	case since >= start:
		return true, midnight.AddDate(0, 0, 1).Add(end)
	case since < end:
		return true, midnight.Add(end)
	}
	return false, time.Time{}
}

// ResultNoticeBy returns the last day on which the result of an expression may be told (L-AD-7).
func (l Law) ResultNoticeBy(at time.Time) time.Time {
	return l.Period("ad.result_notice.within", "P14D").After(at, l.Zone)
}

// ConfirmBy returns the last day of the k-th period in which a consent must be
// confirmed (L-AD-8). The anchor of 29 February is 28 February, the safe reading.
func (l Law) ConfirmBy(granted time.Time, k int) time.Time {
	return l.confirmBefore(granted, k).AddDate(0, 0, -1)
}

func (l Law) confirmBefore(granted time.Time, k int) time.Time {
	anchor := granted.In(l.Zone)
	if anchor.Month() == time.February && anchor.Day() == 29 {
		anchor = anchor.AddDate(0, 0, -1)
	}
	return l.Period("ad.consent.confirm_every", "P2Y").times(k).After(anchor, l.Zone)
}

// ConfirmOverdue reports whether at t a period ran out without a confirmation.
// A confirmation that came late ends the state from when it was sent.
func (l Law) ConfirmOverdue(granted, t time.Time, confirmed []time.Time) bool {
	passed := 0
	for !t.Before(l.confirmBefore(granted, passed+1)) {
		passed++
	}
	if passed == 0 {
		return false
	}
	from := l.confirmBefore(granted, passed-1)
	return !slices.ContainsFunc(confirmed, func(at time.Time) bool { return !at.Before(from) && !at.After(t) && at.After(granted) })
}

// NextConfirmation returns the last day of the period that runs at t.
func (l Law) NextConfirmation(granted, t time.Time) time.Time {
	k := 1
	for !t.Before(l.confirmBefore(granted, k)) {
		k++
	}
	return l.ConfirmBy(granted, k)
}
