// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"dangol/internal/platform/fault"
)

// SeriesAsk says which series is looked at.
type SeriesAsk struct {
	// Measure is revenue, orders, new_customers, returned, sent, clicked, received
	// (mails), offers (accepted) or own (a series that somebody brought along).
	Measure string `json:"measure,omitempty" enum:"revenue,orders,new_customers,returned,sent,clicked,received,offers,own,"`
	// OwnID is the series of own, OfferID the offer of offers (0 is all).
	OwnID    int64  `json:"own_id,omitempty"`
	OfferID  int64  `json:"offer_id,omitempty"`
	Step     string `json:"step,omitempty" enum:"half_hour,hour,day,week,month,"`
	Currency string `json:"currency,omitempty"`
}

const (
	measureRevenue  = "revenue"
	measureReceived = "received"
	measureOffers   = "offers"
	measureOwn      = "own"
)

// seriesMeasures are the columns that add up to a measure, in the tables that have it.
var seriesMeasures = map[string]struct {
	value, where, table, at string
	isMoney                 bool
}{
	measureRevenue:  {"l.amount", "l.counts > 0 AND l.currency = ?", linesTable, "ordered_at", true},
	"orders":        {"l.first_line", "l.counts > 0 AND l.currency = ?", linesTable, "ordered_at", false},
	"new_customers": {"l.first_sale", "l.counts = 2 AND l.currency = ?", linesTable, "ordered_at", false},
	"returned":      {"l.returned", "l.currency = ?", linesTable, "ordered_at", true},
	"sent":          {"1", "l.kind = 'sent' AND ? <> ''", "events", "at", false},
	"clicked":       {"1", "l.kind = 'clicked' AND ? <> ''", "events", "at", false},
}

// seriesSteps are the lengths of steps with how many of them come back in a
// season, and the usual horizon.
var seriesSteps = map[string]struct{ season, horizon int }{
	"half_hour": {7 * 48, 7 * 48}, "hour": {7 * 24, 7 * 24}, "day": {7, 28}, "week": {52, 13}, "month": {12, 6},
}

func (a *SeriesAsk) fill(currency string) error {
	if a.Measure == "" {
		a.Measure = measureRevenue
	}
	if _, known := seriesMeasures[a.Measure]; !known && !slices.Contains([]string{measureReceived, measureOffers, measureOwn}, a.Measure) {
		return bad("measure", "revenue, orders, new_customers, returned, sent, clicked, received, offers or own")
	}
	if a.Measure == measureOwn && a.OwnID <= 0 {
		return bad("own_id", "the number of a series that was brought along")
	}
	if a.Step == "" {
		a.Step = "month"
	}
	if _, known := seriesSteps[a.Step]; !known {
		return bad("step", "half_hour, hour, day, week or month")
	}
	if a.Currency == "" {
		a.Currency = currency
	}
	return nil
}

// Happenings tells when something happened that the warehouse does not hold; app
// connects who knows.
type Happenings interface {
	// EachReceived calls emit with the time of each mail that came in.
	EachReceived(ctx context.Context, emit func(at time.Time) error) error
	// EachTaken calls emit with the time at which an offer was accepted; 0 is any offer.
	EachTaken(ctx context.Context, offerID int64, emit func(at time.Time) error) error
	// Stock is the name of an offer and how many of it are left; -1 is without limit.
	Stock(ctx context.Context, offerID int64) (name string, left int64, err error)
}

// UseHappenings connects who knows of mails and offers.
func (s *Service) UseHappenings(h Happenings) { s.happenings = h }

// series is what was read.
type series struct {
	ask      SeriesAsk
	moments  []moment // in order
	isLevel  bool
	isMoney  bool
	name     string // of an own series or an offer
	left     int64  // stock of an offer; -1 is without limit
	hasStock bool
}

// readSeries reads the moments of a measure.
func (s *Service) readSeries(ctx context.Context, ask SeriesAsk) (*series, error) {
	out := &series{ask: ask}
	switch ask.Measure {
	case measureOwn:
		own, err := s.store.FindSeries(ctx, ask.OwnID)
		if err != nil {
			return nil, err
		}
		out.moments, out.isLevel, out.name = own.points, own.IsLevel, own.Name
		return out, nil
	case measureReceived, measureOffers:
		return out, s.readHappenings(ctx, out)
	}
	out.isMoney = seriesMeasures[ask.Measure].isMoney
	parts, err := s.readParted(ctx, ask, "''")
	if err != nil {
		return nil, err
	}
	out.moments = parts[""]
	return out, nil
}

func (s *Service) readHappenings(ctx context.Context, out *series) error {
	if s.happenings == nil {
		return fault.New(fault.Unavailable, "mining.no_happenings", "Mails and offers cannot be asked here.")
	}
	emit := func(at time.Time) error {
		out.moments = append(out.moments, moment{wall(at.In(s.zone)), 1})
		return nil
	}
	var err error
	if out.ask.Measure == measureReceived {
		err = s.happenings.EachReceived(ctx, emit)
	} else {
		err = s.happenings.EachTaken(ctx, out.ask.OfferID, emit)
		if err == nil && out.ask.OfferID != 0 {
			out.name, out.left, err = s.happenings.Stock(ctx, out.ask.OfferID)
			out.hasStock = err == nil && out.left >= 0
		}
	}
	slices.SortFunc(out.moments, func(a, b moment) int { return int(min(max(a.at-b.at, -1), 1)) })
	return err
}

