// SPDX-License-Identifier: Apache-2.0

package journey

import (
	"cmp"
	"container/heap"
	"context"
	"fmt"
	"slices"
	"time"

	"dangol/internal/platform/auth"
)

const (
	// simulatedMost is how many people a simulation leads; more are a sample of them.
	simulatedMost = 100_000
	// gateMost is for how many of them the gate is asked for each mail step.
	gateMost = 2000
	// usualClick is the share of clicks when no campaign has sent anything yet.
	usualClick = 0.03
)

// Simulation is what the drawing would have done lately.
type Simulation struct {
	From    time.Time                `json:"from"`
	To      time.Time                `json:"to"`
	Entered int64                    `json:"entered" doc:"Who would have come in."`
	Control int64                    `json:"control"`
	Led     int64                    `json:"led" doc:"People whose way was followed; when fewer than came in, the numbers are scaled up from them."`
	Done    int64                    `json:"done"`
	Goal    int64                    `json:"goal"`
	Waiting int64                    `json:"waiting" doc:"Still on the way at the end."`
	Mails   int64                    `json:"mails"`
	Cost    int64                    `json:"cost"`
	Steps   map[string]SimulatedStep `json:"steps"`
	// ClickRate is what was assumed of clicks; purchases are those that happened.
	ClickRate float64  `json:"click_rate"`
	Remarks   []string `json:"remarks" doc:"Codes of what the simulation cannot know."`
}

// SimulatedStep is what would have happened at a step.
type SimulatedStep struct {
	Taken  int64            `json:"taken"`
	Passes float64          `json:"passes,omitempty" doc:"Share that the gate would let through, of those asked."`
	No     map[string]int64 `json:"no,omitempty" doc:"Why the gate would not, of those asked."`

	people []int64
}

// Simulate leads people through the drawing on the data of the last days, with
// the walking of real runs and the purchases that happened, and sends nothing.
func (s *Service) Simulate(ctx context.Context, id int64, days int) (Simulation, error) {
	if err := auth.Check(ctx, "campaign:read"); err != nil {
		return Simulation{}, err
	}
	j, err := s.store.find(ctx, id)
	if err != nil {
		return Simulation{}, err
	}
	if err := j.Graph.mustBeWhole(); err != nil {
		return Simulation{}, err
	}
	ctx = auth.System(ctx, "simulation") // only sums leave this function
	now := s.db.Now(ctx).In(s.options.Zone)
	sim := &simulator{s: s, g: &j.Graph, out: Simulation{From: now.AddDate(0, 0, -days), To: now, Steps: map[string]SimulatedStep{}, Remarks: []string{}}}
	if err := sim.prepare(ctx, j); err != nil {
		return Simulation{}, err
	}
	list, err := sim.arrivals(ctx)
	if err != nil {
		return Simulation{}, err
	}
	sim.lead(list)
	return sim.finish(ctx)
}

// simulator is one simulation at work.
type simulator struct {
	s     *Service
	g     *Graph
	sets  *sets
	paid  map[int64][]int64 // times of purchases in the window, by customer
	out   Simulation
	scale float64
}

func (m *simulator) prepare(ctx context.Context, j Journey) error {
	m.sets = newSets(m.s.members)
	if err := m.sets.loadAll(ctx, m.g); err != nil {
		return err
	}
	if m.g.asksPurchases() || m.g.Entry.Kind == Purchase {
		m.paid = map[int64][]int64{}
		err := m.s.orders.EachPaid(ctx, m.out.From, m.out.To, m.s.options.Currency, func(customerID, at, _ int64) error {
			m.paid[customerID] = append(m.paid[customerID], at)
			return nil
		})
		if err != nil {
			return err
		}
	}
	m.out.ClickRate = usualClick
	steps, err := m.s.sender.StepsOf(ctx, j.ID)
	if err != nil {
		return err
	}
	var sent, clicked int64
	for _, c := range steps {
		sent, clicked = sent+c.Counts.Sent(), clicked+c.Counts.Clicked
	}
	if sent > 0 {
		m.out.ClickRate = float64(clicked) / float64(sent)
	}
	for i := range m.g.Steps {
		switch step := &m.g.Steps[i]; {
		case step.Kind == Condition && step.Test == TestClicked:
			m.remark("clicks_assumed")
		case step.Kind == Condition && step.Test == TestSegment:
			m.remark("segments_of_today")
		}
	}
	if m.g.Goal.Kind == TestBought {
		m.remark("without_effect")
	}
	return nil
}

