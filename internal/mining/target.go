// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"dangol/internal/mining/frame"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/warehouse"
)

// What can be predicted.
const (
	EventStops   = "stops"   // buys nothing within the horizon
	EventBuys    = "buys"    // buys something of a category, or a product, within it
	EventAnswers = "answers" // follows a link of a campaign's mail
	EventRefuses = "refuses" // unsubscribes from the mails of campaigns
	EventReturns = "returns" // sends goods back
)

// target is one event: where its scores go, and what data it is read from.
type target struct {
	event, table, field string
	label               warehouse.Text
	// mailed: only who got a mail of a campaign within the horizon can do it.
	mailed bool
	// kind is the campaign event that is a yes.
	kind string
}

// targets are the events that the data of the product tell.
var targets = []target{
	{event: EventStops, table: "leave_scores", field: "leave", label: warehouse.Text{Ko: "이탈 예측", En: "Leaving"}},
	{event: EventBuys, table: "buy_scores", field: "buy", label: warehouse.Text{Ko: "구매 예측", En: "Buying"}},
	{event: EventAnswers, table: "answer_scores", field: "answer", label: warehouse.Text{Ko: "캠페인 반응 예측", En: "Answering campaigns"}, mailed: true, kind: "clicked"},
	{event: EventRefuses, table: "refuse_scores", field: "refuse", label: warehouse.Text{Ko: "수신거부 예측", En: "Unsubscribing"}, mailed: true, kind: "unsubscribed"},
	{event: EventReturns, table: "return_scores", field: "return", label: warehouse.Text{Ko: "반품 예측", En: "Returning goods"}},
}

// eventsTable holds what happened to the mails of campaigns.
const eventsTable = "events"

func targetOfEvent(event string) (target, bool) {
	at := slices.IndexFunc(targets, func(t target) bool { return t.event == event })
	if at < 0 {
		return target{}, false
	}
	return targets[at], true
}

// absent are events that people ask for and that nothing in the product tells,
// with what would have to be kept.
var absent = map[string]warehouse.Text{
	"complains": {Ko: "불만·클레임을 접수한 기록(고객, 날짜)이 아직 없습니다. 가장 가까운 것은 ‘반품한다’와 ‘수신을 거부한다’입니다.", En: "There is no record of complaints (customer, day) yet. The nearest are “returns goods” and “unsubscribes”."},
	"late":      {Ko: "청구와 입금 기록(기한, 입금일)이 아직 없습니다. 주문에는 결제 상태만 있고 언제 냈는지는 없습니다.", En: "There is no record of invoices and payments (due day, day paid) yet. Orders tell whether they were paid, not when."},
}

// EventChoice is an event that can be predicted, or why it cannot.
type EventChoice struct {
	Event       string         `json:"event"`
	IsAvailable bool           `json:"is_available"`
	Missing     warehouse.Text `json:"missing,omitzero" doc:"which data would be needed"`
}

// listEvents says of every event whether the data there are tell it.
func (s *Service) listEvents(ctx context.Context) ([]EventChoice, error) {
	var out []EventChoice
	for _, t := range targets {
		one := EventChoice{Event: t.event, IsAvailable: true}
		query, missing := "", warehouse.Text{}
		switch {
		case t.mailed:
			query = "SELECT count(*) FROM " + eventsTable + " WHERE kind = '" + t.kind + "'"
			missing = warehouse.Text{Ko: "캠페인 메일에 이런 반응이 아직 한 번도 없었습니다. 캠페인을 보낸 뒤에 할 수 있습니다.", En: "No mail of a campaign has had such an answer yet. It can be predicted once campaigns were sent."}
			if _, there := s.warehouse.Column(eventsTable, "kind"); !there {
				query, one.IsAvailable = "", false
			}
		case t.event == EventReturns:
			query = "SELECT count(*) FROM " + linesTable + " WHERE " + s.sentBack()
			missing = warehouse.Text{Ko: "반품·환불 기록이 아직 없습니다. 주문 자료에 반품 행이 있으면 할 수 있습니다.", En: "There is no record of returned goods yet. It can be predicted once orders include returns."}
		}
		if query != "" {
			count, err := s.number(ctx, query)
			if err != nil {
				return nil, err
			}
			one.IsAvailable = count > 0
		}
		if !one.IsAvailable {
			one.Missing = missing
		}
		out = append(out, one)
	}
	for _, event := range []string{"complains", "late"} {
		out = append(out, EventChoice{Event: event, Missing: absent[event]})
	}
	return out, nil
}

