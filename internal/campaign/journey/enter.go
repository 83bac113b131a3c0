// SPDX-License-Identifier: Apache-2.0

package journey

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/journal"
	"dangol/internal/segment"
)

const (
	// enterChunk is how many people come in in one transaction.
	enterChunk = 2000
	// freshDays is how old a purchase may be to let somebody in: history that is
	// imported later starts nothing.
	freshDays = 3
	// basisPoints is 100 %.
	basisPoints = 10_000
	// dateAt is when dates let people in unless the drawing says otherwise.
	dateAt = 9 * time.Hour
)

// candidate is somebody whom an event lets in.
type candidate struct {
	customerID int64
	reason     string // names the event
}

// enter lets candidates in, as far as the rule of re-entry allows. The same event
// lets nobody in twice, whatever happens in between.
func (s *Service) enter(ctx context.Context, j Journey, list []candidate) (int64, error) {
	var total int64
	for part := range slices.Chunk(list, enterChunk) {
		n := int64(0)
		err := s.db.WithinBulk(ctx, func(ctx context.Context) error {
			// Two processes that let people in take turns here.
			if running, err := s.store.lock(ctx, j.ID); err != nil || !running {
				return err
			}
			var err error
			n, err = s.enterSome(ctx, j, part)
			return err
		})
		if err != nil {
			return total, fmt.Errorf("let people into journey %d: %w", j.ID, err)
		}
		total += n
	}
	return total, nil
}

func (s *Service) enterSome(ctx context.Context, j Journey, part []candidate) (int64, error) {
	ids := make([]int64, 0, len(part))
	for _, c := range part {
		ids = append(ids, c.customerID)
	}
	standing, err := s.store.standing(ctx, j.ID, ids)
	if err != nil {
		return 0, err
	}
	records, err := s.store.recordsOf(ctx, ids)
	if err != nil {
		return 0, err
	}
	now := s.db.Now(ctx)
	var rows []entering
	taken := map[int64]bool{}
	for _, c := range part {
		record, isThere := records[c.customerID]
		if !isThere || taken[c.customerID] || standing[c.customerID].reasons[c.reason] || !j.Graph.mayEnter(standing[c.customerID], now) {
			continue
		}
		taken[c.customerID] = true
		rows = append(rows, entering{candidate: c, recordID: record})
	}
	if err := s.store.insertRuns(ctx, j, rows, now); err != nil || len(rows) == 0 {
		return 0, err
	}
	changes := make([]journal.Change, 0, len(rows))
	for _, r := range rows {
		changes = append(changes, journal.Change{CustomerID: r.customerID, RecordID: r.recordID, Kind: "campaign.journey_entered"})
	}
	after, err := json.Marshal(map[string]any{"journey_id": j.ID, "journey": j.Name, "number": j.Number})
	if err != nil {
		return 0, err
	}
	_, err = s.journal.AppendBulk(ctx, journal.Entry{
		Capability: "campaign", Kind: "campaign.journey_entered", SubjectKind: "customer", After: after, ActorID: auth.From(ctx).ID, Actor: fmt.Sprintf("journey %d", j.ID),
	}, changes)
	return int64(len(rows)), err
}

// standing is what is known of a customer's runs in a journey.
type standing struct {
	isActive bool
	lastAt   int64 // Unix microseconds of the last entering; 0 is never
	reasons  map[string]bool
}

// mayEnter is the rule of re-entry; nobody is in a journey twice at a time.
func (g *Graph) mayEnter(is standing, now time.Time) bool {
	switch {
	case is.isActive:
		return false
	case is.lastAt == 0 || g.Reentry == Always:
		return true
	case g.Reentry == AfterDays:
		return time.UnixMicro(is.lastAt).AddDate(0, 0, int(g.ReentryDays)).Before(now)
	}
	return false
}

