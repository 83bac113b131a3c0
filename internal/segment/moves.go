// SPDX-License-Identifier: Apache-2.0

package segment

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
)

// Kinds of journal entries that journeys and campaigns may wait for: the whole
// interface of entering and leaving. An entry has the capability "segment", the
// subject kind "customer" and Moved as JSON in After. Up to 100 customers of one
// evaluation are its SubjectIDs; more make a bulk entry with one change of the
// same kind for each (read by its chunks, as the warehouse does). Entries of
// one customer and segment alternate: entered, left, entered. Those found by the
// first evaluation of a segment did not enter, they were there: nothing tells of
// them. Whoever wants only what customers did skips the Cause "rules".
const (
	KindEntered = "segment.entered"
	KindLeft    = "segment.left"
)

const (
	// namedMoves is up to how many customers one plain entry names; more make a
	// bulk entry with one row each.
	namedMoves = 100
	// movesAtOnce bounds one slice of a bulk entry.
	movesAtOnce = 20_000
	// shownMoves is how many comings and goings of one evaluation the page shows.
	shownMoves = 200
	// keptMoves and keptSizes bound what is kept for the page; the journal has all.
	keptMoves = 1_000
	keptSizes = 2_000
	// lookEvery is how often changed customers are looked for.
	lookEvery = time.Second
	// failedPause is how long a segment that failed without a known reason waits.
	failedPause = time.Minute
)

// Moved is what the journal says of customers who entered or left a segment.
type Moved struct {
	SegmentID int64  `json:"segment_id"`
	Segment   string `json:"segment"`
	// Cause is why: "rules" were changed, a "day" has passed, or "data" has changed.
	Cause     string `json:"cause"`
	Customers int    `json:"customers"`
}

// tellMoves writes who came and went into the journal.
func (s *Service) tellMoves(ctx context.Context, e *evaluation, entered, left []int64) error {
	at, cause := database.Time(ctx), e.cause()
	for _, side := range []struct {
		kind string
		ids  []int64
	}{{KindEntered, entered}, {KindLeft, left}} {
		if len(side.ids) == 0 {
			continue
		}
		if err := s.store.AddMoves(ctx, e.segment.ID, at, side.ids[:min(len(side.ids), shownMoves)], side.kind == KindEntered, cause); err != nil {
			return err
		}
		if err := s.tellSide(ctx, e, side.kind, side.ids, cause); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) tellSide(ctx context.Context, e *evaluation, kind string, ids []int64, cause string) error {
	if s.journal == nil {
		return nil
	}
	after, err := json.Marshal(Moved{SegmentID: e.segment.ID, Segment: e.segment.Name, Cause: cause, Customers: len(ids)})
	if err != nil {
		return fmt.Errorf("tell who moved: %w", err)
	}
	entry := journal.Entry{Capability: "segment", Kind: kind, SubjectKind: "customer", After: after}
	if len(ids) <= namedMoves {
		entry.SubjectIDs = ids
		return s.journal.Append(ctx, entry)
	}
	var id int64
	for from := 0; from < len(ids); from += movesAtOnce {
		part := ids[from:min(from+movesAtOnce, len(ids))]
		changes := make([]journal.Change, len(part))
		for i, customer := range part {
			changes[i] = journal.Change{CustomerID: customer, Kind: kind}
		}
		if from == 0 {
			id, err = s.journal.AppendBulk(ctx, entry, changes)
		} else {
			err = s.journal.AppendChunks(ctx, id, changes)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Run keeps the members of all segments up to date until ctx ends. One that
// fails does not stop the others, and says so in the list.
func (s *Service) Run(ctx context.Context) error {
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	pause := map[int64]time.Time{}
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
		if !s.reader.Ready() {
			continue
		}
		list, err := s.store.List(ctx)
		if err != nil {
			continue // the database is away; the next look tries again
		}
		for _, one := range list {
			if ctx.Err() != nil {
				return nil
			}
			if time.Now().Before(pause[one.ID]) {
				continue
			}
			if _, err := s.Evaluate(ctx, one.ID); err != nil && ctx.Err() == nil && !fault.Is(err, fault.Unavailable) && !fault.Is(err, fault.NotFound) {
				slog.Error("segment: members were not found out", "segment_id", one.ID, "error", err)
				pause[one.ID] = time.Now().Add(failedPause)
			}
		}
	}
}

// History is how large a segment was, and who came and went lately.
type History struct {
	Sizes []Size `json:"sizes"`
	Moves []Move `json:"moves"`
}

// History answers for a saved segment. Whoever may not see all customers gets
// no names of others: moves are narrowed to those in scope.
func (s *Service) History(ctx context.Context, id int64) (History, error) {
	if _, err := s.Find(ctx, id); err != nil {
		return History{}, err
	}
	out := History{}
	var err error
	if out.Sizes, err = s.store.Sizes(ctx, id); err != nil {
		return out, err
	}
	if out.Moves, err = s.store.Moves(ctx, id); err != nil {
		return out, err
	}
	if auth.ScopeOf(ctx).All {
		return out, nil
	}
	return s.narrow(ctx, out)
}

func (s *Service) narrow(ctx context.Context, h History) (History, error) {
	// Sizes count everybody, which a scope may hide: they are left out.
	h.Sizes = []Size{}
	ids := make([]int64, len(h.Moves))
	for i, m := range h.Moves {
		ids[i] = m.CustomerID
	}
	seen := map[int64]bool{}
	if s.faces != nil && len(ids) > 0 {
		faces, err := s.faces.Faces(ctx, ids)
		if err != nil {
			return History{}, err
		}
		for _, f := range faces {
			seen[f.ID] = true
		}
	}
	moves := []Move{}
	for _, m := range h.Moves {
		if seen[m.CustomerID] {
			moves = append(moves, m)
		}
	}
	h.Moves = moves
	return h, nil
}
