// SPDX-License-Identifier: Apache-2.0

package segment

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"dangol/internal/cube"
	"dangol/internal/customer"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
	"dangol/internal/platform/warehouse"
)

var _ customer.Finder = (*Service)(nil)

const (
	// longestPage bounds one page of a list.
	longestPage = 5_000
	// pendingEntries is how far back changes that the warehouse has not taken
	// in are looked for; a running import shows with the next feed.
	pendingEntries = 200
	// memberSlice is how many members are handed on at once.
	memberSlice = 10_000
)

// FindIDs answers any filter and sort of the customer list.
func (s *Service) FindIDs(ctx context.Context, q customer.Question) (customer.Answer, error) {
	position := s.reader.Position()
	answer := customer.Answer{Seq: position.Seq, AsOf: position.At}
	p, err := s.Compile(ctx, q.Rules)
	if err != nil {
		return answer, err
	}
	g := page{desc: q.Desc, offset: max(q.Offset, 0), limit: min(max(q.Limit, 1), longestPage)}
	if g.sort, g.kind, err = s.sortColumn(ctx, p, q.Sort); err != nil {
		return answer, err
	}
	if q.After != nil {
		g.isNext, g.after, g.afterID = true, s.anchorValue(g.kind, q.After.Value), q.After.ID
	}
	if answer.IDs, answer.Values, err = s.pageIDs(ctx, p, g); err != nil {
		return answer, fmt.Errorf("find customers: %w", err)
	}
	if q.CountTo > 0 {
		n, err := s.countUpTo(ctx, p, q.CountTo)
		if err != nil {
			return answer, fmt.Errorf("count customers: %w", err)
		}
		answer.Total, answer.Capped = min(n, q.CountTo), n > q.CountTo
	}
	answer.Pending, err = s.pending(ctx, position)
	return answer, err
}

// sortColumn finds the column to sort by, and its type.
func (s *Service) sortColumn(ctx context.Context, p *Program, name string) (expression, kind string, err error) {
	if name == "" || name == "id" {
		return "", "", nil
	}
	a, err := s.Catalogue(ctx).attribute(name)
	// The order by name is free: masked names show how they begin.
	if err != nil || a.dim.IsPersonal && name != "full_name" && !auth.CanSeeClear(ctx) {
		return "", "", fault.New(fault.Invalid, "rule.bad_sort", "The list cannot be sorted by {field}.", "field", name)
	}
	kind, ok := s.reader.Column(a.cube.Table, a.dim.Column)
	if !ok {
		return "", "", fault.New(fault.Unavailable, "rule.not_yet", "The list cannot be sorted by {field} yet; try again in a moment.", "field", name)
	}
	if !a.cube.Profile {
		return customerAlias + "." + quote(a.dim.Column), kind, nil
	}
	// A subselect of one row keeps the rendering of the program as it is.
	return "(SELECT s." + quote(a.dim.Column) + " FROM " + quote(a.cube.Table) + " s WHERE s." + quote(a.cube.Customer) + " = " + p.id() + ")", kind, nil
}

// anchorValue turns the value of a row of the system of record into what the
// warehouse holds: times are local there, and dates are real ones.
func (s *Service) anchorValue(kind string, v any) any {
	switch x := v.(type) {
	case int64:
		if kind == warehouse.Timestamp {
			return time.UnixMicro(x).In(s.zone).Format("2006-01-02 15:04:05.000000")
		}
	case string:
		if _, err := time.Parse("2006-01-02", x); kind == warehouse.Date && err != nil && len(x) == len("2006-01-02") {
			return x[:8] + "28" // the 30th of a lunar February, as customers' facts write it
		}
	}
	return v
}