func (m *simulator) remark(code string) {
	if !slices.Contains(m.out.Remarks, code) {
		m.out.Remarks = append(m.out.Remarks, code)
	}
}

// arrival is somebody who would have come in at a time.
type arrival struct {
	customerID int64
	at         time.Time
}

// arrivals lists who would have come in, in the order of time.
func (m *simulator) arrivals(ctx context.Context) ([]arrival, error) {
	var list []arrival
	e := m.g.Entry
	var err error
	switch e.Kind {
	case Purchase:
		for id, times := range m.paid {
			for _, at := range times {
				list = append(list, arrival{id, time.UnixMicro(at).In(m.s.options.Zone)})
			}
		}
	case SegmentMembers, Recurring:
		list, err = m.rounds(ctx)
	case SegmentEntered, SegmentLeft:
		list, err = m.moves(ctx)
	default:
		list, err = m.days(ctx)
	}
	if err != nil {
		return nil, err
	}
	if e.SegmentID != 0 && !e.Kind.usesSegment() {
		if err := m.sets.load(ctx, e.SegmentID); err != nil {
			return nil, err
		}
		list = slices.DeleteFunc(list, func(a arrival) bool { return !m.sets.inSegment(e.SegmentID, a.customerID) })
	}
	slices.SortFunc(list, func(a, b arrival) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.customerID, b.customerID)) })
	return list, nil
}

func (m *simulator) rounds(ctx context.Context) (list []arrival, err error) {
	every := int(m.g.Entry.Days)
	if m.g.Entry.Kind == SegmentMembers || every < 1 {
		every = 100_000 // once
	}
	people, err := m.s.everybody(ctx, m.g.Entry.SegmentID, "")
	for at := m.out.From; at.Before(m.out.To); at = at.AddDate(0, 0, every) {
		for _, c := range people {
			list = append(list, arrival{c.customerID, at})
		}
	}
	m.remark("segments_of_today")
	return list, err
}

// moves takes comings and goings of the segment. All of them are counted, some
// are kept by name: those stand for the rest.
func (m *simulator) moves(ctx context.Context) ([]arrival, error) {
	h, err := m.s.members.History(ctx, m.g.Entry.SegmentID)
	if err != nil {
		return nil, err
	}
	isIn := m.g.Entry.Kind == SegmentEntered
	var total int64
	for _, size := range h.Sizes {
		if !size.At.Before(m.out.From) && size.Cause != "first" {
			if isIn {
				total += size.Entered
			} else {
				total += size.Left
			}
		}
	}
	var list []arrival
	for _, move := range h.Moves {
		if move.IsIn == isIn && !move.At.Before(m.out.From) {
			list = append(list, arrival{move.CustomerID, move.At.In(m.s.options.Zone)})
		}
	}
	if len(list) > 0 && total > int64(len(list)) {
		m.scale = float64(total) / float64(len(list))
	}
	if total == 0 {
		m.remark("no_moves_kept")
	}
	return list, nil
}

func (m *simulator) days(ctx context.Context) (list []arrival, err error) {
	of, ok := clock(m.g.Entry.At)
	if !ok {
		of = dateAt
	}
	for day := m.out.From; day.Before(m.out.To); day = day.AddDate(0, 0, 1) {
		some, err := m.s.onDay(ctx, m.g.Entry, day)
		if err != nil {
			return nil, err
		}
		for _, c := range some {
			list = append(list, arrival{c.customerID, onClock(day, of)})
		}
	}
	return list, nil
}

// inSegment, boughtSince and clicked are the facts of the simulated time.
func (m *simulator) inSegment(segmentID, customerID int64) bool {
	return m.sets.inSegment(segmentID, customerID)
}

func (m *simulator) boughtSince(customerID int64, since, until time.Time) bool {
	for _, at := range m.paid[customerID] {
		// The purchase that lets somebody in is not the goal of what follows.
		if at > since.UnixMicro() && at <= until.UnixMicro() {
			return true
		}
	}
	return false
}

