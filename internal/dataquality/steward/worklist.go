// SPDX-License-Identifier: Apache-2.0

package steward

import (
	"context"
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
	"time"

	"dangol/internal/customer"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
)

const (
	// claimFor is how long an issue is kept for who works on it: a telephone call with the customer.
	claimFor = 15 * time.Minute
	// laterFor is how long an issue that was put off is left alone.
	laterFor = 24 * time.Hour
	// countLimit caps counts of long lists.
	countLimit = 100_000
)

// ShownValue is what one source says about the field of an issue.
type ShownValue struct {
	RecordID   int64     `json:"record_id"`
	SourceID   int64     `json:"source_id"`
	Source     string    `json:"source"`
	Department string    `json:"department"`
	Value      string    `json:"value" doc:"masked unless shown in clear"`
	ReceivedAt time.Time `json:"received_at"`
	IsGolden   bool      `json:"is_golden,omitempty"`
	IsDoubtful bool      `json:"is_doubtful,omitempty"`
	IsRefused  bool      `json:"is_refused,omitempty" doc:"it could not be used and cannot be chosen"`
	Message    string    `json:"message,omitempty" doc:"what was noticed about it"`
	Code       string    `json:"code,omitempty"`
}

// ShownIssue is an issue for people.
type ShownIssue struct {
	ID         int64         `json:"id,omitempty"`
	Kind       Kind          `json:"kind"`
	Field      string        `json:"field" doc:"* for the person as a whole"`
	Code       string        `json:"code,omitempty"`
	CustomerID int64         `json:"customer_id"`
	SourceID   int64         `json:"source_id,omitempty"`
	Customer   *customer.Row `json:"customer,omitempty"`
	Values     []ShownValue  `json:"values,omitempty"`
	FoundAt    time.Time     `json:"found_at"`
	Outcome    string        `json:"outcome,omitempty"`
	ClaimedBy  string        `json:"claimed_by,omitempty" doc:"who works on it now"`
	IsMine     bool          `json:"is_mine,omitempty"`
}

// Worklist is one list with how far it is.
type Worklist struct {
	Kind      Kind  `json:"kind"`
	Open      int64 `json:"open"`
	InWork    int64 `json:"in_work" doc:"somebody has them before him now"`
	Mended    int64 `json:"mended" doc:"in the last 30 days"`
	Confirmed int64 `json:"confirmed" doc:"found right as they are, in the last 30 days"`
}

const progressDays = 30

// Worklists returns all lists, also empty ones.
func (s *Service) Worklists(ctx context.Context) ([]Worklist, error) {
	all, err := s.store.progressOf(ctx, s.db.Now(ctx).AddDate(0, 0, -progressDays))
	if err != nil {
		return nil, err
	}
	lists := make([]Worklist, len(Kinds))
	for i, kind := range Kinds {
		lists[i].Kind = kind
		if p := all[kind]; p != nil {
			lists[i] = Worklist{kind, p.open, p.claimed, p.byOutcome[outcomeMended], p.byOutcome[outcomeRight]}
		}
	}
	return lists, nil
}

// Ask chooses issues.
type Ask struct {
	Kind       Kind
	Field      string
	SourceID   int64
	Department string
	Code       string
	IsClosed   bool
	Cursor     string
	Limit      int
}

func (s *Service) narrowed(ctx context.Context, a Ask) (narrow, error) {
	n := narrow{kind: a.Kind, field: a.Field, code: a.Code, isClosed: a.IsClosed, limit: a.Limit}
	if a.SourceID != 0 {
		n.sourceID = []int64{a.SourceID}
	}
	if a.Department != "" {
		departments, err := s.departments(ctx)
		if err != nil {
			return n, err
		}
		n.sourceID = []int64{-1} // a department without sources has no issues
		for id, name := range departments {
			if name == a.Department {
				n.sourceID = append(n.sourceID, id)
			}
		}
		slices.Sort(n.sourceID)
	}
	if a.Cursor != "" {
		raw, err := base64.RawURLEncoding.DecodeString(a.Cursor)
		if err == nil {
			n.after, err = strconv.ParseInt(string(raw), 10, 64)
		}
		if err != nil {
			return n, fault.New(fault.Invalid, "customer.bad_cursor", "The cursor is not one that a page gave; start at the top.")
		}
	}
	return n, nil
}