// readParted reads a measure of the warehouse by parts, each in order of time.
func (s *Service) readParted(ctx context.Context, ask SeriesAsk, part string) (map[string][]moment, error) {
	m := seriesMeasures[ask.Measure]
	bucket := "CAST(l." + m.at + " AS DATE)"
	if ask.Step == "half_hour" || ask.Step == "hour" {
		bucket = "time_bucket(INTERVAL 30 MINUTE, l." + m.at + ")"
	}
	rows, err := s.warehouse.Query(ctx, "SELECT coalesce("+part+", '') AS part, CAST(epoch_us(CAST("+bucket+" AS TIMESTAMP)) AS BIGINT) AS moment, CAST(sum("+m.value+") AS DOUBLE) FROM "+m.table+
		" l JOIN "+customersTable+" c ON c.id = l.customer_id"+joinOf(part)+" WHERE "+m.where+" GROUP BY 1, 2 ORDER BY 2, 1", ask.Currency)
	if err != nil {
		return nil, fmt.Errorf("read series of %s: %w", ask.Measure, err)
	}
	defer func() { _ = rows.Close() }()
	out := map[string][]moment{}
	for rows.Next() {
		var name string
		var one moment
		if err := rows.Scan(&name, &one.at, &one.value); err != nil {
			return nil, err
		}
		out[name] = append(out[name], one)
	}
	return out, rows.Err()
}

// wall is the reading of the clock as microseconds, as the warehouse keeps times.
func wall(at time.Time) int64 {
	return time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), at.Minute(), at.Second(), 0, time.UTC).UnixMicro()
}

// span is a stretch of whole steps: their beginnings, one more than there are.
type span struct {
	starts  []time.Time
	through time.Time // the last day
}

// spanOf are the whole steps of moments: the step that is still running, and a
// first one that began before the data, are left out.
func spanOf(step string, moments []moment, now time.Time) span {
	if len(moments) == 0 {
		return span{}
	}
	date := func(at int64) time.Time { return time.UnixMicro(at).UTC() }
	begin, last := date(moments[0].at), date(moments[len(moments)-1].at)
	first := startOf(step, begin)
	if day := startOf("day", begin); first.Before(day) && (step == "week" || step == "month") {
		first = following(step, first)
	}
	// What is not over yet would look like a fall; data that ended earlier end the series earlier.
	until := following("day", startOf("day", last))
	if step == "half_hour" || step == "hour" {
		until = following(step, startOf(step, last))
	}
	if today := date(wall(now)); today.Before(until) {
		until = today
	}
	end := startOf(step, until)
	out := span{through: end.AddDate(0, 0, -1)}
	for at := first; at.Before(end) && len(out.starts) < longestSeries; at = following(step, at) {
		out.starts = append(out.starts, at)
	}
	out.starts = append(out.starts, end)
	return out
}

func (p *span) count() int { return max(0, len(p.starts)-1) }

// fold adds moments up to the steps; of a balance the last value counts, and
// steps without one are gaps.
func (p *span) fold(moments []moment, isLevel bool) []float64 {
	out := make([]float64, p.count())
	if isLevel {
		for i := range out {
			out[i] = math.NaN()
		}
	}
	k := 0
	for _, m := range moments {
		at := time.UnixMicro(m.at).UTC()
		for k < len(out) && !at.Before(p.starts[k+1]) {
			k++
		}
		if k >= len(out) {
			break
		}
		switch {
		case at.Before(p.starts[k]):
		case isLevel:
			out[k] = m.value
		default:
			out[k] += m.value
		}
	}
	return out
}

// ahead are the beginnings of n more steps and of the one after them.
func (p *span) ahead(step string, n int) []time.Time {
	starts := slices.Clone(p.starts)
	for range n {
		starts = append(starts, following(step, starts[len(starts)-1]))
	}
	return starts
}

func startOf(step string, at time.Time) time.Time {
	switch step {
	case "month":
		return time.Date(at.Year(), at.Month(), 1, 0, 0, 0, 0, time.UTC)
	case "week":
		day := startOf("day", at)
		return day.AddDate(0, 0, -(int(day.Weekday())+6)%7)
	case "hour":
		return at.Truncate(time.Hour)
	case "half_hour":
		return at.Truncate(time.Hour / 2)
	}
	return time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, time.UTC)
}

func following(step string, at time.Time) time.Time {
	switch step {
	case "month":
		return at.AddDate(0, 1, 0)
	case "week":
		return at.AddDate(0, 0, 7)
	case "hour":
		return at.Add(time.Hour)
	case "half_hour":
		return at.Add(time.Hour / 2)
	}
	return at.AddDate(0, 0, 1)
}

// stepName writes the beginning of a step.
func stepName(step string, at time.Time) string {
	switch step {
	case "month":
		return at.Format("2006-01")
	case "hour", "half_hour":
		return at.Format("2006-01-02 15:04")
	}
	return at.Format(isoDate)
}

// emptySeries says that there is nothing to look at.
func emptySeries(ask SeriesAsk) error {
	what := map[string]string{measureReceived: "mails received", measureOffers: "offers accepted", "sent": "mails sent", "clicked": "clicks", measureOwn: "values"}[ask.Measure]
	if what == "" {
		what = "purchases in " + ask.Currency
	}
	return fault.New(fault.Invalid, "mining.no_series", "There is not one whole {step} of {what} yet.", "step", stepWords[ask.Step], "what", what)
}

var stepWords = map[string]string{"half_hour": "half hour", "hour": "hour", "day": "day", "week": "week", "month": "month"}

// joinOf joins the products when a part is one of theirs.
func joinOf(part string) string {
	if strings.Contains(part, "p.") {
		return " LEFT JOIN products p ON p.id = l.product_id"
	}
	return ""
}