func (m *simulator) clicked(t *traveller, mailStep string, _ time.Time) bool {
	return float64(draw(t.runID, "click "+mailStep)%basisPoints) < m.out.ClickRate*basisPoints
}

// queue orders travellers by when they are due.
type queue []*traveller

// Len, Less, Swap, Push and Pop make it a heap.
func (q queue) Len() int           { return len(q) }
func (q queue) Less(i, j int) bool { return q[i].dueAt.Before(q[j].dueAt) }
func (q queue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }

// Push adds a traveller.
func (q *queue) Push(x any) { *q = append(*q, x.(*traveller)) }

// Pop takes the last one.
func (q *queue) Pop() any {
	old := *q
	last := old[len(old)-1]
	*q = old[:len(old)-1]
	return last
}

// lead walks everybody through the window, in the order of the simulated time.
func (m *simulator) lead(list []arrival) {
	q := queue{}
	last := map[int64]standing{}
	for i, a := range list {
		is := last[a.customerID]
		is.isActive = false // parallel ways of one person are not simulated: the rule of days decides
		if !m.g.mayEnter(is, a.at) {
			continue
		}
		last[a.customerID] = standing{lastAt: a.at.UnixMicro()}
		m.out.Entered++
		if int64(draw(a.customerID, "control")%basisPoints) < m.g.ControlShare { //nolint:gosec // below 10,000
			m.out.Control++
			continue
		}
		if m.out.Led < simulatedMost {
			m.out.Led++
			q = append(q, &traveller{runID: int64(i + 1), customerID: a.customerID, enteredAt: a.at, dueAt: a.at})
		}
	}
	heap.Init(&q)
	for q.Len() > 0 {
		t := heap.Pop(&q).(*traveller)
		if t.dueAt.After(m.out.To) {
			m.out.Waiting++
			continue
		}
		w := walk(m.g, t, m, t.dueAt)
		for _, id := range w.visits {
			step := m.out.Steps[id]
			step.Taken++
			if m.g.step(id).Kind == Mail {
				m.out.Mails++
				if len(step.people) < gateMost {
					step.people = append(step.people, t.customerID)
				}
			}
			m.out.Steps[id] = step
		}
		switch w.state {
		case Active:
			t.step, t.dueAt = w.step, w.dueAt
			heap.Push(&q, t)
		case Reached:
			m.out.Goal++
		default:
			m.out.Done++
		}
	}
}

// finish asks the gate about a sample and scales the numbers up.
func (m *simulator) finish(ctx context.Context) (Simulation, error) {
	factor := 1.0
	if led := m.out.Entered - m.out.Control; m.out.Led > 0 && led > m.out.Led {
		factor = float64(led) / float64(m.out.Led)
	}
	if m.scale > 1 {
		factor *= m.scale
		m.out.Entered, m.out.Control = scaled(m.out.Entered, m.scale), scaled(m.out.Control, m.scale)
		m.remark("scaled_from_kept_moves")
	}
	for id, step := range m.out.Steps {
		if s := m.g.step(id); s.Kind == Mail && len(step.people) > 0 {
			yes, no, err := m.s.sender.AskGate(ctx, s.TemplateID, step.people)
			if err != nil {
				return m.out, fmt.Errorf("ask the gate for step %s: %w", id, err)
			}
			asked := yes
			for _, n := range no {
				asked += n
			}
			if asked > 0 {
				step.Passes, step.No = float64(yes)/float64(asked), no
			}
			m.out.Cost += int64(float64(scaled(step.Taken, factor)) * step.Passes * float64(m.g.MessageCost) / 1000)
		}
		step.Taken = scaled(step.Taken, factor)
		m.out.Steps[id] = step
	}
	m.out.Done, m.out.Goal, m.out.Waiting, m.out.Mails = scaled(m.out.Done, factor), scaled(m.out.Goal, factor), scaled(m.out.Waiting, factor), scaled(m.out.Mails, factor)
	return m.out, nil
}

func scaled(n int64, factor float64) int64 { return int64(float64(n)*factor + 0.5) }