// List returns issues with their customers and values: the drill-down of scores, and what is to reconcile.
func (s *Service) List(ctx context.Context, a Ask) (list []ShownIssue, next string, total int64, err error) {
	n, err := s.narrowed(ctx, a)
	if err != nil {
		return nil, "", 0, err
	}
	n.limit++
	found, err := s.store.listIssues(ctx, n)
	if err != nil {
		return nil, "", 0, err
	}
	if len(found) > a.Limit {
		found = found[:a.Limit]
		if !a.IsClosed {
			next = base64.RawURLEncoding.EncodeToString(strconv.AppendInt(nil, found[len(found)-1].ID, 10))
		}
	}
	if a.Cursor == "" {
		if total, err = s.store.countIssues(ctx, n, countLimit); err != nil {
			return nil, "", 0, err
		}
	}
	list, err = s.show(ctx, found)
	return list, next, total, err
}

// Next hands out the next open issue of a list and keeps it for the person; nil when none is left. after
// is the issue before, so that one left open does not come again at once.
func (s *Service) Next(ctx context.Context, a Ask, after int64) (*ShownIssue, error) {
	n, err := s.narrowed(ctx, a)
	if err != nil {
		return nil, err
	}
	n.after, n.limit = after, 20
	person := auth.From(ctx).ID
	var taken *stored
	err = s.db.Within(ctx, func(ctx context.Context) error {
		for range 2 {
			free, err := s.store.free(ctx, n, person)
			if err != nil {
				return err
			}
			for i := range free {
				ok, err := s.store.claim(ctx, free[i].ID, person, s.db.Now(ctx).Add(claimFor))
				if err != nil {
					return err
				}
				if ok {
					taken = &free[i]
					return s.store.release(ctx, person, taken.ID)
				}
			}
			if n.after == 0 {
				return s.store.release(ctx, person, 0)
			}
			n.after = 0 // from the top again
		}
		return s.store.release(ctx, person, 0)
	})
	if err != nil || taken == nil {
		return nil, err
	}
	taken.ClaimedBy, taken.ClaimedUntil = person, s.db.Now(ctx).Add(claimFor)
	list, err := s.show(ctx, []stored{*taken})
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[0], nil
}

// Find returns an issue whose customer the person may see.
func (s *Service) Find(ctx context.Context, id int64) (*ShownIssue, error) {
	issue, err := s.store.findIssue(ctx, id)
	if err != nil {
		return nil, err
	}
	list, err := s.show(ctx, []stored{*issue})
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[0], nil
}

// Close ends an issue: mended (it is looked at again), right (correct as it is), or later (tomorrow).
func (s *Service) Close(ctx context.Context, id int64, outcome string) error {
	return s.db.Within(ctx, func(ctx context.Context) error {
		issue, err := s.store.findIssue(ctx, id)
		if err != nil {
			return err
		}
		person := auth.From(ctx).ID
		if issue.State != stateOpen {
			return fault.New(fault.Conflict, "dataquality.closed_already", "Somebody has dealt with this already.")
		}
		if issue.ClaimedBy != 0 && issue.ClaimedBy != person && issue.ClaimedUntil.After(s.db.Now(ctx)) {
			return fault.New(fault.Conflict, "dataquality.claimed", "Somebody else works on this now.")
		}
		issue.Outcome = outcome
		switch outcome {
		case outcomeLater:
			return s.store.closeIssue(ctx, issue, person, s.db.Now(ctx).Add(laterFor))
		case outcomeMended, outcomeRight:
			in, err := s.judge(ctx, issue.CustomerID)
			if err != nil {
				return err
			}
			for _, now := range in.issues {
				if now.Kind != issue.Kind || now.Field != issue.Field {
					continue
				}
				if outcome == outcomeMended {
					return fault.New(fault.Conflict, "dataquality.not_mended", "It is not mended yet: the same was found again. Change the value, or say that it is right as it is.")
				}
				issue.Signature = now.Signature
			}
		default:
			return fault.New(fault.Invalid, "dataquality.bad_outcome", "The outcome is mended, right or later.")
		}
		if err := s.store.closeIssue(ctx, issue, person, time.Time{}); err != nil {
			return err
		}
		return s.note(ctx, "dataquality.issue_closed", issue)
	})
}

