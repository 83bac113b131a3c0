// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"context"
	"slices"
	"time"
)

// Contender is a value that one record offers for a field, and how it fared.
type Contender struct {
	RecordID   int64     `json:"record_id"`
	Source     string    `json:"source"`
	Department string    `json:"department,omitempty"`
	Value      string    `json:"value" doc:"masked unless shown in clear"`
	ReceivedAt time.Time `json:"received_at"`
	Trust      int       `json:"trust"`
	Length     int       `json:"length"`
	IsDoubtful bool      `json:"is_doubtful,omitempty"`
	IsPinned   bool      `json:"is_pinned,omitempty"`
	IsWinner   bool      `json:"is_winner,omitempty"`
	LostBy     string    `json:"lost_by,omitempty" doc:"the criterion by which another value won; agreed: says the same"`
}

// Explanation says why a field has its value.
type Explanation struct {
	Field      string      `json:"field"`
	Criteria   []string    `json:"criteria" doc:"in the order of use"`
	IsOwnRule  bool        `json:"is_own_rule" doc:"the field has an order of its own"`
	Reason     string      `json:"reason"`
	Contenders []Contender `json:"contenders" doc:"the winner first"`
}

// Explain tells for a field which values there are, which one won by which criterion, and what the rules
// would choose by themselves.
func (s *Service) Explain(ctx context.Context, id int64, field string) (*Explanation, error) {
	c, err := s.Find(ctx, id)
	if err != nil {
		return nil, err
	}
	if !s.isField(ctx, field) {
		return nil, errUnknownField(field)
	}
	records, err := s.store.RecordsOf(ctx, []int64{c.ID})
	if err != nil {
		return nil, err
	}
	rules := s.rules.current(ctx)
	head := field
	if f, ok := fieldByName[field]; ok {
		if h, grouped := groupHeads[fields[f].group]; grouped {
			head = fields[h].Name // the parts of an address go with their address
		}
	}
	criteria := rules.survivorship.of(head)
	origin := c.Provenance.Of(field)
	e := &Explanation{Field: field, Reason: origin.Reason.String()}
	_, e.IsOwnRule = rules.survivorship.criteria[head]
	for _, criterion := range criteria {
		e.Criteria = append(e.Criteria, criterion.String())
	}
	var left []*Record
	kinds := s.HiddenOf(ctx, c.ID)
	for _, r := range records[c.ID] {
		value, has := r.Values.typed(field)
		if !has {
			continue
		}
		one := Contender{RecordID: r.ID, ReceivedAt: r.ReceivedAt, Value: s.shownText(ctx, &r.Values, field, kinds), IsPinned: c.Pins[field] == r.ID, IsWinner: r.ID == origin.RecordID}
		if f, ok := fieldByName[field]; ok {
			one.IsDoubtful, one.Length = r.Values.IsDoubtful(f), len([]rune(r.Values.Text[f]))
		}
		if source := rules.sources[r.SourceID]; source != nil {
			one.Source, one.Department, one.Trust = source.Label, source.Department, source.Trust
		}
		e.Contenders = append(e.Contenders, one)
		if value != nil {
			left = append(left, r)
		}
	}
	rules.survivorship.eliminate(e, left, criteria, c.Values.current(field))
	slices.SortStableFunc(e.Contenders, func(a, b Contender) int {
		if a.IsWinner != b.IsWinner {
			if a.IsWinner {
				return -1
			}
			return 1
		}
		return b.ReceivedAt.Compare(a.ReceivedAt)
	})
	return e, nil
}

func (s *Service) shownText(ctx context.Context, v *Values, field string, kinds []string) string {
	masked := limited(s.Masked(ctx, *v), kinds)
	switch value := masked.current(field).(type) {
	case nil:
		return ""
	case string:
		return value
	default:
		return string(appendValue(nil, value))
	}
}

// eliminate notes by which criterion each loser fell out, as choose goes through them.
func (s *Survivorship) eliminate(e *Explanation, left []*Record, criteria []Criterion, golden any) {
	lost := map[int64]string{}
	f, isStandard := fieldByName[e.Field]
	c := candidate{
		doubt: func(r *Record) bool { return isStandard && r.Values.IsDoubtful(f) },
		size: func(r *Record) int {
			if isStandard {
				return len(r.Values.Text[f])
			}
			return 0
		},
	}
	pinned := slices.ContainsFunc(e.Contenders, func(one Contender) bool { return one.IsPinned })
	for _, criterion := range criteria {
		if len(left) < 2 {
			break
		}
		kept := s.best(slices.Clone(left), criterion, c)
		for _, r := range left {
			if !slices.Contains(kept, r) {
				lost[r.ID] = criterion.String()
			}
		}
		left = kept
	}
	for i := range e.Contenders {
		one := &e.Contenders[i]
		switch {
		case one.IsWinner:
		case pinned:
			one.LostBy = Pin.String()
		case lost[one.RecordID] != "":
			one.LostBy = lost[one.RecordID]
		default:
			one.LostBy = Last.String()
		}
	}
}