// pending lists customers changed after the position of the warehouse.
func (s *Service) pending(ctx context.Context, position warehouse.Position) ([]int64, error) {
	if s.journal == nil {
		return nil, nil
	}
	entries, err := s.journal.List(ctx, journal.Filter{Limit: 1})
	if err != nil || len(entries) == 0 || entries[0].Seq != 0 && entries[0].Seq <= position.Seq {
		return nil, err
	}
	if entries, err = s.journal.List(ctx, journal.Filter{Limit: pendingEntries}); err != nil {
		return nil, err
	}
	var ids []int64
	for _, e := range entries {
		if e.Seq != 0 && e.Seq <= position.Seq {
			break
		}
		if e.SubjectKind == "customer" {
			ids = append(ids, e.SubjectIDs...)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids), nil
}

// MatchIDs returns those of the ids that answer the rules now, judged by the
// system of record. It does not look at row scope: the caller knows the rows.
func (s *Service) MatchIDs(ctx context.Context, rules json.RawMessage, ids []int64) ([]int64, error) {
	p, err := s.Compile(ctx, rules)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	sorted := slices.Compact(slices.Sorted(slices.Values(ids)))
	t, err := s.slices(ctx, p, sorted)
	if err != nil {
		return nil, fmt.Errorf("judge customers: %w", err)
	}
	var out []int64
	for _, id := range ids {
		if slice, ok := t.Slice(p, id); ok && p.Matches(slice) {
			out = append(out, id)
		}
	}
	return out, nil
}

// slices reads what a program needs to know of some customers from the system
// of record; scores exist in the warehouse only.
func (s *Service) slices(ctx context.Context, p *Program, ids []int64) (*Tables, error) {
	t := NewTables(s.zone)
	for _, r := range p.Reads {
		table := s.table(r.Table)
		if table == nil {
			if err := s.readProfile(ctx, t, r, ids); err != nil {
				return nil, err
			}
			continue
		}
		if err := t.load(ctx, *table, ids); err != nil {
			return nil, err
		}
		for _, c := range r.Columns {
			if c.Via == "" || t.tables[c.Table] != nil {
				continue
			}
			joined := s.table(c.Table)
			if joined == nil {
				continue
			}
			keys := t.keys(r.Table, c.Via)
			slices.Sort(keys)
			if err := t.load(ctx, *joined, keys); err != nil {
				return nil, err
			}
		}
	}
	return t, nil
}

func (s *Service) table(name string) *warehouse.Table {
	for i := range s.tables {
		if s.tables[i].Name == name {
			return &s.tables[i]
		}
	}
	return nil
}

// Members lists members of a saved segment by id, above one; only those that
// whoever acts in ctx may see.
func (s *Service) Members(ctx context.Context, id, after int64, limit int) ([]int64, error) {
	saved, err := s.Find(ctx, id)
	if err != nil {
		return nil, err
	}
	p, err := s.compileSaved(ctx, saved.Rules)
	if err != nil {
		return nil, cube.At(err, "segment")
	}
	return s.membersAfter(ctx, p, after, min(max(limit, 1), longestPage))
}

// EachMember hands the members of a saved segment to fn, in slices by id: the
// recipients of a campaign. Whoever acts in ctx decides which rows count. It
// answers as of which journal entry they are.
func (s *Service) EachMember(ctx context.Context, id int64, fn func(ids []int64) error) (AsOf, error) {
	saved, err := s.store.Find(ctx, id)
	if err != nil {
		return AsOf{}, err
	}
	return s.EachMatch(ctx, saved.Rules, fn)
}

// EachMatch is EachMember for rules that were saved elsewhere.
func (s *Service) EachMatch(ctx context.Context, rules []byte, fn func(ids []int64) error) (AsOf, error) {
	p, err := s.compileSaved(ctx, rules)
	if err != nil {
		return AsOf{}, err
	}
	position := s.reader.Position()
	as := AsOf{position.Seq, position.At}
	// One answer, so that all members are of one moment; 8 bytes each.
	all, err := s.membersAfter(ctx, p, 0, 0)
	if err != nil {
		return as, fmt.Errorf("list members: %w", err)
	}
	for part := range slices.Chunk(all, memberSlice) {
		if err := fn(part); err != nil {
			return as, err
		}
	}
	return as, nil
}