// Reopen takes the closing of an issue back; it belongs to who did so for a while.
func (s *Service) Reopen(ctx context.Context, id int64) error {
	return s.db.Within(ctx, func(ctx context.Context) error {
		issue, err := s.store.findIssue(ctx, id)
		if err != nil {
			return err
		}
		issue.Outcome = "reopened"
		if err := s.store.reopenIssues(ctx, []stored{*issue}); err != nil {
			return err
		}
		if _, err := s.store.claim(ctx, id, auth.From(ctx).ID, s.db.Now(ctx).Add(claimFor)); err != nil {
			return err
		}
		return s.note(ctx, "dataquality.issue_opened", issue)
	})
}

// show adds customers and the values of their records.
func (s *Service) show(ctx context.Context, list []stored) ([]ShownIssue, error) {
	ids := make([]int64, 0, len(list))
	people := make([]int64, 0, len(list))
	for _, i := range list {
		ids = append(ids, i.CustomerID)
		if i.ClaimedBy != 0 && i.ClaimedUntil.After(s.db.Now(ctx)) {
			people = append(people, i.ClaimedBy)
		}
	}
	rows, err := s.customers.RowsOf(ctx, "dataquality.worklist", ids)
	if err != nil {
		return nil, err
	}
	byID := map[int64]*customer.Row{}
	for i := range rows {
		byID[rows[i].ID] = &rows[i]
	}
	names := map[int64]string{}
	if len(people) > 0 {
		if names, err = s.outside.NamesOf(ctx, people); err != nil {
			return nil, err
		}
	}
	values, err := s.valuesOf(ctx, list)
	if err != nil {
		return nil, err
	}
	me := auth.From(ctx).ID
	shown := make([]ShownIssue, 0, len(list))
	for n, i := range list {
		row := byID[i.CustomerID]
		if row == nil {
			continue
		}
		one := ShownIssue{
			ID: i.ID, Kind: i.Kind, Field: i.Field, Code: i.Code, CustomerID: i.CustomerID, SourceID: i.SourceID,
			Customer: row, Values: values[n], FoundAt: i.FoundAt, Outcome: i.Outcome,
		}
		if i.ClaimedBy != 0 && i.ClaimedUntil.After(s.db.Now(ctx)) {
			one.IsMine = i.ClaimedBy == me
			if one.ClaimedBy = names[i.ClaimedBy]; one.ClaimedBy == "" {
				one.ClaimedBy = "#" + strconv.FormatInt(i.ClaimedBy, 10)
			}
		}
		shown = append(shown, one)
	}
	return shown, nil
}

// valuesOf reads what the sources say about the fields of issues.
func (s *Service) valuesOf(ctx context.Context, list []stored) ([][]ShownValue, error) {
	ids := make([]int64, len(list))
	for i := range list {
		ids[i] = list[i].CustomerID
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	store := s.customers.Store()
	records, err := store.RecordsOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	golden, err := store.LoadCustomers(ctx, ids)
	if err != nil {
		return nil, err
	}
	byID := map[int64]*customer.Customer{}
	for _, c := range golden {
		byID[c.ID] = c
	}
	sources, err := s.customers.ListSources(ctx)
	if err != nil {
		return nil, err
	}
	labels := map[int64]customer.Source{}
	for _, source := range sources {
		labels[source.ID] = source
	}
	all := make([][]ShownValue, len(list))
	for n, i := range list {
		f, ok := customer.FieldOf(i.Field)
		if !ok || byID[i.CustomerID] == nil {
			continue
		}
		origin := byID[i.CustomerID].Provenance.Of(i.Field).RecordID
		for _, r := range records[i.CustomerID] {
			finding, found := findingsOf(r)[i.Field]
			if r.Values.Text[f] == "" && !found {
				continue
			}
			masked := s.customers.Masked(ctx, r.Values)
			value := ShownValue{
				RecordID: r.ID, SourceID: r.SourceID, Source: labels[r.SourceID].Label, Department: labels[r.SourceID].Department,
				Value: masked.Text[f], ReceivedAt: r.ReceivedAt, IsGolden: r.ID == origin && r.Values.Text[f] != "", IsDoubtful: r.Values.IsDoubtful(f),
				IsRefused: r.Values.Text[f] == "",
			}
			if f == customer.Address && masked.Text[customer.AddressDetail] != "" {
				value.Value = strings.TrimSpace(value.Value + " " + masked.Text[customer.AddressDetail])
			}
			if found && gravity(finding) > 0 {
				value.Message, value.Code = finding.Message, finding.Code
				if value.Value == "" {
					value.Value = finding.Value // redacted already
				}
			}
			all[n] = append(all[n], value)
		}
	}
	return all, nil
}