// window is the time of one table: what was known when From began, and what
// happened after the gap, before To.
type window struct{ from, after, to time.Time }

// windows are those learned from, tested on and scored, each a gap and a horizon
// after the one before, so that no column can know what came after its day.
func (s *PredictionSettings) windows(today time.Time) (learn, test window) {
	step := s.GapDays + s.HorizonDays
	at := func(from time.Time) window {
		return window{from, from.AddDate(0, 0, s.GapDays), from.AddDate(0, 0, step)}
	}
	return at(today.AddDate(0, 0, -2*step)), at(today.AddDate(0, 0, -step))
}

// active keeps those who can still leave: whoever has bought nothing for two
// horizons is gone already, and would make the prediction look better than it is.
func (p *people) active(settings PredictionSettings) *people {
	if settings.Event != EventStops {
		return p
	}
	return p.only(func(row int) bool {
		return p.frame.Find("recency_days").Numbers[row] <= float64(2*settings.HorizonDays)
	})
}

// only keeps the rows that a condition names.
func (p *people) only(is func(row int) bool) *people {
	var rows []int
	for row := range p.ids {
		if is(row) {
			rows = append(rows, row)
		}
	}
	return p.take(rows)
}

// known is the table of customers as they were known on a day: purchases,
// answers to mails, and the custom attributes that were asked for.
func (s *Service) known(ctx context.Context, settings PredictionSettings, day time.Time) (*people, error) {
	p, err := s.readPeople(ctx, peopleAt(day), s.currency)
	if err != nil {
		return nil, err
	}
	p = p.active(settings)
	if err := s.addContacts(ctx, p, day); err != nil {
		return nil, err
	}
	return p, s.addAnswers(ctx, p, settings.Attributes)
}

// addContacts adds how often mails of campaigns were sent, followed and what
// was sent back before the day.
func (s *Service) addContacts(ctx context.Context, p *people, day time.Time) error {
	at := "DATE '" + day.Format(isoDate) + "'"
	queries := map[string]string{
		// Of an order that came back only the day it was placed is known: those of
		// the last weeks may have come back after the day.
		"returns": "SELECT customer_id AS id, CAST(count(*) AS DOUBLE) AS n FROM " + linesTable + " WHERE " + s.sentBack() + " AND ordered_at < " + at + " - 30 GROUP BY 1",
	}
	if _, there := s.warehouse.Column(eventsTable, "kind"); there {
		for column, kind := range map[string]string{"mails_sent": "sent", "mails_clicked": "clicked"} {
			queries[column] = "SELECT customer_id AS id, CAST(count(*) AS DOUBLE) AS n FROM " + eventsTable + " WHERE kind = '" + kind + "' AND \"at\" < " + at + " GROUP BY 1"
		}
	}
	for _, column := range []string{"returns", "mails_sent", "mails_clicked"} {
		query, asked := queries[column]
		if !asked {
			continue
		}
		counted, err := s.readPeople(ctx, query)
		if err != nil {
			return err
		}
		if len(counted.ids) == 0 {
			continue // a column of zeros tells nothing
		}
		count := make(map[int64]float64, len(counted.ids))
		for i, id := range counted.ids {
			count[id] = counted.frame.Columns[0].Numbers[i]
		}
		numbers := make([]float64, len(p.ids))
		for i, id := range p.ids {
			numbers[i] = count[id]
		}
		p.frame.Columns = append(p.frame.Columns, frame.Numeric(column, numbers))
	}
	return nil
}

