// SPDX-License-Identifier: Apache-2.0

package journey

import (
	"context"
	"fmt"
	"time"
)

// sets are the members of segments as of one look, as bits by customer.
type sets struct {
	members Members
	bits    map[int64][]uint64
}

func newSets(members Members) *sets { return &sets{members: members, bits: map[int64][]uint64{}} }

// load reads a segment's members once.
func (s *sets) load(ctx context.Context, segmentID int64) error {
	if _, is := s.bits[segmentID]; is {
		return nil
	}
	set := []uint64{}
	_, err := s.members.EachMember(ctx, segmentID, func(ids []int64) error {
		for _, id := range ids {
			word := int(id / 64)
			for word >= len(set) {
				set = append(set, make([]uint64, max(1024, word+1-len(set)))...)
			}
			set[word] |= 1 << (id % 64)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("members of segment %d: %w", segmentID, err)
	}
	s.bits[segmentID] = set
	return nil
}

func (s *sets) inSegment(segmentID, customerID int64) bool {
	set := s.bits[segmentID]
	word := int(customerID / 64)
	return customerID >= 0 && word < len(set) && set[word]&(1<<(customerID%64)) != 0
}

// loadAll reads every segment that a drawing asks about.
func (s *sets) loadAll(ctx context.Context, g *Graph) error {
	if g.Goal.Kind == TestSegment {
		if err := s.load(ctx, g.Goal.SegmentID); err != nil {
			return err
		}
	}
	for i := range g.Steps {
		if step := &g.Steps[i]; step.Kind == Condition && step.Test == TestSegment {
			if err := s.load(ctx, step.SegmentID); err != nil {
				return err
			}
		}
	}
	return nil
}

// known are the facts about one slice of people.
type known struct {
	*sets
	lastPaid map[int64]int64           // by customer
	clicks   map[string]map[int64]bool // by mail step, by run
}

func (k *known) boughtSince(customerID int64, since, _ time.Time) bool {
	at, is := k.lastPaid[customerID]
	return is && at >= since.UnixMicro()
}

func (k *known) clicked(t *traveller, mailStep string, _ time.Time) bool {
	return k.clicks[mailStep][t.runID]
}

// asksPurchases says whether the drawing asks what people bought.
func (g *Graph) asksPurchases() bool {
	if g.Goal.Kind == TestBought {
		return true
	}
	for i := range g.Steps {
		if g.Steps[i].Kind == Condition && g.Steps[i].Test == TestBought {
			return true
		}
	}
	return false
}

// facts reads what the drawings of the people's versions ask about them.
func (w *walker) facts(ctx context.Context, due []runRow) (*known, error) {
	k := &known{sets: w.sets, clicks: map[string]map[int64]bool{}}
	byVersion := map[int64][]int64{} // runs
	var buyers []int64
	for i := range due {
		byVersion[due[i].number] = append(byVersion[due[i].number], due[i].id)
	}
	for number, runs := range byVersion {
		v, err := w.version(ctx, number)
		if err != nil {
			return nil, err
		}
		if err := w.sets.loadAll(ctx, &v.graph); err != nil {
			return nil, err
		}
		if v.graph.asksPurchases() && buyers == nil {
			for i := range due {
				buyers = append(buyers, due[i].customerID)
			}
		}
		if err := w.readClicks(ctx, v, runs, k); err != nil {
			return nil, err
		}
	}
	if len(buyers) == 0 {
		return k, nil
	}
	var err error
	k.lastPaid, err = w.s.orders.LastPaid(ctx, buyers)
	return k, err
}

func (w *walker) readClicks(ctx context.Context, v *published, runs []int64, k *known) error {
	for i := range v.graph.Steps {
		step := &v.graph.Steps[i]
		if step.Kind != Condition || step.Test != TestClicked {
			continue
		}
		clicked, err := w.s.sender.ClickedIn(ctx, v.campaigns[step.MailStep], runs)
		if err != nil {
			return err
		}
		if k.clicks[step.MailStep] == nil {
			k.clicks[step.MailStep] = map[int64]bool{}
		}
		for run := range clicked {
			k.clicks[step.MailStep][run] = true
		}
	}
	return nil
}