// Follow lets in who entered or left a segment, from the journal. The number of
// the entry names the event, so that entries seen again change nothing.
func (s *Service) Follow(ctx context.Context, entries []journal.Entry) error {
	ctx = auth.System(ctx, "journey")
	var running []Journey
	for _, e := range entries {
		if e.Kind != segment.KindEntered && e.Kind != segment.KindLeft {
			continue
		}
		if running == nil {
			var err error
			if running, err = s.store.listState(ctx, Running); err != nil {
				return err
			}
			running = append([]Journey{}, running...)
		}
		if len(running) == 0 {
			continue
		}
		if err := s.followOne(ctx, e, running); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) followOne(ctx context.Context, e journal.Entry, running []Journey) error {
	var about struct {
		SegmentID int64 `json:"segment_id"`
	}
	if err := json.Unmarshal(e.After, &about); err != nil {
		return nil //nolint:nilerr // the key of the entry is destroyed: it names nobody any more
	}
	for _, j := range running {
		v, err := s.store.findVersion(ctx, j.ID, j.Number)
		if err != nil {
			return err
		}
		j.Graph = v.graph
		isOurs := v.graph.Entry.SegmentID == about.SegmentID &&
			(v.graph.Entry.Kind == SegmentEntered && e.Kind == segment.KindEntered || v.graph.Entry.Kind == SegmentLeft && e.Kind == segment.KindLeft)
		// What happened before the start starts nothing.
		if !isOurs || j.StartedAt != nil && e.At.Before(*j.StartedAt) {
			continue
		}
		ids, err := s.journal.Subjects(ctx, e)
		if err != nil {
			return err
		}
		list := make([]candidate, 0, len(ids))
		for _, id := range ids {
			list = append(list, candidate{id, fmt.Sprintf("entry %d", e.ID)})
		}
		n, err := s.enter(ctx, j, list)
		if err != nil {
			return err
		}
		if n > 0 {
			if err := s.wake(ctx, j.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// scan lets in whom time or orders let in; what was scanned is remembered with
// the entering, and events name themselves, so that nothing is lost or doubled.
func (s *Service) scan(ctx context.Context, j Journey) error {
	now := s.db.Now(ctx).In(s.options.Zone)
	var list []candidate
	var mark int64
	var err error
	switch e := j.Graph.Entry; e.Kind {
	case Purchase:
		list, mark, err = s.newBuyers(ctx, j, now)
	case SegmentMembers:
		if j.scannedAt == 0 {
			list, err = s.everybody(ctx, e.SegmentID, "start")
			mark = 1
		}
	case Recurring:
		list, mark, err = s.recurring(ctx, j, now)
	case Birthday, Anniversary, Silence:
		list, mark, err = s.byDay(ctx, j, now)
	default:
		return nil
	}
	if err != nil {
		return err
	}
	if list, err = s.within(ctx, j, list); err != nil {
		return err
	}
	if _, err := s.enter(ctx, j, list); err != nil {
		return err
	}
	if mark == 0 || mark == j.scannedAt {
		return nil
	}
	return s.store.setScanned(ctx, j.ID, mark)
}

// within keeps those candidates who are in the segment of the entry, where the
// kind itself has none.
func (s *Service) within(ctx context.Context, j Journey, list []candidate) ([]candidate, error) {
	e := j.Graph.Entry
	if e.SegmentID == 0 || e.Kind.usesSegment() || len(list) == 0 {
		return list, nil
	}
	in := newSets(s.members)
	if err := in.load(ctx, e.SegmentID); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(list, func(c candidate) bool { return !in.inSegment(e.SegmentID, c.customerID) }), nil
}

// newBuyers are those of orders that came since the last look. Ids are given when
// an order is written, but on PostgreSQL a lower one may be committed later: the
// last thousand are looked at again.
func (s *Service) newBuyers(ctx context.Context, j Journey, now time.Time) (list []candidate, mark int64, err error) {
	const overlap = 1000
	mark = j.scannedAt
	oldest := now.AddDate(0, 0, -freshDays)
	if j.StartedAt != nil && j.StartedAt.After(oldest) {
		oldest = *j.StartedAt
	}
	err = s.orders.EachNewPaid(ctx, max(0, j.scannedAt-overlap), oldest, func(orderID, customerID int64) error {
		mark = max(mark, orderID)
		list = append(list, candidate{customerID, fmt.Sprintf("order %d", orderID)})
		return nil
	})
	return list, mark, err
}

func (s *Service) everybody(ctx context.Context, segmentID int64, reason string) ([]candidate, error) {
	var list []candidate
	_, err := s.members.EachMember(ctx, segmentID, func(ids []int64) error {
		for _, id := range ids {
			list = append(list, candidate{id, reason})
		}
		return nil
	})
	return list, err
}

// recurring lets all members in again every so many days, counted from the start.
func (s *Service) recurring(ctx context.Context, j Journey, now time.Time) ([]candidate, int64, error) {
	if j.StartedAt == nil {
		return nil, 0, nil
	}
	start := onClock(j.StartedAt.In(s.options.Zone), 0)
	round := int64(onClock(now, 0).Sub(start)/(24*time.Hour)) / max(1, j.Graph.Entry.Days)
	mark := round + 1
	if mark <= j.scannedAt || !j.Graph.Entry.isTime(now) {
		return nil, 0, nil
	}
	list, err := s.everybody(ctx, j.Graph.Entry.SegmentID, fmt.Sprintf("round %d", round))
	return list, mark, err
}

// isTime says whether the time of day has come at which dates let people in.
func (e *Entry) isTime(now time.Time) bool {
	of, ok := clock(e.At)
	if !ok {
		of = dateAt
	}
	return !now.Before(onClock(now, of))
}

// longestGap is how many missed days a scan makes up for after the product was down.
const longestGap = 7

// byDay lets in whom today, or a day missed since the last look, lets in.
func (s *Service) byDay(ctx context.Context, j Journey, now time.Time) ([]candidate, int64, error) {
	today := dayNumber(now)
	if today <= j.scannedAt || !j.Graph.Entry.isTime(now) {
		return nil, 0, nil
	}
	from := today
	if j.scannedAt != 0 {
		from = max(j.scannedAt+1, today-longestGap)
	}
	var list []candidate
	for day := from; day <= today; day++ {
		some, err := s.onDay(ctx, j.Graph.Entry, now.AddDate(0, 0, int(day-today)))
		if err != nil {
			return nil, 0, err
		}
		list = append(list, some...)
	}
	return list, today, nil
}

// onDay lists whom a day lets in.
func (s *Service) onDay(ctx context.Context, e Entry, day time.Time) ([]candidate, error) {
	switch e.Kind {
	case Birthday:
		on := day.AddDate(0, 0, int(e.Days))
		return s.store.birthdays(ctx, on)
	case Anniversary:
		return s.store.anniversaries(ctx, day.AddDate(0, 0, int(e.Days)))
	case Silence:
		var list []candidate
		begin := onClock(day, 0).AddDate(0, 0, -int(e.Days))
		end := begin.AddDate(0, 0, 1)
		err := s.orders.EachHistory(ctx, day, s.options.Currency, func(customerID, lastAt, _ int64) error {
			if lastAt >= begin.UnixMicro() && lastAt < end.UnixMicro() {
				list = append(list, candidate{customerID, fmt.Sprintf("last bought %d", lastAt)})
			}
			return nil
		})
		return list, err
	}
	return nil, nil
}

// dayNumber counts days of the calendar, whatever clocks do.
func dayNumber(t time.Time) int64 {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC).Unix() / (24 * 60 * 60)
}