// labelled are the buyers known when a window began, with what they did in it.
func (s *Service) labelled(ctx context.Context, settings PredictionSettings, w window, seed uint64) (*people, []bool, error) {
	all, err := s.known(ctx, settings, w.from)
	if err != nil {
		return nil, nil, err
	}
	if kind, _ := targetOfEvent(settings.Event); kind.mailed {
		if _, there := s.warehouse.Column(eventsTable, "kind"); !there {
			return nil, nil, fault.New(fault.Invalid, "mining.no_mails", "No campaign has sent a mail yet; there is nothing to learn from.")
		}
		mailed, err := s.idsOf(ctx, "SELECT DISTINCT customer_id FROM "+eventsTable+" WHERE kind = 'sent' AND "+w.condition(`"at"`))
		if err != nil {
			return nil, nil, err
		}
		if all = all.only(func(row int) bool { return mailed[all.ids[row]] }); len(all.ids) == 0 {
			return nil, nil, fault.New(fault.Invalid, "mining.nobody_mailed", "No buyer got a mail of a campaign from {from} to {to}; choose a longer time.", "from", w.after.Format(isoDate), "to", w.to.Format(isoDate))
		}
	}
	if all.frame.Rows > learnRows {
		rows := rand.New(rand.NewPCG(seed, 6)).Perm(all.frame.Rows)[:learnRows] //nolint:gosec // no secret
		slices.Sort(rows)
		all = all.take(rows)
	}
	query, args := s.didSQL(settings, w)
	did, err := s.idsOf(ctx, query, args...)
	if err != nil {
		return nil, nil, fmt.Errorf("read what customers did: %w", err)
	}
	answers, texts := make([]bool, len(all.ids)), make([]string, len(all.ids))
	for i, id := range all.ids {
		answers[i] = did[id] == (settings.Event != EventStops)
		texts[i] = "no"
		if answers[i] {
			texts[i] = "yes"
		}
	}
	all.frame.Columns = append(all.frame.Columns, frame.Categories(targetColumn, texts))
	return all, answers, nil
}

// didSQL asks who did something in a window: what was to be done, or for
// leaving what was not to be done.
func (s *Service) didSQL(ask PredictionSettings, w window) (query string, args []any) {
	switch kind, _ := targetOfEvent(ask.Event); {
	case kind.mailed:
		return "SELECT DISTINCT customer_id FROM " + eventsTable + " WHERE kind = '" + kind.kind + "' AND " + w.condition(`"at"`), nil
	case ask.Event == EventReturns:
		return "SELECT DISTINCT customer_id FROM " + linesTable + " WHERE " + s.sentBack() + " AND " + w.condition("ordered_at"), nil
	case ask.Event == EventBuys && ask.Product != "":
		return "SELECT DISTINCT l.customer_id FROM " + linesTable + " l JOIN products p ON p.id = l.product_id WHERE l.counts = 2 AND p.name = ? AND " + w.condition("l.ordered_at"), []any{ask.Product}
	case ask.Event == EventBuys:
		return "SELECT DISTINCT l.customer_id FROM " + linesTable + " l JOIN products p ON p.id = l.product_id WHERE l.counts = 2 AND p.category = ? AND " + w.condition("l.ordered_at"), []any{ask.Category}
	}
	return "SELECT DISTINCT customer_id FROM " + linesTable + " WHERE counts = 2 AND " + w.condition("ordered_at"), nil
}

// sentBack is the condition on lines that came back: refunds on a row of their
// own, and lines that were marked as returned.
func (s *Service) sentBack() string {
	if _, there := s.warehouse.Column(linesTable, "returned"); there {
		return "(counts = 1 OR returned > 0)"
	}
	return "counts = 1"
}

func (w window) condition(column string) string {
	return column + " >= DATE '" + w.after.Format(isoDate) + "' AND " + column + " < DATE '" + w.to.Format(isoDate) + "'"
}
