// SPDX-License-Identifier: Apache-2.0

package household

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/zeebo/xxh3"

	"dangol/internal/dataquality"
	"dangol/internal/platform/database"
)

const humanColumns = "id, full_name, name_key, mobile, phone, company, birth_on, sex, postal_code, address, address_detail"

// people reads everybody who has an address that can be read: one row in memory is about 150 bytes.
func (s *store) people(ctx context.Context, on dataquality.Date, progress func(done int64)) ([]Human, int64, error) {
	rows, err := s.db.Query(ctx, "SELECT "+humanColumns+" FROM customers WHERE hidden = 0 AND kind IN ('person', 'employee') ORDER BY id")
	if err != nil {
		return nil, 0, fmt.Errorf("read customers: %w", database.Fault(err))
	}
	defer func() { _ = rows.Close() }()
	var people []Human
	read := int64(0)
	families := map[string]string{} // one copy of each family name
	for rows.Next() {
		h, err := scanHuman(rows, on)
		if err != nil {
			return nil, 0, err
		}
		if read++; read%10_000 == 0 {
			progress(read)
		}
		if !h.Place.IsKnown() {
			continue
		}
		if kept, ok := families[h.Family]; ok {
			h.Family = kept
		} else {
			families[h.Family] = h.Family
		}
		people = append(people, h)
	}
	return people, read, database.Fault(rows.Err())
}

func scanHuman(rows *sql.Rows, on dataquality.Date) (Human, error) {
	h := Human{Birth: unknownBirth}
	var text [10]sql.NullString
	if err := rows.Scan(&h.ID, &text[0], &text[1], &text[2], &text[3], &text[4], &text[5], &text[6], &text[7], &text[8], &text[9]); err != nil {
		return h, fmt.Errorf("read a customer: %w", err)
	}
	h.Name = strings.ReplaceAll(text[1].String, " ", "")
	h.Family = familyOf(text[0].String)
	if isPlaceholder(text[0].String) { // 고객, 비회원: nobody's name
		h.Name, h.Family = "", ""
	}
	h.Mobile, h.Phone, h.Firm = hashText(text[2].String), hashText(text[3].String), hashText(dataquality.CompanyKey(text[4].String))
	if born, err := time.Parse(time.DateOnly, text[5].String); err == nil {
		h.Birth = int(born.Unix() / int64(24*time.Hour/time.Second))
	}
	if text[6].String != "" {
		h.Sex = text[6].String[0]
	}
	if text[8].String != "" {
		h.Place = PlaceOf(text[8].String, text[9].String, text[7].String, on)
	}
	return h, nil
}

func isPlaceholder(name string) bool {
	_, findings := dataquality.Name(name)
	return slices.ContainsFunc(findings, func(f dataquality.Finding) bool { return f.Code == "name.placeholder" })
}

// familyOf is the family name of a Hangul name; names in Latin letters have too many spellings to tell
// from families of another name (F-NAME-6).
func familyOf(name string) string {
	first, size := utf8.DecodeRuneInString(name)
	if !dataquality.IsSyllable(first) {
		return ""
	}
	read, _ := dataquality.Name(name)
	if read.Family != "" {
		return strings.Clone(read.Family)
	}
	return strings.Clone(name[:size])
}

func hashText(text string) uint64 {
	if text == "" {
		return 0
	}
	return xxh3.HashString(text) | 1
}

// told reads what people have said, by the ids that have the records now.
func (s *store) told(ctx context.Context) (Told, error) {
	t := Told{Stated: map[Pair]bool{}, Parted: map[Pair]bool{}}
	for _, part := range []struct {
		into  map[Pair]bool
		query string
	}{
		{t.Stated, "SELECT customer_id, other_id FROM relations WHERE state = 'stated' AND until_on IS NULL AND kind IN ('spouse', 'parent', 'child', 'sibling', 'household')"},
		{t.Parted, "SELECT low_id, high_id FROM household_partings"},
	} {
		pairs, err := database.List(ctx, s.db, func(rows *sql.Rows) (Pair, error) {
			var p Pair
			err := rows.Scan(&p.Low, &p.High)
			return p, err
		}, part.query)
		if err != nil {
			return t, fmt.Errorf("read what people said about households: %w", err)
		}
		ids := make([]int64, 0, 2*len(pairs))
		for _, p := range pairs {
			ids = append(ids, p.Low, p.High)
		}
		now, err := s.current(ctx, ids)
		if err != nil {
			return t, err
		}
		for _, p := range pairs {
			part.into[PairOf(now[p.Low], now[p.High])] = true
		}
	}
	return t, nil
}

// all returns every household with its members by the ids that have the records now, without evidence.
func (s *store) all(ctx context.Context) ([]*Household, error) {
	list, err := database.List(ctx, s.db, scanHousehold, "SELECT "+householdColumns+" FROM households ORDER BY id")
	if err != nil {
		return nil, fmt.Errorf("read households: %w", err)
	}
	if err := s.addMembers(ctx, list, false); err != nil {
		return nil, err
	}
	var ids []int64
	for _, h := range list {
		ids = append(ids, h.ids()...)
	}
	now, err := s.current(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, h := range list {
		for i := range h.Members {
			h.Members[i].CustomerID = now[h.Members[i].CustomerID]
		}
	}
	return list, nil
}

// setAdditions replaces the people that the search would add to a confirmed household.
func (s *store) setAdditions(ctx context.Context, household int64, members []Member) error {
	if _, err := s.db.Exec(ctx, "DELETE FROM household_members WHERE household_id = ? AND state = 'suggested'", household); err != nil {
		return fmt.Errorf("drop suggested members: %w", err)
	}
	var values []any
	for _, m := range members {
		values = append(values, household, m.CustomerID, Suggested, int64(m.Confidence), evidenceText(m.Evidence))
	}
	return s.insertMembers(ctx, values)
}

// Summary is what a search over the whole base came to.
type Summary struct {
	Customers   int64   `json:"customers" doc:"looked at"`
	Placed      int     `json:"placed" doc:"of them with an address down to a building"`
	Pairs       int     `json:"pairs" doc:"pairs of people weighed"`
	Households  int     `json:"households" doc:"found"`
	People      int     `json:"people" doc:"in them"`
	Created     int     `json:"created"`
	Changed     int     `json:"changed"`
	Dropped     int     `json:"dropped" doc:"suggestions that no longer hold"`
	Additions   int     `json:"additions" doc:"people who may belong to a confirmed household"`
	CrowdCount  int     `json:"crowd_count" doc:"places with too many people for a home"`
	CrowdPeople int     `json:"crowd_people" doc:"people there"`
	Crowded     []Crowd `json:"-"`
	FamilyU     float64 `json:"family_u" doc:"chance that two people of this base share a family name"`
}

// Run is one search.
type Run struct {
	ID         int64     `json:"id"`
	StartedAt  time.Time `json:"started_at"`
	FinishedAt time.Time `json:"finished_at"`
	Summary    Summary   `json:"summary"`
	Crowded    []Crowd   `json:"-"`
}

// runText is how a run is stored: what the API shows and the crowded places, which need a row scope.
type runText struct {
	Summary
	Crowded []Crowd `json:"crowded,omitempty"`
}

func (s *store) saveRun(ctx context.Context, startedAt time.Time, personID int64, summary Summary) error {
	id, err := s.db.NextID(ctx, "household_runs")
	if err != nil {
		return err
	}
	raw, err := json.Marshal(runText{summary, summary.Crowded})
	if err != nil {
		return fmt.Errorf("write the summary: %w", err)
	}
	_, err = s.db.Exec(ctx, "INSERT INTO household_runs (id, started_at, finished_at, person_id, summary) VALUES (?, ?, ?, ?, ?)",
		id, startedAt.UnixMicro(), database.Time(ctx).UnixMicro(), personID, string(raw))
	return err
}

// lastRun returns the latest search, nil when there was none.
func (s *store) lastRun(ctx context.Context) (*Run, error) {
	list, err := database.List(ctx, s.db, func(rows *sql.Rows) (*Run, error) {
		var r Run
		var started, finished int64
		var text string
		if err := rows.Scan(&r.ID, &started, &finished, &text); err != nil {
			return nil, err
		}
		r.StartedAt, r.FinishedAt = time.UnixMicro(started).UTC(), time.UnixMicro(finished).UTC()
		var t runText
		err := json.Unmarshal([]byte(text), &t)
		r.Summary, r.Crowded = t.Summary, t.Crowded
		return &r, err
	}, "SELECT id, started_at, finished_at, summary FROM household_runs ORDER BY id DESC LIMIT 1")
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return list[0], nil
}

func (s *store) lastCustomer(ctx context.Context) (int64, error) {
	var last int64
	err := s.db.Scan(ctx, []any{&last}, "SELECT COALESCE(MAX(id), 0) FROM customers")
	return last, err
}

// decideSome confirms up to limit suggestions from a confidence on, or takes that back for a batch, and
// returns which.
func (s *store) decideSome(ctx context.Context, from int, batch, personID int64, isUndo bool, limit int) ([]int64, error) {
	at := database.Time(ctx).UnixMicro()
	if isUndo {
		return database.List(ctx, s.db, scanID, "UPDATE households SET state = 'suggested', decided_at = NULL, decided_by = NULL, decided_batch = NULL, "+
			"updated_at = ?, version = version + 1 WHERE id IN (SELECT id FROM households WHERE decided_batch = ? AND state = 'confirmed' LIMIT ?) RETURNING id",
			at, batch, limit)
	}
	return database.List(ctx, s.db, scanID, "UPDATE households SET state = 'confirmed', decided_at = ?, decided_by = ?, decided_batch = ?, "+
		"updated_at = ?, version = version + 1 WHERE id IN (SELECT id FROM households WHERE state = 'suggested' AND confidence >= ? ORDER BY id LIMIT ?) RETURNING id",
		at, personID, batch, at, from, limit)
}

// humansOf reads some customers.
func (s *store) humansOf(ctx context.Context, ids []int64, on dataquality.Date) ([]Human, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return database.List(ctx, s.db, func(rows *sql.Rows) (Human, error) { return scanHuman(rows, on) },
		"SELECT "+humanColumns+" FROM customers WHERE id IN ("+database.Marks(len(ids))+") ORDER BY id", anys(ids)...)
}
